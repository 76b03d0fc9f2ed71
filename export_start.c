#if !defined(_WIN32)
#define _GNU_SOURCE
#endif

#include "export_float.h"
#include "export_shim.h"
#include "export_start.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

uint32_t wds_wakeup_word;

/* What WDSOCKET_TRACE says, "" for nothing. */
static char wds_trace_file[WDS_LONGEST_TRACE];

const char *wds_trace(void)
{
    return wds_trace_file;
}

static int wds_started;

/* Where a cgo export waits until Go's runtime is there. */
extern size_t _cgo_wait_runtime_init_done(void);

/* Gives how often the wake-up had been cleared when the change was made. */
static uint32_t wds_change_word(int32_t on)
{
    uint32_t old = __atomic_load_n(&wds_wakeup_word, __ATOMIC_SEQ_CST), changed;

    do
        changed = on ? old | 1 : (old & ~(uint32_t)1) + 2;
    while (!__atomic_compare_exchange_n(&wds_wakeup_word, &old, changed, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
    return old >> 1;
}

#if defined(_WIN32)

#include <windows.h>

static void wds_read_trace(void)
{
    static WCHAR wide[WDS_LONGEST_TRACE / 3];
    DWORD length = GetEnvironmentVariableW(L"WDSOCKET_TRACE", wide, sizeof wide / sizeof wide[0]);

    if (length == 0 || length >= sizeof wide / sizeof wide[0] ||
        WideCharToMultiByte(CP_UTF8, 0, wide, -1, wds_trace_file, sizeof wds_trace_file, NULL, NULL) == 0)
        wds_trace_file[0] = 0;
}

static SRWLOCK wds_lock = SRWLOCK_INIT;
static HANDLE wds_port;

void wds_release(void)
{
    if (wds_port != NULL)
        CloseHandle(wds_port);
    wds_port = NULL;
}

static int32_t wds_reserve(int32_t *system)
{
    wds_port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    if (wds_port != NULL)
        return 0;
    *system = (int32_t)GetLastError();
    return *system == ERROR_TOO_MANY_OPEN_FILES ? WDS_E_DESCRIPTORS : WDS_E_SYSTEM;
}

static void wds_enter_start(void) { AcquireSRWLockExclusive(&wds_lock); }
static void wds_leave_start(void) { ReleaseSRWLockExclusive(&wds_lock); }

int32_t wds_wakeup_descriptor(void)
{
    return -1;
}

/* Console handlers have a thread of their own, which may enter Go. */
int32_t wds_wakeup(int32_t on)
{
    wds_float host;
    uint32_t clearings;

    if (on != 0 && on != 1)
        return WDS_E_ARGUMENT;
    clearings = wds_change_word(on);
    if (on && __atomic_load_n(&wds_started, __ATOMIC_SEQ_CST)) {
        host = wds_float_enter();
        wdsgo_Interrupt(clearings);
        wds_float_leave(host);
    }
    return 0;
}

#else

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static pthread_mutex_t wds_lock = PTHREAD_MUTEX_INITIALIZER;

/* The pipe of the wake-up; it stays for as long as the process lives. */
static int wds_pipe[2] = {-1, -1};

static int wds_held[WDS_NEEDED];
static int wds_held_count;

void wds_release(void)
{
    while (wds_held_count > 0)
        close(wds_held[--wds_held_count]);
}

static int wds_hold(int descriptor)
{
    if (descriptor >= 0)
        wds_held[wds_held_count++] = descriptor;
    return descriptor;
}

/* What Go's poller does when it begins. */
static int wds_try_poller(void)
{
    struct epoll_event event = {0};
    uint64_t one = 1;
    int epoll = wds_hold(epoll_create1(EPOLL_CLOEXEC));
    int wake = epoll < 0 ? -1 : wds_hold(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));

    event.events = EPOLLIN;
    return wake >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, wake, &event) == 0 && write(wake, &one, sizeof one) == sizeof one &&
           epoll_pwait(epoll, &event, 1, 0, NULL) == 1 && read(wake, &one, sizeof one) == sizeof one;
}

static int32_t wds_reserve(int32_t *system)
{
    int ok = wds_try_poller();
    int made[2] = {-1, -1};

    if (ok && wds_pipe[0] < 0) {
        ok = pipe2(made, O_CLOEXEC | O_NONBLOCK) == 0;
        if (ok) {
            wds_pipe[0] = made[0];
            __atomic_store_n(&wds_pipe[1], made[1], __ATOMIC_SEQ_CST);
        }
    }
    /* the rest is for descriptors that other threads make meanwhile */
    while (ok && wds_held_count < WDS_NEEDED - 2)
        ok = wds_hold(fcntl(wds_held[0], F_DUPFD_CLOEXEC, 0)) >= 0;
    if (ok)
        return 0;
    *system = errno;
    wds_release();
    switch (*system) {
    case EMFILE:
    case ENFILE:
        return WDS_E_DESCRIPTORS;
    case EPERM:
    case EACCES:
        return WDS_E_ACCESS;
    }
    return WDS_E_SYSTEM;
}

static void wds_enter_start(void) { pthread_mutex_lock(&wds_lock); }
static void wds_leave_start(void) { pthread_mutex_unlock(&wds_lock); }

int32_t wds_wakeup_descriptor(void)
{
    return wds_pipe[1];
}

int32_t wds_wakeup_reader(void)
{
    return wds_pipe[0];
}

/*
 * Calls that wait are woken by what comes out of the pipe, in the order in which it
 * was put in: 0 for a clearing, anything else for a wake-up. The word is changed
 * here, so that the next call of the same thread finds it as it was left.
 */
int32_t wds_wakeup(int32_t on)
{
    int saved = errno;
    int descriptor = __atomic_load_n(&wds_pipe[1], __ATOMIC_SEQ_CST);
    char mark = (char)on;

    if (on != 0 && on != 1)
        return WDS_E_ARGUMENT;
    (void)wds_change_word(on);
    if (descriptor >= 0)
        (void)!write(descriptor, &mark, 1); /* one that is full wakes its reader too */
    errno = saved;
    return 0;
}

void wds_wakeup_in_child(void)
{
    int in = wds_pipe[1], nowhere;

    if (in < 0)
        return;
    /* the host may have given the descriptor to others, who still write into it */
    nowhere = open("/dev/null", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (nowhere < 0 || dup3(nowhere, in, O_CLOEXEC) < 0)
        close(in);
    if (nowhere >= 0)
        close(nowhere);
    close(wds_pipe[0]);
    wds_pipe[0] = wds_pipe[1] = -1;
}

/*
 * Go's threads have the signal mask and the floating-point control words of the
 * thread that makes the first of them: the one that loads the library, in a
 * constructor of Go's. All signals are blocked around it, so that a host's SIGINT
 * or SIGTERM goes to the host's threads. (Go unblocks the signals of faults,
 * SIGCHLD and SIGPROF again.)
 *
 * Go's constructor has no priority and stands before those of C. In the static
 * library that would bring the host's own between these two: there build.sh gives
 * Go's the priority in their middle.
 */
#ifdef WDS_STATIC
#define WDS_AFTER_GO constructor(60002)
#else
#define WDS_AFTER_GO constructor
#endif

static sigset_t wds_loader_mask;
static wds_float wds_loader_float;

__attribute__((constructor(60000))) static void wds_before_go(void)
{
    sigset_t all;

    wds_loader_float = wds_float_fresh();
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &wds_loader_mask);
}

__attribute__((WDS_AFTER_GO)) static void wds_after_go(void)
{
    /* here, because later the host may change its environment in another thread */
    const char *trace = secure_getenv("WDSOCKET_TRACE");

    if (trace != NULL && strlen(trace) < sizeof wds_trace_file)
        strcpy(wds_trace_file, trace);
    pthread_sigmask(SIG_SETMASK, &wds_loader_mask, NULL);
    wds_float_restore(wds_loader_float);
}

#endif

int32_t wds_start(int32_t *system)
{
    int32_t code = 0;

    *system = 0;
    if (__atomic_load_n(&wds_started, __ATOMIC_ACQUIRE))
        return 0;
    _cgo_wait_runtime_init_done(); /* it opens files for a moment */
    wds_enter_start();
    if (!wds_started) {
#if defined(_WIN32)
        wds_read_trace(); /* the system guards it */
#endif
        code = wds_reserve(system);
        if (code == 0) {
            code = wdsgo_Start();
            wds_release();
        }
        if (code == 0)
            __atomic_store_n(&wds_started, 1, __ATOMIC_SEQ_CST);
    }
    wds_leave_start();
    return code;
}
