/*
 * tls_client.c - a client with TLS: sends each line of the standard input as
 * one message and prints the answer
 *
 * Only opening differs from echo_client.c.  The server's certificate and its
 * name are verified; a certificate of a private authority needs --ca, a device
 * with a self-signed one needs --ca with that certificate, or --pin.
 */
#include "example_tls.h"

#define WAIT_MS 10000

/* Created first, so that the options are set when the handshake begins. */
static int32_t connect_tls(const char *host, int32_t port, const char *ca, const char *name, const char *pin)
{
	int32_t client = must("making the socket", WDSocketNew(NULL));
	int32_t bits = WDS_SSL_DEFAULT;

	set_text(client, WDS_TEXT_SSL_AUTHORITIES, "setting the authority", ca);
	set_text(client, WDS_TEXT_SSL_SERVER_NAME, "setting the server's name", name);
	if (pin != NULL) {
		/*
		 * The pin says which key the server has, so its certificate needs
		 * no signature.  Without a pin this bit would accept any server.
		 */
		set_text(client, WDS_TEXT_SSL_PINS, "setting the pin", pin);
		bits |= WDS_SSL_ACCEPT_ANY;
	}
	must("setting the TLS options", WDSocketSetOption(client, WDS_OPT_SSL_OPTIONS, bits));
	must("connecting", WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, host, WAIT_MS));
	return client;
}

int main(int argc, char **argv)
{
	char pin_of_server[128];
	const char *ca = take_option(&argc, argv, "--ca"), *name = take_option(&argc, argv, "--name");
	const char *pin = take_option(&argc, argv, "--pin"), *mode = take_option(&argc, argv, "--mode");
	int32_t client;

	if (argc != 3) {
		fprintf(stderr, "usage: tls_client HOST PORT [--ca FILE] [--name NAME] [--pin PIN] [--mode size|lines|raw]\n"
				"  --ca    trust the authorities (or the self-signed certificate) in FILE too\n"
				"  --name  the name that the server's certificate must have, if not HOST\n"
				"  --pin   accept only the public key with this SHA-256, whoever signed it\n");
		return 2;
	}
	client = connect_tls(argv[1], port_argument(argv[2], 0), ca, name, pin);
	set_mode(client, mode != NULL ? mode : "size");
	show_tls(client);
	printf("pin: %s\n", tls_info(client, WDS_INFO_SSL_PIN, pin_of_server, sizeof pin_of_server));
	exchange_lines(client, WAIT_MS);
	must("closing", WDSocketClose(client));
	must("closing all", WDSocketCloseAll());
	return 0;
}
