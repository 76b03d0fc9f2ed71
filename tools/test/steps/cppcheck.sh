# shellcheck shell=bash
title="cppcheck"
packages=(cppcheck)

run() {
    local list files
    list=$(find export_*.c export_*.h ctest examples bench -name '*.c' -o -name '*.h')
    mapfile -t files <<<"$list"
    cppcheck -j "$(nproc)" --quiet --std=c99 --enable=warning,portability --inline-suppr --error-exitcode=1 \
        --suppress=missingIncludeSystem -Iinclude -I. -Ictest/harness "${files[@]}"
    say "${#files[@]} files"
}
