/*
 * connect.c PORT THREADS - connects and waits for the server to close, again
 * and again, in threads. POSIX by hand only.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/socket.h>

#include "harness.h"
#include "link.h"
#include "serve.h"

static pthread_barrier_t begin_line, end_line;
static long each;
static int port, threads;

/* The end by reset leaves nothing in TIME_WAIT, so that no port runs out. */
static void connect_once(void)
{
    bench_link *link = link_connect(port);
    struct linger reset = {1, 0};
    char byte;

    if (link_receive(link, &byte, 1) >= 0)
        bench_die("a message where none was expected");
    setsockopt(link_descriptor(link), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    link_close(link);
}

static void *connect_thread(void *argument)
{
    long i;

    (void)argument;
    for (;;) {
        pthread_barrier_wait(&begin_line);
        for (i = 0; i < each; i++)
            connect_once();
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
    pthread_barrier_init(&begin_line, NULL, (unsigned)threads + 1);
    pthread_barrier_init(&end_line, NULL, (unsigned)threads + 1);
    for (i = 0; i < threads; i++)
        serve_thread(connect_thread, NULL);
    return bench_obey(0, run);
}
