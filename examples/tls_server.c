/*
 * tls_server.c - a standard server with TLS: every message is sent back to its
 * client
 *
 * Each line on the standard input is the name of a new certificate file: clients
 * that connect afterwards get it, connected clients stay.
 */
#include "example_threads.h"
#include "example_tls.h"

#define NAME_MAX_ 4096

static void serve(int32_t channel)
{
	const void *message;
	void *token;
	int32_t length, result = WDS_E_CANCELLED;
	char client[80];

	if (WDSocketClientInfo(channel, WDS_INFO_ENDPOINT, client, (int32_t)sizeof client) >= 0)
		printf("client %s, ", client);
	show_tls(channel);
	while (!stopping) { /* a client that always sends never makes a read wait */
		result = WDSocketReadMessage(channel, -1, &message, &length, &token);
		if (result < 0)
			break;
		result = WDSocketWrite(channel, message, length);
		if (result < 0)
			show_error("answering a client", 0); /* before the next call clears the record */
		WDSocketMessageFree(token);
		if (result < 0)
			break;
	}
	/*
	 * WDS_E_TLS_TRUNCATED is a separate error: the connection ended
	 * without a TLS close, and an attacker may have cut it.
	 */
	if (result == WDS_E_PEER_CLOSED)
		printf("a client left\n");
	else if (result < 0 && result != WDS_E_CANCELLED)
		show_error("the conversation with a client", channel);
	fflush(stdout);
}

/* Replaces the certificate for each name of a file on the standard input. */
static void *replace(void *argument)
{
	int32_t server = (int32_t)(intptr_t)argument, days = 0;
	static char name[NAME_MAX_];

	while (fgets(name, (int)sizeof name, stdin) != NULL) {
		name[strcspn(name, "\r\n")] = '\0';
		/* If it cannot be used, the present one stays in use. */
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

int main(int argc, char **argv)
{
	const char *mode = take_option(&argc, argv, "--mode"), *password = take_option(&argc, argv, "--password");
	const char *further = take_option(&argc, argv, "--add"), *silence = take_option(&argc, argv, "--silence");
	int32_t server, bits = WDS_SSL_DEFAULT, port;
	pthread_t thread;

	if (argc != 3) {
		fprintf(stderr, "usage: tls_server PORT CERTIFICATE [--password TEXT] [--add CERTIFICATE] [--mode size|lines|raw] [--silence MS]\n"
				"  CERTIFICATE  a PEM file with certificate and key, \"certificate.pem|key.pem\", or a PFX file\n"
				"  --add        a further certificate, for clients that ask for one of its names\n"
				"  --silence    ends a client from which nothing comes for so long, also in its handshake\n"
				"runs until Ctrl-C; port 0 = any; a line on the standard input names a new certificate\n");
		return 2;
	}
	stop_when_told();
	port = port_argument(argv[1], 1);
	server = must("making the socket", WDSocketNew("echo"));
	set_text(server, WDS_TEXT_SSL_PASSWORD, "setting the password", password);
	set_text(server, WDS_TEXT_SSL_CERTIFICATE, "loading the certificate", argv[2]);
	set_text(server, WDS_TEXT_SSL_ADD_CERTIFICATE, "loading the further certificate", further);
	set_mode(server, mode != NULL ? mode : "size");
	end_silent_clients(server, silence);
	limit_handshakes(server, silence);
	/* The name opens the socket created above, with its options. */
	server = must("opening the server", WDSocketCreateSSL("echo", port, NULL, bits, NULL, NULL));
	show_port("TLS echo server", server);

	if (pthread_create(&thread, NULL, replace, (void *)(intptr_t)server) != 0) {
		fprintf(stderr, "no thread for the standard input\n");
		return 1;
	}
	/* Accepted clients have finished their handshake: a slow one does not delay the others. */
	return finish_threads(accept_clients(server, serve, NULL), server);
}
