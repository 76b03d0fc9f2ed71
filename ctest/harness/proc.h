/*
 * proc.h - this process: its output, files, environment, signals and children.
 */
#ifndef HARNESS_PROC_H
#define HARNESS_PROC_H

#include <stdint.h>

#include "platform.h"

void h_sigpipe_default(void);
int h_capture_begin(void);                      /* standard output and error go into a file from here */
int h_capture_end(char *text, int capacity);    /* and back; bytes that were written */
char *h_temp_path(const char *name);            /* a path in a folder of this run; free it */
char *h_read_file(const char *path);            /* whole text or NULL; free it */
void h_remove(const char *path);
#ifdef H_UNIX
int h_signal_kept(int number, void (*handler)(int));   /* is this still its handler? */
void h_signal_set(int number, void (*handler)(int));
int h_fork(int (*fn)(void *), void *argument, int limit_ms); /* child's result, -1 hung, -2 killed by a signal */
void h_execute_again(const char *name);         /* this program under that name in this process, in the emulator that runs it; returns if it cannot */
int h_highest_descriptor(void);
int h_limit_descriptors(int limit);             /* returns the limit before */
int h_raise_descriptors(void);                  /* as far as allowed; returns the limit, 1000000 at most */
#endif
void *h_load(const char *path);                 /* a library, NULL if it cannot be loaded */
void *h_symbol(void *library, const char *name);
void h_unload(void *library);
int h_set_environment(const char *name, const char *value);

#endif
