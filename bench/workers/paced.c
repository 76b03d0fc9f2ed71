/*
 * paced.c PORT SIZE LEAST MOST - round trips to an echo server, with the library
 * and with POSIX sockets in turn, a connection each, after a random pause of
 * LEAST to MOST microseconds before each
 *
 * Both are in one process and one thread, so that what the pauses put to sleep
 * (processors, their caches) is the same for both. The figures of POSIX have
 * names that begin with "raw_".
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "link.h"
#include "open.h"

static int size;
static double least, most;
static char *message, *reply;
static int32_t library;
static bench_link *posix;

static void by_library(void)
{
    must("send", WDSocketWrite(library, message, size));
    if (must("receive", WDSocketRead(library, reply, size, OPEN_WAIT_MS)) != size)
        bench_die("no echo");
}

static void by_posix(void)
{
    link_send(posix, message, size);
    if (link_receive(posix, reply, size) != size)
        bench_die("no echo");
}

static double timed(void (*round_trip)(void), double pause)
{
    double begin;

    bench_pause(pause);
    begin = bench_now();
    round_trip();
    return bench_now() - begin;
}

/* An operation is a pause and a round trip of each; they begin in turn. */
static void run(long operations)
{
    static unsigned long long random = 88172645463325252ULL;
    double *ours = bench_memory(sizeof *ours * (unsigned long)operations);
    double *other = bench_memory(sizeof *other * (unsigned long)operations);
    double begin = bench_now();
    long i;

    for (i = 0; i < operations; i++) {
        double pause = least + (most - least) * bench_random(&random);
        if (i % 2 == 0)
            ours[i] = timed(by_library, pause);
        other[i] = timed(by_posix, pause);
        if (i % 2 != 0)
            ours[i] = timed(by_library, pause);
    }
    bench_total(bench_now() - begin, operations);
    bench_spread("", ours, operations);
    bench_spread("raw_", other, operations);
    free(ours);
    free(other);
}

int main(int argc, char **argv)
{
    int port = (int)bench_number(argc, argv, 1, "port");

    size = (int)bench_number(argc, argv, 2, "size");
    least = (double)bench_number(argc, argv, 3, "least pause");
    most = (double)bench_number(argc, argv, 4, "most pause");
    message = bench_memory((unsigned long)size + 1);
    reply = bench_memory((unsigned long)size + 1);
    memset(message, 'm', (size_t)size);
    library = must("connect", open_client(port));
    posix = link_connect(port);
    return bench_obey(0, run);
}
