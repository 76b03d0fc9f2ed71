/*
 * loadgen.c PORT CLIENTS SIZE echo|publish|idle - the load: many clients in one thread on
 * epoll. How messages are framed is wrap.h's.
 *
 * echo: every client sends a message of SIZE bytes, waits until it has come
 * back, and sends the next: one is on its way for each client at any time.
 * publish: the first client sends a message, and every client has to receive it
 * before the next. All bytes are compared.
 * idle: only a block connects the clients, which have an echo each and are silent then.
 *
 * The first byte tells the server what to do: 'e' echo, 'p' publish.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "descriptors.h"
#include "harness.h"
#include "wrap.h"

#define LARGEST 65536
#define PATTERN 1024
#define BATCH 512
#define PER_ADDRESS 5000 /* clients that share a source address */

struct client {
    int descriptor;
    int have;      /* bytes of the present message that have come back */
    unsigned sequence; /* number of the present message */
};

static struct client *clients;
static int port, count, size, epoll;
static char pattern[PATTERN + LARGEST];
static char frame[WRAP_HEADER + LARGEST];
static int head, whole; /* length of the header of an answer, and of all of it */

static void make_pattern(void)
{
    unsigned long long state = 88172645463325252ULL;
    size_t i;

    for (i = 0; i < sizeof pattern; i++)
        pattern[i] = (char)(bench_random(&state) * 256);
    head = wrap_answer(frame, size);
    whole = head + size;
}

/* Makes frame the answer that a client waits for. */
static void make_frame(char kind, int number, unsigned sequence)
{
    frame[head] = kind;
    memcpy(frame + head + 1, pattern + ((unsigned)number * 7 + sequence * 13) % PATTERN, (size_t)size - 1);
}

static void send_frame(const struct client *client)
{
    static char message[WRAP_HEADER + LARGEST];
    int length = wrap_message(message, frame + head, size);
    ssize_t sent;

    do
        sent = send(client->descriptor, message, (size_t)length, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent != length) /* nothing else is on its way: there is room */
        bench_die("send: %s", sent < 0 ? strerror(errno) : "only a part");
}

/* Takes what is there for a client; 1 when its message is complete. */
static int receive(struct client *client)
{
    static char buffer[WRAP_HEADER + LARGEST + 1];
    ssize_t got;

    do
        got = recv(client->descriptor, buffer, sizeof buffer, MSG_DONTWAIT);
    while (got < 0 && errno == EINTR);
    if (got < 0 && errno == EAGAIN)
        return 0;
    if (got <= 0)
        bench_die("receive: %s", got < 0 ? strerror(errno) : "the server has closed");
    if (got > whole - client->have || memcmp(buffer, frame + client->have, (size_t)got) != 0)
        bench_die("client %d received other bytes than it should", (int)(client - clients));
    client->have += (int)got;
    if (client->have < whole)
        return 0;
    client->have = 0;
    return 1;
}

static void connect_one(int number)
{
    struct sockaddr_in from, to;
    struct linger reset;
    int on = 1, descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memset(&to, 0, sizeof to);
    to.sin_family = AF_INET;
    to.sin_port = htons((unsigned short)port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    from = to;
    from.sin_port = 0;
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (unsigned)(number / PER_ADDRESS));
    reset.l_onoff = 1; /* no thousands of ports that wait for a minute afterwards */
    reset.l_linger = 0;
    if (descriptor < 0 || setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) != 0 ||
        bind(descriptor, (struct sockaddr *)&from, sizeof from) != 0 ||
        connect(descriptor, (struct sockaddr *)&to, sizeof to) != 0)
        bench_die("client %d: connect: %s", number, strerror(errno));
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    wrap_open(descriptor);
    clients[number].descriptor = descriptor;
    clients[number].have = 0;
    clients[number].sequence = 0;
}

static void wait_for(struct epoll_event *events, int *ready)
{
    do
        *ready = epoll_wait(epoll, events, BATCH, 30000);
    while (*ready < 0 && errno == EINTR);
    if (*ready <= 0)
        bench_die("nothing arrives: %s", *ready < 0 ? strerror(errno) : "the server is silent");
}

/* Each has an answer before the next connects, so that no queue of the server runs over. */
static void connect_all(void)
{
    struct epoll_event event;
    int i, ready;

    for (i = 0; i < count; i++) {
        connect_one(i);
        event.events = EPOLLIN;
        event.data.u32 = (unsigned)i;
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].descriptor, &event) != 0)
            bench_die("epoll: %s", strerror(errno));
        make_frame('e', i, clients[i].sequence);
        send_frame(&clients[i]);
        do
            wait_for(&event, &ready);
        while (!receive(&clients[i]));
    }
}

static void ask(int number)
{
    make_frame('e', number, ++clients[number].sequence);
    send_frame(&clients[number]);
}

static void run_echo(long operations)
{
    struct epoll_event events[BATCH];
    long asked = 0, done = 0;
    double begin = bench_now();
    int i, ready;

    for (; asked < count && asked < operations; asked++)
        ask((int)asked);
    while (done < operations) {
        wait_for(events, &ready);
        for (i = 0; i < ready; i++) {
            int number = (int)events[i].data.u32;

            make_frame('e', number, clients[number].sequence);
            if (!receive(&clients[number]))
                continue;
            done++;
            if (asked < operations) {
                asked++;
                ask(number);
            }
        }
    }
    bench_total(bench_now() - begin, operations);
}

static void run_publish(long operations)
{
    struct epoll_event events[BATCH];
    double begin = bench_now();
    long done;
    int i, ready, heard;

    for (done = 0; done < operations; done++) {
        make_frame('p', 0, ++clients[0].sequence);
        send_frame(&clients[0]);
        for (heard = 0; heard < count;) {
            wait_for(events, &ready);
            for (i = 0; i < ready; i++)
                heard += receive(&clients[events[i].data.u32]);
        }
    }
    bench_total(bench_now() - begin, operations * count);
}

static void run_idle(long operations)
{
    double begin = bench_now();

    connect_all();
    bench_total(bench_now() - begin, operations * count);
    bench_put("clients", count);
}

int main(int argc, char **argv)
{
    port = (int)bench_number(argc, argv, 1, "port");
    count = (int)bench_number(argc, argv, 2, "number of clients");
    size = (int)bench_number(argc, argv, 3, "size");
    if (count < 1 || size < 1 || size > LARGEST || argc != 5)
        bench_die("usage: PORT CLIENTS SIZE echo|publish|idle");
    descriptors_reserve(count);
    make_pattern();
    clients = bench_memory(sizeof *clients * (unsigned long)count);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0)
        bench_die("epoll: %s", strerror(errno));
    if (strcmp(argv[4], "idle") == 0)
        return bench_obey(0, run_idle);
    connect_all();
    return bench_obey(0, strcmp(argv[4], "publish") == 0 ? run_publish : run_echo);
}
