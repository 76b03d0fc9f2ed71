# shellcheck shell=bash
# The archives for one system each: packed twice to the same bytes, found by pkg-config and CMake
# where they are unpacked, and the program in them runs.
title="Archives for one system"
packages=(build-essential gcc-mingw-w64-i686 gcc-mingw-w64-x86-64 pkgconf cmake unzip python3)
needs=(native windows)
limit=600

run() {
    local work version name there imports
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$work'" EXIT
    version=$(abigen -version)
    mkdir "$work/first" "$work/second"
    pack_archives "$work/first"
    (umask 077 && pack_archives "$work/second" >/dev/null)
    diff -r "$work/first" "$work/second" || die "a second run gives other archives"
    say "a second run gives the same archives"

    tar -x -z -f "$work/first/wdsocket-$version-linux-$arch.tar.gz" -C "$work"
    there=$work/wdsocket-$version-linux-$arch
    (cd "$there" && sha256sum --quiet -c SHA256SUMS)
    "$there/bin/wdsock" --version | grep -q -F "$version" || die "wdsock does not tell its version"
    # shellcheck disable=SC2046 # words
    $CC -Wall -Werror -Wpedantic -o "$work/program" ctest/abi/install.c $(PKG_CONFIG_PATH=$there/lib/pkgconfig pkg-config --cflags --libs wdsocket)
    LD_LIBRARY_PATH=$there/lib "$work/program"
    linked_by_cmake "$there"
    "$work/made/shared"
    # The recipes, as far as that goes without their tools: vcpkg is a function here.
    # shellcheck disable=SC2016 # CMake's
    printf 'function(vcpkg_install_copyright)\nendfunction()\ninclude("%s")\n' "$there/share/wdsocket/vcpkg/portfile.cmake" >"$work/port.cmake"
    cmake -DCURRENT_PACKAGES_DIR="$work/port" -P "$work/port.cmake"
    linked_by_cmake "$work/port"
    "$work/made/shared"
    python3 -c 'import ast, json, sys; json.load(open(sys.argv[1])); ast.parse(open(sys.argv[2]).read())' "$there"/share/wdsocket/{vcpkg/vcpkg.json,conan/conanfile.py}
    for name in x86_64:windows-amd64:wdsocket64.dll i686:windows-386:wdsocket32.dll; do
        there=${name#*:}
        there=$work/wdsocket-$version-${there%:*}
        unzip -q -d "$work" "$work/first/${there##*/}.zip"
        (cd "$there" && sha256sum --quiet -c SHA256SUMS && [ -f "bin/${name##*:}" ] && [ -f bin/wdsock.exe ]) || die "${there##*/}.zip lacks something"
        linked_by_cmake "$there" -DCMAKE_SYSTEM_NAME=Windows -DCMAKE_SYSTEM_PROCESSOR="${name%%:*}" -DCMAKE_C_COMPILER="${name%%:*}-w64-mingw32-gcc"
        imports=$("${name%%:*}-w64-mingw32-objdump" -p "$work/made/shared.exe")
        [[ $imports == *"DLL Name: ${name##*:}"* ]] || die "a program of CMake does not import ${name##*:}"
    done
    say "pkg-config and CMake find what is unpacked"
}

# linked_by_cmake PREFIX [OPTION ...]: the shared library alone, into the folder "made".
linked_by_cmake() {
    rm -rf "$work/made"
    cmake -S tools/test/cmake -B "$work/made" -DCMAKE_C_COMPILER="${CC%% *}" -DSOURCE="$root/ctest/abi/install.c" -DPARTS=shared -DCMAKE_PREFIX_PATH="$1" "${@:2}" >"$work/cmake.log"
    grep -q "^-- wdsocket $version $1/" "$work/cmake.log" || die "CMake finds another library: $(grep '^-- wdsocket' "$work/cmake.log")"
    cmake --build "$work/made" >/dev/null
}
