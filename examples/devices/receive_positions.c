/*
 * receive_positions.c - a server for GPS trackers that speak Teltonika's codec 8: it
 * takes any number of them in one thread, and prints where they are.  gps_tracker.c
 * tells what each byte means.
 */
#include "device.h"

#define IMEI_LENGTH 15
#define CRC 4 /* bytes behind the data */

static const setting settings[] = {{NULL, NULL, NULL, 0, 0}};
static char imei[DEVICE_CLIENTS][IMEI_LENGTH + 1]; /* "": not logged in */

/*
 * Trackers send messages whose length is told in binary: first two bytes, then IMEI;
 * later four zeros, four bytes of length, the data, and the CRC, which is not counted.
 * The answers are bare bytes, which is what the mode of writing is for.
 */
static void set_framing(int32_t server)
{
	must("choosing the length", WDSocketChangeTransmissionMode(server, WDS_MODE_LENGTH, NULL, 0));
	must("writing as it is", WDSocketSetOption(server, WDS_OPT_WRITE_MODE, WDS_MODE_RAW));
}

static void set_framing_of_packets(int32_t channel)
{
	WDSocketSetOption(channel, WDS_OPT_FRAME_OFFSET, 4);
	WDSocketSetOption(channel, WDS_OPT_FRAME_WIDTH, 4);
	WDSocketSetOption(channel, WDS_OPT_FRAME_ADJUSTMENT, CRC);
	WDSocketSetBytes(channel, WDS_TEXT_FRAME_HEADER, "\0\0\0\0", 4);
}

static void accepted(int client)
{
	imei[client][0] = '\0';
}

static int64_t get(const unsigned char *at, int width)
{
	int64_t value = 0;

	while (width-- > 0)
		value = value << 8 | *at++;
	return value;
}

static unsigned crc16(const unsigned char *data, int32_t length)
{
	unsigned crc = 0;
	int bit;

	while (length-- > 0) {
		crc ^= *data++;
		for (bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xA001 : crc >> 1;
	}
	return crc;
}

static void log_in(int client, const unsigned char *data, int32_t length)
{
	if (length != IMEI_LENGTH || strspn((const char *)data, "0123456789") != IMEI_LENGTH) {
		send_to(client, "\0", 1);
		drop(client); /* what was written still goes out */
		return;
	}
	memcpy(imei[client], data, IMEI_LENGTH + 1);
	set_framing_of_packets(channels[client]);
	send_to(client, "\1", 1);
}

/* Gives where the record ends that begins at a place, or 0 if it does not end in front of another. */
static int32_t end_of_record(const unsigned char *data, int32_t at, int32_t end)
{
	int width;

	for (at += 26, width = 1; width <= 8 && at < end; width *= 2)
		at += 1 + data[at] * (1 + width);
	return width > 8 && at <= end ? at : 0;
}

/* Gives the number of records in the data, 0 if they are not what they say. */
static int records_of(int client, const unsigned char *data, int32_t length)
{
	int32_t at = 2, next, end = length - 1;
	int number = length >= 3 && data[0] == 0x08 && data[1] == data[end] ? data[1] : 0, i;

	for (i = 0; i < number; i++, at = next) {
		next = end_of_record(data, at, end);
		if (next == 0)
			return 0;
		printf("%s: %.7f %.7f\n", imei[client], (int32_t)get(data + at + 13, 4) / 1e7, (int32_t)get(data + at + 9, 4) / 1e7);
	}
	fflush(stdout);
	return at == end ? number : 0;
}

/* A packet is acknowledged by its number of records: 0 has it sent again. */
static void message(int client, const unsigned char *data, int32_t length)
{
	unsigned char answer[4] = {0};

	if (imei[client][0] == '\0') {
		log_in(client, data, length);
		return;
	}
	length -= CRC;
	if (length > 0 && get(data + length, CRC) == crc16(data, length))
		answer[3] = (unsigned char)records_of(client, data, length);
	send_to(client, answer, 4);
}

int main(int argc, char **argv)
{
	static const device server = {
		"receive_positions", "a server for GPS trackers", settings, set_framing, accepted, message, NULL, NULL,
	};

	return run_device(&server, argc, argv);
}
