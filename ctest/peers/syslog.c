/*
 * syslog.c - sends messages to a syslog server, which sends them on to a server of ours
 *
 * usage: syslog HOST PORT MESSAGES.  Prints the port of the own server, then connects to
 * HOST as soon as it listens.  The protocol is the preset "syslog" both ways, octet
 * counting of RFC 6587: a message may have line ends in it, and comes back as it was.
 */
#define _POSIX_C_SOURCE 200809L

#include <time.h>

#include "../../examples/example.h"

#define WAIT_MS 30000
#define MESSAGE_MAX 9000

static void fail(const char *what, int number)
{
	fprintf(stderr, "syslog: %s %d\n", what, number);
	exit(1);
}

/* Message so many: now and then long, with line ends, and with digits and a blank where
 * a reader that has lost its place would take them for a length. */
static int32_t make_message(char *p, int number)
{
	int length = snprintf(p, MESSAGE_MAX, "<13>1 2026-01-02T03:04:05Z host app - - - number %d", number), i;

	if (number % 3 == 0)
		length += snprintf(p + length, (size_t)(MESSAGE_MAX - length), "\n12 <13>line two\n\n5 four");
	if (number % 50 == 0)
		for (i = 0; i < number % 8000; i++)
			p[length++] = (char)('a' + i % 26);
	return length;
}

static int32_t own_server(void)
{
	int32_t server = must("opening the server", WDSocketCreate(NULL, 0, "127.0.0.1")), port = 0;

	must("choosing the preset", WDSocketSetText(server, WDS_TEXT_FRAME_PRESET, "syslog"));
	must("asking for the port", WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port));
	printf("%d\n", (int)port);
	fflush(stdout);
	return server;
}

/* Connects; the other program is started after this one. */
static int32_t connect_patiently(const char *host, int32_t port)
{
	const struct timespec moment = {0, 50000000};
	int32_t socket = WDS_E_REFUSED;
	int i;

	for (i = 0; i < 600 && socket == WDS_E_REFUSED; i++) {
		if (i > 0)
			nanosleep(&moment, NULL);
		socket = WDSocketConnect(NULL, port, host, WAIT_MS);
	}
	return must("connecting", socket);
}

int main(int argc, char **argv)
{
	static char message[MESSAGE_MAX], got[MESSAGE_MAX];
	int32_t server, client, channel, length;
	int messages, i;

	if (argc != 4)
		return 2;
	messages = number_argument(argv[3], "the number of messages", 1, 100000);
	server = own_server();
	client = connect_patiently(argv[1], port_argument(argv[2], 0));
	must("choosing the preset", WDSocketSetText(client, WDS_TEXT_FRAME_PRESET, "syslog"));
	for (i = 1; i <= messages; i++) {
		length = make_message(message, i);
		must("writing", WDSocketWrite(client, message, length));
	}
	channel = must("accepting", WDSocketAccept(server, WAIT_MS));
	for (i = 1; i <= messages; i++) {
		length = make_message(message, i);
		if (must("reading", WDSocketRead(channel, got, (int32_t)sizeof got, WAIT_MS)) != length || memcmp(got, message, (size_t)length) != 0)
			fail("another message than expected, in place of", i);
	}
	must("closing", WDSocketClose(client));
	must("closing", WDSocketClose(channel));
	must("closing", WDSocketClose(server));
	must("closing all", WDSocketCloseAll());
	return 0;
}
