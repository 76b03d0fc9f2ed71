/*
 * tickets_tls.c - closes in order while the peer still sends: what it sends is read
 * and thrown away until it has ended, because the system answers what comes in
 * behind a close by a reset, and that takes from the peer what it has not read.
 */
#include "certificates.h"
#include "harness.h"

enum { CONVERSATIONS = 12, MESSAGES = 10, HELD = 16384 };

/* ---- a client of TLS 1.3 that only writes and closes ---- */

typedef struct {
    int port;
    int32_t client;
} dialing;

static int32_t dial(void *argument)
{
    dialing *d = (dialing *)argument;

    d->client = WDSocketNew(NULL);
    CHECK_OK(WDSocketSetText(d->client, WDS_TEXT_SSL_CERTIFICATE, cert("client.pem")));
    return WDSocketOpen(d->client, WDS_KIND_CLIENT_SSL, d->port, "127.0.0.1", 20000);
}

/*
 * What stands between a client and its server.  A server that asks for a certificate
 * sends its ticket behind the client's last word of the handshake: that is held.
 */
typedef struct {
    h_sock listener, near, far; /* near: the client's side */
    int port, held;
    char ticket[HELD];
} between;

static int between_open(between *b, int port)
{
    b->held = 0;
    b->near = H_NO_SOCK;
    b->listener = h_listen("127.0.0.1", 0, 8, &b->port);
    b->far = h_connect("127.0.0.1", port);
    return CHECK(b->listener != H_NO_SOCK && b->far != H_NO_SOCK);
}

static void between_close(between *b)
{
    h_close(b->near);
    h_close(b->far);
    h_close(b->listener);
}

/* Hands the client's bytes on, or keeps the last ones; what there were. */
static int from_client(between *b, char *kept, int room)
{
    char buffer[4096];
    int got = h_recv(b->near, kept ? kept : buffer, kept ? room : (int)sizeof buffer, 3);

    if (got > 0 && !kept)
        CHECK(h_send(b->far, buffer, got));
    return got;
}

/* The handshake up to the client's last words in it, which have come and are kept. */
static int shake_up_to_the_last(between *b, char *kept, int room)
{
    char buffer[4096];
    int got, answered = 0, hello = 0;

    b->near = h_accept(b->listener, 20000);
    while (!answered) {
        hello += from_client(b, NULL, 0);
        while (hello && (got = h_recv(b->far, buffer, (int)sizeof buffer, 3)) > 0) {
            answered = 1;
            if (!CHECK(h_send(b->near, buffer, got)))
                return 0;
        }
    }
    for (got = 0; !got;)
        got = from_client(b, kept, room);
    return got;
}

/* Hands on what the client sends until it ends, and keeps what the server sends. */
static void hold_until_the_end(between *b)
{
    int quiet = 0;

    while (!b->held || quiet < 2) {
        b->held += h_recv(b->far, b->ticket + b->held, HELD - b->held, 3);
        quiet = from_client(b, NULL, 0) ? 0 : quiet + 1;
    }
    CHECK_EQ(h_recv_end(b->near, 20000), 1);
    h_shut_write(b->far);
}

/* Sends as a server does whose ticket comes late; 0 when a reset was the answer. */
static int send_late(h_sock sock, const char *data, int length)
{
    int i;

    for (i = 0; i < 20; i++) {
        int part = i == 19 ? length - i : 1;

        if (!h_send(sock, data + i, part))
            return 0;
        h_sleep(1);
    }
    return 1;
}

static int read_all(int32_t channel)
{
    char got[16];
    int n = 0;

    while (WDSocketRead(channel, got, (int32_t)sizeof got, 20000) == 2)
        n++;
    return n;
}

static void only_writes_and_closes(int how)
{
    int i, k, port, lost = 0, resets = 0;
    int32_t server;

    tls_trust();
    for (i = 0; i < h_rounds(CONVERSATIONS); i++) {
        static between b;
        dialing d;
        h_thread *thread;
        int32_t channel;
        char last[8192];
        int n;

        /* a new one each time: it resumes no session */
        server = tls_server("good.pem", WDS_SSL_REQUIRE_CLIENT | WDS_SSL_TLS13, &port);
        REQUIRE(between_open(&b, port));
        d.port = b.port;
        thread = h_start(dial, &d);
        n = shake_up_to_the_last(&b, last, (int)sizeof last);
        CHECK(h_send(b.far, last, n));
        REQUIRE(CHECK_OK(h_join(thread)));
        for (k = 0; k < MESSAGES; k++)
            CHECK_CODE(WDSocketWrite(d.client, "mm", 2), 2);
        if (how == WDS_CLOSE_GRACEFUL)
            CHECK_OK(WDSocketCloseEx(d.client, WDS_CLOSE_GRACEFUL, -1));
        else
            CHECK_OK(WDSocketClose(d.client));
        hold_until_the_end(&b);
        if (!send_late(b.near, b.ticket, b.held))
            resets++;
        channel = WDSocketAccept(server, 20000);
        REQUIRE(CHECK_GE(channel, 1));
        if (read_all(channel) != MESSAGES)
            lost++;
        CHECK_OK(WDSocketClose(channel));
        CHECK_OK(WDSocketClose(server));
        between_close(&b);
    }
    CHECK_EQ(resets, 0);
    CHECK_EQ(lost, 0);
}

TEST(a_client_that_only_writes_and_closes_resets_nothing)
{
    only_writes_and_closes(-1);
}

TEST(nor_does_a_graceful_close_which_waits_for_no_ticket)
{
    only_writes_and_closes(WDS_CLOSE_GRACEFUL);
}

#ifdef H_UNIX
/* Windows throws away what was not read when a reset comes. */
TEST(a_server_reads_what_came_although_its_ticket_cannot_leave)
{
    int i, k, port, lost = 0;
    int32_t server;

    tls_trust();
    for (i = 0; i < h_rounds(CONVERSATIONS); i++) {
        static between b;
        dialing d;
        h_thread *thread;
        int32_t channel;
        char last[16384];
        int n, more;

        /* a new one each time: it resumes no session */
        server = tls_server("good.pem", WDS_SSL_REQUIRE_CLIENT | WDS_SSL_TLS13, &port);
        REQUIRE(between_open(&b, port));
        d.port = b.port;
        thread = h_start(dial, &d);
        n = shake_up_to_the_last(&b, last, (int)sizeof last);
        REQUIRE(CHECK_OK(h_join(thread)));
        for (k = 0; k < MESSAGES; k++)
            CHECK_CODE(WDSocketWrite(d.client, "mm", 2), 2);
        CHECK_OK(WDSocketClose(d.client));
        while ((more = h_recv(b.near, last + n, (int)sizeof last - n, 20)) > 0)
            n += more;
        CHECK(h_send(b.far, last, n)); /* all at once, and the reset behind it */
        h_reset(b.far);
        b.far = H_NO_SOCK;
        channel = WDSocketAccept(server, 2000);
        if (channel < 1 || read_all(channel) != MESSAGES)
            lost++;
        if (channel > 0)
            CHECK_OK(WDSocketClose(channel));
        CHECK_OK(WDSocketClose(server));
        h_close(b.near);
        h_close(b.listener);
    }
    CHECK_EQ(lost, 0);
}
#endif

/* ---- without TLS: a peer that is still sending reads the answer whole ---- */

static void answers_and_closes(int how)
{
    int i, resets = 0;

    for (i = 0; i < h_rounds(CONVERSATIONS); i++) {
        h_half half;
        char got[8];
        static const char more[64];

        REQUIRE(h_half_client(&half));
        CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_RAW, NULL, 0));
        CHECK(h_send(half.raw, more, (int)sizeof more));
        WAIT_UNTIL(WDSocketAvailable(half.socket) > 0);
        CHECK_CODE(WDSocketWrite(half.socket, "answer", 6), 6);
        if (how == WDS_CLOSE_GRACEFUL)
            CHECK_OK(WDSocketCloseEx(half.socket, WDS_CLOSE_GRACEFUL, -1));
        else
            CHECK_OK(WDSocketClose(half.socket));
        if (!send_late(half.raw, more, (int)sizeof more))
            resets++;
        CHECK_BYTES(got, h_recv(half.raw, got, 6, 20000), "answer", 6);
        CHECK_EQ(h_recv_end(half.raw, 20000), 1);
        h_close(half.raw);
    }
    CHECK_EQ(resets, 0);
}

TEST(a_peer_that_is_still_sending_is_not_reset)
{
    answers_and_closes(-1);
    answers_and_closes(WDS_CLOSE_GRACEFUL);
}

/* The answer of the peer is waited for in the background, and not beyond the close time. */
TEST(a_peer_that_never_ends_holds_nothing)
{
    h_half half;
    int64_t start;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_RAW, NULL, 0));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_CLOSE_TIMEOUT, 300));
    CHECK(h_send(half.raw, "noise", 5));
    WAIT_UNTIL(WDSocketAvailable(half.socket) > 0);
    CHECK_CODE(WDSocketWrite(half.socket, "answer", 6), 6);
    start = h_now_us();
    CHECK_OK(WDSocketCloseEx(half.socket, WDS_CLOSE_GRACEFUL, -1));
    CHECK_OK(WDSocketCloseAll());
    CHECK_PROMPT(start);
    CHECK_EQ(h_number(0, WDS_NUM_DESCRIPTORS), 0);
    h_close(half.raw);
}
