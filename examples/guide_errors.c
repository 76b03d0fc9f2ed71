/*
 * guide_errors.c - the loop of docs/errors.md, with a client whose message is too long
 * for it, one that does not read what it is answered, and one that is served afterwards.
 *
 *     guide_errors
 */
#include <pthread.h>

#include "example.h"

#define LOOPBACK "127.0.0.1"
#define WAIT_MS 20000

static char buffer[100];

static int32_t client_of(int32_t server)
{
	int32_t port = 0, client;

	must("asking for the port", WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port));
	client = must("connecting", WDSocketConnect(NULL, port, LOOPBACK, WAIT_MS));
	must("choosing lines", WDSocketSetText(client, WDS_TEXT_FRAME_PRESET, "line"));
	return client;
}

/* The clients, in a thread of their own; ends the server's loop afterwards. */
static void *ask(void *argument)
{
	int32_t server = (int32_t)(intptr_t)argument, client, result;
	char text[2 * sizeof buffer];

	memset(text, 'x', sizeof text);
	client = client_of(server);
	must("writing too long a line", WDSocketWrite(client, text, (int32_t)sizeof text));
	result = WDSocketRead(client, text, (int32_t)sizeof text, WAIT_MS);
	printf("  too long a line: %s\n", result == WDS_E_RESET || result == WDS_E_PEER_CLOSED ? "its client is ended" : "a fault");
	if (result != WDS_E_RESET && result != WDS_E_PEER_CLOSED)
		exit(1);
	must("closing", WDSocketClose(client));

	client = client_of(server);
	do
		result = WDSocketWrite(client, text, (int32_t)sizeof buffer / 2);
	while (result >= 0);
	printf("  one that sends and does not read: %s\n", result == WDS_E_RESET ? "ended" : "a fault");
	if (result != WDS_E_RESET)
		exit(1);
	must("closing", WDSocketClose(client));

	client = client_of(server);
	must("asking", WDSocketExchange(client, "Hello World", -1, text, (int32_t)sizeof text, WAIT_MS));
	printf("  the next client is answered \"%s\"\n", text);
	must("closing", WDSocketClose(client));
	WDSocketWakeup(1);
	return NULL;
}

static int32_t answer(int32_t server, const char *text, int32_t length)
{
	return WDSocketWrite(server, text, length);
}

int main(void)
{
	int32_t server = must("opening a server", WDSocketCreate(NULL, 0, LOOPBACK));
	pthread_t clients;

	must("choosing lines", WDSocketSetText(server, WDS_TEXT_FRAME_PRESET, "line"));
	/* What is not sent yet is kept, so that a write never waits for a client that does not read: it gives WDS_E_FULL. */
	must("setting the send queue", WDSocketSetOption(server, WDS_OPT_SEND_QUEUE, 65536));
	if (pthread_create(&clients, NULL, ask, (void *)(intptr_t)server) != 0)
		return 1;

	WDSocketSetOption(server, WDS_OPT_MAX_MESSAGE, sizeof buffer);
	for (;;) {
	    int32_t length = WDSocketRead(server, buffer, sizeof buffer, 1000);

	    if (length >= 0) {
	        if (answer(server, buffer, length) < 0 && WDSocketErrorScope(0, 0) != WDS_SCOPE_MESSAGE)
	            WDSocketDeny(server); /* the client may still be connected, but takes no answers */
	    } else if (length == WDS_E_CANCELLED || WDSocketErrorScope(0, 0) >= WDS_SCOPE_CONNECTION) {
	        break; /* the reason: WDSocketErrorInfo(0, WDS_INFO_MESSAGE, ...) */
	    }
	}

	pthread_join(clients, NULL);
	must("closing all", WDSocketCloseAll());
	printf("a loop that goes on by scope: done\n");
	return 0;
}
