# shellcheck shell=bash
title="A line that is cut"
packages=(build-essential iproute2 socat)
needs=(native)

run() {
    LIBDIR=$root/$native CC=$CC ctest/peers/cut.sh
}
