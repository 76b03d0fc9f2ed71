/*
 * export_start.h - what happens before Go is entered for the first time.
 */
#ifndef WDSOCKET_EXPORT_START_H
#define WDSOCKET_EXPORT_START_H

#include <stdint.h>

/* As in wdsocket.h. */
#define WDS_E_ACCESS (-36)
#define WDS_E_DESCRIPTORS (-37)
#define WDS_E_SYSTEM (-38)

/* Descriptors that have to be free at the first call. */
#define WDS_NEEDED 8

/*
 * Makes sure that Go may be entered: 0, or the code that tells why not, with the
 * system's number in *system. The first call that succeeds enters Go.
 *
 * Go's runtime ends the process when it cannot have the descriptors of its
 * poller. They are tried here first, by the very calls of the system that it
 * makes, and held until it takes them.
 */
extern int32_t wds_start(int32_t *system);

/* Lets go of what wds_start holds: Go calls it right before it makes its own. */
extern void wds_release_reserved(void);

/*
 * The file that WDSOCKET_TRACE names, in UTF-8 on Windows, "" for none; Go asks when
 * it is entered for the first time. It is read when the library is loaded (Windows:
 * at its first call), and not at all in a program with more rights than its user.
 */
#define WDS_LONGEST_TRACE 4096
extern const char *wds_trace(void);

#endif
