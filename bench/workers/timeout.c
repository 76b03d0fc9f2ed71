/*
 * timeout.c PORT CONNECT - how far from the time asked for a wait ends: for data
 * that does not come or, if CONNECT is 1, for a server that does not answer
 */
#include <stdlib.h>

#include "harness.h"
#include "link.h"

static bench_link *silent;
static int port, connecting;

static void wait_once(int milliseconds)
{
    if (connecting)
        link_connect_in_vain(port, milliseconds);
    else
        link_wait(silent, milliseconds);
}

static void run(long operations)
{
    static const int asked[] = {1, 10, 25, 4};
    double *samples = bench_memory(sizeof *samples * (unsigned long)operations), begin, off;
    long i;

    for (i = 0; i < operations; i++) {
        int ms = asked[(unsigned long)i % (sizeof asked / sizeof *asked)];

        begin = bench_now();
        wait_once(ms);
        off = bench_now() - begin - ms / 1e3;
        samples[i] = off < 0 ? -off : off;
    }
    bench_spread("", samples, operations);
    free(samples);
}

int main(int argc, char **argv)
{
    port = (int)bench_number(argc, argv, 1, "port");
    connecting = bench_number(argc, argv, 2, "choice") == 1;
    if (!connecting)
        silent = link_connect(port);
    return bench_obey(0, run);
}
