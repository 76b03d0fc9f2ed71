/*
 * late_end_tls.c - a peer that sent, ended in order and was reset behind its end is
 * read to that end, however late: what came, then the orderly end, as a program of
 * its own would read it.
 *
 * Systems forget a connection that they have closed after a minute or so. Asked by
 * a keep-alive probe whether it is still there, or sent something, they answer with
 * a reset. Windows throws away what was not read then, and tells the reset.
 */
#ifndef _WIN32
#define _DEFAULT_SOURCE
#endif
#include "certificates.h"
#include "harness.h"

#ifdef H_UNIX
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#endif

#ifdef H_UNIX

/* Ends in order, and is reset behind that. */
static void end_and_reset(h_sock raw)
{
    h_shut_write(raw);
    h_reset(raw);
}

static int32_t read_one(int32_t socket, char got[64])
{
    return WDSocketRead(socket, got, 64, 20000);
}

/* Two messages, then the end, again and again. */
static void reads_to_the_end(int32_t socket)
{
    char got[64];

    CHECK_BYTES(got, read_one(socket, got), "one", 3);
    CHECK_BYTES(got, read_one(socket, got), "two", 3);
    CHECK_CODE(read_one(socket, got), WDS_E_PEER_CLOSED);
    CHECK_CODE(read_one(socket, got), WDS_E_PEER_CLOSED);
    CHECK_EQ(WDSocketState(socket), WDS_STATE_PEER_CLOSED);
    CHECK_EQ(WDSocketErrorCode(socket, WDS_INFO_CODE), WDS_E_PEER_CLOSED);
}

static const char messages[] = "3\r\none3\r\ntwo";
#define SIZE ((int)sizeof messages - 1)

TEST(a_client_reads_what_came_and_the_end)
{
    h_half half;

    REQUIRE(h_half_client(&half));
    CHECK(h_send(half.raw, messages, SIZE));
    end_and_reset(half.raw);
    half.raw = H_NO_SOCK;
    CHECK_EQ(WDSocketState(half.socket), WDS_STATE_PEER_CLOSED);
    reads_to_the_end(half.socket);
    h_half_close(&half);
}

TEST(a_channel_that_was_accepted_late_too)
{
    char got[64];
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), channel;
    h_sock raw = h_connect("127.0.0.1", h_port(server));

    CHECK(h_send(raw, messages, SIZE));
    end_and_reset(raw);
    channel = WDSocketAccept(server, 20000);
    REQUIRE(CHECK_GE(channel, 1));
    CHECK_GE(WDSocketClientInfo(channel, WDS_INFO_ADDRESS, got, (int32_t)sizeof got), 1);
    CHECK_TEXT(got, "127.0.0.1");
    reads_to_the_end(channel);
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}

TEST(a_simplified_server_tells_the_end_once)
{
    char got[64];
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");
    h_sock raw = h_connect("127.0.0.1", h_port(server)), next;

    CHECK(h_send(raw, messages, SIZE));
    end_and_reset(raw);
    next = h_connect("127.0.0.1", h_port(server));
    CHECK(h_send(next, "4\r\nnext", 7));
    CHECK_BYTES(got, read_one(server, got), "one", 3);
    CHECK_BYTES(got, read_one(server, got), "two", 3);
    CHECK_CODE(read_one(server, got), WDS_E_PEER_CLOSED);
    CHECK_BYTES(got, read_one(server, got), "next", 4);
    h_close(next);
    CHECK_CODE(read_one(server, got), WDS_E_PEER_CLOSED);
    CHECK_OK(WDSocketClose(server));
}

TEST(a_queue_tells_the_messages_and_the_end)
{
    char got[64];
    h_half half;
    int32_t queue = WDSocketNewQueue();

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketAttach(queue, half.socket, WDS_ATTACH_PLAIN));
    CHECK(h_send(half.raw, messages, SIZE));
    end_and_reset(half.raw);
    half.raw = H_NO_SOCK;
    h_is_event(h_next_event(queue, 20000), half.socket, WDS_EVENT_MESSAGE);
    h_is_event(h_next_event(queue, 20000), half.socket, WDS_EVENT_MESSAGE);
    h_is_event(h_next_event(queue, 20000), half.socket, WDS_EVENT_PEER_CLOSED);
    CHECK_BYTES(got, read_one(half.socket, got), "one", 3);
    CHECK_BYTES(got, read_one(half.socket, got), "two", 3);
    CHECK_CODE(read_one(half.socket, got), WDS_E_PEER_CLOSED);
    h_half_close(&half);
    CHECK_OK(WDSocketClose(queue));
}

TEST(raw_bytes_and_the_end)
{
    char got[64];
    h_half half;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_RAW, NULL, 0));
    CHECK(h_send(half.raw, "bytes", 5));
    end_and_reset(half.raw);
    half.raw = H_NO_SOCK;
    CHECK_EQ(WDSocketRead(half.socket, NULL, 0, 20000), 5);
    CHECK_BYTES(got, read_one(half.socket, got), "bytes", 5);
    CHECK_CODE(read_one(half.socket, got), WDS_E_PEER_CLOSED);
    h_half_close(&half);
}

/* A write meets the reset first, and is told it: reading goes its own way. */
TEST(a_write_that_met_the_reset_does_not_spoil_the_end)
{
    h_half half;
    int queued;

    for (queued = 0; queued < 2; queued++) {
        REQUIRE(h_half_client(&half));
        if (queued)
            CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_SEND_QUEUE, 1 << 16));
        CHECK(h_send(half.raw, messages, SIZE));
        h_close(half.raw); /* answers what comes now with a reset */
        half.raw = H_NO_SOCK;
        WAIT_UNTIL(WDSocketWrite(half.socket, "lost", 4) == WDS_E_RESET);
        CHECK_CODE(WDSocketWrite(half.socket, "lost", 4), WDS_E_RESET);
        CHECK_EQ(WDSocketState(half.socket), WDS_STATE_PEER_CLOSED);
        reads_to_the_end(half.socket);
        CHECK_CODE(WDSocketWrite(half.socket, "lost", 4), WDS_E_RESET);
        h_half_close(&half);
    }
}

/* Without an end of the peer's it stays a reset, whichever call is told first. */
TEST(a_reset_without_an_end_is_a_reset)
{
    char got[64];
    h_half half;
    int written;

    for (written = 0; written < 2; written++) {
        REQUIRE(h_half_client(&half));
        CHECK(h_send(half.raw, messages, SIZE));
        CHECK_BYTES(got, read_one(half.socket, got), "one", 3);
        h_reset(half.raw);
        half.raw = H_NO_SOCK;
        if (written)
            WAIT_UNTIL(WDSocketWrite(half.socket, "lost", 4) == WDS_E_RESET);
        WAIT_UNTIL(WDSocketState(half.socket) == WDS_STATE_RESET);
        CHECK_BYTES(got, read_one(half.socket, got), "two", 3);
        CHECK_CODE(read_one(half.socket, got), WDS_E_RESET);
        CHECK_EQ(WDSocketState(half.socket), WDS_STATE_RESET);
        h_half_close(&half);
    }
}

/* ---- TLS ---- */

/* A client behind a relay that ends the connection, and is reset behind that. */
static void tls_cut(int queued)
{
    int port;
    int32_t server = tls_server("good.pem", 0, &port), client, channel, queue = 0;
    relay *between = relay_start(port, 4096, 0);
    char got[64];
    h_event event;

    client = tls_client(relay_port(between), 0);
    channel = WDSocketAccept(server, 20000);
    REQUIRE(CHECK_GE(client, 1) && CHECK_GE(channel, 1) && tls_talk(client, channel));
    if (queued) {
        queue = WDSocketNewQueue();
        CHECK_OK(WDSocketAttach(queue, client, WDS_ATTACH_PLAIN));
    }
    CHECK_EQ(WDSocketWrite(channel, "one", 3), 3);
    if (queued)
        h_is_event(h_next_event(queue, 20000), client, WDS_EVENT_MESSAGE);
    else
        WAIT_UNTIL(WDSocketAvailable(client) == 3);
    relay_reset(between);
    if (queued) {
        event = h_next_event(queue, 20000);
        CHECK_EQ(event.kind, WDS_EVENT_RESET);
        CHECK_CODE(event.code, WDS_E_TLS_TRUNCATED);
    }
    CHECK_BYTES(got, read_one(client, got), "one", 3);
    CHECK_CODE(read_one(client, got), WDS_E_TLS_TRUNCATED);
    CHECK_CODE(read_one(client, got), WDS_E_TLS_TRUNCATED);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
    if (queued)
        CHECK_OK(WDSocketClose(queue));
    relay_free(between);
}

TEST(tls_without_its_own_end_is_cut_short)
{
    tls_trust();
    tls_cut(0);
    tls_cut(1);
}

/* ---- the way it comes about ---- */

#ifdef __linux__

/* Does the system still have the connection with this port at one end, which its peer
   has ended? */
static int close_waits(int port)
{
    char line[512];
    unsigned own, other, state;
    int found = 0;
    FILE *table = fopen("/proc/net/tcp", "r");

    CHECK(table != NULL);
    if (!table)
        return 0;
    while (fgets(line, sizeof line, table) != NULL)
        if (sscanf(line, " %*d: %*x:%x %*x:%x %x", &own, &other, &state) == 3 && state == 8 && ((int)own == port || (int)other == port))
            found = 1;
    fclose(table);
    return found;
}

static int own_port(h_sock raw)
{
    struct sockaddr_in at;
    socklen_t size = sizeof at;

    return CHECK_EQ(getsockname((int)raw, (struct sockaddr *)&at, &size), 0) ? ntohs(at.sin_port) : 0;
}

/* The peer's system forgets the connection after a second, and answers our probes
   with a reset. */
static void forgets(h_sock raw)
{
    int soon = 1;

    setsockopt((int)raw, IPPROTO_TCP, TCP_LINGER2, &soon, sizeof soon);
    h_close(raw);
}

TEST(a_peer_that_has_forgotten_the_connection)
{
    h_half direct, queued;
    int32_t server, queue = WDSocketNewQueue();
    char got[64];
    h_sock raw;
    int port;

    CHECK_OK(WDSocketSetOption(0, WDS_OPT_KEEPALIVE_IDLE, 1000));
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_KEEPALIVE_INTERVAL, 1000));
    server = WDSocketCreate(NULL, 0, "127.0.0.1");
    raw = h_connect("127.0.0.1", h_port(server));
    port = own_port(raw);
    REQUIRE(h_half_client(&direct) && h_half_client(&queued));
    CHECK_OK(WDSocketAttach(queue, queued.socket, WDS_ATTACH_PLAIN));
    CHECK(h_send(raw, messages, SIZE) && h_send(direct.raw, messages, SIZE) && h_send(queued.raw, messages, SIZE));
    CHECK_BYTES(got, read_one(server, got), "one", 3);
    forgets(raw);
    forgets(direct.raw);
    forgets(queued.raw);
    direct.raw = queued.raw = H_NO_SOCK;
    WAIT_UNTIL(!close_waits(h_port(direct.socket)) && !close_waits(h_port(queued.socket)) && !close_waits(port));
    h_is_event(h_next_event(queue, 20000), queued.socket, WDS_EVENT_MESSAGE);
    h_is_event(h_next_event(queue, 20000), queued.socket, WDS_EVENT_MESSAGE);
    h_is_event(h_next_event(queue, 20000), queued.socket, WDS_EVENT_PEER_CLOSED);
    reads_to_the_end(direct.socket);
    CHECK_BYTES(got, read_one(server, got), "two", 3);
    CHECK_CODE(read_one(server, got), WDS_E_PEER_CLOSED);
    h_half_close(&direct);
    h_half_close(&queued);
    CHECK_OK(WDSocketClose(server));
    CHECK_OK(WDSocketClose(queue));
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_KEEPALIVE_IDLE, 30000));
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_KEEPALIVE_INTERVAL, 10000));
}

#endif
#endif
