/*
 * read_db.c - reads bytes of a data block of a PLC that speaks the S7 protocol.
 * s7_plc.c tells what each byte means.
 */
#include "../example.h"

#define WAIT_MS 3000
#define LONGEST 1024
#define HEADERS 15 /* COTP and S7 of an answer */
#define MOST 200   /* fits into the packets of every PLC */

static int32_t plc;
static unsigned char answer[LONGEST];

/* RFC 1006: 03 00 and the length of the packet.  The preset writes these four bytes, checks them and takes them away. */
static void set_framing(int32_t socket)
{
	must("choosing tpkt", WDSocketSetText(socket, WDS_TEXT_FRAME_PRESET, "tpkt"));
}

/* Questions and answers of S7 have their reference behind 7 bytes: an answer to another question is read over. */
static void know_answers(int32_t socket)
{
	must("knowing answers", WDSocketSetOption(socket, WDS_OPT_EXCHANGE_FIELD, 7));
}

static void put16(unsigned char *at, int value)
{
	at[0] = (unsigned char)((value >> 8) & 0xFF);
	at[1] = (unsigned char)(value & 0xFF);
}

static void stop_unless(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s\n", what);
	exit(1);
}

/* Asks a question of S7 and gives the length of its answer. */
static int32_t ask(const unsigned char *parameters, int length)
{
	static int reference;
	unsigned char question[64] = {0x02, 0xF0, 0x80, 0x32, 0x01};
	int32_t got;

	put16(question + 7, ++reference);
	put16(question + 9, length);
	memcpy(question + 13, parameters, (size_t)length);
	got = must("asking", WDSocketExchange(plc, question, 13 + length, answer, LONGEST, WAIT_MS));
	stop_unless(got >= HEADERS && memcmp(answer, "\x02\xF0\x80\x32\x03", 5) == 0, "this is not an answer");
	stop_unless(answer[13] == 0 && answer[14] == 0, "the PLC refuses the question");
	return got;
}

int main(int argc, char **argv)
{
	/* A request to connect: the largest packet, who asks, and whom: rack 0, slot 2. */
	static const unsigned char request[] = {0x11, 0xE0, 0, 0, 0, 1, 0, 0xC0, 1, 0x0A, 0xC1, 2, 0x01, 0x00, 0xC2, 2, 0x01, 0x02};
	static const unsigned char setup[] = {0xF0, 0, 0, 1, 0, 1, 0x01, 0xE0}; /* packets of 480 bytes, or fewer */
	unsigned char read[] = {0x04, 1, 0x12, 0x0A, 0x10, 0x02, 0, 0, 0, 0, 0x84, 0, 0, 0};
	int number, start, count, i;
	int32_t got;

	if (argc != 6) {
		fprintf(stderr, "usage: read_db HOST PORT BLOCK START COUNT\n");
		return 2;
	}
	number = (int)number_argument(argv[3], "the data block", 1, 65535);
	start = (int)number_argument(argv[4], "the first byte", 0, 65535);
	count = (int)number_argument(argv[5], "the count", 1, MOST);
	plc = must("connecting", WDSocketConnect("plc", port_argument(argv[2], 0), argv[1], WAIT_MS));
	set_framing(plc);
	got = must("asking to connect", WDSocketExchange(plc, request, (int32_t)sizeof request, answer, LONGEST, WAIT_MS));
	stop_unless(got >= 2 && answer[1] == 0xD0, "the PLC does not connect: other rack or slot?");
	know_answers(plc);
	ask(setup, (int)sizeof setup);

	put16(read + 6, count);
	put16(read + 8, number);
	read[11] = (unsigned char)(8L * start >> 16);
	put16(read + 12, (int)(8L * start & 0xFFFF)); /* the address is in bits */
	got = ask(read, (int)sizeof read);
	stop_unless(got >= HEADERS + 3 && answer[HEADERS + 2] == 0xFF, "the PLC does not have these bytes, or does not allow to read them");
	stop_unless(got == HEADERS + 6 + count, "the PLC sent another number of bytes");
	for (i = 0; i < count; i++)
		printf("%02X%s", answer[HEADERS + 6 + i], i + 1 < count ? " " : "\n");
	must("closing", WDSocketClose(plc));
	must("closing all", WDSocketCloseAll());
	return 0;
}
