/*
 * script.h - scripts that run through the model and through the twin.
 *
 * A line of a script is a call of the program, or what the peer, a plain socket, does.
 * What a call gives is its result, what ErrorOccurred says, its bytes, and whether it
 * came before its time was up. " !2" at the end: here the two differ, as row 2 of the
 * guide's table says.
 *
 * NAME "$" is the channel accepted last. "& read ..." runs in a thread, until "join";
 * "reading NAME" waits until it is inside. Where a script has two programs, "B " in front
 * is a call of the second.
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "originals.h"

enum { SCRIPT_LINES = 64, SCRIPT_LINE_ROOM = 512 };

/* What each line gave. */
typedef struct {
    int count;
    char line[SCRIPT_LINES][SCRIPT_LINE_ROOM];
} trace;

/* Runs a script; the second program may be NULL where there is none. */
void run_script(const originals *one, const originals *other, const char *const *script, trace *out);

/* Checks that a script gives the same in both, but for the marked lines. */
void compare(const char *const *script);

#endif
