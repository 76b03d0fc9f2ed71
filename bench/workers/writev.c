/*
 * writev.c PORT SIZE - sends messages one way to a sink, many in one system
 * call. This is how it is done by hand: their parts are listed, and writev
 * takes the list when it is full.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>

#include "harness.h"
#include "link.h"
#include "message.h"

#define BATCH 512 /* messages; two parts each make the longest list that the system takes */

static bench_link *link_to_sink;
static char *message;
static int size;
static char headers[BATCH][MESSAGE_HEADER];
static struct iovec parts[2 * BATCH];
static int used;

static void flush(void)
{
    struct iovec *next = parts;

    while (used > 0) {
        ssize_t sent = writev(link_descriptor(link_to_sink), next, used);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            bench_die("send: %s", strerror(errno));
        for (; used > 0 && (size_t)sent >= next->iov_len; next++, used--)
            sent -= (ssize_t)next->iov_len;
        if (used > 0) {
            next->iov_base = (char *)next->iov_base + sent;
            next->iov_len -= (size_t)sent;
        }
    }
}

static void append(char *data, int length)
{
    char *header = headers[used / 2];

    parts[used].iov_base = header;
    parts[used++].iov_len = (size_t)message_header(header, length);
    parts[used].iov_base = data;
    parts[used++].iov_len = (size_t)length;
    if (used == 2 * BATCH)
        flush();
}

static void run(long operations)
{
    char text[32];
    double begin;
    long i;

    snprintf(text, sizeof text, "%ld", operations);
    begin = bench_now();
    append(text, (int)strlen(text));
    for (i = 0; i < operations; i++)
        append(message, size);
    flush();
    if (link_receive(link_to_sink, text, (int)sizeof text) != 3)
        bench_die("no answer from the sink");
    bench_total(bench_now() - begin, operations);
}

int main(int argc, char **argv)
{
    int port = (int)bench_number(argc, argv, 1, "port");

    size = (int)bench_number(argc, argv, 2, "size");
    message = bench_memory((unsigned long)size + 1);
    memset(message, 'm', (size_t)size);
    link_to_sink = link_connect(port);
    return bench_obey(0, run);
}
