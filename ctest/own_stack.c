/*
 * own_stack.c - where threads of the host wait: on their own stacks, and not at points of
 * cancellation (Linux). A host that stops its threads by signals takes one that is on
 * another stack for one that it must not stop now.
 */
#ifndef _WIN32
#define _GNU_SOURCE
#endif

#include "certificates.h"
#include "harness.h"

#ifdef H_UNIX
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A thread that makes a call which waits. */
typedef struct {
    const char *name;
    int32_t (*call)(int32_t);
    int32_t with, result;
    volatile pid_t id;
    unsigned long low, high; /* its stack */
    pthread_t thread;
} waiter;

static void *waits(void *argument)
{
    waiter *one = (waiter *)argument;
    pthread_attr_t attributes;
    void *low = NULL;
    size_t size = 0;

    pthread_getattr_np(pthread_self(), &attributes);
    pthread_attr_getstack(&attributes, &low, &size);
    pthread_attr_destroy(&attributes);
    one->low = (unsigned long)low;
    one->high = one->low + (unsigned long)size;
    one->id = (pid_t)syscall(SYS_gettid);
    one->result = one->call(one->with);
    return NULL;
}

/* The system's call in which a thread sleeps, and its stack pointer; -1 while it runs. */
static long asleep_in(pid_t id, unsigned long *stack)
{
    char path[64], line[256] = "", *last;
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", (int)id);
    file = fopen(path, "r");
    if (file == NULL)
        return -1;
    if (fgets(line, (int)sizeof line, file) == NULL)
        line[0] = 0;
    fclose(file);
    last = strrchr(line, ' '); /* number, arguments, stack pointer, instruction */
    if (last == NULL || line[0] < '0' || line[0] > '9')
        return -1;
    while (last > line && last[-1] != ' ')
        last--;
    *stack = strtoul(last, NULL, 16);
    return strtol(line, NULL, 10);
}

static int is_wait(long number)
{
    switch (number) {
#ifdef SYS_poll
    case SYS_poll:
#endif
#ifdef SYS_epoll_wait
    case SYS_epoll_wait:
#endif
    case SYS_ppoll:
    case SYS_epoll_pwait:
    case SYS_futex: /* the runtime's, where a goroutine waits for another */
        return 1;
    }
    return 0;
}

/* Has it gone to sleep, and stayed there? 1: on its own stack, -1: on another. */
static int sleeps_on_its_own(const waiter *one)
{
    unsigned long stack = 0;
    int looks;

    for (looks = 0; looks < 20; looks++) {
        if (one->id == 0 || !is_wait(asleep_in(one->id, &stack)))
            return 0;
        h_sleep(1);
    }
    return stack >= one->low && stack < one->high ? 1 : -1;
}

static int32_t reads(int32_t socket)
{
    char got[64];

    return WDSocketRead(socket, got, (int32_t)sizeof got, -1);
}

static int32_t reads_exactly(int32_t socket)
{
    char got[64];

    return WDSocketReadExactly(socket, got, 10, -1);
}

static int32_t reads_datagram(int32_t socket)
{
    char got[8];

    return WDSocketReadUDP(socket, got, (int32_t)sizeof got, -1, NULL, 0, NULL);
}

static int32_t asks(int32_t socket)
{
    char got[8];

    return WDSocketExchange(socket, "ask", 3, got, (int32_t)sizeof got, -1);
}

static int32_t waits_for_events(int32_t queue)
{
    h_event event;

    return WDSocketNextEvents(queue, -1, &event, (int32_t)sizeof event, 1);
}

static int32_t accepts(int32_t server)
{
    return WDSocketAccept(server, -1);
}

static int32_t waits_for_request(int32_t server)
{
    return WDSocketWaitForConnection(server, -1);
}

static int32_t connects(int32_t port)
{
    return WDSocketConnect(NULL, port, "127.0.0.1", -1);
}

static int32_t shakes_hands(int32_t port)
{
    return WDSocketConnectSSL(NULL, port, "127.0.0.1", 0, -1, NULL, NULL);
}

static int32_t writes(int32_t socket)
{
    static const char zeros[1 << 20];
    int32_t n;

    do
        n = WDSocketWrite(socket, zeros, (int32_t)sizeof zeros);
    while (n > 0);
    return n;
}

/* Each call waits, in a thread of its own, until all are cancelled. */
static void wait_on_their_own(waiter *all, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        REQUIRE(pthread_create(&all[i].thread, NULL, waits, &all[i]) == 0);
    for (i = 0; i < count; i++) {
        int where = 0;

        WAIT_UNTIL((where = sleeps_on_its_own(&all[i])) != 0);
        if (!CHECK_EQ(where, 1))
            printf("      %s waits on another stack\n", all[i].name);
    }
    CHECK_OK(WDSocketWakeup(1));
    for (i = 0; i < count; i++) {
        pthread_join(all[i].thread, NULL);
        if (!CHECK_CODE(all[i].result, WDS_E_CANCELLED))
            printf("      %s\n", all[i].name);
    }
    CHECK_OK(WDSocketWakeup(0));
}

TEST(what_waits_is_on_the_threads_own_stack)
{
    h_half read, exactly, ask, write;
    h_hole hole;
    int32_t accepting = WDSocketCreate(NULL, 0, "127.0.0.1"), asked = WDSocketCreate(NULL, 0, "127.0.0.1");
    int32_t simplified = WDSocketCreate(NULL, 0, "127.0.0.1"), udp = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    int32_t local = WDSocketCreate(NULL, 0, "unix:@wdsocket-own-stack"), queue = WDSocketNewQueue();
    waiter all[11] = {{"a read", reads, 0, 0, 0, 0, 0, 0},
                      {"a read of so many bytes", reads_exactly, 0, 0, 0, 0, 0, 0},
                      {"an exchange", asks, 0, 0, 0, 0, 0, 0},
                      {"a write", writes, 0, 0, 0, 0, 0, 0},
                      {"an accept", accepts, 0, 0, 0, 0, 0, 0},
                      {"a wait for a request", waits_for_request, 0, 0, 0, 0, 0, 0},
                      {"a simplified server's read", reads, 0, 0, 0, 0, 0, 0},
                      {"a local server's accept", accepts, 0, 0, 0, 0, 0, 0},
                      {"a read of a datagram", reads_datagram, 0, 0, 0, 0, 0, 0},
                      {"a queue", waits_for_events, 0, 0, 0, 0, 0, 0},
                      {"connecting", connects, 0, 0, 0, 0, 0, 0}};

    REQUIRE(h_half_client(&read));
    REQUIRE(h_half_channel(&exactly));
    REQUIRE(h_half_client(&ask));
    REQUIRE(h_half_narrow(&write));
    CHECK_OK(WDSocketSetOption(write.socket, WDS_OPT_WRITE_TIMEOUT, -1));
    h_hole_open(&hole, "127.0.0.1", 0);
    all[0].with = read.socket;
    all[1].with = exactly.socket;
    all[2].with = ask.socket;
    all[3].with = write.socket;
    all[4].with = accepting;
    all[5].with = asked;
    all[6].with = simplified;
    all[7].with = local;
    all[8].with = udp;
    all[9].with = queue;
    all[10].with = hole.port;
    wait_on_their_own(all, sizeof all / sizeof all[0]);
    h_half_close(&read);
    h_half_close(&exactly);
    h_half_close(&ask);
    h_half_close(&write);
    h_hole_close(&hole);
    CHECK_OK(WDSocketClose(accepting));
    CHECK_OK(WDSocketClose(asked));
    CHECK_OK(WDSocketClose(simplified));
    CHECK_OK(WDSocketClose(local));
    CHECK_OK(WDSocketClose(udp));
    CHECK_OK(WDSocketClose(queue));
}

TEST(with_tls_too)
{
    h_pair read, ask;
    int port = 0;
    h_sock silent = h_listen("127.0.0.1", 0, 5, &port);
    waiter all[3] = {{"a read", reads, 0, 0, 0, 0, 0, 0}, {"an exchange", asks, 0, 0, 0, 0, 0, 0}, {"a hand-shake", shakes_hands, 0, 0, 0, 0, 0, 0}};

    tls_trust();
    REQUIRE(tls_pair_open(&read, 0, 0));
    REQUIRE(tls_pair_open(&ask, 0, 0));
    all[0].with = read.client;
    all[1].with = ask.channel;
    all[2].with = port;
    wait_on_their_own(all, sizeof all / sizeof all[0]);
    h_pair_close(&read);
    h_pair_close(&ask);
    h_close(silent);
}

/*
 * A thread that is to be cancelled goes on until it comes to a point of cancellation of the
 * host's: the socket is not left in the middle of a call.
 */
TEST(no_wait_is_a_point_of_cancellation)
{
    h_half half;
    waiter one = {"a read", reads, 0, 0, 0, 0, 0, 0};

    REQUIRE(h_half_client(&half));
    one.with = half.socket;
    REQUIRE(pthread_create(&one.thread, NULL, waits, &one) == 0);
    WAIT_UNTIL(sleeps_on_its_own(&one) != 0);
    CHECK(pthread_cancel(one.thread) == 0);
    CHECK(h_send(half.raw, "2\r\nok", 5));
    pthread_join(one.thread, NULL);
    CHECK_EQ(one.result, 2);
    h_half_close(&half);
}
#endif
