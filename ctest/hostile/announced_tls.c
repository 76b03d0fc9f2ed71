/*
 * announced_tls.c - a peer announces a long message and sends the beginning of
 * it: a reader with a small buffer waits for the message like any other, and is
 * told that it does not fit once it is there.  Over plain TCP and TLS.
 */
#include "certificates.h"
#include "harness.h"

enum { ANNOUNCED = 10000, SENT = 10, ROOM = 100 };

static char message[ANNOUNCED], got[ANNOUNCED + 1];

/* The modes in which the length is known before the message is there. */
static const struct {
    const char *name;
    int mode, head_length;
    char head[8];
} modes[] = {
    {"size", WDS_MODE_SIZE, 7, "10000\r\n"},
    {"length", WDS_MODE_LENGTH, 2, "\x27\x10"},
    {"fixed", WDS_MODE_FIXED, 0, ""},
};
enum { MODES = sizeof modes / sizeof modes[0] };

/* A client in a mode, and the channel that sends it any bytes. */
static int open_pair(h_pair *pair, int secured, int mode)
{
    if (!(secured ? tls_pair_open(pair, 0, 0) : h_pair_open(pair)))
        return 0;
    CHECK_OK(WDSocketSetOption(pair->client, WDS_OPT_FRAME_LENGTH, ANNOUNCED));
    CHECK_OK(WDSocketChangeTransmissionMode(pair->client, modes[mode].mode, NULL, 0));
    CHECK_OK(WDSocketChangeTransmissionMode(pair->channel, WDS_MODE_RAW, NULL, 0));
    h_pattern(message, ANNOUNCED, 7);
    return 1;
}

static void send_beginning(int32_t sender, int mode)
{
    if (modes[mode].head_length)
        CHECK_CODE(WDSocketWrite(sender, modes[mode].head, modes[mode].head_length), modes[mode].head_length);
    CHECK_CODE(WDSocketWrite(sender, message, SENT), SENT);
}

static void send_rest(int32_t sender)
{
    CHECK_CODE(WDSocketWrite(sender, message + SENT, ANNOUNCED - SENT), ANNOUNCED - SENT);
}

/* Nothing is told of a message that is not there. */
static void no_read_tells(int32_t socket, int ms)
{
    const void *data;
    void *token;
    int32_t length, lengths[4];

    CHECK_CODE(WDSocketRead(socket, got, ROOM, ms), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketRead(socket, got, 0, 0), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketRead(socket, NULL, 0, 0), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketReadMany(socket, got, ROOM, lengths, 4, 0), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketReadMessage(socket, 0, &data, &length, &token), WDS_E_TIMEOUT);
    CHECK(h_number(0, WDS_NUM_BUFFERED_BYTES) < ANNOUNCED); /* what is announced costs nothing */
}

/* The message that is there does not fit; its size is told at once. */
static void does_not_fit(int32_t socket, int ms)
{
    int32_t lengths[4];

    CHECK_CODE(WDSocketRead(socket, got, ROOM, ms), WDS_E_BUFFER);
    CHECK_CODE(WDSocketReadMany(socket, got, ROOM, lengths, 4, 0), WDS_E_BUFFER);
    CHECK_CODE(WDSocketRead(socket, NULL, 0, 0), ANNOUNCED);
    CHECK_CODE(WDSocketRead(socket, got, (int32_t)sizeof got, 0), ANNOUNCED);
    CHECK(h_pattern_ok(got, ANNOUNCED, 7));
    CHECK_CODE(WDSocketRead(socket, got, ROOM, 0), WDS_E_TIMEOUT);
}

static void read_by(int secured)
{
    h_pair pair;
    int mode;

    for (mode = 0; mode < MODES; mode++) {
        REQUIRE(open_pair(&pair, secured, mode));
        send_beginning(pair.channel, mode);
        WAIT_UNTIL(WDSocketAvailable(pair.client) == 0 && h_number(pair.client, WDS_NUM_BUFFERED) == modes[mode].head_length + SENT);
        no_read_tells(pair.client, 10);
        send_rest(pair.channel);
        does_not_fit(pair.client, 20000);
        h_pair_close(&pair);
    }
}

TEST(a_read_tells_when_the_message_is_there) { read_by(0); }
TEST(a_read_tells_when_the_message_is_there_tls) { read_by(1); }

static void in_a_queue(int secured)
{
    h_pair pair;
    h_event e;
    int32_t queue;
    int mode;

    for (mode = 0; mode < MODES; mode++) {
        REQUIRE(open_pair(&pair, secured, mode));
        queue = WDSocketNewQueue();
        CHECK_OK(WDSocketAttach(queue, pair.client, WDS_ATTACH_PLAIN));
        send_beginning(pair.channel, mode);
        WAIT_UNTIL(h_next_event(queue, 0).kind == 0 && h_number(pair.client, WDS_NUM_BUFFERED) == modes[mode].head_length + SENT);
        no_read_tells(pair.client, 0);
        send_rest(pair.channel);
        e = h_next_event(queue, 20000);
        CHECK(h_is_event(e, pair.client, WDS_EVENT_MESSAGE));
        CHECK_EQ(e.value, ANNOUNCED);
        does_not_fit(pair.client, 0);
        CHECK_OK(WDSocketClose(queue));
        h_pair_close(&pair);
    }
}

TEST(a_queue_tells_when_the_message_is_there) { in_a_queue(0); }
TEST(a_queue_tells_when_the_message_is_there_tls) { in_a_queue(1); }

static h_pair asked;
static int asked_mode;

static int32_t answers_a_little(void *question)
{
    CHECK_GE(WDSocketRead(asked.channel, question, ANNOUNCED, 20000), 1);
    send_beginning(asked.channel, asked_mode);
    return 0;
}

static void by_exchange(int secured)
{
    static char question[ANNOUNCED];
    char answer[ROOM];
    h_thread *thread;

    for (asked_mode = 0; asked_mode < MODES; asked_mode++) {
        REQUIRE(open_pair(&asked, secured, asked_mode));
        thread = h_start(answers_a_little, question);
        CHECK_CODE(WDSocketExchange(asked.client, message, ANNOUNCED, answer, ROOM, 200), WDS_E_TIMEOUT);
        h_join(thread);
        send_rest(asked.channel);
        does_not_fit(asked.client, 20000); /* a read gets it all the same */
        h_pair_close(&asked);
    }
}

TEST(an_exchange_tells_when_the_answer_is_there) { by_exchange(0); }
TEST(an_exchange_tells_when_the_answer_is_there_tls) { by_exchange(1); }

TEST(a_simplified_server_tells_when_the_message_is_there)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");
    h_sock raw = h_connect("127.0.0.1", h_port(server));

    h_pattern(message, ANNOUNCED, 7);
    CHECK(h_send(raw, "10000\r\n", 7));
    CHECK(h_send(raw, message, SENT));
    WAIT_UNTIL(WDSocketRead(server, got, ROOM, 1) == WDS_E_TIMEOUT && h_number(server, WDS_NUM_BUFFERED) == 7 + SENT);
    no_read_tells(server, 10);
    CHECK(h_send(raw, message + SENT, ANNOUNCED - SENT));
    does_not_fit(server, 20000);
    h_close(raw);
    CHECK_OK(WDSocketClose(server));
}
