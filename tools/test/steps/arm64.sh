# shellcheck shell=bash
# The library for Linux on ARM: its exports and its version of glibc, and C tests that QEMU
# emulates. Left out is what QEMU's emulation of system calls does not have: the options of
# sockets for groups of the other version of IP (udp).
title="Linux on ARM, emulated"
packages=(build-essential gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static openssl)
limit=900

run() {
    build_arm64
    CTEST_DIVIDE=10 CTEST_CLIENTS=50 CTEST_MESSAGES=50 RUN="qemu-aarch64-static -L /usr/aarch64-linux-gnu" \
        LIBDIR=$root/dist/linux-arm64 CC=aarch64-linux-gnu-gcc BUILD=$root/build/ctest-arm64 ctest/run.sh \
        load life connect modes exchange floats guess selftest stream simple_server standard_server events callback groups tls websocket
}
