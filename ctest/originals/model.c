/*
 * model.c - the socket functions of WLanguage as PC SOFT documents them, on plain system
 * sockets. Where the documentation is silent it does the least that a program can
 * count on.
 */
#ifndef _WIN32
#define _DEFAULT_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
typedef SOCKET system_socket;
typedef int socket_length;
#define close_socket closesocket
#define poll WSAPoll
#define MSG_NOSIGNAL 0
#else
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
typedef int system_socket;
typedef socklen_t socket_length;
#define close_socket close
#endif

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model_tls.h"
#include "originals.h"
#include "platform.h"

#define NONE ((system_socket)-1)

enum { SOCKETS = 32, NAME_ROOM = 64, TAG_ROOM = 16, IN_ROOM = 65536, LOCK_MS = 1000 };

typedef enum { CLIENT, SERVER, UDP } kind;

typedef struct {
    int used, busy;
    char name[NAME_ROOM];
    kind kind;
    system_socket own;    /* the connection, the listener or the datagram socket */
    system_socket client; /* of a simplified server */
    transmission_mode mode;
    char tag[TAG_ROOM];
    struct sockaddr_in sender; /* of the last datagram read */
    model_tls *tls; /* of the connection, NULL without */
    char certificate[512]; /* of a server with TLS */
    int options;
    int have;
    char in[IN_ROOM];
} one_socket;

#ifndef MODEL_TLS
model_tls *tls_connect(int descriptor, int options, int ms)
{
    (void)descriptor, (void)options, (void)ms;
    return NULL;
}
model_tls *tls_accept(int descriptor, const char *certificate, int options, int ms)
{
    (void)descriptor, (void)certificate, (void)options, (void)ms;
    return NULL;
}
int tls_pending(model_tls *tls) { return tls != NULL; }
int tls_receive(model_tls *tls, char *bytes, int room)
{
    (void)tls, (void)bytes, (void)room;
    return -1;
}
int tls_send(model_tls *tls, const char *bytes, int length)
{
    (void)tls, (void)bytes, (void)length;
    return 0;
}
void tls_free(model_tls *tls) { (void)tls; }
#endif

static one_socket sockets[SOCKETS];
static h_mutex *table;
static int channels;

static void begin(void)
{
    if (!table) {
#ifdef _WIN32
        WSADATA data;

        WSAStartup(MAKEWORD(2, 2), &data);
#endif
        table = h_mutex_new();
    }
}

static void give(answer *a, int result, int error)
{
    a->result = result;
    a->error = error;
}

/* Names are case-sensitive. */
static one_socket *find(const char *name)
{
    one_socket *found = NULL;
    int i;

    begin();
    h_lock(table);
    for (i = 0; i < SOCKETS; i++)
        if (sockets[i].used && strcmp(sockets[i].name, name) == 0)
            found = &sockets[i];
    h_unlock(table);
    return found;
}

static one_socket *new_socket(const char *name, kind kind, system_socket own)
{
    one_socket *made = NULL;
    int i;

    begin();
    h_lock(table);
    for (i = 0; i < SOCKETS && !made; i++)
        if (!sockets[i].used)
            made = &sockets[i];
    if (made) {
        memset(made, 0, sizeof *made);
        made->used = 1;
        snprintf(made->name, sizeof made->name, "%s", name);
        made->kind = kind;
        made->own = own;
        made->client = NONE;
        made->mode = SocketSizeFirst;
    }
    h_unlock(table);
    return made;
}

/* One call at a time on a socket: another gives up after a second (error 100121). */
static int lock_socket(one_socket *s)
{
    int64_t start = h_now_us();

    for (;;) {
        int mine;

        h_lock(table);
        mine = !s->busy;
        if (mine)
            s->busy = 1;
        h_unlock(table);
        if (mine)
            return 1;
        if (h_now_us() - start >= LOCK_MS * 1000)
            return 0;
        h_sleep(1);
    }
}

static void unlock_socket(one_socket *s)
{
    h_lock(table);
    s->busy = 0;
    h_unlock(table);
}

/* IPv4 only; no address is this machine. */
static int to_address(struct sockaddr_in *out, const char *address, int port, const char *none)
{
    memset(out, 0, sizeof *out);
    out->sin_family = AF_INET;
    out->sin_port = htons((unsigned short)port);
    return inet_pton(AF_INET, address && address[0] ? address : none, &out->sin_addr) == 1;
}

/* Waits until a socket can be read (POLLIN) or written, -1 ms for ever. */
static int ready(system_socket sock, short events, int ms)
{
    int64_t end = h_now_us() + (int64_t)ms * 1000;
    struct pollfd one;
    int n;

    do {
        int64_t left = ms < 0 ? 1000 : (end - h_now_us() + 999) / 1000;

        one.fd = sock;
        one.events = events;
        one.revents = 0;
        n = poll(&one, 1, left > 0 ? (int)left : 0);
    } while (n <= 0 && (ms < 0 || h_now_us() < end));
    return n > 0;
}

static void no_blocking(system_socket sock)
{
#ifdef _WIN32
    u_long on = 1;

    ioctlsocket(sock, FIONBIO, &on);
#else
    fcntl(sock, F_SETFL, O_NONBLOCK);
#endif
}

static void model_connect(answer *a, const char *socket_name, int port, const char *address, int timeout)
{
    struct sockaddr_in where;
    system_socket sock;
    int failed = 1;
    socket_length size = (socket_length)sizeof failed;

    begin();
    give(a, 0, 1);
    if (!to_address(&where, address, port, "127.0.0.1"))
        return;
    sock = socket(AF_INET, SOCK_STREAM, 0);
    no_blocking(sock);
    connect(sock, (struct sockaddr *)&where, (socket_length)sizeof where);
    if (ready(sock, POLLOUT, timeout))
        getsockopt(sock, SOL_SOCKET, SO_ERROR, (char *)&failed, &size);
    if (failed || !new_socket(socket_name, CLIENT, sock)) {
        close_socket(sock);
        return;
    }
    give(a, 1, 0);
}

static void model_close(answer *a, const char *name);

/* What the server's certificate is asked is not documented: nothing. */
static void model_connect_ssl(answer *a, const char *socket_name, int port, const char *address, int options, int timeout, const char *certificate)
{
    int64_t end = h_now_us() + (int64_t)timeout * 1000;
    one_socket *s;

    (void)certificate;
    model_connect(a, socket_name, port, address && strcmp(address, "localhost") == 0 ? "127.0.0.1" : address, timeout);
    s = find(socket_name);
    if (!a->result || !s)
        return;
    s->tls = tls_connect((int)s->own, options, (int)((end - h_now_us()) / 1000));
    if (!s->tls) {
        model_close(a, socket_name);
        give(a, 0, 1);
    }
}

/* Two programs may share a port, and neither is told. */
static system_socket bound(int type, const char *address, int port)
{
    struct sockaddr_in where;
    system_socket sock;
    int on = 1;

    if (!to_address(&where, address, port, "0.0.0.0"))
        return NONE;
    sock = socket(AF_INET, type, 0);
    setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, (const char *)&on, (socket_length)sizeof on);
#ifdef SO_REUSEPORT
    setsockopt(sock, SOL_SOCKET, SO_REUSEPORT, (const char *)&on, (socket_length)sizeof on);
#endif
    if (bind(sock, (struct sockaddr *)&where, (socket_length)sizeof where) != 0 || (type == SOCK_STREAM && listen(sock, 16) != 0)) {
        close_socket(sock);
        return NONE;
    }
    return sock;
}

static void open_bound(answer *a, const char *socket_name, kind kind, int type, const char *address, int port)
{
    system_socket sock;

    begin();
    sock = bound(type, address, port);
    give(a, sock != NONE && new_socket(socket_name, kind, sock), sock == NONE);
}

static void model_create(answer *a, const char *socket_name, int port, const char *address)
{
    open_bound(a, socket_name, SERVER, SOCK_STREAM, address, port);
}

static void model_create_ssl(answer *a, const char *socket_name, int port, const char *certificate, int options, const char *address)
{
    one_socket *s;

    open_bound(a, socket_name, SERVER, SOCK_STREAM, address, port);
    s = find(socket_name);
    if (a->result && s) {
        snprintf(s->certificate, sizeof s->certificate, "%s", certificate);
        s->options = options;
    }
}

static void model_create_udp(answer *a, const char *socket_name, int port, const char *address)
{
    open_bound(a, socket_name, UDP, SOCK_DGRAM, address, port);
}

/* Whether a client asks to connect; the request stays. That none does is no error. */
static void model_wait(answer *a, const char *server, int timeout)
{
    one_socket *s = find(server);

    if (!s || s->kind != SERVER)
        give(a, 0, 1);
    else
        give(a, ready(s->own, POLLIN, timeout), 0);
}

/* A server's hands are shaken when its client is taken. */
static model_tls *secured(const one_socket *server, system_socket sock)
{
    if (!server->certificate[0])
        return NULL;
    no_blocking(sock);
    return tls_accept((int)sock, server->certificate, server->options, 10000);
}

/* The channel has a name of its own and the mode of its server. */
static void model_accept(answer *a, const char *server)
{
    one_socket *s = find(server), *channel;
    char name[NAME_ROOM];
    system_socket sock;

    give(a, 0, 1);
    if (!s || s->kind != SERVER)
        return;
    sock = accept(s->own, NULL, NULL);
    if (sock == NONE)
        return;
    snprintf(name, sizeof name, "channel%d", ++channels);
    channel = new_socket(name, CLIENT, sock);
    if (!channel) {
        close_socket(sock);
        return;
    }
    channel->tls = secured(s, sock);
    channel->mode = s->mode;
    memcpy(channel->tag, s->tag, sizeof channel->tag);
    a->length = snprintf(a->bytes, sizeof a->bytes, "%s", name);
    give(a, 1, 0);
}

static void model_deny(answer *a, const char *server)
{
    one_socket *s = find(server);
    system_socket sock = NONE;

    if (s && s->kind == SERVER && ready(s->own, POLLIN, 0))
        sock = accept(s->own, NULL, NULL);
    if (sock != NONE)
        close_socket(sock);
    give(a, sock != NONE, sock == NONE);
}

/* ---- messages ---- */

static void take(one_socket *s, answer *a, int start, int length, int used)
{
    if (length > ANSWER_ROOM)
        length = ANSWER_ROOM;
    memcpy(a->bytes, s->in + start, (size_t)length);
    a->length = length;
    memmove(s->in, s->in + used, (size_t)(s->have - used));
    s->have -= used;
}

static int place_of(const one_socket *s, const char *tag)
{
    int length = (int)strlen(tag), i;

    for (i = 0; i + length <= s->have; i++)
        if (memcmp(s->in + i, tag, (size_t)length) == 0)
            return i;
    return -1;
}

/* 1 a message was taken, 0 there is none yet, -1 these bytes are none. */
static int take_message(one_socket *s, answer *a, int maximum)
{
    int end, i, size = 0;

    switch (s->mode) {
    case SocketNoEndTag:
        if (s->have == 0)
            return 0;
        end = s->have < maximum ? s->have : maximum;
        take(s, a, 0, end, end);
        return 1;
    case SocketEndTag:
    case SocketEndTagBuffer:
        end = place_of(s, s->tag);
        if (end < 0)
            return 0;
        take(s, a, 0, end, end + (int)strlen(s->tag));
        return 1;
    case SocketSizeFirst:
        break;
    }
    end = place_of(s, "\r\n");
    if (end == 0)
        return -1;
    for (i = 0; i < (end < 0 ? s->have : end); i++) {
        if ((s->in[i] < '0' || s->in[i] > '9') && !(end < 0 && s->in[i] == '\r'))
            return -1;
        if (s->in[i] != '\r')
            size = size * 10 + (s->in[i] - '0');
        if (size > IN_ROOM / 2)
            return -1;
    }
    if (end < 0 || s->have < end + 2 + size)
        return 0;
    take(s, a, end + 2, size, end + 2 + size);
    return 1;
}

static system_socket stream_of(const one_socket *s) { return s->kind == SERVER ? s->client : s->own; }

/* 1 bytes have come, 2 there may be more soon, 0 none did in time, -1 the peer is gone. */
static int fill(one_socket *s, int ms)
{
    int n;

    if (!(s->tls && tls_pending(s->tls)) && !ready(stream_of(s), POLLIN, ms))
        return 0;
    if (s->tls) {
        n = tls_receive(s->tls, s->in + s->have, IN_ROOM - s->have);
        if (n == 0) /* of TLS itself */
            return 2;
    } else {
        n = (int)recv(stream_of(s), s->in + s->have, IN_ROOM - s->have, 0);
    }
    if (n <= 0)
        return -1;
    s->have += n;
    return 1;
}

static void read_datagram(answer *a, one_socket *s, int ms)
{
    socket_length size = (socket_length)sizeof s->sender;
    int n;

    if (!ready(s->own, POLLIN, ms)) {
        give(a, 0, 0);
        return;
    }
    n = (int)recvfrom(s->own, a->bytes, sizeof a->bytes, 0, (struct sockaddr *)&s->sender, &size);
    a->length = n > 0 ? n : 0;
    give(a, n > 0, n < 0);
}

static int left(int64_t end_us, int forever)
{
    int64_t us = end_us - h_now_us();

    return forever ? -1 : us > 0 ? (int)((us + 999) / 1000) : 0;
}

static void read_stream(answer *a, one_socket *s, int forever, int timeout, int maximum, int rest)
{
    int64_t end = h_now_us() + (int64_t)timeout * 1000;
    int whole = s->mode == SocketNoEndTag && rest >= 0 ? 0 : take_message(s, a, maximum), came = 1;

    if (rest >= 0 && s->have > 0)
        forever = 0, end = h_now_us() + (int64_t)rest * 1000;
    while (whole == 0 && came > 0) {
        int begun = s->have > 0;

        /* The rest has a time of its own; without an end tag that is until nothing comes. */
        came = fill(s, begun && rest >= 0 && s->mode == SocketNoEndTag ? rest : left(end, forever));
        if (!begun && rest >= 0)
            forever = 0, end = h_now_us() + (int64_t)rest * 1000;
        if (s->mode != SocketNoEndTag || rest < 0 || came <= 0 || s->have >= maximum)
            whole = take_message(s, a, maximum);
    }
    /* That the time is up is no error; the part of a message that has come stays. */
    give(a, whole > 0 && a->length > 0, whole < 0 || (whole == 0 && came < 0));
    if (a->error && s->kind == SERVER) { /* the next read takes the next client */
        if (s->tls)
            tls_free(s->tls);
        s->tls = NULL;
        close_socket(s->client);
        s->client = NONE;
        s->have = 0;
    }
}

static void take_client(one_socket *s)
{
    s->client = accept(s->own, NULL, NULL);
    s->tls = secured(s, s->client);
}

static void model_read(answer *a, const char *name, int forever, int timeout, int maximum, int rest)
{
    one_socket *s = find(name);
    int64_t end = h_now_us() + (int64_t)timeout * 1000;

    if (!s || !lock_socket(s)) {
        give(a, 0, 1);
        return;
    }
    if (s->kind == UDP)
        read_datagram(a, s, forever ? -1 : timeout);
    else {
        /* A simplified server: the first read takes the client. */
        if (s->kind == SERVER && s->client == NONE && ready(s->own, POLLIN, forever ? -1 : timeout))
            take_client(s);
        if (stream_of(s) == NONE)
            give(a, 0, 0);
        else
            read_stream(a, s, forever, left(end, 0), maximum, rest);
    }
    unlock_socket(s);
}

static int send_all(system_socket sock, const char *bytes, int length)
{
    while (length > 0) {
        int n;

        if (!ready(sock, POLLOUT, 30000))
            return 0;
        n = (int)send(sock, bytes, (size_t)length, MSG_NOSIGNAL);
        if (n <= 0)
            return 0;
        bytes += n;
        length -= n;
    }
    return 1;
}

static int write_stream(one_socket *s, const char *message, int length)
{
    char out[ANSWER_ROOM + 32];
    int size = 0;

    if (stream_of(s) == NONE || length > ANSWER_ROOM)
        return 0;
    if (s->mode == SocketSizeFirst)
        size = snprintf(out, sizeof out, "%d\r\n", length);
    memcpy(out + size, message, (size_t)length);
    size += length;
    if (s->mode == SocketEndTag || s->mode == SocketEndTagBuffer) {
        memcpy(out + size, s->tag, strlen(s->tag));
        size += (int)strlen(s->tag);
    }
    return s->tls ? tls_send(s->tls, out, size) : send_all(stream_of(s), out, size);
}

static void model_write(answer *a, const char *name, const void *message, int length, const char *address, int port)
{
    one_socket *s = find(name);
    struct sockaddr_in where;
    int done;

    if (!s || !lock_socket(s)) {
        give(a, 0, 1);
        return;
    }
    if (s->kind == UDP) {
        if (address)
            done = to_address(&where, address, port, "127.0.0.1");
        else
            where = s->sender, done = where.sin_port != 0;
        done = done && sendto(s->own, message, (size_t)length, 0, (struct sockaddr *)&where, (socket_length)sizeof where) == length;
    } else {
        done = write_stream(s, message, length);
    }
    unlock_socket(s);
    give(a, done, !done);
}

static void model_close(answer *a, const char *name)
{
    one_socket *s = find(name);

    if (s) {
        if (s->tls)
            tls_free(s->tls);
        if (s->client != NONE)
            close_socket(s->client);
        close_socket(s->own);
        h_lock(table);
        s->used = 0;
        h_unlock(table);
    }
    give(a, s != NULL, s == NULL);
}

/* True until SocketClose, even if the peer is gone. */
static void model_exist(answer *a, const char *name) { give(a, find(name) != NULL, 0); }

static void model_info(answer *a, const char *name, client_info what)
{
    one_socket *s = find(name);
    struct sockaddr_in peer;
    socket_length size = (socket_length)sizeof peer;
    int known = 0;

    memset(&peer, 0, sizeof peer);
    if (s && s->kind == UDP) {
        peer = s->sender;
        known = peer.sin_port != 0;
    } else if (s && stream_of(s) != NONE) {
        known = getpeername(stream_of(s), (struct sockaddr *)&peer, &size) == 0;
    }
    if (known && what == SocketAddress)
        inet_ntop(AF_INET, &peer.sin_addr, a->bytes, sizeof a->bytes);
    else if (known)
        snprintf(a->bytes, sizeof a->bytes, "%d", ntohs(peer.sin_port));
    a->length = known ? (int)strlen(a->bytes) : 0;
    give(a, known, !known);
}

/* Without a tag it is EOF, which is taken to be the byte 1A. */
static void model_mode(answer *a, const char *name, transmission_mode mode, const char *tag)
{
    one_socket *s = find(name);

    if (s && s->kind != UDP) {
        s->mode = mode;
        snprintf(s->tag, sizeof s->tag, "%s", tag ? tag : "\x1A");
        give(a, 1, 0);
        return;
    }
    give(a, 0, 1);
}

static int model_port(const char *name)
{
    one_socket *s = find(name);
    struct sockaddr_in own;
    socket_length size = (socket_length)sizeof own;

    memset(&own, 0, sizeof own);
    if (s)
        getsockname(s->own, (struct sockaddr *)&own, &size);
    return ntohs(own.sin_port);
}

static int model_reading(const char *name)
{
    one_socket *s = find(name);
    int reading;

    h_lock(table);
    reading = s && s->busy;
    h_unlock(table);
    return reading;
}

const originals model = { "the originals", model_connect, model_connect_ssl, model_create, model_create_ssl, model_create_udp, model_wait, model_accept, model_deny, model_read,
                          model_write, model_close, model_exist, model_info, model_mode, model_port, model_reading };
