/*
 * device.h - what the simulated devices share: the command line, and one thread
 * that serves all clients by an event queue.  A device is what its description
 * says: how its messages are framed, and what it does with one.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include "../example_server.h"

#define DEVICE_CLIENTS 256   /* at the same time; further ones are refused */
#define DEVICE_LONGEST 65536 /* bytes of a message */
#define DEVICE_QUEUE 1048576 /* bytes that wait for a client that does not read */
#define DEVICE_BATCH 64

/* A setting on the command line. */
typedef struct setting {
	const char *name;    /* "--weight"; NULL ends the list */
	const char *what;    /* for --help */
	int32_t *value;      /* the default, then what the command line says */
	int32_t least, most; /* both 0: the word stands alone and sets 1 */
} setting;

typedef struct device {
	const char *name;
	const char *what; /* for --help */
	const setting *settings;
	void (*set_framing)(int32_t server); /* its channels get it too */
	void (*accepted)(int client);        /* may be NULL, as all that follow but message */
	void (*message)(int client, const unsigned char *data, int32_t length); /* raw mode: what has come */
	void (*tick)(void);
	const int32_t *tick_ms; /* how often that is called */
} device;

static int32_t channels[DEVICE_CLIENTS]; /* the handle of each client, 0: none */

static inline int client_of(int32_t channel)
{
	int i;

	for (i = 0; i < DEVICE_CLIENTS; i++)
		if (channels[i] == channel)
			return i;
	return -1;
}

/* drop ends a client: it has gone, does not read, or broke the protocol. */
static inline void drop(int client)
{
	if (channels[client] > 0)
		WDSocketClose(channels[client]);
	channels[client] = 0;
}

/* send_to sends a message to a client that is still there.  It never waits: the send queue takes it. */
static inline void send_to(int client, const void *data, int32_t length)
{
	if (channels[client] > 0 && WDSocketWrite(channels[client], data, length) < 0)
		drop(client);
}

static inline void device_accepted(const device *d, int32_t channel)
{
	int client = client_of(0);

	if (client < 0) {
		WDSocketClose(channel);
		return;
	}
	channels[client] = channel;
	if (d->accepted != NULL)
		d->accepted(client);
}

static inline void device_event(const device *d, int32_t server, const wds_event *e)
{
	static unsigned char message[DEVICE_LONGEST + 1]; /* and a NUL */
	int client = e->socket != server && e->kind != WDS_EVENT_TIMER ? client_of(e->socket) : -1;
	int32_t length;

	if (e->kind == WDS_EVENT_ACCEPTED) {
		device_accepted(d, e->socket);
	} else if (e->kind == WDS_EVENT_TIMER) {
		d->tick();
	} else if (client < 0) {
		if (e->kind == WDS_EVENT_ERROR && e->socket == server)
			fprintf(stderr, "a client could not be accepted: error %d\n", (int)e->code);
	} else if (e->kind == WDS_EVENT_MESSAGE) {
		length = WDSocketRead(e->socket, message, (int32_t)sizeof message - 1, 0);
		if (length >= 0) {
			message[length] = 0;
			d->message(client, message, length);
		} else if (WDSocketErrorScope(0, 0) >= WDS_SCOPE_CONNECTION) {
			drop(client);
		}
	} else if (e->kind == WDS_EVENT_PEER_CLOSED || e->kind == WDS_EVENT_RESET || e->kind == WDS_EVENT_TIMEOUT ||
		   e->kind == WDS_EVENT_ERROR) {
		drop(client); /* the connection has ended, but the socket exists until it is closed */
	}
}

/* device_help tells the words of the command line: those of every device, and its settings. */
static inline void device_help(const device *d, const char *words, const char *what_words)
{
	const setting *s;

	printf("usage: %s %s", d->name, words);
	for (s = d->settings; s->name != NULL; s++)
		printf(s->most != 0 ? " [%s N]" : " [%s]", s->name);
	printf("\n%s; runs until Ctrl-C\n%s"
	       "  --faults     how connections fail, as WDS_TEXT_FAULTS: \"send:partial=1..3 send:delay=1..5\"\n",
	       d->what, what_words);
	for (s = d->settings; s->name != NULL; s++) {
		printf("  %-12s %s", s->name, s->what);
		if (s->most != 0)
			printf(", %d to %d, default %d", (int)s->least, (int)s->most, (int)*s->value);
		printf("\n");
	}
}

/* device_option takes a word and its value from the command line; gives where the next one stands. */
static inline int device_option(const device *d, int argc, char **argv, int i)
{
	const setting *s = d->settings;

	while (s->name != NULL && strcmp(s->name, argv[i]) != 0)
		s++;
	if (s->name == NULL || (s->most != 0 && i + 1 == argc)) {
		fprintf(stderr, s->name == NULL ? "%s: there is no %s; see --help\n" : "%s: %s needs a value\n", d->name, argv[i]);
		exit(2);
	}
	*s->value = s->most != 0 ? number_argument(argv[i + 1], s->name, s->least, s->most) : 1;
	return i + (s->most != 0 ? 2 : 1);
}

/* run_device serves until the program is told to stop; gives the result of main. */
static inline int run_device(const device *d, int argc, char **argv)
{
	const char *port = "0", *silence = NULL, *faults = NULL;
	wds_event events[DEVICE_BATCH];
	int32_t server, queue, count = WDS_E_CANCELLED;
	int i = 1;

	while (i < argc) {
		const char **text = strcmp(argv[i], "--port") == 0 ? &port : strcmp(argv[i], "--silence") == 0 ? &silence :
				    strcmp(argv[i], "--faults") == 0 ? &faults : NULL;

		if (strcmp(argv[i], "--help") == 0) {
			device_help(d, "[--port N] [--silence MS] [--faults TEXT]",
				    "  --port       the port, 0 = any, which is the default\n"
				    "  --silence    milliseconds after which a client that says nothing is ended, 0 = never, default 60000\n");
			return 0;
		}
		if (text != NULL && i + 1 < argc) {
			*text = argv[i + 1];
			i += 2;
		} else {
			i = device_option(d, argc, argv, i);
		}
	}

	stop_when_told();
	server = must("opening the server", WDSocketCreate(d->name, port_argument(port, 1), NULL));
	d->set_framing(server);
	end_silent_clients(server, silence);
	must("limiting the messages", WDSocketSetOption(server, WDS_OPT_MAX_MESSAGE, DEVICE_LONGEST));
	must("limiting the clients", WDSocketSetOption(server, WDS_OPT_MAX_CLIENTS, DEVICE_CLIENTS));
	must("setting the send queue", WDSocketSetOption(server, WDS_OPT_SEND_QUEUE, DEVICE_QUEUE));
	if (faults != NULL)
		must("setting the faults", WDSocketSetText(server, WDS_TEXT_FAULTS, faults));
	queue = must("making the queue", WDSocketNewQueue());
	if (d->tick != NULL)
		must("making the timer", WDSocketNewTimer(queue, *d->tick_ms, *d->tick_ms, 0));
	must("attaching the server", WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
	show_port(d->name, server);

	while (!stopping && (count = WDSocketNextEvents(queue, -1, events, (int32_t)sizeof events[0], DEVICE_BATCH)) > 0)
		for (i = 0; i < count; i++)
			device_event(d, server, &events[i]);
	return finish(count, server, queue);
}

#endif /* DEVICE_H */
