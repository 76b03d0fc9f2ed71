/*
 * platform.h - time and threads, which differ between systems.
 */
#ifndef HARNESS_PLATFORM_H
#define HARNESS_PLATFORM_H

#include <stdint.h>

#ifndef _WIN32
#define H_UNIX 1
#endif

/* ---- time ---- */

int64_t h_now_us(void);        /* monotonic */
int64_t h_cpu_us(void);        /* processor time of this process */
int64_t h_thread_cpu_us(void); /* and of this thread */
void h_sleep(int ms);

/* ---- threads ---- */

typedef int32_t (*h_thread_fn)(void *argument);
typedef struct h_thread h_thread;
typedef struct h_mutex h_mutex;

h_thread *h_start(h_thread_fn fn, void *argument);
int h_done(h_thread *thread);       /* has it returned? */
int32_t h_join(h_thread *thread);   /* waits, frees, gives the function's result */
int32_t h_join_at(h_thread *thread, int64_t *end_us); /* and the moment it returned */
h_mutex *h_mutex_new(void);
void h_lock(h_mutex *mutex);
void h_unlock(h_mutex *mutex);
void h_mutex_free(h_mutex *mutex);

/* Counters that several threads share. */
void h_add(volatile int64_t *counter, int64_t amount);
int64_t h_get(volatile int64_t *counter);

#endif
