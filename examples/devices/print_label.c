/*
 * print_label.c - prints labels on a printer that speaks ZPL: asks for its status,
 * prints, and waits until all are printed.  label_printer.c tells what each byte
 * means.
 */
#include "../example.h"

#define WAIT_MS 5000
#define PAUSE_MS 100
#define LONGEST 256

static int32_t printer;

/* Answers end with ETX CR LF.  What is written is a stream: it goes out as it is. */
static void set_framing(int32_t socket)
{
	must("choosing the end", WDSocketChangeTransmissionMode(socket, WDS_MODE_END_TAG, "\x03\r\n", 3));
	must("writing as it is", WDSocketSetOption(socket, WDS_OPT_WRITE_MODE, WDS_MODE_RAW));
}

/* Asks for the status, and stops where the printer cannot print; gives the formats that wait. */
static int formats_waiting(void)
{
	char first[LONGEST], second[LONGEST], third[LONGEST];
	int no_labels, paused, waiting, open, no_ribbon;
	int32_t result = WDSocketExchange(printer, "~HS", 3, first, LONGEST, WAIT_MS);

	if (result == WDS_E_TIMEOUT) {
		fprintf(stderr, "no answer: some printers give none without labels, without a ribbon, with an open head\n");
		exit(1);
	}
	must("asking for the status", result);
	must("reading the second line", WDSocketRead(printer, second, LONGEST, WAIT_MS));
	must("reading the third line", WDSocketRead(printer, third, LONGEST, WAIT_MS));
	if (sscanf(first, "\x02%*d,%d,%d,%*d,%d", &no_labels, &paused, &waiting) != 3 ||
	    sscanf(second, "\x02%*d,%*d,%d,%d", &open, &no_ribbon) != 2 || third[0] != '\x02') {
		fprintf(stderr, "\"%s\" is no status\n", first);
		exit(1);
	}
	if (no_labels || paused || open || no_ribbon) {
		fprintf(stderr, "the printer %s\n", no_labels ? "has no labels" : paused ? "is paused" : open ? "is open" : "has no ribbon");
		exit(1);
	}
	return waiting;
}

int main(int argc, char **argv)
{
	char label[LONGEST];
	int copies;

	if (argc != 4) {
		fprintf(stderr, "usage: print_label HOST PORT COPIES\n");
		return 2;
	}
	copies = (int)number_argument(argv[3], "the number of copies", 1, 1000);
	printer = must("connecting", WDSocketConnect("printer", port_argument(argv[2], 0), argv[1], WAIT_MS));
	set_framing(printer);
	formats_waiting();
	snprintf(label, sizeof label, "^XA^FO50,50^A0N,50,50^FDPallet 4711^FS^PQ%d^XZ", copies);
	must("printing", WDSocketWrite(printer, label, -1));

	/* The printer does not say when it is done.  Nothing comes unasked, so that a read is a pause. */
	while (formats_waiting() > 0)
		if (WDSocketRead(printer, label, LONGEST, PAUSE_MS) != WDS_E_TIMEOUT)
			must("waiting", WDSocketErrorCode(0, WDS_INFO_CODE));
	printf("printed\n");
	must("closing", WDSocketClose(printer));
	must("closing all", WDSocketCloseAll());
	return 0;
}
