/*
 * library.h - what the tests ask the library, and the usual pairs of its sockets.
 */
#ifndef HARNESS_LIBRARY_H
#define HARNESS_LIBRARY_H

#include <stdint.h>

#include "dns.h"
#include "platform.h"
#include "sockets.h"
#include "wdsocket.h"

/* What the library's error record says, for reading in a check. */
const char *h_error(int32_t socket, int32_t what);

/* One figure of WDSocketGetNumber; a failure is counted and gives -1. */
int64_t h_number(int32_t socket, int32_t what);
int32_t h_option(int32_t socket, int32_t option);
/* One figure of WDSocketStatistics (WDS_STAT_), in the same way. */
int64_t h_figure(int32_t socket, int32_t what);

/* ---- events ---- */

/* A record of WDSocketNextEvents. */
typedef struct {
    int32_t socket, kind, value, code, user, sequence, queue, detail;
} h_event;

/* The next event; kind 0 after a time-out or an error, of which the latter is counted. */
h_event h_next_event(int32_t queue, int32_t timeout_ms);
int h_is_event(h_event e, int32_t socket, int32_t kind);

/* ---- sockets of the library, the usual pairs ---- */

typedef struct {
    int32_t server, client, channel;
    int port;
} h_pair;
int h_pair_open(h_pair *pair); /* a standard server, a client and the channel between them */
void h_pair_close(h_pair *pair);

typedef struct {
    int32_t socket;
    h_sock raw;
} h_half;
int h_half_client(h_half *half);                  /* our client, a raw server's end */
int h_half_channel(h_half *half);                 /* our channel, a raw client */
int h_half_narrow(h_half *half);                  /* our client, a raw end with small buffers */
void h_half_close(h_half *half);

/* Port of a server or UDP socket. */
int h_port(int32_t socket);

/* A thread that is inside WDSocketRead(socket, -1); its result is the read's. */
h_thread *h_blocked_reader(int32_t socket);
/* A thread that is inside WDSocketAccept(server, -1). */
h_thread *h_blocked_accept(int32_t server);
/* A thread that is inside a WDSocketWrite which the peer does not read. */
h_thread *h_blocked_writer(int32_t socket);

/* ---- a name server ---- */

/* Makes a socket that asks this name server. */
int32_t h_dns_socket(h_dns *dns, const char *socket_name);

#endif
