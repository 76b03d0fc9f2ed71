/*
 * life.c - names and handles, closing everything, forks, signals, silence.
 */
#include "harness.h"

#ifdef H_UNIX
#include <signal.h>
#endif

/* ---- first of all: before the library has been called ---- */

#ifdef H_UNIX

static void own_handler(int number)
{
    (void)number;
}

TEST(signals_are_the_hosts)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGCHLD, SIGWINCH, SIGTSTP, SIGCONT};
    int count = (int)(sizeof numbers / sizeof numbers[0]), i;
    h_pair pair;
    char got[8];

    for (i = 0; i < count; i++)
        CHECK(h_signal_kept(numbers[i], SIG_DFL)); /* loading changed none */
    for (i = 0; i < count; i++)
        h_signal_set(numbers[i], own_handler);
    h_signal_set(SIGPIPE, SIG_DFL);
    REQUIRE(h_pair_open(&pair));
    CHECK_CODE(WDSocketWrite(pair.client, "x", 1), 1);
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000), 1);
    h_pair_close(&pair);
    CHECK_CODE(WDSocketConnect(NULL, 1, "localhost", 5000), WDS_E_REFUSED);
    for (i = 0; i < count; i++)
        CHECK(h_signal_kept(numbers[i], own_handler)); /* nor did using it */
    CHECK(h_signal_kept(SIGPIPE, SIG_DFL));
    for (i = 0; i < count; i++)
        h_signal_set(numbers[i], SIG_DFL);
}

#endif

/*
 * A thread that works in the library for long is not interrupted by a signal: its
 * own calls of the system would fail with EINTR.
 */
#ifdef H_UNIX

static volatile sig_atomic_t urgent;

static void count_urgent(int number)
{
    (void)number;
    urgent++;
}

static int32_t call_for_long(void *argument)
{
    int64_t end = h_now_us() + 400000;

    while (h_now_us() < end) {
        WDSocketState((int32_t)(intptr_t)argument);
        WDSocketStatistics(0, NULL, 0);
    }
    return 0;
}

TEST(no_signals_come_from_the_library)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");
    h_thread *threads[4];
    int i;

    CHECK_GE(server, 1);
    h_signal_set(SIGURG, count_urgent); /* that is the one Go's runtime would use */
    for (i = 0; i < 4; i++)
        threads[i] = h_start(call_for_long, (void *)(intptr_t)server);
    for (i = 0; i < 4; i++)
        h_join(threads[i]);
    CHECK_EQ(urgent, 0);
    h_signal_set(SIGURG, SIG_DFL);
    CHECK_OK(WDSocketClose(server));
}

#endif

TEST(version)
{
    CHECK_EQ(WDSocketVersion(), WDSOCKET_VERSION);
}

/* ---- silence ---- */

TEST(nothing_is_printed)
{
    static char text[4096];
    h_pair pair;
    h_half half;
    char got[64];
    int written;

    REQUIRE(CHECK(h_capture_begin()));
    h_pair_open(&pair);
    WDSocketWrite(pair.client, "hello", 5);
    WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000);
    h_pair_close(&pair);
    WDSocketConnect(NULL, 1, "127.0.0.1", 5000);
    WDSocketConnect(NULL, 1, "no-such-host.invalid", 2000);
    WDSocketRead(-1, got, -1, -7);
    h_half_client(&half);
    h_send(half.raw, "garbage", 7);
    WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000);
    h_reset(half.raw);
    WDSocketClose(half.socket);
    WDSocketSetOption(0, 9999, 9999);
    WDSocketCloseAll();
    written = h_capture_end(text, (int)sizeof text);
    if (!CHECK_EQ(written, 0))
        printf("%s\n", text);
}

/* ---- names ---- */

TEST(names_are_unique)
{
    int32_t one = WDSocketNew("alpha"), two, port;
    int32_t server = WDSocketCreate("server", 0, "127.0.0.1");
    char got[32], expected[32];

    port = h_port(server);
    CHECK_CODE(WDSocketNew("alpha"), WDS_E_NAME_TAKEN);
    CHECK_CODE(WDSocketCreate("server", 0, "127.0.0.1"), WDS_E_NAME_TAKEN);
    CHECK_CODE(WDSocketConnect("server", port, "127.0.0.1", 5000), WDS_E_NAME_TAKEN);
    CHECK_CODE(WDSocketCreateUDP("server", 0, "127.0.0.1"), WDS_E_NAME_TAKEN);
    two = WDSocketNew("Alpha"); /* another name */
    CHECK_GE(two, 1);
    CHECK_CODE(WDSocketFind("alpha"), one);
    CHECK_CODE(WDSocketFind("Alpha"), two);
    CHECK_OK(WDSocketClose(one));
    CHECK_CODE(WDSocketFind("alpha"), WDS_E_NOT_FOUND);
    one = WDSocketNew("alpha"); /* free again */
    CHECK_GE(one, 1);
    CHECK_OK(WDSocketClose(one));
    CHECK_OK(WDSocketClose(two));
    CHECK_OK(WDSocketClose(server));
    one = WDSocketNew(NULL);
    two = WDSocketNew("");
    CHECK(one > 0 && two > 0);
    CHECK_GE(WDSocketName(one, got, (int32_t)sizeof got), 2);
    snprintf(expected, sizeof expected, "#%d", (int)one);
    CHECK_TEXT(got, expected);
    CHECK_CODE(WDSocketFind(got), one);
    CHECK_OK(WDSocketClose(one));
    CHECK_CODE(WDSocketFind(got), WDS_E_NOT_FOUND);
    CHECK_CODE(WDSocketFind("#"), WDS_E_NOT_FOUND);
    CHECK_CODE(WDSocketFind("#-1"), WDS_E_NOT_FOUND);
    CHECK_CODE(WDSocketFind("#99999999999999"), WDS_E_NOT_FOUND);
    CHECK_OK(WDSocketClose(two));
}

TEST(new_then_open_keeps_the_options)
{
    int32_t server = WDSocketNew("srv"), client = WDSocketNew("cli"), channel, udp = WDSocketNew("dgram");

    CHECK_OK(WDSocketSetOption(server, WDS_OPT_USER_NUMBER, 11));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_USER_NUMBER, 12));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_NODELAY, 0));
    CHECK_OK(WDSocketChangeTransmissionMode(client, WDS_MODE_RAW, NULL, 0));
    CHECK_OK(WDSocketSetOption(udp, WDS_OPT_USER_NUMBER, 13));
    CHECK_CODE(WDSocketCreate("srv", 0, "127.0.0.1"), server);
    CHECK_CODE(WDSocketConnect("cli", h_port(server), "127.0.0.1", 5000), client);
    CHECK_CODE(WDSocketCreateUDP("dgram", 0, "127.0.0.1"), udp);
    channel = WDSocketAccept(server, 20000);
    CHECK_EQ(h_option(server, WDS_OPT_USER_NUMBER), 11);
    CHECK_EQ(h_option(client, WDS_OPT_USER_NUMBER), 12);
    CHECK_EQ(h_option(udp, WDS_OPT_USER_NUMBER), 13);
    CHECK_EQ(h_option(client, WDS_OPT_NODELAY), 0);
    CHECK_EQ(h_option(client, WDS_OPT_MODE), WDS_MODE_RAW);
    CHECK_EQ(h_option(channel, WDS_OPT_MODE), WDS_MODE_SIZE);
    CHECK_EQ(h_option(client, WDS_OPT_KIND), WDS_KIND_CLIENT);
    CHECK_EQ(h_option(server, WDS_OPT_KIND), WDS_KIND_SERVER);
    CHECK_EQ(h_option(udp, WDS_OPT_KIND), WDS_KIND_UDP);
    CHECK_OK(WDSocketClose(server));
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(udp));
}

TEST(defaults_for_sockets_made_afterwards)
{
    int32_t before = WDSocketNew(NULL), after;

    CHECK_OK(WDSocketSetOption(0, WDS_OPT_WRITE_TIMEOUT, 4321));
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_USER_TEXT, "default"));
    after = WDSocketNew(NULL);
    CHECK_EQ(h_option(after, WDS_OPT_WRITE_TIMEOUT), 4321);
    CHECK_EQ(WDSocketGetText(after, WDS_TEXT_USER_TEXT, NULL, 0), 7);
    CHECK_EQ(h_option(before, WDS_OPT_WRITE_TIMEOUT), 30000);
    CHECK_OK(WDSocketCloseAll());
    CHECK_EQ(h_option(0, WDS_OPT_WRITE_TIMEOUT), 4321); /* stays */
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_WRITE_TIMEOUT, 30000));
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_USER_TEXT, ""));
}

/* ---- handles ---- */

static int by_value(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

    return x < y ? -1 : x > y;
}

TEST(handles_are_not_used_again)
{
    int count = h_rounds(100000), i, same = 0;
    int32_t *seen = (int32_t *)malloc((size_t)count * sizeof *seen);

    for (i = 0; i < count; i++) {
        seen[i] = WDSocketNew(NULL);
        if (seen[i] <= 0 || WDSocketClose(seen[i]) != WDS_OK)
            break;
    }
    CHECK_EQ(i, count);
    qsort(seen, (size_t)i, sizeof *seen, by_value);
    while (--i > 0)
        same += seen[i] == seen[i - 1];
    CHECK_EQ(same, 0);
    free(seen);
}

TEST(list_of_all)
{
    int32_t made[10], listed[20], i, k, found = 0;

    for (i = 0; i < 10; i++)
        made[i] = WDSocketNew(NULL);
    CHECK_CODE(WDSocketList(0, NULL, 0), 10);
    memset(listed, 0x77, sizeof listed);
    CHECK_CODE(WDSocketList(0, listed, 9), WDS_E_BUFFER);
    CHECK_EQ(listed[0], 0x77777777); /* nothing written */
    CHECK_CODE(WDSocketList(0, listed, 20), 10);
    for (i = 0; i < 10; i++)
        for (k = 0; k < 10; k++)
            found += made[i] == listed[k];
    CHECK_EQ(found, 10);
    CHECK_EQ(h_number(0, WDS_NUM_SOCKETS), 10);
    CHECK_OK(WDSocketCloseAll());
    CHECK_EQ(h_number(0, WDS_NUM_SOCKETS), 0);
}

/* ---- closing everything ---- */

TEST(close_all_wakes_everybody)
{
    h_half half, narrow;
    int i;
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), udp = WDSocketCreateUDP(NULL, 0, "127.0.0.1"), sent;
    h_thread *threads[4];
    const void *data;
    void *message;
    int32_t length;
    int64_t start;

    REQUIRE(h_half_client(&half));
    REQUIRE(h_half_narrow(&narrow));
    CHECK_OK(WDSocketSetOption(narrow.socket, WDS_OPT_CLOSE_TIMEOUT, 500));
    CHECK(h_send(half.raw, "1\r\nt", 4));
    CHECK_CODE(WDSocketReadMessage(half.socket, 20000, &data, &length, &message), 1);
    threads[0] = h_blocked_reader(half.socket);
    threads[1] = h_blocked_accept(server);
    threads[2] = h_blocked_reader(udp);
    threads[3] = h_blocked_writer(narrow.socket);
    start = h_now_us();
    CHECK_OK(WDSocketCloseAll());
    CHECK_WITHIN(start, 5000);
    for (i = 0; i < 4; i++)
        CHECK_CODE(h_join(threads[i]), WDS_E_CLOSED);
    CHECK_CODE(WDSocketMessageFree(message), WDS_E_HANDLE); /* freed with it */
    CHECK_EQ(h_number(0, WDS_NUM_TOKENS), 0);
    CHECK_EQ(WDSocketExist(server), 0);
    sent = WDSocketNew("again"); /* and it can be used again */
    CHECK_GE(sent, 1);
    CHECK_OK(WDSocketClose(sent));
    h_close(half.raw);
    h_close(narrow.raw);
}

static volatile int64_t using;

static int sound(int32_t result)
{
    return result >= 0 || result == WDS_E_CLOSED || result == WDS_E_HANDLE || result == WDS_E_PEER_CLOSED || result == WDS_E_RESET ||
           result == WDS_E_REFUSED || result == WDS_E_TIMEOUT || result == WDS_E_UNREACHABLE || result == WDS_E_BUSY;
}

static int32_t keep_using(void *argument)
{
    int bad = 0;

    (void)argument;
    while (h_get(&using)) {
        int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), port = 0, client, channel, udp, length;
        const void *data;
        void *message;
        char got[16];

        WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port);
        if (server <= 0 || port <= 0)
            continue;
        client = WDSocketConnect(NULL, port, "127.0.0.1", 2000);
        channel = WDSocketAccept(server, 200);
        udp = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
        bad += !sound(client) + !sound(channel) + !sound(udp);
        bad += !sound(WDSocketWrite(client, "1", 1));
        bad += !sound(WDSocketWrite(client, "2", 1));
        bad += !sound(WDSocketRead(channel, got, (int32_t)sizeof got, 200));
        if (WDSocketReadMessage(channel, 200, &data, &length, &message) >= 0)
            WDSocketMessageFree(message);
        WDSocketRead(udp, got, (int32_t)sizeof got, 1);
        WDSocketList(0, NULL, 0);
        WDSocketClose(client);
        WDSocketClose(channel);
        WDSocketClose(udp);
        WDSocketClose(server);
    }
    return bad;
}

TEST(use_during_close_all)
{
    h_thread *threads[8];
    int i;
    int64_t end = h_now_us() + 2000000;

    using = 1;
    for (i = 0; i < 8; i++)
        threads[i] = h_start(keep_using, NULL);
    while (h_now_us() < end) {
        CHECK_OK(WDSocketCloseAll());
        h_sleep(5);
    }
    h_add(&using, -1);
    for (i = 0; i < 8; i++)
        CHECK_EQ(h_join(threads[i]), 0);
    CHECK_OK(WDSocketCloseAll());
    CHECK_EQ(h_number(0, WDS_NUM_SOCKETS), 0);
}

static int32_t close_all_often(void *argument)
{
    int i;

    (void)argument;
    for (i = 0; i < 50; i++)
        if (WDSocketCloseAll() != WDS_OK)
            return 1;
    return 0;
}

/* Three of them stay below the limit on handles, however long the machine takes. */
#define MADE_BY_EACH 80000

static int32_t make_sockets(void *stop)
{
    int32_t made = 0;

    while (h_get(stop) == 0 && made < MADE_BY_EACH) {
        if (!CHECK_GE(WDSocketNew(NULL), 1))
            break;
        made++;
    }
    return made;
}

/* A socket that is closed while it is being made has no handle. */
TEST(close_all_while_sockets_are_made)
{
    static int32_t all[300000];
    int round, i;

    for (round = 0; round < h_rounds(20); round++) {
        volatile int64_t stop = 0;
        h_thread *makers[3];
        int32_t count;

        for (i = 0; i < 3; i++)
            makers[i] = h_start(make_sockets, (void *)&stop);
        h_sleep(3);
        CHECK_OK(WDSocketCloseAll());
        h_add(&stop, 1);
        for (i = 0; i < 3; i++)
            h_join(makers[i]);
        REQUIRE(CHECK_GE(count = WDSocketList(0, all, (int32_t)(sizeof all / sizeof all[0])), 0));
        for (i = 0; i < count; i++)
            REQUIRE(CHECK_EQ(WDSocketState(all[i]), WDS_STATE_NEW));
        CHECK_OK(WDSocketCloseAll());
    }
}

TEST(close_all_twice_at_once)
{
    h_thread *threads[4];
    int i;

    for (i = 0; i < 4; i++)
        threads[i] = h_start(close_all_often, NULL);
    for (i = 0; i < 200; i++)
        CHECK_GE(WDSocketNew(NULL), 1);
    for (i = 0; i < 4; i++)
        CHECK_EQ(h_join(threads[i]), 0);
}

static int32_t close_it(void *argument)
{
    return WDSocketClose((int32_t)(intptr_t)argument);
}

TEST(only_one_close_wins)
{
    int round;

    for (round = 0; round < 50; round++) {
        int32_t socket = WDSocketNew(NULL);
        h_thread *threads[4];
        int i, won = 0;

        for (i = 0; i < 4; i++)
            threads[i] = h_start(close_it, (void *)(intptr_t)socket);
        for (i = 0; i < 4; i++) {
            int32_t result = h_join(threads[i]);

            won += result == WDS_OK;
            CHECK_ANY(result, WDS_OK, WDS_E_HANDLE);
        }
        CHECK_EQ(won, 1);
    }
}

/* ---- forks ---- */

#ifdef H_UNIX

static int32_t fork_socket;

/* In the child: how many functions do not answer WDS_E_FORKED. */
static int in_child(void *argument)
{
    char text[64];
    int32_t lengths[2], number, port;
    int64_t big;
    const void *data;
    void *message;
    int bad = 0;

    (void)argument;
#define FORKED(expr) bad += (expr) != WDS_E_FORKED
    FORKED(WDSocketErrorInfo(fork_socket, WDS_INFO_MESSAGE, text, 64));
    FORKED(WDSocketErrorCode(fork_socket, WDS_INFO_CODE));
    FORKED(WDSocketNew(NULL));
    FORKED(WDSocketOpen(fork_socket, WDS_KIND_CLIENT, 1, NULL, 0));
    FORKED(WDSocketConnect(NULL, 1, NULL, 0));
    FORKED(WDSocketCreate(NULL, 0, NULL));
    FORKED(WDSocketCreateUDP(NULL, 0, NULL));
    FORKED(WDSocketWaitForConnection(fork_socket, 0));
    FORKED(WDSocketAccept(fork_socket, 0));
    FORKED(WDSocketDeny(fork_socket));
    FORKED(WDSocketRead(fork_socket, text, 64, 0));
    FORKED(WDSocketReadMany(fork_socket, text, 64, lengths, 2, 0));
    FORKED(WDSocketReadMessage(fork_socket, 0, &data, &number, &message));
    FORKED(WDSocketReadExactly(fork_socket, text, 64, 0));
    FORKED(WDSocketReadUntil(fork_socket, text, 64, "x", 1, 0));
    FORKED(WDSocketMessageFree(&number));
    FORKED(WDSocketWrite(fork_socket, "x", 1));
    FORKED(WDSocketExchange(fork_socket, "x", 1, text, 64, 0));
    FORKED(WDSocketWriteUDP(fork_socket, "x", 1, NULL, 0));
    FORKED(WDSocketReadUDP(fork_socket, text, 64, 0, text, 64, &port));
    FORKED(WDSocketAvailable(fork_socket));
    FORKED(WDSocketDiscard(fork_socket, WDS_DISCARD_ALL));
    FORKED(WDSocketChangeTransmissionMode(fork_socket, WDS_MODE_RAW, NULL, 0));
    FORKED(WDSocketClientInfo(fork_socket, WDS_INFO_PORT, text, 64));
    FORKED(WDSocketLocalInfo(fork_socket, WDS_INFO_PORT, text, 64));
    bad += WDSocketExist(fork_socket) > 0; /* 0 or 1 for any number, and nothing exists here */
    FORKED(WDSocketState(fork_socket));
    FORKED(WDSocketFind("x"));
    FORKED(WDSocketName(fork_socket, text, 64));
    FORKED(WDSocketList(0, NULL, 0));
    FORKED(WDSocketGetNumber(0, WDS_NUM_SOCKETS, &big));
    FORKED(WDSocketSetOption(0, WDS_OPT_NODELAY, 1));
    FORKED(WDSocketGetOption(0, WDS_OPT_NODELAY, &number));
    FORKED(WDSocketSetText(0, WDS_TEXT_USER_TEXT, ""));
    FORKED(WDSocketGetText(0, WDS_TEXT_USER_TEXT, text, 64));
    FORKED(WDSocketSetBytes(0, WDS_TEXT_TAG, "x", 1));
    FORKED(WDSocketGetBytes(0, WDS_TEXT_TAG, text, 64));
    FORKED(WDSocketCancel(fork_socket));
    FORKED(WDSocketClose(fork_socket));
    FORKED(WDSocketCloseEx(fork_socket, WDS_CLOSE_ABORT, 0));
    FORKED(WDSocketCloseAll());
    return bad;
}

TEST(forks_while_threads_are_inside)
{
    h_thread *threads[6];
    h_half half;
    h_thread *reader;
    int i, children = h_rounds(40);
    char got[8];

    REQUIRE(h_half_client(&half));
    fork_socket = half.socket;
    reader = h_blocked_reader(half.socket);
    using = 1;
    for (i = 0; i < 6; i++)
        threads[i] = h_start(keep_using, NULL);
    for (i = 0; i < children; i++)
        if (!CHECK_EQ(h_fork(in_child, NULL, 20000), 0))
            break;
    h_add(&using, -1);
    for (i = 0; i < 6; i++)
        CHECK_EQ(h_join(threads[i]), 0);
    CHECK(h_send(half.raw, "2\r\nok", 5)); /* the parent is as it was */
    CHECK_CODE(h_join(reader), 2);
    CHECK_CODE(WDSocketWrite(half.socket, "fine", 4), 4);
    CHECK_EQ(h_recv(half.raw, got, 7, 20000), 7);
    h_half_close(&half);
}

/* The four that need no socket: how many do not answer WDS_E_FORKED. */
static int telling_in_child(void *argument)
{
    char text[64];
    int bad = 0;

    (void)argument;
    FORKED(WDSocketVersion());
    FORKED(WDSocketGuess("x", 1, text, 64));
    bad += WDSocketErrorInfo(0, WDS_INFO_MESSAGE, text, 64) < 64 || strstr(text, "a child process forked after") == NULL; /* it tells why */
    FORKED(WDSocketErrorCode(0, WDS_INFO_CODE));
    FORKED(WDSocketErrorText(WDS_E_BUSY, WDS_INFO_NAME, text, 64));
    return bad;
}

TEST(every_function_says_forked)
{
    CHECK_EQ(h_fork(telling_in_child, NULL, 20000), 0);
}

#endif
