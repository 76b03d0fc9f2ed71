/*
 * groups.c - one message to many clients: groups, queues of slow clients and
 * what happens when they are full.
 *
 * CTEST_CLIENTS changes how many clients the crowd has.
 */
#ifdef __linux__
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

#include "certificates.h"
#include "harness.h"

#define SIZE 1000
#define NUMBER 8 /* digits of a message's number */

static void number_message(char *message, int i)
{
    h_pattern(message, SIZE, (uint32_t)i);
    snprintf(message, NUMBER + 1, "%0*d", NUMBER, i);
}

/* The number of a message, -1 if its bytes are wrong. */
static int number_of(const char *got)
{
    char expected[SIZE], digits[NUMBER + 1];
    int i;

    memcpy(digits, got, NUMBER);
    digits[NUMBER] = 0;
    i = atoi(digits);
    number_message(expected, i);
    return memcmp(got, expected, SIZE) == 0 ? i : -1;
}

/* ---- a server with clients of the library ---- */

#define MOST 8

typedef struct {
    int32_t server, clients[MOST], channels[MOST];
    int count;
} members;

/* A receive buffer below the loopback's segment of 64 KB makes the system itself stall for seconds. */
static void small_buffers(int32_t socket)
{
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_SEND_BUFFER, 8192));
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_RECEIVE_BUFFER, 65536));
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_SSL_WARN_DAYS, 0));
}

static int members_open(members *a, int count, int tls, int small)
{
    int i;

    memset(a, 0, sizeof *a);
    a->server = WDSocketNew(NULL);
    if (small)
        small_buffers(a->server);
    if (tls)
        CHECK_OK(WDSocketSetText(a->server, WDS_TEXT_SSL_CERTIFICATE, cert("good.pem")));
    if (!CHECK_OK(WDSocketOpen(a->server, tls ? WDS_KIND_SERVER_SSL : WDS_KIND_SERVER, 0, "127.0.0.1", 0)))
        return 0;
    for (i = 0; i < count; i++) {
        a->clients[i] = WDSocketNew(NULL);
        if (small)
            small_buffers(a->clients[i]);
        CHECK_OK(WDSocketSetOption(a->clients[i], WDS_OPT_SSL_OPTIONS, WDS_SSL_ACCEPT_ANY));
        if (!CHECK_OK(WDSocketOpen(a->clients[i], tls ? WDS_KIND_CLIENT_SSL : WDS_KIND_CLIENT, h_port(a->server), "127.0.0.1", 20000)))
            return 0;
        a->channels[i] = WDSocketAccept(a->server, 20000);
        if (!CHECK_GE(a->channels[i], 1))
            return 0;
    }
    a->count = count;
    return 1;
}

static void members_close(members *a)
{
    int i;

    for (i = 0; i < a->count; i++) {
        WDSocketCloseEx(a->clients[i], WDS_CLOSE_ABORT, 0);
        WDSocketCloseEx(a->channels[i], WDS_CLOSE_ABORT, 0);
    }
    CHECK_OK(WDSocketClose(a->server));
}

static void expect(int32_t socket, const char *text)
{
    char got[64];
    int32_t n = WDSocketRead(socket, got, (int32_t)sizeof got, 20000);

    CHECK_BYTES(got, n, text, (int)strlen(text));
}

static void members_come_and_go(int tls)
{
    members a;

    REQUIRE(members_open(&a, 3, tls, 0));
    CHECK_OK(WDSocketGroupJoin(a.channels[0], "news"));
    CHECK_OK(WDSocketGroupJoin(a.channels[0], "news"));
    CHECK_OK(WDSocketGroupJoin(a.channels[1], "news"));
    CHECK_OK(WDSocketGroupJoin(a.channels[1], "sport"));
    CHECK_EQ(WDSocketGroupPublish(a.server, "news", "one", 3), 2);
    CHECK_EQ(WDSocketGroupPublish(a.server, NULL, "two", -1), 3);
    CHECK_EQ(WDSocketGroupPublish(a.server, "sport", "three", -1), 1);
    CHECK_EQ(WDSocketGroupPublish(a.server, "nobody", "four", -1), 0);
    CHECK_OK(WDSocketGroupLeave(a.channels[0], "news"));
    CHECK_OK(WDSocketGroupLeave(a.channels[0], "news"));
    CHECK_EQ(WDSocketGroupPublish(a.server, "news", NULL, 0), 1);
    CHECK_OK(WDSocketGroupLeave(a.channels[1], NULL));
    CHECK_EQ(WDSocketGroupPublish(a.server, "news", "six", -1), 0);
    CHECK_EQ(WDSocketGroupPublish(a.server, "sport", "seven", -1), 0);
    CHECK_OK(WDSocketGroupJoin(a.channels[2], "last"));
    CHECK_OK(WDSocketClose(a.channels[2]));
    CHECK_EQ(WDSocketGroupPublish(a.server, "last", "eight", -1), 0);
    CHECK_EQ(WDSocketGroupPublish(a.server, NULL, "nine", -1), 2);
    expect(a.clients[0], "one");
    expect(a.clients[0], "two");
    expect(a.clients[0], "nine");
    expect(a.clients[1], "one");
    expect(a.clients[1], "two");
    expect(a.clients[1], "three");
    expect(a.clients[1], "");
    expect(a.clients[1], "nine");
    expect(a.clients[2], "two");
    CHECK_CODE(WDSocketRead(a.clients[2], NULL, 0, 20000), WDS_E_PEER_CLOSED);
    members_close(&a);
}

TEST(members_of_groups)
{
    members_come_and_go(0);
    members_come_and_go(1);
}

/* What one client says goes to the others: the first message that reaches client 0 is of another. */
static void others(int tls)
{
    members a;

    REQUIRE(members_open(&a, 3, tls, 0));
    CHECK_OK(WDSocketGroupJoin(a.channels[0], "news"));
    CHECK_OK(WDSocketGroupJoin(a.channels[1], "news"));
    CHECK_EQ(WDSocketGroupPublish(a.channels[0], NULL, "from 0", -1), 2);
    CHECK_EQ(WDSocketGroupPublish(a.channels[0], "news", "in the group", -1), 1);
    CHECK_EQ(WDSocketGroupPublish(a.channels[2], "news", "from 2", -1), 2);
    CHECK_OK(WDSocketClose(a.clients[2]));
    CHECK_CODE(WDSocketRead(a.channels[2], NULL, 0, 20000), WDS_E_PEER_CLOSED);
    CHECK_EQ(WDSocketGroupPublish(a.channels[2], NULL, "2 leaves", -1), 2);
    expect(a.clients[0], "from 2");
    expect(a.clients[0], "2 leaves");
    expect(a.clients[1], "from 0");
    expect(a.clients[1], "in the group");
    expect(a.clients[1], "from 2");
    expect(a.clients[1], "2 leaves");
    CHECK_OK(WDSocketClose(a.channels[2]));
    CHECK_CODE(WDSocketGroupPublish(a.channels[2], NULL, "x", 1), WDS_E_HANDLE);
    CHECK_OK(WDSocketClose(a.server));
    CHECK_CODE(WDSocketGroupPublish(a.channels[0], NULL, "x", 1), WDS_E_CLOSED);
    CHECK_OK(WDSocketCloseAll());
}

TEST(all_but_the_sender)
{
    others(0);
    others(1);
}

TEST(wrong_calls)
{
    members a;
    char name[258];

    memset(name, 'x', sizeof name);
    name[257] = 0;
    REQUIRE(members_open(&a, 1, 0, 0));
    CHECK_CODE(WDSocketGroupJoin(a.channels[0], NULL), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketGroupJoin(a.channels[0], ""), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketGroupJoin(a.channels[0], name), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketGroupJoin(a.channels[0], name + 2));
    CHECK_CODE(WDSocketGroupLeave(a.channels[0], ""), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketGroupJoin(a.clients[0], "a"), WDS_E_KIND);
    CHECK_CODE(WDSocketGroupJoin(a.server, "a"), WDS_E_KIND);
    CHECK_CODE(WDSocketGroupLeave(a.clients[0], NULL), WDS_E_KIND);
    CHECK_CODE(WDSocketGroupPublish(a.clients[0], "a", "", 0), WDS_E_KIND);
    CHECK_CODE(WDSocketGroupPublish(a.channels[0], "", "", 0), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketGroupPublish(a.server, "", "", 0), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketGroupPublish(a.server, "a", NULL, 1), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketGroupPublish(a.server, "a", "x", -2), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketGroupPublish(0, "a", "x", 1), WDS_E_HANDLE);
    CHECK_CODE(WDSocketGroupJoin(-1, "a"), WDS_E_HANDLE);
    CHECK_OK(WDSocketChangeTransmissionMode(a.channels[0], WDS_MODE_END_TAG, "|", 1));
    CHECK_CODE(WDSocketGroupPublish(a.server, NULL, "a|b", 3), WDS_E_TAG_IN_MESSAGE);
    members_close(&a);
}

/* Each channel has its own mode, and one of them a character set. */
static void every_mode(int tls)
{
    const char *text = "\xc3\xb6ver";
    members a;
    int mode;

    REQUIRE(members_open(&a, WDS_MODE_GAP + 1, tls, 0));
    for (mode = 0; mode <= WDS_MODE_GAP; mode++) {
        int32_t ends[2], e;

        ends[0] = a.clients[mode];
        ends[1] = a.channels[mode];
        for (e = 0; e < 2; e++) {
            CHECK_OK(WDSocketSetOption(ends[e], WDS_OPT_FRAME_LENGTH, (int32_t)strlen(text)));
            CHECK_OK(WDSocketChangeTransmissionMode(ends[e], mode, NULL, 0));
            if (mode == WDS_MODE_END_TAG)
                CHECK_OK(WDSocketSetText(ends[e], WDS_TEXT_CHARSET, "ibm850"));
        }
    }
    CHECK_EQ(WDSocketGroupPublish(a.server, NULL, text, -1), a.count);
    for (mode = 0; mode <= WDS_MODE_GAP; mode++)
        expect(a.clients[mode], text);
    members_close(&a);
}

TEST(every_transmission_mode)
{
    every_mode(0);
    every_mode(1);
}

/* ---- a client that does not read ---- */

typedef struct {
    int32_t socket;
    int received, last, wrong;
} slow_reader;

/* Reads up to the empty message. */
static int32_t read_slowly(void *argument)
{
    slow_reader *r = (slow_reader *)argument;
    char got[SIZE + 1];
    int32_t n;

    while ((n = WDSocketRead(r->socket, got, (int32_t)sizeof got, 20000)) > 0) {
        int i = n == SIZE ? number_of(got) : -1;

        r->wrong += i <= r->last;
        r->last = i;
        r->received++;
    }
    return n;
}

/* Adds up what is told as dropped; returns 0 when nothing was told. */
static int dropped_events(int32_t queue, int timeout_ms, int *dropped)
{
    int32_t events[16][8];
    int32_t i, n = WDSocketNextEvents(queue, timeout_ms, events, (int32_t)sizeof events[0], 16);

    if (n == WDS_E_TIMEOUT)
        return 0;
    CHECK_GE(n, 1);
    for (i = 0; i < n; i++) {
        CHECK_EQ(events[i][1], WDS_EVENT_DROPPED);
        CHECK_EQ(events[i][3], WDS_E_FULL);
        *dropped += events[i][2];
    }
    return 1;
}

/* What arrives and what is told as dropped are together what was published. */
static void accounts(int32_t policy, int tls)
{
    const int messages = 1000;
    char message[SIZE];
    slow_reader slow;
    h_thread *reader;
    members a;
    int32_t queue = WDSocketNewQueue();
    int i, dropped = 0;

    REQUIRE(members_open(&a, 1, tls, 1));
    CHECK_OK(WDSocketSetOption(a.channels[0], WDS_OPT_PUBLISH_QUEUE, 20000));
    CHECK_OK(WDSocketSetOption(a.channels[0], WDS_OPT_PUBLISH_POLICY, policy));
    CHECK_OK(WDSocketAttach(queue, a.channels[0], WDS_ATTACH_PLAIN));
    for (i = 0; i < messages; i++) {
        number_message(message, i);
        CHECK_GE(WDSocketGroupPublish(a.server, NULL, message, SIZE), 0);
    }
    while (dropped_events(queue, 0, &dropped))
        ;
    CHECK_GE(dropped, 1);
    memset(&slow, 0, sizeof slow);
    slow.socket = a.clients[0];
    slow.last = -1;
    reader = h_start(read_slowly, &slow);
    while (h_number(a.channels[0], WDS_NUM_MESSAGES_WRITTEN) < messages - dropped)
        dropped_events(queue, 20, &dropped);
    CHECK_EQ(WDSocketGroupPublish(a.server, NULL, NULL, 0), 1);
    while (!h_done(reader))
        dropped_events(queue, 20, &dropped);
    CHECK_EQ(h_join(reader), 0);
    CHECK_EQ(slow.received + dropped, messages);
    CHECK_EQ(slow.wrong, 0);
    if (policy == 0)
        CHECK_EQ(slow.last, messages - 1);
    members_close(&a);
    CHECK_OK(WDSocketClose(queue));
}

TEST(oldest_dropped)
{
    accounts(0, 0);
    accounts(0, 1);
}

TEST(newest_dropped)
{
    accounts(1, 0);
    accounts(1, 1);
}

TEST(slow_client_disconnected)
{
    int tls;

    for (tls = 0; tls < 2; tls++) {
        int32_t queue = WDSocketNewQueue(), events[4][8];
        static char message[SIZE];
        members a;

        REQUIRE(members_open(&a, 1, tls, 1));
        CHECK_OK(WDSocketSetOption(a.channels[0], WDS_OPT_PUBLISH_QUEUE, 20000));
        CHECK_OK(WDSocketSetOption(a.channels[0], WDS_OPT_PUBLISH_POLICY, 2));
        CHECK_OK(WDSocketAttach(queue, a.channels[0], WDS_ATTACH_PLAIN));
        while (WDSocketGroupPublish(a.server, NULL, message, SIZE) == 1)
            ;
        CHECK_EQ(WDSocketNextEvents(queue, 20000, events, (int32_t)sizeof events[0], 1), 1);
        CHECK_EQ(events[0][1], WDS_EVENT_DROPPED);
        CHECK_GE(events[0][2], 2);
        CHECK_EQ(WDSocketNextEvents(queue, 20000, events, (int32_t)sizeof events[0], 4), 1);
        CHECK_EQ(events[0][1], WDS_EVENT_RESET);
        CHECK_EQ(WDSocketGroupPublish(a.server, NULL, message, SIZE), 0);
        CHECK_EQ(WDSocketState(a.channels[0]), WDS_STATE_RESET);
        CHECK_CODE(WDSocketNextEvents(queue, 20, events, (int32_t)sizeof events[0], 4), WDS_E_TIMEOUT);
        members_close(&a);
        CHECK_OK(WDSocketClose(queue));
    }
}

/* ---- beside writes, and until the end ---- */

typedef struct {
    int32_t socket;
    int count;
} in_order;

static int32_t read_in_order(void *argument)
{
    in_order *job = (in_order *)argument;
    char got[SIZE + 1];
    int i;

    for (i = 0; i < job->count; i++)
        if (WDSocketRead(job->socket, got, (int32_t)sizeof got, 20000) != SIZE || number_of(got) != i)
            return i + 1;
    return 0;
}

/* What is written and published comes in that order, and a close sends it. */
static void order(int tls, int32_t option, int32_t value)
{
    char message[SIZE];
    in_order job;
    h_thread *reader;
    members a;
    int i;

    job.count = h_rounds(2000);
    REQUIRE(members_open(&a, 1, tls, 1));
    CHECK_OK(WDSocketSetOption(a.channels[0], WDS_OPT_PUBLISH_QUEUE, INT32_MAX));
    CHECK_OK(WDSocketSetOption(a.channels[0], option, value));
    job.socket = a.clients[0];
    reader = h_start(read_in_order, &job);
    for (i = 0; i < job.count; i++) {
        number_message(message, i);
        if (i % 3 == 0)
            CHECK_EQ(WDSocketWrite(a.channels[0], message, SIZE), SIZE);
        else
            CHECK_EQ(WDSocketGroupPublish(a.server, NULL, message, SIZE), 1);
    }
    if (value % 2)
        CHECK_OK(WDSocketFlush(a.channels[0], 20000));
    CHECK_OK(WDSocketCloseEx(a.channels[0], WDS_CLOSE_GRACEFUL, H_CLOSE_MS));
    CHECK_EQ(h_join(reader), 0);
    members_close(&a);
}

TEST(order_with_own_writes)
{
    int tls;

    for (tls = 0; tls < 2; tls++) {
        order(tls, WDS_OPT_NODELAY, 1);
        order(tls, WDS_OPT_SEND_QUEUE, INT32_MAX);
        order(tls, WDS_OPT_COALESCE, 20);
    }
}

/* ---- members leave and are closed while others publish ---- */

typedef struct {
    int32_t server;
    volatile int64_t *stop;
} publisher;

static int32_t publish_on(void *argument)
{
    publisher *p = (publisher *)argument;
    char message[SIZE];
    int i, bad = 0;

    for (i = 0; !h_get(p->stop); i++) {
        number_message(message, i);
        bad += WDSocketGroupPublish(p->server, i % 2 ? "room" : NULL, message, SIZE) < 0;
    }
    return bad;
}

static int32_t read_to_end(void *argument)
{
    int32_t socket = *(int32_t *)argument, n;
    char got[SIZE + 1];
    int bad = 0;

    while ((n = WDSocketRead(socket, got, (int32_t)sizeof got, 20000)) >= 0)
        bad += n != SIZE || number_of(got) < 0;
    return n == WDS_E_PEER_CLOSED ? bad : n;
}

static void coming_and_going(int tls)
{
    volatile int64_t stop = 0;
    h_thread *publishers[2], *readers[MOST];
    publisher job;
    members a;
    int i, round;

    REQUIRE(members_open(&a, MOST, tls, 1));
    job.server = a.server;
    job.stop = &stop;
    for (i = 0; i < MOST; i++)
        readers[i] = h_start(read_to_end, &a.clients[i]);
    for (i = 0; i < 2; i++)
        publishers[i] = h_start(publish_on, &job);
    for (round = 0; round < h_rounds(200); round++) {
        int32_t channel = a.channels[round % MOST];

        CHECK_OK(round / MOST % 2 ? WDSocketGroupLeave(channel, "room") : WDSocketGroupJoin(channel, "room"));
        h_sleep(1);
    }
    for (i = 0; i < MOST; i++)
        CHECK_OK(WDSocketClose(a.channels[i]));
    for (i = 0; i < MOST; i++)
        CHECK_EQ(h_join(readers[i]), 0);
    CHECK_EQ(WDSocketGroupPublish(a.server, NULL, "nobody", -1), 0);
    h_add(&stop, 1);
    for (i = 0; i < 2; i++)
        CHECK_EQ(h_join(publishers[i]), 0);
    members_close(&a);
}

TEST(members_close_while_others_publish)
{
    coming_and_going(0);
    coming_and_going(1);
}

/* ---- a crowd, of which some never read ---- */

#ifdef __linux__

#define SLOW 100     /* one in a hundred clients */
#define MESSAGES 100
#define AHEAD 4      /* messages that are published before the readers have them */

/* What both processes see. */
typedef struct {
    volatile int port, clients, connected, have, stop; /* have: messages that all readers have */
    volatile int fault;
} crowd;

static crowd *board;

static int is_slow(int i)
{
    return i % SLOW == 0;
}

static int crowd_connect(int i)
{
    int sock = socket(AF_INET, SOCK_STREAM, 0), small = 4096;
    struct sockaddr_in to;

    memset(&to, 0, sizeof to);
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)board->port);
    if (sock >= 0 && is_slow(i))
        setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    if (sock < 0 || connect(sock, (struct sockaddr *)&to, sizeof to) != 0)
        return -1;
    return sock;
}

/* Reads message i of a client: a size line and the bytes. */
static int crowd_read(int sock, int i)
{
    char got[SIZE + 6];
    int have = 0;

    while (have < (int)sizeof got) {
        ssize_t n = recv(sock, got + have, sizeof got - (size_t)have, 0);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return 0;
        have += (int)n;
    }
    return memcmp(got, "1000\r\n", 6) == 0 && number_of(got + 6) == i;
}

/* The clients, in a process of their own that does not touch the library. */
static int crowd_process(void *argument)
{
    int *socks = (int *)argument, i, m;

    for (i = 0; i < board->clients; i++) {
        if ((socks[i] = crowd_connect(i)) < 0)
            return board->fault = errno + 1000;
        board->connected = i + 1;
    }
    for (m = 0; m < MESSAGES; m++) {
        for (i = 0; i < board->clients; i++)
            if (!is_slow(i) && !crowd_read(socks[i], m))
                return board->fault = 1;
        board->have = m + 1;
    }
    while (!board->stop)
        usleep(1000);
    return 0;
}

static int32_t crowd_run(void *argument)
{
    return h_fork(crowd_process, argument, 280000);
}

static int64_t resident_kb(void)
{
    char *text = h_read_file("/proc/self/status");
    const char *at = text ? strstr(text, "VmRSS:") : NULL;
    int64_t kb = at ? atoll(at + 6) : 0;

    free(text);
    return kb;
}

/* Takes events until nothing is told; counts clients, and what was dropped. */
static int take_events(int32_t queue, int timeout_ms, int *accepted, int64_t *dropped)
{
    int32_t events[128][8];
    int32_t i, n = WDSocketNextEvents(queue, timeout_ms, events, (int32_t)sizeof events[0], 128);

    for (i = 0; i < n; i++)
        if (events[i][1] == WDS_EVENT_ACCEPTED)
            ++*accepted;
        else if (CHECK_EQ(events[i][1], WDS_EVENT_DROPPED))
            *dropped += events[i][2];
    return n > 0;
}

TEST(a_crowd_of_which_some_never_read)
{
    const char *asked = getenv("CTEST_CLIENTS");
    int wanted = asked ? atoi(asked) : h_rounds(10000), most = h_raise_descriptors() - 300, accepted = 0, slow, m;
    int32_t queue = WDSocketNewQueue(), server = WDSocketNew(NULL);
    int64_t dropped = 0, before, most_buffered = 0, publishing = 0, sent, start;
    h_thread *clients;
    int *socks;

    board = (crowd *)mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(CHECK(board != MAP_FAILED));
    memset(board, 0, sizeof *board);
    if (wanted > most)
        printf("    %d clients instead of %d: no more descriptors\n", most, wanted);
    board->clients = wanted > most ? most : wanted;
    slow = (board->clients + SLOW - 1) / SLOW;
    socks = (int *)calloc((size_t)board->clients, sizeof *socks);
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_SEND_BUFFER, 8192));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_PUBLISH_QUEUE, 16 * SIZE));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_BACKLOG, 4096));
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER, 0, "127.0.0.1", 0));
    CHECK_OK(WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
    board->port = h_port(server);
    clients = h_start(crowd_run, socks);
    while (accepted < board->clients && !h_done(clients))
        take_events(queue, 100, &accepted, &dropped);
    REQUIRE(CHECK_EQ(accepted, board->clients));
    before = resident_kb();
    start = h_now_us();
    for (m = 0; m < MESSAGES && !board->fault; m++) {
        char message[SIZE];
        int64_t buffered, began = h_now_us();

        number_message(message, m);
        CHECK_EQ(WDSocketGroupPublish(server, NULL, message, SIZE), board->clients);
        publishing += h_now_us() - began;
        buffered = h_number(0, WDS_NUM_BUFFERED_BYTES);
        most_buffered = buffered > most_buffered ? buffered : most_buffered;
        while (board->have <= m - AHEAD && !board->fault && !h_done(clients))
            take_events(queue, 1, &accepted, &dropped);
    }
    while (board->have < MESSAGES && !board->fault && !h_done(clients))
        take_events(queue, 1, &accepted, &dropped);
    while (take_events(queue, 0, &accepted, &dropped))
        ;
    CHECK_EQ(board->have, MESSAGES);
    CHECK_EQ(board->fault, 0);
    CHECK_GE(dropped, slow);
    sent = h_number(server, WDS_NUM_CLIENTS);
    CHECK_EQ(sent, board->clients);
    CHECK(most_buffered < (4 << 20));
    printf("    %d clients, %d never read: %d messages in %lld ms, %lld us to publish one, %lld dropped, %lld KB more than before\n",
           board->clients, slow, MESSAGES, (long long)((h_now_us() - start) / 1000), (long long)(publishing / MESSAGES),
           (long long)dropped, (long long)(resident_kb() - before));
    CHECK(resident_kb() - before < (64 << 10));
    board->stop = 1;
    CHECK_EQ(h_join(clients), 0);
    CHECK_OK(WDSocketCloseAll());
    free(socks);
    munmap(board, sizeof *board);
}

#endif
