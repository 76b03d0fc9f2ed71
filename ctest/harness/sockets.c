/*
 * sockets.c - see sockets.h.
 */
#ifndef _WIN32
#define _DARWIN_C_SOURCE
#define _DEFAULT_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#else
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

#include <string.h>

#include "check.h"
#include "sockets.h"

#ifdef _WIN32
typedef SOCKET sysock;
typedef int socklen;
#define sys_close closesocket
#define sys_poll WSAPoll
#define SYS_RESET WSAECONNRESET
#define SHUT_WR SD_SEND
#define MSG_NOSIGNAL 0
#else
typedef int sysock;
typedef socklen_t socklen;
#define sys_close close
#define sys_poll poll
#define SYS_RESET ECONNRESET
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif
#endif

static void network_up(void)
{
#ifdef _WIN32
    static int up;
    WSADATA data;

    if (!up)
        WSAStartup(MAKEWORD(2, 2), &data);
    up = 1;
#endif
}

/* An address of either family as the system wants it; 0 if the text is no address. */
static socklen to_address(const char *address, int port, struct sockaddr_storage *out)
{
    struct sockaddr_in *four = (struct sockaddr_in *)out;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;

    memset(out, 0, sizeof *out);
    if (strchr(address, ':')) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((unsigned short)port);
        return inet_pton(AF_INET6, address, &six->sin6_addr) == 1 ? (socklen)sizeof *six : 0;
    }
    four->sin_family = AF_INET;
    four->sin_port = htons((unsigned short)port);
    return inet_pton(AF_INET, address, &four->sin_addr) == 1 ? (socklen)sizeof *four : 0;
}

int h_address_bytes(const char *address, unsigned char bytes[16])
{
    struct sockaddr_storage raw;

    if (to_address(address, 0, &raw) == 0)
        return 0;
    if (raw.ss_family == AF_INET6) {
        memcpy(bytes, &((struct sockaddr_in6 *)&raw)->sin6_addr, 16);
        return 16;
    }
    memcpy(bytes, &((struct sockaddr_in *)&raw)->sin_addr, 4);
    return 4;
}

int h_has_six(void)
{
    h_sock sock = h_udp("::1", NULL);

    if (sock == H_NO_SOCK)
        return 0;
    h_close(sock);
    return 1;
}

static int port_of(sysock sock)
{
    struct sockaddr_storage address;
    socklen length = (socklen)sizeof address;

    memset(&address, 0, sizeof address);
    getsockname(sock, (struct sockaddr *)&address, &length);
    if (address.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
    return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

static int wait_for(h_sock sock, short events, int ms)
{
    struct pollfd one;
    int64_t start = h_now_us(), end = start + (int64_t)ms * 1000;
    int result;

    if (sock == H_RESET_SOCK)
        return 1; /* with the error that any use of it gives */
    do {
        int64_t rest = (end - h_now_us()) / 1000;

        one.fd = (sysock)sock;
        one.events = events;
        one.revents = 0;
        result = sys_poll(&one, 1, rest > 0 ? (int)rest : ms >= H_PATIENT_MS ? 100 : 0);
    } while (result <= 0 && (ms >= H_PATIENT_MS ? !h_overdue(start, ms) : result < 0 && h_now_us() < end));
    return result > 0;
}

static void set_option(h_sock sock, int level, int option, int value)
{
    setsockopt((sysock)sock, level, option, (const char *)&value, (socklen)sizeof value);
}

static h_sock bound_as(int type, const char *address, int port, int shared)
{
    struct sockaddr_storage where;
    socklen length;
    sysock sock;

    network_up();
    length = to_address(address, port, &where);
    sock = socket(where.ss_family, type, 0);
    if ((h_sock)sock == H_NO_SOCK)
        return H_NO_SOCK;
#ifndef _WIN32
    if (shared)
        set_option((h_sock)sock, SOL_SOCKET, SO_REUSEADDR, 1);
#else
    (void)shared;
#endif
    if (length == 0 || bind(sock, (struct sockaddr *)&where, length) != 0) {
        sys_close(sock);
        return H_NO_SOCK;
    }
    return (h_sock)sock;
}

static h_sock bound(int type, const char *address, int port)
{
    return bound_as(type, address, port, type == SOCK_STREAM);
}

h_sock h_refuse(const char *address, int *real_port)
{
    h_sock sock = bound_as(SOCK_STREAM, address, 0, 0);

    *real_port = sock == H_NO_SOCK ? 0 : port_of((sysock)sock);
    return sock;
}

h_sock h_listen(const char *address, int port, int backlog, int *real_port)
{
    h_sock sock = bound(SOCK_STREAM, address, port);

    if (sock == H_NO_SOCK)
        return sock;
    if (listen((sysock)sock, backlog) != 0) {
        h_close(sock);
        return H_NO_SOCK;
    }
    if (real_port)
        *real_port = port_of((sysock)sock);
    return sock;
}

h_sock h_listen_narrow(int *real_port)
{
    h_sock sock = bound(SOCK_STREAM, "127.0.0.1", 0);

    set_option(sock, SOL_SOCKET, SO_RCVBUF, 8192);
    listen((sysock)sock, 8);
    *real_port = port_of((sysock)sock);
    return sock;
}

h_sock h_accept(h_sock listener, int ms)
{
    sysock sock;

    if (!wait_for(listener, POLLIN, ms))
        return H_NO_SOCK;
    sock = accept((sysock)listener, NULL, NULL);
    if ((h_sock)sock != H_NO_SOCK)
        set_option((h_sock)sock, IPPROTO_TCP, TCP_NODELAY, 1);
    return (h_sock)sock;
}

static int blocking(h_sock sock, int on)
{
#ifdef _WIN32
    u_long value = on ? 0 : 1;

    return ioctlsocket((sysock)sock, (long)FIONBIO, &value) == 0;
#else
    int flags = fcntl((int)sock, F_GETFL);

    return fcntl((int)sock, F_SETFL, on ? flags & ~O_NONBLOCK : flags | O_NONBLOCK) == 0;
#endif
}

h_sock h_connect_start(const char *address, int port)
{
    struct sockaddr_storage where;
    socklen length;
    sysock sock;
    int result;

    network_up();
    length = to_address(address, port, &where);
    sock = socket(where.ss_family, SOCK_STREAM, 0);
    blocking((h_sock)sock, 0);
    set_option((h_sock)sock, IPPROTO_TCP, TCP_NODELAY, 1);
    result = connect(sock, (struct sockaddr *)&where, length);
    (void)result; /* under way */
    return (h_sock)sock;
}

int h_connected(h_sock sock, int ms)
{
    int error = 0;
    socklen length = (socklen)sizeof error;

    if (!wait_for(sock, POLLOUT, ms))
        return 0;
    getsockopt((sysock)sock, SOL_SOCKET, SO_ERROR, (char *)&error, &length);
    return error == 0 ? 1 : error == SYS_RESET ? -1 : 0;
}

h_sock h_connect(const char *address, int port)
{
    h_sock sock = h_connect_start(address, port);
    int up = h_connected(sock, 20000);

    if (up != 1) {
        h_close(sock);
        return up == 0 ? H_NO_SOCK : H_RESET_SOCK;
    }
    blocking(sock, 1);
    return sock;
}

int h_send(h_sock sock, const void *data, int length)
{
    const char *p = (const char *)data;

    while (length > 0) {
        int sent = (int)send((sysock)sock, p, (size_t)length, MSG_NOSIGNAL);

        if (sent <= 0)
            return 0;
        p += sent;
        length -= sent;
    }
    return 1;
}

int h_send_chunks(h_sock sock, const void *data, int length, int chunk, int pause_ms)
{
    const char *p = (const char *)data;

    while (length > 0) {
        int part = length < chunk ? length : chunk;

        if (!h_send(sock, p, part))
            return 0;
        p += part;
        length -= part;
        if (length > 0 && pause_ms > 0)
            h_sleep(pause_ms);
    }
    return 1;
}

int h_recv(h_sock sock, void *buffer, int length, int ms)
{
    int64_t end = h_now_us() + (int64_t)ms * 1000;
    int have = 0;

    while (have < length) {
        int64_t rest = (end - h_now_us()) / 1000;
        int got;

        if (!wait_for(sock, POLLIN, ms >= H_PATIENT_MS ? ms : rest > 0 ? (int)rest : 0))
            break;
        got = (int)recv((sysock)sock, (char *)buffer + have, (size_t)(length - have), 0);
        if (got <= 0)
            break;
        have += got;
    }
    return have;
}

/*
 * Was an end that looked orderly followed by a reset?  Under Wine, whose server
 * ends the sending side of every socket before it closes it, it is.
 */
static int reset_behind_end(h_sock sock)
{
#ifdef _WIN32
    int i;

    for (i = 0; i < 10; i++) {
        WSAPOLLFD fd;

        fd.fd = (SOCKET)sock;
        fd.events = POLLOUT;
        fd.revents = 0;
        if (WSAPoll(&fd, 1, 0) > 0 && (fd.revents & POLLERR))
            return 1;
        h_sleep(5);
    }
#else
    (void)sock;
#endif
    return 0;
}

int h_recv_end(h_sock sock, int ms)
{
    char buffer[4096];

    while (wait_for(sock, POLLIN, ms)) {
        int got = (int)recv((sysock)sock, buffer, sizeof buffer, 0);

        if (got == 0)
            return reset_behind_end(sock) ? -1 : 1;
        if (got < 0)
            return -1;
    }
    return 0;
}

int h_count_resets(h_sock *socks, int count)
{
    int i, resets = 0;

    for (i = 0; i < count; i++) {
        if (h_recv_end(socks[i], 0) == -1) {
            h_close(socks[i]);
            socks[i] = H_RESET_SOCK;
            resets++;
        }
    }
    return resets;
}

int h_recv_over(h_sock sock, int ms)
{
    char buffer[4096];

    while (wait_for(sock, POLLIN, ms))
        if (recv((sysock)sock, buffer, sizeof buffer, 0) <= 0)
            return 1;
    return 0;
}

int64_t h_recv_count(h_sock sock, int ms)
{
    static char buffer[65536];
    int64_t total = 0;

    while (wait_for(sock, POLLIN, ms)) {
        int got = (int)recv((sysock)sock, buffer, sizeof buffer, 0);

        if (got == 0)
            return reset_behind_end(sock) ? -1 : total;
        if (got < 0)
            return -1;
        total += got;
    }
    return -1;
}

void h_shut_write(h_sock sock)
{
    shutdown((sysock)sock, SHUT_WR);
}

void h_reset(h_sock sock)
{
    struct linger linger;

    linger.l_onoff = 1;
    linger.l_linger = 0;
    setsockopt((sysock)sock, SOL_SOCKET, SO_LINGER, (const char *)&linger, (socklen)sizeof linger);
    h_close(sock);
}

void h_close(h_sock sock)
{
    if (sock != H_NO_SOCK && sock != H_RESET_SOCK)
        sys_close((sysock)sock);
}

h_sock h_udp(const char *address, int *real_port)
{
    h_sock sock = bound(SOCK_DGRAM, address, 0);

    if (sock == H_NO_SOCK)
        return sock;
    if (real_port)
        *real_port = port_of((sysock)sock);
    set_option(sock, SOL_SOCKET, SO_BROADCAST, 1);
    return sock;
}

int h_udp_send(h_sock sock, const char *address, int port, const void *data, int length)
{
    struct sockaddr_storage where;
    socklen size = to_address(address, port, &where);

    return (int)sendto((sysock)sock, (const char *)data, (size_t)length, MSG_NOSIGNAL, (struct sockaddr *)&where, size) == length;
}

int h_udp_recv(h_sock sock, void *buffer, int capacity, int ms, int *from_port)
{
    char address[64];

    return h_udp_recv_from(sock, buffer, capacity, ms, address, from_port);
}

int h_udp_recv_from(h_sock sock, void *buffer, int capacity, int ms, char address[64], int *from_port)
{
    struct sockaddr_storage from;
    socklen size = (socklen)sizeof from;
    int got;

    address[0] = 0;
    if (!wait_for(sock, POLLIN, ms))
        return -1;
    memset(&from, 0, sizeof from);
    got = (int)recvfrom((sysock)sock, (char *)buffer, (size_t)capacity, 0, (struct sockaddr *)&from, &size);
    if (from.ss_family == AF_INET6)
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&from)->sin6_addr, address, 64);
    else
        inet_ntop(AF_INET, &((struct sockaddr_in *)&from)->sin_addr, address, 64);
    if (from_port) /* at the same place in both */
        *from_port = ntohs(((struct sockaddr_in *)&from)->sin_port);
    return got;
}

void h_hole_open(h_hole *hole, const char *address, int port)
{
    int i;

    hole->listener = h_listen(address, port, 0, &hole->port);
    CHECK(hole->listener != H_NO_SOCK);
    for (i = 0; i < 8; i++)
        hole->fill[i] = h_connect_start(address, hole->port);
    /* the backlog is full when the last ones do not come up */
    CHECK(!h_connected(hole->fill[7], 50));
}

void h_hole_close(h_hole *hole)
{
    int i;

    for (i = 0; i < 8; i++)
        h_close(hole->fill[i]);
    h_close(hole->listener);
}
