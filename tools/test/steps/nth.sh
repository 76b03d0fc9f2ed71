# shellcheck shell=bash
title="The n-th network call fails"
packages=(build-essential strace openssl)
needs=(native)

run() {
    LIBDIR=$root/$native CC=$CC ctest/syscalls/nth.sh
}
