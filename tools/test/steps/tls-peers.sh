# shellcheck shell=bash
title="Real peers with TLS"
packages=(build-essential python3 openssl libssl-dev socat postfix testssl.sh bind9-dnsutils bsdextrautils)
needs=(native)

run() {
    LIBDIR=$root/$native CC=$CC ctest/peers/tls.sh
}
