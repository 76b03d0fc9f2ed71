/*
 * read_codes.c - takes the codes of a barcode reader as they come, and checks them.
 * barcode_reader.c tells what each byte means.
 */
#include "../example.h"

#define WAIT_MS 5000
#define LONGEST 4096

/* A code ends with CR.  The same reader may be set up for CR LF: its LF is then in front of the next code. */
static void set_framing(int32_t socket)
{
	must("choosing the end", WDSocketChangeTransmissionMode(socket, WDS_MODE_END_TAG, "\r", 1));
}

/* EAN-13: three times the digits at even places and once the others give a multiple of ten. */
static int is_ean13(const char *code)
{
	int sum = 0, i;

	if (strlen(code) != 13 || strspn(code, "0123456789") != 13)
		return 0;
	for (i = 0; i < 13; i++)
		sum += (code[i] - '0') * (i % 2 == 0 ? 1 : 3);
	return sum % 10 == 0;
}

int main(int argc, char **argv)
{
	char text[LONGEST + 1];
	const char *code;
	int32_t reader;
	int count;

	if (argc != 4) {
		fprintf(stderr, "usage: read_codes HOST PORT COUNT\n");
		return 2;
	}
	count = (int)number_argument(argv[3], "the count", 1, 1000000);
	reader = must("connecting", WDSocketConnect("reader", port_argument(argv[2], 0), argv[1], WAIT_MS));
	set_framing(reader);
	while (count > 0) {
		/* -1: until somebody has a code read, however long that takes. */
		must("reading", WDSocketRead(reader, text, LONGEST, -1));
		code = text[0] == '\n' ? text + 1 : text;
		if (strcmp(code, "ERROR") == 0) {
			printf("not read\n");
		} else if (!is_ean13(code)) {
			printf("%s is wrong\n", code);
		} else {
			printf("%s\n", code);
			count--;
		}
	}
	must("stopping", WDSocketWrite(reader, "LOFF", 4));
	must("closing", WDSocketClose(reader));
	must("closing all", WDSocketCloseAll());
	return 0;
}
