/*
 * events.c - one thread that serves many sockets: queues, managed servers,
 * timers and send queues.
 *
 * CTEST_EVENT_CLIENTS changes the number of clients of the large test.
 */
#include "harness.h"

#define BATCH 64
#define LARGEST 3000

TEST(messages_and_the_end)
{
    h_half half;
    h_event e;
    char text[64];
    int32_t queue = WDSocketNewQueue();
    int i;

    REQUIRE(CHECK_GE(queue, 1));
    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_USER_NUMBER, -5));
    CHECK_OK(WDSocketAttach(queue, half.socket, WDS_ATTACH_PLAIN));
    CHECK(h_send_chunks(half.raw, "5\r\nhello0\r\n3\r\nyou", 17, 1, 1));
    for (i = 0; i < 3; i++) {
        static const char *const texts[] = {"hello", "", "you"};

        e = h_next_event(queue, 20000);
        REQUIRE(h_is_event(e, half.socket, WDS_EVENT_MESSAGE));
        CHECK_EQ(e.value, strlen(texts[i]));
        CHECK_EQ(e.user, -5);
        CHECK_EQ(e.queue, queue);
        CHECK_EQ(e.sequence, i + 1);
        CHECK_EQ(e.detail, 0);
        CHECK_EQ(WDSocketRead(half.socket, text, 64, -1), e.value);
        CHECK_TEXT(text, texts[i]);
    }
    CHECK_CODE(WDSocketRead(half.socket, text, 64, -1), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketExchange(half.socket, "x", 1, text, 64, 1000), WDS_E_BUSY);
    CHECK_EQ(h_next_event(queue, 20).kind, 0);
    h_shut_write(half.raw);
    e = h_next_event(queue, 20000);
    h_is_event(e, half.socket, WDS_EVENT_PEER_CLOSED);
    CHECK_CODE(e.code, WDS_E_PEER_CLOSED);
    CHECK_EQ(h_next_event(queue, 20).kind, 0);
    h_half_close(&half);
    CHECK_OK(WDSocketClose(queue));
    CHECK_CODE(WDSocketClose(queue), WDS_E_HANDLE);
}

TEST(records_may_be_larger)
{
    struct {
        h_event e;
        int32_t more[5];
    } records[4];
    h_half half;
    int32_t queue = WDSocketNewQueue(), count = 0;
    char text[8];
    int64_t start = h_now_us();

    REQUIRE(h_half_channel(&half));
    memset(records, 0x5a, sizeof records);
    CHECK(h_send(half.raw, "1\r\na1\r\nb1\r\nc", 12));
    CHECK_OK(WDSocketAttach(queue, half.socket, WDS_ATTACH_PLAIN));
    while (count < 3 && !h_overdue(start, H_PATIENCE)) {
        int32_t result = WDSocketNextEvents(queue, 100, records + count, (int32_t)sizeof records[0], 4 - count);

        if (result > 0)
            count += result;
    }
    CHECK_EQ(count, 3);
    CHECK_EQ(records[2].e.sequence, 3);
    CHECK_EQ(records[2].more[0], 0x5a5a5a5a);
    CHECK_EQ(records[3].e.socket, 0x5a5a5a5a);
    CHECK_OK(WDSocketDetach(half.socket));
    CHECK_CODE(WDSocketDetach(half.socket), WDS_E_STATE);
    CHECK_EQ(WDSocketRead(half.socket, text, 8, 1000), 1);
    CHECK_EQ(WDSocketRead(half.socket, text, 8, 1000), 1);
    CHECK_EQ(WDSocketRead(half.socket, text, 8, 1000), 1);
    CHECK_EQ(text[0], 'c');
    h_half_close(&half);
    WDSocketClose(queue);
}

TEST(requests_are_accepted_or_denied)
{
    int32_t queue = WDSocketNewQueue(), server = WDSocketCreate(NULL, 0, "127.0.0.1"), channel;
    h_sock first, second;

    CHECK_OK(WDSocketAttach(queue, server, WDS_ATTACH_PLAIN));
    CHECK_CODE(WDSocketAttach(queue, server, WDS_ATTACH_PLAIN), WDS_E_STATE);
    first = h_connect("127.0.0.1", h_port(server));
    h_is_event(h_next_event(queue, 20000), server, WDS_EVENT_REQUEST);
    CHECK_EQ(h_next_event(queue, 20).kind, 0);
    CHECK_OK(WDSocketDeny(server));
    CHECK_EQ(h_recv_end(first, 20000), -1);
    second = h_connect("127.0.0.1", h_port(server));
    h_is_event(h_next_event(queue, 20000), server, WDS_EVENT_REQUEST);
    channel = WDSocketAccept(server, -1);
    CHECK_GE(channel, 1);
    CHECK_CODE(WDSocketAccept(server, -1), WDS_E_TIMEOUT); /* attached: it never waits */
    h_close(first);
    h_close(second);
    WDSocketClose(channel);
    WDSocketClose(server);
    WDSocketClose(queue);
}

TEST(clients_that_are_being_opened)
{
    int32_t queue = WDSocketNewQueue(), server = WDSocketCreate(NULL, 0, "127.0.0.1"), port = h_port(server);
    int32_t client = WDSocketNew(NULL), other = WDSocketNew(NULL);
    h_event e;

    CHECK_OK(WDSocketAttach(queue, client, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT, port, "127.0.0.1", 0));
    h_is_event(h_next_event(queue, 20000), client, WDS_EVENT_CONNECTED);
    WDSocketClose(server);
    h_is_event(h_next_event(queue, 20000), client, WDS_EVENT_RESET); /* it was never accepted */
    CHECK_OK(WDSocketAttach(queue, other, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketOpen(other, WDS_KIND_CLIENT, port, "127.0.0.1", 0));
    e = h_next_event(queue, 20000);
    h_is_event(e, other, WDS_EVENT_ERROR);
    CHECK_CODE(e.code, WDS_E_REFUSED);
    WDSocketClose(client);
    WDSocketClose(other);
    WDSocketClose(queue);
}

TEST(datagrams)
{
    int32_t queue = WDSocketNewQueue(), udp = WDSocketCreateUDP(NULL, 0, "127.0.0.1"), other = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    h_event e;
    char text[16];
    int i;

    CHECK_OK(WDSocketAttach(queue, udp, WDS_ATTACH_PLAIN));
    for (i = 1; i <= 3; i++)
        CHECK_EQ(WDSocketWriteUDP(other, "abc", i, "127.0.0.1", h_port(udp)), i);
    for (i = 1; i <= 3; i++) {
        e = h_next_event(queue, 20000);
        h_is_event(e, udp, WDS_EVENT_MESSAGE);
        CHECK_EQ(e.value, i);
        CHECK_EQ(WDSocketReadUDP(udp, text, 16, -1, NULL, 0, NULL), i);
    }
    CHECK_EQ(h_next_event(queue, 20).kind, 0);
    WDSocketClose(udp);
    WDSocketClose(other);
    WDSocketClose(queue);
}

TEST(timers)
{
    int64_t begun = h_now_us();
    int32_t queue = WDSocketNewQueue(), once, again, times = 0;
    int onces = 0;

    once = WDSocketNewTimer(queue, 60, 0, 1);
    again = WDSocketNewTimer(queue, 20, 20, 2);
    REQUIRE(CHECK(once > 0 && again > 0));
    while (times < 5 || !onces) {
        h_event e = h_next_event(queue, 20000);

        REQUIRE(CHECK_EQ(e.kind, WDS_EVENT_TIMER));
        if (e.socket == once) {
            onces++;
            CHECK_EQ(e.user, 1);
            CHECK_GE(h_now_us() - begun, 60000);
        } else {
            CHECK_EQ(e.socket, again);
            CHECK_EQ(e.user, 2);
            times += e.value;
            CHECK_GE(h_now_us() - begun, times * (int64_t)20000);
        }
    }
    CHECK_EQ(onces, 1);
    CHECK_OK(WDSocketClose(again));
    CHECK_CODE(WDSocketClose(again), WDS_E_HANDLE);
    CHECK_EQ(h_next_event(queue, 60).kind, 0);
    CHECK_OK(WDSocketClose(queue));
    CHECK_OK(WDSocketClose(once));
    CHECK_CODE(WDSocketNewTimer(queue, 1, 0, 0), WDS_E_HANDLE);
}

static int32_t wait_for_events(void *argument)
{
    h_event e;
    int32_t result;

    do /* another call that checks whether this thread waits may be inside just then */
        result = WDSocketNextEvents(*(int32_t *)argument, -1, &e, (int32_t)sizeof e, 1);
    while (result == WDS_E_BUSY);
    return result;
}

/* A thread that is inside WDSocketNextEvents. */
static h_thread *blocked_asker(int32_t *queue)
{
    h_thread *thread = h_start(wait_for_events, queue);
    h_event e;

    WAIT_UNTIL(WDSocketNextEvents(*queue, 0, &e, (int32_t)sizeof e, 1) == WDS_E_BUSY);
    return thread;
}

TEST(waiting_is_ended)
{
    int32_t queue = WDSocketNewQueue();
    int64_t start;
    h_thread *thread = blocked_asker(&queue);

    start = h_now_us();
    CHECK_OK(WDSocketCancel(queue));
    CHECK_CODE(h_join(thread), WDS_E_CANCELLED);
    CHECK_PROMPT(start);
    thread = blocked_asker(&queue);
    start = h_now_us();
    CHECK_OK(WDSocketClose(queue));
    CHECK_CODE(h_join(thread), WDS_E_CLOSED);
    CHECK_PROMPT(start);
    queue = WDSocketNewQueue();
    thread = blocked_asker(&queue);
    CHECK_OK(WDSocketCloseAll());
    CHECK_CODE(h_join(thread), WDS_E_CLOSED);
    start = h_now_us();
    queue = WDSocketNewQueue();
    CHECK_EQ(h_next_event(queue, 50).kind, 0);
    CHECK_TIME(start, 50);
    WDSocketClose(queue);
}

TEST(writes_do_not_wait)
{
    static char message[100000], got[100000];
    const int limit = 1000000;
    int32_t queue = WDSocketNewQueue(), result;
    int64_t start = h_now_us();
    int count = 0, i;
    h_half half;

    REQUIRE(h_half_narrow(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_SEND_QUEUE, limit));
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_RAW, NULL, 0));
    CHECK_OK(WDSocketAttach(queue, half.socket, WDS_ATTACH_PLAIN));
    do {
        h_pattern(message, sizeof message, (uint32_t)count);
        result = WDSocketWrite(half.socket, message, sizeof message);
    } while (result >= 0 && ++count < 1000);
    CHECK_CODE(result, WDS_E_FULL);
    CHECK_PROMPT(start);
    CHECK_CODE(WDSocketFlush(half.socket, 20), WDS_E_TIMEOUT);
    for (i = 0; i < count; i++) {
        int have = 0;
        int64_t heard = h_now_us();

        while (have < (int)sizeof got) {
            int room = (int)sizeof got - have, n = h_recv(half.raw, got + have, room < 10000 ? room : 10000, 0);
            h_event e = h_next_event(queue, 1); /* the queue sends on */

            if (n > 0) {
                have += n;
                heard = h_now_us();
            }
            if (e.kind) {
                h_is_event(e, half.socket, WDS_EVENT_WRITABLE);
                CHECK_OK(WDSocketFlush(half.socket, 0));
            }
            REQUIRE(CHECK_WITHIN(heard, H_PATIENCE)); /* it goes on */
        }
        CHECK(h_pattern_ok(got, sizeof got, (uint32_t)i));
    }
    CHECK_EQ(WDSocketWrite(half.socket, "on", 2), 2);
    CHECK_OK(WDSocketFlush(half.socket, 20000));
    CHECK_EQ(h_recv(half.raw, got, 2, 20000), 2);
    h_half_close(&half);
    WDSocketClose(queue);
}

TEST(one_that_does_not_read)
{
    int32_t queue = WDSocketNewQueue();
    h_pair slow, other;
    char text[32];
    int i, reported = 0;

    REQUIRE(h_pair_open(&slow));
    REQUIRE(h_pair_open(&other));
    CHECK_OK(WDSocketSetOption(slow.client, WDS_OPT_SEND_QUEUE, 100000000));
    CHECK_OK(WDSocketAttach(queue, slow.channel, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketAttach(queue, other.channel, WDS_ATTACH_PLAIN));
    for (i = 0; i < 10000; i++)
        CHECK_EQ(WDSocketWrite(slow.client, "flood", 5), 5);
    for (i = 0; i < 100; i++) {
        CHECK_EQ(WDSocketWrite(other.client, "ping", 4), 4);
        for (;;) {
            h_event e = h_next_event(queue, 20000);

            REQUIRE(CHECK_EQ(e.kind, WDS_EVENT_MESSAGE));
            if (e.socket == other.channel)
                break;
            reported++;
        }
        CHECK_EQ(WDSocketRead(other.channel, text, 32, 0), 4);
    }
    CHECK(reported < 1000);
    for (i = 0; i < 10000; i++) {
        if (reported == 0)
            REQUIRE(h_is_event(h_next_event(queue, 20000), slow.channel, WDS_EVENT_MESSAGE));
        else
            reported--;
        CHECK_EQ(WDSocketRead(slow.channel, text, 32, 0), 5);
    }
    CHECK_EQ(h_next_event(queue, 20).kind, 0);
    h_pair_close(&slow);
    h_pair_close(&other);
    WDSocketClose(queue);
}

/* ---- many clients ---- */

typedef struct {
    int32_t queue, server, refused;
    int clients;
} echo_job;

/* The server: one thread for all of them, until every client has gone. */
static int32_t echo_server(void *argument)
{
    static char message[LARGEST];
    echo_job *job = (echo_job *)argument;
    h_event events[BATCH];
    int accepted = 0, ended = 0;

    while (ended < job->clients) {
        int32_t count = WDSocketNextEvents(job->queue, 60000, events, (int32_t)sizeof events[0], BATCH), i;

        if (count < 0)
            return count;
        for (i = 0; i < count; i++) {
            int32_t length;

            switch (events[i].kind) {
            case WDS_EVENT_ACCEPTED:
                accepted++;
                if (events[i].value != job->server)
                    return -1001;
                break;
            case WDS_EVENT_MESSAGE:
                length = WDSocketRead(events[i].socket, message, LARGEST, 0);
                if (length != events[i].value)
                    return -1002;
                if ((length = WDSocketWrite(events[i].socket, message, length)) < 0)
                    return length;
                break;
            case WDS_EVENT_PEER_CLOSED:
                ended++;
                WDSocketClose(events[i].socket);
                break;
            default:
                return -2000 - events[i].kind;
            }
        }
    }
    return accepted;
}

/* The clients: one thread for all of them too, with a queue of its own. */
static void run_clients(int32_t port, int clients, int rounds)
{
    static char message[LARGEST];
    int32_t queue = WDSocketNewQueue(), *sockets = (int32_t *)calloc((size_t)clients, sizeof *sockets);
    int *done = (int *)calloc((size_t)clients, sizeof *done);
    h_event events[BATCH];
    int open = 0, wrong = 0, i;

    for (i = 0; i < clients; i++) {
        sockets[i] = WDSocketNew(NULL);
        WDSocketSetOption(sockets[i], WDS_OPT_USER_NUMBER, i);
        WDSocketAttach(queue, sockets[i], WDS_ATTACH_PLAIN);
        if (!CHECK_OK(WDSocketOpen(sockets[i], WDS_KIND_CLIENT, port, "127.0.0.1", 30000)))
            break;
        open++;
    }
    while (open > 0 && !wrong) {
        int32_t count = WDSocketNextEvents(queue, 60000, events, (int32_t)sizeof events[0], BATCH);

        if (!CHECK_GE(count, 1))
            break;
        for (i = 0; i < count && !wrong; i++) {
            int c = events[i].user, size;

            if (events[i].kind == WDS_EVENT_MESSAGE) {
                size = WDSocketRead(sockets[c], message, LARGEST, 0);
                wrong = size != 1 + (c * 7 + done[c] * 131) % LARGEST || !h_pattern_ok(message, size, (uint32_t)(c * 1000 + done[c]));
                done[c]++;
            } else if (events[i].kind != WDS_EVENT_CONNECTED) {
                wrong = 1;
            }
            if (done[c] == rounds) {
                WDSocketClose(sockets[c]);
                open--;
            } else if (!wrong) {
                size = 1 + (c * 7 + done[c] * 131) % LARGEST;
                h_pattern(message, size, (uint32_t)(c * 1000 + done[c]));
                wrong = WDSocketWrite(sockets[c], message, size) != size;
            }
        }
    }
    CHECK(!wrong);
    CHECK_EQ(open, 0);
    for (i = 0; i < clients; i++)
        WDSocketClose(sockets[i]);
    WDSocketClose(queue);
    free(sockets);
    free(done);
}

/* How many clients, both ends of which are in this process. */
static int how_many(void)
{
    const char *setting = getenv("CTEST_EVENT_CLIENTS");
    int wanted = setting ? atoi(setting) : h_rounds(10000);
#ifdef H_UNIX
    int most = (h_raise_descriptors() - 200) / 2;

    if (wanted > most) {
        printf("       %d clients and not %d: the limit on open files allows no more\n", most, wanted);
        return most;
    }
#endif
    return wanted;
}

TEST(many_clients)
{
    echo_job job;
    h_thread *thread;

    job.clients = how_many();
    job.server = WDSocketCreate(NULL, 0, "127.0.0.1");
    job.queue = WDSocketNewQueue();
    CHECK_OK(WDSocketAttach(job.queue, job.server, WDS_ATTACH_MANAGE));
    thread = h_start(echo_server, &job);
    run_clients(h_port(job.server), job.clients, 20);
    CHECK_EQ(h_join(thread), job.clients);
    WDSocketClose(job.server);
    WDSocketClose(job.queue);
}

TEST(a_queue_that_is_left)
{
    h_pair pair;
    int32_t queue = WDSocketNewQueue();

    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketAttach(queue, pair.server, WDS_ATTACH_MANAGE));
    CHECK_OK(WDSocketAttach(queue, pair.channel, WDS_ATTACH_PLAIN));
    CHECK_GE(WDSocketNewTimer(queue, 1000, 1000, 0), 1);
    CHECK_EQ(WDSocketWrite(pair.client, "never read", 10), 10); /* and CloseAll gives it all back */
}
