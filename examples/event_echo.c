/*
 * event_echo.c - an echo server that serves all clients in one thread, without
 * polling: it sends each message back.
 *
 *     event_echo PORT [size|lines|raw [SILENCE_MS]]
 */
#include "example_server.h"

#define LONGEST 1048576
#define BATCH 64

static char message[LONGEST];

static void handle(int32_t server, const wds_event *e)
{
	int32_t length;

	switch (e->kind) {
	case WDS_EVENT_MESSAGE:
		length = WDSocketRead(e->socket, message, LONGEST, 0);
		if (length < 0 || WDSocketWrite(e->socket, message, length) < 0)
			WDSocketClose(e->socket); /* the client is gone, or does not read its answers */
		break;
	case WDS_EVENT_ERROR:
		fprintf(stderr, "socket %d: error %d\n", (int)e->socket, (int)e->code);
		if (e->socket == server)
			break; /* one client could not be accepted, the server continues */
		/* fall through */
	case WDS_EVENT_PEER_CLOSED:
	case WDS_EVENT_RESET:
	case WDS_EVENT_TIMEOUT:
		WDSocketClose(e->socket); /* the connection has ended, but the socket exists until it is closed */
		break;
	default: /* WDS_EVENT_ACCEPTED needs nothing here */
		break;
	}
}

int main(int argc, char **argv)
{
	wds_event events[BATCH];
	int32_t server, queue, count = WDS_E_CANCELLED, i;

	if (argc < 2 || argc > 4) {
		fprintf(stderr, "usage: event_echo PORT [size|lines|raw [SILENCE_MS]]\n"
				"runs until Ctrl-C; port 0 = any; clients silent for SILENCE_MS are ended\n");
		return 2;
	}
	stop_when_told();
	server = must("opening the server", WDSocketCreate("echo", port_argument(argv[1], 1), NULL));
	set_mode(server, argc > 2 ? argv[2] : "size");
	end_silent_clients(server, argc > 3 ? argv[3] : NULL);
	must("limiting the messages", WDSocketSetOption(server, WDS_OPT_MAX_MESSAGE, LONGEST));

	/* A client that does not read must not hold up the others: writes never wait. */
	must("setting the send queue", WDSocketSetOption(server, WDS_OPT_SEND_QUEUE, 4 * LONGEST));
	queue = must("making the queue", WDSocketNewQueue());
	must("attaching the server", WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
	show_port("echo server", server);

	while (!stopping && (count = WDSocketNextEvents(queue, -1, events, (int32_t)sizeof events[0], BATCH)) > 0)
		for (i = 0; i < count; i++)
			handle(server, &events[i]);
	return finish(count, server, queue);
}
