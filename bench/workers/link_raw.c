/*
 * link_raw.c - POSIX sockets by hand: blocking, buffered reading, header and
 * message in one system call.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "harness.h"
#include "link.h"
#include "message.h"

#define SMALL 4096

struct bench_link {
    int descriptor;
    struct message_input input;
};

struct message_input *message_input_of(bench_link *link)
{
    return &link->input;
}

#ifdef BENCH_UNIX
/* A name without a file, as unix:@wdsocket-bench-PORT of open_unix.c; the port is a number of the server's. */
static socklen_t place(struct sockaddr_un *address, int port)
{
    int length;

    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    length = snprintf(address->sun_path + 1, sizeof address->sun_path - 1, "wdsocket-bench-%d", port);
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}
#endif

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address;

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static bench_link *make(int descriptor)
{
    bench_link *link = bench_memory(sizeof *link);
    int on = 1;

    link->descriptor = descriptor;
    link->input.begin = link->input.end = 0;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return link;
}

#ifdef BENCH_UNIX
int link_listen(int *port)
{
    struct sockaddr_un address;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t length = place(&address, *port = (int)getpid());

    if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, length) != 0 || listen(descriptor, 511) != 0)
        bench_die("listen: %s", strerror(errno));
    return descriptor;
}
#else
int link_listen(int *port)
{
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(descriptor, 511) != 0 || getsockname(descriptor, (struct sockaddr *)&address, &length) != 0)
        bench_die("listen: %s", strerror(errno));
    *port = ntohs(address.sin_port);
    return descriptor;
}
#endif

bench_link *link_accept(int listener)
{
    int descriptor;

    do
        descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    while (descriptor < 0 && (errno == EINTR || errno == ECONNABORTED));
    if (descriptor < 0)
        bench_die("accept: %s", strerror(errno));
    return make(descriptor);
}

#ifdef BENCH_UNIX
bench_link *link_connect(int port)
{
    struct sockaddr_un address;
    socklen_t length = place(&address, port);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, length) != 0)
        bench_die("connect: %s", strerror(errno));
    return make(descriptor);
}
#else
bench_link *link_connect(int port)
{
    struct sockaddr_in address = loopback(port);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0)
        bench_die("connect: %s", strerror(errno));
    return make(descriptor);
}
#endif

static void send_all(int descriptor, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(descriptor, data, length, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EINTR)
                continue;
            bench_die("send: %s", strerror(errno));
        }
        data += sent;
        length -= (size_t)sent;
    }
}

void link_put(bench_link *link, const void *data, int length)
{
    send_all(link->descriptor, data, (size_t)length);
}

/* Header and message from where they are, in one system call if it takes all. */
static void send_vector(int descriptor, char *header, size_t header_length, const char *data, size_t length)
{
    struct iovec parts[2];
    struct msghdr message;
    ssize_t sent;

    memset(&message, 0, sizeof message);
    parts[0].iov_base = header;
    parts[0].iov_len = header_length;
    parts[1].iov_base = (void *)data;
    parts[1].iov_len = length;
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    do
        sent = sendmsg(descriptor, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        bench_die("send: %s", strerror(errno));
    if ((size_t)sent < header_length) {
        send_all(descriptor, header + sent, header_length - (size_t)sent);
        sent = (ssize_t)header_length;
    }
    sent -= (ssize_t)header_length;
    send_all(descriptor, data + sent, length - (size_t)sent);
}

void link_send(bench_link *link, const void *data, int length)
{
    char joined[MESSAGE_HEADER + SMALL];
    int header = message_header(joined, length);

    if (length > SMALL) {
        send_vector(link->descriptor, joined, (size_t)header, data, (size_t)length);
        return;
    }
    memcpy(joined + header, data, (size_t)length);
    send_all(link->descriptor, joined, (size_t)(header + length));
}

int message_take(bench_link *link, char *data, size_t room)
{
    ssize_t got;

    do
        got = recv(link->descriptor, data, room, 0);
    while (got < 0 && errno == EINTR);
    if (got < 0 && errno != ECONNRESET)
        bench_die("receive: %s", strerror(errno));
    return got > 0 ? (int)got : -1;
}

/* poll that has to end by time. */
static void wait_in_vain(int descriptor, short events, int milliseconds)
{
    struct pollfd wanted;
    double end = bench_now() + milliseconds / 1e3;
    int result, left = milliseconds;

    wanted.fd = descriptor;
    wanted.events = events;
    while ((result = poll(&wanted, 1, left)) < 0 && errno == EINTR) {
        left = (int)((end - bench_now()) * 1e3) + 1;
        if (left < 0)
            left = 0;
    }
    if (result != 0)
        bench_die("the wait did not end by time");
}

void link_wait(bench_link *link, int milliseconds)
{
    wait_in_vain(link->descriptor, POLLIN, milliseconds);
}

void link_connect_in_vain(int port, int milliseconds)
{
    struct sockaddr_in address = loopback(port);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0 || errno != EINPROGRESS)
        bench_die("connect: %s", strerror(errno));
    wait_in_vain(descriptor, POLLOUT, milliseconds);
    close(descriptor);
}

void link_interrupt(bench_link *link)
{
    shutdown(link->descriptor, SHUT_RDWR);
}

void link_close(bench_link *link)
{
    close(link->descriptor);
    free(link);
}

void link_call(void)
{
    syscall(SYS_getppid);
}

int link_descriptor(const bench_link *link)
{
    return link->descriptor;
}
