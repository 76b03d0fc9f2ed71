# shellcheck shell=bash
title="Real peers"
packages=(build-essential python3 inn2 redis-server socat ncat openssl libmodbus-dev mbpoll tshark)
needs=(native)

run() {
    local log=build/test/peers.log
    LIBDIR=$root/$native CC=$CC ctest/peers/run.sh | tee "$log"
    LIBDIR=$root/$native CC=$CC ctest/peers/devices.sh | tee -a "$log"
    all_counts "$log"
}
