/*
 * refused_writer_tls.c - a TLS 1.3 server that refuses the client's certificate says
 * so when the client takes the handshake for done. A client that writes then is
 * told that, in whatever way it writes, and not only that the connection was cut.
 */
#include "certificates.h"
#include "harness.h"

static int32_t server;
static int port;

static void open_server(void)
{
    tls_trust();
    server = tls_server("good.pem", WDS_SSL_REQUIRE_CLIENT | WDS_SSL_TLS13, &port);
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_CLOSE_TIMEOUT, 200)); /* how long what is refused is listened to */
}

/* A client that is connected, and will be refused. */
static int32_t refused_client(const char *certificate, int32_t option, int32_t value)
{
    int32_t client = WDSocketNew("refused");

    if (option)
        CHECK_OK(WDSocketSetOption(client, option, value));
    CHECK_EQ(WDSocketConnectSSL("refused", port, "127.0.0.1", WDS_SSL_TLS13 | WDS_SSL_ONLY_AUTHORITIES, 20000,
                                certificate ? cert(certificate) : NULL, NULL), client);
    return client;
}

static char large[1 << 20];

/* Writes until it fails; flushes too if asked to. */
static int32_t write_until_it_fails(int32_t client, int32_t length, int flush)
{
    int64_t begun = h_now_us();
    int32_t code;

    do {
        code = WDSocketWrite(client, large, length);
        if (code >= 0 && flush)
            code = WDSocketFlush(client, 20000);
        if (code >= 0)
            h_sleep(1);
    } while (code >= 0 && !h_overdue(begun, H_PATIENCE));
    return code;
}

#define ROUNDS h_rounds(6) /* each takes as long as what is refused is listened to */

static void expect_refused_write(int32_t option, int32_t value, int32_t length, int flush)
{
    int32_t client;
    int i;

    open_server();
    for (i = 0; i < ROUNDS; i++) {
        client = refused_client(NULL, option, value);
        CHECK_CODE(write_until_it_fails(client, length, flush), WDS_E_TLS_NO_CLIENT_CERTIFICATE);
        CHECK_CODE(WDSocketWrite(client, "again", 5), WDS_E_TLS_NO_CLIENT_CERTIFICATE);
        CHECK_CODE(WDSocketRead(client, large, 64, 20000), WDS_E_TLS_NO_CLIENT_CERTIFICATE); /* as the read says */
        CHECK_CODE(WDSocketErrorCode(client, WDS_INFO_CODE), WDS_E_TLS_NO_CLIENT_CERTIFICATE);
        CHECK_OK(WDSocketClose(client));
    }
    client = refused_client("bad-client.pem", option, value);
    CHECK_CODE(write_until_it_fails(client, length, flush), WDS_E_TLS_BAD_CLIENT_CERTIFICATE);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

TEST(a_write_tells_that_the_certificate_is_refused) { expect_refused_write(0, 0, 100, 0); }
TEST(so_does_a_long_one) { expect_refused_write(0, 0, (int32_t)sizeof large, 0); }
TEST(and_one_behind_a_flush) { expect_refused_write(0, 0, 100, 1); }
TEST(collected_writes_tell_it) { expect_refused_write(WDS_OPT_COALESCE, 5, 100, 0); }
TEST(flushing_collected_writes_tells_it) { expect_refused_write(WDS_OPT_COALESCE, 1000, 100, 1); }
TEST(writes_to_a_send_queue_tell_it) { expect_refused_write(WDS_OPT_SEND_QUEUE, 64 << 20, 1000, 0); }
TEST(flushing_a_send_queue_tells_it) { expect_refused_write(WDS_OPT_SEND_QUEUE, 64 << 20, 1000, 1); }

TEST(an_exchange_tells_it)
{
    int32_t client, code;
    char reply[64];
    int i;

    open_server();
    for (i = 0; i < ROUNDS; i++) {
        client = refused_client(NULL, WDS_OPT_EXCHANGE_LATE, 1);
        do
            code = WDSocketExchange(client, "question", 8, reply, (int32_t)sizeof reply, i % 3);
        while (code == WDS_E_TIMEOUT || code == WDS_E_BUFFER);
        CHECK_CODE(code, WDS_E_TLS_NO_CLIENT_CERTIFICATE);
        CHECK_CODE(WDSocketExchange(client, "question", 8, reply, (int32_t)sizeof reply, 0), WDS_E_TLS_NO_CLIENT_CERTIFICATE);
        CHECK_OK(WDSocketClose(client));
    }
    CHECK_OK(WDSocketClose(server));
}

TEST(ending_the_sending_side_tells_it)
{
    int32_t client, code;
    int i;

    open_server();
    for (i = 0; i < ROUNDS; i++) {
        client = refused_client(NULL, 0, 0);
        CHECK_CODE(write_until_it_fails(client, 100, 0), WDS_E_TLS_NO_CLIENT_CERTIFICATE);
        code = WDSocketCloseEx(client, WDS_CLOSE_WRITE, 20000);
        if (code < 0)
            CHECK_CODE(code, WDS_E_TLS_NO_CLIENT_CERTIFICATE);
        CHECK_OK(WDSocketClose(client));
    }
    CHECK_OK(WDSocketClose(server));
}

static int32_t read_once(void *argument)
{
    char got[16];

    return WDSocketRead(*(int32_t *)argument, got, (int32_t)sizeof got, 20000);
}

TEST(a_write_beside_a_reader_tells_it)
{
    int32_t client;
    h_thread *reader;
    int i;

    open_server();
    for (i = 0; i < ROUNDS; i++) {
        client = refused_client(NULL, 0, 0);
        reader = h_start(read_once, &client);
        CHECK_CODE(write_until_it_fails(client, 100, 0), WDS_E_TLS_NO_CLIENT_CERTIFICATE);
        CHECK_CODE(h_join(reader), WDS_E_TLS_NO_CLIENT_CERTIFICATE);
        CHECK_OK(WDSocketClose(client));
    }
    CHECK_OK(WDSocketClose(server));
}

TEST(a_write_of_a_socket_in_a_queue_tells_it)
{
    int32_t client, queue = WDSocketNewQueue();
    h_event event;
    int i;

    open_server();
    for (i = 0; i < ROUNDS; i++) {
        client = refused_client(NULL, 0, 0);
        CHECK_OK(WDSocketAttach(queue, client, 0));
        CHECK_CODE(write_until_it_fails(client, 100, 0), WDS_E_TLS_NO_CLIENT_CERTIFICATE);
        event = h_next_event(queue, H_PATIENCE); /* which the queue tells all the same, once */
        CHECK(h_is_event(event, client, WDS_EVENT_RESET));
        CHECK_EQ(event.code, WDS_E_TLS_NO_CLIENT_CERTIFICATE);
        CHECK_OK(WDSocketClose(client));
    }
    CHECK_OK(WDSocketClose(queue));
    CHECK_OK(WDSocketClose(server));
}

/* What came before the cut is kept: a write that looks for the reason takes nothing. */
TEST(messages_before_the_cut_stay_for_their_reader)
{
    int32_t client, channel, code;
    char got[64];
    int i;

    tls_trust();
    server = tls_server("good.pem", 0, &port);
    for (i = 0; i < ROUNDS; i++) {
        client = refused_client(NULL, 0, 0);
        channel = WDSocketAccept(server, 20000);
        REQUIRE(CHECK_GE(channel, 1));
        CHECK_CODE(WDSocketWrite(channel, "one", 3), 3);
        CHECK_CODE(WDSocketWrite(channel, "two", 3), 3);
        CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), 3); /* so both are on their way */
        CHECK_OK(WDSocketCloseEx(channel, WDS_CLOSE_ABORT, 0));
        code = write_until_it_fails(client, 100, 0);
        CHECK_CODE(code, WDS_E_RESET); /* there is no other reason */
        code = WDSocketRead(client, got, (int32_t)sizeof got, 20000);
        if (code != WDS_E_RESET && code != WDS_E_TLS_TRUNCATED) /* systems may throw it away */
            CHECK_BYTES(got, code, "two", 3);
        CHECK_OK(WDSocketClose(client));
    }
    CHECK_OK(WDSocketClose(server));
}
