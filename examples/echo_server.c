/*
 * echo_server.c - a standard server: one thread for each client, every message
 * goes back to the one who sent it
 */
#include <pthread.h>

#include "example.h"

/*
 * The thread of one client.  It gets the channel's handle, a number, in the
 * pointer that pthread_create passes on.
 */
static void *serve(void *argument)
{
	int32_t channel = (int32_t)(intptr_t)argument;
	const void *message;
	void *token;
	int32_t length, result;

	do {
		/* The message stays in the library's memory: any length, no copy. */
		result = WDSocketReadMessage(channel, -1, &message, &length, &token);
		if (result < 0)
			break;
		result = WDSocketWrite(channel, message, length);
		if (result < 0)
			show_error("answering a client", 0); /* before the next call clears the record */
		WDSocketMessageFree(token);
	} while (result >= 0);
	if (result == WDS_E_PEER_CLOSED)
		printf("a client left\n");
	else
		show_error("the conversation with a client", channel);
	fflush(stdout);
	WDSocketClose(channel);
	return NULL;
}

static void start(int32_t channel)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)channel) != 0) {
		fprintf(stderr, "no thread for a client\n");
		WDSocketClose(channel);
		return;
	}
	pthread_detach(thread);
}

int main(int argc, char **argv)
{
	char client[80];
	int32_t server, channel;

	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: echo_server PORT [size|lines|raw]\n"
				"runs until it is stopped; port 0 = any\n");
		return 2;
	}
	server = must("opening the server", WDSocketCreate("echo", port_argument(argv[1], 1), NULL));
	set_mode(server, argc == 3 ? argv[2] : "size");
	show_port("echo server", server);

	for (;;) {
		must("waiting for a client", WDSocketWaitForConnection(server, -1));
		/* Who asks?  WDSocketDeny(server) would send it away. */
		if (WDSocketClientInfo(server, WDS_INFO_ENDPOINT, client, (int32_t)sizeof client) >= 0)
			printf("client %s\n", client);
		fflush(stdout);
		channel = WDSocketAccept(server, 0);
		if (channel < 0)
			show_error("accepting a client", 0); /* it may have gone; the others come in */
		else
			start(channel);
	}
}
