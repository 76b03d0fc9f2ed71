/*
 * proxy_client.c - a client that reaches its server through one proxy or several:
 * sends each line of the standard input as one message and prints the answer
 *
 * Only the option differs from echo_client.c and tls_client.c: what the client is
 * told of its peer is the server's, and TLS goes through the proxies unread.
 */
#include "example_tls.h"

#define WAIT_MS 10000

int main(int argc, char **argv)
{
	char by_way_of[4096], peer[1024];
	const char *ca = take_option(&argc, argv, "--ca"), *mode = take_option(&argc, argv, "--mode");
	const char *exceptions = take_option(&argc, argv, "--except"), *proxies, *host;
	int32_t client, port, kind, tls = take_flag(&argc, argv, "--tls");

	if (argc != 4) {
		fprintf(stderr, "usage: proxy_client PROXIES HOST PORT [--tls] [--ca FILE] [--except LIST] [--mode size|lines|raw]\n"
				"  PROXIES   \"http://user:password@proxy:3128\", https://, socks5:// or socks5h://,\n"
				"            several separated by spaces are a chain; \"system\" takes the system's setting\n"
				"  --tls     with TLS to the server\n"
				"  --ca      trust the authorities in FILE too, of the server and of https:// proxies\n"
				"  --except  connect directly to these: \"10.0.0.0/8, example.com\"\n");
		return 2;
	}
	proxies = argv[1];
	host = argv[2];
	port = port_argument(argv[3], 0);
	kind = tls ? WDS_KIND_CLIENT_SSL : WDS_KIND_CLIENT;

	client = must("making the socket", WDSocketNew(NULL));
	must("setting the proxies", WDSocketSetText(client, WDS_TEXT_PROXY, proxies));

	set_text(client, WDS_TEXT_PROXY_EXCEPTIONS, "setting the exceptions", exceptions);
	set_text(client, WDS_TEXT_SSL_AUTHORITIES, "setting the authority", ca);

	must("connecting", WDSocketOpen(client, kind, port, host, WAIT_MS));

	set_mode(client, mode != NULL ? mode : "size");

	/* Without user and password, which are never shown. */
	must("asking for the proxies", WDSocketGetText(client, WDS_TEXT_PROXY, by_way_of, (int32_t)sizeof by_way_of));
	must("asking for the peer", WDSocketClientInfo(client, WDS_INFO_ENDPOINT, peer, (int32_t)sizeof peer));
	fprintf(stderr, "connected to %s by way of: %s\n", peer, by_way_of);
	exchange_lines(client, WAIT_MS);
	must("closing", WDSocketClose(client));
	must("closing all", WDSocketCloseAll());
	return 0;
}
