/*
 * load.c LIBRARY - loads the library and makes the first calls, in a fresh
 * process each time. This program itself is not linked with the library.
 *
 * The time has three parts: "open_" until the library is mapped and linked,
 * "start_" until Go's runtime and all packages are ready, for which the first call
 * waits, and "socket_", the first socket.
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

struct times {
    double all, open, start, socket;
};

static const char *library;

static void find(void *handle, const char *name, void *function)
{
    void *symbol = dlsym(handle, name);

    if (symbol == NULL)
        bench_die("%s", dlerror());
    memcpy(function, &symbol, sizeof symbol);
}

static void load_and_call(int answer)
{
    double begin = bench_now(), opened, started;
    void *handle = dlopen(library, RTLD_NOW);
    int32_t (*version)(void), (*create)(const char *);
    struct times taken;

    if (handle == NULL)
        bench_die("%s", dlerror());
    find(handle, "WDSocketVersion", &version);
    find(handle, "WDSocketNew", &create);
    opened = bench_now();
    version();
    started = bench_now();
    if (create(NULL) <= 0)
        bench_die("the first socket failed");
    taken.socket = bench_now() - started;
    taken.start = started - opened;
    taken.open = opened - begin;
    taken.all = taken.open + taken.start + taken.socket;
    _exit(write(answer, &taken, sizeof taken) == (ssize_t)sizeof taken ? 0 : 1);
}

static struct times load_once(void)
{
    struct times taken;
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
    unsigned long bytes = sizeof(double) * (unsigned long)operations;
    double *all = bench_memory(bytes), *open = bench_memory(bytes);
    double *start = bench_memory(bytes), *socket = bench_memory(bytes);
    struct stat file;
    long i;

    if (stat(library, &file) != 0)
        bench_die("cannot see %s", library);
    for (i = 0; i < operations; i++) {
        struct times taken = load_once();
        all[i] = taken.all;
        open[i] = taken.open;
        start[i] = taken.start;
        socket[i] = taken.socket;
    }
    bench_spread("", all, operations);
    bench_spread("open_", open, operations);
    bench_spread("start_", start, operations);
    bench_spread("socket_", socket, operations);
    bench_put("bytes", (double)file.st_size);
    free(all);
    free(open);
    free(start);
    free(socket);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        bench_die("no library given");
    library = argv[1];
    return bench_obey(0, run);
}
