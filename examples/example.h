/*
 * example.h - what every example does the same way: show errors and take
 * numbers from the command line.
 */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wdsocket.h"

/*
 * show_error prints why the last call of this thread failed.  DETAIL has all
 * that the library knows, a line each.  socket is 0 for the last call, or a
 * socket for the reason why its connection ended.
 */
static inline void show_error(const char *doing, int32_t socket)
{
	char detail[4096] = "";

	WDSocketErrorInfo(socket, WDS_INFO_DETAIL, detail, (int32_t)sizeof detail);
	fprintf(stderr, "%s failed:\n%s\n", doing, detail);
}

/*
 * must ends the program if a call failed, otherwise returns its result.  It gives up
 * at once: the system cuts what is open.  WDSocketCloseAll would first wait, for
 * at most WDS_OPT_CLOSE_TIMEOUT, until the peer has what was written.
 */
static inline int32_t must(const char *doing, int32_t result)
{
	if (result < 0) {
		show_error(doing, 0);
		exit(1);
	}
	return result;
}

/*
 * input_line reads a line of the standard input, without its end; 0 when there is no
 * more.  One that does not fit ends the program: its rest would be another message.
 */
static inline int input_line(char *line, int size)
{
	if (fgets(line, size, stdin) == NULL)
		return 0;
	if (strchr(line, '\n') == NULL && !feof(stdin)) {
		fprintf(stderr, "a line of the input is longer than %d bytes, or no text\n", size - 2);
		exit(1);
	}
	line[strcspn(line, "\r\n")] = '\0';
	return 1;
}

/* number_argument reads a number from the command line, or ends the program. */
static inline int32_t number_argument(const char *text, const char *what, long least, long most)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < least || value > most) {
		fprintf(stderr, "%s must be a number from %ld to %ld, not \"%s\"\n", what, least, most, text);
		exit(2);
	}
	return (int32_t)value;
}

/* port_argument reads a port.  Servers may take 0: the system chooses. */
static inline int32_t port_argument(const char *text, int server)
{
	return number_argument(text, "the port", server ? 0 : 1, 65535);
}

/* show_port prints the port that a server or UDP socket got. */
static inline void show_port(const char *kind, int32_t socket)
{
	int32_t port = 0;

	must("asking for the port", WDSocketGetOption(socket, WDS_OPT_LOCAL_PORT, &port));
	printf("%s on port %d\n", kind, (int)port);
	fflush(stdout);
}

/*
 * set_mode chooses the transmission mode by a word from the command line, so
 * that an example can be tried with any peer.  On a server its later channels
 * get it too.  Lines are written with CR LF, and may come with LF alone.
 */
static inline void set_mode(int32_t socket, const char *word)
{
	if (strcmp(word, "lines") == 0) {
		must("choosing lines", WDSocketSetText(socket, WDS_TEXT_FRAME_PRESET, "line"));
	} else if (strcmp(word, "raw") == 0) {
		must("choosing the mode", WDSocketChangeTransmissionMode(socket, WDS_MODE_RAW, NULL, 0));
	} else if (strcmp(word, "size") != 0) { /* which it has unless told */
		fprintf(stderr, "the mode must be size, lines or raw, not \"%s\"\n", word);
		exit(2);
	}
}

#endif /* EXAMPLE_H */
