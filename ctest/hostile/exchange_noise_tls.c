/*
 * exchange_noise_tls.c - devices that send bytes of their own accord: noise is no
 * answer, and an answer to an earlier question is never the next one's.  Over
 * plain TCP and TLS.
 */
#include "certificates.h"
#include "harness.h"

typedef struct {
    int32_t socket, timeout_ms;
    const char *question;
    char answer[64];
    int capacity;
} asking;

static int32_t ask(void *argument)
{
    asking *a = (asking *)argument;

    return WDSocketExchange(a->socket, a->question, -1, a->answer, a->capacity, a->timeout_ms);
}

static h_thread *asked(asking *a, int32_t socket, const char *question, int32_t timeout_ms)
{
    a->socket = socket;
    a->question = question;
    a->timeout_ms = timeout_ms;
    a->capacity = (int)sizeof a->answer;
    return h_start(ask, a);
}

static void feed(int32_t device, const char *bytes)
{
    CHECK_CODE(WDSocketWrite(device, bytes, -1), (int32_t)strlen(bytes));
}

static void hears(int32_t device, const char *bytes)
{
    char got[64];
    int length = 0, n;

    do {
        n = WDSocketRead(device, got + length, (int32_t)(sizeof got) - length, 20000);
        length += n > 0 ? n : 0;
    } while (n > 0 && length < (int)strlen(bytes));
    CHECK_BYTES(got, length, bytes, (int)strlen(bytes));
}

static int device_and_program(h_pair *pair, int secured)
{
    if (!(secured ? tls_pair_open(pair, 0, 0) : h_pair_open(pair)))
        return 0;
    CHECK_OK(WDSocketChangeTransmissionMode(pair->client, WDS_MODE_MARKERS, NULL, 0));
    CHECK_OK(WDSocketChangeTransmissionMode(pair->channel, WDS_MODE_RAW, NULL, 0));
    return 1;
}

/* An ACK first, the answer behind it. */
static void acknowledged_first(int secured)
{
    h_pair pair;
    asking a;
    h_thread *thread;

    REQUIRE(device_and_program(&pair, secured));
    thread = asked(&a, pair.client, "Q1", 20000);
    hears(pair.channel, "\x02Q1\x03");
    feed(pair.channel, "\x06");
    WAIT_UNTIL(h_figure(pair.client, WDS_STAT_ERRORS_FRAME) == 1);
    feed(pair.channel, "\x02" "A1\x03");
    CHECK_BYTES(a.answer, h_join(thread), "A1", 2);

    CHECK_CODE(ask((a.question = "Q2", a.timeout_ms = 100, &a)), WDS_E_TIMEOUT);
    hears(pair.channel, "\x02Q2\x03");
    thread = asked(&a, pair.client, "Q3", 20000);
    feed(pair.channel, "\x06");
    feed(pair.channel, "\x02" "A2\x03\x06");
    hears(pair.channel, "\x02Q3\x03");
    feed(pair.channel, "\x06\x02" "A3\x03");
    CHECK_BYTES(a.answer, h_join(thread), "A3", 2);
    h_pair_close(&pair);
}

/* MLLP of a peer that sends a LF behind each message, a little later. */
static void late_line_feeds(int secured)
{
    static const char *const acks[] = {"A1", "A2", "A3", "A4"};
    h_pair pair;
    asking a;
    h_thread *thread;
    char wire[16];
    int i;

    REQUIRE(device_and_program(&pair, secured));
    CHECK_OK(WDSocketSetText(pair.client, WDS_TEXT_FRAME_PRESET, "mllp"));
    for (i = 0; i < 4; i++) {
        thread = asked(&a, pair.client, "m", 20000);
        hears(pair.channel, "\x0bm\x1c\r");
        if (i > 0) {
            feed(pair.channel, "\n");
            WAIT_UNTIL(h_figure(pair.client, WDS_STAT_ERRORS_FRAME) == i);
        }
        snprintf(wire, sizeof wire, "\x0b%s\x1c\r", acks[i]);
        feed(pair.channel, wire);
        CHECK_BYTES(a.answer, h_join(thread), acks[i], 2);
    }
    h_pair_close(&pair);
}

/* A damaged answer has come, and the next question is asked at once; one that
 * does not fit stays for a read, and goes with the next question. */
static void other_ends(int secured)
{
    h_pair pair;
    asking a;
    h_thread *thread;

    REQUIRE(device_and_program(&pair, secured));
    CHECK_OK(WDSocketSetText(pair.client, WDS_TEXT_FRAME_PRESET, "stx-etx-bcc"));
    CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_EXCHANGE_LATE, -1));
    thread = asked(&a, pair.client, "a", 20000);
    hears(pair.channel, "\x02" "a\x03" "b");
    feed(pair.channel, "\x02" "A\x03!");
    CHECK_CODE(h_join(thread), WDS_E_CHECK);
    a.capacity = 0;
    a.question = "b";
    thread = h_start(ask, &a);
    hears(pair.channel, "\x02" "b\x03" "a");
    feed(pair.channel, "\x02" "B\x03" "A");
    CHECK_CODE(h_join(thread), WDS_E_BUFFER);
    thread = asked(&a, pair.client, "c", 20000);
    hears(pair.channel, "\x02" "c\x03`");
    feed(pair.channel, "\x02" "C\x03@");
    CHECK_BYTES(a.answer, h_join(thread), "C", 1);
    h_pair_close(&pair);
}

TEST(acknowledged_first_plain) { acknowledged_first(0); }
TEST(acknowledged_first_tls) { acknowledged_first(1); }
TEST(late_line_feeds_plain) { late_line_feeds(0); }
TEST(late_line_feeds_tls) { late_line_feeds(1); }
TEST(other_ends_plain) { other_ends(0); }
TEST(other_ends_tls) { other_ends(1); }
