/*
 * payment_terminal.c - a simulated payment terminal that speaks "Caisse Concert",
 * protocol E+, which French tills use; over the network, as behind a converter
 *
 * Single bytes steer the conversation, and each side sends one block:
 *
 *   till      ENQ (05)        block       EOT (04)                     ACK     ACK
 *   terminal           ACK (06)      ACK            (card)  ENQ  block     EOT
 *
 * A block is STX (02), ASCII, ETX (03), and the LRC: all bytes behind STX, ETX too,
 * XORed.  A block that is damaged is answered with NAK (15) and sent again, three
 * times at most.  The till's block has 34 characters, the terminal's 25:
 *
 *   01 00001250 0 1 0 978 .......... A010 B010     till, amount in cents, answer short,
 *                                                  card, debit, euro, private, wait
 *   01 0 00001250 1 978 ..........                 till, 0 paid or 7 not, the rest
 *
 * With --length each byte that steers and each block is behind two bytes that tell its
 * length, high byte first, as gateways and the hosts of payment networks have it.
 *
 * After: akretion, pypostelium (github.com/akretion/pypostelium), which drives such
 * terminals; the two bytes of length as in ISO 8583 over TCP.
 */
#include "device.h"

#define STX 0x02
#define ETX 0x03
#define EOT 0x04
#define ENQ 0x05
#define ACK 0x06
#define NAK 0x15
#define ORDER 34
#define RESULT 25
#define LONGEST_BLOCK 64
#define TRIES 3

static int32_t with_length, refuse, think = 100, damaged;
static const int32_t pace = 20;

static const setting settings[] = {
	{"--length", "two bytes of length in front of each byte or block", &with_length, 0, 0},
	{"--refuse", "no card is good", &refuse, 0, 0},
	{"--think", "milliseconds until the customer has paid", &think, 0, 600000},
	{"--damaged", "so many blocks of a client are damaged on their way", &damaged, 0, 1000},
	{NULL, NULL, NULL, 0, 0},
};

static struct {
	unsigned char block[LONGEST_BLOCK]; /* what there is of one */
	int length;
	enum { IDLE, CALLED, TOLD, WORKING, ENQUIRED, ANSWERED } step;
	int32_t left; /* milliseconds */
	int tries, damaged;
	char result[RESULT + 1];
} till[DEVICE_CLIENTS];

/* The bytes between the blocks belong to no framing of today: they are taken from a stream by hand. */
static void set_framing(int32_t server)
{
	if (with_length)
		must("choosing the length", WDSocketSetText(server, WDS_TEXT_FRAME_PRESET, "iso8583"));
	else
		must("choosing raw bytes", WDSocketChangeTransmissionMode(server, WDS_MODE_RAW, NULL, 0));
}

static void accepted(int client)
{
	memset(&till[client], 0, sizeof till[client]);
	till[client].damaged = damaged;
}

static void say(int client, unsigned char byte)
{
	send_to(client, &byte, 1);
}

static unsigned char lrc(const unsigned char *data, int length)
{
	unsigned char sum = 0;

	while (length-- > 0)
		sum ^= *data++;
	return sum;
}

static void say_result(int client)
{
	unsigned char block[RESULT + 3];

	block[0] = STX;
	memcpy(block + 1, till[client].result, RESULT);
	block[RESULT + 1] = ETX;
	block[RESULT + 2] = lrc(block + 1, RESULT + 1);
	if (till[client].damaged > 0) {
		till[client].damaged--;
		block[5] ^= 0x01;
	}
	send_to(client, block, (int32_t)sizeof block);
	till[client].tries++;
}

/* A block with the order: its answer is kept until the customer has paid. */
static void take_order(int client, const unsigned char *block, int length)
{
	const char *order = (const char *)block + 1;

	if (till[client].step != CALLED || length != ORDER + 3 || block[ORDER + 1] != ETX || lrc(block + 1, ORDER + 1) != block[ORDER + 2]) {
		say(client, NAK);
		return;
	}
	snprintf(till[client].result, sizeof till[client].result, "%.2s%d%.8s%.1s%.3s%.10s", order, refuse ? 7 : 0, order + 2, order + 11,
		 order + 13, order + 16);
	till[client].step = TOLD;
	say(client, ACK);
}

/* A byte that steers, or a whole block. */
static void piece(int client, const unsigned char *data, int length)
{
	int step = till[client].step;

	if (data[0] == ENQ) {
		till[client].step = CALLED;
		say(client, ACK);
	} else if (data[0] == STX) {
		take_order(client, data, length);
	} else if (data[0] == EOT) {
		till[client].step = step == TOLD ? WORKING : IDLE;
		till[client].left = think;
	} else if ((data[0] == ACK && step == ENQUIRED) || (data[0] == NAK && step == ANSWERED && till[client].tries < TRIES)) {
		till[client].step = ANSWERED;
		say_result(client);
	} else if (step == ENQUIRED || step == ANSWERED) { /* it has the answer, or does not get it */
		till[client].step = IDLE;
		say(client, EOT);
	}
}

/*
 * Puts a block together, byte by byte.  The one behind ETX is the LRC, whatever it looks
 * like.  In front of ETX a byte that steers shows that the end of the block was lost.
 */
static void take(int client, unsigned char byte)
{
	unsigned char *block = till[client].block;
	int length = till[client].length;

	if (length == LONGEST_BLOCK || (length > 0 && block[length - 1] != ETX && byte < ' ' && byte != ETX))
		length = till[client].length = 0;
	if (length == 0 && byte != STX) {
		piece(client, &byte, 1);
		return;
	}
	block[length++] = byte;
	till[client].length = length;
	if (length > 2 && block[length - 2] == ETX) {
		till[client].length = 0;
		piece(client, block, length);
	}
}

static void message(int client, const unsigned char *data, int32_t length)
{
	int32_t i;

	if (with_length && length > 0)
		piece(client, data, length);
	for (i = 0; !with_length && i < length && channels[client] > 0; i++)
		take(client, data[i]);
}

static void tick(void)
{
	int client;

	for (client = 0; client < DEVICE_CLIENTS; client++) {
		if (channels[client] == 0 || till[client].step != WORKING)
			continue;
		till[client].left -= pace;
		if (till[client].left <= 0) {
			till[client].step = ENQUIRED;
			till[client].tries = 0;
			say(client, ENQ);
		}
	}
}

int main(int argc, char **argv)
{
	static const device terminal = {
		"payment_terminal", "a payment terminal that speaks Caisse Concert", settings, set_framing, accepted, message, tick, &pace,
	};

	return run_device(&terminal, argc, argv);
}
