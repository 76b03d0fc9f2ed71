/*
 * dicom.c - a DICOM node that is asked whether it is there, and takes images
 *
 * usage: dicom FILE CLIENTS.  Prints its port, takes so many clients one after the other,
 * and saves the last image that came in FILE.  The protocol is the preset "dicom": a type,
 * a byte that is not used, and four bytes of length, which the message begins with.
 */
#include "../../examples/example.h"

#define WAIT_MS 30000
#define PDU_MAX 140000
#define COMMAND_MAX 2000

enum { ASSOCIATE = 1, ACCEPTED = 2, DATA = 4, RELEASE = 5, RELEASED = 6, ECHO = 0x0030, STORE = 0x0001, IS_RESPONSE = 0x8000 };

static int32_t channel; /* the client's connection */
static unsigned char pdu[PDU_MAX], answer[PDU_MAX];
static unsigned char command[COMMAND_MAX]; /* the one that is answered now */
static int command_length;

static void fail(const char *what, int number)
{
	fprintf(stderr, "dicom: %s %d\n", what, number);
	exit(1);
}

static int length_at(const unsigned char *p)
{
	return p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

/* Writes the PDU whose body, of this length, is already behind its six bytes. */
static void write_pdu(int type, int length)
{
	memset(answer, 0, 6);
	answer[0] = (unsigned char)type;
	answer[4] = (unsigned char)(length >> 8);
	answer[5] = (unsigned char)length;
	must("writing", WDSocketWrite(channel, answer, 6 + length));
}

/* ---- association: numbers are big-endian ---- */

static int put_item(unsigned char *p, int type, int length)
{
	p[0] = (unsigned char)type;
	p[1] = 0;
	p[2] = (unsigned char)(length >> 8);
	p[3] = (unsigned char)length;
	return 4;
}

static int put_text_item(unsigned char *p, int type, const char *text)
{
	int length = (int)strlen(text);

	memcpy(p + put_item(p, type, length), text, (size_t)length);
	return 4 + length;
}

/* Accepts every kind of object that the client wants to speak of, in the transfer syntax
 * that all know: implicit, little-endian. */
static void accept_association(int length)
{
	unsigned char *p = answer + 6;
	int at = 68, item;

	memcpy(p, pdu + 6, 68);
	at += put_text_item(p + at, 0x10, "1.2.840.10008.3.1.1.1");
	for (item = 6 + 68; item + 8 <= length; item += 4 + (pdu[item + 2] << 8 | pdu[item + 3])) {
		if (pdu[item] != 0x20)
			continue;
		at += put_item(p + at, 0x21, 4 + 4 + 17);
		memset(p + at, 0, 4);
		p[at] = pdu[item + 4];
		at += 4;
		at += put_text_item(p + at, 0x40, "1.2.840.10008.1.2");
	}
	at += put_item(p + at, 0x50, 8 + 4 + 7);
	at += put_item(p + at, 0x51, 4);
	memcpy(p + at, "\0\2\0\0", 4); /* the longest PDU that may come: 131072 */
	at += 4;
	at += put_text_item(p + at, 0x52, "1.2.3.4");
	write_pdu(ACCEPTED, at);
}

/* ---- commands: numbers are little-endian ---- */

static int put_element(unsigned char *p, int element, const void *value, int length)
{
	memset(p, 0, 8);
	p[2] = (unsigned char)element;
	p[3] = (unsigned char)(element >> 8);
	p[4] = (unsigned char)length;
	memcpy(p + 8, value, (size_t)length);
	return 8 + length;
}

static int put_short(unsigned char *p, int element, int value)
{
	unsigned char bytes[2];

	bytes[0] = (unsigned char)value;
	bytes[1] = (unsigned char)(value >> 8);
	return put_element(p, element, bytes, 2);
}

/* The value of an element of the command. */
static const unsigned char *value_of(int element, int *length)
{
	int at = 0;

	while (at + 8 <= command_length) {
		*length = command[at + 4] | command[at + 5] << 8;
		if ((command[at + 2] | command[at + 3] << 8) == element && at + 8 + *length <= command_length)
			return command + at + 8;
		at += 8 + *length;
	}
	fail("a command has no element", element);
	return NULL;
}

static int short_of(int element)
{
	int length;
	const unsigned char *value = value_of(element, &length);

	return value[0] | value[1] << 8;
}

/* Answers the command: it has succeeded. */
static void succeed(int context)
{
	unsigned char *p = answer + 6 + 6, size[4] = {0};
	const unsigned char *value;
	int at = 12, length, kind = short_of(0x0100); /* the length of the group comes first */

	value = value_of(0x0002, &length);
	at += put_element(p + at, 0x0002, value, length);
	at += put_short(p + at, 0x0100, kind | IS_RESPONSE);
	at += put_short(p + at, 0x0120, short_of(0x0110));
	at += put_short(p + at, 0x0800, 0x0101); /* no data behind it */
	at += put_short(p + at, 0x0900, 0);
	if (kind == STORE) {
		value = value_of(0x1000, &length);
		at += put_element(p + at, 0x1000, value, length);
	}
	size[0] = (unsigned char)(at - 12);
	put_element(p, 0x0000, size, 4);
	memset(answer + 6, 0, 4);
	answer[8] = (unsigned char)((at + 2) >> 8);
	answer[9] = (unsigned char)(at + 2);
	answer[10] = (unsigned char)context;
	answer[11] = 3; /* a command, and the last part of it */
	write_pdu(DATA, 6 + at);
	command_length = 0;
}

/* Takes a part of a command or of an image. */
static void take_part(const unsigned char *p, int length, int context, int kind, FILE *image)
{
	int last = kind & 2;

	if (kind & 1) {
		if (command_length + length > COMMAND_MAX)
			fail("a command has more bytes than", COMMAND_MAX);
		memcpy(command + command_length, p, (size_t)length);
		command_length += length;
		if (last && short_of(0x0100) == ECHO)
			succeed(context);
		return;
	}
	if (fwrite(p, 1, (size_t)length, image) != (size_t)length)
		fail("bytes not written:", length);
	if (last)
		succeed(context);
}

static void serve(FILE *image)
{
	int32_t length;
	int at;

	while ((length = WDSocketRead(channel, pdu, PDU_MAX, WAIT_MS)) >= 10) {
		if (length_at(pdu + 2) != length - 6)
			fail("a PDU is not a whole one:", (int)length);
		switch (pdu[0]) {
		case ASSOCIATE:
			accept_association((int)length);
			break;
		case DATA:
			for (at = 6; at + 6 <= length; at += 4 + length_at(pdu + at))
				take_part(pdu + at + 6, length_at(pdu + at) - 2, pdu[at + 4], pdu[at + 5], image);
			break;
		case RELEASE:
			memset(answer + 6, 0, 4);
			write_pdu(RELEASED, 4);
			break;
		default:
			fail("a PDU of type", pdu[0]);
		}
	}
	if (length != WDS_E_PEER_CLOSED)
		must("reading", length);
}

int main(int argc, char **argv)
{
	int32_t server, port = 0;
	FILE *image;
	int clients;

	if (argc != 3)
		return 2;
	clients = number_argument(argv[2], "the number of clients", 1, 100);
	server = must("opening the server", WDSocketCreate(NULL, 0, "127.0.0.1"));
	must("choosing the preset", WDSocketSetText(server, WDS_TEXT_FRAME_PRESET, "dicom"));
	must("asking for the port", WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port));
	printf("%d\n", (int)port);
	fflush(stdout);
	while (clients-- > 0) {
		image = fopen(argv[1], "wb");
		if (image == NULL)
			fail("the file cannot be written, clients:", clients);
		channel = must("accepting", WDSocketAccept(server, WAIT_MS));
		serve(image);
		must("closing", WDSocketClose(channel));
		if (fclose(image) != 0)
			fail("the file cannot be written, clients:", clients);
	}
	must("closing", WDSocketClose(server));
	must("closing all", WDSocketCloseAll());
	return 0;
}
