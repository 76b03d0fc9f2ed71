#if !defined(_WIN32)
#define _GNU_SOURCE
#endif

#include "export_float.h"
#include "export_shim.h"
#include "export_start.h"
#include "export_wakeup.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* What WDSOCKET_TRACE says, "" for nothing. */
static char wds_trace_file[WDS_LONGEST_TRACE];

const char *wds_trace(void)
{
    return wds_trace_file;
}

static int wds_started;

/* Where a cgo export waits until Go's runtime is there. */
extern size_t _cgo_wait_runtime_init_done(void);

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
static HANDLE wds_reserved_port;

void wds_release_reserved(void)
{
    if (wds_reserved_port != NULL)
        CloseHandle(wds_reserved_port);
    wds_reserved_port = NULL;
}

static int32_t wds_reserve(int32_t *system)
{
    wds_reserved_port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    if (wds_reserved_port != NULL)
        return 0;
    *system = (int32_t)GetLastError();
    return *system == ERROR_TOO_MANY_OPEN_FILES ? WDS_E_DESCRIPTORS : WDS_E_SYSTEM;
}

static void wds_enter_start(void) { AcquireSRWLockExclusive(&wds_lock); }
static void wds_leave_start(void) { ReleaseSRWLockExclusive(&wds_lock); }

#else

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static pthread_mutex_t wds_lock = PTHREAD_MUTEX_INITIALIZER;

static int wds_reserved[WDS_NEEDED];
static int wds_reserved_count;

void wds_release_reserved(void)
{
    while (wds_reserved_count > 0)
        close(wds_reserved[--wds_reserved_count]);
}

static int wds_keep_reserved(int descriptor)
{
    if (descriptor >= 0)
        wds_reserved[wds_reserved_count++] = descriptor;
    return descriptor;
}

/* What Go's poller does when it begins. */
static int wds_try_poller(void)
{
    struct epoll_event event = {0};
    uint64_t one = 1;
    int epoll = wds_keep_reserved(epoll_create1(EPOLL_CLOEXEC));
    int wake = epoll < 0 ? -1 : wds_keep_reserved(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));

    event.events = EPOLLIN;
    return wake >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, wake, &event) == 0 && write(wake, &one, sizeof one) == sizeof one &&
           epoll_pwait(epoll, &event, 1, 0, NULL) == 1 && read(wake, &one, sizeof one) == sizeof one;
}

static int32_t wds_reserve(int32_t *system)
{
    int ok = wds_try_poller() && wds_wakeup_open();

    /* the rest is for descriptors that other threads make meanwhile */
    while (ok && wds_reserved_count < WDS_NEEDED - 2)
        ok = wds_keep_reserved(fcntl(wds_reserved[0], F_DUPFD_CLOEXEC, 0)) >= 0;
    if (ok)
        return 0;
    *system = errno;
    wds_release_reserved();
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
            wds_release_reserved();
        }
        if (code == 0) {
            __atomic_store_n(&wds_started, 1, __ATOMIC_SEQ_CST);
#if defined(_WIN32)
            wds_wakeup_started();
#endif
        }
    }
    wds_leave_start();
    return code;
}
