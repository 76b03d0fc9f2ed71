/*
 * receipt_printer.c - a simulated receipt printer that speaks ESC/POS
 *
 * A printer gets a stream without messages: text in lines that end with LF (0A), and
 * between it commands, of which it answers few.  This one knows
 *
 *   10 04 n       DLE EOT n: status at once, one byte, also while nothing is printed
 *   1D 72 n       GS r n: paper status in turn, one byte, when all before is printed
 *   1B 40         ESC @: begin anew           1B 70 m a b   ESC p: open the drawer
 *   1B 61 n       ESC a: left, centre, right  1B 64 n       ESC d: n lines of paper
 *   1B 21 n, 1B 45 n, 1B 74 n, 1D 21 n        fonts and character tables
 *   1D 56 m [n]   GS V: cut; n comes where m is 41 or 42 (hexadecimal)
 *
 * The byte that DLE EOT n gives, in which bit 0 and 7 are 0, bit 1 and 4 are 1:
 *
 *   n = 1   04 drawer open, 08 off line        n = 3   08 cutter, 20 error for good
 *   n = 2   04 cover open, 20 no paper         n = 4   0C paper is short, 60 no paper
 *
 * GS r 1 gives 03 where paper is short, and 0C where there is none.
 *
 * Without paper a printer takes nothing more: it still tells its status, but nothing
 * that must be printed first.  A real one keeps what has come, this one discards it.
 *
 * After: Epson, ESC/POS Command Reference, "DLE EOT", "GS r" and others.
 */
#include "device.h"

#define DLE 0x10
#define ESC 0x1B
#define GS 0x1D
#define LINE 48  /* characters of the paper's width */
#define SHORT 10 /* lines left at which paper is short */

static int32_t paper = 1000, cover;

static const setting settings[] = {
	{"--paper", "lines on the roll", &paper, 0, 1000000},
	{"--cover", "the cover is open", &cover, 0, 0},
	{NULL, NULL, NULL, 0, 0},
};

/* Commands, and how many bytes follow the two. */
static const struct {
	unsigned char first, second;
	int follow;
} commands[] = {
	{DLE, 0x04, 1}, {DLE, 0x05, 1}, {ESC, '@', 0}, {ESC, 'a', 1}, {ESC, 'd', 1}, {ESC, 'p', 3},
	{ESC, '!', 1},	{ESC, 'E', 1},	{ESC, 't', 1}, {GS, '!', 1},  {GS, 'r', 1},  {GS, 'V', 1},
};

/* A command or a line may come in any number of pieces: what there is of it, for each client. */
static struct {
	unsigned char command[8];
	int length;
	char line[LINE + 1];
	int column;
} got[DEVICE_CLIENTS];
static int drawer;

static void set_framing(int32_t server)
{
	must("choosing raw bytes", WDSocketChangeTransmissionMode(server, WDS_MODE_RAW, NULL, 0));
}

static void accepted(int client)
{
	memset(&got[client], 0, sizeof got[client]);
}

static int off_line(void)
{
	return cover || paper == 0;
}

static void print_line(int client)
{
	if (!off_line()) {
		got[client].line[got[client].column] = '\0';
		printf("printed: %s\n", got[client].line);
		fflush(stdout);
		paper--;
	}
	got[client].column = 0;
}

static void say_status(int client, int n)
{
	unsigned char status = 0x12;

	if (n == 1)
		status |= (drawer ? 0x04 : 0) | (off_line() ? 0x08 : 0);
	else if (n == 2)
		status |= (cover ? 0x04 : 0) | (paper == 0 ? 0x20 : 0);
	else if (n == 4)
		status |= (paper < SHORT ? 0x0C : 0) | (paper == 0 ? 0x60 : 0);
	if (n >= 1 && n <= 4)
		send_to(client, &status, 1);
}

static void obey(int client, const unsigned char *command)
{
	unsigned char status = (unsigned char)((paper < SHORT ? 0x03 : 0) | (paper == 0 ? 0x0C : 0));
	int i;

	if (command[0] == DLE && command[1] == 0x04) {
		say_status(client, command[2]);
	} else if (off_line()) {
		return;
	} else if (command[0] == GS && command[1] == 'r') {
		send_to(client, &status, 1);
	} else if (command[0] == ESC && command[1] == 'd') {
		for (i = 0; i < command[2]; i++)
			print_line(client);
	} else if (command[0] == ESC && command[1] == 'p') {
		drawer = 1;
	} else if (command[0] == GS && command[1] == 'V') {
		printf("cut\n");
		fflush(stdout);
	}
}

/* Gives how many bytes the command has, as far as it can be told, 0 for an unknown one. */
static int command_length(const unsigned char *command, int length)
{
	size_t i;

	if (length < 2)
		return 2;
	for (i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (command[0] != commands[i].first || command[1] != commands[i].second)
			continue;
		if (command[0] == GS && command[1] == 'V' && length >= 3 && (command[2] == 0x41 || command[2] == 0x42))
			return 4;
		return 2 + commands[i].follow;
	}
	return 0;
}

static void take(int client, unsigned char byte)
{
	int whole;

	if (got[client].length > 0 || byte == DLE || byte == ESC || byte == GS) {
		got[client].command[got[client].length++] = byte;
		whole = command_length(got[client].command, got[client].length);
		if (got[client].length >= whole) {
			if (whole > 0)
				obey(client, got[client].command);
			got[client].length = 0;
		}
	} else if (byte == '\n') {
		print_line(client);
	} else if (byte >= ' ') {
		if (got[client].column == LINE)
			print_line(client);
		got[client].line[got[client].column++] = byte < 0x7F ? (char)byte : '?';
	}
}

static void message(int client, const unsigned char *data, int32_t length)
{
	int32_t i;

	for (i = 0; i < length && channels[client] > 0; i++)
		take(client, data[i]);
}

int main(int argc, char **argv)
{
	static const device printer = {
		"receipt_printer", "a receipt printer that speaks ESC/POS", settings, set_framing, accepted, message, NULL, NULL,
	};

	return run_device(&printer, argc, argv);
}
