/*
 * example_threads.h - a thread for each client of a server, and waiting for their
 * ends.  Include it first, as example_server.h.  A thread's loop goes on while it is
 * not stopping, since a read that finds data does not wait and is not cancelled.
 */
#ifndef EXAMPLE_THREADS_H
#define EXAMPLE_THREADS_H

#include "example_server.h"

#include <pthread.h>

static pthread_mutex_t threads_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t threads_fewer = PTHREAD_COND_INITIALIZER;
static int threads;
static void (*serve_client)(int32_t channel); /* what a thread does */

/* The channel's handle, a number, comes in the pointer that pthread_create passes on. */
static void *thread_of_client(void *argument)
{
	int32_t channel = (int32_t)(intptr_t)argument;

	serve_client(channel);
	WDSocketClose(channel); /* however the conversation ended */
	pthread_mutex_lock(&threads_lock);
	threads--;
	pthread_cond_signal(&threads_fewer);
	pthread_mutex_unlock(&threads_lock);
	return NULL;
}

static inline void start_client(int32_t channel)
{
	pthread_t thread;

	pthread_mutex_lock(&threads_lock);
	if (pthread_create(&thread, NULL, thread_of_client, (void *)(intptr_t)channel) == 0) {
		pthread_detach(thread);
		threads++;
	} else {
		fprintf(stderr, "no thread for a client\n");
		WDSocketClose(channel);
	}
	pthread_mutex_unlock(&threads_lock);
}

/*
 * accept_clients starts a thread for each client, until the server is closed or the
 * program is told to stop; gives why it ended.  welcome, which may be NULL, is called
 * with the server while a client waits to be accepted.
 */
static inline int32_t accept_clients(int32_t server, void (*serve)(int32_t channel), void (*welcome)(int32_t server))
{
	int32_t result;

	serve_client = serve;
	while (!stopping) {
		result = WDSocketWaitForConnection(server, -1);
		if (result > 0 && welcome != NULL)
			welcome(server);
		if (result > 0)
			result = WDSocketAccept(server, 0);
		if (result > 0)
			start_client(result);
		else if (result == WDS_E_TIMEOUT)
			continue; /* the client has gone meanwhile */
		else if (result == WDS_E_DESCRIPTORS || result == WDS_E_LIMIT)
			show_error("accepting a client", 0); /* temporary; returned at most once a second */
		else
			return result;
	}
	return WDS_E_CANCELLED;
}

/* finish_threads ends the threads, each with its channel, and then calls finish. */
static inline int finish_threads(int32_t result, int32_t server)
{
	int told = stopping;

	stopping = 1; /* also after an error, which finish shows: the clients' threads end */
	WDSocketWakeup(1);
	pthread_mutex_lock(&threads_lock);
	while (threads > 0)
		pthread_cond_wait(&threads_fewer, &threads_lock);
	pthread_mutex_unlock(&threads_lock);
	stopping = told;
	return finish(result, server, 0);
}

#endif /* EXAMPLE_THREADS_H */
