#define _GNU_SOURCE
#include "harness.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* Only the library that is built for profiling has it. */
extern void WDSBenchProfileStop(void) __attribute__((weak));

static char answer[4096];

double bench_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void bench_die(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fprintf(stderr, "%s: ", program_invocation_short_name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

long bench_number(int argc, char **argv, int at, const char *what)
{
    char *end;
    long value;

    if (at >= argc)
        bench_die("no %s given", what);
    value = strtol(argv[at], &end, 10);
    if (end == argv[at] || *end != '\0' || value < 0)
        bench_die("%s is not a number: %s", what, argv[at]);
    return value;
}

void *bench_memory(unsigned long bytes)
{
    void *memory = malloc(bytes);

    if (memory == NULL)
        bench_die("no memory");
    return memory;
}

void bench_pause(double microseconds)
{
    struct timespec t;

    if (microseconds <= 0)
        return;
    t.tv_sec = (time_t)(microseconds / 1e6);
    t.tv_nsec = (long)((microseconds - (double)t.tv_sec * 1e6) * 1e3);
    while (nanosleep(&t, &t) != 0 && errno == EINTR)
        ;
}

double bench_random(unsigned long long *state)
{
    unsigned long long x = *state;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    *state = x;
    return (double)(x >> 11) / 9007199254740992.0;
}

static void put(const char *prefix, const char *key, double value)
{
    size_t used = strlen(answer);

    snprintf(answer + used, sizeof answer - used, " %s%s=%.9g", prefix, key, value);
}

void bench_put(const char *key, double value)
{
    put("", key, value);
}

void bench_total(double seconds, long operations)
{
    bench_put("seconds", seconds);
    bench_put("rate", (double)operations / seconds);
    bench_put("us", seconds * 1e6 / (double)operations);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The smallest sample that a share of all samples does not exceed. */
static double percentile(const double *sorted, long count, double share)
{
    long rank = (long)(share * (double)count);

    if ((double)rank < share * (double)count)
        rank++;
    return sorted[rank > 0 ? rank - 1 : 0];
}

void bench_spread(const char *prefix, double *samples, long count)
{
    qsort(samples, (size_t)count, sizeof *samples, compare);
    put(prefix, "p50_us", percentile(samples, count, 0.5) * 1e6);
    put(prefix, "p99_us", percentile(samples, count, 0.99) * 1e6);
    put(prefix, "max_us", samples[count - 1] * 1e6);
}

static double cpu_seconds(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

static void obey_run(void (*run)(long operations), const char *line)
{
    long operations = strtol(line + 4, NULL, 10);
    double before = cpu_seconds();

    if (run == NULL || operations <= 0)
        bench_die("cannot do: %s", line);
    answer[0] = '\0';
    run(operations);
    bench_put("cpu_us", (cpu_seconds() - before) * 1e6 / (double)operations);
    printf("done%s\n", answer);
}

int bench_obey(int port, void (*run)(long operations))
{
    char line[256];

    if (port != 0)
        printf("ready port=%d\n", port);
    else
        printf("ready\n");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (strncmp(line, "run ", 4) == 0)
            obey_run(run, line);
        else if (strcmp(line, "cpu\n") == 0)
            printf("cpu %.6f\n", cpu_seconds());
        else
            bench_die("unknown command: %s", line);
        fflush(stdout);
    }
    if (WDSBenchProfileStop != NULL)
        WDSBenchProfileStop();
    return 0;
}
