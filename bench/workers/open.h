/*
 * open.h - how link_wds.c opens sockets: open_plain.c or open_tls.c
 */
#ifndef BENCH_OPEN_H
#define BENCH_OPEN_H

#include "wdsocket.h"

#define OPEN_WAIT_MS 30000

/* open_server and open_client give the library's result. */
int32_t open_server(void);
int32_t open_client(int port);

/* must gives a result that is no error back; an error ends the worker. */
int32_t must(const char *doing, int32_t result);

#endif
