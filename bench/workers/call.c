/*
 * call.c - the least call, again and again
 */
#include "harness.h"
#include "link.h"

static void run(long operations)
{
    double begin = bench_now();
    long i;

    for (i = 0; i < operations; i++)
        link_call();
    bench_total(bench_now() - begin, operations);
}

int main(void)
{
    return bench_obey(0, run);
}
