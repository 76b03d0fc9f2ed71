/*
 * open_websocket.c - the library's WebSockets, without TLS and compression
 */
#include <stddef.h>
#include <stdio.h>

#include "open.h"

int32_t open_server(void)
{
    return WDSocketCreate(NULL, 0, "ws://127.0.0.1/");
}

int32_t open_client(int port)
{
    char address[64];

    snprintf(address, sizeof address, "ws://127.0.0.1:%d/", port);
    return WDSocketConnect(NULL, 0, address, OPEN_WAIT_MS);
}
