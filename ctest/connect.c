/*
 * connect.c - bad days of a client that connects.
 */
#include "harness.h"

static int dead_port(void)
{
    int port;
    h_sock sock = h_listen("127.0.0.1", 0, 1, &port);

    h_close(sock);
    return port;
}

TEST(refused)
{
    int port = dead_port();
    int64_t start = h_now_us();
    char endpoint[64];

    CHECK_CODE(WDSocketConnect("refused", port, "127.0.0.1", 20000), WDS_E_REFUSED);
    CHECK_PROMPT(start);
    snprintf(endpoint, sizeof endpoint, "127.0.0.1:%d", port);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), endpoint);
    CHECK_TEXT(h_error(0, WDS_INFO_NAME), "WDS_E_REFUSED");
    CHECK_TEXT(h_error(0, WDS_INFO_CODE), "-30");
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_CONNECT);
    CHECK(WDSocketErrorCode(0, WDS_INFO_SYSTEM) > 0);
    CHECK_CODE(WDSocketFind("refused"), WDS_E_NOT_FOUND); /* a failed connect leaves nothing */
    CHECK_EQ(h_number(0, WDS_NUM_SOCKETS), 0);
}

TEST(unreachable)
{
    int64_t start = h_now_us();

    /* TCP has no way to a group or to everybody, on any machine */
    CHECK_CODE(WDSocketConnect(NULL, 5000, "224.0.0.1", 5000), WDS_E_UNREACHABLE);
    CHECK_PROMPT(start);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "224.0.0.1");
    CHECK_CODE(WDSocketConnect(NULL, 5000, "255.255.255.255", 5000), WDS_E_UNREACHABLE);
}

TEST(black_hole_keeps_the_time)
{
    h_hole hole;
    int64_t start;

    h_hole_open(&hole, "127.0.0.1", 0);
    start = h_now_us();
    CHECK_CODE(WDSocketConnect("lost", hole.port, "127.0.0.1", 700), WDS_E_TIMEOUT);
    CHECK_TIME(start, 700);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_CONNECT);
    CHECK_CODE(WDSocketFind("lost"), WDS_E_NOT_FOUND);
    start = h_now_us();
    CHECK_CODE(WDSocketConnect("lost", hole.port, "127.0.0.1", 1), WDS_E_TIMEOUT);
    CHECK_TIME(start, 1);
    h_hole_close(&hole);
}

TEST(no_such_name)
{
    h_dns *dns = h_dns_start();
    int32_t socket = h_dns_socket(dns, NULL);
    int64_t start = h_now_us();

    CHECK_CODE(WDSocketOpen(socket, WDS_KIND_CLIENT, 5000, "nobody.example", 20000), WDS_E_HOST_UNKNOWN);
    CHECK_PROMPT(start);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "nobody.example");
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_RESOLVE);
    CHECK_EQ(WDSocketState(socket), WDS_STATE_FAILED);
    CHECK_EQ(WDSocketErrorCode(socket, WDS_INFO_CODE), WDS_E_HOST_UNKNOWN);
    CHECK_CODE(WDSocketRead(socket, &start, 1, 0), WDS_E_HOST_UNKNOWN); /* a failed opening gives its own error */
    CHECK_OK(WDSocketClose(socket));
    h_dns_stop(dns);
}

TEST(name_without_address)
{
    h_dns *dns = h_dns_start();
    int32_t socket = h_dns_socket(dns, NULL);

    h_dns_add(dns, "empty.example", "", 0, H_DNS_ANSWER);
    CHECK_CODE(WDSocketOpen(socket, WDS_KIND_CLIENT, 5000, "empty.example", 20000), WDS_E_HOST_UNKNOWN);
    CHECK_OK(WDSocketClose(socket));
    h_dns_stop(dns);
}

TEST(resolver_answers_and_name_is_used)
{
    h_dns *dns = h_dns_start();
    int32_t socket = h_dns_socket(dns, "via");
    int port;
    h_sock listener = h_listen("127.0.0.1", 0, 8, &port);

    h_dns_add(dns, "live.example", "127.0.0.1", 0, H_DNS_ANSWER);
    /* the name of a prepared socket opens that one, with its name server */
    CHECK_CODE(WDSocketConnect("via", port, "live.example", 20000), socket);
    CHECK_EQ(WDSocketState(socket), WDS_STATE_OPEN);
    CHECK_GE(h_dns_asked(dns, "live.example"), 1);
    CHECK_GE(h_number(socket, WDS_NUM_CONNECT_US), 1);
    CHECK_OK(WDSocketClose(socket));
    h_close(listener);
    h_dns_stop(dns);
}

/* How long a connect by name takes, in microseconds. */
static int64_t connect_time(h_dns *dns, const char *name, int port, int32_t family)
{
    int32_t socket = h_dns_socket(dns, NULL);
    int64_t took;

    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_ADDRESS_FAMILY, family));
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_CLIENT, port, name, 20000));
    took = h_number(socket, WDS_NUM_CONNECT_US);
    CHECK_OK(WDSocketClose(socket));
    return took;
}

/* RFC 8305: the answer for IPv4 waits for that for IPv6, 50 ms at most, and no longer
   than until it is there: one of many tries is not much slower than one that asks for
   IPv4 only. */
TEST(an_answer_for_six_ends_the_pause)
{
    static const char *const names[] = {"both.example", "four.example"};
    h_dns *dns = h_dns_start();
    int port, i, n;
    h_sock listener = h_listen("127.0.0.1", 0, 128, &port);
    int64_t usual = INT64_MAX, took = INT64_MAX;

    h_dns_add(dns, names[0], "127.0.0.1 ::1", 0, H_DNS_FOUR_FIRST);
    h_dns_add(dns, names[1], "127.0.0.1", 0, H_DNS_FOUR_FIRST);
    h_dns_add(dns, "usual.example", "127.0.0.1", 0, H_DNS_ANSWER);
    for (i = 0; i < 5; i++) {
        took = connect_time(dns, "usual.example", port, 4);
        if (took < usual)
            usual = took;
    }
    for (n = 0; n < 2; n++) {
        took = INT64_MAX;
        for (i = 0; i < 30 && took >= usual + 45000; i++)
            took = connect_time(dns, names[n], port, 0);
        CHECK(took < usual + 45000);
    }
    h_close(listener);
    h_dns_stop(dns);
}

/* A client whose own port is the peer's would be connected with itself. */
TEST(own_port_is_the_peers)
{
    int32_t socket = WDSocketNew(NULL);
    int port = dead_port(), i;

    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_LOCAL_PORT, port));
    for (i = 0; i < 3; i++) {
        CHECK_CODE(WDSocketOpen(socket, WDS_KIND_CLIENT, port, "127.0.0.1", 20000), WDS_E_REFUSED);
        CHECK_EQ(WDSocketState(socket), WDS_STATE_FAILED);
    }
    CHECK_OK(WDSocketClose(socket));
}

/* IDNA: what people write, and what name servers know. */
TEST(names_beyond_ascii)
{
    static const char *const names[] = {"m\xc3\xbcller.example", "M\xc3\x9cLLER.example", "xn--mller-kva.example", "m\xc3\xbcller.example."};
    h_dns *dns = h_dns_start();
    int port, i;
    h_sock listener = h_listen("127.0.0.1", 0, 32, &port), peer = h_udp("127.0.0.1", NULL);
    int32_t socket;

    h_dns_add(dns, "xn--mller-kva.example", "127.0.0.1", 0, H_DNS_ANSWER);
    for (i = 0; i < 4; i++) {
        socket = h_dns_socket(dns, NULL);
        CHECK_OK(WDSocketOpen(socket, WDS_KIND_CLIENT, port, names[i], 20000));
        CHECK_OK(WDSocketClose(socket));
    }
    socket = h_dns_socket(dns, NULL);
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_UDP, 0, "127.0.0.1", 0));
    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, names[0], port), 1);
    CHECK_OK(WDSocketClose(socket));
    h_close(peer);
    h_close(listener);
    h_dns_stop(dns);
}

/* Zeros in front are neither a name nor, silently, octal. */
TEST(addresses_with_zeros_in_front)
{
    int32_t socket = WDSocketCreateUDP(NULL, 0, "127.0.0.1");

    CHECK_CODE(WDSocketConnect(NULL, 5000, "192.168.001.010", 20000), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "write 192.168.1.10");
    CHECK_CODE(WDSocketConnect(NULL, 0, "127.000.000.001:5000", 20000), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "write 127.0.0.1");
    CHECK_CODE(WDSocketCreate(NULL, 0, "127.0.0.01"), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, "127.0.0.01", 5000), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketConnect(NULL, 5000, "10.0.0.300", 20000), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketClose(socket));
}

/* The system may know names that our own resolver does not: the text says how to ask it. */
TEST(unknown_names_name_the_systems_resolver)
{
    h_dns *dns = h_dns_start();
    int32_t socket = h_dns_socket(dns, NULL);

    CHECK_CODE(WDSocketOpen(socket, WDS_KIND_CLIENT, 5000, "printer.example", 20000), WDS_E_HOST_UNKNOWN);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "WDS_OPT_SYSTEM_RESOLVER");
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "printer.example");
    CHECK_OK(WDSocketClose(socket));
    h_dns_stop(dns);
}

TEST(slow_resolver)
{
    h_dns *dns = h_dns_start();
    int32_t socket = h_dns_socket(dns, NULL);
    int port;
    h_sock listener = h_listen("127.0.0.1", 0, 8, &port);
    int64_t start = h_now_us();

    h_dns_add(dns, "slow.example", "127.0.0.1", 700, H_DNS_ANSWER);
    CHECK_CODE(WDSocketOpen(socket, WDS_KIND_CLIENT, port, "slow.example", 300), WDS_E_RESOLVER);
    CHECK_TIME(start, 300);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_RESOLVE);
    CHECK_EQ(WDSocketState(socket), WDS_STATE_FAILED);
    /* the same socket may be opened again */
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_CLIENT, port, "slow.example", 20000));
    CHECK_EQ(WDSocketState(socket), WDS_STATE_OPEN);
    CHECK_OK(WDSocketClose(socket));
    h_close(listener);
    h_dns_stop(dns);
}

static void bad_resolver(int how, int time_kept)
{
    h_dns *dns = h_dns_start();
    int32_t socket = h_dns_socket(dns, NULL);
    int64_t start = h_now_us();

    h_dns_add(dns, "bad.example", "127.0.0.1", 0, how);
    CHECK_CODE(WDSocketOpen(socket, WDS_KIND_CLIENT, 5000, "bad.example", how == H_DNS_SERVFAIL ? 20000 : 800), WDS_E_RESOLVER);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_RESOLVE);
    if (time_kept)
        CHECK_TIME(start, 800);
    else
        CHECK_PROMPT(start);
    CHECK_OK(WDSocketClose(socket));
    h_dns_stop(dns);
}

TEST(silent_resolver)
{
    bad_resolver(H_DNS_SILENT, 1);
}

TEST(failing_resolver)
{
    bad_resolver(H_DNS_SERVFAIL, 0);
}

TEST(resolver_that_answers_somebody_else)
{
    bad_resolver(H_DNS_WRONG_ID, 1);
}

TEST(resolver_that_answers_nonsense)
{
    bad_resolver(H_DNS_GARBAGE, 0);
}

TEST(no_resolver_on_that_port)
{
    int port;
    h_sock udp = h_udp("127.0.0.1", &port);
    int32_t socket = WDSocketNew(NULL);
    char text[64];

    h_close(udp);
    snprintf(text, sizeof text, "127.0.0.1:%d", port);
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_DNS_SERVER, text));
    CHECK_CODE(WDSocketOpen(socket, WDS_KIND_CLIENT, 5000, "any.example", 2000), WDS_E_RESOLVER);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_RESOLVE);
    CHECK_OK(WDSocketClose(socket));
}

TEST(three_dead_addresses_then_a_live_one)
{
    static const char *const dead[] = {"127.0.0.2", "127.0.0.3", "127.0.0.4"};
    h_dns *dns = h_dns_start();
    int32_t socket = h_dns_socket(dns, NULL);
    int port, i;
    h_sock live = h_listen("127.0.0.1", 0, 8, &port), peer;
    h_hole holes[3];
    int64_t start;

    for (i = 0; i < 3; i++)
        h_hole_open(&holes[i], dead[i], port);
    h_dns_add(dns, "four.example", "127.0.0.2 127.0.0.3 127.0.0.4 127.0.0.1", 0, H_DNS_ANSWER);
    start = h_now_us();
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_CLIENT, port, "four.example", 20000));
    CHECK_WITHIN(start, 4000); /* a quarter of a second for each, and some air */
    peer = h_accept(live, 20000);
    CHECK(peer != H_NO_SOCK);
    CHECK_EQ(WDSocketClientInfo(socket, WDS_INFO_ADDRESS, NULL, 0), 9);
    CHECK_CODE(WDSocketWrite(socket, "hello", 5), 5);
    h_close(peer);
    CHECK_OK(WDSocketClose(socket));
    for (i = 0; i < 3; i++)
        h_hole_close(&holes[i]);
    h_close(live);
    h_dns_stop(dns);
}

TEST(all_addresses_refuse)
{
    h_dns *dns = h_dns_start();
    int32_t socket = h_dns_socket(dns, NULL);
    int64_t start = h_now_us();

    h_dns_add(dns, "two.example", "127.0.0.1 127.0.0.2", 0, H_DNS_ANSWER);
    CHECK_CODE(WDSocketOpen(socket, WDS_KIND_CLIENT, dead_port(), "two.example", 20000), WDS_E_REFUSED);
    CHECK_PROMPT(start);
    CHECK_OK(WDSocketClose(socket));
    h_dns_stop(dns);
}

/* ---- ended from another thread ---- */

typedef struct {
    const char *name, *address;
    int port, timeout_ms;
} target;

static int32_t connect_thread(void *argument)
{
    target *to = (target *)argument;

    return WDSocketConnect(to->name, to->port, to->address, to->timeout_ms);
}

static void end_while_connecting(target *to, int cancel)
{
    h_thread *thread = h_start(connect_thread, to);
    int32_t socket = WDS_E_NOT_FOUND;
    int64_t start, end;

    WAIT_UNTIL((socket = WDSocketFind(to->name)) > 0 && WDSocketState(socket) == WDS_STATE_CONNECTING);
    CHECK(!h_done(thread));
    start = h_now_us();
    CHECK_OK(cancel ? WDSocketCancel(socket) : WDSocketClose(socket));
    CHECK_CODE(h_join_at(thread, &end), cancel ? WDS_E_CANCELLED : WDS_E_CLOSED);
    CHECK_PROMPT_AT(start, end);
    WAIT_UNTIL(WDSocketFind(to->name) == WDS_E_NOT_FOUND);
    CHECK_EQ(WDSocketExist(socket), 0);
}

TEST(close_and_cancel_while_connecting)
{
    h_hole hole;
    target to;

    h_hole_open(&hole, "127.0.0.1", 0);
    to.name = "waiting";
    to.address = "127.0.0.1";
    to.port = hole.port;
    to.timeout_ms = 60000;
    end_while_connecting(&to, 0);
    end_while_connecting(&to, 1);
    to.timeout_ms = -1;
    end_while_connecting(&to, 0);
    h_hole_close(&hole);
}

static int32_t open_thread(void *argument)
{
    target *to = (target *)argument;

    return WDSocketOpen(WDSocketFind(to->name), WDS_KIND_CLIENT, to->port, to->address, to->timeout_ms);
}

/* name is asked for only here: a query that is still on its way from before does not count. */
static void end_while_resolving(h_dns *dns, const char *name, int cancel)
{
    int32_t socket = h_dns_socket(dns, "asking");
    target to;
    h_thread *thread;
    int64_t start, end;

    h_dns_add(dns, name, "", 0, H_DNS_SILENT);
    to.name = "asking";
    to.address = name;
    to.port = 5000;
    to.timeout_ms = 60000;
    thread = h_start(open_thread, &to);
    WAIT_UNTIL(h_dns_asked(dns, name) > 0);
    start = h_now_us();
    CHECK_OK(cancel ? WDSocketCancel(socket) : WDSocketClose(socket));
    CHECK_CODE(h_join_at(thread, &end), cancel ? WDS_E_CANCELLED : WDS_E_CLOSED);
    CHECK_PROMPT_AT(start, end);
    if (cancel) {
        CHECK_EQ(WDSocketState(socket), WDS_STATE_FAILED);
        CHECK_OK(WDSocketClose(socket));
    }
}

TEST(close_and_cancel_while_resolving)
{
    h_dns *dns = h_dns_start();

    end_while_resolving(dns, "closed.example", 0);
    end_while_resolving(dns, "cancelled.example", 1);
    h_dns_stop(dns);
}

TEST(opening_twice_at_once)
{
    h_hole hole;
    target to;
    h_thread *thread;
    int32_t socket = WDSocketNew("once");

    h_hole_open(&hole, "127.0.0.1", 0);
    to.name = "once";
    to.address = "127.0.0.1";
    to.port = hole.port;
    to.timeout_ms = 60000;
    thread = h_start(open_thread, &to);
    WAIT_UNTIL(WDSocketState(socket) == WDS_STATE_CONNECTING);
    CHECK_CODE(WDSocketOpen(socket, WDS_KIND_CLIENT, hole.port, "127.0.0.1", 100), WDS_E_STATE);
    CHECK_CODE(WDSocketConnect("once", hole.port, "127.0.0.1", 100), WDS_E_NAME_TAKEN);
    CHECK_CODE(WDSocketWrite(socket, "x", 1), WDS_E_NOT_CONNECTED);
    CHECK_CODE(WDSocketRead(socket, &to, 1, 0), WDS_E_NOT_CONNECTED);
    CHECK_OK(WDSocketClose(socket));
    CHECK_CODE(h_join(thread), WDS_E_CLOSED);
    h_hole_close(&hole);
}

/* ---- 0 ms ---- */

TEST(start_without_waiting_succeeds)
{
    int port;
    h_sock listener = h_listen("127.0.0.1", 0, 8, &port), peer;
    int32_t socket = WDSocketConnect("soon", port, "127.0.0.1", 0);

    REQUIRE(CHECK_GE(socket, 1));
    CHECK_CODE(WDSocketFind("soon"), socket);
    WAIT_UNTIL(WDSocketState(socket) == WDS_STATE_OPEN);
    CHECK_EQ(WDSocketErrorCode(socket, WDS_INFO_CODE), 0);
    peer = h_accept(listener, 20000);
    CHECK_CODE(WDSocketWrite(socket, "x", 1), 1);
    h_close(peer);
    h_close(listener);
    CHECK_OK(WDSocketClose(socket));
}

TEST(start_without_waiting_fails)
{
    int port = dead_port();
    int32_t socket = WDSocketConnect(NULL, port, "127.0.0.1", 0);
    char byte;

    REQUIRE(CHECK_GE(socket, 1));
    WAIT_UNTIL(WDSocketState(socket) == WDS_STATE_FAILED);
    CHECK_EQ(WDSocketErrorCode(socket, WDS_INFO_CODE), WDS_E_REFUSED);
    CHECK_HAS(h_error(socket, WDS_INFO_MESSAGE), "127.0.0.1");
    CHECK_CODE(WDSocketRead(socket, &byte, 1, 0), WDS_E_REFUSED);
    CHECK_EQ(WDSocketExist(socket), 1);
    CHECK_OK(WDSocketClose(socket));
}

TEST(start_without_waiting_then_close)
{
    h_hole hole;
    int64_t start = h_now_us();
    int32_t socket;

    h_hole_open(&hole, "127.0.0.1", 0);
    start = h_now_us();
    socket = WDSocketConnect("hanging", hole.port, "127.0.0.1", 0);
    CHECK_PROMPT(start);
    CHECK_EQ(WDSocketState(socket), WDS_STATE_CONNECTING);
    CHECK_OK(WDSocketCancel(socket));
    WAIT_UNTIL(WDSocketState(socket) == WDS_STATE_FAILED);
    CHECK_EQ(WDSocketErrorCode(socket, WDS_INFO_CODE), WDS_E_CANCELLED);
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_CLIENT, hole.port, "127.0.0.1", 0));
    CHECK_OK(WDSocketClose(socket));
    h_hole_close(&hole);
}

/* ---- own end ---- */

TEST(local_port_taken)
{
    int port;
    h_sock listener = h_listen("127.0.0.1", 0, 8, &port);
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");
    int32_t socket = WDSocketNew(NULL);

    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_LOCAL_ADDRESS, "127.0.0.1"));
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_LOCAL_PORT, h_port(server)));
    CHECK_CODE(WDSocketOpen(socket, WDS_KIND_CLIENT, port, "127.0.0.1", 5000), WDS_E_PORT_TAKEN);
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketClose(server));
    h_close(listener);
}

TEST(local_port_and_address_are_used)
{
    int port, free_port = dead_port();
    h_sock listener = h_listen("127.0.0.1", 0, 8, &port);
    int32_t socket = WDSocketNew(NULL);
    char text[64], expected[64];

    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_LOCAL_ADDRESS, "127.0.0.9"));
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_LOCAL_PORT, free_port));
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_CLIENT, port, "127.0.0.1", 5000));
    snprintf(expected, sizeof expected, "127.0.0.9:%d", free_port);
    CHECK_GE(WDSocketLocalInfo(socket, WDS_INFO_ENDPOINT, text, sizeof text), 0);
    CHECK_TEXT(text, expected);
    CHECK_EQ(h_option(socket, WDS_OPT_PEER_PORT), port);
    CHECK_CODE(WDSocketSetOption(socket, WDS_OPT_LOCAL_PORT, 0), WDS_E_STATE);
    CHECK_CODE(WDSocketSetText(socket, WDS_TEXT_LOCAL_ADDRESS, ""), WDS_E_STATE);
    CHECK_OK(WDSocketCloseEx(socket, WDS_CLOSE_ABORT, 0));
    h_close(listener);
}

TEST(local_address_of_another_machine)
{
    int32_t socket = WDSocketNew(NULL);

    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_LOCAL_ADDRESS, "192.0.2.77"));
    CHECK_CODE(WDSocketOpen(socket, WDS_KIND_CLIENT, 5000, "127.0.0.1", 5000), WDS_E_LOCAL_ADDRESS);
    CHECK_OK(WDSocketClose(socket));
    CHECK_CODE(WDSocketCreate(NULL, 0, "192.0.2.77"), WDS_E_LOCAL_ADDRESS);
    CHECK_CODE(WDSocketCreateUDP(NULL, 0, "192.0.2.77"), WDS_E_LOCAL_ADDRESS);
}

/* ---- addresses ---- */

TEST(address_with_port)
{
    int port;
    h_sock listener = h_listen("127.0.0.1", 0, 8, &port);
    char text[64];
    int32_t socket;

    snprintf(text, sizeof text, "127.0.0.1:%d", port);
    socket = WDSocketConnect(NULL, 0, text, 5000);
    CHECK_GE(socket, 1);
    CHECK_OK(WDSocketClose(socket));
    snprintf(text, sizeof text, "localhost:%d", port);
    socket = WDSocketConnect(NULL, 0, text, 5000);
    CHECK_GE(socket, 1);
    CHECK_OK(WDSocketClose(socket));
    CHECK_CODE(WDSocketConnect(NULL, port == 9 ? 10 : 9, text, 5000), WDS_E_ARGUMENT); /* two ports that differ */
    CHECK_CODE(WDSocketConnect(NULL, 0, "127.0.0.1:0", 5000), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketConnect(NULL, 0, "127.0.0.1:65536", 5000), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketConnect(NULL, 0, "127.0.0.1:", 5000), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketConnect(NULL, 0, "127.0.0.1", 5000), WDS_E_ARGUMENT);
    h_close(listener);
}

TEST(no_address_is_this_machine)
{
    int port;
    h_sock listener = h_listen("127.0.0.1", 0, 8, &port);
    int32_t socket = WDSocketConnect(NULL, port, NULL, 5000), other = WDSocketConnect(NULL, port, "", 5000);

    CHECK_GE(socket, 1);
    CHECK_GE(other, 1);
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketClose(other));
    h_close(listener);
}

TEST(six)
{
    int32_t server = WDSocketCreate(NULL, 0, "::1"), client, channel;
    char text[64], expected[64];

    REQUIRE(CHECK_GE(server, 1));
    snprintf(text, sizeof text, "[::1]:%d", h_port(server));
    client = WDSocketConnect(NULL, 0, text, 5000);
    CHECK_GE(client, 1);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(WDSocketAccept(server, 5000)));
    client = WDSocketConnect(NULL, h_port(server), "::1", 5000);
    CHECK_GE(client, 1);
    channel = WDSocketAccept(server, 5000);
    CHECK_GE(WDSocketClientInfo(client, WDS_INFO_ENDPOINT, expected, sizeof expected), 0);
    CHECK_TEXT(expected, text);
    CHECK_GE(WDSocketClientInfo(channel, WDS_INFO_ADDRESS, text, sizeof text), 0);
    CHECK_TEXT(text, "::1");
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}

TEST(address_family)
{
    int32_t server = WDSocketCreate(NULL, 0, "::1"), socket = WDSocketNew(NULL);

    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_ADDRESS_FAMILY, 4));
    CHECK(WDSocketOpen(socket, WDS_KIND_CLIENT, h_port(server), "::1", 5000) < 0);
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_ADDRESS_FAMILY, 6));
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_CLIENT, h_port(server), "::1", 5000));
    CHECK_CODE(WDSocketSetOption(socket, WDS_OPT_ADDRESS_FAMILY, 5), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketClose(server));
}

TEST(unknown_scheme)
{
    CHECK_CODE(WDSocketConnect(NULL, 0, "carrier-pigeon://roof", 5000), WDS_E_UNSUPPORTED);
    CHECK_CODE(WDSocketConnect(NULL, 80, "http://127.0.0.1", 5000), WDS_E_UNSUPPORTED);
#ifdef _WIN32
    CHECK_CODE(WDSocketConnect(NULL, 0, "unix:@nothing", 5000), WDS_E_UNSUPPORTED);
#else
    CHECK_CODE(WDSocketConnect(NULL, 0, "pipe:nothing", 5000), WDS_E_UNSUPPORTED);
#endif
    CHECK_CODE(WDSocketCreate(NULL, 0, "nothing://here"), WDS_E_UNSUPPORTED);
}

TEST(range_of_ports)
{
    int32_t first = WDSocketCreate(NULL, 0, "127.0.0.1"), second, port = h_port(first);
    char range[64];

    snprintf(range, sizeof range, "tcp://127.0.0.1:%d-%d", port, port < 65000 ? port + 500 : 65535);
    second = WDSocketCreate(NULL, 0, range);
    CHECK(second > 0 && h_port(second) > port);
    CHECK_OK(WDSocketClose(second));
    snprintf(range, sizeof range, ":%d-%d", port, port);
    CHECK_CODE(WDSocketCreate(NULL, 0, range), WDS_E_PORT_TAKEN);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), range + 1);
    CHECK_CODE(WDSocketConnect(NULL, 0, range, 1000), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketConnect(NULL, port, "127.0.0.1:1-2", 1000), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketClose(first));
}

TEST(tcp_scheme)
{
    int32_t server = WDSocketCreate(NULL, 0, "tcp://127.0.0.1"), client;
    char address[64];

    snprintf(address, sizeof address, "TCP://127.0.0.1:%d", h_port(server));
    client = WDSocketConnect(NULL, 0, address, 5000);
    CHECK(client > 0);
    CHECK_CODE(WDSocketConnectSSL(NULL, 0, address, 0, 5000, NULL, NULL), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "tls://");
    CHECK_CODE(WDSocketConnect(NULL, 0, "tcp:127.0.0.1", 5000), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

TEST(strange_addresses)
{
    static const char *const bad[] = {"[::1", "::1]:80", "a b", "127.0.0.1:80:80", "[::1]80", ":", "%", "[%]:1", "tls://", "tcp://a b:1", "unix:", "unix:x", "pipe:", "local:/", "ws://x:y/"};
    size_t i;

    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int32_t result = WDSocketConnect(NULL, 0, bad[i], 1000);

        if (!CHECK(result == WDS_E_ARGUMENT || result == WDS_E_HOST_UNKNOWN || result == WDS_E_UNSUPPORTED))
            printf("      address \"%s\" gave %d\n", bad[i], (int)result);
        if (result > 0)
            WDSocketClose(result);
    }
}

TEST(peer_accepts_then_stays_silent)
{
    h_half half;
    char byte;
    int64_t start;

    REQUIRE(h_half_client(&half));
    start = h_now_us();
    CHECK_CODE(WDSocketRead(half.socket, &byte, 1, 300), WDS_E_TIMEOUT);
    CHECK_TIME(start, 300);
    CHECK_EQ(WDSocketState(half.socket), WDS_STATE_OPEN);
    h_half_close(&half);
}

TEST(system_resolver)
{
    int port;
    h_sock listener = h_listen("127.0.0.1", 0, 8, &port);
    int32_t socket = WDSocketNew(NULL);

    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_SYSTEM_RESOLVER, 1));
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_CLIENT, port, "localhost", 20000));
    CHECK_OK(WDSocketClose(socket));
    h_close(listener);
}
