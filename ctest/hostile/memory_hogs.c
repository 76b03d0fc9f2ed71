/*
 * memory_hogs.c - clients that begin long messages and never end them, until the
 * memory budget is used up: the others are served on, every end is told, and
 * nothing burns the processor meanwhile.
 */
#include "harness.h"

#define BUDGET (8 << 20)
#define HOGS 10 /* more than twice what there is memory for */
#define HELD 1900000 /* of a message of 2,000,000: a block of 2 MiB */

static char payload[100000];

/* Begins a message and stops short of its end. */
static h_sock hog(int port)
{
    h_sock sock = h_connect("127.0.0.1", port);
    int sent;

    if (sock != H_NO_SOCK && h_send(sock, "2000000\r\n", 9))
        for (sent = 0; sent < HELD && h_send(sock, payload, (int)sizeof payload); sent += (int)sizeof payload)
            ;
    return sock;
}

static int32_t hog_thread(void *argument)
{
    int *port = (int *)argument;

    return (int32_t)hog(*port);
}

typedef struct {
    int32_t server, queue, standing[64];
    int port, accepted, ended[64], memory;
} service;

static void open_service(service *s)
{
    int i;

    memset(s, 0, sizeof *s);
    for (i = 0; i < 64; i++)
        s->standing[i] = 0;
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_TOTAL_BUFFER, BUDGET));
    s->server = WDSocketCreate(NULL, 0, "127.0.0.1");
    s->port = h_port(s->server);
    s->queue = WDSocketNewQueue();
    CHECK_OK(WDSocketAttach(s->queue, s->server, WDS_ATTACH_MANAGE));
}

static void close_service(service *s, int32_t before)
{
    int i;

    for (i = 0; i < s->accepted; i++)
        WDSocketClose(s->standing[i]);
    CHECK_OK(WDSocketClose(s->server));
    CHECK_OK(WDSocketClose(s->queue));
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_TOTAL_BUFFER, before));
}

/* One event; the length of a message that was read, or 0. */
static int32_t serve(service *s, int wait_ms)
{
    static char got[2100000];
    h_event e = h_next_event(s->queue, wait_ms);
    int i;

    switch (e.kind) {
    case WDS_EVENT_ACCEPTED:
        if (s->accepted < 64)
            s->standing[s->accepted++] = e.socket;
        break;
    case WDS_EVENT_MESSAGE:
        return WDSocketRead(e.socket, got, (int32_t)sizeof got, 0);
    case WDS_EVENT_ERROR:
        CHECK_CODE(e.code, WDS_E_MEMORY);
        CHECK_HAS(h_error(e.socket, WDS_INFO_DETAIL), "WDS_OPT_TOTAL_BUFFER");
        s->memory++;
        /* fall through */
    case WDS_EVENT_PEER_CLOSED:
    case WDS_EVENT_RESET:
    case WDS_EVENT_TIMEOUT:
        for (i = 0; i < s->accepted; i++)
            if (s->standing[i] == e.socket)
                s->ended[i]++;
        break;
    default:
        break;
    }
    return 0;
}

static int ends(const service *s)
{
    int i, n = 0;

    for (i = 0; i < s->accepted; i++)
        n += s->ended[i];
    return n;
}

static int32_t says_something_long(void *argument)
{
    h_sock sock = (h_sock)(intptr_t)argument;

    return h_send(sock, "100000\r\n", 8) && h_send(sock, payload, (int)sizeof payload);
}

/* Clients that hold all the memory there is. */
static void start_hogs(service *s, h_thread **threads)
{
    int64_t end = h_now_us() + 20000000;
    int i;

    for (i = 0; i < HOGS; i++)
        threads[i] = h_start(hog_thread, &s->port);
    while (s->accepted < HOGS || h_number(0, WDS_NUM_BUFFERED_BYTES) < BUDGET - (2 << 20)) {
        serve(s, 10);
        if (!CHECK(h_now_us() < end))
            break;
    }
}

static void reset_hogs(service *s, h_thread **threads)
{
    int i;

    for (i = 0; i < HOGS; i++) {
        while (!h_done(threads[i]))
            serve(s, 10);
        h_reset((h_sock)h_join(threads[i]));
    }
}

/* Some clients hold the budget; a message of 100,000 bytes of another is told all the same. */
TEST(others_are_served)
{
    int32_t before = h_option(0, WDS_OPT_TOTAL_BUFFER), got = 0;
    service s;
    h_thread *threads[HOGS], *other;
    h_sock good;
    int64_t begun, end;

    open_service(&s);
    start_hogs(&s, threads);
    good = h_connect("127.0.0.1", s.port);
    other = h_start(says_something_long, (void *)(intptr_t)good);
    begun = h_cpu_us();
    for (end = h_now_us() + 30000000; got != (int32_t)sizeof payload && h_now_us() < end;)
        got = serve(&s, 100);
    CHECK_EQ(got, (int32_t)sizeof payload);
    for (end = h_now_us() + 20000000; s.memory == 0 && h_now_us() < end;)
        serve(&s, 100);
    CHECK_GE(s.memory, 1);
    CHECK(s.memory < HOGS); /* no more than had to */
    CHECK(h_cpu_us() - begun < 3000000);
    CHECK_EQ(h_join(other), 1);
    reset_hogs(&s, threads);
    h_close(good);
    for (end = h_now_us() + 20000000; ends(&s) < HOGS + 1 && h_now_us() < end;)
        serve(&s, 100);
    CHECK_EQ(ends(&s), HOGS + 1); /* each told once */
    close_service(&s, before);
}

/* One client of a simplified server: it is ended, told once, and the next one is served. */
static int32_t read_simplified(void *argument)
{
    static char got[2100000];

    return WDSocketRead((int32_t)(intptr_t)argument, got, (int32_t)sizeof got, 60000);
}

static int one_done(h_thread **readers)
{
    int i;

    for (i = 0; i < HOGS && !h_done(readers[i]); i++)
        ;
    return i;
}

TEST(a_simplified_server_goes_on)
{
    int32_t before = h_option(0, WDS_OPT_TOTAL_BUFFER), got = 0;
    int32_t servers[HOGS];
    int ports[HOGS], i, refused = 0;
    h_thread *readers[HOGS], *threads[HOGS], *other;
    service s;
    h_sock good, next;
    int64_t end;

    open_service(&s);
    for (i = 0; i < HOGS; i++) {
        servers[i] = WDSocketCreate(NULL, 0, "127.0.0.1");
        ports[i] = h_port(servers[i]);
        readers[i] = h_start(read_simplified, (void *)(intptr_t)servers[i]);
        threads[i] = h_start(hog_thread, &ports[i]);
    }
    WAIT_UNTIL(h_number(0, WDS_NUM_BUFFERED_BYTES) >= BUDGET - (2 << 20));
    good = h_connect("127.0.0.1", s.port);
    other = h_start(says_something_long, (void *)(intptr_t)good);
    for (end = h_now_us() + 30000000; got != (int32_t)sizeof payload && h_now_us() < end;)
        got = serve(&s, 100);
    CHECK_EQ(got, (int32_t)sizeof payload);
    CHECK_EQ(h_join(other), 1);
    WAIT_UNTIL((i = one_done(readers)) < HOGS);
    REQUIRE(CHECK(i < HOGS));
    CHECK_CODE(h_join(readers[i]), WDS_E_MEMORY);
    readers[i] = NULL;
    next = h_connect("127.0.0.1", ports[i]);
    CHECK(h_send(next, "2\r\nok", 5));
    CHECK_CODE(read_simplified((void *)(intptr_t)servers[i]), 2);
    for (i = 0; i < HOGS; i++)
        CHECK_OK(WDSocketClose(servers[i]));
    for (i = 0; i < HOGS; i++) {
        if (readers[i] != NULL) {
            int32_t result = h_join(readers[i]);

            refused += result == WDS_E_MEMORY;
            CHECK(result == WDS_E_MEMORY || result == WDS_E_CLOSED);
        }
        h_close((h_sock)h_join(threads[i]));
    }
    CHECK(refused < HOGS - 1);
    h_close(good);
    h_close(next);
    close_service(&s, before);
}

/* The end of a connection needs no memory; nor does CloseAll. */
TEST(ends_are_told_without_memory)
{
    int32_t before = h_option(0, WDS_OPT_TOTAL_BUFFER);
    service s;
    h_thread *threads[HOGS];
    int64_t end;

    open_service(&s);
    start_hogs(&s, threads);
    reset_hogs(&s, threads);
    for (end = h_now_us() + 20000000; ends(&s) < HOGS && h_now_us() < end;)
        serve(&s, 100);
    CHECK_EQ(ends(&s), HOGS);
    close_service(&s, before);
    WAIT_UNTIL(h_number(0, WDS_NUM_BUFFERED_BYTES) == 0);
}
