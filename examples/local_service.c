/*
 * local_service.c - a server for programs of this machine, over a Unix-domain socket, or a
 * named pipe on Windows: it knows which process of which user asks (on Windows which
 * process). local_client.c is the other program.
 */
#include "example.h"

static const char *info(int32_t channel, int32_t what)
{
	static char text[2][100];
	char *to = text[what == WDS_INFO_PEER_UID];

	must("asking who it is", WDSocketClientInfo(channel, what, to, (int32_t)sizeof text[0]));
	return to;
}

/* Answers a client until it leaves; 1 when it says "stop". */
static int serve(int32_t channel)
{
	char message[1000], answer[1300];
	int32_t length;

	while ((length = WDSocketRead(channel, message, (int32_t)sizeof message, -1)) >= 0) {
		snprintf(answer, sizeof answer, "user %s, process %s: %d bytes", info(channel, WDS_INFO_PEER_UID),
			 info(channel, WDS_INFO_PEER_PID), (int)length);
		must("answering", WDSocketWrite(channel, answer, -1));
		if (length == 4 && memcmp(message, "stop", 4) == 0)
			return 1;
	}
	if (length != WDS_E_PEER_CLOSED)
		show_error("the conversation with a client", channel);
	return 0;
}

int main(int argc, char **argv)
{
	int32_t server, channel;
	int stop = 0;

	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: local_service ADDRESS [everybody]\n"
				"ADDRESS is local:name, unix:/path, unix:@name or pipe:name; a client that says \"stop\" ends it\n");
		return 2;
	}
	server = must("making the socket", WDSocketNew(NULL));
	if (argc == 3) /* otherwise programs of this user alone, and root's */
		must("letting other users in", WDSocketSetOption(server, WDS_OPT_UNIX_MODE, 0666));
	must("listening", WDSocketOpen(server, WDS_KIND_SERVER, 0, argv[1], 0));
	printf("serving at %s\n", argv[1]);
	fflush(stdout);
	while (!stop) {
		channel = must("waiting for a client", WDSocketAccept(server, -1));
		stop = serve(channel);
		must("closing", WDSocketClose(channel));
	}
	must("closing the server", WDSocketClose(server)); /* which takes its file away */
	must("closing all", WDSocketCloseAll());
	return 0;
}
