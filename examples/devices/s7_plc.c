/*
 * s7_plc.c - a simulated PLC that speaks the S7 protocol: one data block, read and
 * written
 *
 * Three layers, each in front of the next; the high byte of each number comes first:
 *
 *   03 00 length (2)             TPKT, RFC 1006: the length of the whole packet
 *   length E0 .. or 02 F0 80     COTP, ISO 8073: a request to connect, answered with D0;
 *                                then data
 *   32 kind 00 00 reference (2) parameters (2) data (2) [error (2)]
 *                                S7: kind 1 a question, 3 its answer, which alone has an
 *                                error; the lengths of what follows
 *
 * After the connection the sizes are agreed upon (parameters F0 00, two numbers, the
 * longest packet).  Then variables are read (04) and written (05):
 *
 *   04 items, each: 12 0A 10 02 count (2) block (2) 84 address in bits (3)
 *   answer: 04 items, data for each: FF 04 length in bits (2) bytes
 *
 * Instead of FF: 05 beyond the end, 06 not bytes, 0A no such block.
 *
 * After: RFC 1006, RFC 905, the documentation of libnodave ("PDU"), and Wireshark's
 * dissector of S7 communication.
 */
#include "device.h"

#define COTP 3      /* of data */
#define ASK_HEADER 10
#define HEADER 12
#define ITEM 12
#define MOST_ITEMS 20
#define LONGEST_PDU 960
#define BLOCK_SIZE 65536 /* at most */

static int32_t size = 256, pdu = 240;

static const setting settings[] = {
	{"--size", "bytes of data block 1", &size, 1, BLOCK_SIZE},
	{"--pdu", "bytes of the longest packet, S7 header included", &pdu, 60, LONGEST_PDU},
	{NULL, NULL, NULL, 0, 0},
};

static unsigned char block[BLOCK_SIZE];
static int connected[DEVICE_CLIENTS];

/* The preset takes the four bytes of TPKT off and puts them on. */
static void set_framing(int32_t server)
{
	must("choosing tpkt", WDSocketSetText(server, WDS_TEXT_FRAME_PRESET, "tpkt"));
}

static void accepted(int client)
{
	connected[client] = 0;
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

/* Answers with the question's reference; parameters and data stand behind the headers already. */
static void answer(int client, const unsigned char *question, unsigned char *bytes, int parameters, int data, int error)
{
	static const unsigned char head[] = {0x02, 0xF0, 0x80, 0x32, 0x03, 0x00, 0x00};

	memcpy(bytes, head, sizeof head);
	memcpy(bytes + COTP + 4, question + COTP + 4, 2);
	put16(bytes + COTP + 6, parameters);
	put16(bytes + COTP + 8, data);
	put16(bytes + COTP + 10, error);
	send_to(client, bytes, COTP + HEADER + parameters + data);
}

static void connect_client(int client, const unsigned char *data, int32_t length)
{
	unsigned char bytes[64];

	if (length < 7 || length > (int32_t)sizeof bytes || data[0] != length - 1) {
		drop(client);
		return;
	}
	memcpy(bytes, data, (size_t)length); /* with the parameters that it wants */
	bytes[1] = 0xD0;
	memcpy(bytes + 2, data + 4, 2); /* its reference, and one of ours */
	put16(bytes + 4, client + 1);
	connected[client] = 1;
	send_to(client, bytes, length);
}

/* Where the bytes of an item are, or 0 and why there are none. */
static unsigned char *find(const unsigned char *item, int *count, int *why)
{
	long at = (item[9] << 16 | item[10] << 8 | item[11]) / 8;

	*count = get16(item + 4);
	*why = item[3] != 0x02 ? 0x06 : item[8] != 0x84 || get16(item + 6) != 1 ? 0x0A : at + *count > size ? 0x05 : 0xFF;
	return *why == 0xFF ? block + at : NULL;
}

/* Items begin at even places: behind an odd number of bytes comes a zero, except at the end. */
static void read_items(int client, const unsigned char *question, const unsigned char *items, int number)
{
	static unsigned char bytes[COTP + HEADER + 2 + LONGEST_PDU + 8];
	unsigned char *data = bytes + COTP + HEADER + 2;
	int at = 0, count, why, i;

	memset(bytes, 0, sizeof bytes);
	for (i = 0; i < number; i++) {
		const unsigned char *found = find(items + ITEM * i, &count, &why);

		at += at % 2;
		if (found == NULL)
			count = 0;
		if (HEADER + 2 + at + 4 + count > pdu) { /* does not fit into an answer */
			answer(client, question, bytes, 0, 0, 0x8500);
			return;
		}
		data[at] = (unsigned char)why;
		data[at + 1] = found != NULL ? 0x04 : 0x00;
		put16(data + at + 2, 8 * count);
		if (found != NULL)
			memcpy(data + at + 4, found, (size_t)count);
		at += 4 + count;
	}
	bytes[COTP + HEADER] = 0x04;
	bytes[COTP + HEADER + 1] = (unsigned char)number;
	answer(client, question, bytes, 2, at, 0);
}

static void write_items(int client, const unsigned char *question, const unsigned char *items, int number, const unsigned char *data, int length)
{
	unsigned char bytes[COTP + HEADER + 2 + MOST_ITEMS] = {0};
	int at = 0, count, why, i;

	for (i = 0; i < number; i++) {
		unsigned char *found = find(items + ITEM * i, &count, &why);

		at += at % 2;
		if (at + 4 + count > length || data[at + 1] != 0x04 || get16(data + at + 2) != 8 * count) {
			found = NULL;
			why = why == 0xFF ? 0x07 : why;
		}
		if (found != NULL)
			memcpy(found, data + at + 4, (size_t)count);
		at += 4 + count;
		bytes[COTP + HEADER + 2 + i] = (unsigned char)why;
	}
	bytes[COTP + HEADER] = 0x05;
	bytes[COTP + HEADER + 1] = (unsigned char)number;
	answer(client, question, bytes, 2, number, 0);
}

static void message(int client, const unsigned char *data, int32_t length)
{
	unsigned char bytes[COTP + HEADER + 8] = {0};
	const unsigned char *parameters = data + COTP + ASK_HEADER;
	int parameter_length, data_length, number;

	if (length >= 2 && data[1] == 0xE0) {
		connect_client(client, data, length);
		return;
	}
	if (!connected[client] || length < COTP + ASK_HEADER + 2 || memcmp(data, "\x02\xF0\x80\x32\x01", 5) != 0) {
		drop(client); /* as a PLC does */
		return;
	}
	parameter_length = get16(data + COTP + 6);
	data_length = get16(data + COTP + 8);
	number = parameters[1];
	if (length != COTP + ASK_HEADER + parameter_length + data_length) {
		drop(client);
	} else if (parameters[0] == 0xF0 && parameter_length == 8) {
		memcpy(bytes + COTP + HEADER, parameters, 8);
		if (get16(parameters + 6) > pdu)
			put16(bytes + COTP + HEADER + 6, (int)pdu);
		answer(client, data, bytes, 8, 0, 0);
	} else if ((parameters[0] == 0x04 || parameters[0] == 0x05) && number > 0 && number <= MOST_ITEMS && parameter_length == 2 + ITEM * number) {
		if (parameters[0] == 0x04)
			read_items(client, data, parameters + 2, number);
		else
			write_items(client, data, parameters + 2, number, parameters + parameter_length, data_length);
	} else {
		answer(client, data, bytes, 0, 0, 0x8104); /* not known here */
	}
}

int main(int argc, char **argv)
{
	static const device plc = {
		"s7_plc", "a PLC that speaks the S7 protocol", settings, set_framing, accepted, message, NULL, NULL,
	};
	int i;

	for (i = 0; i < BLOCK_SIZE; i++)
		block[i] = (unsigned char)(i & 0xFF);
	return run_device(&plc, argc, argv);
}
