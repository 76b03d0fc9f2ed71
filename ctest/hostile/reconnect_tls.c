/*
 * reconnect_tls.c - clients that reconnect, to peers that make it hard: one that
 * accepts and closes again and again, one that does not accept the client's certificate, and a
 * proxy that turns a server's abort into an orderly end.
 */
#include "certificates.h"
#include "harness.h"

/* A client that reconnects; open it then. */
static int32_t reconnecting(int32_t first, int32_t most, int32_t tries)
{
    int32_t client = WDSocketNew(NULL);

    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT, 1));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_FIRST, first));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_MOST, most));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_TRIES, tries));
    return client;
}

/* The next event but those that name messages. */
static h_event next_step(int32_t queue)
{
    h_event e;

    do
        e = h_next_event(queue, 20000);
    while (e.kind == WDS_EVENT_UNSURE || e.kind == WDS_EVENT_DROPPED || e.kind == WDS_EVENT_MESSAGE);
    return e;
}

/* ---- a peer that accepts and closes ---- */

typedef struct {
    h_sock listener;
    int port, greets;
    volatile int64_t taken, stop;
    h_thread *thread;
} closer;

static int32_t accepts_and_closes(void *argument)
{
    closer *c = (closer *)argument;

    while (!h_get(&c->stop)) {
        h_sock client = h_accept(c->listener, 20);

        if (client == H_NO_SOCK)
            continue;
        h_add(&c->taken, 1);
        if (c->greets)
            h_send(client, "13\r\n421 try later", 17);
        h_close(client);
    }
    return 0;
}

static void closer_start(closer *c, int greets)
{
    memset(c, 0, sizeof *c);
    c->greets = greets;
    c->listener = h_listen("127.0.0.1", 0, 16, &c->port);
    c->thread = h_start(accepts_and_closes, c);
}

static void closer_end(closer *c)
{
    h_add(&c->stop, 1);
    h_join(c->thread);
    h_close(c->listener);
}

#define TRIES 5

TEST(tries_are_counted_over_connections_that_do_not_last)
{
    closer c;
    int greets, i;

    for (greets = 0; greets < 2; greets++) {
        int32_t client = reconnecting(1, 600000, TRIES), queue = WDSocketNewQueue();
        h_event e;

        closer_start(&c, greets);
        CHECK_OK(WDSocketAttach(queue, client, WDS_ATTACH_PLAIN));
        CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT, c.port, "127.0.0.1", 20000));
        CHECK_EQ(next_step(queue).kind, WDS_EVENT_CONNECTED);
        for (i = 1; i <= TRIES; i++) {
            e = next_step(queue);
            CHECK(h_is_event(e, client, WDS_EVENT_RECONNECTING));
            CHECK_EQ(e.value, i);
            CHECK_CODE(e.code, WDS_E_PEER_CLOSED);
            e = next_step(queue);
            CHECK(h_is_event(e, client, WDS_EVENT_RECONNECTED));
            CHECK_EQ(e.value, i);
        }
        e = next_step(queue);
        CHECK(h_is_event(e, client, WDS_EVENT_ERROR));
        CHECK_CODE(e.code, WDS_E_PEER_CLOSED);
        CHECK_HAS(h_error(client, WDS_INFO_DETAIL), "given up after 5 tries (WDS_OPT_RECONNECT_TRIES)");
        CHECK_EQ(h_get(&c.taken), 1 + TRIES);
        CHECK_CODE(WDSocketWrite(client, "x", 1), WDS_E_PEER_CLOSED);
        CHECK_EQ(h_next_event(queue, 20).kind, 0);
        CHECK_EQ(h_get(&c.taken), 1 + TRIES);
        CHECK_OK(WDSocketClose(client));
        CHECK_OK(WDSocketClose(queue));
        closer_end(&c);
    }
}

/* Without a queue: a reader, or a writer, that waits for the connection. */
TEST(a_reader_and_a_writer_come_to_the_end_of_the_tries)
{
    closer c;
    char got[64];
    int writes, i;
    int32_t result;

    for (writes = 0; writes < 2; writes++) {
        int32_t client = reconnecting(1, 600000, TRIES);
        int64_t start = h_now_us();

        closer_start(&c, !writes);
        CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_WAIT, 1));
        CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT, c.port, "127.0.0.1", 20000));
        for (i = 0; !writes && i < 1 + TRIES; i++)
            CHECK_BYTES(got, WDSocketRead(client, got, (int32_t)sizeof got, 20000), "421 try later", 13);
        if (writes) { /* what it is told depends on what has met the end */
            do
                result = WDSocketWrite(client, "x", 1);
            while (result >= 0 && !h_overdue(start, H_PATIENCE));
            CHECK_ANY(result, WDS_E_PEER_CLOSED, WDS_E_RESET);
        }
        result = WDSocketRead(client, got, (int32_t)sizeof got, 20000);
        CHECK_ANY(result, WDS_E_PEER_CLOSED, writes ? WDS_E_RESET : WDS_E_PEER_CLOSED);
        CHECK_EQ(h_get(&c.taken), 1 + TRIES);
        CHECK_OK(WDSocketClose(client));
        closer_end(&c);
    }
}

TEST(a_connection_that_lasted_counts_anew)
{
    int32_t client = reconnecting(1, 1, 2), queue = WDSocketNewQueue(), server = WDSocketCreate(NULL, 0, "127.0.0.1"), channel;
    h_event e;
    int i;

    CHECK_OK(WDSocketAttach(queue, client, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT, h_port(server), "127.0.0.1", 20000));
    CHECK_EQ(next_step(queue).kind, WDS_EVENT_CONNECTED);
    for (i = 0; i < 4; i++) {
        channel = WDSocketAccept(server, 20000);
        h_sleep(10); /* longer than WDS_OPT_RECONNECT_MOST */
        CHECK_OK(WDSocketClose(channel));
        e = next_step(queue);
        CHECK(h_is_event(e, client, WDS_EVENT_RECONNECTING));
        CHECK_EQ(e.value, 1);
        e = next_step(queue);
        CHECK(h_is_event(e, client, WDS_EVENT_RECONNECTED));
        CHECK_EQ(e.value, 1);
    }
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
    CHECK_OK(WDSocketClose(queue));
}

/* ---- a certificate that is not accepted ---- */

enum { BY_QUEUE, BY_READ, BY_WRITE, BY_EXCHANGE, WAYS };

/* The server wants a client certificate and gets none, or one that it does not
   trust, which with TLS 1.3 it says behind the handshake. */
TEST(a_client_certificate_that_is_refused_ends_reconnecting)
{
    int way, shown, port;

    tls_trust();
    for (way = 0; way < WAYS; way++)
        for (shown = 0; shown < 2; shown++) {
            int32_t server = tls_server("good.pem", WDS_SSL_REQUIRE_CLIENT | WDS_SSL_TLS13, &port), queue = 0;
            int32_t client = reconnecting(1, 50, 0), code = shown ? WDS_E_TLS_BAD_CLIENT_CERTIFICATE : WDS_E_TLS_NO_CLIENT_CERTIFICATE;
            char got[16];
            h_event e;

            if (shown)
                CHECK_OK(WDSocketSetText(client, WDS_TEXT_SSL_CERTIFICATE, cert("self-signed.pem")));
            if (way == BY_QUEUE) {
                queue = WDSocketNewQueue();
                CHECK_OK(WDSocketAttach(queue, client, WDS_ATTACH_PLAIN));
            }
            CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 20000));
            switch (way) {
            case BY_QUEUE:
                CHECK_EQ(h_next_event(queue, 20000).kind, WDS_EVENT_CONNECTED);
                e = h_next_event(queue, 20000);
                CHECK(h_is_event(e, client, WDS_EVENT_ERROR));
                CHECK_CODE(e.code, code);
                break;
            case BY_READ:
                CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), code);
                break;
            case BY_WRITE:
                WAIT_UNTIL(WDSocketWrite(client, "x", 1) == code);
                break;
            case BY_EXCHANGE:
                WAIT_UNTIL(WDSocketExchange(client, "x", 1, got, (int32_t)sizeof got, 20000) == code);
                break;
            }
            CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), code);
            WAIT_UNTIL(WDSocketWrite(client, "x", 1) == code);
            CHECK_EQ(h_figure(client, WDS_STAT_RECONNECTS), 0);
            WAIT_UNTIL(h_figure(server, WDS_STAT_ERRORS_TLS) > 0); /* it may count behind its alert */
            CHECK_EQ(h_figure(server, WDS_STAT_ERRORS_TLS), 1);
            CHECK_OK(WDSocketClose(client));
            CHECK_OK(WDSocketClose(server));
            if (queue)
                CHECK_OK(WDSocketClose(queue));
        }
}

/* Later, when it reconnects: the server's certificate is another one. */
TEST(a_server_certificate_that_is_refused_ends_reconnecting)
{
    int port;
    int32_t server, client = reconnecting(1, 50, 0), queue = WDSocketNewQueue(), channel;
    char got[16];
    h_event e;

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_SSL_OPTIONS, WDS_SSL_ONLY_AUTHORITIES));
    CHECK_OK(WDSocketSetText(client, WDS_TEXT_SSL_AUTHORITIES, cert("root.crt")));
    CHECK_OK(WDSocketAttach(queue, client, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 20000));
    CHECK_EQ(next_step(queue).kind, WDS_EVENT_CONNECTED);
    channel = WDSocketAccept(server, 20000);
    CHECK_OK(WDSocketClose(server));
    server = WDSocketCreateSSL(NULL, port, cert("self-signed.pem"), 0, "127.0.0.1", NULL);
    CHECK_GE(server, 1);
    CHECK_OK(WDSocketClose(channel));
    do
        e = next_step(queue);
    while (e.kind == WDS_EVENT_RECONNECTING);
    CHECK(h_is_event(e, client, WDS_EVENT_ERROR));
    CHECK_CODE(e.code, WDS_E_TLS_SELF_SIGNED);
    CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, -1), WDS_E_TLS_SELF_SIGNED);
    CHECK_CODE(WDSocketWrite(client, "x", 1), WDS_E_TLS_SELF_SIGNED);
    WAIT_UNTIL(h_figure(server, WDS_STAT_ERRORS_TLS) > 0);
    CHECK_EQ(h_figure(server, WDS_STAT_ERRORS_TLS), 1);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
    CHECK_OK(WDSocketClose(queue));
}

/* ---- a proxy that has taken what the server never read ---- */

#define MANY 109

/* Takes events until the connection is there again, and checks that the messages from
   first to last are named, once each. */
static void named(int32_t queue, int32_t first, int32_t last)
{
    int reported[MANY + 2], i;
    h_event e;

    memset(reported, 0, sizeof reported);
    for (e = h_next_event(queue, 20000); e.kind && e.kind != WDS_EVENT_RECONNECTED; e = h_next_event(queue, 20000))
        if (e.kind == WDS_EVENT_UNSURE || e.kind == WDS_EVENT_DROPPED)
            for (i = 0; i < e.value; i++)
                if (CHECK(e.detail >= 1 && e.detail + i <= MANY))
                    reported[e.detail + i]++;
    CHECK_EQ(e.kind, WDS_EVENT_RECONNECTED);
    for (i = 1; i <= MANY; i++)
        if (!CHECK_EQ(reported[i], i >= first && i <= last))
            printf("      message %d\n", i);
}

static void write_many(int32_t client, int32_t from, int32_t to)
{
    for (; from <= to; from++)
        CHECK_EQ(WDSocketWrite(client, "a message", 9), 9);
}

TEST(what_nothing_came_behind_is_unsure_after_an_orderly_end)
{
    h_sock raw, listener;
    char got[MANY * 12];
    int answered, keep, port;

    for (answered = 0; answered <= MANY; answered = answered ? answered * 2 - 1 : 55)
        for (keep = 0; keep < 2; keep++) {
            int32_t client = reconnecting(1, 50, 0), queue = WDSocketNewQueue();

            CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_KEEP, keep ? 1 << 16 : 0));
            listener = h_listen("127.0.0.1", 0, 16, &port);
            CHECK_OK(WDSocketAttach(queue, client, WDS_ATTACH_PLAIN));
            CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT, port, "127.0.0.1", 20000));
            CHECK_EQ(next_step(queue).kind, WDS_EVENT_CONNECTED);
            raw = h_accept(listener, 20000);
            write_many(client, 1, answered);
            if (answered) {
                CHECK_EQ(h_recv(raw, got, answered * 12, 20000), answered * 12);
                CHECK(h_send(raw, "2\r\nok", 5));
                CHECK(h_is_event(h_next_event(queue, 20000), client, WDS_EVENT_MESSAGE));
                CHECK_EQ(WDSocketRead(client, got, (int32_t)sizeof got, 20000), 2);
            }
            write_many(client, answered + 1, MANY);
            CHECK_EQ(h_recv(raw, got, (MANY - answered) * 12, 20000), (MANY - answered) * 12);
            h_close(raw); /* in order, as all was read: by a proxy */
#ifdef _WIN32 /* which does not tell what was acknowledged */
            named(queue, 1, MANY);
#else
            named(queue, answered + 1, MANY);
#endif
            h_close(h_accept(listener, 20000));
            CHECK_OK(WDSocketClose(client));
            CHECK_OK(WDSocketClose(queue));
            h_close(listener);
        }
}

/* TLS ends in order, too: by its own end, which the relay hands on. */
TEST(what_nothing_came_behind_is_unsure_after_an_orderly_end_of_tls)
{
    int port;
    int32_t server, client = reconnecting(1, 50, 0), queue = WDSocketNewQueue(), channel;
    relay *between;
    h_event e;
    int i, reported = 0;

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    between = relay_start(port, 4096, 0);
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_SSL_OPTIONS, WDS_SSL_ONLY_AUTHORITIES));
    CHECK_OK(WDSocketSetText(client, WDS_TEXT_SSL_AUTHORITIES, cert("root.crt")));
    CHECK_OK(WDSocketAttach(queue, client, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT_SSL, relay_port(between), "127.0.0.1", 20000));
    CHECK_EQ(next_step(queue).kind, WDS_EVENT_CONNECTED);
    channel = WDSocketAccept(server, 20000);
    CHECK_EQ(WDSocketWrite(channel, "before", 6), 6);
    CHECK(h_is_event(h_next_event(queue, 20000), client, WDS_EVENT_MESSAGE));
    write_many(client, 1, MANY);
    CHECK_OK(WDSocketCloseEx(channel, WDS_CLOSE_WRITE, 20000)); /* its end of TLS, and nothing was read */
    do {
        e = h_next_event(queue, 20000);
        if (e.kind == WDS_EVENT_UNSURE || e.kind == WDS_EVENT_DROPPED)
            for (i = 0; i < e.value; i++)
                reported++;
        if (e.kind == WDS_EVENT_RECONNECTING)
            CHECK_CODE(e.code, WDS_E_PEER_CLOSED);
    } while (e.kind && reported < MANY);
    CHECK_EQ(reported, MANY);
    CHECK_OK(WDSocketCloseEx(channel, WDS_CLOSE_ABORT, 0));
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
    CHECK_OK(WDSocketClose(queue));
    relay_free(between);
}
