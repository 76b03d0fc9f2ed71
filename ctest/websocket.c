/*
 * websocket.c - WebSockets through the header: opening by an address, what the
 * messages are, a queue and a group, heartbeats, how both ends close.
 */
#include "certificates.h"
#include "harness.h"

/* A server on a free port, and a client of it by an address with a path. */
static void open_two(h_pair *two, const char *path)
{
    char address[128];

    two->server = WDSocketNew(NULL);
    CHECK(two->server > 0);
    CHECK_OK(WDSocketSetText(two->server, WDS_TEXT_WEBSOCKET_PROTOCOLS, "chat"));
    CHECK_OK(WDSocketOpen(two->server, WDS_KIND_WEBSOCKET_SERVER, 0, "127.0.0.1", 0));
    two->client = WDSocketNew("page");
    CHECK(two->client > 0);
    CHECK_OK(WDSocketSetOption(two->client, WDS_OPT_WEBSOCKET_KIND, WDS_WEBSOCKET_TEXT));
    CHECK_OK(WDSocketSetText(two->client, WDS_TEXT_WEBSOCKET_PROTOCOLS, "other,chat"));
    two->port = h_port(two->server);
    snprintf(address, sizeof address, "ws://127.0.0.1:%d%s", two->port, path);
    CHECK_EQ(WDSocketConnect("page", 0, address, 20000), two->client);
    two->channel = WDSocketAccept(two->server, 20000);
    CHECK(two->channel > 0);
}

static void close_two(h_pair *two)
{
    CHECK_OK(WDSocketClose(two->client));
    CHECK_OK(WDSocketClose(two->channel));
    CHECK_OK(WDSocketClose(two->server));
}

static void check_info(int32_t socket, int32_t what, const char *expected)
{
    char text[256];

    CHECK_CODE(WDSocketWebSocketInfo(socket, what, text, sizeof text), (int32_t)strlen(expected));
    CHECK_TEXT(text, expected);
}

TEST(messages_are_text_or_binary)
{
    h_pair two;
    char got[64];

    open_two(&two, "/chat?room=1");
    check_info(two.channel, WDS_INFO_WEBSOCKET_PATH, "/chat?room=1");
    check_info(two.client, WDS_INFO_WEBSOCKET_PROTOCOL, "chat");
    CHECK_EQ(h_option(two.client, WDS_OPT_KIND), WDS_KIND_WEBSOCKET_CLIENT);
    CHECK_CODE(WDSocketWrite(two.client, "h\xc3\xa9", 3), 3);
    CHECK_CODE(WDSocketRead(two.channel, got, sizeof got, 20000), 3);
    CHECK_EQ(h_option(two.channel, WDS_OPT_WEBSOCKET_MESSAGE), WDS_WEBSOCKET_TEXT);
    CHECK_CODE(WDSocketWrite(two.client, "h\xe9", 2), WDS_E_TEXT);
    CHECK_CODE(WDSocketWrite(two.channel, "\0\xff", 2), 2);
    CHECK_CODE(WDSocketRead(two.client, got, sizeof got, 20000), 2);
    CHECK_EQ(h_option(two.client, WDS_OPT_WEBSOCKET_MESSAGE), WDS_WEBSOCKET_BINARY);
    CHECK_CODE(WDSocketChangeTransmissionMode(two.client, WDS_MODE_RAW, NULL, 0), WDS_E_STATE);
    close_two(&two);
}

TEST(an_event_says_what_its_message_is)
{
    h_pair two;
    h_event event;
    char got[64];
    int32_t queue = WDSocketNewQueue();

    CHECK(queue > 0);
    open_two(&two, "/");
    CHECK_OK(WDSocketAttach(queue, two.channel, 0));
    CHECK_CODE(WDSocketWrite(two.client, "hello", 5), 5);
    event = h_next_event(queue, 20000);
    h_is_event(event, two.channel, WDS_EVENT_MESSAGE);
    CHECK_EQ(event.value, 5);
    CHECK_EQ(event.detail, WDS_WEBSOCKET_TEXT);
    CHECK_CODE(WDSocketRead(two.channel, got, sizeof got, 0), 5);
    CHECK_OK(WDSocketClose(queue));
    close_two(&two);
}

TEST(a_group_gets_what_is_published)
{
    h_pair two;
    char got[64];

    open_two(&two, "/");
    CHECK_OK(WDSocketGroupJoin(two.channel, "news"));
    CHECK_CODE(WDSocketGroupPublish(two.server, "news", "for all", 7), 1);
    CHECK_CODE(WDSocketRead(two.client, got, sizeof got, 20000), 7);
    CHECK_BYTES(got, 7, "for all", 7);
    CHECK_EQ(WDSocketGroupPublish(two.channel, "news", "for others", -1), 0);
    CHECK_EQ(WDSocketGroupPublish(two.server, "news", "behind", -1), 1);
    CHECK_EQ(WDSocketRead(two.client, got, sizeof got, 20000), 6);
    CHECK_BYTES(got, 6, "behind", 6);
    close_two(&two);
}

TEST(both_ends_tell_how_the_other_closes)
{
    h_pair two;
    char got[64];

    open_two(&two, "/");
    CHECK_OK(WDSocketSetOption(two.channel, WDS_OPT_WEBSOCKET_CLOSE_CODE, 4001));
    CHECK_OK(WDSocketSetText(two.channel, WDS_TEXT_WEBSOCKET_CLOSE_REASON, "later"));
    CHECK_OK(WDSocketClose(two.channel));
    CHECK_CODE(WDSocketRead(two.client, got, sizeof got, 20000), WDS_E_WEBSOCKET_CLOSED);
    check_info(two.client, WDS_INFO_WEBSOCKET_CLOSE_CODE, "4001");
    check_info(two.client, WDS_INFO_WEBSOCKET_CLOSE_REASON, "later");
    CHECK_OK(WDSocketClose(two.client));
    CHECK_OK(WDSocketClose(two.server));

    open_two(&two, "/");
    CHECK_OK(WDSocketCloseEx(two.client, WDS_CLOSE_WRITE, 20000));
    CHECK_CODE(WDSocketRead(two.channel, got, sizeof got, 20000), WDS_E_PEER_CLOSED);
    check_info(two.channel, WDS_INFO_WEBSOCKET_CLOSE_CODE, "1000");
    CHECK_CODE(WDSocketRead(two.client, got, sizeof got, 20000), WDS_E_PEER_CLOSED);
    close_two(&two);
}

TEST(others_are_answered_by_http)
{
    h_pair two;
    char got[512], address[128];
    static const char request[] = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";
    int32_t plain;

    open_two(&two, "/");
    CHECK_OK(WDSocketSetText(two.server, WDS_TEXT_WEBSOCKET_PAGE, "<p>Hello</p>"));
    CHECK_OK(WDSocketSetText(two.server, WDS_TEXT_WEBSOCKET_PATHS, "/chat"));
    plain = WDSocketConnect(NULL, two.port, "127.0.0.1", 20000);
    CHECK(plain > 0);
    CHECK_OK(WDSocketChangeTransmissionMode(plain, WDS_MODE_END_TAG, "</p>", 4));
    CHECK_OK(WDSocketSetOption(plain, WDS_OPT_TAG_AS_IS, 1));
    CHECK_CODE(WDSocketWrite(plain, request, (int32_t)sizeof request - 1), (int32_t)sizeof request - 1);
    CHECK(WDSocketRead(plain, got, sizeof got, 20000) > 0);
    CHECK_BYTES(got, 15, "HTTP/1.1 200 OK", 15);
    CHECK_OK(WDSocketClose(plain));
    snprintf(address, sizeof address, "ws://127.0.0.1:%d/elsewhere", two.port);
    CHECK_CODE(WDSocketConnect(NULL, 0, address, 20000), WDS_E_WEBSOCKET_REFUSED);
    close_two(&two);
}

/* ws:// where the server speaks TLS, and wss:// where it does not: the error names the other one. */
TEST(the_wrong_scheme)
{
    int32_t server = WDSocketNew(NULL), secure;
    int port;
    char address[128];

    tls_trust();
    secure = tls_server("good.pem", 0, &port);
    CHECK(secure > 0);
    snprintf(address, sizeof address, "ws://127.0.0.1:%d/", port);
    CHECK_ANY(WDSocketConnect(NULL, 0, address, 20000), WDS_E_WEBSOCKET_HANDSHAKE, WDS_E_RESET);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "connect to wss:// instead of ws://");
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "fr"));
    CHECK_ANY(WDSocketConnect(NULL, 0, address, 20000), WDS_E_WEBSOCKET_HANDSHAKE, WDS_E_RESET);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "connectez-vous à wss:// au lieu de ws://");
    CHECK_OK(WDSocketClose(secure));

    CHECK_OK(WDSocketOpen(server, WDS_KIND_WEBSOCKET_SERVER, 0, "127.0.0.1", 0));
    snprintf(address, sizeof address, "wss://127.0.0.1:%d/", h_port(server));
    CHECK_ANY(WDSocketConnect(NULL, 0, address, 20000), WDS_E_TLS_HANDSHAKE, WDS_E_RESET);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "ws:// au lieu de tls:// ou wss://");
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
    CHECK_ANY(WDSocketConnect(NULL, 0, address, 20000), WDS_E_TLS_HANDSHAKE, WDS_E_RESET);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "or to tcp:// or ws:// instead of tls:// or wss://");
    CHECK_ANY(WDSocketConnectSSL(NULL, h_port(server), "127.0.0.1", 0, 20000, NULL, NULL), WDS_E_TLS_HANDSHAKE, WDS_E_RESET);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "connect with WDSocketConnect, or to tcp://");
    CHECK_OK(WDSocketClose(server));
}
