/*
 * export_tray.h - small writes that the host makes without entering Go.
 *
 * A call into Go costs more than the copying of a small message. Where writes are
 * collected (WDS_OPT_COALESCE), Go therefore lends the host's side the memory in
 * which it collects: a tray. What fits is put there by the calling thread;
 * whatever does not goes the usual way, which takes the tray back first. Go
 * lends a tray for some milliseconds at most, and takes it back before
 * anything else happens to the socket's sending side.
 */
#ifndef WDSOCKET_EXPORT_TRAY_H
#define WDSOCKET_EXPORT_TRAY_H

#include <stdint.h>

#define WDS_TRAYS 64     /* a power of two; a socket has one place among them, by its handle */
#define WDS_TRAY_TAIL 16 /* the longest end tag that a tray knows */

/*
 * All but lock is read and changed by the one who holds it; open may be read at
 * any time. Places do not share a line of the
 * processor's cache.
 */
typedef struct {
    int32_t lock;     /* 1: held, for a moment only */
    int32_t open;     /* the socket whose writes may be put here, 0: nobody's */
    int32_t owner;    /* the socket that it is lent to until it is taken back, 0: it is free */
    int32_t over;     /* 1: it is not opened for this owner any more */
    int32_t messages; /* put here since it was lent */
    int32_t used;     /* bytes put here */
    int32_t room;     /* bytes there is room for */
    int32_t limit;    /* bytes of a message at most */
    int32_t sized;    /* its length in digits and CR LF stand before a message */
    int32_t tail_length;
    unsigned char tail[WDS_TRAY_TAIL]; /* and this behind it */
    uintptr_t memory;
    char apart[128 - 10 * sizeof(int32_t) - WDS_TRAY_TAIL - sizeof(uintptr_t)];
} wds_tray;

extern wds_tray wds_trays[WDS_TRAYS];

/* Puts a message there. 0: it has to go the usual way, and nothing was changed. */
extern int wds_tray_put(int32_t socket, const void *data, int32_t length);

#endif
