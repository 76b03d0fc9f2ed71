/*
 * cancel.c PORT TRIPS - how long a waiting call lives on after another thread has
 * ended the connection, on which there were TRIPS round trips right before
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"
#include "link.h"

#define POLL_US 200
#define SETTLE_US 2000

struct waiter {
    bench_link *link;
    double returned;
    volatile long thread; /* its number, set right before it waits */
};

static int port, trips;

static void *wait_thread(void *argument)
{
    struct waiter *waiter = argument;
    char buffer[64] = "";
    int i;

    for (i = 0; i < trips; i++) {
        link_send(waiter->link, buffer, (int)sizeof buffer);
        if (link_receive(waiter->link, buffer, (int)sizeof buffer) != (int)sizeof buffer)
            bench_die("no echo");
    }
    __sync_synchronize();
    waiter->thread = syscall(SYS_gettid);
    if (link_receive(waiter->link, buffer, (int)sizeof buffer) >= 0)
        bench_die("a message where none was expected");
    waiter->returned = bench_now();
    return NULL;
}

/* Tells whether the system has put a thread to sleep. */
static int sleeps(long thread)
{
    char path[64], text[512] = "", *name_end;
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%ld/stat", thread);
    file = fopen(path, "r");
    if (file == NULL)
        bench_die("cannot see thread %ld", thread);
    if (fgets(text, (int)sizeof text, file) == NULL)
        bench_die("cannot see the state of thread %ld", thread);
    fclose(file);
    name_end = strrchr(text, ')');
    return name_end != NULL && strncmp(name_end, ") S", 3) == 0;
}

/* A call that has not begun yet when the socket is closed would not be a waiting one. */
static void wait_until_it_waits(const struct waiter *waiter)
{
    while (waiter->thread == 0 || !sleeps(waiter->thread))
        bench_pause(POLL_US);
    bench_pause(SETTLE_US);
}

static double cancel_once(void)
{
    struct waiter waiter;
    pthread_t thread;
    double begin;

    waiter.link = link_connect(port);
    waiter.thread = 0;
    if (pthread_create(&thread, NULL, wait_thread, &waiter) != 0)
        bench_die("no thread");
    wait_until_it_waits(&waiter);
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
    bench_spread("", samples, operations);
    free(samples);
}

int main(int argc, char **argv)
{
    port = (int)bench_number(argc, argv, 1, "port");
    trips = (int)bench_number(argc, argv, 2, "round trips");
    return bench_obey(0, run);
}
