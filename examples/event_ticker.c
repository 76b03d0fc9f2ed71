/*
 * event_ticker.c - a server in one thread that publishes prices twice a second.
 * A client sends a name and gets the prices of that name from then on; "-name"
 * ends it.  A price is encoded once for all clients.  A client that does not read
 * loses its oldest prices and does not delay others.
 *
 * A client may just listen: silence is limited only if SILENCE_MS is given.
 *
 *     event_ticker PORT [size|lines|raw [SILENCE_MS]]
 */
#include "example_server.h"

#define LONGEST 64 /* what a client sends */
#define ANSWER (LONGEST + 16)
#define BATCH 64

static const char *const names[] = {"copper", "nickel", "tin", "zinc"};
static int price[] = {9120, 15840, 33105, 2874};

#define NAMES ((int)(sizeof names / sizeof names[0]))

/* A step up or down for each name, published to the clients that joined it. */
static void tick(int32_t server)
{
	static unsigned chance = 1;
	char line[LONGEST];
	int i;

	for (i = 0; i < NAMES; i++) {
		chance = chance * 1103515245u + 12345u;
		price[i] += (int)(chance >> 16) % 21 - 10;
		snprintf(line, sizeof line, "%s %d", names[i], price[i]);
		must("publishing", WDSocketGroupPublish(server, names[i], line, -1));
	}
}

/* What a client sent: a name to join, or "-name" to leave. */
static void wish(int32_t client)
{
	char text[LONGEST + 1] = "", answer[ANSWER];
	const char *name = text;
	int i;

	if (WDSocketRead(client, text, LONGEST, 0) < 0) {
		WDSocketClose(client); /* it sends more, or is gone */
		return;
	}
	name += text[0] == '-';
	for (i = 0; i < NAMES; i++)
		if (strcmp(name, names[i]) == 0) {
			if (text[0] == '-')
				WDSocketGroupLeave(client, name);
			else
				WDSocketGroupJoin(client, name);
			return;
		}
	snprintf(answer, sizeof answer, "no price of \"%s\"", name);
	if (WDSocketWrite(client, answer, -1) < 0)
		WDSocketClose(client); /* it is gone, or does not read its answers */
}

static void handle(int32_t server, const wds_event *e)
{
	switch (e->kind) {
	case WDS_EVENT_TIMER:
		tick(server);
		break;
	case WDS_EVENT_MESSAGE:
		wish(e->socket);
		break;
	case WDS_EVENT_DROPPED:
		printf("client %d does not read: %d prices dropped\n", (int)e->socket, (int)e->value);
		break;
	case WDS_EVENT_ERROR:
		if (e->socket == server)
			break; /* one client could not be accepted, the server continues */
		/* fall through */
	case WDS_EVENT_PEER_CLOSED:
	case WDS_EVENT_RESET:
	case WDS_EVENT_TIMEOUT:
		WDSocketClose(e->socket); /* this also removes it from its groups */
		break;
	default:
		break;
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	wds_event events[BATCH];
	int32_t server, queue, count = WDS_E_CANCELLED, i;

	if (argc < 2 || argc > 4) {
		fprintf(stderr, "usage: event_ticker PORT [size|lines|raw [SILENCE_MS]]\n"
				"runs until Ctrl-C; port 0 = any\n");
		return 2;
	}
	stop_when_told();
	server = must("opening the server", WDSocketCreate("ticker", port_argument(argv[1], 1), NULL));
	set_mode(server, argc > 2 ? argv[2] : "lines");
	end_silent_clients(server, argc > 3 ? argv[3] : "0");
	must("limiting the messages", WDSocketSetOption(server, WDS_OPT_MAX_MESSAGE, ANSWER)); /* also those that are written */
	must("limiting the queue of a client", WDSocketSetOption(server, WDS_OPT_PUBLISH_QUEUE, 65536));
	must("setting the send queue", WDSocketSetOption(server, WDS_OPT_SEND_QUEUE, 65536)); /* so that no answer waits */
	must("noticing clients that are gone", WDSocketSetOption(server, WDS_OPT_PEER_GONE, 30000));
	queue = must("making the queue", WDSocketNewQueue());
	must("attaching the server", WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
	must("making the timer", WDSocketNewTimer(queue, 500, 500, 0));
	show_port("ticker", server);

	while (!stopping && (count = WDSocketNextEvents(queue, -1, events, (int32_t)sizeof events[0], BATCH)) > 0)
		for (i = 0; i < count; i++)
			handle(server, &events[i]);
	return finish(count, server, queue);
}
