/*
 * local_client.c - the client of local_service.c: sends each line of the standard
 * input as one message and prints the answer
 */
#include "example.h"

#define WAIT_MS 10000

int main(int argc, char **argv)
{
	static char line[1000], answer[1300];
	int32_t client, length;

	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: local_client ADDRESS [USER]\n"
				"the service must run as USER, a name or number, if one is given\n");
		return 2;
	}
	client = must("making the socket", WDSocketNew(NULL));
	if (argc == 3) /* in a folder for everybody another user's program may be there first */
		must("naming the user", WDSocketSetText(client, WDS_TEXT_UNIX_OWNER, argv[2]));
	must("connecting", WDSocketOpen(client, WDS_KIND_CLIENT, 0, argv[1], WAIT_MS));
	while (input_line(line, (int)sizeof line)) {
		length = must("asking", WDSocketExchange(client, line, -1, answer, (int32_t)sizeof answer, WAIT_MS));
		fwrite(answer, 1, (size_t)length, stdout);
		putchar('\n');
	}
	must("closing", WDSocketClose(client));
	must("closing all", WDSocketCloseAll());
	return 0;
}
