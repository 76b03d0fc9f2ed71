/*
 * proxyheader_tls.c - what comes in place of a PROXY header, slowly, in masses or from
 * addresses that are not trusted, keeps nobody out and brings no client in.
 */
#include "certificates.h"
#include "harness.h"

#define V1 "PROXY TCP4 192.0.2.7 203.0.113.5 700 443\r\n"
#define V1_LENGTH ((int)sizeof V1 - 1)
#define CROWD h_rounds(300)

static int32_t behind(int32_t kind, const char *trusted, int limit_ms, int *port)
{
    int32_t server = WDSocketNew(NULL);

    tls_trust();
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_CERTIFICATE, cert("good.pem")));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_PROXY_HEADER, WDS_PROXY_HEADER_REQUIRED));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_PROXY_HEADER_TIMEOUT, limit_ms));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_BACKLOG, 2048));
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_PROXY_TRUSTED, trusted));
    CHECK_OK(WDSocketOpen(server, kind, 0, "127.0.0.1", 0));
    *port = h_port(server);
    return server;
}

/* A good client of the library itself comes through, promptly. */
static void a_good_one(int32_t server, int32_t kind, int port)
{
    int32_t client = WDSocketNew(NULL), channel;
    int64_t start = h_now_us();

    CHECK_OK(WDSocketSetOption(client, WDS_OPT_PROXY_HEADER_SEND, 2));
    CHECK_OK(WDSocketSetText(client, WDS_TEXT_SSL_AUTHORITIES, cert("root.crt")));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_SSL_OPTIONS, WDS_SSL_ACCEPT_ANY));
    CHECK_OK(WDSocketOpen(client, kind, port, "127.0.0.1", 20000));
    channel = WDSocketAccept(server, 20000);
    REQUIRE(CHECK_GE(channel, 1));
    CHECK(tls_talk(client, channel));
    CHECK_PROMPT(start);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
}

static void among_silent_ones(int32_t server_kind, int32_t kind)
{
    int port, i, crowd = CROWD;
    int32_t server = behind(server_kind, "127.0.0.1", 600000, &port);
    h_sock *all = (h_sock *)calloc((size_t)crowd, sizeof *all);

    CHECK_OK(WDSocketSetOption(server, WDS_OPT_MAX_CLIENTS_PER_ADDRESS, 2)); /* not of the proxy */
    for (i = 0; i < crowd; i++) {
        all[i] = h_connect("127.0.0.1", port);
        if (i % 3 && all[i] != H_NO_SOCK)
            h_send(all[i], i % 3 == 1 ? "PROXY TCP4 19" : "\r\n\r\n\0\r\nQUIT\n\x21\x11\x0F\xFF", i % 3 == 1 ? 13 : 16);
    }
    a_good_one(server, kind, port);
    a_good_one(server, kind, port);
    for (i = 0; i < crowd; i++)
        h_close(all[i]);
    WAIT_UNTIL(h_figure(server, WDS_STAT_HEALTH_CHECKS) == (crowd + 2) / 3); /* the silent ones */
    WAIT_UNTIL(h_figure(server, WDS_STAT_ERRORS_OTHER) == crowd - (crowd + 2) / 3);
    CHECK_CODE(WDSocketAccept(server, 0), WDS_E_TIMEOUT);
    free(all);
    CHECK_OK(WDSocketClose(server));
}

TEST(silent_ones_keep_nobody_out)
{
    among_silent_ones(WDS_KIND_SERVER, WDS_KIND_CLIENT);
}

TEST(silent_ones_keep_nobody_out_with_tls)
{
    among_silent_ones(WDS_KIND_SERVER_SSL, WDS_KIND_CLIENT_SSL);
}

TEST(byte_by_byte)
{
    int port;
    int32_t server = behind(WDS_KIND_SERVER, "127.0.0.1", 600000, &port), channel;
    h_sock raw = h_connect("127.0.0.1", port);
    char got[64];

    CHECK(h_send_chunks(raw, V1 "5\r\nhello", V1_LENGTH + 8, 1, 1));
    channel = WDSocketAccept(server, 20000);
    REQUIRE(CHECK_GE(channel, 1));
    CHECK_BYTES(got, WDSocketRead(channel, got, (int32_t)sizeof got, 20000), "hello", 5);
    CHECK_GE(WDSocketClientInfo(channel, WDS_INFO_ENDPOINT, got, (int32_t)sizeof got), 0);
    CHECK_TEXT(got, "192.0.2.7:700");
    h_close(raw);
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}

TEST(the_time_of_a_header_ends)
{
    int port;
    int32_t server = behind(WDS_KIND_SERVER, "127.0.0.1", 100, &port);
    h_sock slow = h_connect("127.0.0.1", port), silent = h_connect("127.0.0.1", port);

    CHECK(h_send(slow, V1, 10));
    CHECK_EQ(h_recv_over(slow, 20000), 1);
    CHECK_EQ(h_recv_over(silent, 20000), 1);
    WAIT_UNTIL(h_figure(server, WDS_STAT_ERRORS_OTHER) == 2);
    CHECK_CODE(WDSocketAccept(server, 0), WDS_E_TIMEOUT);
    h_close(slow);
    h_close(silent);
    a_good_one(server, WDS_KIND_CLIENT, port);
    CHECK_OK(WDSocketClose(server));
}

TEST(what_is_no_header_is_no_client)
{
    static const struct {
        const char *text;
        int length;
    } bad[] = {
        {"GET / HTTP/1.1\r\n\r\n", 18},
        {"PROXY TCP4 1.2.3.4 5.6.7.8 99999 1\r\n", 36},
        {"PROXY TCP4 1.2.3.4\r\n", 20},
        {"PROXY TCP4 192.0.2.7 203.0.113.5 700 443\n", 41},
        {"\r\n\r\n\0\r\nQUIT\n\x31\x11\0\x0C" "123456789012", 28},
        {"\r\n\r\n\0\r\nQUIT\n\x21\x55\0\x0C" "123456789012", 28},
        {"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x04" "1234", 20},
        {"\r\n\r\n\0\r\nQUIT\n\x21\x11\xFF\xFF", 16},
        {"\r\n\r\n\0\r\nQUIZ\n\x21\x11\0\x0C" "123456789012", 28},
        {"\x16\x03\x01\x02\0\x01\0\x01\xFC\x03\x03", 11},
    };
    int port, i, count = (int)(sizeof bad / sizeof bad[0]);
    int32_t server = behind(WDS_KIND_SERVER, "127.0.0.1", 600000, &port);

    for (i = 0; i < count; i++) {
        h_sock raw = h_connect("127.0.0.1", port);

        CHECK(h_send(raw, bad[i].text, bad[i].length));
        CHECK_EQ(h_recv_over(raw, 20000), 1);
        h_close(raw);
        WAIT_UNTIL(h_figure(server, WDS_STAT_ERRORS_OTHER) == i + 1);
    }
    CHECK_CODE(WDSocketAccept(server, 0), WDS_E_TIMEOUT);
    a_good_one(server, WDS_KIND_CLIENT, port);
    CHECK_OK(WDSocketClose(server));
}

TEST(addresses_that_are_not_trusted_are_refused)
{
    int port, i, crowd = CROWD;
    int32_t server = behind(WDS_KIND_SERVER, "127.0.0.2, 10.0.0.0/8", 600000, &port);

    for (i = 0; i < crowd; i++) {
        h_sock raw = h_connect("127.0.0.1", port);

        if (raw == H_NO_SOCK || raw == H_RESET_SOCK)
            continue;
        h_send(raw, V1, V1_LENGTH);
        CHECK_EQ(h_recv_over(raw, 20000), 1);
        h_close(raw);
    }
    WAIT_UNTIL(h_figure(server, WDS_STAT_REFUSED) == crowd);
    CHECK_CODE(WDSocketAccept(server, 0), WDS_E_TIMEOUT);
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_PROXY_TRUSTED, "127.0.0.1"));
    a_good_one(server, WDS_KIND_CLIENT, port);
    CHECK_OK(WDSocketClose(server));
}
