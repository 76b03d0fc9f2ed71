/*
 * exchange.c - question and answer, with answers that come late.
 */
#include "harness.h"

typedef struct {
    h_sock sock;
    int bytes;          /* of a question */
    const char *answer;
    int length, after_ms;
} answering;

static int32_t answer_once(void *argument)
{
    answering *a = (answering *)argument;
    char question[64];

    if (h_recv(a->sock, question, a->bytes, 20000) != a->bytes)
        return 0;
    h_sleep(a->after_ms);
    return h_send(a->sock, a->answer, a->length);
}

static h_thread *peer(answering *a, h_sock sock, int bytes, const char *answer, int length, int after_ms)
{
    a->sock = sock;
    a->bytes = bytes;
    a->answer = answer;
    a->length = length;
    a->after_ms = after_ms;
    return h_start(answer_once, a);
}

TEST(question_and_answer)
{
    h_half half;
    answering a;
    char got[16];
    h_thread *thread;
    int i;

    REQUIRE(h_half_client(&half));
    for (i = 0; i < 20; i++) {
        thread = peer(&a, half.raw, 4, "2\r\nok", 5, 0);
        CHECK_BYTES(got, WDSocketExchange(half.socket, "q", 1, got, (int32_t)sizeof got, 20000), "ok", 2);
        CHECK(h_join(thread));
    }
    h_half_close(&half);
}

TEST(stale_input_is_dropped)
{
    h_half half;
    answering a;
    char got[16];
    h_thread *thread;

    REQUIRE(h_half_client(&half));
    CHECK(h_send(half.raw, "5\r\nstale5\r\nolder", 16));
    WAIT_UNTIL(WDSocketAvailable(half.socket) == 10);
    thread = peer(&a, half.raw, 4, "5\r\nfresh", 8, 0);
    CHECK_BYTES(got, WDSocketExchange(half.socket, "q", 1, got, (int32_t)sizeof got, 20000), "fresh", 5);
    h_join(thread);
    h_half_close(&half);
}

TEST(a_late_answer_is_not_the_next_ones)
{
    h_half half;
    answering a;
    char got[16];
    h_thread *thread;
    int64_t start;

    REQUIRE(h_half_client(&half));
    start = h_now_us();
    CHECK_CODE(WDSocketExchange(half.socket, "1", 1, got, (int32_t)sizeof got, 200), WDS_E_TIMEOUT);
    CHECK_TIME(start, 200);
    CHECK_EQ(h_recv(half.raw, got, 4, 20000), 4);
    CHECK(h_send(half.raw, "4\r\nlate", 7));
    /* this one throws the late answer away and only then asks */
    thread = peer(&a, half.raw, 4, "4\r\nmine", 7, 0);
    CHECK_BYTES(got, WDSocketExchange(half.socket, "2", 1, got, (int32_t)sizeof got, 20000), "mine", 4);
    h_join(thread);
    h_half_close(&half);
}

TEST(a_late_answer_that_comes_during_the_next)
{
    h_half half;
    answering a, b;
    char got[16];
    h_thread *late, *mine;

    REQUIRE(h_half_client(&half));
    CHECK_CODE(WDSocketExchange(half.socket, "1", 1, got, (int32_t)sizeof got, 100), WDS_E_TIMEOUT);
    CHECK_EQ(h_recv(half.raw, got, 4, 20000), 4);
    /* nothing is written before the late answer is there, however short the time is */
    CHECK_CODE(WDSocketExchange(half.socket, "2", 1, got, (int32_t)sizeof got, 100), WDS_E_TIMEOUT);
    CHECK_EQ(h_number(half.socket, WDS_NUM_MESSAGES_WRITTEN), 1);
    late = peer(&a, half.raw, 0, "4\r\nlate", 7, 300);
    mine = peer(&b, half.raw, 4, "4\r\nmine", 7, 0);
    CHECK_BYTES(got, WDSocketExchange(half.socket, "3", 1, got, (int32_t)sizeof got, 20000), "mine", 4);
    h_join(late);
    h_join(mine);
    h_half_close(&half);
}

TEST(an_answer_that_never_comes_is_given_up)
{
    h_half half;
    answering b;
    char got[16];
    h_thread *thread;
    int32_t length;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_EXCHANGE_LATE, 300));
    CHECK_CODE(WDSocketExchange(half.socket, "1", 1, got, (int32_t)sizeof got, 50), WDS_E_TIMEOUT);
    CHECK_EQ(h_recv(half.raw, got, 4, 20000), 4); /* the first question */
    thread = peer(&b, half.raw, 4, "3\r\ntwo", 6, 0);
    length = WDSocketExchange(half.socket, "2", 1, got, (int32_t)sizeof got, 20000);
    CHECK_BYTES(got, length, "two", 3);
    h_join(thread);
    h_half_close(&half);
}

TEST(modbus_goes_by_the_transaction)
{
    static const char q2[] = "\0\2\0\0\0\6\1\3\0\0\0\2";
    static const char both[] = "\0\1\0\0\0\5\1\3\2\0\7" "\0\2\0\0\0\5\1\3\2\0\x9";
    h_half half;
    answering a;
    char got[32];
    h_thread *thread;
    int64_t start;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "modbus-tcp"));
    CHECK_CODE(WDSocketExchange(half.socket, "\0\1\0\0\0\6\1\3\0\0\0\1", 12, got, (int32_t)sizeof got, 50), WDS_E_TIMEOUT);
    thread = peer(&a, half.raw, 24, both, 22, 0); /* both answers in one segment, after both questions */
    start = h_now_us();
    CHECK_BYTES(got, WDSocketExchange(half.socket, q2, 12, got, (int32_t)sizeof got, 20000), both + 11, 11);
    CHECK_PROMPT(start); /* nothing had to be waited for */
    h_join(thread);
    h_half_close(&half);
}

TEST(modbus_names_the_other_transaction)
{
    h_half half;
    answering a;
    char got[32], text[512];
    h_thread *thread;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "modbus-tcp"));
    thread = peer(&a, half.raw, 12, "\0\7\0\0\0\3\1\x83\2", 9, 0);
    CHECK_CODE(WDSocketExchange(half.socket, "\0\2\0\0\0\6\1\3\0\0\0\1", 12, got, (int32_t)sizeof got, 3000), WDS_E_TIMEOUT);
    CHECK(WDSocketErrorInfo(0, WDS_INFO_MESSAGE, text, (int32_t)sizeof text) > 0);
    CHECK(strstr(text, "transaction 7, expected 2") != NULL);
    CHECK_EQ(h_figure(half.socket, WDS_STAT_STALE), 1);
    h_join(thread);
    h_half_close(&half);
}

/* One damaged answer is one error, and the next exchange works. */
TEST(modbus_goes_on_behind_a_damaged_answer)
{
    static const char q1[] = "\0\2\0\0\0\6\1\3\0\0\0\1", q2[] = "\0\3\0\0\0\6\1\3\0\0\0\1";
    static const char good[] = "\0\3\0\0\0\5\1\3\2\0\7";
    static const struct {
        const char *bytes;
        int length;
        int32_t timeout, code;
    } damaged[] = {
        {"\0\2\0\0\xff\xff", 6, 20000, WDS_E_FRAME},                          /* length */
        {"\0\2\0\0\xff\xff\1\3\4\0\0\0\5", 13, 20000, WDS_E_FRAME},         /* and what looks like a header behind it */
        {"\0\2\0\1\0\5\1\3\2\0\7", 11, 20000, WDS_E_FRAME},                 /* protocol */
        {"\0\2\0\0\0\xfe\1\3\2\0\7", 11, 300, WDS_E_TIMEOUT},               /* a length that may be */
        {"\0\2\0\0\0\xff\1\3\2\0\7", 11, 20000, WDS_E_FRAME},               /* one more than may be */
    };
    int i, round;

    for (i = 0; i < (int)(sizeof damaged / sizeof damaged[0]); i++) {
        h_half half;
        answering a;
        char got[32];
        h_thread *thread;

        REQUIRE(h_half_client(&half));
        CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "modbus-tcp"));
        thread = peer(&a, half.raw, 12, damaged[i].bytes, damaged[i].length, 0);
        CHECK_CODE(WDSocketExchange(half.socket, q1, 12, got, (int32_t)sizeof got, damaged[i].timeout), damaged[i].code);
        h_join(thread);
        for (round = 0; round < 2; round++) {
            thread = peer(&a, half.raw, 12, good, 11, 0);
            CHECK_BYTES(got, WDSocketExchange(half.socket, q2, 12, got, (int32_t)sizeof got, 20000), good, 11);
            h_join(thread);
        }
        CHECK_EQ(WDSocketState(half.socket), WDS_STATE_OPEN);
        h_half_close(&half);
    }
}

TEST(modbus_writes_no_damaged_header)
{
    h_half half;
    char long_one[6 + 255] = {0, 2};

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "modbus-tcp"));
    CHECK_CODE(WDSocketWrite(half.socket, "\0\2\0\1\0\2\1\3", 8), WDS_E_FRAME);
    CHECK_CODE(WDSocketWrite(half.socket, long_one, (int32_t)sizeof long_one), WDS_E_FRAME);
    CHECK_EQ(WDSocketWrite(half.socket, long_one, (int32_t)sizeof long_one - 1), (int32_t)sizeof long_one - 1);
    h_half_close(&half);
}

TEST(what_stands_before_an_answer_is_skipped)
{
    h_half half;
    answering a;
    char got[16];
    h_thread *thread;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketSetBytes(half.socket, WDS_TEXT_EXCHANGE_ACK, "\x06", 1));
    CHECK_OK(WDSocketSetBytes(half.socket, WDS_TEXT_EXCHANGE_NAK, "\x15", 1));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_EXCHANGE_ECHO, 1));
    thread = peer(&a, half.raw, 4, "1\r\nq\x06" "2\r\nok", 10, 0);
    CHECK_BYTES(got, WDSocketExchange(half.socket, "q", 1, got, (int32_t)sizeof got, 20000), "ok", 2);
    CHECK(h_join(thread));
    thread = peer(&a, half.raw, 4, "\x15", 1, 0);
    CHECK_BYTES(got, WDSocketExchange(half.socket, "q", 1, got, (int32_t)sizeof got, 20000), "\x15", 1);
    CHECK(h_join(thread));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_EXCHANGE_REPEATS, 1));
    thread = peer(&a, half.raw, 4, "\x15" "2\r\nok", 6, 0);
    CHECK_BYTES(got, WDSocketExchange(half.socket, "q", 1, got, (int32_t)sizeof got, 20000), "ok", 2);
    CHECK(h_join(thread));
    CHECK_BYTES(got, h_recv(half.raw, got, 4, 20000), "1\r\nq", 4); /* written again */
    h_half_close(&half);
}

TEST(an_answer_is_known_by_a_field)
{
    h_half half;
    answering a;
    char got[32];
    h_thread *thread;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_EXCHANGE_FIELD, 4));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_EXCHANGE_FIELD_WIDTH, 6));
    thread = peer(&a, half.raw, 14, "10\r\n081000004110\r\n0810000042", 28, 0);
    CHECK_BYTES(got, WDSocketExchange(half.socket, "0800000042", 10, got, (int32_t)sizeof got, 20000), "0810000042", 10);
    CHECK(h_join(thread));
    CHECK_EQ(h_figure(half.socket, WDS_STAT_STALE), 1);
    CHECK_CODE(WDSocketExchange(half.socket, "0800", 4, got, (int32_t)sizeof got, 20000), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_RAW, NULL, 0));
    CHECK_CODE(WDSocketExchange(half.socket, "0800000042", 10, got, (int32_t)sizeof got, 20000), WDS_E_STATE);
    h_half_close(&half);
}

TEST(reply_does_not_fit)
{
    h_half half;
    answering a;
    char got[16];
    h_thread *thread;

    REQUIRE(h_half_client(&half));
    thread = peer(&a, half.raw, 4, "6\r\nlonger", 9, 0);
    CHECK_CODE(WDSocketExchange(half.socket, "q", 1, got, 3, 20000), WDS_E_BUFFER);
    h_join(thread);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "longer", 6); /* not lost */
    h_half_close(&half);
}

TEST(peer_gone_during_an_exchange)
{
    h_half half;
    char got[16];

    REQUIRE(h_half_client(&half));
    h_shut_write(half.raw);
    CHECK_CODE(WDSocketExchange(half.socket, "q", 1, got, (int32_t)sizeof got, 20000), WDS_E_PEER_CLOSED);
    h_half_close(&half);
    REQUIRE(h_half_client(&half));
    h_reset(half.raw);
    half.raw = H_NO_SOCK;
    WAIT_UNTIL(WDSocketState(half.socket) == WDS_STATE_RESET);
    CHECK_CODE(WDSocketExchange(half.socket, "q", 1, got, (int32_t)sizeof got, 20000), WDS_E_RESET);
    h_half_close(&half);
}

static int32_t exchange_for_ever(void *argument)
{
    char got[16];

    return WDSocketExchange((int32_t)(intptr_t)argument, "q", 1, got, (int32_t)sizeof got, -1);
}

TEST(close_and_cancel_during_an_exchange)
{
    int cancel;

    for (cancel = 0; cancel < 2; cancel++) {
        h_half half;
        h_thread *thread;
        char got[16];

        REQUIRE(h_half_client(&half));
        thread = h_start(exchange_for_ever, (void *)(intptr_t)half.socket);
        CHECK_EQ(h_recv(half.raw, got, 4, 20000), 4);
        WAIT_UNTIL(WDSocketAvailable(half.socket) == WDS_E_BUSY || h_done(thread));
        CHECK_OK(cancel ? WDSocketCancel(half.socket) : WDSocketClose(half.socket));
        CHECK_CODE(h_join(thread), cancel ? WDS_E_CANCELLED : WDS_E_CLOSED);
        h_half_close(&half);
    }
}

TEST(not_for_udp)
{
    int32_t socket = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    char got[16];

    CHECK_CODE(WDSocketExchange(socket, "q", 1, got, (int32_t)sizeof got, 100), WDS_E_KIND);
    CHECK_OK(WDSocketClose(socket));
}
