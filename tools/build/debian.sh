# shellcheck shell=bash
# Packages for Debian and its relatives. Sourced by build.sh.

# pack_debs FOLDER: libwdsocket1, libwdsocket-dev and wdsock, from what is built, and for ARM, too, where
# that is. The same files give the same bytes: all carry the time of the sources.
pack_debs() {
    rm -f "$1"/libwdsocket*.deb "$1"/wdsock_*.deb
    pack_debs_for "$1" "$(dpkg --print-architecture)" "$native" "$(machine)-linux-gnu" "$CC"
    if also_arm64 && [ -f dist/linux-arm64/libwdsocket.a ]; then
        pack_debs_for "$1" arm64 dist/linux-arm64 aarch64-linux-gnu aarch64-linux-gnu-gcc
    fi
}

# pack_debs_for FOLDER ARCHITECTURE BUILT MULTIARCH COMPILER
pack_debs_for() {
    local out=$1 architecture=$2 built=$3 multiarch=$4 compiler=$5 work=build/debian/$2 version epoch glibc
    version=$(abigen -version)
    glibc=$(glibc "$built/libwdsocket.so")
    epoch=$(source_date)
    rm -rf "$work"
    (umask 022 && lay_out_library "$work/libwdsocket1" && lay_out_development "$work/libwdsocket-dev")
    deb "$out" libwdsocket1
    deb "$out" libwdsocket-dev
    (umask 022 && lay_out_program "$work/wdsock")
    deb "$out" wdsock
}

# lay_out_library FOLDER
lay_out_library() {
    local lib=$1/usr/lib/$multiarch
    mkdir -p "$lib" "$1/DEBIAN"
    install -m 644 "$built/libwdsocket.so" "$lib/libwdsocket.so.$version"
    ln -s "libwdsocket.so.$version" "$lib/$soname"
    printf 'libwdsocket 1 libwdsocket1 (>= %s)\n' "$version" >"$1/DEBIAN/shlibs"
    {
        printf '%s libwdsocket1 #MINVER#\n' "$soname"
        sed -n "s/^ *\(WDSocket[A-Za-z]*\);$/ \1@Base $version/p" include/wdsocket.map
    } >"$1/DEBIAN/symbols"
    printf 'activate-noawait ldconfig\n' >"$1/DEBIAN/triggers"
    control "$1" libwdsocket1 libs "libc6 (>= ${glibc/_/.})" <<'TEXT'
Description: sockets for messages of devices and programs
 Clients and servers that write and read whole messages: with their size in
 front, an end tag, a length field, markers and check bytes, and in the framings
 of PLCs, scales, payment terminals, news and mail servers; with TLS, WebSocket,
 proxies, event queues and automatic reconnection. Errors are told with address,
 cause and what to do, in English and in French.
TEXT
}

# lay_out_development FOLDER
lay_out_development() {
    local lib=$1/usr/lib/$multiarch
    mkdir -p "$lib/pkgconfig" "$1/usr/include" "$1/DEBIAN"
    install -m 644 include/*.h* "$1/usr/include/"
    ln -s "$soname" "$lib/libwdsocket.so"
    install -m 644 "$built/libwdsocket.a" "$lib/"
    # shellcheck disable=SC2016 # pkg-config replaces it
    write_pc "$lib/pkgconfig/wdsocket.pc" /usr '${prefix}/lib/'"$multiarch"
    write_cmake "$1/usr"
    mv "$1/usr/lib/cmake" "$lib/cmake"
    control "$1" libwdsocket-dev libdevel "libwdsocket1 (= $version-1)" <<'TEXT'
Description: sockets for messages of devices and programs (development files)
 Clients and servers that write and read whole messages, with TLS, WebSocket,
 proxies and event queues.
 .
 This package has the header, the static library, and what pkg-config and CMake
 need to find them.
TEXT
}

# lay_out_program FOLDER: a program that may stand anywhere in memory, and looks names up as the C
# library does, as Debian wants it. What it needs of that is what the library needs.
lay_out_program() {
    local man=$1/usr/share/man program=$1/usr/bin/wdsock
    mkdir -p "$1/usr/bin" "$1/DEBIAN" "$work/terms"
    CGO_ENABLED=1 GOARCH=${built##*-} CC=$compiler go build -C cmd/wdsock -buildmode=pie -trimpath -buildvcs=false -ldflags "-s -w -buildid= -extldflags '-Wl,-z,now -Wl,--build-id=none'" -o "$root/$program" .
    abigen -sbom "$root/$program" -out "$root/$work/terms"
    write_texts "$1/usr/share"
    gzip -n -9 "$man"/man1/wdsock.1 "$man"/fr/man1/wdsock.1
    control "$1" wdsock net "libc6 (>= ${glibc/_/.})" foreign "$work/terms/THIRD-PARTY.txt" <<'TEXT'
Description: tries connections of devices and programs out
 Connects, listens, sends and receives datagrams, stands between two programs,
 measures, and tells what is at an address: its name, the way there, TLS and the
 certificate, and how messages are told apart, with the line of C and of
 WLanguage that says so. It is made with the library wdsocket.
 .
 Texts with escapes, hexadecimal, files, scripts, answers by rules, WebSocket,
 proxies, recordings for Wireshark, and JSON for other programs; in English and
 in French.
TEXT
}

# control FOLDER PACKAGE SECTION DEPENDS [MULTI-ARCH TERMS]: writes what describes a package, with the
# description from the standard input, and its documents, with the terms of what is in it.
control() {
    local doc=$1/usr/share/doc/$2
    cat >"$1/DEBIAN/control" <<TEXT
Package: $2
Source: wdsocket
Version: $version-1
Architecture: $architecture
Multi-Arch: ${5:-same}
Maintainer: ${DEBFULLNAME:-The wdsocket authors} <${DEBEMAIL:-wdsocket@localhost}>
Section: $3
Priority: optional
Depends: $4
TEXT
    cat >>"$1/DEBIAN/control"
    mkdir -p "$doc"
    {
        printf 'The sources are those of wdsocket %s.\n\n' "$version"
        cat LICENSE
        printf '\n'
        # Debian has the terms of this licence; whose they are here stays.
        awk '/^ *Apache License$/ { skip = 1; print "The terms are in /usr/share/common-licenses/Apache-2.0, with this notice:\n" }
            /^ *Copyright [0-9]/ { skip = 0 } !skip' "${6:-$built/THIRD-PARTY.txt}"
    } >"$doc/copyright"
    gzip -n -9 <CHANGELOG.md >"$doc/changelog.gz"
    printf 'wdsocket (%s-1) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- %s  %s\n' "$version" \
        "$(sed -n 's/^Maintainer: //p' "$1/DEBIAN/control")" "$(date -u -R -d "@$epoch")" | gzip -n -9 >"$doc/changelog.Debian.gz"
}

# deb FOLDER PACKAGE
deb() {
    local folder=$work/$2 size
    size=$(find "$folder" -path "$folder/DEBIAN" -prune -o -type f -printf '%s\n' | awk '{ n += int(($1 + 1023) / 1024) } END { print n }')
    sed -i "s/^Section:/Installed-Size: $size\n&/" "$folder/DEBIAN/control"
    (cd "$folder" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$folder/DEBIAN/md5sums"
    chmod 644 "$folder"/DEBIAN/*
    find "$folder" -exec touch -h -d "@$epoch" {} +
    SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group --threads-max=1 -Zxz --build "$folder" "$1/$2_$version-1_$architecture.deb" >/dev/null
    say "$1/$2_$version-1_$architecture.deb"
}
