/*
 * modbus.c - a Modbus TCP client: reads holding registers, writes one, reads
 * it back
 *
 * A Modbus TCP message is a header of 7 bytes and a function with its data:
 *
 *   transaction (2)  protocol, 0 (2)  length of the rest (2)  unit (1)  function (1)  data
 *
 * All numbers have their high byte first.  The preset "modbus-tcp" tells the
 * library where the length stands; it fills the length in on a write and
 * hands out whole messages, header included.  WDSocketExchange sends a request
 * and waits for the answer with the same transaction number.
 */
#include "example.h"

#define WAIT_MS 3000
#define HEADER 7
#define LONGEST 260 /* the longest Modbus TCP message */
#define READ_HOLDING 0x03
#define WRITE_SINGLE 0x06
#define EXCEPTION 0x80 /* added to the function when the device refuses */
#define MOST_REGISTERS 125

static int32_t plc; /* the connection */
static int unit;

static void fail(const char *text)
{
	fprintf(stderr, "%s\n", text);
	exit(1);
}

static void put16(unsigned char *at, int value)
{
	at[0] = (unsigned char)((value >> 8) & 0xFF);
	at[1] = (unsigned char)(value & 0xFF);
}

static int get16(const unsigned char *at)
{
	return at[0] << 8 | at[1];
}

/* Sends a function with two numbers, which all simple functions have; returns the length of the answer. */
static int32_t ask(int function, int first, int second, unsigned char *answer)
{
	static int transaction;
	unsigned char request[HEADER + 5];
	int32_t length;

	put16(request, ++transaction & 0xFFFF);
	put16(request + 2, 0);
	put16(request + 4, 0); /* the length: filled in by the library */
	request[6] = (unsigned char)unit;
	request[7] = (unsigned char)function;
	put16(request + 8, first);
	put16(request + 10, second);

	length = must("asking the device",
		      WDSocketExchange(plc, request, (int32_t)sizeof request, answer, LONGEST, WAIT_MS));
	if (length >= HEADER + 2 && answer[7] == (function | EXCEPTION)) {
		fprintf(stderr, "the device refuses: Modbus exception %d\n", answer[8]);
		fail("giving up");
	}
	if (length < HEADER + 2 || answer[7] != function)
		fail("the device answered something else");
	return length;
}

static void read_registers(int first, int count, int *values)
{
	unsigned char answer[LONGEST];
	int32_t length = ask(READ_HOLDING, first, count, answer);
	int i;

	if (answer[8] != 2 * count || length != HEADER + 2 + 2 * count)
		fail("the device sent another number of registers");
	for (i = 0; i < count; i++) {
		values[i] = get16(answer + HEADER + 2 + 2 * i);
		printf("register %d = %d\n", first + i, values[i]);
	}
}

static void write_register(int number, int value)
{
	unsigned char answer[LONGEST];
	int32_t length = ask(WRITE_SINGLE, number, value, answer);

	/* The device repeats the request to confirm it. */
	if (length != HEADER + 5 || get16(answer + 8) != number || get16(answer + 10) != value)
		fail("the device confirmed something else");
	printf("register %d := %d\n", number, value);
}

int main(int argc, char **argv)
{
	int values[MOST_REGISTERS];
	int first, count, value;

	if (argc != 7) {
		fprintf(stderr, "usage: modbus HOST PORT UNIT FIRST COUNT VALUE\n"
				"reads COUNT holding registers from FIRST, writes VALUE to FIRST, reads it back\n");
		return 2;
	}
	unit = (int)number_argument(argv[3], "the unit", 0, 255);
	first = (int)number_argument(argv[4], "the first register", 0, 65535);
	count = (int)number_argument(argv[5], "the count", 1, MOST_REGISTERS);
	value = (int)number_argument(argv[6], "the value", 0, 65535);

	plc = must("connecting", WDSocketConnect("plc", port_argument(argv[2], 0), argv[1], WAIT_MS));
	must("choosing modbus-tcp", WDSocketSetText(plc, WDS_TEXT_FRAME_PRESET, "modbus-tcp"));

	read_registers(first, count, values);
	write_register(first, value);
	read_registers(first, 1, values);
	if (values[0] != value)
		fail("the register has another value than the one written");
	printf("the register has the value written\n");

	must("closing", WDSocketClose(plc));
	must("closing all", WDSocketCloseAll());
	return 0;
}
