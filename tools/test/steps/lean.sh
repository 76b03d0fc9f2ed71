# shellcheck shell=bash
# Few descriptors, one processor, a collector that runs all the time.
title="C tests with few resources"
packages=(build-essential openssl)
needs=(native)

run() {
    ulimit -n 512
    GOMAXPROCS=1 GOGC=10 LIBDIR=$root/$native CC=$CC CXX=$CXX BUILD=$root/build/ctest-lean ctest/run.sh \
        connect stream exchange simple_server standard_server udp
}
