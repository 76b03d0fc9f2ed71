# shellcheck shell=bash
title="C tests"
packages=(build-essential openssl)
needs=(native)

run() {
    LIBDIR=$root/$native CC=$CC CXX=$CXX MODE=plain BUILD=$root/build/ctest ctest/run.sh
}
