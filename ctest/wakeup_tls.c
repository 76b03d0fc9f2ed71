/*
 * wakeup_tls.c - WDSocketWakeup in calls that wait for something else than a message:
 * handshakes, room, a name, a reconnecting client, a turn; and what it leaves alone.
 */
#include "certificates.h"
#include "harness.h"

/* ---- calls, by what they need ---- */

typedef struct {
    int32_t socket, port, role;
    const char *name;
} place;

static int32_t connects_tls(void *argument)
{
    place *to = (place *)argument;

    return WDSocketConnectSSL(NULL, to->port, "127.0.0.1", 0, -1, NULL, NULL);
}

static int32_t starts_tls(void *argument)
{
    place *at = (place *)argument;

    return WDSocketStartSSL(at->socket, at->role, 0, NULL, NULL, -1);
}

static int32_t stops_tls(void *socket)
{
    return WDSocketStopSSL(*(int32_t *)socket, -1);
}

static int32_t flushes(void *socket)
{
    return WDSocketFlush(*(int32_t *)socket, -1);
}

static int32_t connects_by_name(void *argument)
{
    return WDSocketOpen(((place *)argument)->socket, WDS_KIND_CLIENT, 9, ((place *)argument)->name, -1);
}

static int32_t opens_by_name(void *argument)
{
    return WDSocketOpen(((place *)argument)->socket, WDS_KIND_SERVER, 0, ((place *)argument)->name, -1);
}

static int32_t sends_by_name(void *argument)
{
    return WDSocketWriteUDP(((place *)argument)->socket, "x", 1, ((place *)argument)->name, 9);
}

static int32_t reads(void *socket)
{
    char got[16];

    return WDSocketRead(*(int32_t *)socket, got, (int32_t)sizeof got, -1);
}

static int32_t reads_size(void *socket)
{
    return WDSocketRead(*(int32_t *)socket, NULL, 0, -1);
}

static int32_t reads_many(void *socket)
{
    int32_t lengths[4];
    char got[64];

    return WDSocketReadMany(*(int32_t *)socket, got, (int32_t)sizeof got, lengths, 4, -1);
}

static int32_t reads_message(void *socket)
{
    const void *data;
    int32_t length;
    void *message;

    return WDSocketReadMessage(*(int32_t *)socket, -1, &data, &length, &message);
}

static int32_t writes(void *socket)
{
    return WDSocketWrite(*(int32_t *)socket, "two", 3);
}

static int32_t asks(void *socket)
{
    char got[16];

    return WDSocketExchange(*(int32_t *)socket, "ask", 3, got, (int32_t)sizeof got, -1);
}

/* A call that reads, in a thread: it is inside, and not sent away by the question whether it is. */
typedef struct {
    int32_t (*call)(void *);
    void *argument;
} reader;

static int32_t until_alone(void *argument)
{
    reader *one = (reader *)argument;
    int32_t result;

    do
        result = one->call(one->argument);
    while (result == WDS_E_BUSY);
    return result;
}

static h_thread *inside(reader *one, int32_t (*call)(void *), void *argument, int32_t socket)
{
    h_thread *thread;

    one->call = call;
    one->argument = argument;
    thread = h_start(until_alone, one);
    WAIT_UNTIL(WDSocketRead(socket, NULL, 0, 0) == WDS_E_BUSY);
    return thread;
}

/* Sets the wake-up, and sees to it that each of the calls is cancelled at once. */
static void cancelled(h_thread **calls, int count)
{
    int64_t start = h_now_us(), end;
    int i;

    for (i = 0; i < count; i++)
        CHECK(!h_done(calls[i]));
    CHECK_OK(WDSocketWakeup(1));
    for (i = 0; i < count; i++) {
        if (!CHECK_CODE(h_join_at(calls[i], &end), WDS_E_CANCELLED))
            printf("      call %d\n", i);
        CHECK_PROMPT_AT(start, end);
    }
}

/* ---- what is cancelled ---- */

/* The peers are silent: they take connections and bytes, and answer nothing. */
TEST(hand_shakes)
{
    h_half client, channel, queued;
    h_pair pair;
    reader server;
    place connect, as_client, as_server, in_queue;
    h_thread *calls[5];
    h_sock accepted, silent = h_listen("127.0.0.1", 0, 8, &connect.port);
    int32_t queue = WDSocketNewQueue();
    char byte;

    tls_trust();
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, 600000));
    REQUIRE(h_half_client(&client));
    REQUIRE(h_half_channel(&channel));
    REQUIRE(h_half_client(&queued));
    REQUIRE(tls_pair_open(&pair, 0, 0));
    CHECK_OK(WDSocketSetText(channel.socket, WDS_TEXT_SSL_CERTIFICATE, cert("good.pem")));
    CHECK_OK(WDSocketAttach(queue, queued.socket, WDS_ATTACH_PLAIN));
    as_client.socket = client.socket, as_client.role = WDS_ROLE_CLIENT;
    as_server.socket = channel.socket, as_server.role = WDS_ROLE_SERVER;
    in_queue.socket = queued.socket, in_queue.role = WDS_ROLE_CLIENT;
    calls[0] = h_start(connects_tls, &connect);
    accepted = h_accept(silent, 20000);
    CHECK_EQ(h_recv(accepted, &byte, 1, 20000), 1); /* it has begun, and waits for the answer */
    calls[1] = h_start(starts_tls, &as_client);
    CHECK_EQ(h_recv(client.raw, &byte, 1, 20000), 1);
    calls[2] = h_start(starts_tls, &in_queue);
    CHECK_EQ(h_recv(queued.raw, &byte, 1, 20000), 1);
    calls[3] = inside(&server, starts_tls, &as_server, channel.socket);
    calls[4] = h_start(stops_tls, &pair.client);
    CHECK_CODE(WDSocketRead(pair.channel, NULL, 0, 20000), WDS_E_PEER_CLOSED); /* the end of TLS */
    cancelled(calls, 5);
    CHECK_OK(WDSocketWakeup(0));
    /* the end of TLS can be waited for again; a handshake that stopped in the middle cannot */
    calls[0] = h_start(stops_tls, &pair.channel);
    CHECK_OK(WDSocketStopSSL(pair.client, 20000));
    CHECK_OK(h_join(calls[0]));
    CHECK(tls_talk(pair.client, pair.channel));
    CHECK_CODE(WDSocketWrite(client.socket, "x", 1), WDS_E_TLS_HANDSHAKE);
    CHECK_CODE(WDSocketWrite(channel.socket, "x", 1), WDS_E_TLS_HANDSHAKE);
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, 10000));
    h_close(silent);
    h_close(accepted);
    h_half_close(&client);
    h_half_close(&channel);
    h_half_close(&queued);
    h_pair_close(&pair);
    CHECK_OK(WDSocketClose(queue));
}

/* Of a peer that does not read, with and without TLS: the write that fills, one that
   waits for its turn behind it, and the flush of a send queue. */
TEST(room)
{
    static char big[4 << 20];
    h_half plain, kept;
    h_pair pair;
    h_thread *calls[5];
    int i;

    REQUIRE(h_half_narrow(&plain));
    REQUIRE(h_half_narrow(&kept));
    REQUIRE(tls_pair_open(&pair, 0, 0));
    CHECK_OK(WDSocketSetOption(plain.socket, WDS_OPT_WRITE_TIMEOUT, -1));
    CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_WRITE_TIMEOUT, -1));
    CHECK_OK(WDSocketSetOption(kept.socket, WDS_OPT_SEND_QUEUE, (int32_t)sizeof big * 2));
    CHECK_EQ(WDSocketWrite(kept.socket, big, (int32_t)sizeof big), (int32_t)sizeof big);
    calls[0] = h_blocked_writer(plain.socket);
    calls[1] = h_blocked_writer(pair.client);
    calls[2] = h_start(flushes, &kept.socket);
    calls[3] = h_start(writes, &plain.socket);
    calls[4] = h_start(writes, &pair.client);
    h_sleep(100); /* some are still on their way into the wait: they are cancelled all the same */
    cancelled(calls, 3);
    for (i = 3; i < 5; i++)
        CHECK_ANY(h_join(calls[i]), WDS_E_CANCELLED, WDS_E_BROKEN); /* where it begins only behind the one that was cut */
    CHECK_CODE(WDSocketFlush(kept.socket, -1), WDS_E_CANCELLED);
    CHECK_OK(WDSocketWakeup(0));
    CHECK_CODE(writes(&plain.socket), WDS_E_BROKEN);
    CHECK_CODE(writes(&pair.client), WDS_E_BROKEN);
    CHECK_CODE(WDSocketFlush(kept.socket, 1), WDS_E_TIMEOUT); /* it lost nothing */
    CHECK_EQ(WDSocketWrite(kept.socket, "on", 2), 2);
    h_half_close(&plain);
    h_half_close(&kept);
    h_pair_close(&pair);
}

/* Every way to read, on connections with TLS, and the simplified server that waits for
   its client, with a client that does not shake hands. */
TEST(reading_through_tls)
{
    static int32_t (*const ways[])(void *) = {reads, reads_size, reads_many, reads_message, asks};
    int32_t server, channels[5], clients[5];
    h_thread *calls[6];
    reader readers[6];
    h_sock silent;
    int i, port;

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    for (i = 0; i < 5; i++) {
        clients[i] = tls_client(port, 0);
        channels[i] = WDSocketAccept(server, 20000);
        CHECK_GE(channels[i], 1);
        calls[i] = inside(&readers[i], ways[i], &clients[i], clients[i]);
    }
    CHECK_OK(WDSocketClose(server));
    server = tls_server("good.pem", 0, &port);
    silent = h_connect("127.0.0.1", port);
    calls[5] = inside(&readers[5], reads, &server, server);
    cancelled(calls, 6);
    CHECK_OK(WDSocketWakeup(0));
    for (i = 0; i < 4; i++)
        CHECK(tls_talk(clients[i], channels[i])); /* nothing was lost */
    h_close(silent);
    for (i = 0; i < 5; i++) {
        WDSocketClose(clients[i]);
        WDSocketClose(channels[i]);
    }
    CHECK_OK(WDSocketClose(server));
}

TEST(looking_up_names)
{
    h_dns *dns = h_dns_start();
    place client, server, udp;
    h_thread *calls[3];
    int64_t start;

    h_dns_add(dns, "silent.example", "", 0, H_DNS_SILENT);
    client.name = server.name = udp.name = "silent.example";
    client.socket = h_dns_socket(dns, NULL);
    server.socket = h_dns_socket(dns, NULL);
    udp.socket = h_dns_socket(dns, NULL);
    CHECK_OK(WDSocketSetOption(server.socket, WDS_OPT_RESOLVE_TIMEOUT, 600000));
    CHECK_OK(WDSocketSetOption(udp.socket, WDS_OPT_RESOLVE_TIMEOUT, 600000));
    CHECK_OK(WDSocketOpen(udp.socket, WDS_KIND_UDP, 0, "127.0.0.1", 0));
    calls[0] = h_start(connects_by_name, &client);
    WAIT_UNTIL(h_dns_asked(dns, "silent.example") >= 2);
    calls[1] = h_start(sends_by_name, &udp);
    WAIT_UNTIL(h_dns_asked(dns, "silent.example") >= 4);
    calls[2] = h_start(opens_by_name, &server);
    WAIT_UNTIL(h_dns_asked(dns, "silent.example") >= 5);
    cancelled(calls, 3);
    start = h_now_us();
    CHECK_CODE(sends_by_name(&udp), WDS_E_CANCELLED);
    CHECK_PROMPT(start);
    CHECK_OK(WDSocketWakeup(0));
    CHECK_OK(WDSocketClose(client.socket));
    CHECK_OK(WDSocketClose(server.socket));
    CHECK_OK(WDSocketClose(udp.socket));
    h_dns_stop(dns);
}

/* ---- reconnecting ---- */

typedef struct {
    int32_t server, client, channel;
    int port;
} reconnect_pair;

static int reconnect_open(reconnect_pair *l)
{
    l->server = WDSocketCreate(NULL, 0, "127.0.0.1");
    l->port = h_port(l->server);
    l->client = WDSocketNew(NULL);
    CHECK_OK(WDSocketSetOption(l->client, WDS_OPT_RECONNECT, 1));
    CHECK_OK(WDSocketSetOption(l->client, WDS_OPT_RECONNECT_WAIT, 1));
    CHECK_OK(WDSocketSetOption(l->client, WDS_OPT_RECONNECT_FIRST, 1));
    CHECK_OK(WDSocketSetOption(l->client, WDS_OPT_RECONNECT_MOST, 20));
    if (!CHECK_OK(WDSocketOpen(l->client, WDS_KIND_CLIENT, l->port, "127.0.0.1", 20000)))
        return 0;
    l->channel = WDSocketAccept(l->server, 20000);
    return CHECK_GE(l->channel, 1);
}

/* The server is gone, and with it the connection; the client has noticed. */
static h_thread *reconnect_loses(reconnect_pair *l)
{
    h_thread *reader = h_blocked_reader(l->client);

    CHECK_OK(WDSocketClose(l->server));
    CHECK_OK(WDSocketCloseEx(l->channel, WDS_CLOSE_ABORT, 0));
    WAIT_UNTIL(WDSocketState(l->client) == WDS_STATE_CONNECTING);
    return reader;
}

TEST(a_reconnecting_client)
{
    static int32_t (*const ways[])(void *) = {writes, asks, flushes};
    reconnect_pair l[4];
    h_thread *calls[4];
    char got[16];
    int i;

    for (i = 0; i < 4; i++) {
        REQUIRE(reconnect_open(&l[i]));
        calls[i] = reconnect_loses(&l[i]);
    }
    for (i = 1; i < 4; i++) { /* the reader of the first stays; the others make room for what waits otherwise */
        CHECK_OK(WDSocketCancel(l[i].client));
        CHECK_CODE(h_join(calls[i]), WDS_E_CANCELLED);
        calls[i] = h_start(ways[i - 1], &l[i].client);
    }
    h_sleep(100); /* some are still on their way into the wait: they are cancelled all the same */
    cancelled(calls, 4);
    CHECK_CODE(writes(&l[1].client), WDS_E_CANCELLED); /* and what would wait now does not */
    /* they reconnect all the same */
    for (i = 0; i < 4; i++) {
        CHECK_EQ(WDSocketState(l[i].client), WDS_STATE_CONNECTING);
        l[i].server = WDSocketCreate(NULL, l[i].port, "127.0.0.1");
        CHECK_GE(l[i].server, 1);
        WAIT_UNTIL(WDSocketState(l[i].client) == WDS_STATE_OPEN);
    }
    CHECK_OK(WDSocketWakeup(0));
    for (i = 0; i < 4; i++) {
        l[i].channel = WDSocketAccept(l[i].server, 20000);
        CHECK_EQ(WDSocketWrite(l[i].client, "there", 5), 5);
        CHECK_BYTES(got, WDSocketRead(l[i].channel, got, (int32_t)sizeof got, 20000), "there", 5); /* the first: nothing was written */
        CHECK_OK(WDSocketClose(l[i].client));
        CHECK_OK(WDSocketClose(l[i].channel));
        CHECK_OK(WDSocketClose(l[i].server));
    }
}

/* ---- what goes on ---- */

/* While the wake-up is set a handshake is not begun: the connection stays what it
   is. One in the background is not concerned. */
TEST(a_hand_shake_that_is_not_begun)
{
    h_pair pair, attached;
    place as_server;
    h_thread *server;
    int32_t queue = WDSocketNewQueue();

    tls_trust();
    REQUIRE(h_pair_open(&pair));
    REQUIRE(h_pair_open(&attached));
    CHECK_OK(WDSocketSetText(pair.channel, WDS_TEXT_SSL_CERTIFICATE, cert("good.pem")));
    CHECK_OK(WDSocketSetText(attached.channel, WDS_TEXT_SSL_CERTIFICATE, cert("good.pem")));
    CHECK_OK(WDSocketAttach(queue, attached.channel, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketWakeup(1));
    CHECK_CODE(WDSocketStartSSL(pair.channel, WDS_ROLE_SERVER, 0, NULL, NULL, -1), WDS_E_CANCELLED);
    CHECK_CODE(WDSocketStartSSL(pair.client, WDS_ROLE_CLIENT, 0, NULL, NULL, 20000), WDS_E_CANCELLED);
    CHECK_CODE(WDSocketStartSSL(attached.channel, WDS_ROLE_SERVER, 0, NULL, NULL, -1), WDS_E_CANCELLED);
    CHECK_OK(WDSocketStartSSL(attached.channel, WDS_ROLE_SERVER, 0, NULL, NULL, 0));
    CHECK_OK(WDSocketWakeup(0));
    CHECK(tls_talk(pair.client, pair.channel));
    as_server.socket = pair.channel, as_server.role = WDS_ROLE_SERVER;
    server = h_start(starts_tls, &as_server);
    CHECK_OK(WDSocketStartSSL(pair.client, WDS_ROLE_CLIENT, 0, NULL, NULL, 20000));
    CHECK_OK(h_join(server));
    CHECK(tls_talk(pair.client, pair.channel));
    CHECK_OK(WDSocketStartSSL(attached.client, WDS_ROLE_CLIENT, 0, NULL, NULL, 20000));
    CHECK(h_is_event(h_next_event(queue, 20000), attached.channel, WDS_EVENT_TLS_DONE));
    h_pair_close(&pair);
    h_pair_close(&attached);
    CHECK_OK(WDSocketClose(queue));
}

/* A publish waits for none of its members. */
TEST(publishing)
{
    static char big[1 << 20];
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), client, channel, slow;
    h_sock deaf = h_connect("127.0.0.1", h_port(server));
    char got[16];

    slow = WDSocketAccept(server, 20000);
    client = WDSocketConnect(NULL, h_port(server), "127.0.0.1", 20000);
    channel = WDSocketAccept(server, 20000);
    CHECK_OK(WDSocketGroupJoin(slow, "all"));
    CHECK_OK(WDSocketSetOption(slow, WDS_OPT_PUBLISH_QUEUE, 64 << 20));
    CHECK_EQ(WDSocketGroupPublish(server, "all", big, (int32_t)sizeof big), 1);
    while (WDSocketGroupPublish(server, "all", big, (int32_t)sizeof big) == 1 && h_number(slow, WDS_NUM_BUFFERED) < 1)
        if (h_number(0, WDS_NUM_BUFFERED_BYTES) > 16 << 20)
            break;
    CHECK_OK(WDSocketGroupJoin(channel, "all"));
    CHECK_OK(WDSocketWakeup(1));
    CHECK_EQ(WDSocketGroupPublish(server, "all", "news", 4), 2);
    CHECK_OK(WDSocketWakeup(0));
    CHECK_BYTES(got, WDSocketRead(client, got, (int32_t)sizeof got, 20000), "news", 4);
    h_close(deaf);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(slow));
    CHECK_OK(WDSocketClose(server));
}

static int32_t closes_in_order(void *socket)
{
    return WDSocketCloseEx(*(int32_t *)socket, WDS_CLOSE_GRACEFUL, -1);
}

static int32_t ends_sending(void *socket)
{
    return WDSocketCloseEx(*(int32_t *)socket, WDS_CLOSE_WRITE, -1);
}

/* Closes that wait for a peer, with what it has not read before them, go on, and so
   does one that begins while the wake-up is set. */
TEST(closes_that_wait)
{
    static char big[4 << 20];
    static int32_t (*const ways[])(void *) = {closes_in_order, ends_sending, closes_in_order, ends_sending};
    h_half halves[4];
    h_thread *calls[4];
    int i;

    for (i = 0; i < 4; i++) {
        REQUIRE(h_half_narrow(&halves[i]));
        CHECK_OK(WDSocketChangeTransmissionMode(halves[i].socket, WDS_MODE_RAW, NULL, 0));
        CHECK_OK(WDSocketSetOption(halves[i].socket, WDS_OPT_SEND_QUEUE, (int32_t)sizeof big));
        CHECK_EQ(WDSocketWrite(halves[i].socket, big, (int32_t)sizeof big), (int32_t)sizeof big);
        if (i < 2)
            calls[i] = h_start(ways[i], &halves[i].socket);
    }
    WAIT_UNTIL(WDSocketAvailable(halves[0].socket) == WDS_E_CLOSED);
    h_sleep(100); /* wherever the other is: the wake-up is not for it */
    CHECK_OK(WDSocketWakeup(1));
    for (i = 2; i < 4; i++)
        calls[i] = h_start(ways[i], &halves[i].socket);
    WAIT_UNTIL(WDSocketAvailable(halves[2].socket) == WDS_E_CLOSED);
    for (i = 0; i < 4; i++) {
        CHECK(!h_done(calls[i]));
        CHECK_EQ(h_recv_count(halves[i].raw, 20000), (int64_t)sizeof big);
        CHECK_OK(h_join(calls[i]));
    }
    CHECK_OK(WDSocketWakeup(0));
    for (i = 0; i < 4; i++)
        h_half_close(&halves[i]);
}
