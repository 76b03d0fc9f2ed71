/*
 * cancel.c PORT - how long a waiting call lives on after another thread has
 * ended the connection
 */
#include <pthread.h>
#include <stdlib.h>

#include "harness.h"
#include "link.h"

/* Long enough for the other thread to be waiting, which cannot be seen from outside. */
#define SETTLE_US 3000

struct waiter {
    bench_link *link;
    double returned;
};

static int port;

static void *wait_thread(void *argument)
{
    struct waiter *waiter = argument;
    char buffer[64];

    if (link_receive(waiter->link, buffer, (int)sizeof buffer) >= 0)
        bench_die("a message where none was expected");
    waiter->returned = bench_now();
    return NULL;
}

static double cancel_once(void)
{
    struct waiter waiter;
    pthread_t thread;
    double begin;

    waiter.link = link_connect(port);
    if (pthread_create(&thread, NULL, wait_thread, &waiter) != 0)
        bench_die("no thread");
    bench_pause(SETTLE_US);
    begin = bench_now();
    link_interrupt(waiter.link);
    pthread_join(thread, NULL);
    link_close(waiter.link);
    return waiter.returned - begin;
}

static void run(long operations)
{
    double *samples = bench_memory(sizeof *samples * (unsigned long)operations);
    long i;

    for (i = 0; i < operations; i++)
        samples[i] = cancel_once();
    bench_spread(samples, operations);
    free(samples);
}

int main(int argc, char **argv)
{
    port = (int)bench_number(argc, argv, 1, "port");
    return bench_obey(0, run);
}
