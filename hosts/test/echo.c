/*
 * echo.c - the server that the programs of other languages talk to: one echo
 * server for each transmission mode, and one for UDP
 *
 * Prints nine ports, modes 0 to 7 and UDP, and runs until its input ends.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

#include "wdsocket.h"

#define MODES 8

static void *serve(void *argument)
{
	int32_t channel = (int32_t)(intptr_t)argument, length;
	char message[4096];

	while ((length = WDSocketRead(channel, message, (int32_t)sizeof message, -1)) >= 0)
		WDSocketWrite(channel, message, length);
	WDSocketClose(channel);
	return NULL;
}

static void *accept_all(void *argument)
{
	int32_t server = (int32_t)(intptr_t)argument, channel;

	while ((channel = WDSocketAccept(server, -1)) > 0) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)channel) != 0)
			WDSocketClose(channel);
		else
			pthread_detach(thread);
	}
	return NULL;
}

static int run(void *(*job)(void *), int32_t socket)
{
	int32_t port = 0;
	pthread_t thread;

	if (socket < 0 || WDSocketGetOption(socket, WDS_OPT_LOCAL_PORT, &port) != WDS_OK ||
	    pthread_create(&thread, NULL, job, (void *)(intptr_t)socket) != 0)
		return 0;
	pthread_detach(thread);
	printf("%d ", (int)port);
	return 1;
}

int main(void)
{
	int32_t mode;

	WDSocketSetOption(0, WDS_OPT_FRAME_LENGTH, 5);
	for (mode = 0; mode < MODES; mode++) {
		int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");

		if (WDSocketChangeTransmissionMode(server, mode, "\r\n", 2) != WDS_OK || !run(accept_all, server))
			return 1;
	}
	if (!run(serve, WDSocketCreateUDP(NULL, 0, "127.0.0.1")))
		return 1;
	printf("\n");
	fflush(stdout);
	while (getchar() != EOF)
		;
	WDSocketCloseAll();
	return 0;
}
