/*
 * scope_tls.c - how far an error reaches, and that it is so: each error is provoked,
 * WDSocketErrorScope is asked, and what the answer promises is tried.
 */
#include "certificates.h"
#include "harness.h"

static char got[4096];

/* The result of a call with a socket: the code, and how far it reaches. */
static int reaches(const char *file, int line, const char *what, int32_t socket, int32_t result, int32_t code, int32_t scope)
{
    int ok = h_check_code(file, line, what, result, code);

    ok &= h_check_eq(file, line, what, WDSocketErrorScope(0, 0), scope);
    if (socket != 0 && code != WDS_E_TIMEOUT && code != WDS_E_CANCELLED) /* that depends on what was being done */
        ok &= h_check_eq(file, line, what, WDSocketErrorScope(socket, code), scope);
    ok &= h_check_eq(file, line, what, WDSocketErrorCode(0, WDS_INFO_CODE), code); /* the record is left alone */
    return ok;
}
#define REACHES(socket, call, code, scope) reaches(__FILE__, __LINE__, #call, (socket), (call), (code), (scope))

static int32_t read_at(int32_t socket, int32_t timeout_ms)
{
    return WDSocketRead(socket, got, (int32_t)sizeof got, timeout_ms);
}

/* What a connection is for works: a message each way. */
#define WORKS(one, other) CHECK(tls_talk((one), (other)))

/* Nothing follows on this connection, and it is told again and again. */
static void is_over(int32_t socket)
{
    int32_t code = read_at(socket, 20000);

    CHECK(code < 0 && code != WDS_E_TIMEOUT);
    CHECK_EQ(WDSocketErrorScope(0, 0), WDS_SCOPE_CONNECTION);
    CHECK_EQ(WDSocketErrorScope(socket, 0), WDS_SCOPE_CONNECTION);
    CHECK_CODE(read_at(socket, 0), code);
}

static int open_pair(h_pair *pair, int secured)
{
    return secured ? tls_pair_open(pair, 0, 0) : h_pair_open(pair);
}

static void mode(int32_t socket, int32_t number, const char *tag)
{
    CHECK_OK(WDSocketChangeTransmissionMode(socket, number, tag, tag ? (int32_t)strlen(tag) : 0));
}

/* Writes bytes as they are. */
static void feed(int32_t sender, const char *bytes)
{
    mode(sender, WDS_MODE_RAW, NULL);
    CHECK_CODE(WDSocketWrite(sender, bytes, -1), (int32_t)strlen(bytes));
}

/* ---- this call only, and the program's mistakes ---- */

static void calls(int secured)
{
    h_pair pair;
    h_thread *reader;
    int32_t value;

    REQUIRE(open_pair(&pair, secured));
    CHECK_EQ(WDSocketErrorScope(pair.client, 0), WDS_SCOPE_NONE);
    REACHES(pair.client, read_at(pair.client, 0), WDS_E_TIMEOUT, WDS_SCOPE_CALL);
    CHECK_CODE(WDSocketWrite(pair.channel, "longer than four", -1), 16);
    REACHES(pair.client, WDSocketRead(pair.client, got, 4, 20000), WDS_E_BUFFER, WDS_SCOPE_CALL);
    CHECK_CODE(read_at(pair.client, 0), 16);
    CHECK_EQ(WDSocketErrorScope(0, 0), WDS_SCOPE_NONE);
    reader = h_blocked_reader(pair.client);
    REACHES(pair.client, read_at(pair.client, 0), WDS_E_BUSY, WDS_SCOPE_CALL);
    CHECK_OK(WDSocketCancel(pair.client));
    CHECK_CODE(h_join(reader), WDS_E_CANCELLED);
    REACHES(0, WDSocketFind("nobody has this name"), WDS_E_NOT_FOUND, WDS_SCOPE_CALL);

    REACHES(pair.client, WDSocketRead(pair.client, got, -1, 0), WDS_E_ARGUMENT, WDS_SCOPE_PROGRAM);
    REACHES(pair.client, WDSocketAccept(pair.client, 0), WDS_E_KIND, WDS_SCOPE_PROGRAM);
    REACHES(pair.client, WDSocketOpen(pair.client, WDS_KIND_CLIENT, pair.port, "127.0.0.1", 1000), WDS_E_STATE, WDS_SCOPE_PROGRAM);
    REACHES(pair.client, WDSocketGetOption(pair.client, 1, &value), WDS_E_ARGUMENT, WDS_SCOPE_PROGRAM);
    if (!secured)
        REACHES(pair.client, WDSocketStopSSL(pair.client, 1000), WDS_E_TLS_NOT_SECURED, WDS_SCOPE_PROGRAM);
    WORKS(pair.client, pair.channel); /* nothing of all this has done it any harm */

    CHECK_OK(WDSocketCloseEx(pair.client, WDS_CLOSE_WRITE, 20000));
    REACHES(pair.client, WDSocketWrite(pair.client, "x", 1), WDS_E_WRITE_CLOSED, WDS_SCOPE_PROGRAM);
    if (!secured) {
        CHECK_CODE(WDSocketWrite(pair.channel, "still", -1), 5);
        CHECK_CODE(read_at(pair.client, 20000), 5);
    }
    REACHES(pair.channel, read_at(pair.channel, 20000), WDS_E_PEER_CLOSED, WDS_SCOPE_CONNECTION);
    h_pair_close(&pair);
    REACHES(pair.client, read_at(pair.client, 0), WDS_E_HANDLE, WDS_SCOPE_PROGRAM);
    CHECK_EQ(WDSocketErrorScope(pair.client, 0), WDS_SCOPE_PROGRAM);
    CHECK_EQ(WDSocketErrorScope(pair.client, WDS_E_RESET), WDS_SCOPE_PROGRAM);
}

TEST(errors_of_a_call) { calls(0); }
TEST(errors_of_a_call_tls) { calls(1); }

static int32_t closes(void *socket)
{
    h_sleep(20);
    return WDSocketClose((int32_t)(intptr_t)socket);
}

TEST(what_this_program_closed_is_not_repeated)
{
    h_pair pair;
    h_thread *closer;

    REQUIRE(h_pair_open(&pair));
    closer = h_start(closes, (void *)(intptr_t)pair.channel);
    REACHES(pair.channel, read_at(pair.channel, -1), WDS_E_CLOSED, WDS_SCOPE_PROGRAM);
    CHECK_OK(h_join(closer));
    closer = h_start(closes, (void *)(intptr_t)pair.server);
    REACHES(pair.server, WDSocketAccept(pair.server, -1), WDS_E_CLOSED, WDS_SCOPE_PROGRAM);
    CHECK_OK(h_join(closer));
    CHECK_OK(WDSocketClose(pair.client));
}

/* ---- one message ---- */

static void messages(int secured)
{
    h_pair pair;

    REQUIRE(open_pair(&pair, secured));
    mode(pair.client, WDS_MODE_END_TAG, "\r\n");
    mode(pair.channel, WDS_MODE_END_TAG, "\r\n");
    REACHES(pair.client, WDSocketWrite(pair.client, "a\r\nb", -1), WDS_E_TAG_IN_MESSAGE, WDS_SCOPE_MESSAGE);
    CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_MAX_MESSAGE, 8));
    REACHES(pair.client, WDSocketWrite(pair.client, "123456789", -1), WDS_E_TOO_LONG, WDS_SCOPE_MESSAGE);
    WORKS(pair.client, pair.channel);

    CHECK_OK(WDSocketSetText(pair.client, WDS_TEXT_FRAME_PRESET, "stx-etx-bcc"));
    feed(pair.channel, "\x02" "A\x03" "!\x02" "C\x03\x40" "noise");
    REACHES(pair.client, read_at(pair.client, 20000), WDS_E_CHECK, WDS_SCOPE_MESSAGE);
    CHECK_BYTES(got, read_at(pair.client, 20000), "C", 1);
    REACHES(pair.client, read_at(pair.client, 20000), WDS_E_FRAME, WDS_SCOPE_MESSAGE);
    feed(pair.channel, "\x02" "C\x03\x40");
    CHECK_BYTES(got, read_at(pair.client, 20000), "C", 1);

    mode(pair.client, WDS_MODE_END_TAG, "\n");
    CHECK_OK(WDSocketSetText(pair.client, WDS_TEXT_CHARSET, "utf-16le"));
    REACHES(pair.client, WDSocketWrite(pair.client, "\xff\xfe", 2), WDS_E_TEXT, WDS_SCOPE_MESSAGE);
    CHECK_EQ(WDSocketErrorScope(pair.client, 0), WDS_SCOPE_NONE);
    h_pair_close(&pair);
}

TEST(errors_of_a_message) { messages(0); }
TEST(errors_of_a_message_tls) { messages(1); }

/* ---- the connection ---- */

static void connections(int secured)
{
    h_pair pair;

    REQUIRE(open_pair(&pair, secured)); /* another mode */
    feed(pair.client, "GET / HTTP/1.1\r\n\r\n");
    REACHES(pair.channel, read_at(pair.channel, 20000), WDS_E_FRAME, WDS_SCOPE_CONNECTION);
    is_over(pair.channel);
    CHECK_OK(WDSocketClose(pair.channel));
    CHECK_OK(WDSocketClose(pair.client));
    pair.client = secured ? tls_client(pair.port, 0) : WDSocketConnect(NULL, pair.port, "127.0.0.1", 20000);
    pair.channel = WDSocketAccept(pair.server, 20000); /* the server goes on */
    WORKS(pair.client, pair.channel);

    CHECK_OK(WDSocketSetOption(pair.channel, WDS_OPT_MAX_MESSAGE, 8)); /* too long */
    CHECK_CODE(WDSocketWrite(pair.client, "123456789", -1), 9);
    REACHES(pair.channel, read_at(pair.channel, 20000), WDS_E_TOO_LONG, WDS_SCOPE_CONNECTION);
    is_over(pair.channel);
    h_pair_close(&pair);

    REQUIRE(open_pair(&pair, secured)); /* the end, and a cut */
    CHECK_OK(WDSocketClose(pair.client));
    REACHES(pair.channel, read_at(pair.channel, 20000), WDS_E_PEER_CLOSED, WDS_SCOPE_CONNECTION);
    is_over(pair.channel);
    h_pair_close(&pair);

    REQUIRE(open_pair(&pair, secured));
    CHECK_OK(WDSocketCloseEx(pair.client, WDS_CLOSE_ABORT, 0));
    REACHES(pair.channel, read_at(pair.channel, 20000), WDS_E_RESET, WDS_SCOPE_CONNECTION);
    REACHES(pair.channel, WDSocketWrite(pair.channel, "x", 1), WDS_E_RESET, WDS_SCOPE_CONNECTION);
    is_over(pair.channel);
    h_pair_close(&pair);

    REQUIRE(open_pair(&pair, secured)); /* silence */
    CHECK_OK(WDSocketSetOption(pair.channel, WDS_OPT_IDLE_LIMIT, 100));
    REACHES(pair.channel, read_at(pair.channel, 20000), WDS_E_SILENT, WDS_SCOPE_CONNECTION);
    is_over(pair.channel);
    h_pair_close(&pair);
}

TEST(errors_of_a_connection) { connections(0); }
TEST(errors_of_a_connection_tls) { connections(1); }

/* Writes until a message is left in the middle. */
static int32_t write_until_stuck(int32_t socket)
{
    static char much[1 << 20];
    int64_t begun = h_now_us();
    int32_t result;

    do
        result = WDSocketWrite(socket, much, (int32_t)sizeof much);
    while (result > 0 && !h_overdue(begun, H_PATIENCE));
    return result;
}

static void stuck(int secured)
{
    h_pair pair;

    REQUIRE(open_pair(&pair, secured));
    CHECK_OK(WDSocketSetOption(pair.channel, WDS_OPT_WRITE_TIMEOUT, 100));
    REACHES(pair.channel, write_until_stuck(pair.channel), WDS_E_TIMEOUT, WDS_SCOPE_CONNECTION);
    REACHES(pair.channel, WDSocketWrite(pair.channel, "x", 1), WDS_E_BROKEN, WDS_SCOPE_CONNECTION);
    REACHES(pair.channel, read_at(pair.channel, 0), WDS_E_TIMEOUT, WDS_SCOPE_CALL); /* reading goes on */
    CHECK_CODE(WDSocketWrite(pair.client, "still", -1), 5);
    CHECK_BYTES(got, read_at(pair.channel, 20000), "still", 5);
    CHECK_OK(WDSocketCloseEx(pair.channel, WDS_CLOSE_ABORT, 0));
    h_pair_close(&pair);
}

TEST(a_write_that_stops_inside_a_message) { stuck(0); }
TEST(a_write_that_stops_inside_a_message_tls) { stuck(1); }

TEST(a_full_send_queue_is_the_calls)
{
    h_pair pair;
    int32_t result;

    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketSetOption(pair.channel, WDS_OPT_SEND_QUEUE, 1));
    result = write_until_stuck(pair.channel);
    REACHES(pair.channel, result, WDS_E_FULL, WDS_SCOPE_CALL);
    CHECK_EQ(WDSocketErrorScope(pair.channel, 0), WDS_SCOPE_NONE);
    CHECK_OK(WDSocketCloseEx(pair.channel, WDS_CLOSE_ABORT, 0));
    h_pair_close(&pair);
}

TEST(hand_shakes)
{
    h_pair pair;
    relay *between;
    int32_t client, server;

    REQUIRE(h_pair_open(&pair)); /* no TLS on this port */
    feed(pair.channel, "220 hello\r\n");
    mode(pair.client, WDS_MODE_END_TAG, "\r\n");
    CHECK_GE(read_at(pair.client, 20000), 0);
    feed(pair.channel, "220 a word in front of TLS\r\n");
    WAIT_UNTIL(WDSocketAvailable(pair.client) > 0);
    REACHES(pair.client, WDSocketStartSSL(pair.client, WDS_ROLE_CLIENT, 0, NULL, NULL, 20000), WDS_E_TLS_SURPLUS, WDS_SCOPE_CONNECTION);
    CHECK_GE(read_at(pair.client, 20000), 0); /* it could be read, but closing is what to do */
    feed(pair.channel, "");
    REACHES(pair.client, WDSocketStartSSL(pair.client, WDS_ROLE_CLIENT, 0, NULL, NULL, 100), WDS_E_TIMEOUT, WDS_SCOPE_CONNECTION);
    is_over(pair.client);
    h_pair_close(&pair);

    REACHES(0, WDSocketCreateSSL(NULL, 0, cert("expired.pem"), 0, "127.0.0.1", NULL), WDS_E_TLS_EXPIRED, WDS_SCOPE_PROGRAM);
    REACHES(0, WDSocketCreateSSL(NULL, 0, "no such file", 0, "127.0.0.1", NULL), WDS_E_TLS_CERTIFICATE_FILE, WDS_SCOPE_PROGRAM);

    REQUIRE(tls_pair_open(&pair, 0, 0)); /* TLS that ends without its own end */
    between = relay_start(pair.port, 4096, 0);
    client = tls_client(relay_port(between), 0);
    server = WDSocketAccept(pair.server, 20000);
    WORKS(client, server);
    relay_end(between);
    REACHES(client, read_at(client, 20000), WDS_E_TLS_TRUNCATED, WDS_SCOPE_CONNECTION);
    is_over(client);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
    relay_free(between);
    h_pair_close(&pair);
}

/* A loop that goes on below WDS_SCOPE_CONNECTION would spin: no connection was made. */
TEST(an_opening_that_fails_in_the_hand_shake)
{
    int port;
    h_sock silent = h_listen("127.0.0.1", 0, 5, &port); /* it never answers */
    int32_t client = WDSocketNew(NULL);

    REACHES(0, WDSocketConnectSSL(NULL, port, "127.0.0.1", 0, 100, NULL, NULL), WDS_E_TIMEOUT, WDS_SCOPE_CONNECTION);
    REACHES(client, WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 100), WDS_E_TIMEOUT, WDS_SCOPE_CONNECTION);
    CHECK_EQ(WDSocketErrorScope(client, 0), WDS_SCOPE_CONNECTION);
    REACHES(client, read_at(client, -1), WDS_E_TIMEOUT, WDS_SCOPE_CONNECTION);
    CHECK_OK(WDSocketClose(client));
    h_close(silent);
}

/* ---- the client of a simplified server ---- */

static int32_t simple_server(int secured, int *port)
{
    int32_t server;

    if (secured) {
        tls_trust();
        return tls_server("good.pem", 0, port);
    }
    server = WDSocketCreate(NULL, 0, "127.0.0.1");
    *port = h_port(server);
    return server;
}

/* A client that has said hello, so that the server has it. */
static int32_t simple_client(int secured, int32_t server, int port)
{
    int32_t client = secured ? tls_client(port, 0) : WDSocketConnect(NULL, port, "127.0.0.1", 20000);

    CHECK_GE(client, 1);
    CHECK_CODE(WDSocketWrite(client, "hello", -1), 5);
    CHECK_BYTES(got, read_at(server, 20000), "hello", 5); /* the server takes it: it has gone on */
    return client;
}

static void clients(int secured)
{
    int port;
    int32_t server = simple_server(secured, &port), client;
    h_sock stray;

    REACHES(server, read_at(server, 0), WDS_E_TIMEOUT, WDS_SCOPE_CALL);
    REACHES(server, WDSocketWrite(server, "x", 1), WDS_E_NO_CLIENT, WDS_SCOPE_CALL);
    REACHES(server, WDSocketDeny(server), WDS_E_NO_REQUEST, WDS_SCOPE_CALL);

    stray = h_connect("127.0.0.1", port); /* a browser, a scanner, a wrong port */
    CHECK(h_send(stray, "GET / HTTP/1.1\r\n\r\n", 18));
    if (secured) { /* it has failed in its handshake: such a client is no client yet */
        CHECK(h_recv_over(stray, 20000));
        REACHES(server, read_at(server, 0), WDS_E_TIMEOUT, WDS_SCOPE_CALL);
    } else
        REACHES(server, read_at(server, 20000), WDS_E_FRAME, WDS_SCOPE_CLIENT);
    h_close(stray);

    client = simple_client(secured, server, port);
    feed(client, "GET / HTTP/1.1\r\n\r\n");
    REACHES(server, read_at(server, 20000), WDS_E_FRAME, WDS_SCOPE_CLIENT);
    CHECK_EQ(WDSocketErrorScope(server, 0), WDS_SCOPE_NONE);
    CHECK_OK(WDSocketClose(client));

    client = simple_client(secured, server, port);
    CHECK_OK(WDSocketClose(client));
    REACHES(server, read_at(server, 20000), WDS_E_PEER_CLOSED, WDS_SCOPE_CLIENT);

    client = simple_client(secured, server, port);
    CHECK_OK(WDSocketCloseEx(client, WDS_CLOSE_ABORT, 0));
    REACHES(server, read_at(server, 20000), WDS_E_RESET, WDS_SCOPE_CLIENT);

    client = simple_client(secured, server, port); /* one message of many */
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_MAX_MESSAGE, 8));
    REACHES(server, WDSocketWrite(server, "123456789", -1), WDS_E_TOO_LONG, WDS_SCOPE_MESSAGE);
    WORKS(server, client);
    CHECK_CODE(WDSocketWrite(client, "123456789", -1), 9);
    REACHES(server, read_at(server, 20000), WDS_E_TOO_LONG, WDS_SCOPE_CLIENT);
    CHECK_OK(WDSocketClose(client));

    client = simple_client(secured, server, port); /* a write that does not get through */
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_MAX_MESSAGE, 1 << 26));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_WRITE_TIMEOUT, 100));
    REACHES(server, write_until_stuck(server), WDS_E_TIMEOUT, WDS_SCOPE_CLIENT);
    REACHES(server, WDSocketWrite(server, "x", 1), WDS_E_BROKEN, WDS_SCOPE_CLIENT);
    CHECK_OK(WDSocketDeny(server)); /* as the header says */
    CHECK_OK(WDSocketClose(client));

    client = simple_client(secured, server, port);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

TEST(the_client_of_a_simplified_server) { clients(0); }
TEST(the_client_of_a_simplified_server_tls) { clients(1); }

static void standard(int secured)
{
    h_pair pair;

    REQUIRE(open_pair(&pair, secured));
    REACHES(pair.server, WDSocketAccept(pair.server, 0), WDS_E_TIMEOUT, WDS_SCOPE_CALL);
    REACHES(pair.server, WDSocketDeny(pair.server), WDS_E_NO_REQUEST, WDS_SCOPE_CALL);
    REACHES(pair.server, read_at(pair.server, 0), WDS_E_STANDARD_SERVER, WDS_SCOPE_PROGRAM);
    REACHES(pair.server, WDSocketWrite(pair.server, "x", 1), WDS_E_STANDARD_SERVER, WDS_SCOPE_PROGRAM);
    mode(pair.channel, WDS_MODE_END_TAG, "\n");
    mode(pair.client, WDS_MODE_END_TAG, "\n");
    CHECK_GE(WDSocketGroupJoin(pair.channel, "all"), 0);
    REACHES(pair.server, WDSocketGroupPublish(pair.server, "all", "a\nb", 3), WDS_E_TAG_IN_MESSAGE, WDS_SCOPE_MESSAGE);
    WORKS(pair.client, pair.channel);
    h_pair_close(&pair);
}

TEST(a_standard_server) { standard(0); }
TEST(a_standard_server_tls) { standard(1); }

/* ---- opening ---- */

TEST(what_cannot_be_opened)
{
    h_pair pair;
    int free_port, udp_port;
    h_sock listener = h_listen("127.0.0.1", 0, 1, &free_port), datagrams = h_udp("127.0.0.1", &udp_port);
    int32_t socket = WDSocketNew("scope");

    h_close(listener);
    REQUIRE(h_pair_open(&pair));
    REACHES(0, WDSocketConnect(NULL, free_port, "127.0.0.1", 20000), WDS_E_REFUSED, WDS_SCOPE_CONNECTION);
    REACHES(socket, WDSocketOpen(socket, WDS_KIND_CLIENT, free_port, "127.0.0.1", 20000), WDS_E_REFUSED, WDS_SCOPE_CONNECTION);
    CHECK_EQ(WDSocketErrorScope(socket, 0), WDS_SCOPE_CONNECTION);
    REACHES(socket, read_at(socket, 0), WDS_E_REFUSED, WDS_SCOPE_CONNECTION);
    REACHES(socket, WDSocketOpen(socket, WDS_KIND_SERVER, pair.port, "127.0.0.1", 0), WDS_E_PORT_TAKEN, WDS_SCOPE_SERVER);
    CHECK_EQ(WDSocketErrorScope(socket, 0), WDS_SCOPE_SERVER);
    REACHES(socket, read_at(socket, 0), WDS_E_PORT_TAKEN, WDS_SCOPE_SERVER);
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_CLIENT, pair.port, "127.0.0.1", 20000)); /* once more, and it is well */
    CHECK_EQ(WDSocketErrorScope(socket, 0), WDS_SCOPE_NONE);

    REACHES(0, WDSocketCreate(NULL, pair.port, "127.0.0.1"), WDS_E_PORT_TAKEN, WDS_SCOPE_SERVER);
    REACHES(0, WDSocketCreateUDP(NULL, udp_port, "127.0.0.1"), WDS_E_PORT_TAKEN, WDS_SCOPE_SERVER);
    REACHES(0, WDSocketCreate(NULL, 0, "192.0.2.1"), WDS_E_LOCAL_ADDRESS, WDS_SCOPE_SERVER);
    REACHES(0, WDSocketConnect("scope", pair.port, "127.0.0.1", 20000), WDS_E_NAME_TAKEN, WDS_SCOPE_PROGRAM);
    REACHES(0, WDSocketConnect(NULL, 0, "127.0.0.1", 20000), WDS_E_ARGUMENT, WDS_SCOPE_PROGRAM);
    REACHES(0, WDSocketConnect(NULL, 1, "nowhere://127.0.0.1", 20000), WDS_E_UNSUPPORTED, WDS_SCOPE_PROGRAM);
    CHECK_OK(WDSocketClose(socket));

    socket = WDSocketNew(NULL);
    REACHES(socket, read_at(socket, 0), WDS_E_NOT_CONNECTED, WDS_SCOPE_PROGRAM); /* it is for the program to open it */
    CHECK_OK(WDSocketClose(socket));
    h_close(datagrams);
    h_pair_close(&pair);
}

TEST(names_and_time)
{
    h_dns *dns = h_dns_start();
    h_hole hole;
    int32_t socket;

    h_dns_add(dns, "there.test", "127.0.0.1", 0, H_DNS_ANSWER);
    h_dns_add(dns, "broken.test", "127.0.0.1", 0, H_DNS_SERVFAIL);
    socket = h_dns_socket(dns, NULL);
    REACHES(socket, WDSocketOpen(socket, WDS_KIND_CLIENT, 1, "nobody.test", 20000), WDS_E_HOST_UNKNOWN, WDS_SCOPE_CONNECTION);
    REACHES(socket, WDSocketOpen(socket, WDS_KIND_SERVER, 0, "nobody.test", 20000), WDS_E_HOST_UNKNOWN, WDS_SCOPE_SERVER);
    REACHES(socket, WDSocketOpen(socket, WDS_KIND_UDP, 0, "nobody.test", 20000), WDS_E_HOST_UNKNOWN, WDS_SCOPE_SERVER);
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_UDP, 0, "127.0.0.1", 20000));
    REACHES(socket, WDSocketWriteUDP(socket, "x", 1, "nobody.test", 7), WDS_E_HOST_UNKNOWN, WDS_SCOPE_MESSAGE);
    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, "there.test", h_port(socket)), 1); /* the next one leaves */
    CHECK_CODE(read_at(socket, 20000), 1);
    CHECK_OK(WDSocketClose(socket));
    h_dns_stop(dns);

    h_hole_open(&hole, "127.0.0.1", 0);
    REACHES(0, WDSocketConnect(NULL, hole.port, "127.0.0.1", 100), WDS_E_TIMEOUT, WDS_SCOPE_CONNECTION);
    socket = WDSocketNew(NULL);
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_CLIENT, hole.port, "127.0.0.1", 0)); /* still on its way */
    REACHES(socket, read_at(socket, 0), WDS_E_NOT_CONNECTED, WDS_SCOPE_CALL);
    CHECK_OK(WDSocketClose(socket));
    h_hole_close(&hole);
}

/* ---- UDP ---- */

TEST(a_udp_socket_is_not_ended)
{
    static char huge[100000];
    int32_t socket = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    int port = h_port(socket);

    REACHES(socket, read_at(socket, 0), WDS_E_TIMEOUT, WDS_SCOPE_CALL);
    REACHES(socket, WDSocketWrite(socket, "x", 1), WDS_E_NO_DESTINATION, WDS_SCOPE_CALL);
    REACHES(socket, WDSocketWriteUDP(socket, huge, (int32_t)sizeof huge, "127.0.0.1", port), WDS_E_DATAGRAM_SIZE, WDS_SCOPE_MESSAGE);
    REACHES(socket, WDSocketExchange(socket, "x", 1, got, 1, 0), WDS_E_KIND, WDS_SCOPE_PROGRAM);
    CHECK_EQ(WDSocketErrorScope(socket, 0), WDS_SCOPE_NONE);
    CHECK_CODE(WDSocketWriteUDP(socket, "ok", 2, "127.0.0.1", port), 2);
    CHECK_BYTES(got, read_at(socket, 20000), "ok", 2);
    CHECK_OK(WDSocketClose(socket));
}

/* A socket that is told of a datagram to a port where nothing listens. */
static int32_t unreachable(int32_t queue)
{
    int32_t socket = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    int dead;
    h_sock gone = h_udp("127.0.0.1", &dead);

    h_close(gone);
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_UDP_ERRORS, 1));
    if (queue)
        CHECK_OK(WDSocketAttach(queue, socket, WDS_ATTACH_PLAIN));
    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, "127.0.0.1", dead), 1);
    return socket;
}

TEST(an_unreachable_port_concerns_one_datagram)
{
    int32_t socket = unreachable(0);

    REACHES(socket, read_at(socket, 5000), WDS_E_PORT_UNREACHABLE, WDS_SCOPE_MESSAGE); /* the system knows it by now */
    CHECK_EQ(WDSocketErrorScope(socket, 0), WDS_SCOPE_NONE);
    CHECK_CODE(WDSocketWriteUDP(socket, "ok", 2, "127.0.0.1", h_port(socket)), 2);
    CHECK_BYTES(got, read_at(socket, 20000), "ok", 2);
    CHECK_OK(WDSocketClose(socket));
}

/* ---- events ---- */

/* An event with a code: what its detail says, and what the function says of it. */
static void event_reaches(h_event e, int32_t socket, int32_t kind, int32_t code, int32_t scope)
{
    CHECK(h_is_event(e, socket, kind));
    CHECK_EQ(e.code, code);
    CHECK_EQ(e.detail, scope);
    CHECK_EQ(WDSocketErrorScope(e.socket, e.code), scope);
}

static void events(int secured)
{
    h_pair pair;
    int32_t queue = WDSocketNewQueue(), socket;
    int port;

    REACHES(queue, WDSocketNextEvents(queue, 0, got, 32, 4), WDS_E_TIMEOUT, WDS_SCOPE_CALL);
    REACHES(queue, WDSocketRead(queue, got, 1, 0), WDS_E_KIND, WDS_SCOPE_PROGRAM);
    REQUIRE(open_pair(&pair, secured));
    port = pair.port;
    CHECK_OK(WDSocketAttach(queue, pair.channel, WDS_ATTACH_PLAIN));
    REACHES(pair.channel, WDSocketExchange(pair.channel, "x", 1, got, 1, 0), WDS_E_BUSY, WDS_SCOPE_CALL);
    feed(pair.client, "GET / HTTP/1.1\r\n\r\n");
    event_reaches(h_next_event(queue, 20000), pair.channel, WDS_EVENT_ERROR, WDS_E_FRAME, WDS_SCOPE_CONNECTION);
    is_over(pair.channel);
    h_pair_close(&pair);

    REQUIRE(open_pair(&pair, secured));
    CHECK_OK(WDSocketAttach(queue, pair.channel, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketClose(pair.client));
    event_reaches(h_next_event(queue, 20000), pair.channel, WDS_EVENT_PEER_CLOSED, WDS_E_PEER_CLOSED, WDS_SCOPE_CONNECTION);
    h_pair_close(&pair);

    REQUIRE(open_pair(&pair, secured));
    CHECK_OK(WDSocketAttach(queue, pair.channel, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketCloseEx(pair.client, WDS_CLOSE_ABORT, 0));
    event_reaches(h_next_event(queue, 20000), pair.channel, WDS_EVENT_RESET, WDS_E_RESET, WDS_SCOPE_CONNECTION);
    h_pair_close(&pair);

    REQUIRE(open_pair(&pair, secured));
    CHECK_OK(WDSocketAttach(queue, pair.channel, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketSetOption(pair.channel, WDS_OPT_IDLE_LIMIT, 100));
    event_reaches(h_next_event(queue, 20000), pair.channel, WDS_EVENT_TIMEOUT, WDS_E_SILENT, WDS_SCOPE_CONNECTION);
    h_pair_close(&pair);

    socket = WDSocketNew(NULL); /* opening that fails: nothing listens there any more */
    CHECK_OK(WDSocketAttach(queue, socket, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_CLIENT, port, "127.0.0.1", 0));
    event_reaches(h_next_event(queue, 20000), socket, WDS_EVENT_ERROR, WDS_E_REFUSED, WDS_SCOPE_CONNECTION);
    CHECK_OK(WDSocketClose(socket));

    CHECK_OK(WDSocketClose(queue));
    REACHES(queue, WDSocketNextEvents(queue, 0, got, 32, 4), WDS_E_HANDLE, WDS_SCOPE_PROGRAM);
}

TEST(errors_of_events) { events(0); }
TEST(errors_of_events_tls) { events(1); }

TEST(an_unreachable_port_is_an_event_of_one_datagram)
{
    int32_t queue = WDSocketNewQueue(), socket = unreachable(queue);
    h_event e;

    memset(&e, 0, sizeof e);
    CHECK_CODE(WDSocketNextEvents(queue, 5000, &e, (int32_t)sizeof e, 1), 1); /* the system knows it by now */
    event_reaches(e, socket, WDS_EVENT_ERROR, WDS_E_PORT_UNREACHABLE, WDS_SCOPE_MESSAGE);
    CHECK_CODE(WDSocketWriteUDP(socket, "ok", 2, "127.0.0.1", h_port(socket)), 2);
    CHECK(h_is_event(h_next_event(queue, 20000), socket, WDS_EVENT_MESSAGE));
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketClose(queue));
}

/* ---- a client that connects again ---- */

static void links(int secured)
{
    int port;
    int32_t server, client = WDSocketNew(NULL), channel, queue = WDSocketNewQueue(), code;
    h_event e;

    server = simple_server(secured, &port);
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT, 1));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_FIRST, 20));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_MOST, 40));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_TRIES, 3));
    if (secured)
        CHECK_OK(WDSocketSetOption(client, WDS_OPT_SSL_OPTIONS, WDS_SSL_ONLY_AUTHORITIES));
    CHECK_OK(WDSocketOpen(client, secured ? WDS_KIND_CLIENT_SSL : WDS_KIND_CLIENT, port, "127.0.0.1", 20000));
    channel = WDSocketAccept(server, 20000);
    REQUIRE(CHECK_GE(channel, 1));
    WORKS(client, channel);

    CHECK_OK(WDSocketCloseEx(channel, WDS_CLOSE_ABORT, 0)); /* it is made again */
    do
        code = read_at(client, 20000);
    while (code == WDS_E_TIMEOUT);
    if (REACHES(client, code, WDS_E_RECONNECTING, WDS_SCOPE_CALL))
        CHECK(WDSocketErrorScope(client, 0) <= WDS_SCOPE_CALL); /* it may be there again by now */
    channel = WDSocketAccept(server, 20000);
    REQUIRE(CHECK_GE(channel, 1));
    WAIT_UNTIL(WDSocketState(client) == WDS_STATE_OPEN);
    CHECK_EQ(WDSocketErrorScope(client, 0), WDS_SCOPE_NONE);
    WORKS(client, channel);

    CHECK_OK(WDSocketAttach(queue, client, WDS_ATTACH_PLAIN)); /* and is not, in the end */
    CHECK_OK(WDSocketClose(server));
    CHECK_OK(WDSocketCloseEx(channel, WDS_CLOSE_ABORT, 0));
    e = h_next_event(queue, 20000);
    CHECK(h_is_event(e, client, WDS_EVENT_RECONNECTING));
    CHECK_EQ(e.detail, WDS_SCOPE_CALL);
    do
        e = h_next_event(queue, 20000);
    while (e.kind == WDS_EVENT_RECONNECTING || e.kind == WDS_EVENT_UNSURE);
    CHECK(h_is_event(e, client, WDS_EVENT_ERROR));
    CHECK_EQ(e.detail, WDS_SCOPE_CONNECTION);
    CHECK_EQ(WDSocketErrorScope(client, e.code), WDS_SCOPE_CONNECTION);
    is_over(client);
    CHECK_OK(WDSocketClose(queue));
    CHECK_OK(WDSocketClose(client));
}

TEST(a_client_that_connects_again) { links(0); }
TEST(a_client_that_connects_again_tls) { links(1); }

/* ---- a code alone ---- */

TEST(codes_alone)
{
    char name[64];
    int32_t code, known = 0;

    CHECK_GE(h_number(0, WDS_NUM_SOCKETS), 0); /* a call that succeeds */
    CHECK_EQ(WDSocketErrorScope(0, 0), WDS_SCOPE_NONE);
    for (code = -1; code > -1000; code--) {
        int32_t scope = WDSocketErrorScope(0, code);

        if (WDSocketErrorText(code, WDS_INFO_NAME, name, (int32_t)sizeof name) == 0) {
            CHECK_EQ(scope, WDS_SCOPE_PROGRAM);
            continue;
        }
        known++;
        CHECK(scope >= WDS_SCOPE_CALL && scope <= WDS_SCOPE_LIBRARY);
    }
    CHECK_GE(known, 60);
    CHECK_EQ(WDSocketErrorScope(0, 7), WDS_SCOPE_NONE); /* a length that a read gave */
    CHECK_EQ(WDSocketErrorScope(-1, 0), WDS_SCOPE_PROGRAM);
    CHECK_EQ(WDSocketErrorScope(0, INT32_MIN), WDS_SCOPE_PROGRAM);
    CHECK_EQ(WDSocketErrorScope(INT32_MIN, INT32_MIN), WDS_SCOPE_PROGRAM);
    CHECK_EQ(WDSocketErrorScope(INT32_MAX, INT32_MAX), WDS_SCOPE_NONE);
    CHECK_EQ(WDSocketErrorScope(0, WDS_E_FORKED), WDS_SCOPE_LIBRARY);
}
