# shellcheck shell=bash
title="Examples"
packages=(build-essential)
needs=(native)

run() {
    mkdir -p build/examples
    local source count=0
    for source in examples/*.c; do
        compile_against "$native" "build/examples/$(basename "$source" .c)" "$source"
        count=$((count + 1))
    done
    say "$count examples compile"
    timeout 400 build/examples/demo
}
