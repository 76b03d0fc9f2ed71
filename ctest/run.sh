#!/bin/sh
# run.sh - builds the C tests and runs each program in its own process.
#
# usage: [LIBDIR=folder with libwdsocket.so] [MODE=plain|asan|race] run.sh [program ...]
#
#   LIBDIR   default ../dist/linux-ARCH
#   MODE     plain (default), or asan: the programs with AddressSanitizer, against
#            a library made by go build -asan -buildmode=c-shared, or race: the
#            programs with LIBDIR/libwdsocket.a, made by go build -race -buildmode=c-archive
#   CTEST_CERTIFICATES  folder made by certificates.sh, default a new one
#   BUILD    where the programs go, default a temporary folder
#   LIMIT    seconds for each program, default 300 (asan and race: 400); a program stretches it on a machine with other work
#   CC, CXX  the compilers
#   RUN      what runs the programs of another processor: "qemu-aarch64-static -L FOLDER"
set -u
here=$(cd "$(dirname "$0")" && pwd)
LIBDIR=$(cd "${LIBDIR:-$here/../dist/linux-$(go env GOARCH)}" && pwd) || exit 2
MODE=${MODE:-plain}
CC=${CC:-gcc}
CXX=${CXX:-g++}
if [ -z "${BUILD:-}" ]; then
    BUILD=$(mktemp -d) || exit 2
    trap 'rm -rf "$BUILD"' EXIT
fi
mkdir -p "$BUILD/tmp" || exit 2
warn="-Wall -Wextra -Werror -pedantic -g -I$here/harness -I$here/../include"
link="-L$LIBDIR -lwdsocket -Wl,-rpath,$LIBDIR -lpthread -ldl"
case $MODE in
plain) LIMIT=${LIMIT:-300} ;;
asan)
    LIMIT=${LIMIT:-400}
    warn="$warn -fsanitize=address -fno-omit-frame-pointer"
    # The Go runtime keeps memory that the leak checker cannot see; all else stays on.
    export ASAN_OPTIONS="detect_leaks=0:detect_stack_use_after_return=1:handle_segv=0:${ASAN_OPTIONS:-}"
    CTEST_DIVIDE=${CTEST_DIVIDE:-10} CTEST_CLIENTS=${CTEST_CLIENTS:-200} CTEST_MESSAGES=${CTEST_MESSAGES:-100}
    export CTEST_DIVIDE CTEST_CLIENTS CTEST_MESSAGES
    ;;
race)
    # Go's race detector cannot be in a shared library: the programs hold the library.
    LIMIT=${LIMIT:-400}
    link="-no-pie $LIBDIR/libwdsocket.a -lpthread -ldl -lresolv"
    CTEST_DIVIDE=${CTEST_DIVIDE:-10} CTEST_CLIENTS=${CTEST_CLIENTS:-200} CTEST_MESSAGES=${CTEST_MESSAGES:-100}
    export CTEST_DIVIDE CTEST_CLIENTS CTEST_MESSAGES GORACE="halt_on_error=1 exitcode=66"
    ;;
*)
    echo "MODE is plain, asan or race" >&2
    exit 2
    ;;
esac
export CTEST_TEMP="$BUILD/tmp" CTEST_LIMIT=$LIMIT CTEST_LIBRARY="$LIBDIR/libwdsocket.so"
# the certificates of the TLS tests, made anew for each run unless a folder is given
CTEST_CERTIFICATES=${CTEST_CERTIFICATES:-$BUILD/tmp/certificates}
export CTEST_CERTIFICATES
[ -f "$CTEST_CERTIFICATES/complete" ] || sh "$here/harness/certificates.sh" "$CTEST_CERTIFICATES" || exit 1

compile() { # output compiler options...
    out=$1
    shift
    if ! "$@" -o "$out"; then
        echo "$(basename "$out"): does not build"
        return 1
    fi
}

# The harness; what calls the library is left out where a program loads that itself.
c="$CC -std=c99 $warn"
alone='' shared=''
for source in "$here"/harness/*.c; do
    part=$(basename "$source" .c)
    compile "$BUILD/$part.o" $c -c "$source" || exit 1
    shared="$shared $BUILD/$part.o"
    case $part in
    library | certificates | logfile) ;;
    *) alone="$alone $BUILD/$part.o" ;;
    esac
done

# The programs; those in "hostile" play a hostile host or a hostile peer.
everything=$(for source in "$here"/*.c "$here"/hostile/*.c; do basename "$source" .c; done)

build() { # program
    source=$here/$1.c
    [ -f "$source" ] || source=$here/hostile/$1.c
    case $1 in
    load) compile "$BUILD/load" $c "$here/load.c" $alone -lpthread -ldl ;;
    cxx98) compile "$BUILD/cxx98" $CXX -std=c++98 $warn -Wno-long-long "$here/cxx.cpp" $link ;;
    cxx17) compile "$BUILD/cxx17" $CXX -std=c++17 $warn "$here/cxx.cpp" $link ;;
    cxx_header) compile "$BUILD/cxx_header" $CXX -std=c++17 $warn "$here/cxx_header.cpp" $link ;;
    key_updates_tls) compile "$BUILD/$1" $c "$source" $shared $link -lssl -lcrypto ;;
    originals) compile "$BUILD/$1" $c "$source" "$here"/originals/model.c "$here"/originals/twin.c "$here"/originals/script.c $shared $link ;;
    originals_tls) compile "$BUILD/$1" $c -DMODEL_TLS "$source" "$here"/originals/*.c $shared $link -lssl -lcrypto ;;
    *) compile "$BUILD/$1" $c "$source" $shared $link ;;
    esac
}

names=${*:-$everything cxx98 cxx17 cxx_header}
passed=0
failed=0
for name in $names; do
    if ! build "$name"; then
        failed=$((failed + 1))
        continue
    fi
    echo "$name"
    # the program ends itself after LIMIT, which it stretches on a machine with other work
    # shellcheck disable=SC2086 # words
    timeout -k 5 $((LIMIT * 4)) ${RUN:-} "$BUILD/$name" >"$BUILD/$name.out" 2>&1
    status=$?
    cat "$BUILD/$name.out"
    last=$(grep "^$name: [0-9]* passed, [0-9]* failed\$" "$BUILD/$name.out" | tail -n 1)
    if [ -z "$last" ]; then
        echo "$name: ended early with status $status"
        failed=$((failed + 1))
        continue
    fi
    passed=$((passed + $(echo "$last" | sed 's/.*: \([0-9]*\) passed.*/\1/')))
    bad=$(echo "$last" | sed 's/.*, \([0-9]*\) failed/\1/')
    failed=$((failed + bad))
    # a sound count with a bad exit is a crash on the way out
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        echo "$name: exit status $status"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
