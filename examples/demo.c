/*
 * demo.c - shows what the library does, on this machine alone
 *
 * Servers and clients are the library's.  Where bytes on the wire are shown, a
 * relay made of plain system sockets stands between the two and writes down
 * what passes: the bytes are not computed.  They are compared with the ones
 * that the transmission mode promises.
 */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "example.h"

#define LOOPBACK "127.0.0.1"
#define WAIT_MS 5000
#define CLIENTS 4
#define ROUNDS 50
#define MESSAGE_BYTES 11

static int differences;
static pthread_mutex_t differences_lock = PTHREAD_MUTEX_INITIALIZER;

static void check(int right, const char *what)
{
	if (right)
		return;
	pthread_mutex_lock(&differences_lock);
	printf("  DIFFERENT: %s\n", what);
	differences++;
	pthread_mutex_unlock(&differences_lock);
}

/* Prints bytes so that all of them can be seen. */
static void show_bytes(const char *label, const unsigned char *bytes, size_t count)
{
	size_t i;

	printf("  %-18s ", label);
	for (i = 0; i < count; i++) {
		if (bytes[i] == '\r')
			printf("\\r");
		else if (bytes[i] == '\n')
			printf("\\n");
		else if (bytes[i] < 32 || bytes[i] > 126)
			printf("\\x%02X", bytes[i]);
		else
			putchar(bytes[i]);
	}
	printf("   (%lu bytes)\n", (unsigned long)count);
}

static int32_t port_of(int32_t socket)
{
	int32_t port = 0;

	must("asking for the port", WDSocketGetOption(socket, WDS_OPT_LOCAL_PORT, &port));
	return port;
}

static pthread_t thread_start(void *(*function)(void *), void *argument)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, function, argument) != 0) {
		fprintf(stderr, "no thread\n");
		exit(1);
	}
	return thread;
}

/* ---------------------------------------------------------------------------
 * The system's own sockets: the relay and the datagram peer
 * ------------------------------------------------------------------------- */

struct relay {
	int listener;
	int32_t port;   /* where the client connects */
	int32_t target; /* where the server listens */
	struct {
		unsigned char bytes[512];
		size_t used;
	} seen[2]; /* 0: from client to server, 1: back */
};

static void system_must(const char *doing, int good)
{
	if (good)
		return;
	fprintf(stderr, "%s: %s\n", doing, strerror(errno));
	exit(1);
}

/* A system socket on a free port of the loopback address. */
static int system_socket(int type, int32_t *port)
{
	struct sockaddr_in address = {0};
	socklen_t length = sizeof address;
	int descriptor = socket(AF_INET, type, 0);

	system_must("socket", descriptor >= 0);
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = inet_addr(LOOPBACK);
	system_must("bind", bind(descriptor, (struct sockaddr *)&address, length) == 0);
	system_must("getsockname", getsockname(descriptor, (struct sockaddr *)&address, &length) == 0);
	*port = ntohs(address.sin_port);
	return descriptor;
}

static int system_connect(int32_t port)
{
	struct sockaddr_in address = {0};
	int descriptor = socket(AF_INET, SOCK_STREAM, 0);

	system_must("socket", descriptor >= 0);
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = inet_addr(LOOPBACK);
	address.sin_port = htons((unsigned short)port);
	system_must("connect", connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0);
	return descriptor;
}

static int wait_readable(struct pollfd *descriptors, int count)
{
	return poll(descriptors, (nfds_t)count, WAIT_MS) > 0;
}

/* Passes on what came from one side; 0 at its end. */
static int pass_on(struct relay *relay, int way, int from, int to)
{
	unsigned char piece[256];
	ssize_t got = recv(from, piece, sizeof piece, 0);
	size_t count = got > 0 ? (size_t)got : 0, room = sizeof relay->seen[way].bytes - relay->seen[way].used;

	if (count == 0) {
		shutdown(to, SHUT_WR);
		return 0;
	}
	memcpy(relay->seen[way].bytes + relay->seen[way].used, piece, count < room ? count : room);
	relay->seen[way].used += count < room ? count : room;
	return send(to, piece, count, MSG_NOSIGNAL) == got;
}

/* The relay's thread: one client, until both sides have ended. */
static void *relay_run(void *argument)
{
	struct relay *relay = argument;
	struct pollfd side[2] = {{-1, POLLIN, 0}, {-1, POLLIN, 0}};
	struct pollfd listener = {-1, POLLIN, 0};
	int descriptor[2], way;

	listener.fd = relay->listener;
	if (!wait_readable(&listener, 1))
		return NULL;
	descriptor[0] = side[0].fd = accept(relay->listener, NULL, NULL);
	system_must("accept", side[0].fd >= 0);
	descriptor[1] = side[1].fd = system_connect(relay->target);

	/* poll leaves out entries with a negative descriptor. */
	while ((side[0].fd >= 0 || side[1].fd >= 0) && wait_readable(side, 2))
		for (way = 0; way < 2; way++)
			if (side[way].fd >= 0 && side[way].revents != 0 &&
			    !pass_on(relay, way, descriptor[way], descriptor[1 - way]))
				side[way].fd = -1;
	close(descriptor[0]);
	close(descriptor[1]);
	return NULL;
}

static void relay_open(struct relay *relay, int32_t target)
{
	memset(relay, 0, sizeof *relay);
	relay->target = target;
	relay->listener = system_socket(SOCK_STREAM, &relay->port);
	system_must("listen", listen(relay->listener, 1) == 0);
}

/* ---------------------------------------------------------------------------
 * A standard server and several clients
 * ------------------------------------------------------------------------- */

/* Sends everything back to the client of one channel, until the client leaves. */
static void *echo_channel(void *argument)
{
	int32_t channel = (int32_t)(intptr_t)argument;
	char message[256];
	int32_t length;

	while ((length = WDSocketRead(channel, message, (int32_t)sizeof message, WAIT_MS)) >= 0)
		must("answering", WDSocketWrite(channel, message, length));
	check(length == WDS_E_PEER_CLOSED, "how the conversation with the client ended");
	must("closing the channel", WDSocketClose(channel));
	return NULL;
}

struct client {
	int32_t port;
	int number;
	int right; /* answers that were as expected */
};

static void *client_run(void *argument)
{
	struct client *client = argument;
	int32_t socket = must("connecting", WDSocketConnect(NULL, client->port, LOOPBACK, WAIT_MS));
	char question[64], answer[64];
	int32_t length;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		snprintf(question, sizeof question, "client %d, message %d", client->number, i);
		length = must("asking", WDSocketExchange(socket, question, -1, answer, (int32_t)sizeof answer, WAIT_MS));
		if (length == (int32_t)strlen(question) && memcmp(answer, question, (size_t)length) == 0)
			client->right++;
	}
	must("closing a client", WDSocketClose(socket));
	return NULL;
}

static void show_standard_server(void)
{
	int32_t server = must("opening the server", WDSocketCreate("demo", 0, LOOPBACK));
	struct client clients[CLIENTS];
	pthread_t client_threads[CLIENTS], channel_threads[CLIENTS];
	char who[80];
	int32_t channel;
	int i;

	printf("Standard server: a thread for each client\n");
	for (i = 0; i < CLIENTS; i++) {
		clients[i].port = port_of(server);
		clients[i].number = i + 1;
		clients[i].right = 0;
		client_threads[i] = thread_start(client_run, &clients[i]);
	}
	for (i = 0; i < CLIENTS; i++) {
		must("waiting for a client", WDSocketWaitForConnection(server, WAIT_MS));
		must("asking who it is", WDSocketClientInfo(server, WDS_INFO_ADDRESS, who, (int32_t)sizeof who));
		check(strcmp(who, LOOPBACK) == 0, "the address of the client that asks");
		channel = must("accepting", WDSocketAccept(server, 0));
		channel_threads[i] = thread_start(echo_channel, (void *)(intptr_t)channel);
	}
	for (i = 0; i < CLIENTS; i++) {
		pthread_join(client_threads[i], NULL);
		pthread_join(channel_threads[i], NULL);
		printf("  client %d from %s: %d of %d answers right\n", clients[i].number, who, clients[i].right, ROUNDS);
		check(clients[i].right == ROUNDS, "the answers");
	}
	must("closing the server", WDSocketClose(server));
}

/* A server may refuse a client instead of accepting it. */
static void show_denied_client(void)
{
	int32_t server = must("opening the server", WDSocketCreate(NULL, 0, LOOPBACK));
	int32_t client = must("connecting", WDSocketConnect(NULL, port_of(server), LOOPBACK, WAIT_MS));
	char text[64];
	int32_t result;

	must("waiting for a client", WDSocketWaitForConnection(server, WAIT_MS));
	must("denying", WDSocketDeny(server));
	result = WDSocketRead(client, text, (int32_t)sizeof text, WAIT_MS);
	WDSocketErrorText(result, WDS_INFO_NAME, text, (int32_t)sizeof text);
	printf("  a client that was denied reads %s\n\n", text);
	check(result == WDS_E_RESET, "what a denied client reads");
	must("closing the client", WDSocketClose(client));
	must("closing the server", WDSocketClose(server));
}

/* ---------------------------------------------------------------------------
 * The transmission modes
 * ------------------------------------------------------------------------- */

#define BYTES(text) (const unsigned char *)(text), sizeof(text) - 1
#define FIRST "Hello World"
#define SECOND "caf\xC3\xA9 \0 end" /* bytes, not text: a NUL and a letter of two bytes */

static const char *const messages[2] = {FIRST, SECOND};

struct shown_mode {
	const char *name;
	int32_t mode;
	const char *tag;
	const char *preset;
	int32_t option, value; /* an option of the mode, 0 for none */
	const unsigned char *wire;
	size_t wire_bytes;
};

static const struct shown_mode modes[] = {
	{"end tag, CR LF", WDS_MODE_END_TAG, "\r\n", NULL, 0, 0, BYTES(FIRST "\r\n" SECOND "\r\n")},
	{"size (WINDEV's own)", WDS_MODE_SIZE, NULL, NULL, 0, 0, BYTES("11\r\n" FIRST "11\r\n" SECOND)},
	{"end tag buffer, no tag given: 1A", WDS_MODE_END_TAG_BUFFER, NULL, NULL, 0, 0, BYTES(FIRST "\x1A" SECOND "\x1A")},
	{"raw", WDS_MODE_RAW, NULL, NULL, 0, 0, BYTES(FIRST SECOND)},
	{"length field, two bytes", WDS_MODE_LENGTH, NULL, NULL, WDS_OPT_FRAME_WIDTH, 2, BYTES("\x00\x0B" FIRST "\x00\x0B" SECOND)},
	{"fixed, 11 bytes", WDS_MODE_FIXED, NULL, NULL, WDS_OPT_FRAME_LENGTH, 11, BYTES(FIRST SECOND)},
	/* The last byte is the exclusive or of the message and the end marker. */
	{"markers, preset stx-etx-bcc", WDS_MODE_MARKERS, NULL, "stx-etx-bcc", 0, 0, BYTES("\x02" FIRST "\x03\x23\x02" SECOND "\x03\x62")},
	{"gap, 40 ms of silence", WDS_MODE_GAP, NULL, NULL, WDS_OPT_FRAME_GAP, 40, BYTES(FIRST SECOND)},
};

static void use_mode(int32_t socket, const struct shown_mode *mode)
{
	if (mode->preset != NULL)
		must("choosing the preset", WDSocketSetText(socket, WDS_TEXT_FRAME_PRESET, mode->preset));
	else
		must("choosing the mode", WDSocketChangeTransmissionMode(socket, mode->mode, mode->tag, -1));
	if (mode->option != 0)
		must("setting an option", WDSocketSetOption(socket, mode->option, mode->value));
}

/* Sends one message and reads its echo.  Raw bytes may come in pieces. */
static void echo_once(int32_t client, const struct shown_mode *mode, const char *message)
{
	char answer[64] = "";
	int32_t length = 0;

	must("writing", WDSocketWrite(client, message, MESSAGE_BYTES));
	do
		length += must("reading",
			       WDSocketRead(client, answer + length, (int32_t)sizeof answer - length, WAIT_MS));
	while (mode->mode == WDS_MODE_RAW && length < MESSAGE_BYTES);
	check(length == MESSAGE_BYTES && memcmp(answer, message, MESSAGE_BYTES) == 0, "the answer");
}

static void show_mode(const struct shown_mode *mode)
{
	int32_t server = must("opening the server", WDSocketCreate(NULL, 0, LOOPBACK));
	struct relay relay;
	pthread_t relay_thread, channel_thread;
	int32_t client, channel;
	int way, i;

	printf("Mode: %s\n", mode->name);
	use_mode(server, mode);
	relay_open(&relay, port_of(server));
	relay_thread = thread_start(relay_run, &relay);
	client = must("connecting", WDSocketConnect(NULL, relay.port, LOOPBACK, WAIT_MS));
	use_mode(client, mode);
	channel = must("accepting", WDSocketAccept(server, WAIT_MS)); /* it has the server's mode */
	channel_thread = thread_start(echo_channel, (void *)(intptr_t)channel);

	for (i = 0; i < 2; i++)
		echo_once(client, mode, messages[i]);
	must("closing the client", WDSocketClose(client));
	pthread_join(channel_thread, NULL);
	pthread_join(relay_thread, NULL);
	close(relay.listener);
	must("closing the server", WDSocketClose(server));

	for (way = 0; way < 2; way++) {
		show_bytes(way == 0 ? "client to server:" : "server to client:", relay.seen[way].bytes, relay.seen[way].used);
		check(relay.seen[way].used == mode->wire_bytes &&
			      memcmp(relay.seen[way].bytes, mode->wire, mode->wire_bytes) == 0,
		      "the bytes on the wire");
	}
}

/* ---------------------------------------------------------------------------
 * The simplified server
 * ------------------------------------------------------------------------- */

static void ask_simplified(int32_t server, int32_t client, const char *question)
{
	char text[64];
	int32_t length;

	must("writing", WDSocketWrite(client, question, -1));
	length = must("reading the server", WDSocketRead(server, text, (int32_t)sizeof text, WAIT_MS));
	printf("  the server reads \"%.*s\"\n", (int)length, text);
	check(strcmp(text, question) == 0, "what the server reads");
	must("answering", WDSocketWrite(server, "thank you", -1));
	must("reading", WDSocketRead(client, text, (int32_t)sizeof text, WAIT_MS));
	check(strcmp(text, "thank you") == 0, "what the client reads");
}

static void show_simplified_server(void)
{
	int32_t server = must("opening the server", WDSocketCreate(NULL, 0, LOOPBACK));
	int32_t first = must("connecting", WDSocketConnect(NULL, port_of(server), LOOPBACK, WAIT_MS));
	int32_t second = must("connecting", WDSocketConnect(NULL, port_of(server), LOOPBACK, WAIT_MS));
	char text[64];
	int32_t result;

	printf("\nSimplified server: no accept, one client at a time\n");
	ask_simplified(server, first, "from the first client");
	must("closing the first client", WDSocketClose(first));
	result = WDSocketRead(server, text, (int32_t)sizeof text, WAIT_MS);
	printf("  the first client leaves, the server is told once\n");
	check(result == WDS_E_PEER_CLOSED, "how the server is told that its client left");
	ask_simplified(server, second, "from the second client, which waited");
	must("closing the second client", WDSocketClose(second));
	must("closing the server", WDSocketClose(server));
}

/* ---------------------------------------------------------------------------
 * UDP
 * ------------------------------------------------------------------------- */

/* A datagram to a system socket and one back. */
static void show_udp(void)
{
	int32_t socket = must("opening the UDP socket", WDSocketCreateUDP(NULL, 0, LOOPBACK));
	struct pollfd peer = {-1, POLLIN, 0};
	struct sockaddr_in sender = {0};
	socklen_t sender_bytes = sizeof sender;
	unsigned char wire[64] = {0};
	char text[64], from[64];
	int32_t peer_port, from_port, length;
	ssize_t got;

	printf("\nUDP: one message is one datagram\n");
	peer.fd = system_socket(SOCK_DGRAM, &peer_port);
	must("sending", WDSocketWriteUDP(socket, SECOND, MESSAGE_BYTES, LOOPBACK, peer_port));
	system_must("waiting for the datagram", wait_readable(&peer, 1));
	got = recvfrom(peer.fd, wire, sizeof wire, 0, (struct sockaddr *)&sender, &sender_bytes);
	system_must("recvfrom", got >= 0);
	show_bytes("datagram:", wire, (size_t)got);
	check(got == MESSAGE_BYTES && memcmp(wire, SECOND, MESSAGE_BYTES) == 0, "the datagram");
	check(ntohs(sender.sin_port) == port_of(socket), "the port it came from");

	got = sendto(peer.fd, FIRST, MESSAGE_BYTES, 0, (struct sockaddr *)&sender, sender_bytes);
	system_must("sendto", got == MESSAGE_BYTES);
	length = must("reading", WDSocketReadUDP(socket, text, (int32_t)sizeof text, WAIT_MS, from, (int32_t)sizeof from, &from_port));
	printf("  answer \"%.*s\" from %s port %d\n", (int)length, text, from, (int)from_port);
	check(length == MESSAGE_BYTES && memcmp(text, FIRST, MESSAGE_BYTES) == 0, "the answer");
	check(strcmp(from, LOOPBACK) == 0 && from_port == peer_port, "the sender of the answer");
	close(peer.fd);
	must("closing the UDP socket", WDSocketClose(socket));
}

int main(int argc, char **argv)
{
	int64_t left = -1;
	size_t i;

	if (argc != 1) {
		fprintf(stderr, "usage: %s\nshows servers, clients, transmission modes and UDP on the loopback address\n", argv[0]);
		return 2;
	}
	show_standard_server();
	show_denied_client();
	for (i = 0; i < sizeof modes / sizeof modes[0]; i++)
		show_mode(&modes[i]);
	show_simplified_server();
	show_udp();

	must("closing all", WDSocketCloseAll());
	must("counting the sockets", WDSocketGetNumber(0, WDS_NUM_SOCKETS, &left));
	check(left == 0, "sockets are left");
	if (differences > 0) {
		printf("\ndemo: %d differences\n", differences);
		return 1;
	}
	printf("\ndemo: all as expected\n");
	return 0;
}
