/*
 * echo_client.c - a client: sends each line of the standard input as one
 * message and prints the answer
 */
#include "example.h"

#define WAIT_MS 10000
#define LONGEST 65536

int main(int argc, char **argv)
{
	static char line[LONGEST], answer[LONGEST];
	int32_t client, length;

	if (argc != 3 && argc != 4) {
		fprintf(stderr, "usage: echo_client HOST PORT [size|lines|raw]\n");
		return 2;
	}
	client = must("connecting", WDSocketConnect(NULL, port_argument(argv[2], 0), argv[1], WAIT_MS));

	/* Both ends must use the same mode.  Size is the one that WINDEV uses. */
	set_mode(client, argc == 4 ? argv[3] : "size");
	must("limiting the messages", WDSocketSetOption(client, WDS_OPT_MAX_MESSAGE, LONGEST));

	while (input_line(line, (int)sizeof line)) {
		must("writing", WDSocketWrite(client, line, -1));
		length = must("reading", WDSocketRead(client, answer, (int32_t)sizeof answer, WAIT_MS));
		fwrite(answer, 1, (size_t)length, stdout);
		putchar('\n');
	}
	must("closing", WDSocketClose(client));
	must("closing all", WDSocketCloseAll());
	return 0;
}
