# shellcheck shell=bash
# Verbs that lack something say what to install, or install it as root. A folder
# with links to all commands but some is the PATH; apt-get and id are the test's.
title="What a verb lacks is named"
packages=(build-essential openssl clang lld)

run() {
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    bad=0 good=0
    local compilers=(i686-w64-mingw32-gcc x86_64-w64-mingw32-gcc)
    local mingw='on Debian run: sudo apt-get install gcc-mingw-w64-x86-64 gcc-mingw-w64-i686'

    without 1000 "${compilers[@]}"
    says "dist needs x86_64-w64-mingw32-gcc i686-w64-mingw32-gcc; $mingw" dist
    : >"$work/key.pfx"
    says "$mingw" dist --sign "$work/key.pfx" --timestamp http://localhost/
    says 'nothing is signed without --sign CERTIFICATE' dist --timestamp http://localhost/
    says 'package: nothing is signed without --sign CERTIFICATE' package nuget --password "$work/key.pfx"
    says 'on Debian run: sudo apt-get install gcc-mingw-w64-i686' wine32-emulated
    without 1000 osslsigncode
    says 'dist --sign needs osslsigncode; on Debian run: sudo apt-get install osslsigncode' dist --sign "$work/key.pfx"
    says 'package --sign needs osslsigncode; on Debian run: sudo apt-get install osslsigncode' package --sign "$work/key.pfx" archives
    without 1000 qemu-system-x86_64 cpio
    says 'wine32-emulated needs qemu-system-x86_64 cpio; on Debian run: sudo apt-get install qemu-system-x86 cpio' wine32-emulated refuse
    without 1000 gcc
    local verb
    for verb in build arm64 package demo dist install bench wine test; do
        says "$verb needs gcc; on Debian run: sudo apt-get install build-essential" "$verb"
    done
    CC=no-such-compiler says 'demo needs a C compiler; no-such-compiler, which CC names, was not found' demo
    without 1000 go
    for verb in build demo dist install bench wine test; do
        says "$verb needs Go 1.26 or newer; the command go was not found" "$verb"
    done
    # Packages that are no commands: none is there for this dpkg-query.
    without 1000 dpkg-query
    printf '#!/bin/sh\nexit 1\n' >"$work/bin/dpkg-query"
    chmod +x "$work/bin/dpkg-query"
    says 'wine needs packages that are missing; run: sudo apt-get install build-essential' wine
    says 'needs packages that are missing; run: sudo apt-get install cppcheck' test cppcheck
    says 'test needs packages that are missing; run: sudo apt-get install' test packages

    # As root they are installed, and it is said when that does not help.
    without 0 "${compilers[@]}"
    says 'dist needs x86_64-w64-mingw32-gcc, and the package gcc-mingw-w64-x86-64 could not be installed' dist
    [ "$(cat "$work/installed")" = 'gcc-mingw-w64-x86-64 gcc-mingw-w64-i686 ' ] || { say "apt-get was asked for: $(cat "$work/installed")"; bad=$((bad + 1)); }

    says 'no step nonsense; the steps are: packages generated' test nonsense
    says '--repeat needs a number from 1, not 0' test --repeat 0
    say "$good passed, $bad failed"
    [ $bad -eq 0 ]
}

# without UID COMMAND...: makes the folder anew.
without() {
    local name uid=$1
    shift
    rm -rf "${work:?}/bin"
    mkdir "$work/bin"
    ln -s "$(dirname "$(command -v go)")"/* /usr/bin/* "$work/bin/" 2>/dev/null || true
    for name in "$@" apt-get id; do
        rm -f "$work/bin/$name"
    done
    printf '#!/bin/sh\necho %s\n' "$uid" >"$work/bin/id"
    # shellcheck disable=SC2016 # the script's own
    printf '#!/bin/sh\n[ "$1" = update ] || { shift; for p; do case $p in -*) ;; *) printf "%%s " "$p" ;; esac; done >"%s"; }\n' "$work/installed" >"$work/bin/apt-get"
    chmod +x "$work/bin/id" "$work/bin/apt-get"
}

# says TEXT VERB...: the verb fails and says so.
says() {
    local text=$1 output
    shift
    # Without an end to wait for: none of them gets as far as building.
    if output=$(PATH=$work/bin timeout 120 "$BASH" build.sh "$@" 2>&1 </dev/null); then
        say "./build.sh $* does not fail"
        bad=$((bad + 1))
    elif [[ $output != *"$text"* ]]; then
        printf './build.sh %s does not say:\n  %s\nbut:\n%s\n' "$*" "$text" "$output"
        bad=$((bad + 1))
    else
        good=$((good + 1))
    fi
}
