/*
 * udp.c - datagrams: a listener that answers each one, and a sender that waits
 * for the answer
 *
 * UDP has no connection.  A datagram arrives whole or not at all, so no
 * transmission mode is needed, and the sender must be ready for no answer.
 */
#include "example_server.h"

#define WAIT_MS 1000
#define ATTEMPTS 3
#define LONGEST 65536

static char datagram[LONGEST];

static int answer_all(int32_t port)
{
	int32_t socket, length = WDS_E_CANCELLED, from_port;
	char from[64];

	stop_when_told();
	socket = must("opening the UDP socket", WDSocketCreateUDP(NULL, port, NULL));
	show_port("listening", socket);
	while (!stopping) {
		length = WDSocketReadUDP(socket, datagram, LONGEST, -1, from, (int32_t)sizeof from, &from_port);
		if (length < 0)
			break; /* a peer's datagram is never an error here */
		printf("%d bytes from %s port %d\n", (int)length, from, (int)from_port);
		fflush(stdout);
		/* WDSocketWrite answers the sender of the last datagram read. */
		if (WDSocketWrite(socket, datagram, length) < 0)
			show_error("answering", 0);
	}
	return finish(length, socket, 0);
}

static int send_one(const char *host, int32_t port, const char *text)
{
	/* Port 0: the system chooses ours. */
	int32_t socket = must("opening the UDP socket", WDSocketCreateUDP(NULL, 0, NULL));
	int32_t length = WDS_E_TIMEOUT;
	int attempt;

	/* A datagram may be lost: ask again if no answer comes. */
	for (attempt = 0; attempt < ATTEMPTS && length == WDS_E_TIMEOUT; attempt++) {
		must("sending", WDSocketWriteUDP(socket, text, -1, host, port));
		length = WDSocketRead(socket, datagram, LONGEST, WAIT_MS);
	}
	must("waiting for the answer", length);
	fwrite(datagram, 1, (size_t)length, stdout);
	putchar('\n');
	must("closing", WDSocketClose(socket));
	must("closing all", WDSocketCloseAll());
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "listen") == 0)
		return answer_all(port_argument(argv[2], 1));
	if (argc == 5 && strcmp(argv[1], "send") == 0)
		return send_one(argv[2], port_argument(argv[3], 0), argv[4]);
	fprintf(stderr, "usage: udp listen PORT\n"
			"       udp send HOST PORT TEXT\n");
	return 2;
}
