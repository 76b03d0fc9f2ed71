/*
 * websocket.c - a WebSocket client and server that talk to another program
 *
 * usage: websocket client URL CERTIFICATES COMPRESSION
 *        websocket server CERTIFICATE COMPRESSION
 *
 * CERTIFICATES is the authority of a server with TLS, CERTIFICATE its own file, each
 * "" without.  The other program is websocket.py or websocket.js, whose head says how
 * the two talk.
 */
#include "../../examples/example.h"

#define WAIT_MS 30000
#define LONGEST 1000000
#define ROOM 1100000 /* for characters of two bytes */

static unsigned char message[LONGEST], answer[ROOM + 1];

static void fail(const char *text)
{
	fprintf(stderr, "websocket: %s\n", text);
	exit(1);
}

static void expect(int good, const char *text)
{
	if (!good)
		fail(text);
}

/* One message of a kind, which comes back. */
static void echo(int32_t ws, int32_t kind, int32_t length)
{
	int32_t i, got, came = 0;

	for (i = 0; i < length; i++)
		message[i] = (unsigned char)(kind == WDS_WEBSOCKET_TEXT ? 'a' + i % 26 : i * 7);
	must("choosing the kind", WDSocketSetOption(ws, WDS_OPT_WEBSOCKET_KIND, kind));
	must("writing", WDSocketWrite(ws, message, length));
	got = must("reading", WDSocketRead(ws, answer, (int32_t)sizeof answer, WAIT_MS));
	expect(got == length && memcmp(message, answer, (size_t)length) == 0, "another message came back");
	must("asking for the kind", WDSocketGetOption(ws, WDS_OPT_WEBSOCKET_MESSAGE, &came));
	expect(came == kind, "a message of another kind came back");
}

static void command(int32_t ws, const char *text)
{
	must("choosing the kind", WDSocketSetOption(ws, WDS_OPT_WEBSOCKET_KIND, WDS_WEBSOCKET_TEXT));
	must("writing", WDSocketWrite(ws, text, -1));
}

static void expect_text(int32_t ws, const char *text)
{
	must("reading", WDSocketRead(ws, answer, (int32_t)sizeof answer, WAIT_MS));
	expect(strcmp((const char *)answer, text) == 0, "another text came");
}

/* What the peer closed with. */
static void print_close(int32_t ws)
{
	char code[16], reason[128];

	must("asking for the code", WDSocketWebSocketInfo(ws, WDS_INFO_WEBSOCKET_CLOSE_CODE, code, (int32_t)sizeof code));
	must("asking for the reason", WDSocketWebSocketInfo(ws, WDS_INFO_WEBSOCKET_CLOSE_REASON, reason, (int32_t)sizeof reason));
	printf("closed %s %s\n", code, reason);
	fflush(stdout);
}

static int32_t connect_to(const char *url, const char *authorities, const char *compression)
{
	int32_t ws = must("creating", WDSocketNew(NULL));
	int32_t kind = strncmp(url, "wss:", 4) == 0 ? WDS_KIND_WEBSOCKET_CLIENT_SSL : WDS_KIND_WEBSOCKET_CLIENT;

	must("compression", WDSocketSetOption(ws, WDS_OPT_WEBSOCKET_COMPRESSION, atoi(compression)));
	must("sub-protocols", WDSocketSetText(ws, WDS_TEXT_WEBSOCKET_PROTOCOLS, "other,chat"));
	must("headers", WDSocketSetText(ws, WDS_TEXT_WEBSOCKET_HEADERS, "X-Test: yes"));
	if (*authorities)
		must("authorities", WDSocketSetText(ws, WDS_TEXT_SSL_AUTHORITIES, authorities));
	must("connecting", WDSocketOpen(ws, kind, 0, url, WAIT_MS));
	return ws;
}

static void client(const char *url, const char *authorities, const char *compression)
{
	static const int32_t lengths[] = {0, 1, 125, 126, 127, 1000, 65535, 65536, LONGEST};
	int32_t ws = connect_to(url, authorities, compression);
	char text[64], refused[300];
	size_t i;

	must("sub-protocol", WDSocketWebSocketInfo(ws, WDS_INFO_WEBSOCKET_PROTOCOL, text, (int32_t)sizeof text));
	expect(strcmp(text, "chat") == 0, "another sub-protocol");
	for (i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		echo(ws, WDS_WEBSOCKET_TEXT, lengths[i]);
		echo(ws, WDS_WEBSOCKET_BINARY, lengths[i]);
	}
	command(ws, "fragments");
	for (i = 0; i < 20; i++)
		expect_text(ws, "one two three");
	command(ws, "close");
	expect(WDSocketRead(ws, answer, (int32_t)sizeof answer, WAIT_MS) == WDS_E_WEBSOCKET_CLOSED, "the close code is none of an error");
	print_close(ws);
	must("closing", WDSocketClose(ws));

	ws = connect_to(url, authorities, compression);
	echo(ws, WDS_WEBSOCKET_TEXT, 10);
	must("close code", WDSocketSetOption(ws, WDS_OPT_WEBSOCKET_CLOSE_CODE, 4002));
	must("close reason", WDSocketSetText(ws, WDS_TEXT_WEBSOCKET_CLOSE_REASON, "au revoir, é"));
	must("closing", WDSocketClose(ws));

	snprintf(refused, sizeof refused, "%s/refused", url);
	ws = must("creating", WDSocketNew(NULL));
	if (*authorities)
		must("authorities", WDSocketSetText(ws, WDS_TEXT_SSL_AUTHORITIES, authorities));
	expect(WDSocketOpen(ws, *authorities ? WDS_KIND_WEBSOCKET_CLIENT_SSL : WDS_KIND_WEBSOCKET_CLIENT, 0, refused, WAIT_MS) == WDS_E_WEBSOCKET_REFUSED, "it was not refused");
	must("the text of the error", WDSocketErrorInfo(0, WDS_INFO_MESSAGE, refused, (int32_t)sizeof refused));
	printf("refused: %s\n", refused);
	must("closing", WDSocketClose(ws));
}

/* One client: all that it says goes back to it, until it ends or wants to be closed. */
static int serve(int32_t ws)
{
	int32_t got, kind;

	for (;;) {
		got = WDSocketRead(ws, answer, ROOM, WAIT_MS);
		if (got < 0) {
			printf("%d\n", (int)got);
			print_close(ws);
			break;
		}
		answer[got] = 0;
		if (strcmp((const char *)answer, "stop") == 0) {
			must("closing", WDSocketClose(ws));
			return 0;
		}
		if (strcmp((const char *)answer, "close") == 0) {
			must("close code", WDSocketSetOption(ws, WDS_OPT_WEBSOCKET_CLOSE_CODE, 4003));
			must("close reason", WDSocketSetText(ws, WDS_TEXT_WEBSOCKET_CLOSE_REASON, "à bientôt"));
			break;
		}
		must("asking for the kind", WDSocketGetOption(ws, WDS_OPT_WEBSOCKET_MESSAGE, &kind));
		must("choosing the kind", WDSocketSetOption(ws, WDS_OPT_WEBSOCKET_KIND, kind));
		must("writing", WDSocketWrite(ws, answer, got));
	}
	must("closing", WDSocketClose(ws));
	return 1;
}

static void server(const char *certificate, const char *compression)
{
	int32_t listener = must("creating", WDSocketNew(NULL)), port, ws;
	int serving = 1;

	must("compression", WDSocketSetOption(listener, WDS_OPT_WEBSOCKET_COMPRESSION, atoi(compression)));
	must("sub-protocols", WDSocketSetText(listener, WDS_TEXT_WEBSOCKET_PROTOCOLS, "chat"));
	must("paths", WDSocketSetText(listener, WDS_TEXT_WEBSOCKET_PATHS, "/echo"));
	if (*certificate)
		must("certificate", WDSocketSetText(listener, WDS_TEXT_SSL_CERTIFICATE, certificate));
	must("listening", WDSocketOpen(listener, *certificate ? WDS_KIND_WEBSOCKET_SERVER_SSL : WDS_KIND_WEBSOCKET_SERVER, 0, "127.0.0.1", 0));
	must("asking for the port", WDSocketGetOption(listener, WDS_OPT_LOCAL_PORT, &port));
	printf("listening on %d\n", (int)port);
	fflush(stdout);
	while (serving) {
		must("waiting", WDSocketWaitForConnection(listener, WAIT_MS));
		ws = must("accepting", WDSocketAccept(listener, WAIT_MS));
		serving = serve(ws);
	}
	must("closing", WDSocketClose(listener));
}

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "client") == 0)
		client(argv[2], argv[3], argv[4]);
	else if (argc == 4 && strcmp(argv[1], "server") == 0)
		server(argv[2], argv[3]);
	else
		fail("client URL CERTIFICATES COMPRESSION, or server CERTIFICATE COMPRESSION");
	return 0;
}
