/*
 * tls_use.c - TLS in everyday use: modes, servers, what is known about a
 * connection, options, and arguments that are wrong.
 */
#include "certificates.h"
#include "harness.h"

/* ---- every transmission mode ---- */

typedef struct {
    const char *name;
    int32_t mode, width, fixed;
    const char *preset;
} mode;

static const mode modes[] = {
    {"end tag", WDS_MODE_END_TAG, 0, 0, NULL},     {"size", WDS_MODE_SIZE, 0, 0, NULL},
    {"end tag buffer", WDS_MODE_END_TAG_BUFFER, 0, 0, NULL}, {"raw", WDS_MODE_RAW, 0, 0, NULL},
    {"length", WDS_MODE_LENGTH, 4, 0, NULL},       {"fixed", WDS_MODE_FIXED, 0, 777, NULL},
    {"markers", WDS_MODE_MARKERS, 0, 0, NULL},     {"gap", WDS_MODE_GAP, 0, 0, NULL},
    {"modbus-tcp", -1, 0, 260, "modbus-tcp"},      {"stx-etx-bcc", -1, 0, 0, "stx-etx-bcc"},
};

static void in_mode(int32_t socket, const mode *m)
{
    if (m->preset)
        CHECK_OK(WDSocketSetText(socket, WDS_TEXT_FRAME_PRESET, m->preset));
    if (m->width)
        CHECK_OK(WDSocketSetOption(socket, WDS_OPT_FRAME_WIDTH, m->width));
    if (m->mode == WDS_MODE_FIXED)
        CHECK_OK(WDSocketSetOption(socket, WDS_OPT_FRAME_LENGTH, m->fixed));
    if (!m->preset)
        CHECK_OK(WDSocketChangeTransmissionMode(socket, m->mode, NULL, 0));
}

static void message_of(char *data, int length, const mode *m)
{
    int i;

    for (i = 0; i < length; i++)
        data[i] = (char)('a' + (i * 7 + i / 256) % 26);
    if (m->preset && m->fixed) { /* transaction, protocol 0, length, unit and body */
        memset(data, 0, 6);
        data[1] = 7;
        data[4] = (char)((length - 6) >> 8);
        data[5] = (char)(length - 6);
    }
}

static void there(const mode *m, int32_t from, int32_t to, char *data, char *got, int length)
{
    int have = 0, came;

    message_of(data, length, m);
    CHECK_CODE(WDSocketWrite(from, data, length), length);
    do {
        came = WDSocketRead(to, got + have, 1 << 20, 20000);
        if (!CHECK_GE(came, 0))
            return;
        have += came;
    } while (m->mode == WDS_MODE_RAW && have < length);
    CHECK_BYTES(got, have, data, length);
}

TEST(every_transmission_mode)
{
    static const int sizes[] = {0, 1, 17, 4095, 4096, 16383, 16384, 16385, 60000};
    char *data = (char *)malloc(1 << 20), *got = (char *)malloc(2 << 20);
    unsigned i, k, version;
    h_pair pair;

    for (version = 0; version < 2; version++) {
        REQUIRE(tls_pair_open(&pair, version ? WDS_SSL_TLS12 : WDS_SSL_TLS13, 0));
        for (i = 0; i < sizeof modes / sizeof *modes; i++) {
            const mode *m = &modes[i];

            in_mode(pair.client, m);
            in_mode(pair.channel, m);
            for (k = 0; k < sizeof sizes / sizeof *sizes; k++) {
                int length = m->fixed ? m->fixed : sizes[k];

                if (length == 0 && (m->mode == WDS_MODE_RAW || m->mode == WDS_MODE_GAP))
                    continue;
                if (length > 4096 && m->mode == WDS_MODE_GAP)
                    continue; /* a pause of the machine would be the end of one */
                there(m, pair.client, pair.channel, data, got, length);
                there(m, pair.channel, pair.client, data, got, length);
            }
        }
        h_pair_close(&pair);
    }
    free(data);
    free(got);
}

static int32_t echo(void *argument)
{
    int32_t socket = (int32_t)(intptr_t)argument, length;
    const void *data;
    void *token;

    while ((length = WDSocketReadMessage(socket, 20000, &data, &length, &token)) >= 0) {
        if (WDSocketWrite(socket, data, length) != length)
            return 1;
        CHECK_OK(WDSocketMessageFree(token));
    }
    return length;
}

TEST(full_duplex_and_large_messages)
{
    int length = 8 << 20, i;
    char *data = (char *)malloc((size_t)length), *got = (char *)malloc((size_t)length);
    h_pair pair;
    h_thread *thread;

    REQUIRE(tls_pair_open(&pair, 0, 0));
    thread = h_start(echo, (void *)(intptr_t)pair.channel);
    for (i = 0; i < 3; i++) {
        h_pattern(data, length, (uint32_t)i);
        CHECK_CODE(WDSocketWrite(pair.client, data, length), length);
        CHECK_CODE(WDSocketRead(pair.client, got, length, 60000), length);
        CHECK(h_pattern_ok(got, length, (uint32_t)i));
        CHECK_CODE(WDSocketExchange(pair.client, "question", 8, got, length, 20000), 8);
    }
    CHECK_OK(WDSocketClose(pair.client));
    CHECK_CODE(h_join(thread), WDS_E_PEER_CLOSED);
    CHECK_OK(WDSocketClose(pair.channel));
    CHECK_OK(WDSocketClose(pair.server));
    free(data);
    free(got);
}

TEST(times_and_buffers)
{
    h_pair pair;
    char got[64];
    int32_t lengths[4];
    int64_t start;

    REQUIRE(tls_pair_open(&pair, 0, 0));
    start = h_now_us();
    CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 0), WDS_E_TIMEOUT);
    CHECK_PROMPT(start);
    start = h_now_us();
    CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 200), WDS_E_TIMEOUT);
    CHECK_TIME(start, 200);
    CHECK_CODE(WDSocketWrite(pair.channel, "0123456789", 10), 10); /* a time-out leaves it alive */
    CHECK_CODE(WDSocketRead(pair.client, NULL, 0, 20000), 10);
    CHECK_CODE(WDSocketRead(pair.client, got, 5, 20000), WDS_E_BUFFER);
    CHECK_CODE(WDSocketWrite(pair.channel, "ab", 2), 2);
    WAIT_UNTIL(WDSocketAvailable(pair.client) == 12);
    CHECK_CODE(WDSocketReadMany(pair.client, got, (int32_t)sizeof got, lengths, 4, 20000), 2);
    CHECK_BYTES(got, 12, "0123456789ab", 12);
    CHECK_EQ(WDSocketState(pair.client), WDS_STATE_OPEN);
    h_pair_close(&pair);
}

TEST(a_peer_that_does_not_read)
{
    h_pair pair;
    char got[16];
    char *data = (char *)calloc(1, 16 << 20);
    int64_t start;

    REQUIRE(tls_pair_open(&pair, 0, 0));
    CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_WRITE_TIMEOUT, 300));
    start = h_now_us();
    CHECK_CODE(WDSocketWrite(pair.client, data, 16 << 20), WDS_E_TIMEOUT);
    CHECK_GE(h_now_us() - start, 300000);
    CHECK_EQ(WDSocketState(pair.client), WDS_STATE_BROKEN);
    CHECK_CODE(WDSocketWrite(pair.client, "x", 1), WDS_E_BROKEN);
    CHECK_CODE(WDSocketWrite(pair.channel, "reading goes on", 15), 15);
    CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), 15);
    h_pair_close(&pair);
    free(data);
}

/* ---- servers ---- */

TEST(simplified_server)
{
    int port;
    int32_t server, client, i;
    char got[16];

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    CHECK_EQ(WDSocketState(server), WDS_STATE_LISTENING);
    CHECK_EQ(h_option(server, WDS_OPT_KIND), WDS_KIND_SERVER_SSL);
    CHECK_CODE(WDSocketRead(server, got, (int32_t)sizeof got, 100), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketWrite(server, "x", 1), WDS_E_NO_CLIENT);
    CHECK_CODE(WDSocketSSLInfo(server, WDS_INFO_SSL_VERSION, 0, got, (int32_t)sizeof got), WDS_E_NO_REQUEST);
    for (i = 0; i < 3; i++) {
        client = tls_client(port, 0);
        CHECK(tls_talk(client, server));
        CHECK_TEXT(tls_info(server, WDS_INFO_SSL_VERSION, 0), "TLS 1.3");
        CHECK_EQ(h_option(client, WDS_OPT_KIND), WDS_KIND_CLIENT_SSL);
        if (i == 1) {
            CHECK_OK(WDSocketDeny(server));
            CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), WDS_E_RESET);
        }
        CHECK_OK(WDSocketClose(client));
        if (i != 1)
            CHECK_CODE(WDSocketRead(server, got, (int32_t)sizeof got, 20000), WDS_E_PEER_CLOSED);
    }
    CHECK_OK(WDSocketClose(server));
}

TEST(standard_server)
{
    int port, i;
    int32_t server, clients[8], channels[8], list[8];
    char own[64], peer[64];

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    CHECK_CODE(WDSocketWaitForConnection(server, 0), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketAccept(server, 100), WDS_E_TIMEOUT);
    for (i = 0; i < 8; i++) {
        clients[i] = tls_client(port, 0);
        CHECK_CODE(WDSocketWaitForConnection(server, 20000), 1);
        CHECK_TEXT(tls_info(server, WDS_INFO_SSL_VERSION, 0), "TLS 1.3"); /* of who asks */
        channels[i] = WDSocketAccept(server, 0);
        CHECK_GE(channels[i], 1);
        CHECK_EQ(h_option(channels[i], WDS_OPT_KIND), WDS_KIND_CLIENT_SSL);
        CHECK_EQ(h_option(channels[i], WDS_OPT_SERVER), server);
    }
    CHECK_CODE(WDSocketList(server, list, 8), 8);
    CHECK_OK(WDSocketClose(server)); /* the channels live on */
    for (i = 0; i < 8; i++) {
        CHECK(tls_talk(clients[i], channels[i]));
        WDSocketLocalInfo(clients[i], WDS_INFO_ENDPOINT, own, (int32_t)sizeof own);
        WDSocketClientInfo(channels[i], WDS_INFO_ENDPOINT, peer, (int32_t)sizeof peer);
        CHECK_TEXT(peer, own);
        CHECK_OK(WDSocketClose(clients[i]));
        CHECK_OK(WDSocketClose(channels[i]));
    }
}

TEST(deny_of_a_pending_request)
{
    int port;
    int32_t server, client, second;
    char got[16];

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    client = tls_client(port, 0);
    CHECK_CODE(WDSocketWaitForConnection(server, 20000), 1);
    CHECK_GE(WDSocketClientInfo(server, WDS_INFO_ENDPOINT, got, 0), WDS_E_BUFFER);
    CHECK_OK(WDSocketDeny(server));
    CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), WDS_E_RESET);
    CHECK_CODE(WDSocketDeny(server), WDS_E_NO_REQUEST);
    CHECK_EQ(h_number(server, WDS_NUM_REFUSED), 1);
    second = tls_client(port, 0);
    WAIT_UNTIL(h_number(server, WDS_NUM_PENDING) == 1); /* ready, and nobody waits for it */
    CHECK_OK(WDSocketClose(server)); /* refuses it */
    CHECK_CODE(WDSocketRead(second, got, (int32_t)sizeof got, 20000), WDS_E_RESET);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(second));
}

TEST(limits_of_clients)
{
    int port, i, refused = 0;
    int32_t server, clients[6], channels[6];
    char got[16];

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_MAX_CLIENTS, 2));
    for (i = 0; i < 6; i++) { /* those that wait to be accepted count */
        clients[i] = tls_client(port, 0);
        if (clients[i] < 0) { /* so soon */
            CHECK_CODE(clients[i], WDS_E_RESET);
            refused++;
        }
    }
    WAIT_UNTIL(h_number(server, WDS_NUM_PENDING) == 2 && h_number(server, WDS_NUM_REFUSED) == 4);
    for (i = 0; i < 6; i++)
        channels[i] = WDSocketAccept(server, i < 2 ? 20000 : 100);
    CHECK_GE(channels[0], 1);
    CHECK_GE(channels[1], 1);
    for (i = 2; i < 6; i++)
        CHECK_CODE(channels[i], WDS_E_TIMEOUT);
    CHECK_EQ(h_number(server, WDS_NUM_REFUSED), 4);
    CHECK_OK(WDSocketClose(channels[0]));
    CHECK_OK(WDSocketClose(channels[1]));
    for (i = 0; i < 6; i++)
        if (clients[i] > 0)
            refused += WDSocketRead(clients[i], got, (int32_t)sizeof got, 20000) == WDS_E_RESET;
    CHECK_EQ(refused, 4);
    for (i = 0; i < 6; i++)
        if (clients[i] > 0)
            CHECK_OK(WDSocketClose(clients[i]));
    CHECK_OK(WDSocketClose(server));
}

/* ---- what is known ---- */

static void same_as(const char *file, const char *got)
{
    char *text = cert_text(file);

    CHECK_TEXT(got, text);
    free(text);
}

TEST(ssl_info)
{
    int port;
    int32_t server, client, channel;
    char *pem = cert_text("good.crt"), *answer;

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_ALPN, "h2,http/1.1"));
    client = WDSocketNew(NULL);
    CHECK_OK(WDSocketSetText(client, WDS_TEXT_SSL_ALPN, "http/1.1,other"));
    CHECK_OK(WDSocketSetText(client, WDS_TEXT_SSL_GROUPS, "P-256"));
    CHECK_OK(WDSocketSetText(client, WDS_TEXT_SSL_SERVER_NAME, "localhost"));
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 20000));
    channel = WDSocketAccept(server, 20000);
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_VERSION, 0), "TLS 1.3");
    CHECK_HAS(tls_info(client, WDS_INFO_SSL_CIPHER, 0), "TLS_");
    CHECK_TEXT(tls_info(channel, WDS_INFO_SSL_CIPHER, 0), tls_info(client, WDS_INFO_SSL_CIPHER, 0));
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_ALPN, 0), "http/1.1");
    CHECK_TEXT(tls_info(channel, WDS_INFO_SSL_ALPN, 0), "http/1.1");
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_RESUMED, 0), "0");
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_GROUP, 0), "P-256");
    CHECK_TEXT(tls_info(channel, WDS_INFO_SSL_GROUP, 0), "P-256");
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_SERVER_NAME, 0), "localhost");
    CHECK_TEXT(tls_info(channel, WDS_INFO_SSL_SERVER_NAME, 0), "localhost");
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_VERIFY, 0), "");
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_COUNT, 99), "1"); /* the index does not matter */
    CHECK_HAS(tls_info(client, WDS_INFO_SSL_SUBJECT, 0), "CN=good");
    CHECK_HAS(tls_info(client, WDS_INFO_SSL_SUBJECT, 0), "O=wdsocket tests");
    CHECK_HAS(tls_info(client, WDS_INFO_SSL_ISSUER, 0), "CN=root");
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_NAMES, 0), "localhost,127.0.0.1,::1");
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_FROM, 0), "2024-01-01T00:00:00Z");
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_UNTIL, 0), "2044-01-01T00:00:00Z");
    same_as("good.sha1", tls_info(client, WDS_INFO_SSL_SHA1, 0));
    same_as("good.sha256", tls_info(client, WDS_INFO_SSL_SHA256, 0));
    same_as("good.pin", tls_info(client, WDS_INFO_SSL_PIN, 0));
    same_as("good.serial", tls_info(client, WDS_INFO_SSL_SERIAL, 0));
    answer = (char *)tls_info(client, WDS_INFO_SSL_PEM, 0);
    CHECK_TEXT(answer, pem);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
    free(pem);
}

TEST(the_chain)
{
    int port;
    int32_t server, client;

    tls_trust();
    server = tls_server("chain.pem", 0, &port);
    client = tls_client(port, WDS_SSL_TLS12);
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_VERSION, 0), "TLS 1.2");
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_COUNT, 0), "2");
    CHECK_HAS(tls_info(client, WDS_INFO_SSL_SUBJECT, 0), "CN=below");
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_ISSUER, 0), tls_info(client, WDS_INFO_SSL_SUBJECT, 1));
    CHECK_CODE(WDSocketSSLInfo(client, WDS_INFO_SSL_SUBJECT, 2, NULL, 0), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

/* ---- bits and options ---- */

TEST(accept_any)
{
    static const char *const files[] = {"self-signed.pem", "unknown.pem", "wrong-host.pem", "below.pem"};
    static const char *const words[] = {"self-signed", "other-root", "elsewhere.example", "middle"};
    int port, i;
    int32_t server, client;

    tls_trust();
    for (i = 0; i < 4; i++) {
        server = tls_server(files[i], 0, &port);
        client = tls_client(port, WDS_SSL_ACCEPT_ANY);
        REQUIRE(CHECK_GE(client, 1));
        CHECK_HAS(tls_info(client, WDS_INFO_SSL_VERIFY, 0), words[i]); /* accepted, and yet told */
        CHECK_OK(WDSocketClose(client));
        CHECK_OK(WDSocketClose(server));
    }
}

static int32_t with_text(int port, int32_t bits, int32_t option, const char *text)
{
    int32_t client = WDSocketNew(NULL), result;

    CHECK_OK(WDSocketSetOption(client, WDS_OPT_SSL_OPTIONS, bits | WDS_SSL_ONLY_AUTHORITIES));
    CHECK_OK(WDSocketSetText(client, option, text));
    result = WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 20000);
    CHECK_OK(WDSocketClose(client));
    return result;
}

TEST(pins)
{
    int port;
    int32_t server;
    char *right = cert_text("good.pin"), *wrong = cert_text("renewed.pin"), list[256];

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    CHECK_OK(with_text(port, 0, WDS_TEXT_SSL_PINS, right));
    CHECK_CODE(with_text(port, 0, WDS_TEXT_SSL_PINS, wrong), WDS_E_TLS_PIN);
    snprintf(list, sizeof list, "%s, %s", wrong, right);
    CHECK_OK(with_text(port, 0, WDS_TEXT_SSL_PINS, list));
    CHECK_OK(with_text(port, WDS_SSL_ACCEPT_ANY, WDS_TEXT_SSL_PINS, right));
    CHECK_CODE(with_text(port, WDS_SSL_ACCEPT_ANY, WDS_TEXT_SSL_PINS, wrong), WDS_E_TLS_PIN);
    CHECK_CODE(WDSocketSetText(0, WDS_TEXT_SSL_PINS, "not a pin"), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketClose(server));
    free(right);
    free(wrong);
}

TEST(alpn_without_anything_in_common)
{
    int port;
    int32_t server;

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_ALPN, "h2"));
    CHECK_CODE(with_text(port, WDS_SSL_TLS12, WDS_TEXT_SSL_ALPN, "imap"), WDS_E_TLS_HANDSHAKE);
    CHECK_CODE(with_text(port, WDS_SSL_TLS13, WDS_TEXT_SSL_ALPN, "imap"), WDS_E_TLS_HANDSHAKE);
    CHECK_OK(with_text(port, 0, WDS_TEXT_SSL_ALPN, "imap,h2"));
    CHECK_OK(with_text(port, 0, WDS_TEXT_SSL_ALPN, "")); /* one that does not ask is let in */
    CHECK_OK(WDSocketClose(server));
}

TEST(suites_and_groups)
{
    int port;
    int32_t server;

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_SUITES, "ECDHE-ECDSA-AES256-GCM-SHA384"));
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_GROUPS, "P-384"));
    CHECK_OK(with_text(port, WDS_SSL_TLS12, WDS_TEXT_SSL_SUITES, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"));
    CHECK_CODE(with_text(port, WDS_SSL_TLS12, WDS_TEXT_SSL_SUITES, "ECDHE-ECDSA-AES128-GCM-SHA256"), WDS_E_TLS_HANDSHAKE);
    CHECK_CODE(with_text(port, 0, WDS_TEXT_SSL_GROUPS, "X25519"), WDS_E_TLS_HANDSHAKE);
    CHECK_OK(with_text(port, 0, WDS_TEXT_SSL_GROUPS, "X25519,P-384"));
    CHECK_CODE(WDSocketSetText(server, WDS_TEXT_SSL_SUITES, "TLS_AES_128_GCM_SHA256"), WDS_E_UNSUPPORTED);
    CHECK_EQ(WDSocketSetText(server, WDS_TEXT_SSL_SUITES, "nonsense") < 0, 1);
    CHECK_EQ(WDSocketSetText(server, WDS_TEXT_SSL_GROUPS, "nonsense") < 0, 1);
    CHECK_OK(WDSocketClose(server));
}

/* The subject that a client of a name is shown. */
static const char *shown(int port, const char *name, int32_t *result)
{
    int32_t client = WDSocketNew(NULL);
    const char *text = "";

    CHECK_OK(WDSocketSetText(client, WDS_TEXT_SSL_SERVER_NAME, name));
    *result = WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 20000);
    if (*result == WDS_OK)
        text = tls_info(client, WDS_INFO_SSL_SUBJECT, 0);
    CHECK_OK(WDSocketClose(client));
    return text;
}

TEST(several_certificates_by_name)
{
    int port;
    int32_t server, result;
    char text[512];

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_ADD_CERTIFICATE, cert("one.pem")));
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_ADD_CERTIFICATE, cert("two.pem")));
    CHECK_CODE(WDSocketSetText(server, WDS_TEXT_SSL_ADD_CERTIFICATE, cert("expired.pem")), WDS_E_TLS_EXPIRED);
    CHECK_CODE(WDSocketGetText(server, WDS_TEXT_SSL_ADD_CERTIFICATE, NULL, 0), WDS_E_ARGUMENT); /* set only */
    CHECK_HAS(shown(port, "one.example", &result), "CN=one");
    CHECK_HAS(shown(port, "two.example", &result), "CN=two");
    CHECK_HAS(shown(port, "localhost", &result), "CN=good");
    CHECK_HAS(shown(port, "127.0.0.1", &result), "CN=good");
    shown(port, "three.example", &result);
    CHECK_CODE(result, WDS_E_TLS_WRONG_HOST);
    CHECK(WDSocketErrorInfo(0, WDS_INFO_MESSAGE, text, (int32_t)sizeof text) > 0);
    CHECK_HAS(text, "not made for three.example, the name that this server must have: its names are ");
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_CERTIFICATE, cert("renewed.pem"))); /* the others stay */
    CHECK_HAS(shown(port, "localhost", &result), "CN=renewed");
    CHECK_HAS(shown(port, "two.example", &result), "CN=two");
    CHECK_OK(WDSocketClose(server));
}

/* A connection with a message to the client, which brings the ticket too. */
static const char *resumed(int32_t server, int port, int32_t bits)
{
    int32_t client = tls_client(port, bits), channel = WDSocketAccept(server, 20000);
    const char *answer;
    char got[16];

    CHECK_CODE(WDSocketWrite(channel, "hello", 5), 5);
    CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), 5);
    answer = tls_info(client, WDS_INFO_SSL_RESUMED, 0);
    CHECK_TEXT(tls_info(channel, WDS_INFO_SSL_RESUMED, 0), answer);
    CHECK_HAS(tls_info(client, WDS_INFO_SSL_SUBJECT, 0), "CN="); /* known all the same */
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
    return answer;
}

TEST(resumption)
{
    static const int32_t bits[] = {WDS_SSL_TLS12, WDS_SSL_TLS13};
    int port, i;
    int32_t server;

    tls_trust();
    for (i = 0; i < 2; i++) {
        server = tls_server("good.pem", 0, &port);
        CHECK_TEXT(resumed(server, port, bits[i]), "0");
        CHECK_TEXT(resumed(server, port, bits[i]), "1");
        CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_CERTIFICATE, cert("renewed.pem")));
        CHECK_TEXT(resumed(server, port, bits[i]), "1"); /* a renewal costs no full handshake */
        CHECK_TEXT(resumed(server, port, bits[i] | WDS_SSL_NO_RESUMPTION), "0");
        CHECK_OK(WDSocketSetOption(server, WDS_OPT_SSL_OPTIONS, WDS_SSL_NO_RESUMPTION | WDS_SSL_ONLY_AUTHORITIES));
        CHECK_TEXT(resumed(server, port, bits[i]), "0");
        CHECK_OK(WDSocketClose(server));
    }
}

TEST(authorities)
{
    int port;
    int32_t server, client;
    char *text = cert_text("root.crt");

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_AUTHORITIES, "")); /* none but the system's */
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_SSL_OPTIONS, 0));
    CHECK_CODE(WDSocketConnectSSL(NULL, port, "127.0.0.1", 0, 20000, NULL, NULL), WDS_E_TLS_UNKNOWN_AUTHORITY);
    CHECK_CODE(WDSocketConnectSSL(NULL, port, "127.0.0.1", WDS_SSL_ONLY_AUTHORITIES, 20000, NULL, NULL), WDS_E_TLS_UNKNOWN_AUTHORITY);
    CHECK_OK(with_text(port, 0, WDS_TEXT_SSL_AUTHORITIES, cert("root.crt")));
    CHECK_OK(with_text(port, 0, WDS_TEXT_SSL_AUTHORITIES, cert("root.der")));
    CHECK_OK(with_text(port, 0, WDS_TEXT_SSL_AUTHORITIES, text));
    CHECK_CODE(with_text(port, 0, WDS_TEXT_SSL_AUTHORITIES, cert("other-root.crt")), WDS_E_TLS_UNKNOWN_AUTHORITY);
    CHECK_OK(with_text(port, 0, WDS_TEXT_SSL_AUTHORITIES, cert("good.crt"))); /* or that very certificate */
    client = WDSocketNew(NULL);
    CHECK_OK(WDSocketSetBytes(client, WDS_TEXT_SSL_AUTHORITIES, text, (int32_t)strlen(text)));
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 20000)); /* beside the system's */
    CHECK_CODE(WDSocketSetText(client, WDS_TEXT_SSL_AUTHORITIES, cert("nowhere.crt")), WDS_E_TLS_CERTIFICATE_FILE);
    CHECK_CODE(WDSocketSetText(client, WDS_TEXT_SSL_AUTHORITIES, cert("garbage.pem")), WDS_E_TLS_CERTIFICATE_FILE);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
    free(text);
}

TEST(options_as_defaults_and_between_new_and_open)
{
    int32_t server, client, fresh;
    char got[1024];

    tls_trust();
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_CERTIFICATE, cert("good.pem")));
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_ALPN, "h2"));
    server = WDSocketCreateSSL(NULL, 0, NULL, 0, "127.0.0.1", NULL); /* all of it from the defaults */
    REQUIRE(CHECK_GE(server, 1));
    CHECK_GE(WDSocketGetText(server, WDS_TEXT_SSL_CERTIFICATE, got, (int32_t)sizeof got), 1);
    CHECK_TEXT(got, cert("good.pem"));
    CHECK_EQ(h_option(server, WDS_OPT_SSL_OPTIONS), WDS_SSL_ONLY_AUTHORITIES);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_CERTIFICATE, ""));
    CHECK_CODE(WDSocketCreateSSL(NULL, 0, NULL, 0, "127.0.0.1", NULL), WDS_E_TLS_CERTIFICATE_FILE);

    client = WDSocketNew("mine");
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_SSL_OPTIONS, WDS_SSL_TLS12 | WDS_SSL_ONLY_AUTHORITIES));
    CHECK_CODE(WDSocketConnectSSL("mine", h_port(server), "127.0.0.1", 0, 20000, NULL, NULL), client); /* 0 keeps what was set */
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_VERSION, 0), "TLS 1.2");
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_ALPN, 0), "h2"); /* a default of the moment it was made */
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_ALPN, ""));
    fresh = WDSocketNew(NULL);
    CHECK_CODE(WDSocketGetText(fresh, WDS_TEXT_SSL_ALPN, got, (int32_t)sizeof got), 0);
    CHECK_CODE(WDSocketGetText(fresh, WDS_TEXT_SSL_PASSWORD, got, (int32_t)sizeof got), WDS_E_ARGUMENT);
    CHECK_EQ(h_option(fresh, WDS_OPT_SSL_HANDSHAKE_TIMEOUT), 10000);
    CHECK_EQ(h_option(fresh, WDS_OPT_SSL_PENDING), 4096);
    CHECK_OK(WDSocketSetText(fresh, WDS_TEXT_SSL_PASSWORD, "secret"));
    CHECK_OK(WDSocketSetText(fresh, WDS_TEXT_SSL_CERTIFICATE, cert("modern.pfx")));
    CHECK_OK(WDSocketOpen(fresh, WDS_KIND_SERVER_SSL, 0, "127.0.0.1", 0));
    CHECK_OK(tls_try(h_port(fresh), 0));
    CHECK_OK(WDSocketClose(fresh));
    CHECK_OK(WDSocketClose(server));
}

TEST(this_machine_without_an_address)
{
    int port;
    int32_t server, client;

    tls_trust();
    server = WDSocketCreateSSL(NULL, 0, cert("good.pem"), 0, NULL, NULL);
    REQUIRE(CHECK_GE(server, 1));
    port = h_port(server);
    client = WDSocketConnectSSL(NULL, port, NULL, 0, 20000, NULL, NULL);
    CHECK_GE(client, 1);
    CHECK_TEXT(tls_info(client, WDS_INFO_SSL_SERVER_NAME, 0), "localhost");
    CHECK_OK(WDSocketClose(client));
    client = WDSocketConnectSSL(NULL, port, "localhost", 0, 20000, NULL, NULL);
    CHECK_GE(client, 1);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

TEST(days_left)
{
    int32_t socket = WDSocketNew(NULL), days = 0;

    CHECK_CODE(WDSocketGetOption(socket, WDS_OPT_SSL_DAYS_LEFT, &days), WDS_E_TLS_NOT_SECURED);
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_SSL_CERTIFICATE, cert("soon.pem")));
    CHECK_OK(WDSocketGetOption(socket, WDS_OPT_SSL_DAYS_LEFT, &days));
    CHECK(days == 6 || days == 7);
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_SSL_CERTIFICATE, cert("good.pem")));
    CHECK_OK(WDSocketGetOption(socket, WDS_OPT_SSL_DAYS_LEFT, &days));
    CHECK_GE(days, 100);
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_SSL_ADD_CERTIFICATE, cert("soon.pem"))); /* the first that ends counts */
    CHECK_OK(WDSocketGetOption(socket, WDS_OPT_SSL_DAYS_LEFT, &days));
    CHECK(days == 6 || days == 7);
    CHECK_CODE(WDSocketSetOption(socket, WDS_OPT_SSL_DAYS_LEFT, 1), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketClose(socket));
}

TEST(a_key_log)
{
    char *path = h_temp_path("tls-keys.log"), *text;
    h_pair pair;

    h_remove(path);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_KEY_LOG, path));
    if (tls_pair_open(&pair, 0, 0))
        CHECK(tls_talk(pair.client, pair.channel));
    h_pair_close(&pair);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_KEY_LOG, ""));
    text = h_read_file(path);
    REQUIRE(CHECK(text != NULL));
    CHECK_HAS(text, "CLIENT_TRAFFIC_SECRET_0 ");
    free(text);
    h_remove(path);
    free(path);
}

/* ---- arguments ---- */

static int32_t connect_with(int32_t port, int32_t bits, int32_t ms)
{
    return WDSocketConnectSSL(NULL, port, "127.0.0.1", bits, ms, NULL, NULL);
}

TEST(bad_arguments_of_connect)
{
    int32_t before = (int32_t)h_number(0, WDS_NUM_SOCKETS), plain;

    tls_trust();
    CHECK_CODE(connect_with(0, 0, 1000), WDS_E_ARGUMENT);
    CHECK_CODE(connect_with(-1, 0, 1000), WDS_E_ARGUMENT);
    CHECK_CODE(connect_with(65536, 0, 1000), WDS_E_ARGUMENT);
    CHECK_CODE(connect_with(9, 0, -2), WDS_E_ARGUMENT);
    CHECK_CODE(connect_with(9, 0, INT_MIN), WDS_E_ARGUMENT);
    CHECK_CODE(connect_with(9, 1 << 20, 1000), WDS_E_ARGUMENT);
    CHECK_CODE(connect_with(9, -1, 1000), WDS_E_ARGUMENT);
    CHECK_CODE(connect_with(9, INT_MIN, 1000), WDS_E_ARGUMENT);
    CHECK_CODE(connect_with(9, WDS_SSL_V2, 1000), WDS_E_UNSUPPORTED);
    CHECK_CODE(connect_with(9, WDS_SSL_V3 | WDS_SSL_TLS12, 1000), WDS_E_UNSUPPORTED);
    CHECK_CODE(connect_with(9, WDS_SSL_TLS10 | WDS_SSL_TLS12, 1000), WDS_E_UNSUPPORTED); /* a gap */
    CHECK_CODE(WDSocketConnectSSL("#1", 9, "127.0.0.1", 0, 1000, NULL, NULL), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketConnectSSL(NULL, 9, "http://x", 0, 1000, NULL, NULL), WDS_E_UNSUPPORTED);
    CHECK_CODE(connect_with(1, 0, 5000), WDS_E_REFUSED);
    plain = WDSocketCreate("taken", 0, "127.0.0.1");
    CHECK_CODE(WDSocketConnectSSL("taken", 9, "127.0.0.1", 0, 1000, NULL, NULL), WDS_E_NAME_TAKEN);
    CHECK_OK(WDSocketClose(plain));
    CHECK_EQ(h_number(0, WDS_NUM_SOCKETS), before); /* a failure leaves no socket */
}

TEST(bad_arguments_of_create)
{
    int32_t before = (int32_t)h_number(0, WDS_NUM_SOCKETS), server;
    int port;

    tls_trust();
    CHECK_CODE(WDSocketCreateSSL(NULL, -1, cert("good.pem"), 0, "127.0.0.1", NULL), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketCreateSSL(NULL, 65536, cert("good.pem"), 0, "127.0.0.1", NULL), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketCreateSSL(NULL, 0, cert("good.pem"), 1 << 20, "127.0.0.1", NULL), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketCreateSSL(NULL, 0, cert("good.pem"), WDS_SSL_V2, "127.0.0.1", NULL), WDS_E_UNSUPPORTED);
    CHECK_CODE(WDSocketCreateSSL(NULL, 0, cert("good.pem"), 0, "192.0.2.77", NULL), WDS_E_LOCAL_ADDRESS);
    CHECK_CODE(WDSocketCreateSSL("#1", 0, cert("good.pem"), 0, "127.0.0.1", NULL), WDS_E_ARGUMENT);
    server = tls_server("good.pem", 0, &port);
    CHECK_CODE(WDSocketCreateSSL(NULL, port, cert("good.pem"), 0, "127.0.0.1", NULL), WDS_E_PORT_TAKEN);
    CHECK_OK(WDSocketClose(server));
    server = WDSocketCreateSSL(NULL, port, cert("good.pem"), 0, "127.0.0.1", NULL); /* right after */
    CHECK_GE(server, 1);
    CHECK_CODE(WDSocketSetText(server, WDS_TEXT_SSL_CERTIFICATE, ""), WDS_E_TLS_CERTIFICATE_FILE); /* it needs one */
    CHECK_OK(tls_try(port, 0));
    CHECK_OK(WDSocketClose(server));
    CHECK_EQ(h_number(0, WDS_NUM_SOCKETS), before);
}

TEST(bad_arguments_of_start_stop_and_info)
{
    static const int32_t wild[] = {0, -1, INT_MAX, INT_MIN, 1};
    int32_t closed = WDSocketNew(NULL), udp = WDSocketCreateUDP(NULL, 0, "127.0.0.1"), fresh = WDSocketNew(NULL);
    h_pair pair;
    char text[8];
    int i;

    CHECK_OK(WDSocketClose(closed));
    for (i = 0; i < 6; i++) {
        int32_t handle = i < 5 ? wild[i] : closed;

        CHECK_CODE(WDSocketStartSSL(handle, WDS_ROLE_CLIENT, 0, NULL, NULL, 100), WDS_E_HANDLE);
        CHECK_CODE(WDSocketStopSSL(handle, 100), WDS_E_HANDLE);
        CHECK_CODE(WDSocketSSLInfo(handle, WDS_INFO_SSL_VERSION, 0, text, 8), WDS_E_HANDLE);
    }
    CHECK_CODE(WDSocketStartSSL(udp, WDS_ROLE_CLIENT, 0, NULL, NULL, 100), WDS_E_KIND);
    CHECK_CODE(WDSocketStopSSL(udp, 100), WDS_E_KIND);
    CHECK_CODE(WDSocketSSLInfo(udp, WDS_INFO_SSL_VERSION, 0, text, 8), WDS_E_KIND);
    CHECK_CODE(WDSocketStartSSL(fresh, WDS_ROLE_CLIENT, 0, NULL, NULL, 100), WDS_E_NOT_CONNECTED);
    CHECK_CODE(WDSocketStopSSL(fresh, 100), WDS_E_NOT_CONNECTED);
    CHECK_CODE(WDSocketSSLInfo(fresh, WDS_INFO_SSL_VERSION, 0, text, 8), WDS_E_NOT_CONNECTED);
    CHECK_OK(WDSocketClose(udp));
    CHECK_OK(WDSocketClose(fresh));

    REQUIRE(h_pair_open(&pair));
    CHECK_CODE(WDSocketStartSSL(pair.server, WDS_ROLE_SERVER, 0, cert("good.pem"), NULL, 100), WDS_E_STANDARD_SERVER);
    CHECK_CODE(WDSocketStopSSL(pair.server, 100), WDS_E_STANDARD_SERVER);
    CHECK_CODE(WDSocketSSLInfo(pair.server, WDS_INFO_SSL_VERSION, 0, text, 8), WDS_E_NO_REQUEST);
    CHECK_CODE(WDSocketStopSSL(pair.client, 100), WDS_E_TLS_NOT_SECURED);
    CHECK_CODE(WDSocketSSLInfo(pair.client, WDS_INFO_SSL_VERSION, 0, text, 8), WDS_E_TLS_NOT_SECURED);
    for (i = -1; i < 4; i += i ? 4 : 1) {
        if (i != 1 && i != 2)
            CHECK_CODE(WDSocketStartSSL(pair.client, i, 0, NULL, NULL, 100), WDS_E_ARGUMENT);
    }
    CHECK_CODE(WDSocketStartSSL(pair.client, INT_MAX, 0, NULL, NULL, 100), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketStartSSL(pair.client, WDS_ROLE_CLIENT, 0, NULL, NULL, -2), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketStartSSL(pair.client, WDS_ROLE_CLIENT, 1 << 20, NULL, NULL, 100), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketStopSSL(pair.client, -2), WDS_E_ARGUMENT);
    CHECK(tls_talk(pair.client, pair.channel)); /* none of it did harm */
    h_pair_close(&pair);
}

TEST(bad_arguments_of_info)
{
    static const int32_t wild[] = {0, 1, -1, 19, 28, 29, 40, INT_MAX, INT_MIN};
    h_pair pair;
    char text[8];
    int i;

    REQUIRE(tls_pair_open(&pair, 0, 0));
    for (i = 0; i < 9; i++)
        CHECK_CODE(WDSocketSSLInfo(pair.client, wild[i], 0, text, 8), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSSLInfo(pair.client, WDS_INFO_SSL_SUBJECT, -1, text, 8), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSSLInfo(pair.client, WDS_INFO_SSL_SUBJECT, 1, text, 8), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "wrong parameter index: there is no certificate 1: the peer sent 1");
    CHECK_CODE(WDSocketSSLInfo(pair.channel, WDS_INFO_SSL_SUBJECT, 0, text, 8), 0); /* a client without a certificate */
    CHECK_TEXT(text, "");
    CHECK_CODE(WDSocketSSLInfo(pair.channel, WDS_INFO_SSL_PEM, 1, text, 8), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSSLInfo(pair.client, WDS_INFO_PEER_UID, 0, text, 8), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "wrong parameter what: ");
    CHECK_CODE(WDSocketSSLInfo(pair.client, WDS_INFO_SSL_SUBJECT, INT_MAX, text, 8), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSSLInfo(pair.client, WDS_INFO_SSL_VERSION, 0, text, -1), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSSLInfo(pair.client, WDS_INFO_SSL_VERSION, 0, NULL, 0), 7);
    strcpy(text, "1234567");
    CHECK_CODE(WDSocketSSLInfo(pair.client, WDS_INFO_SSL_VERSION, 0, text, 6), WDS_E_BUFFER);
    CHECK_TEXT(text, "");
    CHECK_CODE(WDSocketSSLInfo(pair.client, WDS_INFO_SSL_VERSION, 0, text, 8), 7);
    CHECK_TEXT(text, "TLS 1.3");
    h_pair_close(&pair);
}

TEST(a_host_with_two_bytes_for_each_character)
{
    char wide[2048], *path;
    int32_t server;
    int i, length;

    tls_trust();
    path = (char *)cert("good.pem");
    length = (int)strlen(path);
    for (i = 0; i <= length; i++) {
        wide[2 * i] = path[i];
        wide[2 * i + 1] = 0;
    }
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_HOST_TEXT, WDS_HOST_TEXT_UTF16));
    server = WDSocketCreateSSL(NULL, 0, wide, 0, NULL, NULL);
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_HOST_TEXT, WDS_HOST_TEXT_UTF8));
    CHECK_GE(server, 1);
    CHECK_OK(WDSocketClose(server));
}
