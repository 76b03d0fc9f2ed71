/*
 * guide_events.c - the programs of README.md and docs/events.md, each with a client
 * that tries it out.
 *
 *     guide_events
 */
#include <pthread.h>

#include "example.h"

#define LOOPBACK "127.0.0.1"
#define WAIT_MS 20000

static int32_t port_of(int32_t socket)
{
	int32_t port = 0;

	must("asking for the port", WDSocketGetOption(socket, WDS_OPT_LOCAL_PORT, &port));
	return port;
}

/* Asks the server of a port, twice, and leaves; in a thread of its own. */
static void *ask(void *argument)
{
	int32_t client = must("connecting", WDSocketConnect(NULL, (int32_t)(intptr_t)argument, LOOPBACK, WAIT_MS)), i;
	char answer[100];

	for (i = 0; i < 2; i++) {
		must("asking", WDSocketExchange(client, "Hello World", -1, answer, (int32_t)sizeof answer, WAIT_MS));
		printf("  the answer is \"%s\"\n", answer);
	}
	must("closing", WDSocketClose(client));
	WDSocketWakeup(1); /* ends the server's loop: what it would wait for is over */
	return NULL;
}

static pthread_t asking(int32_t server)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, ask, (void *)(intptr_t)port_of(server)) != 0)
		exit(1);
	return thread;
}

/* After each part: what it made is closed, and calls wait again. */
static void over(const char *part)
{
	must("closing all", WDSocketCloseAll());
	must("waiting again", WDSocketWakeup(0));
	printf("%s: done\n", part);
}

/* ---- docs/events.md: a server in a few lines ---- */

static void few_lines(int32_t port)
{
	pthread_t client;

	wds_event events[64], *e;
	int32_t count, server = WDSocketCreate(NULL, port, NULL), queue = WDSocketNewQueue();
	static char text[65536];

	client = asking(server);

	WDSocketSetOption(server, WDS_OPT_IDLE_LIMIT, 60000);   /* silent clients are disconnected */
	WDSocketSetOption(server, WDS_OPT_SEND_QUEUE, 1 << 20); /* a write never waits */
	WDSocketAttach(queue, server, WDS_ATTACH_MANAGE);       /* it accepts by itself */
	while ((count = WDSocketNextEvents(queue, -1, events, sizeof events[0], 64)) > 0)
	    for (e = events; e < events + count; e++) {
	        int over = e->kind == WDS_EVENT_PEER_CLOSED || e->kind == WDS_EVENT_RESET ||
	                   e->kind == WDS_EVENT_TIMEOUT || e->kind == WDS_EVENT_ERROR;
	        if (e->kind == WDS_EVENT_MESSAGE) {
	            int32_t length = WDSocketRead(e->socket, text, sizeof text, 0);
	            if (length == WDS_E_HANDLE)
	                continue; /* closed at an earlier event of this batch */
	            over = length < 0 || WDSocketWrite(e->socket, text, length) < 0;
	        }
	        if (over && e->socket != server)
	            WDSocketClose(e->socket); /* the connection has ended, or the client does not read */
	    }

	pthread_join(client, NULL);
	over("a server in a few lines");
}

/* ---- README.md: one thread, ten thousand clients ---- */

static void handle(const wds_event *e)
{
	char text[100];
	int32_t length;

	switch (e->kind) {
	case WDS_EVENT_MESSAGE:
		length = WDSocketRead(e->socket, text, (int32_t)sizeof text, 0);
		if (length < 0 || WDSocketWrite(e->socket, text, length) < 0)
			WDSocketClose(e->socket);
		break;
	case WDS_EVENT_PEER_CLOSED:
	case WDS_EVENT_RESET:
	case WDS_EVENT_TIMEOUT:
		WDSocketClose(e->socket);
		break;
	case WDS_EVENT_ERROR:
		if (WDSocketState(e->socket) != WDS_STATE_LISTENING)
			WDSocketClose(e->socket);
		break;
	default:
		break;
	}
}

static void ten_thousand(int32_t server)
{
	pthread_t client = asking(server);

	wds_event events[64];
	int32_t count, i, queue = WDSocketNewQueue();

	WDSocketSetOption(server, WDS_OPT_IDLE_LIMIT, 60000);   /* silent clients are disconnected */
	WDSocketSetOption(server, WDS_OPT_SEND_QUEUE, 1 << 20); /* a write never waits */
	WDSocketAttach(queue, server, WDS_ATTACH_MANAGE);       /* it accepts by itself */
	while ((count = WDSocketNextEvents(queue, -1, events, sizeof events[0], 64)) > 0)
	    for (i = 0; i < count; i++)
	        handle(&events[i]); /* .kind: WDS_EVENT_MESSAGE, WDS_EVENT_PEER_CLOSED ... of .socket */

	pthread_join(client, NULL);
	over("one thread, ten thousand clients");
}

/* ---- docs/events.md: a callback ---- */

static void answer(int32_t socket, void *user)
{
	char text[100];
	int32_t length = WDSocketRead(socket, text, (int32_t)sizeof text, 0);

	if (length >= 0 && WDSocketWrite(socket, text, length) == length)
		++*(int *)user;
}

static void WDSOCKET_CALL happened(const int32_t *event, void *user) /* see wds_event_proc */
{
    const wds_event *e = (const wds_event *)event;

    if (e->kind == WDS_EVENT_MESSAGE)
        answer(e->socket, user);
    else if (e->kind == WDS_EVENT_PEER_CLOSED || e->kind == WDS_EVENT_RESET || e->kind == WDS_EVENT_TIMEOUT ||
             (e->kind == WDS_EVENT_ERROR && WDSocketState(e->socket) != WDS_STATE_LISTENING))
        WDSocketClose(e->socket); /* an error of the server: one client could not be accepted, the server goes on */
}

static void callback(int32_t server)
{
	int32_t queue = must("making the queue", WDSocketNewQueue());
	static int state;

	must("attaching the server", WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
	WDSocketSetCallback(queue, happened, &state);
	pthread_join(asking(server), NULL);
	must("removing the callback", WDSocketSetCallback(queue, NULL, NULL));
	printf("  %d answers\n", state);
	over("a callback");
}

/* ---- docs/events.md: a client ---- */

static void client_that_attaches(int32_t server)
{
	int32_t queue = must("making the queue", WDSocketNewQueue()), client;
	char address[80];
	wds_event e;

	must("asking for the address", WDSocketLocalInfo(server, WDS_INFO_ENDPOINT, address, (int32_t)sizeof address));
	client = WDSocketNew("plc");
	WDSocketAttach(queue, client, WDS_ATTACH_PLAIN);
	WDSocketOpen(client, WDS_KIND_CLIENT, 0, address, 0); /* "10.0.0.5:5000" */
	must("waiting for it", WDSocketNextEvents(queue, WAIT_MS, &e, (int32_t)sizeof e, 1));
	if (e.kind != WDS_EVENT_CONNECTED)
		exit(1);
	over("a client");
}

static int32_t server_here(void)
{
	return must("opening a server", WDSocketCreate(NULL, 0, LOOPBACK));
}

int main(void)
{
	few_lines(0);
	ten_thousand(server_here());
	callback(server_here());
	client_that_attaches(server_here());
	return 0;
}
