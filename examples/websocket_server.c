/*
 * websocket_server.c - a chat for browsers in one thread: what a page says goes to all
 * pages, and so does the number of pages that are there.
 *
 *     websocket_server PORT [PAGE [SILENCE_MS]]
 *
 * PAGE is a file, websocket_page.html beside this one for example: open
 * http://localhost:PORT/ in two windows of a browser.  A page of which nothing comes
 * for SILENCE_MS is ended: browsers answer the pings of a server that has nothing to
 * say, and while it has, the page sends an empty message now and then.
 */
#include "example_server.h"

#define LONGEST 4096 /* what a page says */
#define NAME 80      /* at most, in front of it: who says it */
#define LONGEST_PAGE (1 << 20)
#define BATCH 64
#define PAGE_SILENCE_MS 180000 /* browsers let pages in the background act once a minute */
#define GOING_AWAY 1001 /* the close code of a server that stops */
#define UNSUPPORTED 1003
#define TOO_BIG 1009

static int32_t server, pages;

/* Sends "who text" to all pages. */
static void say(int32_t about, const char *text)
{
	char who[NAME - 2] = "?", line[NAME + LONGEST + 1];

	WDSocketClientInfo(about, WDS_INFO_ENDPOINT, who, (int32_t)sizeof who);
	snprintf(line, sizeof line, "%s%s", who, text);
	printf("%s\n", line);
	fflush(stdout);
	must("publishing", WDSocketGroupPublish(server, "chat", line, -1));
}

/* Tells all pages how many there are. */
static void count_pages(int32_t more)
{
	char line[40];

	pages += more;
	snprintf(line, sizeof line, "pages: %d", (int)pages);
	must("publishing", WDSocketGroupPublish(server, "chat", line, -1));
}

static void leave(int32_t page)
{
	WDSocketGroupLeave(page, "chat");
	say(page, " leaves");
	WDSocketClose(page); /* with WDS_OPT_WEBSOCKET_CLOSE_CODE, if the page is still there */
	count_pages(-1);
}

static void refuse(int32_t page, int32_t code, const char *reason)
{
	WDSocketSetOption(page, WDS_OPT_WEBSOCKET_CLOSE_CODE, code);
	WDSocketSetText(page, WDS_TEXT_WEBSOCKET_CLOSE_REASON, reason);
	leave(page);
}

/* A message must be text, and not longer than LONGEST: after another the page is closed. */
static void hear(int32_t page, int32_t kind)
{
	char text[LONGEST + 3] = ": ";
	int32_t length;

	if (kind != WDS_WEBSOCKET_TEXT) {
		refuse(page, UNSUPPORTED, "text only");
		return;
	}
	length = WDSocketRead(page, text + 2, LONGEST, 0);
	if (length > 0) /* 0: it only says that it is there */
		say(page, text);
	else if (length == WDS_E_BUFFER)
		refuse(page, TOO_BIG, "too long"); /* an event tells other errors */
}

static void handle(const wds_event *e)
{
	if (!WDSocketExist(e->socket))
		return; /* closed at an earlier event that came with this one */
	switch (e->kind) {
	case WDS_EVENT_ACCEPTED:
		WDSocketGroupJoin(e->socket, "chat");
		say(e->socket, " comes in");
		count_pages(1);
		break;
	case WDS_EVENT_MESSAGE:
		hear(e->socket, e->detail);
		break;
	case WDS_EVENT_ERROR: /* no UTF-8, too long, against the protocol, an unusual close code ... */
		if (e->socket == server)
			break; /* one client could not be accepted, the server continues */
		/* fall through */
	case WDS_EVENT_PEER_CLOSED:
	case WDS_EVENT_RESET:
	case WDS_EVENT_TIMEOUT:
		leave(e->socket);
		break;
	default:
		break;
	}
}

/* What a browser gets that asks for a page, and not for a WebSocket. */
static void serve_page(const char *name)
{
	static char page[LONGEST_PAGE + 1];
	FILE *file = fopen(name, "rb");

	if (file == NULL) {
		perror(name);
		exit(1);
	}
	page[fread(page, 1, LONGEST_PAGE, file)] = '\0';
	fclose(file);
	must("setting the page", WDSocketSetText(server, WDS_TEXT_WEBSOCKET_PAGE, page));
}

int main(int argc, char **argv)
{
	wds_event events[BATCH];
	int32_t queue, count = WDS_E_CANCELLED, silence, i;

	if (argc < 2 || argc > 4) {
		fprintf(stderr, "usage: websocket_server PORT [PAGE [SILENCE_MS]]\n"
				"runs until Ctrl-C; port 0 = any; PAGE is what browsers are shown, websocket_page.html\n");
		return 2;
	}
	stop_when_told();
	silence = argc > 3 ? number_argument(argv[3], "the silence", 1000, 600000) : PAGE_SILENCE_MS;

	server = must("making the server", WDSocketNew("chat"));
	must("choosing the path", WDSocketSetText(server, WDS_TEXT_WEBSOCKET_PATHS, "/chat"));
	must("writing text", WDSocketSetOption(server, WDS_OPT_WEBSOCKET_KIND, WDS_WEBSOCKET_TEXT));
	must("choosing the close code", WDSocketSetOption(server, WDS_OPT_WEBSOCKET_CLOSE_CODE, GOING_AWAY));
	must("limiting the messages", WDSocketSetOption(server, WDS_OPT_MAX_MESSAGE, NAME + LONGEST)); /* also those that are written */
	must("limiting the queue of a client", WDSocketSetOption(server, WDS_OPT_PUBLISH_QUEUE, 65536));
	must("limiting the handshake", WDSocketSetOption(server, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, silence));
	must("limiting silence", WDSocketSetOption(server, WDS_OPT_IDLE_LIMIT, silence));
	must("limiting messages", WDSocketSetOption(server, WDS_OPT_MESSAGE_LIMIT, silence));
	must("limiting the end", WDSocketSetOption(server, WDS_OPT_CLOSE_TIMEOUT, CLOSE_MS));
	must("sending pings", WDSocketSetOption(server, WDS_OPT_HEARTBEAT, silence / 4));
	if (argc > 2)
		serve_page(argv[2]);
	must("opening the server", WDSocketOpen(server, WDS_KIND_WEBSOCKET_SERVER, port_argument(argv[1], 1), NULL, 0));
	queue = must("making the queue", WDSocketNewQueue());
	must("attaching the server", WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
	show_port("chat for browsers", server);

	while (!stopping && (count = WDSocketNextEvents(queue, -1, events, (int32_t)sizeof events[0], BATCH)) > 0)
		for (i = 0; i < count; i++)
			handle(&events[i]);
	return finish(count, server, queue);
}
