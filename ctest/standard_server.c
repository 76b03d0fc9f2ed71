/*
 * standard_server.c - wait, accept or deny, and a channel for each client.
 */
#include "harness.h"

static int32_t server_on(int *port)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");

    CHECK_GE(server, 1);
    *port = h_port(server);
    return server;
}

static int32_t prepared(void)
{
    int32_t server = WDSocketNew(NULL);

    CHECK_GE(server, 1);
    return server;
}

static int open_server(int32_t server)
{
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER, 0, "127.0.0.1", 0));
    return h_port(server);
}

TEST(wait_then_accept)
{
    int port;
    int32_t server = server_on(&port), client, channel, listed[4];
    char got[64], expected[64];
    int64_t start = h_now_us();

    CHECK_CODE(WDSocketWaitForConnection(server, 200), WDS_E_TIMEOUT);
    CHECK_TIME(start, 200);
    CHECK_CODE(WDSocketWaitForConnection(server, 0), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketAccept(server, 0), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketClientInfo(server, WDS_INFO_ENDPOINT, got, (int32_t)sizeof got), WDS_E_NO_REQUEST);
    client = WDSocketConnect(NULL, port, "127.0.0.1", 5000);
    CHECK_CODE(WDSocketWaitForConnection(server, 20000), 1);
    CHECK_CODE(WDSocketWaitForConnection(server, 0), 1); /* not consumed */
    CHECK_EQ(h_number(server, WDS_NUM_PENDING), 1);
    CHECK_GE(WDSocketClientInfo(server, WDS_INFO_ENDPOINT, got, (int32_t)sizeof got), 0); /* who asks */
    CHECK_GE(WDSocketLocalInfo(client, WDS_INFO_ENDPOINT, expected, (int32_t)sizeof expected), 0);
    CHECK_TEXT(got, expected);
    channel = WDSocketAccept(server, 0);
    CHECK_GE(channel, 1);
    CHECK_EQ(h_number(server, WDS_NUM_PENDING), 0);
    CHECK_EQ(h_number(server, WDS_NUM_CLIENTS), 1);
    CHECK_EQ(h_option(channel, WDS_OPT_SERVER), server);
    CHECK_EQ(h_option(client, WDS_OPT_SERVER), 0);
    CHECK_EQ(h_option(channel, WDS_OPT_LOCAL_PORT), port);
    CHECK_EQ(h_option(channel, WDS_OPT_KIND), h_option(client, WDS_OPT_KIND));
    CHECK_GE(WDSocketClientInfo(channel, WDS_INFO_ENDPOINT, got, (int32_t)sizeof got), 0);
    CHECK_TEXT(got, expected);
    CHECK_CODE(WDSocketList(server, NULL, 0), 1);
    CHECK_CODE(WDSocketList(server, listed, 4), 1);
    CHECK_EQ(listed[0], channel);
    CHECK_CODE(WDSocketList(server, listed, 0), WDS_E_BUFFER);
    CHECK_CODE(WDSocketList(client, listed, 4), WDS_E_KIND);
    CHECK_CODE(WDSocketList(0, NULL, 0), 3);
    CHECK_CODE(WDSocketWrite(client, "hello", 5), 5);
    CHECK_BYTES(got, WDSocketRead(channel, got, (int32_t)sizeof got, 20000), "hello", 5);
    CHECK_OK(WDSocketClose(channel));
    WAIT_UNTIL(h_number(server, WDS_NUM_CLIENTS) == 0);
    CHECK_CODE(WDSocketList(server, listed, 4), 0);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

TEST(reading_the_server_itself)
{
    int port;
    int32_t server = server_on(&port), length;
    char got[8];
    const void *data;
    void *message;

    CHECK_CODE(WDSocketWaitForConnection(server, 0), WDS_E_TIMEOUT); /* a standard server from here on */
    CHECK_CODE(WDSocketRead(server, got, (int32_t)sizeof got, 0), WDS_E_STANDARD_SERVER);
    CHECK_CODE(WDSocketReadMany(server, got, (int32_t)sizeof got, &length, 1, 0), WDS_E_STANDARD_SERVER);
    CHECK_CODE(WDSocketReadMessage(server, 0, &data, &length, &message), WDS_E_STANDARD_SERVER);
    CHECK_CODE(WDSocketWrite(server, "x", 1), WDS_E_STANDARD_SERVER);
    CHECK_CODE(WDSocketExchange(server, "x", 1, got, (int32_t)sizeof got, 0), WDS_E_STANDARD_SERVER);
    CHECK_CODE(WDSocketAvailable(server), WDS_E_STANDARD_SERVER);
    CHECK_OK(WDSocketClose(server));
}

TEST(deny)
{
    int port;
    int32_t server = server_on(&port);
    h_sock one, two;

    CHECK_CODE(WDSocketWaitForConnection(server, 0), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketDeny(server), WDS_E_NO_REQUEST);
    one = h_connect("127.0.0.1", port);
    CHECK_CODE(WDSocketWaitForConnection(server, 20000), 1);
    CHECK_OK(WDSocketDeny(server));
    CHECK_EQ(h_recv_end(one, 20000), -1);
    CHECK_CODE(WDSocketDeny(server), WDS_E_NO_REQUEST);
    CHECK_EQ(h_number(server, WDS_NUM_REFUSED), 1);
    two = h_connect("127.0.0.1", port);
    CHECK_GE(WDSocketAccept(server, 20000), 1);
    h_close(one);
    h_close(two);
    CHECK_OK(WDSocketClose(server));
    CHECK_OK(WDSocketCloseAll());
}

TEST(one_thread_at_a_time)
{
    int port;
    int32_t server = server_on(&port), channel;
    h_thread *thread = h_blocked_accept(server);
    h_sock peer;

    CHECK_CODE(WDSocketAccept(server, -1), WDS_E_BUSY);
    CHECK_CODE(WDSocketWaitForConnection(server, -1), WDS_E_BUSY);
    peer = h_connect("127.0.0.1", port);
    channel = h_join(thread);
    CHECK_GE(channel, 1);
    CHECK_OK(WDSocketClose(channel));
    h_close(peer);
    CHECK_OK(WDSocketClose(server));
}

TEST(close_and_cancel_while_another_accepts)
{
    int port;
    int32_t server = server_on(&port);
    h_thread *thread = h_blocked_accept(server);
    int64_t start = h_now_us(), end;

    CHECK_OK(WDSocketCancel(server));
    CHECK_CODE(h_join_at(thread, &end), WDS_E_CANCELLED);
    CHECK_PROMPT_AT(start, end);
    CHECK_EQ(WDSocketState(server), WDS_STATE_LISTENING);
    thread = h_blocked_accept(server);
    start = h_now_us();
    CHECK_OK(WDSocketClose(server));
    CHECK_CODE(h_join_at(thread, &end), WDS_E_CLOSED);
    CHECK_PROMPT_AT(start, end);
    CHECK_CODE(WDSocketAccept(server, 0), WDS_E_HANDLE);
}

TEST(restart_on_the_same_port)
{
    int port, i;
    int32_t server = server_on(&port);

    for (i = 0; i < 10; i++) {
        int32_t client = WDSocketConnect(NULL, port, "127.0.0.1", 5000), channel = WDSocketAccept(server, 20000);

        CHECK_CODE(WDSocketWrite(channel, "x", 1), 1);
        /* the server's side ends first, so that the system remembers the connection there */
        CHECK_OK(WDSocketCloseEx(channel, WDS_CLOSE_GRACEFUL, H_CLOSE_MS));
        CHECK_OK(WDSocketClose(server));
        server = WDSocketCreate(NULL, port, "127.0.0.1");
        REQUIRE(CHECK_GE(server, 1));
        CHECK_OK(WDSocketClose(client));
    }
    CHECK_OK(WDSocketClose(server));
}

TEST(restart_while_channels_live)
{
    int port;
    h_pair pair;
    int32_t server;
    char got[16];

    REQUIRE(h_pair_open(&pair));
    port = pair.port;
    CHECK_OK(WDSocketClose(pair.server));
    server = WDSocketCreate(NULL, port, "127.0.0.1");
    CHECK_GE(server, 1);
    CHECK_CODE(WDSocketWrite(pair.client, "still here", 10), 10); /* the old channel lives on */
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000), 10);
    CHECK_EQ(h_option(pair.channel, WDS_OPT_SERVER), 0);
    CHECK_OK(WDSocketClose(server));
    h_pair_close(&pair);
}

TEST(port_taken)
{
    int port;
    int32_t server = server_on(&port);
    h_sock other;
    char endpoint[32];

    CHECK_CODE(WDSocketCreate("second", port, "127.0.0.1"), WDS_E_PORT_TAKEN);
    snprintf(endpoint, sizeof endpoint, "%d", port);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), endpoint);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_LISTEN);
    CHECK_CODE(WDSocketFind("second"), WDS_E_NOT_FOUND);
    CHECK_CODE(WDSocketCreate(NULL, port, NULL), WDS_E_PORT_TAKEN);
    CHECK(h_listen("127.0.0.1", port, 8, NULL) == H_NO_SOCK); /* nor may another program have it */
    CHECK_OK(WDSocketClose(server));
    other = h_listen("127.0.0.1", 0, 8, &port);
    CHECK_CODE(WDSocketCreate(NULL, port, "127.0.0.1"), WDS_E_PORT_TAKEN);
    h_close(other);
}

TEST(shared_port)
{
    int32_t one = prepared(), two = prepared(), port;

    CHECK_OK(WDSocketSetOption(one, WDS_OPT_EXCLUSIVE_PORT, 0));
    CHECK_OK(WDSocketSetOption(two, WDS_OPT_EXCLUSIVE_PORT, 0));
    port = open_server(one);
    CHECK_OK(WDSocketOpen(two, WDS_KIND_SERVER, port, "127.0.0.1", 0));
    CHECK_CODE(WDSocketSetOption(one, WDS_OPT_EXCLUSIVE_PORT, 1), WDS_E_STATE);
    CHECK_CODE(WDSocketSetOption(one, WDS_OPT_BACKLOG, 7), WDS_E_STATE);
    CHECK_OK(WDSocketClose(one));
    CHECK_OK(WDSocketClose(two));
}

TEST(both_families)
{
    int32_t server = WDSocketCreate(NULL, 0, NULL), channel, client;
    char got[64];
    int port = h_port(server);

    client = WDSocketConnect(NULL, port, "127.0.0.1", 5000);
    channel = WDSocketAccept(server, 20000);
    CHECK_GE(WDSocketClientInfo(channel, WDS_INFO_ADDRESS, got, (int32_t)sizeof got), 0);
    CHECK_TEXT(got, "127.0.0.1"); /* not ::ffff:127.0.0.1 */
    CHECK_GE(WDSocketLocalInfo(channel, WDS_INFO_ADDRESS, got, (int32_t)sizeof got), 0);
    CHECK_TEXT(got, "127.0.0.1");
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(client));
    client = WDSocketConnect(NULL, port, "::1", 5000);
    CHECK_GE(client, 1);
    channel = WDSocketAccept(server, 20000);
    CHECK_GE(WDSocketClientInfo(channel, WDS_INFO_ADDRESS, got, (int32_t)sizeof got), 0);
    CHECK_TEXT(got, "::1");
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

TEST(channels_inherit)
{
    int32_t server = prepared(), client, channel, port;
    char got[32];

    CHECK_OK(WDSocketSetOption(server, WDS_OPT_NODELAY, 0));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_KEEPALIVE_IDLE, 7000));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_READ_GAP, 12));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_WRITE_TIMEOUT, 1234));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_MAX_MESSAGE, 77));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_USER_NUMBER, -5));
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_CHARSET, "windows-1252"));
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_USER_TEXT, "kept"));
    CHECK_OK(WDSocketChangeTransmissionMode(server, WDS_MODE_END_TAG, "#", 1));
    port = open_server(server);
    client = WDSocketConnect(NULL, port, "127.0.0.1", 5000);
    channel = WDSocketAccept(server, 20000);
    CHECK_EQ(h_option(channel, WDS_OPT_NODELAY), 0);
    CHECK_EQ(h_option(channel, WDS_OPT_KEEPALIVE_IDLE), 7000);
    CHECK_EQ(h_option(channel, WDS_OPT_READ_GAP), 12);
    CHECK_EQ(h_option(channel, WDS_OPT_WRITE_TIMEOUT), 1234);
    CHECK_EQ(h_option(channel, WDS_OPT_MAX_MESSAGE), 77);
    CHECK_EQ(h_option(channel, WDS_OPT_USER_NUMBER), -5);
    CHECK_EQ(h_option(channel, WDS_OPT_MODE), WDS_MODE_END_TAG);
    CHECK_GE(WDSocketGetText(channel, WDS_TEXT_CHARSET, got, (int32_t)sizeof got), 0);
    CHECK_TEXT(got, "windows-1252");
    CHECK_GE(WDSocketGetText(channel, WDS_TEXT_USER_TEXT, got, (int32_t)sizeof got), 0);
    CHECK_TEXT(got, "kept");
    CHECK_OK(WDSocketChangeTransmissionMode(channel, WDS_MODE_RAW, NULL, 0)); /* its own from here on */
    CHECK_EQ(h_option(server, WDS_OPT_MODE), WDS_MODE_END_TAG);
    CHECK_OK(WDSocketChangeTransmissionMode(server, WDS_MODE_SIZE, NULL, 0));
    CHECK_EQ(h_option(channel, WDS_OPT_MODE), WDS_MODE_RAW);
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

TEST(closing_the_server_refuses_what_is_pending)
{
    int port;
    int32_t server = server_on(&port), channel;
    h_sock one = h_connect("127.0.0.1", port), two, three;

    channel = WDSocketAccept(server, 20000);
    CHECK_GE(channel, 1);
    two = h_connect("127.0.0.1", port);
    CHECK_CODE(WDSocketWaitForConnection(server, 20000), 1);
    three = h_connect("127.0.0.1", port); /* in the system's backlog only */
    CHECK_OK(WDSocketClose(server));
    CHECK_EQ(h_recv_end(two, 20000), -1);
    CHECK_EQ(h_recv_end(three, 20000), -1);
    CHECK_CODE(WDSocketWrite(channel, "x", 1), 1); /* accepted ones stay */
    CHECK_OK(WDSocketClose(channel));
    h_close(one);
    h_close(two);
    h_close(three);
}

TEST(a_server_is_closed_with_its_clients)
{
    static char long_text[50000];
    char *got = malloc(sizeof long_text);
    int port, i, round;

    REQUIRE(CHECK(got != NULL));
    memset(long_text, 'x', sizeof long_text);
    for (round = 0; round < 2; round++) { /* waiting, and not */
        int32_t server = server_on(&port), clients[2], channels[2];
        h_sock pending;
        h_thread *reader;

        for (i = 0; i < 2; i++) {
            clients[i] = WDSocketConnect(NULL, port, "127.0.0.1", 20000);
            channels[i] = WDSocketAccept(server, 20000);
            REQUIRE(CHECK_GE(channels[i], 1));
        }
        pending = h_connect("127.0.0.1", port);
        CHECK_CODE(WDSocketWaitForConnection(server, 20000), 1);
        CHECK_CODE(WDSocketWrite(channels[0], long_text, (int32_t)sizeof long_text), (int32_t)sizeof long_text);
        reader = h_blocked_reader(channels[1]);
        CHECK_OK(WDSocketCloseEx(server, WDS_CLOSE_GRACEFUL + WDS_CLOSE_CLIENTS, round == 0 ? H_CLOSE_MS : 0));
        CHECK_CODE(h_join(reader), WDS_E_CLOSED);
        CHECK_EQ(WDSocketExist(server), 0);
        for (i = 0; i < 2; i++) {
            CHECK_EQ(WDSocketExist(channels[i]), 0);
            CHECK_CODE(WDSocketClose(channels[i]), WDS_E_HANDLE);
        }
        CHECK_CODE(WDSocketCloseEx(server, WDS_CLOSE_CLIENTS, 0), WDS_E_HANDLE);
        CHECK_CODE(WDSocketRead(clients[0], got, (int32_t)sizeof long_text, 20000), (int32_t)sizeof long_text);
        CHECK_CODE(WDSocketRead(clients[0], got, (int32_t)sizeof long_text, 20000), WDS_E_PEER_CLOSED);
        CHECK_CODE(WDSocketRead(clients[1], got, (int32_t)sizeof long_text, 20000), WDS_E_PEER_CLOSED);
        CHECK_EQ(h_recv_end(pending, 20000), -1); /* refused */
        CHECK_CODE(WDSocketCloseEx(clients[0], WDS_CLOSE_CLIENTS, 0), WDS_E_KIND);
        CHECK_CODE(WDSocketCloseEx(clients[0], WDS_CLOSE_WRITE + WDS_CLOSE_CLIENTS, 0), WDS_E_ARGUMENT);
        CHECK_CODE(WDSocketCloseEx(clients[0], 3, 0), WDS_E_ARGUMENT);
        h_close(pending);
        for (i = 0; i < 2; i++)
            CHECK_OK(WDSocketClose(clients[i]));
    }
    free(got);
}

TEST(a_server_is_reset_with_its_clients)
{
    h_pair pair;
    char got[4];
    int32_t server = prepared();

    CHECK_OK(WDSocketCloseEx(server, WDS_CLOSE_ABORT + WDS_CLOSE_CLIENTS, 0)); /* not open yet */
    CHECK_EQ(WDSocketExist(server), 0);
    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketCloseEx(pair.server, WDS_CLOSE_ABORT + WDS_CLOSE_CLIENTS, 0));
    CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), WDS_E_RESET);
    CHECK_EQ(WDSocketExist(pair.channel), 0);
    CHECK_OK(WDSocketClose(pair.client));
}

TEST(client_gone_before_accept)
{
    int port;
    int32_t server = server_on(&port), channel;
    h_sock one = h_connect("127.0.0.1", port), two;
    char got[16];

    CHECK(h_send(one, "4\r\nlast", 7));
    h_close(one); /* in order: what it said is there */
    channel = WDSocketAccept(server, 20000);
    REQUIRE(CHECK_GE(channel, 1));
    CHECK_BYTES(got, WDSocketRead(channel, got, (int32_t)sizeof got, 20000), "last", 4);
    CHECK_CODE(WDSocketRead(channel, got, (int32_t)sizeof got, 20000), WDS_E_PEER_CLOSED);
    CHECK_OK(WDSocketClose(channel));
    one = h_connect("127.0.0.1", port);
    h_reset(one);
    two = h_connect("127.0.0.1", port);
    CHECK(h_send(two, "1\r\n2", 4));
    channel = WDSocketAccept(server, 20000);
    CHECK_GE(channel, 1); /* the one that was reset may show up, and must do no harm */
    if (WDSocketRead(channel, got, (int32_t)sizeof got, 20000) != 1) {
        CHECK_OK(WDSocketClose(channel));
        channel = WDSocketAccept(server, 20000);
        CHECK_CODE(WDSocketRead(channel, got, (int32_t)sizeof got, 20000), 1);
    }
    CHECK_OK(WDSocketClose(channel));
    h_close(two);
    CHECK_OK(WDSocketClose(server));
}

TEST(limit_of_clients)
{
    int32_t server = prepared(), channels[3], port, i;
    h_sock peers[6];

    CHECK_OK(WDSocketSetOption(server, WDS_OPT_MAX_CLIENTS, 3));
    port = open_server(server);
    for (i = 0; i < 3; i++) {
        peers[i] = h_connect("127.0.0.1", port);
        channels[i] = WDSocketAccept(server, 20000);
        CHECK_GE(channels[i], 1);
    }
    for (i = 3; i < 6; i++)
        peers[i] = h_connect("127.0.0.1", port);
    CHECK_CODE(WDSocketWaitForConnection(server, 500), WDS_E_TIMEOUT);
    for (i = 3; i < 6; i++)
        CHECK_EQ(h_recv_end(peers[i], 20000), -1); /* refused by reset */
    CHECK_EQ(h_number(server, WDS_NUM_REFUSED), 3);
    CHECK_OK(WDSocketClose(channels[1]));
    h_close(peers[1]);
    WAIT_UNTIL(h_number(server, WDS_NUM_CLIENTS) == 2);
    peers[1] = h_connect("127.0.0.1", port);
    channels[1] = WDSocketAccept(server, 20000);
    CHECK_GE(channels[1], 1);
    for (i = 0; i < 3; i++)
        CHECK_OK(WDSocketClose(channels[i]));
    for (i = 0; i < 6; i++)
        h_close(peers[i]);
    CHECK_OK(WDSocketClose(server));
}

TEST(limit_for_each_address)
{
    int32_t server = prepared(), channel, port, first;
    int32_t other = WDSocketNew(NULL);
    h_sock one, two;

    CHECK_OK(WDSocketSetOption(server, WDS_OPT_MAX_CLIENTS_PER_ADDRESS, 1));
    port = open_server(server);
    one = h_connect("127.0.0.1", port);
    first = WDSocketAccept(server, 20000);
    CHECK_GE(first, 1);
    two = h_connect("127.0.0.1", port);
    CHECK_OK(WDSocketSetText(other, WDS_TEXT_LOCAL_ADDRESS, "127.0.0.7"));
    CHECK_OK(WDSocketOpen(other, WDS_KIND_CLIENT, port, "127.0.0.1", 5000));
    channel = WDSocketAccept(server, 20000); /* another address is welcome */
    CHECK_GE(channel, 1);
    CHECK_EQ(h_recv_end(two, 20000), -1);
    CHECK_EQ(h_number(server, WDS_NUM_REFUSED), 1);
    CHECK_OK(WDSocketClose(first));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(other));
    h_close(one);
    h_close(two);
    CHECK_OK(WDSocketClose(server));
}

static int32_t accept_all(void *argument)
{
    int32_t server = (int32_t)(intptr_t)argument, result;

    while ((result = WDSocketAccept(server, -1)) > 0 || result == WDS_E_TIMEOUT)
        ;
    return result;
}

TEST(flood_above_the_limit)
{
    int32_t server = prepared(), port;
    int i, limit = 20, flood = h_rounds(300);
    h_thread *thread;
    h_sock peers[300];

    CHECK_OK(WDSocketSetOption(server, WDS_OPT_MAX_CLIENTS, limit));
    port = open_server(server);
    thread = h_start(accept_all, (void *)(intptr_t)server);
    for (i = 0; i < flood; i++)
        peers[i] = h_connect_start("127.0.0.1", port);
    if (flood > limit)
        WAIT_UNTIL(h_number(server, WDS_NUM_REFUSED) == flood - limit);
    WAIT_UNTIL(h_number(server, WDS_NUM_CLIENTS) == (flood > limit ? limit : flood));
    WAIT_UNTIL(h_count_resets(peers, flood) == (flood > limit ? flood - limit : 0));
    for (i = 0; i < flood; i++)
        h_close(peers[i]);
    CHECK_OK(WDSocketClose(server));
    CHECK_CODE(h_join(thread), WDS_E_CLOSED);
    CHECK_OK(WDSocketCloseAll()); /* the channels, which nobody kept */
}

TEST(backlog)
{
    int32_t server = prepared(), port;
    h_sock peers[12];
    int i, up = 0;

    CHECK_OK(WDSocketSetOption(server, WDS_OPT_BACKLOG, 2));
    CHECK_EQ(h_option(server, WDS_OPT_BACKLOG), 2);
    port = open_server(server);
    for (i = 0; i < 12; i++)
        peers[i] = h_connect_start("127.0.0.1", port);
    for (i = 0; i < 12; i++)
        up += h_connected(peers[i], 20);
    CHECK_GE(up, 1);
    CHECK(up < 12); /* the rest is not answered */
    for (i = 0; i < 12; i++)
        h_close(peers[i]);
    CHECK_OK(WDSocketClose(server));
}

#ifdef H_UNIX
/* No descriptor left: no spinning, a word of it, and it goes on afterwards. */
TEST(descriptors_used_up)
{
    int port, before, i, gaps = 0;
    int32_t server = server_on(&port), channel;
    h_sock warm = h_connect("127.0.0.1", port), peers[4], holes[2000];
    int64_t cpu, start;

    channel = WDSocketAccept(server, 20000); /* whatever is made once has been made */
    CHECK_OK(WDSocketClose(channel));
    h_close(warm);
    WAIT_UNTIL(h_number(0, WDS_NUM_SOCKETS) == 1);
    for (i = 0; i < 4; i++)
        peers[i] = h_connect("127.0.0.1", port);
    h_sleep(100);
    before = h_limit_descriptors(h_highest_descriptor() + 1);
    while (gaps < 2000 && (holes[gaps] = h_udp("127.0.0.1", NULL)) != H_NO_SOCK) /* and the gaps below it */
        gaps++;
    cpu = h_cpu_us();
    start = h_now_us();
    CHECK_CODE(WDSocketWaitForConnection(server, 20000), WDS_E_DESCRIPTORS);
    CHECK_WITHIN(start, 3000); /* at most one second, and air */
    CHECK_CODE(WDSocketAccept(server, 1500), WDS_E_DESCRIPTORS);
    CHECK(h_cpu_us() - cpu < 500000);
    CHECK_CODE(WDSocketConnect(NULL, port, "127.0.0.1", 2000), WDS_E_DESCRIPTORS);
    CHECK_CODE(WDSocketCreate(NULL, 0, "127.0.0.1"), WDS_E_DESCRIPTORS);
    CHECK_CODE(WDSocketCreateUDP(NULL, 0, "127.0.0.1"), WDS_E_DESCRIPTORS);
    h_limit_descriptors(before);
    while (gaps > 0)
        h_close(holes[--gaps]);
    for (i = 0; i < 4; i++) { /* the clients are still there */
        channel = WDSocketAccept(server, 20000);
        CHECK_GE(channel, 1);
        CHECK_OK(WDSocketClose(channel));
    }
    for (i = 0; i < 4; i++)
        h_close(peers[i]);
    CHECK_OK(WDSocketClose(server));
}
#endif

TEST(an_idle_server_costs_nothing)
{
    int port;
    int32_t server = server_on(&port);
    int64_t cpu = h_cpu_us();

    CHECK_CODE(WDSocketWaitForConnection(server, 1000), WDS_E_TIMEOUT);
    CHECK(h_cpu_us() - cpu < 200000);
    CHECK_OK(WDSocketClose(server));
}

TEST(many_pending)
{
    int port, i;
    int32_t server = server_on(&port), channels[50];
    h_sock peers[50];

    for (i = 0; i < 50; i++)
        peers[i] = h_connect("127.0.0.1", port);
    for (i = 0; i < 50; i++) {
        channels[i] = WDSocketAccept(server, 20000);
        CHECK_GE(channels[i], 1);
    }
    CHECK_CODE(WDSocketAccept(server, 0), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketList(server, NULL, 0), 50);
    for (i = 0; i < 50; i++) {
        CHECK_OK(WDSocketClose(channels[i]));
        h_close(peers[i]);
    }
    CHECK_OK(WDSocketClose(server));
}
