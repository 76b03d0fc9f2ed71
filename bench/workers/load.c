/*
 * load.c LIBRARY - loads the library and makes the first call, in a fresh
 * process each time. This program itself is not linked with the library.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

static const char *library;

static void load_and_call(int answer)
{
    double begin = bench_now(), taken;
    void *handle = dlopen(library, RTLD_NOW), *symbol;
    int32_t (*create)(const char *);

    if (handle == NULL)
        bench_die("%s", dlerror());
    symbol = dlsym(handle, "WDSocketNew");
    if (symbol == NULL)
        bench_die("%s", dlerror());
    memcpy(&create, &symbol, sizeof create);
    if (create(NULL) <= 0)
        bench_die("the first call failed");
    taken = bench_now() - begin;
    _exit(write(answer, &taken, sizeof taken) == (ssize_t)sizeof taken ? 0 : 1);
}

static double load_once(void)
{
    double taken = 0;
    int ends[2], status;
    pid_t child;

    if (pipe(ends) != 0 || (child = fork()) < 0)
        bench_die("no process");
    if (child == 0)
        load_and_call(ends[1]);
    close(ends[1]);
    if (read(ends[0], &taken, sizeof taken) != (ssize_t)sizeof taken)
        bench_die("the loading process failed");
    close(ends[0]);
    waitpid(child, &status, 0);
    return taken;
}

static void run(long operations)
{
    double *samples = bench_memory(sizeof *samples * (unsigned long)operations);
    struct stat file;
    long i;

    if (stat(library, &file) != 0)
        bench_die("cannot see %s", library);
    for (i = 0; i < operations; i++)
        samples[i] = load_once();
    bench_spread(samples, operations);
    bench_put("bytes", (double)file.st_size);
    free(samples);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        bench_die("no library given");
    library = argv[1];
    return bench_obey(0, run);
}
