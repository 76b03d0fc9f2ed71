/*
 * logfile.h - the log file of a test, taken apart as its format in wdsocket.h says.
 */
#ifndef LOGFILE_H
#define LOGFILE_H

#include <stdint.h>
#include <stdio.h>

#include "check.h"

/* What a line has to be; NULL and 0 are not compared. */
typedef struct {
    const char *level;
    int32_t handle;
    const char *name, *kind, *local, *arrow, *peer, *text; /* text: its beginning */
} log_wanted;

/* Parses all lines, and tells how many are as wanted; -1 if one has not the form,
 * which is printed. */
int log_count(const char *log, const log_wanted *want);

/* Whether there are exactly so many lines with all these figures. */
#define CHECK_LINES(log, count, ...)                                            \
    do {                                                                        \
        log_wanted wanted_ = {__VA_ARGS__};                                     \
        if (!CHECK_EQ(log_count(log, &wanted_), count))                         \
            printf("%s", log);                                                  \
    } while (0)

/* The log of a test, and what it is turned over into: from log_begin to log_end. */
extern char *log_path, *log_turned;

/* Begins a log, of one of the levels of WDS_OPT_LOG_LEVEL. */
void log_begin(int level);
/* Ends it, sets the usual level again, and gives what stands in it; free that. */
char *log_end(void);

#endif
