#!/bin/sh
# guest.sh - the part of the Windows tests that runs where Wine is; run.sh
# starts it, in a chroot for 32 bits.
#
# usage: guest.sh BITS FOLDER LIMIT WINE program ...
#
# FOLDER holds the programs, the DLL and lacking.dll. Prints what each program
# prints, and last "N passed, N failed".
set -u
bits=$1
folder=$2
limit=$3
wine=$4
shift 4
cd "$folder" || exit 2
[ "$bits" = 32 ] && export WINEARCH=win32
# A folder of the tests' own; no browser or .NET is offered for download.
home=$folder/home
mkdir -p "$home" "$folder/tmp"
export HOME="$home" TMPDIR="$folder/tmp" WINEPREFIX="$folder/prefix" WINEDEBUG=-all
export WINEDLLOVERRIDES="mscoree,mshtml=;bcryptprimitives=n"
export CTEST_TEMP="Z:$folder/tmp" CTEST_CERTIFICATES="Z:$folder/certificates" CTEST_LIMIT="$limit" CTEST_LIBRARY="wdsocket$bits.dll"
unset DISPLAY

server=$(dirname "$wine")/wineserver
[ -x "$server" ] || server=$(dirname "$wine")/wineserver$bits
end() { "$server" -k 2>/dev/null; }
trap end EXIT INT TERM
"$server" -p 2>/dev/null
if ! timeout "${WINEBOOT_LIMIT:-600}" "$wine" wineboot -i >"$folder/wineboot.log" 2>&1; then
    echo "Wine does not start:"
    cat "$folder/wineboot.log"
    exit 2
fi

# shown: the output of $title; what fails for a lack of Wine's own, as lacking.txt says,
# says so.
shown() {
    tr -d '\r' <"$folder/$title.out" | awk -v title="$title" '
        NR == FNR { if ($1 == title) known[$2] = 1; next }
        $1 == "FAIL" && $2 in known { sub(/FAIL/, "lack"); $0 = $0 ", a lack of Wine" }
        { print }' lacking.txt -
}

# as_ours TITLE: the output of the tests in Go in the form of those in C.
as_ours() {
    tr -d '\r' <"$1.out" >"$1.log"
    awk -v title="$1" '$2 == "PASS:" && /^---/ { print "  ok   " $3; good++ }
        $2 == "FAIL:" && /^---/ { bad++ }
        $2 == "PASS:" || $1 == "===" { next }
        $2 == "FAIL:" && /^---/ { print "  FAIL " $3; next }
        { print }
        END { if (good + bad > 0) printf "%s: %d passed, %d failed\n", title, good, bad }' "$1.log" >"$1.out"
}

passed=0
failed=0
unsteady=
# once TITLE COMMAND: its output, and what it counts into good and bad.
once() {
    title=$1
    shift
    echo "$title ($bits bits)"
    begun=$(date +%s)
    timeout -k 5 $((limit * 4)) "$wine" "$@" >"$folder/$title.out" 2>&1
    status=$?
    case $title in
    core | poll | transport | safefile | route | wdsock) as_ours "$title" ;;
    pascal) sed 's/^[0-9]* passed, [0-9]* failed/pascal: &/' pascal.out >pascal.log && mv pascal.log pascal.out ;;
    esac
    shown >"$folder/$title.shown"
    cat "$folder/$title.shown"
    echo "took $(($(date +%s) - begun)) s: $title ($bits bits)"
    last=$(grep '^[a-z_0-9.]*: [0-9]* passed, [0-9]* failed$' "$folder/$title.shown" | tail -n 1)
    good=0 bad=1
    if [ -z "$last" ]; then
        echo "$title: ended early with status $status"
        return
    fi
    good=$(echo "$last" | sed 's/.*: \([0-9]*\) passed.*/\1/')
    bad=$(echo "$last" | sed 's/.*, \([0-9]*\) failed/\1/')
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        echo "$title: exit status $status"
        bad=1
    else
        bad=$((bad - $(grep -c '^ *lack ' "$folder/$title.shown")))
    fi
}

# run TITLE COMMAND: counts it. What fails is run once more, but for those that
# have a partner: Wine is slow in its own ways, and the same sources run on Linux
# where nothing is run twice. What was different the second time is told at the end.
run() {
    once "$@"
    case $1 in
    interop*) ;;
    *)
        if [ "$bad" -ne 0 ]; then
            echo "$1 ($bits bits) failed and is run again"
            once "$@"
            [ "$bad" -ne 0 ] || unsteady="$unsteady $1"
        fi
        ;;
    esac
    passed=$((passed + good))
    failed=$((failed + bad))
}

# Before the library that Wine lacks is there: the DLL must refuse to load.
system=$WINEPREFIX/drive_c/windows/system32
rm -f "$system/bcryptprimitives.dll"
for name in "$@"; do
    if [ "$name" = refuse ]; then run refuse ./refuse.exe "wdsocket$bits.dll"; fi
done
cp lacking.dll "$system/bcryptprimitives.dll"
for name in "$@"; do
    case $name in
    refuse) ;;
    interop) # see other_end.sh
        until [ "$(cat linux.ports 2>/dev/null | wc -w)" -eq 16 ] || [ -e linux.ended ]; do sleep 0.1; done
        [ ! -e linux.ended ] || echo "the other end of interop (Linux) has ended before its servers had a client"
        # shellcheck disable=SC2046 # sixteen numbers
        run interop_talk ./interop.exe talk cert.pem $(cat linux.ports)
        : >talked
        run interop_serve ./interop.exe serve both.pem windows.ports linux.ended
        ;;
    core) # what queues are made of, on the system's own sockets, and a peer of TLS that C's tests have with OpenSSL only
        run core ./core.exe -test.v -test.timeout "$((limit * 3))s" \
            -test.run '^Test(Queue(Tells|Byte|Many|Raw|Gap|UDP|Send|Managed|Requests|Hands|Reset|IsWoken|Client|Arguments)|Timer|RandomEvents$|KeyUpdates|NothingIsAllocated|CollectingAllocates|PublishAllocates)'
        ;;
    poll | transport | route) run "$name" "./$name.exe" -test.v -test.timeout "$((limit * 3))s" ;;
    safefile) # Wine does not remove the files that Go makes, and shows no links as links
        run safefile ./safefile.exe -test.v -test.timeout "$((limit * 3))s" -test.run "^Test(Devices|WhatHangs)" ;;
    wdsock) # all but what reads the guide, which is not there; the program in processes, too
        export WDSOCK="Z:$folder/wdsock.exe"
        run wdsock ./wdsock_test.exe -test.v -test.timeout "$((limit * 3))s" -test.skip '^TestTheGuide'
        ;;
    calls) run calls ./calls.exe "wdsocket$bits.dll" ;;
    *) run "$name" "./$name.exe" ;;
    esac
done
if [ -n "$unsteady" ]; then echo "failed once and then passed ($bits bits):$unsteady"; fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
