# shellcheck shell=bash
# The Debian packages: packed twice to the same bytes, without a remark of lintian, installed
# into an empty root, found there by pkg-config and CMake, and purged without a trace.
title="Debian packages"
packages=(build-essential pkgconf cmake lintian fakeroot man-db)
needs=(native)
limit=600

run() {
    local work target flags architecture
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$work'" EXIT
    mkdir "$work/first" "$work/second"
    architecture=$(dpkg --print-architecture)
    build_static "$native"
    pack_debs "$work/first"
    (umask 077 && TZ=Asia/Tokyo pack_debs "$work/second" >/dev/null)
    diff -r "$work/first" "$work/second" || die "a second run gives other packages"
    say "a second run gives the same packages"
    # The address is that of DEBEMAIL, and the packages are not for Debian's own archive.
    lintian --allow-root --fail-on error,warning --tag-display-limit 0 --suppress-tags \
        bogus-mail-host,bogus-mail-host-in-debian-changelog,initial-upload-closes-no-bugs "$work"/first/*.deb || die "lintian finds faults"
    say "lintian finds no fault"
    both_fit_one_system

    # What they depend on is not in the empty root, but the system of now has it.
    target=$work/root
    mkdir -p "$target/var/lib/dpkg/info" "$target/var/lib/dpkg/updates"
    : >"$target/var/lib/dpkg/status"
    find "$target" | sort >"$work/before"
    dpkg_there --force-depends -i "$work"/first/*_"$architecture".deb
    flags=$(PKG_CONFIG_LIBDIR=$target/usr/lib/$(machine)-linux-gnu/pkgconfig PKG_CONFIG_SYSROOT_DIR=$target pkg-config --cflags --libs wdsocket)
    # shellcheck disable=SC2086 # words
    $CC -Wall -Werror -Wpedantic -o "$work/program" ctest/abi/install.c $flags
    LD_LIBRARY_PATH=$target/usr/lib/$(machine)-linux-gnu "$work/program"
    cmake -S tools/test/cmake -B "$work/made" -DCMAKE_C_COMPILER="${CC%% *}" -DSOURCE="$root/ctest/abi/install.c" \
        -DCMAKE_PREFIX_PATH="$target/usr" -DCMAKE_LIBRARY_ARCHITECTURE="$(machine)-linux-gnu" >"$work/cmake.log"
    grep -q "^-- wdsocket $(abigen -version) $target/usr" "$work/cmake.log" || die "CMake finds another library: $(grep '^-- wdsocket' "$work/cmake.log")"
    cmake --build "$work/made" >/dev/null
    "$work/made/shared"
    "$work/made/static"
    say "pkg-config and CMake find what is installed"
    uses_program
    if command -v apt-get >/dev/null; then
        apt-get -qq --simulate install "$work"/first/{libwdsocket1,wdsock}_*_"$architecture".deb >/dev/null || die "this system has not what libwdsocket1 and wdsock depend on"
    fi
    dpkg_there --purge libwdsocket-dev libwdsocket1 wdsock
    find "$target" ! -path '*/var/lib/dpkg/*' | sort >"$work/after"
    grep -v /var/lib/dpkg/ "$work/before" | diff - "$work/after" || die "the packages leave files behind"
    say "the packages are purged without a trace"
}

# both_fit_one_system: "Multi-Arch: same" says that those for ARM may be installed beside them: what
# both have under one name is the same.
both_fit_one_system() {
    local file folder name
    also_arm64 || return 0
    for file in "$work"/first/lib*.deb; do
        folder=$work/archs/${file##*_}
        mkdir -p "$folder"
        dpkg-deb -x "$file" "$folder"
    done
    while IFS= read -r name; do
        [ ! -e "$work/archs/arm64.deb/$name" ] || cmp "$work/archs/$architecture.deb/$name" "$work/archs/arm64.deb/$name" ||
            die "packages of both processors have their own $name"
    done < <(cd "$work/archs/$architecture.deb" && find . ! -type d)
    say "the packages for ARM fit beside them"
}

# uses_program: what is installed talks to itself, and its pages are shown, without a warning.
uses_program() {
    local lang
    wdsock_talks "$work" "$target/usr/bin/wdsock"
    for lang in . fr; do
        LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l "$target/usr/share/man/$lang/man1/wdsock.1.gz" >"$work/manual" 2>"$work/warnings"
        [ ! -s "$work/warnings" ] || { cat "$work/warnings"; die "man has warnings"; }
        grep -q -e '--expect' "$work/manual" || die "the page for man lacks its options"
    done
    say "wdsock is installed, with its pages for man"
}

# dpkg_there OPTION ...: in the empty root.
dpkg_there() {
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(fakeroot)
    "${as_root[@]}" dpkg --root="$target" --force-not-root --force-script-chrootless --log=/dev/null "$@" >"$work/dpkg.log" 2>&1 || { cat "$work/dpkg.log"; die "dpkg $1 fails"; }
}
