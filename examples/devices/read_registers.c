/*
 * read_registers.c - reads many registers of a Modbus TCP device quickly: it asks for
 * several blocks before the first answer has come, and puts each answer in its place,
 * in whatever order they come.  plc.c tells what each byte means; modbus.c asks one
 * question after the other, with WDSocketExchange.
 */
#include "../example.h"

#define WAIT_MS 3000
#define HEADER 7
#define LONGEST 260
#define BLOCK 10     /* registers of a question, 125 at most */
#define UNANSWERED 8 /* questions at the same time; devices allow 1 to 16 */
#define MOST 1000

static int32_t plc;
static int values[MOST];

static void set_framing(int32_t socket)
{
	must("choosing modbus-tcp", WDSocketSetText(socket, WDS_TEXT_FRAME_PRESET, "modbus-tcp"));
}

static void put16(unsigned char *at, int value)
{
	at[0] = (unsigned char)((value >> 8) & 0xFF);
	at[1] = (unsigned char)(value & 0xFF);
}

static int size_of(int block, int count)
{
	return count - block * BLOCK < BLOCK ? count - block * BLOCK : BLOCK;
}

/* Asks for a block; its number is the transaction.  The library fills the length in. */
static void ask(int block, int unit, int first, int count)
{
	unsigned char question[HEADER + 5] = {0};

	put16(question, block);
	question[6] = (unsigned char)unit;
	question[7] = 0x03;
	put16(question + 8, first + block * BLOCK);
	put16(question + 10, size_of(block, count));
	must("asking", WDSocketWrite(plc, question, (int32_t)sizeof question));
}

/* Takes the answer that comes next; gives 0 if nobody has asked for it. */
static int take_answer(int count, int asked, int *answered)
{
	unsigned char answer[LONGEST];
	int32_t length = must("reading", WDSocketRead(plc, answer, LONGEST, WAIT_MS));
	int block = length >= 2 ? answer[0] << 8 | answer[1] : asked, i;

	if (block >= asked || answered[block])
		return 0;
	if (length == HEADER + 2 && answer[7] == 0x83) {
		fprintf(stderr, "the device refuses: Modbus exception %d\n", answer[8]);
		exit(1);
	}
	if (length != HEADER + 2 + 2 * size_of(block, count) || answer[7] != 0x03) {
		fprintf(stderr, "the device answered something else\n");
		exit(1);
	}
	for (i = 0; i < size_of(block, count); i++)
		values[block * BLOCK + i] = answer[HEADER + 2 + 2 * i] << 8 | answer[HEADER + 3 + 2 * i];
	return answered[block] = 1;
}

int main(int argc, char **argv)
{
	int answered[MOST] = {0}, unit, first, count, blocks, asked = 0, done = 0, i;

	if (argc != 6) {
		fprintf(stderr, "usage: read_registers HOST PORT UNIT FIRST COUNT\n");
		return 2;
	}
	unit = (int)number_argument(argv[3], "the unit", 0, 255);
	first = (int)number_argument(argv[4], "the first register", 0, 65535);
	count = (int)number_argument(argv[5], "the count", 1, MOST);
	blocks = (count + BLOCK - 1) / BLOCK;
	plc = must("connecting", WDSocketConnect("plc", port_argument(argv[2], 0), argv[1], WAIT_MS));
	set_framing(plc);
	while (done < blocks) {
		while (asked < blocks && asked - done < UNANSWERED)
			ask(asked++, unit, first, count);
		done += take_answer(count, asked, answered);
	}
	for (i = 0; i < count; i++)
		printf("register %d = %d\n", first + i, values[i]);
	must("closing", WDSocketClose(plc));
	must("closing all", WDSocketCloseAll());
	return 0;
}
