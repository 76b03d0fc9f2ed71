/*
 * link_wds.c - the library, with its defaults: size-first mode, the checks,
 * the limits and a time-out on every read.
 */
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"
#include "link.h"
#include "open.h"
#include "wdsocket.h"

struct bench_link {
    int32_t socket;
    int interrupted;
};

static bench_link *make(int32_t socket)
{
    bench_link *link = bench_memory(sizeof *link);

    link->socket = socket;
    link->interrupted = 0;
    return link;
}

int link_listen(int *port)
{
    int32_t server = must("listen", open_server()), number = 0;

    must("port", WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &number));
    *port = number;
    return server;
}

bench_link *link_accept(int listener)
{
    return make(must("accept", WDSocketAccept(listener, -1)));
}

bench_link *link_connect(int port)
{
    return make(must("connect", open_client(port)));
}

void link_send(bench_link *link, const void *data, int length)
{
    must("send", WDSocketWrite(link->socket, data, length));
}

/* An idle connection is no error here: the wait begins again. */
static int over(int32_t result, const char *doing)
{
    if (result == WDS_E_PEER_CLOSED || result == WDS_E_RESET || result == WDS_E_CLOSED)
        return 1;
    if (result != WDS_E_TIMEOUT)
        must(doing, result);
    return 0;
}

int link_receive(bench_link *link, void *buffer, int capacity)
{
    int32_t length;

    while ((length = WDSocketRead(link->socket, buffer, capacity, OPEN_WAIT_MS)) < 0)
        if (over(length, "receive"))
            return -1;
    return length;
}

int link_receive_many(bench_link *link, void *buffer, int capacity, int *lengths, int count)
{
    int32_t number;

    while ((number = WDSocketReadMany(link->socket, buffer, capacity, lengths, count, OPEN_WAIT_MS)) < 0)
        if (over(number, "receive many"))
            return -1;
    return number;
}

void link_wait(bench_link *link, int milliseconds)
{
    char buffer[64];
    int32_t result = WDSocketRead(link->socket, buffer, (int32_t)sizeof buffer, milliseconds);

    if (result != WDS_E_TIMEOUT)
        bench_die("the wait ended with %d", (int)result);
}

void link_connect_in_vain(int port, int milliseconds)
{
    int32_t result = WDSocketConnect(NULL, port, "127.0.0.1", milliseconds);

    if (result != WDS_E_TIMEOUT)
        bench_die("the connection ended with %d", (int)result);
}

void link_interrupt(bench_link *link)
{
    link->interrupted = 1;
    must("close", WDSocketClose(link->socket));
}

void link_close(bench_link *link)
{
    if (!link->interrupted)
        must("close", WDSocketClose(link->socket));
    free(link);
}

void link_call(void)
{
    WDSocketVersion();
}
