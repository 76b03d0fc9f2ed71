/*
 * handshake.c PORT THREADS KEY - connects, takes the greeting and waits for the
 * server's end, again and again, in threads. The greeting proves that the
 * handshake is complete at both ends.
 */
#define _GNU_SOURCE
#include <pthread.h>

#include "harness.h"
#include "keys.h"
#include "link.h"
#include "serve.h"

static pthread_barrier_t begin_line, end_line;
static long each;
static int port, threads;

static void handshake(void)
{
    bench_link *link = link_connect(port);
    char greeting[64];

    if (link_receive(link, greeting, (int)sizeof greeting) != 5 || link_receive(link, greeting, (int)sizeof greeting) >= 0)
        bench_die("not the greeting and the end that were expected");
    link_close(link);
}

static void *handshake_thread(void *argument)
{
    long i;

    (void)argument;
    for (;;) {
        pthread_barrier_wait(&begin_line);
        for (i = 0; i < each; i++)
            handshake();
        pthread_barrier_wait(&end_line);
    }
    return NULL;
}

static void run(long operations)
{
    double begin = bench_now();

    each = (operations + threads - 1) / threads;
    pthread_barrier_wait(&begin_line);
    pthread_barrier_wait(&end_line);
    bench_total(bench_now() - begin, each * threads);
}

int main(int argc, char **argv)
{
    int i;

    port = (int)bench_number(argc, argv, 1, "port");
    threads = (int)bench_number(argc, argv, 2, "threads");
    if (argc != 4)
        bench_die("no kind of key given");
    keys_use(argv[3]);
    pthread_barrier_init(&begin_line, NULL, (unsigned)threads + 1);
    pthread_barrier_init(&end_line, NULL, (unsigned)threads + 1);
    for (i = 0; i < threads; i++)
        serve_thread(handshake_thread, NULL);
    return bench_obey(0, run);
}
