/*
 * sink.c - a server that takes messages: the client announces how many, and gets
 * an answer when all are there
 */
#include <stdlib.h>

#include "harness.h"
#include "serve.h"

#define LONGEST (1 << 20)

static void sink(bench_link *link)
{
    char *buffer = bench_memory(LONGEST + 1);
    int length;

    while ((length = link_receive(link, buffer, LONGEST)) >= 0) {
        long count;

        buffer[length] = '\0';
        for (count = strtol(buffer, NULL, 10); count > 0; count--)
            if (link_receive(link, buffer, LONGEST) < 0)
                bench_die("the sender has gone");
        link_send(link, "all", 3);
    }
    free(buffer);
}

int main(void)
{
    return serve_clients(sink);
}
