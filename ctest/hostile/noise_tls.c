/*
 * noise_tls.c - bytes between messages, and messages with wrong check bytes, are
 * an event of their own, one for each stretch, and end nothing.  Over plain TCP
 * and TLS, fetched and by callback, of clients and of a managed server's channels.
 */
#include "certificates.h"

#if defined(_WIN32) && !defined(_WIN64)
#define CALL __stdcall
#else
#define CALL
#endif

static char got[256];

/* A client that frames messages, and the channel that sends it any bytes. */
static int open_pair(h_pair *pair, int secured)
{
    if (!(secured ? tls_pair_open(pair, 0, 0) : h_pair_open(pair)))
        return 0;
    CHECK_OK(WDSocketChangeTransmissionMode(pair->client, WDS_MODE_MARKERS, NULL, 0));
    CHECK_OK(WDSocketChangeTransmissionMode(pair->channel, WDS_MODE_RAW, NULL, 0));
    return 1;
}

static void feed(int32_t sender, const char *bytes)
{
    CHECK_CODE(WDSocketWrite(sender, bytes, -1), (int32_t)strlen(bytes));
}

static void is_noise(h_event e, int32_t socket, int32_t code, int32_t bytes)
{
    CHECK(h_is_event(e, socket, WDS_EVENT_NOISE));
    CHECK_EQ(e.code, code);
    CHECK_EQ(e.value, bytes);
    CHECK_EQ(e.detail, 0);
}

static void is_message(h_event e, int32_t socket, const char *text)
{
    CHECK(h_is_event(e, socket, WDS_EVENT_MESSAGE));
    CHECK_BYTES(got, WDSocketRead(socket, got, (int32_t)sizeof got, 0), text, (int)strlen(text));
}

static int64_t frame_errors(int32_t socket)
{
    int64_t figures[WDS_STAT_COUNT];

    CHECK_EQ(WDSocketStatistics(socket, figures, WDS_STAT_COUNT), WDS_STAT_COUNT);
    return figures[WDS_STAT_ERRORS_FRAME];
}

static void fetched(int secured)
{
    h_pair pair;
    int64_t read;
    int32_t queue;

    REQUIRE(open_pair(&pair, secured));
    queue = WDSocketNewQueue();
    CHECK_OK(WDSocketAttach(queue, pair.client, WDS_ATTACH_PLAIN));
    feed(pair.channel, "hello");
    is_noise(h_next_event(queue, 20000), pair.client, WDS_E_FRAME, 5);
    read = h_number(pair.client, WDS_NUM_BYTES_READ);
    feed(pair.channel, " and more"); /* the same stretch */
    WAIT_UNTIL(h_next_event(queue, 1).kind == 0 && h_number(pair.client, WDS_NUM_BYTES_READ) > read + 8);
    CHECK_EQ(h_number(pair.client, WDS_NUM_BUFFERED), 0);
    feed(pair.channel, "\x02one\x03" "??\x02two\x03");
    is_message(h_next_event(queue, 20000), pair.client, "one");
    is_noise(h_next_event(queue, 20000), pair.client, WDS_E_FRAME, 2);
    is_message(h_next_event(queue, 20000), pair.client, "two");
    CHECK_EQ(frame_errors(pair.client), 2);
    CHECK_EQ(WDSocketState(pair.client), WDS_STATE_OPEN);
    CHECK_OK(WDSocketErrorCode(pair.client, WDS_INFO_CODE));

    CHECK_OK(WDSocketSetText(pair.client, WDS_TEXT_FRAME_PRESET, "stx-etx-bcc"));
    feed(pair.channel, "\x02" "A\x03" "!\x02" "B\x03" "!\x02" "C\x03\x40");
    is_noise(h_next_event(queue, 20000), pair.client, WDS_E_CHECK, 4);
    is_noise(h_next_event(queue, 20000), pair.client, WDS_E_CHECK, 4);
    is_message(h_next_event(queue, 20000), pair.client, "C");
    CHECK_EQ(frame_errors(pair.client), 4);

    /* what cannot be skipped is the end, and the only one */
    CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_MAX_MESSAGE, 8));
    feed(pair.channel, "\x02" "123456789");
    {
        h_event e = h_next_event(queue, 20000);

        CHECK(h_is_event(e, pair.client, WDS_EVENT_ERROR));
        CHECK_EQ(e.code, WDS_E_TOO_LONG);
    }
    CHECK_EQ(h_next_event(queue, 1).kind, 0);
    CHECK_EQ(WDSocketState(pair.client), WDS_STATE_BROKEN);
    CHECK_OK(WDSocketClose(queue));
    h_pair_close(&pair);
}

TEST(noise_is_an_event_of_its_own) { fetched(0); }
TEST(noise_is_an_event_of_its_own_tls) { fetched(1); }

/* The loop of docs/events.md. */
static volatile int64_t noises, ends;

static void serves(int32_t server, const int32_t *e)
{
    int kind = e[1];
    int over = kind == WDS_EVENT_PEER_CLOSED || kind == WDS_EVENT_RESET || kind == WDS_EVENT_TIMEOUT || kind == WDS_EVENT_ERROR;

    if (kind == WDS_EVENT_NOISE)
        h_add(&noises, 1);
    if (kind == WDS_EVENT_MESSAGE) {
        static char text[65536];
        int32_t length = WDSocketRead(e[0], text, sizeof text, 0);

        over = length < 0 || WDSocketWrite(e[0], text, length) < 0;
    }
    if (over && e[0] != server) {
        h_add(&ends, 1);
        WDSocketClose(e[0]);
    }
}

static void CALL happened(const int32_t *event, void *user)
{
    serves(*(const int32_t *)user, event);
}

static void managed(int by_callback)
{
    int32_t server = WDSocketNew(NULL), queue = WDSocketNewQueue(), port, events[16][8], n, i;
    h_sock raw;

    noises = ends = 0;
    CHECK_OK(WDSocketChangeTransmissionMode(server, WDS_MODE_MARKERS, NULL, 0));
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER, 0, "127.0.0.1", 0));
    port = h_port(server);
    CHECK_OK(WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
    if (by_callback)
        CHECK_OK(WDSocketSetCallback(queue, happened, &server));
    raw = h_connect("127.0.0.1", port);
    CHECK(h_send_chunks(raw, "stray\x02hello\x03stray", 17, 1, 1));
    while (!by_callback && (h_get(&noises) < 2 || h_number(server, WDS_NUM_CLIENTS) == 0)) {
        n = WDSocketNextEvents(queue, 20000, events, 32, 16);
        REQUIRE(CHECK_GE(n, 1));
        for (i = 0; i < n; i++)
            serves(server, events[i]);
    }
    CHECK_EQ(h_recv(raw, got, 7, 20000), 7);
    CHECK_BYTES(got, 7, "\x02hello\x03", 7);
    WAIT_UNTIL(h_get(&noises) == 2);
    CHECK_EQ(h_get(&ends), 0);
    CHECK_EQ(h_number(server, WDS_NUM_CLIENTS), 1);
    CHECK_EQ(frame_errors(server), 2);
    h_close(raw);
    while (!by_callback && h_get(&ends) == 0) {
        n = WDSocketNextEvents(queue, 20000, events, 32, 16);
        REQUIRE(CHECK_GE(n, 1));
        for (i = 0; i < n; i++)
            serves(server, events[i]);
    }
    WAIT_UNTIL(h_get(&ends) == 1);
    CHECK_EQ(h_get(&noises), 2);
    CHECK_OK(WDSocketClose(queue));
    CHECK_OK(WDSocketClose(server));
}

TEST(the_loop_of_the_guide_does_not_close_at_a_stray_byte) { managed(0); }
TEST(a_callback_does_not_close_at_a_stray_byte) { managed(1); }

/* Members of a group get what is published, whatever they have sent. */
TEST(a_noisy_member_of_a_group)
{
    int32_t server = WDSocketNew(NULL), queue = WDSocketNewQueue();
    h_event e;
    h_sock raw;

    CHECK_OK(WDSocketChangeTransmissionMode(server, WDS_MODE_MARKERS, NULL, 0));
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER, 0, "127.0.0.1", 0));
    CHECK_OK(WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
    raw = h_connect("127.0.0.1", h_port(server));
    e = h_next_event(queue, 20000);
    CHECK(h_is_event(e, e.socket, WDS_EVENT_ACCEPTED));
    CHECK_OK(WDSocketGroupJoin(e.socket, "all"));
    CHECK(h_send(raw, "stray", 5));
    is_noise(h_next_event(queue, 20000), e.socket, WDS_E_FRAME, 5);
    CHECK_EQ(WDSocketGroupPublish(server, "all", "news", 4), 1);
    CHECK_EQ(h_recv(raw, got, 6, 20000), 6);
    CHECK_BYTES(got, 6, "\x02news\x03", 6);
    h_close(raw);
    CHECK_OK(WDSocketClose(e.socket));
    CHECK_OK(WDSocketClose(queue));
    CHECK_OK(WDSocketClose(server));
}

/* Without a queue a read tells each stretch once, in however many pieces it comes. */
TEST(reads_without_a_queue)
{
    h_half half;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_MARKERS, NULL, 0));
    CHECK(h_send(half.raw, "stray", 5));
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_FRAME);
    CHECK(h_send(half.raw, " bytes\x02one\x03" "??\x02two\x03", 18));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "one", 3);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_FRAME);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "two", 3);
    CHECK_EQ(frame_errors(half.socket), 2);
    h_half_close(&half);
}

TEST(a_simplified_server_keeps_a_noisy_client)
{
    int32_t server = WDSocketNew(NULL);
    h_sock raw;

    CHECK_OK(WDSocketChangeTransmissionMode(server, WDS_MODE_MARKERS, NULL, 0));
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER, 0, "127.0.0.1", 0));
    raw = h_connect("127.0.0.1", h_port(server));
    CHECK(h_send(raw, "stray\x02one\x03", 10));
    CHECK_CODE(WDSocketRead(server, got, (int32_t)sizeof got, 20000), WDS_E_FRAME);
    CHECK_BYTES(got, WDSocketRead(server, got, (int32_t)sizeof got, 20000), "one", 3);
    CHECK_CODE(WDSocketWrite(server, "ack", 3), 3);
    CHECK_EQ(h_recv(raw, got, 5, 20000), 5);
    h_close(raw);
    CHECK_OK(WDSocketClose(server));
}
