# shellcheck shell=bash
# The library for Linux on ARM: its exports and its version of glibc, C tests that QEMU
# emulates, and what is in its packages, used there. What QEMU does not emulate, and what
# there is no library of for ARM, is told as not run, with the reason. The programs that play
# a hostile host or peer take many minutes there, and times that a processor keeps: they are
# run with ARM_HOSTILE=1.
title="Linux on ARM, emulated"
packages=(build-essential gcc-aarch64-linux-gnu g++-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static openssl pkgconf cmake xz-utils advancecomp)
needs=(native)
limit=1200

run() {
    local work version status=0
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$work'" EXIT
    version=$(abigen -version)
    build_arm64
    build_static_arm64
    [ "$(runtime_settings dist/linux-arm64/libwdsocket.so)" = "$(runtime_settings "$native/libwdsocket.so")" ] || die "the library for ARM has other settings of the Go runtime"
    what_cannot_run
    # shellcheck disable=SC2046 # words
    CTEST_DIVIDE=10 CTEST_CLIENTS=50 CTEST_MESSAGES=50 CTEST_EVENT_CLIENTS=200 CTEST_CROWD=200 RUN="${emulator[*]}" \
        LIBDIR=$root/dist/linux-arm64 CC=aarch64-linux-gnu-gcc CXX=aarch64-linux-gnu-g++ BUILD=$root/build/ctest-arm64 ctest/run.sh $(programs) | tee "$work/log" || status=$?
    for name in $CTEST_WITHOUT; do
        grep -q -x "  left out $name" "$work/log" || { say "FAIL $name is named as not run, and is no test"; status=1; }
    done
    packages_are_used
    tail -n 1 "$work/log"
    return $status
}

# runtime_settings LIBRARY: what it asks of the Go runtime.
runtime_settings() { grep -a -o 'asyncpreemptoff=1,[a-z0-9=,]*' "$1"; }

emulator=(qemu-aarch64-static -L /usr/aarch64-linux-gnu)

# not_run REASON WORD...: tests or programs.
not_run() { printf 'NOT RUN  on ARM: %s: %s\n' "${*:2}" "$1"; }

# what_cannot_run: tells it, and sets "without" to programs and CTEST_WITHOUT to tests.
what_cannot_run() {
    local filters=(sandbox/in_a_sandbox first_use/a_sandbox_refuses_what_the_runtime_needs) groups=(udp/groups udp/groups_of_others udp/on_a_group one_family/network_with_groups)
    without=(originals_tls key_updates_tls)
    not_run "they need OpenSSL for ARM, which is not among the packages of this system" "${without[@]}"
    without+=(own_stack)
    not_run "it asks the system for its threads' stacks, which QEMU has others for" own_stack
    if [ -n "${ARM_HOSTILE:-}" ]; then
        not_run "QEMU emulates no filters of system calls" "${filters[@]}"
    else
        filters=()
        not_run "they take many minutes there, set ARM_HOSTILE=1 for them" "the programs of ctest/hostile"
    fi
    aarch64-linux-gnu-gcc -Wall -Werror -o "$work/emulated" tools/test/emulated.c
    if "${emulator[@]}" "$work/emulated" groups; then
        groups=()
    else
        not_run "this QEMU does not emulate the options of sockets for groups" "${groups[@]}"
    fi
    if ! "${emulator[@]}" "$work/emulated" tcp; then
        without+=(late_end_tls)
        not_run "this QEMU gives the beginning of TCP_INFO only" late_end_tls
    fi
    export CTEST_WITHOUT="${filters[*]} ${groups[*]}"
}

# programs: those in ctest and ctest/hostile without what cannot run.
programs() {
    local file name
    for file in ctest/*.c ${ARM_HOSTILE:+ctest/hostile/*.c}; do
        name=$(basename "$file" .c)
        [[ " ${without[*]} " == *" $name "* ]] || printf '%s ' "$name"
    done
    printf 'cxx98 cxx17 cxx_header'
}

# packages_are_used: what is packed for ARM, unpacked where nothing is, and used with it alone.
packages_are_used() {
    local there name parts
    mkdir "$work/out"
    pack_debs_for "$work/out" arm64 dist/linux-arm64 aarch64-linux-gnu aarch64-linux-gnu-gcc >/dev/null
    pack_archive "$work/out" linux-arm64 .tar.gz >/dev/null
    for name in "$work"/out/*.deb; do
        [ "$(dpkg-deb --field "$name" Architecture)" = arm64 ] || die "${name##*/} is not for arm64"
        dpkg-deb -x "$name" "$work/root"
    done
    tar -x -z -f "$work/out/wdsocket-$version-linux-arm64.tar.gz" -C "$work"
    there=$work/wdsocket-$version-linux-arm64
    (cd "$there" && sha256sum --quiet -c SHA256SUMS)
    PKG_CONFIG_LIBDIR=$work/root/usr/lib/aarch64-linux-gnu/pkgconfig PKG_CONFIG_SYSROOT_DIR=$work/root \
        linked_with "$work/root/usr/lib/aarch64-linux-gnu"
    PKG_CONFIG_LIBDIR=$there/lib/pkgconfig linked_with "$there/lib"
    for name in "$work/root/usr" "$there"; do
        parts=()
        [ "$name" != "$there" ] || parts=(-DPARTS=shared)
        rm -rf "$work/made"
        cmake -S tools/test/cmake -B "$work/made" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 -DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc \
            -DCMAKE_LIBRARY_ARCHITECTURE=aarch64-linux-gnu -DSOURCE="$root/ctest/abi/install.c" "${parts[@]}" -DCMAKE_PREFIX_PATH="$name" >"$work/cmake.log"
        grep -q "^-- wdsocket $version $name/" "$work/cmake.log" || die "CMake finds another library: $(grep '^-- wdsocket' "$work/cmake.log")"
        cmake --build "$work/made" >/dev/null
        "${emulator[@]}" "$work/made/shared"
        [ "$name" = "$there" ] || "${emulator[@]}" "$work/made/static"
    done
    for name in "$work/root/usr/bin/wdsock" "$there/bin/wdsock"; do
        "${emulator[@]}" "$name" --version | grep -q -F "$version" || die "wdsock does not tell its version"
        "${emulator[@]}" "$name" doctor --help >/dev/null
        wdsock_talks "$work" "${emulator[@]}" "$name"
    done
    for name in "$work/root/usr/share/man/man1/wdsock.1.gz" "$there/share/man/man1/wdsock.1"; do
        [ -s "$name" ] || die "wdsock has no page for man"
    done
    say "the packages for ARM are found by pkg-config and CMake, and what they have runs"
}

# linked_with FOLDER: a program with the library that pkg-config finds, which is in the folder.
linked_with() {
    # shellcheck disable=SC2046 # words
    aarch64-linux-gnu-gcc -Wall -Werror -Wpedantic -o "$work/program" ctest/abi/install.c $(pkg-config --cflags --libs wdsocket)
    "${emulator[@]}" -E LD_LIBRARY_PATH="$1" "$work/program"
}
