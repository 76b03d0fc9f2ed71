#include <stddef.h>

#include "open.h"

int32_t open_server(void)
{
    return WDSocketCreate(NULL, 0, "127.0.0.1");
}

int32_t open_client(int port)
{
    return WDSocketConnect(NULL, port, "127.0.0.1", OPEN_WAIT_MS);
}
