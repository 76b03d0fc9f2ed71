/*
 * news.c - a client of a news server (NNTP, RFC 3977)
 *
 * It lists the groups, posts an article, reads it back and compares the two
 * byte for byte.
 * With --tls the connection is secured from its beginning (port 563), with
 * --starttls later (RFC 4642).
 *
 * NNTP consists of lines that end with CR LF, which is the end-tag mode: one
 * WDSocketWrite sends a line, one WDSocketRead receives one, and neither sees
 * the CR LF.
 */
#define _POSIX_C_SOURCE 200809L

#include <time.h>
#include <unistd.h>

#include "example_tls.h"

#define WAIT_MS 20000  /* for each answer of the server */
#define LINE_MAX_ 4096 /* longer than any line that the protocol allows */
#define BODY_MAX 65536
#define GROUPS_SHOWN 20

static int32_t news; /* the connection */

/* The body that is posted; make_body adds the long line. */
static char long_line[900];
static const char *const body[] = {
	"This article was posted by the news example of wdsocket.",
	".this line begins with a dot",
	"..and this one with two; the next one is a dot alone",
	".",
	"",
	"8-bit UTF-8: Gr\xC3\xBC\xC3\x9F" "e, d\xC3\xA9j\xC3\xA0 vu, \xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E, 5 \xE2\x82\xAC",
	long_line,
	"The end.",
};
#define BODY_LINES (sizeof body / sizeof body[0])

static void fail(const char *text)
{
	fprintf(stderr, "%s\n", text);
	exit(1);
}

static void send_line(const char *line)
{
	must("sending a line", WDSocketWrite(news, line, -1));
}

static int32_t read_line(char *line)
{
	return must("reading a line", WDSocketRead(news, line, LINE_MAX_, WAIT_MS));
}

/* Sends a command (NULL: none, for the greeting), prints both, returns the answer's number. */
static int command(const char *text, char *answer)
{
	if (text != NULL) {
		printf("> %s\n", text);
		send_line(text);
	}
	read_line(answer);
	printf("< %s\n", answer);
	return atoi(answer);
}

static void expect(const char *text, int number)
{
	char answer[LINE_MAX_];

	if (command(text, answer) != number) {
		fprintf(stderr, "the server should have answered %d\n", number);
		fail("giving up");
	}
}

/*
 * Inside an article or a list a line that begins with a dot is sent with one
 * more dot ("dot-stuffing"), because a line with only a dot ends it.
 */
static void send_stuffed(const char *line)
{
	char stuffed[LINE_MAX_];

	if (line[0] != '.') {
		send_line(line);
		return;
	}
	snprintf(stuffed, sizeof stuffed, ".%s", line);
	send_line(stuffed);
}

/* Reads the next line of a list or an article and takes the extra dot away; -1 at its end. */
static int32_t read_stuffed(char *line)
{
	int32_t length = read_line(line);

	if (line[0] != '.')
		return length;
	if (length == 1)
		return -1;
	memmove(line, line + 1, (size_t)length); /* the NUL too */
	return length - 1;
}

static void list_groups(const char *group)
{
	char line[LINE_MAX_];
	size_t name = strlen(group);
	int count = 0, found = 0;

	expect("LIST ACTIVE", 215);
	while (read_stuffed(line) >= 0) {
		if (count++ < GROUPS_SHOWN)
			printf("  %s\n", line);
		if (strncmp(line, group, name) == 0 && line[name] == ' ')
			found = 1;
	}
	printf("%d groups\n", count);
	if (!found)
		fail("the group is not in the list");
}

static void make_body(void)
{
	size_t i;

	for (i = 0; i + 1 < sizeof long_line; i++)
		long_line[i] = (char)('a' + i % 26);
	long_line[i] = '\0';
}

static void post(const char *group, const char *id)
{
	char header[LINE_MAX_];
	size_t i;

	expect("POST", 340);
	send_line("From: wdsocket example <example@example.net>");
	snprintf(header, sizeof header, "Newsgroups: %s", group);
	send_line(header);
	send_line("Subject: wdsocket test article");
	snprintf(header, sizeof header, "Message-ID: %s", id);
	send_line(header);
	send_line("MIME-Version: 1.0");
	send_line("Content-Type: text/plain; charset=utf-8");
	send_line("Content-Transfer-Encoding: 8bit");
	send_line(""); /* the empty line between header and body */
	for (i = 0; i < BODY_LINES; i++)
		send_stuffed(body[i]);
	expect(".", 240);
}

/* Asks for the article's body; a server may need a moment before it has it. */
static void ask_body(const char *id)
{
	char text[LINE_MAX_], answer[LINE_MAX_];
	int attempt;

	snprintf(text, sizeof text, "BODY %s", id);
	for (attempt = 0; attempt < 10; attempt++) {
		if (command(text, answer) == 222)
			return;
		sleep(1);
	}
	fail("the article did not arrive");
}

/* Appends the bytes of one line and its CR LF. */
static void append_line(char *text, size_t *used, const char *line, size_t length)
{
	if (*used + length + 2 > BODY_MAX)
		fail("the body is too long");
	memcpy(text + *used, line, length);
	memcpy(text + *used + length, "\r\n", 2);
	*used += length + 2;
}

static void compare(const char *id)
{
	static char sent[BODY_MAX], received[BODY_MAX];
	char line[LINE_MAX_];
	size_t sent_bytes = 0, received_bytes = 0, i;
	int32_t length;

	ask_body(id);
	while ((length = read_stuffed(line)) >= 0)
		append_line(received, &received_bytes, line, (size_t)length);
	for (i = 0; i < BODY_LINES; i++)
		append_line(sent, &sent_bytes, body[i], strlen(body[i]));

	for (i = 0; i < sent_bytes && i < received_bytes && sent[i] == received[i]; i++)
		;
	if (i != sent_bytes || i != received_bytes) {
		fprintf(stderr, "posted %lu bytes, read %lu, different from byte %lu on\n", (unsigned long)sent_bytes,
			(unsigned long)received_bytes, (unsigned long)i);
		fail("the article is not the same");
	}
	printf("the body read back is the body posted: %lu bytes, byte for byte\n", (unsigned long)sent_bytes);
}

static void start_tls(void)
{
	expect("STARTTLS", 382);
	must("starting TLS", WDSocketStartSSL(news, WDS_ROLE_CLIENT, WDS_SSL_DEFAULT, NULL, NULL, WAIT_MS));
	show_tls(news);
}

int main(int argc, char **argv)
{
	char text[LINE_MAX_], id[128];
	int number, tls = take_flag(&argc, argv, "--tls"), starttls = take_flag(&argc, argv, "--starttls");
	const char *ca = take_option(&argc, argv, "--ca");

	if (argc != 4 || (tls && starttls)) {
		fprintf(stderr, "usage: news HOST PORT GROUP [--tls|--starttls] [--ca FILE]\n"
				"lists the groups, posts a test article to GROUP and reads it back\n");
		return 2;
	}
	make_body();
	news = must("making the socket", WDSocketNew("news"));
	set_text(news, WDS_TEXT_SSL_AUTHORITIES, "setting the authority", ca);
	must("choosing the mode", WDSocketChangeTransmissionMode(news, WDS_MODE_END_TAG, "\r\n", -1));
	must("connecting", WDSocketOpen(news, tls ? WDS_KIND_CLIENT_SSL : WDS_KIND_CLIENT, port_argument(argv[2], 0), argv[1], WAIT_MS));
	if (tls)
		show_tls(news);

	number = command(NULL, text);
	if (number != 200 && number != 201)
		fail("this is not a news server that takes us");
	if (command("MODE READER", text) != 200)
		fail("the server does not let us post");
	if (starttls)
		start_tls();
	list_groups(argv[3]);
	snprintf(text, sizeof text, "GROUP %s", argv[3]);
	expect(text, 211);

	/* A message-id must be unique in the whole world, for ever. */
	snprintf(id, sizeof id, "<wdsocket.%ld.%ld@example.net>", (long)time(NULL), (long)getpid());
	post(argv[3], id);
	compare(id);
	expect("QUIT", 205);
	must("closing", WDSocketClose(news));
	must("closing all", WDSocketCloseAll());
	return 0;
}
