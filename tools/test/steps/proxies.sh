# shellcheck shell=bash
title="Real proxies"
packages=(build-essential openssl squid tinyproxy microsocks dante-server)
needs=(native)

run() {
    LIBDIR=$root/$native CC=$CC ctest/peers/proxies.sh
}
