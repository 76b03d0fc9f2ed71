/*
 * redis.c - talks to a Redis server, changing the mode inside the connection
 *
 * usage: redis HOST PORT.  The protocol (RESP) has lines that end with CR LF,
 * read in end-tag mode, and values of a stated length, read in raw mode.  What
 * the end-tag reader has buffered already must not be lost for the raw one.
 */
#include "../../examples/example.h"

#define WAIT_MS 5000
#define ROUNDS 20
#define VALUE_MAX 300000

static int32_t redis; /* the connection */
static unsigned char value[VALUE_MAX], answer[VALUE_MAX + 2];

static void fail(const char *text)
{
	fprintf(stderr, "redis: %s\n", text);
	exit(1);
}

static void mode(int32_t mode_number)
{
	must("choosing the mode", WDSocketChangeTransmissionMode(redis, mode_number, "\r\n", -1));
}

static void line(const char *text)
{
	must("writing a line", WDSocketWrite(redis, text, -1));
}

static void expect_line(const char *text)
{
	char got[256];

	must("reading a line", WDSocketRead(redis, got, (int32_t)sizeof got, WAIT_MS));
	if (strcmp(got, text) != 0) {
		fprintf(stderr, "expected \"%s\", got \"%s\"\n", text, got);
		fail("another answer");
	}
}

static void count_line(int32_t length)
{
	char text[32];

	snprintf(text, sizeof text, "$%d", (int)length);
	line(text);
}

/* SET: lines, then the value in raw mode, then lines again. */
static void set(int32_t length)
{
	line("*3");
	line("$3");
	line("SET");
	line("$3");
	line("key");
	count_line(length);
	mode(WDS_MODE_RAW);
	must("writing the value", WDSocketWrite(redis, value, length));
	must("writing its end", WDSocketWrite(redis, "\r\n", 2));
	mode(WDS_MODE_END_TAG);
	expect_line("+OK");
}

/* GET: its length as a line, the value in raw mode, and a PING sent along. */
static void get(int32_t length)
{
	char expected[32];
	int32_t got = 0;

	line("*2");
	line("$3");
	line("GET");
	line("$3");
	line("key");
	line("PING"); /* answered behind the value: the raw reader must not take it */
	snprintf(expected, sizeof expected, "$%d", (int)length);
	expect_line(expected);
	mode(WDS_MODE_RAW);
	while (got < length + 2)
		got += must("reading the value", WDSocketRead(redis, answer + got, length + 2 - got, WAIT_MS));
	if (memcmp(answer, value, (size_t)length) != 0 || memcmp(answer + length, "\r\n", 2) != 0)
		fail("the value came back different");
	mode(WDS_MODE_END_TAG);
	expect_line("+PONG");
}

/* Bytes of all kinds, with many CR LF and NULs. */
static void make_value(int32_t length, unsigned int seed)
{
	int32_t i;

	for (i = 0; i < length; i++) {
		seed = seed * 1103515245U + 12345U;
		value[i] = (unsigned char)(seed >> 16);
	}
	for (i = 0; i + 3 < length; i += 97)
		memcpy(value + i, "\r\n\0", 3);
}

int main(int argc, char **argv)
{
	static const int32_t lengths[] = {0, 1, 2, 5, 1000, 4096, 65536, VALUE_MAX};
	unsigned int seed;
	size_t i;

	if (argc != 3)
		return 2;
	redis = must("connecting", WDSocketConnect("redis", port_argument(argv[2], 0), argv[1], WAIT_MS));
	mode(WDS_MODE_END_TAG);
	line("PING");
	expect_line("+PONG");
	for (seed = 1; seed <= ROUNDS; seed++)
		for (i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
			make_value(lengths[i], seed);
			set(lengths[i]);
			get(lengths[i]);
		}
	must("closing", WDSocketClose(redis));
	must("closing all", WDSocketCloseAll());
	printf("redis: %d values of up to %d bytes came back as they were set\n",
	       ROUNDS * (int)(sizeof lengths / sizeof lengths[0]), VALUE_MAX);
	return 0;
}
