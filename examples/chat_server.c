/*
 * chat_server.c - a standard server that sends each client's messages to all others
 *
 * Each client has a thread that reads.  Any thread may write to any channel,
 * at any time: the library never mixes two messages.  A client may just listen:
 * silence is limited only if SILENCE_MS is given.
 */
#include "example_threads.h"

#define MOST_CLIENTS 1000
#define LONGEST 4096
#define NAME 80

static int32_t server;

/* Sends a message to all channels of the server but one. */
static void broadcast(int32_t except, const char *text)
{
	int32_t channels[MOST_CLIENTS];
	int32_t count, i;

	count = WDSocketList(server, channels, MOST_CLIENTS);
	if (count < 0) {
		show_error("listing the clients", 0);
		return;
	}
	/* A client that is just leaving cannot be written to; its own thread reports it. */
	for (i = 0; i < count; i++)
		if (channels[i] != except)
			WDSocketWrite(channels[i], text, -1);
}

/* Says "who: text" to the others and to the window of the server. */
static void say(int32_t channel, const char *who, const char *text)
{
	char line[NAME + LONGEST + 8];

	snprintf(line, sizeof line, "%s: %s", who, text);
	printf("%s\n", line);
	fflush(stdout);
	broadcast(channel, line);
}

static void serve(int32_t channel)
{
	char who[NAME] = "?", text[LONGEST + 1];
	int32_t result = WDS_E_CANCELLED;

	WDSocketClientInfo(channel, WDS_INFO_ENDPOINT, who, (int32_t)sizeof who);
	say(channel, who, "comes in");
	/* The flag: a client that always sends never makes a read wait. */
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
	must("limiting the messages", WDSocketSetOption(server, WDS_OPT_MAX_MESSAGE, LONGEST));
	must("limiting the clients", WDSocketSetOption(server, WDS_OPT_MAX_CLIENTS, MOST_CLIENTS));

	/* A client that does not read must not hold up the others for long. */
	must("setting the write time", WDSocketSetOption(server, WDS_OPT_WRITE_TIMEOUT, 2000));
	show_port("chat server", server);
	return finish_threads(accept_clients(server, serve, NULL), server);
}
