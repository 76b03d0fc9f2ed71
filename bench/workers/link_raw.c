/*
 * link_raw.c - POSIX sockets by hand: blocking, buffered reading, header and
 * message in one system call. It checks what the library checks of a message.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "harness.h"
#include "link.h"

#define BUFFER 65536
#define SMALL 4096
#define HEADER 12

struct bench_link {
    int descriptor;
    int begin, end; /* what is buffered */
    char buffer[BUFFER];
};

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
    link->begin = link->end = 0;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return link;
}

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

bench_link *link_connect(int port)
{
    struct sockaddr_in address = loopback(port);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0)
        bench_die("connect: %s", strerror(errno));
    return make(descriptor);
}

/* Writes the header and gives its length. */
static int put_header(char *header, int length)
{
    char digits[HEADER];
    int count = 0, i;

    do
        digits[count++] = (char)('0' + length % 10);
    while ((length /= 10) > 0);
    for (i = 0; i < count; i++)
        header[i] = digits[count - 1 - i];
    header[count] = '\r';
    header[count + 1] = '\n';
    return count + 2;
}

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
    char joined[HEADER + SMALL];
    int header = put_header(joined, length);

    if (length > SMALL) {
        send_vector(link->descriptor, joined, (size_t)header, data, (size_t)length);
        return;
    }
    memcpy(joined + header, data, (size_t)length);
    send_all(link->descriptor, joined, (size_t)(header + length));
}

/* recv that gives -1 at the end of the connection. */
static int take(int descriptor, char *data, size_t room)
{
    ssize_t got;

    do
        got = recv(descriptor, data, room, 0);
    while (got < 0 && errno == EINTR);
    if (got < 0 && errno != ECONNRESET)
        bench_die("receive: %s", strerror(errno));
    return got > 0 ? (int)got : -1;
}

static int fill(bench_link *link)
{
    int got;

    if (link->begin > 0) {
        memmove(link->buffer, link->buffer + link->begin, (size_t)(link->end - link->begin));
        link->end -= link->begin;
        link->begin = 0;
    }
    got = take(link->descriptor, link->buffer + link->end, (size_t)(BUFFER - link->end));
    if (got > 0)
        link->end += got;
    return got;
}

/* The header at the front: its length, 0 if it is not complete. */
static int parse(const bench_link *link, int *length)
{
    const char *data = link->buffer + link->begin;
    int have = link->end - link->begin, at = 0;
    long long value = 0;

    while (at < have && data[at] >= '0' && data[at] <= '9' && at < 10)
        value = value * 10 + (data[at++] - '0');
    if (have < at + 2 && (at == have || data[at] == '\r'))
        return 0;
    if (at == 0 || data[at] != '\r' || data[at + 1] != '\n' || value > 67108864)
        bench_die("not a message");
    *length = (int)value;
    return at + 2;
}

int link_receive(bench_link *link, void *buffer, int capacity)
{
    int length = 0, header, have;

    while ((header = parse(link, &length)) == 0)
        if (fill(link) < 0)
            return -1;
    if (length > capacity)
        bench_die("a message of %d bytes", length);
    link->begin += header;
    have = link->end - link->begin;
    if (have > length)
        have = length;
    memcpy(buffer, link->buffer + link->begin, (size_t)have);
    link->begin += have;
    while (have < length) {
        int got = take(link->descriptor, (char *)buffer + have, (size_t)(length - have));
        if (got < 0)
            return -1;
        have += got;
    }
    return length;
}

static int whole_message_waits(const bench_link *link, int room)
{
    int length = 0, header = parse(link, &length);

    return header != 0 && length <= room && link->end - link->begin >= header + length;
}

int link_receive_many(bench_link *link, void *buffer, int capacity, int *lengths, int count)
{
    int used, number = 1;

    lengths[0] = used = link_receive(link, buffer, capacity);
    if (used < 0)
        return -1;
    while (number < count && whole_message_waits(link, capacity - used)) {
        lengths[number] = link_receive(link, (char *)buffer + used, capacity - used);
        used += lengths[number++];
    }
    return number;
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
