/*
 * certificates.c - see certificates.h.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificates.h"
#include "check.h"
#include "library.h"
#include "proc.h"
#include "sockets.h"

static const char *folder(void)
{
    const char *path = getenv("CTEST_CERTIFICATES");

    return path ? path : ".";
}

static char *ring(void)
{
    static char paths[16][1024];
    static volatile int64_t next;

    h_add(&next, 1);
    return paths[h_get(&next) % 16];
}

const char *cert(const char *name)
{
    char *path = ring();

    snprintf(path, 1024, "%s/%s", folder(), name);
    return path;
}

const char *cert_and(const char *first, const char *second)
{
    char *both = ring();

    snprintf(both, 1024, "%s/%s|%s/%s", folder(), first, folder(), second);
    return both;
}

char *cert_text(const char *name)
{
    char *text = h_read_file(cert(name));

    CHECK(text != NULL);
    return text ? text : (char *)calloc(1, 1);
}

void tls_trust(void)
{
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_AUTHORITIES, cert("root.crt")));
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_SSL_OPTIONS, WDS_SSL_ONLY_AUTHORITIES));
}

/* Bits given replace what was set, so the trust is said again. */
static int32_t with_trust(int32_t bits)
{
    return bits | WDS_SSL_ONLY_AUTHORITIES;
}

int32_t tls_server(const char *certificate, int32_t bits, int *port)
{
    int32_t server = WDSocketCreateSSL(NULL, 0, cert(certificate), with_trust(bits), "127.0.0.1", NULL);

    CHECK_GE(server, 1);
    *port = server > 0 ? h_port(server) : 0;
    return server;
}

int32_t tls_client(int port, int32_t bits)
{
    return WDSocketConnectSSL(NULL, port, "127.0.0.1", with_trust(bits), 20000, NULL, NULL);
}

int32_t tls_try(int port, int32_t bits)
{
    int32_t client = tls_client(port, bits);

    if (client < 0)
        return client;
    CHECK_OK(WDSocketClose(client));
    return WDS_OK;
}

int tls_pair_open(h_pair *pair, int32_t server_bits, int32_t client_bits)
{
    memset(pair, 0, sizeof *pair);
    tls_trust();
    pair->server = tls_server("good.pem", server_bits, &pair->port);
    if (pair->server < 1)
        return 0;
    pair->client = tls_client(pair->port, client_bits);
    if (!CHECK_GE(pair->client, 1))
        return 0;
    pair->channel = WDSocketAccept(pair->server, 20000);
    return CHECK_GE(pair->channel, 1);
}

const char *tls_info(int32_t socket, int32_t what, int32_t index)
{
    static char texts[8][4096];
    static volatile int64_t next;
    char *text = texts[h_get(&next) % 8];

    h_add(&next, 1);
    text[0] = 0;
    CHECK_GE(WDSocketSSLInfo(socket, what, index, text, 4096), 0);
    return text;
}

int tls_talk(int32_t one, int32_t other)
{
    char got[32];

    return CHECK_CODE(WDSocketWrite(one, "question", 8), 8) &&
           CHECK_BYTES(got, WDSocketRead(other, got, (int32_t)sizeof got, 20000), "question", 8) &&
           CHECK_CODE(WDSocketWrite(other, "answer", 6), 6) &&
           CHECK_BYTES(got, WDSocketRead(one, got, (int32_t)sizeof got, 20000), "answer", 6);
}

/* ---- the relay ---- */

struct relay {
    h_sock listener, from, on;
    h_thread *thread;
    int port, target, size, pause;
    volatile int64_t held, stop, ended, gone, reset;
};

/* One direction, once; 0 when that side has ended. */
static int hand_on(relay *between, h_sock from, h_sock to)
{
    char buffer[4096];
    int got = h_recv(from, buffer, between->size, 2);

    if (got > 0 && !h_send(to, buffer, got))
        return 0;
    if (got > 0 && between->pause)
        h_sleep(between->pause);
    return 1;
}

static int32_t relay_run(void *argument)
{
    relay *between = (relay *)argument;

    while (between->from == H_NO_SOCK && !h_get(&between->stop))
        between->from = h_accept(between->listener, 20);
    if (between->from == H_NO_SOCK)
        return 0;
    between->on = h_connect("127.0.0.1", between->target);
    while (!h_get(&between->stop)) {
        if (h_get(&between->held)) {
            h_sleep(2);
            continue;
        }
        if (!hand_on(between, between->from, between->on) || !hand_on(between, between->on, between->from))
            break;
    }
    h_shut_write(between->from);
    h_shut_write(between->on);
    h_add(&between->ended, 1);
    while (!h_get(&between->gone))
        h_sleep(2);
    if (h_get(&between->reset)) {
        h_reset(between->from);
        h_reset(between->on);
        return 0;
    }
    h_close(between->from);
    h_close(between->on);
    return 0;
}

relay *relay_start(int port, int size, int pause_ms)
{
    relay *between = (relay *)calloc(1, sizeof *between);

    between->from = between->on = H_NO_SOCK;
    between->target = port;
    between->size = size;
    between->pause = pause_ms;
    between->listener = h_listen("127.0.0.1", 0, 8, &between->port);
    between->thread = h_start(relay_run, between);
    return between;
}

int relay_port(relay *between)
{
    return between->port;
}

void relay_hold(relay *between, int held)
{
    h_add(&between->held, held - h_get(&between->held));
}

void relay_say(relay *between, const char *text)
{
    CHECK(h_send(between->from, text, (int)strlen(text)));
}

void relay_end(relay *between)
{
    h_add(&between->stop, 1);
    WAIT_UNTIL(h_get(&between->ended));
}

void relay_reset(relay *between)
{
    relay_end(between);
    h_add(&between->reset, 1);
    h_add(&between->gone, 1);
    h_join(between->thread);
    between->thread = NULL;
}

void relay_free(relay *between)
{
    h_add(&between->stop, 1);
    h_add(&between->gone, 1);
    if (between->thread != NULL)
        h_join(between->thread);
    h_close(between->listener);
    free(between);
}

/* ---- openssl ---- */

#ifdef H_UNIX
int openssl_start(openssl *server, int connections, const char *options)
{
    char line[2048], *port;

    snprintf(line, sizeof line, "exec timeout 120 openssl s_server -accept 127.0.0.1:0 -naccept %d -rev %s 2>/dev/null", connections, options);
    server->port = 0;
    server->output = popen(line, "r");
    if (!CHECK(server->output != NULL))
        return 0;
    while (!server->port && fgets(line, (int)sizeof line, server->output))
        if (strncmp(line, "ACCEPT", 6) == 0 && (port = strrchr(line, ':')) != NULL)
            server->port = atoi(port + 1);
    return CHECK_GE(server->port, 1);
}

void openssl_end(openssl *server)
{
    char rest[256];

    if (!server->output)
        return;
    while (fgets(rest, (int)sizeof rest, server->output))
        ;
    pclose(server->output);
}
#endif
