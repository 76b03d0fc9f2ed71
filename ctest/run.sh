#!/bin/sh
# run.sh - builds the C tests and runs each program in its own process, some beside each
# other.
#
# usage: [LIBDIR=folder with libwdsocket.so] [MODE=plain|asan|race] run.sh [program ...]
#
#   LIBDIR   default ../dist/linux-ARCH
#   MODE     plain (default), or asan: the programs with AddressSanitizer, against
#            a library made by go build -asan -buildmode=c-shared, or race: the
#            programs with LIBDIR/libwdsocket.a, made by go build -race -buildmode=c-archive
#   CTEST_CERTIFICATES  folder made by certificates.sh, default a new one
#   BUILD    where the programs go, default a temporary folder
#   JOBS     how many programs are built and run at a time, default 2: many of them wait
#   LIMIT    seconds for each program, default 300 (asan and race: 400); a program stretches it on a machine with other work
#   CC, CXX  the compilers
#   RUN      what runs the programs of another processor: "qemu-aarch64-static -L FOLDER"
#   CTEST_WITHOUT  tests that it cannot run, "udp/groups udp/on_a_group"; each is named in the output
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
    CTEST_DIVIDE=${CTEST_DIVIDE:-10} CTEST_CLIENTS=${CTEST_CLIENTS:-200} CTEST_MESSAGES=${CTEST_MESSAGES:-25}
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
[ -z "${RUN:-}" ] || export CTEST_RUN="$RUN"
export CTEST_LIMIT=$LIMIT CTEST_LIBRARY="$LIBDIR/libwdsocket.so"
# the certificates of the TLS tests, made anew for each run unless a folder is given
CTEST_CERTIFICATES=${CTEST_CERTIFICATES:-$BUILD/tmp/certificates}
export CTEST_CERTIFICATES
[ -f "$CTEST_CERTIFICATES/complete" ] || sh "$here/harness/certificates.sh" "$CTEST_CERTIFICATES" || exit 1

# The harness; what calls the library is left out where a program loads that itself.
alone='' shared=''
for source in "$here"/harness/*.c; do
    part=$(basename "$source" .c)
    # shellcheck disable=SC2086 # words
    $CC -std=c99 $warn -c -o "$BUILD/$part.o" "$source" || exit 1
    shared="$shared $BUILD/$part.o"
    case $part in
    library | certificates | logfile) ;;
    *) alone="$alone $BUILD/$part.o" ;;
    esac
done

# The programs; those in "hostile" play a hostile host or a hostile peer.
everything=$(for source in "$here"/*.c "$here"/hostile/*.c; do basename "$source" .c; done)
names=${*:-$everything cxx98 cxx17 cxx_header}
for name in $names; do rm -f "$BUILD/$name.count"; done
export BUILD CC CXX LIMIT warn link alone shared
export RUN="${RUN:-}"
# shellcheck disable=SC2086 # words
printf '%s\n' $names | xargs -n 1 -P "${JOBS:-2}" sh "$here/one.sh"

passed=0
failed=0
for name in $names; do
    good=0 bad=1
    if [ -f "$BUILD/$name.count" ]; then
        read -r good bad <"$BUILD/$name.count"
    else
        echo "$name: was not run"
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
