/*
 * linked.c - a program that is linked with the import library, as a C host is.
 */
#include <stdio.h>
#include <string.h>

#include "wdsocket.h"

int main(void)
{
    char got[16];
    int32_t server = WDSocketCreate("server", 0, "127.0.0.1"), port = 0, client, channel, good;

    WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port);
    client = WDSocketConnect("client", port, "127.0.0.1", 10000);
    channel = WDSocketAccept(server, 10000);
    good = WDSocketVersion() == WDSOCKET_VERSION && WDSocketWrite(client, "Hello World", 11) == 11 &&
           WDSocketRead(channel, got, (int32_t)sizeof got, 10000) == 11 && memcmp(got, "Hello World", 12) == 0 &&
           WDSocketCloseAll() == WDS_OK;
    printf("  %s import_library\n", good ? "ok  " : "FAIL");
    printf("linked: %d passed, %d failed\n", good, !good);
    return !good;
}
