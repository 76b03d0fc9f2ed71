/*
 * chat_server.c - a standard server that sends each client's messages to all others
 *
 * Each client has a thread that reads.  Any thread may write to all channels,
 * at any time: the library never mixes two messages.  A client may just listen:
 * silence is limited only if SILENCE_MS is given.
 */
#include "example_threads.h"

#define MOST_CLIENTS 1000
#define LONGEST 4096 /* what a client says */
#define NAME 80      /* at most, in front of it: who says it */

static int32_t server;

/* Says "who: text" to the window of the server and to all clients but the one of this channel; it never waits. */
static void say(int32_t channel, const char *who, const char *text)
{
	char line[NAME + LONGEST + 1];

	snprintf(line, sizeof line, "%s: %s", who, text);
	printf("%s\n", line);
	fflush(stdout);
	if (WDSocketGroupPublish(channel, NULL, line, -1) < 0)
		show_error("telling the others", 0);
}

static void serve(int32_t channel)
{
	char who[NAME - 2] = "?", text[LONGEST + 1];
	int32_t result = WDS_E_CANCELLED;

	WDSocketClientInfo(channel, WDS_INFO_ENDPOINT, who, (int32_t)sizeof who);
	say(channel, who, "comes in");
	/* The flag: a client that always sends never makes a read wait. One that says more than LONGEST is ended. */
	while (!stopping && (result = WDSocketRead(channel, text, LONGEST, -1)) >= 0) {
		text[result] = '\0';
		say(channel, who, text);
	}
	if (result < 0 && result != WDS_E_PEER_CLOSED && result != WDS_E_CANCELLED)
		show_error(who, 0);
	say(channel, who, "leaves");
}

int main(int argc, char **argv)
{
	if (argc < 2 || argc > 4) {
		fprintf(stderr, "usage: chat_server PORT [size|lines|raw [SILENCE_MS]]\n"
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

	/* A client that does not read is disconnected when so much waits for it, and holds up none of the others. */
	must("limiting what waits for a client", WDSocketSetOption(server, WDS_OPT_PUBLISH_QUEUE, 1 << 20));
	must("disconnecting one that does not read", WDSocketSetOption(server, WDS_OPT_PUBLISH_POLICY, 2));
	show_port("chat server", server);
	return finish_threads(accept_clients(server, serve, NULL), server);
}
