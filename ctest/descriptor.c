/*
 * descriptor.c - a queue in the host's own loop: poll, and epoll on Linux, wait
 * for its descriptor, and WDSocketNextEvents with 0 ms fetches what there is.
 */
#include "harness.h"

#ifdef __linux__
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

/* Is it readable within so many milliseconds? */
static int shows(int fd, int ms)
{
    struct pollfd p;
    int result;

    p.fd = fd;
    p.events = POLLIN;
    do
        result = poll(&p, 1, ms);
    while (result < 0 && errno == EINTR);
    return result == 1;
}

/* Fetches all there is; the number of events. */
static int drain(int32_t queue)
{
    h_event e[4];
    int count = 0, result;

    while ((result = WDSocketNextEvents(queue, 0, e, (int32_t)sizeof e[0], 4)) > 0)
        count += result;
    CHECK_CODE(result, WDS_E_TIMEOUT);
    return count;
}

/* Fetches one event; the descriptor has to show it. */
static int fetch_one(int32_t queue, int fd, h_event *e)
{
    while (CHECK(shows(fd, 20000)))
        if (WDSocketNextEvents(queue, 0, e, (int32_t)sizeof *e, 1) == 1)
            return 1;
    return 0;
}

TEST(it_shows_what_there_is)
{
    int32_t queue = WDSocketNewQueue(), fd = WDSocketDescriptor(queue);
    h_event e;
    h_half half;
    char text[8];

    REQUIRE(CHECK_GE(fd, 0));
    CHECK_EQ(WDSocketDescriptor(queue), fd);
    drain(queue);
    CHECK(!shows(fd, 20));
    REQUIRE(h_half_channel(&half));
    CHECK_CODE(WDSocketDescriptor(half.socket), WDS_E_KIND);
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_END_TAG, "\n", 1));
    CHECK_OK(WDSocketAttach(queue, half.socket, WDS_ATTACH_PLAIN));
    drain(queue);
    CHECK(!shows(fd, 20));
    CHECK(h_send(half.raw, "a\nb\nc", 5));
    CHECK(shows(fd, 20000));
    REQUIRE(fetch_one(queue, fd, &e));
    CHECK_EQ(e.value, 1);
    CHECK(h_send(half.raw, "\n", 1));
    REQUIRE(fetch_one(queue, fd, &e)); /* b was left */
    REQUIRE(fetch_one(queue, fd, &e)); /* and c has come */
    drain(queue);
    CHECK(!shows(fd, 20));
    CHECK_EQ(WDSocketRead(half.socket, text, 8, 0), 1);
    CHECK_OK(WDSocketCancel(queue));
    CHECK(shows(fd, 0));
    drain(queue);
    CHECK(!shows(fd, 0));
    h_half_close(&half);
    CHECK_OK(WDSocketClose(queue));
    CHECK_CODE(WDSocketDescriptor(queue), WDS_E_HANDLE);
}

TEST(it_shows_timers)
{
    int32_t queue = WDSocketNewQueue(), early = WDSocketNewTimer(queue, 0, 0, 1), fd = WDSocketDescriptor(queue), again;
    int64_t start;
    int times = 0;

    CHECK(shows(fd, 0)); /* it was due before anybody asked */
    CHECK_EQ(drain(queue), 1);
    CHECK_OK(WDSocketClose(early));
    start = h_now_us();
    CHECK_GE(WDSocketNewTimer(queue, 60000, 0, 2), 1);
    CHECK_GE(WDSocketNewTimer(queue, 80, 0, 3), 1);
    times = shows(fd, 0);
    if (h_now_us() - start < 80000)
        CHECK_EQ(times, 0);
    CHECK(shows(fd, 20000));
    CHECK_TIME(start, 80);
    times = 0;
    CHECK_EQ(drain(queue), 1);
    CHECK(!shows(fd, 0));
    start = h_now_us();
    again = WDSocketNewTimer(queue, 20, 20, 4);
    while (times < 5) {
        h_event e;

        REQUIRE(CHECK(shows(fd, 20000)));
        if (WDSocketNextEvents(queue, 0, &e, (int32_t)sizeof e, 1) == 1)
            times += e.value;
    }
    CHECK_TIME(start, times * 20);
    CHECK_OK(WDSocketClose(again));
    drain(queue);
    if (shows(fd, 40)) /* it may be set for the timer that was ended */
        drain(queue);
    CHECK(!shows(fd, 60));
    CHECK_OK(WDSocketClose(queue));
}

/* ---- a loop of the host's own ---- */

#define CLIENTS 50

typedef struct {
    int32_t port, rounds;
    volatile int64_t stop;
} crowd;

/* The clients of a loop under test: each sends and expects the echo. */
static int32_t crowd_runs(void *argument)
{
    crowd *c = (crowd *)argument;
    int32_t sockets[CLIENTS], wrong = 0;
    char message[300], got[300];
    int i, k;

    for (i = 0; i < CLIENTS; i++)
        sockets[i] = WDSocketConnect(NULL, c->port, "127.0.0.1", 20000);
    for (k = 0; k < c->rounds; k++) {
        for (i = 0; i < CLIENTS; i++) {
            int32_t size = 1 + (i * 7 + k * 13) % 299;

            h_pattern(message, size, (uint32_t)(i * 1000 + k));
            wrong += WDSocketWrite(sockets[i], message, size) != size;
        }
        for (i = 0; i < CLIENTS; i++) {
            int32_t size = 1 + (i * 7 + k * 13) % 299;

            wrong += WDSocketRead(sockets[i], got, 300, 30000) != size || !h_pattern_ok(got, size, (uint32_t)(i * 1000 + k));
        }
    }
    for (i = 0; i < CLIENTS; i++)
        wrong += WDSocketClose(sockets[i]) != WDS_OK;
    return wrong;
}

typedef struct {
    int32_t queue, accepted, ended, messages, ticks, wrong;
} loop_state;

/* Serves one event. */
static void serve(loop_state *l, const h_event *e)
{
    static char message[400];
    int32_t length;

    switch (e->kind) {
    case WDS_EVENT_ACCEPTED:
        l->accepted++;
        break;
    case WDS_EVENT_MESSAGE:
        length = WDSocketRead(e->socket, message, 400, 0);
        l->messages++;
        if (length != e->value || WDSocketWrite(e->socket, message, length) != length)
            l->wrong++;
        break;
    case WDS_EVENT_PEER_CLOSED:
        l->ended++;
        WDSocketClose(e->socket);
        break;
    case WDS_EVENT_TIMER:
        l->ticks += e->value;
        break;
    default:
        l->wrong++;
    }
}

/* Waits for the descriptor in one of three ways, 20 s at most. */
static int await(int way, int fd, int loop)
{
    struct epoll_event ready;
    int result;

    if (way == 0)
        return shows(fd, 20000);
    do
        result = epoll_wait(loop, &ready, 1, 20000);
    while (result < 0 && errno == EINTR);
    return result == 1;
}

static void run_loop(int way)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), timer;
    int fd, loop = epoll_create1(EPOLL_CLOEXEC), asked = 0;
    int64_t start = h_now_us(), wakes = 0;
    struct epoll_event ev;
    h_thread *thread;
    loop_state l;
    crowd c;

    memset(&l, 0, sizeof l);
    memset(&c, 0, sizeof c);
    c.port = h_port(server);
    c.rounds = h_rounds(200);
    l.queue = WDSocketNewQueue();
    fd = WDSocketDescriptor(l.queue);
    memset(&ev, 0, sizeof ev);
    ev.events = EPOLLIN | (way == 2 ? (uint32_t)EPOLLET : 0);
    REQUIRE(CHECK(epoll_ctl(loop, EPOLL_CTL_ADD, fd, &ev) == 0));
    CHECK_OK(WDSocketAttach(l.queue, server, WDS_ATTACH_MANAGE));
    timer = WDSocketNewTimer(l.queue, 5, 5, 0);
    thread = h_start(crowd_runs, &c);
    while (l.ended < CLIENTS) {
        h_event e[16];
        int32_t count, i;

        if (!CHECK(await(way, fd, loop)))
            break;
        wakes++;
        do { /* told of changes only, it has to fetch all; else it may leave some */
            count = WDSocketNextEvents(l.queue, 0, e, (int32_t)sizeof e[0], way == 2 ? 16 : 1 + asked++ % 16);
            for (i = 0; i < count; i++)
                serve(&l, e + i);
        } while (way == 2 && count > 0);
        if (count < 0)
            CHECK_CODE(count, WDS_E_TIMEOUT);
    }
    CHECK_EQ(h_join(thread), 0);
    CHECK_EQ(l.wrong, 0);
    CHECK_EQ(l.accepted, CLIENTS);
    CHECK_EQ(l.messages, CLIENTS * c.rounds);
    CHECK(l.ticks <= (h_now_us() - start) / 5000 + 1);
    CHECK_OK(WDSocketClose(timer));
    WDSocketClose(server);
    CHECK_OK(WDSocketClose(l.queue));
    close(loop);
}

TEST(loop_with_poll) { run_loop(0); }
TEST(loop_with_epoll) { run_loop(1); }
TEST(loop_with_epoll_that_tells_changes) { run_loop(2); }

/* A loop that has nothing to do sleeps: no wake-up without an event. */
TEST(it_wakes_for_nothing)
{
    int32_t queue = WDSocketNewQueue(), fd = WDSocketDescriptor(queue);
    int64_t start;
    int wakes = 0, ticks = 0;
    h_event e;
    h_pair pairs[10];
    int i;

    for (i = 0; i < 10; i++) {
        REQUIRE(h_pair_open(&pairs[i]));
        CHECK_OK(WDSocketAttach(queue, pairs[i].channel, WDS_ATTACH_PLAIN));
        CHECK_EQ(WDSocketWrite(pairs[i].channel, "hello", 5), 5);
    }
    drain(queue);
    start = h_now_us();
    CHECK_GE(WDSocketNewTimer(queue, 100, 100, 0), 1);
    while (h_now_us() - start < 600000 || (ticks == 0 && !h_overdue(start, H_PATIENCE))) {
        if (!shows(fd, 50))
            continue;
        wakes++;
        while (WDSocketNextEvents(queue, 0, &e, (int32_t)sizeof e, 1) == 1)
            ticks += e.kind == WDS_EVENT_TIMER;
    }
    CHECK_GE(ticks, 1);
    CHECK(ticks <= (h_now_us() - start) / 100000);
    CHECK(wakes <= 2 * ticks + 2);
    printf("       %d wake-ups for %d ticks of a timer\n", wakes, ticks);
    for (i = 0; i < 10; i++)
        h_pair_close(&pairs[i]);
    CHECK_OK(WDSocketClose(queue));
}

#else

TEST(not_on_this_system)
{
    int32_t queue = WDSocketNewQueue();

    if (queue > 0) {
        CHECK_CODE(WDSocketDescriptor(queue), WDS_E_UNSUPPORTED);
        CHECK_OK(WDSocketClose(queue));
    }
}

#endif
