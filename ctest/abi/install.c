/*
 * The smallest program that uses the installed library, compiled with what
 * pkg-config says. It checks that header and library are of the same version.
 */
#include <stdio.h>

#include <wdsocket.h>

int main(void)
{
    char name[64];
    int32_t version = WDSocketVersion();
    int32_t server;

    if (version != WDSOCKET_VERSION) {
        fprintf(stderr, "header %d, library %d\n", (int)WDSOCKET_VERSION, (int)version);
        return 1;
    }
    server = WDSocketCreate("install", 0, "127.0.0.1");
    if (server <= 0 || WDSocketName(server, name, (int32_t)sizeof name) != 7) {
        fprintf(stderr, "no server: %d\n", (int)server);
        return 1;
    }
    if (WDSocketClose(server) != WDS_OK || WDSocketCloseAll() != WDS_OK)
        return 1;
    printf("installed version %d works\n", (int)version);
    return 0;
}
