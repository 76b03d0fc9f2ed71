/*
 * source.c - a server that sends "COUNT SIZE" messages on request, in writes of
 * 64 KiB that do not care where messages begin. By hand in C only.
 */
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"
#include "serve.h"

#define CHUNK 65536

/* Messages one behind the other, so many that a chunk may begin inside the first. */
static char *pattern(int size, size_t *period)
{
    char header[32];
    size_t head = (size_t)snprintf(header, sizeof header, "%d\r\n", size), at;
    char *data;

    *period = head + (size_t)size;
    data = bench_memory(CHUNK + *period);
    for (at = 0; at < CHUNK + *period; at++) {
        size_t inside = at % *period;
        data[at] = inside < head ? header[inside] : 'm';
    }
    return data;
}

static void send_stream(bench_link *link, long count, int size)
{
    size_t period, at = 0, total, length;
    char *data = pattern(size, &period);

    total = (size_t)count * period;
    while (at < total) {
        length = total - at < CHUNK ? total - at : CHUNK;
        link_put(link, data + at % period, (int)length);
        at += length;
    }
    free(data);
}

static void source(bench_link *link)
{
    char request[64], *end;
    int length;

    while ((length = link_receive(link, request, (int)sizeof request - 1)) >= 0) {
        long count;

        request[length] = '\0';
        count = strtol(request, &end, 10);
        send_stream(link, count, (int)strtol(end, NULL, 10));
    }
}

int main(void)
{
    return serve_clients(source);
}
