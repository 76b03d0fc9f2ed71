# shellcheck shell=bash
# Programs that look at the binary interface from outside.
title="Binary interface from outside"
packages=(build-essential gcc-mingw-w64-i686 gcc-mingw-w64-x86-64)
needs=(native windows)

run() {
    mkdir -p build/abi
    local flags="-std=c99 -Wall -Wextra -Werror -pedantic" program
    for program in register fork; do
        # shellcheck disable=SC2086 # a list of options
        $CC $flags -Iinclude -o "build/abi/$program" "ctest/abi/$program.c" \
            -L"$native" -lwdsocket -lpthread -Wl,-rpath,"$root/$native"
        timeout 400 "build/abi/$program"
    done
    # shellcheck disable=SC2086
    i686-w64-mingw32-gcc $flags -Iinclude -o build/abi/link32.exe ctest/abi/install.c dist/windows-386/wdsocket32.lib
    # shellcheck disable=SC2086
    x86_64-w64-mingw32-gcc $flags -Iinclude -o build/abi/link64.exe ctest/abi/install.c dist/windows-amd64/wdsocket64.lib
    imports i686-w64-mingw32 build/abi/link32.exe wdsocket32.dll
    imports x86_64-w64-mingw32 build/abi/link64.exe wdsocket64.dll
    say "programs link with both import libraries"
}

# imports TRIPLET PROGRAM DLL: fails unless the program asks that DLL for the
# plain name.
imports() {
    local list
    list=$("$1-objdump" -p "$2" | sed -n "/DLL Name: $3/,/^\$/p")
    grep -qE '[[:space:]]WDSocketVersion[[:space:]]*$' <<<"$list" || die "$2 does not import WDSocketVersion from $3"
}
