#!/usr/bin/env bash
# The n-th network call fails, for every n: strace makes it fail, nth.c is the
# program. A failing call (EIO) must become a clean error or do no harm; one that
# a signal interrupts (EINTR), where the system may do so, must go unnoticed.
set -u
here=$(cd "$(dirname "$0")" && pwd)
LIBDIR=$(cd "${LIBDIR:?folder with libwdsocket.so}" && pwd) || exit 2
CC=${CC:-gcc}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

"$CC" -std=c99 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -pedantic -I"$here/../../include" "$here/nth.c" -o "$work/nth" \
    -L"$LIBDIR" -lwdsocket "-Wl,-rpath,$LIBDIR" -lpthread || exit 1
strace -qq -o "$work/trace" true || {
    echo "strace may not trace programs here; allow it (ptrace) or run as root"
    exit 1
}
sh "$here/../harness/certificates.sh" "$work/certificates" >/dev/null || exit 1

# run SCENARIO TIMEOUT_MS STRACE-OPTIONS...: the exit status of the program.
run() {
    scenario=$1 time=$2
    shift 2
    timeout -k 5 180 strace -f -qq -o "$work/trace" -e trace=%network "$@" \
        "$work/nth" "$scenario" "$time" "$work/certificates/good.pem" "$work/certificates/root.crt" >"$work/out" 2>&1
}

report() { # what was tried, whether it is good
    if [ "$2" = ok ]; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    echo "  FAIL $1: $3"
    sed 's/^/    | /' "$work/out"
    grep -s INJECTED "$work/trace" | tail -n 3 | sed 's/^/    | /'
}

for scenario in stream simple udp tls events; do
    run "$scenario" 20000
    status=$?
    [ "$status" -eq 0 ] && report "$scenario" ok || report "$scenario, nothing injected" bad "exit $status"
    [ "$status" -eq 0 ] || continue
    cp "$work/trace" "$work/all"
    for error in EIO EINTR; do
        calls=%network names=.
        # connect is not among them: it would go on beside an interruption, but not here
        [ "$error" = EIO ] || calls=accept4,sendto,sendmsg,recvfrom,recvmsg names='accept4|send|recv'
        # the most such calls that one thread has made
        most=$(grep -E "^[0-9]+ +($names)" "$work/all" | cut -d' ' -f1 | sort | uniq -c | sort -n | tail -n 1 | awk '{print $1}')
        n=0 hits=0
        while [ "$n" -lt "$most" ]; do
            n=$((n + 1))
            time=1000
            # connect is not among them: it would go on beside an interruption, but not here
        [ "$error" = EIO ] || time=20000
            run "$scenario" "$time" -e "inject=$calls:error=$error:when=$n"
            status=$?
            grep -q INJECTED "$work/trace" && hits=$((hits + 1))
            case $error-$status in
            EIO-0 | EIO-3 | EINTR-0) report "$scenario $error $n" ok ;;
            *) report "$scenario, $error at call $n" bad "exit $status" ;;
            esac
        done
        [ "$hits" -gt 0 ] && report "$scenario $error" ok || report "$scenario, $error" bad "nothing was injected"
        echo "  $scenario: $hits runs in which a call failed with $error"
    done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
