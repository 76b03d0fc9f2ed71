/*
 * rows.c each|many - receives many rows of a MySQL server's answer, 24 bytes on the wire each:
 * with the preset "mysql", one for each call or up to 512, and in raw mode with a buffer by hand
 *
 * A thread sends them in pieces of 64 KiB.  What the process uses less what that thread uses is
 * the reader's.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "harness.h"
#include "open.h"

#define ROW 24 /* bytes on the wire: length, sequence number, a number, a text */
#define PIECE (64 * 1024 / ROW * ROW)
#define MOST 512

static const char row[ROW + 1] = "\x14\0\0\1\00512345\015rowsrowsrowsr";

static int32_t library;
static int peer;
static char piece[PIECE];
static double used; /* by the sending thread */
static int many;

static double clock_of(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void *send_rows(void *argument)
{
    long left = *(long *)argument * ROW;

    while (left > 0) {
        size_t size = (size_t)(left < PIECE ? left : PIECE);

        if (send(peer, piece, size, MSG_NOSIGNAL) != (ssize_t)size) /* it blocks until all is sent */
            bench_die("send");
        left -= (long)size;
    }
    used = clock_of(CLOCK_THREAD_CPUTIME_ID);
    return NULL;
}

/* A row of the message, as a program looks at it. */
static void look(const char *message, int32_t length)
{
    if (length != ROW - 3 || message[1] != 5 || message[7] != 13)
        bench_die("not the row that was sent: %d bytes", (int)length);
}

static void by_preset(long rows)
{
    char message[4096];

    for (; rows > 0; rows--)
        look(message, must("read", WDSocketRead(library, message, (int32_t)sizeof message, OPEN_WAIT_MS)));
}

static void by_many(long rows)
{
    static char messages[65536];
    static int32_t lengths[MOST];
    int32_t count, i;

    while (rows > 0) {
        const char *at = messages;

        count = must("read many", WDSocketReadMany(library, messages, (int32_t)sizeof messages, lengths, MOST, OPEN_WAIT_MS));
        for (i = 0; i < count; i++) {
            look(at, lengths[i]);
            at += lengths[i];
        }
        rows -= count;
    }
}

static void by_hand(long rows)
{
    static unsigned char buffer[65536];
    int32_t begin = 0, end = 0;

    while (rows > 0) {
        int32_t length = end - begin >= 4 ? 1 + (buffer[begin] | buffer[begin + 1] << 8 | buffer[begin + 2] << 16) : 0;

        if (length > 0 && end - begin >= 3 + length) {
            look((const char *)buffer + begin + 3, length);
            begin += 3 + length;
            rows--;
            continue;
        }
        memmove(buffer, buffer + begin, (size_t)(end - begin));
        end -= begin;
        begin = 0;
        end += must("read", WDSocketRead(library, buffer + end, (int32_t)sizeof buffer - end, OPEN_WAIT_MS));
    }
}

/* measure gives seconds of time and of the reader's processor. */
static void measure(void (*read)(long), long rows, double *seconds, double *cpu)
{
    pthread_t sender;
    double begin = bench_now(), before = clock_of(CLOCK_PROCESS_CPUTIME_ID);

    if (pthread_create(&sender, NULL, send_rows, &rows) != 0)
        bench_die("no thread");
    read(rows);
    pthread_join(sender, NULL);
    *seconds = bench_now() - begin;
    *cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID) - before - used;
}

static void run(long operations)
{
    double seconds, cpu, raw_seconds, raw_cpu;

    must("mode", WDSocketChangeTransmissionMode(library, WDS_MODE_RAW, NULL, 0));
    measure(by_hand, operations, &raw_seconds, &raw_cpu);
    must("preset", WDSocketSetText(library, WDS_TEXT_FRAME_PRESET, "mysql"));
    measure(many ? by_many : by_preset, operations, &seconds, &cpu);
    bench_total(seconds, operations);
    bench_put("raw_rate", (double)operations / raw_seconds);
    bench_put("cpu_ns", cpu * 1e9 / (double)operations);
    bench_put("raw_cpu_ns", raw_cpu * 1e9 / (double)operations);
}

int main(int argc, char **argv)
{
    struct sockaddr_in name = {0};
    socklen_t length = sizeof name;
    int listener = socket(AF_INET, SOCK_STREAM, 0), i;

    if (argc < 2)
        bench_die("each or many");
    many = strcmp(argv[1], "many") == 0;
    for (i = 0; i < PIECE; i += ROW)
        memcpy(piece + i, row, ROW);
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&name, sizeof name) != 0 || listen(listener, 1) != 0)
        bench_die("cannot listen");
    getsockname(listener, (struct sockaddr *)&name, &length);
    library = must("connect", open_client(ntohs(name.sin_port)));
    peer = accept(listener, NULL, NULL);
    if (peer < 0)
        bench_die("no connection");
    return bench_obey(0, run);
}
