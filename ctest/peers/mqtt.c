/*
 * mqtt.c - publishes to an MQTT broker, and gets back what it published
 *
 * usage: mqtt HOST PORT MESSAGES.  The protocol is the preset "mqtt": a message begins
 * with its type and a length of one to four bytes.  Everything has quality of service 1:
 * each side acknowledges each message of the other.  One thread publishes, the other
 * reads and acknowledges, in the same connection.
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "../../examples/example.h"

#define WAIT_MS 30000
#define MOST 65535 /* a packet identifier has two bytes */
#define TOPIC "test/framing"
#define TOPIC_LENGTH 12
#define PAYLOAD_MAX 16400

enum { CONNECT = 0x10, CONNACK = 0x20, PUBLISH = 0x32, PUBACK = 0x40, SUBSCRIBE = 0x82, SUBACK = 0x90, DISCONNECT = 0xE0 };

static int32_t broker; /* the connection */
static int messages;
static unsigned char received[MOST + 1], confirmed[MOST + 1];

static void fail(const char *what, int number)
{
	fprintf(stderr, "mqtt: %s %d\n", what, number);
	exit(1);
}

/* The payload of a message is its number, and so many bytes: the lengths on both sides of
 * where the length field grows are among them. */
static int payload_length(int number)
{
	static const int lengths[] = {4, 5, 111, 112, 113, 1000, 16366, 16367, 16368, PAYLOAD_MAX};

	return number % 40 == 0 ? lengths[number / 40 % 10] : 4 + number % 250;
}

static void make_payload(unsigned char *p, int number)
{
	int i, length = payload_length(number);

	for (i = 0; i < length; i++)
		p[i] = (unsigned char)(number + i * 7);
	p[0] = (unsigned char)(number >> 24);
	p[1] = (unsigned char)(number >> 16);
	p[2] = (unsigned char)(number >> 8);
	p[3] = (unsigned char)number;
}

/* Writes the packet of this type whose body is already in place, five bytes behind the
 * beginning: type and length come in front of it. */
static void write_packet(unsigned char *packet, int type, int length)
{
	unsigned char head[5];
	int used = 0, left = length;

	head[used++] = (unsigned char)type;
	do {
		head[used++] = (unsigned char)(left % 128 + (left >= 128 ? 128 : 0));
		left /= 128;
	} while (left > 0);
	memcpy(packet + 5 - used, head, (size_t)used);
	must("writing", WDSocketWrite(broker, packet + 5 - used, used + length));
}

static int put_text(unsigned char *p, const char *text)
{
	int length = (int)strlen(text);

	p[0] = (unsigned char)(length >> 8);
	p[1] = (unsigned char)length;
	memcpy(p + 2, text, (size_t)length);
	return 2 + length;
}

static void *publish(void *unused)
{
	static unsigned char packet[PAYLOAD_MAX + 64];
	int number;

	for (number = 1; number <= messages; number++) {
		int used = put_text(packet + 5, TOPIC);

		packet[5 + used++] = (unsigned char)(number >> 8);
		packet[5 + used++] = (unsigned char)number;
		make_payload(packet + 5 + used, number);
		write_packet(packet, PUBLISH, used + payload_length(number));
	}
	return unused;
}

/* The body of a packet: behind its length field, whose end has no high bit. */
static int body_of(const unsigned char *packet, int32_t length)
{
	int i = 1;

	while (i < length && packet[i] >= 128)
		i++;
	return i + 1;
}

static int32_t read_packet(unsigned char *packet, int32_t capacity, int type)
{
	int32_t length = must("reading", WDSocketRead(broker, packet, capacity, WAIT_MS));

	if (length < 2 || packet[0] != type)
		fail("another packet than expected, of type", length < 1 ? -1 : packet[0]);
	return length;
}

static void begin(void)
{
	static const unsigned char options[] = {4, 2, 0, 0}; /* version 3.1.1, a clean session, no keep-alive */
	unsigned char packet[64];
	int used = put_text(packet + 5, "MQTT");

	memcpy(packet + 5 + used, options, sizeof options);
	used += (int)sizeof options;
	used += put_text(packet + 5 + used, "framing");
	write_packet(packet, CONNECT, used);
	if (read_packet(packet, (int32_t)sizeof packet, CONNACK) != 4 || packet[3] != 0)
		fail("the broker refuses with", packet[3]);
	packet[5] = 0;
	packet[6] = 1;
	used = 2 + put_text(packet + 7, TOPIC);
	packet[5 + used++] = 1;
	write_packet(packet, SUBSCRIBE, used);
	if (read_packet(packet, (int32_t)sizeof packet, SUBACK) != 5 || packet[4] != 1)
		fail("the broker grants the quality of service", packet[4]);
}

/* A message that came back: it is the next one, and as it was. */
static void take_message(const unsigned char *packet, int32_t length, int expected)
{
	static unsigned char payload[PAYLOAD_MAX];
	unsigned char answer[8];
	int at = body_of(packet, length), number = expected;

	if (length != at + 2 + TOPIC_LENGTH + 2 + payload_length(number) || memcmp(packet + at + 2, TOPIC, TOPIC_LENGTH) != 0)
		fail("another length or topic in message", number);
	at += 2 + TOPIC_LENGTH;
	make_payload(payload, number);
	if (memcmp(packet + at + 2, payload, (size_t)payload_length(number)) != 0)
		fail("other bytes in message", number);
	received[number]++;
	memcpy(answer + 5, packet + at, 2);
	write_packet(answer, PUBACK, 2);
}

static void receive(void)
{
	static unsigned char packet[PAYLOAD_MAX + 64];
	int back = 0, acknowledged = 0, number;

	while (back < messages || acknowledged < messages) {
		int32_t length = must("reading", WDSocketRead(broker, packet, (int32_t)sizeof packet, WAIT_MS));

		if (length == 4 && packet[0] == PUBACK) {
			confirmed[packet[2] << 8 | packet[3]]++;
			acknowledged++;
		} else if (length > 4 && packet[0] == PUBLISH) {
			take_message(packet, length, ++back);
		} else {
			fail("a packet of type", length < 1 ? -1 : packet[0]);
		}
	}
	for (number = 1; number <= messages; number++)
		if (received[number] != 1 || confirmed[number] != 1)
			fail("lost or doubled: message", number);
}

int main(int argc, char **argv)
{
	unsigned char end[8];
	pthread_t publisher;

	if (argc != 4)
		return 2;
	messages = number_argument(argv[3], "the number of messages", 1, MOST);
	broker = must("connecting", WDSocketConnect(NULL, port_argument(argv[2], 0), argv[1], WAIT_MS));
	must("choosing the preset", WDSocketSetText(broker, WDS_TEXT_FRAME_PRESET, "mqtt"));
	begin();
	if (pthread_create(&publisher, NULL, publish, NULL) != 0)
		fail("no thread", 1);
	receive();
	pthread_join(publisher, NULL);
	write_packet(end, DISCONNECT, 0);
	must("closing", WDSocketClose(broker));
	must("closing all", WDSocketCloseAll());
	printf("mqtt: %d messages published, confirmed, delivered and confirmed\n", messages);
	return 0;
}
