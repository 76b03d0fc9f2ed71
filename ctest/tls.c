/*
 * tls.c - bad days of TLS: certificates that are wrong, ends that do not speak
 * it, handshakes that do not end, streams that are cut.  Each has its own error.
 */
#include "certificates.h"
#include "harness.h"

/* The code that a client gets from a server of this library with a certificate. */
static int32_t met_with(const char *certificate)
{
    int port;
    int32_t server, result;

    tls_trust();
    server = tls_server(certificate, 0, &port);
    result = tls_try(port, 0);
    CHECK_OK(WDSocketClose(server));
    return result;
}

/* What a server says to a certificate of its own. */
static int32_t own(const char *spec, const char *password)
{
    int32_t server = WDSocketCreateSSL(NULL, 0, spec, 0, "127.0.0.1", password);

    if (server > 0)
        CHECK_OK(WDSocketClose(server));
    return server > 0 ? WDS_OK : server;
}

static const char *message(void)
{
    return h_error(0, WDS_INFO_MESSAGE);
}

/* ---- the server's certificate ---- */

TEST(a_good_certificate)
{
    CHECK_OK(met_with("good.pem"));
    CHECK_OK(met_with("rsa.pem"));
    CHECK_OK(met_with("ed25519.pem"));
    CHECK_OK(met_with("chain.pem"));
}

TEST(wrong_host)
{
    CHECK_CODE(met_with("wrong-host.pem"), WDS_E_TLS_WRONG_HOST);
    CHECK_CODE(met_with("one.pem"), WDS_E_TLS_WRONG_HOST);
}

TEST(wrong_host_says_which_names_there_are)
{
    int port;
    int32_t server, client;

    tls_trust();
    server = tls_server("wrong-host.pem", 0, &port);
    client = WDSocketNew(NULL);
    CHECK_CODE(WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 20000), WDS_E_TLS_WRONG_HOST);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_TLS);
    CHECK_EQ(WDSocketErrorCode(client, WDS_INFO_CODE), WDS_E_TLS_WRONG_HOST);
    CHECK_HAS(h_error(client, WDS_INFO_MESSAGE), "elsewhere.example");
    CHECK_HAS(h_error(client, WDS_INFO_MESSAGE), "127.0.0.1");
    CHECK_EQ(WDSocketState(client), WDS_STATE_FAILED);
    CHECK_OK(WDSocketSetText(client, WDS_TEXT_SSL_SERVER_NAME, "elsewhere.example")); /* and may be opened again */
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 20000));
    CHECK_EQ(WDSocketState(client), WDS_STATE_OPEN);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

TEST(self_signed)
{
    CHECK_CODE(met_with("self-signed.pem"), WDS_E_TLS_SELF_SIGNED);
}

TEST(unknown_authority)
{
    CHECK_CODE(met_with("unknown.pem"), WDS_E_TLS_UNKNOWN_AUTHORITY);
}

TEST(missing_intermediate)
{
    CHECK_CODE(met_with("below.pem"), WDS_E_TLS_MISSING_INTERMEDIATE);
}

TEST(a_certificate_for_another_use)
{
    CHECK_CODE(met_with("client.pem"), WDS_E_TLS_WRONG_HOST); /* for a client's name */
}

#ifdef H_UNIX
/* What this library would not show itself is shown by openssl. */
static int32_t shown_by_openssl(const char *name, const char *more)
{
    char options[4096];
    openssl server;
    int32_t result;

    tls_trust();
    snprintf(options, sizeof options, "-cert %s -key %s %s", cert(name), cert(name), more);
    if (!openssl_start(&server, 1, options))
        return 1;
    result = tls_try(server.port, 0);
    openssl_end(&server);
    return result;
}

TEST(expired)
{
    CHECK_CODE(shown_by_openssl("expired.pem", ""), WDS_E_TLS_EXPIRED);
    CHECK_CODE(shown_by_openssl("expired.pem", "-tls1_2"), WDS_E_TLS_EXPIRED);
    CHECK_HAS(message(), "2021-01-01");
}

TEST(not_yet_valid)
{
    CHECK_CODE(shown_by_openssl("not-yet.pem", ""), WDS_E_TLS_NOT_YET_VALID);
    CHECK_HAS(message(), "2044-01-01");
}

TEST(openssl_as_the_server)
{
    CHECK_OK(shown_by_openssl("good.pem", ""));
    CHECK_OK(shown_by_openssl("rsa.pem", "-tls1_2"));
}

TEST(openssl_wants_a_client_certificate)
{
    char more[2048];

    snprintf(more, sizeof more, "-tls1_2 -Verify 1 -verify_return_error -CAfile %s", cert("root.crt"));
    CHECK_CODE(shown_by_openssl("good.pem", more), WDS_E_TLS_NO_CLIENT_CERTIFICATE);
}
#endif

/* ---- the own certificate ---- */

TEST(own_certificate_expired_or_not_yet_valid)
{
    CHECK_CODE(own(cert("expired.pem"), NULL), WDS_E_TLS_EXPIRED);
    CHECK_HAS(message(), "expired.pem");
    CHECK_CODE(own(cert("not-yet.pem"), NULL), WDS_E_TLS_NOT_YET_VALID);
    CHECK_HAS(message(), "not-yet.pem");
}

TEST(key_that_does_not_fit)
{
    CHECK_CODE(own(cert_and("good.crt", "renewed.key"), NULL), WDS_E_TLS_KEY_MISMATCH);
    CHECK_HAS(message(), "renewed.key");
    CHECK_CODE(own(cert("mismatch.pem"), NULL), WDS_E_TLS_KEY_MISMATCH);
    CHECK_HAS(message(), "mismatch.pem");
    CHECK_OK(own(cert_and("good.crt", "good.key"), NULL));
    CHECK_OK(own(cert_and("good.key", "good.crt"), NULL));
}

TEST(wrong_password)
{
    static const char *const files[] = {"locked.pem", "modern.pfx", "legacy.pfx"};
    int i;

    for (i = 0; i < 3; i++) {
        CHECK_CODE(own(cert(files[i]), "wrong"), WDS_E_TLS_PASSWORD);
        CHECK_HAS(message(), files[i]);
        CHECK_CODE(own(cert(files[i]), NULL), WDS_E_TLS_PASSWORD);
        CHECK_CODE(own(cert(files[i]), ""), WDS_E_TLS_PASSWORD);
        CHECK_OK(own(cert(files[i]), "secret"));
    }
    CHECK_OK(own(cert("good.pem"), "not needed"));
}

TEST(files_that_cannot_be_used)
{
    static const char *const files[] = {"nowhere.pem", "garbage.pem", "empty.pem", "good.crt", "good.key", "."};
    int i;

    for (i = 0; i < 6; i++) {
        CHECK_CODE(own(cert(files[i]), NULL), WDS_E_TLS_CERTIFICATE_FILE);
        CHECK_HAS(message(), files[i]);
    }
    CHECK_CODE(own(NULL, NULL), WDS_E_TLS_CERTIFICATE_FILE); /* none was set */
    CHECK_CODE(own("", NULL), WDS_E_TLS_CERTIFICATE_FILE);
#ifdef H_UNIX
    CHECK_CODE(own("store:anything", NULL), WDS_E_UNSUPPORTED);
#endif
    tls_trust();
    CHECK_CODE(WDSocketConnectSSL(NULL, 9, "127.0.0.1", 0, 1000, cert("nowhere.pem"), NULL), WDS_E_TLS_CERTIFICATE_FILE);
    CHECK_CODE(WDSocketConnectSSL(NULL, 9, "127.0.0.1", 0, 1000, cert("locked.pem"), "wrong"), WDS_E_TLS_PASSWORD);
    CHECK_CODE(WDSocketConnectSSL(NULL, 9, "127.0.0.1", 0, 1000, cert("mismatch.pem"), NULL), WDS_E_TLS_KEY_MISMATCH);
}

TEST(a_certificate_as_text)
{
    char *text = cert_text("good.pem"), *locked = cert_text("locked.pem"), got[8192];
    int32_t socket;

    CHECK_OK(own(text, NULL));
    CHECK_CODE(own(locked, "wrong"), WDS_E_TLS_PASSWORD);
    CHECK_OK(own(locked, "secret"));
    socket = WDSocketNew(NULL);
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_SSL_CERTIFICATE, text));
    CHECK_GE(WDSocketGetText(socket, WDS_TEXT_SSL_CERTIFICATE, got, (int32_t)sizeof got), 100);
    CHECK_HAS(got, "BEGIN CERTIFICATE");
    CHECK(strstr(got, "PRIVATE KEY") == NULL); /* a key never comes back */
    CHECK_OK(WDSocketClose(socket));
    free(text);
    free(locked);
}

/* ---- versions ---- */

TEST(no_common_version)
{
    int port;
    int32_t server;

    tls_trust();
    server = tls_server("good.pem", WDS_SSL_TLS13, &port);
    CHECK_CODE(tls_try(port, WDS_SSL_TLS12), WDS_E_TLS_NO_COMMON_VERSION);
    CHECK_OK(tls_try(port, WDS_SSL_TLS13));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_SSL_OPTIONS, WDS_SSL_TLS12)); /* for those who come now */
    CHECK_CODE(tls_try(port, WDS_SSL_TLS13), WDS_E_TLS_NO_COMMON_VERSION);
    CHECK_CODE(tls_try(port, WDS_SSL_TLS10 | WDS_SSL_TLS11), WDS_E_TLS_NO_COMMON_VERSION);
    CHECK_OK(tls_try(port, WDS_SSL_TLS12));
    CHECK_OK(WDSocketClose(server));
}

TEST(each_version)
{
    static const int32_t bits[] = {WDS_SSL_TLS10, WDS_SSL_TLS11, WDS_SSL_TLS12, WDS_SSL_TLS13};
    static const char *const names[] = {"TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"};
    h_pair pair;
    int i;

    for (i = 0; i < 4; i++) {
        REQUIRE(tls_pair_open(&pair, bits[i], bits[i]));
        CHECK_TEXT(tls_info(pair.client, WDS_INFO_SSL_VERSION, 0), names[i]);
        CHECK_TEXT(tls_info(pair.channel, WDS_INFO_SSL_VERSION, 0), names[i]);
        CHECK(tls_talk(pair.client, pair.channel));
        h_pair_close(&pair);
    }
}

/* ---- client certificates ---- */

static int32_t with_client_certificate(int port, int32_t bits, const char *certificate, int32_t *client)
{
    *client = WDSocketConnectSSL(NULL, port, "127.0.0.1", bits | WDS_SSL_ONLY_AUTHORITIES, 20000,
                                 certificate ? cert(certificate) : NULL, NULL);
    return *client;
}

/* In TLS 1.2 the handshake tells, in TLS 1.3 the first read. */
static int32_t refused(int port, int32_t bits, const char *certificate)
{
    char got[16];
    int32_t client, result = with_client_certificate(port, bits, certificate, &client);

    if (client < 1)
        return bits & WDS_SSL_TLS12 ? result : 1;
    result = bits & WDS_SSL_TLS13 ? WDSocketRead(client, got, (int32_t)sizeof got, 20000) : 2;
    CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 0), result); /* from now on always */
    CHECK_OK(WDSocketClose(client));
    return result;
}

TEST(no_client_certificate)
{
    int port;
    int32_t server;

    tls_trust();
    server = tls_server("good.pem", WDS_SSL_REQUIRE_CLIENT, &port);
    CHECK_CODE(refused(port, WDS_SSL_TLS12, NULL), WDS_E_TLS_NO_CLIENT_CERTIFICATE);
    CHECK_CODE(refused(port, WDS_SSL_TLS13, NULL), WDS_E_TLS_NO_CLIENT_CERTIFICATE);
    CHECK_CODE(WDSocketWaitForConnection(server, 0), WDS_E_TIMEOUT); /* nobody was let in */
    CHECK_OK(WDSocketClose(server));
}

TEST(bad_client_certificate)
{
    static const int32_t asks[] = {WDS_SSL_REQUIRE_CLIENT, WDS_SSL_ASK_CLIENT};
    int port, i;
    int32_t server;

    tls_trust();
    for (i = 0; i < 2; i++) {
        server = tls_server("good.pem", asks[i], &port);
        CHECK_CODE(refused(port, WDS_SSL_TLS12, "bad-client.pem"), WDS_E_TLS_BAD_CLIENT_CERTIFICATE);
        CHECK_CODE(refused(port, WDS_SSL_TLS13, "bad-client.pem"), WDS_E_TLS_BAD_CLIENT_CERTIFICATE);
        CHECK_CODE(refused(port, WDS_SSL_TLS13, "only-server.pem"), WDS_E_TLS_BAD_CLIENT_CERTIFICATE);
        CHECK_CODE(WDSocketWaitForConnection(server, 0), WDS_E_TIMEOUT);
        CHECK_OK(WDSocketClose(server));
    }
}

TEST(a_good_client_certificate)
{
    static const int32_t asks[] = {WDS_SSL_REQUIRE_CLIENT, WDS_SSL_ASK_CLIENT, WDS_SSL_ASK_CLIENT | WDS_SSL_REQUIRE_CLIENT};
    int port, i;
    int32_t server, client, channel;

    tls_trust();
    for (i = 0; i < 3; i++) {
        server = tls_server("good.pem", asks[i], &port);
        CHECK_GE(with_client_certificate(port, i ? WDS_SSL_TLS13 : WDS_SSL_TLS12, "client.pem", &client), 1);
        channel = WDSocketAccept(server, 20000);
        REQUIRE(CHECK_GE(channel, 1));
        CHECK_HAS(tls_info(channel, WDS_INFO_SSL_SUBJECT, 0), "CN=client");
        CHECK_HAS(tls_info(channel, WDS_INFO_SSL_NAMES, 0), "client@tests.example");
        CHECK_TEXT(tls_info(channel, WDS_INFO_SSL_VERIFY, 0), "");
        CHECK(tls_talk(client, channel));
        CHECK_OK(WDSocketClose(client));
        CHECK_OK(WDSocketClose(channel));
        CHECK_OK(WDSocketClose(server));
    }
}

TEST(a_client_that_is_only_asked_may_come_without)
{
    h_pair pair;

    REQUIRE(tls_pair_open(&pair, WDS_SSL_ASK_CLIENT, 0));
    CHECK_TEXT(tls_info(pair.channel, WDS_INFO_SSL_COUNT, 0), "0");
    CHECK_CODE(WDSocketSSLInfo(pair.channel, WDS_INFO_SSL_SUBJECT, 0, NULL, 0), 0); /* there is none */
    CHECK_GE(WDSocketSSLInfo(pair.channel, WDS_INFO_SSL_VERIFY, 0, NULL, 0), 1);
    CHECK(tls_talk(pair.client, pair.channel));
    h_pair_close(&pair);
}

/* Everybody can get a certificate of a public authority. */
TEST(a_server_that_verifies_clients_needs_authorities)
{
    static const int32_t asks[] = {WDS_SSL_REQUIRE_CLIENT, WDS_SSL_ASK_CLIENT, WDS_SSL_ASK_CLIENT | WDS_SSL_REQUIRE_CLIENT,
                                   WDS_SSL_REQUIRE_CLIENT | WDS_SSL_ONLY_AUTHORITIES};
    int i;
    int32_t server;
    char *pin = cert_text("good.pin"), kept[1024];

    tls_trust();
    for (i = 0; i < 4; i++) {
        server = WDSocketNew(NULL);
        CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_AUTHORITIES, ""));
        CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_CERTIFICATE, cert("good.pem")));
        CHECK_OK(WDSocketSetOption(server, WDS_OPT_SSL_OPTIONS, asks[i]));
        CHECK_CODE(WDSocketOpen(server, WDS_KIND_SERVER_SSL, 0, "127.0.0.1", 0), WDS_E_ARGUMENT);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "WDS_TEXT_SSL_AUTHORITIES");
        CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "fr"));
        CHECK_CODE(WDSocketOpen(server, WDS_KIND_SERVER_SSL, 0, "127.0.0.1", 0), WDS_E_ARGUMENT);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "autorit\xC3\xA9s");
        CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
        CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_AUTHORITIES, cert("root.crt")));
        CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER_SSL, 0, "127.0.0.1", 0));
        /* while it listens */
        CHECK_CODE(WDSocketSetText(server, WDS_TEXT_SSL_AUTHORITIES, ""), WDS_E_ARGUMENT);
        CHECK_GE(WDSocketGetText(server, WDS_TEXT_SSL_AUTHORITIES, kept, (int32_t)sizeof kept), 1);
        CHECK_HAS(kept, "root.crt");
        CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_PINS, pin));
        CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_AUTHORITIES, ""));
        CHECK_CODE(WDSocketSetText(server, WDS_TEXT_SSL_PINS, ""), WDS_E_ARGUMENT);
        CHECK_OK(WDSocketSetOption(server, WDS_OPT_SSL_OPTIONS, asks[i] | WDS_SSL_ACCEPT_ANY));
        CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_PINS, ""));
        CHECK_CODE(WDSocketSetOption(server, WDS_OPT_SSL_OPTIONS, asks[i]), WDS_E_ARGUMENT);
        CHECK_OK(WDSocketClose(server));
    }
    free(pin);
}

/* ---- ends that do not speak TLS ---- */

TEST(tls_on_a_plain_port)
{
    static const char *const greetings[] = {"220 mail.example ready\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "5\r\nHello", "\x01"};
    h_sock listener, peer;
    h_thread *thread;
    int32_t client;
    int port, i;

    tls_trust();
    for (i = 0; i < 4; i++) {
        listener = h_listen("127.0.0.1", 0, 4, &port);
        client = WDSocketNew(NULL);
        CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 0));
        peer = h_accept(listener, 20000);
        CHECK(h_send(peer, greetings[i], (int)strlen(greetings[i])));
        if (strlen(greetings[i]) < 5)
            h_shut_write(peer);
        WAIT_UNTIL(WDSocketState(client) != WDS_STATE_CONNECTING);
        CHECK_EQ(WDSocketState(client), WDS_STATE_FAILED);
        if (strlen(greetings[i]) >= 5) {
            CHECK_EQ(WDSocketErrorCode(client, WDS_INFO_CODE), WDS_E_TLS_PLAIN_TEXT);
        } else {
            CHECK_EQ(WDSocketErrorCode(client, WDS_INFO_CODE), WDS_E_TLS_HANDSHAKE);
        }
        CHECK_OK(WDSocketClose(client));
        h_close(peer);
        h_close(listener);
    }
    /* a server of this library without TLS is such a peer too: it says nothing */
    client = WDSocketCreate(NULL, 0, "127.0.0.1");
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, 300));
    thread = h_blocked_accept(client);
    CHECK_CODE(tls_try(h_port(client), 0), WDS_E_TIMEOUT);
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, 10000));
    CHECK_OK(WDSocketClose(h_join(thread)));
    CHECK_OK(WDSocketClose(client));
}

TEST(plain_text_on_a_tls_port)
{
    static const char *const words[] = {"GET / HTTP/1.0\r\n\r\n", "5\r\nHello", "\r\n\r\n\r\n", "\x80\x2e\x01\x03\x01\x00\x15\x00\x00\x00\x10"};
    int port, i;
    int32_t server, channel, client;
    h_sock peer;

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    for (i = 0; i < 4; i++) {
        peer = h_connect("127.0.0.1", port);
        CHECK(h_send(peer, words[i], (int)strlen(words[i])));
        CHECK(h_recv_end(peer, 20000) != 0); /* sent away, in one way or another */
        h_close(peer);
    }
    CHECK_CODE(WDSocketWaitForConnection(server, 0), WDS_E_TIMEOUT);
    client = tls_client(port, 0);
    channel = WDSocketAccept(server, 20000);
    CHECK(tls_talk(client, channel));
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}

/* ---- handshakes that do not end ---- */

TEST(peer_accepts_then_stays_silent)
{
    int port;
    h_sock listener = h_listen("127.0.0.1", 0, 8, &port);
    int32_t client = WDSocketNew(NULL);
    int64_t start;

    tls_trust();
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, 300));
    start = h_now_us();
    CHECK_CODE(WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", -1), WDS_E_TIMEOUT);
    CHECK_TIME(start, 300);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_TLS);
    start = h_now_us();
    CHECK_CODE(WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 20000), WDS_E_TIMEOUT);
    CHECK_TIME(start, 300);
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, 60000));
    start = h_now_us();
    CHECK_CODE(WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 300), WDS_E_TIMEOUT); /* for everything */
    CHECK_TIME(start, 300);
    CHECK_OK(WDSocketClose(client));
    h_close(listener);
}

TEST(a_silent_client_is_given_up)
{
    int port;
    int32_t server;
    h_sock peer;
    int64_t start;

    tls_trust();
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, 300));
    server = tls_server("good.pem", 0, &port);
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, 10000));
    start = h_now_us();
    peer = h_connect("127.0.0.1", port);
    CHECK(h_recv_end(peer, 20000) != 0);
    CHECK_TIME(start, 290);
    h_close(peer);
    CHECK_OK(WDSocketClose(server));
}

TEST(slow_hand_shakes_delay_nobody)
{
    int port;
    int32_t server, slow, fast, channel;
    relay *between;
    int64_t start;

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    between = relay_start(port, 40, 5);
    slow = WDSocketNew(NULL);
    CHECK_OK(WDSocketOpen(slow, WDS_KIND_CLIENT_SSL, relay_port(between), "127.0.0.1", 0));
    start = h_now_us();
    fast = tls_client(port, 0);
    channel = WDSocketAccept(server, 20000);
    CHECK(tls_talk(fast, channel));
    CHECK_PROMPT(start);
    CHECK_OK(WDSocketClose(fast));
    CHECK_OK(WDSocketClose(channel));
    WAIT_UNTIL(WDSocketState(slow) != WDS_STATE_CONNECTING);
    CHECK_EQ(WDSocketState(slow), WDS_STATE_OPEN); /* slow, and good all the same */
    channel = WDSocketAccept(server, 20000);
    CHECK(tls_talk(slow, channel));
    relay_free(between);
    CHECK_OK(WDSocketClose(slow));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}

static int32_t open_for_ever(void *argument)
{
    return WDSocketConnectSSL("in handshake", *(int *)argument, "127.0.0.1", 0, -1, NULL, NULL);
}

TEST(close_and_cancel_inside_a_hand_shake)
{
    int port, cancel;
    h_sock listener = h_listen("127.0.0.1", 0, 8, &port), peer;
    h_thread *thread;
    int32_t client;
    int64_t start;
    char first[6];

    tls_trust();
    for (cancel = 0; cancel < 2; cancel++) {
        thread = h_start(open_for_ever, &port);
        peer = h_accept(listener, 20000);
        CHECK_EQ(h_recv(peer, first, 6, 20000), 6); /* the handshake has begun */
        client = WDSocketFind("in handshake");
        CHECK_GE(client, 1);
        CHECK_EQ(WDSocketState(client), WDS_STATE_CONNECTING);
        CHECK_CODE(WDSocketSSLInfo(client, WDS_INFO_SSL_VERSION, 0, NULL, 0), WDS_E_NOT_CONNECTED);
        start = h_now_us();
        CHECK_OK(cancel ? WDSocketCancel(client) : WDSocketClose(client));
        CHECK_CODE(h_join(thread), cancel ? WDS_E_CANCELLED : WDS_E_CLOSED);
        CHECK_PROMPT(start);
        CHECK_CODE(WDSocketFind("in handshake"), WDS_E_NOT_FOUND);
        h_close(peer);
    }
    h_close(listener);
}

TEST(a_server_is_closed_over_hand_shakes)
{
    int port, i;
    int32_t server;
    h_sock peers[20];
    int64_t start;

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    for (i = 0; i < 20; i++)
        peers[i] = h_connect("127.0.0.1", port);
    WAIT_UNTIL(h_number(0, WDS_NUM_GOROUTINES) >= 21);
    start = h_now_us();
    CHECK_OK(WDSocketClose(server));
    CHECK_PROMPT(start);
    for (i = 0; i < 20; i++) {
        CHECK(h_recv_end(peers[i], 20000) != 0);
        h_close(peers[i]);
    }
    WAIT_UNTIL(h_number(0, WDS_NUM_GOROUTINES) == 0);
}

TEST(cancel_wakes_an_accept_and_no_hand_shake)
{
    int port;
    int32_t server, client, channel;
    relay *between;
    h_thread *thread;

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    thread = h_blocked_accept(server);
    between = relay_start(port, 64, 3);
    client = WDSocketNew(NULL);
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT_SSL, relay_port(between), "127.0.0.1", 0));
    WAIT_UNTIL(h_number(0, WDS_NUM_GOROUTINES) >= 3); /* the handshake of both ends */
    CHECK_OK(WDSocketCancel(server));
    CHECK_CODE(h_join(thread), WDS_E_CANCELLED);
    channel = WDSocketAccept(server, 20000);
    CHECK_GE(channel, 1);
    WAIT_UNTIL(WDSocketState(client) == WDS_STATE_OPEN);
    relay_free(between);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}

/* ---- streams that are cut ---- */

static void cut(int32_t bits)
{
    int port;
    int32_t server, client, channel;
    relay *between;
    char got[64];

    tls_trust();
    server = tls_server("good.pem", bits, &port);
    between = relay_start(port, 4096, 0);
    client = tls_client(relay_port(between), bits);
    channel = WDSocketAccept(server, 20000);
    CHECK(tls_talk(client, channel));
    CHECK_CODE(WDSocketWrite(channel, "the last whole message", 22), 22);
    CHECK_BYTES(got, WDSocketRead(client, got, (int32_t)sizeof got, 20000), "the last whole message", 22);
    CHECK_CODE(WDSocketWrite(client, "to be read", 10), 10);
    WAIT_UNTIL(WDSocketAvailable(channel) == 10);
    relay_end(between);
    CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), WDS_E_TLS_TRUNCATED);
    CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, -1), WDS_E_TLS_TRUNCATED);
    CHECK_EQ(WDSocketErrorCode(client, WDS_INFO_CODE), WDS_E_TLS_TRUNCATED);
    CHECK_CODE(WDSocketRead(channel, got, (int32_t)sizeof got, 20000), 10);
    CHECK_CODE(WDSocketRead(channel, got, (int32_t)sizeof got, 20000), WDS_E_TLS_TRUNCATED);
    CHECK_CODE(WDSocketWrite(client, "x", 1), WDS_E_TLS_TRUNCATED);
    relay_free(between);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}

TEST(truncation)
{
    cut(WDS_SSL_TLS12);
    cut(WDS_SSL_TLS13);
}

TEST(an_orderly_end_is_none)
{
    h_pair pair;
    char got[16];

    REQUIRE(tls_pair_open(&pair, 0, 0));
    CHECK_CODE(WDSocketWrite(pair.client, "bye", 3), 3);
    CHECK_OK(WDSocketClose(pair.client));
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000), 3);
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000), WDS_E_PEER_CLOSED);
    pair.client = WDSocketConnectSSL(NULL, pair.port, "127.0.0.1", 0, 20000, NULL, NULL);
    CHECK_OK(WDSocketClose(pair.channel));
    pair.channel = WDSocketAccept(pair.server, 20000);
    CHECK(tls_talk(pair.client, pair.channel));
    CHECK_OK(WDSocketCloseEx(pair.client, WDS_CLOSE_WRITE, 5000)); /* one side, then the other */
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000), WDS_E_PEER_CLOSED);
    CHECK_CODE(WDSocketWrite(pair.channel, "late", 4), 4);
    CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), 4);
    CHECK_CODE(WDSocketWrite(pair.client, "x", 1), WDS_E_WRITE_CLOSED);
    CHECK_OK(WDSocketCloseEx(pair.channel, WDS_CLOSE_GRACEFUL, H_CLOSE_MS));
    CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), WDS_E_PEER_CLOSED);
    CHECK_OK(WDSocketClose(pair.client));
    CHECK_OK(WDSocketClose(pair.server));
}

TEST(an_abort_is_a_reset)
{
    h_pair pair;
    char got[16];

    REQUIRE(tls_pair_open(&pair, 0, 0));
    CHECK_OK(WDSocketCloseEx(pair.client, WDS_CLOSE_ABORT, 0));
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000), WDS_E_RESET);
    CHECK_OK(WDSocketClose(pair.channel));
    CHECK_OK(WDSocketClose(pair.server));
}

/* ---- replacement ---- */

typedef struct {
    int port;
    volatile int64_t stop, good, old, renewed;
} load;

static int32_t come_and_go(void *argument)
{
    load *work = (load *)argument;
    int32_t client;
    char got[16];

    while (!h_get(&work->stop)) {
        client = tls_client(work->port, 0);
        if (!CHECK_GE(client, 1))
            return client;
        h_add(strstr(tls_info(client, WDS_INFO_SSL_SUBJECT, 0), "CN=renewed") ? &work->renewed : &work->old, 1);
        if (CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), 5))
            h_add(&work->good, 1);
        CHECK_OK(WDSocketClose(client));
    }
    return WDS_OK;
}

static int32_t greet(void *argument)
{
    int32_t server = (int32_t)(intptr_t)argument, channel;

    while ((channel = WDSocketAccept(server, -1)) > 0) {
        CHECK_CODE(WDSocketWrite(channel, "hello", 5), 5);
        CHECK_OK(WDSocketClose(channel));
    }
    return channel;
}

TEST(certificate_replaced_under_load)
{
    load work;
    h_thread *host, *client;
    int32_t server, first, channel;
    int i, rounds = h_rounds(100);

    memset(&work, 0, sizeof work);
    tls_trust();
    server = tls_server("good.pem", WDS_SSL_NO_RESUMPTION, &work.port);
    first = tls_client(work.port, 0);
    channel = WDSocketAccept(server, 20000);
    host = h_start(greet, (void *)(intptr_t)server);
    client = h_start(come_and_go, &work);
    for (i = 0; i < rounds; i++) {
        int64_t before = h_get(&work.good);

        CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_CERTIFICATE, cert(i % 2 ? "good.pem" : "renewed.pem")));
        CHECK_CODE(WDSocketSetText(server, WDS_TEXT_SSL_CERTIFICATE, cert("expired.pem")), WDS_E_TLS_EXPIRED); /* changes nothing */
        while (h_get(&work.good) < before + 2 && !h_done(client))
            h_sleep(1);
        CHECK(tls_talk(first, channel)); /* those who are there notice nothing */
    }
    h_add(&work.stop, 1);
    CHECK_OK(h_join(client));
    CHECK_OK(WDSocketClose(server));
    CHECK_ANY(h_join(host), WDS_E_CLOSED, WDS_E_HANDLE); /* inside an accept, or between two */
    CHECK_GE(h_get(&work.renewed), rounds / 2);
    CHECK_GE(h_get(&work.old), rounds / 2 - 1);
    CHECK(tls_talk(first, channel));
    CHECK_OK(WDSocketClose(first));
    CHECK_OK(WDSocketClose(channel));
}
