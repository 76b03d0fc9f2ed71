/*
 * example_server.h - what every example that serves does the same way: it ends
 * clients that say nothing, stops at Ctrl-C or SIGTERM, and then holds nothing.
 * Include it first: it asks the system for sigaction.
 */
#ifndef EXAMPLE_SERVER_H
#define EXAMPLE_SERVER_H

#if !defined(_WIN32)
#define _XOPEN_SOURCE 700
#endif
#include <signal.h>

#include "example.h"

#if defined(_WIN32)
#include <windows.h>
#endif

#define SILENCE_MS 60000   /* unless the command line says otherwise */
#define CLOSE_MS 1000       /* that the end waits for clients that do not read, or go on sending; 5 s unless set */
#define CLIENTS_AT_END 1000 /* room for their handles */

static volatile sig_atomic_t stopping; /* told to stop */

/*
 * A signal handler may call one function of the library, WDSocketWakeup.  All
 * that waits, in every thread, then returns WDS_E_CANCELLED; clean_stop.c tells more.
 */
#if defined(_WIN32)
static BOOL WINAPI stop(DWORD kind)
{
	(void)kind;
	stopping = 1;
	WDSocketWakeup(1);
	return TRUE;
}

static inline void stop_when_told(void)
{
	SetConsoleCtrlHandler(stop, TRUE);
}
#else
static void stop(int number)
{
	(void)number;
	stopping = 1;
	WDSocketWakeup(1);
}

static inline void stop_when_told(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = stop;
	action.sa_flags = SA_RESTART | SA_ONSTACK;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}
#endif

/*
 * end_silent_clients makes the library end a connection on which nothing comes for
 * so long, also inside a message: reads then give WDS_E_SILENT, queues tell
 * WDS_EVENT_TIMEOUT.  Without it a client that connects and says nothing is kept
 * for ever.  A client that sends a byte now and then is not silent: a message may
 * take as long, from its first byte to its last.  text is an argument in milliseconds or NULL; 0 is no limit.
 * Nor does a client make the end wait for long.
 */
static inline void end_silent_clients(int32_t server, const char *text)
{
	int32_t silence = text != NULL ? number_argument(text, "the silence", 0, 86400000) : SILENCE_MS;

	must("limiting silence", WDSocketSetOption(server, WDS_OPT_IDLE_LIMIT, silence));
	must("limiting messages", WDSocketSetOption(server, WDS_OPT_MESSAGE_LIMIT, silence));
	must("limiting the end", WDSocketSetOption(server, WDS_OPT_CLOSE_TIMEOUT, CLOSE_MS));
}

/* figure is one of the process. */
static inline long figure(int32_t what)
{
	int64_t value = -1;

	WDSocketGetNumber(0, what, &value);
	return (long)value;
}

/*
 * finish closes the clients that are there, the server and its queue (0: none), and
 * says what is held then: it must be nothing.  result is what ended the server's
 * loop; gives the result of main.
 */
static inline int finish(int32_t result, int32_t server, int32_t queue)
{
	static int32_t clients[CLIENTS_AT_END];
	int32_t count, i;
	long sockets, messages;

	if (stopping)
		result = WDS_E_CANCELLED; /* whatever the last call found */
	if (result < 0 && result != WDS_E_CANCELLED)
		show_error("serving", 0);
	count = WDSocketList(server, clients, CLIENTS_AT_END);
	for (i = 0; i < count; i++)
		WDSocketClose(clients[i]); /* what was written still goes out */
	WDSocketClose(server);
	if (queue > 0)
		WDSocketClose(queue);
	sockets = figure(WDS_NUM_SOCKETS);
	messages = figure(WDS_NUM_TOKENS);
	WDSocketCloseAll(); /* waits for what goes out */
	printf("stopped: %d clients were there, %ld sockets and %ld messages are held\n", count > 0 ? (int)count : 0, sockets, messages);
	return (result < 0 && result != WDS_E_CANCELLED) || sockets != 0 || messages != 0;
}

#endif /* EXAMPLE_SERVER_H */
