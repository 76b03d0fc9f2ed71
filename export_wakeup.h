/*
 * export_wakeup.h - WDSocketWakeup, which a signal handler may call: it does its
 * work without Go.
 */
#ifndef WDSOCKET_EXPORT_WAKEUP_H
#define WDSOCKET_EXPORT_WAKEUP_H

#include <stdint.h>

/*
 * The wake-up. Bit 0 of the word: calls that would wait are cancelled. The rest
 * counts how often that was cleared.
 */
extern uint32_t wds_wakeup_word;

/* Makes the pipe, once: 0, with errno, if there can be none. Not on Windows. */
extern int wds_wakeup_open(void);

/* Says that Go has been entered: calls that wait may have to be woken. Windows only. */
extern void wds_wakeup_started(void);

/* The writing end of the pipe, -1 where there is none. */
extern int32_t wds_wakeup_descriptor(void);

/* The reading end. */
extern int32_t wds_wakeup_reader(void);

/* For how many clearings a mark was put into the pipe, or dropped. Not on Windows. */
extern uint32_t wds_clearings_put(void);

/* WDSocketWakeup: safe in a signal handler, and as one. */
extern int32_t wds_wakeup(int32_t on);

/* Keeps a forked child from waking its parent up. */
extern void wds_wakeup_in_child(void);

#endif
