# shellcheck shell=bash
title="cppcheck"
packages=(cppcheck)

run() {
    local list files
    list=$(find export_float.h export_forked.c export_start.c export_start.h export_shim.c export_shim.h export_tray.c export_tray.h ctest examples bench -name '*.c' -o -name '*.h')
    mapfile -t files <<<"$list"
    cppcheck --quiet --std=c99 --enable=warning,portability --inline-suppr --error-exitcode=1 \
        --suppress=missingIncludeSystem -Iinclude -I. -Ictest "${files[@]}"
    say "${#files[@]} files"
}
