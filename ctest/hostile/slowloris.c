/*
 * slowloris.c - a thousand clients that never finish their handshake must not
 * keep a good one out.
 *
 * CTEST_CROWD changes their number, for systems where a thousand take all there is.
 */
#include "certificates.h"
#include "harness.h"

#define CLIENTS crowd_size()

static int crowd_size(void)
{
    const char *setting = getenv("CTEST_CROWD");

    return setting ? atoi(setting) : 1000;
}

static h_sock *crowd;

/* The beginning of a ClientHello, and then nothing. */
static const char beginning[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";

/* So many clients of three kinds: silent, after one byte, inside the first message. */
static int gather(int port, int count)
{
    int i, up = 0;

    crowd = (h_sock *)calloc((size_t)count, sizeof *crowd);
    for (i = 0; i < count; i++) {
        crowd[i] = h_connect("127.0.0.1", port);
        if (crowd[i] == H_NO_SOCK)
            continue;
        up++;
        if (i % 3)
            h_send(crowd[i], beginning, i % 3 == 1 ? 1 : (int)sizeof beginning - 1);
    }
    return up;
}

static void disperse(int count)
{
    int i;

    for (i = 0; i < count; i++)
        h_close(crowd[i]);
    free(crowd);
}

/* How many of them hang in the server now. */
static int hanging(void)
{
    return (int)h_number(0, WDS_NUM_GOROUTINES) - 1; /* the entrance */
}

static int32_t server_with(int pending, int limit_ms, int *port)
{
    int32_t server = WDSocketNew(NULL);

    tls_trust();
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_AUTHORITIES, cert("root.crt")));
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_CERTIFICATE, cert("good.pem")));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_SSL_PENDING, pending));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, limit_ms));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_BACKLOG, 2048));
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER_SSL, 0, "127.0.0.1", 0));
    *port = h_port(server);
    return server;
}

static void a_good_client(int32_t server, int port, int standard)
{
    int64_t start = h_now_us();
    int32_t client = tls_client(port, 0), other = server;
    char got[16];

    REQUIRE(CHECK_GE(client, 1));
    if (standard) {
        other = WDSocketAccept(server, 20000);
        REQUIRE(CHECK_GE(other, 1));
    }
    CHECK(tls_talk(client, other));
    CHECK_PROMPT(start);
    CHECK_OK(WDSocketClose(client));
    CHECK_CODE(WDSocketRead(other, got, (int32_t)sizeof got, 20000), WDS_E_PEER_CLOSED);
    if (standard)
        CHECK_OK(WDSocketClose(other));
}

static void among_them(int standard)
{
    int port, i;
    int32_t server = server_with(4096, 600000, &port);

    CHECK_EQ(gather(port, CLIENTS), CLIENTS);
    WAIT_UNTIL(hanging() == CLIENTS);
    for (i = 0; i < 5; i++)
        a_good_client(server, port, standard);
    WAIT_UNTIL(hanging() == CLIENTS); /* not one of them was given up for that */
    if (standard)
        CHECK_CODE(WDSocketWaitForConnection(server, 0), WDS_E_TIMEOUT); /* none of them is a request */
    CHECK_OK(WDSocketClose(server));
    WAIT_UNTIL(h_number(0, WDS_NUM_GOROUTINES) == 0);
    disperse(CLIENTS);
}

TEST(a_good_client_among_a_thousand)
{
    among_them(1);
}

TEST(a_simplified_server_too)
{
    among_them(0);
}

TEST(beyond_the_limit_the_oldest_is_given_up)
{
    int port, i, ended = 0;
    int32_t server = server_with(100, 600000, &port);

    CHECK_EQ(gather(port, 300), 300);
    WAIT_UNTIL(hanging() == 100);
    for (i = 0; i < 200; i++)
        ended += h_recv_over(crowd[i], 20000);
    CHECK_EQ(ended, 200);
    WAIT_UNTIL(hanging() == 100); /* before it may have been so on the way there */
    for (i = 200; i < 300; i++)
        ended += h_recv_over(crowd[i], 0);
    CHECK_EQ(ended, 200); /* the youngest hang on */
    a_good_client(server, port, 1);
    CHECK(h_recv_over(crowd[200], 20000)); /* in whose place it came */
    CHECK_OK(WDSocketClose(server));
    disperse(300);
}

TEST(their_time_ends)
{
    int port, i, ended = 0;
    int32_t server = server_with(4096, 1500, &port);

    CHECK_EQ(gather(port, CLIENTS), CLIENTS);
    a_good_client(server, port, 1);
    for (i = 0; i < CLIENTS; i++)
        ended += h_recv_over(crowd[i], 20000);
    CHECK_EQ(ended, CLIENTS);
    WAIT_UNTIL(hanging() == 0);
    a_good_client(server, port, 1);
    CHECK_OK(WDSocketClose(server));
    disperse(CLIENTS);
}

TEST(they_leave_by_themselves)
{
    int port, i;
    int32_t server = server_with(4096, 600000, &port);

    CHECK_EQ(gather(port, CLIENTS), CLIENTS);
    WAIT_UNTIL(hanging() == CLIENTS);
    for (i = 0; i < CLIENTS; i++) {
        if (i % 2)
            h_reset(crowd[i]);
        else
            h_close(crowd[i]);
        crowd[i] = H_NO_SOCK;
    }
    WAIT_UNTIL(hanging() == 0);
    a_good_client(server, port, 1);
    CHECK_OK(WDSocketClose(server));
    disperse(CLIENTS);
}
