# shellcheck shell=bash
title="Real senders of the PROXY protocol"
packages=(build-essential openssl python3 haproxy nginx libnginx-mod-stream)
needs=(native)

run() {
    LIBDIR=$root/$native CC=$CC ctest/peers/balancers.sh
}
