/*
 * noise_tls.c - bytes between messages, and messages with wrong check bytes, are
 * an event of their own, one for each stretch, and end nothing.  Over plain TCP
 * and TLS, fetched and by callback, of clients and of a managed server's channels.
 */
#include "certificates.h"
#include "harness.h"

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
    CHECK_EQ(e.detail, WDS_SCOPE_MESSAGE);
}

static void is_message(h_event e, int32_t socket, const char *text)
{
    CHECK(h_is_event(e, socket, WDS_EVENT_MESSAGE));
    CHECK_BYTES(got, WDSocketRead(socket, got, (int32_t)sizeof got, 0), text, (int)strlen(text));
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
    CHECK_EQ(h_figure(pair.client, WDS_STAT_ERRORS_FRAME), 2);
    CHECK_EQ(WDSocketState(pair.client), WDS_STATE_OPEN);
    CHECK_OK(WDSocketErrorCode(pair.client, WDS_INFO_CODE));

    CHECK_OK(WDSocketSetText(pair.client, WDS_TEXT_FRAME_PRESET, "stx-etx-bcc"));
    feed(pair.channel, "\x02" "A\x03" "!\x02" "B\x03" "!\x02" "C\x03\x40");
    is_noise(h_next_event(queue, 20000), pair.client, WDS_E_CHECK, 4);
    is_noise(h_next_event(queue, 20000), pair.client, WDS_E_CHECK, 4);
    is_message(h_next_event(queue, 20000), pair.client, "C");
    CHECK_EQ(h_figure(pair.client, WDS_STAT_ERRORS_FRAME), 4);

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
    CHECK_EQ(h_figure(server, WDS_STAT_ERRORS_FRAME), 2);
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
    CHECK_EQ(h_figure(half.socket, WDS_STAT_ERRORS_FRAME), 2);
    h_half_close(&half);
}

static int32_t answers_late(void *argument)
{
    int32_t channel = (int32_t)(intptr_t)argument;
    char question[64];
    int32_t n = WDSocketRead(channel, question, (int32_t)sizeof question, 20000);

    return n < 0 ? n : WDSocketWrite(channel, "\x0bMSH|lost\r\x0bMSH|answer\r\x1c\r", 24);
}

/* Two HL7 messages of which the first has no end are an error and a message, in
 * whatever way they are read. */
static void begins_anew(int secured)
{
    static const char *broken = "\x0bMSH|1\r\x0bMSH|2\r\x1c\r", *first = "\x0bMSH|1\r";
    h_pair pair;
    h_thread *thread;
    int32_t queue, length;
    void *token;
    const void *data;

    REQUIRE(open_pair(&pair, secured));
    CHECK_OK(WDSocketSetText(pair.client, WDS_TEXT_FRAME_PRESET, "mllp"));
    feed(pair.channel, broken);
    CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), WDS_E_FRAME);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "0B follows");
    CHECK_BYTES(got, WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), "MSH|2\r", 6);
    feed(pair.channel, broken);
    CHECK_CODE(WDSocketReadMessage(pair.client, 20000, &data, &length, &token), WDS_E_FRAME);
    if (CHECK_CODE(WDSocketReadMessage(pair.client, 20000, &data, &length, &token), 6)) {
        CHECK_BYTES(data, length, "MSH|2\r", 6);
        CHECK_OK(WDSocketMessageFree(token));
    }
    feed(pair.channel, first); /* and the rest when a read has waited in vain */
    CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 50), WDS_E_TIMEOUT);
    feed(pair.channel, broken + 7);
    WAIT_UNTIL((length = WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE)) != WDS_E_TIMEOUT);
    CHECK_CODE(length, WDS_E_FRAME);
    WAIT_UNTIL(WDSocketAvailable(pair.client) == 6);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE), 6);
    CHECK_EQ(h_figure(pair.client, WDS_STAT_ERRORS_FRAME), 3);

    /* inside an exchange it is noise */
    thread = h_start(answers_late, (void *)(intptr_t)pair.channel);
    CHECK_BYTES(got, WDSocketExchange(pair.client, "MSH|?\r", 6, got, (int32_t)sizeof got, 20000), "MSH|answer\r", 11);
    CHECK_CODE(h_join(thread), 24);
    CHECK_EQ(h_figure(pair.client, WDS_STAT_ERRORS_FRAME), 4);

    queue = WDSocketNewQueue();
    CHECK_OK(WDSocketAttach(queue, pair.client, WDS_ATTACH_PLAIN));
    feed(pair.channel, broken);
    is_noise(h_next_event(queue, 20000), pair.client, WDS_E_FRAME, 7);
    is_message(h_next_event(queue, 20000), pair.client, "MSH|2\r");
    CHECK_EQ(WDSocketState(pair.client), WDS_STATE_OPEN);
    CHECK_OK(WDSocketClose(queue));
    h_pair_close(&pair);
}

TEST(a_message_begins_anew) { begins_anew(0); }
TEST(a_message_begins_anew_tls) { begins_anew(1); }

/* The host's own markers: as it was, until it is asked for. */
TEST(own_markers_begin_anew_when_asked)
{
    static char block[20000];
    h_half half;
    int i;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_MARKERS, NULL, 0));
    CHECK(h_send(half.raw, "\x02" "A\x02" "B\x03", 5));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "A\x02" "B", 3);
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_FRAME_RESTART, 1));
    CHECK(h_send(half.raw, "\x02" "A\x02" "B\x03", 5));
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_FRAME);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "B", 1);

    /* a long message that comes in pieces, and is broken off */
    memset(block, 'x', sizeof block);
    block[0] = 2;
    for (i = 0; i < 3; i++)
        CHECK(h_send(half.raw, block, (int)sizeof block - i));
    CHECK(h_send_chunks(half.raw, "\x02" "C\x03", 3, 1, 1));
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_FRAME);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "C", 1);
    CHECK_EQ(h_figure(half.socket, WDS_STAT_ERRORS_FRAME), 2);
    h_half_close(&half);
}

TEST(a_simplified_server_keeps_a_client_that_begins_anew)
{
    int32_t server = WDSocketNew(NULL);
    h_sock raw;

    CHECK_OK(WDSocketSetText(server, WDS_TEXT_FRAME_PRESET, "stx-etx-bcc"));
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER, 0, "127.0.0.1", 0));
    raw = h_connect("127.0.0.1", h_port(server));
    CHECK(h_send(raw, "\x02" "A\x02" "B\x03\x41", 6));
    CHECK_CODE(WDSocketRead(server, got, (int32_t)sizeof got, 20000), WDS_E_FRAME);
    CHECK_BYTES(got, WDSocketRead(server, got, (int32_t)sizeof got, 20000), "B", 1);
    CHECK(h_send(raw, "\x02" "A\x03\x02" "B\x03\x41", 7)); /* only the check byte is missing */
    CHECK_CODE(WDSocketRead(server, got, (int32_t)sizeof got, 20000), WDS_E_CHECK);
    CHECK_BYTES(got, WDSocketRead(server, got, (int32_t)sizeof got, 20000), "B", 1);
    CHECK_CODE(WDSocketWrite(server, "ack", 3), 3);
    CHECK_EQ(h_recv(raw, got, 6, 20000), 6);
    h_close(raw);
    CHECK_OK(WDSocketClose(server));
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
