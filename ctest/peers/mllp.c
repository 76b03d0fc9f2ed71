/*
 * mllp.c - receives HL7 messages by MLLP, and acknowledges each
 *
 * usage: mllp.  Prints its port, takes one client, and reads with the preset "hl7" until
 * it has ended.  An acknowledgement has the number of the message and its length.
 */
#include "../../examples/example.h"

#define WAIT_MS 30000

int main(void)
{
	static char message[65536];
	char answer[64];
	int32_t server, channel, port = 0, length;
	int number = 0;

	server = must("opening the server", WDSocketCreate(NULL, 0, "127.0.0.1"));
	must("choosing the preset", WDSocketSetText(server, WDS_TEXT_FRAME_PRESET, "hl7"));
	must("asking for the port", WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port));
	printf("%d\n", (int)port);
	fflush(stdout);
	channel = must("accepting", WDSocketAccept(server, WAIT_MS));
	while ((length = WDSocketRead(channel, message, (int32_t)sizeof message, WAIT_MS)) >= 0) {
		if (length > 0 && strncmp(message, "MSH|", 4) != 0) {
			fprintf(stderr, "mllp: message %d begins with \"%.20s\"\n", number + 1, message);
			return 1;
		}
		snprintf(answer, sizeof answer, "MSH|ACK|%d|%d\r", ++number, (int)length);
		must("answering", WDSocketWrite(channel, answer, -1));
	}
	if (length != WDS_E_PEER_CLOSED)
		must("reading", length);
	must("closing", WDSocketClose(channel));
	must("closing", WDSocketClose(server));
	must("closing all", WDSocketCloseAll());
	return 0;
}
