# shellcheck shell=bash
title="Real peers with WebSocket"
packages=(build-essential openssl python3 python3-websockets nodejs node-ws)
needs=(native)

run() {
    LIBDIR=$root/$native CC=$CC ctest/peers/websocket.sh
}
