/*
 * scale.c - a simulated scale that speaks MT-SICS, levels 0 and 1
 *
 * Commands and answers are lines of ASCII that end with CR LF (0D 0A):
 *
 *   S          the weight, as soon as it is stable:   S S     100.00 g
 *   SI         the weight at once, "D" if it moves:   S D      99.93 g
 *   SIR        the weight at once, and then again and again
 *   @          stops that; answered with the serial number:  I4 A "0123456789"
 *   Z, T       zero, tare:                            Z A    T S     100.00 g
 *
 * A line with a weight: the command, a blank, S (stable) or D (moves), a blank, ten
 * places with the number at their right, a blank, the unit.  "S I" means "not now",
 * "ES" an unknown command.  S, SI and @ end the repetition that SIR began.
 *
 * After: METTLER TOLEDO, Standard Interface Command Set (MT-SICS), Reference
 * Manual, levels 0 and 1.
 */
#include "device.h"

#define WEIGHT_LENGTH 16

static int32_t load = 10000, swing = 3, interval = 100, noise;

static const setting settings[] = {
	{"--weight", "hundredths of a gram on the pan", &load, -1000000, 9999999},
	{"--swing", "intervals for which the pan moves after a client has come", &swing, 0, 1000},
	{"--interval", "milliseconds between the weights of SIR", &interval, 10, 60000},
	{"--noise", "noise in front of every so many lines of a client, 0 = none", &noise, 0, 1000},
	{NULL, NULL, NULL, 0, 0},
};

static struct {
	int waits;   /* it has sent S, and the pan moves */
	int repeats; /* it has sent SIR */
	int lines;   /* that it has got */
} wish[DEVICE_CLIENTS];
static int32_t tare, moving; /* intervals for which the pan still moves */

/* Lines are read without their CR LF.  They are written as they are: noise has no end of line. */
static void set_framing(int32_t server)
{
	must("choosing lines", WDSocketChangeTransmissionMode(server, WDS_MODE_END_TAG, "\r\n", 2));
	must("writing as it is", WDSocketSetOption(server, WDS_OPT_WRITE_MODE, WDS_MODE_RAW));
}

/* Noise as a long cable makes it: wild bytes, and a line whose end is lost. */
static void say(int client, const char *text)
{
	static const char rubbish[] = "\xFF\x01\x15S S      9";
	char line[64];

	if (noise > 0 && ++wish[client].lines % noise == 0)
		send_to(client, rubbish, (int32_t)sizeof rubbish - 1);
	snprintf(line, sizeof line, "%s\r\n", text);
	send_to(client, line, -1);
}

static void say_weight(int client, const char *command)
{
	int32_t weight = load - tare + (moving % 2 == 0 ? 7 : -7) * moving; /* it swings, less and less */
	char text[WEIGHT_LENGTH + 16];

	snprintf(text, sizeof text, "%s %c %10.2f g", command, moving > 0 ? 'D' : 'S', weight / 100.0);
	say(client, text);
}

static void accepted(int client)
{
	memset(&wish[client], 0, sizeof wish[client]);
	moving = swing;
}

static void message(int client, const unsigned char *data, int32_t length)
{
	const char *command = (const char *)data;

	(void)length;
	wish[client].repeats = wish[client].waits = 0;
	if (strcmp(command, "S") == 0 && moving > 0) {
		wish[client].waits = 1; /* answered when the pan is quiet */
	} else if (strcmp(command, "S") == 0 || strcmp(command, "SI") == 0) {
		say_weight(client, "S");
	} else if (strcmp(command, "SIR") == 0) {
		wish[client].repeats = 1;
		say_weight(client, "S");
	} else if (strcmp(command, "@") == 0) {
		say(client, "I4 A \"0123456789\"");
	} else if (strcmp(command, "Z") == 0 || strcmp(command, "T") == 0) {
		if (moving > 0) {
			say(client, command[0] == 'Z' ? "Z I" : "T I");
		} else if (command[0] == 'Z') {
			tare = 0;
			load = 0;
			say(client, "Z A");
		} else {
			tare = 0;
			say_weight(client, "T");
			tare = load;
		}
	} else {
		say(client, "ES");
	}
}

static void tick(void)
{
	int i;

	if (moving > 0)
		moving--;
	for (i = 0; i < DEVICE_CLIENTS; i++) {
		if (channels[i] == 0)
			continue;
		if (wish[i].repeats || (wish[i].waits && moving == 0)) {
			wish[i].waits = 0;
			say_weight(i, "S");
		}
	}
}

int main(int argc, char **argv)
{
	static const device scale = {
		"scale", "a scale that speaks MT-SICS", settings, set_framing, accepted, message, tick, &interval,
	};

	return run_device(&scale, argc, argv);
}
