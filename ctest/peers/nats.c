/*
 * nats.c - publishes to a NATS server, and gets back what it published
 *
 * usage: nats HOST PORT MESSAGES.  The server's lines end with CR LF, and a number at the
 * end of one tells how many bytes follow it, of any kind.  So lines are read with an end
 * tag and those bytes by WDSocketReadExactly, while another thread writes raw bytes: the
 * two directions of the connection have framings of their own.  It does so twice: with
 * WDS_OPT_WRITE_MODE, and with a description of both directions.
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "../../examples/example.h"

#define WAIT_MS 30000
#define PAYLOAD_MAX 3000

static int32_t server; /* the connection */
static int messages;

static void fail(const char *what, const char *line)
{
	fprintf(stderr, "nats: %s %s\n", what, line);
	exit(1);
}

/* The payload of a message: empty ones, line ends, NULs and bytes of all kinds. */
static int make_payload(unsigned char *p, int number)
{
	int length = number % 10 == 0 ? 0 : number * 37 % PAYLOAD_MAX, i;

	for (i = 0; i < length; i++)
		p[i] = i % 5 == 0 ? '\r' : i % 5 == 1 ? '\n' : (unsigned char)(number + i);
	return length;
}

/* Line and bytes in one write: the other thread's cannot come in between. */
static void *publish(void *unused)
{
	static unsigned char packet[64 + PAYLOAD_MAX];
	int number;

	for (number = 1; number <= messages; number++) {
		static unsigned char payload[PAYLOAD_MAX];
		int length = make_payload(payload, number);
		int used = snprintf((char *)packet, 64, "PUB test.framing %d\r\n", length);

		memcpy(packet + used, payload, (size_t)length);
		memcpy(packet + used + length, "\r\n", 2);
		must("writing", WDSocketWrite(server, packet, used + length + 2));
	}
	return unused;
}

static void read_line(char *line, int32_t capacity)
{
	must("reading a line", WDSocketRead(server, line, capacity, WAIT_MS));
}

/* The next message, whose bytes follow its line. */
static void take_message(const char *line, int number)
{
	static unsigned char expected[PAYLOAD_MAX], got[PAYLOAD_MAX + 2];
	int32_t length = make_payload(expected, number);
	const char *count = strrchr(line, ' ');

	if (strncmp(line, "MSG test.framing 1 ", 19) != 0 || count == NULL || strtol(count, NULL, 10) != length)
		fail("another line than expected:", line);
	must("reading a message", WDSocketReadExactly(server, got, length + 2, WAIT_MS));
	if (memcmp(got, expected, (size_t)length) != 0 || memcmp(got + length, "\r\n", 2) != 0)
		fail("other bytes behind", line);
}

static void answer_ping(void)
{
	must("answering", WDSocketWrite(server, "PONG\r\n", -1));
}

/* The server may ask itself whether its client is there, at any time. */
static void begin(const char *greeting)
{
	char line[64];

	must("writing", WDSocketWrite(server, greeting, -1));
	for (;;) {
		read_line(line, (int32_t)sizeof line);
		if (strcmp(line, "PING") != 0)
			break;
		answer_ping();
	}
	if (strcmp(line, "PONG") != 0)
		fail("the server says", line);
}

static void converse(const char *host, int32_t port, int described)
{
	static char line[8192];
	pthread_t publisher;
	int number = 0;

	server = must("connecting", WDSocketConnect(NULL, port, host, WAIT_MS));
	if (described) {
		must("describing", WDSocketSetText(server, WDS_TEXT_FRAME, "data 0D0A >> data"));
	} else {
		must("choosing the mode", WDSocketChangeTransmissionMode(server, WDS_MODE_END_TAG, "\r\n", -1));
		must("choosing the mode of writing", WDSocketSetOption(server, WDS_OPT_WRITE_MODE, WDS_MODE_RAW));
	}
	read_line(line, (int32_t)sizeof line);
	if (strncmp(line, "INFO {", 6) != 0)
		fail("the server begins with", line);
	begin("CONNECT {\"verbose\":false}\r\nSUB test.framing 1\r\nPING\r\n");
	if (pthread_create(&publisher, NULL, publish, NULL) != 0)
		fail("no thread", "");
	while (number < messages) {
		read_line(line, (int32_t)sizeof line);
		if (strcmp(line, "PING") == 0)
			answer_ping();
		else
			take_message(line, ++number);
	}
	pthread_join(publisher, NULL);
	begin("PING\r\n");
	must("closing", WDSocketClose(server));
}

int main(int argc, char **argv)
{
	int described;

	if (argc != 4)
		return 2;
	messages = number_argument(argv[3], "the number of messages", 1, 1000000);
	for (described = 0; described <= 1; described++)
		converse(argv[1], port_argument(argv[2], 0), described);
	must("closing all", WDSocketCloseAll());
	return 0;
}
