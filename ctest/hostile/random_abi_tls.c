/*
 * random_abi_tls.c - random calls of the whole interface, from several threads and
 * from callbacks, with handles that are alive, closed, of other kinds or made up:
 * none fails inside the library or writes behind a buffer, and after one
 * WDSocketCloseAll nothing is held.
 *
 * The seeds decide what each thread calls, the scheduler what meets what.  The test
 * seed_of_this_run prints its seed; CTEST_SEED=number random_abi_tls
 * seed_of_this_run repeats it.  Only loopback is used.
 */
#ifndef _WIN32
#define _GNU_SOURCE
#endif

#include "certificates.h"
#include "harness.h"

#ifdef H_UNIX
#include <fcntl.h>
#include <unistd.h>
#endif

#define CALLERS 6
#ifdef _WIN32
#define CALLS 300     /* of each thread; Wine makes each dear */
#else
#define CALLS 1500
#endif
#define SLOTS 8       /* handles of a kind that are in use at the same time */
#define ROOM 4096     /* of a reader's buffer */
#define MUCH 262144   /* the longest message written */
#define CANARY 0xa5

enum { SERVERS, STREAMS, DATAGRAMS, QUEUES, TIMERS, POOLS };

/* What all threads share. */
static volatile int32_t handles[POOLS][SLOTS];
static volatile int32_t ports[SLOTS];
static void *volatile messages[SLOTS];
static int closes_all; /* is WDSocketCloseAll among the calls? */
static char data[MUCH]; /* what is written: text */
static char *log_path, *key_path;

typedef struct {
    uint64_t state; /* of the random numbers */
    unsigned char buffer[ROOM + 1];
} caller;

/* ---- choosing ---- */

static uint32_t below(caller *c, uint32_t limit)
{
    c->state ^= c->state << 13;
    c->state ^= c->state >> 7;
    c->state ^= c->state << 17;
    return (uint32_t)(c->state >> 32) % limit;
}

static void begin_at(caller *c, uint64_t seed)
{
    c->state = (seed + 1) * 0x9e3779b97f4a7c15u;
    if (c->state == 0)
        c->state = 1;
    below(c, 2);
}

static int one_in(caller *c, uint32_t times) { return below(c, times) == 0; }

#define COUNT(row) ((uint32_t)(sizeof(row) / sizeof *(row)))
#define ANY(c, row) ((row)[below((c), COUNT(row))])

/* A handle, mostly of the kind that the call is for. */
static int32_t pick(caller *c, int kind)
{
    static const int32_t odd[] = {0, -1, 1, INT_MAX, INT_MIN, 0x7fff0001};
    uint32_t how = below(c, 100);

    if (how < 6)
        kind = (int)below(c, POOLS);
    if (how >= 97)
        return ANY(c, odd);
    return __atomic_load_n(&handles[kind][below(c, SLOTS)], __ATOMIC_SEQ_CST) + (how >= 94 ? (int32_t)below(c, 5) : 0);
}

static int32_t pick_socket(caller *c)
{
    static const int kinds[] = {STREAMS, STREAMS, STREAMS, STREAMS, SERVERS, SERVERS, DATAGRAMS, QUEUES};

    return pick(c, ANY(c, kinds));
}

static int32_t pick_port(caller *c)
{
    static const int32_t odd[] = {0, -1, 1, 9, 65536};

    return one_in(c, 12) ? ANY(c, odd) : __atomic_load_n(&ports[below(c, SLOTS)], __ATOMIC_SEQ_CST);
}

static int32_t pick_time(caller *c)
{
    uint32_t how = below(c, 100);

    if (how == 0)
        return -2; /* no time */
    return how < 70 ? 0 : how < 97 ? (int32_t)below(c, 4) : (int32_t)below(c, 51);
}

static int32_t pick_length(caller *c)
{
    static const int32_t lengths[] = {0, 1, 5, 100, 1000, 5000, 70000, MUCH, -1, -2};

    return one_in(c, 2) ? 5 : ANY(c, lengths);
}

static const char *pick_name(caller *c)
{
    static const char *const names[] = {"one", "two", "three", "", "#1", "n\xc3\xa9"};

    return one_in(c, 6) ? ANY(c, names) : NULL;
}

static const char *pick_own_address(caller *c)
{
    static const char *const addresses[] = {"::1", "localhost", "127.0.0.1:0", "192.0.2.1", "none of them"};

    return one_in(c, 6) ? ANY(c, addresses) : "127.0.0.1";
}

static const char *pick_address(caller *c)
{
    static const char *const addresses[] = {NULL, "::1", "localhost", "no.such.invalid", "192.168.001.010", "127.0.0.1:99999"};

    return one_in(c, 6) ? ANY(c, addresses) : "127.0.0.1";
}

static int32_t pick_bits(caller *c)
{
    static const int32_t bits[] = {0, 0, WDS_SSL_ACCEPT_ANY, WDS_SSL_ACCEPT_ANY, WDS_SSL_TLS12 | WDS_SSL_ACCEPT_ANY, WDS_SSL_TLS13 | WDS_SSL_NO_RESUMPTION | WDS_SSL_ACCEPT_ANY,
                                   WDS_SSL_REQUIRE_CLIENT, WDS_SSL_ASK_CLIENT | WDS_SSL_ONLY_AUTHORITIES, WDS_SSL_V3, -1};

    return ANY(c, bits);
}

static const char *pick_certificate(caller *c)
{
    if (one_in(c, 10))
        return NULL;
    return cert(one_in(c, 20) ? "no such file" : "good.pem");
}

static const char *pick_group(caller *c)
{
    static const char *const groups[] = {"red", "blue", "blue", "", NULL};

    return ANY(c, groups);
}

/* ---- what is made, and what takes its place ---- */

static void end(caller *c, int32_t handle)
{
    if (one_in(c, 2))
        WDSocketClose(handle);
    else
        WDSocketCloseEx(handle, (int32_t)below(c, 3), pick_time(c));
}

/* The handle of before is closed, or is left to WDSocketCloseAll. */
static int32_t keep(caller *c, int kind, int32_t handle)
{
    int32_t before, port = 0;

    if (handle <= 0)
        return handle;
    if ((kind == SERVERS || kind == DATAGRAMS) && WDSocketGetOption(handle, WDS_OPT_LOCAL_PORT, &port) == WDS_OK)
        __atomic_store_n(&ports[below(c, SLOTS)], port, __ATOMIC_SEQ_CST);
    before = __atomic_exchange_n(&handles[kind][below(c, SLOTS)], handle, __ATOMIC_SEQ_CST);
    if (!one_in(c, 8))
        end(c, before);
    return handle;
}

static void WDSOCKET_CALL called_back(const int32_t *event, void *user);

/* Takes a message that an event has told of. */
static void takes(int32_t socket)
{
    char got[ROOM];

    if (WDSocketRead(socket, got, ROOM, 0) == WDS_E_BUFFER)
        WDSocketDiscard(socket, WDS_DISCARD_MESSAGE);
}

static int32_t next_events(caller *c, int32_t queue, int32_t timeout)
{
    int32_t i, count, record = 32 + 4 * (int32_t)below(c, 3), capacity = (int32_t)below(c, 9);

    count = WDSocketNextEvents(queue, timeout, c->buffer, record, capacity);
    for (i = 0; i < count; i++) {
        int32_t event[8];

        memcpy(event, c->buffer + i * record, sizeof event);
        if (event[1] == WDS_EVENT_ACCEPTED)
            keep(c, STREAMS, event[0]);
        if (event[1] == WDS_EVENT_REQUEST)
            keep(c, STREAMS, WDSocketAccept(event[0], 0));
        if (event[1] == WDS_EVENT_MESSAGE && !one_in(c, 4))
            takes(event[0]);
    }
    return count;
}

static int32_t read_message(caller *c)
{
    const void *text = NULL;
    void *message = NULL;
    int32_t length = -1, result = WDSocketReadMessage(pick(c, STREAMS), pick_time(c), &text, &length, &message);

    if (result < 0) {
        CHECK(text == NULL && message == NULL && length == 0);
        return result;
    }
    CHECK_EQ(result, length);
    if (!closes_all) /* which frees it */
        CHECK_EQ(((const char *)text)[length], 0);
    WDSocketMessageFree(__atomic_exchange_n(&messages[below(c, SLOTS)], message, __ATOMIC_SEQ_CST));
    return result;
}

/* ---- options ---- */

static const struct {
    int32_t option, values[4];
} integers[] = {
    {WDS_OPT_NODELAY, {0, 1, 1, 2}},
    {WDS_OPT_KEEPALIVE, {0, 1, 1, -1}},
    {WDS_OPT_KEEPALIVE_IDLE, {1, 20, 40, 0}},
    {WDS_OPT_KEEPALIVE_INTERVAL, {1, 5, 10, 0}},
    {WDS_OPT_KEEPALIVE_COUNT, {1, 3, 127, 128}},
    {WDS_OPT_SEND_BUFFER, {0, 4096, 16384, -1}},
    {WDS_OPT_RECEIVE_BUFFER, {0, 4096, 16384, -1}},
    {WDS_OPT_LINGER, {-1, 0, 50, 30000}},
    {WDS_OPT_READ_GAP, {0, 0, 3, 20}},
    {WDS_OPT_WRITE_TIMEOUT, {0, 1, 10, 30}},
    {WDS_OPT_CLOSE_TIMEOUT, {0, 10, 50, 200}},
    {WDS_OPT_MAX_MESSAGE, {1, 100, 100000, 16777216}},
    {WDS_OPT_SYSTEM_RESOLVER, {0, 0, 1, 2}},
    {WDS_OPT_EXCLUSIVE_PORT, {0, 1, 1, 2}},
    {WDS_OPT_BACKLOG, {1, 8, 511, 0}},
    {WDS_OPT_MAX_CLIENTS, {0, 0, 1, 3}},
    {WDS_OPT_MAX_CLIENTS_PER_ADDRESS, {0, 0, 2, 5}},
    {WDS_OPT_TAG_AS_IS, {0, 0, 0, 1}},
    {WDS_OPT_UDP_ERRORS, {0, 1, 1, 2}},
    {WDS_OPT_BROADCAST, {0, 1, 1, 2}},
    {WDS_OPT_MULTICAST_TTL, {0, 1, 1, 256}},
    {WDS_OPT_MULTICAST_LOOP, {0, 1, 1, 2}},
    {WDS_OPT_USER_NUMBER, {0, 1, INT_MAX, INT_MIN}},
    {WDS_OPT_LOCAL_PORT, {0, 0, 0, 65536}},
    {WDS_OPT_PEER_PORT, {0, 1, 2, 3}},
    {WDS_OPT_MODE, {0, 1, 2, 3}},
    {WDS_OPT_ADDRESS_FAMILY, {0, 4, 6, 5}},
    {WDS_OPT_RESOLVE_CACHE, {0, 1, 60000, -1}},
    {WDS_OPT_RESOLVE_TIMEOUT, {0, 10, 50, -1}},
    {WDS_OPT_EXCHANGE_LATE, {-1, 0, 5, 10000}},
    {WDS_OPT_KIND, {0, 1, 2, 3}},
    {WDS_OPT_SERVER, {0, 1, 2, 3}},
    {WDS_OPT_SEND_QUEUE, {0, 0, 1000, 1000000}},
    {WDS_OPT_PEER_GONE, {0, 0, 2000, 100}},
    {WDS_OPT_IDLE_LIMIT, {0, 0, 100, 1}},
    {WDS_OPT_MESSAGE_LIMIT, {0, 0, 100, 1}},
    {WDS_OPT_HEARTBEAT, {0, 0, 100, 1}},
    {WDS_OPT_COALESCE, {0, 0, 1, 20}},
    {WDS_OPT_PUBLISH_QUEUE, {1, 1000, 1048576, 0}},
    {WDS_OPT_PUBLISH_POLICY, {0, 1, 2, 3}},
    {WDS_OPT_FRAME_OFFSET, {0, 0, 4, 256}},
    {WDS_OPT_FRAME_WIDTH, {1, 2, 4, 3}},
    {WDS_OPT_FRAME_ORDER, {0, 1, 1, 2}},
    {WDS_OPT_FRAME_ADJUSTMENT, {0, 0, -4, 7}},
    {WDS_OPT_FRAME_KEEP_HEADER, {0, 1, 2, 3}},
    {WDS_OPT_FRAME_LENGTH, {1, 5, 100, 0}},
    {WDS_OPT_FRAME_GAP, {1, 5, 10, 0}},
    {WDS_OPT_FRAME_CHECK, {WDS_CHECK_NONE, WDS_CHECK_XOR, WDS_CHECK_CRC16, 9}},
    {WDS_OPT_FRAME_CHECK_SPAN, {0, 2, 3, 4}},
    {WDS_OPT_FRAME_RESTART, {0, 1, 1, 2}},
    {WDS_OPT_SSL_OPTIONS, {0, WDS_SSL_ACCEPT_ANY, WDS_SSL_ACCEPT_ANY, WDS_SSL_V2}},
    {WDS_OPT_SSL_HANDSHAKE_TIMEOUT, {1, 20, 100, 0}},
    {WDS_OPT_SSL_PENDING, {1, 3, 4096, 0}},
    {WDS_OPT_SSL_DAYS_LEFT, {0, 1, 2, 3}},
    {WDS_OPT_SSL_WARN_DAYS, {0, 30, 3650, -1}},
    {WDS_OPT_RECONNECT, {0, 1, 1, 1}},
    {WDS_OPT_RECONNECT_FIRST, {1, 1, 5, 20}},
    {WDS_OPT_RECONNECT_MOST, {1, 5, 20, 0}},
    {WDS_OPT_RECONNECT_TRIES, {0, 1, 3, -1}},
    {WDS_OPT_RECONNECT_KEEP, {0, 0, 10000, 1000000}},
    {WDS_OPT_RECONNECT_WAIT, {0, 0, 0, 1}},
    {WDS_OPT_PROXY_HEADER, {0, 0, 1, 3}},
    {WDS_OPT_PROXY_HEADER_TIMEOUT, {1, 20, 100, 0}},
    {WDS_OPT_PROXY_HEADER_SEND, {0, 0, 1, 2}},
    {WDS_OPT_HOST_TEXT, {WDS_HOST_TEXT_UTF8, WDS_HOST_TEXT_UTF8, WDS_HOST_TEXT_ANSI, 3}},
    {WDS_OPT_TOTAL_BUFFER, {1048576, 4194304, 268435456, 0}},
    {WDS_OPT_LOG_LEVEL, {0, 1, 2, 3}},
    {WDS_OPT_LOG_SIZE, {65536, 65536, 10485760, 0}},
    {2001, {0, 0, 0, 0}},
    {77, {0, 0, 0, 0}},
};

static int32_t defaults[COUNT(integers)]; /* INT_MIN where there is none */

static int32_t opens(caller *c);

/* On socket 0 an option is the default of what is made afterwards: of a few sockets here. */
static int32_t set_option(caller *c)
{
    uint32_t i = below(c, COUNT(integers));
    int32_t result;

    if (!one_in(c, 8))
        return WDSocketSetOption(pick_socket(c), integers[i].option, ANY(c, integers[i].values));
    result = WDSocketSetOption(0, integers[i].option, ANY(c, integers[i].values));
    opens(c);
    if (defaults[i] != INT_MIN)
        WDSocketSetOption(0, integers[i].option, defaults[i]);
    return result;
}

static const struct {
    int32_t option;
    const char *values[4];
} texts[] = {
    {WDS_TEXT_LANGUAGE, {"en", "fr", "fr", "de"}},
    {WDS_TEXT_LOCAL_ADDRESS, {"", "127.0.0.1", "::1", "192.0.2.1"}},
    {WDS_TEXT_CHARSET, {"", "", "windows-1252", "utf-16le"}},
    {WDS_TEXT_FRAME_PRESET, {"modbus-tcp", "stx-etx-bcc", "redis", "none"}},
    {WDS_TEXT_FRAME, {"", "data (0D0A|0D) ; ignore=00", "02 len:u8=d d=data xor(d) ; control=06 bad=nak", "02 data"}},
    {WDS_TEXT_USER_TEXT, {"", "mine", "yours", NULL}},
    {WDS_TEXT_MULTICAST_JOIN, {"239.7.7.1%lo", "239.7.7.1%lo", "239.7.7.2%lo", "127.0.0.1"}},
    {WDS_TEXT_MULTICAST_LEAVE, {"239.7.7.1%lo", "239.7.7.1%lo", "239.7.7.2%lo", ""}},
    {WDS_TEXT_MULTICAST_INTERFACE, {"lo", "lo", "", "none"}},
    {WDS_TEXT_FRAME_START, {"\2", "[[", "", NULL}},
    {WDS_TEXT_FRAME_END, {"\3", "]]", "", NULL}},
    {WDS_TEXT_FRAME_ESCAPE, {"", "\\", "\x10", "two"}},
    {WDS_TEXT_FRAME_HEADER, {"", "", "head", "h"}},
    {WDS_TEXT_HEARTBEAT, {"", "alive", "five5", NULL}},
    {WDS_TEXT_TAG, {"\x1a", "\r\n", "||", ""}},
    {WDS_TEXT_PROXY_TRUSTED, {"", "127.0.0.0/8", "127.0.0.2", "none"}},
    {WDS_TEXT_SSL_PASSWORD, {"", "wrong", NULL, ""}},
    {WDS_TEXT_SSL_SERVER_NAME, {"", "localhost", "good.example", "\x01"}},
    {WDS_TEXT_SSL_ALPN, {"", "h2", "h2,http/1.1", ","}},
    {WDS_TEXT_SSL_PINS, {"", "", "none", NULL}},
    {WDS_TEXT_SSL_SUITES, {"", "", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "none"}},
    {WDS_TEXT_SSL_GROUPS, {"", "X25519", "P-256", "none"}},
    {WDS_TEXT_DNS_SERVER, {"127.0.0.1:9", "127.0.0.1:9", "127.0.0.1:9", "none"}},
    {WDS_TEXT_PROXY, {"", "", "socks5://127.0.0.1:9 http://a:b@127.0.0.2:9", "none"}},
    {WDS_TEXT_PROXY_EXCEPTIONS, {"", "*", "127.0.0.0/8, <local>", "a/b"}},
    {1001, {"", "", "", ""}},
    {2999, {"", "", "", ""}},
};

static int32_t set_text(caller *c)
{
    uint32_t i = below(c, COUNT(texts) + 5);
    int32_t socket = pick_socket(c);
    const char *value;

    switch (i) {
    case 0:
        return WDSocketSetText(socket, WDS_TEXT_SSL_CERTIFICATE, pick_certificate(c));
    case 1:
        return WDSocketSetText(socket, WDS_TEXT_SSL_ADD_CERTIFICATE, pick_certificate(c));
    case 2:
        return WDSocketSetText(socket, WDS_TEXT_SSL_AUTHORITIES, one_in(c, 3) ? "" : cert("root.crt"));
    case 3:
        return WDSocketSetText(one_in(c, 2) ? 0 : socket, WDS_TEXT_SSL_KEY_LOG, one_in(c, 3) ? "" : key_path);
    case 4:
        return WDSocketSetText(one_in(c, 2) ? 0 : socket, WDS_TEXT_LOG_FILE, one_in(c, 2) ? "" : log_path);
    }
    i -= 5;
    value = ANY(c, texts[i].values);
    if (one_in(c, 8)) {
        int32_t result = WDSocketSetText(0, texts[i].option, value);

        opens(c);
        if (texts[i].option != WDS_TEXT_FRAME_PRESET)
            WDSocketSetText(0, texts[i].option, texts[i].values[0]);
        return result;
    }
    if (one_in(c, 3))
        return WDSocketSetBytes(socket, texts[i].option, value, value ? (int32_t)strlen(value) : 0);
    return WDSocketSetText(socket, texts[i].option, value);
}

static int32_t get_text(caller *c, void *buffer, int32_t capacity)
{
    int32_t option = one_in(c, 10) ? (int32_t)below(c, 5000) : 2001 + (int32_t)below(c, 30), socket = one_in(c, 4) ? 0 : pick_socket(c);

    if (one_in(c, 2))
        return WDSocketGetBytes(socket, option, buffer, capacity);
    return WDSocketGetText(socket, option, (char *)buffer, capacity);
}

static int32_t get_number(caller *c)
{
    int64_t value, figures[WDS_STAT_COUNT];
    int32_t number;

    switch (below(c, 3)) {
    case 0:
        return WDSocketGetNumber(one_in(c, 3) ? 0 : pick_socket(c), one_in(c, 3) ? 3020 + (int32_t)below(c, 6) : 3000 + (int32_t)below(c, 11), &value);
    case 1:
        return WDSocketStatistics(one_in(c, 3) ? 0 : pick_socket(c), figures, (int32_t)below(c, WDS_STAT_COUNT + 1));
    }
    return WDSocketGetOption(one_in(c, 4) ? 0 : pick_socket(c), integers[below(c, COUNT(integers))].option, &number);
}

static int32_t list(caller *c)
{
    int32_t found[64];

    return WDSocketList(one_in(c, 2) ? 0 : pick(c, SERVERS), one_in(c, 3) ? NULL : found, (int32_t)below(c, 65));
}

/* ---- the calls ---- */

/* A conversation on this machine: a server, a client and the channel, plain or with TLS. */
static int32_t opens_pair(caller *c)
{
    static const int32_t modes[] = {WDS_MODE_SIZE, WDS_MODE_SIZE, WDS_MODE_RAW, WDS_MODE_END_TAG, WDS_MODE_LENGTH, WDS_MODE_FIXED, WDS_MODE_MARKERS, WDS_MODE_GAP};
    int secured = one_in(c, 3);
    int32_t server = secured ? WDSocketCreateSSL(NULL, 0, cert("good.pem"), 0, "127.0.0.1", NULL) : WDSocketCreate(NULL, 0, "127.0.0.1");
    int32_t client, channel, port = 0, mode = ANY(c, modes);

    if (server < 0)
        return server;
    WDSocketChangeTransmissionMode(server, mode, NULL, 0);
    WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port);
    client = secured ? WDSocketConnectSSL(NULL, port, "127.0.0.1", WDS_SSL_ACCEPT_ANY, 200, NULL, NULL) : WDSocketConnect(NULL, port, "127.0.0.1", 200);
    WDSocketChangeTransmissionMode(client, mode, NULL, 0);
    if (one_in(c, 5))
        WDSocketSetOption(client, WDS_OPT_RECONNECT, 1);
    if (one_in(c, 5))
        WDSocketAttach(pick(c, QUEUES), client, WDS_ATTACH_PLAIN);
    if (one_in(c, 5))
        WDSocketAttach(pick(c, QUEUES), server, WDS_ATTACH_MANAGE);
    channel = WDSocketAccept(server, 50);
    keep(c, STREAMS, client);
    keep(c, STREAMS, channel);
    keep(c, SERVERS, server);
    return channel;
}

static int32_t opens(caller *c)
{
    static const int32_t modes[] = {WDS_MODE_SIZE, WDS_MODE_SIZE, WDS_MODE_RAW, WDS_MODE_END_TAG, WDS_MODE_LENGTH, WDS_MODE_FIXED, WDS_MODE_MARKERS, WDS_MODE_GAP, 8, -1};
    static const int kinds[] = {STREAMS, STREAMS, SERVERS, DATAGRAMS, STREAMS, SERVERS};
    int32_t result, kind;

    switch (below(c, 18)) {
    case 0:
        return keep(c, SERVERS, WDSocketCreate(pick_name(c), 0, pick_own_address(c)));
    case 1:
        return keep(c, SERVERS, WDSocketCreateSSL(pick_name(c), 0, pick_certificate(c), pick_bits(c), pick_own_address(c), NULL));
    case 2:
        return keep(c, DATAGRAMS, WDSocketCreateUDP(pick_name(c), 0, one_in(c, 8) ? "239.7.7.1%lo" : pick_own_address(c)));
    case 3:
    case 4:
    case 5:
        return keep(c, STREAMS, WDSocketConnect(pick_name(c), pick_port(c), pick_address(c), one_in(c, 4) ? 0 : 50));
    case 6:
        return keep(c, STREAMS, WDSocketConnectSSL(pick_name(c), pick_port(c), pick_address(c), pick_bits(c), one_in(c, 4) ? 0 : 50,
                                                  one_in(c, 4) ? pick_certificate(c) : NULL, one_in(c, 8) ? "wrong" : NULL));
    case 7:
        kind = (int32_t)below(c, WDS_KIND_WEBSOCKET_SERVER_SSL + 1) + 1; /* and one that is none */
        result = keep(c, ANY(c, kinds), WDSocketNew(pick_name(c)));
        if (one_in(c, 2))
            WDSocketSetOption(result, WDS_OPT_RECONNECT, 1);
        if (one_in(c, 2))
            WDSocketChangeTransmissionMode(result, ANY(c, modes), NULL, 0);
        if (one_in(c, 4))
            return result;
        return WDSocketOpen(result, kind, kind == WDS_KIND_CLIENT || kind == WDS_KIND_CLIENT_SSL || kind == WDS_KIND_WEBSOCKET_CLIENT || kind == WDS_KIND_WEBSOCKET_CLIENT_SSL ? pick_port(c) : 0, pick_own_address(c), pick_time(c));
    case 8:
        return keep(c, QUEUES, WDSocketNewQueue());
    case 9:
        return keep(c, TIMERS, WDSocketNewTimer(pick(c, QUEUES), (int32_t)below(c, 10), (int32_t)below(c, 5), 7));
    case 10:
    case 11:
        return keep(c, STREAMS, WDSocketAccept(pick(c, SERVERS), pick_time(c)));
    default:
        return opens_pair(c);
    }
}

static int32_t exchanges(caller *c, void *buffer, int32_t capacity)
{
    static const char *const tags[] = {"\r\n", "|", "", "end", NULL};
    int32_t lengths[8], port;
    char address[64];
    const char *tag;

    switch (below(c, 18)) {
    case 16:
        return WDSocketReadExactly(pick(c, STREAMS), one_in(c, 4) ? NULL : buffer, capacity, pick_time(c));
    case 17:
        tag = ANY(c, tags);
        return WDSocketReadUntil(pick(c, STREAMS), one_in(c, 4) ? NULL : buffer, capacity, tag, tag ? (int32_t)strlen(tag) - (int32_t)below(c, 2) : 0, pick_time(c));
    case 0:
    case 1:
    case 2:
        return WDSocketRead(pick(c, STREAMS), buffer, capacity, pick_time(c));
    case 3:
        return WDSocketReadMany(pick(c, STREAMS), buffer, capacity, lengths, (int32_t)below(c, 9), pick_time(c));
    case 4:
        return read_message(c);
    case 5:
    case 6:
    case 7:
    case 8:
        return WDSocketWrite(pick(c, STREAMS), data, pick_length(c));
    case 9:
        return WDSocketExchange(pick(c, STREAMS), data, pick_length(c), buffer, capacity, pick_time(c));
    case 10:
        return WDSocketWriteUDP(pick(c, DATAGRAMS), data, pick_length(c), pick_address(c), pick_port(c));
    case 11:
        return WDSocketReadUDP(pick(c, DATAGRAMS), buffer, capacity, pick_time(c), one_in(c, 4) ? NULL : address, (int32_t)below(c, 65), one_in(c, 4) ? NULL : &port);
    case 12:
        return WDSocketAvailable(pick(c, STREAMS));
    case 13:
        return WDSocketDiscard(pick(c, STREAMS), (int32_t)below(c, 5));
    case 14:
        tag = ANY(c, tags);
        return WDSocketChangeTransmissionMode(pick(c, STREAMS), (int32_t)below(c, 9), tag, tag ? (int32_t)strlen(tag) - (int32_t)below(c, 2) : 0);
    default:
        return one_in(c, 2) ? WDSocketFlush(pick(c, STREAMS), pick_time(c)) : WDSocketRead(pick(c, SERVERS), buffer, capacity, pick_time(c));
    }
}

static int32_t tells(caller *c)
{
    switch (below(c, 13)) {
    case 0:
    case 1:
    case 2:
        return WDSocketAttach(pick(c, QUEUES), pick_socket(c), (int32_t)below(c, 20) / 9);
    case 3:
        return WDSocketDetach(pick_socket(c));
    case 4:
    case 5:
    case 6:
    case 7:
        return next_events(c, pick(c, QUEUES), pick_time(c));
    case 8:
        return WDSocketSetCallback(pick(c, QUEUES), one_in(c, 2) ? called_back : NULL, &closes_all);
    case 9:
        return WDSocketDescriptor(pick(c, QUEUES));
    case 10:
        return WDSocketGroupJoin(pick(c, STREAMS), pick_group(c));
    case 11:
        return WDSocketGroupLeave(pick(c, STREAMS), pick_group(c));
    default:
        return WDSocketGroupPublish(pick(c, SERVERS), pick_group(c), data, pick_length(c));
    }
}

/* What came, as it may have come: few different bytes, so that much of it fits something. */
static int32_t guess(caller *c, char *buffer, int32_t capacity)
{
    static const unsigned char few[] = {0, 1, 2, 3, 5, '\r', '\n', '$', '*', ':', '1', 'A', 0x7e, 0xc0};
    unsigned char came[600];
    int32_t length = (int32_t)below(c, sizeof came + 1), i;

    for (i = 0; i < length; i++)
        came[i] = ANY(c, few);
    return WDSocketGuess(one_in(c, 12) ? NULL : came, one_in(c, 20) ? -2 : length, buffer, capacity);
}

static int32_t knows(caller *c, char *buffer, int32_t capacity)
{
    switch (below(c, 15)) {
    case 0:
        return WDSocketErrorInfo(one_in(c, 2) ? 0 : pick_socket(c), 4001 + (int32_t)below(c, 7), buffer, capacity);
    case 1:
        return WDSocketErrorText(-(int32_t)below(c, 120), 4001 + (int32_t)below(c, 3), buffer, capacity);
    case 2:
        return WDSocketClientInfo(pick_socket(c), one_in(c, 3) ? 4040 + (int32_t)below(c, 21) : 4010 + (int32_t)below(c, 5), buffer, capacity);
    case 3:
        return WDSocketLocalInfo(pick_socket(c), 4010 + (int32_t)below(c, 5), buffer, capacity);
    case 4:
        return WDSocketSSLInfo(pick_socket(c), 4020 + (int32_t)below(c, 20), (int32_t)below(c, 4) - 1, buffer, capacity);
    case 5:
        return WDSocketName(pick_socket(c), buffer, capacity);
    case 6:
        return WDSocketFind(pick_name(c));
    case 7:
        return WDSocketExist(pick_socket(c));
    case 8:
        return WDSocketState(pick_socket(c));
    case 9:
        return list(c);
    case 10:
    case 11:
        return get_number(c);
    case 12:
        return WDSocketVersion();
    case 13:
        return guess(c, buffer, capacity);
    default:
        return get_text(c, buffer, capacity);
    }
}

static int32_t ends(caller *c)
{
    static const int32_t odd[] = {0, 1, -1, INT_MAX};

    switch (below(c, 11)) {
    case 0:
        return WDSocketMessageFree(one_in(c, 2) ? (void *)(intptr_t)ANY(c, odd) : __atomic_exchange_n(&messages[below(c, SLOTS)], NULL, __ATOMIC_SEQ_CST));
    case 1:
        return WDSocketDeny(pick(c, SERVERS));
    case 2:
        return WDSocketWaitForConnection(pick(c, SERVERS), pick_time(c));
    case 3:
        return WDSocketStartSSL(pick(c, STREAMS), (int32_t)below(c, 3), pick_bits(c), pick_certificate(c), NULL, pick_time(c));
    case 4:
        return WDSocketStopSSL(pick(c, STREAMS), pick_time(c));
    case 5:
    case 6:
        return WDSocketCancel(pick_socket(c));
    case 7:
        if (!one_in(c, 4))
            return WDSocketWakeup(0);
        WDSocketWakeup(1);
        return one_in(c, 2) ? WDSocketWakeup(0) : next_events(c, pick(c, QUEUES), pick_time(c));
    case 8:
        return WDSocketClose(one_in(c, 3) ? pick(c, TIMERS) : pick_socket(c));
    case 9:
        return WDSocketCloseEx(pick_socket(c), (int32_t)below(c, 4), pick_time(c));
    default:
        return closes_all && one_in(c, 6) ? WDSocketCloseAll() : WDSocketErrorCode(0, WDS_INFO_SYSTEM);
    }
}

static void call(caller *c)
{
    static const int32_t rooms[] = {0, 1, 20, 300, ROOM, ROOM};
    int32_t capacity = ANY(c, rooms), result;
    unsigned char *buffer = one_in(c, 12) ? NULL : c->buffer;

    c->buffer[capacity] = CANARY;
    switch (below(c, 20)) {
    case 0:
    case 1:
    case 2:
    case 3:
        result = opens(c);
        break;
    case 4:
    case 5:
    case 6:
    case 7:
        result = exchanges(c, buffer, one_in(c, 30) ? -1 : capacity);
        CHECK(c->buffer[capacity] == CANARY);
        break;
    case 8:
    case 9:
    case 10:
        result = tells(c);
        break;
    case 11:
        result = knows(c, (char *)buffer, one_in(c, 30) ? -1 : capacity);
        CHECK(c->buffer[capacity] == CANARY);
        break;
    case 12:
        result = set_option(c);
        break;
    case 13:
        result = set_text(c);
        break;
    case 14:
    case 15:
        result = ends(c);
        break;
    default:
        result = exchanges(c, buffer, capacity);
        break;
    }
    CHECK(result != WDS_E_INTERNAL);
    CHECK(result != WDS_E_FORKED);
    CHECK(result != WDS_E_DESCRIPTORS);
}

/* Any function may be called in a callback too. */
static void WDSOCKET_CALL called_back(const int32_t *event, void *user)
{
    caller *c = (caller *)malloc(sizeof *c);

    CHECK(user == &closes_all);
    begin_at(c, ((uint64_t)(uint32_t)event[6] << 32) + (uint32_t)event[5]);
    if (event[1] == WDS_EVENT_ACCEPTED)
        keep(c, STREAMS, event[0]);
    if (event[1] == WDS_EVENT_MESSAGE)
        takes(event[0]);
    call(c);
    free(c);
}

typedef struct {
    uint64_t seed;
    int calls;
} order;

static int32_t calls_at_random(void *argument)
{
    order *o = (order *)argument;
    caller *c = (caller *)malloc(sizeof *c);
    int i;

    begin_at(c, o->seed);
    for (i = 0; i < o->calls; i++)
        call(c);
    free(c);
    return 0;
}

/* ---- before and after ---- */

#ifdef H_UNIX
#define MOST_DESCRIPTORS 4096

/* What a descriptor is; "" for one that is closed. */
static const char *target_of(int number)
{
    static char target[256];
    char path[64];
    ssize_t length;

    snprintf(path, sizeof path, "/proc/self/fd/%d", number);
    length = readlink(path, target, sizeof target - 1);
    target[length > 0 ? length : 0] = 0;
    return target;
}

/* A call that ends the log waits a second at most; on a busy machine its file is closed later. */
static int log_is_open(void)
{
    int number;

    for (number = 0; number < MOST_DESCRIPTORS; number++)
        if (strstr(target_of(number), "random.log"))
            return 1;
    return 0;
}
#else
static int log_is_open(void) { return 0; }
#endif

/* Keeps which descriptors are open, or counts those that have changed since. */
static int descriptors(int keeps)
{
    int changed = 0;
#ifdef H_UNIX
    static int held[MOST_DESCRIPTORS];
    int number;

    for (number = 0; number < MOST_DESCRIPTORS; number++) {
        int open = fcntl(number, F_GETFD) >= 0;

        if (keeps)
            held[number] = open;
        if (open == held[number])
            continue;
        changed++;
        printf("      descriptor %d is %s %s\n", number, open ? "open:" : "closed", target_of(number));
    }
#else
    (void)keeps;
#endif
    return changed;
}

static void prepare(void)
{
    static int prepared;
    uint32_t i;

    if (prepared++)
        return;
    memset(data, 'x', MUCH - 1);
    log_path = h_temp_path("random.log");
    key_path = h_temp_path("random.keys");
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_WRITE_TIMEOUT, 20));
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_CLOSE_TIMEOUT, 100));
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_RESOLVE_TIMEOUT, 50));
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, 100));
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_DNS_SERVER, "127.0.0.1:9"));
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_AUTHORITIES, cert("root.crt")));
    for (i = 0; i < COUNT(integers); i++)
        if (WDSocketGetOption(0, integers[i].option, &defaults[i]) != WDS_OK)
            defaults[i] = INT_MIN;
    CHECK_OK(WDSocketClose(WDSocketNew(NULL)));
    CHECK_OK(WDSocketCloseAll());
    descriptors(1); /* what the library keeps by design is open from its first call on */
}

static void restore(void)
{
    uint32_t i;

    CHECK_OK(WDSocketWakeup(0));
    for (i = 0; i < COUNT(integers); i++)
        if (defaults[i] != INT_MIN)
            WDSocketSetOption(0, integers[i].option, defaults[i]);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LOG_FILE, ""));
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_KEY_LOG, ""));
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
}

static void random_calls(uint64_t seed, int with_close_all)
{
    static const int32_t zero[] = {WDS_NUM_SOCKETS, WDS_NUM_TOKENS, WDS_NUM_GOROUTINES, WDS_NUM_DESCRIPTORS, WDS_NUM_BUFFERED_BYTES};
    order orders[CALLERS];
    h_thread *threads[CALLERS];
    int64_t figures[COUNT(zero)];
    uint32_t i;

    prepare();
    closes_all = with_close_all;
    for (i = 0; i < CALLERS; i++) {
        orders[i].seed = seed * CALLERS + i;
        orders[i].calls = h_rounds(CALLS);
        threads[i] = h_start(calls_at_random, &orders[i]);
    }
    for (i = 0; i < CALLERS; i++)
        h_join(threads[i]);
    restore();
    CHECK_OK(WDSocketCloseAll());
    for (i = 0; i < COUNT(zero); i++) /* at once, all of them before any is judged */
        figures[i] = h_number(0, zero[i]);
    CHECK_EQ(figures[0], 0);
    CHECK_EQ(figures[1], 0);
    CHECK_EQ(figures[2], 0);
    CHECK_EQ(figures[3], 0);
    CHECK_EQ(figures[4], 0);
    WAIT_UNTIL(!log_is_open());
    CHECK_EQ(descriptors(0), 0);
    h_remove(log_path);
    h_remove(key_path);
}

TEST(seed_1) { random_calls(1, 0); }
TEST(seed_2) { random_calls(2, 0); }
TEST(seed_3) { random_calls(3, 0); }
TEST(seed_4_with_close_all) { random_calls(4, 1); }

TEST(seed_of_this_run)
{
    const char *given = getenv("CTEST_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)h_now_us() % 1000000000u;

    printf("  seed %llu\n", (unsigned long long)seed);
    fflush(stdout);
    random_calls(seed, 0);
}
