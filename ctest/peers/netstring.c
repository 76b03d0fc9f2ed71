/*
 * netstring.c - a server that looks names up, as Postfix asks one by its socketmap
 *
 * usage: netstring ANSWERS.  Prints its port, takes one client, and answers so many
 * requests.  The protocol is the preset "netstring" both ways: a request is the name of
 * the map, a blank and the key; the answer to key N is N bytes.
 */
#include "../../examples/example.h"

#define WAIT_MS 30000
#define ANSWER_MAX 20000

int main(int argc, char **argv)
{
	static char answer[ANSWER_MAX + 4] = "OK ";
	char request[100];
	int32_t server, channel, port = 0;
	int answers, i;

	if (argc != 2)
		return 2;
	answers = number_argument(argv[1], "the number of answers", 1, ANSWER_MAX);
	memset(answer + 3, ',', ANSWER_MAX);
	server = must("opening the server", WDSocketCreate(NULL, 0, "127.0.0.1"));
	must("choosing the preset", WDSocketSetText(server, WDS_TEXT_FRAME_PRESET, "netstring"));
	must("asking for the port", WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port));
	printf("%d\n", (int)port);
	fflush(stdout);
	channel = must("accepting", WDSocketAccept(server, WAIT_MS));
	for (i = 0; i < answers; i++) {
		must("reading", WDSocketRead(channel, request, (int32_t)sizeof request, WAIT_MS));
		if (strncmp(request, "map ", 4) != 0) {
			fprintf(stderr, "netstring: a request \"%s\"\n", request);
			return 1;
		}
		must("answering", WDSocketWrite(channel, answer, 3 + number_argument(request + 4, "the key", 1, ANSWER_MAX)));
	}
	if (WDSocketRead(channel, request, (int32_t)sizeof request, WAIT_MS) != WDS_E_PEER_CLOSED) {
		fprintf(stderr, "netstring: more than was asked\n");
		return 1;
	}
	must("closing", WDSocketClose(channel));
	must("closing", WDSocketClose(server));
	must("closing all", WDSocketCloseAll());
	return 0;
}
