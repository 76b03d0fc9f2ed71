# shellcheck shell=bash
title="Real peers with WebSocket"
packages=(build-essential openssl python3 python3-websockets nodejs node-ws)
optional=(chromium fonts-dejavu-core)
needs=(native)

run() {
    LIBDIR=$root/$native CC=$CC ctest/peers/websocket.sh
}
