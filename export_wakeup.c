#if !defined(_WIN32)
#define _GNU_SOURCE
#endif

#include "export_float.h"
#include "export_shim.h"
#include "export_wakeup.h"

uint32_t wds_wakeup_word;

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

static int32_t wds_go_entered;

void wds_wakeup_started(void)
{
    __atomic_store_n(&wds_go_entered, 1, __ATOMIC_SEQ_CST);
}

int32_t wds_wakeup_descriptor(void)
{
    return -1;
}

/* Console handlers have a thread of their own, which may enter Go. */
int32_t wds_wakeup(int32_t on)
{
    wds_float host;
    uint32_t clearings;

    clearings = wds_change_word(on);
    if (on && __atomic_load_n(&wds_go_entered, __ATOMIC_SEQ_CST)) {
        host = wds_float_enter();
        wdsgo_Interrupt(clearings);
        wds_float_leave(host);
    }
    return 0;
}

#else

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* The pipe of the wake-up; it stays for as long as the process lives. */
static int wds_pipe[2] = {-1, -1};

int wds_wakeup_open(void)
{
    int made[2];

    if (wds_pipe[0] >= 0)
        return 1;
    if (pipe2(made, O_CLOEXEC | O_NONBLOCK) != 0)
        return 0;
    wds_pipe[0] = made[0];
    __atomic_store_n(&wds_pipe[1], made[1], __ATOMIC_SEQ_CST);
    return 1;
}

int32_t wds_wakeup_descriptor(void)
{
    return wds_pipe[1];
}

int32_t wds_wakeup_reader(void)
{
    return wds_pipe[0];
}

static uint32_t wds_put;

uint32_t wds_clearings_put(void)
{
    return __atomic_load_n(&wds_put, __ATOMIC_SEQ_CST);
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
    char mark = on != 0; /* the last byte of a number may be 0 */

    (void)wds_change_word(on);
    if (descriptor >= 0)
        (void)!write(descriptor, &mark, 1); /* one that is full wakes its reader too */
    if (!on)
        __atomic_add_fetch(&wds_put, 1, __ATOMIC_SEQ_CST); /* behind it: what is counted is not on its way any more */
    errno = saved;
    return 0;
}

void wds_wakeup_in_child(void)
{
    int in = wds_pipe[1], nowhere;

    if (in < 0)
        return;
    /* the host may have given the descriptor to others, which still write into it */
    nowhere = open("/dev/null", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (nowhere < 0 || dup3(nowhere, in, O_CLOEXEC) < 0)
        close(in);
    if (nowhere >= 0)
        close(nowhere);
    close(wds_pipe[0]);
    wds_pipe[0] = wds_pipe[1] = -1;
}

#endif
