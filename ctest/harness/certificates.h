/*
 * certificates.h - what the TLS tests share: the files that certificates.sh has
 * made, sockets that use them, and a peer that stands between two sockets.
 */
#ifndef CERTIFICATES_H
#define CERTIFICATES_H

#include <stdint.h>
#include <stdio.h>

#include "library.h"

/* The path of a file of CTEST_CERTIFICATES; good until sixteen more are asked for. */
const char *cert(const char *name);
/* "first|second", as WDS_TEXT_SSL_CERTIFICATE takes it. */
const char *cert_and(const char *first, const char *second);
/* The text of a file; free it. */
char *cert_text(const char *name);

/* Trusts the authority of the tests alone, from now on, for every new socket. */
void tls_trust(void);

/* A server on 127.0.0.1; < 0 where it cannot be made. */
int32_t tls_server(const char *certificate, int32_t bits, int *port);
/* A client of this machine's server; the result of WDSocketConnectSSL. */
int32_t tls_client(int port, int32_t bits);
/* The same to the end: the code of a handshake, WDS_OK if it is good. */
int32_t tls_try(int port, int32_t bits);

/* A standard server, a client and the channel between them. */
int tls_pair_open(h_pair *pair, int32_t server_bits, int32_t client_bits);

/* One figure of WDSocketSSLInfo as text; a failure is counted and gives "". */
const char *tls_info(int32_t socket, int32_t what, int32_t index);

/* Writes text, reads it at the other end and the same back. */
int tls_talk(int32_t one, int32_t other);

/* ---- a relay: hands on what comes, and can do damage ---- */

typedef struct relay relay;

/* Listens and connects each client on to port; at most size bytes at once, with
 * a pause between. */
relay *relay_start(int port, int size, int pause_ms);
int relay_port(relay *between);
/* From now on nothing is handed on (1), or all that was held back (0). */
void relay_hold(relay *between, int held);
/* Says something of its own to the client. */
void relay_say(relay *between, const char *text);
/* Ends both directions in the order of TCP, and hands nothing on any more. */
void relay_end(relay *between);
/* The same, and resets both behind that, as a system does that has forgotten them. */
void relay_reset(relay *between);
void relay_free(relay *between);

#ifdef H_UNIX
/* ---- openssl as the server, for what this library refuses to show ---- */
typedef struct {
    FILE *output;
    int port;
} openssl;

/* Serves so many connections; options as on its command line. */
int openssl_start(openssl *server, int connections, const char *options);
void openssl_end(openssl *server);
#endif

#endif
