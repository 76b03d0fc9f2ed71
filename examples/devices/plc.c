/*
 * plc.c - a simulated PLC that speaks Modbus TCP, behind a gateway
 *
 * A message is a header of 7 bytes, a function and its data; the high byte of each
 * number comes first:
 *
 *   transaction (2)  protocol, 0 (2)  length of the rest (2)  unit (1)  function (1)  data
 *
 *   03, 04   read registers     first (2) count (2)              -> bytes (1) registers
 *   06       write a register   number (2) value (2)             -> the same
 *   10       write registers    first (2) count (2) bytes (1) .. -> first (2) count (2)
 *
 * A refusal has 80 added to the function, and one byte: 1 unknown function, 2 no such
 * register, 3 wrong number of them, 0B (of a gateway) the unit does not answer.
 *
 * Gateways serve several units: answers take their time, and come in another order than
 * the questions.  The transaction tells what an answer belongs to.
 *
 * After: MODBUS Application Protocol Specification V1.1b3, and MODBUS Messaging on
 * TCP/IP Implementation Guide V1.0b (modbus.org).
 */
#include "device.h"

#define HEADER 7
#define LONGEST_MESSAGE 260
#define REGISTERS 1000
#define PENDING 1024 /* answers that wait */
#define HOLD_MS 100  /* for an answer that others may overtake */

static int32_t units = 2, delay, swap;
static const int32_t pace = 10;

static const setting settings[] = {
	{"--units", "units behind the gateway, from 1 on", &units, 1, 247},
	{"--delay", "milliseconds before each answer", &delay, 0, 60000},
	{"--swap", "each second answer overtakes the one before", &swap, 0, 0},
	{NULL, NULL, NULL, 0, 0},
};

static unsigned short registers[247 + 1][REGISTERS];

/* Answers that wait, in the order in which they are sent. */
static struct pending {
	int client;
	int32_t channel; /* another one may come to its place */
	int32_t left;    /* milliseconds */
	int overtaken;
	int32_t length;
	unsigned char bytes[LONGEST_MESSAGE];
} pending[PENDING];
static int count;

/* The preset knows where the length is; messages are read and written with their header. */
static void set_framing(int32_t server)
{
	must("choosing modbus-tcp", WDSocketSetText(server, WDS_TEXT_FRAME_PRESET, "modbus-tcp"));
}

static int get16(const unsigned char *at)
{
	return at[0] << 8 | at[1];
}

static void put16(unsigned char *at, int value)
{
	at[0] = (unsigned char)((value >> 8) & 0xFF);
	at[1] = (unsigned char)(value & 0xFF);
}

/* Keeps an answer until its time has come; with --swap in front of the one that the client waits for. */
static void answer(int client, const unsigned char *bytes, int32_t length)
{
	int at = count, i;

	if ((delay == 0 && !swap) || count == PENDING) {
		send_to(client, bytes, length);
		return;
	}
	for (i = 0; swap && i < count; i++)
		if (pending[i].channel == channels[client] && !pending[i].overtaken)
			at = i;
	memmove(pending + at + 1, pending + at, (size_t)(count++ - at) * sizeof pending[0]);
	pending[at].client = client;
	pending[at].channel = channels[client];
	pending[at].left = delay;
	pending[at].overtaken = at + 1 < count && swap;
	pending[at].length = length;
	memcpy(pending[at].bytes, bytes, (size_t)length);
	if (pending[at].overtaken) {
		pending[at + 1].overtaken = 1;
		pending[at + 1].left = delay;
	} else if (swap) {
		pending[at].left = delay + HOLD_MS;
	}
}

static void refuse(int client, const unsigned char *question, int why)
{
	unsigned char bytes[HEADER + 2];

	memcpy(bytes, question, HEADER + 1);
	bytes[HEADER] |= 0x80;
	bytes[HEADER + 1] = (unsigned char)why;
	answer(client, bytes, (int32_t)sizeof bytes);
}

static void read_registers(int client, const unsigned char *question, int first, int number)
{
	unsigned char bytes[LONGEST_MESSAGE];
	int i;

	memcpy(bytes, question, HEADER + 1);
	bytes[HEADER + 1] = (unsigned char)(2 * number);
	for (i = 0; i < number; i++)
		put16(bytes + HEADER + 2 + 2 * i, registers[question[6]][first + i]);
	answer(client, bytes, HEADER + 2 + 2 * number); /* the library puts the length into the header */
}

static void write_registers(int client, const unsigned char *question, int first, int number, const unsigned char *values)
{
	int i;

	for (i = 0; i < number; i++)
		registers[question[6]][first + i] = (unsigned short)get16(values + 2 * i);
	answer(client, question, HEADER + 5);
}

static void message(int client, const unsigned char *data, int32_t length)
{
	int function = length > HEADER ? data[HEADER] : 0;
	int first = length >= HEADER + 5 ? get16(data + HEADER + 1) : 0, number = length >= HEADER + 5 ? get16(data + HEADER + 3) : 0;
	int whole = HEADER + 5 + (function == 0x10 ? 1 + 2 * number : 0), most = function == 0x10 ? 123 : 125;

	if (length <= HEADER)
		return;
	if (function == 0x06)
		number = 1;
	if (data[6] < 1 || data[6] > units)
		refuse(client, data, 0x0B);
	else if (function != 0x03 && function != 0x04 && function != 0x06 && function != 0x10)
		refuse(client, data, 1);
	else if (number < 1 || number > most || length != whole || (function == 0x10 && data[HEADER + 5] != 2 * number))
		refuse(client, data, 3);
	else if (first + number > REGISTERS)
		refuse(client, data, 2);
	else if (function == 0x10)
		write_registers(client, data, first, number, data + HEADER + 6);
	else if (function == 0x06)
		write_registers(client, data, first, 1, data + HEADER + 3);
	else
		read_registers(client, data, first, number);
}

static void tick(void)
{
	int i, kept = 0;

	for (i = 0; i < count; i++) {
		pending[i].left -= pace;
		if (pending[i].left > 0)
			pending[kept++] = pending[i];
		else if (channels[pending[i].client] == pending[i].channel)
			send_to(pending[i].client, pending[i].bytes, pending[i].length);
	}
	count = kept;
}

int main(int argc, char **argv)
{
	static const device plc = {
		"plc", "a PLC that speaks Modbus TCP, behind a gateway", settings, set_framing, NULL, message, tick, &pace,
	};
	int unit, i;

	for (unit = 1; unit <= 247; unit++)
		for (i = 0; i < REGISTERS; i++)
			registers[unit][i] = (unsigned short)(1000 * unit + i);
	return run_device(&plc, argc, argv);
}
