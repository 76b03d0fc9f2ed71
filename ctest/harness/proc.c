/*
 * proc.c - see proc.h.
 */
#ifndef _WIN32
#define _DARWIN_C_SOURCE
#define _DEFAULT_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#ifdef _WIN32
#include <windows.h>
#include <io.h>
#else
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "patience.h"
#include "proc.h"

static FILE *captured;
static int saved_out, saved_err;

int h_capture_begin(void)
{
    fflush(stdout);
    fflush(stderr);
    captured = tmpfile();
    if (!captured)
        return 0;
    saved_out = dup(1);
    saved_err = dup(2);
    return dup2(fileno(captured), 1) >= 0 && dup2(fileno(captured), 2) >= 0;
}

int h_capture_end(char *text, int capacity)
{
    int got;

    fflush(stdout);
    fflush(stderr);
    dup2(saved_out, 1);
    dup2(saved_err, 2);
    close(saved_out);
    close(saved_err);
    rewind(captured);
    got = (int)fread(text, 1, (size_t)capacity - 1, captured);
    text[got] = 0;
    fclose(captured);
    return got;
}

char *h_temp_path(const char *name)
{
    const char *folder = getenv("CTEST_TEMP");
    char *path;

    if (!folder)
        folder = ".";
    path = (char *)malloc(strlen(folder) + strlen(name) + 2);
    sprintf(path, "%s/%s", folder, name);
    return path;
}

char *h_read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size;
    char *text;

    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    text = (char *)malloc((size_t)size + 1);
    size = (long)fread(text, 1, (size_t)size, file);
    text[size] = 0;
    fclose(file);
    return text;
}

void h_remove(const char *path)
{
    remove(path);
}

#ifdef _WIN32

void h_sigpipe_default(void)
{
}

void *h_load(const char *path)
{
    return (void *)LoadLibraryA(path);
}

void *h_symbol(void *library, const char *name)
{
    return (void *)(intptr_t)GetProcAddress((HMODULE)library, name);
}

void h_unload(void *library)
{
    FreeLibrary((HMODULE)library);
}

int h_set_environment(const char *name, const char *value)
{
    return SetEnvironmentVariableA(name, value) != 0;
}

#else

void h_sigpipe_default(void)
{
    h_signal_set(SIGPIPE, SIG_DFL);
}

void h_signal_set(int number, void (*handler)(int))
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_ONSTACK;
    sigaction(number, &action, NULL);
}

int h_signal_kept(int number, void (*handler)(int))
{
    struct sigaction action;

    sigaction(number, NULL, &action);
    return action.sa_handler == handler;
}

int h_fork(int (*fn)(void *), void *argument, int limit_ms)
{
    int64_t start = h_now_us();
    pid_t child;
    int status = 0;

    fflush(stdout);
    child = fork();
    if (child == 0)
        _exit(fn(argument));
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (h_overdue(start, limit_ms)) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return -1;
        }
        h_sleep(1);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -2;
}

/* "/proc/self/exe" executes QEMU where that runs the program: CTEST_RUN says how it does. */
void h_execute_again(const char *name)
{
    const char *run = getenv("CTEST_RUN");
    char words[512], path[512] = "", *arguments[16], *word, *rest;
    int count = 0;

    if (run == NULL) {
        execl("/proc/self/exe", name, (char *)NULL);
        return;
    }
    snprintf(words, sizeof words, "%s", run);
    for (word = strtok_r(words, " ", &rest); word != NULL && count < 10; word = strtok_r(NULL, " ", &rest))
        arguments[count++] = word;
    if (count == 0 || readlink("/proc/self/exe", path, sizeof path - 1) < 0)
        return;
    arguments[count++] = "-0";
    arguments[count++] = (char *)(intptr_t)name;
    arguments[count++] = path;
    arguments[count] = NULL;
    execvp(arguments[0], arguments);
}

int h_highest_descriptor(void)
{
    DIR *folder = opendir("/dev/fd");
    struct dirent *one;
    int highest = 2;

    if (!folder)
        return -1;
    while ((one = readdir(folder)))
        if (atoi(one->d_name) > highest && atoi(one->d_name) != dirfd(folder))
            highest = atoi(one->d_name);
    closedir(folder);
    return highest;
}

int h_limit_descriptors(int limit)
{
    struct rlimit now;
    int before;

    getrlimit(RLIMIT_NOFILE, &now);
    before = (int)now.rlim_cur;
    now.rlim_cur = (rlim_t)limit;
    setrlimit(RLIMIT_NOFILE, &now);
    return before;
}

int h_raise_descriptors(void)
{
    struct rlimit now;

    getrlimit(RLIMIT_NOFILE, &now);
    now.rlim_cur = now.rlim_max;
    setrlimit(RLIMIT_NOFILE, &now);
    getrlimit(RLIMIT_NOFILE, &now);
    return now.rlim_cur > 1000000 ? 1000000 : (int)now.rlim_cur;
}

void *h_load(const char *path)
{
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

void *h_symbol(void *library, const char *name)
{
    return dlsym(library, name);
}

void h_unload(void *library)
{
    dlclose(library);
}

int h_set_environment(const char *name, const char *value)
{
    return setenv(name, value, 1) == 0;
}

#endif
