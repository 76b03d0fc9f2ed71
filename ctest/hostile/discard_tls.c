/*
 * discard_tls.c - a message that is longer than any buffer of the host, and all
 * that is stale, can be thrown away.  Over plain TCP, TLS and UDP, and in queues.
 */
#include "certificates.h"
#include "harness.h"

enum { LARGE = 30000, ROOM = 100 };

static char large[LARGE], got[LARGE];

/* A client in the size mode, and the channel that sends it any bytes. */
static int open_pair(h_pair *pair, int secured, int mode)
{
    if (!(secured ? tls_pair_open(pair, 0, 0) : h_pair_open(pair)))
        return 0;
    CHECK_OK(WDSocketChangeTransmissionMode(pair->client, mode, NULL, 0));
    CHECK_OK(WDSocketChangeTransmissionMode(pair->channel, WDS_MODE_RAW, NULL, 0));
    h_pattern(large, LARGE, 3);
    return 1;
}

static void feed(int32_t sender, const char *bytes)
{
    CHECK_CODE(WDSocketWrite(sender, bytes, -1), (int32_t)strlen(bytes));
}

static void feed_large(int32_t sender)
{
    feed(sender, "30000\r\n");
    CHECK_CODE(WDSocketWrite(sender, large, LARGE), LARGE);
}

static void next_is(int32_t socket, const char *text)
{
    CHECK_BYTES(got, WDSocketRead(socket, got, ROOM, 20000), text, (int)strlen(text));
}

static void one_message(int secured)
{
    h_pair pair;
    int64_t read;

    REQUIRE(open_pair(&pair, secured, WDS_MODE_SIZE));
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_ALL), 0);
    feed_large(pair.channel);
    feed(pair.channel, "4\r\nnext0\r\n3\r\nend");
    CHECK_CODE(WDSocketRead(pair.client, got, ROOM, 20000), WDS_E_BUFFER); /* and this for ever */
    read = h_number(pair.client, WDS_NUM_MESSAGES_READ);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE), LARGE);
    CHECK_EQ(h_number(pair.client, WDS_NUM_MESSAGES_READ), read);
    next_is(pair.client, "next");
    WAIT_UNTIL(WDSocketRead(pair.client, NULL, 0, 0) == 0);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE), 0); /* an empty one */
    next_is(pair.client, "end");
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE), WDS_E_TIMEOUT);
    h_pair_close(&pair);
}

TEST(a_message_that_fits_no_buffer) { one_message(0); }
TEST(a_message_that_fits_no_buffer_tls) { one_message(1); }

/* What has begun stays, so that the next message is understood. */
static void everything(int secured)
{
    h_pair pair;
    int32_t total = 0, n, i;

    REQUIRE(open_pair(&pair, secured, WDS_MODE_SIZE));
    for (i = 0; i < 10; i++) /* more than the library reads ahead: the system has some */
        feed_large(pair.channel);
    feed(pair.channel, "8\r\nwhat");
    WAIT_UNTIL((n = WDSocketDiscard(pair.client, WDS_DISCARD_ALL)) >= 0 && (total += n) == 10 * LARGE);
    WAIT_UNTIL(WDSocketDiscard(pair.client, WDS_DISCARD_ALL) == 0 && h_number(pair.client, WDS_NUM_BUFFERED) == 7);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE), WDS_E_TIMEOUT);
    feed(pair.channel, "ever");
    next_is(pair.client, "whatever");
    feed(pair.channel, "1\r\na2\r\nbb");
    CHECK_OK(WDSocketClose(pair.channel));
    for (total = 0; total < 3 && (n = WDSocketDiscard(pair.client, WDS_DISCARD_ALL)) >= 0; total += n)
        h_sleep(1);
    CHECK_EQ(total, 3);
    WAIT_UNTIL(WDSocketDiscard(pair.client, WDS_DISCARD_ALL) == WDS_E_PEER_CLOSED);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE), WDS_E_PEER_CLOSED);
    CHECK_CODE(WDSocketRead(pair.client, got, ROOM, 0), WDS_E_PEER_CLOSED);
    CHECK_OK(WDSocketClose(pair.client));
    CHECK_OK(WDSocketClose(pair.server));
}

TEST(all_that_has_arrived) { everything(0); }
TEST(all_that_has_arrived_tls) { everything(1); }

static void raw_bytes(int secured)
{
    h_pair pair;
    int32_t total = 0, n;

    REQUIRE(open_pair(&pair, secured, WDS_MODE_RAW));
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_ALL), 0);
    CHECK_CODE(WDSocketWrite(pair.channel, large, LARGE), LARGE);
    WAIT_UNTIL(((n = WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE)) > 0 && (total += n) == LARGE) || n < WDS_E_TIMEOUT);
    CHECK_EQ(total, LARGE);
    feed(pair.channel, "stale");
    WAIT_UNTIL(WDSocketAvailable(pair.client) == 5);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_ALL), 5);
    feed(pair.channel, "fresh");
    next_is(pair.client, "fresh");
    h_pair_close(&pair);
}

TEST(in_raw_mode) { raw_bytes(0); }
TEST(in_raw_mode_tls) { raw_bytes(1); }

TEST(in_the_other_modes)
{
    static const struct {
        int mode;
        const char *preset, *bytes, *rest, *last;
        int size;
    } rows[] = {
        {WDS_MODE_END_TAG, NULL, "first\x1a" "second\x1a" "la", "st\x1a", "last", 11},
        {WDS_MODE_FIXED, NULL, "12345678la", "st", "last", 8},
        {WDS_MODE_MARKERS, NULL, "noise\x02" "first\x03" "\x02la", "st\x03", "last", 5},
        {WDS_MODE_MARKERS, "stx-etx-bcc", "\x02" "A\x03\x42\x02" "B\x03\x01\x02" "C\x03\x40\x02" "D", "\x03\x47", "D", 2},
    };
    h_pair pair;
    int32_t total, n;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        REQUIRE(open_pair(&pair, 0, rows[i].mode));
        CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_FRAME_LENGTH, 4));
        if (rows[i].preset)
            CHECK_OK(WDSocketSetText(pair.client, WDS_TEXT_FRAME_PRESET, rows[i].preset));
        feed(pair.channel, rows[i].bytes);
        total = 0;
        WAIT_UNTIL((n = WDSocketDiscard(pair.client, WDS_DISCARD_ALL)) >= 0 && (total += n) == rows[i].size);
        feed(pair.channel, rows[i].rest);
        next_is(pair.client, rows[i].last);
        h_pair_close(&pair);
    }
}

TEST(text_that_cannot_be_converted)
{
    h_pair pair;

    REQUIRE(open_pair(&pair, 0, WDS_MODE_SIZE));
    CHECK_OK(WDSocketSetText(pair.client, WDS_TEXT_CHARSET, "utf-8"));
    feed(pair.channel, "2\r\n\xff\xfe" "4\r\ngood");
    CHECK_CODE(WDSocketRead(pair.client, got, ROOM, 20000), WDS_E_TEXT);
    CHECK_CODE(WDSocketRead(pair.client, got, ROOM, 0), WDS_E_TEXT);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE), 2);
    next_is(pair.client, "good");
    h_pair_close(&pair);
}

TEST(damage_and_the_end_are_told_when_they_are_in_front)
{
    h_pair pair;

    REQUIRE(open_pair(&pair, 0, WDS_MODE_SIZE));
    feed(pair.channel, "1\r\nano message");
    WAIT_UNTIL(WDSocketRead(pair.client, NULL, 0, 0) == 1);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_ALL), 1);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_ALL), WDS_E_FRAME);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE), WDS_E_FRAME);
    h_pair_close(&pair);
}

TEST(datagrams)
{
    int32_t socket = WDSocketCreateUDP(NULL, 0, "127.0.0.1"), one = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    int32_t other = WDSocketCreateUDP(NULL, 0, "127.0.0.1"), port = h_port(socket), total = 0, n;

    h_pattern(large, LARGE, 3);
    CHECK_CODE(WDSocketDiscard(socket, WDS_DISCARD_MESSAGE), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketDiscard(socket, WDS_DISCARD_ALL), 0);
    CHECK_CODE(WDSocketWriteUDP(one, "hello", 5, "127.0.0.1", port), 5);
    next_is(socket, "hello");
    CHECK_CODE(WDSocketWriteUDP(other, large, LARGE, "127.0.0.1", port), LARGE);
    CHECK_CODE(WDSocketWriteUDP(other, NULL, 0, "127.0.0.1", port), 0);
    CHECK_CODE(WDSocketRead(socket, got, ROOM, 20000), WDS_E_BUFFER);
    CHECK_CODE(WDSocketDiscard(socket, WDS_DISCARD_MESSAGE), LARGE);
    WAIT_UNTIL(WDSocketRead(socket, NULL, 0, 0) == 0);
    CHECK_CODE(WDSocketDiscard(socket, WDS_DISCARD_MESSAGE), 0);
    CHECK_CODE(WDSocketDiscard(socket, WDS_DISCARD_MESSAGE), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketWrite(socket, "answer", 6), 6); /* to the sender of what was read */
    next_is(one, "answer");
    for (n = 0; n < 5; n++)
        CHECK_CODE(WDSocketWriteUDP(other, "four", 4, "127.0.0.1", port), 4);
    WAIT_UNTIL((n = WDSocketDiscard(socket, WDS_DISCARD_ALL)) >= 0 && (total += n) == 20);
    CHECK_CODE(WDSocketRead(socket, got, ROOM, 0), WDS_E_TIMEOUT);
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketClose(one));
    CHECK_OK(WDSocketClose(other));
}

/* The next event is that a message of so many bytes is there. */
static void tells(int32_t queue, int32_t socket, int32_t value)
{
    h_event e = h_next_event(queue, 20000);

    CHECK(h_is_event(e, socket, WDS_EVENT_MESSAGE));
    CHECK_EQ(e.value, value);
}

static void all_but_the_newest(int secured)
{
    h_pair pair;
    int64_t read;
    int32_t total = 0, n, i;

    REQUIRE(open_pair(&pair, secured, WDS_MODE_SIZE));
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_OLDER), 0);
    read = h_number(pair.client, WDS_NUM_MESSAGES_READ);
    for (i = 0; i < 1000; i++)
        feed(pair.channel, "3\r\nold");
    feed(pair.channel, "3\r\nnew7\r\nbeg");
    WAIT_UNTIL((n = WDSocketDiscard(pair.client, WDS_DISCARD_OLDER)) >= 0 && (total += n) == 3000);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_OLDER), 0);
    CHECK_EQ(h_number(pair.client, WDS_NUM_MESSAGES_READ), read);
    next_is(pair.client, "new");
    feed(pair.channel, "inning");
    next_is(pair.client, "beginni");
    feed(pair.channel, "1\r\na1\r\nb");
    WAIT_UNTIL(WDSocketDiscard(pair.client, WDS_DISCARD_OLDER) == WDS_E_FRAME); /* "ng" is no length */
    h_pair_close(&pair);
}

static void all_but_the_newest_in_a_queue(int secured)
{
    h_pair pair;
    int32_t queue;

    REQUIRE(open_pair(&pair, secured, WDS_MODE_SIZE));
    queue = WDSocketNewQueue();
    feed(pair.channel, "1\r\na2\r\nbb3\r\nccc4\r\ndddd");
    WAIT_UNTIL(WDSocketAvailable(pair.client) == 10);
    CHECK_OK(WDSocketAttach(queue, pair.client, WDS_ATTACH_PLAIN));
    tells(queue, pair.client, 1);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_OLDER), 6);
    tells(queue, pair.client, 4); /* the events of the others are taken back */
    next_is(pair.client, "dddd");
    CHECK_EQ(h_next_event(queue, 0).kind, 0);
    h_pair_close(&pair);
    CHECK_OK(WDSocketClose(queue));
}

TEST(the_newest_stays) { all_but_the_newest(0); }
TEST(the_newest_stays_tls) { all_but_the_newest(1); }
TEST(the_newest_in_a_queue_stays) { all_but_the_newest_in_a_queue(0); }
TEST(the_newest_in_a_queue_stays_tls) { all_but_the_newest_in_a_queue(1); }

TEST(the_newest_datagram_stays)
{
    int32_t socket = WDSocketCreateUDP(NULL, 0, "127.0.0.1"), other = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    int32_t queue = WDSocketNewQueue(), total = 0, n, i;

    CHECK_CODE(WDSocketDiscard(socket, WDS_DISCARD_OLDER), 0);
    for (i = 0; i < 3; i++)
        CHECK_CODE(WDSocketWriteUDP(other, "old", 3, "127.0.0.1", h_port(socket)), 3);
    CHECK_CODE(WDSocketWriteUDP(other, "newest", 6, "127.0.0.1", h_port(socket)), 6);
    WAIT_UNTIL((n = WDSocketDiscard(socket, WDS_DISCARD_OLDER)) >= 0 && (total += n) == 9);
    next_is(socket, "newest");
    CHECK_OK(WDSocketAttach(queue, socket, WDS_ATTACH_PLAIN));
    CHECK_CODE(WDSocketWriteUDP(other, "old", 3, "127.0.0.1", h_port(socket)), 3);
    tells(queue, socket, 3);
    CHECK_CODE(WDSocketWriteUDP(other, "newest", 6, "127.0.0.1", h_port(socket)), 6);
    WAIT_UNTIL(WDSocketDiscard(socket, WDS_DISCARD_OLDER) == 3);
    tells(queue, socket, 6);
    next_is(socket, "newest");
    CHECK_OK(WDSocketClose(queue));
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketClose(other));
}

static void in_a_queue(int secured)
{
    h_pair pair;
    h_event e;
    int32_t queue;

    REQUIRE(open_pair(&pair, secured, WDS_MODE_SIZE));
    queue = WDSocketNewQueue();
    feed(pair.channel, "1\r\na2\r\nbb3\r\nccc4\r\ndddd");
    WAIT_UNTIL(WDSocketAvailable(pair.client) == 10);
    CHECK_OK(WDSocketAttach(queue, pair.client, WDS_ATTACH_PLAIN));

    /* one event is handed out, the others wait */
    CHECK_CODE(WDSocketNextEvents(queue, 20000, &e, (int32_t)sizeof e, 1), 1);
    CHECK_EQ(e.value, 1);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE), 1);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE), 2); /* its event is taken back */
    tells(queue, pair.client, 3);
    next_is(pair.client, "ccc");
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_ALL), 4);
    CHECK_EQ(h_next_event(queue, 0).kind, 0);

    feed_large(pair.channel);
    tells(queue, pair.client, LARGE);
    CHECK_CODE(WDSocketRead(pair.client, got, ROOM, 0), WDS_E_BUFFER);
    feed(pair.channel, "4\r\nnext");
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE), LARGE);
    tells(queue, pair.client, 4);
    next_is(pair.client, "next");
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_MESSAGE), WDS_E_TIMEOUT);
    CHECK_OK(WDSocketClose(pair.channel));
    e = h_next_event(queue, 20000);
    CHECK(h_is_event(e, pair.client, WDS_EVENT_PEER_CLOSED));
    CHECK_OK(WDSocketClose(pair.client));
    CHECK_OK(WDSocketClose(pair.server));
    CHECK_OK(WDSocketClose(queue));
}

TEST(events_of_what_was_thrown_away) { in_a_queue(0); }
TEST(events_of_what_was_thrown_away_tls) { in_a_queue(1); }

TEST(datagrams_in_a_queue)
{
    int32_t socket = WDSocketCreateUDP(NULL, 0, "127.0.0.1"), other = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    int32_t queue = WDSocketNewQueue(), total = 0, n, i;

    CHECK_OK(WDSocketAttach(queue, socket, WDS_ATTACH_PLAIN));
    CHECK_CODE(WDSocketWriteUDP(other, large, LARGE, "127.0.0.1", h_port(socket)), LARGE);
    tells(queue, socket, LARGE);
    CHECK_CODE(WDSocketRead(socket, got, ROOM, 0), WDS_E_BUFFER);
    CHECK_CODE(WDSocketDiscard(socket, WDS_DISCARD_MESSAGE), LARGE);
    CHECK_EQ(h_next_event(queue, 0).kind, 0);
    for (i = 0; i < 3; i++)
        CHECK_CODE(WDSocketWriteUDP(other, "four", 4, "127.0.0.1", h_port(socket)), 4);
    WAIT_UNTIL((n = WDSocketDiscard(socket, WDS_DISCARD_ALL)) >= 0 && (total += n) == 12);
    CHECK_EQ(h_next_event(queue, 0).kind, 0);
    CHECK_CODE(WDSocketWriteUDP(other, "next", 4, "127.0.0.1", h_port(socket)), 4);
    tells(queue, socket, 4);
    next_is(socket, "next");
    CHECK_OK(WDSocketClose(queue));
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketClose(other));
}

TEST(a_simplified_servers_client)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");
    h_sock raw;

    CHECK_CODE(WDSocketDiscard(server, WDS_DISCARD_ALL), WDS_E_NO_CLIENT);
    raw = h_connect("127.0.0.1", h_port(server));
    CHECK(h_send(raw, "200\r\n", 5));
    CHECK(h_send(raw, large, 200));
    CHECK(h_send(raw, "4\r\nnext", 7));
    CHECK_CODE(WDSocketRead(server, got, ROOM, 20000), WDS_E_BUFFER);
    CHECK_CODE(WDSocketDiscard(server, WDS_DISCARD_MESSAGE), 200);
    next_is(server, "next");
    h_close(raw);
    WAIT_UNTIL(WDSocketDiscard(server, WDS_DISCARD_ALL) == WDS_E_PEER_CLOSED);
    CHECK_CODE(WDSocketDiscard(server, WDS_DISCARD_ALL), WDS_E_NO_CLIENT);
    CHECK_OK(WDSocketClose(server));
}

TEST(where_there_is_nothing_to_throw_away)
{
    int32_t fresh = WDSocketNew(NULL), queue = WDSocketNewQueue();
    h_thread *reader;
    h_pair pair;

    REQUIRE(h_pair_open(&pair));
    CHECK_CODE(WDSocketDiscard(fresh, WDS_DISCARD_ALL), WDS_E_NOT_CONNECTED);
    CHECK_CODE(WDSocketDiscard(pair.server, WDS_DISCARD_ALL), WDS_E_STANDARD_SERVER);
    CHECK_CODE(WDSocketDiscard(queue, WDS_DISCARD_ALL), WDS_E_KIND);
    CHECK_CODE(WDSocketDiscard(-1, WDS_DISCARD_ALL), WDS_E_HANDLE);
    CHECK_CODE(WDSocketDiscard(pair.client, 0), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketDiscard(pair.client, 4), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "what");
    reader = h_blocked_reader(pair.client);
    CHECK_CODE(WDSocketDiscard(pair.client, WDS_DISCARD_ALL), WDS_E_BUSY);
    CHECK_OK(WDSocketCancel(pair.client));
    CHECK_EQ(h_join(reader), WDS_E_CANCELLED);
    h_pair_close(&pair);
    CHECK_OK(WDSocketClose(fresh));
    CHECK_OK(WDSocketClose(queue));
}
