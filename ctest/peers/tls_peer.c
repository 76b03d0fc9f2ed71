/*
 * tls_peer.c - the library's end of the TLS tests with other programs
 *
 * usage: tls_peer client HOST PORT SEND EXPECT [name=value]...
 *            connects, sends the file SEND, reads as many bytes as the file
 *            EXPECT has, compares, closes in order
 *        tls_peer simple|standard SEND EXPECT [name=value]...
 *            prints its port, takes one client, reads and compares, sends,
 *            closes in order
 *        tls_peer starttls HOST PORT SEND EXPECT [name=value]...
 *            as client, over a plain connection that becomes one with TLS
 *
 *   bits=N       WDS_SSL_ bits
 *   cert= password= add= ca= name= alpn= pins= suites= groups= keylog=
 *                the text options of TLS
 *   times=N      so many connections one after the other, 1 unless set
 *   index=N      certificate of the peer's chain to tell, 0 unless set
 *
 * For each connection it prints what SSLInfo tells, a line "name=value" each,
 * and "same=1" once the bytes were compared.  An error is printed as
 * "error=NAME" with its text, and ends it with status 1.
 */
#include "../../examples/example.h"

#define WAIT_MS 20000
#define MOST 1000000

static char data[MOST], expected[MOST], received[MOST];
static int32_t data_length, expected_length, times = 1, certificate_index;

static void fail(const char *what, const char *name)
{
	fprintf(stderr, "tls_peer: %s %s\n", what, name);
	exit(1);
}

/* Prints the error of the last call and ends the program when it failed. */
static int32_t done(const char *doing, int32_t result)
{
	char name[64] = "", detail[4096] = "";

	if (result >= 0)
		return result;
	WDSocketErrorInfo(0, WDS_INFO_DETAIL, detail, (int32_t)sizeof detail);
	WDSocketErrorText(result, WDS_INFO_NAME, name, (int32_t)sizeof name);
	printf("error=%s\n%s:\n%s\n", name, doing, detail);
	fflush(stdout);
	WDSocketCloseAll();
	exit(1);
}

static int32_t load(const char *name, char *into)
{
	FILE *file = fopen(name, "rb");
	size_t length;

	if (file == NULL)
		fail("cannot open", name);
	length = fread(into, 1, MOST, file);
	if (ferror(file) || length == MOST)
		fail("cannot read", name);
	fclose(file);
	return (int32_t)length;
}

/* The text options that are given, for the sockets made afterwards. */
static void set_options(char **argument, int count)
{
	static const struct {
		const char *name;
		int32_t option;
	} texts[] = {
		{"password=", WDS_TEXT_SSL_PASSWORD},   {"cert=", WDS_TEXT_SSL_CERTIFICATE},
		{"add=", WDS_TEXT_SSL_ADD_CERTIFICATE}, {"ca=", WDS_TEXT_SSL_AUTHORITIES},
		{"name=", WDS_TEXT_SSL_SERVER_NAME},    {"alpn=", WDS_TEXT_SSL_ALPN},
		{"pins=", WDS_TEXT_SSL_PINS},           {"suites=", WDS_TEXT_SSL_SUITES},
		{"groups=", WDS_TEXT_SSL_GROUPS},       {"keylog=", WDS_TEXT_SSL_KEY_LOG},
	};
	int i;
	size_t k, length;

	for (i = 0; i < count; i++) {
		if (strncmp(argument[i], "bits=", 5) == 0) {
			done("setting the bits", WDSocketSetOption(0, WDS_OPT_SSL_OPTIONS, atoi(argument[i] + 5)));
			continue;
		}
		if (strncmp(argument[i], "times=", 6) == 0) {
			times = number_argument(argument[i] + 6, "times", 1, 1000);
			continue;
		}
		if (strncmp(argument[i], "index=", 6) == 0) {
			certificate_index = number_argument(argument[i] + 6, "index", 0, 100);
			continue;
		}
		for (k = 0; k < sizeof texts / sizeof texts[0]; k++) {
			length = strlen(texts[k].name);
			if (strncmp(argument[i], texts[k].name, length) == 0)
				break;
		}
		if (k == sizeof texts / sizeof texts[0])
			fail("unknown option", argument[i]);
		done(texts[k].name, WDSocketSetText(0, texts[k].option, argument[i] + length));
	}
}

static void print_info(int32_t socket)
{
	static const struct {
		const char *name;
		int32_t what;
	} infos[] = {
		{"version", WDS_INFO_SSL_VERSION}, {"cipher", WDS_INFO_SSL_CIPHER},
		{"alpn", WDS_INFO_SSL_ALPN},       {"resumed", WDS_INFO_SSL_RESUMED},
		{"group", WDS_INFO_SSL_GROUP},     {"asked", WDS_INFO_SSL_SERVER_NAME},
		{"verify", WDS_INFO_SSL_VERIFY},   {"count", WDS_INFO_SSL_COUNT},
	}, certificate[] = {
		{"subject", WDS_INFO_SSL_SUBJECT}, {"issuer", WDS_INFO_SSL_ISSUER},
		{"names", WDS_INFO_SSL_NAMES},     {"from", WDS_INFO_SSL_FROM},
		{"until", WDS_INFO_SSL_UNTIL},     {"sha1", WDS_INFO_SSL_SHA1},
		{"sha256", WDS_INFO_SSL_SHA256},   {"pin", WDS_INFO_SSL_PIN},
		{"serial", WDS_INFO_SSL_SERIAL},
	};
	static char text[8192];
	size_t i;
	int count = 0;

	for (i = 0; i < sizeof infos / sizeof infos[0]; i++) {
		done(infos[i].name, WDSocketSSLInfo(socket, infos[i].what, 0, text, (int32_t)sizeof text));
		printf("%s=%s\n", infos[i].name, text);
		count = atoi(text); /* the last one */
	}
	for (i = 0; count > certificate_index && i < sizeof certificate / sizeof certificate[0]; i++) {
		done(certificate[i].name, WDSocketSSLInfo(socket, certificate[i].what, certificate_index, text, (int32_t)sizeof text));
		printf("%s=%s\n", certificate[i].name, text);
	}
	fflush(stdout);
}

static void send_data(int32_t socket)
{
	if (data_length > 0 && done("writing", WDSocketWrite(socket, data, data_length)) != data_length)
		fail("short", "write");
}

static void read_and_compare(int32_t socket)
{
	int32_t have = 0;

	while (have < expected_length)
		have += done("reading", WDSocketRead(socket, received + have, expected_length - have, WAIT_MS));
	if (memcmp(received, expected, (size_t)have) != 0)
		fail("the bytes received are", "not the same");
	printf("same=1\n");
	fflush(stdout);
}

/* Our end of TLS goes out, and what the peer may still send is its own. */
static void finish(int32_t socket)
{
	int32_t result = WDSocketCloseEx(socket, WDS_CLOSE_WRITE, WAIT_MS);

	if (result == WDS_OK) {
		do
			result = WDSocketRead(socket, received, 1, WAIT_MS);
		while (result > 0);
	}
	if (result != WDS_E_PEER_CLOSED)
		done("waiting for the peer's end", result);
	done("closing", WDSocketClose(socket));
}

static void client(const char *host, int32_t port, int starttls)
{
	int32_t i, socket;

	for (i = 0; i < times; i++) {
		socket = done("making the socket", WDSocketNew(NULL));
		done("connecting", WDSocketOpen(socket, starttls ? WDS_KIND_CLIENT : WDS_KIND_CLIENT_SSL, port, host, WAIT_MS));
		if (starttls)
			done("starting TLS", WDSocketStartSSL(socket, WDS_ROLE_CLIENT, 0, NULL, NULL, WAIT_MS));
		print_info(socket);
		send_data(socket);
		read_and_compare(socket);
		finish(socket);
	}
}

static void server(int standard)
{
	int32_t listener = done("opening the server", WDSocketCreateSSL(NULL, 0, NULL, 0, "127.0.0.1", NULL)), port = 0, i, socket;

	done("asking for the port", WDSocketGetOption(listener, WDS_OPT_LOCAL_PORT, &port));
	printf("%d\n", (int)port);
	fflush(stdout);
	for (i = 0; i < times; i++) {
		socket = standard ? done("accepting", WDSocketAccept(listener, WAIT_MS)) : listener;
		read_and_compare(socket);
		print_info(socket);
		send_data(socket);
		if (standard)
			finish(socket);
	}
	done("closing the server", WDSocketCloseEx(listener, WDS_CLOSE_GRACEFUL, WAIT_MS));
}

static void nothing_left(int32_t what, const char *name)
{
	int64_t count = -1;

	done("counting", WDSocketGetNumber(0, what, &count));
	if (count != 0)
		fail("not closed:", name);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int calls = strcmp(what, "client") == 0 || strcmp(what, "starttls") == 0;
	int files = calls ? 4 : 2;

	if ((!calls && strcmp(what, "simple") != 0 && strcmp(what, "standard") != 0) || argc < files + 2)
		fail("unknown arguments:", what);
	data_length = load(argv[files], data);
	expected_length = load(argv[files + 1], expected);
	done("choosing the mode", WDSocketChangeTransmissionMode(0, WDS_MODE_RAW, NULL, 0));
	set_options(argv + files + 2, argc - files - 2);
	if (calls)
		client(argv[2], port_argument(argv[3], 0), what[0] == 's');
	else
		server(strcmp(what, "standard") == 0);
	done("closing all", WDSocketCloseAll());
	nothing_left(WDS_NUM_SOCKETS, "sockets");
	nothing_left(WDS_NUM_TOKENS, "tokens");
	return 0;
}
