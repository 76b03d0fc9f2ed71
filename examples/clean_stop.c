/*
 * clean_stop.c - a server for many clients that SIGINT and SIGTERM stop cleanly
 *
 * A signal handler may call one function of the library: WDSocketWakeup.  It
 * cancels all that waits, in every thread, and what begins to wait afterwards.
 * Each thread then finds WDS_E_CANCELLED, finishes what it has in hand and ends;
 * the rest of the program goes on where main waits for them.  A read that finds data
 * does not wait, and a client that sends all the time always has some: therefore each
 * turn of a loop also looks at a flag.
 */
#if !defined(_WIN32)
#define _XOPEN_SOURCE 700
#endif
#include <pthread.h>
#include <signal.h>

#include "example.h"

#if defined(_WIN32)
#include <windows.h>
#endif

#define LONGEST 4096
#define SILENCE_MS 60000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t fewer = PTHREAD_COND_INITIALIZER;
static int clients;
static volatile sig_atomic_t stopping; /* told to stop */

#if defined(_WIN32)
/* A console handler has a thread of its own. */
static BOOL WINAPI stop(DWORD kind)
{
	(void)kind;
	stopping = 1;
	WDSocketWakeup(1);
	return TRUE;
}
#else
static void stop(int number)
{
	(void)number;
	stopping = 1;
	WDSocketWakeup(1);
}
#endif

static void stop_when_told(void)
{
#if defined(_WIN32)
	SetConsoleCtrlHandler(stop, TRUE);
#else
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = stop;
	action.sa_flags = SA_RESTART | SA_ONSTACK; /* without the latter it could run on one of Go's small stacks */
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
#endif
}

/* Answers one client until it leaves or the program is told to stop. */
static void *serve(void *argument)
{
	int32_t channel = (int32_t)(intptr_t)argument;
	char message[LONGEST];
	int32_t result = WDS_E_CANCELLED;

	while (!stopping && (result = WDSocketRead(channel, message, LONGEST, -1)) >= 0)
		if ((result = WDSocketWrite(channel, message, result)) < 0)
			break;
	if (stopping)
		result = WDS_E_CANCELLED; /* whatever the last call found */
	if (result == WDS_E_CANCELLED)
		WDSocketWrite(channel, "goodbye", -1); /* a write that need not wait is not cancelled */
	else if (result != WDS_E_PEER_CLOSED)
		show_error("serving a client", 0);
	WDSocketClose(channel); /* what was written still goes out */
	pthread_mutex_lock(&lock);
	clients--;
	pthread_cond_signal(&fewer);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void start(int32_t channel)
{
	pthread_t thread;

	pthread_mutex_lock(&lock);
	if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)channel) == 0) {
		pthread_detach(thread);
		clients++;
	} else {
		fprintf(stderr, "no thread for a client\n");
		WDSocketClose(channel);
	}
	pthread_mutex_unlock(&lock);
}

int main(int argc, char **argv)
{
	int32_t server, channel = WDS_E_CANCELLED, silence;
	int64_t held = -1;

	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: clean_stop PORT [SILENCE_MS]\nechoes messages until SIGINT or SIGTERM\n");
		return 2;
	}
	stop_when_told();
	server = must("listening", WDSocketCreate(NULL, port_argument(argv[1], 1), NULL));
	/* A client that sends nothing, or never ends its message, does not hold its thread. */
	silence = argc == 3 ? number_argument(argv[2], "the silence", 0, 86400000) : SILENCE_MS;
	must("limiting silence", WDSocketSetOption(server, WDS_OPT_IDLE_LIMIT, silence));
	must("limiting messages", WDSocketSetOption(server, WDS_OPT_MESSAGE_LIMIT, silence));
	must("limiting the end", WDSocketSetOption(server, WDS_OPT_CLOSE_TIMEOUT, 1000)); /* of clients that do not read, or go on sending */
	show_port("echo server", server);
	while (!stopping) {
		channel = WDSocketAccept(server, -1);
		if (channel > 0)
			start(channel);
		else if (channel == WDS_E_DESCRIPTORS || channel == WDS_E_LIMIT)
			show_error("accepting a client", 0); /* temporary; returned at most once a second */
		else
			break;
	}
	if (stopping)
		channel = WDS_E_CANCELLED;
	if (channel != WDS_E_CANCELLED)
		show_error("waiting for a client", 0);
	stopping = 1; /* also after another error: the clients' threads end */
	WDSocketWakeup(1);
	pthread_mutex_lock(&lock);
	while (clients > 0)
		pthread_cond_wait(&fewer, &lock);
	pthread_mutex_unlock(&lock);
	WDSocketClose(server);
	WDSocketGetNumber(0, WDS_NUM_SOCKETS, &held);
	WDSocketCloseAll();
	printf("stopped, %ld sockets are held\n", (long)held);
	return channel != WDS_E_CANCELLED || held != 0;
}
