/*
 * export_waits.h - the system's calls in which threads of the host wait, made on
 * their own stacks (Linux).
 *
 * They are no points of cancellation and leave errno alone. The result is the system's,
 * or the negative of an errno.
 */
#ifndef WDSOCKET_EXPORT_WAITS_H
#define WDSOCKET_EXPORT_WAITS_H

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static inline int32_t wds_system(long number, long a, long b, long c, long d)
{
    int before = errno;
    long result = syscall(number, a, b, c, d, 0L, 0L);

    if (result < 0)
        result = -errno;
    errno = before;
    return (int32_t)result;
}

static int32_t wds_wait_poll(struct pollfd *fds, int32_t count, int32_t milliseconds)
{
#ifdef SYS_poll
    return wds_system(SYS_poll, (long)fds, count, milliseconds, 0);
#else
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};

    return wds_system(SYS_ppoll, (long)fds, count, milliseconds < 0 ? 0 : (long)&time, 0);
#endif
}

static int32_t wds_wait_epoll(int32_t epoll, struct epoll_event *events, int32_t count, int32_t milliseconds)
{
    return wds_system(SYS_epoll_pwait, epoll, (long)events, count, milliseconds);
}

#endif
