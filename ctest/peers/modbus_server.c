/*
 * modbus_server.c - a Modbus TCP device made with libmodbus, for the tests
 *
 * usage: modbus_server PORT.  Register N begins with the value 100 + N.  It
 * serves one client after the other until it is stopped.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <modbus/modbus.h>

#define REGISTERS 200

static void serve(modbus_t *device, modbus_mapping_t *registers)
{
	uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
	int length;

	while ((length = modbus_receive(device, request)) >= 0)
		if (length > 0 && modbus_reply(device, request, length, registers) < 0)
			return;
}

int main(int argc, char **argv)
{
	modbus_t *device;
	modbus_mapping_t *registers;
	int listener, client, i;

	if (argc != 2)
		return 2;
	device = modbus_new_tcp("127.0.0.1", atoi(argv[1]));
	registers = modbus_mapping_new(0, 0, REGISTERS, 0);
	if (device == NULL || registers == NULL) {
		fprintf(stderr, "%s\n", modbus_strerror(errno));
		return 1;
	}
	for (i = 0; i < REGISTERS; i++)
		registers->tab_registers[i] = (uint16_t)(100 + i);
	listener = modbus_tcp_listen(device, 1);
	if (listener < 0) {
		fprintf(stderr, "%s\n", modbus_strerror(errno));
		return 1;
	}
	for (;;) {
		client = modbus_tcp_accept(device, &listener);
		if (client < 0)
			return 1;
		serve(device, registers);
		close(client);
	}
}
