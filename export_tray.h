/*
 * export_tray.h - small messages that the host writes and reads without entering Go.
 *
 * A call into Go costs more than the copying of a small message. So Go lends the
 * host's side trays. Where writes are collected (WDS_OPT_COALESCE), an out-tray is
 * the memory in which they are: what fits is put there by the calling thread. Where
 * many messages have arrived, an in-tray tells where each stands: the calling thread
 * takes one after the other. Whatever does not fit goes the usual way, which takes
 * the tray back first. So does all else that happens to that direction of the socket.
 */
#ifndef WDSOCKET_EXPORT_TRAY_H
#define WDSOCKET_EXPORT_TRAY_H

#include <stdint.h>

#define WDS_TRAYS 64     /* of each kind, a power of two; a socket has one place among them, by its handle */
#define WDS_TRAY_TAIL 16 /* the longest end tag that an out-tray knows */
#define WDS_PLACES 256   /* messages in an in-tray */

/*
 * What both kinds have in common. All but lock is read and changed by the one who
 * holds it; open may be read at any time.
 */
typedef struct {
    int32_t lock;     /* 1: held, for a moment only */
    int32_t open;     /* the socket whose messages may be put here or taken, 0: nobody's */
    int32_t owner;    /* the socket that it is lent to until it is taken back, 0: it is free */
    int32_t over;     /* 1: it is not opened for this owner any more */
    int32_t messages; /* put here or taken since it was lent */
    int32_t bytes;    /* and their bytes, with all that stands around them */
} wds_loan;

/* Trays do not share a line of the processor's cache. */
typedef struct {
    wds_loan loan;
    int32_t room;  /* bytes there is room for */
    int32_t limit; /* bytes of a message at most */
    int32_t sized; /* its length in digits and CR LF stand before a message */
    int32_t tail_length;
    unsigned char tail[WDS_TRAY_TAIL]; /* and this behind it */
    uintptr_t memory;
    char apart[128 - sizeof(wds_loan) - 4 * sizeof(int32_t) - WDS_TRAY_TAIL - sizeof(uintptr_t)];
} wds_out_tray;

/* Where a message stands, and how much of the stream is over with it. */
typedef struct {
    int32_t start, length, total;
} wds_place;

typedef struct {
    wds_loan loan;
    int32_t count; /* places that are filled in */
    uintptr_t memory;
    char apart[128 - sizeof(wds_loan) - 2 * sizeof(uintptr_t)];
    wds_place places[WDS_PLACES];
} wds_in_tray;

extern wds_out_tray wds_out_trays[WDS_TRAYS];
extern wds_in_tray wds_in_trays[WDS_TRAYS];

/* Puts a message there. 0: it has to go the usual way, and nothing was changed. */
extern int wds_tray_put(int32_t socket, const void *data, int32_t length);

/*
 * Takes the next message, with a NUL behind it if there is room, and tells its
 * length. -1: it has to be read in the usual way, and nothing was changed.
 */
extern int32_t wds_tray_take(int32_t socket, void *buffer, int32_t capacity);

#endif
