# shellcheck shell=bash
title="Install"
packages=(build-essential pkg-config cmake)

run() {
    local target
    target=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$target'" EXIT
    verb_install --prefix "$target/usr" >/dev/null
    local flags
    flags=$(PKG_CONFIG_PATH=$target/usr/lib/pkgconfig pkg-config --cflags --libs wdsocket)
    # shellcheck disable=SC2086
    $CC -Wall -Werror -Wpedantic -o "$target/program" ctest/abi/install.c $flags
    LD_LIBRARY_PATH=$target/usr/lib "$target/program"

    flags=$(PKG_CONFIG_PATH=$target/usr/lib/pkgconfig pkg-config --cflags --libs --static wdsocket)
    # shellcheck disable=SC2086
    $CC -Wall -Werror -o "$target/program" ctest/abi/install.c ${flags/-lwdsocket/-l:libwdsocket.a}
    "$target/program"
    cmake -S tools/test/cmake -B "$target/made" -DCMAKE_C_COMPILER="${CC%% *}" -DSOURCE="$root/ctest/abi/install.c" -DCMAKE_PREFIX_PATH="$target/usr" >/dev/null
    cmake --build "$target/made" >/dev/null
    "$target/made/shared"
    "$target/made/static"

    (DESTDIR=$target/stage verb_install --prefix=/usr >/dev/null)
    test -f "$target/stage/usr/include/wdsocket.h"
    grep -q '^prefix=/usr$' "$target/stage/usr/lib/pkgconfig/wdsocket.pc"
    say "DESTDIR is honoured"
}
