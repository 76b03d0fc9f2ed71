/*
 * event_chat.c - a chat server in one thread: each line of a client goes to all
 * the others.
 *
 * A client may just listen: silence is limited only if SILENCE_MS is given.
 *
 *     event_chat PORT [size|lines|raw [SILENCE_MS]]
 */
#include "example_server.h"

#define MOST_CLIENTS 10000
#define LONGEST 4096 /* what a client says */
#define NAME 80      /* at most, in front of it: who says it */
#define BATCH 64

static int32_t server;

/* Sends "who text" to all clients except the one that it concerns, which may have left. It never waits. */
static void say(int32_t about, const char *text)
{
	char who[NAME - 2] = "?", line[NAME + LONGEST + 1];

	WDSocketClientInfo(about, WDS_INFO_ENDPOINT, who, (int32_t)sizeof who);
	snprintf(line, sizeof line, "%s%s", who, text);
	printf("%s\n", line);
	fflush(stdout);
	if (WDSocketGroupPublish(about, NULL, line, -1) < 0)
		show_error("telling the others", 0);
}

static void leave(int32_t client)
{
	say(client, " leaves");
	WDSocketClose(client); /* the connection may have ended, but the socket exists until it is closed */
}

static void handle(const wds_event *e)
{
	char text[LONGEST + 3] = ": ";
	int32_t length;

	if (!WDSocketExist(e->socket))
		return; /* closed at an earlier event that came with this one */
	switch (e->kind) {
	case WDS_EVENT_ACCEPTED:
		say(e->socket, " comes in");
		break;
	case WDS_EVENT_MESSAGE:
		length = WDSocketRead(e->socket, text + 2, LONGEST, 0);
		if (length >= 0)
			say(e->socket, text);
		else if (length == WDS_E_BUFFER)
			leave(e->socket); /* it says more; an event tells other errors */
		break;
	case WDS_EVENT_ERROR:
		if (e->socket == server)
			break; /* one client could not be accepted, the server continues */
		/* fall through */
	case WDS_EVENT_PEER_CLOSED:
	case WDS_EVENT_RESET:
	case WDS_EVENT_TIMEOUT:
		leave(e->socket);
		break;
	default:
		break;
	}
}

int main(int argc, char **argv)
{
	wds_event events[BATCH];
	int32_t queue, count = WDS_E_CANCELLED, i;

	if (argc < 2 || argc > 4) {
		fprintf(stderr, "usage: event_chat PORT [size|lines|raw [SILENCE_MS]]\n"
				"runs until Ctrl-C; port 0 = any\n");
		return 2;
	}
	stop_when_told();
	server = must("opening the server", WDSocketCreate("chat", port_argument(argv[1], 1), NULL));
	set_mode(server, argc > 2 ? argv[2] : "lines");
	end_silent_clients(server, argc > 3 ? argv[3] : "0");
	must("noticing clients that are gone", WDSocketSetOption(server, WDS_OPT_PEER_GONE, 30000));
	must("limiting the messages", WDSocketSetOption(server, WDS_OPT_MAX_MESSAGE, NAME + LONGEST)); /* also those that are written */
	must("limiting the clients", WDSocketSetOption(server, WDS_OPT_MAX_CLIENTS, MOST_CLIENTS));
	must("limiting what waits for a client", WDSocketSetOption(server, WDS_OPT_PUBLISH_QUEUE, 1 << 20));
	must("disconnecting one that does not read", WDSocketSetOption(server, WDS_OPT_PUBLISH_POLICY, 2));
	queue = must("making the queue", WDSocketNewQueue());
	must("attaching the server", WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
	show_port("chat server", server);

	while (!stopping && (count = WDSocketNextEvents(queue, -1, events, (int32_t)sizeof events[0], BATCH)) > 0)
		for (i = 0; i < count; i++)
			handle(&events[i]);
	return finish(count, server, queue);
}
