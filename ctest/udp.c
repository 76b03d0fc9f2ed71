/*
 * udp.c - datagrams: sizes, senders, names, groups, and what comes back.
 */
#include "harness.h"

static int32_t udp_on(int *port)
{
    int32_t socket = WDSocketCreateUDP(NULL, 0, "127.0.0.1");

    CHECK_GE(socket, 1);
    *port = h_port(socket);
    return socket;
}

TEST(there_and_back)
{
    int a_port, b_port;
    int32_t a = udp_on(&a_port), b = udp_on(&b_port), port = 0;
    char got[32], address[64];

    CHECK_EQ(WDSocketState(a), WDS_STATE_OPEN);
    CHECK_CODE(WDSocketWriteUDP(a, "hello", 5, "127.0.0.1", b_port), 5);
    CHECK_BYTES(got, WDSocketReadUDP(b, got, (int32_t)sizeof got, 20000, address, (int32_t)sizeof address, &port), "hello", 5);
    CHECK_TEXT(address, "127.0.0.1");
    CHECK_EQ(port, a_port);
    CHECK_CODE(WDSocketWrite(b, "to the last sender", -1), 18);
    CHECK_CODE(WDSocketRead(a, got, (int32_t)sizeof got, 20000), 18);
    CHECK_CODE(WDSocketWriteUDP(a, "too", 3, NULL, 0), 3); /* the last sender as well */
    CHECK_CODE(WDSocketReadUDP(b, got, (int32_t)sizeof got, 20000, NULL, 0, NULL), 3);
    CHECK_EQ(h_option(b, WDS_OPT_PEER_PORT), a_port);
    CHECK_EQ(h_option(b, WDS_OPT_KIND), WDS_KIND_UDP);
    CHECK_OK(WDSocketClose(a));
    CHECK_OK(WDSocketClose(b));
}

TEST(the_sender_of_each_datagram)
{
    int port, ports[3], i;
    int32_t socket = udp_on(&port), from;
    h_sock peers[3];
    char got[8], text[64], expected[96];

    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, NULL, 0), WDS_E_NO_DESTINATION);
    CHECK_CODE(WDSocketWrite(socket, "x", 1), WDS_E_NO_DESTINATION);
    CHECK_CODE(WDSocketClientInfo(socket, WDS_INFO_ADDRESS, text, (int32_t)sizeof text), WDS_E_NO_DESTINATION);
    for (i = 0; i < 3; i++) {
        peers[i] = h_udp(i == 2 ? "127.0.0.5" : "127.0.0.1", &ports[i]);
        CHECK(h_udp_send(peers[i], "127.0.0.1", port, "abc" + i, 1));
    }
    for (i = 0; i < 3; i++) {
        CHECK_CODE(WDSocketReadUDP(socket, got, (int32_t)sizeof got, 20000, text, (int32_t)sizeof text, &from), 1);
        CHECK_EQ(got[0], 'a' + i);
        CHECK_EQ(from, ports[i]);
        CHECK_TEXT(text, i == 2 ? "127.0.0.5" : "127.0.0.1");
        snprintf(expected, sizeof expected, "%s:%d", text, ports[i]);
        CHECK_GE(WDSocketClientInfo(socket, WDS_INFO_ENDPOINT, text, (int32_t)sizeof text), 0);
        CHECK_TEXT(text, expected);
        CHECK_CODE(WDSocketWrite(socket, "reply", 5), 5);
        CHECK_EQ(h_udp_recv(peers[i], text, (int)sizeof text, 20000, NULL), 5);
        h_close(peers[i]);
    }
    CHECK_OK(WDSocketClose(socket));
}

TEST(short_buffers)
{
    int port;
    int32_t socket = udp_on(&port), from = 0;
    h_sock peer = h_udp("127.0.0.1", NULL);
    char got[16], address[64];

    CHECK(h_udp_send(peer, "127.0.0.1", port, "0123456789", 10));
    CHECK_CODE(WDSocketRead(socket, NULL, 0, 20000), 10);
    memset(got, '#', sizeof got);
    CHECK_CODE(WDSocketRead(socket, got, 9, 20000), WDS_E_BUFFER);
    CHECK_CODE(WDSocketRead(socket, got, 0, 20000), WDS_E_BUFFER);
    CHECK_CODE(WDSocketReadUDP(socket, got, 9, 20000, address, (int32_t)sizeof address, &from), WDS_E_BUFFER);
    CHECK_CODE(WDSocketReadUDP(socket, got, (int32_t)sizeof got, 20000, address, 4, &from), WDS_E_BUFFER);
    CHECK_TEXT(address, "");
    CHECK_BYTES(got, 4, "####", 4);
    CHECK_CODE(WDSocketReadUDP(socket, NULL, 0, 20000, address, (int32_t)sizeof address, &from), 10);
    CHECK_CODE(WDSocketReadUDP(socket, got, 10, 20000, address, (int32_t)sizeof address, &from), 10); /* nothing was lost */
    CHECK_BYTES(got, 11, "0123456789#", 11);
    CHECK_CODE(WDSocketRead(socket, got, (int32_t)sizeof got, 0), WDS_E_TIMEOUT);
    h_close(peer);
    CHECK_OK(WDSocketClose(socket));
}

TEST(empty_datagram)
{
    int a_port, b_port;
    int32_t a = udp_on(&a_port), b = udp_on(&b_port), port = 0;
    char got[8];
    int64_t start = h_now_us();

    CHECK_CODE(WDSocketReadUDP(b, got, (int32_t)sizeof got, 200, NULL, 0, &port), WDS_E_TIMEOUT);
    CHECK_TIME(start, 200);
    CHECK_CODE(WDSocketWriteUDP(a, NULL, 0, "127.0.0.1", b_port), 0);
    CHECK_CODE(WDSocketReadUDP(b, got, (int32_t)sizeof got, 20000, NULL, 0, &port), 0);
    CHECK_EQ(port, a_port);
    CHECK_OK(WDSocketClose(a));
    CHECK_OK(WDSocketClose(b));
}

TEST(biggest_and_too_big)
{
    int a_port, b_port;
    int32_t a = udp_on(&a_port), b = udp_on(&b_port);
    static char data[70000], got[70000];

    h_pattern(data, 65507, 3);
    CHECK_OK(WDSocketSetOption(a, WDS_OPT_SEND_BUFFER, 200000));
    CHECK_CODE(WDSocketWriteUDP(a, data, 65508, "127.0.0.1", b_port), WDS_E_DATAGRAM_SIZE);
    CHECK_CODE(WDSocketWriteUDP(a, data, 70000, "127.0.0.1", b_port), WDS_E_DATAGRAM_SIZE);
    CHECK_CODE(WDSocketWriteUDP(a, data, 65507, "127.0.0.1", b_port), 65507);
    CHECK_CODE(WDSocketRead(b, got, (int32_t)sizeof got, 20000), 65507);
    CHECK(h_pattern_ok(got, 65507, 3));
    CHECK_OK(WDSocketClose(a));
    CHECK_OK(WDSocketClose(b));
}

TEST(port_unreachable)
{
    int port, dead, i;
    int32_t socket = udp_on(&port), result = WDS_E_TIMEOUT;
    char got[8];
    h_sock gone = h_udp("127.0.0.1", &dead);

    h_close(gone);
    /* by default UDP keeps silent about it, and what comes later is not spoilt */
    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, "127.0.0.1", dead), 1);
    CHECK_CODE(WDSocketRead(socket, got, (int32_t)sizeof got, 200), WDS_E_TIMEOUT);
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_UDP_ERRORS, 1));
    for (i = 0; i < 20 && result == WDS_E_TIMEOUT; i++) {
        int32_t sent = WDSocketWriteUDP(socket, "x", 1, "127.0.0.1", dead);

        if (sent < 0)
            result = sent;
        else
            result = WDSocketRead(socket, got, (int32_t)sizeof got, 500);
    }
    CHECK_CODE(result, WDS_E_PORT_UNREACHABLE);
    {
        char endpoint[32];

        snprintf(endpoint, sizeof endpoint, "%d", dead);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), endpoint);
    }
    h_sock peer = h_udp("127.0.0.1", NULL);
    CHECK(h_udp_send(peer, "127.0.0.1", port, "ok", 2));
    do
        result = WDSocketRead(socket, got, (int32_t)sizeof got, 20000);
    while (result == WDS_E_PORT_UNREACHABLE);
    CHECK_CODE(result, 2); /* still in use */
    h_close(peer);
    CHECK_OK(WDSocketClose(socket));
}

TEST(names)
{
    h_dns *dns = h_dns_start();
    int32_t socket = h_dns_socket(dns, NULL);
    int port;
    h_sock peer = h_udp("127.0.0.1", &port);
    char got[16], address[64];
    int i;

    h_dns_add(dns, "sink.example", "127.0.0.1", 0, H_DNS_ANSWER);
    h_dns_add(dns, "broken.example", "", 0, H_DNS_SERVFAIL);
    h_dns_add(dns, "silent.example", "", 0, H_DNS_SILENT);
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_UDP, 0, "127.0.0.1", 0));
    for (i = 0; i < 5; i++)
        CHECK_CODE(WDSocketWriteUDP(socket, "named", 5, "sink.example", port), 5);
    for (i = 0; i < 5; i++)
        CHECK_EQ(h_udp_recv(peer, got, (int)sizeof got, 20000, NULL), 5);
    CHECK(h_dns_asked(dns, "sink.example") <= 2); /* A and AAAA, once */
    snprintf(address, sizeof address, "sink.example:%d", port);
    CHECK_CODE(WDSocketWriteUDP(socket, "named", 5, address, 0), 5);
    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, "nobody.example", port), WDS_E_HOST_UNKNOWN);
    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, "broken.example", port), WDS_E_RESOLVER);
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_RESOLVE_TIMEOUT, 400));
    {
        int64_t start = h_now_us();

        CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, "silent.example", port), WDS_E_RESOLVER);
        CHECK_TIME(start, 400);
    }
    h_close(peer);
    CHECK_OK(WDSocketClose(socket));
    h_dns_stop(dns);
}

TEST(localhost_and_six)
{
    int port;
    int32_t socket = WDSocketCreateUDP(NULL, 0, NULL), six = WDSocketCreateUDP(NULL, 0, "::1"), from;
    char got[16], address[64];

    if (!h_has_six()) {
        CHECK_CODE(six, WDS_E_LOCAL_ADDRESS);
        CHECK_OK(WDSocketClose(socket));
        return;
    }
    port = h_port(socket);
    CHECK_CODE(WDSocketWriteUDP(six, "6", 1, "::1", port), 1);
    CHECK_CODE(WDSocketReadUDP(socket, got, (int32_t)sizeof got, 20000, address, (int32_t)sizeof address, &from), 1);
    CHECK_TEXT(address, "::1");
    CHECK_EQ(from, h_port(six));
    CHECK_CODE(WDSocketWriteUDP(socket, "self", 4, "localhost", port), 4);
    CHECK_CODE(WDSocketReadUDP(socket, got, (int32_t)sizeof got, 20000, address, (int32_t)sizeof address, &from), 4);
    CHECK_CODE(WDSocketWriteUDP(socket, "4", 1, "127.0.0.1", port), 1);
    CHECK_CODE(WDSocketReadUDP(socket, got, (int32_t)sizeof got, 20000, address, (int32_t)sizeof address, &from), 1);
    CHECK_TEXT(address, "127.0.0.1"); /* of a socket for both families */
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketClose(six));
}

TEST(port_taken_and_shared)
{
    int port;
    int32_t one = udp_on(&port), two, three;

    CHECK_CODE(WDSocketCreateUDP(NULL, port, "127.0.0.1"), WDS_E_PORT_TAKEN);
    CHECK_OK(WDSocketClose(one));
    two = WDSocketNew(NULL);
    three = WDSocketNew(NULL);
    CHECK_OK(WDSocketSetOption(two, WDS_OPT_EXCLUSIVE_PORT, 0));
    CHECK_OK(WDSocketSetOption(three, WDS_OPT_EXCLUSIVE_PORT, 0));
    CHECK_OK(WDSocketOpen(two, WDS_KIND_UDP, port, "127.0.0.1", 0));
    CHECK_OK(WDSocketOpen(three, WDS_KIND_UDP, port, "127.0.0.1", 0));
    CHECK_OK(WDSocketClose(two));
    CHECK_OK(WDSocketClose(three));
}

TEST(several_at_once)
{
    int port, i;
    int32_t socket = udp_on(&port), lengths[8], length;
    h_sock peer = h_udp("127.0.0.1", NULL);
    char got[32];
    const void *data;
    void *message;

    for (i = 0; i < 4; i++)
        CHECK(h_udp_send(peer, "127.0.0.1", port, "abcd", i + 1));
    WAIT_UNTIL(WDSocketAvailable(socket) > 0);
    i = 0;
    while (i < 3) {
        int32_t n = WDSocketReadMany(socket, got, (int32_t)sizeof got, lengths, 3 - i, 20000);

        REQUIRE(CHECK_GE(n, 1));
        CHECK_EQ(lengths[0], i + 1);
        i += n;
    }
    CHECK_CODE(WDSocketReadMessage(socket, 20000, &data, &length, &message), 4);
    CHECK_BYTES(data, length, "abcd", 4);
    CHECK_OK(WDSocketMessageFree(message));
    h_close(peer);
    CHECK_OK(WDSocketClose(socket));
}

TEST(ended_from_outside)
{
    int port;
    int32_t socket = udp_on(&port);
    h_thread *thread = h_blocked_reader(socket);
    int64_t start = h_now_us(), end;
    char got[8];

    CHECK_CODE(WDSocketRead(socket, got, (int32_t)sizeof got, -1), WDS_E_BUSY);
    CHECK_OK(WDSocketCancel(socket));
    CHECK_CODE(h_join_at(thread, &end), WDS_E_CANCELLED);
    CHECK_PROMPT_AT(start, end);
    thread = h_blocked_reader(socket);
    start = h_now_us();
    CHECK_OK(WDSocketClose(socket));
    CHECK_CODE(h_join_at(thread, &end), WDS_E_CLOSED);
    CHECK_PROMPT_AT(start, end);
}

TEST(not_a_stream)
{
    int port;
    int32_t socket = udp_on(&port), server = WDSocketCreate(NULL, 0, "127.0.0.1");
    char got[8];

    CHECK_CODE(WDSocketChangeTransmissionMode(socket, WDS_MODE_RAW, NULL, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketAccept(socket, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketWaitForConnection(socket, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketDeny(socket), WDS_E_KIND);
    CHECK_CODE(WDSocketCloseEx(socket, WDS_CLOSE_WRITE, 100), WDS_E_KIND);
    CHECK_CODE(WDSocketReadUDP(server, got, (int32_t)sizeof got, 0, NULL, 0, NULL), WDS_E_KIND);
    CHECK_CODE(WDSocketWriteUDP(server, "x", 1, "127.0.0.1", 5000), WDS_E_KIND);
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketClose(server));
}

/* ---- which own address ---- */

/* What LocalInfo tells of the last datagram. */
static const char *destination(int32_t socket)
{
    static char text[64];

    text[0] = 0;
    CHECK_GE(WDSocketLocalInfo(socket, WDS_INFO_DESTINATION, text, (int32_t)sizeof text), 0);
    return text;
}

/* Asks the socket at one of its addresses. */
static void ask_at(int32_t socket, h_sock peer, const char *asked, int port)
{
    char got[8], address[64];
    int32_t from = 0;

    CHECK(h_udp_send(peer, asked, port, "?", 1));
    CHECK_CODE(WDSocketReadUDP(socket, got, (int32_t)sizeof got, 20000, address, (int32_t)sizeof address, &from), 1);
    CHECK_TEXT(destination(socket), asked);
}

TEST(the_address_that_was_asked)
{
    int32_t all = WDSocketCreateUDP(NULL, 0, NULL), four = WDSocketCreateUDP(NULL, 0, "0.0.0.0"), one, client;
    int one_port;
    h_sock peer = h_udp("127.0.0.1", NULL);
    char text[64];

    one = udp_on(&one_port);
    CHECK_CODE(WDSocketLocalInfo(all, WDS_INFO_DESTINATION, text, (int32_t)sizeof text), WDS_E_NO_DESTINATION);
    ask_at(all, peer, "127.0.0.2", h_port(all));
    ask_at(all, peer, "127.0.0.1", h_port(all));
    ask_at(four, peer, "127.0.0.3", h_port(four));
    ask_at(one, peer, "127.0.0.1", one_port);
    h_close(peer);
    if (h_has_six()) {
        peer = h_udp("::1", NULL);
        ask_at(all, peer, "::1", h_port(all));
        h_close(peer);
    }
    client = WDSocketNew(NULL);
    CHECK_CODE(WDSocketLocalInfo(client, WDS_INFO_DESTINATION, text, (int32_t)sizeof text), WDS_E_NOT_CONNECTED);
    CHECK_CODE(WDSocketClientInfo(all, WDS_INFO_DESTINATION, text, (int32_t)sizeof text), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketClose(client));
    client = WDSocketCreate(NULL, 0, "127.0.0.1");
    CHECK_CODE(WDSocketLocalInfo(client, WDS_INFO_DESTINATION, text, (int32_t)sizeof text), WDS_E_KIND);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(all));
    CHECK_OK(WDSocketClose(four));
    CHECK_OK(WDSocketClose(one));
}

/* The peer hears the answer from the address that it asked. */
static void answered_from(h_sock peer, const char *asked, int port)
{
    char got[8], address[64];
    int from = 0;

    CHECK_EQ(h_udp_recv_from(peer, got, (int)sizeof got, 20000, address, &from), 1);
    CHECK_TEXT(address, asked);
    CHECK_EQ(from, port);
}

static void answers(const char *local, const char *peer_at, const char *const *asked)
{
    int32_t socket = WDSocketCreateUDP(NULL, 0, local), from = 0;
    int port = h_port(socket), i, peer_port;
    h_sock peer = h_udp(peer_at, &peer_port), other = h_udp(peer_at, NULL);
    char got[8], address[64];

    for (i = 0; asked[i]; i++) {
        ask_at(socket, peer, asked[i], port);
        CHECK_CODE(WDSocketWrite(socket, "1", 1), 1);
        answered_from(peer, asked[i], port);
        CHECK_CODE(WDSocketWriteUDP(socket, "2", 1, NULL, 0), 1);
        answered_from(peer, asked[i], port);
        CHECK_CODE(WDSocketWriteUDP(socket, "3", 1, peer_at, peer_port), 1); /* the same peer by its address */
        answered_from(peer, asked[i], port);
        /* one by one, and never the other's */
        CHECK(h_udp_send(other, peer_at, port, "!", 1));
        CHECK_CODE(WDSocketReadUDP(socket, got, (int32_t)sizeof got, 20000, address, (int32_t)sizeof address, &from), 1);
        CHECK_CODE(WDSocketWrite(socket, "4", 1), 1);
        answered_from(other, peer_at, port);
    }
    h_close(peer);
    h_close(other);
    CHECK_OK(WDSocketClose(socket));
}

TEST(answers_leave_from_the_address_that_was_asked)
{
    static const char *const four[] = {"127.0.0.2", "127.0.0.1", "127.0.0.3", NULL};
    static const char *const six[] = {"::1", NULL};

    answers(NULL, "127.0.0.1", four);
    answers("0.0.0.0", "127.0.0.1", four);
    if (h_has_six())
        answers(NULL, "::1", six);
}

/* ---- names with addresses of both families ---- */

/* Whether a datagram to the name arrives at the peer. */
static void named(h_dns *dns, const char *local, const char *name, int port, h_sock peer)
{
    int32_t socket = h_dns_socket(dns, NULL);
    char got[8];
    int i;

    CHECK_OK(WDSocketOpen(socket, WDS_KIND_UDP, 0, local, 0));
    for (i = 0; i < 2; i++) { /* looked up, and remembered */
        CHECK_CODE(WDSocketWriteUDP(socket, "name", 4, name, port), 4);
        CHECK_EQ(h_udp_recv(peer, got, (int)sizeof got, 20000, NULL), 4);
    }
    CHECK_OK(WDSocketClose(socket));
}

TEST(names_with_two_families)
{
    h_dns *dns = h_dns_start();
    int port, i, six = h_has_six();
    h_sock four_peer = h_udp("127.0.0.1", &port), six_peer = H_NO_SOCK;
    int six_port = 0;

    if (six)
        six_peer = h_udp("::1", &six_port);
    h_dns_add(dns, "both.example", "127.0.0.1 ::1", 0, H_DNS_FOUR_FIRST);
    h_dns_add(dns, "plain.example", "::1 127.0.0.1", 0, H_DNS_ANSWER);
    for (i = 0; i < 10; i++) {
        const char *name = i % 2 ? "both.example" : "plain.example";

        /* a socket for both: ::1 comes first (RFC 6724, rule 6) unless it cannot be reached */
        if (six)
            named(dns, NULL, name, six_port, six_peer);
        else
            named(dns, NULL, name, port, four_peer);
        /* a socket of one family takes the address that it can reach */
        named(dns, "127.0.0.1", name, port, four_peer);
        if (six)
            named(dns, "::1", name, six_port, six_peer);
    }
    h_close(four_peer);
    if (six)
        h_close(six_peer);
    h_dns_stop(dns);
}

/* The first address cannot be reached from a socket on loopback: the next one is
   tried, and only that one is remembered. */
TEST(the_next_address_of_a_name)
{
    h_dns *dns = h_dns_start();
    int32_t socket = h_dns_socket(dns, NULL);
    int port, asked;
    h_sock peer = h_udp("127.0.0.1", &port);

    h_dns_add(dns, "far.example", "203.0.113.1 127.0.0.1", 0, H_DNS_ANSWER);
    named(dns, "127.0.0.1", "far.example", port, peer);
    h_dns_add(dns, "six.example", "::1", 0, H_DNS_ANSWER);
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_UDP, 0, "127.0.0.1", 0));
    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, "six.example", port), WDS_E_UNREACHABLE);
    asked = h_dns_asked(dns, "six.example");
    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, "six.example", port), WDS_E_UNREACHABLE);
    CHECK(h_dns_asked(dns, "six.example") > asked); /* it was not remembered */
    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, "::1", port), WDS_E_UNREACHABLE);
    h_close(peer);
    CHECK_OK(WDSocketClose(socket));
    h_dns_stop(dns);
}

#ifdef H_UNIX

TEST(broadcast)
{
    int32_t socket = WDSocketCreateUDP(NULL, 0, "0.0.0.0"), other = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    int port = h_port(socket);
    char got[8];

    CHECK_EQ(h_option(other, WDS_OPT_BROADCAST), 1);
    CHECK_CODE(WDSocketWriteUDP(other, "all", 3, "127.255.255.255", port), 3);
    CHECK_CODE(WDSocketRead(socket, got, (int32_t)sizeof got, 20000), 3);
    CHECK_OK(WDSocketSetOption(other, WDS_OPT_BROADCAST, 0));
    CHECK_CODE(WDSocketWriteUDP(other, "all", 3, "127.255.255.255", port), WDS_E_ACCESS);
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketClose(other));
}

static void group(const char *join, const char *address, const char *local)
{
    int32_t listener = WDSocketCreateUDP(NULL, 0, NULL), sender = WDSocketCreateUDP(NULL, 0, local);
    int port = h_port(listener);
    char got[8];

    CHECK_OK(WDSocketSetText(sender, WDS_TEXT_MULTICAST_INTERFACE, "lo"));
    CHECK_OK(WDSocketSetOption(sender, WDS_OPT_MULTICAST_TTL, 0));
    CHECK_OK(WDSocketSetText(listener, WDS_TEXT_MULTICAST_JOIN, join));
    CHECK_CODE(WDSocketWriteUDP(sender, "club", 4, address, port), 4);
    CHECK_CODE(WDSocketRead(listener, got, (int32_t)sizeof got, 20000), 4);
    CHECK_OK(WDSocketSetText(listener, WDS_TEXT_MULTICAST_LEAVE, join));
    CHECK_CODE(WDSocketWriteUDP(sender, "club", 4, address, port), 4);
    CHECK_CODE(WDSocketRead(listener, got, (int32_t)sizeof got, 200), WDS_E_TIMEOUT);
    CHECK(WDSocketSetText(listener, WDS_TEXT_MULTICAST_LEAVE, join) < 0); /* no member any more */
    CHECK_OK(WDSocketClose(listener));
    CHECK_OK(WDSocketClose(sender));
}

/* A socket hears no group that only another one joined. */
TEST(groups_of_others)
{
    static const char *const locals[] = {NULL, "0.0.0.0", NULL};
    int i;

    for (i = 0; i < 3; i++) {
        int32_t member = WDSocketNew(NULL), other = WDSocketNew(NULL), sender = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
        int port;
        char got[8];

        CHECK_OK(WDSocketSetOption(member, WDS_OPT_EXCLUSIVE_PORT, 0));
        CHECK_OK(WDSocketSetOption(other, WDS_OPT_EXCLUSIVE_PORT, 0));
        if (i == 2) { /* else they are for both families, where the system has it so for IPv4 anyway */
            CHECK_OK(WDSocketSetOption(member, WDS_OPT_ADDRESS_FAMILY, 4));
            CHECK_OK(WDSocketSetOption(other, WDS_OPT_ADDRESS_FAMILY, 4));
        }
        CHECK_OK(WDSocketOpen(member, WDS_KIND_UDP, 0, locals[i], 0));
        port = h_port(member);
        CHECK_OK(WDSocketOpen(other, WDS_KIND_UDP, port, locals[i], 0));
        CHECK_OK(WDSocketSetText(member, WDS_TEXT_MULTICAST_JOIN, "239.20.30.41%lo"));
        CHECK_OK(WDSocketSetText(sender, WDS_TEXT_MULTICAST_INTERFACE, "lo"));
        CHECK_CODE(WDSocketWriteUDP(sender, "club", 4, "239.20.30.41", port), 4);
        CHECK_CODE(WDSocketRead(member, got, (int32_t)sizeof got, 20000), 4);
        CHECK_TEXT(destination(member), "239.20.30.41");
        CHECK_CODE(WDSocketRead(other, got, (int32_t)sizeof got, 50), WDS_E_TIMEOUT);
        CHECK_OK(WDSocketClose(member));
        CHECK_OK(WDSocketClose(other));
        CHECK_OK(WDSocketClose(sender));
    }
}

/* A socket on a group's address is a member, gets nothing else, and has its port
   alone. */
TEST(on_a_group)
{
    int32_t socket = WDSocketNew(NULL), sender = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    int port;
    char got[8], text[64];

    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_MULTICAST_INTERFACE, "lo"));
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_UDP, 0, "239.20.30.42", 0));
    port = h_port(socket);
    CHECK_GE(WDSocketLocalInfo(socket, WDS_INFO_ADDRESS, text, (int32_t)sizeof text), 1);
    CHECK_TEXT(text, "239.20.30.42");
    CHECK_OK(WDSocketSetText(sender, WDS_TEXT_MULTICAST_INTERFACE, "lo"));
    CHECK_CODE(WDSocketWriteUDP(sender, "alone", 5, "127.0.0.1", port), 5);
    CHECK_CODE(WDSocketWriteUDP(sender, "club", 4, "239.20.30.42", port), 4);
    CHECK_CODE(WDSocketRead(socket, got, (int32_t)sizeof got, 20000), 4);
    CHECK_TEXT(destination(socket), "239.20.30.42");
    CHECK_CODE(WDSocketWrite(socket, "back", 4), 4); /* from an address that is no group */
    CHECK_CODE(WDSocketRead(sender, got, (int32_t)sizeof got, 20000), 4);
    CHECK_CODE(WDSocketCreateUDP(NULL, port, "239.20.30.42%lo"), WDS_E_PORT_TAKEN);
    CHECK_CODE(WDSocketCreateUDP(NULL, port, "0.0.0.0"), WDS_E_PORT_TAKEN);
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_MULTICAST_JOIN, "239.20.30.42%lo")); /* it is one already */
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_MULTICAST_LEAVE, "239.20.30.42%lo"));
    CHECK_CODE(WDSocketWriteUDP(sender, "club", 4, "239.20.30.42", port), 4);
    CHECK_CODE(WDSocketRead(socket, got, (int32_t)sizeof got, 50), WDS_E_TIMEOUT);
    CHECK_OK(WDSocketClose(socket));
    /* with the interface in the address, and shared */
    socket = WDSocketNew(NULL);
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_EXCLUSIVE_PORT, 0));
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_UDP, port, "239.20.30.42%lo", 0));
    CHECK_CODE(WDSocketWriteUDP(sender, "club", 4, "239.20.30.42", port), 4);
    CHECK_CODE(WDSocketRead(socket, got, (int32_t)sizeof got, 20000), 4);
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketClose(sender));
    CHECK_CODE(WDSocketCreateUDP(NULL, 0, "239.20.30.42%nosuchinterface"), WDS_E_LOCAL_ADDRESS);
}

TEST(groups)
{
    group("239.20.30.40%lo", "239.20.30.40", "127.0.0.1");
}

/* Loopback carries no groups of IPv6: joining is all that can be tried there. */
TEST(groups_of_six)
{
    int32_t socket;

    if (!h_has_six()) {
        CHECK(WDSocketCreateUDP(NULL, 0, "ff02::4242%lo") < 0);
        return;
    }
    socket = WDSocketCreateUDP(NULL, 0, "ff02::4242%lo");
    CHECK_GE(socket, 1);
    CHECK_CODE(WDSocketCreateUDP(NULL, h_port(socket), "ff02::4242%lo"), WDS_E_PORT_TAKEN);
    CHECK_OK(WDSocketClose(socket));
    CHECK_CODE(WDSocketCreateUDP(NULL, 0, "ff02::4242"), WDS_E_LOCAL_ADDRESS);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "WDS_TEXT_MULTICAST_INTERFACE");
    socket = WDSocketCreateUDP(NULL, 0, NULL);
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_MULTICAST_JOIN, "ff02::4242%lo"));
    CHECK(WDSocketSetText(socket, WDS_TEXT_MULTICAST_JOIN, "ff02::4242%lo") < 0); /* a member already */
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_MULTICAST_LEAVE, "ff02::4242%lo"));
    CHECK(WDSocketSetText(socket, WDS_TEXT_MULTICAST_LEAVE, "ff02::4242%lo") < 0);
    CHECK_OK(WDSocketClose(socket));
}

#endif

TEST(group_that_is_none)
{
    int port;
    int32_t socket = udp_on(&port), client = WDSocketNew(NULL);

    CHECK_CODE(WDSocketSetText(socket, WDS_TEXT_MULTICAST_JOIN, "127.0.0.1"), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetText(socket, WDS_TEXT_MULTICAST_JOIN, "not an address"), WDS_E_ARGUMENT);
    CHECK(WDSocketSetText(socket, WDS_TEXT_MULTICAST_JOIN, "239.1.1.1%nosuchinterface") < 0);
    CHECK(WDSocketSetText(client, WDS_TEXT_MULTICAST_JOIN, "239.1.1.1") < 0); /* not open */
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketClose(client));
}
