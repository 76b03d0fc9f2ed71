#!/bin/bash
# run.sh - builds the C tests for Windows, from the sources that are used on
# Linux too, and runs them under Wine against the DLLs.
#
# usage: [BITS="64 32"] ctest/windows/run.sh [program ...]
#
#   DIST     folder with windows-386 and windows-amd64, default ../../dist
#   BITS     which, default "64 32"
#   BUILD    where programs and Wine folders go, default a temporary folder
#   LIMIT    seconds for each program, default 300; it stretches them on a machine with other work, Go tests have three times as much
#   TOTAL    seconds for all of one bitness, default 2400
#   WINE32   a folder with a Debian of architecture i386 and Wine in it, used
#            where no 32-bit Wine is installed; "fetch.sh" makes it
#   EMULATED a folder made by "emulated/fetch.sh": 32 bits run in an emulated
#            machine, which takes several times as long
set -u
# Wine names files in the character set of the locale: é has to be in it.
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd)
dist=$(cd "${DIST:-$here/../../dist}" && pwd) || exit 2
LIMIT=${LIMIT:-300}
TOTAL=${TOTAL:-2400}
WINE32=${WINE32:-/var/cache/wdsocket-wine32}
EMULATED=${EMULATED:-}
if [ -z "${BUILD:-}" ]; then
    BUILD=$(mktemp -d) || exit 2
    trap 'rm -rf "$BUILD"' EXIT
fi
mkdir -p "$BUILD" && BUILD=$(cd "$BUILD" && pwd) || exit 2
tests=$here/..
# Calls into Go are dear under Wine: the long tests are made shorter.
export CTEST_DIVIDE=${CTEST_DIVIDE:-10} CTEST_CLIENTS=${CTEST_CLIENTS:-200} CTEST_MESSAGES=${CTEST_MESSAGES:-5}
export CTEST_BYTES=${CTEST_BYTES:-200} CTEST_EVENT_CLIENTS=${CTEST_EVENT_CLIENTS:-200} CTEST_CROWD=${CTEST_CROWD:-300}

# Closing in order asks the system for its table of connections, which is dear
# under Wine while thousands of the programs with many clients are left in it: what
# measures such closing comes first.
all="refuse calls linked msvc coalesce groups interop crowd poll transport core safefile route wdsock connect proxy websocket stream local modes originals described exchange single_read guess simple_server standard_server proxyheader udp arguments text life load log capture faults
    mistakes pascal events events_tls statistics window asynchronous callback floats descriptor selftest examples many reconnect silence tls tls_use tls_upgrade slowloris wakeup wakeup_tls paths_tls names_tls pem_files_tls refusals_tls log_tls scope_tls refused_writer_tls crowding_tls tickets_tls small_reads memory_hogs announced_tls discard_tls noise_tls exchange_noise_tls proxyheader_tls random_abi_tls closing_tls close_all_tls key_updates_tls reconnect_tls store"

# source_of PROGRAM: its source among those for Windows, for all systems, or with hostile ends.
source_of() {
    local file
    for file in "$here/$1.c" "$tests/$1.c" "$tests/hostile/$1.c"; do
        if [ -f "$file" ]; then echo "$file"; return; fi
    done
}

# certified PROGRAM: whether it needs certificates.
certified() {
    local file
    file=$(source_of "$1")
    [ -n "$file" ] && grep -q '"certificates.h"' "$file"
}

# compile BITS: everything into BUILD/BITS.
compile() {
    local bits=$1 out=$BUILD/$1 triplet arch lib name
    shift
    case $bits in
    32) triplet=i686-w64-mingw32 arch=386 lib=$dist/windows-386 ;;
    64) triplet=x86_64-w64-mingw32 arch=amd64 lib=$dist/windows-amd64 ;;
    *) echo "BITS is 32 or 64" >&2; return 2 ;;
    esac
    rm -rf "$out"
    mkdir -p "$out"
    cp "$lib/wdsocket$bits.dll" "$out/" || return 1
    local source cc="$triplet-gcc -std=c99 -Wall -Wextra -Werror -pedantic -Wno-pedantic-ms-format -D__USE_MINGW_ANSI_STDIO=1 -g -static -I$tests/harness -I$tests/../include -I$here"
    local import="$lib/wdsocket$bits.lib"
    $triplet-gcc -Wall -Wextra -Werror -shared -o "$out/lacking.dll" "$here/lacking.c" -Wl,--kill-at -ladvapi32 || return 1
    # The harness; what calls the library is left out where a program loads that itself.
    local shared=() alone=() system="-lws2_32 -lwinmm"
    for source in "$tests"/harness/*.c; do
        name=$(basename "$source" .c)
        $cc -c -o "$out/$name.o" "$source" || return 1
        shared+=("$out/$name.o")
        case $name in library | certificates | logfile) ;; *) alone+=("$out/$name.o") ;; esac
    done
    for name in "$@"; do
        if certified "$name"; then sh "$tests/harness/certificates.sh" "$out/certificates" || return 1; break; fi
    done
    case " $* " in *" store "*)
        openssl pkcs12 -export -legacy -in "$out/certificates/rsa.pem" -passout pass:secret -out "$out/certificates/store.pfx" || return 1 ;;
    esac
    for name in "$@"; do
        source=$(source_of "$name")
        case $name in
        refuse | calls) $cc -o "$out/$name.exe" "$source" ;;
        interop | crowd) $cc -o "$out/$name.exe" "$source" "$import" ;;
        cost) $cc -O2 -o "$out/cost.exe" "$tests/../bench/windows/cost.c" "$import" ;; # no test: for bench/windows/run.sh
        store) $cc -o "$out/store.exe" "$source" "${shared[@]}" "$import" $system -lcrypt32 -ladvapi32 ;;
        examples)
            local example
            for example in event_echo event_chat local_service local_client; do
                $cc -o "$out/$example.exe" "$tests/../examples/$example.c" "$import" || return 1
            done
            $cc -o "$out/examples.exe" "$source" "${alone[@]}" $system
            ;;
        core) GOOS=windows GOARCH=$arch go test -c -o "$out/core.exe" "$tests/../core" ;;
        poll | transport | route | safefile) GOOS=windows GOARCH=$arch go test -c -o "$out/$name.exe" "$tests/../core/$name" ;;
        wdsock) # the program itself, which takes no DLL, and its tests
            CGO_ENABLED=0 GOOS=windows GOARCH=$arch go build -C "$tests/../cmd/wdsock" -trimpath -buildvcs=false -o "$out/wdsock.exe" . &&
                CGO_ENABLED=0 GOOS=windows GOARCH=$arch go test -C "$tests/../cmd/wdsock" -c -o "$out/wdsock_test.exe" .
            ;;
        linked) $cc -o "$out/$name.exe" "$source" "$import" ;;
        pascal) sh "$here/pascal.sh" "$bits" "$BUILD/pascal" "$tests/../hosts/test/class_test.pas" "$out/pascal.exe" "$tests/../hosts/pascal" ;;
        msvc) sh "$here/msvc.sh" "$bits" "$lib" "$out" ;;
        load) $cc -o "$out/load.exe" "$source" "${alone[@]}" $system ;;
        originals) $cc -o "$out/$name.exe" "$source" "$tests"/originals/{model,twin,script}.c "${shared[@]}" "$import" $system ;;
        *) $cc -o "$out/$name.exe" "$source" "${shared[@]}" "$import" $system ;;
        esac || echo "$name.exe does not build"
    done
}

# linux: what the other end of the conversations is, into BUILD/linux: the
# program, the shared object, and a certificate for both.
linux() {
    local so
    so=$(cd "$dist/linux-$(go env GOARCH)" && pwd) || return 1
    rm -rf "$BUILD/linux"
    mkdir -p "$BUILD/linux"
    cp "$so/libwdsocket.so" "$BUILD/linux/" && ln -sf libwdsocket.so "$BUILD/linux/libwdsocket.so.1"
    ${CC:-gcc} -std=c99 -Wall -Wextra -Werror -pedantic -I"$tests/../include" -o "$BUILD/linux/interop" "$here/interop.c" \
        -L"$BUILD/linux" -lwdsocket -lpthread -Wl,-rpath,"$BUILD/linux" || return 1
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=interop" \
        -addext "subjectAltName=IP:127.0.0.1" -keyout "$BUILD/linux/key.pem" -out "$BUILD/linux/cert.pem" 2>/dev/null || return 1
    cat "$BUILD/linux/cert.pem" "$BUILD/linux/key.pem" >"$BUILD/linux/both.pem"
}

# guest BITS FOLDER COMMAND...: the tests where Wine is, and the other end of
# interop beside them; its result is added to the last line.
guest() {
    local bits=$1 folder=$2 other='' status
    shift 2
    if [ -f "$folder/both.pem" ]; then
        {
            sh "$here/other_end.sh" "$BUILD/linux" "$folder"
            : >"$folder/linux.ended"
        } >"$BUILD/$bits.linux" 2>&1 &
        other=$!
    fi
    "$@"
    status=$?
    : >"$folder/talked"
    : >"$folder/windows.ended"
    [ -z "$other" ] || wait "$other"
    return $status
}

# first COMMAND...: the first that exists.
first() {
    local f
    for f in "$@"; do
        if [ -x "$f" ]; then echo "$f"; return 0; fi
    done
    return 1
}

# within FOLDER COMMAND...: in a chroot with what a process needs. The mounts
# are in a name space of their own and go with it.
within() {
    local root=$1
    shift
    # shellcheck disable=SC2016 # the inner shell expands
    unshare --mount sh -c 'root=$1; shift
        mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && exec chroot "$root" "$@"' within "$root" "$@"
}

# run BITS PROGRAM...: what is compiled, in this process's surroundings.
run() {
    local bits=$1 wine
    shift
    cp "$here/guest.sh" "$here/lacking.txt" "$BUILD/$bits/"
    if [ "$bits" = 64 ]; then
        wine=$(first /usr/lib/wine/wine64 /usr/bin/wine64) || { echo "no 64-bit Wine"; return 2; }
        guest 64 "$BUILD/64" sh "$BUILD/64/guest.sh" 64 "$BUILD/64" "$LIMIT" "$wine" "$@"
    elif [ -n "$EMULATED" ]; then
        if [ -f "$BUILD/32/both.pem" ]; then cp -a "$BUILD/linux" "$here/other_end.sh" "$BUILD/32/"; fi
        sh "$here/emulated/machine.sh" "$EMULATED" "$BUILD/32" "$LIMIT" "$@"
        local status=$?
        [ ! -f "$BUILD/32/both.pem" ] || mv "$BUILD/32/linux.out" "$BUILD/32.linux"
        return $status
    elif wine=$(first /usr/lib/wine/wine /usr/lib/i386-linux-gnu/wine/wine); then
        guest 32 "$BUILD/32" sh "$BUILD/32/guest.sh" 32 "$BUILD/32" "$LIMIT" "$wine" "$@"
    elif [ -x "$WINE32/usr/lib/wine/wine" ]; then
        # localhost has to be known there too
        cp /etc/hosts "$WINE32/etc/hosts"
        rm -f "$BUILD/32"/*.o
        cp -a "$BUILD/32/." "$INSIDE/"
        guest 32 "$INSIDE" within "$WINE32" sh "${INSIDE#"$WINE32"}/guest.sh" 32 "${INSIDE#"$WINE32"}" "$LIMIT" /usr/lib/wine/wine "$@"
    else
        echo "no 32-bit Wine: linked wine32, or run ctest/windows/fetch.sh as root"
        return 2
    fi
}

# alone COMMAND...: with a network of its own, where nothing but the tests is, and with
# processes of its own, which all end with it. Where that is not allowed the
# command runs as it is.
# Wine finds the program of a connection by looking at all that its programs have open,
# which closing in order then waits for: connections that are over, and only remembered by
# the system, are taken out of its table where they are many.
alone() {
    # shellcheck disable=SC2016 # the inner shell expands
    local enter='ip link set lo up || exit
        while sleep 1; do
            [ "$(ss -H -t -n state time-wait | wc -l)" -lt 50 ] || ss -K -H -t -n state time-wait
        done >/dev/null 2>&1 &
        exec "$@"'
    if unshare --net --pid --fork --kill-child --mount-proc sh -c "$enter" alone true 2>/dev/null; then
        timeout -k 10 "$TOTAL" unshare --net --pid --fork --kill-child --mount-proc sh -c "$enter" alone "$@"
    else
        timeout -k 10 "$TOTAL" "$@"
    fi
}

if [ "${1:-}" = --run ]; then # in the surroundings that "alone" makes
    shift
    run "$@"
    exit
fi

# shellcheck disable=SC2086 # a list of names
[ $# -gt 0 ] || set -- $all
case " $* " in *" interop "*)
    linux || { echo "the other end of interop does not build"; exit 2; }
    sh "$here/ends.sh" "$BUILD/linux" || exit 2 ;;
esac

# bitness BITS PROGRAM...: all of one bitness; its output goes into BUILD/BITS.out.
bitness() {
    local bits=$1
    compile "$@" || { echo "$bits bits: cannot be compiled"; return 2; }
    case " $* " in *" interop "*) cp "$BUILD/linux/cert.pem" "$BUILD/linux/both.pem" "$BUILD/$bits/" ;; esac
    export BUILD LIMIT WINE32 EMULATED INSIDE=
    rm -f "$BUILD/$bits.linux"
    # Even if the tests are cut short nothing of them stays in the other Debian.
    if [ "$bits" = 32 ] && [ -z "$EMULATED" ] && [ -d "$WINE32/tmp" ]; then INSIDE=$(mktemp -d "$WINE32/tmp/wdsocket.XXXXXX"); fi
    alone bash "$here/run.sh" --run "$@"
    local status=$?
    [ -z "$INSIDE" ] || rm -rf "$INSIDE"
    return $status
}

# Both at the same time: much of the tests is waiting.
begun=$SECONDS
declare -A jobs=()
for bits in ${BITS:-64 32}; do
    bitness "$bits" "$@" >"$BUILD/$bits.out" 2>&1 &
    jobs[$bits]=$!
done

passed=0
failed=0
for bits in ${BITS:-64 32}; do
    wait "${jobs[$bits]}"
    status=$?
    cat "$BUILD/$bits.out"
    # Programs of the guest in its own line, both halves of interop here.
    counted=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$BUILD/$bits.out")
    if [ -z "$counted" ]; then
        echo "$bits bits: ended early with status $status"
        failed=$((failed + 1))
        continue
    fi
    if [ -f "$BUILD/$bits.linux" ]; then
        echo "the other end of interop (Linux)"
        cat "$BUILD/$bits.linux"
        counted="$counted
$(sed -n 's/^interop: //p' "$BUILD/$bits.linux")"
        [ "$(grep -c '^interop: 16 passed, 0 failed' "$BUILD/$bits.linux")" = 2 ] || failed=$((failed + 1))
    fi
    passed=$((passed + $(echo "$counted" | awk '{ n += $1 } END { print n + 0 }')))
    failed=$((failed + $(echo "$counted" | awk '{ n += $3 } END { print n + 0 }')))
done
echo "$((SECONDS - begun)) s"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
