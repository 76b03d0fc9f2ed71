/*
 * lws.c CLIENTS - the WebSocket server that websocket-events is compared with, by hand
 * over libwebsockets: one thread echoes the messages of all clients. It answers at once
 * where the system has room, and otherwise when it has. It waits by poll, with many clients
 * by libuv: each is the faster one then.
 */
#include <stdlib.h>
#include <string.h>

#include <libwebsockets.h>

#include "descriptors.h"
#include "harness.h"
#include "serve.h"

#define LONGEST 65536
#define MANY 500

/* A message that comes in parts, or that waits for room. */
struct client {
    unsigned char *kept; /* behind LWS_PRE bytes */
    size_t have;
    int whole;
};

static struct lws_context *context;
static unsigned char message[LWS_PRE + LONGEST];

static void keep(struct client *client, const void *data, size_t length)
{
    if (client->kept == NULL)
        client->kept = bench_memory(LWS_PRE + LONGEST);
    if (client->have + length > LONGEST)
        bench_die("a message is too long");
    memcpy(client->kept + LWS_PRE + client->have, data, length);
    client->have += length;
}

static void drop(struct client *client)
{
    free(client->kept);
    client->kept = NULL;
    client->have = 0;
    client->whole = 0;
}

static int answer(struct lws *wsi, unsigned char *data, size_t length)
{
    return lws_write(wsi, data, length, LWS_WRITE_BINARY) == (int)length ? 0 : -1;
}

static int serve_part(struct lws *wsi, struct client *client, const void *data, size_t length)
{
    if (client->whole)
        bench_die("a client did not wait for its answer");
    if (lws_is_first_fragment(wsi) && lws_is_final_fragment(wsi) && !lws_send_pipe_choked(wsi)) {
        memcpy(message + LWS_PRE, data, length);
        return answer(wsi, message + LWS_PRE, length);
    }
    keep(client, data, length);
    if (lws_is_final_fragment(wsi)) {
        client->whole = 1;
        lws_callback_on_writable(wsi);
    }
    return 0;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *data, size_t length)
{
    struct client *client = user;
    int result;

    switch (reason) {
    case LWS_CALLBACK_RECEIVE:
        return serve_part(wsi, client, data, length);
    case LWS_CALLBACK_SERVER_WRITEABLE:
        if (!client->whole)
            return 0;
        result = answer(wsi, client->kept + LWS_PRE, client->have);
        drop(client);
        return result;
    case LWS_CALLBACK_CLOSED:
        drop(client);
        return 0;
    default:
        return 0;
    }
}

static void *serve(void *unused)
{
    while (lws_service(context, 0) >= 0)
        ;
    return unused;
}

int main(int argc, char **argv)
{
    static const struct lws_protocols protocols[] = {
        {"", callback, sizeof(struct client), LONGEST, 0, NULL, 0},
        {NULL, NULL, 0, 0, 0, NULL, 0},
    };
    struct lws_context_creation_info info;
    struct lws_vhost *host;
    long clients = bench_number(argc, argv, 1, "number of clients");

    descriptors_reserve(clients);
    lws_set_log_level(LLL_ERR, NULL);
    memset(&info, 0, sizeof info);
    info.iface = "127.0.0.1";
    info.protocols = protocols;
    info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DISABLE_IPV6 | (clients >= MANY ? LWS_SERVER_OPTION_LIBUV : 0);
    context = lws_create_context(&info);
    if (context == NULL)
        bench_die(clients >= MANY ? "no context, or no plug-in of libuv" : "no context");
    host = lws_create_vhost(context, &info);
    if (host == NULL)
        bench_die("no server");
    serve_thread(serve, NULL);
    return bench_obey(lws_get_vhost_listen_port(host), NULL);
}
