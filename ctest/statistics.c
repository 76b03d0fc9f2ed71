/*
 * statistics.c - the figures of sockets and servers: exact for conversations
 * whose every byte is known, and each kind of error at its place.
 */
#include "certificates.h"
#include "harness.h"

static int64_t figures[WDS_STAT_COUNT];

/* Reads all figures of a socket; the row is good until the next call. */
static int look(int32_t socket)
{
    memset(figures, 0x55, sizeof figures);
    return CHECK_EQ(WDSocketStatistics(socket, figures, WDS_STAT_COUNT), WDS_STAT_COUNT);
}

/* No errors but so many at one place. */
static void only(int place, int64_t errors)
{
    int i;

    for (i = WDS_STAT_ERRORS_RESET; i <= WDS_STAT_ERRORS_OTHER; i++)
        CHECK_EQ(figures[i], i == place ? errors : 0);
}

/* Reads one message from one end that the other wrote. */
static void say(int32_t from, int32_t to, const char *text)
{
    char got[64];

    CHECK_EQ(WDSocketWrite(from, text, -1), strlen(text));
    CHECK_EQ(WDSocketRead(to, got, (int32_t)sizeof got, 20000), strlen(text));
    CHECK_TEXT(got, text);
}

TEST(a_conversation)
{
    h_pair pair;

    REQUIRE(h_pair_open(&pair));
    look(pair.channel);
    only(-1, 0);
    CHECK_EQ(figures[WDS_STAT_BYTES_READ], 0);
    CHECK_EQ(figures[WDS_STAT_FIRST_BYTE_US], 0);
    CHECK_EQ(figures[WDS_STAT_CONNECT_US], 0);
    say(pair.client, pair.channel, "Hello"); /* 5 CR LF Hello */
    say(pair.client, pair.channel, "");      /* 0 CR LF */
    say(pair.channel, pair.client, "Hello yourself"); /* 14 CR LF ... */

    look(pair.channel);
    only(-1, 0);
    CHECK_EQ(figures[WDS_STAT_BYTES_READ], 8 + 3);
    CHECK_EQ(figures[WDS_STAT_BYTES_WRITTEN], 18);
    CHECK_EQ(figures[WDS_STAT_MESSAGES_READ], 2);
    CHECK_EQ(figures[WDS_STAT_MESSAGES_WRITTEN], 1);
    CHECK_GE(figures[WDS_STAT_FIRST_BYTE_US], 1);
    CHECK_EQ(figures[WDS_STAT_TLS_US], 0);
    CHECK_EQ(figures[WDS_STAT_RECEIVE_QUEUE], 0);
    CHECK_EQ(figures[WDS_STAT_SEND_QUEUE], 0);
    CHECK_EQ(figures[WDS_STAT_PUBLISH_QUEUE], 0);
    CHECK_EQ(figures[WDS_STAT_DROPPED], 0);
    CHECK_EQ(figures[WDS_STAT_RECONNECTS], 0);
    CHECK_EQ(figures[WDS_STAT_CLIENTS], 0);
    look(pair.client);
    only(-1, 0);
    CHECK_EQ(figures[WDS_STAT_BYTES_READ], 18);
    CHECK_EQ(figures[WDS_STAT_BYTES_WRITTEN], 11);
    CHECK_EQ(figures[WDS_STAT_MESSAGES_READ], 1);
    CHECK_EQ(figures[WDS_STAT_MESSAGES_WRITTEN], 2);
    CHECK_GE(figures[WDS_STAT_CONNECT_US], 1);
    look(0);
    CHECK_EQ(figures[WDS_STAT_BYTES_READ], 29);
    CHECK_EQ(figures[WDS_STAT_BYTES_WRITTEN], 29);
    CHECK_EQ(figures[WDS_STAT_MESSAGES_READ], 3);
    h_pair_close(&pair);
    look(0);
    CHECK_EQ(figures[WDS_STAT_BYTES_READ], 0);
}

TEST(what_waits_to_be_read)
{
    h_half half;

    REQUIRE(h_half_channel(&half));
    CHECK(h_send(half.raw, "1\r\na1\r\nb2\r\n", 11));
    WAIT_UNTIL(WDSocketAvailable(half.socket) == 2);
    look(half.socket);
    CHECK_EQ(figures[WDS_STAT_RECEIVE_QUEUE], 11);
    CHECK_EQ(figures[WDS_STAT_MESSAGES_READ], 0);
    h_half_close(&half);
}

TEST(what_waits_to_be_sent)
{
    static char message[100000];
    h_half half;
    int64_t count = 0;

    REQUIRE(h_half_narrow(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_SEND_QUEUE, 1000000));
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_RAW, NULL, 0));
    while (WDSocketWrite(half.socket, message, sizeof message) >= 0 && count < 1000)
        count++;
    CHECK_CODE(WDSocketWrite(half.socket, message, sizeof message), WDS_E_FULL);
    look(half.socket);
    only(WDS_STAT_ERRORS_FULL, 2);
    CHECK_EQ(figures[WDS_STAT_MESSAGES_WRITTEN], count);
    CHECK_GE(figures[WDS_STAT_SEND_QUEUE], 900000);
    CHECK_OK(WDSocketCloseEx(half.socket, WDS_CLOSE_ABORT, 0));
    h_half_close(&half);
}

TEST(tls)
{
    h_pair pair;
    int64_t shaken_in, shaken_out, out;

    tls_trust();
    REQUIRE(tls_pair_open(&pair, WDS_SSL_TLS12 | WDS_SSL_NO_RESUMPTION, WDS_SSL_TLS12));
    look(pair.channel);
    shaken_in = figures[WDS_STAT_BYTES_READ];
    shaken_out = figures[WDS_STAT_BYTES_WRITTEN];
    CHECK_GE(shaken_in, 100);
    CHECK_GE(shaken_out, 400); /* the certificate */
    CHECK_GE(figures[WDS_STAT_TLS_US], 1);
    CHECK_EQ(figures[WDS_STAT_FIRST_BYTE_US], 0); /* of the conversation */
    say(pair.client, pair.channel, "Hello");
    look(pair.channel);
    CHECK_GE(figures[WDS_STAT_BYTES_READ], shaken_in + 5 + 8 + 16); /* record, message, check bytes */
    CHECK_EQ(figures[WDS_STAT_BYTES_WRITTEN], shaken_out);
    CHECK_EQ(figures[WDS_STAT_MESSAGES_READ], 1);
    CHECK_GE(figures[WDS_STAT_FIRST_BYTE_US], 1);
    only(-1, 0);
    out = figures[WDS_STAT_BYTES_READ];
    look(pair.client);
    CHECK_EQ(figures[WDS_STAT_BYTES_WRITTEN], out);
    CHECK_GE(figures[WDS_STAT_TLS_US], 1);
    CHECK_GE(figures[WDS_STAT_CONNECT_US], figures[WDS_STAT_TLS_US]);
    h_pair_close(&pair);
}

TEST(clients_came_and_went)
{
    const int rounds = 20;
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), client, channel, stays, guest;
    char got[16];
    int i;

    REQUIRE(CHECK_GE(server, 1));
    stays = WDSocketConnect(NULL, h_port(server), "127.0.0.1", 20000);
    guest = WDSocketAccept(server, 20000);
    say(stays, guest, "here");
    for (i = 1; i <= rounds; i++) {
        client = WDSocketConnect(NULL, h_port(server), "127.0.0.1", 20000);
        channel = WDSocketAccept(server, 20000);
        say(client, channel, "question");
        say(channel, client, "answer");
        CHECK_OK(WDSocketClose(client));
        CHECK_CODE(WDSocketRead(channel, got, (int32_t)sizeof got, 20000), WDS_E_PEER_CLOSED);
        CHECK_OK(WDSocketClose(channel));
        look(server);
        only(-1, 0);
        CHECK_EQ(figures[WDS_STAT_BYTES_READ], 7 + i * 11);
        CHECK_EQ(figures[WDS_STAT_BYTES_WRITTEN], i * 9);
        CHECK_EQ(figures[WDS_STAT_MESSAGES_READ], 1 + i);
        CHECK_EQ(figures[WDS_STAT_MESSAGES_WRITTEN], i);
        CHECK_EQ(figures[WDS_STAT_CLIENTS], 1);
        CHECK_EQ(figures[WDS_STAT_ACCEPTED], 1 + i);
    }
    client = WDSocketConnect(NULL, h_port(server), "127.0.0.1", 20000);
    CHECK_EQ(WDSocketWaitForConnection(server, 20000), 1);
    look(server);
    CHECK_EQ(figures[WDS_STAT_PENDING], 1);
    CHECK_OK(WDSocketDeny(server));
    look(server);
    CHECK_EQ(figures[WDS_STAT_PENDING], 0);
    CHECK_EQ(figures[WDS_STAT_REFUSED], 1);
    CHECK_EQ(figures[WDS_STAT_ACCEPTED], 1 + rounds);
    CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), WDS_E_RESET);
    look(client);
    only(WDS_STAT_ERRORS_RESET, 1);
    look(server);
    only(-1, 0); /* it was no client of the server's */
    look(0);
    CHECK_EQ(figures[WDS_STAT_MESSAGES_READ], 1); /* of those that are alive */
    CHECK_EQ(figures[WDS_STAT_CLIENTS], 1);
    WDSocketClose(client);
    WDSocketClose(stays);
    WDSocketClose(guest);
    WDSocketClose(server);
}

TEST(errors_by_kind)
{
    static char big[1000000];
    h_half half;
    char got[16];
    int i;

    REQUIRE(h_half_channel(&half));
    h_reset(half.raw);
    half.raw = H_NO_SOCK;
    for (i = 0; i < 3; i++) /* told each time, counted once */
        CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_RESET);
    CHECK_CODE(WDSocketWrite(half.socket, "x", 1), WDS_E_RESET);
    look(half.socket);
    only(WDS_STAT_ERRORS_RESET, 1);
    WDSocketClose(half.socket);

    REQUIRE(h_half_channel(&half));
    CHECK(h_send(half.raw, "hello\r\n", 7));
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_FRAME);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_FRAME);
    look(half.socket);
    only(WDS_STAT_ERRORS_FRAME, 1);
    h_half_close(&half);

    REQUIRE(h_half_channel(&half)); /* wrong check bytes: each message is one */
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "stx-etx-bcc"));
    CHECK(h_send(half.raw, "\x02" "a\x03" "?\x02" "b\x03" "?", 8));
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_CHECK);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_CHECK);
    look(half.socket);
    only(WDS_STAT_ERRORS_FRAME, 2);
    h_half_close(&half);

    REQUIRE(h_half_channel(&half)); /* a read that finds nothing is no error */
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 10), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketRead(half.socket, got, -1, 10), WDS_E_ARGUMENT);
    look(half.socket);
    only(-1, 0);
    h_half_close(&half);

    REQUIRE(h_half_narrow(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_WRITE_TIMEOUT, 20));
    CHECK_CODE(WDSocketWrite(half.socket, big, sizeof big), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketWrite(half.socket, "x", 1), WDS_E_BROKEN); /* told again, not counted */
    look(half.socket);
    only(WDS_STAT_ERRORS_WRITE, 1);
    WDSocketCloseEx(half.socket, WDS_CLOSE_ABORT, 0);
    h_half_close(&half);

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_END_TAG, "\n", 1));
    CHECK_CODE(WDSocketWrite(half.socket, "a\nb", 3), WDS_E_TAG_IN_MESSAGE);
    look(half.socket);
    only(WDS_STAT_ERRORS_OTHER, 1);
    h_half_close(&half);
}

TEST(silence)
{
    h_half half;
    char got[16];

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_IDLE_LIMIT, 100));
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_SILENT);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_SILENT);
    look(half.socket);
    only(WDS_STAT_ERRORS_SILENT, 1);
    h_half_close(&half);
}

TEST(what_was_published)
{
    static char price[10000];
    const int limit = 100000;
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), channel;
    int64_t published = 0, dropped;
    h_sock slow;

    CHECK_OK(WDSocketSetOption(server, WDS_OPT_PUBLISH_QUEUE, limit));
    slow = h_connect("127.0.0.1", h_port(server));
    channel = WDSocketAccept(server, 20000);
    CHECK_OK(WDSocketGroupJoin(channel, "slow"));
    do { /* until some were dropped */
        CHECK_EQ(WDSocketGroupPublish(server, "slow", price, sizeof price), 1);
        published++;
        look(channel);
    } while (figures[WDS_STAT_DROPPED] < 3 && published < 100000);
    dropped = figures[WDS_STAT_DROPPED];
    CHECK_EQ(dropped, 3);
    CHECK_GE(figures[WDS_STAT_PUBLISH_QUEUE], limit / 2);
    CHECK(figures[WDS_STAT_PUBLISH_QUEUE] <= limit);
    CHECK_EQ(figures[WDS_STAT_MESSAGES_READ], 0);
    only(-1, 0);
    look(server);
    CHECK_EQ(figures[WDS_STAT_DROPPED], dropped);
    CHECK_GE(figures[WDS_STAT_PUBLISH_QUEUE], limit / 2);
    CHECK_OK(WDSocketCloseEx(channel, WDS_CLOSE_ABORT, 0));
    look(server); /* what was dropped stays, what waits does not */
    CHECK_EQ(figures[WDS_STAT_DROPPED], dropped);
    CHECK_EQ(figures[WDS_STAT_PUBLISH_QUEUE], 0);
    h_close(slow);
    WDSocketClose(server);
}

TEST(a_reconnecting_client)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), client = WDSocketNew(NULL), channel;
    const int rounds = 3;
    char got[16];
    int i;

    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT, 1));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_FIRST, 1));
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT, h_port(server), "127.0.0.1", 20000));
    for (i = 0; i < rounds; i++) {
        channel = WDSocketAccept(server, 20000);
        say(client, channel, "Hello");
        say(channel, client, "there");
        look(client);
        CHECK_EQ(figures[WDS_STAT_RECONNECTS], i);
        CHECK_EQ(figures[WDS_STAT_MESSAGES_READ], i + 1); /* over all connections */
        CHECK_EQ(figures[WDS_STAT_BYTES_READ], 8 * (i + 1));
        CHECK_EQ(figures[WDS_STAT_BYTES_WRITTEN], 8 * (i + 1));
        only(WDS_STAT_ERRORS_RESET, i);
        CHECK_OK(WDSocketCloseEx(channel, WDS_CLOSE_ABORT, 0));
        CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), WDS_E_RECONNECTING);
        WAIT_UNTIL(look(client) && figures[WDS_STAT_RECONNECTS] == i + 1);
    }
    WDSocketClose(client);
    WDSocketClose(server);
}

TEST(errors_of_opening)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), client = WDSocketNew(NULL), port = h_port(server);
    h_sock peer;

    CHECK_OK(WDSocketClose(server));
    CHECK_CODE(WDSocketOpen(client, WDS_KIND_CLIENT, port, "127.0.0.1", 20000), WDS_E_REFUSED);
    CHECK_CODE(WDSocketOpen(client, WDS_KIND_CLIENT, port, "127.0.0.1", 20000), WDS_E_REFUSED);
    look(client);
    only(WDS_STAT_ERRORS_OTHER, 2);
    WDSocketClose(client);

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    peer = h_connect("127.0.0.1", port);
    CHECK(h_send(peer, "GET / HTTP/1.0\r\n\r\n", 18));
    WAIT_UNTIL(look(server) && figures[WDS_STAT_ERRORS_TLS] == 1);
    only(WDS_STAT_ERRORS_TLS, 1);
    CHECK_EQ(figures[WDS_STAT_ACCEPTED], 0);
    h_close(peer);
    WDSocketClose(server);
}

TEST(datagrams)
{
    int32_t udp = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    char got[16];

    CHECK_EQ(WDSocketWriteUDP(udp, "abc", 3, "127.0.0.1", h_port(udp)), 3);
    CHECK_EQ(WDSocketRead(udp, NULL, 0, 20000), 3);
    look(udp);
    CHECK_EQ(figures[WDS_STAT_RECEIVE_QUEUE], 3);
    CHECK_EQ(WDSocketRead(udp, got, (int32_t)sizeof got, 20000), 3);
    look(udp);
    only(-1, 0);
    CHECK_EQ(figures[WDS_STAT_BYTES_READ], 3);
    CHECK_EQ(figures[WDS_STAT_BYTES_WRITTEN], 3);
    CHECK_EQ(figures[WDS_STAT_MESSAGES_READ], 1);
    CHECK_EQ(figures[WDS_STAT_MESSAGES_WRITTEN], 1);
    CHECK_EQ(figures[WDS_STAT_RECEIVE_QUEUE], 0);
    CHECK_GE(figures[WDS_STAT_FIRST_BYTE_US], 1);
    WDSocketClose(udp);
}

TEST(parameters)
{
    int64_t row[WDS_STAT_COUNT + 2];
    int32_t queue = WDSocketNewQueue(), fresh = WDSocketNew(NULL);

    CHECK_CODE(WDSocketStatistics(0, NULL, WDS_STAT_COUNT), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "figures");
    CHECK_CODE(WDSocketStatistics(0, row, 0), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketStatistics(0, row, -1), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketStatistics(1, row, WDS_STAT_COUNT), WDS_E_HANDLE);
    CHECK_CODE(WDSocketStatistics(-1, row, WDS_STAT_COUNT), WDS_E_HANDLE);
    if (queue > 0)
        CHECK_CODE(WDSocketStatistics(queue, row, WDS_STAT_COUNT), WDS_E_KIND);
    memset(row, 0x55, sizeof row);
    CHECK_EQ(WDSocketStatistics(fresh, row, 3), 3); /* fewer than there are */
    CHECK_EQ(row[2], 0);
    CHECK_EQ(row[3], INT64_C(0x5555555555555555));
    CHECK_EQ(WDSocketStatistics(fresh, row, WDS_STAT_COUNT + 2), WDS_STAT_COUNT); /* more */
    CHECK_EQ(row[WDS_STAT_COUNT - 1], 0);
    CHECK_EQ(row[WDS_STAT_COUNT], INT64_C(0x5555555555555555));
    CHECK_OK(WDSocketClose(fresh));
    CHECK_CODE(WDSocketStatistics(fresh, row, 3), WDS_E_HANDLE);
    if (queue > 0)
        WDSocketClose(queue);
}
