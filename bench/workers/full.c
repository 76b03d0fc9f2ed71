/*
 * full.c - a server that never accepts and whose backlog is full: connecting to it
 * gets no answer, as over a cut cable. POSIX by hand only.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "harness.h"

/* Far longer than a connection over loopback takes. */
#define ANSWER_MS 200
#define MOST 64

static int open_socket(int flags)
{
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

    if (descriptor < 0)
        bench_die("socket: %s", strerror(errno));
    return descriptor;
}

/* Tells whether one connection more fitted into the backlog. */
static int fits(const struct sockaddr_in *server)
{
    struct pollfd wanted;
    int result;

    wanted.fd = open_socket(SOCK_NONBLOCK);
    wanted.events = POLLOUT;
    if (connect(wanted.fd, (const struct sockaddr *)server, sizeof *server) != 0 && errno != EINPROGRESS)
        bench_die("connect: %s", strerror(errno));
    do
        result = poll(&wanted, 1, ANSWER_MS);
    while (result < 0 && errno == EINTR);
    return result > 0;
}

int main(void)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    int server = open_socket(0), count = 0;

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(server, (struct sockaddr *)&address, sizeof address) != 0 || listen(server, 0) != 0 ||
        getsockname(server, (struct sockaddr *)&address, &length) != 0)
        bench_die("listen: %s", strerror(errno));
    while (fits(&address))
        if (++count > MOST)
            bench_die("the backlog does not fill");
    return bench_obey(ntohs(address.sin_port), NULL);
}
