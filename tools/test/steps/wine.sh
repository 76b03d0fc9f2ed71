# shellcheck shell=bash
# The DLLs themselves, under Wine.
title="Windows DLLs under Wine, 64 and 32 bits"
packages=("${wine_packages[@]}")
needs=(native windows)
limit=2700

run() {
    test_wine
}
