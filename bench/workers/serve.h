/*
 * serve.h - a server with a thread for each client
 */
#ifndef BENCH_SERVE_H
#define BENCH_SERVE_H

#include "link.h"

/* serve_clients opens a server, serves in other threads and obeys the driver. */
int serve_clients(void (*serve)(bench_link *link));

/* serve_thread starts a detached thread. */
void serve_thread(void *(*body)(void *), void *argument);

#endif
