/*
 * library.c - see library.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "library.h"

/* Windows counts bytes when a write is done only. */
#ifdef _WIN32
#define COUNTS_EARLY 0
#else
#define COUNTS_EARLY 1
#endif

/* ---- asking the library ---- */

const char *h_error(int32_t socket, int32_t what)
{
    static char text[4][4096];
    static volatile int64_t next;
    char *p = text[h_get(&next) % 4];

    h_add(&next, 1);
    p[0] = 0;
    WDSocketErrorInfo(socket, what, p, (int32_t)sizeof text[0]);
    return p;
}

int64_t h_number(int32_t socket, int32_t what)
{
    int64_t value = -1;

    CHECK_OK(WDSocketGetNumber(socket, what, &value));
    return value;
}

h_event h_next_event(int32_t queue, int32_t timeout_ms)
{
    int64_t start = h_now_us();
    h_event e;
    int32_t result;

    memset(&e, 0, sizeof e);
    do
        result = WDSocketNextEvents(queue, timeout_ms, &e, (int32_t)sizeof e, 1);
    while (result == WDS_E_TIMEOUT && timeout_ms >= 5000 && !h_overdue(start, timeout_ms));
    if (result != 1)
        memset(&e, 0, sizeof e);
    if (result < 0 && result != WDS_E_TIMEOUT)
        CHECK_CODE(result, WDS_E_TIMEOUT);
    return e;
}

int h_is_event(h_event e, int32_t socket, int32_t kind)
{
    return CHECK_EQ(e.kind, kind) && CHECK_EQ(e.socket, socket);
}

int32_t h_option(int32_t socket, int32_t option)
{
    int32_t value = -1;

    CHECK_OK(WDSocketGetOption(socket, option, &value));
    return value;
}

int64_t h_figure(int32_t socket, int32_t what)
{
    int64_t figures[WDS_STAT_COUNT];

    return CHECK_CODE(WDSocketStatistics(socket, figures, WDS_STAT_COUNT), WDS_STAT_COUNT) ? figures[what] : -1;
}

static int comes_down(int32_t what)
{
    int64_t start = h_now_us(), value = h_number(0, what);

    while (value != 0 && !h_overdue(start, 10000)) {
        h_sleep(5);
        value = h_number(0, what);
    }
    return value == 0;
}

/* Whether a socket count and everything else the process may hold comes down to nothing. */
static void nothing_left(void)
{
    CHECK_OK(WDSocketCloseAll());
    CHECK_EQ(h_number(0, WDS_NUM_SOCKETS), 0);
    CHECK_EQ(h_number(0, WDS_NUM_TOKENS), 0);
    if (!CHECK(comes_down(WDS_NUM_GOROUTINES)))
        printf("      goroutines: %lld\n", (long long)h_number(0, WDS_NUM_GOROUTINES));
    if (!CHECK(comes_down(WDS_NUM_DESCRIPTORS)))
        printf("      descriptors: %lld\n", (long long)h_number(0, WDS_NUM_DESCRIPTORS));
    if (!CHECK(comes_down(WDS_NUM_BUFFERED_BYTES)))
        printf("      buffered bytes: %lld\n", (long long)h_number(0, WDS_NUM_BUFFERED_BYTES));
}

static void print_detail(void)
{
    static char text[4096];
    char *p;

    if (WDSocketErrorInfo(0, WDS_INFO_DETAIL, text, (int32_t)sizeof text) <= 0)
        return;
    for (p = strtok(text, "\n"); p; p = strtok(NULL, "\n"))
        printf("      | %s\n", p);
}

static const char *code_name(int32_t code, char *text, int size)
{
    if (code >= 0 || WDSocketErrorText(code, WDS_INFO_NAME, text, size) <= 0)
        snprintf(text, (size_t)size, "%s", code >= 0 ? "success" : "unknown code");
    return text;
}

static const h_subject library = {nothing_left, print_detail, code_name};

__attribute__((constructor)) static void library_register(void)
{
    h_tested(&library);
}

int h_port(int32_t socket)
{
    return (int)h_option(socket, WDS_OPT_LOCAL_PORT);
}

/* ---- the usual pairs ---- */

int h_pair_open(h_pair *pair)
{
    memset(pair, 0, sizeof *pair);
    pair->server = WDSocketCreate(NULL, 0, "127.0.0.1");
    if (!CHECK_GE(pair->server, 1))
        return 0;
    pair->port = h_port(pair->server);
    pair->client = WDSocketConnect(NULL, pair->port, "127.0.0.1", 20000);
    if (!CHECK_GE(pair->client, 1))
        return 0;
    pair->channel = WDSocketAccept(pair->server, 20000);
    return CHECK_GE(pair->channel, 1);
}

void h_pair_close(h_pair *pair)
{
    WDSocketClose(pair->channel);
    WDSocketClose(pair->client);
    WDSocketClose(pair->server);
}

static int half_client(h_half *half, h_sock listener, int port)
{
    half->raw = H_NO_SOCK;
    half->socket = WDSocketConnect(NULL, port, "127.0.0.1", 20000);
    if (CHECK_GE(half->socket, 1))
        half->raw = h_accept(listener, 20000);
    h_close(listener);
    return CHECK(half->raw != H_NO_SOCK);
}

int h_half_client(h_half *half)
{
    int port;
    h_sock listener = h_listen("127.0.0.1", 0, 8, &port);

    return half_client(half, listener, port);
}

int h_half_narrow(h_half *half)
{
    int port, good;
    h_sock listener = h_listen_narrow(&port);

    good = half_client(half, listener, port);
    return good && CHECK_OK(WDSocketSetOption(half->socket, WDS_OPT_SEND_BUFFER, 16384));
}

int h_half_channel(h_half *half)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");

    if (!CHECK_GE(server, 1))
        return 0;
    half->raw = h_connect("127.0.0.1", h_port(server));
    half->socket = WDSocketAccept(server, 20000);
    CHECK_OK(WDSocketClose(server));
    return CHECK_GE(half->socket, 1) && CHECK(half->raw != H_NO_SOCK);
}

void h_half_close(h_half *half)
{
    WDSocketClose(half->socket);
    h_close(half->raw);
}

/* ---- threads that wait inside a call ---- */

static int32_t read_for_ever(void *argument)
{
    int32_t socket = (int32_t)(intptr_t)argument, result;
    char buffer[1024];

    do
        result = WDSocketRead(socket, buffer, (int32_t)sizeof buffer, -1);
    while (result == WDS_E_BUSY); /* h_blocked_reader looks whether this thread is inside */
    return result;
}

h_thread *h_blocked_reader(int32_t socket)
{
    h_thread *thread = h_start(read_for_ever, (void *)(intptr_t)socket);

    WAIT_UNTIL(WDSocketRead(socket, NULL, 0, 0) == WDS_E_BUSY);
    return thread;
}

static int32_t accept_for_ever(void *argument)
{
    int32_t result;

    do
        result = WDSocketAccept((int32_t)(intptr_t)argument, -1);
    while (result == WDS_E_BUSY);
    return result;
}

h_thread *h_blocked_accept(int32_t server)
{
    h_thread *thread = h_start(accept_for_ever, (void *)(intptr_t)server);

    WAIT_UNTIL(WDSocketWaitForConnection(server, 0) == WDS_E_BUSY);
    return thread;
}

static volatile int64_t writers_begun;

static int32_t write_too_much(void *argument)
{
    int length = 16 << 20;
    char *data = (char *)malloc((size_t)length);
    int32_t result;

    memset(data, 'w', (size_t)length);
    h_add(&writers_begun, 1);
    result = WDSocketWrite((int32_t)(intptr_t)argument, data, length);
    free(data);
    return result;
}

h_thread *h_blocked_writer(int32_t socket)
{
    int64_t begun = writers_begun, before = -1, now;
    h_thread *thread = h_start(write_too_much, (void *)(intptr_t)socket);
    int quiet = 0;

    WAIT_UNTIL(writers_begun > begun); /* its text takes a while */
    /* inside, once bytes have gone out and then no more for a while; Windows
       counts them when a write is done only */
    while (quiet < 10 && !h_done(thread)) {
        now = h_number(socket, WDS_NUM_BYTES_WRITTEN);
        quiet = now >= (COUNTS_EARLY ? 1 : 0) && now == before ? quiet + 1 : 0;
        before = now;
        h_sleep(20);
    }
    return thread;
}

int32_t h_dns_socket(h_dns *dns, const char *socket_name)
{
    char text[96];
    int32_t socket = WDSocketNew(socket_name);

    snprintf(text, sizeof text, strchr(h_dns_address(dns), ':') ? "[%s]:%d" : "%s:%d", h_dns_address(dns), h_dns_port(dns));
    CHECK_GE(socket, 1);
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_DNS_SERVER, text));
    return socket;
}
