/*
 * send.c PORT SIZE - sends messages one way, each at once, to a sink
 */
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "link.h"

static bench_link *link_to_sink;
static char *message;
static int size;

static void run(long operations)
{
    char text[32];
    double begin;
    long i;

    snprintf(text, sizeof text, "%ld", operations);
    begin = bench_now();
    link_send(link_to_sink, text, (int)strlen(text));
    for (i = 0; i < operations; i++)
        link_send(link_to_sink, message, size);
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
