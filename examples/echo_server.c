/*
 * echo_server.c - a standard server: one thread for each client, every message
 * is sent back to its client
 */
#include "example_threads.h"

static void serve(int32_t channel)
{
	const void *message;
	void *token;
	int32_t length, result = WDS_E_CANCELLED;

	while (!stopping) { /* a client that always sends never makes a read wait */
		/* The message stays in the library's memory: any length, no copy. */
		result = WDSocketReadMessage(channel, -1, &message, &length, &token);
		if (result < 0)
			break;
		result = WDSocketWrite(channel, message, length);
		if (result < 0)
			show_error("answering a client", 0); /* before the next call clears the record */
		WDSocketMessageFree(token);
		if (result < 0)
			break;
	}
	if (result == WDS_E_PEER_CLOSED)
		printf("a client left\n");
	else if (result < 0 && result != WDS_E_CANCELLED)
		show_error("the conversation with a client", channel);
	fflush(stdout);
}

/* Shows which client asks; WDSocketDeny(server) would refuse it. */
static void welcome(int32_t server)
{
	char client[80];

	if (WDSocketClientInfo(server, WDS_INFO_ENDPOINT, client, (int32_t)sizeof client) >= 0)
		printf("client %s\n", client);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int32_t server;

	if (argc < 2 || argc > 4) {
		fprintf(stderr, "usage: echo_server PORT [size|lines|raw [SILENCE_MS]]\n"
				"runs until Ctrl-C; port 0 = any; clients silent for SILENCE_MS are ended\n");
		return 2;
	}
	stop_when_told();
	server = must("opening the server", WDSocketCreate("echo", port_argument(argv[1], 1), NULL));
	set_mode(server, argc > 2 ? argv[2] : "size");
	end_silent_clients(server, argc > 3 ? argv[3] : NULL);
	show_port("echo server", server);
	return finish_threads(accept_clients(server, serve, welcome), server);
}
