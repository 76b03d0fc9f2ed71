/*
 * clients.c PORT CLIENTS LEAST MOST - many clients that ask now and then: each
 * sends a message, waits for the answer and is silent for LEAST to MOST
 * microseconds. One thread, POSIX by hand only.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "link.h"

#define SIZE 64

struct client {
    bench_link *link;
    double next, sent; /* when it asks; when it did, 0 while silent */
};

static struct client *clients;
static struct pollfd *wanted;
static int count;
static double least, most;
static long to_ask; /* messages that are still to be sent in this block */
static unsigned long long state = 88172645463325252ULL;

static void be_silent(struct client *client, double now)
{
    client->sent = 0;
    client->next = now + (least + (most - least) * bench_random(&state)) / 1e6;
}

/* Sends what is due and gives the time of the next. */
static double ask(double now)
{
    static char message[SIZE];
    double soonest = now + 1;
    int i;

    for (i = 0; i < count; i++) {
        struct client *client = &clients[i];

        if (client->sent > 0)
            continue;
        if (client->next <= now && to_ask > 0) {
            to_ask--;
            client->sent = bench_now();
            link_send(client->link, message, SIZE);
        } else if (client->next > now && client->next < soonest) {
            soonest = client->next;
        }
    }
    return soonest;
}

/* Takes the answers that are there and gives their number. */
static long hear(double *samples)
{
    char reply[SIZE];
    long heard = 0;
    int i;

    for (i = 0; i < count; i++) {
        double now;

        if (wanted[i].revents == 0)
            continue;
        if (link_receive(clients[i].link, reply, SIZE) != SIZE)
            bench_die("no echo");
        now = bench_now();
        samples[heard++] = now - clients[i].sent;
        be_silent(&clients[i], now);
    }
    return heard;
}

static void wait_until(double when)
{
    double left = when - bench_now();
    int ready = poll(wanted, (nfds_t)count, left > 0 ? (int)(left * 1e3 + 0.999) : 0);

    if (ready < 0 && errno != EINTR)
        bench_die("poll: %s", strerror(errno));
}

/* Ends when every question has its answer, so that slow ones count too. */
static void run(long operations)
{
    double *samples = bench_memory(sizeof *samples * (unsigned long)operations), begin = bench_now();
    long done = 0;
    int i;

    to_ask = operations;
    for (i = 0; i < count; i++)
        clients[i].next = begin + most * bench_random(&state) / 1e6;
    while (done < operations) {
        wait_until(ask(bench_now()));
        done += hear(samples + done);
    }
    bench_total(bench_now() - begin, operations);
    bench_spread("", samples, operations);
    free(samples);
}

int main(int argc, char **argv)
{
    int port = (int)bench_number(argc, argv, 1, "port"), i;

    count = (int)bench_number(argc, argv, 2, "number of clients");
    least = (double)bench_number(argc, argv, 3, "least silence");
    most = (double)bench_number(argc, argv, 4, "most silence");
    clients = bench_memory(sizeof *clients * (unsigned long)count);
    wanted = bench_memory(sizeof *wanted * (unsigned long)count);
    for (i = 0; i < count; i++) {
        clients[i].link = link_connect(port);
        clients[i].sent = 0;
        wanted[i].fd = link_descriptor(clients[i].link);
        wanted[i].events = POLLIN;
    }
    return bench_obey(0, run);
}
