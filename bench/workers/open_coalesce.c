/*
 * open_coalesce.c - the library without TLS; what clients write is coalesced
 */
#include <stddef.h>

#include "open.h"

#define COALESCE_MS 5

int32_t open_server(void)
{
    return WDSocketCreate(NULL, 0, "127.0.0.1");
}

int32_t open_client(int port)
{
    int32_t socket = WDSocketConnect(NULL, port, "127.0.0.1", OPEN_WAIT_MS);

    if (socket > 0)
        must("coalesce", WDSocketSetOption(socket, WDS_OPT_COALESCE, COALESCE_MS));
    return socket;
}
