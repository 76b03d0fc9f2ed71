/*
 * crowding_tls.c - many clients of one address connect to a server with TLS and
 * begin no handshake: WDS_OPT_MAX_CLIENTS_PER_ADDRESS holds for them as well,
 * and other addresses get in.
 */
#include "certificates.h"
#include "harness.h"
#include "logfile.h"

enum { LIMIT = 3, CROWD = 12 };

/* A client that comes from another address of this machine. */
static int32_t client_from(const char *address, int port)
{
    int32_t client = WDSocketNew(NULL), result;

    CHECK_OK(WDSocketSetText(client, WDS_TEXT_LOCAL_ADDRESS, address));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_SSL_OPTIONS, WDS_SSL_ONLY_AUTHORITIES));
    result = WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 20000);
    if (result == WDS_OK)
        return client;
    CHECK_OK(WDSocketClose(client));
    return result;
}

static void is_served_from(const char *address, int32_t server, int port)
{
    int32_t client = client_from(address, port), channel;

    REQUIRE(CHECK_GE(client, 1));
    channel = WDSocketAccept(server, 20000);
    REQUIRE(CHECK_GE(channel, 1));
    CHECK(tls_talk(client, channel));
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
}

/* A server whose handshakes have time enough to hang for the whole test. */
static int32_t patient_server(int *port)
{
    int32_t server;

    tls_trust();
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, 600000));
    server = tls_server("good.pem", 0, port);
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_MAX_CLIENTS_PER_ADDRESS, LIMIT));
    return server;
}

TEST(silent_clients_count_for_their_address)
{
    char *log;
    h_sock crowd[CROWD];
    int port, i;
    int32_t server;

    log_begin(2);
    server = patient_server(&port);
    for (i = 0; i < CROWD; i++)
        crowd[i] = h_connect("127.0.0.1", port);
    WAIT_UNTIL(h_number(server, WDS_NUM_REFUSED) == CROWD - LIMIT);
    WAIT_UNTIL(h_count_resets(crowd, CROWD) == CROWD - LIMIT);
    is_served_from("127.0.0.2", server, port);
    CHECK(client_from("127.0.0.1", port) < 0);
    CHECK_EQ(h_number(server, WDS_NUM_REFUSED), CROWD - LIMIT + 1);
    for (i = 0; i < CROWD; i++)
        h_close(crowd[i]);
    WAIT_UNTIL((i = client_from("127.0.0.1", port)) > 0); /* once they have left */
    CHECK_OK(WDSocketClose(i));
    CHECK_OK(WDSocketClose(server));
    log = log_end();
    CHECK_HAS(log, "refused, the limit WDS_OPT_MAX_CLIENTS_PER_ADDRESS is reached");
    free(log);
}

/* Clients whose handshake is done count until the host takes them, and as
 * channels. */
TEST(clients_that_wait_count_for_their_address)
{
    int32_t server, clients[LIMIT], channels[LIMIT];
    int port, i;

    server = patient_server(&port);
    for (i = 0; i < LIMIT; i++) {
        clients[i] = client_from("127.0.0.1", port);
        CHECK_GE(clients[i], 1);
    }
    WAIT_UNTIL(h_number(server, WDS_NUM_PENDING) == LIMIT);
    CHECK(client_from("127.0.0.1", port) < 0);
    for (i = 0; i < LIMIT; i++) {
        channels[i] = WDSocketAccept(server, 20000);
        CHECK_GE(channels[i], 1);
        CHECK(client_from("127.0.0.1", port) < 0);
    }
    is_served_from("127.0.0.2", server, port);
    for (i = 0; i < LIMIT; i++) {
        CHECK_OK(WDSocketClose(channels[i]));
        CHECK_OK(WDSocketClose(clients[i]));
    }
    is_served_from("127.0.0.1", server, port);
    CHECK_OK(WDSocketClose(server));
}

/* A handshake that hangs does not count for all: two silent clients of many
 * addresses would shut everybody out of a small server. */
TEST(silent_clients_shut_no_other_address_out)
{
    h_sock one, two;
    int32_t server;
    int port;

    server = patient_server(&port);
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_MAX_CLIENTS, 1));
    one = h_connect("127.0.0.1", port);
    two = h_connect("127.0.0.1", port);
    is_served_from("127.0.0.2", server, port);
    CHECK_EQ(h_number(server, WDS_NUM_REFUSED), 0);
    CHECK_OK(WDSocketClose(server));
    h_close(one);
    h_close(two);
}
