/*
 * barcode_reader.c - a simulated barcode reader on the network
 *
 * The reader sends each code that it reads, as ASCII, and then CR (0D), unless it is
 * set up for CR LF:
 *
 *   4006381333931 CR     a code, here EAN-13, whose last digit checks the others
 *   ERROR CR             there was something, and it could not be read
 *
 * It understands two commands, which end with CR as well: LOFF stops the reading,
 * LON starts it again.  Anything else is answered with ER, the command and 00.
 *
 * After: Keyence, SR Series User's Manual, "Command communication" (LON, LOFF, ER,
 * ERROR, headers and terminators), and GS1 General Specifications (check digit).
 */
#include "device.h"

static int32_t interval = 100, burst = 1, crlf, misread, blind;

static const setting settings[] = {
	{"--interval", "milliseconds between the codes", &interval, 10, 60000},
	{"--burst", "codes that come together", &burst, 1, 100},
	{"--crlf", "codes end with CR LF", &crlf, 0, 0},
	{"--misread", "a wrong digit in every so many codes, 0 = none", &misread, 0, 1000},
	{"--blind", "ERROR instead of every so many codes, 0 = none", &blind, 0, 1000},
	{NULL, NULL, NULL, 0, 0},
};

static const char *const codes[] = {"4006381333931", "5901234123457", "9780201379624", "0012345678905"};
static struct {
	int stopped; /* LOFF */
	int count;   /* codes that it has got */
} reading[DEVICE_CLIENTS];

/* Commands end with CR.  What is written is left as it is: several codes may come in one piece, and with CR LF. */
static void set_framing(int32_t server)
{
	must("choosing the end", WDSocketChangeTransmissionMode(server, WDS_MODE_END_TAG, "\r", 1));
	must("writing as it is", WDSocketSetOption(server, WDS_OPT_WRITE_MODE, WDS_MODE_RAW));
}

static void accepted(int client)
{
	reading[client].stopped = reading[client].count = 0;
}

static void message(int client, const unsigned char *data, int32_t length)
{
	const char *command = (const char *)data;
	char text[64];

	if (*command == '\n')
		command++; /* of a client that sends CR LF */
	if (strcmp(command, "LON") == 0) {
		reading[client].stopped = 0;
	} else if (strcmp(command, "LOFF") == 0) {
		reading[client].stopped = 1;
	} else if (length > 0) {
		snprintf(text, sizeof text, "ER,%.16s,00%s", command, crlf ? "\r\n" : "\r");
		send_to(client, text, -1);
	}
}

/* Adds the next code of a client to a text. */
static void add_code(int client, char *text)
{
	int number = ++reading[client].count;
	char code[16];

	strcpy(code, codes[number % (int)(sizeof codes / sizeof codes[0])]);
	if (blind > 0 && number % blind == 0)
		strcpy(code, "ERROR");
	else if (misread > 0 && number % misread == 0)
		code[5] = code[5] == '9' ? '0' : (char)(code[5] + 1);
	strcat(code, crlf ? "\r\n" : "\r");
	strcat(text, code);
}

static void tick(void)
{
	static char text[100 * 16 + 1];
	int client, i;

	for (client = 0; client < DEVICE_CLIENTS; client++) {
		if (channels[client] == 0 || reading[client].stopped)
			continue;
		text[0] = '\0';
		for (i = 0; i < burst; i++)
			add_code(client, text);
		send_to(client, text, -1);
	}
}

int main(int argc, char **argv)
{
	static const device reader = {
		"barcode_reader", "a barcode reader", settings, set_framing, accepted, message, tick, &interval,
	};

	return run_device(&reader, argc, argv);
}
