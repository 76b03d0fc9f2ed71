/*
 * hl7_receiver.c - a simulated receiver of HL7 messages, version 2, over MLLP
 *
 * A message is VT (0B), text, FS CR (1C 0D).  The text consists of segments that end
 * with CR; a segment of fields, which the character behind MSH separates:
 *
 *   MSH|^~\&|LAB|NORTH|HIS|CITY|20261128120000||ORU^R01|MSG00001|P|2.5 CR  PID|... CR
 *
 * with sender, receiver, time, type, number, processing and version.  Each message is
 * answered with one of type ACK, in which sender and receiver have changed places:
 *
 *   MSH|^~\&|HIS|CITY|LAB|NORTH|20261128120001||ACK^R01|1|P|2.5 CR  MSA|AA|MSG00001 CR
 *
 * AA accepted, AE error, AR rejected; then the number of the message that it answers.
 * An ACK is not answered.  A message that comes again, because its ACK was lost, is
 * accepted again and not stored twice.
 *
 * After: HL7 version 2.5.1, chapter 2, "Control" (MSH, MSA, original mode), and HL7
 * Transport Specification, MLLP, release 1.
 */
#include "device.h"

#include <time.h>

#define FIELDS 12
#define LONGEST_FIELD 64

static int32_t error, lose;

static const setting settings[] = {
	{"--error", "AE instead of AA for every so many messages, 0 = none", &error, 0, 1000},
	{"--lose", "every so many answers are lost, 0 = none", &lose, 0, 1000},
	{NULL, NULL, NULL, 0, 0},
};

static char last[DEVICE_CLIENTS][LONGEST_FIELD]; /* the number of the message accepted last */
static int counted, answered;

static void set_framing(int32_t server)
{
	must("choosing mllp", WDSocketSetText(server, WDS_TEXT_FRAME_PRESET, "mllp"));
}

static void accepted(int client)
{
	last[client][0] = '\0';
}

/* Copies the fields of the first segment; field[0] is MSH, field[1] the separator, as the standard counts. */
static int split(const char *text, char field[FIELDS + 1][LONGEST_FIELD])
{
	char ends[3] = {0, '\r', '\0'};
	size_t length;
	int i;

	memset(field, 0, (FIELDS + 1) * sizeof field[0]);
	if (strncmp(text, "MSH", 3) != 0 || text[3] < '!')
		return 0;
	strcpy(field[0], "MSH");
	field[1][0] = ends[0] = text[3];
	text += 4;
	for (i = 2; i <= FIELDS; i++) {
		length = strcspn(text, ends);
		if (length >= LONGEST_FIELD)
			return 0;
		memcpy(field[i], text, length);
		text += length;
		if (*text != ends[0])
			break;
		text++;
	}
	return i >= 11; /* the version may be missing */
}

static void acknowledge(int client, char field[FIELDS + 1][LONGEST_FIELD], const char *code)
{
	char text[16 * LONGEST_FIELD], now[16];
	time_t seconds = time(NULL);
	char s = field[1][0] != '\0' ? field[1][0] : '|';
	const char *trigger = strchr(field[9], '^');

	strftime(now, sizeof now, "%Y%m%d%H%M%S", gmtime(&seconds));
	snprintf(text, sizeof text, "MSH%c%s%c%s%c%s%c%s%c%s%c%s%c%cACK%s%c%d%c%s%c%s\rMSA%c%s%c%s\r", s, field[2][0] != '\0' ? field[2] : "^~\\&",
		 s, field[5], s, field[6], s, field[3], s, field[4], s, now, s, s, trigger != NULL ? trigger : "", s, ++counted, s, field[11], s,
		 field[12], s, code, s, field[10]);
	if (lose == 0 || ++answered % lose != 0)
		send_to(client, text, -1);
}

static void message(int client, const unsigned char *data, int32_t length)
{
	static int received;
	char field[FIELDS + 1][LONGEST_FIELD];

	(void)length;
	if (!split((const char *)data, field) || field[9][0] == '\0' || field[10][0] == '\0') {
		acknowledge(client, field, "AR");
		return;
	}
	if (strncmp(field[9], "ACK", 3) == 0)
		return;
	if (strcmp(last[client], field[10]) == 0) {
		printf("again %s\n", field[10]);
	} else if (error > 0 && ++received % error == 0) {
		acknowledge(client, field, "AE");
		return;
	} else {
		printf("stored %s %s\n", field[9], field[10]);
	}
	fflush(stdout);
	strcpy(last[client], field[10]);
	acknowledge(client, field, "AA");
}

int main(int argc, char **argv)
{
	static const device receiver = {
		"hl7_receiver", "a receiver of HL7 messages over MLLP", settings, set_framing, accepted, message, NULL, NULL,
	};

	return run_device(&receiver, argc, argv);
}
