/*
 * window.h - a window that only gets messages (Windows): it needs no screen, and the
 * thread that made it runs its message loop.
 */
#ifndef HARNESS_WINDOW_H
#define HARNESS_WINDOW_H

#include <stdint.h>

#ifdef _WIN32

/* Is called for a message of the number that the window was made for. */
typedef void (*h_window_fn)(void *window, uintptr_t first, intptr_t second);

void *h_window_new(int message, h_window_fn fn); /* a HWND; NULL: none could be made */
void h_window_free(void *window);
void h_window_pump(int ms); /* handles the messages that have come; sleeps until one comes or the time is over */

#endif
#endif
