# shellcheck shell=bash
# A real browser, headless Chromium, and a server on the library: browser.c says what its
# pages do. Sourced by websocket.sh, which counts the checks.
# shellcheck disable=SC2154 # common.sh sets them

# start_browser: without a display, an account or a network, in a folder of its own.
start_browser() {
    # The names of a user's folders do not matter to it then.
    HOME=$work XDG_CONFIG_HOME=$work XDG_CACHE_HOME=$work DBUS_SESSION_BUS_ADDRESS=disabled: \
        chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$work/profile" --remote-debugging-port=0 \
        --no-first-run --disable-background-networking --disable-component-update --disable-default-apps --disable-extensions --disable-sync \
        --host-resolver-rules="MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost" --no-proxy-server --ignore-certificate-errors \
        about:blank >"$work/browser.log" 2>&1 &
    running+=("$!")
    # Its second line comes with the file's end.
    until_true 120 grep -q /devtools/browser/ "$work/profile/DevToolsActivePort" || { cat "$work/browser.log"; return 1; }
}

# pages SCHEME COMPRESSION: what all pages and the server have seen.
pages() {
    local certificate='' pid driver status address extensions="no extensions"
    [ "$1" = ws ] || certificate=$work/server.pem
    [ "$2" = 0 ] || extensions='permessage-deflate; server_no_context_takeover; client_no_context_takeover'
    : >"$work/ours"
    timeout 180 "$work/browser" browser.html "$certificate" "$2" >"$work/ours" &
    pid=$!
    running+=("$pid")
    until_true 60 has_line "$work/ours" || { stop "$pid"; return 1; }
    address=$(head -n 1 "$work/ours")
    timeout 180 node browser.js "$work/profile" open "$address"/#{exchange,member,member,member,member,member,refused} &
    driver=$!
    running+=("$driver")
    wait "$pid"
    status=$?
    stop "$driver"
    tail -n +2 "$work/ours" | sort >"$work/said"
    cat "$work/said"
    {
        printf 'exchange: 2000 messages, chat, %s, closed 4001 "assez, é" cleanly\n' "$extensions"
        for _ in 1 2 3 4 5; do say 'member: 100 messages, closed 1001 "à demain" cleanly'; done
        say 'origin: closed 1006 "" with an error'
        say 'path: closed 1006 "" with an error'
        say 'server: 2000 messages, -127, the page closed with 4001 "assez, é"'
    } | sort >"$work/expected"
    [ $status -eq 0 ] && same "$work/expected" "$work/said"
}

# is_picture FILE: a PNG of 720 by 470 points with something in it.
is_picture() {
    local size
    size=$(stat -c %s "$1") || return 1
    say "$size bytes"
    [ "$(od -An -tx1 -N 24 "$1" | tr -d ' \n')" = 89504e470d0a1a0a0000000d49484452000002d0000001d6 ] && [ "$size" -gt 8000 ] && [ "$size" -lt 200000 ]
}

# picture: the example's page in use; docs/img/websocket-page.png was made so.
picture() {
    example websocket_server 0 "$ROOT/examples/websocket_page.html" || return 1
    timeout 300 node browser.js "$work/profile" chat "http://127.0.0.1:$example_port/" "$work/page.png" || { cat "$example_log"; return 1; }
    stop "$example_pid"
    cat "$example_log"
    is_picture "$work/page.png" && grep -q ': Good morning – bonjour à tous$' "$example_log" && grep -q '0 sockets and 0 messages are held' "$example_log"
}

if command -v chromium >/dev/null; then
    check "browser.c and the example compile" compile browser.c "$ROOT/examples/websocket_server.c"
    check "Chromium starts" start_browser
    check "Chromium, ws: messages, a group, close codes, refusals" pages ws 0
    check "Chromium, wss, compressed: messages, a group, close codes, refusals" pages wss 1
    check "Chromium: two pages of the example talk, and a picture of one" picture
else
    say "NOT RUN  WebSocket with a browser: there is no chromium, and its package could not be installed"
fi
