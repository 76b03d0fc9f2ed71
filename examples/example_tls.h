/*
 * example_tls.h - what the examples with TLS share: options on the command
 * line, showing what a handshake agreed on, and a conversation in lines.
 */
#ifndef EXAMPLE_TLS_H
#define EXAMPLE_TLS_H

#include "example.h"

/*
 * take_flag and take_option find a word on the command line and take it out,
 * so that what is left can be counted.  take_option gives the word behind it,
 * or NULL.
 */
static inline void take_at(int *argc, char **argv, int at)
{
	memmove(argv + at, argv + at + 1, (size_t)(*argc - at) * sizeof *argv); /* the NULL too */
	--*argc;
}

/* Gives where the word stood, 0 if it is not there. */
static inline int take_flag(int *argc, char **argv, const char *name)
{
	int i;

	for (i = 1; i < *argc; i++) {
		if (strcmp(argv[i], name) == 0) {
			take_at(argc, argv, i);
			return i;
		}
	}
	return 0;
}

static inline const char *take_option(int *argc, char **argv, const char *name)
{
	const char *value;
	int at = take_flag(argc, argv, name);

	if (at == 0)
		return NULL;
	if (at >= *argc) {
		fprintf(stderr, "%s needs a value\n", name);
		exit(2);
	}
	value = argv[at];
	take_at(argc, argv, at);
	return value;
}

/* set_text sets a text option, unless there is nothing to set. */
static inline void set_text(int32_t socket, int32_t option, const char *what, const char *text)
{
	if (text != NULL)
		must(what, WDSocketSetText(socket, option, text));
}

/* limit_handshakes gives clients so many milliseconds for theirs, unless there is no argument. */
static inline void limit_handshakes(int32_t server, const char *text)
{
	if (text != NULL)
		must("limiting handshakes", WDSocketSetOption(server, WDS_OPT_SSL_HANDSHAKE_TIMEOUT, number_argument(text, "the silence", 1, 600000)));
}

/* tls_info gives one text about a connection, cut to nothing if it is too long. */
static inline const char *tls_info(int32_t socket, int32_t what, char *text, size_t capacity)
{
	if (WDSocketSSLInfo(socket, what, 0, text, (int32_t)capacity) < 0)
		text[0] = '\0';
	return text;
}

/* show_tls tells what was agreed and who the peer is. */
static inline void show_tls(int32_t socket)
{
	char version[64], cipher[128], name[1024];

	printf("%s, %s\n", tls_info(socket, WDS_INFO_SSL_VERSION, version, sizeof version),
	       tls_info(socket, WDS_INFO_SSL_CIPHER, cipher, sizeof cipher));
	if (tls_info(socket, WDS_INFO_SSL_SUBJECT, name, sizeof name)[0] != '\0')
		printf("peer: %s\n", name);
	fflush(stdout);
}

/* exchange_lines does what echo_client.c does: each line of the standard input is a message that is answered. */
static inline void exchange_lines(int32_t client, int32_t wait_ms)
{
	static char line[65536], answer[65536];
	int32_t length;

	while (input_line(line, (int)sizeof line)) {
		must("writing", WDSocketWrite(client, line, -1));
		length = must("reading", WDSocketRead(client, answer, (int32_t)sizeof answer, wait_ms));
		fwrite(answer, 1, (size_t)length, stdout);
		putchar('\n');
	}
}

#endif /* EXAMPLE_TLS_H */
