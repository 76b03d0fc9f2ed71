#!/usr/bin/env bash
# A line that is cut while nothing, or something, is on its way: the client
# notices within its time, in a read and in a queue. A peer that only does not
# read is not taken for gone. Two network namespaces of our own stand for the two
# machines; needs root.
set -u
here=$(cd "$(dirname "$0")" && pwd)
LIBDIR=$(cd "${LIBDIR:?folder with libwdsocket.so}" && pwd) || exit 2
CC=${CC:-gcc}
work=$(mktemp -d) || exit 2
near=wds-near-$$
far=wds-far-$$
server=
passed=0
failed=0

clean() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    ip netns del "$near" 2>/dev/null
    ip netns del "$far" 2>/dev/null
    rm -rf "$work"
}
trap clean EXIT

"$CC" -std=c99 -Wall -Wextra -Werror -pedantic -I"$here/../../include" "$here/cut.c" -o "$work/cut" \
    -L"$LIBDIR" -lwdsocket "-Wl,-rpath,$LIBDIR" || exit 1
{ ip netns add "$near" && ip netns add "$far" &&
    ip link add "near$$" netns "$near" type veth peer name "far$$" netns "$far" &&
    ip -n "$near" addr add 192.0.2.1/24 dev "near$$" && ip -n "$far" addr add 192.0.2.2/24 dev "far$$" &&
    ip -n "$near" link set "near$$" up && ip -n "$far" link set "far$$" up; } || exit 1
for how in idle write queue-idle queue-write full slow; do
    # one server for each cut: it sits on the dead connection and is ended by its id
    case $how in
    full | slow) nsenter --net="/run/netns/$far" socat -u TCP4-LISTEN:5000,bind=192.0.2.2,reuseaddr EXEC:"sleep 100" >/dev/null 2>&1 & ;;
    *) nsenter --net="/run/netns/$far" socat -u TCP4-LISTEN:5000,bind=192.0.2.2,reuseaddr OPEN:/dev/null >/dev/null 2>&1 & ;;
    esac
    server=$!
    for _ in $(seq 600); do
        nsenter --net="/run/netns/$far" ss -ltn | grep -q 192.0.2.2:5000 && break
        sleep 0.1
    done
    mkfifo "$work/go.$how"
    nsenter --net="/run/netns/$near" "$work/cut" 192.0.2.2 5000 "$how" <"$work/go.$how" >"$work/out.$how" 2>&1 &
    client=$!
    exec 7>"$work/go.$how"
    for _ in $(seq 600); do
        grep -q ready "$work/out.$how" && break
        kill -0 "$client" 2>/dev/null || break
        sleep 0.1
    done
    echo cut >&7
    [ "$how" = slow ] || ip -n "$far" link set "far$$" down
    echo go >&7
    if wait "$client"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
    exec 7>&-
    tail -n +2 "$work/out.$how"
    kill "$server"
    wait "$server" 2>/dev/null
    server=
    ip -n "$far" link set "far$$" up
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
