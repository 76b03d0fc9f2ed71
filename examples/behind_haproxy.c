/*
 * behind_haproxy.c - an echo server behind HAProxy, or nginx, in one thread: it knows who
 * its clients are, and the proxy's health checks do not disturb it
 *
 * HAProxy sends a PROXY header in front of each connection; behind_haproxy.cfg, beside
 * this file, is its configuration.
 */
#include "example_server.h"
#include "example_tls.h"

#define LONGEST 1048576
#define BATCH 64
#define REPORT_MS 60000 /* how long nothing has to happen until the figures are shown */

static char message[LONGEST];
static long accepted;

/* What the header says of a client. */
static void show_client(int32_t client)
{
	static const struct {
		int32_t what;
		const char *name;
	} facts[] = {
		{WDS_INFO_ENDPOINT, "client"}, /* of the proxy */
		{WDS_INFO_PROXY_ENDPOINT, "proxy"},
		{WDS_INFO_PROXY_VERSION, "header"},
		{WDS_INFO_PROXY_DESTINATION, "to"}, /* where the client connected to */
		{WDS_INFO_PROXY_AUTHORITY, "name"}, /* as what it knows this server, if it uses TLS */
		{WDS_INFO_PROXY_SSL_VERSION, "tls"},
		{WDS_INFO_PROXY_SSL_CIPHER, "cipher"},
		{WDS_INFO_PROXY_SSL_CLIENT, "certificate"}, /* that the proxy has verified */
	};
	char text[1024];
	size_t i;

	for (i = 0; i < sizeof facts / sizeof facts[0]; i++) {
		if (WDSocketClientInfo(client, facts[i].what, text, (int32_t)sizeof text) > 0)
			printf("%s=%s ", facts[i].name, text);
	}
	printf("\n");
	fflush(stdout);
}

/* Health checks are no clients: a figure counts them, and that is all. */
static void report(int32_t server)
{
	int64_t figures[WDS_STAT_COUNT], errors = 0;
	int i;

	must("asking for the figures", WDSocketStatistics(server, figures, WDS_STAT_COUNT));
	for (i = WDS_STAT_ERRORS_RESET; i <= WDS_STAT_ERRORS_OTHER; i++)
		errors += figures[i];
	printf("%ld clients, %ld errors, %ld refused, %ld health checks\n", accepted, (long)errors, (long)figures[WDS_STAT_REFUSED],
	       (long)figures[WDS_STAT_HEALTH_CHECKS]);
	fflush(stdout);
}

static void handle(int32_t server, const wds_event *e)
{
	int32_t length;

	switch (e->kind) {
	case WDS_EVENT_ACCEPTED:
		accepted++;
		show_client(e->socket);
		break;
	case WDS_EVENT_MESSAGE:
		length = WDSocketRead(e->socket, message, LONGEST, 0);
		if (length < 0 || WDSocketWrite(e->socket, message, length) < 0)
			WDSocketClose(e->socket); /* the client is gone, or does not read its answers */
		break;
	case WDS_EVENT_ERROR:
		printf("socket %d: error %d\n", (int)e->socket, (int)e->code);
		if (e->socket == server)
			break; /* one client could not be accepted, the server continues */
		/* fall through */
	case WDS_EVENT_PEER_CLOSED:
	case WDS_EVENT_RESET:
	case WDS_EVENT_TIMEOUT:
		WDSocketClose(e->socket);
		break;
	default:
		break;
	}
}

int main(int argc, char **argv)
{
	const char *proxies = take_option(&argc, argv, "--proxies"), *certificate = take_option(&argc, argv, "--certificate");
	const char *mode = take_option(&argc, argv, "--mode"), *silence = take_option(&argc, argv, "--silence");
	const char *quiet = take_option(&argc, argv, "--report"), *log = take_option(&argc, argv, "--log");
	int32_t server, queue, kind, port, count = WDS_E_TIMEOUT, report_ms, i;
	wds_event events[BATCH];

	if (argc != 2) {
		fprintf(stderr, "usage: behind_haproxy PORT [--proxies LIST] [--certificate FILE] [--mode size|lines|raw]\n"
				"                      [--silence MS] [--report MS] [--log FILE]\n"
				"runs until Ctrl-C; port 0 = any\n"
				"  --proxies      whose headers are believed, \"127.0.0.1\" unless given: \"10.0.0.2, 10.0.1.0/24\"\n"
				"  --certificate  with TLS from the clients to this server, which the proxy passes on unread\n"
				"  --silence      clients silent for so long are ended\n"
				"  --report       shows the figures when nothing has happened for so long\n");
		return 2;
	}
	stop_when_told();
	report_ms = quiet != NULL ? number_argument(quiet, "the time", 1, 86400000) : REPORT_MS;
	port = port_argument(argv[1], 1);
	kind = certificate != NULL ? WDS_KIND_SERVER_SSL : WDS_KIND_SERVER;
	if (proxies == NULL)
		proxies = "127.0.0.1";

	server = must("making the server", WDSocketNew("echo"));
	must("requiring a header", WDSocketSetOption(server, WDS_OPT_PROXY_HEADER, WDS_PROXY_HEADER_REQUIRED));
	must("trusting the proxies", WDSocketSetText(server, WDS_TEXT_PROXY_TRUSTED, proxies));

	set_text(0, WDS_TEXT_LOG_FILE, "opening the log", log);
	set_text(server, WDS_TEXT_SSL_CERTIFICATE, "taking the certificate", certificate);
	end_silent_clients(server, silence);
	must("limiting the messages", WDSocketSetOption(server, WDS_OPT_MAX_MESSAGE, LONGEST));
	must("setting the send queue", WDSocketSetOption(server, WDS_OPT_SEND_QUEUE, 4 * LONGEST)); /* writes never wait */
	set_mode(server, mode != NULL ? mode : "lines");

	must("opening the server", WDSocketOpen(server, kind, port, NULL, 0));

	queue = must("making the queue", WDSocketNewQueue());
	must("attaching the server", WDSocketAttach(queue, server, WDS_ATTACH_MANAGE));
	show_port("server behind a proxy", server);

	while (!stopping && (count > 0 || count == WDS_E_TIMEOUT)) {
		count = WDSocketNextEvents(queue, report_ms, events, (int32_t)sizeof events[0], BATCH);
		for (i = 0; i < count; i++)
			handle(server, &events[i]);
		if (count == WDS_E_TIMEOUT)
			report(server);
	}
	report(server);
	return finish(count, server, queue);
}
