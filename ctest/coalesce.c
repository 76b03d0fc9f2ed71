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
        CHECK_WITHIN(start, LONGEST + 2000);
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
    CHECK_OK(WDSocketCloseEx(s, WDS_CLOSE_GRACEFUL, H_CLOSE_MS));
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

/* Reads beside the way, which may take its time when everything has left. */
typedef struct {
    int32_t socket;
    int count;
    int64_t end_us;
} early_job;

static int32_t read_early(void *argument)
{
    early_job *job = (early_job *)argument;
    char got[16];
    int i, right = 0;

    for (i = 0; i < job->count; i++)
        right += WDSocketRead(job->socket, got, (int32_t)sizeof got, 20000) == 5 && memcmp(got, "small", 5) == 0;
    job->end_us = h_now_us();
    return right;
}

/*
 * Once of a few times what was written came well before the longest wait: a machine
 * with other work may be slow, but not each time.
 */
static int comes_early(int tls, int32_t wait_ms, void (*way)(int32_t), int count)
{
    int tries, early = 0;

    for (tries = 0; tries < 10 && !early; tries++) {
        h_pair pair;
        h_thread *reader;
        early_job job;
        int64_t start;

        if (!pair_open(&pair, tls, wait_ms))
            return 0;
        job.socket = pair.client;
        job.count = count;
        job.end_us = 0;
        reader = h_start(read_early, &job);
        start = h_now_us();
        write_small(pair.channel, count);
        way(pair.channel);
        CHECK_EQ(h_join(reader), count);
        early = job.end_us - start < wait_ms * INT64_C(500);
        h_pair_close(&pair);
    }
    return early;
}

TEST(writes_leave_early)
{
    void (*const ways[])(int32_t) = {by_flush, by_close, by_graceful_close, by_half_close, by_read, by_queue, by_amount};
    int i, tls;

    for (tls = 0; tls < 2; tls++)
        for (i = 0; i < (int)(sizeof ways / sizeof ways[0]); i++)
            CHECK(comes_early(tls, LONGEST, ways[i], 10));
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
    int64_t start = h_now_us();
    int32_t n;

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_COALESCE, 1));
    write_small(half.socket, 1);
    h_reset(half.raw);
    while ((n = WDSocketWrite(half.socket, "more", 4)) == 4 && !h_overdue(start, H_PATIENCE))
        h_sleep(1);
    CHECK_CODE(n, WDS_E_RESET);
    CHECK_CODE(WDSocketWrite(half.socket, "more", 4), WDS_E_RESET);
    WDSocketClose(half.socket);
}

/* Turned off, what was collected leaves with the next write. */
static void by_turning_off(int32_t socket)
{
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_COALESCE, 0));
    write_small(socket, 1);
}

TEST(turned_off)
{
    CHECK(comes_early(0, LONGEST, by_turning_off, 3));
}

/* ---- what the host's side collects by itself ---- */

#define RUN 20 /* writes in a row after which it does, and some more */

/* What is wrong with a write is told in the middle of a run too. */
TEST(a_run_does_not_hide_mistakes)
{
    static char big[1001];
    h_pair pair;

    REQUIRE(pair_open(&pair, 0, LONGEST));
    CHECK_OK(WDSocketSetOption(pair.channel, WDS_OPT_MAX_MESSAGE, 1000));
    write_small(pair.channel, RUN);
    CHECK_CODE(WDSocketWrite(pair.channel, NULL, 5), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketWrite(pair.channel, "small", -2), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketWrite(pair.channel, big, (int32_t)sizeof big), WDS_E_TOO_LONG);
    CHECK_CODE(WDSocketErrorCode(0, WDS_INFO_CODE), WDS_E_TOO_LONG);
    write_small(pair.channel, RUN);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_CODE), 0);
    CHECK_EQ(WDSocketWrite(pair.channel, "small", -1), 5);
    CHECK_EQ(WDSocketWrite(pair.channel, big, 0), 0);
    CHECK_EQ(h_number(pair.channel, WDS_NUM_MESSAGES_WRITTEN), 2 * RUN + 2);
    CHECK_OK(WDSocketFlush(pair.channel, 20000));
    read_small(pair.client, 2 * RUN + 1);
    CHECK_EQ(WDSocketRead(pair.client, big, (int32_t)sizeof big, 20000), 0);
    h_pair_close(&pair);
}

/* Each message is written in the mode that is set when it is. */
TEST(a_run_ends_with_its_mode)
{
    static const char want[] = "5\r\nsmall5\r\nsmallsmallsmallsmall;small;sm\n;small\n";
    char got[sizeof want];
    h_half half;
    int rounds, i;

    for (rounds = 0; rounds < 20; rounds++) {
        REQUIRE(h_half_channel(&half));
        CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_COALESCE, LONGEST));
        write_small(half.socket, rounds);
        CHECK_OK(WDSocketFlush(half.socket, 20000));
        for (i = 0; i < rounds; i++)
            CHECK_EQ(h_recv(half.raw, got, 8, 20000), 8);
        write_small(half.socket, 2);
        CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_RAW, NULL, 0));
        write_small(half.socket, 2);
        CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_END_TAG, ";", 1));
        write_small(half.socket, 2);
        CHECK_CODE(WDSocketWrite(half.socket, "sm;all", 6), WDS_E_TAG_IN_MESSAGE);
        CHECK_EQ(WDSocketWrite(half.socket, "sm\n", 3), 3);
        CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_END_TAG, "\n", 1));
        CHECK_CODE(WDSocketWrite(half.socket, "sm\n", 3), WDS_E_TAG_IN_MESSAGE);
        write_small(half.socket, 1);
        CHECK_OK(WDSocketFlush(half.socket, 20000));
        i = h_recv(half.raw, got, sizeof want - 1, 20000);
        CHECK_BYTES(got, i, want, (int)sizeof want - 1);
        h_half_close(&half);
    }
}

/* After a close nothing is taken, and the socket that comes next, in a place that
 * was another's, gets only its own. */
TEST(a_run_ends_with_its_socket)
{
    int i;

    for (i = 0; i < h_rounds(300); i++) {
        h_pair pair;

        REQUIRE(pair_open(&pair, 0, 1));
        write_small(pair.channel, RUN);
        CHECK_OK(i % 2 ? WDSocketClose(pair.channel) : WDSocketCloseEx(pair.channel, WDS_CLOSE_ABORT, 0));
        CHECK_CODE(WDSocketWrite(pair.channel, "small", 5), WDS_E_HANDLE);
        if (i % 2)
            read_small(pair.client, RUN);
        h_pair_close(&pair);
    }
}

/* A reader that knows of the end keeps writes from being taken. */
TEST(a_run_ends_with_its_connection)
{
    h_half half;
    char got[8];

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_COALESCE, LONGEST));
    write_small(half.socket, RUN);
    h_reset(half.raw);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_RESET);
    CHECK_CODE(WDSocketWrite(half.socket, "small", 5), WDS_E_RESET);
    WDSocketClose(half.socket);
}

#define CROWD 150 /* more than there are places */

typedef struct {
    h_pair *pairs;
    int first, step, count;
} crowd_job;

static int32_t write_to_all(void *argument)
{
    crowd_job *job = (crowd_job *)argument;
    char text[32];
    int i, k;

    for (k = 0; k < job->count; k++)
        for (i = job->first; i < CROWD; i += job->step) {
            int n = snprintf(text, sizeof text, "%d of %d", k, i);

            if (WDSocketWrite(job->pairs[i].channel, text, n) != n)
                return 0;
        }
    return 1;
}

TEST(many_at_the_same_time)
{
    static h_pair pairs[CROWD];
    crowd_job jobs[3];
    h_thread *threads[3];
    int i, k, wrong = 0, count = h_rounds(300);

    for (i = 0; i < CROWD; i++)
        REQUIRE(pair_open(&pairs[i], 0, 5));
    for (i = 0; i < 3; i++) {
        jobs[i].pairs = pairs;
        jobs[i].first = i;
        jobs[i].step = 3;
        jobs[i].count = count;
        threads[i] = h_start(write_to_all, &jobs[i]);
    }
    for (i = 0; i < CROWD && wrong == 0; i++)
        for (k = 0; k < count && wrong == 0; k++) {
            char got[33], text[32];
            int32_t n = WDSocketRead(pairs[i].client, got, (int32_t)sizeof got, 20000);

            wrong = !CHECK_BYTES(got, n, text, snprintf(text, sizeof text, "%d of %d", k, i));
        }
    for (i = 0; i < 3; i++)
        CHECK_EQ(h_join(threads[i]), 1);
    for (i = 0; i < CROWD; i++)
        h_pair_close(&pairs[i]);
}

/* ---- everything at the same time ---- */

#define SCRIBES 3

typedef struct {
    h_pair *pair;
    int number, count;
} scribe;

static int32_t write_numbers(void *argument)
{
    scribe *s = (scribe *)argument;
    char text[32];
    int i;

    for (i = 0; i < s->count; i++) {
        int n = snprintf(text, sizeof text, "%d %d", s->number, i);
        int32_t wrote = WDSocketWrite(s->pair->channel, text, n);

        if (wrote != n)
            return wrote;
    }
    return 0;
}

/* All that takes back what the host's side collects, until the channel is closed. */
static int32_t disturb(void *argument)
{
    h_pair *pair = (h_pair *)argument;
    int32_t queue = WDSocketNewQueue(), events[64], i;
    int64_t figures[WDS_STAT_COUNT];

    for (i = 0; WDSocketExist(pair->channel) == 1; i++) {
        WDSocketSetOption(pair->channel, WDS_OPT_COALESCE, 1 + i % 20);
        WDSocketSetOption(pair->channel, WDS_OPT_SEND_QUEUE, i % 5 == 0 ? 1 << 24 : 0);
        WDSocketStatistics(pair->channel, figures, WDS_STAT_COUNT);
        WDSocketGroupPublish(pair->server, NULL, "news", 4);
        if (i % 7 == 0) {
            WDSocketAttach(queue, pair->channel, WDS_ATTACH_PLAIN);
            WDSocketNextEvents(queue, 1, events, (int32_t)sizeof events, 1);
            WDSocketDetach(pair->channel);
        }
        if (i % 3 == 0)
            WDSocketFlush(pair->channel, 1000);
        h_sleep(1);
    }
    WDSocketClose(queue);
    return 0;
}

/* Whatever else happens to the channel, each thread's messages come whole and in order. */
TEST(a_run_that_is_disturbed)
{
    h_pair pair;
    scribe scribes[SCRIBES];
    h_thread *threads[SCRIBES], *other;
    int next[SCRIBES] = {0}, i, left, count = h_rounds(30000);

    REQUIRE(pair_open(&pair, 0, 1));
    for (i = 0; i < SCRIBES; i++) {
        scribes[i].pair = &pair;
        scribes[i].number = i;
        scribes[i].count = count;
        threads[i] = h_start(write_numbers, &scribes[i]);
    }
    other = h_start(disturb, &pair);
    for (left = SCRIBES * count; left > 0;) {
        char got[32], want[32];
        int32_t n = WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000);

        if (!CHECK_GE(n, 1))
            break;
        if (n == 4 && memcmp(got, "news", 4) == 0)
            continue;
        i = got[0] - '0';
        if (!CHECK(i >= 0 && i < SCRIBES) || !CHECK_BYTES(got, n, want, snprintf(want, sizeof want, "%d %d", i, next[i])))
            break;
        next[i]++;
        left--;
    }
    for (i = 0; i < SCRIBES; i++)
        CHECK_EQ(h_join(threads[i]), 0);
    CHECK_OK(WDSocketClose(pair.channel));
    CHECK_EQ(h_join(other), 0);
    h_pair_close(&pair);
}
