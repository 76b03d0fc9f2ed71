/*
 * modbus_rtu.c - asks a Modbus RTU device behind a converter from serial to TCP
 *
 * usage: modbus_rtu HOST PORT.  A message is the address of the device, a function and
 * its data, and a CRC; nothing tells its length but the silence behind it.
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

int main(int argc, char **argv)
{
	static const int changed[] = {10, 0x0D0A};
	unsigned char answer[260];

	if (argc != 3)
		return 2;
	line = must("connecting", WDSocketConnect(NULL, port_argument(argv[2], 0), argv[1], WAIT_MS));
	must("describing", WDSocketSetText(line, WDS_TEXT_FRAME, "data crc-16/modbus(data) ; gap=500"));
	expect_registers(10, 125, NULL);
	expect_registers(0, 1, NULL);
	if (ask(WRITE_REGISTER, changed[0], changed[1], answer, (int32_t)sizeof answer) != 6 || answer[4] != 0x0D || answer[5] != 0x0A)
		fail("not written: register", changed[0]);
	expect_registers(9, 3, changed);
	/* Registers that it has not: function with the high bit, and exception 2. */
	if (ask(READ_REGISTERS, 190, 20, answer, (int32_t)sizeof answer) != 3 || answer[1] != (READ_REGISTERS | 0x80) || answer[2] != 2)
		fail("no refusal but function", answer[1]);
	expect_registers(199, 1, NULL);
	must("closing", WDSocketClose(line));
	must("closing all", WDSocketCloseAll());
	return 0;
}
