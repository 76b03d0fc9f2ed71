/*
 * pay.c - has an amount paid at a payment terminal that speaks "Caisse Concert".
 * payment_terminal.c tells what each byte means.
 */
#include "../example.h"

#define ENQ 0x05
#define ACK 0x06
#define NAK 0x15
#define EOT 0x04
#define WAIT_MS 3000      /* for a byte or a block */
#define CUSTOMER_MS 90000 /* for the customer */
#define TRIES 3

static int32_t terminal;

/* Blocks are STX ... ETX LRC, which the preset knows: it writes STX, ETX and LRC, checks them and takes them away. */
static void set_framing(int32_t socket)
{
	must("choosing blocks", WDSocketSetText(socket, WDS_TEXT_FRAME_PRESET, "stx-etx-bcc"));
}

/* The bytes between the blocks are written as they are ... */
static void say(unsigned char byte)
{
	must("writing as it is", WDSocketSetOption(terminal, WDS_OPT_WRITE_MODE, WDS_MODE_RAW));
	must("writing", WDSocketWrite(terminal, &byte, 1));
	must("writing blocks again", WDSocketSetOption(terminal, WDS_OPT_WRITE_MODE, -1));
}

/* ... and read beside the mode. */
static int hear(int32_t wait_ms)
{
	unsigned char byte;

	must("waiting for the terminal", WDSocketReadExactly(terminal, &byte, 1, wait_ms));
	return byte;
}

static void stop_unless(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s\n", what);
	say(EOT);
	WDSocketCloseAll(); /* what was written still goes out */
	exit(1);
}

static void send_block(const char *text)
{
	int tries = 0, answer;

	do {
		must("sending the order", WDSocketWrite(terminal, text, -1));
		answer = hear(WAIT_MS);
	} while (answer == NAK && ++tries < TRIES);
	stop_unless(answer == ACK, "the terminal does not accept the order");
}

/* Reads a block.  A damaged one is asked for again: WDS_E_CHECK is the LRC, the connection goes on. */
static void read_block(char *text, int32_t capacity)
{
	int32_t length = WDS_E_CHECK;
	int tries;

	for (tries = 0; length == WDS_E_CHECK && tries < TRIES; tries++) {
		say(tries == 0 ? ACK : NAK);
		length = WDSocketRead(terminal, text, capacity, WAIT_MS);
	}
	must("reading the result", length);
	say(ACK);
}

int main(int argc, char **argv)
{
	char order[64], result[64];

	if (argc != 4) {
		fprintf(stderr, "usage: pay HOST PORT CENTS\n");
		return 2;
	}
	snprintf(order, sizeof order, "01%08d010978          A010B010", (int)number_argument(argv[3], "the amount", 1, 99999999));
	terminal = must("connecting", WDSocketConnect("terminal", port_argument(argv[2], 0), argv[1], WAIT_MS));
	set_framing(terminal);
	say(ENQ);
	stop_unless(hear(WAIT_MS) == ACK, "the terminal is busy");
	send_block(order);
	say(EOT);
	stop_unless(hear(CUSTOMER_MS) == ENQ, "the terminal gives up");
	read_block(result, (int32_t)sizeof result);
	stop_unless(hear(WAIT_MS) == EOT, "the terminal does not end the conversation");

	/* Whatever else has happened: paid is what this answer says, for this till and this amount. */
	stop_unless(strlen(result) == 25 && strncmp(result, order, 2) == 0 && strncmp(result + 3, order + 2, 8) == 0, "this is the answer to another order");
	printf(result[2] == '0' ? "paid\n" : "not paid\n");
	must("closing", WDSocketClose(terminal));
	must("closing all", WDSocketCloseAll());
	return result[2] == '0' ? 0 : 1;
}
