/*
 * read_scale.c - reads a scale that speaks MT-SICS: the stable weight, which it
 * asks for, and then weights that come by themselves.  scale.c tells what each
 * byte means.
 */
#include "../example.h"

#define WAIT_MS 5000
#define TRIES 5
#define LONGEST 256

static int32_t scale;
static char line[LONGEST];

/* Messages are lines; the library puts CR LF behind what is written, and takes it from what is read. */
static void set_framing(int32_t socket)
{
	must("choosing lines", WDSocketChangeTransmissionMode(socket, WDS_MODE_END_TAG, "\r\n", 2));
}

/* A line with a weight has 16 characters.  With noise in front, or without its beginning, it has another number. */
static int is_weight(int32_t length, char *state, double *grams)
{
	return length == 16 && sscanf(line, "S %c%lf g", state, grams) == 2 && (*state == 'S' || *state == 'D');
}

/* Asks for the stable weight.  An answer that noise has spoilt is asked for again. */
static double stable_weight(void)
{
	double grams;
	char state;
	int i;

	for (i = 0; i < TRIES; i++)
		if (is_weight(must("asking", WDSocketExchange(scale, "S", 1, line, LONGEST, WAIT_MS)), &state, &grams) && state == 'S')
			return grams;
	fprintf(stderr, "the scale says \"%s\"\n", line);
	exit(1);
}

/*
 * The weights that come by themselves are read one by one.  No WDSocketExchange here:
 * it would take one of them for the answer.
 */
static void follow(int count)
{
	double grams;
	char state;

	must("asking for all", WDSocketWrite(scale, "SIR", 3));
	while (count > 0) {
		if (!is_weight(must("reading", WDSocketRead(scale, line, LONGEST, WAIT_MS)), &state, &grams))
			continue; /* noise */
		printf("%s %.2f g\n", state == 'S' ? "stable" : "moves", grams);
		count--;
	}
	/* What is on its way still comes, and then the answer. */
	must("stopping", WDSocketWrite(scale, "@", 1));
	while (must("reading", WDSocketRead(scale, line, LONGEST, WAIT_MS)) >= 0 && strstr(line, "I4 A") == NULL)
		;
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: read_scale HOST PORT COUNT\n"
				"shows the stable weight, and then COUNT weights as they come\n");
		return 2;
	}
	scale = must("connecting", WDSocketConnect("scale", port_argument(argv[2], 0), argv[1], WAIT_MS));
	set_framing(scale);
	printf("weight %.2f g\n", stable_weight());
	follow((int)number_argument(argv[3], "the count", 0, 1000000));
	must("closing", WDSocketClose(scale));
	must("closing all", WDSocketCloseAll());
	return 0;
}
