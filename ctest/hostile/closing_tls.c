/*
 * closing_tls.c - nothing keeps a close: not what other threads open meanwhile, not
 * a peer that does not read, not a time that was given before.
 */
#include "certificates.h"
#include "harness.h"

/* ---- WDSocketCloseAll while others open ---- */

static volatile int64_t stopping;

static void WDSOCKET_CALL nothing_to_do(const int32_t *event, void *user)
{
    (void)event;
    (void)user;
}

/* h_port counts a failure: a socket that CloseAll has just closed has no port. */
static int32_t port_of(int32_t socket)
{
    int32_t port = 0;

    return WDSocketGetOption(socket, WDS_OPT_LOCAL_PORT, &port) == WDS_OK ? port : 1;
}

/* Opens one after the other, and closes every third itself: the rest is for CloseAll. */
static int32_t opens(void *argument)
{
    int kind = *(int *)argument, round;

    for (round = 0; !h_get(&stopping); round++) {
        int32_t made = 0, timer = 0, port;

        if (h_number(0, WDS_NUM_SOCKETS) > 100)
            h_sleep(1);
        switch (kind) {
        case 0:
            made = WDSocketCreateSSL(NULL, 0, cert("good.pem"), 0, "127.0.0.1", NULL);
            break;
        case 1:
            made = WDSocketNewQueue();
            timer = WDSocketNewTimer(made, 1, 1, 0);
            WDSocketSetCallback(made, nothing_to_do, NULL);
            break;
        case 2: /* a client that is reconnecting */
            timer = WDSocketCreate(NULL, 0, "127.0.0.1");
            port = port_of(timer);
            made = WDSocketNew(NULL);
            WDSocketSetOption(made, WDS_OPT_RECONNECT, 1);
            WDSocketSetOption(made, WDS_OPT_RECONNECT_FIRST, 1);
            if (WDSocketOpen(made, WDS_KIND_CLIENT, port, "127.0.0.1", 5000) == WDS_OK) {
                int32_t channel = WDSocketAccept(timer, 5000);

                WDSocketClose(timer);
                WDSocketCloseEx(channel, WDS_CLOSE_ABORT, 0);
                WDSocketRead(made, NULL, 0, 100);
            }
            break;
        case 3:
            made = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
            WDSocketRead(made, NULL, 0, 1);
            break;
        }
        if (round % 3 == 0) {
            WDSocketClose(timer);
            WDSocketClose(made);
        }
    }
    return 0;
}

static int32_t closes_all(void *argument)
{
    (void)argument;
    return WDSocketCloseAll();
}

static void check_zero(void)
{
    CHECK_EQ(h_number(0, WDS_NUM_SOCKETS), 0);
    CHECK_EQ(h_number(0, WDS_NUM_TOKENS), 0);
    CHECK_EQ(h_number(0, WDS_NUM_GOROUTINES), 0);
    CHECK_EQ(h_number(0, WDS_NUM_DESCRIPTORS), 0);
    CHECK_EQ(h_number(0, WDS_NUM_BUFFERED_BYTES), 0);
    CHECK_EQ(WDSocketList(0, NULL, 0), 0);
}

TEST(close_all_returns_while_others_open)
{
    int kinds[4] = {0, 1, 2, 3}, i;
    h_thread *openers[4], *closer;

    stopping = 0;
    for (i = 0; i < 4; i++)
        openers[i] = h_start(opens, &kinds[i]);
    for (i = 0; i < h_rounds(40); i++) {
        WAIT_UNTIL(h_number(0, WDS_NUM_SOCKETS) > 3);
        closer = h_start(closes_all, NULL);
        WAIT_UNTIL(h_done(closer));
        REQUIRE(CHECK(h_done(closer)));
        CHECK_OK(h_join(closer));
    }
    h_add(&stopping, 1);
    for (i = 0; i < 4; i++)
        h_join(openers[i]);
    CHECK_OK(WDSocketCloseAll());
    check_zero();
}

/* ---- closes that take their time ---- */

enum { PLAIN, TLS, QUEUED, RECONNECTING, KINDS };

/* A client whose peer does not read, and which holds more than goes out by itself. */
typedef struct {
    int32_t socket, queue;
    h_pair pair; /* TLS: the other end is the library's */
    h_half half;
} full;

#define MUCH (1 << 20)

static int full_open(full *f, int kind)
{
    static char data[MUCH];

    memset(f, 0, sizeof *f);
    if (kind == TLS) {
        if (!tls_pair_open(&f->pair, 0, 0))
            return 0;
        f->socket = f->pair.client;
        CHECK_OK(WDSocketSetOption(f->socket, WDS_OPT_SEND_BUFFER, 16384));
        CHECK_OK(WDSocketSetOption(f->pair.channel, WDS_OPT_RECEIVE_BUFFER, 16384));
        CHECK_OK(WDSocketSetOption(f->pair.channel, WDS_OPT_CLOSE_TIMEOUT, 300)); /* closed, it throws away what comes for so long */
    } else {
        if (!h_half_narrow(&f->half))
            return 0;
        f->socket = f->half.socket;
    }
    if (kind == QUEUED) {
        f->queue = WDSocketNewQueue();
        CHECK_OK(WDSocketAttach(f->queue, f->socket, 0));
    }
    if (kind == RECONNECTING)
        CHECK_OK(WDSocketSetOption(f->socket, WDS_OPT_RECONNECT, 1));
    CHECK_OK(WDSocketChangeTransmissionMode(f->socket, WDS_MODE_RAW, NULL, 0));
    CHECK_OK(WDSocketSetOption(f->socket, WDS_OPT_SEND_QUEUE, 2 * MUCH));
    return CHECK_EQ(WDSocketWrite(f->socket, data, MUCH), MUCH);
}

static void full_close(full *f, int kind)
{
    if (kind == TLS) {
        CHECK_OK(WDSocketClose(f->pair.channel));
        CHECK_OK(WDSocketClose(f->pair.server));
    } else {
        h_close(f->half.raw);
    }
    if (f->queue)
        CHECK_OK(WDSocketClose(f->queue));
}

typedef struct {
    int32_t socket, how, timeout;
} closing;

static int32_t close_ex(void *argument)
{
    closing *c = (closing *)argument;

    return WDSocketCloseEx(c->socket, c->how, c->timeout);
}

/* A thread that is inside a graceful close without an end. */
static h_thread *closing_for_ever(closing *c, int32_t socket)
{
    h_thread *thread;

    c->socket = socket;
    c->how = WDS_CLOSE_GRACEFUL;
    c->timeout = -1;
    thread = h_start(close_ex, c);
    WAIT_UNTIL(!WDSocketExist(socket));
    return thread;
}

static void ended_by(int kind, int32_t (WDSOCKET_CALL *end)(int32_t), int32_t expected, int arrives)
{
    full f;
    closing c;
    h_thread *thread;
    int64_t start;
    char got[16];

    REQUIRE(full_open(&f, kind));
    CHECK_OK(WDSocketSetOption(f.socket, WDS_OPT_CLOSE_TIMEOUT, 60000));
    thread = closing_for_ever(&c, f.socket);
    CHECK_CODE(WDSocketState(f.socket), WDS_E_CLOSED);
    CHECK_CODE(WDSocketRead(f.socket, got, (int32_t)sizeof got, -1), WDS_E_CLOSED);
    CHECK_CODE(WDSocketWrite(f.socket, "x", 1), WDS_E_CLOSED);
    CHECK_CODE(WDSocketSetOption(f.socket, WDS_OPT_NODELAY, 0), WDS_E_CLOSED);
    CHECK_CODE(WDSocketCloseEx(f.socket, WDS_CLOSE_GRACEFUL, 0), WDS_E_BUSY);
    CHECK_CODE(WDSocketCloseEx(f.socket, WDS_CLOSE_WRITE, 0), WDS_E_CLOSED);
    CHECK(!h_done(thread));
    start = h_now_us();
    CHECK_OK(end(f.socket));
    CHECK_CODE(h_join(thread), expected);
    CHECK_PROMPT(start);
    CHECK_CODE(WDSocketState(f.socket), WDS_E_HANDLE);
    CHECK_CODE(WDSocketClose(f.socket), WDS_E_HANDLE);
    if (kind == TLS) {
        /* the other end of the library tells the same, but takes its time */
    } else if (arrives) {
        CHECK_EQ(h_recv_count(f.half.raw, 20000), MUCH);
    } else {
        CHECK_EQ(h_recv_end(f.half.raw, 20000), -1);
    }
    full_close(&f, kind);
}

static int32_t WDSOCKET_CALL abort_it(int32_t socket)
{
    return WDSocketCloseEx(socket, WDS_CLOSE_ABORT, 0);
}

TEST(cancel_ends_the_wait_and_what_was_written_still_goes_out)
{
    int kind;

    for (kind = 0; kind < KINDS; kind++)
        ended_by(kind, WDSocketCancel, WDS_E_CANCELLED, 1);
}

TEST(close_ends_the_wait_and_what_was_written_still_goes_out)
{
    int kind;

    for (kind = 0; kind < KINDS; kind++)
        ended_by(kind, WDSocketClose, WDS_E_CLOSED, 1);
}

TEST(abort_ends_the_wait_and_the_connection)
{
    int kind;

    for (kind = 0; kind < KINDS; kind++)
        ended_by(kind, abort_it, WDS_E_CLOSED, 0);
}

TEST(close_all_ends_it_within_the_close_time)
{
    int kind;

    for (kind = 0; kind < KINDS; kind++) {
        full f;
        closing c;
        h_thread *thread;
        int64_t start;

        REQUIRE(full_open(&f, kind));
        CHECK_OK(WDSocketSetOption(f.socket, WDS_OPT_CLOSE_TIMEOUT, 300));
        thread = closing_for_ever(&c, f.socket);
        start = h_now_us();
        CHECK_OK(WDSocketCloseAll());
        if (kind == TLS) { /* its other end is closed too, and takes what comes */
            CHECK_PROMPT(start);
            int32_t code = h_join(thread);

            CHECK(code == WDS_OK || code == WDS_E_CLOSED || code == WDS_E_RESET);
        } else {
            CHECK_TIME(start, 300);
            CHECK_CODE(h_join(thread), WDS_E_CLOSED);
        }
        check_zero();
        if (kind != TLS)
            h_close(f.half.raw);
    }
}

TEST(close_all_waits_for_no_other_close_longer)
{
    full f;
    int64_t start;

    /* the system would hold the close itself */
    REQUIRE(full_open(&f, PLAIN));
    CHECK_OK(WDSocketSetOption(f.socket, WDS_OPT_CLOSE_TIMEOUT, 300));
    CHECK_OK(WDSocketSetOption(f.socket, WDS_OPT_LINGER, 30000));
    start = h_now_us();
    CHECK_OK(WDSocketClose(f.socket));
    CHECK_PROMPT(start);
    start = h_now_us();
    CHECK_OK(WDSocketCloseAll());
    CHECK_PROMPT(start);
    check_zero();
    h_close(f.half.raw);
}

TEST(what_lingers_arrives_without_a_close_time)
{
    full f;

    REQUIRE(full_open(&f, PLAIN));
    CHECK_OK(WDSocketSetOption(f.socket, WDS_OPT_CLOSE_TIMEOUT, 0));
    CHECK_OK(WDSocketSetOption(f.socket, WDS_OPT_LINGER, 60000));
    CHECK_OK(WDSocketClose(f.socket));
    CHECK_EQ(h_recv_count(f.half.raw, 20000), MUCH);
    full_close(&f, PLAIN);
}

TEST(a_name_is_free_while_its_socket_closes)
{
    closing c;
    h_thread *thread;
    int32_t other;
    int port;
    h_sock raw, listener = h_listen_narrow(&port);
    static char data[MUCH];

    c.socket = WDSocketConnect("line", port, "127.0.0.1", 20000);
    REQUIRE(CHECK_GE(c.socket, 1));
    raw = h_accept(listener, 20000);
    CHECK_OK(WDSocketSetOption(c.socket, WDS_OPT_SEND_QUEUE, 2 * MUCH));
    CHECK_OK(WDSocketChangeTransmissionMode(c.socket, WDS_MODE_RAW, NULL, 0));
    CHECK_EQ(WDSocketWrite(c.socket, data, MUCH), MUCH);
    thread = closing_for_ever(&c, c.socket);
    CHECK_EQ(WDSocketFind("line"), c.socket); /* so that others can end it */
    other = WDSocketNew("line");
    CHECK_GE(other, 1);
    CHECK_EQ(WDSocketFind("line"), other);
    CHECK_CODE(WDSocketNew("line"), WDS_E_NAME_TAKEN);
    CHECK_OK(WDSocketCloseEx(c.socket, WDS_CLOSE_ABORT, 0));
    CHECK_CODE(h_join(thread), WDS_E_CLOSED);
    CHECK_EQ(WDSocketFind("line"), other);
    CHECK_OK(WDSocketClose(other));
    CHECK_CODE(WDSocketFind("line"), WDS_E_NOT_FOUND);
    h_close(raw);
    h_close(listener);
}

TEST(in_time_it_is_as_before)
{
    h_half half;
    char got[8];

    REQUIRE(h_half_client(&half));
    CHECK_EQ(WDSocketWrite(half.socket, "bye", 3), 3);
    CHECK_OK(WDSocketCloseEx(half.socket, WDS_CLOSE_GRACEFUL, -1));
    CHECK_CODE(WDSocketState(half.socket), WDS_E_HANDLE);
    CHECK_EQ(h_recv(half.raw, got, 3, 20000), 3);
    h_close(half.raw);
}

/* ---- half-closes ---- */

/* All that the peer gets, up to the orderly end. */
static int64_t arrives(full *f, int kind)
{
    static char got[65536];
    int64_t all = 0;
    int32_t n;

    if (kind != TLS)
        return h_recv_count(f->half.raw, 20000);
    CHECK_OK(WDSocketChangeTransmissionMode(f->pair.channel, WDS_MODE_RAW, NULL, 0));
    while ((n = WDSocketRead(f->pair.channel, got, (int32_t)sizeof got, 20000)) > 0)
        all += n;
    return CHECK_CODE(n, WDS_E_PEER_CLOSED) ? all : -1;
}

/* Ending the sending side in vain, in time or cancelled, breaks nothing: what was
   written goes on leaving, more can be written, and it can be tried again. */
TEST(the_sending_side_can_be_ended_again)
{
    int kind;

    for (kind = 0; kind < KINDS; kind++) {
        full f;
        closing c;
        h_thread *thread;

        REQUIRE(full_open(&f, kind));
        CHECK_CODE(WDSocketCloseEx(f.socket, WDS_CLOSE_WRITE, 0), WDS_E_TIMEOUT);
        CHECK_CODE(WDSocketCloseEx(f.socket, WDS_CLOSE_WRITE, 20), WDS_E_TIMEOUT);
        c.socket = f.socket;
        c.how = WDS_CLOSE_WRITE;
        c.timeout = -1;
        thread = h_start(close_ex, &c);
        WAIT_UNTIL(WDSocketCancel(f.socket) == WDS_OK && h_done(thread));
        CHECK_CODE(h_join(thread), WDS_E_CANCELLED);
        CHECK_EQ(WDSocketWrite(f.socket, "more", 4), 4);
        thread = h_start(close_ex, &c);
        CHECK_EQ(arrives(&f, kind), MUCH + 4);
        CHECK_OK(h_join(thread));
        CHECK_CODE(WDSocketWrite(f.socket, "x", 1), WDS_E_WRITE_CLOSED);
        CHECK_OK(WDSocketClose(f.socket));
        full_close(&f, kind);
    }
}
