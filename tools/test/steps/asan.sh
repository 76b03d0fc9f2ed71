# shellcheck shell=bash
title="C tests with AddressSanitizer"
packages=(build-essential openssl)
limit=2400

run() {
    build_shared build/asan -asan
    LIBDIR=$root/build/asan CC=$CC CXX=$CXX MODE=asan BUILD=$root/build/ctest-asan ctest/run.sh
}
