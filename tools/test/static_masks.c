/*
 * static_masks.c - a program with the static library and a constructor of its own:
 * the threads that the library makes have the host's signals blocked, and the
 * host's thread has its mask as it was, before main too.
 */
#define _GNU_SOURCE

#include "wdsocket.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int early = -1;

static int blocks(void)
{
    sigset_t mask;

    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    return sigismember(&mask, SIGINT) || sigismember(&mask, SIGTERM);
}

__attribute__((constructor)) static void host(void)
{
    early = blocks();
}

/* In how many threads is SIGINT or SIGTERM not blocked? */
static int open_threads(int *threads)
{
    DIR *folder = opendir("/proc/self/task");
    struct dirent *one;
    int open = 0;

    *threads = 0;
    while (folder != NULL && (one = readdir(folder)) != NULL) {
        char path[300], line[256];
        unsigned long long mask;
        FILE *file;

        snprintf(path, sizeof path, "/proc/self/task/%s/status", one->d_name);
        file = one->d_name[0] == '.' ? NULL : fopen(path, "r");
        while (file != NULL && fgets(line, (int)sizeof line, file) != NULL)
            if (sscanf(line, "SigBlk: %llx", &mask) == 1) {
                ++*threads;
                open += !(mask >> (SIGINT - 1) & 1) || !(mask >> (SIGTERM - 1) & 1);
            }
        if (file != NULL)
            fclose(file);
    }
    if (folder != NULL)
        closedir(folder);
    return open;
}

int main(void)
{
    int threads, open;
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");

    open = open_threads(&threads);
    printf("%d threads, %d of them open; blocked in a constructor %d, in main %d\n", threads, open, early, blocks());
    if (server <= 0 || threads < 2 || open != 1 || early != 0 || blocks())
        return 1;
    return WDSocketCloseAll() == WDS_OK ? 0 : 1;
}
