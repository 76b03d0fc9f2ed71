/*
 * window.c - see window.h.
 */
#include "window.h"

#ifdef _WIN32
#include <stdlib.h>
#include <windows.h>

#define CLASS "wdsocket test"

typedef struct {
    UINT message;
    h_window_fn fn;
} listener;

static LRESULT CALLBACK procedure(HWND window, UINT message, WPARAM first, LPARAM second)
{
    listener *l = (listener *)GetWindowLongPtrA(window, GWLP_USERDATA);

    if (l != NULL && message == l->message) {
        l->fn(window, first, second);
        return 0;
    }
    if (message == WM_NCDESTROY) {
        SetWindowLongPtrA(window, GWLP_USERDATA, 0);
        free(l);
    }
    return DefWindowProcA(window, message, first, second);
}

void *h_window_new(int message, h_window_fn fn)
{
    static ATOM known;
    listener *l = (listener *)malloc(sizeof *l);
    HWND window;

    if (l == NULL)
        return NULL;
    l->message = (UINT)message;
    l->fn = fn;
    if (known == 0) {
        WNDCLASSA kind = {0};

        kind.lpfnWndProc = procedure;
        kind.hInstance = GetModuleHandleA(NULL);
        kind.lpszClassName = CLASS;
        known = RegisterClassA(&kind);
    }
    window = CreateWindowExA(0, CLASS, "", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, GetModuleHandleA(NULL), NULL);
    if (window == NULL)
        free(l);
    else
        SetWindowLongPtrA(window, GWLP_USERDATA, (LONG_PTR)l);
    return window;
}

void h_window_free(void *window)
{
    DestroyWindow((HWND)window);
}

void h_window_pump(int ms)
{
    MSG message;

    MsgWaitForMultipleObjects(0, NULL, FALSE, (DWORD)ms, QS_ALLINPUT);
    while (PeekMessageA(&message, NULL, 0, 0, PM_REMOVE))
        DispatchMessageA(&message);
}
#endif
