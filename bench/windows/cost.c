/*
 * cost.c - what a call into the library costs a host, and what is saved by
 * fetching events, and reading and writing small messages, many at a time.
 *
 * Everything is in one process and one host thread. What is timed has arrived
 * before the clock runs. Each line is the median of many blocks. It runs on
 * Windows and on Linux; run.sh builds it for both.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <time.h>
#include <unistd.h>
#endif

#include "wdsocket.h"

#define BLOCKS 31
#define CALLS 500     /* of a block */
#define CLIENTS 64    /* each has one event in a block */
#define MESSAGES 512  /* of a block: they fit into what a socket holds */
#define SIZE 100      /* of a message */
#define WAIT_MS 20000 /* for what is on its way */

typedef struct {
    int32_t socket, kind, value, code, user, sequence, queue, reserved;
} event_record;

static int32_t server, queue, client, channel;
static int32_t clients[CLIENTS], channels[CLIENTS];
static event_record events[CLIENTS];
static char message[SIZE], buffer[MESSAGES * SIZE + 1];
static int32_t lengths[MESSAGES];
static int rows;

#ifdef _WIN32
static double now_ns(void)
{
    LARGE_INTEGER count, frequency;

    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (double)count.QuadPart * 1e9 / (double)frequency.QuadPart;
}

static void pause_ms(int milliseconds)
{
    Sleep((DWORD)milliseconds);
}
/* What Go's runtime does around each call of a thread that is not its own. */
static void handles(void)
{
    HANDLE copy = NULL;
    MEMORY_BASIC_INFORMATION stack;

    DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
    VirtualQuery(&stack, &stack, sizeof stack);
    CloseHandle(copy);
}
#else
static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void pause_ms(int milliseconds)
{
    usleep((useconds_t)milliseconds * 1000);
}
#endif

static void die(const char *what, int32_t result)
{
    char detail[1024] = "";

    WDSocketErrorInfo(0, WDS_INFO_DETAIL, detail, (int32_t)sizeof detail);
    printf("%s gave %d\n%s\n", what, (int)result, detail);
    exit(1);
}

static int32_t must(const char *what, int32_t result)
{
    if (result < 0)
        die(what, result);
    return result;
}

static void outside(void)
{
    (void)rand();
}

static void version(void)
{
    WDSocketVersion();
}

static void exist(void)
{
    WDSocketExist(server);
}

static void error_code(void)
{
    WDSocketErrorCode(0, WDS_INFO_CODE);
}

static void look(void)
{
    WDSocketNextEvents(queue, 0, events, (int32_t)sizeof events[0], CLIENTS);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* tell prints the median of the blocks' times, for each of so many operations. */
static void tell(const char *what, double *blocks, int operations)
{
    qsort(blocks, BLOCKS, sizeof *blocks, compare);
    printf("  %-58s %8.0f ns\n", what, blocks[BLOCKS / 2] / operations);
    fflush(stdout);
    rows++;
}

static void time_calls(const char *what, void (*call)(void))
{
    double blocks[BLOCKS], begin;
    int i, j;

    for (i = 0; i < BLOCKS; i++) {
        begin = now_ns();
        for (j = 0; j < CALLS; j++)
            call();
        blocks[i] = now_ns() - begin;
    }
    tell(what, blocks, CALLS);
}

/* drain fetches one event of each client, so many at a time at most. */
static void drain(int32_t room)
{
    int32_t left = CLIENTS;

    while (left > 0)
        left -= must("WDSocketNextEvents", WDSocketNextEvents(queue, WAIT_MS, events, (int32_t)sizeof events[0], left < room ? left : room));
}

static void time_events(const char *what, int32_t room)
{
    double blocks[BLOCKS], begin;
    int i, j;

    for (i = 0; i < BLOCKS; i++) {
        for (j = 0; j < CLIENTS; j++)
            must("WDSocketWrite", WDSocketWrite(channels[j], message, SIZE));
        /* On Windows tasks of the library bring the messages in. */
        pause_ms(100);
        begin = now_ns();
        drain(room);
        blocks[i] = now_ns() - begin;
        for (j = 0; j < CLIENTS; j++)
            must("WDSocketRead", WDSocketRead(clients[j], buffer, (int32_t)sizeof buffer, 0));
    }
    tell(what, blocks, CLIENTS);
}

static void read_each(void)
{
    int i;

    for (i = 0; i < MESSAGES; i++)
        if (must("WDSocketRead", WDSocketRead(client, buffer, (int32_t)sizeof buffer, WAIT_MS)) != SIZE)
            die("the length of a message", i);
}

static void read_many(void)
{
    int32_t left = MESSAGES;

    while (left > 0)
        left -= must("WDSocketReadMany", WDSocketReadMany(client, buffer, (int32_t)sizeof buffer, lengths, left, WAIT_MS));
}

static void write_all(void)
{
    int i;

    for (i = 0; i < MESSAGES; i++)
        must("WDSocketWrite", WDSocketWrite(channel, message, SIZE));
    must("WDSocketFlush", WDSocketFlush(channel, WAIT_MS));
}

static void time_writes(const char *what, int32_t collected_ms)
{
    double blocks[BLOCKS], begin;
    int i;

    must("WDSocketSetOption", WDSocketSetOption(channel, WDS_OPT_COALESCE, collected_ms));
    for (i = 0; i < BLOCKS; i++) {
        begin = now_ns();
        write_all();
        blocks[i] = now_ns() - begin;
        read_many();
    }
    tell(what, blocks, MESSAGES);
}

static void time_messages(const char *what, void (*read)(void))
{
    double blocks[BLOCKS], begin;
    int i;

    for (i = 0; i < BLOCKS; i++) {
        write_all();
        pause_ms(1);
        begin = now_ns();
        read();
        blocks[i] = now_ns() - begin;
    }
    tell(what, blocks, MESSAGES);
}

static void pair(int32_t port, int32_t *near_end, int32_t *far_end)
{
    *near_end = must("WDSocketConnect", WDSocketConnect(NULL, port, "127.0.0.1", WAIT_MS));
    *far_end = must("WDSocketAccept", WDSocketAccept(server, WAIT_MS));
}

static void open_all(void)
{
    int32_t port;
    int i;

    memset(message, 'm', sizeof message);
    server = must("WDSocketCreate", WDSocketCreate(NULL, 0, "127.0.0.1"));
    must("WDSocketGetOption", WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port));
    queue = must("WDSocketNewQueue", WDSocketNewQueue());
    for (i = 0; i < CLIENTS; i++) {
        pair(port, &clients[i], &channels[i]);
        must("WDSocketAttach", WDSocketAttach(queue, clients[i], WDS_ATTACH_PLAIN));
    }
    pair(port, &client, &channel);
}

int main(void)
{
    open_all();
    time_calls("a function of the C library, for comparison: rand", outside);
#ifdef _WIN32
    time_calls("DuplicateHandle, VirtualQuery and CloseHandle by hand", handles);
#endif
    time_calls("WDSocketVersion: nothing but entering Go", version);
    time_calls("WDSocketExist: and looking a handle up", exist);
    time_calls("WDSocketErrorCode of the thread: answered without Go", error_code);
    time_calls("WDSocketNextEvents with 0 ms, nothing there", look);
    time_events("an event, WDSocketNextEvents with room for 1", 1);
    time_events("an event, WDSocketNextEvents with room for 64", CLIENTS);
    time_writes("a write of 100 B that leaves at once", 0);
    time_writes("a write of 100 B that is collected, WDS_OPT_COALESCE", 1000);
    time_messages("a message of 100 B that is there, WDSocketRead", read_each);
    time_messages("a message of 100 B that is there, WDSocketReadMany", read_many);
    must("WDSocketCloseAll", WDSocketCloseAll());
    printf("cost: %d passed, 0 failed\n", rows);
    return 0;
}
