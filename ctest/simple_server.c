/*
 * simple_server.c - one client at a time and no accept.
 */
#include "harness.h"

static int32_t server_on(int *port)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");

    CHECK_GE(server, 1);
    *port = h_port(server);
    return server;
}

static int32_t read_text(int32_t socket, char *got, int ms)
{
    return WDSocketRead(socket, got, 64, ms);
}

TEST(a_conversation)
{
    int port;
    int32_t server = server_on(&port), client;
    char got[64], expected[64];
    int64_t start = h_now_us();

    CHECK_EQ(WDSocketState(server), WDS_STATE_LISTENING);
    CHECK_CODE(read_text(server, got, 200), WDS_E_TIMEOUT);
    CHECK_TIME(start, 200);
    CHECK_CODE(WDSocketWrite(server, "x", 1), WDS_E_NO_CLIENT);
    CHECK_CODE(WDSocketAvailable(server), WDS_E_NO_CLIENT);
    CHECK_CODE(WDSocketClientInfo(server, WDS_INFO_ADDRESS, got, (int32_t)sizeof got), WDS_E_NO_REQUEST);
    CHECK_CODE(WDSocketDeny(server), WDS_E_NO_REQUEST);
    client = WDSocketConnect(NULL, port, "127.0.0.1", 5000);
    CHECK_CODE(WDSocketWrite(client, "question", 8), 8);
    CHECK_BYTES(got, read_text(server, got, 20000), "question", 8);
    CHECK_CODE(WDSocketWrite(server, "answer", 6), 6);
    CHECK_BYTES(got, read_text(client, got, 20000), "answer", 6);
    CHECK_GE(WDSocketClientInfo(server, WDS_INFO_ENDPOINT, got, (int32_t)sizeof got), 0);
    CHECK_GE(WDSocketLocalInfo(client, WDS_INFO_ENDPOINT, expected, (int32_t)sizeof expected), 0);
    CHECK_TEXT(got, expected);
    CHECK_OK(WDSocketClose(client));
    CHECK_CODE(read_text(server, got, 20000), WDS_E_PEER_CLOSED); /* told once */
    CHECK_CODE(read_text(server, got, 0), WDS_E_TIMEOUT);
    CHECK_EQ(WDSocketState(server), WDS_STATE_LISTENING);
    CHECK_CODE(WDSocketWrite(server, "x", 1), WDS_E_NO_CLIENT);
    CHECK_OK(WDSocketClose(server));
}

TEST(the_next_client_waits_in_the_backlog)
{
    int port;
    int32_t server = server_on(&port);
    h_sock one = h_connect("127.0.0.1", port), two = h_connect("127.0.0.1", port);
    char got[64];

    CHECK(h_send(two, "3\r\ntwo", 6)); /* the second speaks first, but its turn comes later */
    CHECK(h_send(one, "3\r\none", 6));
    CHECK_BYTES(got, read_text(server, got, 20000), "one", 3);
    CHECK_CODE(read_text(server, got, 100), WDS_E_TIMEOUT);
    h_close(one);
    CHECK_CODE(read_text(server, got, 20000), WDS_E_PEER_CLOSED);
    CHECK_BYTES(got, read_text(server, got, 20000), "two", 3);
    h_reset(two);
    CHECK_CODE(read_text(server, got, 20000), WDS_E_RESET);
    CHECK_CODE(read_text(server, got, 0), WDS_E_TIMEOUT);
    CHECK_OK(WDSocketClose(server));
}

TEST(the_time_without_a_client_is_no_silence)
{
    int port;
    int32_t server = server_on(&port);
    h_sock peer;
    char got[64];

    CHECK_OK(WDSocketSetOption(server, WDS_OPT_IDLE_LIMIT, 100));
    CHECK_CODE(read_text(server, got, 400), WDS_E_TIMEOUT);
    peer = h_connect("127.0.0.1", port);
    CHECK_CODE(read_text(server, got, 20000), WDS_E_SILENT);
    CHECK_CODE(read_text(server, got, 400), WDS_E_TIMEOUT);
    h_close(peer);
    CHECK_OK(WDSocketClose(server));
}

/* A client that sends a byte now and then, and never ends its message, until it is sent away. */
static int32_t drip(void *argument)
{
    h_sock s = *(h_sock *)argument;

    while (h_send(s, "x", 1))
        h_sleep(20);
    return 0;
}

static char english[] = "en", french[] = "fr";

static int32_t set_language(void *language)
{
    return WDSocketSetText(0, WDS_TEXT_LANGUAGE, language);
}

/* The last error says this in a language, which another thread sets: the record of this one stays. */
static void says(char *language, const char *what, const char *hint)
{
    char text[1024];

    CHECK_OK(h_join(h_start(set_language, language)));
    CHECK_GE(WDSocketErrorInfo(0, WDS_INFO_MESSAGE, text, (int32_t)sizeof text), 0);
    CHECK_HAS(text, what);
    CHECK_HAS(text, hint);
    CHECK_OK(h_join(h_start(set_language, english)));
}

TEST(a_client_that_drips_is_ended_and_the_next_one_is_served)
{
    int port;
    int32_t server = server_on(&port);
    h_sock one, two;
    h_thread *dripping;
    char got[64];

    CHECK_OK(WDSocketSetOption(server, WDS_OPT_IDLE_LIMIT, 10000));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_MESSAGE_LIMIT, 300));
    one = h_connect("127.0.0.1", port);
    two = h_connect("127.0.0.1", port);
    CHECK(h_send(one, "1000000\r\n", 9));
    CHECK(h_send(two, "3\r\ntwo", 6));
    dripping = h_start(drip, &one);
    CHECK_CODE(read_text(server, got, -1), WDS_E_SILENT);
    CHECK_EQ(WDSocketErrorScope(0, 0), WDS_SCOPE_CLIENT);
    says(english, "WDS_OPT_MESSAGE_LIMIT allows 300 ms", "the server goes on: the next read accepts the next client");
    says(french, "WDS_OPT_MESSAGE_LIMIT accorde 300 ms", "le serveur continue : la prochaine lecture accepte le client suivant");
    CHECK_OK(h_join(dripping));
    CHECK_BYTES(got, read_text(server, got, 20000), "two", 3);
    h_close(one);
    h_close(two);
    CHECK_OK(WDSocketClose(server));
}

TEST(a_silent_client_is_ended_and_the_next_one_is_served)
{
    int port;
    int32_t server = server_on(&port);
    h_sock one, two;
    char got[64];

    CHECK_OK(WDSocketSetOption(server, WDS_OPT_IDLE_LIMIT, 300));
    one = h_connect("127.0.0.1", port);
    two = h_connect("127.0.0.1", port);
    CHECK(h_send(one, "3\r\no", 4));
    CHECK(h_send(two, "3\r\ntwo", 6));
    CHECK_CODE(read_text(server, got, -1), WDS_E_SILENT);
    says(english, "for 300 ms after 4 bytes of a message that is not whole, and WDS_OPT_IDLE_LIMIT",
         "the server goes on: the next read accepts the next client");
    says(french, "pendant 300 ms après 4 octets d'un message incomplet, et WDS_OPT_IDLE_LIMIT",
         "le serveur continue : la prochaine lecture accepte le client suivant");
    CHECK_BYTES(got, read_text(server, got, 20000), "two", 3);
    CHECK_CODE(read_text(server, got, -1), WDS_E_SILENT);
    says(english, "nothing came from 127.0.0.1:", "for 300 ms, and WDS_OPT_IDLE_LIMIT allows no more");
    h_close(one);
    h_close(two);
    CHECK_OK(WDSocketClose(server));
}

TEST(a_framing_error_ends_that_client_only)
{
    int port;
    int32_t server = server_on(&port);
    h_sock one = h_connect("127.0.0.1", port), two;
    char got[64];

    CHECK(h_send(one, "garbage", 7));
    CHECK_CODE(read_text(server, got, 20000), WDS_E_FRAME);
    CHECK(h_recv_end(one, 20000) != 0); /* sent away */
    h_close(one);
    two = h_connect("127.0.0.1", port);
    CHECK(h_send(two, "2\r\nok", 5));
    CHECK_BYTES(got, read_text(server, got, 20000), "ok", 2);
    h_close(two);
    CHECK_OK(WDSocketClose(server));
}

TEST(deny_sends_the_client_away)
{
    int port;
    int32_t server = server_on(&port);
    h_sock one = h_connect("127.0.0.1", port), two = h_connect("127.0.0.1", port);
    char got[64];

    CHECK(h_send(one, "1\r\na", 4));
    CHECK_CODE(read_text(server, got, 20000), 1);
    CHECK_OK(WDSocketDeny(server));
    CHECK_EQ(h_recv_end(one, 20000), -1);
    h_close(one);
    CHECK_CODE(WDSocketWrite(server, "x", 1), WDS_E_NO_CLIENT);
    CHECK(h_send(two, "1\r\nb", 4));
    CHECK_BYTES(got, read_text(server, got, 20000), "b", 1);
    h_close(two);
    CHECK_OK(WDSocketClose(server));
}

TEST(modes_of_a_simple_server)
{
    int port;
    int32_t server = server_on(&port);
    h_sock peer = h_connect("127.0.0.1", port);
    char got[64];

    CHECK_OK(WDSocketChangeTransmissionMode(server, WDS_MODE_END_TAG, "\r\n", 2));
    CHECK(h_send(peer, "HELO\r\n", 6));
    CHECK_BYTES(got, read_text(server, got, 20000), "HELO", 4);
    CHECK_OK(WDSocketChangeTransmissionMode(server, WDS_MODE_SIZE, NULL, 0)); /* its present client too */
    CHECK(h_send(peer, "2\r\nok", 5));
    CHECK_BYTES(got, read_text(server, got, 20000), "ok", 2);
    CHECK_CODE(WDSocketWrite(server, "yes", 3), 3);
    CHECK_BYTES(got, h_recv(peer, got, 6, 20000), "3\r\nyes", 6);
    h_close(peer);
    CHECK_CODE(read_text(server, got, 20000), WDS_E_PEER_CLOSED);
    peer = h_connect("127.0.0.1", port);
    CHECK(h_send(peer, "3\r\nnew", 6)); /* and all later ones */
    CHECK_BYTES(got, read_text(server, got, 20000), "new", 3);
    h_close(peer);
    CHECK_OK(WDSocketClose(server));
}

TEST(no_standard_calls_with_a_simple_client)
{
    int port;
    int32_t server = server_on(&port);
    h_sock peer = h_connect("127.0.0.1", port);
    char got[64];

    CHECK(h_send(peer, "1\r\na", 4));
    CHECK_CODE(read_text(server, got, 20000), 1);
    CHECK_CODE(WDSocketWaitForConnection(server, 0), WDS_E_STATE);
    CHECK_CODE(WDSocketAccept(server, 0), WDS_E_STATE);
    h_close(peer);
    CHECK_OK(WDSocketClose(server));
}

TEST(closing_ends_the_client)
{
    int port;
    int32_t server = server_on(&port);
    h_sock peer = h_connect("127.0.0.1", port);
    char got[64];

    CHECK(h_send(peer, "1\r\na", 4));
    CHECK_CODE(read_text(server, got, 20000), 1);
    CHECK_CODE(WDSocketWrite(server, "last words", 10), 10);
    CHECK_OK(WDSocketClose(server));
    CHECK_BYTES(got, h_recv(peer, got, 14, 20000), "10\r\nlast words", 14);
    CHECK_EQ(h_recv_end(peer, 20000), 1);
    h_close(peer);
}

static int32_t server_read(void *argument)
{
    char got[64];

    return read_text((int32_t)(intptr_t)argument, got, -1);
}

static void ended_from_outside(int with_client, int cancel)
{
    int port;
    int32_t server = server_on(&port);
    h_sock peer = H_NO_SOCK;
    h_thread *thread;
    int64_t start, end;
    char got[64];

    if (with_client) {
        peer = h_connect("127.0.0.1", port);
        CHECK(h_send(peer, "1\r\na", 4));
        CHECK_CODE(read_text(server, got, 20000), 1);
    }
    thread = h_start(server_read, (void *)(intptr_t)server);
    h_sleep(50); /* inside or not yet: both must end */
    WAIT_UNTIL(h_done(thread) || WDSocketRead(server, got, 0, 0) == WDS_E_BUSY);
    start = h_now_us();
    if (!h_done(thread)) {
        CHECK_OK(cancel ? WDSocketCancel(server) : WDSocketClose(server));
        CHECK_CODE(h_join_at(thread, &end), cancel ? WDS_E_CANCELLED : WDS_E_CLOSED);
        CHECK_PROMPT_AT(start, end);
    } else {
        CHECK_CODE(h_join(thread), WDS_E_BUSY);
    }
    if (cancel)
        CHECK_OK(WDSocketClose(server));
    h_close(peer);
}

TEST(close_and_cancel_while_another_reads)
{
    ended_from_outside(0, 0);
    ended_from_outside(0, 1);
    ended_from_outside(1, 0);
    ended_from_outside(1, 1);
}

TEST(a_client_that_went_before_it_was_read)
{
    int port;
    int32_t server = server_on(&port);
    h_sock one = h_connect("127.0.0.1", port), two;
    char got[64];
    int32_t result;

    h_reset(one);
    two = h_connect("127.0.0.1", port);
    CHECK(h_send(two, "3\r\ntwo", 6));
    result = read_text(server, got, 20000);
    if (result < 0) { /* the one that went may be told, once */
        CHECK_CODE(result, WDS_E_RESET);
        result = read_text(server, got, 20000);
    }
    CHECK_BYTES(got, result, "two", 3);
    h_close(two);
    CHECK_OK(WDSocketClose(server));
}

TEST(every_way_of_reading_takes_the_client)
{
    int port;
    int32_t server = server_on(&port), lengths[2], length;
    h_sock peer = h_connect("127.0.0.1", port);
    char got[64];
    const void *data;
    void *message;

    CHECK(h_send(peer, "1\r\na2\r\nbb", 9));
    CHECK_CODE(WDSocketRead(server, NULL, 0, 20000), 1);
    CHECK_GE(WDSocketReadMany(server, got, (int32_t)sizeof got, lengths, 1, 20000), 1);
    CHECK_CODE(WDSocketReadMessage(server, 20000, &data, &length, &message), 2);
    CHECK_OK(WDSocketMessageFree(message));
    h_close(peer);
    CHECK_OK(WDSocketClose(server));
}

TEST(without_a_client_they_say_so_while_another_waits_for_one)
{
    int port;
    int32_t server = server_on(&port);
    h_thread *reader = h_blocked_reader(server);
    char got[64];

    CHECK_CODE(WDSocketAvailable(server), WDS_E_NO_CLIENT);
    CHECK_CODE(WDSocketExchange(server, "x", 1, got, (int32_t)sizeof got, -1), WDS_E_NO_CLIENT);
    CHECK_CODE(WDSocketDiscard(server, WDS_DISCARD_ALL), WDS_E_NO_CLIENT);
    CHECK_CODE(WDSocketStartSSL(server, WDS_ROLE_SERVER, 0, NULL, NULL, -1), WDS_E_NO_CLIENT);
    CHECK_CODE(WDSocketStopSSL(server, -1), WDS_E_NO_CLIENT);
    CHECK(!h_done(reader));
    CHECK_OK(WDSocketCancel(server));
    CHECK_CODE(h_join(reader), WDS_E_CANCELLED);
    CHECK_OK(WDSocketClose(server));
}

TEST(without_a_client_only_a_read_waits)
{
    int port;
    int32_t server = server_on(&port);
    char got[64];
    h_sock raw = H_NO_SOCK;
    int round;

    for (round = 0; round < 2; round++) { /* then with one that no read has taken yet */
        int64_t start = h_now_us();

        CHECK_CODE(WDSocketStartSSL(server, WDS_ROLE_SERVER, 0, NULL, NULL, -1), WDS_E_NO_CLIENT);
        CHECK_CODE(WDSocketStartSSL(server, WDS_ROLE_CLIENT, 0, NULL, NULL, 0), WDS_E_NO_CLIENT);
        CHECK_CODE(WDSocketStopSSL(server, -1), WDS_E_NO_CLIENT);
        CHECK_CODE(WDSocketExchange(server, "x", 1, got, (int32_t)sizeof got, -1), WDS_E_NO_CLIENT);
        CHECK_CODE(WDSocketWrite(server, "x", 1), WDS_E_NO_CLIENT);
        CHECK_CODE(WDSocketAvailable(server), WDS_E_NO_CLIENT);
        CHECK_CODE(WDSocketClientInfo(server, WDS_INFO_ADDRESS, got, (int32_t)sizeof got), WDS_E_NO_REQUEST);
        CHECK_CODE(WDSocketSSLInfo(server, WDS_INFO_SSL_VERSION, 0, got, (int32_t)sizeof got), WDS_E_NO_REQUEST);
        CHECK_CODE(WDSocketDeny(server), WDS_E_NO_REQUEST);
        CHECK_CODE(WDSocketFlush(server, -1), WDS_E_KIND);
        CHECK_CODE(WDSocketCloseEx(server, WDS_CLOSE_WRITE, -1), WDS_E_KIND);
        CHECK_PROMPT(start);
        if (round == 0) {
            raw = h_connect("127.0.0.1", port);
            CHECK(raw != H_NO_SOCK);
        }
    }
    CHECK(h_send(raw, "5\r\nhello", 8));
    CHECK_EQ(read_text(server, got, 20000), 5);
    CHECK_OK(WDSocketClose(server));
    h_close(raw);
}
