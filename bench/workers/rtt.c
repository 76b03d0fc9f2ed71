/*
 * rtt.c PORT SIZE THREADS - round trips to an echo server, in threads with a
 * connection each
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "link.h"
#include "serve.h"

struct caller {
    bench_link *link;
    char *message, *reply;
    double *samples;
};

static pthread_barrier_t begin_line, end_line;
static long each; /* round trips of each thread in this block */
static int size, threads;
static struct caller *callers;

static void round_trip(struct caller *caller)
{
    link_send(caller->link, caller->message, size);
    if (link_receive(caller->link, caller->reply, size) != size)
        bench_die("no echo");
}

static void round_trips(struct caller *caller)
{
    double before = bench_now(), after;
    long i;

    for (i = 0; i < each; i++) {
        round_trip(caller);
        after = bench_now();
        caller->samples[i] = after - before;
        before = after;
    }
}

static void *caller_thread(void *argument)
{
    for (;;) {
        pthread_barrier_wait(&begin_line);
        round_trips(argument);
        pthread_barrier_wait(&end_line);
    }
    return NULL;
}

static void run(long operations)
{
    double *samples, begin, seconds;
    int i;

    each = (operations + threads - 1) / threads;
    samples = bench_memory(sizeof *samples * (unsigned long)each * (unsigned long)threads);
    /* The pages must be there before the clock runs. */
    memset(samples, 0, sizeof *samples * (size_t)each * (size_t)threads);
    for (i = 0; i < threads; i++)
        callers[i].samples = samples + i * each;
    begin = bench_now();
    pthread_barrier_wait(&begin_line);
    pthread_barrier_wait(&end_line);
    seconds = bench_now() - begin;
    bench_total(seconds, each * threads);
    bench_spread("", samples, each * threads);
    free(samples);
}

static void start(struct caller *caller, int port)
{
    caller->link = link_connect(port);
    caller->message = bench_memory((unsigned long)size + 1);
    caller->reply = bench_memory((unsigned long)size + 1);
    memset(caller->message, 'm', (size_t)size);
    serve_thread(caller_thread, caller);
}

int main(int argc, char **argv)
{
    int port = (int)bench_number(argc, argv, 1, "port"), i;

    size = (int)bench_number(argc, argv, 2, "size");
    threads = (int)bench_number(argc, argv, 3, "threads");
    callers = bench_memory(sizeof *callers * (unsigned long)threads);
    pthread_barrier_init(&begin_line, NULL, (unsigned)threads + 1);
    pthread_barrier_init(&end_line, NULL, (unsigned)threads + 1);
    for (i = 0; i < threads; i++)
        start(&callers[i], port);
    return bench_obey(0, run);
}
