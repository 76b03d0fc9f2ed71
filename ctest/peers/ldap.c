/*
 * ldap.c - searches a directory, whose messages are BER all through
 *
 * usage: ldap HOST PORT ENTRIES.  The protocol is the preset "ldap": a message is a
 * SEQUENCE of a BER length, which has one to four bytes here.  Entry number N has a
 * description of N * N characters.
 */
#include "../../examples/example.h"

#define WAIT_MS 30000
#define MESSAGE_MAX 1000000

enum { BIND_RESPONSE = 0x61, ENTRY = 0x64, DONE = 0x65, OCTETS = 0x04 };

/* A message: version 3, nobody, no password. */
static const unsigned char bind_request[] = {0x30, 0x0C, 2, 1, 1, 0x60, 7, 2, 1, 3, 4, 0, 0x80, 0};
/* One level below dc=example, no limits, (objectClass=*), the attribute description; its
 * length is written in two bytes where one would do. */
static const unsigned char search_request[] = {
	0x30, 0x81, 0x3C, 2, 1, 2, 0x63, 0x37, 4, 10, 'd', 'c', '=', 'e', 'x', 'a', 'm', 'p', 'l', 'e', 10, 1, 1, 10, 1, 0, 2, 1, 0, 2, 1,
	0, 1, 1, 0, 0x87, 11, 'o', 'b', 'j', 'e', 'c', 't', 'C', 'l', 'a', 's', 's', 0x30, 13, 4, 11, 'd', 'e', 's', 'c', 'r', 'i', 'p', 't',
	'i', 'o', 'n'};
static const unsigned char unbind_request[] = {0x30, 5, 2, 1, 3, 0x42, 0};

static void fail(const char *what, int number)
{
	fprintf(stderr, "ldap: %s %d\n", what, number);
	exit(1);
}

/* Steps behind the tag and the length that stand at *at, and gives the length. */
static int32_t enter(const unsigned char *p, int32_t end, int32_t *at, int tag)
{
	int32_t length, places;

	if (*at + 2 > end || p[*at] != tag)
		fail("another tag than expected:", *at < end ? p[*at] : -1);
	length = p[*at + 1];
	*at += 2;
	if (length >= 0x80) {
		places = length & 0x7F;
		for (length = 0; places > 0 && *at < end; places--)
			length = length << 8 | p[(*at)++];
	}
	if (length > end - *at)
		fail("a length beyond its message:", length);
	return length;
}

/* Reads a message: *at is behind its number, and the tag that stands there is given. */
static int next(int32_t server, unsigned char *p, int32_t *length, int32_t *at, int number)
{
	*length = must("reading", WDSocketRead(server, p, MESSAGE_MAX, WAIT_MS));
	*at = 0;
	if (enter(p, *length, at, 0x30) != *length - *at)
		fail("a message is not a whole one:", *length);
	if (enter(p, *length, at, 2) != 1 || p[*at] != number)
		fail("a message has the number", p[*at]);
	(*at)++;
	return p[*at];
}

/* Behind an operation's tag: its result code. */
static void expect_success(const unsigned char *p, int32_t length, int32_t at, int tag)
{
	enter(p, length, &at, tag);
	if (enter(p, length, &at, 10) != 1 || p[at] != 0)
		fail("the server refuses with", p[at]);
}

static void expect_entry(const unsigned char *p, int32_t length, int32_t at, int number)
{
	char name[64];
	int32_t size, i;

	snprintf(name, sizeof name, "ou=%d,dc=example", number);
	enter(p, length, &at, ENTRY);
	size = enter(p, length, &at, OCTETS);
	if (size != (int32_t)strlen(name) || memcmp(p + at, name, strlen(name)) != 0)
		fail("another entry than number", number);
	at += size;
	enter(p, length, &at, 0x30); /* attributes */
	enter(p, length, &at, 0x30); /* the first of them */
	size = enter(p, length, &at, OCTETS);
	at += size;
	enter(p, length, &at, 0x31); /* its values */
	size = enter(p, length, &at, OCTETS);
	if (size != number * number || at + size != length)
		fail("another description in entry", number);
	for (i = 0; i < size; i++)
		if (p[at + i] != 'x')
			fail("other bytes in entry", number);
}

int main(int argc, char **argv)
{
	static unsigned char message[MESSAGE_MAX];
	int32_t server, length, at;
	int entries, number;

	if (argc != 4)
		return 2;
	entries = number_argument(argv[3], "the number of entries", 1, 900);
	server = must("connecting", WDSocketConnect(NULL, port_argument(argv[2], 0), argv[1], WAIT_MS));
	must("choosing the preset", WDSocketSetText(server, WDS_TEXT_FRAME_PRESET, "ldap"));
	must("writing", WDSocketWrite(server, bind_request, (int32_t)sizeof bind_request));
	next(server, message, &length, &at, 1);
	expect_success(message, length, at, BIND_RESPONSE);
	must("writing", WDSocketWrite(server, search_request, (int32_t)sizeof search_request));
	for (number = 1; next(server, message, &length, &at, 2) == ENTRY; number++)
		expect_entry(message, length, at, number);
	expect_success(message, length, at, DONE);
	if (number - 1 != entries)
		fail("entries:", number - 1);
	must("writing", WDSocketWrite(server, unbind_request, (int32_t)sizeof unbind_request));
	must("closing", WDSocketClose(server));
	must("closing all", WDSocketCloseAll());
	return 0;
}
