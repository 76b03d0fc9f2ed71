/*
 * starttls_mail.c - sends a message through a mail server (SMTP, RFC 5321) that
 * begins in plain text and switches to TLS (STARTTLS, RFC 3207)
 *
 * The text of the message is read from the standard input.  Nothing is sent if
 * the server does not offer STARTTLS: an attacker may have removed the offer.
 */
#include "example_tls.h"

#define WAIT_MS 20000
#define LINE_MAX_ 4096

static int32_t mail; /* the connection */

static void fail(const char *text)
{
	fprintf(stderr, "%s\n", text);
	exit(1);
}

static void send_line(const char *line)
{
	must("sending a line", WDSocketWrite(mail, line, -1));
}

/*
 * Reads an answer, which may have several lines: "250-first", "250 last".
 * Returns its number; offered is set if one line offers the word.
 */
static int answer(const char *word, int *offered)
{
	char line[LINE_MAX_];
	int32_t length;

	do {
		length = must("reading an answer", WDSocketRead(mail, line, (int32_t)sizeof line, WAIT_MS));
		printf("< %s\n", line);
		if (length < 3)
			fail("this is not a mail server");
		if (word != NULL && length > 4 && strcmp(line + 4, word) == 0)
			*offered = 1;
	} while (line[3] == '-');
	return atoi(line);
}

static void expect(int number)
{
	if (answer(NULL, NULL) != number) {
		fprintf(stderr, "the server should have answered %d\n", number);
		fail("giving up");
	}
}

static void command(const char *text, const char *argument, int number)
{
	char line[LINE_MAX_];

	snprintf(line, sizeof line, "%s%s%s", text, argument, strchr(text, '<') != NULL ? ">" : "");
	printf("> %s\n", line);
	send_line(line);
	expect(number);
}

/* Introduces the client and finds out whether the server offers STARTTLS. */
static int hello(void)
{
	int offered = 0;

	printf("> EHLO localhost\n");
	send_line("EHLO localhost");
	if (answer("STARTTLS", &offered) != 250)
		fail("the server does not take us");
	return offered;
}

static void start_tls(void)
{
	if (!hello())
		fail("the server does not offer STARTTLS");
	command("STARTTLS", "", 220);
	/*
	 * Bytes that have already arrived were sent before TLS began and are
	 * refused: WDS_E_TLS_SURPLUS.
	 */
	must("starting TLS", WDSocketStartSSL(mail, WDS_ROLE_CLIENT, WDS_SSL_DEFAULT, NULL, NULL, WAIT_MS));
	show_tls(mail);
	/* What was said before TLS is not trusted: the dialogue starts over. */
	if (hello())
		fail("the server offers STARTTLS inside TLS");
}

/* A line that begins with a dot gets a second one: a dot alone ends the message. */
static void send_text(void)
{
	static char line[LINE_MAX_ + 1];

	line[0] = '.';
	while (fgets(line + 1, (int)sizeof line - 1, stdin) != NULL) {
		line[1 + strcspn(line + 1, "\r\n")] = '\0';
		send_line(line[1] == '.' ? line : line + 1);
	}
}

static void send_message(const char *from, const char *to)
{
	char header[LINE_MAX_];

	command("MAIL FROM:<", from, 250);
	command("RCPT TO:<", to, 250);
	command("DATA", "", 354);
	snprintf(header, sizeof header, "From: <%s>", from);
	send_line(header);
	snprintf(header, sizeof header, "To: <%s>", to);
	send_line(header);
	send_line("Subject: wdsocket test message");
	send_line(""); /* the empty line between header and text */
	send_text();
	command(".", "", 250);
}

int main(int argc, char **argv)
{
	const char *ca = take_option(&argc, argv, "--ca"), *name = take_option(&argc, argv, "--name");

	if (argc != 5) {
		fprintf(stderr, "usage: starttls_mail HOST PORT FROM TO [--ca FILE] [--name NAME]\n"
				"  --ca    trust the authorities in FILE too\n"
				"  --name  the name that the server's certificate must have, if not HOST\n"
				"the text of the message comes from the standard input\n");
		return 2;
	}
	mail = must("making the socket", WDSocketNew("mail"));
	set_text(mail, WDS_TEXT_SSL_AUTHORITIES, "setting the authority", ca);
	set_text(mail, WDS_TEXT_SSL_SERVER_NAME, "setting the server's name", name);
	must("choosing the mode", WDSocketChangeTransmissionMode(mail, WDS_MODE_END_TAG, "\r\n", -1));
	must("connecting", WDSocketConnect("mail", port_argument(argv[2], 0), argv[1], WAIT_MS));

	expect(220); /* the greeting */
	start_tls();
	send_message(argv[3], argv[4]);
	command("QUIT", "", 221);
	must("closing", WDSocketClose(mail));
	must("closing all", WDSocketCloseAll());
	return 0;
}
