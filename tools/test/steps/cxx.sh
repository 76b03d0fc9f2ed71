# shellcheck shell=bash
# wdsocket.hpp with both compilers in each language that it is for, without exceptions, and
# for Windows.
title="Header for C++17, C++20 and C++23"
packages=(build-essential clang g++-mingw-w64-i686-posix)
needs=(native)

run() {
    local compiler language program folder=build/cxx warn=(-Wall -Wextra -Werror -pedantic -Wconversion -Wshadow)
    mkdir -p "$folder"
    for compiler in "$CXX" clang++; do
        for language in c++17 c++20 c++2b; do
            program=$folder/cxx_header-$(basename "$compiler")-$language
            # shellcheck disable=SC2086 # CXX may have options
            $compiler -std=$language "${warn[@]}" -g -Iinclude -o "$program" ctest/cxx_header.cpp -L"$native" -lwdsocket -lpthread -Wl,-rpath,"$root/$native"
            timeout 240 "$program"
        done
    done | tee "$folder/counts.log"
    sed -i 's/^cxx_header: //' "$folder/counts.log"
    all_counts "$folder/counts.log"
    printf '#include "wdsocket.hpp"\nint main() { return wds::client().try_read(wds::forever).has_value(); }\n' >"$folder/alone.cpp"
    for compiler in "$CXX" clang++; do
        # shellcheck disable=SC2086
        $compiler -std=c++17 "${warn[@]}" -fno-exceptions -fno-rtti -Iinclude -fsyntax-only "$folder/alone.cpp"
    done
    i686-w64-mingw32-g++-posix -std=c++17 "${warn[@]}" -Iinclude -fsyntax-only ctest/cxx_header.cpp
    say "it compiles without exceptions and run-time types, and for Windows"
}
