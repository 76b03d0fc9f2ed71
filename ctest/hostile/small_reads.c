/*
 * small_reads.c - a peer that sends much to a host that reads little at a time,
 * or asks before each read what is there: the work is that of the bytes, not of
 * the bytes times the reads.
 */
#include "harness.h"

#define BYTES_SENT (1 << 20)
#define PIECE 1024

static int32_t send_letters(void *argument)
{
    h_sock raw = (h_sock)(intptr_t)argument;
    char *data = (char *)malloc(BYTES_SENT);
    int good;

    memset(data, 0xE9, BYTES_SENT);
    good = h_send(raw, data, BYTES_SENT);
    free(data);
    return good;
}

/* Processor time that reading in small pieces takes, in a queue or without. */
static int64_t cost(const char *charset, int queued)
{
    h_half half;
    h_thread *sender;
    char got[PIECE];
    int64_t total = 0, wanted = charset[0] ? 2 * (int64_t)BYTES_SENT : BYTES_SENT, begun;
    int32_t queue = WDSocketNewQueue(), n, bad = 0, i;

    if (!h_half_channel(&half))
        return 0;
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_RAW, NULL, 0));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_CHARSET, charset));
    if (queued)
        CHECK_OK(WDSocketAttach(queue, half.socket, WDS_ATTACH_PLAIN));
    begun = h_cpu_us();
    sender = h_start(send_letters, (void *)(intptr_t)half.raw);
    while (total < wanted && bad < 5) {
        if (queued && h_next_event(queue, 20000).kind != WDS_EVENT_MESSAGE) {
            bad++;
            continue;
        }
        n = WDSocketRead(half.socket, got, PIECE, 20000);
        bad += n <= 0;
        for (i = 0; charset[0] && i + 1 < n; i += 2)
            bad += memcmp(got + i, "\xC3\xA9", 2) != 0;
        total += n > 0 ? n : 0;
    }
    begun = h_cpu_us() - begun;
    CHECK_EQ(total, wanted);
    CHECK_EQ(bad, 0);
    CHECK_EQ(h_join(sender), 1);
    h_half_close(&half);
    CHECK_OK(WDSocketClose(queue));
    return begun;
}

/* Twenty seconds against a few milliseconds when all that was there was converted at each read. */
static void charset_costs_little(int queued)
{
    int64_t without = cost("", queued), with = cost("windows-1252", queued);

    if (!CHECK(with < 20 * without + 1500000))
        printf("without a character set %d us, with one %d us\n", (int)without, (int)with);
}

TEST(a_character_set_in_a_queue)
{
    charset_costs_little(1);
}

TEST(a_character_set_in_plain_reads)
{
    charset_costs_little(0);
}

TEST(the_size_that_is_told_is_that_of_the_text)
{
    h_half half;
    char got[16];

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_RAW, NULL, 0));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_CHARSET, "utf-16le"));
    CHECK(h_send(half.raw, "a\0\xAC\x20" "b", 5)); /* "a", the euro sign, half a "b" */
    WAIT_UNTIL(WDSocketAvailable(half.socket) == 4);
    CHECK_CODE(WDSocketRead(half.socket, NULL, 0, 20000), 4);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, 3, 20000), "a", 1);
    CHECK_CODE(WDSocketRead(half.socket, got, 2, 20000), WDS_E_BUFFER);
    CHECK_CODE(WDSocketRead(half.socket, NULL, 0, 20000), 3);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, 3, 20000), "\xE2\x82\xAC", 3);
    CHECK_CODE(WDSocketRead(half.socket, got, 3, 50), WDS_E_TIMEOUT);
    CHECK(h_send(half.raw, "\0", 1));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "b", 1);
    h_half_close(&half);
}

/* "Is there something?" before each read, as programs for serial lines do. */
TEST(asking_before_each_read)
{
    enum { EACH = 11 };
    const int messages = h_rounds(100000), burst = messages / 5;
    h_half half;
    char *data = (char *)malloc((size_t)burst * EACH), got[16];
    int64_t begun;
    int i, bad = 0;

    REQUIRE(h_half_channel(&half));
    for (i = 0; i < burst; i++)
        memcpy(data + i * EACH, "8\r\n12345678", EACH);
    begun = h_cpu_us();
    for (i = 0; i < messages && bad < 5; i++) {
        if (i % burst == 0)
            CHECK(h_send(half.raw, data, burst * EACH));
        while (WDSocketAvailable(half.socket) == 0)
            h_sleep(1);
        bad += WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000) != 8;
    }
    CHECK_EQ(bad, 0);
    if (!CHECK(h_cpu_us() - begun < 8000000))
        printf("%d us\n", (int)(h_cpu_us() - begun));
    h_half_close(&half);
    free(data);
}

static int32_t send_long(void *argument)
{
    h_sock raw = (h_sock)(intptr_t)argument;
    char *data = (char *)calloc(1, 3 << 20);
    int good = h_send(raw, "3145728\r\n", 9) && h_send(raw, data, 3 << 20);

    free(data);
    return good;
}

/* A message longer than what is looked at at once can be asked for too. */
TEST(asking_for_a_long_message)
{
    h_half half;
    int length = 3 << 20;
    char *got = (char *)malloc((size_t)length);
    h_thread *sender;

    REQUIRE(h_half_channel(&half));
    sender = h_start(send_long, (void *)(intptr_t)half.raw);
    WAIT_UNTIL(WDSocketAvailable(half.socket) == length);
    CHECK_CODE(WDSocketRead(half.socket, got, length, 20000), length);
    CHECK_EQ(h_join(sender), 1);
    h_half_close(&half);
    free(got);
}
