/*
 * chat_server.c - a standard server: what one client says, all others hear
 *
 * Each client has a thread that reads.  Any thread may write to any channel,
 * at any time: the library never mixes two messages.
 */
#include <pthread.h>

#include "example.h"

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
	/* A client that is just leaving cannot be written to; its own thread tells. */
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

static void *serve(void *argument)
{
	int32_t channel = (int32_t)(intptr_t)argument;
	char who[NAME] = "?", text[LONGEST + 1];
	int32_t result;

	WDSocketClientInfo(channel, WDS_INFO_ENDPOINT, who, (int32_t)sizeof who);
	say(channel, who, "comes in");
	while ((result = WDSocketRead(channel, text, LONGEST, -1)) >= 0) {
		text[result] = '\0';
		say(channel, who, text);
	}
	if (result != WDS_E_PEER_CLOSED)
		show_error(who, 0);
	say(channel, who, "leaves");
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
	int32_t channel;

	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: chat_server PORT [size|lines|raw]\n"
				"runs until it is stopped; port 0 = any\n");
		return 2;
	}
	server = must("opening the server", WDSocketCreate("chat", port_argument(argv[1], 1), NULL));
	set_mode(server, argc == 3 ? argv[2] : "lines");
	must("limiting the clients", WDSocketSetOption(server, WDS_OPT_MAX_CLIENTS, MOST_CLIENTS));

	/* A client that does not read must not hold up the others for long. */
	must("setting the write time", WDSocketSetOption(server, WDS_OPT_WRITE_TIMEOUT, 2000));
	show_port("chat server", server);

	for (;;) {
		channel = WDSocketAccept(server, -1);
		if (channel >= 0)
			start(channel);
		else if (channel == WDS_E_DESCRIPTORS || channel == WDS_E_LIMIT)
			show_error("accepting a client", 0); /* passes when clients leave */
		else
			must("accepting a client", channel);
	}
}
