/*
 * patience.h - limits of time on a machine that has other work, too.
 */
#ifndef HARNESS_PATIENCE_H
#define HARNESS_PATIENCE_H

#include <stdint.h>

/*
 * Have more than limit_ms passed since start_us?  A machine with other work gives a
 * process less than it asks for: by how much the harness's own short sleeps came late
 * meanwhile is taken off, and the limit is stretched as a computation is now.
 */
int h_overdue(int64_t start_us, int64_t limit_ms);
/* The same for a moment that was noted. */
int h_overdue_at(int64_t start_us, int64_t end_us, int64_t limit_ms);
/* How much of the time between two moments other work took, in microseconds. */
int64_t h_taken_between(int64_t start_us, int64_t end_us);

/* A test that waits for what comes gives up after so many ms, as h_overdue counts them. */
#define H_PATIENCE 20000
/* From so many ms on the time that a helper is given is no exact one but patience. */
#define H_PATIENT_MS 5000
/* An orderly close that has to succeed: under Wine what it asks the system may take many seconds. */
#define H_CLOSE_MS 120000

/* The clock of the tests and the timers of Windows do not tick together. */
#ifdef _WIN32
#define H_EARLY_US 16000
#else
#define H_EARLY_US 0
#endif

/* Sleeps a little, and notes by how much it took longer; one thread does, again and again. */
void h_nap(void);

#endif
