/*
 * asynchronous.c - wdSocketOn of the WLanguage module, step by step in C: one queue for
 * each window, a message to the window when there are events (on Linux the queue's
 * descriptor), one event fetched at a time, and a procedure called for it that the
 * socket's number says.  hosts/windev/wdsocket.wl has the same steps under the same names.
 */
#ifdef __linux__
#define _POSIX_C_SOURCE 200112L
#endif
#include "harness.h"

#ifndef _WIN32
#include <poll.h>
#endif

enum { OPENING = 1, MESSAGE, CLOSING, FAILING };
#define TURNS 256   /* events that one message to a window brings at most */
#define ROOM 4096   /* what is longer is read into a buffer of its length */
#define WINDOWS 2
#define EVENTS_READY 33351

typedef void (*procedure)(int32_t socket, const char *message, int32_t length, int event);

static procedure procedures[8];
static int32_t queues[WINDOWS]; /* of the windows, 0 for none */
static int messages_to[WINDOWS];

/* ---- the layer ---- */

static void tell_message(int32_t socket, procedure call)
{
    char shorter[ROOM + 1], *longer = NULL;
    int32_t length = WDSocketRead(socket, shorter, ROOM, 0), code;

    if (length == WDS_E_BUFFER && (length = WDSocketRead(socket, NULL, 0, 0)) > 0 && (longer = malloc((size_t)length + 1)) != NULL)
        length = WDSocketRead(socket, longer, length, 0);
    code = WDSocketErrorCode(0, WDS_INFO_CODE);
    if (length >= 0)
        call(socket, longer ? longer : shorter, length, MESSAGE);
    else if (code != WDS_E_TIMEOUT && code != WDS_E_HANDLE && code != WDS_E_CLOSED)
        call(socket, h_error(0, WDS_INFO_MESSAGE), 0, FAILING);
    free(longer);
}

static void tell(const h_event *e)
{
    procedure call = e->user > 0 && e->user < 8 ? procedures[e->user] : NULL;

    if (!CHECK(call != NULL))
        return;
    switch (e->kind) {
    case WDS_EVENT_ACCEPTED:
    case WDS_EVENT_CONNECTED:
    case WDS_EVENT_RECONNECTED:
        call(e->socket, "", 0, OPENING);
        break;
    case WDS_EVENT_MESSAGE:
        tell_message(e->socket, call);
        break;
    case WDS_EVENT_PEER_CLOSED:
    case WDS_EVENT_RESET:
    case WDS_EVENT_TIMEOUT:
        call(e->socket, h_error(e->socket, WDS_INFO_MESSAGE), 0, e->kind == WDS_EVENT_PEER_CLOSED ? CLOSING : FAILING);
        WDSocketClose(e->socket);
        break;
    case WDS_EVENT_ERROR:
        call(e->socket, h_error(e->socket, WDS_INFO_MESSAGE), 0, FAILING);
        if (e->detail >= WDS_SCOPE_CONNECTION)
            WDSocketClose(e->socket);
        break;
    }
}

static void dispatch(void)
{
    int i, turn;
    h_event e;

    for (i = 0; i < WINDOWS; i++)
        for (turn = 0; queues[i] > 0 && turn < TURNS && WDSocketNextEvents(queues[i], 0, &e, (int32_t)sizeof e, 1) == 1; turn++)
            tell(&e);
}

#ifdef _WIN32
static void *handles[WINDOWS];

static void told(void *window, uintptr_t first, intptr_t second)
{
    int i;

    (void)first, (void)second;
    for (i = 0; i < WINDOWS; i++)
        messages_to[i] += window == handles[i];
    dispatch();
}

static int watch(int window)
{
    if (handles[window] == NULL)
        handles[window] = h_window_new(EVENTS_READY, told);
    return CHECK(handles[window] != NULL) && CHECK_OK(WDSocketSetWindow(queues[window], handles[window], EVENTS_READY));
}

#define pump h_window_pump
#else
static int watch(int window) { return CHECK_GE(WDSocketDescriptor(queues[window]), 0); }

static void pump(int ms)
{
    struct pollfd p[WINDOWS];
    int i, count = 0, ready = 0;

    for (i = 0; i < WINDOWS; i++)
        if (queues[i] > 0) {
            p[count].fd = WDSocketDescriptor(queues[i]);
            p[count].revents = 0;
            p[count++].events = POLLIN;
        }
    if (poll(p, (nfds_t)count, ms) > 0)
        for (i = 0; i < count; i++) {
            messages_to[i] += p[i].revents != 0;
            ready += p[i].revents != 0;
        }
    if (ready > 0)
        dispatch();
}
#endif

/* The message loop of the program, until the condition holds. */
#define PUMP_UNTIL(condition)                                         \
    do {                                                              \
        int64_t pump_start = h_now_us();                              \
        while (!(condition) && !h_overdue(pump_start, 60000))         \
            pump(100);                                                \
        CHECK(condition);                                             \
    } while (0)

static int on(int32_t socket, procedure call, int window)
{
    int number = 1;

    if (queues[window] == 0) {
        queues[window] = WDSocketNewQueue();
        if (!watch(window))
            return 0;
    }
    while (procedures[number] != NULL && procedures[number] != call)
        number++;
    procedures[number] = call;
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_USER_NUMBER, number));
    if (h_option(socket, WDS_OPT_SEND_QUEUE) == 0)
        WDSocketSetOption(socket, WDS_OPT_SEND_QUEUE, 1048576);
    WDSocketDetach(socket);
    return CHECK_OK(WDSocketAttach(queues[window], socket, WDS_ATTACH_MANAGE));
}

static int off(int32_t socket)
{
    int32_t clients[64], count = WDSocketList(socket, clients, 64), i;

    for (i = 0; i < count; i++)
        WDSocketDetach(clients[i]);
    return CHECK_OK(WDSocketDetach(socket));
}

/* ---- the programs ---- */

static struct {
    int opened, said, closed, failed, depth, deepest;
    int32_t last, length; /* the last socket, and the length of the last message */
    char order[4096];     /* the first characters of all messages */
    int numbers, wrong;   /* of messages that count themselves */
} heard;

static void begin(void)
{
    memset(&heard, 0, sizeof heard);
    memset(procedures, 0, sizeof procedures);
    memset(messages_to, 0, sizeof messages_to);
}

static void end(void)
{
    int i;

    for (i = 0; i < WINDOWS; i++) {
        if (queues[i] > 0)
            CHECK_OK(WDSocketClose(queues[i]));
        queues[i] = 0;
    }
}

static void note(int32_t socket, const char *message, int32_t length, int event)
{
    heard.last = socket;
    heard.opened += event == OPENING;
    heard.closed += event == CLOSING;
    heard.failed += event == FAILING;
    if (event == MESSAGE) {
        if (heard.said < (int)sizeof heard.order - 1)
            heard.order[heard.said] = length > 0 ? message[0] : '-';
        heard.said++;
        heard.length = length;
    } else if (event != OPENING) {
        CHECK(message[0] != 0); /* why */
        CHECK_EQ(WDSocketExist(socket), 1);
    }
}

static void echo(int32_t socket, const char *message, int32_t length, int event)
{
    note(socket, message, length, event);
    if (event == OPENING)
        CHECK_CODE(WDSocketWrite(socket, "welcome", 7), 7);
    if (event == MESSAGE)
        CHECK_CODE(WDSocketWrite(socket, message, length), length);
}

/* Opens a dialogue at the first message: the window's messages go on being handled. */
static void with_a_dialogue(int32_t socket, const char *message, int32_t length, int event)
{
    note(socket, message, length, event);
    if (event == MESSAGE && message[0] == '1')
        PUMP_UNTIL(heard.said == 4);
}

static void counting(int32_t socket, const char *message, int32_t length, int event)
{
    note(socket, message, length, event);
    if (event == MESSAGE)
        heard.wrong += atoi(message) != heard.numbers++;
}

static void closing_itself(int32_t socket, const char *message, int32_t length, int event)
{
    note(socket, message, length, event);
    if (event == MESSAGE)
        CHECK_OK(WDSocketClose(socket));
}

static int32_t server_on(int *port)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");

    CHECK_GE(server, 1);
    *port = h_port(server);
    return server;
}

TEST(a_server_and_its_clients)
{
    static char long_text[70000];
    char *got = malloc(sizeof long_text);
    int port, i;
    int32_t server = server_on(&port), clients[3];

    begin();
    REQUIRE(CHECK(got != NULL));
    memset(long_text, 'x', sizeof long_text);
    REQUIRE(on(server, echo, 0));
    for (i = 0; i < 3; i++)
        clients[i] = WDSocketConnect(NULL, port, "127.0.0.1", 20000);
    PUMP_UNTIL(heard.opened == 3);
    for (i = 0; i < 3; i++) {
        CHECK_BYTES(got, WDSocketRead(clients[i], got, (int32_t)sizeof long_text, 20000), "welcome", 7);
        CHECK_CODE(WDSocketWrite(clients[i], long_text, (int32_t)sizeof long_text), (int32_t)sizeof long_text);
        CHECK_CODE(WDSocketWrite(clients[i], "", 0), 0);
    }
    PUMP_UNTIL(heard.said == 6);
    for (i = 0; i < 3; i++) {
        CHECK_BYTES(got, WDSocketRead(clients[i], got, (int32_t)sizeof long_text, 20000), long_text, (int32_t)sizeof long_text);
        CHECK_CODE(WDSocketRead(clients[i], got, (int32_t)sizeof long_text, 20000), 0);
    }
    CHECK_OK(WDSocketClose(clients[0]));
    PUMP_UNTIL(heard.closed == 1);
    CHECK_EQ(WDSocketExist(heard.last), 0); /* closed behind the procedure */
    CHECK_OK(WDSocketCloseEx(clients[1], WDS_CLOSE_ABORT, 0));
    PUMP_UNTIL(heard.failed == 1);
    CHECK_EQ(WDSocketExist(heard.last), 0);
    CHECK_EQ(h_number(server, WDS_NUM_CLIENTS), 1);
    CHECK_OK(WDSocketCloseEx(server, WDS_CLOSE_CLIENTS, 0));
    CHECK_CODE(WDSocketRead(clients[2], got, 1, 20000), WDS_E_PEER_CLOSED);
    dispatch();
    CHECK_EQ(heard.closed + heard.failed, 2); /* none of what the program has closed */
    CHECK_OK(WDSocketClose(clients[2]));
    end();
    free(got);
}

TEST(a_client_that_does_not_wait)
{
    int port;
    int32_t server = server_on(&port), client = WDSocketNew(NULL), other = WDSocketNew(NULL);
    h_sock refuses;

    begin();
    REQUIRE(on(server, echo, 0));
    REQUIRE(on(client, note, 0));
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT, port, "127.0.0.1", 0));
    PUMP_UNTIL(heard.opened == 2 && heard.said == 1);
    CHECK_EQ(heard.order[0], 'w');
    CHECK_OK(WDSocketCloseEx(server, WDS_CLOSE_CLIENTS, 0));
    PUMP_UNTIL(heard.closed == 1);
    CHECK_EQ(WDSocketExist(client), 0);
    REQUIRE(on(other, note, 0));
    refuses = h_refuse("127.0.0.1", &port);
    REQUIRE(CHECK(refuses != H_NO_SOCK));
    CHECK_OK(WDSocketOpen(other, WDS_KIND_CLIENT, port, "127.0.0.1", 0));
    PUMP_UNTIL(heard.failed == 1 || heard.opened > 2);
    CHECK_EQ(heard.opened, 2);
    CHECK_EQ(WDSocketExist(other), 0);
    h_close(refuses);
    end();
}

TEST(a_dialogue_keeps_the_order)
{
    h_pair pair;

    begin();
    REQUIRE(h_pair_open(&pair));
    CHECK_CODE(WDSocketWrite(pair.client, "1", 1), 1);
    CHECK_CODE(WDSocketWrite(pair.client, "2", 1), 1);
    REQUIRE(on(pair.channel, with_a_dialogue, 0));
    CHECK_CODE(WDSocketWrite(pair.client, "3", 1), 1);
    CHECK_CODE(WDSocketWrite(pair.client, "4", 1), 1);
    PUMP_UNTIL(heard.said == 4);
    CHECK_TEXT(heard.order, "1234");
    end();
    h_pair_close(&pair);
}

TEST(many_messages_at_once)
{
    enum { MANY = 3 * TURNS };
    h_pair pair;
    char text[16];
    int i;

    begin();
    REQUIRE(h_pair_open(&pair));
    for (i = 0; i < MANY; i++)
        CHECK_GE(WDSocketWrite(pair.client, text, (int32_t)sprintf(text, "%d", i)), 1);
    REQUIRE(on(pair.channel, counting, 0));
    PUMP_UNTIL(heard.said == MANY);
    CHECK_EQ(heard.wrong, 0);
    end();
    h_pair_close(&pair);
}

TEST(nothing_follows_a_close_or_off)
{
    h_pair pair, other;
    char got[4];

    begin();
    REQUIRE(h_pair_open(&pair) && h_pair_open(&other));
    CHECK_CODE(WDSocketWrite(pair.client, "a", 1), 1);
    CHECK_CODE(WDSocketWrite(pair.client, "b", 1), 1);
    REQUIRE(on(pair.channel, closing_itself, 0));
    PUMP_UNTIL(heard.said == 1);
    REQUIRE(on(other.channel, note, 0));
    REQUIRE(off(other.channel));
    CHECK_CODE(WDSocketWrite(other.client, "c", 1), 1);
    WAIT_UNTIL(WDSocketAvailable(other.channel) == 1);
    dispatch();
    CHECK_EQ(heard.said, 1);
    CHECK_BYTES(got, WDSocketRead(other.channel, got, (int32_t)sizeof got, 20000), "c", 1);
    REQUIRE(on(other.server, note, 0)); /* and a server with its clients */
    REQUIRE(off(other.server));
    REQUIRE(on(other.channel, note, 1)); /* again, in another window */
    CHECK_CODE(WDSocketWrite(other.client, "d", 1), 1);
    PUMP_UNTIL(heard.said == 2);
    CHECK_EQ(heard.order[1], 'd');
    CHECK_GE(messages_to[1], 1);
    end();
    CHECK_OK(WDSocketClose(pair.client));
    CHECK_OK(WDSocketClose(pair.server));
    h_pair_close(&other);
}
