# shellcheck shell=bash
title="Build for Windows"
packages=(build-essential gcc-mingw-w64-i686 gcc-mingw-w64-x86-64)

run() {
    build_for_tests windows
}
