/*
 * many.c - many clients, many bytes, and a memory budget that is used up.
 *
 * CTEST_CLIENTS and CTEST_MESSAGES change the size of the first; CTEST_BYTES the
 * megabytes of the second.
 */
#include "harness.h"

#define LARGEST 65536
/* What each wait may take where other work and AddressSanitizer slow the two hundred threads down. */
#define PATIENT_MS 300000

static int setting(const char *name, int standard)
{
    const char *text = getenv(name);

    return text ? atoi(text) : h_rounds(standard);
}

/* ---- many clients, every mode ---- */

typedef struct {
    const char *name;
    void (*setup)(int32_t);
    int largest;
    int fixed;   /* every message has this length */
    int text;    /* printable bytes only, without any end tag */
} mode_row;

static void size_mode(int32_t s)
{
    WDSocketChangeTransmissionMode(s, WDS_MODE_SIZE, NULL, 0);
}

static void tag_mode(int32_t s)
{
    WDSocketChangeTransmissionMode(s, WDS_MODE_END_TAG, "\r\n", 2);
}

static void tag_buffer_mode(int32_t s)
{
    WDSocketChangeTransmissionMode(s, WDS_MODE_END_TAG_BUFFER, "\x1a", 1);
}

static void raw_mode(int32_t s)
{
    WDSocketChangeTransmissionMode(s, WDS_MODE_RAW, NULL, 0);
}

static void length_mode(int32_t s)
{
    WDSocketSetOption(s, WDS_OPT_FRAME_WIDTH, 4);
    WDSocketChangeTransmissionMode(s, WDS_MODE_LENGTH, NULL, 0);
}

static void short_length_mode(int32_t s)
{
    WDSocketChangeTransmissionMode(s, WDS_MODE_LENGTH, NULL, 0);
}

static void fixed_mode(int32_t s)
{
    WDSocketSetOption(s, WDS_OPT_FRAME_LENGTH, 777);
    WDSocketChangeTransmissionMode(s, WDS_MODE_FIXED, NULL, 0);
}

static void marker_mode(int32_t s)
{
    WDSocketSetBytes(s, WDS_TEXT_FRAME_ESCAPE, "\x10", 1);
    WDSocketSetOption(s, WDS_OPT_FRAME_CHECK, WDS_CHECK_CRC16);
    WDSocketChangeTransmissionMode(s, WDS_MODE_MARKERS, NULL, 0);
}

static const mode_row modes[] = {
    {"size", size_mode, LARGEST, 0, 0},
    {"end tag", tag_mode, LARGEST, 0, 1},
    {"end tag buffer", tag_buffer_mode, LARGEST, 0, 1},
    {"raw", raw_mode, LARGEST, 0, 0},
    {"length of 4", length_mode, LARGEST, 0, 0},
    {"length of 2", short_length_mode, 65535, 0, 0},
    {"fixed", fixed_mode, 777, 777, 0},
    {"markers", marker_mode, LARGEST, 0, 0},
};

/* Sizes from 1 to the largest, each power of two as often as the next. */
static int size_of(const mode_row *mode, uint32_t seed)
{
    uint32_t x = seed * 2654435761u;
    int bits = (int)(x >> 28), base = 1 << bits, size;

    if (mode->fixed)
        return mode->fixed;
    size = base + (int)((x >> 4) % (uint32_t)base);
    return size > mode->largest ? mode->largest : size;
}

static void fill(const mode_row *mode, unsigned char *message, int size, uint32_t seed)
{
    int i;

    h_pattern(message, size, seed);
    if (mode->text)
        for (i = 0; i < size; i++)
            message[i] = (unsigned char)(' ' + message[i] % 90);
}

typedef struct {
    const mode_row *mode;
    int port, messages;
    uint32_t number;
    int32_t channel;
    char error[256];
} client_job;

static int32_t fail(client_job *job, const char *what, int message, int32_t result)
{
    char text[160];

    text[0] = 0;
    WDSocketErrorInfo(0, WDS_INFO_MESSAGE, text, (int32_t)sizeof text);
    snprintf(job->error, sizeof job->error, "%s, %s of message %d: %d %s", job->mode->name, what, message, (int)result, text);
    return 1;
}

/* Reads until so many bytes are there: one message, or a part of a stream. */
static int32_t read_whole(client_job *job, int32_t socket, unsigned char *got, int size)
{
    int have = 0;

    if (job->mode->setup != raw_mode)
        return WDSocketRead(socket, got, LARGEST, PATIENT_MS);
    while (have < size) {
        int32_t result = WDSocketRead(socket, got + have, size - have, PATIENT_MS);

        if (result < 0)
            return result;
        have += result;
    }
    return have;
}

/* The channel's side: gives back what it reads, whatever it is. */
static int32_t echo(void *argument)
{
    client_job *job = (client_job *)argument;
    unsigned char *got = (unsigned char *)malloc(LARGEST);
    int32_t result;

    while ((result = WDSocketRead(job->channel, got, LARGEST, PATIENT_MS)) >= 0)
        if ((result = WDSocketWrite(job->channel, got, result)) < 0)
            break;
    free(got);
    if (result != WDS_E_PEER_CLOSED)
        return fail(job, "echo", -1, result);
    WDSocketClose(job->channel);
    return 0;
}

static int32_t client(void *argument)
{
    client_job *job = (client_job *)argument;
    unsigned char *message = (unsigned char *)malloc(LARGEST), *got = (unsigned char *)malloc(LARGEST);
    int32_t socket = WDSocketConnect(NULL, job->port, "127.0.0.1", PATIENT_MS), result = 0;
    int i, bad = 0;

    if (socket <= 0)
        bad = fail(job, "connecting", 0, socket);
    else
        job->mode->setup(socket);
    for (i = 0; i < job->messages && !bad; i++) {
        uint32_t seed = job->number * 100003u + (uint32_t)i;
        int size = size_of(job->mode, seed);

        fill(job->mode, message, size, seed);
        result = WDSocketWrite(socket, message, size);
        if (result != size)
            bad = fail(job, "writing", i, result);
        else if ((result = read_whole(job, socket, got, size)) != size)
            bad = fail(job, "reading", i, result);
        else if (memcmp(got, message, (size_t)size) != 0)
            bad = fail(job, "bytes", i, result);
    }
    if (socket > 0 && WDSocketClose(socket) != WDS_OK)
        bad = fail(job, "closing", i, 0);
    free(message);
    free(got);
    return bad;
}

static void many_clients(const mode_row *mode, int clients, int messages)
{
    int32_t server = WDSocketNew(NULL), port;
    h_thread **threads = (h_thread **)calloc((size_t)clients, sizeof *threads), **echoes = (h_thread **)calloc((size_t)clients, sizeof *echoes);
    client_job *jobs = (client_job *)calloc((size_t)clients, sizeof *jobs), *sides = (client_job *)calloc((size_t)clients, sizeof *sides);
    int i;

    mode->setup(server);
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER, 0, "127.0.0.1", 0));
    port = h_port(server);
    for (i = 0; i < clients; i++) {
        jobs[i].mode = sides[i].mode = mode;
        jobs[i].port = port;
        jobs[i].messages = messages;
        jobs[i].number = (uint32_t)i;
        threads[i] = h_start(client, &jobs[i]);
    }
    for (i = 0; i < clients; i++) {
        sides[i].channel = WDSocketAccept(server, PATIENT_MS);
        if (!CHECK_GE(sides[i].channel, 1))
            break;
        echoes[i] = h_start(echo, &sides[i]);
    }
    for (i = 0; i < clients; i++) {
        if (!CHECK_EQ(h_join(threads[i]), 0))
            printf("      client %d: %s\n", i, jobs[i].error);
        if (echoes[i] && !CHECK_EQ(h_join(echoes[i]), 0))
            printf("      channel %d: %s\n", i, sides[i].error);
    }
    WAIT_UNTIL(h_number(server, WDS_NUM_CLIENTS) == 0);
    CHECK_OK(WDSocketClose(server));
    free(threads);
    free(echoes);
    free(jobs);
    free(sides);
}

TEST(many_clients_in_every_mode)
{
    int clients = setting("CTEST_CLIENTS", 200), messages = setting("CTEST_MESSAGES", 1000), i;

    for (i = 0; i < (int)(sizeof modes / sizeof modes[0]); i++) {
        int64_t start = h_now_us();

        many_clients(&modes[i], clients, messages);
        printf("    %s: %d clients, %d messages each, %lld ms\n", modes[i].name, clients, messages, (long long)((h_now_us() - start) / 1000));
    }
}

/* ---- more than 4 GiB through one socket ---- */

#define PART (1 << 20)

typedef struct {
    int32_t socket;
    int64_t total;
} bulk_job;

static int32_t bulk_write(void *argument)
{
    bulk_job *job = (bulk_job *)argument;
    char *data = (char *)malloc(PART);
    int64_t sent = 0;
    int32_t result = 0;

    h_pattern(data, PART, 99);
    while (sent < job->total) {
        result = WDSocketWrite(job->socket, data, PART);
        if (result != PART)
            break;
        sent += result;
    }
    free(data);
    return sent == job->total ? 0 : result;
}

TEST(more_than_four_gigabytes)
{
    h_pair pair;
    bulk_job job;
    h_thread *writer;
    char *got = (char *)malloc(PART), *expected = (char *)malloc(PART);
    int64_t have = 0;
    int32_t result = 0;
    int bad = 0;

    h_pattern(expected, PART, 99);
    REQUIRE(h_pair_open(&pair));
    raw_mode(pair.client);
    raw_mode(pair.channel);
    job.socket = pair.client;
    job.total = (int64_t)setting("CTEST_BYTES", 4200) * PART;
    writer = h_start(bulk_write, &job);
    while (have < job.total) {
        result = WDSocketRead(pair.channel, got, PART, PATIENT_MS);
        if (result <= 0)
            break;
        /* each piece against its place in the pattern */
        {
            int at = (int)(have % PART), first = result < PART - at ? result : PART - at;

            bad += memcmp(got, expected + at, (size_t)first) != 0;
            bad += memcmp(got + first, expected, (size_t)(result - first)) != 0;
        }
        have += result;
    }
    CHECK_EQ(have, job.total);
    CHECK_EQ(bad, 0);
    CHECK_EQ(h_join(writer), 0);
    CHECK_EQ(h_number(pair.channel, WDS_NUM_BYTES_READ), job.total);
    CHECK_EQ(h_number(pair.client, WDS_NUM_BYTES_WRITTEN), job.total);
    h_pair_close(&pair);
    free(got);
    free(expected);
}

/* ---- the memory budget ---- */

#define HALVES 12
#define HALF_BYTES 200000

static int32_t send_half(void *argument)
{
    static char data[HALF_BYTES];
    h_sock raw = (h_sock)(intptr_t)argument;

    return h_send(raw, "1000000\r\n", 9) && h_send(raw, data, HALF_BYTES);
}

static int32_t send_rest(void *argument)
{
    static char data[1000000 - HALF_BYTES];

    return h_send((h_sock)(intptr_t)argument, data, (int)sizeof data);
}

/* Half messages on many sockets fill the budget; it is told, and nothing is lost once there is room again. */
TEST(memory_budget_reached_and_left)
{
    h_half halves[HALVES];
    h_thread *senders[HALVES];
    char *got = (char *)malloc(1000000);
    int i, short_of_memory = 0, waiting = 0, keeper = -1;
    int32_t before = h_option(0, WDS_OPT_TOTAL_BUFFER);

    CHECK_OK(WDSocketSetOption(0, WDS_OPT_TOTAL_BUFFER, 1 << 20));
    for (i = 0; i < HALVES; i++) {
        REQUIRE(h_half_channel(&halves[i]));
        senders[i] = h_start(send_half, (void *)(intptr_t)halves[i].raw);
    }
    for (i = 0; i < HALVES; i++) {
        int32_t result = WDSocketRead(halves[i].socket, got, 1000000, 500);

        CHECK_ANY(result, WDS_E_TIMEOUT, WDS_E_MEMORY);
        waiting += result == WDS_E_TIMEOUT;
        short_of_memory += result == WDS_E_MEMORY;
        if (result == WDS_E_TIMEOUT)
            keeper = i; /* the last one: who holds memory for longest while others wait is ended */
    }
    CHECK_GE(waiting, 1);
    CHECK_GE(short_of_memory, 1);
    CHECK_GE((1 << 20) + HALVES * 4096 - h_number(0, WDS_NUM_BUFFERED_BYTES), 0);
    /* all but one go: what they held is free, and the one that is left gets its message */
    for (i = 0; i < HALVES; i++) {
        if (i == keeper)
            continue;
        CHECK_OK(WDSocketCloseEx(halves[i].socket, WDS_CLOSE_ABORT, 0));
        h_join(senders[i]);
        h_close(halves[i].raw);
    }
    if (CHECK(keeper >= 0)) {
        h_join(senders[keeper]);
        senders[keeper] = h_start(send_rest, (void *)(intptr_t)halves[keeper].raw);
        CHECK_CODE(WDSocketRead(halves[keeper].socket, got, 1000000, 20000), 1000000);
        CHECK_EQ(h_join(senders[keeper]), 1);
        h_half_close(&halves[keeper]);
    }
    WAIT_UNTIL(h_number(0, WDS_NUM_BUFFERED_BYTES) == 0);
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_TOTAL_BUFFER, before));
    free(got);
}

TEST(an_announced_length_costs_nothing)
{
    h_half halves[50];
    char got[8];
    int i;

    for (i = 0; i < 50; i++) {
        REQUIRE(h_half_channel(&halves[i]));
        CHECK(h_send(halves[i].raw, "16000000\r\nx", 11));
        CHECK_CODE(WDSocketRead(halves[i].socket, NULL, 0, 20), WDS_E_TIMEOUT);
        CHECK_CODE(WDSocketRead(halves[i].socket, got, (int32_t)sizeof got, 20), WDS_E_TIMEOUT);
    }
    CHECK(h_number(0, WDS_NUM_BUFFERED_BYTES) < (16 << 20));
    for (i = 0; i < 50; i++)
        h_half_close(&halves[i]);
}
