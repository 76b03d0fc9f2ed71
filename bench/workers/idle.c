/*
 * idle.c PORT CLIENTS - a block connects that many clients, each of which
 * exchanges one message with an echo server and is silent from then on. They
 * stay until the worker ends.
 */
#include <string.h>

#include "descriptors.h"
#include "harness.h"
#include "link.h"

static int port, count;

static void run(long operations)
{
    char message[64], reply[sizeof message];
    double begin = bench_now();
    int i;

    memset(message, 'e', sizeof message);
    for (i = 0; i < count; i++) {
        bench_link *link = link_connect(port);

        link_send(link, message, (int)sizeof message);
        if (link_receive(link, reply, (int)sizeof reply) != (int)sizeof message || memcmp(message, reply, sizeof reply) != 0)
            bench_die("no echo");
    }
    bench_total(bench_now() - begin, operations * count);
    bench_put("clients", count);
}

int main(int argc, char **argv)
{
    port = (int)bench_number(argc, argv, 1, "port");
    count = (int)bench_number(argc, argv, 2, "number of clients");
    descriptors_reserve(count);
    return bench_obey(0, run);
}
