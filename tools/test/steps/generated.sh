# shellcheck shell=bash
title="Generated files are up to date"
packages=(clang-format)

run() {
    abigen -check
}
