/*
 * browser.c - a WebSocket server for pages in a real browser
 *
 * usage: browser PAGE CERTIFICATE COMPRESSION
 *
 * PAGE is browser.html, which it serves; CERTIFICATE is its own file, "" without TLS.
 * It prints its address, and ends when all that follows has been reported:
 *
 *   #exchange  2,000 messages each way, text and binary in turn, compared on both
 *              sides; the page closes with 4001
 *   #member    5 pages get 100 messages that are published to a group; the server
 *              closes with 1001
 *   #refused   a path that is not served, and a page of another origin, which the
 *              browser is told with 1006
 *
 * Every page tells what it has seen at the path /report, whose lines are printed.
 */
#include "../../examples/example.h"

#define WAIT_MS 120000
#define MESSAGES 2000
#define MEMBERS 5
#define PUBLISHED 100
#define REPORTS (1 + MEMBERS + 2)
#define LONGEST 300000 /* 70,000 characters of at most 4 bytes */
#define LONGEST_PAGE 65536

static unsigned char expected[LONGEST], came[LONGEST + 1];
static int32_t server, members[MEMBERS], member_count, told, exchanged, reports, page_closed;

static void expect(int good, const char *text)
{
	if (!good) {
		fprintf(stderr, "browser: %s\n", text);
		exit(1);
	}
}

/* What message number i of a sender is: the same as make in browser.html. */
static int32_t make(int32_t who, int32_t i)
{
	static const char *const alphabet[] = {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
	int32_t length = i % 251 == 250 ? 70000 : i / 2 * 37 * who % 1500, j, at = 0;

	for (j = 0; j < length; j++) {
		const char *c = alphabet[(i + j * who) % 4];
		if (i % 2 != 0) {
			expected[at++] = (unsigned char)(i + j * who);
			continue;
		}
		memcpy(expected + at, c, strlen(c));
		at += (int32_t)strlen(c);
	}
	return at;
}

static int32_t kind_of(int32_t i)
{
	return i % 2 == 0 ? WDS_WEBSOCKET_TEXT : WDS_WEBSOCKET_BINARY;
}

/* Publishes to all members when they are there. */
static void join(int32_t page)
{
	int32_t i, j, length;

	expect(member_count < MEMBERS, "more members than pages");
	members[member_count++] = page;
	must("joining", WDSocketGroupJoin(page, "pages"));
	for (i = 0; member_count == MEMBERS && i < PUBLISHED; i++) {
		length = make(3, i);
		for (j = 0; j < MEMBERS; j++)
			must("choosing the kind", WDSocketSetOption(members[j], WDS_OPT_WEBSOCKET_KIND, kind_of(i)));
		expect(WDSocketGroupPublish(server, "pages", expected, length) == MEMBERS, "it was published to others");
	}
}

/* A member has all; behind the last one all are closed. */
static void has_all(void)
{
	int32_t i;

	told++;
	for (i = 0; told == MEMBERS && i < MEMBERS; i++) {
		must("close code", WDSocketSetOption(members[i], WDS_OPT_WEBSOCKET_CLOSE_CODE, 1001));
		must("close reason", WDSocketSetText(members[i], WDS_TEXT_WEBSOCKET_CLOSE_REASON, "à demain"));
		must("closing", WDSocketClose(members[i]));
	}
}

static void exchange(int32_t page, int32_t kind, int32_t length)
{
	int32_t wanted = make(1, exchanged);

	expect(kind == kind_of(exchanged) && length == wanted && memcmp(came, expected, (size_t)length) == 0, "another message came");
	wanted = make(2, exchanged);
	must("choosing the kind", WDSocketSetOption(page, WDS_OPT_WEBSOCKET_KIND, kind));
	must("writing", WDSocketWrite(page, expected, wanted));
	exchanged++;
}

static void path_of(int32_t page, char *path, int32_t size)
{
	must("asking for the path", WDSocketWebSocketInfo(page, WDS_INFO_WEBSOCKET_PATH, path, size));
}

static void message(int32_t page, int32_t kind)
{
	int32_t length = must("reading", WDSocketRead(page, came, (int32_t)sizeof came, 0));
	char path[32];

	path_of(page, path, (int32_t)sizeof path);
	if (strcmp(path, "/echo") == 0) {
		exchange(page, kind, length);
	} else if (strcmp(path, "/group") == 0) {
		has_all();
	} else {
		printf("%s\n", (const char *)came);
		reports++;
	}
}

static void ended(int32_t page, int32_t error)
{
	char path[32], code[16], reason[128];

	path_of(page, path, (int32_t)sizeof path);
	if (strcmp(path, "/echo") == 0) {
		must("asking for the code", WDSocketWebSocketInfo(page, WDS_INFO_WEBSOCKET_CLOSE_CODE, code, (int32_t)sizeof code));
		must("asking for the reason", WDSocketWebSocketInfo(page, WDS_INFO_WEBSOCKET_CLOSE_REASON, reason, (int32_t)sizeof reason));
		printf("server: %d messages, %d, the page closed with %s \"%s\"\n", (int)exchanged, (int)error, code, reason);
		page_closed = 1;
	}
	must("closing", WDSocketClose(page));
}

static void handle(const wds_event *e)
{
	char path[32];

	switch (e->kind) {
	case WDS_EVENT_ACCEPTED:
		path_of(e->socket, path, (int32_t)sizeof path);
		if (strcmp(path, "/group") == 0)
			join(e->socket);
		break;
	case WDS_EVENT_MESSAGE:
		message(e->socket, e->detail);
		break;
	case WDS_EVENT_ERROR:
		expect(e->socket != server, "a client could not be accepted");
		/* fall through */
	case WDS_EVENT_PEER_CLOSED:
	case WDS_EVENT_RESET:
	case WDS_EVENT_TIMEOUT:
		ended(e->socket, e->code);
		break;
	default:
		break;
	}
}

static void open_server(const char *page, const char *certificate, const char *compression)
{
	static char text[LONGEST_PAGE + 1];
	FILE *file = fopen(page, "rb");
	const char *scheme = *certificate ? "https" : "http";
	char address[64];
	int32_t port;

	expect(file != NULL, "the page cannot be read");
	expect(fread(text, 1, LONGEST_PAGE, file) > 0, "the page is empty");
	fclose(file);
	server = must("creating", WDSocketNew("browser"));
	must("the page", WDSocketSetText(server, WDS_TEXT_WEBSOCKET_PAGE, text));
	must("paths", WDSocketSetText(server, WDS_TEXT_WEBSOCKET_PATHS, "/echo,/group,/report"));
	must("sub-protocols", WDSocketSetText(server, WDS_TEXT_WEBSOCKET_PROTOCOLS, "chat"));
	must("compression", WDSocketSetOption(server, WDS_OPT_WEBSOCKET_COMPRESSION, atoi(compression)));
	if (*certificate)
		must("certificate", WDSocketSetText(server, WDS_TEXT_SSL_CERTIFICATE, certificate));
	must("listening", WDSocketOpen(server, *certificate ? WDS_KIND_WEBSOCKET_SERVER_SSL : WDS_KIND_WEBSOCKET_SERVER, 0, "127.0.0.1", 0));
	must("asking for the port", WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port));
	snprintf(address, sizeof address, "%s://127.0.0.1:%d", scheme, (int)port);
	must("origins", WDSocketSetText(server, WDS_TEXT_WEBSOCKET_ORIGINS, address));
	printf("%s\n", address);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	wds_event events[64];
	int32_t queue, count, i;

	if (argc != 4) {
		fprintf(stderr, "usage: browser PAGE CERTIFICATE COMPRESSION\n");
		return 2;
	}
	open_server(argv[1], argv[2], argv[3]);
	queue = must("making the queue", WDSocketNewQueue());
	must("attaching", WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
	while (reports < REPORTS || !page_closed) {
		count = must("waiting for events", WDSocketNextEvents(queue, WAIT_MS, events, (int32_t)sizeof events[0], 64));
		for (i = 0; i < count; i++)
			handle(&events[i]);
		fflush(stdout);
	}
	WDSocketCloseAll();
	return 0;
}
