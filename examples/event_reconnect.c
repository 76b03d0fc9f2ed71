/*
 * event_reconnect.c - a client that reconnects by itself.  It sends a numbered
 * message each second and prints every event, one line each.  Stop the server and start
 * it again: unsent messages follow then, and messages that the server may not have
 * read are reported.
 *
 *     event_reconnect HOST PORT [size|lines|raw] [MS]
 */
#include "example.h"

#define LONGEST 65536
#define BATCH 16

/* The name of a code, "WDS_E_REFUSED". */
static const char *name_of(int32_t code)
{
	static char name[64];

	name[0] = '\0';
	WDSocketErrorText(code, WDS_INFO_NAME, name, (int32_t)sizeof name);
	return name;
}

static void send_next(int32_t client)
{
	static int number;
	char text[32];

	snprintf(text, sizeof text, "message %d", ++number);
	if (WDSocketWrite(client, text, -1) < 0)
		printf("%s is not sent: %s\n", text, name_of(WDSocketErrorCode(0, WDS_INFO_CODE)));
}

/* 0 after the client's last event. */
static int handle(int32_t client, const wds_event *e)
{
	static char text[LONGEST];

	switch (e->kind) {
	case WDS_EVENT_TIMER:
		send_next(client);
		break;
	case WDS_EVENT_CONNECTED:
		printf("connected\n");
		break;
	case WDS_EVENT_MESSAGE:
		if (WDSocketRead(client, text, LONGEST, 0) >= 0)
			printf("answer: %s\n", text);
		break;
	case WDS_EVENT_RECONNECTING:
		printf("the connection is down (%s), try %d\n", name_of(e->code), (int)e->value);
		break;
	case WDS_EVENT_RECONNECTED:
		printf("the connection is there again after %d tries\n", (int)e->value);
		break;
	case WDS_EVENT_DROPPED:
		printf("dropped: %d messages from number %d (%s)\n", (int)e->value, (int)e->detail, name_of(e->code));
		break;
	case WDS_EVENT_UNSURE:
		printf("perhaps not read: %d messages from number %d\n", (int)e->value, (int)e->detail);
		break;
	case WDS_EVENT_NOISE:
		printf("skipped: %d bytes that are no message\n", (int)e->value);
		break;
	case WDS_EVENT_PEER_CLOSED:
	case WDS_EVENT_RESET:
	case WDS_EVENT_TIMEOUT:
	case WDS_EVENT_ERROR:
		printf("the end: %s\n", name_of(e->code));
		return 0;
	default:
		break;
	}
	return 1;
}

static void set(int32_t client, int32_t option, int32_t value)
{
	must("setting an option", WDSocketSetOption(client, option, value));
}

int main(int argc, char **argv)
{
	wds_event events[BATCH];
	int32_t client, queue, count, i;

	if (argc < 3 || argc > 5) {
		fprintf(stderr, "usage: event_reconnect HOST PORT [size|lines|raw] [MS]\n"
				"runs until it is stopped; MS between messages, 1000 unless given\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	client = must("making the socket", WDSocketNew("client"));
	set_mode(client, argc > 3 ? argv[3] : "lines");
	set(client, WDS_OPT_RECONNECT, 1);
	set(client, WDS_OPT_RECONNECT_MOST, 5000);     /* longest pause between two attempts */
	set(client, WDS_OPT_RECONNECT_KEEP, 1 << 20);  /* keep unsent messages */
	set(client, WDS_OPT_PEER_GONE, 10000);         /* detect a cut cable */
	queue = must("making the queue", WDSocketNewQueue());
	must("attaching the socket", WDSocketAttach(queue, client, WDS_ATTACH_PLAIN));
	must("connecting", WDSocketOpen(client, WDS_KIND_CLIENT, port_argument(argv[2], 0), argv[1], 0));
	i = argc > 4 ? number_argument(argv[4], "the pause", 1, 3600000) : 1000;
	must("making the timer", WDSocketNewTimer(queue, i, i, 0));

	for (;;) {
		count = must("waiting for events", WDSocketNextEvents(queue, -1, events, (int32_t)sizeof events[0], BATCH));
		for (i = 0; i < count; i++)
			if (!handle(client, &events[i]))
				return WDSocketCloseAll() != WDS_OK;
	}
}
