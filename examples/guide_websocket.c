/*
 * guide_websocket.c - the programs of docs/websocket.md: a server in a thread, and a
 * client that tries it out.
 *
 *     guide_websocket
 */
#include <pthread.h>

#include "example.h"

#define WAIT_MS 20000

static int32_t server;

/* ---- docs/websocket.md: a server ---- */

static void open_server(int32_t port)
{
	server = must("making the server", WDSocketNew("pages"));
	must("choosing the path", WDSocketSetText(server, WDS_TEXT_WEBSOCKET_PATHS, "/prices"));
	must("writing text", WDSocketSetOption(server, WDS_OPT_WEBSOCKET_KIND, WDS_WEBSOCKET_TEXT));
	must("opening the server", WDSocketOpen(server, WDS_KIND_WEBSOCKET_SERVER, port, NULL, 0));
}

static void guard_server(void)
{
	WDSocketSetText(server, WDS_TEXT_WEBSOCKET_ORIGINS, "https://shop.example, http://localhost:8080"); /* whose pages may come */
	WDSocketSetOption(server, WDS_OPT_MAX_MESSAGE, 65536);           /* a longer one is answered with the code 1009 */
	WDSocketSetOption(server, WDS_OPT_MAX_CLIENTS, 1000);
	WDSocketSetOption(server, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, 5000);  /* for asking for the WebSocket */
	WDSocketSetOption(server, WDS_OPT_HEARTBEAT, 20000);             /* a ping when nothing came for so long */
	WDSocketSetOption(server, WDS_OPT_IDLE_LIMIT, 60000);            /* without a pong or a message the client is gone */
}

static void handle(const wds_event *e)
{
	char text[65536];
	int32_t length;

	switch (e->kind) {
	case WDS_EVENT_ACCEPTED:
		WDSocketGroupJoin(e->socket, "prices");
		break;
	case WDS_EVENT_MESSAGE: /* e->detail: WDS_WEBSOCKET_TEXT or WDS_WEBSOCKET_BINARY */
		length = WDSocketRead(e->socket, text, (int32_t)sizeof text, 0);
		if (length >= 0)
			WDSocketGroupPublish(server, "prices", text, length); /* to every page */
		break;
	case WDS_EVENT_ERROR:
		if (e->socket == server)
			break; /* one client could not be accepted, the server goes on */
		/* fall through */
	case WDS_EVENT_PEER_CLOSED:
	case WDS_EVENT_RESET:
	case WDS_EVENT_TIMEOUT:
		WDSocketClose(e->socket);
		break;
	default:
		break;
	}
}

static void *serve(void *argument)
{
	wds_event events[64];
	int32_t count, i, queue = must("making the queue", WDSocketNewQueue());

	must("attaching the server", WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
	while ((count = WDSocketNextEvents(queue, -1, events, sizeof events[0], 64)) > 0)
		for (i = 0; i < count; i++)
			handle(&events[i]);
	return argument;
}

/* ---- docs/websocket.md: a client ---- */

static void talk(const char *address)
{
	char text[65536];
	int32_t client, length, kind;

	client = must("connecting", WDSocketConnect(NULL, 0, address, WAIT_MS));
	must("writing text", WDSocketSetOption(client, WDS_OPT_WEBSOCKET_KIND, WDS_WEBSOCKET_TEXT));

	must("writing", WDSocketWrite(client, "copper 9120", -1));
	length = must("reading", WDSocketRead(client, text, (int32_t)sizeof text, WAIT_MS));
	must("asking what it is", WDSocketGetOption(client, WDS_OPT_WEBSOCKET_MESSAGE, &kind));

	printf("  %s of %d bytes: %s\n", kind == WDS_WEBSOCKET_TEXT ? "a text" : "a binary message", (int)length, text);
	must("closing", WDSocketCloseEx(client, WDS_CLOSE_GRACEFUL, WAIT_MS));
}

/* ---- docs/websocket.md: closing with a code ---- */

static void close_with_a_code(int32_t client)
{
	WDSocketSetOption(client, WDS_OPT_WEBSOCKET_CLOSE_CODE, 4001);
	WDSocketSetText(client, WDS_TEXT_WEBSOCKET_CLOSE_REASON, "the order is paid");
	WDSocketCloseEx(client, WDS_CLOSE_WRITE, WAIT_MS); /* the close frame; reading goes on */
}

static void say_how_it_ended(int32_t client)
{
	char code[16] = "", reason[128] = "", text[16];

	int32_t result = WDSocketRead(client, text, (int32_t)sizeof text, WAIT_MS);
	if (result == WDS_E_PEER_CLOSED || result == WDS_E_WEBSOCKET_CLOSED) { /* 1000, 1001 or none; another */
		WDSocketWebSocketInfo(client, WDS_INFO_WEBSOCKET_CLOSE_CODE, code, (int32_t)sizeof code);
		WDSocketWebSocketInfo(client, WDS_INFO_WEBSOCKET_CLOSE_REASON, reason, (int32_t)sizeof reason);
		printf("  the peer closed with %s \"%s\"\n", code, reason);
	}

	if (strcmp(code, "4001") != 0 || result != WDS_E_WEBSOCKET_CLOSED)
		exit(1); /* the server answers with the same code */
}

int main(void)
{
	char address[64];
	pthread_t thread;
	int32_t port = 0, client;

	open_server(0);
	guard_server();
	must("asking for the port", WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port));
	if (pthread_create(&thread, NULL, serve, NULL) != 0)
		return 1;
	snprintf(address, sizeof address, "ws://localhost:%d/prices", (int)port);
	talk(address);
	client = must("connecting", WDSocketConnect(NULL, 0, address, WAIT_MS));
	close_with_a_code(client);
	say_how_it_ended(client);
	must("closing", WDSocketClose(client));
	WDSocketWakeup(1); /* ends the server's loop */
	pthread_join(thread, NULL);
	must("closing all", WDSocketCloseAll());
	printf("WebSocket: done\n");
	return 0;
}
