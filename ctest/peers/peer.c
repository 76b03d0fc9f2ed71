/*
 * peer.c - the library's end of the tests with other programs
 *
 * usage: peer port
 *            prints a port that is free on all loopback addresses
 *        peer client HOST PORT MODE OUT IN...
 *            sends every file IN as one message, ends its sending side, reads
 *            messages until the peer has ended too
 *        peer simple ADDRESS MODE OUT IN...
 *            a simplified server: prints its port, reads as many messages as
 *            there are files (raw: bytes), then sends the files
 *        peer standard ADDRESS MODE OUT IN...
 *            a standard server: prints its port, takes one client, reads
 *            messages until the client has ended, then sends the files
 *        peer udp HOST PORT OUT IN
 *            sends the file as a datagram until an answer comes
 *        peer udp-answer ADDRESS OUT
 *            prints its port, reads one datagram, sends it back
 *
 * Messages are saved as OUT.1, OUT.2 and so on, raw bytes and datagrams as OUT.1.
 */
#define _POSIX_C_SOURCE 200809L

#include <time.h>

#include "../../examples/example.h"

#define WAIT_MS 15000
#define ATTEMPTS 200
#define MOST 1000000

static char buffer[MOST];

static void fail(const char *what, const char *name)
{
	fprintf(stderr, "peer: %s %s\n", what, name);
	exit(1);
}

static int32_t load(const char *name)
{
	FILE *file = fopen(name, "rb");
	size_t length;

	if (file == NULL)
		fail("cannot open", name);
	length = fread(buffer, 1, sizeof buffer, file);
	if (ferror(file) || length == sizeof buffer)
		fail("cannot read", name);
	fclose(file);
	return (int32_t)length;
}

/* Saves a message of its own, or behind the bytes that are there. */
static void save(const char *out, int number, int32_t length, const char *how)
{
	char name[1024];
	FILE *file;

	snprintf(name, sizeof name, "%s.%d", out, number);
	file = fopen(name, how);
	if (file == NULL || fwrite(buffer, 1, (size_t)length, file) != (size_t)length || fclose(file) != 0)
		fail("cannot write", name);
}

static void send_files(int32_t socket, char **files, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		int32_t length = load(files[i]);

		if (must("writing", WDSocketWrite(socket, buffer, length)) != length)
			fail("short write of", files[i]);
	}
}

static int is_raw(int32_t socket)
{
	int32_t mode = 0;

	must("asking for the mode", WDSocketGetOption(socket, WDS_OPT_MODE, &mode));
	return mode == WDS_MODE_RAW;
}

/* Reads one message, or raw bytes, and saves it. */
static int32_t read_and_save(int32_t socket, int raw, const char *out, int number)
{
	int32_t length = WDSocketRead(socket, buffer, (int32_t)sizeof buffer, WAIT_MS);

	if (length >= 0)
		save(out, raw ? 1 : number, length, raw ? "ab" : "wb");
	return length;
}

static void read_to_end(int32_t socket, const char *out)
{
	int raw = is_raw(socket), number = 1;
	int32_t result;

	while ((result = read_and_save(socket, raw, out, number)) >= 0)
		number++;
	if (result != WDS_E_PEER_CLOSED)
		must("reading", result);
}

static void read_as_many(int32_t socket, const char *out, char **files, int count)
{
	int raw = is_raw(socket), i;
	int32_t missing = 0;

	if (!raw) {
		for (i = 1; i <= count; i++)
			must("reading", read_and_save(socket, 0, out, i));
		return;
	}
	for (i = 0; i < count; i++)
		missing += load(files[i]);
	while (missing > 0)
		missing -= must("reading", read_and_save(socket, 1, out, 1));
}

/* Connects; the other program may need a moment until it listens. */
static int32_t connect_patiently(const char *host, int32_t port)
{
	const struct timespec moment = {0, 50000000};
	int32_t socket = WDS_E_REFUSED;
	int i;

	for (i = 0; i < ATTEMPTS && socket == WDS_E_REFUSED; i++) {
		if (i > 0)
			nanosleep(&moment, NULL);
		socket = WDSocketConnect(NULL, port, host, WAIT_MS);
	}
	return must("connecting", socket);
}

static void print_port(int32_t socket)
{
	int32_t port = 0;

	must("asking for the port", WDSocketGetOption(socket, WDS_OPT_LOCAL_PORT, &port));
	printf("%d\n", (int)port);
	fflush(stdout);
}

static void client(char **argument, int files)
{
	int32_t socket = connect_patiently(argument[0], port_argument(argument[1], 0));

	set_mode(socket, argument[2]);
	send_files(socket, argument + 4, files);
	must("ending the sending side", WDSocketCloseEx(socket, WDS_CLOSE_WRITE, WAIT_MS));
	read_to_end(socket, argument[3]);
	must("closing", WDSocketClose(socket));
}

static void simple(char **argument, int files)
{
	int32_t server = must("opening the server", WDSocketCreate(NULL, 0, argument[0]));

	set_mode(server, argument[1]);
	print_port(server);
	read_as_many(server, argument[2], argument + 3, files);
	send_files(server, argument + 3, files);
	must("closing", WDSocketCloseEx(server, WDS_CLOSE_GRACEFUL, WAIT_MS));
}

static void standard(char **argument, int files)
{
	int32_t server = must("opening the server", WDSocketCreate(NULL, 0, argument[0]));
	int32_t channel;

	set_mode(server, argument[1]);
	print_port(server);
	channel = must("accepting", WDSocketAccept(server, WAIT_MS));
	must("closing the server", WDSocketClose(server)); /* the channel lives on */
	read_to_end(channel, argument[2]);
	send_files(channel, argument + 3, files);
	must("closing", WDSocketCloseEx(channel, WDS_CLOSE_GRACEFUL, WAIT_MS));
}

static void udp(char **argument)
{
	int32_t socket = must("opening the UDP socket", WDSocketCreateUDP(NULL, 0, NULL));
	int32_t port = port_argument(argument[1], 0), length = load(argument[3]), got = WDS_E_TIMEOUT;
	static char sent[MOST];
	int i;

	memcpy(sent, buffer, (size_t)length);
	for (i = 0; i < ATTEMPTS && got == WDS_E_TIMEOUT; i++) {
		must("sending", WDSocketWriteUDP(socket, sent, length, argument[0], port));
		got = WDSocketRead(socket, buffer, (int32_t)sizeof buffer, 100);
	}
	save(argument[2], 1, must("reading", got), "wb");
	must("closing", WDSocketClose(socket));
}

static void udp_answer(char **argument)
{
	int32_t socket = must("opening the UDP socket", WDSocketCreateUDP(NULL, 0, argument[0]));
	int32_t length;

	print_port(socket);
	length = must("reading", WDSocketRead(socket, buffer, (int32_t)sizeof buffer, WAIT_MS));
	must("answering", WDSocketWrite(socket, buffer, length));
	save(argument[1], 1, length, "wb");
	must("closing", WDSocketClose(socket));
}

static void free_port(void)
{
	int32_t socket = must("opening a server", WDSocketCreate(NULL, 0, NULL));

	print_port(socket);
	must("closing", WDSocketClose(socket));
}

static void nothing_left(int32_t what, const char *name)
{
	int64_t count = -1;

	must("counting", WDSocketGetNumber(0, what, &count));
	if (count != 0)
		fail("not closed:", name);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "port") == 0 && argc == 2)
		free_port();
	else if (strcmp(what, "client") == 0 && argc > 6)
		client(argv + 2, argc - 6);
	else if (strcmp(what, "simple") == 0 && argc > 5)
		simple(argv + 2, argc - 5);
	else if (strcmp(what, "standard") == 0 && argc > 5)
		standard(argv + 2, argc - 5);
	else if (strcmp(what, "udp") == 0 && argc == 6)
		udp(argv + 2);
	else if (strcmp(what, "udp-answer") == 0 && argc == 4)
		udp_answer(argv + 2);
	else
		fail("unknown arguments:", what);
	must("closing all", WDSocketCloseAll());
	nothing_left(WDS_NUM_SOCKETS, "sockets");
	nothing_left(WDS_NUM_TOKENS, "tokens");
	return 0;
}
