/*
 * timeout.c PORT - how far from the time asked for a wait ends
 */
#include <stdlib.h>

#include "harness.h"
#include "link.h"

static bench_link *silent;

static void run(long operations)
{
    static const int asked[] = {1, 10, 25, 4};
    double *samples = bench_memory(sizeof *samples * (unsigned long)operations), begin, off;
    long i;

    for (i = 0; i < operations; i++) {
        int ms = asked[(unsigned long)i % (sizeof asked / sizeof *asked)];

        begin = bench_now();
        link_wait(silent, ms);
        off = bench_now() - begin - ms / 1e3;
        samples[i] = off < 0 ? -off : off;
    }
    bench_spread(samples, operations);
    free(samples);
}

int main(int argc, char **argv)
{
    silent = link_connect((int)bench_number(argc, argv, 1, "port"));
    return bench_obey(0, run);
}
