/*
 * uv.c CLIENTS echo|publish - the same server as events.c, by hand over libuv: one thread,
 * its own framing. What a write cannot send at once is queued. All clients are
 * in a list, which serves both.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "descriptors.h"
#include "harness.h"
#include "message.h"
#include "serve.h"

#define LONGEST (1 << 20)
#define BUFFER 65536

struct client {
    uv_tcp_t tcp;
    struct client *next, *previous;
    char *part; /* of a message that is not complete */
    size_t have, room;
};

/* Bytes on their way to some clients. */
struct block {
    int refs;
    char data[];
};

struct pending {
    uv_write_t request;
    struct block *block;
};

static uv_loop_t loop;
static uv_tcp_t server;
static struct client *clients;
static char shared[BUFFER]; /* all clients are read through it */
static char message[LONGEST];
static char joined[MESSAGE_HEADER + LONGEST];

static void check(const char *doing, int result)
{
    if (result < 0)
        bench_die("%s: %s", doing, uv_strerror(result));
}

static void closed(uv_handle_t *handle)
{
    struct client *client = handle->data;

    if (client->previous != NULL)
        client->previous->next = client->next;
    else
        clients = client->next;
    if (client->next != NULL)
        client->next->previous = client->previous;
    free(client->part);
    free(client);
}

static void give_up(struct client *client)
{
    if (!uv_is_closing((uv_handle_t *)&client->tcp))
        uv_close((uv_handle_t *)&client->tcp, closed);
}

static void drop(struct block *block)
{
    if (--block->refs == 0)
        free(block);
}

static void written(uv_write_t *request, int status)
{
    struct pending *pending = request->data;

    if (status < 0 && status != UV_ECANCELED)
        give_up(request->handle->data);
    drop(pending->block);
    free(pending);
}

/* Queues what is left of a block behind what is queued. */
static void queue_rest(struct client *client, struct block *block, size_t from, size_t length)
{
    struct pending *pending = bench_memory(sizeof *pending);
    uv_buf_t rest = uv_buf_init(block->data + from, (unsigned)(length - from));

    block->refs++;
    pending->block = block;
    pending->request.data = pending;
    if (uv_write(&pending->request, (uv_stream_t *)&client->tcp, &rest, 1, written) != 0) {
        drop(block);
        free(pending);
        give_up(client);
    }
}

/* Sends bytes at once, and tells how many went; -1: the connection is over. */
static long send_now(struct client *client, char *data, size_t length)
{
    uv_buf_t all = uv_buf_init(data, (unsigned)length);
    int sent = uv_try_write((uv_stream_t *)&client->tcp, &all, 1);

    if (sent == UV_EAGAIN)
        return 0;
    if (sent < 0) {
        give_up(client);
        return -1;
    }
    return sent;
}

static struct block *make_block(const char *data, size_t length)
{
    struct block *block = bench_memory(sizeof *block + length);

    block->refs = 1;
    memcpy(block->data, data, length);
    return block;
}

static void echo(struct client *client, size_t length)
{
    size_t header = (size_t)message_header(joined, (int)length);
    long sent;

    memcpy(joined + header, message, length);
    length += header;
    sent = send_now(client, joined, length);
    if (sent >= 0 && (size_t)sent < length) {
        struct block *block = make_block(joined, length);

        queue_rest(client, block, (size_t)sent, length);
        drop(block);
    }
}

static void publish(size_t length)
{
    size_t header = (size_t)message_header(joined, (int)length);
    struct client *client;
    struct block *block;

    memcpy(joined + header, message, length);
    length += header;
    block = make_block(joined, length);
    for (client = clients; client != NULL; client = client->next) {
        long sent = uv_is_closing((uv_handle_t *)&client->tcp) ? -1 : send_now(client, block->data, length);

        if (sent >= 0 && (size_t)sent < length)
            queue_rest(client, block, (size_t)sent, length);
    }
    drop(block);
}

/* The header at the front: its length, 0 if it is not complete. */
static size_t parse(const char *data, size_t have, size_t *length)
{
    size_t at = 0;
    long long value = 0;

    while (at < have && data[at] >= '0' && data[at] <= '9' && at < 10)
        value = value * 10 + (data[at++] - '0');
    if (have < at + 2 && (at == have || data[at] == '\r'))
        return 0;
    if (at == 0 || data[at] != '\r' || data[at + 1] != '\n' || value > LONGEST)
        bench_die("not a message");
    *length = (size_t)value;
    return at + 2;
}

/* Serves the whole messages and tells how many bytes they had. */
static size_t serve_messages(struct client *client, const char *data, size_t have)
{
    size_t used = 0, length = 0, header;

    while (used < have && (header = parse(data + used, have - used, &length)) > 0 && have - used - header >= length) {
        memcpy(message, data + used + header, length);
        used += header + length;
        if (message[0] == 'p')
            publish(length);
        else
            echo(client, length);
    }
    return used;
}

static void keep(struct client *client, const char *data, size_t length)
{
    if (client->have + length > client->room) {
        client->room = 2 * (client->have + length);
        client->part = realloc(client->part, client->room);
        if (client->part == NULL)
            bench_die("no memory");
    }
    memcpy(client->part + client->have, data, length);
    client->have += length;
}

static void lend_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    (void)handle;
    (void)suggested;
    *buffer = uv_buf_init(shared, sizeof shared);
}

static void received(uv_stream_t *stream, ssize_t got, const uv_buf_t *buffer)
{
    struct client *client = stream->data;
    size_t used;

    if (got == 0)
        return;
    if (got < 0) {
        give_up(client);
        return;
    }
    if (client->have == 0) {
        used = serve_messages(client, buffer->base, (size_t)got);
        if (used < (size_t)got)
            keep(client, buffer->base + used, (size_t)got - used);
        return;
    }
    keep(client, buffer->base, (size_t)got);
    used = serve_messages(client, client->part, client->have);
    client->have -= used;
    memmove(client->part, client->part + used, client->have);
    if (client->have == 0) {
        free(client->part);
        client->part = NULL;
        client->room = 0;
    }
}

static void connected(uv_stream_t *listener, int status)
{
    struct client *client = bench_memory(sizeof *client);

    check("connection", status);
    memset(client, 0, sizeof *client);
    check("client", uv_tcp_init(&loop, &client->tcp));
    client->tcp.data = client;
    client->next = clients;
    if (clients != NULL)
        clients->previous = client;
    clients = client;
    check("accept", uv_accept(listener, (uv_stream_t *)&client->tcp));
    uv_tcp_nodelay(&client->tcp, 1);
    check("read", uv_read_start((uv_stream_t *)&client->tcp, lend_buffer, received));
}

static int listen_on_loopback(void)
{
    struct sockaddr_in address;
    struct sockaddr_storage bound;
    int length = (int)sizeof bound;

    check("loop", uv_loop_init(&loop));
    check("address", uv_ip4_addr("127.0.0.1", 0, &address));
    check("socket", uv_tcp_init(&loop, &server));
    check("bind", uv_tcp_bind(&server, (const struct sockaddr *)&address, 0));
    check("listen", uv_listen((uv_stream_t *)&server, 511, connected));
    check("port", uv_tcp_getsockname(&server, (struct sockaddr *)&bound, &length));
    return ntohs(((struct sockaddr_in *)&bound)->sin_port);
}

static void *serve(void *unused)
{
    (void)unused;
    uv_run(&loop, UV_RUN_DEFAULT);
    return NULL;
}

int main(int argc, char **argv)
{
    int port;

    descriptors_reserve(bench_number(argc, argv, 1, "number of clients"));
    port = listen_on_loopback();
    serve_thread(serve, NULL);
    return bench_obey(port, NULL);
}
