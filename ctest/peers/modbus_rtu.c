/*
 * modbus_rtu.c - asks a Modbus RTU device behind a converter from serial to TCP
 *
 * usage: modbus_rtu HOST PORT.  A message is the address of the device, a function and
 * its data, and a CRC; nothing tells its length but the silence behind it, or what its
 * function is, as the preset "modbus-rtu" knows.
 */
#include "../../examples/example.h"

#define WAIT_MS 30000
#define DEVICE 1
#define READ_REGISTERS 3
#define WRITE_REGISTER 6

static int32_t line; /* the connection */

static void fail(const char *what, int number)
{
	fprintf(stderr, "modbus_rtu: %s %d\n", what, number);
	exit(1);
}

static int32_t ask(int function, int address, int value, unsigned char *answer, int32_t capacity)
{
	unsigned char request[6];

	request[0] = DEVICE;
	request[1] = (unsigned char)function;
	request[2] = (unsigned char)(address >> 8);
	request[3] = (unsigned char)address;
	request[4] = (unsigned char)(value >> 8);
	request[5] = (unsigned char)value;
	return must("asking", WDSocketExchange(line, request, (int32_t)sizeof request, answer, capacity, WAIT_MS));
}

static void expect_registers(int address, int count, const int *changed)
{
	unsigned char answer[260];
	int i;

	if (ask(READ_REGISTERS, address, count, answer, (int32_t)sizeof answer) != 3 + 2 * count || answer[1] != READ_REGISTERS || answer[2] != 2 * count)
		fail("another answer for register", address);
	for (i = 0; i < count; i++) {
		int expected = changed != NULL && address + i == changed[0] ? changed[1] : 100 + address + i;

		if ((answer[3 + 2 * i] << 8 | answer[4 + 2 * i]) != expected)
			fail("another value in register", address + i);
	}
}

static void questions(const int *before, const int *changed)
{
	unsigned char answer[260];

	expect_registers(10, 125, before);
	expect_registers(0, 1, NULL);
	if (ask(WRITE_REGISTER, changed[0], changed[1], answer, (int32_t)sizeof answer) != 6 || answer[4] != 0x0D || answer[5] != 0x0A)
		fail("not written: register", changed[0]);
	expect_registers(9, 3, changed);
	/* Registers that it has not: function with the high bit, and exception 2. */
	if (ask(READ_REGISTERS, 190, 20, answer, (int32_t)sizeof answer) != 3 || answer[1] != (READ_REGISTERS | 0x80) || answer[2] != 2)
		fail("no refusal but function", answer[1]);
	expect_registers(199, 1, NULL);
}

/* Functions whose answers have lengths of their own; 0: it counts its bytes itself. */
static void other_functions(void)
{
	static const struct {
		unsigned char request[16];
		int32_t length, answer;
	} rows[] = {
		{{DEVICE, 0x10, 0, 20, 0, 2, 4, 0, 120, 0, 121}, 11, 6},               /* write registers */
		{{DEVICE, 0x16, 0, 20, 0, 255, 0, 0}, 8, 8},                           /* mask write */
		{{DEVICE, 0x17, 0, 20, 0, 3, 0, 20, 0, 1, 2, 0, 120}, 13, 3 + 2 * 3},  /* write and read */
		{{DEVICE, 0x11}, 2, 0},                                                /* its name */
	};
	unsigned char answer[260];
	int i;

	for (i = 0; i < (int)(sizeof rows / sizeof rows[0]); i++) {
		int32_t n = must("asking", WDSocketExchange(line, rows[i].request, rows[i].length, answer, (int32_t)sizeof answer, WAIT_MS));

		if (n != (rows[i].answer > 0 ? rows[i].answer : 3 + answer[2]) || (answer[1] & 0x7F) != rows[i].request[1])
			fail("another answer to function", rows[i].request[1]);
	}
}

int main(int argc, char **argv)
{
	static const int changed[] = {10, 0x0D0A};
	int i;

	if (argc != 3)
		return 2;
	line = must("connecting", WDSocketConnect(NULL, port_argument(argv[2], 0), argv[1], WAIT_MS));
	must("describing", WDSocketSetText(line, WDS_TEXT_FRAME, "data crc-16/modbus(data) ; gap=500"));
	questions(NULL, changed);
	must("choosing the preset", WDSocketSetText(line, WDS_TEXT_FRAME_PRESET, "modbus-rtu"));
	questions(changed, changed);
	for (i = 0; i < 20; i++)
		expect_registers(i + 11, 110, NULL);
	other_functions();
	must("closing", WDSocketClose(line));
	must("closing all", WDSocketCloseAll());
	return 0;
}
