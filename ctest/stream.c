/*
 * stream.c - bad days of a connection: ends, resets, peers that do not read,
 * calls that are ended from outside, and buffers that do not fit.
 */
#include "harness.h"

static void crlf(int32_t socket)
{
    CHECK_OK(WDSocketChangeTransmissionMode(socket, WDS_MODE_END_TAG, "\r\n", 2));
}

static void raw_mode(int32_t socket)
{
    CHECK_OK(WDSocketChangeTransmissionMode(socket, WDS_MODE_RAW, NULL, 0));
}

static int32_t read_some(int32_t socket, int ms)
{
    char buffer[256];

    return WDSocketRead(socket, buffer, (int32_t)sizeof buffer, ms);
}

/* ---- time ---- */

TEST(read_times)
{
    h_half half;
    int64_t start;

    REQUIRE(h_half_client(&half));
    start = h_now_us();
    CHECK_CODE(read_some(half.socket, 0), WDS_E_TIMEOUT);
    CHECK_PROMPT(start);
    start = h_now_us();
    CHECK_CODE(read_some(half.socket, 250), WDS_E_TIMEOUT);
    CHECK_TIME(start, 250);
    CHECK(h_send(half.raw, "4\r\nab", 5));
    start = h_now_us();
    CHECK_CODE(read_some(half.socket, 250), WDS_E_TIMEOUT); /* inside a message: kept */
    CHECK_TIME(start, 250);
    CHECK(h_send(half.raw, "cd", 2));
    CHECK_CODE(read_some(half.socket, 20000), 4);
    CHECK_EQ(WDSocketState(half.socket), WDS_STATE_OPEN);
    h_half_close(&half);
}

/* ---- ends ---- */

TEST(end_between_messages)
{
    h_half half;
    char got[16];

    REQUIRE(h_half_client(&half));
    CHECK(h_send(half.raw, "2\r\nok0\r\n", 8));
    h_close(half.raw);
    WAIT_UNTIL(WDSocketState(half.socket) == WDS_STATE_PEER_CLOSED); /* although nobody reads */
    CHECK_EQ(WDSocketExist(half.socket), 1);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 0), "ok", 2); /* what came is delivered first */
    CHECK_CODE(read_some(half.socket, 0), 0);
    CHECK_CODE(read_some(half.socket, 0), WDS_E_PEER_CLOSED);
    CHECK_CODE(read_some(half.socket, -1), WDS_E_PEER_CLOSED); /* for ever, at once */
    CHECK_CODE(WDSocketAvailable(half.socket), WDS_E_PEER_CLOSED);
    CHECK_EQ(WDSocketErrorCode(half.socket, WDS_INFO_CODE), WDS_E_PEER_CLOSED);
    CHECK_EQ(WDSocketExist(half.socket), 1);
    half.raw = H_NO_SOCK;
    h_half_close(&half);
}

TEST(prefix_longer_than_the_stream)
{
    h_half half;
    char got[16];

    REQUIRE(h_half_client(&half));
    CHECK(h_send(half.raw, "10\r\nabc", 7));
    h_shut_write(half.raw);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_PEER_CLOSED);
    CHECK_HAS(h_error(0, WDS_INFO_DETAIL), "7"); /* bytes of the unfinished message */
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_PEER_CLOSED);
    raw_mode(half.socket);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "10\r\nabc", 7);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_PEER_CLOSED);
    h_half_close(&half);
}

TEST(close_in_mid_message)
{
    h_half half;

    REQUIRE(h_half_client(&half));
    crlf(half.socket);
    CHECK(h_send(half.raw, "whole\r\nhalf", 11));
    h_close(half.raw);
    half.raw = H_NO_SOCK;
    CHECK_CODE(read_some(half.socket, 20000), 5);
    CHECK_CODE(read_some(half.socket, 20000), WDS_E_PEER_CLOSED);
    h_half_close(&half);
}

TEST(reset_in_mid_message)
{
    h_half half;

    REQUIRE(h_half_client(&half));
    CHECK(h_send(half.raw, "10\r\nabc", 7));
    CHECK_CODE(read_some(half.socket, 100), WDS_E_TIMEOUT);
    h_reset(half.raw);
    half.raw = H_NO_SOCK;
    CHECK_CODE(read_some(half.socket, 20000), WDS_E_RESET);
    CHECK_CODE(read_some(half.socket, -1), WDS_E_RESET);
    CHECK_EQ(WDSocketState(half.socket), WDS_STATE_RESET);
    CHECK_EQ(WDSocketErrorCode(half.socket, WDS_INFO_CODE), WDS_E_RESET);
    CHECK_CODE(WDSocketWrite(half.socket, "x", 1), WDS_E_RESET);
    h_half_close(&half);
}

TEST(reset_is_seen_by_state_alone)
{
    h_half half;

    REQUIRE(h_half_client(&half));
    h_reset(half.raw);
    half.raw = H_NO_SOCK;
    WAIT_UNTIL(WDSocketState(half.socket) == WDS_STATE_RESET);
    CHECK_EQ(WDSocketExist(half.socket), 1);
    h_half_close(&half);
}

TEST(peer_ends_its_side_and_listens_on)
{
    h_half half;
    char got[16];

    REQUIRE(h_half_client(&half));
    h_shut_write(half.raw);
    CHECK_CODE(read_some(half.socket, 20000), WDS_E_PEER_CLOSED);
    CHECK_CODE(WDSocketWrite(half.socket, "still", 5), 5);
    CHECK_BYTES(got, h_recv(half.raw, got, 8, 20000), "5\r\nstill", 8);
    CHECK_EQ(WDSocketState(half.socket), WDS_STATE_PEER_CLOSED);
    h_half_close(&half);
}

TEST(half_close_of_our_side)
{
    h_half half;
    char got[16];

    REQUIRE(h_half_client(&half));
    CHECK_CODE(WDSocketWrite(half.socket, "bye", 3), 3);
    CHECK_OK(WDSocketCloseEx(half.socket, WDS_CLOSE_WRITE, 20000));
    CHECK_EQ(WDSocketState(half.socket), WDS_STATE_WRITE_CLOSED);
    CHECK_CODE(WDSocketWrite(half.socket, "x", 1), WDS_E_WRITE_CLOSED);
    CHECK_BYTES(got, h_recv(half.raw, got, 6, 20000), "3\r\nbye", 6);
    CHECK_EQ(h_recv_end(half.raw, 20000), 1);
    CHECK(h_send(half.raw, "6\r\nanswer", 9));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "answer", 6);
    h_close(half.raw);
    half.raw = H_NO_SOCK;
    CHECK_CODE(read_some(half.socket, 20000), WDS_E_PEER_CLOSED);
    CHECK_CODE(WDSocketWrite(half.socket, "x", 1), WDS_E_WRITE_CLOSED);
    h_half_close(&half);
}

TEST(half_close_both_ways_between_our_own)
{
    h_pair pair;
    char got[16];

    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketCloseEx(pair.client, WDS_CLOSE_WRITE, 20000));
    CHECK_CODE(read_some(pair.channel, 20000), WDS_E_PEER_CLOSED);
    CHECK_CODE(WDSocketWrite(pair.channel, "last", 4), 4);
    CHECK_OK(WDSocketCloseEx(pair.channel, WDS_CLOSE_WRITE, 20000));
    CHECK_BYTES(got, WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), "last", 4);
    CHECK_CODE(read_some(pair.client, 20000), WDS_E_PEER_CLOSED);
    h_pair_close(&pair);
}

TEST(write_after_reset_does_not_kill_the_host)
{
    h_half half;
    int32_t result = 0;
    int64_t start = h_now_us();

    h_sigpipe_default();
    REQUIRE(h_half_client(&half));
    h_reset(half.raw);
    half.raw = H_NO_SOCK;
    while (result >= 0 && !h_overdue(start, H_PATIENCE))
        result = WDSocketWrite(half.socket, "again and again", 15);
    CHECK_CODE(result, WDS_E_RESET);
    for (result = 0; result < 20; result++)
        CHECK_CODE(WDSocketWrite(half.socket, "again", 5), WDS_E_RESET);
    h_half_close(&half);
}

TEST(write_after_the_peer_closed_does_not_kill_the_host)
{
    h_half half;
    int32_t result = 0;
    int64_t start = h_now_us();

    h_sigpipe_default();
    REQUIRE(h_half_client(&half));
    h_close(half.raw);
    half.raw = H_NO_SOCK;
    while (result >= 0 && !h_overdue(start, H_PATIENCE)) {
        result = WDSocketWrite(half.socket, "again and again", 15);
        h_sleep(1);
    }
    CHECK_ANY(result, WDS_E_RESET, WDS_E_PEER_CLOSED);
    h_half_close(&half);
}

TEST(abort_resets)
{
    h_half half;
    h_pair pair;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketCloseEx(half.socket, WDS_CLOSE_ABORT, 0));
    CHECK_EQ(h_recv_end(half.raw, 20000), -1);
    CHECK_EQ(WDSocketExist(half.socket), 0);
    h_close(half.raw);
    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketCloseEx(pair.client, WDS_CLOSE_ABORT, 0));
    CHECK_CODE(read_some(pair.channel, 20000), WDS_E_RESET);
    h_pair_close(&pair);
}

/* ---- closing with data on the way ---- */

static int32_t count_later(void *argument)
{
    h_sleep(300);
    return (int32_t)h_recv_count((h_sock)(intptr_t)argument, 20000);
}

/* The peer's own buffer takes a few kilobytes of it; the rest waits in ours. */
static int unsent(h_half *half)
{
    static char data[131072];

    if (!h_half_narrow(half))
        return 0;
    raw_mode(half->socket);
    CHECK_OK(WDSocketSetOption(half->socket, WDS_OPT_SEND_BUFFER, 1 << 20));
    return CHECK_CODE(WDSocketWrite(half->socket, data, (int32_t)sizeof data), (int32_t)sizeof data);
}

TEST(close_with_unsent_data_arrives)
{
    h_half half;
    int64_t start;

    REQUIRE(unsent(&half));
    start = h_now_us();
    CHECK_OK(WDSocketClose(half.socket)); /* at once for the caller */
    CHECK_PROMPT(start);
    CHECK_EQ(WDSocketExist(half.socket), 0);
    CHECK_EQ(count_later((void *)(intptr_t)half.raw), 131072);
    h_close(half.raw);
}

TEST(graceful_close_waits_until_data_is_out)
{
    h_half half;
    h_thread *thread;
    int64_t start;

    REQUIRE(unsent(&half));
    start = h_now_us();
    thread = h_start(count_later, (void *)(intptr_t)half.raw);
    CHECK_OK(WDSocketCloseEx(half.socket, WDS_CLOSE_GRACEFUL, H_CLOSE_MS));
    CHECK(h_now_us() - start >= 250000); /* the peer had not read before */
    CHECK_EQ(h_join(thread), 131072);
    h_close(half.raw);
}

TEST(unread_input_does_not_spoil_what_we_wrote)
{
    h_half half;
    char got[16];

    REQUIRE(h_half_client(&half));
    CHECK(h_send(half.raw, "3\r\nabc", 6));
    WAIT_UNTIL(WDSocketAvailable(half.socket) == 3);
    CHECK(h_send(half.raw, "3\r\ndef", 6)); /* closing with this unread must not become a reset before "bye" */
    CHECK_CODE(WDSocketWrite(half.socket, "bye", 3), 3);
    CHECK_OK(WDSocketClose(half.socket));
    CHECK_BYTES(got, h_recv(half.raw, got, 6, 20000), "3\r\nbye", 6);
    h_close(half.raw);
}

TEST(graceful_close_towards_a_peer_that_does_not_read)
{
    h_half half;
    int64_t start;
    h_thread *writer;

    REQUIRE(h_half_narrow(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_WRITE_TIMEOUT, 300));
    raw_mode(half.socket);
    writer = h_blocked_writer(half.socket);
    CHECK_CODE(h_join(writer), WDS_E_TIMEOUT);
    start = h_now_us();
    CHECK_CODE(WDSocketCloseEx(half.socket, WDS_CLOSE_GRACEFUL, 400), WDS_E_TIMEOUT);
    CHECK_TIME(start, 400);
    CHECK_EQ(WDSocketExist(half.socket), 0); /* closed all the same */
    CHECK_EQ(h_recv_count(half.raw, 20000), -1); /* by a reset */
    h_close(half.raw);
}

TEST(close_time_is_kept_in_the_background)
{
    h_half half;
    int64_t start;
    h_thread *writer;

    REQUIRE(h_half_narrow(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_WRITE_TIMEOUT, 300));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_CLOSE_TIMEOUT, 500));
    raw_mode(half.socket);
    writer = h_blocked_writer(half.socket);
    CHECK_CODE(h_join(writer), WDS_E_TIMEOUT);
    start = h_now_us();
    CHECK_OK(WDSocketClose(half.socket));
    CHECK_PROMPT(start);
    WAIT_UNTIL(h_number(0, WDS_NUM_GOROUTINES) == 0); /* a peer that read now would let it out */
    CHECK_TIME(start, 500);
    CHECK_EQ(h_recv_count(half.raw, 20000), -1);
    h_close(half.raw);
}

/* ---- a peer that does not read ---- */

TEST(write_waits_and_times_out_then_broken)
{
    h_half half;
    int64_t start = h_now_us();
    static char data[8 << 20];

    REQUIRE(h_half_narrow(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_WRITE_TIMEOUT, 400));
    start = h_now_us();
    CHECK_CODE(WDSocketWrite(half.socket, data, (int32_t)sizeof data), WDS_E_TIMEOUT);
    CHECK_TIME(start, 400);
    start = h_now_us();
    CHECK_CODE(WDSocketWrite(half.socket, "x", 1), WDS_E_BROKEN);
    CHECK_PROMPT(start);
    CHECK_EQ(WDSocketState(half.socket), WDS_STATE_BROKEN);
    CHECK(h_send(half.raw, "2\r\nin", 5)); /* reading is left */
    CHECK_CODE(read_some(half.socket, 20000), 2);
    h_half_close(&half);
}

static int32_t drain(void *argument)
{
    h_sleep(300);
    return (int32_t)h_recv_count((h_sock)(intptr_t)argument, 20000);
}

TEST(write_goes_on_when_the_peer_reads_again)
{
    h_half half;
    static char data[8 << 20];
    h_thread *thread;

    REQUIRE(h_half_narrow(&half));
    thread = h_start(drain, (void *)(intptr_t)half.raw);
    CHECK_CODE(WDSocketWrite(half.socket, data, (int32_t)sizeof data), (int32_t)sizeof data);
    CHECK_OK(WDSocketClose(half.socket));
    CHECK_EQ(h_join(thread), (int)sizeof data + 9); /* "8388608\r\n" */
    h_close(half.raw);
}

/* ---- two threads on one socket ---- */

TEST(a_second_reader_is_busy)
{
    h_half half;
    h_thread *reader;
    char got[16];
    int32_t length = 77, lengths[2];
    const void *data = got;
    void *message = got;
    int64_t end;

    REQUIRE(h_half_client(&half));
    reader = h_blocked_reader(half.socket);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, -1), WDS_E_BUSY);
    CHECK_CODE(WDSocketRead(half.socket, NULL, 0, -1), WDS_E_BUSY);
    CHECK_CODE(WDSocketReadMany(half.socket, got, (int32_t)sizeof got, lengths, 2, -1), WDS_E_BUSY);
    CHECK_CODE(WDSocketReadMessage(half.socket, -1, &data, &length, &message), WDS_E_BUSY);
    CHECK(data == NULL && length == 0 && message == NULL);
    CHECK_CODE(WDSocketExchange(half.socket, "q", 1, got, (int32_t)sizeof got, 1000), WDS_E_BUSY);
    CHECK_CODE(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_RAW, NULL, 0), WDS_E_BUSY);
    CHECK_CODE(WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "mllp"), WDS_E_BUSY);
    CHECK_CODE(WDSocketWrite(half.socket, "w", 1), 1); /* a writer is welcome */
    CHECK(!h_done(reader));
    CHECK(h_send(half.raw, "3\r\nabc", 6));
    CHECK_CODE(h_join_at(reader, &end), 3);
    h_half_close(&half);
}

static volatile int64_t duplex_stop;

typedef struct {
    int32_t socket;
    int bad, count;
    uint32_t seed;
} duplex;

static int32_t duplex_write(void *argument)
{
    duplex *d = (duplex *)argument;
    unsigned char message[2000];

    while (!h_get(&duplex_stop)) {
        uint32_t number = d->seed + (uint32_t)d->count++;
        int length = 4 + (int)(number * 37 % (sizeof message - 4));

        memcpy(message, &number, 4);
        h_pattern(message + 4, length - 4, number);
        if (WDSocketWrite(d->socket, message, length) != length)
            d->bad++;
        if (d->bad)
            break;
    }
    return 0;
}

static int32_t duplex_read(void *argument)
{
    duplex *d = (duplex *)argument;
    unsigned char message[2000];
    int32_t length;

    while ((length = WDSocketRead(d->socket, message, (int32_t)sizeof message, 20000)) >= 4) {
        uint32_t number;

        memcpy(&number, message, 4);
        if (length != 4 + (int)(number * 37 % (sizeof message - 4)) || !h_pattern_ok(message + 4, length - 4, number))
            d->bad++;
        d->count++;
    }
    if (length != 0) /* an empty message ends the test */
        d->bad++;
    return 0;
}

TEST(reading_and_writing_at_the_same_time)
{
    h_pair pair;
    duplex writers[4], readers[2];
    h_thread *w[4], *r[2];
    int i;

    REQUIRE(h_pair_open(&pair));
    memset(writers, 0, sizeof writers);
    memset(readers, 0, sizeof readers);
    duplex_stop = 0;
    for (i = 0; i < 2; i++) {
        readers[i].socket = i ? pair.channel : pair.client;
        r[i] = h_start(duplex_read, &readers[i]);
    }
    for (i = 0; i < 4; i++) { /* two writers on each side: messages are never mixed */
        writers[i].socket = i % 2 ? pair.channel : pair.client;
        writers[i].seed = (uint32_t)i * 100000000u;
        w[i] = h_start(duplex_write, &writers[i]);
    }
    h_sleep(2000);
    h_add(&duplex_stop, 1);
    for (i = 0; i < 4; i++) {
        h_join(w[i]);
        CHECK_EQ(writers[i].bad, 0);
    }
    CHECK_CODE(WDSocketWrite(pair.client, "", 0), 0);
    CHECK_CODE(WDSocketWrite(pair.channel, "", 0), 0);
    for (i = 0; i < 2; i++) {
        h_join(r[i]);
        CHECK_EQ(readers[i].bad, 0);
    }
    CHECK_EQ(readers[0].count, writers[1].count + writers[3].count);
    CHECK_EQ(readers[1].count, writers[0].count + writers[2].count);
    CHECK_GE(readers[0].count, h_rounds(100));
    h_pair_close(&pair);
}

/* ---- many small messages that have arrived ---- */

#define CROWD 3000

/* The text of a message, which tells its number. */
static int crowd_text(char *text, int number)
{
    return sprintf(text, "%d%.*s", number, number % 40, "........................................");
}

static int32_t send_crowd(void *argument)
{
    const h_half *half = argument;
    char text[64], all[CROWD * 52];
    int i, length, used = 0;

    for (i = 0; i < CROWD; i++) {
        length = crowd_text(text, i);
        used += sprintf(all + used, "%d\r\n%s", length, text);
    }
    return h_send(half->raw, all, used);
}

static void expect_message(const char *buffer, int32_t got, int number)
{
    char text[64];

    CHECK_BYTES(buffer, got, text, crowd_text(text, number));
    CHECK_EQ(buffer[got], 0); /* there is room for it */
}

TEST(small_messages_read_in_every_way)
{
    h_half half;
    h_thread *sender;
    char buffer[256];
    int32_t lengths[3];
    int i = 0, k, at;

    REQUIRE(h_half_client(&half));
    sender = h_start(send_crowd, &half);
    while (i < CROWD) {
        memset(buffer, 'x', sizeof buffer);
        if (i % 100 == 20) /* too little room: nothing is lost */
            CHECK_CODE(WDSocketRead(half.socket, buffer, 1, 20000), WDS_E_BUFFER);
        if (i % 100 == 30)
            CHECK_EQ(WDSocketRead(half.socket, NULL, 0, 20000), crowd_text(buffer, i));
        if (i % 100 == 40)
            CHECK_GE(WDSocketAvailable(half.socket), 0);
        if (i % 100 == 50)
            CHECK_EQ(h_number(half.socket, WDS_NUM_MESSAGES_READ), i);
        if (i % 100 == 60)
            CHECK_CODE(WDSocketRead(half.socket, buffer, (int32_t)sizeof buffer, -2), WDS_E_ARGUMENT);
        if (i % 100 == 70)
            CHECK_CODE(WDSocketRead(half.socket, buffer, -1, 20000), WDS_E_ARGUMENT);
        if (i % 100 == 80)
            CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_MAX_MESSAGE, 1000 + i));
        memset(buffer, 'x', sizeof buffer);
        if (i % 100 == 90) {
            int count = WDSocketReadMany(half.socket, buffer, (int32_t)sizeof buffer, lengths, 3, 20000);

            CHECK_GE(count, 1);
            for (k = at = 0; k < count; at += lengths[k++]) {
                char text[64];
                int length = crowd_text(text, i++);

                CHECK_BYTES(buffer + at, lengths[k], text, length);
            }
            continue;
        }
        expect_message(buffer, WDSocketRead(half.socket, buffer, (int32_t)sizeof buffer, 20000), i);
        CHECK_CODE(WDSocketErrorCode(0, WDS_INFO_CODE), 0);
        i++;
    }
    CHECK_EQ(h_join(sender), 1);
    CHECK_EQ(h_number(half.socket, WDS_NUM_MESSAGES_READ), CROWD);
    CHECK_EQ(h_number(half.socket, WDS_NUM_BUFFERED), 0);
    CHECK_CODE(read_some(half.socket, 0), WDS_E_TIMEOUT);
    h_half_close(&half);
}

/* What was read to the end holds none of the memory budget, whichever way the last message was read. */
TEST(small_messages_that_were_read_hold_nothing)
{
    h_half half;
    char all[60 * 4 + 1], buffer[8];
    int count, i, used = 0, bad = 0;

    REQUIRE(h_half_client(&half));
    for (i = 0; i < 60; i++)
        used += sprintf(all + used, "1\r\n%c", 'a' + i % 26);
    for (count = 1; count <= 60; count++) {
        CHECK(h_send(half.raw, all, count * 4));
        WAIT_UNTIL(WDSocketAvailable(half.socket) == count);
        for (i = 0; i < count; i++)
            bad += WDSocketRead(half.socket, buffer, 8, 20000) != 1 || buffer[0] != 'a' + i % 26;
        bad += h_number(0, WDS_NUM_BUFFERED_BYTES) != 0;
    }
    CHECK_EQ(bad, 0);
    h_half_close(&half);
}

typedef struct {
    int32_t socket;
    volatile int64_t *sum, *count;
} crowd_reader;

static int32_t read_crowd(void *argument)
{
    const crowd_reader *reader = argument;
    char buffer[256];

    while (h_get(reader->count) < CROWD) {
        int32_t got = WDSocketRead(reader->socket, buffer, (int32_t)sizeof buffer, 10);

        if (got >= 0) {
            h_add(reader->sum, atoi(buffer));
            h_add(reader->count, 1);
        } else if (got != WDS_E_BUSY && got != WDS_E_TIMEOUT) {
            return got;
        }
    }
    return 0;
}

TEST(small_messages_read_by_two_threads)
{
    volatile int64_t sum = 0, count = 0;
    crowd_reader reader;
    h_half half;
    h_thread *sender, *one, *other;

    REQUIRE(h_half_client(&half));
    reader.socket = half.socket;
    reader.sum = &sum;
    reader.count = &count;
    sender = h_start(send_crowd, &half);
    one = h_start(read_crowd, &reader);
    other = h_start(read_crowd, &reader);
    CHECK_CODE(h_join(one), 0);
    CHECK_CODE(h_join(other), 0);
    CHECK_EQ(h_join(sender), 1);
    CHECK_EQ(count, CROWD); /* each of them once */
    CHECK_EQ(sum, (int64_t)CROWD * (CROWD - 1) / 2);
    h_half_close(&half);
}

TEST(nothing_is_read_of_a_socket_that_was_closed)
{
    h_half half;
    h_thread *sender;
    char buffer[256];
    int i;

    REQUIRE(h_half_client(&half));
    sender = h_start(send_crowd, &half);
    for (i = 0; i < CROWD / 2; i++)
        expect_message(buffer, WDSocketRead(half.socket, buffer, (int32_t)sizeof buffer, 20000), i);
    CHECK_EQ(h_join(sender), 1);
    CHECK_OK(WDSocketClose(half.socket));
    CHECK_CODE(WDSocketRead(half.socket, buffer, (int32_t)sizeof buffer, 20000), WDS_E_HANDLE);
    h_close(half.raw);
}

/* ---- ended from another thread ---- */

static void ends(h_thread *thread, int32_t expected, int64_t start)
{
    int64_t end;

    CHECK_CODE(h_join_at(thread, &end), expected);
    CHECK_PROMPT_AT(start, end);
}

/*
 * After quick round trips a call may wait in another way than on a silent line. All
 * that is promised of waits holds there as well.
 */
#define LIVELY 300

static int32_t answer_quickly(void *argument)
{
    h_half *half = argument;
    char message[7];
    int i;

    for (i = 0; i < LIVELY; i++)
        if (h_recv(half->raw, message, 7, 20000) != 7 || !h_send(half->raw, message, 7))
            return i;
    return LIVELY;
}

static void make_lively(h_half *half)
{
    h_thread *peer = h_start(answer_quickly, half);
    int i, good = 0;

    for (i = 0; i < LIVELY; i++)
        if (WDSocketWrite(half->socket, "ping", 4) == 4 && read_some(half->socket, 20000) == 4)
            good++;
    CHECK_EQ(good, LIVELY);
    CHECK_EQ(h_join(peer), LIVELY);
}

TEST(time_is_kept_after_quick_round_trips)
{
    const int times[] = {1, 5, 15, 17, 40, 250};
    h_half half;
    int64_t start;
    int i;

    REQUIRE(h_half_client(&half));
    for (i = 0; i < 6; i++) {
        make_lively(&half);
        start = h_now_us();
        CHECK_CODE(read_some(half.socket, times[i]), WDS_E_TIMEOUT);
        CHECK_TIME(start, times[i]);
        start = h_now_us();
        CHECK_CODE(read_some(half.socket, 0), WDS_E_TIMEOUT);
        CHECK_PROMPT(start);
    }
    h_half_close(&half);
}

TEST(a_read_is_woken_after_quick_round_trips)
{
    h_half half;
    h_thread *thread;
    int64_t start;
    int i;

    REQUIRE(h_half_client(&half));
    for (i = 0; i < 10; i++) {
        make_lively(&half);
        thread = h_blocked_reader(half.socket);
        start = h_now_us();
        CHECK_OK(WDSocketCancel(half.socket));
        ends(thread, WDS_E_CANCELLED, start);
    }
    make_lively(&half); /* and nothing is lost */
    thread = h_blocked_reader(half.socket);
    start = h_now_us();
    CHECK_OK(WDSocketClose(half.socket));
    ends(thread, WDS_E_CLOSED, start);
    CHECK_EQ(h_recv_end(half.raw, 20000), 1);
    h_close(half.raw);
}

TEST(a_read_learns_of_the_end_after_quick_round_trips)
{
    h_half half;
    h_thread *thread;
    int64_t start;
    int reset;

    for (reset = 0; reset < 2; reset++) {
        REQUIRE(h_half_client(&half));
        make_lively(&half);
        thread = h_blocked_reader(half.socket);
        start = h_now_us();
        if (reset)
            h_reset(half.raw);
        else
            h_close(half.raw);
        half.raw = H_NO_SOCK;
        ends(thread, reset ? WDS_E_RESET : WDS_E_PEER_CLOSED, start);
        h_half_close(&half);
    }
}

TEST(close_while_another_reads)
{
    h_half half;
    h_thread *thread;
    int64_t start;

    REQUIRE(h_half_client(&half));
    thread = h_blocked_reader(half.socket);
    start = h_now_us();
    CHECK_OK(WDSocketClose(half.socket));
    ends(thread, WDS_E_CLOSED, start);
    CHECK_CODE(read_some(half.socket, 0), WDS_E_HANDLE); /* a call that begins later */
    CHECK_CODE(WDSocketClose(half.socket), WDS_E_HANDLE);
    h_close(half.raw);
}

TEST(cancel_while_another_reads)
{
    h_half half;
    h_thread *thread;
    int64_t start;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketCancel(half.socket)); /* nobody waits: nothing happens, now or later */
    CHECK_CODE(read_some(half.socket, 50), WDS_E_TIMEOUT);
    CHECK(h_send(half.raw, "3\r\na", 4));
    thread = h_blocked_reader(half.socket);
    start = h_now_us();
    CHECK_OK(WDSocketCancel(half.socket));
    ends(thread, WDS_E_CANCELLED, start);
    CHECK_EQ(WDSocketState(half.socket), WDS_STATE_OPEN);
    CHECK(h_send(half.raw, "bc", 2));
    CHECK_CODE(read_some(half.socket, 20000), 3); /* and nothing is lost */
    h_half_close(&half);
}

TEST(close_while_another_writes)
{
    h_half half;
    h_thread *thread;
    int64_t start;

    REQUIRE(h_half_narrow(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_WRITE_TIMEOUT, -1));
    thread = h_blocked_writer(half.socket);
    start = h_now_us();
    CHECK_OK(WDSocketCloseEx(half.socket, WDS_CLOSE_ABORT, 0));
    ends(thread, WDS_E_CLOSED, start);
    h_close(half.raw);
}

TEST(cancel_while_another_writes)
{
    h_half half;
    h_thread *thread;
    int64_t start;

    REQUIRE(h_half_narrow(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_WRITE_TIMEOUT, -1));
    thread = h_blocked_writer(half.socket);
    start = h_now_us();
    CHECK_OK(WDSocketCancel(half.socket));
    ends(thread, WDS_E_CANCELLED, start);
    CHECK_CODE(WDSocketWrite(half.socket, "x", 1), WDS_E_BROKEN); /* it stopped inside a message */
    CHECK_OK(WDSocketCloseEx(half.socket, WDS_CLOSE_ABORT, 0));
    h_close(half.raw);
}

TEST(close_while_another_reads_and_another_writes)
{
    h_half half;
    h_thread *reader, *writer;
    int64_t start;

    REQUIRE(h_half_narrow(&half));
    reader = h_blocked_reader(half.socket);
    writer = h_blocked_writer(half.socket);
    start = h_now_us();
    CHECK_OK(WDSocketCloseEx(half.socket, WDS_CLOSE_ABORT, 0));
    ends(reader, WDS_E_CLOSED, start);
    ends(writer, WDS_E_CLOSED, start);
    h_close(half.raw);
}

TEST(reset_while_another_reads_and_another_writes)
{
    h_half half;
    h_thread *reader, *writer;
    int64_t start;

    REQUIRE(h_half_narrow(&half));
    reader = h_blocked_reader(half.socket);
    writer = h_blocked_writer(half.socket);
    start = h_now_us();
    h_reset(half.raw);
    half.raw = H_NO_SOCK;
    ends(reader, WDS_E_RESET, start);
    ends(writer, WDS_E_RESET, start);
    h_half_close(&half);
}

/* ---- buffers ---- */

TEST(buffers_that_do_not_fit)
{
    h_half half;
    char got[16];

    REQUIRE(h_half_client(&half));
    CHECK(h_send(half.raw, "5\r\nabcde5\r\nfghij0\r\n4\r\nlast", 26));
    memset(got, '#', sizeof got);
    CHECK_CODE(WDSocketRead(half.socket, NULL, 0, 20000), 5); /* asks, takes nothing */
    CHECK_CODE(WDSocketRead(half.socket, NULL, 16, 0), 5);
    CHECK_CODE(WDSocketRead(half.socket, got, 0, 20000), WDS_E_BUFFER);
    CHECK_CODE(WDSocketRead(half.socket, got, 4, 20000), WDS_E_BUFFER);
    CHECK_BYTES(got, 16, "################", 16); /* untouched */
    CHECK_CODE(WDSocketRead(half.socket, got, 5, 20000), 5);
    CHECK_BYTES(got, 6, "abcde#", 6); /* no room, no NUL */
    CHECK_CODE(WDSocketRead(half.socket, got, 6, 20000), 5);
    CHECK_BYTES(got, 7, "fghij\0#", 7); /* one NUL, and no more */
    memset(got, '#', sizeof got);
    CHECK_CODE(WDSocketRead(half.socket, NULL, 0, 20000), 0);
    CHECK_CODE(WDSocketRead(half.socket, got, 0, 20000), 0); /* an empty message fits nothing; it is taken */
    CHECK_BYTES(got, 1, "#", 1);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), 4);
    CHECK_BYTES(got, 6, "last\0#", 6);
    CHECK_CODE(WDSocketRead(half.socket, NULL, 0, 0), WDS_E_TIMEOUT);
    h_half_close(&half);
}

TEST(raw_capacity_is_the_maximum)
{
    h_half half;
    char got[16];

    REQUIRE(h_half_client(&half));
    raw_mode(half.socket);
    CHECK(h_send(half.raw, "abcdefgh", 8));
    WAIT_UNTIL(WDSocketAvailable(half.socket) == 8);
    CHECK_CODE(WDSocketRead(half.socket, NULL, 0, 20000), 8);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, 3, 20000), "abc", 3);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "defgh", 5);
    CHECK_EQ(got[5], 0);
    CHECK_CODE(WDSocketWrite(half.socket, "", 0), 0); /* writes nothing */
    CHECK_EQ(h_number(half.socket, WDS_NUM_BYTES_WRITTEN), 0);
    h_half_close(&half);
}

TEST(available)
{
    h_half half;

    REQUIRE(h_half_client(&half));
    CHECK_EQ(WDSocketAvailable(half.socket), 0);
    CHECK(h_send(half.raw, "3\r\nabc2\r\nde4\r\nx", 15));
    WAIT_UNTIL(WDSocketAvailable(half.socket) == 5); /* the bytes of whole messages */
    CHECK_CODE(read_some(half.socket, 0), 3);
    CHECK_EQ(WDSocketAvailable(half.socket), 2);
    CHECK_CODE(read_some(half.socket, 0), 2);
    CHECK_EQ(WDSocketAvailable(half.socket), 0);
    h_half_close(&half);
}

/* ---- several messages, lent messages ---- */

TEST(read_many)
{
    h_half half;
    char got[16];
    int32_t lengths[8];

    REQUIRE(h_half_client(&half));
    CHECK(h_send(half.raw, "1\r\na0\r\n3\r\nccc4\r\ndddd5\r\neeeee", 28));
    WAIT_UNTIL(WDSocketAvailable(half.socket) == 13);
    memset(lengths, 0x55, sizeof lengths);
    CHECK_CODE(WDSocketReadMany(half.socket, got, 0, lengths, 8, 1000), WDS_E_BUFFER); /* the first does not fit */
    CHECK_CODE(WDSocketReadMany(half.socket, got, 6, lengths, 8, 1000), 3);         /* as many as fit */
    CHECK(lengths[0] == 1 && lengths[1] == 0 && lengths[2] == 3 && lengths[3] == 0x55555555);
    CHECK_BYTES(got, 4, "accc", 4);
    CHECK_CODE(WDSocketReadMany(half.socket, got, 16, lengths, 1, 1000), 1); /* as many as asked for */
    CHECK_EQ(lengths[0], 4);
    CHECK_CODE(WDSocketReadMany(half.socket, got, 16, lengths, 8, 1000), 1); /* waits for the first only */
    CHECK_EQ(lengths[0], 5);
    CHECK_CODE(WDSocketReadMany(half.socket, got, 16, lengths, 8, 0), WDS_E_TIMEOUT);
    CHECK(h_send(half.raw, "1\r\nzbad", 7));
    CHECK_CODE(WDSocketReadMany(half.socket, got, 16, lengths, 8, 20000), 1); /* the error comes next */
    CHECK_CODE(WDSocketReadMany(half.socket, got, 16, lengths, 8, 20000), WDS_E_FRAME);
    h_half_close(&half);
}

TEST(lent_messages)
{
    h_half half;
    const void *data;
    void *one, *two;
    int32_t length;

    REQUIRE(h_half_client(&half));
    CHECK(h_send(half.raw, "3\r\nabc0\r\n", 9));
    CHECK_CODE(WDSocketReadMessage(half.socket, 20000, &data, &length, &one), 3);
    CHECK_EQ(length, 3);
    CHECK_BYTES(data, 4, "abc\0", 4); /* one NUL behind it */
    CHECK_CODE(WDSocketReadMessage(half.socket, 20000, &data, &length, &two), 0);
    CHECK(data != NULL && two != NULL && two != one);
    CHECK_EQ(h_number(0, WDS_NUM_TOKENS), 2);
    h_half_close(&half); /* the messages stay */
    CHECK_EQ(h_number(0, WDS_NUM_TOKENS), 2);
    CHECK_OK(WDSocketMessageFree(one));
    CHECK_CODE(WDSocketMessageFree(one), WDS_E_HANDLE); /* freed twice */
    CHECK_OK(WDSocketMessageFree(two));
    CHECK_CODE(WDSocketMessageFree(two), WDS_E_HANDLE);
    CHECK_CODE(WDSocketMessageFree(&half), WDS_E_HANDLE);
    CHECK_EQ(h_number(0, WDS_NUM_TOKENS), 0);
}

TEST(lent_message_on_an_error)
{
    h_half half;
    char mark;
    const void *data = &mark;
    void *message = &mark;
    int32_t length = 5;

    REQUIRE(h_half_client(&half));
    CHECK_CODE(WDSocketReadMessage(half.socket, 50, &data, &length, &message), WDS_E_TIMEOUT);
    CHECK(data == NULL && length == 0 && message == NULL);
    raw_mode(half.socket);
    CHECK(h_send(half.raw, "stream", 6));
    CHECK_CODE(WDSocketReadMessage(half.socket, 20000, &data, &length, &message), 6);
    CHECK_OK(WDSocketMessageFree(message));
    h_half_close(&half);
}

static volatile int64_t littering;

static int32_t litter(void *argument)
{
    (void)argument;
    while (h_get(&littering))
        WDSocketClose(WDSocketNew(NULL));
    return 0;
}

/* What stands in an out parameter before the call is the host's business: old addresses of messages, too. */
TEST(stale_addresses_in_out_parameters)
{
    h_half half;
    const void *data;
    void *message;
    int32_t length;
    h_thread *thread;
    uintptr_t old;
    int i, rounds = h_rounds(200000), bad = 0;

    REQUIRE(h_half_client(&half));
    CHECK(h_send(half.raw, "3\r\nabc", 6));
    CHECK_CODE(WDSocketReadMessage(half.socket, 20000, &data, &length, &message), 3);
    CHECK_OK(WDSocketMessageFree(message));
    old = (uintptr_t)data;
    littering = 1;
    thread = h_start(litter, NULL);
    for (i = 0; i < rounds; i++) {
        data = (const void *)(old + (uintptr_t)(i % 2048) * 8192);
        message = (void *)(old + (uintptr_t)(i % 512) * 8192);
        bad += WDSocketReadMessage(half.socket, 0, &data, &length, &message) != WDS_E_TIMEOUT;
        bad += data != NULL || message != NULL;
    }
    h_add(&littering, -1);
    h_join(thread);
    CHECK_EQ(bad, 0);
    h_half_close(&half);
}

static int32_t write_large(void *argument)
{
    int length = 5000000;
    char *data = (char *)malloc((size_t)length);
    int32_t result;

    h_pattern(data, length, 7);
    result = WDSocketWrite((int32_t)(intptr_t)argument, data, length);
    free(data);
    return result;
}

TEST(a_large_message_in_both_ways_of_reading)
{
    h_pair pair;
    int length = 5000000, way;
    char *got = (char *)malloc((size_t)length);
    h_thread *thread;
    const void *lent;
    void *token;
    int32_t lent_length;

    REQUIRE(h_pair_open(&pair));
    for (way = 0; way < 2; way++) {
        thread = h_start(write_large, (void *)(intptr_t)pair.channel);
        if (way == 0) {
            CHECK_CODE(WDSocketRead(pair.client, got, length, 20000), length);
            CHECK(h_pattern_ok(got, length, 7));
        } else {
            CHECK_CODE(WDSocketReadMessage(pair.client, 20000, &lent, &lent_length, &token), length);
            CHECK(h_pattern_ok(lent, length, 7));
            CHECK_OK(WDSocketMessageFree(token));
        }
        CHECK_CODE(h_join(thread), length);
    }
    free(got);
    h_pair_close(&pair);
}

static int32_t send_in_pieces(void *argument)
{
    int length = 40 << 20, piece = 16384, sent;
    char *data = (char *)malloc((size_t)piece);
    int good = h_send((h_sock)(intptr_t)argument, "41943040\r\n", 10);

    h_pattern(data, piece, 5);
    for (sent = 0; good && sent < length; sent += piece)
        good = h_send((h_sock)(intptr_t)argument, data, piece);
    free(data);
    return good;
}

/* The host's own buffer takes it: the memory budget has nothing to do with it, in however many pieces it comes. */
TEST(a_large_message_in_many_pieces)
{
    h_half half;
    int length = 40 << 20, at, bad = 0;
    char *got = (char *)malloc((size_t)length);
    h_thread *thread;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_RECEIVE_BUFFER, 1 << 18));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_MAX_MESSAGE, length));
    thread = h_start(send_in_pieces, (void *)(intptr_t)half.raw);
    CHECK_CODE(WDSocketRead(half.socket, got, length, 60000), length);
    for (at = 0; at < length; at += 16384)
        bad += !h_pattern_ok(got + at, 16384, 5);
    CHECK_EQ(bad, 0);
    h_half_close(&half);
    h_join(thread);
    free(got);
}

/* ---- nothing is left ---- */

TEST(thousands_of_rounds_leave_nothing)
{
    int rounds = h_rounds(10000), i, bad = 0;
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), port = h_port(server);
    int64_t goroutines = h_number(0, WDS_NUM_GOROUTINES), descriptors = h_number(0, WDS_NUM_DESCRIPTORS);

    for (i = 0; i < rounds && bad < 5; i++) {
        int32_t client = WDSocketConnect(NULL, port, "127.0.0.1", 20000), channel;

        if (client <= 0) {
            bad++;
            continue;
        }
        channel = WDSocketAccept(server, 20000);
        if (channel <= 0 || WDSocketWrite(client, "x", 1) != 1 || read_some(channel, 20000) != 1)
            bad++;
        /* a reset on one side keeps the system from remembering each of them for a minute */
        if (WDSocketCloseEx(client, WDS_CLOSE_ABORT, 0) != WDS_OK || WDSocketClose(channel) != WDS_OK)
            bad++;
    }
    CHECK_EQ(bad, 0);
    WAIT_UNTIL(h_number(0, WDS_NUM_SOCKETS) == 1);
    WAIT_UNTIL(h_number(0, WDS_NUM_GOROUTINES) <= goroutines);
    WAIT_UNTIL(h_number(0, WDS_NUM_DESCRIPTORS) <= descriptors);
    CHECK_OK(WDSocketClose(server));
}

TEST(figures)
{
    h_pair pair;

    REQUIRE(h_pair_open(&pair));
    CHECK_CODE(WDSocketWrite(pair.client, "Hello", 5), 5);
    CHECK_CODE(WDSocketWrite(pair.client, "World", 5), 5);
    CHECK_CODE(read_some(pair.channel, 20000), 5);
    CHECK_EQ(h_number(pair.client, WDS_NUM_BYTES_WRITTEN), 16);
    CHECK_EQ(h_number(pair.client, WDS_NUM_MESSAGES_WRITTEN), 2);
    CHECK_EQ(h_number(pair.channel, WDS_NUM_MESSAGES_READ), 1);
    WAIT_UNTIL(WDSocketAvailable(pair.channel) == 5);
    CHECK_EQ(h_number(pair.channel, WDS_NUM_BYTES_READ), 16);
    CHECK_EQ(h_number(pair.channel, WDS_NUM_BUFFERED), 8);
    CHECK_EQ(h_number(pair.client, WDS_NUM_BYTES_READ), 0);
    CHECK_EQ(h_number(pair.client, WDS_NUM_MESSAGES_READ), 0);
    CHECK_EQ(h_number(pair.server, WDS_NUM_CLIENTS), 1);
    CHECK_EQ(h_number(pair.server, WDS_NUM_PENDING), 0);
    h_pair_close(&pair);
}
