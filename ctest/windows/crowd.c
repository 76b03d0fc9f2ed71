/*
 * crowd.c - two thousand sockets in one process: a server, its thousand
 * channels, and their clients
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wdsocket.h"

#define CLIENTS 1000

static int32_t clients[CLIENTS], channels[CLIENTS];

static int failed_with(const char *what, int i)
{
    char text[1000] = "";

    WDSocketErrorInfo(0, WDS_INFO_DETAIL, text, (int32_t)sizeof text);
    printf("    %s, number %d: %s\n", what, i, text);
    return 0;
}

static int crowd(void)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), port = 0;
    int64_t sockets = 0;
    char message[32], answer[32];
    int i;

    WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port);
    for (i = 0; i < CLIENTS; i++) {
        clients[i] = WDSocketConnect(NULL, port, "127.0.0.1", 30000);
        if (clients[i] <= 0)
            return failed_with("connecting", i);
        channels[i] = WDSocketAccept(server, 30000);
        if (channels[i] <= 0)
            return failed_with("accepting", i);
    }
    if (WDSocketGetNumber(0, WDS_NUM_SOCKETS, &sockets) != WDS_OK || sockets != 2 * CLIENTS + 1)
        return failed_with("counting", (int)sockets);
    for (i = 0; i < CLIENTS; i++) {
        int32_t length = (int32_t)sprintf(message, "client %d", i);

        if (WDSocketWrite(clients[i], message, length) != length)
            return failed_with("writing", i);
    }
    for (i = CLIENTS - 1; i >= 0; i--) {
        int32_t length = (int32_t)sprintf(message, "client %d", i);

        if (WDSocketRead(channels[i], answer, (int32_t)sizeof answer, 30000) != length || memcmp(answer, message, (size_t)length) != 0)
            return failed_with("reading", i);
    }
    return 1;
}

/* All two thousand in one queue: a message goes to each channel and comes back. */
static int one_queue(void)
{
    int32_t queue = WDSocketNewQueue(), events[64][8], count, length;
    char message[32], answer[32];
    int i, back = 0;

    for (i = 0; i < CLIENTS; i++) {
        WDSocketSetOption(clients[i], WDS_OPT_USER_NUMBER, i);
        WDSocketSetOption(channels[i], WDS_OPT_USER_NUMBER, -1);
        if (WDSocketAttach(queue, clients[i], WDS_ATTACH_PLAIN) != WDS_OK || WDSocketAttach(queue, channels[i], WDS_ATTACH_PLAIN) != WDS_OK)
            return failed_with("attaching", i);
    }
    for (i = 0; i < CLIENTS; i++) {
        length = (int32_t)sprintf(message, "again %d", i);
        if (WDSocketWrite(clients[i], message, length) != length)
            return failed_with("writing again", i);
    }
    while (back < CLIENTS) {
        count = WDSocketNextEvents(queue, 30000, events, (int32_t)sizeof events[0], 64);
        if (count <= 0)
            return failed_with("waiting for events", back);
        for (i = 0; i < count; i++) {
            int32_t socket = events[i][0], user = events[i][4];

            length = WDSocketRead(socket, answer, (int32_t)sizeof answer, 0);
            if (events[i][1] != WDS_EVENT_MESSAGE || length != events[i][2])
                return failed_with("reading after an event", back);
            if (user < 0) {
                if (WDSocketWrite(socket, answer, length) != length)
                    return failed_with("writing back", back);
                continue;
            }
            if (length != (int32_t)sprintf(message, "again %d", (int)user) || memcmp(answer, message, (size_t)length) != 0)
                return failed_with("comparing", (int)user);
            back++;
        }
    }
    return WDSocketClose(queue) == WDS_OK;
}

int main(void)
{
    int good = crowd() && one_queue();

    if (WDSocketCloseAll() != WDS_OK)
        good = failed_with("closing", 0);
    printf("  %s two_thousand_sockets\n", good ? "ok  " : "FAIL");
    printf("crowd: %d passed, %d failed\n", good, !good);
    return !good;
}
