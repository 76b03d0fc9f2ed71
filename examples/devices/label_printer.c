/*
 * label_printer.c - a simulated label printer that speaks ZPL
 *
 * A printer gets a stream of commands: ^ or ~, two letters, parameters up to the
 * next command.  This one knows
 *
 *   ^XA ... ^XZ   a label        ^FD text ^FS   text on it       ^PQ n   n times
 *   ~HS           status         ~PP  pause     ~PS  go on       ~JA     forget all
 *
 * and reads over the rest, which says where and how things are printed.  ~HS is
 * answered with three lines, each begun by STX (02) and ended by ETX CR LF (03 0D 0A):
 *
 *   aaa,b,c,dddd,eee,f,g,h,iii,j,k,l     b no labels, c pause, eee labels' formats that
 *                                        wait, f buffer full, h a format has begun
 *   mmm,n,o,p,q,r,s,t,uuuuuuuu,v,www     o head open, p no ribbon, u copies left of the
 *                                        format that is printed
 *   xxxx,y                               password, memory
 *
 * The reference says that a printer without labels, without a ribbon or with an open
 * head does not answer ~HS; many do.  This one does, unless --mute is given.
 *
 * After: Zebra, ZPL II Programming Guide, "~HS Host Status Return" and others.
 */
#include "device.h"

#define LONGEST_COMMAND 256 /* longer ones are cut */
#define FORMATS 100         /* that may wait */

static int32_t labels = 1000, pace = 50, mute;

static const setting settings[] = {
	{"--labels", "labels on the roll", &labels, 0, 1000000},
	{"--pace", "milliseconds for a label", &pace, 10, 60000},
	{"--mute", "without labels ~HS is not answered", &mute, 0, 0},
	{NULL, NULL, NULL, 0, 0},
};

/* What has come of a command and of a label, for each client. */
static struct {
	char command[LONGEST_COMMAND + 1];
	int length;
	char text[LONGEST_COMMAND + 1];
	int copies; /* 0: no label has begun */
} got[DEVICE_CLIENTS];

/* What is printed next, the printer's own. */
static struct {
	char text[LONGEST_COMMAND + 1];
	int copies;
} formats[FORMATS];
static int waiting, paused;

static void set_framing(int32_t server)
{
	must("choosing raw bytes", WDSocketChangeTransmissionMode(server, WDS_MODE_RAW, NULL, 0));
}

static void accepted(int client)
{
	memset(&got[client], 0, sizeof got[client]);
}

static void say_status(int client)
{
	char text[256];

	if (labels == 0 && mute)
		return;
	snprintf(text, sizeof text,
		 "\x02" "030,%d,%d,1245,%03d,%d,0,%d,000,0,0,0\x03\r\n"
		 "\x02" "000,0,0,0,1,2,4,0,%08d,1,000\x03\r\n"
		 "\x02" "1234,0\x03\r\n",
		 labels == 0, paused, waiting, waiting == FORMATS, got[client].copies > 0, waiting > 0 ? formats[0].copies : 0);
	send_to(client, text, -1);
}

static void end_label(int client)
{
	if (got[client].copies > 0 && waiting < FORMATS) {
		strcpy(formats[waiting].text, got[client].text);
		formats[waiting++].copies = got[client].copies;
	}
	got[client].copies = 0;
}

static void obey(int client, const char *command)
{
	long copies;

	if (strncmp(command, "~HS", 3) == 0) {
		say_status(client);
	} else if (strncmp(command, "~PP", 3) == 0 || strncmp(command, "~PS", 3) == 0) {
		paused = command[2] == 'P';
	} else if (strncmp(command, "~JA", 3) == 0) {
		waiting = 0;
	} else if (strncmp(command, "^XA", 3) == 0) {
		got[client].copies = 1;
		got[client].text[0] = '\0';
	} else if (strncmp(command, "^XZ", 3) == 0) {
		end_label(client);
	} else if (strncmp(command, "^FD", 3) == 0) {
		strcpy(got[client].text, command + 3);
	} else if (strncmp(command, "^PQ", 3) == 0 && got[client].copies > 0) {
		copies = strtol(command + 3, NULL, 10);
		got[client].copies = copies < 1 ? 1 : copies > 99999999 ? 99999999 : (int)copies;
	}
}

/* A command ends where the next one begins; those with ~, and the end of a label, are obeyed at once. */
static void take(int client, char byte)
{
	char *command = got[client].command;

	if (byte == '^' || byte == '~') {
		command[got[client].length] = '\0';
		obey(client, command);
		got[client].length = 0;
	} else if (got[client].length == 0 || byte < ' ') {
		return; /* between commands, the ends of lines */
	}
	if (got[client].length < LONGEST_COMMAND)
		command[got[client].length++] = byte;
	command[got[client].length] = '\0';
	if (got[client].length == 3 && (command[0] == '~' || strcmp(command, "^XZ") == 0)) {
		obey(client, command);
		got[client].length = 0;
	}
}

static void message(int client, const unsigned char *data, int32_t length)
{
	int32_t i;

	for (i = 0; i < length && channels[client] > 0; i++)
		take(client, (char)data[i]);
}

/* A label is printed. */
static void tick(void)
{
	if (waiting == 0 || paused || labels == 0)
		return;
	printf("printed: %s\n", formats[0].text);
	fflush(stdout);
	labels--;
	if (--formats[0].copies == 0)
		memmove(formats, formats + 1, (size_t)--waiting * sizeof formats[0]);
}

int main(int argc, char **argv)
{
	static const device printer = {
		"label_printer", "a label printer that speaks ZPL", settings, set_framing, accepted, message, tick, &pace,
	};

	return run_device(&printer, argc, argv);
}
