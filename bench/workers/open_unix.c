/*
 * open_unix.c - sockets over Unix-domain sockets: the port is that of link_raw.c's name
 */
#define _POSIX_C_SOURCE 200809L
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "open.h"

static const char *place(int port)
{
    static char address[64];

    snprintf(address, sizeof address, "unix:@wdsocket-bench-%d", port);
    return address;
}

int32_t open_server(void)
{
    return WDSocketCreate(NULL, 0, place((int)getpid()));
}

int32_t open_client(int port)
{
    return WDSocketConnect(NULL, 0, place(port), OPEN_WAIT_MS);
}
