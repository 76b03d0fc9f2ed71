/*
 * names_tls.c - peers whose certificates have names that mislead: with a NUL,
 * behind which a C program does not look, with line ends and escape sequences,
 * and with commas.
 */
#include "certificates.h"
#include "harness.h"
#include "logfile.h"

/* Nothing of a text leaves its line, ends it early or reaches a terminal. */
static void is_one_line(const char *text)
{
    CHECK(strchr(text, '\n') == NULL);
    CHECK(strchr(text, '\r') == NULL);
    CHECK(strchr(text, 27) == NULL);
}

static int32_t connect_as(int port, int32_t bits, const char *certificate)
{
    return WDSocketConnectSSL(NULL, port, "127.0.0.1", bits, 20000, certificate ? cert(certificate) : NULL, NULL);
}

static const struct {
    const char *file, *name, *subject, *names;
} with_nul[] = {
    {"nul-name.pem", "good.example\\x00NUL.evil.example", "CN=nul-name", "localhost,good.example\\x00NUL.evil.example,127.0.0.1,::1"},
    {"nul-subject.pem", "good.example\\x00NUL.evil.example", "CN=good.example\\x00NUL.evil.example", "localhost,127.0.0.1,::1"},
};

TEST(a_server_with_a_nul_in_a_name_is_refused)
{
    int32_t server, client;
    int port, i;

    tls_trust();
    for (i = 0; i < 2; i++) {
        server = tls_server(with_nul[i].file, 0, &port);
        CHECK_CODE(connect_as(port, WDS_SSL_ONLY_AUTHORITIES, NULL), WDS_E_TLS_BAD_CERTIFICATE);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), with_nul[i].name);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "contains a NUL");
        client = connect_as(port, WDS_SSL_ACCEPT_ANY | WDS_SSL_ONLY_AUTHORITIES, NULL); /* to look at it all the same */
        REQUIRE(CHECK_GE(client, 1));
        CHECK_HAS(tls_info(client, WDS_INFO_SSL_SUBJECT, 0), with_nul[i].subject);
        CHECK_TEXT(tls_info(client, WDS_INFO_SSL_NAMES, 0), with_nul[i].names);
        CHECK_HAS(tls_info(client, WDS_INFO_SSL_VERIFY, 0), with_nul[i].name);
        CHECK_OK(WDSocketClose(client));
        CHECK_OK(WDSocketClose(server));
    }
}

TEST(a_client_with_a_nul_in_a_name_is_refused)
{
    static const int32_t versions[] = {WDS_SSL_TLS12, WDS_SSL_TLS13};
    int32_t server, client;
    char got[16];
    int port, i, j;

    tls_trust();
    for (i = 0; i < 2; i++) {
        server = tls_server("good.pem", WDS_SSL_REQUIRE_CLIENT, &port);
        for (j = 0; j < 2; j++) {
            client = connect_as(port, versions[j] | WDS_SSL_ONLY_AUTHORITIES, with_nul[i].file);
            if (client > 0) { /* in TLS 1.3 the first read tells */
                CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), WDS_E_TLS_BAD_CLIENT_CERTIFICATE);
                CHECK_OK(WDSocketClose(client));
            } else {
                CHECK_CODE(client, WDS_E_TLS_BAD_CLIENT_CERTIFICATE);
            }
        }
        CHECK_CODE(WDSocketWaitForConnection(server, 0), WDS_E_TIMEOUT);
        CHECK_OK(WDSocketClose(server));
    }
}

#define FORGED "one\\x0Aforged line\\x1B[31m"

TEST(names_stay_on_their_line)
{
    static const int32_t texts[] = {WDS_INFO_MESSAGE, WDS_INFO_DETAIL};
    int32_t server, client;
    int port, i;

    tls_trust();
    server = tls_server("forger.pem", 0, &port);
    CHECK_CODE(connect_as(port, WDS_SSL_ONLY_AUTHORITIES, NULL), WDS_E_TLS_SELF_SIGNED);
    for (i = 0; i < 2; i++) {
        CHECK_HAS(h_error(0, texts[i]), FORGED);
        CHECK(strchr(h_error(0, texts[i]), 27) == NULL);
    }
    is_one_line(h_error(0, WDS_INFO_MESSAGE));
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_AUTHORITIES, cert("forger.crt")));
    CHECK_CODE(connect_as(port, WDS_SSL_ONLY_AUTHORITIES, NULL), WDS_E_TLS_WRONG_HOST);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "two\\x0Alines.example");
    is_one_line(h_error(0, WDS_INFO_MESSAGE));
    client = connect_as(port, WDS_SSL_ACCEPT_ANY | WDS_SSL_ONLY_AUTHORITIES, NULL);
    REQUIRE(CHECK_GE(client, 1));
    CHECK_HAS(tls_info(client, WDS_INFO_SSL_SUBJECT, 0), FORGED);
    CHECK_HAS(tls_info(client, WDS_INFO_SSL_ISSUER, 0), FORGED);
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_NAMES, 0), "elsewhere.example,two\\x0Alines.example,a\\,b@tests.example");
    is_one_line(tls_info(client, WDS_INFO_SSL_VERIFY, 0));
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

TEST(names_forge_no_line_of_the_log)
{
    char *log, *line;
    int32_t server, client;
    int port;

    tls_trust();
    log_begin(2);
    server = tls_server("good.pem", WDS_SSL_REQUIRE_CLIENT, &port);
    client = connect_as(port, WDS_SSL_TLS12 | WDS_SSL_ONLY_AUTHORITIES, "forger.pem");
    CHECK_CODE(client, WDS_E_TLS_BAD_CLIENT_CERTIFICATE);
    CHECK_OK(WDSocketClose(server));
    log = log_end();
    CHECK_HAS(log, FORGED);
    CHECK(strchr(log, 27) == NULL);
    for (line = strstr(log, "forged line"); line; line = strstr(line + 1, "forged line"))
        CHECK(line > log + 4 && memcmp(line - 4, "\\x0A", 4) == 0);
    free(log);
}
