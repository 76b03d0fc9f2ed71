/*
 * events_tls.c - TLS and event queues: managed servers with TLS, handshakes in
 * the background, certificates that end soon.
 */
#define _POSIX_C_SOURCE 200809L
#include "certificates.h"
#include "harness.h"

static int is_message(int32_t queue, int32_t socket, const char *text)
{
    char got[256];
    h_event e = h_next_event(queue, 20000);

    return h_is_event(e, socket, WDS_EVENT_MESSAGE) && CHECK_EQ(WDSocketRead(socket, got, (int32_t)sizeof got, 0), strlen(text)) &&
           CHECK_EQ(e.value, strlen(text)) && CHECK_TEXT(got, text);
}

static void begin(int32_t socket, int32_t role, const char *certificate)
{
    CHECK_OK(WDSocketStartSSL(socket, role, WDS_SSL_ONLY_AUTHORITIES, certificate ? cert(certificate) : NULL, NULL, 0));
}

/* A server, a client and a channel, both in one queue. */
static int32_t queued_pair(h_pair *pair)
{
    int32_t queue = WDSocketNewQueue();

    tls_trust();
    if (!h_pair_open(pair))
        return -1;
    CHECK_OK(WDSocketAttach(queue, pair->client, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketAttach(queue, pair->channel, WDS_ATTACH_PLAIN));
    return queue;
}

/* The ends of a handshake, in either order. */
static void both_done(int32_t queue, const h_pair *pair)
{
    h_event one = h_next_event(queue, 20000), two = h_next_event(queue, 20000);

    CHECK_EQ(one.kind, WDS_EVENT_TLS_DONE);
    CHECK_EQ(two.kind, WDS_EVENT_TLS_DONE);
    CHECK(one.socket != two.socket);
    CHECK(one.socket == pair->client || one.socket == pair->channel);
    CHECK(two.socket == pair->client || two.socket == pair->channel);
}

TEST(a_managed_server)
{
    const int clients = 20;
    int port, i, accepted = 0, read = 0, closed = 0;
    int32_t queue = WDSocketNewQueue(), server, sockets[20];
    h_sock silent;

    tls_trust();
    server = tls_server("good.pem", WDS_SSL_NO_RESUMPTION, &port);
    CHECK_OK(WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
    silent = h_connect("127.0.0.1", port); /* never makes its handshake: nothing is told of it */
    for (i = 0; i < clients; i++) {
        sockets[i] = WDSocketNew(NULL);
        CHECK_OK(WDSocketOpen(sockets[i], WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 0));
    }
    while (closed < clients) {
        h_event e = h_next_event(queue, 20000);
        char got[16];

        switch (e.kind) {
        case WDS_EVENT_ACCEPTED:
            CHECK_EQ(e.value, server);
            CHECK_EQ(e.user, 0);
            CHECK_TEXT(tls_info(e.socket, WDS_INFO_SSL_VERSION, 0), "TLS 1.3"); /* the handshake is done */
            CHECK_OK(WDSocketSetOption(e.socket, WDS_OPT_USER_NUMBER, ++accepted));
            if (accepted == clients)
                for (i = 0; i < clients; i++) {
                    WAIT_UNTIL(WDSocketState(sockets[i]) == WDS_STATE_OPEN);
                    CHECK_EQ(WDSocketWrite(sockets[i], "Hello", 5), 5);
                }
            break;
        case WDS_EVENT_MESSAGE:
            CHECK(e.user > 0);
            CHECK_EQ(WDSocketRead(e.socket, got, (int32_t)sizeof got, 0), 5);
            CHECK_EQ(WDSocketWrite(e.socket, got, 5), 5);
            if (++read == clients)
                for (i = 0; i < clients; i++) {
                    CHECK_EQ(WDSocketRead(sockets[i], got, (int32_t)sizeof got, 20000), 5);
                    CHECK_OK(WDSocketClose(sockets[i]));
                }
            break;
        case WDS_EVENT_PEER_CLOSED:
            CHECK_OK(WDSocketClose(e.socket));
            closed++;
            break;
        default:
            REQUIRE(CHECK_EQ(e.kind, -1));
        }
    }
    CHECK_EQ(accepted, clients);
    CHECK_EQ(read, clients);
    CHECK_EQ(h_next_event(queue, 20).kind, 0);
    h_close(silent);
    WDSocketClose(server);
    WDSocketClose(queue);
}

TEST(both_ends_upgrade_in_one_queue)
{
    h_pair pair;
    int32_t queue = queued_pair(&pair);
    char got[16];
    int64_t cpu;

    REQUIRE(CHECK_GE(queue, 1));
    CHECK_EQ(WDSocketWrite(pair.client, "STARTTLS", 8), 8);
    is_message(queue, pair.channel, "STARTTLS");
    CHECK_EQ(WDSocketWrite(pair.channel, "go on", 5), 5);
    begin(pair.channel, WDS_ROLE_SERVER, "good.pem");
    is_message(queue, pair.client, "go on");
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 0), WDS_E_BUSY);
    CHECK_CODE(WDSocketStartSSL(pair.channel, WDS_ROLE_SERVER, 0, NULL, NULL, 0), WDS_E_BUSY);
    CHECK_CODE(WDSocketDetach(pair.channel), WDS_E_BUSY);
    cpu = h_cpu_us();
    CHECK_EQ(h_next_event(queue, 300).kind, 0); /* it does not spin while the other end is silent */
    CHECK(h_cpu_us() - cpu < 200000);
    begin(pair.client, WDS_ROLE_CLIENT, NULL);
    both_done(queue, &pair);
    CHECK_TEXT(tls_info(pair.client, WDS_INFO_SSL_VERIFY, 0), "");
    CHECK_HAS(tls_info(pair.client, WDS_INFO_SSL_SUBJECT, 0), "CN=good");
    CHECK_EQ(WDSocketWrite(pair.client, "secret", 6), 6);
    is_message(queue, pair.channel, "secret");
    CHECK_EQ(WDSocketWrite(pair.channel, "answer", 6), 6);
    is_message(queue, pair.client, "answer");
    CHECK_CODE(WDSocketStartSSL(pair.client, WDS_ROLE_CLIENT, 0, NULL, NULL, 0), WDS_E_STATE);
    CHECK_CODE(WDSocketStopSSL(pair.client, 1000), WDS_E_BUSY);
    CHECK_OK(WDSocketClose(pair.client));
    h_is_event(h_next_event(queue, 20000), pair.channel, WDS_EVENT_PEER_CLOSED);
    CHECK_EQ(h_next_event(queue, 20).kind, 0);
    WDSocketClose(pair.channel);
    WDSocketClose(pair.server);
    WDSocketClose(queue);
}

TEST(one_end_waits_for_it)
{
    h_pair pair;
    int32_t queue = queued_pair(&pair);

    REQUIRE(CHECK_GE(queue, 1));
    begin(pair.channel, WDS_ROLE_SERVER, "good.pem");
    CHECK_OK(WDSocketStartSSL(pair.client, WDS_ROLE_CLIENT, WDS_SSL_ONLY_AUTHORITIES, NULL, NULL, 20000));
    h_is_event(h_next_event(queue, 20000), pair.channel, WDS_EVENT_TLS_DONE); /* of the other one nothing is told */
    CHECK_EQ(WDSocketWrite(pair.channel, "first", 5), 5);
    is_message(queue, pair.client, "first");
    CHECK_EQ(WDSocketWrite(pair.client, "second", 6), 6);
    is_message(queue, pair.channel, "second");
    CHECK_EQ(h_next_event(queue, 20).kind, 0);
    h_pair_close(&pair);
    WDSocketClose(queue);
}

TEST(a_write_waits_for_the_end)
{
    h_pair pair;
    int32_t queue = queued_pair(&pair);

    REQUIRE(CHECK_GE(queue, 1));
    begin(pair.channel, WDS_ROLE_SERVER, "good.pem");
    CHECK_OK(WDSocketSetOption(pair.channel, WDS_OPT_WRITE_TIMEOUT, 50));
    CHECK_CODE(WDSocketWrite(pair.channel, "early", 5), WDS_E_TIMEOUT);
    CHECK_OK(WDSocketSetOption(pair.channel, WDS_OPT_WRITE_TIMEOUT, 20000));
    begin(pair.client, WDS_ROLE_CLIENT, NULL);
    CHECK_EQ(WDSocketWrite(pair.channel, "in time", 7), 7);
    CHECK_EQ(WDSocketWrite(pair.client, "too", 3), 3);
    both_done(queue, &pair);
    {
        h_event one = h_next_event(queue, 20000), two = h_next_event(queue, 20000);

        CHECK_EQ(one.kind, WDS_EVENT_MESSAGE);
        CHECK_EQ(two.kind, WDS_EVENT_MESSAGE);
        CHECK_EQ(one.value + two.value, 10);
    }
    h_pair_close(&pair);
    WDSocketClose(queue);
}

/* RFC 3207, section 6, in a queue: what stands behind STARTTLS is refused. */
TEST(surplus_plain_text)
{
    h_half half;
    int32_t queue = WDSocketNewQueue();
    char got[32];

    tls_trust();
    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_END_TAG, "\r\n", 2));
    CHECK_OK(WDSocketAttach(queue, half.socket, WDS_ATTACH_PLAIN));
    CHECK(h_send(half.raw, "STARTTLS\r\nRCPT TO:<x>\r\n", 23));
    is_message(queue, half.socket, "STARTTLS");
    h_is_event(h_next_event(queue, 20000), half.socket, WDS_EVENT_MESSAGE);
    CHECK_CODE(WDSocketStartSSL(half.socket, WDS_ROLE_SERVER, 0, cert("good.pem"), NULL, 0), WDS_E_TLS_SURPLUS);
    CHECK_CODE(WDSocketStartSSL(half.socket, WDS_ROLE_SERVER, 0, cert("good.pem"), NULL, 20000), WDS_E_TLS_SURPLUS);
    CHECK_EQ(WDSocketState(half.socket), WDS_STATE_OPEN); /* as before */
    CHECK_EQ(WDSocketRead(half.socket, got, (int32_t)sizeof got, 0), 11);
    CHECK_EQ(h_next_event(queue, 20).kind, 0);
    CHECK(h_send(half.raw, "QUIT\r\n", 6));
    is_message(queue, half.socket, "QUIT");
    h_half_close(&half);
    WDSocketClose(queue);
}

/* A certificate that cannot be used: nothing was sent, it stays plain. */
TEST(nothing_begun)
{
    h_pair pair;
    int32_t queue = queued_pair(&pair);

    REQUIRE(CHECK_GE(queue, 1));
    CHECK_CODE(WDSocketStartSSL(pair.channel, WDS_ROLE_SERVER, 0, cert("mismatch.pem"), NULL, 0), WDS_E_TLS_KEY_MISMATCH);
    CHECK_CODE(WDSocketStartSSL(pair.channel, WDS_ROLE_SERVER, 0, NULL, NULL, 0), WDS_E_TLS_CERTIFICATE_FILE);
    CHECK_CODE(WDSocketStartSSL(pair.channel, 3, 0, NULL, NULL, 0), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketStartSSL(pair.server, WDS_ROLE_SERVER, 0, cert("good.pem"), NULL, 0), WDS_E_STANDARD_SERVER);
    CHECK_EQ(WDSocketWrite(pair.client, "plain", 5), 5);
    is_message(queue, pair.channel, "plain");
    CHECK_EQ(h_next_event(queue, 20).kind, 0);
    h_pair_close(&pair);
    WDSocketClose(queue);
}

/* One end only: the error, and nothing behind it. */
static void fails(int32_t queue, int32_t socket, int32_t code)
{
    h_event e = h_next_event(queue, 20000);
    char got[16];

    h_is_event(e, socket, WDS_EVENT_ERROR);
    CHECK_CODE(e.code, code);
    CHECK_EQ(h_next_event(queue, 50).kind, 0);
    CHECK(WDSocketRead(socket, got, (int32_t)sizeof got, 0) < WDS_E_PEER_CLOSED);
    CHECK(WDSocketWrite(socket, "x", 1) < 0);
}

TEST(it_fails)
{
    h_half half;
    h_pair pair;
    int32_t queue = WDSocketNewQueue(), channel;

    tls_trust();
    REQUIRE(h_half_client(&half)); /* plain text instead of TLS */
    CHECK_OK(WDSocketAttach(queue, half.socket, WDS_ATTACH_PLAIN));
    begin(half.socket, WDS_ROLE_CLIENT, NULL);
    CHECK(h_send(half.raw, "454 TLS not available\r\n", 23));
    fails(queue, half.socket, WDS_E_TLS_PLAIN_TEXT);
    h_half_close(&half);

    REQUIRE(h_half_client(&half)); /* silence */
    CHECK_OK(WDSocketAttach(queue, half.socket, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, 100));
    begin(half.socket, WDS_ROLE_CLIENT, NULL);
    fails(queue, half.socket, WDS_E_TIMEOUT);
    h_half_close(&half);

    REQUIRE(h_half_client(&half)); /* silence, and the call waits */
    CHECK_OK(WDSocketAttach(queue, half.socket, WDS_ATTACH_PLAIN));
    CHECK_CODE(WDSocketStartSSL(half.socket, WDS_ROLE_CLIENT, 0, NULL, NULL, 100), WDS_E_TIMEOUT);
    fails(queue, half.socket, WDS_E_TIMEOUT);
    h_half_close(&half);

    REQUIRE(h_half_channel(&half)); /* the other end goes */
    CHECK_OK(WDSocketAttach(queue, half.socket, WDS_ATTACH_PLAIN));
    begin(half.socket, WDS_ROLE_SERVER, "good.pem");
    h_reset(half.raw);
    half.raw = H_NO_SOCK;
    fails(queue, half.socket, WDS_E_RESET);
    WDSocketClose(half.socket);
    WDSocketClose(queue);

    queue = queued_pair(&pair); /* a certificate that is not trusted */
    CHECK_OK(WDSocketDetach(pair.channel));
    channel = WDSocketNewQueue();
    CHECK_OK(WDSocketAttach(channel, pair.channel, WDS_ATTACH_PLAIN));
    begin(pair.channel, WDS_ROLE_SERVER, "unknown.pem");
    begin(pair.client, WDS_ROLE_CLIENT, NULL);
    fails(queue, pair.client, WDS_E_TLS_UNKNOWN_AUTHORITY);
    h_pair_close(&pair);
    WDSocketClose(queue);
    WDSocketClose(channel);
}

TEST(closed_while_it_goes_on)
{
    h_pair pair;
    int32_t queue = queued_pair(&pair);

    begin(pair.channel, WDS_ROLE_SERVER, "good.pem");
    CHECK_OK(WDSocketClose(pair.channel)); /* no event of it */
    h_is_event(h_next_event(queue, 20000), pair.client, WDS_EVENT_RESET); /* not what an end in order looks like */
    CHECK_EQ(h_next_event(queue, 20).kind, 0);
    h_pair_close(&pair);

    REQUIRE(h_pair_open(&pair)); /* the queue goes, the handshake goes on */
    CHECK_OK(WDSocketAttach(queue, pair.channel, WDS_ATTACH_PLAIN));
    begin(pair.channel, WDS_ROLE_SERVER, "good.pem");
    CHECK_OK(WDSocketClose(queue));
    CHECK_OK(WDSocketStartSSL(pair.client, WDS_ROLE_CLIENT, WDS_SSL_ONLY_AUTHORITIES, NULL, NULL, 20000));
    WAIT_UNTIL(WDSocketSSLInfo(pair.channel, WDS_INFO_SSL_VERSION, 0, NULL, 0) == 7);
    CHECK(tls_talk(pair.client, pair.channel));
    h_pair_close(&pair);
    CHECK_OK(WDSocketCloseAll());
}

#ifdef H_UNIX
/* openssl as the client of a mail server that upgrades in a queue. */
TEST(openssl_upgrades)
{
    int32_t queue = WDSocketNewQueue(), server = WDSocketCreate(NULL, 0, "127.0.0.1");
    char command[1024], got[256];
    FILE *client;
    int secured = 0, heard = 0, over = 0;

    tls_trust();
    CHECK_OK(WDSocketChangeTransmissionMode(server, WDS_MODE_END_TAG, "\r\n", 2));
    CHECK_OK(WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
    snprintf(command, sizeof command, "printf 'NOOP\\n' | openssl s_client -quiet -starttls smtp -crlf -CAfile %s "
             "-verify_return_error -connect 127.0.0.1:%d 2>&1", cert("root.crt"), (int)h_port(server));
    client = popen(command, "r");
    REQUIRE(CHECK(client != NULL));
    while (!over) {
        h_event e = h_next_event(queue, 20000);

        switch (e.kind) {
        case WDS_EVENT_ACCEPTED:
            CHECK(WDSocketWrite(e.socket, "220 mail.example", -1) > 0);
            break;
        case WDS_EVENT_MESSAGE:
            CHECK(WDSocketRead(e.socket, got, (int32_t)sizeof got, 0) >= 0);
            if (strncmp(got, "EHLO", 4) == 0) {
                CHECK(WDSocketWrite(e.socket, "250-mail.example", -1) > 0);
                CHECK(WDSocketWrite(e.socket, "250 STARTTLS", -1) > 0);
            } else if (strcmp(got, "STARTTLS") == 0) {
                CHECK(WDSocketWrite(e.socket, "220 go on", -1) > 0);
                begin(e.socket, WDS_ROLE_SERVER, "good.pem");
            } else if (strcmp(got, "NOOP") == 0) {
                CHECK(secured);
                heard = 1;
                CHECK(WDSocketWrite(e.socket, "250 fine", -1) > 0);
                CHECK_OK(WDSocketClose(e.socket)); /* which ends it */
                over = 1;
            } else {
                CHECK_TEXT(got, "");
            }
            break;
        case WDS_EVENT_TLS_DONE:
            secured = 1;
            break;
        default:
            CHECK_EQ(e.kind, -1);
            over = 1;
        }
    }
    CHECK(heard);
    got[fread(got, 1, sizeof got - 1, client)] = '\0';
    CHECK_HAS(got, "250 fine");
    pclose(client);
    CHECK_OK(WDSocketCloseAll());
}
#endif

/* The days left of a certificate are told once; 0 when nothing is. */
static void warns(const char *certificate, int32_t days, int32_t days_left)
{
    int32_t queue = WDSocketNewQueue(), server = WDSocketNew(NULL), early = WDSocketNew(NULL), port, client;
    h_event e;
    int round;

    CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_CERTIFICATE, cert(certificate)));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_SSL_WARN_DAYS, days));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_USER_NUMBER, 77));
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER_SSL, 0, "127.0.0.1", 0));
    port = h_port(server);
    for (round = 0; round < 2; round++) { /* each time it is attached */
        CHECK_OK(WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
        if (days_left) {
            e = h_next_event(queue, 20000);
            h_is_event(e, server, WDS_EVENT_CERTIFICATE);
            CHECK_EQ(e.value, days_left);
            CHECK_EQ(e.user, 77);
            CHECK_CODE(e.code, WDS_OK);
        }
        CHECK_EQ(h_next_event(queue, 20).kind, 0);
        CHECK_OK(WDSocketDetach(server));
    }
    CHECK_OK(WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
    if (days_left)
        h_is_event(h_next_event(queue, 20000), server, WDS_EVENT_CERTIFICATE);
    /* a client with a certificate, attached before it is open; channels have the server's and are not told of */
    CHECK_OK(WDSocketSetText(early, WDS_TEXT_SSL_CERTIFICATE, cert(certificate)));
    CHECK_OK(WDSocketSetOption(early, WDS_OPT_SSL_WARN_DAYS, days));
    CHECK_OK(WDSocketAttach(queue, early, WDS_ATTACH_PLAIN));
    CHECK_EQ(h_next_event(queue, 20).kind, 0);
    CHECK_OK(WDSocketOpen(early, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 0));
    for (round = 0; round < 2; round++) {
        e = h_next_event(queue, 20000);
        if (e.socket == early) {
            CHECK_EQ(e.kind, WDS_EVENT_CONNECTED);
            if (days_left) {
                e = h_next_event(queue, 20000);
                if (e.kind == WDS_EVENT_ACCEPTED) {
                    round++;
                    e = h_next_event(queue, 20000);
                }
                h_is_event(e, early, WDS_EVENT_CERTIFICATE);
            }
        } else {
            CHECK_EQ(e.kind, WDS_EVENT_ACCEPTED);
        }
    }
    CHECK_EQ(h_next_event(queue, 20).kind, 0);
    client = tls_client(port, 0); /* one without */
    CHECK_GE(client, 1);
    CHECK_EQ(h_next_event(queue, 20000).kind, WDS_EVENT_ACCEPTED);
    CHECK_EQ(h_next_event(queue, 20).kind, 0);
    WDSocketClose(queue);
    CHECK_OK(WDSocketCloseAll());
}

TEST(a_certificate_that_ends_soon)
{
    tls_trust();
    warns("five.pem", 30, 5);
    warns("five.pem", 5, 5);
    warns("five.pem", 4, 0);
    warns("five.pem", 0, 0);
    warns("ninety.pem", 30, 0);
    warns("ninety.pem", 3650, 90);
}
