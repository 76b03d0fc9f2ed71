/*
 * print_receipt.c - prints a receipt on a printer that speaks ESC/POS: asks for its
 * status, prints, and waits until it is printed.  receipt_printer.c tells what each
 * byte means.
 */
#include "../example.h"

#define WAIT_MS 5000

static int32_t printer;

/* The printer gets a stream; its answers are single bytes, so that nothing marks their ends. */
static void set_framing(int32_t socket)
{
	must("choosing raw bytes", WDSocketChangeTransmissionMode(socket, WDS_MODE_RAW, NULL, 0));
}

/* DLE EOT n.  In its answer bits 0 and 7 are 0, bits 1 and 4 are 1; anything else is not a status. */
static int status(int n)
{
	unsigned char question[3] = {0x10, 0x04, 0}, answer;

	question[2] = (unsigned char)n;
	must("asking for the status", WDSocketExchange(printer, question, 3, &answer, 1, WAIT_MS));
	if ((answer & 0x93) != 0x12) {
		fprintf(stderr, "%02X is no status\n", answer);
		exit(1);
	}
	return answer;
}

static void stop_where_it_cannot_print(void)
{
	int paper = status(4);

	if (paper & 0x60)
		fprintf(stderr, "there is no paper\n");
	else if (status(2) & 0x04)
		fprintf(stderr, "the cover is open\n");
	else if (status(1) & 0x08)
		fprintf(stderr, "the printer is off line\n");
	else if (paper & 0x0C)
		printf("paper is short\n");
	if ((paper & 0x60) || (status(1) & 0x08))
		exit(1);
}

int main(int argc, char **argv)
{
	static const char receipt[] = "\x1B@"                    /* begin anew */
				      "\x1B" "a\x01" "The Shop\n" /* centred */
				      "\x1B" "a\x00" "2 coffee            5.00\n"
				      "total               5.00\n"
				      "\x1B" "d\x03" "\x1DV\x42\x00"; /* three lines of paper, cut */
	static const char printed[] = "\x1Dr\x01"; /* GS r 1 */
	unsigned char answer;
	int32_t result;

	if (argc != 3) {
		fprintf(stderr, "usage: print_receipt HOST PORT\n");
		return 2;
	}
	printer = must("connecting", WDSocketConnect("printer", port_argument(argv[2], 0), argv[1], WAIT_MS));
	set_framing(printer);
	stop_where_it_cannot_print();
	must("printing", WDSocketWrite(printer, receipt, (int32_t)sizeof receipt - 1));

	/* What is written is not printed yet.  GS r is answered in its turn: when what stands before it is. */
	result = WDSocketExchange(printer, printed, 3, &answer, 1, WAIT_MS);
	if (result == WDS_E_TIMEOUT) {
		stop_where_it_cannot_print();
		fprintf(stderr, "the printer does not say whether it has printed\n");
		return 1;
	}
	must("waiting for the paper", result);
	printf(answer & 0x03 ? "printed, paper is short\n" : "printed\n");
	must("closing", WDSocketClose(printer));
	must("closing all", WDSocketCloseAll());
	return 0;
}
