# shellcheck shell=bash
# The DLLs themselves, and the program wdsock, under Wine.
title="Windows DLLs and wdsock under Wine, 64 and 32 bits"
packages=("${wine_packages[@]}")
needs=(native windows)
limit=2700

run() {
    test_wine
}
