/*
 * mysql.c - asks a MariaDB or MySQL server for many rows
 *
 * usage: mysql HOST PORT ROWS.  The protocol is the preset "mysql": three bytes of length,
 * then a sequence number that the length does not count and that the message begins with.
 * The rows are read one by one, many in a call, and for comparison in raw mode with a
 * buffer by hand.
 */
#define _POSIX_C_SOURCE 200809L

#include <time.h>

#include "../../examples/example.h"

#define WAIT_MS 30000
#define LONG_VALUE 1000000 /* all three bytes of its length are in use */
#define PACKET_MAX (LONG_VALUE + 100)
#define RUNS 5

enum { OK_PACKET = 0x00, EOF_PACKET = 0xFE, ERROR_PACKET = 0xFF, QUERY = 3, QUIT = 1 };

static int32_t server; /* the connection */

/* What is read next, in one way or the other: the packet behind its length. */
typedef int32_t (*reader)(unsigned char **packet);

static void fail(const char *what, int number)
{
	fprintf(stderr, "mysql: %s %d\n", what, number);
	exit(1);
}

static int32_t by_preset(unsigned char **packet)
{
	static unsigned char buffer[PACKET_MAX];

	*packet = buffer;
	return must("reading", WDSocketRead(server, buffer, (int32_t)sizeof buffer, WAIT_MS));
}

static int32_t by_many(unsigned char **packet)
{
	static unsigned char buffer[65536];
	static int32_t lengths[1024], count, taken, at;

	if (taken == count) {
		count = must("reading", WDSocketReadMany(server, buffer, (int32_t)sizeof buffer, lengths, 1024, WAIT_MS));
		taken = at = 0;
	}
	*packet = buffer + at;
	at += lengths[taken];
	return lengths[taken++];
}

/* What a program does that has raw mode only. */
static int32_t by_hand(unsigned char **packet)
{
	static unsigned char buffer[65536];
	static int32_t begin, end;

	for (;;) {
		if (end - begin >= 4) {
			int32_t length = 1 + (buffer[begin] | buffer[begin + 1] << 8 | buffer[begin + 2] << 16);

			if (end - begin >= 3 + length) {
				*packet = buffer + begin + 3;
				begin += 3 + length;
				return length;
			}
		}
		memmove(buffer, buffer + begin, (size_t)(end - begin));
		end -= begin;
		begin = 0;
		end += must("reading", WDSocketRead(server, buffer + end, (int32_t)sizeof buffer - end, WAIT_MS));
	}
}

/* The next packet, whose sequence number follows that of the one before. */
static int32_t next(reader read, unsigned char **packet, int sequence)
{
	int32_t length = read(packet);

	if (length < 2 || (*packet)[0] != (sequence & 0xFF))
		fail("a packet is lost: the sequence number should be", sequence & 0xFF);
	if ((*packet)[1] == ERROR_PACKET) {
		fprintf(stderr, "mysql: %.*s\n", (int)(length - 4), (const char *)*packet + 4);
		exit(1);
	}
	return length;
}

static void log_in(void)
{
	/* Protocol 4.1 with passwords as MySQL 4.1 has them; UTF-8; the user root, no password. */
	static const unsigned char answer[] = "\x01\x00\x82\x08\x00\x00\x00\x40\x00\x21"
					      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
					      "root\0\0mysql_native_password";
	unsigned char *packet;

	next(by_preset, &packet, 0);
	if (packet[1] != 10)
		fail("the server has protocol version", packet[1]);
	must("writing", WDSocketWrite(server, answer, (int32_t)sizeof answer));
	next(by_preset, &packet, 2);
	if (packet[1] != OK_PACKET)
		fail("no log-in: the server answers with packet", packet[1]);
}

static int is_end(const unsigned char *packet, int32_t length)
{
	return packet[1] == EOF_PACKET && length < 10;
}

/* The value of a row's first column: a length of one byte, and digits. */
static long first_column(const unsigned char *packet, int32_t length)
{
	char digits[16] = "";

	if (packet[1] >= sizeof digits || packet[1] + 2 > length)
		fail("a first column of length", packet[1]);
	memcpy(digits, packet + 2, packet[1]);
	return strtol(digits, NULL, 10);
}

static void write_query(reader read, const char *query)
{
	char packet[200];
	int32_t length;

	snprintf(packet, sizeof packet, "%c%c%s", 0, QUERY, query);
	length = 2 + (int32_t)strlen(query);
	if (read == by_hand) {
		char header[3] = {(char)(length - 1), 0, 0};

		must("writing", WDSocketWrite(server, header, 3));
	}
	must("writing", WDSocketWrite(server, packet, length));
}

/* Asks for rows 1 to so many, and counts them. */
static void ask(reader read, int rows)
{
	char query[200];
	unsigned char *packet;
	int sequence = 1, columns, count = 0;
	int32_t length;

	snprintf(query, sizeof query, "SELECT seq, REPEAT('x', seq %% 100) FROM test.seq_1_to_%d", rows);
	write_query(read, query);
	next(read, &packet, sequence);
	columns = packet[1];
	while (next(read, &packet, ++sequence), columns-- > 0)
		;
	while (length = next(read, &packet, ++sequence), !is_end(packet, length))
		if (first_column(packet, length) != ++count)
			fail("another row than expected, in place of", count);
	if (count != rows)
		fail("rows:", count);
}

/* One row with one long value. */
static void ask_long_value(void)
{
	unsigned char *packet;
	char query[60];
	int32_t length;
	int i;

	snprintf(query, sizeof query, "SELECT REPEAT('y', %d)", LONG_VALUE);
	write_query(by_preset, query);
	for (i = 1; i <= 3; i++)
		next(by_preset, &packet, i);
	length = next(by_preset, &packet, 4);
	/* A number, and a length of four bytes. */
	if (length != 1 + 4 + LONG_VALUE || packet[1] != 0xFD || packet[5] != 'y' || packet[length - 1] != 'y')
		fail("a long value in a packet of", (int)length);
	next(by_preset, &packet, 5);
}

static double ms_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* The shortest time of some runs, and the processor time that this program needed in one. */
typedef struct {
	double time, cpu;
} cost;

static cost fastest(reader read, int rows)
{
	cost best = {1e9, 1e9};
	int i;

	for (i = 0; i < RUNS; i++) {
		double begin = ms_of(CLOCK_MONOTONIC), before = ms_of(CLOCK_PROCESS_CPUTIME_ID), time, cpu;

		ask(read, rows);
		time = ms_of(CLOCK_MONOTONIC) - begin;
		cpu = ms_of(CLOCK_PROCESS_CPUTIME_ID) - before;
		if (time < best.time)
			best.time = time;
		if (cpu < best.cpu)
			best.cpu = cpu;
	}
	return best;
}

int main(int argc, char **argv)
{
	cost preset, many, hand;
	int rows;

	if (argc != 4)
		return 2;
	rows = number_argument(argv[3], "the number of rows", 1, 10000000);
	server = must("connecting", WDSocketConnect(NULL, port_argument(argv[2], 0), argv[1], WAIT_MS));
	must("choosing the preset", WDSocketSetText(server, WDS_TEXT_FRAME_PRESET, "mysql"));
	log_in();
	preset = fastest(by_preset, rows);
	many = fastest(by_many, rows);
	must("choosing the mode", WDSocketChangeTransmissionMode(server, WDS_MODE_RAW, NULL, 0));
	hand = fastest(by_hand, rows);
	must("choosing the preset", WDSocketSetText(server, WDS_TEXT_FRAME_PRESET, "mysql"));
	ask_long_value();
	must("writing", WDSocketWrite(server, "\0\1", 2));
	must("closing", WDSocketClose(server));
	must("closing all", WDSocketCloseAll());
	printf("mysql: %d rows in %.1f ms, many in a call %.1f ms, by hand in raw mode %.1f ms: %.2f and %.2f times; of the processor %.1f, %.1f, %.1f ms\n",
	       rows, preset.time, many.time, hand.time, preset.time / hand.time, many.time / hand.time, preset.cpu, many.cpu, hand.cpu);
	return 0;
}
