# shellcheck shell=bash
title="C tests with the race detector"
packages=(build-essential openssl)
limit=2400

run() {
    build_static build/race -race -pgo off
    LIBDIR=$root/build/race CC=$CC CXX=$CXX MODE=race BUILD=$root/build/ctest-race ctest/run.sh \
        stream exchange simple_server standard_server udp many callback descriptor selftest events events_tls statistics coalesce wakeup wakeup_tls random_abi_tls capture
}
