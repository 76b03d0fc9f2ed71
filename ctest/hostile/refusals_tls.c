/*
 * refusals_tls.c - certificates that are refused and peers that do not speak TLS:
 * the text says what it is, and what can be let through is.
 */
#include "certificates.h"
#include "harness.h"
#include "logfile.h"

/* A client of a port with other options than the usual ones. */
static int32_t ask(int port, int32_t bits)
{
    return WDSocketConnectSSL(NULL, port, "127.0.0.1", bits, 20000, NULL, NULL);
}

static void refused(int port, int32_t bits, int32_t code, const char *words, const char *french)
{
    CHECK_CODE(ask(port, bits), code);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), words);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "fr"));
    CHECK_CODE(ask(port, bits), code);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), french);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
}

static void accepted(int port)
{
    int32_t client = ask(port, WDS_SSL_ACCEPT_ANY);

    CHECK_GE(client, 1);
    CHECK_OK(WDSocketClose(client));
}

TEST(a_signature_with_sha1_is_named)
{
    int32_t server, client;
    int port;

    tls_trust();
    server = tls_server("sha1.pem", 0, &port);
    refused(port, WDS_SSL_ONLY_AUTHORITIES, WDS_E_TLS_BAD_CERTIFICATE, "signed with ECDSA-SHA1", "ECDSA-SHA1");
    accepted(port);
    /* as the text says: the certificate itself may be trusted */
    client = WDSocketNew(NULL);
    CHECK_OK(WDSocketSetText(client, WDS_TEXT_SSL_AUTHORITIES, cert("sha1.crt")));
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 20000));
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));

    server = tls_server("weak-chain.pem", 0, &port);
    refused(port, WDS_SSL_ONLY_AUTHORITIES, WDS_E_TLS_BAD_CERTIFICATE, "CN=weak-middle", "weak-middle");
    CHECK_OK(WDSocketClose(server));

    server = tls_server("good.pem", WDS_SSL_REQUIRE_CLIENT, &port);
    client = WDSocketConnectSSL(NULL, port, "127.0.0.1", WDS_SSL_TLS12 | WDS_SSL_ONLY_AUTHORITIES, 20000, cert("sha1.pem"), NULL);
    CHECK_CODE(client, WDS_E_TLS_BAD_CLIENT_CERTIFICATE);
    CHECK_OK(WDSocketClose(server));
}

TEST(a_negative_serial_number_is_taken_where_any_certificate_is)
{
    int32_t server;
    int port;

    tls_trust();
    server = tls_server("negative.pem", 0, &port);
    REQUIRE(CHECK_GE(server, 1));
    refused(port, WDS_SSL_ONLY_AUTHORITIES, WDS_E_TLS_BAD_CERTIFICATE, "is negative", "est n\xC3\xA9gatif");
    accepted(port);
    CHECK_OK(WDSocketClose(server));
}

#ifdef H_UNIX
TEST(a_short_key_is_taken_where_any_certificate_is)
{
    char options[1024];
    openssl device;

    tls_trust();
    snprintf(options, sizeof options, "-cert %s -key %s -tls1_2 -cipher ALL:@SECLEVEL=0", cert("small.crt"), cert("small.key"));
    if (openssl_start(&device, 3, options)) {
        refused(device.port, WDS_SSL_ONLY_AUTHORITIES, WDS_E_TLS_BAD_CERTIFICATE, "512 bits", "512 bits");
        accepted(device.port);
    }
    openssl_end(&device);
}

TEST(what_no_option_lets_through_says_so)
{
    char options[1024];
    openssl device;

    tls_trust();
    snprintf(options, sizeof options, "-cert %s -key %s", cert("at-sign.crt"), cert("at-sign.key"));
    if (openssl_start(&device, 2, options))
        refused(device.port, WDS_SSL_ACCEPT_ANY, WDS_E_TLS_BAD_CERTIFICATE, "PrintableString), and no option", "aucune option");
    openssl_end(&device);
}
#endif

TEST(the_chain_is_sent_in_order)
{
    int32_t server, client;
    int port;

    tls_trust();
    server = tls_server("disordered.pem", 0, &port);
    client = ask(port, WDS_SSL_ONLY_AUTHORITIES);
    REQUIRE(CHECK_GE(client, 1));
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_COUNT, 0), "3");
    CHECK_HAS(tls_info(client, WDS_INFO_SSL_SUBJECT, 0), "CN=below");
    CHECK_HAS(tls_info(client, WDS_INFO_SSL_SUBJECT, 1), "CN=middle");
    CHECK_HAS(tls_info(client, WDS_INFO_SSL_SUBJECT, 2), "CN=root");
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

static const struct {
    const char *file;
    int32_t code;
} out_of_date[] = {{"expired.pem", WDS_E_TLS_EXPIRED}, {"not-yet.pem", WDS_E_TLS_NOT_YET_VALID}};

TEST(an_own_certificate_that_has_expired_serves_if_that_is_asked_for)
{
    char *log;
    int32_t server, queue;
    h_event event;
    int port, i;

    tls_trust();
    log_begin(2);
    for (i = 0; i < 2; i++) {
        CHECK_CODE(WDSocketCreateSSL(NULL, 0, cert(out_of_date[i].file), 0, "127.0.0.1", NULL), out_of_date[i].code);
        server = WDSocketNew("late");
        CHECK_OK(WDSocketSetOption(server, WDS_OPT_SSL_ALLOW_EXPIRED, 1));
        CHECK_EQ(h_option(server, WDS_OPT_SSL_ALLOW_EXPIRED), 1);
        CHECK_EQ(WDSocketCreateSSL("late", 0, cert(out_of_date[i].file), 0, "127.0.0.1", NULL), server);
        port = h_port(server);
        CHECK_CODE(ask(port, WDS_SSL_ONLY_AUTHORITIES), out_of_date[i].code);
        accepted(port);
        if (out_of_date[i].code == WDS_E_TLS_EXPIRED) {
            queue = WDSocketNewQueue();
            CHECK_OK(WDSocketAttach(queue, server, 0));
            do
                event = h_next_event(queue, H_PATIENCE);
            while (event.kind != WDS_EVENT_CERTIFICATE && event.kind != 0);
            CHECK(h_is_event(event, server, WDS_EVENT_CERTIFICATE));
            CHECK(event.value < 0);
            CHECK_OK(WDSocketClose(queue));
        }
        CHECK_OK(WDSocketClose(server));
    }
    CHECK_CODE(WDSocketSetOption(0, WDS_OPT_SSL_ALLOW_EXPIRED, 2), WDS_E_ARGUMENT);
    log = log_end();
    CHECK_HAS(log, "warning: the certificate of ");
    CHECK_HAS(log, "expired.pem has expired");
    CHECK_HAS(log, "not-yet.pem is not valid yet");
    free(log);
}

/* A service without TLS that speaks first, once. */
static const char *said;

static int32_t speak(void *argument)
{
    h_sock from = h_accept(*(h_sock *)argument, H_PATIENCE);

    h_send(from, said, (int)strlen(said));
    h_recv_over(from, H_PATIENCE);
    h_close(from);
    return 0;
}

TEST(what_a_service_without_tls_says_is_shown)
{
    static const struct {
        const char *text, *shown;
    } services[] = {
        {"500 OOPS: vsftpd: cannot read the configuration\r\n", "500 OOPS: vsftpd: cannot read the configuration\\r\\n"},
        {"220 mail.tests.example ESMTP\r\n", "220 mail.tests.example ESMTP\\r\\n"},
        {"HTTP/1.1 400 Bad Request\r\nServer: old\r\n\r\n", "HTTP without TLS, \"HTTP/1.1 400 Bad Request\\r\\n"},
        {"\033]0;title\007hello\r\n", "\\x1b]0;title\\ahello"},
    };
    int i, port;
    h_sock listener = h_listen("127.0.0.1", 0, 8, &port);
    h_thread *service;

    for (i = 0; i < 4; i++) {
        said = services[i].text;
        service = h_start(speak, &listener);
        CHECK_CODE(ask(port, WDS_SSL_ACCEPT_ANY), WDS_E_TLS_PLAIN_TEXT);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), services[i].shown);
        h_join(service);
    }
    h_close(listener);
}

TEST(plain_text_inside_of_tls_is_shown)
{
    static const int32_t versions[] = {WDS_SSL_TLS12, WDS_SSL_TLS13};
    int32_t server, client, channel;
    relay *between;
    char got[16];
    int port, i;

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    for (i = 0; i < 2; i++) {
        between = relay_start(port, 4096, 0);
        client = ask(relay_port(between), versions[i] | WDS_SSL_ONLY_AUTHORITIES);
        REQUIRE(CHECK_GE(client, 1));
        channel = WDSocketAccept(server, 20000);
        CHECK(tls_talk(client, channel));
        relay_say(between, "500 OOPS: the child died\r\n");
        CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), WDS_E_TLS_RECORD);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "500 OOPS: the child died\\r\\n");
        CHECK_OK(WDSocketClose(client));
        CHECK_OK(WDSocketClose(channel));
        relay_free(between);
    }
    CHECK_OK(WDSocketClose(server));
}

TEST(a_server_says_that_it_got_plain_http)
{
    static const char request[] = "GET /status HTTP/1.1\r\nHost: tests.example\r\n\r\n";
    char *log;
    int32_t server;
    int port;
    h_sock browser;

    log_begin(2);
    server = tls_server("good.pem", 0, &port);
    browser = h_connect("127.0.0.1", port);
    CHECK(h_send(browser, request, (int)sizeof request - 1));
    CHECK(h_recv_over(browser, H_PATIENCE));
    h_close(browser);
    CHECK_OK(WDSocketClose(server));
    log = log_end();
    CHECK_HAS(log, "it sent an HTTP request without TLS, \"GET /status HTTP/1.1\\r\\nHost");
    free(log);
}
