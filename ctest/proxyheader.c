/*
 * proxyheader.c - a server behind a proxy that sends PROXY headers, and a client that
 * sends one itself.
 */
#include "harness.h"

#define V1 "PROXY TCP4 192.0.2.7 203.0.113.5 700 443\r\n"

/* Version 2: the same addresses; ALPN h2, authority example.org, TLS 1.3 with the verified certificate of alice, a fact of
 * the proxy's own. */
static const char v2[] = "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x46"
                         "\xC0\0\x02\x07\xCB\0\x71\x05\x02\xBC\x01\xBB"
                         "\x01\0\x02h2"
                         "\x02\0\x0B" "example.org"
                         "\x05\0\x02\x01\xFF"
                         "\x20\0\x17\x03\0\0\0\0"
                         "\x21\0\x07TLSv1.3" "\x22\0\x05" "alice"
                         "\xE0\0\x05other";

static const char local[] = "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";

#define V2_LENGTH ((int)sizeof v2 - 1)
#define LOCAL_LENGTH ((int)sizeof local - 1)

static int32_t behind(int32_t mode, const char *trusted, int *port)
{
    int32_t server = WDSocketNew(NULL);

    CHECK_GE(server, 1);
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_PROXY_HEADER, mode));
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_PROXY_TRUSTED, trusted));
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER, 0, "127.0.0.1", 0));
    *port = h_port(server);
    return server;
}

static const char *info(int32_t socket, int32_t what)
{
    static char text[2][512];
    static int turn;
    char *got = text[turn ^= 1];

    if (!CHECK_GE(WDSocketClientInfo(socket, what, got, (int32_t)sizeof text[0]), 0))
        got[0] = 0;
    return got;
}

static void talks(int32_t socket, h_sock raw)
{
    char got[16];

    CHECK(h_send(raw, "5\r\nhello", 8));
    CHECK_BYTES(got, WDSocketRead(socket, got, (int32_t)sizeof got, 20000), "hello", 5);
    CHECK_CODE(WDSocketWrite(socket, "you", 3), 3);
    CHECK_BYTES(got, h_recv(raw, got, 6, 20000), "3\r\nyou", 6);
}

TEST(the_client_is_that_of_the_header)
{
    static const int32_t modes[] = {WDS_PROXY_HEADER_ACCEPTED, WDS_PROXY_HEADER_REQUIRED};
    int port, i;

    for (i = 0; i < 4; i++) {
        int32_t server = behind(modes[i % 2], "10.0.0.0/8, 127.0.0.1", &port), channel;
        h_sock raw = h_connect("127.0.0.1", port);
        char own[64];

        REQUIRE(CHECK(h_send_chunks(raw, i < 2 ? V1 : v2, i < 2 ? (int)sizeof V1 - 1 : V2_LENGTH, i == 3 ? 1 : 1000, 0)));
        channel = WDSocketAccept(server, 20000);
        REQUIRE(CHECK_GE(channel, 1));
        CHECK_TEXT(info(channel, WDS_INFO_ENDPOINT), "192.0.2.7:700");
        CHECK_TEXT(info(channel, WDS_INFO_ADDRESS), "192.0.2.7");
        CHECK_EQ(h_option(channel, WDS_OPT_PEER_PORT), 700);
        CHECK_HAS(info(channel, WDS_INFO_PROXY_ENDPOINT), "127.0.0.1:");
        CHECK_TEXT(info(channel, WDS_INFO_PROXY_DESTINATION), "203.0.113.5:443");
        CHECK_TEXT(info(channel, WDS_INFO_PROXY_VERSION), i < 2 ? "1" : "2");
        CHECK_TEXT(info(channel, WDS_INFO_PROXY_AUTHORITY), i < 2 ? "" : "example.org");
        CHECK_TEXT(info(channel, WDS_INFO_PROXY_ALPN), i < 2 ? "" : "h2");
        CHECK_TEXT(info(channel, WDS_INFO_PROXY_UNIQUE_ID), i < 2 ? "" : "01ff");
        CHECK_TEXT(info(channel, WDS_INFO_PROXY_SSL_VERSION), i < 2 ? "" : "TLSv1.3");
        CHECK_TEXT(info(channel, WDS_INFO_PROXY_SSL_CIPHER), "");
        CHECK_TEXT(info(channel, WDS_INFO_PROXY_SSL_CLIENT), i < 2 ? "" : "alice");
        CHECK_HAS(info(channel, WDS_INFO_PROXY_TLVS), i < 2 ? "" : ",E0=6f74686572");
        CHECK_CODE(WDSocketClientInfo(channel, WDS_INFO_PROXY_ENDPOINT, own, 3), WDS_E_BUFFER);
        CHECK_GE(WDSocketLocalInfo(channel, WDS_INFO_ENDPOINT, own, (int32_t)sizeof own), 0);
        CHECK_HAS(own, "127.0.0.1:");
        talks(channel, raw);
        h_close(raw);
        CHECK_CODE(WDSocketRead(channel, own, (int32_t)sizeof own, 20000), WDS_E_PEER_CLOSED);
        CHECK_HAS(h_error(channel, WDS_INFO_MESSAGE), "192.0.2.7:700");
        CHECK_OK(WDSocketClose(channel));
        CHECK_OK(WDSocketClose(server));
    }
}

TEST(a_message_behind_the_header_is_not_lost)
{
    int port, i;
    char both[256], got[16];

    for (i = 0; i < 2; i++) {
        int32_t server = behind(WDS_PROXY_HEADER_REQUIRED, "127.0.0.1", &port);
        h_sock raw = h_connect("127.0.0.1", port);
        int length = i ? V2_LENGTH : (int)sizeof V1 - 1;

        memcpy(both, i ? v2 : V1, (size_t)length);
        memcpy(both + length, "5\r\nhello3\r\nyou", 14);
        CHECK(h_send(raw, both, length + 14));
        CHECK_BYTES(got, WDSocketRead(server, got, (int32_t)sizeof got, 20000), "hello", 5); /* a simplified server */
        CHECK_BYTES(got, WDSocketRead(server, got, (int32_t)sizeof got, 20000), "you", 3);
        CHECK_TEXT(info(server, WDS_INFO_ENDPOINT), "192.0.2.7:700");
        CHECK_HAS(info(server, WDS_INFO_PROXY_ENDPOINT), "127.0.0.1:");
        h_close(raw);
        CHECK_OK(WDSocketClose(server));
    }
}

TEST(health_checks_give_no_event)
{
    int port, i;
    int32_t server = behind(WDS_PROXY_HEADER_REQUIRED, "127.0.0.0/8", &port), queue = WDSocketNewQueue();
    h_event e;
    h_sock raw;
    char got[16];

    CHECK_OK(WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
    for (i = 0; i < 9; i++) {
        raw = h_connect("127.0.0.1", port);
        if (i % 3)
            CHECK(h_send(raw, i % 3 == 1 ? local : "PROXY UNKNOWN\r\n", i % 3 == 1 ? LOCAL_LENGTH : 15));
        if (i < 6)
            h_close(raw);
        else
            h_reset(raw);
    }
#ifdef H_UNIX
    WAIT_UNTIL(h_figure(server, WDS_STAT_HEALTH_CHECKS) == 9);
#else /* a reset before it is accepted is no connection of Windows's */
    WAIT_UNTIL(h_figure(server, WDS_STAT_HEALTH_CHECKS) >= 6);
#endif
    raw = h_connect("127.0.0.1", port);
    CHECK(h_send(raw, v2, V2_LENGTH));
    CHECK(h_send(raw, "5\r\nhello", 8));
    e = h_next_event(queue, 20000);
    REQUIRE(h_is_event(e, e.socket, WDS_EVENT_ACCEPTED)); /* the first */
    CHECK_EQ(e.value, server);
    CHECK_TEXT(info(e.socket, WDS_INFO_ENDPOINT), "192.0.2.7:700");
    e = h_next_event(queue, 20000);
    REQUIRE(h_is_event(e, e.socket, WDS_EVENT_MESSAGE));
    CHECK_BYTES(got, WDSocketRead(e.socket, got, (int32_t)sizeof got, 0), "hello", 5);
    CHECK_EQ(h_figure(server, WDS_STAT_ACCEPTED), 1);
    CHECK_EQ(h_figure(server, WDS_STAT_REFUSED), 0);
    CHECK_EQ(h_figure(server, WDS_STAT_ERRORS_OTHER), 0);
    CHECK_EQ(h_figure(server, WDS_STAT_ERRORS_RESET), 0);
    h_close(raw);
    CHECK_OK(WDSocketClose(e.socket));
    CHECK_OK(WDSocketClose(server));
    CHECK_OK(WDSocketClose(queue));
}

TEST(a_server_that_speaks_first_does_not_stall)
{
    int port;
    int32_t server = behind(WDS_PROXY_HEADER_ACCEPTED, "127.0.0.2", &port), channel;
    h_sock raw = h_connect("127.0.0.1", port);
    char got[16];
    int64_t start = h_now_us();

    channel = WDSocketAccept(server, 20000);
    REQUIRE(CHECK_GE(channel, 1));
    CHECK_CODE(WDSocketWrite(channel, "welcome", 7), 7);
    CHECK_BYTES(got, h_recv(raw, got, 10, 20000), "7\r\nwelcome", 10);
    CHECK_PROMPT(start);
    CHECK_HAS(info(channel, WDS_INFO_ADDRESS), "127.0.0.1");
    CHECK_TEXT(info(channel, WDS_INFO_PROXY_ENDPOINT), "");
    talks(channel, raw);
    h_close(raw);
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}

TEST(a_client_sends_a_header)
{
    int port, version;
    char own[64], got[16];

    for (version = 1; version <= 2; version++) {
        int32_t server = behind(WDS_PROXY_HEADER_REQUIRED, "127.0.0.1", &port), channel, client = WDSocketNew(NULL);

        CHECK_OK(WDSocketSetOption(client, WDS_OPT_PROXY_HEADER_SEND, version));
        CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT, port, "127.0.0.1", 20000));
        CHECK_CODE(WDSocketWrite(client, "hello", 5), 5); /* of version 1 the first bytes show that it is no health check */
        channel = WDSocketAccept(server, 20000);
        REQUIRE(CHECK_GE(channel, 1));
        CHECK_GE(WDSocketLocalInfo(client, WDS_INFO_ENDPOINT, own, (int32_t)sizeof own), 0);
        CHECK_TEXT(info(channel, WDS_INFO_ENDPOINT), own);
        CHECK_TEXT(info(channel, WDS_INFO_PROXY_VERSION), version == 1 ? "1" : "2");
        CHECK_TEXT(info(client, WDS_INFO_PROXY_VERSION), "");
        CHECK_BYTES(got, WDSocketRead(channel, got, (int32_t)sizeof got, 20000), "hello", 5);
        CHECK_OK(WDSocketClose(client));
        CHECK_OK(WDSocketClose(channel));
        CHECK_OK(WDSocketClose(server));
    }
}

TEST(what_is_set_wrong_is_told)
{
    int32_t server = WDSocketNew(NULL), udp = WDSocketCreateUDP(NULL, 0, "127.0.0.1"), value = -1;
    char text[64];

    CHECK_OK(WDSocketSetOption(server, WDS_OPT_PROXY_HEADER, WDS_PROXY_HEADER_REQUIRED));
    CHECK_CODE(WDSocketOpen(server, WDS_KIND_SERVER, 0, "127.0.0.1", 0), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "WDS_TEXT_PROXY_TRUSTED");
    CHECK_CODE(WDSocketSetText(server, WDS_TEXT_PROXY_TRUSTED, "127.0.0.1 proxy.example"), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "proxy.example");
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_PROXY_TRUSTED, "127.0.0.1"));
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER, 0, "127.0.0.1", 0));
    CHECK_CODE(WDSocketSetOption(server, WDS_OPT_PROXY_HEADER, WDS_PROXY_HEADER_OFF), WDS_E_STATE);
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_PROXY_TRUSTED, "::1,127.0.0.1"));
    CHECK_EQ(WDSocketGetText(server, WDS_TEXT_PROXY_TRUSTED, text, (int32_t)sizeof text), 13);
    CHECK_TEXT(text, "::1,127.0.0.1");
    CHECK_OK(WDSocketGetOption(server, WDS_OPT_PROXY_HEADER, &value));
    CHECK_EQ(value, WDS_PROXY_HEADER_REQUIRED);
    CHECK_CODE(WDSocketClientInfo(server, WDS_INFO_PROXY_ENDPOINT, text, (int32_t)sizeof text), WDS_E_NO_REQUEST);
    CHECK_CODE(WDSocketClientInfo(udp, WDS_INFO_PROXY_ENDPOINT, text, (int32_t)sizeof text), WDS_E_KIND);
    CHECK_OK(WDSocketClose(udp));
    CHECK_OK(WDSocketClose(server));
}
