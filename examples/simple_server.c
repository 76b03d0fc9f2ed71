/*
 * simple_server.c - a simplified server: one client at a time, no accept
 *
 * The program reads and writes the server socket itself.  The first read accepts
 * the client, so the client must send first.  When the client has gone, one read
 * returns the error; the next read waits for the next client, which may already
 * be waiting.  Whatever a client sends can end that client, but never the server;
 * a silent client is disconnected, because the next one is waiting.
 */
#include "example_server.h"

#define LONGEST 65536

int main(int argc, char **argv)
{
	static char message[LONGEST];
	char client[80];
	int32_t server, sent, length = WDS_E_CANCELLED;

	if (argc < 2 || argc > 4) {
		fprintf(stderr, "usage: simple_server PORT [size|lines|raw [SILENCE_MS]]\n"
				"echoes what its client sends; runs until Ctrl-C; port 0 = any\n");
		return 2;
	}
	stop_when_told();
	server = must("opening the server", WDSocketCreate("simple", port_argument(argv[1], 1), NULL));
	set_mode(server, argc > 2 ? argv[2] : "size");
	/* A longer message ends its client; without a limit it would stay unread, an error of each read. */
	must("limiting the messages", WDSocketSetOption(server, WDS_OPT_MAX_MESSAGE, LONGEST));
	end_silent_clients(server, argc > 3 ? argv[3] : NULL);
	show_port("simplified server", server);

	while (!stopping) {
		length = WDSocketRead(server, message, LONGEST, -1);
		if (length == WDS_E_CANCELLED || (length < 0 && WDSocketErrorScope(server, length) >= WDS_SCOPE_CONNECTION))
			break; /* an error of the server; all others reach no further than its client */
		if (length == WDS_E_PEER_CLOSED) {
			printf("the client is gone\n");
		} else if (length < 0) {
			show_error("the conversation with the client", 0); /* which is over: the next read accepts the next client */
		} else {
			if (WDSocketClientInfo(server, WDS_INFO_ENDPOINT, client, (int32_t)sizeof client) >= 0)
				printf("%d bytes from %s\n", (int)length, client);
			sent = WDSocketWrite(server, message, length);
			if (sent < 0) {
				show_error("answering", 0);
				if (sent != WDS_E_CANCELLED && WDSocketErrorScope(server, sent) != WDS_SCOPE_MESSAGE)
					WDSocketDeny(server); /* it may still be connected, but takes no answers */
			}
		}
		fflush(stdout);
	}
	return finish(length, server, 0);
}
