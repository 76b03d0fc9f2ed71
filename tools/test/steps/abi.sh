# shellcheck shell=bash
# Programs that look at the binary interface from outside.
title="Binary interface from outside"
packages=(build-essential gcc-mingw-w64-i686 gcc-mingw-w64-x86-64 clang lld llvm)
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
    local compiler language
    for compiler in "$CC" i686-w64-mingw32-gcc x86_64-w64-mingw32-gcc; do
        for language in c99 c11; do
            $compiler -x c "-std=$language" -Wall -Wextra -Werror -fsyntax-only -Iinclude ctest/abi/record.c
        done
    done
    for language in c++98 c++17; do
        $CXX -x c++ "-std=$language" -Wall -Wextra -Werror -fsyntax-only -Iinclude ctest/abi/record.c
    done
    say "the record of an event has its layout in C and C++"
    local pair bits triplet folder
    for pair in 32:i686:386 64:x86_64:amd64; do
        IFS=: read -r bits triplet folder <<<"$pair"
        mkdir -p "build/abi/$bits"
        # shellcheck disable=SC2086
        "$triplet-w64-mingw32-gcc" $flags -Iinclude -o "build/abi/$bits/gnu.exe" ctest/abi/install.c "dist/windows-$folder/wdsocket$bits.lib"
        # shellcheck disable=SC2086
        "$triplet-w64-mingw32-gcc" $flags -Iinclude -o "build/abi/$bits/by_name.exe" ctest/abi/install.c -L"dist/windows-$folder" -l"wdsocket$bits"
        sh ctest/windows/msvc.sh "$bits" "dist/windows-$folder" "build/abi/$bits"
        imports "build/abi/$bits/gnu.exe" "wdsocket$bits.dll"
        imports "build/abi/$bits/by_name.exe" "wdsocket$bits.dll"
        imports "build/abi/$bits/msvc.exe" "wdsocket$bits.dll"
    done
    say "programs link with both import libraries, by GNU's linker and under the defaults of MSVC's"
}

# imports PROGRAM DLL: fails unless the program asks that DLL for the plain name.
imports() {
    local list
    list=$(llvm-readobj --coff-imports "$1" | sed -n "/Name: $2/,/^}/p")
    grep -qE '^  Symbol: WDSocketVersion \(' <<<"$list" || die "$1 does not import WDSocketVersion from $2"
}
