/*
 * send_hl7.c - sends HL7 messages, version 2, over MLLP, and takes each for delivered
 * when its ACK has come.  hl7_receiver.c tells what each byte means.
 */
#include "../example.h"

#include <time.h>

#define WAIT_MS 2000
#define TRIES 3
#define LONGEST 65536

static int32_t receiver;

/* VT, text, FS CR: the preset writes and removes them. */
static void set_framing(int32_t socket)
{
	must("choosing mllp", WDSocketSetText(socket, WDS_TEXT_FRAME_PRESET, "mllp"));
}

/*
 * Reads up to the ACK that has this number.  One that comes late belongs to a message
 * before, and is read over; WDSocketExchange could not tell.  Gives 1 for AA, 0 if none came.
 */
static int accepted(const char *number)
{
	static char answer[LONGEST + 1];
	char code[3], of[64];
	const char *msa;
	int32_t length;

	for (;;) {
		length = WDSocketRead(receiver, answer, LONGEST, WAIT_MS);
		if (length == WDS_E_TIMEOUT)
			return 0;
		must("waiting for the ACK", length);
		msa = strstr(answer, "\rMSA|");
		if (msa == NULL || sscanf(msa, "\rMSA|%2[A-Z]|%63[^|\r]", code, of) != 2 || strcmp(of, number) != 0)
			continue;
		if (strcmp(code, "AA") == 0)
			return 1;
		fprintf(stderr, "message %s is not accepted: %s\n", number, code);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	char text[1024], number[32], now[16];
	time_t seconds = time(NULL);
	int count, i, tries;

	if (argc != 4) {
		fprintf(stderr, "usage: send_hl7 HOST PORT COUNT\n");
		return 2;
	}
	count = (int)number_argument(argv[3], "the count", 1, 1000000);
	strftime(now, sizeof now, "%Y%m%d%H%M%S", gmtime(&seconds));
	receiver = must("connecting", WDSocketConnect("receiver", port_argument(argv[2], 0), argv[1], WAIT_MS));
	set_framing(receiver);
	for (i = 1; i <= count; i++) {
		snprintf(number, sizeof number, "MSG%05d", i);
		snprintf(text, sizeof text,
			 "MSH|^~\\&|LAB|NORTH|HIS|CITY|%s||ORU^R01|%s|P|2.5\r"
			 "PID|1||4711||Doe^Jane\r"
			 "OBX|1|NM|GLU||5.%d|mmol/l\r",
			 now, number, i % 10);
		/* Sent again the message has the same number, so that the receiver does not store it twice. */
		for (tries = 0; tries < TRIES; tries++) {
			must("sending", WDSocketWrite(receiver, text, -1));
			if (accepted(number))
				break;
		}
		if (tries == TRIES) {
			fprintf(stderr, "message %s is not answered\n", number);
			return 1;
		}
	}
	printf("%d messages are delivered\n", count);
	must("closing", WDSocketClose(receiver));
	must("closing all", WDSocketCloseAll());
	return 0;
}
