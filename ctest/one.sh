#!/bin/sh
# one.sh - builds one C test, runs it and shows what it printed, for run.sh, which sets all
# that it uses.
#
# usage: one.sh PROGRAM
#
# What it counts goes into BUILD/PROGRAM.count, as "passed failed".
set -u
: "${BUILD:?run.sh sets it}" "${LIMIT:?}" "${CC:?}" "${CXX:?}" "${warn:?}" "${link:?}" "${alone:?}" "${shared:?}"
here=$(cd "$(dirname "$0")" && pwd)
name=$1
c="$CC -std=c99 $warn"

compile() { # output compiler options...
    out=$1
    shift
    "$@" -o "$out"
}

build() {
    source=$here/$name.c
    [ -f "$source" ] || source=$here/hostile/$name.c
    case $name in
    load) compile "$BUILD/load" $c "$here/load.c" $alone -lpthread -ldl ;;
    cxx98) compile "$BUILD/cxx98" $CXX -std=c++98 $warn -Wno-long-long "$here/cxx.cpp" $link ;;
    cxx17) compile "$BUILD/cxx17" $CXX -std=c++17 $warn "$here/cxx.cpp" $link ;;
    cxx_header) compile "$BUILD/cxx_header" $CXX -std=c++17 $warn "$here/cxx_header.cpp" $link ;;
    key_updates_tls) compile "$BUILD/$name" $c "$source" $shared $link -lssl -lcrypto ;;
    originals) compile "$BUILD/$name" $c "$source" "$here"/originals/model.c "$here"/originals/twin.c "$here"/originals/script.c $shared $link ;;
    originals_tls) compile "$BUILD/$name" $c -DMODEL_TLS "$source" "$here"/originals/*.c $shared $link -lssl -lcrypto ;;
    *) compile "$BUILD/$name" $c "$source" $shared $link ;;
    esac
}

# judge: what the program printed, and what that counts.
judge() {
    cat "$BUILD/$name.out"
    last=$(grep "^$name: [0-9]* passed, [0-9]* failed\$" "$BUILD/$name.out" | tail -n 1)
    if [ -z "$last" ]; then
        echo "$name: ended early with status $status"
        echo "0 1" >"$BUILD/$name.count"
        return
    fi
    good=$(echo "$last" | sed 's/.*: \([0-9]*\) passed.*/\1/')
    bad=$(echo "$last" | sed 's/.*, \([0-9]*\) failed/\1/')
    # a sound count with a bad exit is a crash on the way out
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        echo "$name: exit status $status"
        bad=1
    fi
    echo "$good $bad" >"$BUILD/$name.count"
}

if ! build >"$BUILD/$name.log" 2>&1; then
    echo "$name: does not build" >>"$BUILD/$name.log"
    echo "0 1" >"$BUILD/$name.count"
    flock "$BUILD/shown" cat "$BUILD/$name.log"
    exit
fi
# files and a network of its own: others run beside it
export CTEST_TEMP="$BUILD/tmp/$name"
mkdir -p "$CTEST_TEMP"
begun=$(date +%s)
# the program ends itself after LIMIT, which it stretches on a machine with other work
# shellcheck disable=SC2086 # words
timeout -k 5 $((LIMIT * 4)) "$here/own_network.sh" ${RUN:-} "$BUILD/$name" >"$BUILD/$name.out" 2>&1
status=$?
{
    cat "$BUILD/$name.log" # what the compiler said
    echo "$name"
    judge
    echo "took $(($(date +%s) - begun)) s: $name"
} >"$BUILD/$name.shown"
flock "$BUILD/shown" cat "$BUILD/$name.shown"
