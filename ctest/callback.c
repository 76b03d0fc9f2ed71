/*
 * callback.c - queues that call a function of the host: what it may do inside,
 * who waits for it, and that nothing comes behind an end.
 *
 * The two other ways to hear of a queue are here as far as they exclude this
 * one; descriptor.c has the descriptor, and windows are a matter of Windows.
 */
#include "harness.h"

#if defined(_WIN32) && !defined(_WIN64)
#define CALL __stdcall
#else
#define CALL
#endif

enum { SOCKET, KIND, VALUE, CODE, USER, SEQUENCE, QUEUE, DETAIL };

/* What a test's callbacks share with it; counters go through h_add and h_get. */
typedef struct {
    int32_t queue, other, socket, result, results[8];
    volatile int64_t calls, inside, done, release, wrong, bytes;
} desk;

static void desk_open(desk *d)
{
    memset(d, 0, sizeof *d);
    d->queue = WDSocketNewQueue();
    CHECK_GE(d->queue, 1);
}

/* An event that comes at once. */
static void nudge(int32_t queue, int32_t user)
{
    CHECK_GE(WDSocketNewTimer(queue, 0, 0, user), 1);
}

/* A channel with end tag \n in a queue, and its raw client. */
static int line_channel(h_half *half, int32_t queue)
{
    if (!h_half_channel(half))
        return 0;
    CHECK_OK(WDSocketChangeTransmissionMode(half->socket, WDS_MODE_END_TAG, "\n", 1));
    return queue == 0 || CHECK_OK(WDSocketAttach(queue, half->socket, WDS_ATTACH_PLAIN));
}

/* ---- plain delivery ---- */

static void CALL reads_numbers(const int32_t *event, void *user)
{
    desk *d = (desk *)user;
    char text[32];
    int64_t n = h_get(&d->calls);

    if (h_get(&d->inside) != 0)
        h_add(&d->wrong, 1);
    h_add(&d->inside, 1);
    if (event[KIND] == WDS_EVENT_MESSAGE) {
        int32_t length = WDSocketRead(event[SOCKET], text, 32, 0);

        if (length != event[VALUE] || atoi(text) != n || event[USER] != 77 || event[QUEUE] != d->queue || event[DETAIL] != 0)
            h_add(&d->wrong, 1);
    } else if (event[KIND] == WDS_EVENT_PEER_CLOSED) {
        h_add(&d->done, 1);
    } else {
        h_add(&d->wrong, 1);
    }
    if (event[SEQUENCE] != n + 1)
        h_add(&d->wrong, 1);
    h_add(&d->calls, 1);
    h_add(&d->inside, -1);
}

TEST(one_call_for_each_event)
{
    int rounds = h_rounds(20000), i;
    char line[32];
    desk d;
    h_half half;

    desk_open(&d);
    REQUIRE(line_channel(&half, 0));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_USER_NUMBER, 77));
    CHECK_OK(WDSocketSetCallback(d.queue, reads_numbers, &d));
    CHECK_OK(WDSocketAttach(d.queue, half.socket, WDS_ATTACH_PLAIN));
    for (i = 0; i < rounds; i++) {
        int length = sprintf(line, "%d\n", i);

        REQUIRE(CHECK(h_send(half.raw, line, length)));
    }
    h_shut_write(half.raw);
    WAIT_UNTIL(h_get(&d.done) == 1);
    CHECK_OK(WDSocketSetCallback(d.queue, NULL, NULL));
    CHECK_EQ(h_get(&d.calls), rounds + 1);
    CHECK_EQ(h_get(&d.wrong), 0);
    h_half_close(&half);
    CHECK_OK(WDSocketClose(d.queue));
}

static void CALL counts(const int32_t *event, void *user)
{
    (void)event;
    h_add((volatile int64_t *)user, 1);
}

static volatile int64_t heard_nothing, heard_five;

static void CALL tells_users_apart(const int32_t *event, void *user)
{
    (void)event;
    if (user == NULL)
        h_add(&heard_nothing, 1);
    if ((intptr_t)user == 5)
        h_add(&heard_five, 1);
}

TEST(any_user_pointer)
{
    desk d;

    desk_open(&d);
    CHECK_OK(WDSocketSetCallback(d.queue, tells_users_apart, NULL));
    nudge(d.queue, 0);
    WAIT_UNTIL(h_get(&heard_nothing) == 1);
    CHECK_OK(WDSocketSetCallback(d.queue, tells_users_apart, (void *)5));
    nudge(d.queue, 0);
    WAIT_UNTIL(h_get(&heard_five) == 1);
    CHECK_OK(WDSocketClose(d.queue));
}

/* ---- the ways exclude each other ---- */

static int32_t wait_for_events(void *argument)
{
    int32_t e[8], result;

    do /* another call that checks whether this thread waits may be inside just then */
        result = WDSocketNextEvents(*(int32_t *)argument, -1, e, (int32_t)sizeof e, 1);
    while (result == WDS_E_BUSY);
    return result;
}

TEST(one_way_at_a_time)
{
    int32_t e[8];
    h_thread *thread;
    h_half half;
    desk d;

    desk_open(&d);
    REQUIRE(h_half_client(&half));
    CHECK_CODE(WDSocketSetCallback(half.socket, counts, (void *)&d.calls), WDS_E_KIND);
    CHECK_CODE(WDSocketSetCallback(0, counts, (void *)&d.calls), WDS_E_HANDLE);
    thread = h_start(wait_for_events, &d.queue);
    WAIT_UNTIL(WDSocketNextEvents(d.queue, 0, e, (int32_t)sizeof e, 1) == WDS_E_BUSY);
    CHECK_CODE(WDSocketSetCallback(d.queue, counts, (void *)&d.calls), WDS_E_BUSY);
    CHECK_OK(WDSocketCancel(d.queue));
    CHECK_CODE(h_join(thread), WDS_E_CANCELLED);
    CHECK_OK(WDSocketSetCallback(d.queue, NULL, NULL));
    CHECK_OK(WDSocketSetCallback(d.queue, counts, (void *)&d.calls));
    CHECK_CODE(WDSocketNextEvents(d.queue, 0, e, (int32_t)sizeof e, 1), WDS_E_BUSY);
    CHECK_OK(WDSocketSetCallback(d.queue, NULL, NULL));
    CHECK_CODE(WDSocketNextEvents(d.queue, 0, e, (int32_t)sizeof e, 1), WDS_E_TIMEOUT);
    nudge(d.queue, 3);
    CHECK_EQ(WDSocketNextEvents(d.queue, 20000, e, (int32_t)sizeof e, 1), 1);
    CHECK_EQ(e[USER], 3);
    CHECK_EQ(h_get(&d.calls), 0);
    h_half_close(&half);
    CHECK_OK(WDSocketClose(d.queue));
    CHECK_CODE(WDSocketSetCallback(d.queue, counts, (void *)&d.calls), WDS_E_HANDLE);
}

#ifdef H_UNIX
TEST(no_windows_here)
{
    int32_t window;
    desk d;

    desk_open(&d);
    CHECK_CODE(WDSocketSetWindow(d.queue, &window, 1024), WDS_E_UNSUPPORTED);
    CHECK_CODE(WDSocketSetWindow(d.queue, NULL, 0), WDS_E_UNSUPPORTED);
    CHECK_CODE(WDSocketSetWindow(d.queue, (void *)5, 0), WDS_E_UNSUPPORTED);
    CHECK_CODE(WDSocketSetWindow(0, &window, 1024), WDS_E_HANDLE);
    CHECK_OK(WDSocketClose(d.queue));
}
#endif

/* ---- ends inside ---- */

static void CALL ends_its_socket(const int32_t *event, void *user)
{
    desk *d = (desk *)user;

    h_add(&d->calls, 1);
    if (event[KIND] != WDS_EVENT_MESSAGE)
        return;
    h_add(&d->bytes, 1); /* messages told: one of both sockets, in either way of the other */
    switch (d->result) {
    case 0:
        d->results[0] = WDSocketClose(d->socket);
        d->results[1] = WDSocketClose(d->other);
        break;
    case 1:
        d->results[0] = WDSocketCloseEx(d->socket, WDS_CLOSE_ABORT, 0);
        d->results[1] = WDSocketCloseEx(d->other, WDS_CLOSE_GRACEFUL, H_CLOSE_MS);
        break;
    default:
        d->results[0] = WDSocketDetach(d->socket);
        d->results[1] = WDSocketDetach(d->other);
    }
}

TEST(nothing_comes_behind_an_end)
{
    int way;

    for (way = 0; way < 3; way++) {
        h_half one, two;
        desk d;

        desk_open(&d);
        d.result = way;
        REQUIRE(line_channel(&one, 0));
        REQUIRE(line_channel(&two, 0));
        d.socket = one.socket;
        d.other = two.socket;
        CHECK(h_send(one.raw, "a\nb\nc\n", 6));
        CHECK(h_send(two.raw, "a\nb\nc\n", 6));
        CHECK_OK(WDSocketAttach(d.queue, one.socket, WDS_ATTACH_PLAIN));
        CHECK_OK(WDSocketAttach(d.queue, two.socket, WDS_ATTACH_PLAIN));
        CHECK_OK(WDSocketSetCallback(d.queue, ends_its_socket, &d));
        WAIT_UNTIL(h_get(&d.calls) >= 1);
        nudge(d.queue, 0); /* behind everything that was posted */
        WAIT_UNTIL(h_get(&d.calls) >= 2);
        CHECK_OK(WDSocketSetCallback(d.queue, NULL, NULL));
        CHECK_EQ(h_get(&d.calls), 2);
        CHECK_EQ(h_get(&d.bytes), 1);
        CHECK_OK(d.results[0]);
        CHECK_OK(d.results[1]);
        h_half_close(&one);
        h_half_close(&two);
        CHECK_OK(WDSocketClose(d.queue));
    }
}

static void CALL closes_its_queue(const int32_t *event, void *user)
{
    desk *d = (desk *)user;
    int32_t e[8];

    h_add(&d->calls, 1);
    d->results[0] = WDSocketClose(event[QUEUE]);
    d->results[1] = WDSocketClose(event[QUEUE]);
    d->results[2] = WDSocketNextEvents(event[QUEUE], 0, e, (int32_t)sizeof e, 1);
    d->results[3] = WDSocketDetach(d->socket); /* the queue's end has detached it */
    d->results[4] = event[SOCKET]; /* still there */
    h_add(&d->done, 1);
}

TEST(the_own_queue_is_closed)
{
    h_half half;
    char text[8];
    desk d;

    desk_open(&d);
    REQUIRE(line_channel(&half, d.queue));
    d.socket = half.socket;
    CHECK(h_send(half.raw, "a\nb\n", 4));
    CHECK_OK(WDSocketSetCallback(d.queue, closes_its_queue, &d));
    WAIT_UNTIL(h_get(&d.done) == 1);
    CHECK_OK(d.results[0]);
    CHECK_CODE(d.results[1], WDS_E_HANDLE);
    CHECK_CODE(d.results[2], WDS_E_HANDLE);
    CHECK_CODE(d.results[3], WDS_E_STATE);
    CHECK_EQ(d.results[4], half.socket);
    CHECK_EQ(WDSocketRead(half.socket, text, 8, 5000), 1);
    CHECK_EQ(WDSocketRead(half.socket, text, 8, 5000), 1);
    CHECK_EQ(h_get(&d.calls), 1);
    h_half_close(&half);
}

static void CALL ends_everything(const int32_t *event, void *user)
{
    desk *d = (desk *)user;

    (void)event;
    h_add(&d->calls, 1);
    d->results[0] = WDSocketCloseAll();
    d->results[1] = WDSocketExist(d->socket);
    d->results[2] = WDSocketNew(NULL); /* the library stays usable */
    d->results[3] = WDSocketClose(d->results[2]);
    h_add(&d->done, 1);
}

TEST(everything_is_closed)
{
    h_half half;
    desk d, e;

    desk_open(&d);
    desk_open(&e);
    REQUIRE(line_channel(&half, d.queue));
    d.socket = e.socket = half.socket;
    CHECK_OK(WDSocketSetCallback(d.queue, ends_everything, &d));
    CHECK_OK(WDSocketSetCallback(e.queue, ends_everything, &e)); /* both at once */
    nudge(e.queue, 0);
    CHECK(h_send(half.raw, "a\nb\n", 4));
    WAIT_UNTIL(h_get(&d.done) + h_get(&e.done) >= 1);
    WDSocketCloseAll(); /* waits for the other */
    CHECK(h_get(&d.calls) <= 1 && h_get(&e.calls) <= 1);
    CHECK_EQ(h_get(&d.calls), h_get(&d.done));
    CHECK_EQ(h_get(&e.calls), h_get(&e.done));
    CHECK_OK(d.results[0]);
    CHECK_OK(e.results[0]);
    CHECK_OK(d.results[3]);
    CHECK_EQ(WDSocketExist(half.socket), 0);
    h_close(half.raw);
}

/* ---- changes inside ---- */

static void CALL replaces_itself(const int32_t *event, void *user)
{
    desk *d = (desk *)user;

    h_add(&d->calls, 1);
    switch (d->result) {
    case 0:
        d->results[0] = WDSocketSetCallback(event[QUEUE], NULL, NULL);
        break;
    case 1:
        d->results[0] = WDSocketSetCallback(event[QUEUE], counts, (void *)&d->bytes);
        break;
    default:
        d->results[0] = WDSocketSetCallback(event[QUEUE], NULL, NULL);
        d->results[1] = WDSocketSetCallback(event[QUEUE], counts, (void *)&d->bytes);
    }
    h_add(&d->done, 1);
}

TEST(the_callback_changes_itself)
{
    int way, i;

    for (way = 0; way < 3; way++) {
        int32_t e[3][8];
        desk d;

        desk_open(&d);
        d.result = way;
        for (i = 0; i < 3; i++)
            nudge(d.queue, i);
        CHECK_OK(WDSocketSetCallback(d.queue, replaces_itself, &d));
        WAIT_UNTIL(h_get(&d.done) == 1);
        if (way == 0) { /* the others wait for a call that asks */
            int count = 0, result;

            while (count < 2) {
                result = WDSocketNextEvents(d.queue, 20000, e, 32, 3);
                REQUIRE(CHECK_GE(result, 1));
                count += result;
            }
            CHECK_EQ(count, 2);
        } else {
            WAIT_UNTIL(h_get(&d.bytes) == 2);
        }
        CHECK_OK(d.results[0]);
        CHECK_OK(d.results[1]);
        CHECK_EQ(h_get(&d.calls), 1);
        CHECK_OK(WDSocketClose(d.queue));
    }
}

/* ---- who waits ---- */

static void CALL waits_for_release(const int32_t *event, void *user)
{
    desk *d = (desk *)user;

    (void)event;
    h_add(&d->inside, 1);
    h_add(&d->calls, 1);
    while (!h_get(&d->release))
        h_sleep(1);
    h_add(&d->inside, -1);
}

static int32_t ends_callback(void *argument)
{
    desk *d = (desk *)argument;
    int32_t result = 0;

    switch (d->result) {
    case 0:
        result = WDSocketSetCallback(d->queue, NULL, NULL);
        break;
    case 1:
        result = WDSocketSetCallback(d->queue, counts, (void *)&d->bytes);
        break;
    case 2:
        result = WDSocketClose(d->queue);
        break;
    default:
        result = WDSocketCloseAll();
    }
    return h_get(&d->inside) == 0 ? result : 1;
}

TEST(ending_waits_for_the_call)
{
    int way;

    for (way = 0; way < 4; way++) {
        h_thread *thread;
        desk d;

        desk_open(&d);
        d.result = way;
        CHECK_OK(WDSocketSetCallback(d.queue, waits_for_release, &d));
        nudge(d.queue, 0);
        WAIT_UNTIL(h_get(&d.inside) == 1);
        thread = h_start(ends_callback, &d);
        h_sleep(30);
        CHECK(!h_done(thread));
        h_add(&d.release, 1);
        CHECK_OK(h_join(thread));
        CHECK_EQ(h_get(&d.calls), 1);
        WDSocketClose(d.queue);
    }
}

TEST(a_blocked_callback_delays_nobody)
{
    int64_t start;
    h_half slow;
    h_pair pair;
    char text[32];
    desk d, e;

    desk_open(&d);
    desk_open(&e);
    REQUIRE(line_channel(&slow, d.queue));
    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketAttach(d.queue, pair.client, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketSetCallback(d.queue, waits_for_release, &d));
    CHECK(h_send(slow.raw, "a\n", 2));
    WAIT_UNTIL(h_get(&d.inside) == 1);
    start = h_now_us();
    CHECK_OK(WDSocketSetCallback(e.queue, counts, (void *)&e.calls));
    CHECK_OK(WDSocketAttach(e.queue, pair.channel, WDS_ATTACH_PLAIN));
    CHECK_EQ(WDSocketWrite(pair.client, "on", 2), 2);
    WAIT_UNTIL(h_get(&e.calls) == 1);
    CHECK_EQ(WDSocketRead(pair.channel, text, 32, 0), 2);
    CHECK_OK(WDSocketClose(slow.socket));
    CHECK_OK(WDSocketDetach(pair.client));
    CHECK_EQ(WDSocketWrite(pair.channel, "back", 4), 4);
    CHECK_EQ(WDSocketRead(pair.client, text, 32, 5000), 4);
    CHECK_OK(WDSocketClose(e.queue));
    nudge(d.queue, 0);
    CHECK_PROMPT(start);
    h_add(&d.release, 1);
    WAIT_UNTIL(h_get(&d.calls) == 2);
    h_pair_close(&pair);
    h_close(slow.raw);
    CHECK_OK(WDSocketClose(d.queue));
}

/* ---- callbacks of several queues ---- */

static volatile int64_t meeting;

static void CALL ends_the_other(const int32_t *event, void *user)
{
    desk *d = (desk *)user;

    (void)event;
    h_add(&d->calls, 1);
    h_add(&meeting, 1);
    while (h_get(&meeting) < 2) /* both are inside now */
        h_sleep(1);
    if (d->result == 0)
        d->results[0] = WDSocketClose(d->other);
    else
        d->results[0] = WDSocketSetCallback(d->other, NULL, NULL);
    h_add(&d->done, 1);
}

TEST(two_callbacks_end_each_other)
{
    int round;

    for (round = 0; round < 20; round++) {
        int64_t start = h_now_us();
        desk one, two;

        desk_open(&one);
        desk_open(&two);
        h_add(&meeting, -h_get(&meeting));
        one.result = two.result = round % 2;
        one.other = two.queue;
        two.other = one.queue;
        CHECK_OK(WDSocketSetCallback(one.queue, ends_the_other, &one));
        CHECK_OK(WDSocketSetCallback(two.queue, ends_the_other, &two));
        nudge(one.queue, 0);
        nudge(two.queue, 0);
        WAIT_UNTIL(h_get(&one.done) == 1 && h_get(&two.done) == 1);
        CHECK_OK(one.results[0]);
        CHECK_OK(two.results[0]);
        CHECK_PROMPT(start);
        if (round % 2 == 1) {
            CHECK_OK(WDSocketClose(one.queue));
            CHECK_OK(WDSocketClose(two.queue));
        }
    }
    WDSocketCloseAll(); /* waits for the calls on their way out, whose desks are gone */
}

static void CALL nests(const int32_t *event, void *user)
{
    desk *d = (desk *)user;
    volatile int64_t heard = 0;
    int32_t inner = WDSocketNewQueue();
    int64_t start = h_now_us();

    (void)event;
    d->results[0] = WDSocketSetCallback(inner, counts, (void *)&heard);
    d->results[1] = WDSocketNewTimer(inner, 0, 0, 0);
    while (h_get(&heard) == 0 && !h_overdue(start, H_PATIENCE))
        h_sleep(1);
    d->results[2] = (int32_t)h_get(&heard);
    d->results[3] = WDSocketClose(inner); /* of another queue: it waits */
    d->results[4] = WDSocketSetCallback(d->queue, NULL, NULL); /* the own: it does not */
    h_add(&d->done, 1);
}

TEST(a_callback_makes_another)
{
    desk d;

    desk_open(&d);
    CHECK_OK(WDSocketSetCallback(d.queue, nests, &d));
    nudge(d.queue, 0);
    WAIT_UNTIL(h_get(&d.done) == 1);
    CHECK_OK(d.results[0]);
    CHECK_GE(d.results[1], 1);
    CHECK_EQ(d.results[2], 1);
    CHECK_OK(d.results[3]);
    CHECK_OK(d.results[4]);
    CHECK_OK(WDSocketClose(d.queue));
}

/* ---- everything may be called ---- */

static void CALL calls_everything(const int32_t *event, void *user)
{
    desk *d = (desk *)user;
    int32_t server, client, channel, e[8], udp;
    char text[200];

    (void)event;
    d->results[0] = WDSocketNextEvents(d->queue, 0, e, (int32_t)sizeof e, 1);
    server = WDSocketCreate("inside", 0, "127.0.0.1");
    client = WDSocketConnect(NULL, h_port(server), "127.0.0.1", 20000);
    channel = WDSocketAccept(server, 20000);
    udp = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    CHECK(server > 0 && client > 0 && channel > 0 && udp > 0);
    CHECK_EQ(WDSocketWrite(client, "hello", 5), 5);
    CHECK_EQ(WDSocketRead(channel, text, 200, 20000), 5);
    CHECK_CODE(WDSocketRead(channel, text, 200, 20), WDS_E_TIMEOUT);
    CHECK_HAS(h_error(0, WDS_INFO_NAME), "WDS_E_TIMEOUT");
    CHECK_OK(WDSocketAttach(d->queue, channel, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketDetach(channel));
    CHECK_OK(WDSocketCancel(d->queue));
    CHECK_EQ(WDSocketFind("inside"), server);
    CHECK_GE(WDSocketList(0, NULL, 0), 4);
    CHECK_OK(WDSocketClose(udp));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
    h_add(&d->done, 1);
}

TEST(a_callback_may_call_everything)
{
    desk d;

    desk_open(&d);
    CHECK_OK(WDSocketSetCallback(d.queue, calls_everything, &d));
    nudge(d.queue, 0);
    WAIT_UNTIL(h_get(&d.done) == 1);
    CHECK_CODE(d.results[0], WDS_E_BUSY);
    CHECK_CODE(WDSocketErrorCode(0, WDS_INFO_CODE), 0); /* the error was that thread's */
    CHECK_OK(WDSocketClose(d.queue));
}

/* ---- a server ---- */

static void CALL echoes(const int32_t *event, void *user)
{
    static char message[4096];
    desk *d = (desk *)user;
    int32_t length;

    switch (event[KIND]) {
    case WDS_EVENT_ACCEPTED:
        h_add(&d->calls, 1);
        break;
    case WDS_EVENT_MESSAGE:
        length = WDSocketRead(event[SOCKET], message, (int32_t)sizeof message, 0);
        if (length != event[VALUE] || WDSocketWrite(event[SOCKET], message, length) != length)
            h_add(&d->wrong, 1);
        break;
    case WDS_EVENT_PEER_CLOSED:
        if (WDSocketClose(event[SOCKET]) != WDS_OK)
            h_add(&d->wrong, 1);
        h_add(&d->done, 1);
        break;
    default:
        h_add(&d->wrong, 1);
    }
}

static int32_t converses(void *argument)
{
    int32_t port = *(int32_t *)argument, sockets[25], wrong = 0;
    int rounds = h_rounds(200), i, k;
    char message[500], got[500];

    for (i = 0; i < 25; i++)
        sockets[i] = WDSocketConnect(NULL, port, "127.0.0.1", 20000);
    for (k = 0; k < rounds; k++) {
        for (i = 0; i < 25; i++) {
            int32_t size = 1 + (i * 37 + k * 11) % 499;

            h_pattern(message, size, (uint32_t)(i + k));
            wrong += WDSocketWrite(sockets[i], message, size) != size;
        }
        for (i = 0; i < 25; i++) {
            int32_t size = 1 + (i * 37 + k * 11) % 499;

            wrong += WDSocketRead(sockets[i], got, 500, 20000) != size || !h_pattern_ok(got, size, (uint32_t)(i + k));
        }
    }
    for (i = 0; i < 25; i++)
        wrong += WDSocketClose(sockets[i]) != WDS_OK;
    return wrong;
}

TEST(a_server_of_callbacks)
{
    h_thread *threads[4];
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), port = h_port(server);
    desk d;
    int i;

    desk_open(&d);
    CHECK_OK(WDSocketAttach(d.queue, server, WDS_ATTACH_MANAGE));
    CHECK_OK(WDSocketSetCallback(d.queue, echoes, &d));
    for (i = 0; i < 4; i++)
        threads[i] = h_start(converses, &port);
    for (i = 0; i < 4; i++)
        CHECK_EQ(h_join(threads[i]), 0);
    WAIT_UNTIL(h_get(&d.done) == 100);
    CHECK_EQ(h_get(&d.calls), 100);
    CHECK_EQ(h_get(&d.wrong), 0);
    CHECK_OK(WDSocketClose(server));
    CHECK_OK(WDSocketClose(d.queue));
}

TEST(it_waits_without_work)
{
    int64_t cpu;
    h_pair pair;
    desk d;

    desk_open(&d);
    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketAttach(d.queue, pair.channel, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketSetCallback(d.queue, counts, (void *)&d.calls));
    cpu = h_cpu_us();
    h_sleep(300);
    CHECK(h_cpu_us() - cpu < 150000);
    h_pair_close(&pair);
    CHECK_OK(WDSocketClose(d.queue));
}

TEST(a_queue_that_is_left)
{
    static volatile int64_t calls;
    desk d;

    desk_open(&d);
    CHECK_OK(WDSocketSetCallback(d.queue, counts, (void *)&calls));
    CHECK_GE(WDSocketNewTimer(d.queue, 1, 1, 0), 1); /* and CloseAll gives it all back */
}
