/*
 * A client on a line that is cut: says "ready" once it is connected, waits for a
 * line on its input, and tells whether it noticed that the peer is gone.
 *
 * usage: cut HOST PORT idle|write|queue-idle|queue-write|full|slow
 * idle reads while nothing is on its way, write after sending something that
 * nobody acknowledges; queue-idle and queue-write do the same with a queue, full
 * with a send queue that a peer which does not read has filled before. slow is
 * no cut at all: the peer does not read for long, and must not be taken for gone.
 * The peer counts as gone after three seconds.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wdsocket.h>

#define GONE_MS 3000
#define LATE_MS 2000
#define TICK_MS 10

static int failed(const char *what)
{
    char text[500];

    WDSocketErrorInfo(0, WDS_INFO_DETAIL, text, (int32_t)sizeof text);
    printf("%s: %s\n", what, text);
    return 1;
}

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Fills what lies between this program and a peer that does not read. */
static int fill(int32_t socket)
{
    static char block[100000];
    int i;

    if (WDSocketSetOption(socket, WDS_OPT_SEND_QUEUE, 100000000) != WDS_OK)
        return failed("option");
    for (i = 0; i < 300; i++)
        if (WDSocketWrite(socket, block, (int32_t)sizeof block) < 0)
            return failed("fill");
    return 0;
}

/* Waits in a queue, at most so long; 1: the peer was told to be gone. */
static int is_reported_gone(int32_t queue, int32_t ms)
{
    int32_t event[8];
    double end = now_ms() + ms;

    while (now_ms() < end) {
        if (WDSocketNextEvents(queue, (int32_t)(end - now_ms()) + 1, event, (int32_t)sizeof event, 1) != 1)
            continue;
        printf("event %d, value %d, code %d\n", (int)event[1], (int)event[2], (int)event[3]);
        return event[1] == WDS_EVENT_TIMEOUT && event[2] == 2 && event[3] == WDS_E_RESET;
    }
    return 0;
}

int main(int argc, char **argv)
{
    char got[100];
    const char *how;
    int32_t socket, queue = 0;
    double alive, began, took;
    int gone;

    if (argc != 4)
        return 2;
    how = argv[3];
    socket = WDSocketNew(NULL);
    if (WDSocketSetOption(socket, WDS_OPT_PEER_GONE, GONE_MS) != WDS_OK)
        return failed("options");
    if (WDSocketOpen(socket, WDS_KIND_CLIENT, atoi(argv[2]), argv[1], 10000) != WDS_OK)
        return failed("open");
    if (strcmp(how, "idle") != 0 && strcmp(how, "write") != 0) {
        queue = WDSocketNewQueue();
        if (WDSocketAttach(queue, socket, WDS_ATTACH_PLAIN) != WDS_OK)
            return failed("attach");
    }
    if ((strcmp(how, "full") == 0 || strcmp(how, "slow") == 0) && fill(socket))
        return 1;
    if (strcmp(how, "slow") == 0) {
        puts("ready");
        fflush(stdout);
        if (is_reported_gone(queue, 5 * GONE_MS) || WDSocketState(socket) != WDS_STATE_OPEN)
            return failed("a peer that does not read was taken for gone");
        return WDSocketCloseEx(socket, WDS_CLOSE_ABORT, 0) == WDS_OK ? 0 : 1;
    }
    /* the peer shows its last sign of life after this moment */
    alive = now_ms();
    if (WDSocketWrite(socket, "are you there", -1) < 0)
        return failed("write");
    puts("ready");
    fflush(stdout);
    if (queue && strcmp(how, "full") != 0)
        WDSocketNextEvents(queue, 200, got, 32, 1);
    if (fgets(got, (int)sizeof got, stdin) == NULL) /* the line is cut within moments from here */
        return 2;
    began = now_ms();
    if (fgets(got, (int)sizeof got, stdin) == NULL)
        return 2;
    if (strstr(how, "write") && WDSocketWrite(socket, "are you there", -1) < 0)
        return failed("write");
    gone = queue ? is_reported_gone(queue, 30000) : WDSocketRead(socket, got, (int32_t)sizeof got, 30000) == WDS_E_RESET;
    took = now_ms() - began;
    printf("%s: %s after %.0f ms\n", how, gone ? "gone" : "not reported", took);
    if (!gone)
        return failed("the peer is gone");
    /* In full nothing of this is answered, and the last sign of life is older; the system counts its own time in ticks. */
    if (strcmp(how, "full") != 0 && now_ms() < alive + GONE_MS - TICK_MS) {
        printf("%.1f ms since the last sign of life\n", now_ms() - alive);
        return failed("too early");
    }
    /* A zero window is asked again at growing distances, so that full is told late. */
    if (took > GONE_MS + LATE_MS + (strcmp(how, "full") == 0 ? 10000 : 0))
        return failed("in time");
    return WDSocketCloseAll() == WDS_OK ? 0 : 1;
}
