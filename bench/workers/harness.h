/*
 * harness.h - what every worker does the same way: obey the driver, tell the
 * time, sum up.
 *
 * A worker is one process. It says "ready" (a server adds its port), and then
 * does what it reads from its standard input, a line each:
 *
 *   run N   does N operations and answers "done key=value ..."
 *   cpu     answers "cpu SECONDS", what the process has used so far
 *
 * It ends with its input.
 */
#ifndef BENCH_HARNESS_H
#define BENCH_HARNESS_H

/* bench_now tells seconds of a clock that only goes forward. */
double bench_now(void);

/* bench_die ends the worker; the driver shows the text. */
void bench_die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* bench_number takes a whole number from the command line. */
long bench_number(int argc, char **argv, int at, const char *what);

/* bench_memory is malloc that never fails. */
void *bench_memory(unsigned long bytes);

/* bench_pause sleeps for microseconds; 0 returns at once. */
void bench_pause(double microseconds);

/* bench_random gives a number from 0 to 1; each thread has its own state, not 0. */
double bench_random(unsigned long long *state);

/* bench_put adds a figure to the answer of the present block. */
void bench_put(const char *key, double value);

/* bench_total adds seconds, rate (operations a second) and us (each). */
void bench_total(double seconds, long operations);

/*
 * bench_spread sorts samples in seconds and adds p50_us, p99_us and max_us, with
 * prefix before their names.
 */
void bench_spread(const char *prefix, double *samples, long count);

/*
 * bench_obey says ready and obeys until the input ends. port is 0 for workers
 * that do not listen; run is NULL for servers, which work in other threads.
 */
int bench_obey(int port, void (*run)(long operations));

#endif
