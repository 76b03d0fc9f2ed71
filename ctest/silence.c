/*
 * silence.c - idle limits, messages that take too long, heartbeats, half-closed
 * connections, and programs that are killed.
 */
#ifndef _WIN32
#define _DEFAULT_SOURCE
#endif
#include "harness.h"

#ifdef H_UNIX
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

TEST(options)
{
    int32_t s = WDSocketNew(NULL);

    CHECK_EQ(h_option(s, WDS_OPT_IDLE_LIMIT), 0);
    CHECK_EQ(h_option(s, WDS_OPT_MESSAGE_LIMIT), 0);
    CHECK_EQ(h_option(s, WDS_OPT_HEARTBEAT), 0);
    CHECK_CODE(WDSocketSetOption(s, WDS_OPT_IDLE_LIMIT, 99), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetOption(s, WDS_OPT_MESSAGE_LIMIT, 99), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetOption(s, WDS_OPT_MESSAGE_LIMIT, 86400001), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_MESSAGE_LIMIT, 86400000));
    CHECK_CODE(WDSocketSetOption(s, WDS_OPT_HEARTBEAT, 99), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_PEER_GONE, 3000));
    CHECK_EQ(h_option(s, WDS_OPT_KEEPALIVE), 1);
    CHECK_EQ(h_option(s, WDS_OPT_KEEPALIVE_IDLE) + h_option(s, WDS_OPT_KEEPALIVE_INTERVAL) * h_option(s, WDS_OPT_KEEPALIVE_COUNT), 3000);
    CHECK_OK(WDSocketClose(s));
}

TEST(idle_limit_in_a_queue)
{
    h_half half;
    h_event e;
    char text[16];
    int64_t begun;
    int32_t queue = WDSocketNewQueue();

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_IDLE_LIMIT, 400));
    CHECK_OK(WDSocketAttach(queue, half.socket, WDS_ATTACH_PLAIN));
    begun = h_now_us();
    CHECK(h_send(half.raw, "1\r\nx", 4));
    CHECK_EQ(h_next_event(queue, 20000).kind, WDS_EVENT_MESSAGE);
    e = h_next_event(queue, 20000);
    CHECK_EQ(e.kind, WDS_EVENT_TIMEOUT);
    CHECK_EQ(e.value, 1);
    CHECK_CODE(e.code, WDS_E_SILENT);
    CHECK_TIME(begun, 400);
    CHECK_EQ(h_recv_end(half.raw, 20000), -1); /* a reset */
    CHECK_EQ(WDSocketRead(half.socket, text, 16, -1), 1);
    CHECK_CODE(WDSocketRead(half.socket, text, 16, -1), WDS_E_SILENT);
    CHECK_CODE(WDSocketWrite(half.socket, "x", 1), WDS_E_SILENT);
    CHECK_EQ(h_next_event(queue, 30).kind, 0);
    h_half_close(&half);
    CHECK_OK(WDSocketClose(queue));
}

TEST(idle_limit_of_a_reader)
{
    h_half half;
    char text[16];
    int64_t begun = h_now_us();

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_IDLE_LIMIT, 300));
    CHECK_CODE(WDSocketRead(half.socket, text, 16, 50), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketRead(half.socket, text, 16, -1), WDS_E_SILENT);
    CHECK_TIME(begun, 300);
    CHECK_EQ(h_recv_end(half.raw, 20000), -1);
    h_half_close(&half);
}

/* A peer that sends a byte of a message now and then, and never ends it, until it is cut off. */
static int32_t drip(void *argument)
{
    h_sock s = *(h_sock *)argument;

    while (h_send(s, "x", 1))
        h_sleep(20);
    return 0;
}

TEST(message_limit_in_a_queue)
{
    h_event e;
    char text[16];
    int64_t begun = h_now_us();
    int32_t queue = WDSocketNewQueue(), server = WDSocketCreate(NULL, 0, "127.0.0.1"), channel;
    h_thread *dripping;
    h_sock client;

    CHECK_OK(WDSocketSetOption(server, WDS_OPT_IDLE_LIMIT, 10000));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_MESSAGE_LIMIT, 400));
    CHECK_OK(WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
    client = h_connect("127.0.0.1", h_port(server));
    CHECK(h_send(client, "1\r\nx1000000\r\n", 13));
    e = h_next_event(queue, 20000);
    CHECK_EQ(e.kind, WDS_EVENT_ACCEPTED);
    channel = e.socket;
    CHECK_EQ(h_option(channel, WDS_OPT_MESSAGE_LIMIT), 400); /* as its server */
    CHECK_EQ(h_next_event(queue, 20000).kind, WDS_EVENT_MESSAGE);
    CHECK_EQ(WDSocketRead(channel, text, 16, -1), 1);
    dripping = h_start(drip, &client);
    e = h_next_event(queue, 20000);
    CHECK_EQ(e.kind, WDS_EVENT_TIMEOUT);
    CHECK_EQ(e.value, 3);
    CHECK_CODE(e.code, WDS_E_SILENT);
    CHECK_TIME(begun, 400);
    CHECK_CODE(WDSocketRead(channel, text, 16, -1), WDS_E_SILENT);
    CHECK_OK(h_join(dripping));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
    CHECK_OK(WDSocketClose(queue));
    h_close(client);
}

TEST(message_limit_of_a_reader)
{
    h_half half;
    h_thread *dripping;
    char text[16];
    int64_t begun = h_now_us();

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_MESSAGE_LIMIT, 300));
    CHECK_CODE(WDSocketRead(half.socket, text, 16, 400), WDS_E_TIMEOUT); /* none has begun */
    CHECK(h_send(half.raw, "1000000\r\n", 9));
    dripping = h_start(drip, &half.raw);
    CHECK_CODE(WDSocketRead(half.socket, text, 16, 50), WDS_E_TIMEOUT); /* the time goes on */
    CHECK_CODE(WDSocketRead(half.socket, text, 16, -1), WDS_E_SILENT);
    CHECK_TIME(begun, 700);
    CHECK_OK(h_join(dripping));
    h_half_close(&half);
}

static int32_t read_on(void *argument)
{
    char text[16];
    int32_t result;

    do
        result = WDSocketRead(*(int32_t *)argument, text, 16, -1);
    while (result >= 0);
    return result;
}

TEST(heartbeats_keep_a_connection)
{
    h_pair pair;
    h_thread *reader;
    int32_t queue = WDSocketNewQueue();
    int64_t written;

    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_HEARTBEAT, 100));
    CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_IDLE_LIMIT, 6000));
    CHECK_OK(WDSocketSetOption(pair.channel, WDS_OPT_HEARTBEAT, 100));
    CHECK_OK(WDSocketSetOption(pair.channel, WDS_OPT_IDLE_LIMIT, 6000));
    CHECK_OK(WDSocketAttach(queue, pair.client, WDS_ATTACH_PLAIN));
    reader = h_start(read_on, &pair.channel);
    CHECK_EQ(h_next_event(queue, 4000).kind, 0); /* nothing is told of them */
    CHECK_EQ(h_next_event(queue, 4000).kind, 0);
    CHECK_EQ(h_done(reader), 0);
    written = h_number(pair.client, WDS_NUM_BYTES_WRITTEN);
    CHECK_GE(written, 3 * 5);
    CHECK(written <= 3 * 80);
    CHECK_GE(h_number(pair.channel, WDS_NUM_BYTES_WRITTEN), 3 * 5);
    CHECK_EQ(h_number(pair.client, WDS_NUM_MESSAGES_WRITTEN), 0);
    CHECK_EQ(h_number(pair.client, WDS_NUM_MESSAGES_READ), 0);
    CHECK_EQ(h_number(pair.client, WDS_NUM_BUFFERED), 0);
    CHECK_OK(WDSocketClose(pair.channel));
    CHECK_CODE(h_join(reader), WDS_E_CLOSED);
    CHECK_EQ(h_next_event(queue, 20000).socket, pair.client);
    h_pair_close(&pair);
    CHECK_OK(WDSocketClose(queue));
}

TEST(half_close_is_shown)
{
    h_half half;
    char text[16];
    int32_t queue = WDSocketNewQueue();

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketAttach(queue, half.socket, WDS_ATTACH_PLAIN));
    h_shut_write(half.raw);
    CHECK_EQ(h_next_event(queue, 20000).kind, WDS_EVENT_PEER_CLOSED);
    CHECK_EQ(WDSocketState(half.socket), WDS_STATE_PEER_CLOSED);
    CHECK_EQ(WDSocketWrite(half.socket, "answer", 6), 6);
    CHECK_EQ(h_recv(half.raw, text, 9, 20000), 9);
    CHECK_EQ(memcmp(text, "6\r\nanswer", 9), 0);
    CHECK_EQ(h_next_event(queue, 30).kind, 0);
    h_half_close(&half);
    CHECK_OK(WDSocketClose(queue));
}

#ifdef H_UNIX

/*
 * A program that connects, sends a message, and another one when it has read
 * one: unread, it reads none. It goes on until it is killed.
 */
static pid_t start_client(int port, int unread)
{
    pid_t child = fork();

    if (child == 0) {
        h_sock s = h_connect("127.0.0.1", port);
        char text[4];

        h_send(s, "2\r\nhi", 5);
        for (;;) {
            if (unread)
                h_sleep(1000);
            else if (h_recv(s, text, 4, 60000) == 4)
                h_send(s, "2\r\nhi", 5);
        }
    }
    return child;
}

TEST(a_killed_program_is_told_at_once)
{
    int32_t queue = WDSocketNewQueue(), server = WDSocketCreate(NULL, 0, "127.0.0.1"), channel;
    int64_t longest = 0;
    int i;

    CHECK_OK(WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
    for (i = 0; i < 20; i++) {
        pid_t child = start_client(h_port(server), i % 2);
        h_event e = h_next_event(queue, 20000);
        char text[16];
        int64_t begun;

        REQUIRE(CHECK_EQ(e.kind, WDS_EVENT_ACCEPTED));
        channel = e.socket;
        CHECK_EQ(h_next_event(queue, 20000).kind, WDS_EVENT_MESSAGE);
        CHECK_EQ(WDSocketRead(channel, text, 16, 0), 2);
        CHECK_EQ(WDSocketWrite(channel, "x", 1), 1); /* on one machine it is there at once */
        if (i % 2 == 0) {
            CHECK_EQ(h_next_event(queue, 20000).kind, WDS_EVENT_MESSAGE);
            CHECK_EQ(WDSocketRead(channel, text, 16, 0), 2);
        }
        begun = h_now_us();
        kill(child, SIGKILL);
        e = h_next_event(queue, 20000);
        CHECK_PROMPT(begun);
        if (h_now_us() - begun > longest)
            longest = h_now_us() - begun;
        CHECK_EQ(e.kind, i % 2 ? WDS_EVENT_RESET : WDS_EVENT_PEER_CLOSED);
        waitpid(child, NULL, 0);
        CHECK_OK(WDSocketClose(channel));
    }
    printf("a killed program is told of after %.1f ms at most\n", (double)longest / 1000);
    CHECK_OK(WDSocketClose(server));
    CHECK_OK(WDSocketClose(queue));
}

#endif
