/*
 * receive.c PORT SIZE MANY - receives messages from a source: one for each call,
 * or up to MANY when that is more than 1
 */
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "link.h"

#define ROOM (1 << 20)

static bench_link *link_to_source;
static char *buffer;
static int *lengths;
static int size, many;

static void receive_each(long operations)
{
    for (; operations > 0; operations--)
        if (link_receive(link_to_source, buffer, ROOM) != size)
            bench_die("not the message that was asked for");
}

static void receive_many(long operations)
{
    int got, i;

    while (operations > 0) {
        got = link_receive_many(link_to_source, buffer, ROOM, lengths, many);
        if (got < 0)
            bench_die("the source has gone");
        for (i = 0; i < got; i++)
            if (lengths[i] != size)
                bench_die("not the message that was asked for");
        operations -= got;
    }
}

static void run(long operations)
{
    char request[64];
    double begin;

    snprintf(request, sizeof request, "%ld %d", operations, size);
    begin = bench_now();
    link_send(link_to_source, request, (int)strlen(request));
    if (many > 1)
        receive_many(operations);
    else
        receive_each(operations);
    bench_total(bench_now() - begin, operations);
}

int main(int argc, char **argv)
{
    int port = (int)bench_number(argc, argv, 1, "port");

    size = (int)bench_number(argc, argv, 2, "size");
    many = (int)bench_number(argc, argv, 3, "number at once");
    buffer = bench_memory(ROOM);
    lengths = bench_memory(sizeof *lengths * (unsigned long)(many + 1));
    link_to_source = link_connect(port);
    return bench_obey(0, run);
}
