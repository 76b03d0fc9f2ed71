/*
 * mutual_tls.c - both ends show a certificate, and each verifies the other's
 *
 * The server accepts only clients with a certificate of its own authority and
 * answers each message with the name in it: it identifies clients without a
 * password.  The client sends the lines of the standard input.
 *
 * Both ends trust only that authority: a certificate of a public authority must
 * not be enough here.
 */
#include "example_threads.h"
#include "example_tls.h"

#define WAIT_MS 10000
#define LONGEST 4096 /* what a client says */
#define SUBJECT 1024 /* at most, in front of it: who says it */
#define BITS (WDS_SSL_ONLY_AUTHORITIES)

/* What both ends need: a certificate, and the authority to trust. */
static int32_t make(const char *name, const char *certificate, const char *authority)
{
	int32_t socket = must("making the socket", WDSocketNew(name));

	set_text(socket, WDS_TEXT_SSL_CERTIFICATE, "loading the certificate", certificate);
	set_text(socket, WDS_TEXT_SSL_AUTHORITIES, "loading the authority", authority);
	set_mode(socket, "lines");
	return socket;
}

/* Answers one client until it leaves. */
static void serve(int32_t channel)
{
	char message[LONGEST + 1], subject[SUBJECT - 2], answer[SUBJECT + LONGEST + 1];
	int32_t result = WDS_E_CANCELLED;

	show_tls(channel);
	tls_info(channel, WDS_INFO_SSL_SUBJECT, subject, sizeof subject);
	while (!stopping) { /* a client that always sends never makes a read wait */
		result = WDSocketRead(channel, message, LONGEST, -1);
		if (result < 0)
			break;
		message[result] = '\0';
		snprintf(answer, sizeof answer, "%s: %s", subject, message);
		result = WDSocketWrite(channel, answer, -1);
		if (result < 0)
			break;
	}
	if (result < 0 && result != WDS_E_PEER_CLOSED && result != WDS_E_CANCELLED)
		show_error("the conversation with a client", 0);
}

/*
 * Clients without a valid certificate never become a request: the library
 * refuses them during the handshake and writes why to its log.
 */
static int server(const char *port, const char *certificate, const char *authority, const char *silence)
{
	int32_t socket;

	stop_when_told();
	socket = make("server", certificate, authority);
	end_silent_clients(socket, silence);
	must("limiting the messages", WDSocketSetOption(socket, WDS_OPT_MAX_MESSAGE, SUBJECT + LONGEST)); /* also those that are written */
	limit_handshakes(socket, silence);

	must("opening the server", WDSocketCreateSSL("server", port_argument(port, 1), NULL, BITS | WDS_SSL_REQUIRE_CLIENT, NULL, NULL));
	show_port("mutual TLS server", socket);
	return finish_threads(accept_clients(socket, serve, NULL), socket);
}

static void client(const char *host, const char *port, const char *certificate, const char *authority)
{
	static char line[LONGEST], answer[SUBJECT + LONGEST];
	int32_t socket = make("caller", certificate, authority);

	must("connecting", WDSocketConnectSSL("caller", port_argument(port, 0), host, BITS, WAIT_MS, NULL, NULL));
	show_tls(socket);
	while (input_line(line, (int)sizeof line)) {
		must("writing", WDSocketWrite(socket, line, -1));
		/*
		 * With TLS 1.3 the server checks the client's certificate after
		 * the client has finished: the first read returns a refusal.
		 */
		must("reading", WDSocketRead(socket, answer, (int32_t)sizeof answer, WAIT_MS));
		printf("%s\n", answer);
	}
	must("closing", WDSocketClose(socket));
}

int main(int argc, char **argv)
{
	if ((argc == 5 || argc == 6) && strcmp(argv[1], "server") == 0) {
		return server(argv[2], argv[3], argv[4], argc == 6 ? argv[5] : NULL);
	} else if (argc == 6 && strcmp(argv[1], "client") == 0) {
		client(argv[2], argv[3], argv[4][0] != '\0' ? argv[4] : NULL, argv[5]);
	} else {
		fprintf(stderr, "usage: mutual_tls server PORT CERTIFICATE AUTHORITY [SILENCE_MS]\n"
				"       mutual_tls client HOST PORT CERTIFICATE AUTHORITY\n"
				"CERTIFICATE has the key with it; \"\" is none, to see how a server refuses\n");
		return 2;
	}
	must("closing all", WDSocketCloseAll());
	return 0;
}
