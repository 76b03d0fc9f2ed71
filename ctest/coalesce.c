/*
 * coalesce.c - small writes that leave together
 */
#include "certificates.h"
#include "harness.h"

#define LONGEST 1000 /* the most that writes may wait */

/* A pair over TLS or not, whose ends both collect. */
static int pair_open(h_pair *pair, int tls, int32_t ms)
{
    if (tls ? !CHECK(tls_pair_open(pair, 0, 0)) : !CHECK(h_pair_open(pair)))
        return 0;
    CHECK_OK(WDSocketSetOption(pair->channel, WDS_OPT_COALESCE, ms));
    CHECK_OK(WDSocketSetOption(pair->client, WDS_OPT_COALESCE, ms));
    return 1;
}

static void write_small(int32_t socket, int count)
{
    int i;

    for (i = 0; i < count; i++)
        CHECK_EQ(WDSocketWrite(socket, "small", 5), 5);
}

static void read_small(int32_t socket, int count)
{
    char got[16];
    int i;

    for (i = 0; i < count; i++) {
        int32_t n = WDSocketRead(socket, got, (int32_t)sizeof got, 20000);

        CHECK_BYTES(got, n, "small", 5);
    }
}

TEST(writes_wait_and_leave_by_themselves)
{
    int tls;

    for (tls = 0; tls < 2; tls++) {
        h_pair pair;
        int64_t out, start, sent;

        REQUIRE(pair_open(&pair, tls, LONGEST));
        out = h_number(pair.channel, WDS_NUM_BYTES_WRITTEN);
        start = h_now_us();
        write_small(pair.channel, 100);
        sent = h_number(pair.channel, WDS_NUM_BYTES_WRITTEN) - out;
        if (h_now_us() - start < LONGEST * 500)
            CHECK_EQ(sent, 0);
        CHECK_EQ(h_number(pair.channel, WDS_NUM_MESSAGES_WRITTEN), 100);
        read_small(pair.client, 100);
        CHECK(h_now_us() - start < (LONGEST + 2000) * 1000);
        if (tls) /* in one record, or a few */
            CHECK(h_number(pair.channel, WDS_NUM_BYTES_WRITTEN) - out < 100 * (5 + 3 + 22));
        h_pair_close(&pair);
    }
}

/* ---- what makes them leave before their time ---- */

static void by_flush(int32_t s)
{
    CHECK_OK(WDSocketFlush(s, 20000));
}

static void by_close(int32_t s)
{
    CHECK_OK(WDSocketClose(s));
}

static void by_graceful_close(int32_t s)
{
    CHECK_OK(WDSocketCloseEx(s, WDS_CLOSE_GRACEFUL, 20000));
}

static void by_half_close(int32_t s)
{
    CHECK_OK(WDSocketCloseEx(s, WDS_CLOSE_WRITE, 20000));
}

static void by_read(int32_t s)
{
    CHECK_CODE(WDSocketRead(s, NULL, 0, 20), WDS_E_TIMEOUT);
}

static void by_queue(int32_t s)
{
    int32_t queue = WDSocketNewQueue(), events[8];

    CHECK_OK(WDSocketAttach(queue, s, WDS_ATTACH_PLAIN));
    CHECK_CODE(WDSocketNextEvents(queue, 20, events, (int32_t)sizeof events, 1), WDS_E_TIMEOUT);
    CHECK_OK(WDSocketClose(queue));
}

static void by_amount(int32_t s)
{
    static char big[40000];

    CHECK_EQ(WDSocketWrite(s, big, (int32_t)sizeof big), (int32_t)sizeof big);
}

TEST(writes_leave_early)
{
    void (*const ways[])(int32_t) = {by_flush, by_close, by_graceful_close, by_half_close, by_read, by_queue, by_amount};
    int i, tls;

    for (tls = 0; tls < 2; tls++)
        for (i = 0; i < (int)(sizeof ways / sizeof ways[0]); i++) {
            h_pair pair;
            int64_t start;

            REQUIRE(pair_open(&pair, tls, LONGEST));
            start = h_now_us();
            write_small(pair.channel, 10);
            ways[i](pair.channel);
            read_small(pair.client, 10);
            CHECK_PROMPT(start);
            h_pair_close(&pair);
        }
}

/* ---- order, without and with a send queue ---- */

typedef struct {
    int32_t socket;
    int count;
} reader_job;

#define LARGEST 100000

static int size_of(int i)
{
    return i % 97 == 0 ? i * 31 % LARGEST + 1 : i * 7 % 200 + 1;
}

static int32_t read_all(void *argument)
{
    reader_job *job = (reader_job *)argument;
    char *got = (char *)malloc(LARGEST + 1);
    int i;

    for (i = 0; i < job->count; i++) {
        int32_t n = WDSocketRead(job->socket, got, LARGEST + 1, 20000);

        if (n != size_of(i) || !h_pattern_ok(got, n, (uint32_t)i))
            break;
    }
    free(got);
    return i;
}

static void in_order(int tls, int32_t send_queue)
{
    char *message = (char *)malloc(LARGEST);
    reader_job job;
    h_thread *reader;
    h_pair pair;
    int i;

    REQUIRE(pair_open(&pair, tls, 1));
    CHECK_OK(WDSocketSetOption(pair.channel, WDS_OPT_SEND_QUEUE, send_queue));
    job.socket = pair.client;
    job.count = h_rounds(20000);
    reader = h_start(read_all, &job);
    for (i = 0; i < job.count; i++) {
        h_pattern(message, size_of(i), (uint32_t)i);
        CHECK_EQ(WDSocketWrite(pair.channel, message, size_of(i)), size_of(i));
        if (i % 1999 == 0)
            h_sleep(2); /* the time ends now and then */
    }
    CHECK_OK(WDSocketFlush(pair.channel, 20000));
    CHECK_EQ(h_join(reader), job.count);
    CHECK_EQ(h_number(pair.channel, WDS_NUM_MESSAGES_WRITTEN), job.count);
    h_pair_close(&pair);
    free(message);
}

TEST(order_is_kept)
{
    int tls;

    for (tls = 0; tls < 2; tls++) {
        in_order(tls, 0);
        in_order(tls, INT32_MAX);
    }
}

/* Several threads write; each one's messages come whole and in its order. */
#define WRITERS 4

typedef struct {
    int32_t socket;
    int number, count;
} writer_job;

static int32_t write_own(void *argument)
{
    writer_job *job = (writer_job *)argument;
    char text[64];
    int i;

    for (i = 0; i < job->count; i++) {
        int n = snprintf(text, sizeof text, "%d %d", job->number, i);

        if (WDSocketWrite(job->socket, text, n) != n)
            return i;
    }
    return job->count;
}

TEST(many_writers)
{
    writer_job jobs[WRITERS];
    h_thread *threads[WRITERS];
    int next[WRITERS] = {0}, i, wrong = 0;
    h_pair pair;

    REQUIRE(pair_open(&pair, 0, 5));
    for (i = 0; i < WRITERS; i++) {
        jobs[i].socket = pair.channel;
        jobs[i].number = i;
        jobs[i].count = h_rounds(5000);
        threads[i] = h_start(write_own, &jobs[i]);
    }
    for (i = 0; i < WRITERS * jobs[0].count; i++) {
        char got[65];
        int who = 0, number = -1;
        int32_t n = WDSocketRead(pair.client, got, (int32_t)sizeof got - 1, 20000);

        if (!CHECK_GE(n, 3))
            break;
        got[n] = 0;
        wrong += sscanf(got, "%d %d", &who, &number) != 2 || who < 0 || who >= WRITERS || number != next[who]++;
    }
    CHECK_EQ(wrong, 0);
    for (i = 0; i < WRITERS; i++)
        CHECK_EQ(h_join(threads[i]), jobs[i].count);
    h_pair_close(&pair);
}

TEST(errors_are_told)
{
    h_half half;
    int64_t end = h_now_us() + 20000000;
    int32_t n;

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_COALESCE, 1));
    write_small(half.socket, 1);
    h_reset(half.raw);
    while ((n = WDSocketWrite(half.socket, "more", 4)) == 4 && h_now_us() < end)
        h_sleep(1);
    CHECK_CODE(n, WDS_E_RESET);
    CHECK_CODE(WDSocketWrite(half.socket, "more", 4), WDS_E_RESET);
    WDSocketClose(half.socket);
}

/* Turned off, what was collected leaves with the next write. */
TEST(turned_off)
{
    h_pair pair;
    int64_t start = h_now_us();

    REQUIRE(pair_open(&pair, 0, LONGEST));
    write_small(pair.channel, 3);
    CHECK_OK(WDSocketSetOption(pair.channel, WDS_OPT_COALESCE, 0));
    write_small(pair.channel, 1);
    read_small(pair.client, 4);
    CHECK_PROMPT(start);
    h_pair_close(&pair);
}
