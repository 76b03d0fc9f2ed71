/*
 * proxy.c - clients that reach their server through proxies: CONNECT and SOCKS5, chains,
 * answers in pieces of one byte and with bytes behind them, passwords, failures of each
 * kind, queues and reconnecting. The proxies are this program's own; real ones are in
 * peers/proxies.sh.
 */
#include "harness.h"

#define SECRET "s3cret"

enum { HTTP, SOCKS };

/* A proxy that serves one connection at a time, until it is stopped. */
typedef struct {
    int kind, port;
    int pieces;          /* its answers come in pieces of one byte */
    int wants;           /* user "anna" and the SECRET */
    const char *behind;  /* comes in one piece with its answer */
    const char *answers; /* to anything, instead */
    int silent;
    volatile int stop;
    volatile int served; /* connections that were asked for */
    char asked[300];     /* the last target */
    h_sock listener;
    h_thread *thread;
} proxy;

/* One direction of a connection. */
typedef struct {
    h_sock from, to;
    proxy *of;
} direction;

static int32_t relay(void *argument)
{
    direction *d = argument;
    char byte;
    int got = 0;

    while (!d->of->stop && got >= 0) {
        got = h_recv(d->from, &byte, 1, 50);
        if (got == 1)
            h_send(d->to, &byte, 1);
        else if (h_recv_end(d->from, 1) != 0)
            got = -1;
    }
    h_shut_write(d->to);
    return 0;
}

static void answer(proxy *p, h_sock sock, const char *text, int length)
{
    if (p->pieces)
        h_send_chunks(sock, text, length, 1, 0);
    else
        h_send(sock, text, length);
}

/* Reads a request of CONNECT up to its empty line. */
static int read_connect(proxy *p, h_sock sock)
{
    char text[2000] = "";
    int length = 0;

    while (length < (int)sizeof text - 1 && !strstr(text, "\r\n\r\n")) {
        if (h_recv(sock, text + length, 1, H_PATIENCE) != 1)
            return 0;
        text[++length] = '\0';
    }
    if (sscanf(text, "CONNECT %255s HTTP/1.1", p->asked) != 1)
        return 0;
    if (p->wants && !strstr(text, "\r\nProxy-Authorization: Basic YW5uYTpzM2NyZXQ=\r\n")) {
        static const char no[] = "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=x\r\n\r\n";

        answer(p, sock, no, (int)sizeof no - 1);
        return 0;
    }
    return 1;
}

/* Reads what SOCKS5 says up to its request. */
static int read_socks(proxy *p, h_sock sock)
{
    static const char known[] = "\x01\x04"
                                "anna\x06" SECRET;
    unsigned char b[300];
    char got[sizeof known];
    int length;

    if (h_recv(sock, b, 2, H_PATIENCE) != 2 || b[0] != 5 || h_recv(sock, b + 2, b[1], H_PATIENCE) != b[1])
        return 0;
    if (p->wants) {
        if (b[1] < 2) {
            answer(p, sock, "\x05\xff", 2);
            return 0;
        }
        answer(p, sock, "\x05\x02", 2);
        if (h_recv(sock, got, (int)sizeof known - 1, H_PATIENCE) != (int)sizeof known - 1 || memcmp(got, known, sizeof known - 1) != 0) {
            answer(p, sock, "\x01\x01", 2);
            return 0;
        }
        answer(p, sock, "\x01\x00", 2);
    } else {
        answer(p, sock, "\x05\x00", 2);
    }
    if (h_recv(sock, b, 5, H_PATIENCE) != 5)
        return 0;
    length = b[3] == 1 ? 3 : b[4]; /* b[4] is the first byte of an address */
    if (h_recv(sock, b + 5, length + 2, H_PATIENCE) != length + 2)
        return 0;
    if (b[3] == 1)
        snprintf(p->asked, sizeof p->asked, "%d.%d.%d.%d:%d", b[4], b[5], b[6], b[7], b[8] << 8 | b[9]);
    else
        snprintf(p->asked, sizeof p->asked, "%.*s:%d", length, (char *)b + 5, b[5 + length] << 8 | b[6 + length]);
    return 1;
}

static void serve(proxy *p, h_sock sock)
{
    static const char good[] = "HTTP/1.1 200 Connection established\r\n\r\n", bad[] = "HTTP/1.1 502 not there\r\n\r\n";
    char reply[400];
    direction there, back;
    h_thread *thread;
    h_sock target;
    const char *colon;
    int length;

    if (p->silent || p->answers) {
        char byte;

        if (p->answers && h_recv(sock, &byte, 1, H_PATIENCE) == 1)
            answer(p, sock, p->answers, (int)strlen(p->answers));
        while (!p->stop && h_recv_over(sock, 50) == 0)
            ;
        return;
    }
    if (!(p->kind == HTTP ? read_connect(p, sock) : read_socks(p, sock)))
        return;
    colon = strrchr(p->asked, ':');
    target = h_connect("127.0.0.1", colon ? atoi(colon + 1) : 0); /* all names are this machine */
    p->served++;
    if (target == H_NO_SOCK) {
        if (p->kind == HTTP)
            answer(p, sock, bad, (int)sizeof bad - 1);
        else
            answer(p, sock, "\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00", 10);
        return;
    }
    if (p->kind == HTTP)
        length = snprintf(reply, sizeof reply, "%s%s", good, p->behind ? p->behind : "");
    else {
        memcpy(reply, "\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50", 10);
        length = 10 + snprintf(reply + 10, sizeof reply - 10, "%s", p->behind ? p->behind : "");
    }
    answer(p, sock, reply, length);
    there.from = back.to = sock;
    there.to = back.from = target;
    there.of = back.of = p;
    thread = h_start(relay, &there);
    relay(&back);
    h_join(thread);
    h_close(target);
}

static int32_t run(void *argument)
{
    proxy *p = argument;

    while (!p->stop) {
        h_sock sock = h_accept(p->listener, 50);

        if (sock == H_NO_SOCK)
            continue;
        serve(p, sock);
        h_close(sock);
    }
    return 0;
}

static void start(proxy *p)
{
    p->listener = h_listen("127.0.0.1", 0, 8, &p->port);
    p->thread = h_start(run, p);
}

static void stop(proxy *p)
{
    p->stop = 1;
    h_join(p->thread);
    h_close(p->listener);
}

/* The text of WDS_TEXT_PROXY for a proxy. */
static const char *url(const proxy *p, const char *scheme, const char *user)
{
    static char text[4][200];
    static int next;
    char *out = text[next = (next + 1) % 4];

    snprintf(out, sizeof text[0], "%s://%s127.0.0.1:%d", scheme, user, p->port);
    return out;
}

/* A client that goes through proxies to a port; a result below 0 is the error of opening. */
static int32_t connect_by(int32_t *client, const char *proxies, const char *host, int port, int32_t ms)
{
    *client = WDSocketNew(NULL);
    CHECK_OK(WDSocketSetText(*client, WDS_TEXT_PROXY, proxies));
    return WDSocketOpen(*client, WDS_KIND_CLIENT, port, host, ms);
}

/* Messages go both ways. */
static void talk(int32_t client, int32_t channel)
{
    char text[20];

    CHECK_CODE(WDSocketWrite(client, "Hello", -1), 5);
    CHECK_CODE(WDSocketRead(channel, text, (int32_t)sizeof text, H_PATIENCE), 5);
    CHECK_CODE(WDSocketWrite(channel, "World!", -1), 6);
    CHECK_CODE(WDSocketRead(client, text, (int32_t)sizeof text, H_PATIENCE), 6);
    CHECK_TEXT(text, "World!");
}

static void through(int kind, const char *scheme, int pieces, int wants)
{
    proxy p = {0};
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), client, channel;
    char text[200], endpoint[64];

    p.kind = kind;
    p.pieces = pieces;
    p.wants = wants;
    start(&p);
    snprintf(endpoint, sizeof endpoint, "127.0.0.1:%d", h_port(server));
    CHECK_OK(connect_by(&client, url(&p, scheme, wants ? "anna:" SECRET "@" : ""), "127.0.0.1", h_port(server), H_PATIENCE));
    channel = WDSocketAccept(server, H_PATIENCE);
    talk(client, channel);
    CHECK_TEXT(p.asked, endpoint);
    CHECK(WDSocketClientInfo(client, WDS_INFO_ENDPOINT, text, (int32_t)sizeof text) > 0);
    CHECK_TEXT(text, endpoint); /* the target, not the proxy */
    CHECK(WDSocketClientInfo(client, WDS_INFO_ROUTE_ENDPOINT, text, (int32_t)sizeof text) > 0);
    snprintf(endpoint, sizeof endpoint, "127.0.0.1:%d", p.port);
    CHECK_TEXT(text, endpoint);
    CHECK(WDSocketClientInfo(client, WDS_INFO_ROUTE_PROXIES, text, (int32_t)sizeof text) > 0);
    CHECK(strstr(text, endpoint) && !strstr(text, SECRET) && !strstr(text, "anna"));
    CHECK_CODE(WDSocketClientInfo(channel, WDS_INFO_ROUTE_PROXIES, text, (int32_t)sizeof text), 0);
    CHECK(WDSocketGetText(client, WDS_TEXT_PROXY, text, (int32_t)sizeof text) > 0);
    CHECK(!strstr(text, SECRET) && !strstr(text, "anna"));
    CHECK_OK(WDSocketClose(channel));
    CHECK_CODE(WDSocketRead(client, text, (int32_t)sizeof text, H_PATIENCE), WDS_E_PEER_CLOSED);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
    stop(&p);
}

TEST(connect_of_http) { through(HTTP, "http", 0, 0); }
TEST(connect_in_pieces_with_a_password) { through(HTTP, "HTTP", 1, 1); }
TEST(socks) { through(SOCKS, "socks5", 0, 0); }
TEST(socks_in_pieces_with_a_password) { through(SOCKS, "socks5h", 1, 1); }

TEST(a_chain_and_a_name_that_the_last_one_knows)
{
    proxy first = {0}, second = {0};
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), client, channel;
    char chain[400], text[300], endpoint[64];

    second.kind = SOCKS;
    start(&first);
    start(&second);
    snprintf(chain, sizeof chain, "%s %s", url(&first, "http", ""), url(&second, "socks5h", ""));
    snprintf(endpoint, sizeof endpoint, "printer.invalid:%d", h_port(server));
    CHECK_OK(connect_by(&client, chain, "printer.invalid", h_port(server), H_PATIENCE));
    channel = WDSocketAccept(server, H_PATIENCE);
    talk(client, channel);
    CHECK_TEXT(second.asked, endpoint);
    snprintf(text, sizeof text, "127.0.0.1:%d", second.port);
    CHECK_TEXT(first.asked, text);
    CHECK(WDSocketClientInfo(client, WDS_INFO_ENDPOINT, text, (int32_t)sizeof text) > 0);
    CHECK_TEXT(text, endpoint);
    CHECK_OK(WDSocketCloseAll());
    stop(&first);
    stop(&second);
}

TEST(bytes_behind_the_answer_are_the_targets)
{
    proxy p = {0};
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), client;
    char text[20];

    p.behind = "5\r\nHello";
    start(&p);
    CHECK_OK(connect_by(&client, url(&p, "http", ""), "127.0.0.1", h_port(server), H_PATIENCE));
    CHECK_CODE(WDSocketRead(client, text, (int32_t)sizeof text, 0), 5);
    CHECK_TEXT(text, "Hello");
    CHECK_OK(WDSocketCloseAll());
    stop(&p);
}

/* Opening fails with a code; the texts name the proxy and the target, and no secret. */
static void fails(proxy *p, const char *proxies, int port, int32_t ms, int32_t code, const char *says)
{
    static const char *const languages[] = {"fr", "en"};
    char at[64], target[64];
    int32_t client;
    int i;

    snprintf(at, sizeof at, "127.0.0.1:%d", p->port);
    snprintf(target, sizeof target, "127.0.0.1:%d", port);
    for (i = 0; i < 2; i++) {
        CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, languages[i]));
        CHECK_CODE(connect_by(&client, proxies, "127.0.0.1", port, ms), code);
        CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_PROXY);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), at);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), target);
        CHECK(!strstr(h_error(0, WDS_INFO_DETAIL), SECRET));
        CHECK_EQ(WDSocketErrorScope(client, code), WDS_SCOPE_CONNECTION);
        CHECK_OK(WDSocketClose(client));
    }
    connect_by(&client, proxies, "127.0.0.1", port, ms);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), says);
    CHECK_OK(WDSocketClose(client));
}

TEST(failures)
{
    proxy http = {0}, socks = {0}, forbids = {0}, lies = {0}, none = {0};
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");
    int there = h_port(server), nobody;
    h_sock sock = h_listen("127.0.0.1", 0, 1, &nobody);

    h_close(sock);
    http.wants = socks.wants = 1;
    socks.kind = SOCKS;
    forbids.answers = "HTTP/1.1 403 Not from this department\r\n\r\n";
    lies.answers = "220 mail.example ESMTP\r\n";
    none.port = nobody;
    start(&http);
    start(&socks);
    start(&forbids);
    start(&lies);
    fails(&http, url(&http, "http", "anna:wrong" SECRET "@"), there, H_PATIENCE, WDS_E_PROXY_AUTHENTICATION, "does not accept");
    fails(&http, url(&http, "http", ""), there, H_PATIENCE, WDS_E_PROXY_AUTHENTICATION, "wants a user");
    fails(&socks, url(&socks, "socks5", "anna:S3cret@"), there, H_PATIENCE, WDS_E_PROXY_AUTHENTICATION, "does not accept");
    fails(&socks, url(&socks, "socks5h", ""), there, H_PATIENCE, WDS_E_PROXY_AUTHENTICATION, "wants a user");
    fails(&http, url(&http, "http", "anna:" SECRET "@"), nobody, H_PATIENCE, WDS_E_PROXY_TARGET, "502 not there");
    fails(&socks, url(&socks, "socks5", "anna:" SECRET "@"), nobody, H_PATIENCE, WDS_E_PROXY_TARGET, "nothing listens");
    fails(&forbids, url(&forbids, "http", "anna:" SECRET "@"), there, H_PATIENCE, WDS_E_PROXY_REFUSED, "403 Not from this department");
    fails(&lies, url(&lies, "http", ""), there, H_PATIENCE, WDS_E_PROXY_PROTOCOL, "220 mail");
    fails(&lies, url(&lies, "socks5", ""), there, H_PATIENCE, WDS_E_PROXY_PROTOCOL, "does not speak SOCKS5");
    fails(&none, url(&none, "socks5", "anna:" SECRET "@"), there, H_PATIENCE, WDS_E_PROXY_UNREACHABLE, "nothing listens there");
    CHECK_OK(WDSocketClose(server));
    stop(&http);
    stop(&socks);
    stop(&forbids);
    stop(&lies);
}

TEST(a_silent_proxy_keeps_the_time)
{
    proxy p = {0};
    int32_t client;
    int64_t begun = h_now_us();

    p.silent = 1;
    start(&p);
    CHECK_CODE(connect_by(&client, url(&p, "socks5h", ""), "127.0.0.1", 5000, 300), WDS_E_TIMEOUT);
    CHECK_TIME(begun, 300);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_PROXY);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "127.0.0.1:5000");
    CHECK_OK(WDSocketClose(client));
    stop(&p);
}

TEST(a_client_in_a_queue_connects_again_by_the_same_way)
{
    proxy p = {0};
    h_event e;
    char text[20];
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), queue = WDSocketNewQueue(), client = WDSocketNew(NULL), channel;

    p.kind = SOCKS;
    start(&p);
    CHECK_OK(WDSocketSetText(client, WDS_TEXT_PROXY, url(&p, "socks5h", "")));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT, 1));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_FIRST, 20));
    CHECK_OK(WDSocketAttach(queue, client, WDS_ATTACH_PLAIN));
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT, h_port(server), "127.0.0.1", 0));
    CHECK_EQ(h_next_event(queue, H_PATIENCE).kind, WDS_EVENT_CONNECTED);
    channel = WDSocketAccept(server, H_PATIENCE);
    CHECK_OK(WDSocketClose(channel));
    do
        e = h_next_event(queue, H_PATIENCE);
    while (e.kind != 0 && e.kind != WDS_EVENT_RECONNECTED);
    CHECK_EQ(e.kind, WDS_EVENT_RECONNECTED);
    channel = WDSocketAccept(server, H_PATIENCE);
    CHECK_CODE(WDSocketWrite(channel, "again", -1), 5);
    CHECK_EQ(h_next_event(queue, H_PATIENCE).kind, WDS_EVENT_MESSAGE);
    CHECK_CODE(WDSocketRead(client, text, (int32_t)sizeof text, 0), 5);
    CHECK_GE(p.served, 2);
    CHECK_OK(WDSocketCloseAll());
    stop(&p);
}

TEST(options)
{
    proxy p = {0};
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), socket = WDSocketNew(NULL);
    char text[100];

    start(&p);
    CHECK_CODE(WDSocketSetText(socket, WDS_TEXT_PROXY, "proxy:3128"), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetText(socket, WDS_TEXT_PROXY, "gopher://anna:" SECRET "@proxy"), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "gopher");
    CHECK(!strstr(h_error(0, WDS_INFO_DETAIL), SECRET));
    CHECK_CODE(WDSocketSetText(socket, WDS_TEXT_PROXY_EXCEPTIONS, "a/b"), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_PROXY, "http://anna:s%40%3A@proxy socks5://[::1]:9050"));
    CHECK(WDSocketGetText(socket, WDS_TEXT_PROXY, text, (int32_t)sizeof text) > 0);
    CHECK_TEXT(text, "http://***@proxy:80 socks5://[::1]:9050");
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_PROXY, url(&p, "http", "")));
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_PROXY_EXCEPTIONS, "127.0.0.0/8, example.com"));
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_CLIENT, h_port(server), "127.0.0.1", H_PATIENCE));
    CHECK_EQ(p.served, 0); /* directly */
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_PROXY, url(&p, "http", "")));
    socket = WDSocketConnect(NULL, h_port(server), "127.0.0.1", H_PATIENCE);
    CHECK(socket > 0);
    CHECK_EQ(p.served, 1); /* those that are made afterwards */
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_PROXY, ""));
    CHECK_OK(WDSocketCloseAll());
    stop(&p);
}
