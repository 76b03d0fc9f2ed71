/*
 * pop3.c - reads a mailbox by POP3
 *
 * usage: pop3 HOST PORT USER PASSWORD [FILE].  Without FILE the mailbox is empty, and its
 * list is ".\r\n" alone; with one it has one message, whose text is saved in FILE as it
 * came, without the dots that were put before its own.  Lines are read with an end tag;
 * an answer of several by WDSocketReadUntil, up to the line with a dot.
 */
#include "../../examples/example.h"

#define WAIT_MS 30000
#define MESSAGE_MAX 1000000

static int32_t server; /* the connection */
static char text[MESSAGE_MAX];

static void fail(const char *what, const char *line)
{
	fprintf(stderr, "pop3: %s: %s\n", what, line);
	exit(1);
}

/* Sends a line and expects that the answer begins like this. */
static void ask(const char *question, const char *answer)
{
	char line[600];

	if (question != NULL)
		must("writing", WDSocketWrite(server, question, -1));
	must("reading a line", WDSocketRead(server, line, (int32_t)sizeof line, WAIT_MS));
	if (strncmp(line, answer, strlen(answer)) != 0)
		fail(question != NULL ? question : "the greeting", line);
}

/* Sends a line, and gives what its answer has behind the first line, up to the line with
 * a dot.  That line may be the second one, so the line end of the first belongs to the
 * mark: only a refusal is a line alone. */
static int32_t ask_lines(const char *question)
{
	const char *behind;
	int32_t length;
	char sign;

	must("writing", WDSocketWrite(server, question, -1));
	must("reading", WDSocketReadExactly(server, &sign, 1, WAIT_MS));
	length = must("reading to the end", WDSocketReadUntil(server, text, (int32_t)sizeof text - 3, sign == '+' ? "\r\n.\r\n" : "\r\n", -1, WAIT_MS));
	if (sign != '+')
		fail(question, text);
	memcpy(text + length, "\r\n", 3);
	behind = strstr(text, "\r\n") + 2;
	length += (int32_t)(text + 2 - behind);
	memmove(text, behind, (size_t)length + 1);
	return length;
}

/* Takes the dots away that were put before lines with a dot. */
static int32_t without_dots(int32_t length)
{
	int32_t from, to = 0;

	for (from = 0; from < length; from++)
		if (text[from] != '.' || (from > 0 && text[from - 1] != '\n'))
			text[to++] = text[from];
		else if (from + 1 < length && text[from + 1] == '.')
			text[to++] = text[++from];
	return to;
}

static void expect_empty_lists(void)
{
	int i;

	for (i = 0; i < 100; i++) {
		if (ask_lines("LIST") != 0)
			fail("LIST of an empty mailbox", text);
		if (ask_lines("UIDL") != 0)
			fail("UIDL of an empty mailbox", text);
	}
	ask("STAT", "+OK 0 0");
}

static void save_message(const char *name)
{
	FILE *file;
	int32_t length;

	ask("STAT", "+OK 1 ");
	if (ask_lines("LIST") < 5 || strncmp(text, "1 ", 2) != 0)
		fail("LIST", text);
	length = without_dots(ask_lines("RETR 1"));
	file = fopen(name, "wb");
	if (file == NULL || fwrite(text, 1, (size_t)length, file) != (size_t)length || fclose(file) != 0)
		fail("cannot write", name);
	ask("NOOP", "+OK");
}

int main(int argc, char **argv)
{
	char line[200];

	if (argc != 5 && argc != 6)
		return 2;
	server = must("connecting", WDSocketConnect(NULL, port_argument(argv[2], 0), argv[1], WAIT_MS));
	must("choosing the mode", WDSocketChangeTransmissionMode(server, WDS_MODE_END_TAG, "\r\n", -1));
	ask(NULL, "+OK");
	snprintf(line, sizeof line, "USER %s", argv[3]);
	ask(line, "+OK");
	snprintf(line, sizeof line, "PASS %s", argv[4]);
	ask(line, "+OK");
	if (argc == 5)
		expect_empty_lists();
	else
		save_message(argv[5]);
	ask("QUIT", "+OK");
	must("closing", WDSocketClose(server));
	must("closing all", WDSocketCloseAll());
	return 0;
}
