# shellcheck shell=bash
# The archives for one system each: packed twice to the same bytes, found by pkg-config and CMake
# where they are unpacked, and the program in them runs.
title="Archives for one system"
packages=(build-essential gcc-mingw-w64-i686 gcc-mingw-w64-x86-64 pkgconf cmake unzip xz-utils python3 openssl osslsigncode advancecomp)
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

    for name in "$work"/first/*; do
        [ "$(stat -c %s "$name")" -le 9500000 ] || die "${name##*/} is larger than docs/packages.md knows a reason for: $(stat -c %s "$name") bytes"
    done

    # The smaller one is unpacked; it holds the same.
    for name in "$work"/first/*.tar.gz; do
        xz -d -c "${name%.gz}.xz" >"$work/tar"
        gzip -d -c "$name" | cmp - "$work/tar"
    done
    tar -x -f "$work/first/wdsocket-$version-linux-$arch.tar.xz" -C "$work"
    there=$work/wdsocket-$version-linux-$arch
    (cd "$there" && sha256sum --quiet -c SHA256SUMS)
    "$there/bin/wdsock" --version | grep -q -F "$version" || die "wdsock does not tell its version"
    wdsock_talks "$work" "$there/bin/wdsock"
    grep -q '^\.TH WDSOCK 1 ' "$there/share/man/man1/wdsock.1" && grep -q 'Essaie des sockets' "$there/share/man/fr/man1/wdsock.1" || die "wdsock has no pages for man"
    # shellcheck disable=SC2046 # words
    $CC -Wall -Werror -Wpedantic -o "$work/program" ctest/abi/install.c $(PKG_CONFIG_PATH=$there/lib/pkgconfig pkg-config --cflags --libs wdsocket)
    LD_LIBRARY_PATH=$there/lib "$work/program"
    linked_by_cmake "$there"
    "$work/made/shared"
    # Where the path has blanks and accents, as docs/packages.md says.
    mkdir "$work/un été à la mer"
    cp -a "$there" "$work/un été à la mer/"
    eval "$CC -o '$work/program' ctest/abi/install.c $(PKG_CONFIG_PATH="$work/un été à la mer/${there##*/}/lib/pkgconfig" pkg-config --cflags --libs wdsocket)"
    LD_LIBRARY_PATH="$work/un été à la mer/${there##*/}/lib" "$work/program"
    linked_by_cmake "$work/un été à la mer/${there##*/}"
    "$work/made/shared"
    # The recipes, as far as that goes without their tools: vcpkg is a function here.
    # shellcheck disable=SC2016 # CMake's
    printf 'function(vcpkg_install_copyright)\nendfunction()\ninclude("%s")\n' "$there/share/wdsocket/vcpkg/portfile.cmake" >"$work/port.cmake"
    cmake -DCURRENT_PACKAGES_DIR="$work/port" -DVCPKG_TARGET_ARCHITECTURE="$(vcpkg_machine "$arch")" -P "$work/port.cmake"
    for name in lib debug/lib; do
        # shellcheck disable=SC2046 # words
        $CC -Wall -Werror -o "$work/program" ctest/abi/install.c $(PKG_CONFIG_PATH="$work/port/$name/pkgconfig" pkg-config --cflags --libs wdsocket)
        LD_LIBRARY_PATH=$work/port/$name "$work/program"
    done
    # Another archive of the same version is another port.
    grep -q -E 'files is here: [0-9a-f]{64}$' "$there/share/wdsocket/vcpkg/portfile.cmake" || die "the port does not know what is in the archive"
    for name in x86 "$(vcpkg_machine other)"; do
        if cmake -DCURRENT_PACKAGES_DIR="$work/no" -DVCPKG_TARGET_ARCHITECTURE="$name" -P "$work/port.cmake" 2>/dev/null; then die "the port takes the library of another processor for $name"; fi
    done
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
    what_is_for_windows_is_signed
}

# what_is_for_windows_is_signed: by a throw-away certificate, the program, too; its checksum is that of the signed one.
what_is_for_windows_is_signed() {
    # shellcheck disable=SC2034 # signatures read them
    local sign_with=$work/cert.pfx sign_password=$work/password
    throw_away_certificate "$work"
    mkdir "$work/signed"
    pack_archive "$work/signed" windows-386 .zip >/dev/null
    unzip -q -d "$work/signed" "$work/signed/wdsocket-$version-windows-386.zip"
    there=$work/signed/wdsocket-$version-windows-386
    osslsigncode verify -CAfile "$work/cert.pem" -in "$there/bin/wdsock.exe" >"$work/verify" 2>&1 || { cat "$work/verify"; die "wdsock.exe is not signed"; }
    grep -q "$(sha256sum "$there/bin/wdsock.exe" | cut -d ' ' -f 1)" "$there/share/doc/wdsocket/wdsock.sbom.cdx.json" || die "the list of parts has the checksum of another wdsock.exe"
    say "wdsock.exe is signed where there is a key"
}

# vcpkg_machine ARCH: what vcpkg calls the processor; "other" is one that this system has not.
vcpkg_machine() {
    case $1-$arch in
    amd64-* | other-arm64) printf x64 ;;
    arm64-* | other-*) printf arm64 ;;
    esac
}

# linked_by_cmake PREFIX [OPTION ...]: the shared library alone, into the folder "made".
linked_by_cmake() {
    rm -rf "$work/made"
    cmake -S tools/test/cmake -B "$work/made" -DCMAKE_C_COMPILER="${CC%% *}" -DSOURCE="$root/ctest/abi/install.c" -DPARTS=shared -DCMAKE_PREFIX_PATH="$1" "${@:2}" >"$work/cmake.log"
    grep -q "^-- wdsocket $version $1/" "$work/cmake.log" || die "CMake finds another library: $(grep '^-- wdsocket' "$work/cmake.log")"
    cmake --build "$work/made" >/dev/null
}
