/*
 * platform.c - see platform.h.
 */
#ifndef _WIN32
#define _DARWIN_C_SOURCE
#define _DEFAULT_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#ifdef _WIN32
#include <windows.h>
#else
#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>
#include <time.h>
#endif

#include <stdlib.h>

#include "platform.h"

/* ---- time ---- */

#ifdef _WIN32

int64_t h_now_us(void)
{
    LARGE_INTEGER count, frequency;

    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (int64_t)((double)count.QuadPart * 1e6 / (double)frequency.QuadPart);
}

static int64_t file_time_us(FILETIME t)
{
    return (int64_t)(((uint64_t)t.dwHighDateTime << 32 | t.dwLowDateTime) / 10);
}

int64_t h_cpu_us(void)
{
    FILETIME created, ended, kernel, user;

    GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user);
    return file_time_us(kernel) + file_time_us(user);
}

int64_t h_thread_cpu_us(void)
{
    FILETIME created, ended, kernel, user;

    GetThreadTimes(GetCurrentThread(), &created, &ended, &kernel, &user);
    return file_time_us(kernel) + file_time_us(user);
}

void h_sleep(int ms)
{
    Sleep((DWORD)ms);
}

#else

int64_t h_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t h_cpu_us(void)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return (int64_t)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000 + use.ru_utime.tv_usec + use.ru_stime.tv_usec;
}

int64_t h_thread_cpu_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void h_sleep(int ms)
{
    struct timespec rest;

    rest.tv_sec = ms / 1000;
    rest.tv_nsec = (long)(ms % 1000) * 1000000;
    while (nanosleep(&rest, &rest) != 0 && errno == EINTR)
        ;
}

#endif

/* ---- threads ---- */

struct h_thread {
    h_thread_fn fn;
    void *argument;
    int32_t result;
    volatile int64_t done;
    int64_t end_us;
#ifdef _WIN32
    HANDLE id;
#else
    pthread_t id;
#endif
};

static void thread_body(h_thread *thread)
{
    thread->result = thread->fn(thread->argument);
    thread->end_us = h_now_us();
    h_add(&thread->done, 1);
}

void h_add(volatile int64_t *counter, int64_t amount)
{
    __atomic_add_fetch(counter, amount, __ATOMIC_SEQ_CST);
}

int64_t h_get(volatile int64_t *counter)
{
    return __atomic_load_n(counter, __ATOMIC_SEQ_CST);
}

int h_done(h_thread *thread)
{
    return h_get(&thread->done) != 0;
}

int32_t h_join(h_thread *thread)
{
    return h_join_at(thread, NULL);
}

#ifdef _WIN32

struct h_mutex {
    CRITICAL_SECTION section;
};

static DWORD WINAPI thread_entry(LPVOID argument)
{
    thread_body((h_thread *)argument);
    return 0;
}

h_thread *h_start(h_thread_fn fn, void *argument)
{
    h_thread *thread = (h_thread *)calloc(1, sizeof *thread);

    thread->fn = fn;
    thread->argument = argument;
    thread->id = CreateThread(NULL, 0, thread_entry, thread, 0, NULL);
    if (!thread->id)
        abort();
    return thread;
}

int32_t h_join_at(h_thread *thread, int64_t *end_us)
{
    int32_t result;

    WaitForSingleObject(thread->id, INFINITE);
    CloseHandle(thread->id);
    result = thread->result;
    if (end_us)
        *end_us = thread->end_us;
    free(thread);
    return result;
}

h_mutex *h_mutex_new(void)
{
    h_mutex *mutex = (h_mutex *)calloc(1, sizeof *mutex);

    InitializeCriticalSection(&mutex->section);
    return mutex;
}

void h_lock(h_mutex *mutex)
{
    EnterCriticalSection(&mutex->section);
}

void h_unlock(h_mutex *mutex)
{
    LeaveCriticalSection(&mutex->section);
}

void h_mutex_free(h_mutex *mutex)
{
    DeleteCriticalSection(&mutex->section);
    free(mutex);
}

#else

struct h_mutex {
    pthread_mutex_t mutex;
};

static void *thread_entry(void *argument)
{
    thread_body((h_thread *)argument);
    return NULL;
}

h_thread *h_start(h_thread_fn fn, void *argument)
{
    h_thread *thread = (h_thread *)calloc(1, sizeof *thread);

    thread->fn = fn;
    thread->argument = argument;
    if (pthread_create(&thread->id, NULL, thread_entry, thread) != 0)
        abort();
    return thread;
}

int32_t h_join_at(h_thread *thread, int64_t *end_us)
{
    int32_t result;

    pthread_join(thread->id, NULL);
    result = thread->result;
    if (end_us)
        *end_us = thread->end_us;
    free(thread);
    return result;
}

h_mutex *h_mutex_new(void)
{
    h_mutex *mutex = (h_mutex *)calloc(1, sizeof *mutex);

    pthread_mutex_init(&mutex->mutex, NULL);
    return mutex;
}

void h_lock(h_mutex *mutex)
{
    pthread_mutex_lock(&mutex->mutex);
}

void h_unlock(h_mutex *mutex)
{
    pthread_mutex_unlock(&mutex->mutex);
}

void h_mutex_free(h_mutex *mutex)
{
    pthread_mutex_destroy(&mutex->mutex);
    free(mutex);
}

#endif
