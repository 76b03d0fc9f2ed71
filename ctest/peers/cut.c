/*
 * A client on a line that is cut: says "ready" once it is connected, waits for a
 * line on its input, and tells whether its read noticed that the peer is gone.
 *
 * usage: cut HOST PORT idle|write
 * idle reads while nothing is on its way, write after sending something that
 * nobody acknowledges. Keep-alive is set to three seconds in all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wdsocket.h>

static int failed(const char *what)
{
    char text[500];

    WDSocketErrorInfo(0, WDS_INFO_DETAIL, text, (int32_t)sizeof text);
    printf("%s: %s\n", what, text);
    return 1;
}

int main(int argc, char **argv)
{
    char got[100];
    int32_t socket, result;
    time_t began;
    double took;

    if (argc != 4)
        return 2;
    socket = WDSocketNew(NULL);
    if (WDSocketSetOption(socket, WDS_OPT_KEEPALIVE_IDLE, 1000) != WDS_OK || WDSocketSetOption(socket, WDS_OPT_KEEPALIVE_INTERVAL, 1000) != WDS_OK ||
        WDSocketSetOption(socket, WDS_OPT_KEEPALIVE_COUNT, 2) != WDS_OK)
        return failed("options");
    if (WDSocketOpen(socket, WDS_KIND_CLIENT, atoi(argv[2]), argv[1], 10000) != WDS_OK)
        return failed("open");
    puts("ready");
    fflush(stdout);
    if (fgets(got, (int)sizeof got, stdin) == NULL)
        return 2;
    if (strcmp(argv[3], "write") == 0 && WDSocketWrite(socket, "are you there", -1) < 0)
        return failed("write");
    began = time(NULL);
    result = WDSocketRead(socket, got, (int32_t)sizeof got, 30000);
    took = difftime(time(NULL), began);
    printf("%s: %d after %.0f s\n", argv[3], (int)result, took);
    if (result != WDS_E_RESET || took > 10)
        return failed("the read");
    return WDSocketCloseAll() == WDS_OK ? 0 : 1;
}
