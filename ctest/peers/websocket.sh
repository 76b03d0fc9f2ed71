#!/usr/bin/env bash
# Runs the library's WebSocket, client and server, against Python's package websockets,
# node's ws, and pages in Chromium (browser.sh), plain and with TLS, with and without
# compression. wdsock talks to their servers, too.
#
#   LIBDIR  folder with libwdsocket.so (required)
#   CC      compiler, gcc unless set
#   KEEP    1 keeps the folder with all files, and tells its name
#
# Every peer gets a free port, private files in a temporary folder, and is
# stopped by its own process id.

# shellcheck source=ctest/peers/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh" || exit 1
# shellcheck source=ctest/peers/wdsock.sh
. ./wdsock.sh || exit 1
export LC_ALL=C.UTF-8
PYTHON=/usr/bin/python3 # the system's, which has Debian's packages

need_command openssl openssl
need_command node nodejs
need $PYTHON python3
need /usr/share/nodejs/ws node-ws
need /usr/lib/python3/dist-packages/websockets python3-websockets
enough

certificates() { make_authority "$work" && make_certificate "$work" server serverAuth IP:127.0.0.1 -algorithm EC -pkeyopt ec_paramgen_curve:P-256; }

# their PEER ARGUMENTS: the program at the other end.
their() {
    case $1 in
    python) exec timeout 180 $PYTHON "$ROOT/ctest/peers/websocket.py" "${@:2}" ;;
    node) exec timeout 180 node "$ROOT/ctest/peers/websocket.js" "${@:2}" ;;
    esac
}

# said FILE LINE...: what a program printed behind its first line.
said() {
    local file=$1
    shift
    tail -n +2 "$file" >"$work/said"
    printf '%s\n' "$@" >"$work/expected"
    cat "$work/said"
    same "$work/expected" "$work/said"
}

# wdsock_talks URL COMPRESSION: messages come back, and doctor says what is there.
wdsock_talks() {
    local set=(--ca "$work/ca.pem" --set "WEBSOCKET_HEADERS=X-Test: yes" --set "WEBSOCKET_COMPRESSION=$2" --set WEBSOCKET_PROTOCOLS=chat)
    wdsock_gets '^two é$' -f size "${set[@]}" "$1" one 'two é' &&
        doctor_tells 0 "$1" "${set[@]}" --send hello -- 'port open: .*' 'WebSocket yes, sub-protocol chat.*' 'asked hello -> "?hello"?'
}

# our_client PEER SCHEME COMPRESSION: our client, their server.
our_client() {
    local certificate='' authority='' pid status
    [ "$2" = ws ] || { certificate=$work/server.pem authority=$work/ca.pem; }
    : >"$work/theirs"
    (their "$1" server "$certificate" "$3") >"$work/theirs" &
    pid=$!
    running+=("$pid")
    until_true 60 has_line "$work/theirs" || { stop "$pid"; return 1; }
    timeout 180 "$work/websocket" client "$2://127.0.0.1:$(port_in "$work/theirs")/echo" "$authority" "$3" >"$work/ours"
    status=$?
    until_true 60 grep -q 'closed 4002' "$work/theirs"
    cp "$work/theirs" "$work/heard"
    wdsock_talks "$2://127.0.0.1:$(port_in "$work/theirs")/echo" "$3" || status=1
    stop "$pid"
    cat "$work/ours"
    [ $status -eq 0 ] && said "$work/heard" "closed 4001 go, é" "closed 4002 au revoir, é" && grep -q '^closed 4001 go, é$' "$work/ours" && grep -q '^refused: .* it answered "4' "$work/ours"
}

# our_server PEER SCHEME COMPRESSION: their client, our server.
our_server() {
    local certificate='' authority='' pid status
    [ "$2" = ws ] || { certificate=$work/server.pem authority=$work/ca.pem; }
    : >"$work/ours"
    timeout 180 "$work/websocket" server "$certificate" "$3" >"$work/ours" &
    pid=$!
    running+=("$pid")
    until_true 60 has_line "$work/ours" || { stop "$pid"; return 1; }
    (their "$1" client "$2://127.0.0.1:$(port_in "$work/ours")/echo" "$authority" "$3")
    status=$?
    [ $status -eq 0 ] && until_true 60 ended "$pid"
    stop "$pid"
    [ $status -eq 0 ] && said "$work/ours" -127 "closed 4004 fini, é"
}

check "websocket.c compiles" compile websocket.c
check "certificates" certificates
check "wdsock is built" wdsock_builds
[ $failed -eq 0 ] || { result; exit 1; }
for peer in python node; do
    for scheme in ws wss; do
        for compression in 0 1; do
            how=$([ $compression = 1 ] && say ", compressed")
            check "$peer, $scheme$how: our client, their server" our_client $peer $scheme $compression
            check "$peer, $scheme$how: their client, our server" our_server $peer $scheme $compression
        done
    done
done
# shellcheck source=ctest/peers/browser.sh
. ./browser.sh
result
