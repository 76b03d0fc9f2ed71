/*
 * The floating-point control words of a thread: which exceptions are raised,
 * how is rounded, how precise x87 is. The ABIs leave them to the host: a
 * function gives them back as it found them. Hosts set them: Delphi and
 * C++Builder raise exceptions and compute Extended and Currency with all bits,
 * C programs call feenableexcept. Go wants its own: an exception that a host
 * asked for would end the process where Go divides by zero, and in 32 bits Go
 * itself sets the word of x87 at every entry.
 */
#ifndef WDSOCKET_EXPORT_FLOAT_H
#define WDSOCKET_EXPORT_FLOAT_H

#include <stdint.h>

#if defined(__x86_64__) || defined(__i386__)

typedef struct {
    uint32_t mxcsr;
    uint16_t x87;
} wds_float;

#define WDS_MXCSR_CONTROL 0xffc0u /* without the flags, which no one keeps */
#define WDS_MXCSR 0x1f80u         /* nothing is raised, rounded to nearest: every thread's at its start */
#define WDS_X87_GO 0x027fu        /* the same of x87, in double precision: runtime.controlWord64 */
#if defined(_WIN32)
#define WDS_X87 0x027fu /* a thread's at its start */
#else
#define WDS_X87 0x037fu
#endif

static inline wds_float wds_float_now(void)
{
    wds_float now;

    __asm__ volatile("stmxcsr %0" : "=m"(now.mxcsr) : : "memory");
    __asm__ volatile("fnstcw %0" : "=m"(now.x87) : : "memory");
    return now;
}

static inline void wds_float_load_sse(uint32_t wanted, uint32_t now)
{
    if ((wanted ^ now) & WDS_MXCSR_CONTROL)
        __asm__ volatile("ldmxcsr %0" : : "m"(wanted) : "memory");
}

/*
 * What was computed with exceptions masked has left flags behind: with them a
 * word that does not mask would raise at the next instruction of x87.
 */
static inline void wds_float_load(wds_float wanted, wds_float now)
{
    wds_float_load_sse(wanted.mxcsr, now.mxcsr);
    if (wanted.x87 != now.x87)
        __asm__ volatile("fnclex\n\tfldcw %0" : : "m"(wanted.x87) : "memory");
}

/* Makes the words those of a new thread, and gives what they were. */
static inline wds_float wds_float_fresh(void)
{
    static const wds_float fresh = {WDS_MXCSR, WDS_X87};
    wds_float was = wds_float_now();

    wds_float_load(fresh, was);
    return was;
}

static inline void wds_float_restore(wds_float was)
{
    wds_float_load(was, wds_float_now());
}

#if defined(__i386__)

static inline wds_float wds_float_enter(void)
{
    static const uint16_t go = WDS_X87_GO;
    wds_float host = wds_float_now();

    wds_float_load_sse(WDS_MXCSR, host.mxcsr);
    /* An exception of the host's that is still to come is raised here, before Go is entered. */
    if (host.x87 != go)
        __asm__ volatile("fldcw %0" : : "m"(go) : "memory");
    return host;
}

static inline void wds_float_leave(wds_float host)
{
    wds_float_restore(host);
}

#else

/*
 * Nothing in Go, nor what it calls, uses x87 in 64 bits, and nothing changes
 * MXCSR: only one that was changed here is put back. Most calls read it once,
 * which is all that they cost.
 */
static inline wds_float wds_float_enter(void)
{
    wds_float host = {0, 0};

    __asm__ volatile("stmxcsr %0" : "=m"(host.mxcsr) : : "memory");
    wds_float_load_sse(WDS_MXCSR, host.mxcsr);
    return host;
}

static inline void wds_float_leave(wds_float host)
{
    wds_float_load_sse(host.mxcsr, WDS_MXCSR);
}

#endif

#else /* other processors have no such words that a host changes */

typedef struct {
    int none;
} wds_float;

static inline wds_float wds_float_fresh(void)
{
    wds_float none = {0};

    return none;
}

static inline wds_float wds_float_enter(void)
{
    return wds_float_fresh();
}

static inline void wds_float_restore(wds_float was)
{
    (void)was;
}

static inline void wds_float_leave(wds_float host)
{
    (void)host;
}

#endif

#endif
