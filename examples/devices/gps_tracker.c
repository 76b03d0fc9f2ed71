/*
 * gps_tracker.c - a simulated GPS tracker that speaks Teltonika's codec 8.  Unlike the
 * other devices it connects to a server, of which receive_positions.c is one.
 *
 * First it says who it is, and the server takes it, or not; then it sends packets, and
 * the server answers with the number of records that it has got:
 *
 *   tracker   length (2) IMEI, 15 digits      packet              packet ...
 *   server                                01          records (4)
 *
 * A packet; the high byte of each number comes first:
 *
 *   00 00 00 00  length of the data (4)  data  CRC (4), of the data
 *
 *   data    08  records (1)  record ...  records (1)
 *   record  time in ms since 1970 (8)  priority (1)  longitude, latitude in 1e-7 degrees
 *           (4 each)  altitude (2)  angle (2)  satellites (1)  speed (2)  what caused it (1)
 *           values (1), and then for 1, 2, 4 and 8 bytes: values (1), each number (1) value
 *
 * The CRC is CRC-16/ARC.  A packet that the server does not acknowledge is sent again.
 *
 * After: Teltonika, "Teltonika Data Sending Protocols", codec 8 over TCP
 * (wiki.teltonika-gps.com).
 */
#include "device.h"

#define WAIT_MS 10000
#define IMEI_LENGTH 15
#define RECORD 34 /* with two values of one byte */
#define MOST_RECORDS 25

static int32_t interval = 100, records = 2, packets, damaged;

static const setting settings[] = {
	{"--interval", "milliseconds between packets", &interval, 0, 86400000},
	{"--records", "records of a packet", &records, 1, MOST_RECORDS},
	{"--packets", "packets after which it stops, 0 = never", &packets, 0, 1000000},
	{"--damaged", "so many packets are damaged on their way", &damaged, 0, 1000},
	{NULL, NULL, NULL, 0, 0},
};

static const device tracker = {"gps_tracker", "a GPS tracker that connects to a server", settings, NULL, NULL, NULL, NULL, NULL};

/* Its packets have no framing that the answers have too: it writes and reads a stream. */
static void set_framing(int32_t socket)
{
	must("choosing raw bytes", WDSocketChangeTransmissionMode(socket, WDS_MODE_RAW, NULL, 0));
}

static unsigned char *put(unsigned char *at, int64_t value, int width)
{
	while (width-- > 0)
		*at++ = (unsigned char)((value >> 8 * width) & 0xFF);
	return at;
}

static unsigned crc16(const unsigned char *data, size_t length)
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

/* It drives to the north-east, one record a second. */
static unsigned char *put_record(unsigned char *at, int number)
{
	at = put(at, 1764331200000 + 1000 * (int64_t)number, 8);
	at = put(at, 0, 1);
	at = put(at, 23522000 + 200 * number, 4);
	at = put(at, 488566000 + 150 * number, 4);
	at = put(at, 35, 2);
	at = put(at, 45, 2);
	at = put(at, 9, 1);
	at = put(at, 50, 2);
	at = put(at, 0, 1); /* caused by time */
	at = put(at, 2, 1);
	at = put(at, 2, 1); /* two values of one byte: 239 the ignition is on, 21 signal of the network */
	at = put(put(at, 239, 1), 1, 1);
	at = put(put(at, 21, 1), 4, 1);
	return put(at, 0, 3); /* none of 2, 4, 8 bytes */
}

/* Gives the length of a packet whose first record has this number. */
static int32_t put_packet(unsigned char *packet, int first)
{
	unsigned char *at = put(put(packet + 8, 0x08, 1), records, 1);
	int i;

	for (i = 0; i < records; i++)
		at = put_record(at, first + i);
	at = put(at, records, 1);
	put(put(packet, 0, 4), at - (packet + 8), 4);
	return (int32_t)(put(at, crc16(packet + 8, (size_t)(at - (packet + 8))), 4) - packet);
}

/* Reads so many bytes as a number; gives what a read gives if they do not come. */
static int32_t get(int32_t server, int width, int32_t *value)
{
	unsigned char bytes[4] = {0};
	int32_t result = WDSocketReadExactly(server, bytes + 4 - width, width, WAIT_MS);

	*value = (int32_t)(bytes[1] << 16 | bytes[2] << 8 | bytes[3]); /* numbers of records are small */
	return result;
}

/* Sends packets until it is told to stop, or has sent enough. */
static int32_t drive(int32_t server)
{
	unsigned char packet[16 + 3 + MOST_RECORDS * RECORD];
	int32_t sent = 0, length, result = 1, got;

	while (result > 0 && (packets == 0 || sent < packets)) {
		length = put_packet(packet, sent * records);
		if (damaged > 0) {
			damaged--;
			packet[20] ^= 0x01;
		}
		result = WDSocketWrite(server, packet, length);
		if (result > 0)
			result = get(server, 4, &got);
		if (result > 0 && got == records)
			sent++;
		if (result > 0 && interval > 0 && WDSocketRead(server, packet, 1, interval) == WDS_E_CANCELLED)
			result = WDS_E_CANCELLED; /* the server says nothing unasked: that was a pause */
	}
	printf("%d records are delivered\n", (int)(sent * records));
	return result;
}

int main(int argc, char **argv)
{
	const char *host = "127.0.0.1", *port = NULL, *imei = "356307042441013", *faults = NULL;
	unsigned char login[2 + IMEI_LENGTH] = {0, IMEI_LENGTH};
	int32_t server, result, taken;
	int i = 1;

	while (i < argc) {
		const char **text = strcmp(argv[i], "--port") == 0 ? &port : strcmp(argv[i], "--host") == 0 ? &host :
				    strcmp(argv[i], "--imei") == 0 ? &imei : strcmp(argv[i], "--faults") == 0 ? &faults : NULL;

		if (strcmp(argv[i], "--help") == 0) {
			device_help(&tracker, "[--host NAME] --port N [--imei DIGITS] [--faults TEXT]",
				    "  --host, --port  the server, default host 127.0.0.1\n"
				    "  --imei       who it is, 15 digits\n");
			return 0;
		}
		if (text != NULL && i + 1 < argc) {
			*text = argv[i + 1];
			i += 2;
		} else {
			i = device_option(&tracker, argc, argv, i);
		}
	}
	if (port == NULL || strlen(imei) != IMEI_LENGTH) {
		fprintf(stderr, "gps_tracker: --port is needed, and 15 digits if there is an --imei; see --help\n");
		return 2;
	}
	stop_when_told();
	server = must("making the socket", WDSocketNew("server"));
	if (faults != NULL)
		must("setting the faults", WDSocketSetText(server, WDS_TEXT_FAULTS, faults));
	must("connecting", WDSocketOpen(server, WDS_KIND_CLIENT, port_argument(port, 0), host, WAIT_MS));
	set_framing(server);
	memcpy(login + 2, imei, IMEI_LENGTH);
	must("logging in", WDSocketWrite(server, login, (int32_t)sizeof login));
	result = get(server, 1, &taken);
	if (result > 0 && taken != 1) {
		fprintf(stderr, "the server does not take this tracker\n");
		return 1;
	}
	if (result > 0)
		result = drive(server);
	return finish(result, server, 0);
}
