/*
 * tls_server.c - a standard server with TLS: every message goes back to the
 * one who sent it
 *
 * A line on the standard input is taken as the name of a new certificate file:
 * clients that come afterwards get it, those that are there stay.
 */
#include <pthread.h>

#include "example_tls.h"

#define NAME_MAX_ 4096

/* The thread of one client; the channel's handle comes in the pointer. */
static void *serve(void *argument)
{
	int32_t channel = (int32_t)(intptr_t)argument;
	const void *message;
	void *token;
	int32_t length, result;

	do {
		result = WDSocketReadMessage(channel, -1, &message, &length, &token);
		if (result < 0)
			break;
		result = WDSocketWrite(channel, message, length);
		if (result < 0)
			show_error("answering a client", 0); /* before the next call clears the record */
		WDSocketMessageFree(token);
	} while (result >= 0);
	/*
	 * WDS_E_TLS_TRUNCATED is an error of its own: the connection ended
	 * without TLS's own end, and somebody may have cut it.
	 */
	if (result == WDS_E_PEER_CLOSED)
		printf("a client left\n");
	else
		show_error("the conversation with a client", channel);
	fflush(stdout);
	WDSocketClose(channel);
	return NULL;
}

static void start(int32_t channel)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)channel) != 0) {
		fprintf(stderr, "no thread for a client\n");
		WDSocketClose(channel);
		return;
	}
	pthread_detach(thread);
}

/* Replaces the certificate for each name of a file on the standard input. */
static void *replace(void *argument)
{
	int32_t server = (int32_t)(intptr_t)argument, days = 0;
	static char name[NAME_MAX_];

	while (fgets(name, (int)sizeof name, stdin) != NULL) {
		name[strcspn(name, "\r\n")] = '\0';
		/* If it cannot be used, the one in use stays. */
		if (WDSocketSetText(server, WDS_TEXT_SSL_CERTIFICATE, name) < 0) {
			show_error("replacing the certificate", 0);
			continue;
		}
		WDSocketGetOption(server, WDS_OPT_SSL_DAYS_LEFT, &days);
		printf("certificate replaced, %d days left\n", (int)days);
		fflush(stdout);
	}
	return NULL;
}

/* Accepts clients.  Their hand-shakes are done already: a slow one delays nobody. */
static void accept_clients(int32_t server)
{
	char client[80];
	int32_t channel;

	for (;;) {
		channel = WDSocketAccept(server, -1);
		if (channel < 0) {
			show_error("accepting a client", 0);
			if (channel == WDS_E_CLOSED || channel == WDS_E_HANDLE)
				exit(1);
			continue;
		}
		if (WDSocketClientInfo(channel, WDS_INFO_ENDPOINT, client, (int32_t)sizeof client) >= 0)
			printf("client %s, ", client);
		show_tls(channel);
		start(channel);
	}
}

int main(int argc, char **argv)
{
	const char *mode = take_option(&argc, argv, "--mode"), *password = take_option(&argc, argv, "--password");
	const char *further = take_option(&argc, argv, "--add");
	int32_t server, bits = WDS_SSL_DEFAULT, port;
	pthread_t thread;

	if (argc != 3) {
		fprintf(stderr, "usage: tls_server PORT CERTIFICATE [--password TEXT] [--add CERTIFICATE] [--mode size|lines|raw]\n"
				"  CERTIFICATE  a PEM file with certificate and key, \"certificate.pem|key.pem\", or a PFX file\n"
				"  --add        a further certificate, for clients that ask for one of its names\n"
				"runs until it is stopped; port 0 = any; a line on the standard input names a new certificate\n");
		return 2;
	}
	port = port_argument(argv[1], 1);
	server = must("making the socket", WDSocketNew("echo"));
	set_text(server, WDS_TEXT_SSL_PASSWORD, "setting the password", password);
	set_text(server, WDS_TEXT_SSL_CERTIFICATE, "loading the certificate", argv[2]);
	set_text(server, WDS_TEXT_SSL_ADD_CERTIFICATE, "loading the further certificate", further);
	set_mode(server, mode != NULL ? mode : "size");
	/* The name finds the socket made above, with its options. */
	server = must("opening the server", WDSocketCreateSSL("echo", port, NULL, bits, NULL, NULL));
	show_port("TLS echo server", server);

	if (pthread_create(&thread, NULL, replace, (void *)(intptr_t)server) != 0) {
		fprintf(stderr, "no thread for the standard input\n");
		return 1;
	}
	accept_clients(server);
	return 0;
}
