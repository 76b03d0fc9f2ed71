/*
 * events.c CLIENTS echo|publish - the library's event server: one host thread
 * serves all clients. A message that begins with 'p' goes to every client, any
 * other back to its sender. Only with publish do clients join the group.
 */
#include <stddef.h>
#include <string.h>

#include "descriptors.h"
#include "harness.h"
#include "open.h"
#include "serve.h"

#define LONGEST (1 << 20)
#define BATCH 256

typedef struct {
    int32_t socket, kind, value, code, user, sequence, queue, reserved;
} event_record;

static char message[LONGEST];
static int32_t server, queue;
static int publishes;

static void serve_message(int32_t socket)
{
    int32_t length = WDSocketRead(socket, message, LONGEST, 0);

    if (length < 0)
        bench_die("read: %d", (int)length);
    if (message[0] == 'p')
        must("publish", WDSocketGroupPublish(server, "all", message, length));
    else
        must("write", WDSocketWrite(socket, message, length));
}

static void handle(const event_record *event)
{
    switch (event->kind) {
    case WDS_EVENT_ACCEPTED:
        if (publishes)
            must("join", WDSocketGroupJoin(event->socket, "all"));
        break;
    case WDS_EVENT_MESSAGE:
        serve_message(event->socket);
        break;
    case WDS_EVENT_PEER_CLOSED:
    case WDS_EVENT_RESET:
        WDSocketClose(event->socket);
        break;
    case WDS_EVENT_ERROR:
        bench_die("event: error %d", (int)event->code);
    default:
        break;
    }
}

static void *serve(void *unused)
{
    event_record events[BATCH];

    (void)unused;
    for (;;) {
        int32_t i, count = must("events", WDSocketNextEvents(queue, -1, events, (int32_t)sizeof events[0], BATCH));

        for (i = 0; i < count; i++)
            handle(&events[i]);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    int32_t port;

    descriptors_reserve(bench_number(argc, argv, 1, "number of clients"));
    publishes = argc > 2 && strcmp(argv[2], "publish") == 0;
    server = must("listen", open_server());
    /* A client that does not read must not hold up the others. */
    must("send queue", WDSocketSetOption(server, WDS_OPT_SEND_QUEUE, 4 * LONGEST));
    queue = must("queue", WDSocketNewQueue());
    must("attach", WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
    must("port", WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port));
    serve_thread(serve, NULL);
    return bench_obey(port, NULL);
}
