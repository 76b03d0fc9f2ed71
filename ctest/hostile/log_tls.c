/*
 * log_tls.c - the log of a server with TLS: handshakes that fail are errors of
 * their connection; a client that connects and leaves without a word, as a scan of ports
 * and a health check do, is no error.
 */
#include "certificates.h"
#include "harness.h"
#include "logfile.h"

enum { SCANS = 200 };

static const char *at(int port)
{
    static char texts[8][32];
    static int next;
    char *text = texts[next++ % 8];

    snprintf(text, sizeof *texts, "127.0.0.1:%d", port);
    return text;
}

static void settled(void) { WAIT_UNTIL(h_number(0, WDS_NUM_GOROUTINES) == 1); } /* the entrance alone */

TEST(lines_tie_to_their_connection)
{
    int32_t server, clients[2], channels[2];
    const char *own[2], *to;
    char *text;
    h_sock bare, web;
    int port, i;

    tls_trust();
    log_begin(3);
    server = tls_server("good.pem", 0, &port);
    to = at(port);
    for (i = 0; i < 2; i++) {
        clients[i] = tls_client(port, 0);
        channels[i] = WDSocketAccept(server, 20000);
        REQUIRE(CHECK(clients[i] > 0 && channels[i] > 0));
        own[i] = at(h_port(clients[i]));
    }
    bare = h_connect("127.0.0.1", port);
    h_close(bare);
    web = h_connect("127.0.0.1", port);
    CHECK(h_send(web, "GET / HTTP/1.0\r\n\r\n", 18));
    CHECK(h_recv_end(web, 20000) != 0);
    h_close(web);
    for (i = 0; i < 2; i++)
        CHECK(tls_talk(clients[i], channels[i]));
    settled();
    CHECK_EQ(h_figure(server, WDS_STAT_ERRORS_TLS), 1);
    for (i = 0; i < 2; i++) {
        CHECK_OK(WDSocketClose(clients[i]));
        CHECK_OK(WDSocketClose(channels[i]));
    }
    CHECK_OK(WDSocketClose(server));
    text = log_end();
    CHECK_LINES(text, 1, "event", server, "", "server", to, "", "", "listening");
    for (i = 0; i < 2; i++) {
        CHECK_LINES(text, 1, "event", clients[i], "", "client", own[i], "->", to, "connected in ");
        CHECK_LINES(text, 1, "event", channels[i], "", "channel", to, "<-", own[i], "accepted by #");
        CHECK_LINES(text, 2, "trace", clients[i], "", "client", own[i], "->", to, NULL);
        CHECK_LINES(text, 2, "trace", channels[i], "", "channel", to, "<-", own[i], NULL);
        CHECK_LINES(text, 1, "event", clients[i], "", "client", own[i], "->", to, "closed");
        CHECK_LINES(text, 1, "event", channels[i], "", "channel", to, "<-", own[i], "closed");
    }
    CHECK_LINES(text, 1, "event", server, "", "server", to, "<-", NULL, "ended by the client before it sent anything");
    CHECK_LINES(text, 1, "error", server, "", "server", to, "<-", NULL, NULL);
    CHECK_LINES(text, 1, "error", 0, NULL, NULL, NULL, NULL, NULL, NULL);
    free(text);
}

static void scans(int level, int lines)
{
    static const log_wanted left = {"event", 0, "", "server", NULL, "<-", NULL, "ended by the client before it sent anything"};
    int32_t server;
    h_sock peer;
    char *text;
    int port, i;
    int32_t before = h_option(0, WDS_OPT_CLOSE_TIMEOUT);

    CHECK_OK(WDSocketSetOption(0, WDS_OPT_CLOSE_TIMEOUT, 500)); /* of the client below, whose channel nothing closes */
    log_begin(level);
    server = tls_server("good.pem", 0, &port);
    for (i = 0; i < SCANS; i++) {
        peer = h_connect("127.0.0.1", port);
        if (i % 3 == 0)
            h_reset(peer);
        else
            h_close(peer);
    }
    CHECK_EQ(tls_try(port, 0), WDS_OK); /* it is taken behind them */
    settled();
    CHECK_EQ(h_figure(server, WDS_STAT_ERRORS_TLS), 0);
    CHECK_OK(WDSocketClose(server));
    text = log_end();
    CHECK_LINES(text, 0, "error", 0, NULL, NULL, NULL, NULL, NULL, NULL);
    /* a reset may come before the system has handed the connection out */
    i = log_count(text, &left);
    CHECK(lines == 0 ? i == 0 : i >= lines / 2 && i <= lines);
    free(text);
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_CLOSE_TIMEOUT, before));
}

TEST(a_client_that_leaves_without_a_word_is_no_error)
{
    tls_trust();
    scans(1, 0);
    scans(2, SCANS);
}

/* The half of a hello is a handshake that failed. */
TEST(who_has_begun_and_leaves_is_an_error)
{
    static const unsigned char half[] = {22, 3, 1, 0, 200, 1};
    int32_t server;
    h_sock peer;
    char *text;
    int port;

    tls_trust();
    log_begin(1);
    server = tls_server("good.pem", 0, &port);
    peer = h_connect("127.0.0.1", port);
    CHECK(h_send(peer, half, (int)sizeof half));
    h_close(peer);
    WAIT_UNTIL(h_figure(server, WDS_STAT_ERRORS_TLS) == 1);
    settled();
    CHECK_OK(WDSocketClose(server));
    text = log_end();
    CHECK_LINES(text, 1, "error", server, "", "server", at(port), "<-", NULL, NULL);
    free(text);
}

static int given_up(void)
{
    static const log_wanted line = {"event", 0, "", "server", NULL, "<-", NULL, "given up, the limit WDS_OPT_SSL_PENDING is reached"};
    char *text = h_read_file(log_path);
    int lines = 0;

    if (text != NULL && *text && text[strlen(text) - 1] == '\n') /* and no line half written */
        lines = log_count(text, &line);
    free(text);
    return lines;
}

/* Those that are given up because too many hang are told, but are no errors. */
TEST(who_is_given_up_for_others)
{
    h_sock crowd[12];
    int32_t server;
    char *text;
    int port, i;

    tls_trust();
    log_begin(2);
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_SSL_PENDING, 2));
    server = tls_server("good.pem", 0, &port);
    for (i = 0; i < 12; i++)
        crowd[i] = h_connect("127.0.0.1", port);
    WAIT_UNTIL(given_up() == 10);
    CHECK_OK(WDSocketClose(server));
    for (i = 0; i < 12; i++)
        h_close(crowd[i]);
    text = log_end();
    CHECK_LINES(text, 10, "event", server, "", "server", at(port), "<-", NULL, "given up, the limit WDS_OPT_SSL_PENDING is reached");
    CHECK_LINES(text, 0, "error", 0, NULL, NULL, NULL, NULL, NULL, NULL);
    free(text);
}

/* A client whose handshake fails names both ends. */
TEST(a_client_s_hand_shake)
{
    int32_t client = WDSocketNew("picky"), server;
    char *text;
    int port;

    server = tls_server("self-signed.pem", 0, &port);
    log_begin(2);
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_SSL_OPTIONS, WDS_SSL_ONLY_AUTHORITIES));
    CHECK(WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 20000) < 0);
    settled();
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
    text = log_end();
    CHECK_LINES(text, 1, "error", client, "picky", "client", NULL, "->", at(port), NULL);
    CHECK_LINES(text, 0, "error", client, NULL, NULL, "-", NULL, NULL, NULL);
    CHECK_LINES(text, 1, "error", server, "", "server", at(port), "<-", NULL, NULL);
    free(text);
}
