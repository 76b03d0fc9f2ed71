/*
 * tls_upgrade.c - TLS on a connection that is open already, and back to plain.
 */
#include "certificates.h"
#include "harness.h"

typedef struct {
    int32_t socket, role, bits, ms;
    const char *certificate;
} start;

static int32_t start_ssl(void *argument)
{
    start *one = (start *)argument;

    return WDSocketStartSSL(one->socket, one->role, one->bits, one->certificate, NULL, one->ms);
}

static int32_t stop_ssl(void *argument)
{
    return WDSocketStopSSL((int32_t)(intptr_t)argument, 20000);
}

/* Both ends at once; the client's end checks the certificate. */
static int secure(int32_t client, int32_t server, int32_t bits)
{
    start one;
    h_thread *thread;
    int good;

    one.socket = server;
    one.role = WDS_ROLE_SERVER;
    one.bits = bits | WDS_SSL_ONLY_AUTHORITIES;
    one.ms = 20000;
    one.certificate = cert("good.pem");
    thread = h_start(start_ssl, &one);
    good = CHECK_OK(WDSocketStartSSL(client, WDS_ROLE_CLIENT, bits | WDS_SSL_ONLY_AUTHORITIES, NULL, NULL, 20000));
    return CHECK_OK(h_join(thread)) && good;
}

static int unsecure(int32_t client, int32_t server)
{
    h_thread *thread = h_start(stop_ssl, (void *)(intptr_t)server);
    int good = CHECK_OK(WDSocketStopSSL(client, 20000));

    return CHECK_OK(h_join(thread)) && good;
}

static int is_plain(int32_t socket)
{
    return CHECK_CODE(WDSocketSSLInfo(socket, WDS_INFO_SSL_VERSION, 0, NULL, 0), WDS_E_TLS_NOT_SECURED);
}

TEST(up_and_down_and_up_again)
{
    h_pair pair;
    int i;

    tls_trust();
    REQUIRE(h_pair_open(&pair));
    for (i = 0; i < 4; i++) {
        CHECK(tls_talk(pair.client, pair.channel));
        is_plain(pair.client);
        REQUIRE(secure(pair.client, pair.channel, i % 2 ? WDS_SSL_TLS12 : WDS_SSL_TLS13));
        CHECK_TEXT(tls_info(pair.client, WDS_INFO_SSL_VERSION, 0), i % 2 ? "TLS 1.2" : "TLS 1.3");
        CHECK_HAS(tls_info(pair.client, WDS_INFO_SSL_SUBJECT, 0), "CN=good");
        CHECK_TEXT(tls_info(pair.client, WDS_INFO_SSL_VERIFY, 0), "");
        CHECK(tls_talk(pair.channel, pair.client));
        CHECK_CODE(WDSocketStartSSL(pair.client, WDS_ROLE_CLIENT, 0, NULL, NULL, 1000), WDS_E_STATE);
        CHECK(tls_talk(pair.channel, pair.client));
        REQUIRE(unsecure(pair.client, pair.channel));
        CHECK_CODE(WDSocketStopSSL(pair.client, 1000), WDS_E_TLS_NOT_SECURED);
    }
    CHECK(tls_talk(pair.client, pair.channel));
    h_pair_close(&pair);
}

/* Without authorities every public one would be trusted: nothing is sent, and
 * the connection stays as it is. */
TEST(a_server_that_verifies_clients_needs_authorities)
{
    h_pair pair;

    tls_trust();
    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketSetText(pair.channel, WDS_TEXT_SSL_AUTHORITIES, ""));
    CHECK_CODE(WDSocketStartSSL(pair.channel, WDS_ROLE_SERVER, WDS_SSL_REQUIRE_CLIENT, cert("good.pem"), NULL, 20000), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "WDS_TEXT_SSL_AUTHORITIES");
    CHECK(is_plain(pair.channel));
    CHECK(tls_talk(pair.client, pair.channel));
    REQUIRE(secure(pair.client, pair.channel, 0));
    CHECK(tls_talk(pair.client, pair.channel));
    h_pair_close(&pair);
}

TEST(the_roles_do_not_follow_the_connection)
{
    h_pair pair;

    tls_trust();
    REQUIRE(h_pair_open(&pair));
    REQUIRE(secure(pair.channel, pair.client, 0)); /* the channel begins the handshake */
    CHECK_HAS(tls_info(pair.channel, WDS_INFO_SSL_SUBJECT, 0), "CN=good");
    CHECK_TEXT(tls_info(pair.client, WDS_INFO_SSL_COUNT, 0), "0");
    CHECK(tls_talk(pair.client, pair.channel));
    h_pair_close(&pair);
}

TEST(a_simplified_server_with_its_client)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), client;
    char got[16];

    tls_trust();
    client = WDSocketConnect(NULL, h_port(server), "127.0.0.1", 20000);
    CHECK(tls_talk(client, server));
    REQUIRE(secure(client, server, 0));
    CHECK_TEXT(tls_info(server, WDS_INFO_SSL_VERSION, 0), "TLS 1.3");
    CHECK(tls_talk(client, server));
    REQUIRE(unsecure(client, server));
    CHECK(tls_talk(client, server));
    REQUIRE(secure(client, server, 0));
    CHECK_OK(WDSocketClose(client));
    CHECK_CODE(WDSocketRead(server, got, (int32_t)sizeof got, 20000), WDS_E_PEER_CLOSED);
    client = WDSocketConnect(NULL, h_port(server), "127.0.0.1", 20000); /* the next one is plain */
    CHECK(tls_talk(client, server));
    is_plain(server);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

/* RFC 3207, section 6: what stands behind STARTTLS was put there by somebody. */
TEST(surplus_plain_text_is_refused)
{
    h_pair pair;
    char got[32];
    int32_t role;

    tls_trust();
    for (role = WDS_ROLE_CLIENT; role <= WDS_ROLE_SERVER; role++) {
        REQUIRE(h_pair_open(&pair));
        CHECK_CODE(WDSocketWrite(pair.client, "STARTTLS", 8), 8);
        CHECK_CODE(WDSocketWrite(pair.client, "RCPT TO:<x>", 11), 11);
        WAIT_UNTIL(WDSocketAvailable(pair.channel) == 19);
        CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000), 8);
        CHECK_CODE(WDSocketStartSSL(pair.channel, role, 0, cert("good.pem"), NULL, 1000), WDS_E_TLS_SURPLUS);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "15"); /* bytes, as they came */
        is_plain(pair.channel);
        CHECK_EQ(WDSocketState(pair.channel), WDS_STATE_OPEN); /* as before */
        CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000), 11);
        REQUIRE(secure(pair.client, pair.channel, 0)); /* once it has been read */
        CHECK(tls_talk(pair.client, pair.channel));
        h_pair_close(&pair);
    }
}

TEST(plain_text_instead_of_a_hand_shake)
{
    h_half half;
    char got[16];

    tls_trust();
    REQUIRE(h_half_client(&half));
    CHECK(h_send(half.raw, "454 TLS not available\r\n", 23)); /* with the system, not read yet */
    CHECK_CODE(WDSocketStartSSL(half.socket, WDS_ROLE_CLIENT, 0, NULL, NULL, 20000), WDS_E_TLS_PLAIN_TEXT);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_TLS_PLAIN_TEXT);
    CHECK_CODE(WDSocketWrite(half.socket, "x", 1), WDS_E_TLS_PLAIN_TEXT); /* it can only be closed */
    CHECK_CODE(WDSocketStartSSL(half.socket, WDS_ROLE_CLIENT, 0, NULL, NULL, 20000), WDS_E_TLS_PLAIN_TEXT);
    h_half_close(&half);
}

TEST(a_bad_certificate_ends_the_connection)
{
    h_pair pair;
    start one;
    h_thread *thread;
    char got[16];

    tls_trust();
    REQUIRE(h_pair_open(&pair));
    one.socket = pair.channel;
    one.role = WDS_ROLE_SERVER;
    one.bits = 0;
    one.ms = 20000;
    one.certificate = cert("unknown.pem");
    thread = h_start(start_ssl, &one);
    CHECK_CODE(WDSocketStartSSL(pair.client, WDS_ROLE_CLIENT, 0, NULL, NULL, 20000), WDS_E_TLS_UNKNOWN_AUTHORITY);
    h_join(thread); /* in TLS 1.3 the server learns it by reading */
    CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 0), WDS_E_TLS_UNKNOWN_AUTHORITY);
    CHECK_CODE(WDSocketWrite(pair.client, "x", 1), WDS_E_TLS_UNKNOWN_AUTHORITY);
    CHECK_EQ(WDSocketErrorCode(pair.client, WDS_INFO_CODE), WDS_E_TLS_UNKNOWN_AUTHORITY);
    CHECK_EQ(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000) < 0, 1);
    h_pair_close(&pair);
}

TEST(a_certificate_that_cannot_be_used_leaves_it_plain)
{
    h_pair pair;

    tls_trust();
    REQUIRE(h_pair_open(&pair));
    CHECK_CODE(WDSocketStartSSL(pair.channel, WDS_ROLE_SERVER, 0, NULL, NULL, 1000), WDS_E_TLS_CERTIFICATE_FILE);
    CHECK_CODE(WDSocketStartSSL(pair.channel, WDS_ROLE_SERVER, 0, cert("mismatch.pem"), NULL, 1000), WDS_E_TLS_KEY_MISMATCH);
    CHECK_CODE(WDSocketStartSSL(pair.channel, WDS_ROLE_SERVER, 0, cert("locked.pem"), "wrong", 1000), WDS_E_TLS_PASSWORD);
    CHECK_CODE(WDSocketStartSSL(pair.channel, WDS_ROLE_SERVER, WDS_SSL_V3, cert("good.pem"), NULL, 1000), WDS_E_UNSUPPORTED);
    CHECK(tls_talk(pair.client, pair.channel)); /* nothing was sent */
    CHECK(secure(pair.client, pair.channel, 0));
    h_pair_close(&pair);
}

TEST(hand_shakes_that_do_not_end)
{
    h_half half;
    char got[16];
    int64_t begin;

    tls_trust();
    REQUIRE(h_half_client(&half));
    begin = h_now_us();
    CHECK_CODE(WDSocketStartSSL(half.socket, WDS_ROLE_CLIENT, 0, NULL, NULL, 250), WDS_E_TIMEOUT);
    CHECK_TIME(begin, 250);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_TLS);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, -1), WDS_E_TLS_HANDSHAKE); /* never a time-out of its own */
    h_half_close(&half);
    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, 250));
    begin = h_now_us();
    CHECK_CODE(WDSocketStartSSL(half.socket, WDS_ROLE_CLIENT, 0, NULL, NULL, -1), WDS_E_TIMEOUT);
    CHECK_TIME(begin, 250);
    h_half_close(&half);
    REQUIRE(h_half_channel(&half));
    CHECK_CODE(WDSocketStartSSL(half.socket, WDS_ROLE_SERVER, 0, cert("good.pem"), NULL, 0), WDS_E_TIMEOUT);
    h_half_close(&half);
}

TEST(ended_from_outside)
{
    h_half half;
    start one;
    h_thread *thread;
    int64_t begin;
    int cancel;
    char got[16];

    tls_trust();
    for (cancel = 0; cancel < 2; cancel++) {
        REQUIRE(h_half_client(&half));
        one.socket = half.socket;
        one.role = WDS_ROLE_CLIENT;
        one.bits = 0;
        one.ms = -1;
        one.certificate = NULL;
        thread = h_start(start_ssl, &one);
        CHECK_EQ(h_recv(half.raw, got, 6, 20000), 6); /* the handshake has begun */
        CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 0), WDS_E_BUSY);
        CHECK_CODE(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_RAW, NULL, 0), WDS_E_BUSY);
        begin = h_now_us();
        CHECK_OK(cancel ? WDSocketCancel(half.socket) : WDSocketClose(half.socket));
        CHECK_CODE(h_join(thread), cancel ? WDS_E_CANCELLED : WDS_E_CLOSED);
        CHECK_PROMPT(begin);
        if (cancel)
            CHECK_OK(WDSocketClose(half.socket));
        h_close(half.raw);
    }
}

TEST(busy_beside_a_reader)
{
    h_pair pair;
    h_thread *thread;

    REQUIRE(tls_pair_open(&pair, 0, 0));
    thread = h_blocked_reader(pair.client);
    CHECK_CODE(WDSocketStopSSL(pair.client, 1000), WDS_E_BUSY);
    CHECK_CODE(WDSocketStartSSL(pair.client, WDS_ROLE_CLIENT, 0, NULL, NULL, 1000), WDS_E_BUSY);
    CHECK_TEXT(tls_info(pair.client, WDS_INFO_SSL_VERSION, 0), "TLS 1.3"); /* asking may be done at any time */
    CHECK_CODE(WDSocketWrite(pair.channel, "done", 4), 4);
    CHECK_CODE(h_join(thread), 4);
    h_pair_close(&pair);
}

TEST(what_was_sent_before_the_end_of_tls_is_kept)
{
    h_pair pair;
    h_thread *thread;
    char got[32];

    REQUIRE(tls_pair_open(&pair, 0, 0));
    CHECK_CODE(WDSocketWrite(pair.channel, "one", 3), 3);
    CHECK_CODE(WDSocketWrite(pair.channel, "two", 3), 3);
    thread = h_start(stop_ssl, (void *)(intptr_t)pair.channel);
    CHECK_OK(WDSocketStopSSL(pair.client, 20000));
    CHECK_OK(h_join(thread));
    CHECK_CODE(WDSocketWrite(pair.channel, "plain", 5), 5);
    CHECK_BYTES(got, WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), "one", 3);
    CHECK_BYTES(got, WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), "two", 3);
    CHECK_BYTES(got, WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), "plain", 5);
    h_pair_close(&pair);
}

TEST(plain_bytes_right_behind_the_end_of_tls)
{
    int port, i;
    int32_t server, client, channel;
    relay *between;
    h_thread *thread;
    char got[32];

    tls_trust();
    for (i = 0; i < 2; i++) {
        server = tls_server("good.pem", i ? WDS_SSL_TLS12 : WDS_SSL_TLS13, &port);
        between = relay_start(port, 4096, 0);
        client = tls_client(relay_port(between), 0);
        channel = WDSocketAccept(server, 20000);
        CHECK(tls_talk(client, channel));
        CHECK_CODE(WDSocketStopSSL(client, 0), WDS_E_TIMEOUT); /* sends its end */
        thread = h_start(stop_ssl, (void *)(intptr_t)channel);
        WAIT_UNTIL(h_done(thread) || WDSocketRead(client, got, (int32_t)sizeof got, 1) != WDS_E_TIMEOUT);
        CHECK_OK(h_join(thread));
        CHECK_CODE(WDSocketWrite(channel, "already plain", 13), 13);
        CHECK_OK(WDSocketStopSSL(client, 20000)); /* again, as the header says */
        CHECK_BYTES(got, WDSocketRead(client, got, (int32_t)sizeof got, 20000), "already plain", 13);
        CHECK(tls_talk(client, channel));
        relay_free(between);
        CHECK_OK(WDSocketClose(client));
        CHECK_OK(WDSocketClose(channel));
        CHECK_OK(WDSocketClose(server));
    }
}

TEST(a_peer_that_does_not_end_tls)
{
    h_pair pair;
    int64_t begin;
    char got[16];

    REQUIRE(tls_pair_open(&pair, 0, 0));
    begin = h_now_us();
    CHECK_CODE(WDSocketStopSSL(pair.client, 250), WDS_E_TIMEOUT);
    CHECK_TIME(begin, 250);
    CHECK_CODE(WDSocketWrite(pair.client, "x", 1), WDS_E_WRITE_CLOSED); /* it has said its end */
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000), WDS_E_PEER_CLOSED);
    CHECK_OK(WDSocketStopSSL(pair.channel, 20000)); /* the other end learns it by reading */
    CHECK_OK(WDSocketStopSSL(pair.client, 20000));
    CHECK(tls_talk(pair.client, pair.channel));
    h_pair_close(&pair);
}

TEST(a_peer_that_goes_instead)
{
    h_pair pair;
    int port;
    int32_t server, client, channel;
    relay *between;

    REQUIRE(tls_pair_open(&pair, 0, 0));
    CHECK_OK(WDSocketCloseEx(pair.channel, WDS_CLOSE_ABORT, 0));
    CHECK_CODE(WDSocketStopSSL(pair.client, 20000), WDS_E_RESET);
    CHECK_OK(WDSocketClose(pair.client));
    CHECK_OK(WDSocketClose(pair.server));

    server = tls_server("good.pem", 0, &port);
    between = relay_start(port, 4096, 0);
    client = tls_client(relay_port(between), 0);
    channel = WDSocketAccept(server, 20000);
    CHECK(tls_talk(client, channel));
    relay_end(between);
    CHECK_CODE(WDSocketStopSSL(client, 20000), WDS_E_TLS_TRUNCATED);
    CHECK_CODE(WDSocketStopSSL(channel, 20000), WDS_E_TLS_TRUNCATED);
    relay_free(between);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}

TEST(writers_beside_an_upgrade_are_whole)
{
    h_pair pair;
    h_thread *thread;

    tls_trust();
    REQUIRE(h_pair_open(&pair));
    thread = h_blocked_writer(pair.client); /* the peer does not read */
    CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, 60000));
    CHECK_CODE(WDSocketStartSSL(pair.client, WDS_ROLE_CLIENT, 0, NULL, NULL, 100), WDS_E_TIMEOUT); /* waits for its turn */
    CHECK_EQ(WDSocketState(pair.client), WDS_STATE_OPEN); /* and has done nothing yet */
    is_plain(pair.client);
    CHECK_OK(WDSocketCancel(pair.client));
    CHECK_CODE(h_join(thread), WDS_E_CANCELLED);
    h_pair_close(&pair);
}
