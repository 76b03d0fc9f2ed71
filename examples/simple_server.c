/*
 * simple_server.c - a simplified server: one client at a time, no accept
 *
 * The program reads and writes the server socket itself.  The first read takes
 * the client, so the client must speak first.  The read that finds the client
 * gone says so once; the next read waits for the next client, which may have
 * been waiting already.
 */
#include "example.h"

#define LONGEST 65536

int main(int argc, char **argv)
{
	static char message[LONGEST];
	char client[80];
	int32_t server, length;

	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: simple_server PORT [size|lines|raw]\n"
				"echoes what its client sends; runs until it is stopped; port 0 = any\n");
		return 2;
	}
	server = must("opening the server", WDSocketCreate("simple", port_argument(argv[1], 1), NULL));
	set_mode(server, argc == 3 ? argv[2] : "size");
	show_port("simplified server", server);

	for (;;) {
		length = WDSocketRead(server, message, LONGEST, -1);
		if (length == WDS_E_PEER_CLOSED) {
			printf("the client is gone\n");
		} else if (length == WDS_E_RESET || length == WDS_E_FRAME || length == WDS_E_TOO_LONG) {
			show_error("the conversation with the client", 0);
		} else if (length == WDS_E_BUFFER) {
			show_error("reading", 0);
			must("sending the client away", WDSocketDeny(server));
		} else {
			must("reading", length);
			if (WDSocketClientInfo(server, WDS_INFO_ENDPOINT, client, (int32_t)sizeof client) >= 0)
				printf("%d bytes from %s\n", (int)length, client);
			if (WDSocketWrite(server, message, length) < 0)
				show_error("answering", 0); /* the next read tells that the client is gone */
		}
		fflush(stdout);
	}
}
