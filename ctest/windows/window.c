/*
 * window.c - queues that tell a window: a message-only window whose procedure
 * fetches the events, as a WINDEV program does with Event().
 */
#include "harness.h"

#include <windows.h>

#define BATCH 16
#define CLIENTS 200
#define EVENTS_READY (WM_APP + 7)

/* What the window's procedure shares with the tests; all in one thread but for posts. */
static struct {
    int32_t queue;
    int capacity;               /* events that one drain takes */
    int posts, empty;           /* messages that came, and those that found nothing */
    int left;                   /* drains that took all they had room for: more may be left */
    int events, accepted, messages, ended, timers, wrong;
    char heard[CLIENTS];
} desk;

static void handle(const h_event *e)
{
    char text[64];
    int32_t length, who;

    desk.events++;
    if (e->queue != desk.queue)
        desk.wrong++;
    switch (e->kind) {
    case WDS_EVENT_ACCEPTED:
        desk.accepted++;
        break;
    case WDS_EVENT_MESSAGE:
        length = WDSocketRead(e->socket, text, (int32_t)sizeof text, 0);
        who = length > 0 ? atoi(text) : -1;
        if (length != e->value || who < 0 || who >= CLIENTS || WDSocketWrite(e->socket, text, length) != length) {
            desk.wrong++;
            break;
        }
        desk.messages++;
        desk.heard[who]++;
        break;
    case WDS_EVENT_TIMER:
        desk.timers++;
        break;
    case WDS_EVENT_PEER_CLOSED:
    case WDS_EVENT_RESET:
        desk.ended++;
        WDSocketClose(e->socket);
        break;
    default:
        desk.wrong++;
    }
}

/* Takes what there is once; what it leaves is told by another message. */
static void drain(void)
{
    h_event events[BATCH];
    int32_t count = WDSocketNextEvents(desk.queue, 0, events, (int32_t)sizeof events[0], desk.capacity), i;

    if (count == WDS_E_TIMEOUT) {
        desk.empty++;
        return;
    }
    if (count < 0) {
        desk.wrong++;
        return;
    }
    if (count == desk.capacity)
        desk.left++;
    for (i = 0; i < count; i++)
        handle(&events[i]);
}

static void told(void *window, uintptr_t queue, intptr_t second)
{
    (void)window;
    desk.posts++;
    if ((int32_t)queue != desk.queue || second != 0)
        desk.wrong++;
    drain();
}

static HWND open_window(void)
{
    memset(&desk, 0, sizeof desk);
    desk.capacity = BATCH;
    return (HWND)h_window_new(EVENTS_READY, told);
}

/* Runs the message loop until the condition holds, for at most a minute. */
#define PUMP_UNTIL(condition)                                                        \
    do {                                                                             \
        int64_t pump_start = h_now_us();                                             \
        while (!(condition) && !h_overdue(pump_start, 60000))                        \
            h_window_pump(200);                                                      \
        CHECK(condition);                                                            \
    } while (0)

typedef struct {
    int port, rounds, good;
} crowd;

static int32_t run_crowd(void *argument)
{
    crowd *c = (crowd *)argument;
    static int32_t clients[CLIENTS];
    char text[64], answer[64];
    int i, round;

    for (i = 0; i < CLIENTS; i++)
        clients[i] = WDSocketConnect(NULL, c->port, "127.0.0.1", 30000);
    for (round = 0; round < c->rounds; round++) {
        for (i = 0; i < CLIENTS; i++)
            WDSocketWrite(clients[i], text, (int32_t)sprintf(text, "%d round %d", i, round));
        for (i = 0; i < CLIENTS; i++) {
            int32_t length = (int32_t)sprintf(text, "%d round %d", i, round);

            if (WDSocketRead(clients[i], answer, (int32_t)sizeof answer, 60000) == length && memcmp(answer, text, (size_t)length) == 0)
                c->good++;
        }
    }
    for (i = 0; i < CLIENTS; i++)
        WDSocketClose(clients[i]);
    return 0;
}

TEST(two_hundred_clients)
{
    HWND window = open_window();
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");
    crowd c = {0, 3, 0};
    h_thread *thread;
    int i, deaf = 0;

    REQUIRE(CHECK(window != NULL));
    desk.queue = WDSocketNewQueue();
    CHECK_OK(WDSocketSetWindow(desk.queue, window, EVENTS_READY));
    CHECK_OK(WDSocketAttach(desk.queue, server, WDS_ATTACH_MANAGE));
    c.port = h_port(server);
    thread = h_start(run_crowd, &c);
    PUMP_UNTIL(desk.ended == CLIENTS);
    h_join(thread);
    CHECK_EQ(c.good, c.rounds * CLIENTS);
    CHECK_EQ(desk.accepted, CLIENTS);
    CHECK_EQ(desk.messages, c.rounds * CLIENTS);
    for (i = 0; i < CLIENTS; i++)
        deaf += desk.heard[i] != c.rounds;
    CHECK_EQ(deaf, 0);
    CHECK_EQ(desk.wrong, 0);
    /* One message for each time that events came to an empty queue, and one
     * for each drain that left some: never more than there were events, twice. */
    CHECK(desk.posts <= 2 * desk.events + 1);
    printf("    %d events by %d messages, of which %d found nothing\n", desk.events, desk.posts, desk.empty);
    CHECK_OK(WDSocketClose(server));
    CHECK_OK(WDSocketClose(desk.queue));
    h_window_free(window);
}

TEST(one_message_until_it_is_drained)
{
    HWND window = open_window();
    int i;

    REQUIRE(CHECK(window != NULL));
    desk.queue = WDSocketNewQueue();
    desk.capacity = 4;
    CHECK_OK(WDSocketSetWindow(desk.queue, window, EVENTS_READY));
    for (i = 0; i < 10; i++)
        CHECK_GE(WDSocketNewTimer(desk.queue, 0, 0, i), 1);
    PUMP_UNTIL(desk.timers == 10);
    /* Ten events, four at a time: each message but the first follows a drain
     * that left some, or an event that came to an empty queue. */
    CHECK(desk.posts >= 3);
    CHECK(desk.posts <= 21);
    CHECK_EQ(desk.wrong, 0);
    i = desk.posts;
    h_window_pump(100); /* nothing more comes by itself */
    h_window_pump(100);
    CHECK(desk.posts <= i + 1);
    CHECK_OK(WDSocketClose(desk.queue));
    h_window_free(window);
}

/* What is in the queue when the window is named is told too. */
TEST(events_that_wait_already)
{
    HWND window = open_window();
    h_pair pair;

    REQUIRE(CHECK(window != NULL));
    REQUIRE(h_pair_open(&pair));
    desk.queue = WDSocketNewQueue();
    CHECK_OK(WDSocketAttach(desk.queue, pair.channel, WDS_ATTACH_PLAIN));
    CHECK_EQ(WDSocketWrite(pair.client, "0", 1), 1);
    CHECK_OK(WDSocketSetWindow(desk.queue, window, EVENTS_READY));
    PUMP_UNTIL(desk.messages == 1);
    CHECK_OK(WDSocketSetWindow(desk.queue, window, EVENTS_READY + 1)); /* another message: the procedure does not know it */
    CHECK_EQ(WDSocketWrite(pair.client, "1", 1), 1);
    PUMP_UNTIL(desk.messages == 1);
    CHECK_OK(WDSocketSetWindow(desk.queue, window, EVENTS_READY));
    PUMP_UNTIL(desk.messages == 2);
    CHECK_EQ(desk.wrong, 0);
    CHECK_OK(WDSocketClose(desk.queue));
    h_pair_close(&pair);
    h_window_free(window);
}

TEST(told_no_more)
{
    HWND window = open_window();
    h_event e;
    int before;

    REQUIRE(CHECK(window != NULL));
    desk.queue = WDSocketNewQueue();
    CHECK_OK(WDSocketSetWindow(desk.queue, window, EVENTS_READY));
    CHECK_GE(WDSocketNewTimer(desk.queue, 0, 0, 1), 1);
    PUMP_UNTIL(desk.timers == 1);
    CHECK_OK(WDSocketSetWindow(desk.queue, NULL, 0));
    h_window_pump(0);
    before = desk.posts;
    CHECK_GE(WDSocketNewTimer(desk.queue, 0, 0, 2), 1);
    CHECK_EQ(WDSocketNextEvents(desk.queue, 20000, &e, (int32_t)sizeof e, 1), 1); /* it waits again as it did */
    CHECK_EQ(e.user, 2);
    h_window_pump(50);
    CHECK_EQ(desk.posts, before);
    CHECK_OK(WDSocketClose(desk.queue));
    h_window_free(window);
}

/* A window that is gone does no harm: the events stay and can be fetched. */
TEST(a_window_that_is_gone)
{
    HWND window = open_window();
    h_pair pair;
    h_event e;
    int i;

    REQUIRE(CHECK(window != NULL));
    REQUIRE(h_pair_open(&pair));
    desk.queue = WDSocketNewQueue();
    CHECK_OK(WDSocketSetWindow(desk.queue, window, EVENTS_READY));
    CHECK_OK(WDSocketAttach(desk.queue, pair.channel, WDS_ATTACH_PLAIN));
    h_window_free(window);
    for (i = 0; i < 50; i++)
        CHECK_EQ(WDSocketWrite(pair.client, "still here", 10), 10);
    for (i = 0; i < 50; i++) {
        char text[20];

        REQUIRE(CHECK_EQ(WDSocketNextEvents(desk.queue, 20000, &e, (int32_t)sizeof e, 1), 1));
        CHECK_EQ(e.kind, WDS_EVENT_MESSAGE);
        CHECK_EQ(WDSocketRead(e.socket, text, 20, 0), 10);
    }
    CHECK_CODE(WDSocketSetWindow(desk.queue, window, EVENTS_READY), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketClose(desk.queue));
    h_pair_close(&pair);
}

/* The window's thread is busy: its messages do not pile up. */
TEST(messages_do_not_pile_up)
{
    HWND window = open_window();
    h_half half;
    MSG message;
    int i, found = 0;

    REQUIRE(CHECK(window != NULL));
    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_END_TAG, "\n", 1));
    desk.queue = WDSocketNewQueue();
    CHECK_OK(WDSocketSetWindow(desk.queue, window, EVENTS_READY));
    CHECK_OK(WDSocketAttach(desk.queue, half.socket, WDS_ATTACH_PLAIN));
    for (i = 0; i < 100; i++)
        CHECK(h_send_chunks(half.raw, "5\n", 2, 2, i % 10 == 0 ? 5 : 0));
    WAIT_UNTIL(PeekMessageA(&message, window, EVENTS_READY, EVENTS_READY, PM_NOREMOVE));
    h_sleep(100);
    while (PeekMessageA(&message, window, EVENTS_READY, EVENTS_READY, PM_REMOVE))
        found++;
    CHECK_EQ(found, 1);
    SendMessageA(window, EVENTS_READY, (WPARAM)desk.queue, 0);
    PUMP_UNTIL(desk.messages == 100);
    CHECK_EQ(desk.heard[5], 100);
    CHECK_OK(WDSocketClose(desk.queue));
    h_half_close(&half);
    h_window_free(window);
}

TEST(arguments)
{
    HWND window = open_window();
    int32_t socket = WDSocketNew(NULL);

    REQUIRE(CHECK(window != NULL));
    desk.queue = WDSocketNewQueue();
    CHECK_CODE(WDSocketSetWindow(desk.queue, window, 0), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetWindow(desk.queue, window, -1), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetWindow(desk.queue, window, 65536), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetWindow(desk.queue, (void *)(intptr_t)12345, EVENTS_READY), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetWindow(socket, window, EVENTS_READY), WDS_E_KIND);
    CHECK_CODE(WDSocketSetWindow(0, window, EVENTS_READY), WDS_E_HANDLE);
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketClose(desk.queue));
    CHECK_CODE(WDSocketSetWindow(desk.queue, window, EVENTS_READY), WDS_E_HANDLE);
    h_window_free(window);
}
