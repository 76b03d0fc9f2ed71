/*
 * modbus_rtu_server.c - a Modbus RTU device made with libmodbus, for the tests
 *
 * usage: modbus_rtu_server LINE.  Register N begins with the value 100 + N.  It serves the
 * line, a pseudo terminal, until it is stopped.
 */
#include <errno.h>
#include <stdio.h>

#include <modbus/modbus.h>

#define REGISTERS 200

int main(int argc, char **argv)
{
	uint8_t request[MODBUS_RTU_MAX_ADU_LENGTH];
	modbus_mapping_t *registers;
	modbus_t *device;
	int i, length;

	if (argc != 2)
		return 2;
	device = modbus_new_rtu(argv[1], 115200, 'N', 8, 1);
	registers = modbus_mapping_new(0, 0, REGISTERS, 0);
	if (device == NULL || registers == NULL || modbus_set_slave(device, 1) < 0 || modbus_connect(device) < 0) {
		fprintf(stderr, "%s\n", modbus_strerror(errno));
		return 1;
	}
	for (i = 0; i < REGISTERS; i++)
		registers->tab_registers[i] = (uint16_t)(100 + i);
	puts("serves");
	fflush(stdout);
	for (;;) {
		length = modbus_receive(device, request);
		if (length > 0 && modbus_reply(device, request, length, registers) < 0)
			return 1;
	}
}
