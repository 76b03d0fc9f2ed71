#!/bin/sh
# ends.sh - the Linux half of interop, whose other end ends before it has sent a client
# or opened a server: it has to say so, and to end.
#
# usage: ends.sh LINUX
linux=$1
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
timeout 120 sh "$(dirname "$0")/other_end.sh" "$linux" "$folder" >"$folder/out" 2>&1 &
half=$!
until [ "$(cat "$folder/linux.ports" 2>/dev/null | wc -w)" -eq 16 ] || ! kill -0 "$half" 2>/dev/null; do sleep 0.1; done
: >"$folder/talked"
: >"$folder/windows.ended"
wait "$half"
for text in "FAIL serving mode 0" "the other end has ended, and its client has not come" "the other end (Windows) has ended, and has opened no servers"; do
    grep -qF "$text" "$folder/out" && continue
    echo "interop does not say that its other end has ended; it says:"
    cat "$folder/out"
    exit 1
done
