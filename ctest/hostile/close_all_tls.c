/*
 * close_all_tls.c - sockets of all kinds in the middle of what they do, and then
 * WDSocketCloseAll: at once when it returns nothing is held, neither by the library's own
 * figures nor, on Unix, by the system's.
 */
#ifndef _WIN32
#define _GNU_SOURCE
#endif
#include "certificates.h"
#include "harness.h"

#ifdef H_UNIX
#include <dirent.h>
#endif

#define ROUNDS 40 /* "CTEST_ROUNDS=200 close_all_tls" repeats it more often */

/* ---- what is open in a round ---- */

enum { CALLS = 16, PEERS = 16 }; /* calls of threads, which wait; peers that are the system's own sockets */

typedef struct {
    h_hole hole; /* answers no connection */
    int32_t queue, called;
    h_thread *threads[CALLS];
    int count;
    h_sock raw[PEERS];
    int raws;
    volatile int64_t calls;
} opened;

static int32_t must(int32_t socket)
{
    CHECK_GE(socket, 1);
    return socket;
}

static h_sock peer(opened *all, h_sock raw)
{
    CHECK(raw != H_NO_SOCK);
    return all->raw[all->raws++] = raw;
}

static void waits(opened *all, h_thread *thread)
{
    all->threads[all->count++] = thread;
}

static void WDSOCKET_CALL called_back(const int32_t *event, void *user)
{
    char got[64];
    opened *all = (opened *)user;

    if (event[1] == WDS_EVENT_MESSAGE)
        WDSocketRead(event[0], got, (int32_t)sizeof got, 0);
    h_add(&all->calls, 1);
}

/* A standard server with a client, which has not read what came, and the channel. */
static void plain(opened *all)
{
    h_pair pair;

    REQUIRE(h_pair_open(&pair));
    CHECK_EQ(WDSocketWrite(pair.channel, "not read", 8), 8);
    WAIT_UNTIL(WDSocketAvailable(pair.client) == 8);
    waits(all, h_blocked_reader(pair.channel));
    waits(all, h_blocked_accept(pair.server));
}

/* A simplified server that has a client, whose message is not freed, and a second one that
   waits for its turn. */
static void simplified(opened *all)
{
    int32_t server = must(WDSocketCreate(NULL, 0, "127.0.0.1"));
    h_sock raw = peer(all, h_connect("127.0.0.1", h_port(server)));
    const void *text;
    void *message;
    int32_t length;

    CHECK(h_send(raw, "3\r\none", 6));
    CHECK_EQ(WDSocketReadMessage(server, 20000, &text, &length, &message), 3);
    peer(all, h_connect("127.0.0.1", h_port(server)));
    waits(all, h_blocked_reader(server));
}

/* With TLS: one that talks in a queue, and a client in the middle of its handshake. */
static void secured(opened *all)
{
    h_pair pair;

    REQUIRE(tls_pair_open(&pair, 0, 0));
    CHECK_OK(WDSocketAttach(all->queue, pair.channel, WDS_ATTACH_PLAIN));
    CHECK_EQ(WDSocketWrite(pair.client, "secret", 6), 6);
    CHECK(h_send(peer(all, h_connect("127.0.0.1", pair.port)), "\x16\x03\x01", 3));
    waits(all, h_blocked_reader(pair.client));
}

static void datagrams(opened *all)
{
    int32_t queued = must(WDSocketCreateUDP(NULL, 0, "127.0.0.1")), waiting = must(WDSocketCreateUDP(NULL, 0, "127.0.0.1"));

    CHECK_OK(WDSocketAttach(all->queue, queued, WDS_ATTACH_PLAIN));
    CHECK_EQ(WDSocketWriteUDP(waiting, "dgram", 5, "127.0.0.1", h_port(queued)), 5);
    waits(all, h_blocked_reader(waiting));
}

static void web_socket(opened *all, int kind, const char *scheme)
{
    char address[64];
    int32_t server = must(WDSocketNew(NULL)), client = must(WDSocketNew(NULL)), channel;

    if (kind == WDS_KIND_WEBSOCKET_SERVER_SSL)
        CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_CERTIFICATE, cert("good.pem")));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_HEARTBEAT, 100));
    CHECK_OK(WDSocketOpen(server, kind, 0, "127.0.0.1", 0));
    snprintf(address, sizeof address, "%s://127.0.0.1:%d/", scheme, h_port(server));
    CHECK_OK(WDSocketOpen(client, kind - 1, 0, address, 20000));
    channel = must(WDSocketAccept(server, 20000));
    CHECK_EQ(WDSocketWrite(channel, "page", 4), 4);
    CHECK_OK(WDSocketAttach(all->queue, client, WDS_ATTACH_PLAIN));
}

/* A Unix socket, on Windows a named pipe. */
static void local(opened *all, int round)
{
    char address[300];
    int32_t server, client, channel;
#ifdef H_UNIX
    char *path = h_temp_path("close-all");

    snprintf(address, sizeof address, "unix:%s-%d", path, round);
    free(path);
#else
    snprintf(address, sizeof address, "pipe:wdsocket close all %d", round);
#endif
    server = must(WDSocketCreate(NULL, 0, address));
    client = must(WDSocketConnect(NULL, 0, address, 20000));
    channel = must(WDSocketAccept(server, 20000));
    CHECK_EQ(WDSocketWrite(client, "near", 4), 4);
    CHECK_OK(WDSocketAttach(all->queue, channel, WDS_ATTACH_PLAIN));
}

/* Two queues: one is asked, one calls back; timers, and a managed server. */
static void events(opened *all)
{
    h_pair pair;
    int32_t server = must(WDSocketCreate(NULL, 0, "127.0.0.1"));

#ifdef H_UNIX
    CHECK_GE(WDSocketDescriptor(all->queue), 0);
#endif
    must(WDSocketNewTimer(all->queue, 1, 1, 7));
    must(WDSocketNewTimer(all->called, 1, 1, 7));
    CHECK_OK(WDSocketAttach(all->called, server, WDS_ATTACH_MANAGE));
    CHECK(h_send(peer(all, h_connect("127.0.0.1", h_port(server))), "4\r\nwork", 7));
    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketSetOption(pair.channel, WDS_OPT_IDLE_LIMIT, 60000));
    CHECK_OK(WDSocketAttach(all->called, pair.channel, WDS_ATTACH_PLAIN));
    CHECK_EQ(WDSocketWrite(pair.client, "told", 4), 4);
    WAIT_UNTIL(h_get(&all->calls) > 2);
}

typedef struct {
    int32_t socket;
    int port;
} target;

static int32_t connects(void *argument)
{
    const target *to = (const target *)argument;

    return WDSocketOpen(to->socket, WDS_KIND_CLIENT, to->port, "127.0.0.1", -1);
}

static int32_t starts(int32_t client, int32_t kind, int port, const char *address)
{
    CHECK_OK(WDSocketOpen(client, kind, port, address, 0));
    CHECK_EQ(WDSocketState(client), WDS_STATE_CONNECTING);
    return client;
}

/* Connects in the background that wait: for the peer's system, for its part of a handshake,
   for a name server. */
static void in_the_background(opened *all)
{
    char address[64], got[512];
    int port;
    h_sock raw = peer(all, h_listen("127.0.0.1", 0, 5, &port));
    int32_t named = must(WDSocketNew(NULL));

    starts(must(WDSocketNew(NULL)), WDS_KIND_CLIENT, all->hole.port, "127.0.0.1");
    starts(must(WDSocketNew(NULL)), WDS_KIND_CLIENT_SSL, port, "127.0.0.1");
    CHECK_EQ(h_recv(peer(all, h_accept(raw, 20000)), got, 3, 20000), 3);
    raw = peer(all, h_udp("127.0.0.1", &port)); /* is asked, and says nothing */
    snprintf(address, sizeof address, "127.0.0.1:%d", port);
    CHECK_OK(WDSocketSetText(named, WDS_TEXT_DNS_SERVER, address));
    CHECK_OK(WDSocketAttach(all->queue, named, WDS_ATTACH_PLAIN));
    starts(named, WDS_KIND_CLIENT, 9, "silent.example");
    CHECK_GE(h_udp_recv(raw, got, (int)sizeof got, 20000, &port), 1);
}

/* A client that reconnects in vain, and one in a call of a thread. */
static void connecting(opened *all, target *to)
{
    int port;
    h_sock listener = h_listen("127.0.0.1", 0, 5, &port), raw;
    int32_t client = must(WDSocketNew(NULL));

    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT, 1));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_FIRST, 1));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_MOST, 1));
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT, port, "127.0.0.1", 20000));
    CHECK_OK(WDSocketAttach(all->called, client, WDS_ATTACH_PLAIN));
    raw = h_accept(listener, 20000);
    h_close(listener);
    h_reset(raw);
    WAIT_UNTIL(WDSocketState(client) == WDS_STATE_CONNECTING);
    to->socket = must(WDSocketNew(NULL));
    to->port = all->hole.port;
    waits(all, h_start(connects, to));
    WAIT_UNTIL(WDSocketState(to->socket) == WDS_STATE_CONNECTING);
}

/* ---- what is held ---- */

/* All that this process has open, as the system tells it; 0 where that is not asked. */
static int descriptors(void)
{
    int count = 0;
#ifdef H_UNIX
    DIR *folder = opendir("/proc/self/fd");

    while (folder && readdir(folder) != NULL)
        count++;
    if (folder)
        closedir(folder);
#endif
    return count;
}

static void round_of_all(int round)
{
    static const int32_t zero[] = {WDS_NUM_DESCRIPTORS, WDS_NUM_SOCKETS, WDS_NUM_TOKENS, WDS_NUM_GOROUTINES, WDS_NUM_BUFFERED_BYTES};
    static const char *const names[] = {"descriptors", "sockets", "tokens", "tasks", "bytes"};
    enum { COUNT = sizeof zero / sizeof *zero };
    opened all;
    target to;
    int64_t figures[COUNT];
    int i, before, after;

    memset(&all, 0, sizeof all);
    h_hole_open(&all.hole, "127.0.0.1", 0);
    before = descriptors();
    all.queue = must(WDSocketNewQueue());
    all.called = must(WDSocketNewQueue());
    CHECK_OK(WDSocketSetCallback(all.called, called_back, &all));
    plain(&all);
    simplified(&all);
    secured(&all);
    datagrams(&all);
    web_socket(&all, WDS_KIND_WEBSOCKET_SERVER, "ws");
    web_socket(&all, WDS_KIND_WEBSOCKET_SERVER_SSL, "wss");
    local(&all, round);
    events(&all);
    in_the_background(&all);
    connecting(&all, &to);

    CHECK_OK(WDSocketCloseAll());
    for (i = 0; i < COUNT; i++) /* at once, all of them before any is judged */
        figures[i] = h_number(0, zero[i]);
    after = descriptors();
    for (i = 0; i < COUNT; i++)
        if (!CHECK_EQ(figures[i], 0))
            printf("      round %d: %s\n", round, names[i]);
    if (before && !CHECK_EQ(after, before + all.raws))
        printf("      round %d: the system's descriptors\n", round);
    for (i = 0; i < all.count; i++)
        CHECK(h_join(all.threads[i]) < 0);
    for (i = 0; i < all.raws; i++)
        h_close(all.raw[i]);
    h_hole_close(&all.hole);
}

TEST(nothing_is_held_at_once)
{
    const char *given = getenv("CTEST_ROUNDS");
    int rounds = given ? atoi(given) : h_rounds(ROUNDS), i;

    tls_trust();
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_CLOSE_TIMEOUT, 2000));
    round_of_all(0); /* what the library keeps by design is open from its first use on */
    for (i = 1; i <= rounds; i++)
        round_of_all(i);
}
