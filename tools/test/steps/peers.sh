# shellcheck shell=bash
title="Real peers"
packages=(build-essential python3 inn2 redis-server socat ncat openssl libmodbus-dev tshark)
needs=(native)

run() {
    LIBDIR=$root/$native CC=$CC ctest/peers/run.sh
}
