/*
 * Made by tools/abigen from wdsocket.h. Do not edit.
 *
 * The public functions. They are C for five reasons: the calling convention of
 * 32-bit Windows, results that fill the whole register in 64 bits, the error
 * record that belongs to the calling thread, the floating-point control words
 * that are the host's, and the refusal to enter Go in a forked child, where it
 * would hang.
 *
 * wdsocket.h is not included: it promises int32_t, and these functions return
 * the same number in a wider type.
 */
#include "export_float.h"
#include "export_shim.h"
#include "export_start.h"
#include "export_tray.h"
#include "export_wakeup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)
#include <windows.h>
#else
#include <pthread.h>
#include <signal.h>
#endif

#if defined(_WIN32) && !defined(_WIN64)
#define WDSOCKET_CALL __stdcall
#else
#define WDSOCKET_CALL
#endif

/*
 * On Windows the .def file exports. Hosts there in 32 bits may call with a
 * stack aligned to four bytes only, less than the compiler counts on.
 */
#if defined(_WIN32) && !defined(_WIN64)
#define WDS_PUBLIC __attribute__((force_align_arg_pointer))
#elif defined(_WIN32)
#define WDS_PUBLIC
#else
#define WDS_PUBLIC __attribute__((visibility("default")))
#endif

#define WDS_E_ARGUMENT (-10)
#define WDS_E_FORKED (-14)
#define WDS_INFO_MESSAGE (4001)
#define WDS_INFO_NAME (4002)
#define WDS_INFO_CODE (4003)
#define WDS_INFO_SYSTEM (4004)
#define WDS_INFO_PHASE (4005)
#define WDS_INFO_DETAIL (4006)
#define WDS_PHASE_CALL (1)
#define WDS_SCOPE_NONE (0)
#define WDS_SCOPE_LIBRARY (7)
#define WDSOCKET_VERSION (200)
#define WDS_PHASE_TEXT "call"

/* As in wdsocket.h. */
typedef void(WDSOCKET_CALL *wds_event_proc)(const int32_t *event, void *user);

/*
 * The queue whose callback runs in this thread, 0 if none does: a callback that is
 * removed from inside itself must not be waited for.
 */
static __thread int32_t wds_callback_queue;

void wds_invoke(uintptr_t callback, const int32_t *event, uintptr_t user, int32_t queue)
{
    int32_t outer = wds_callback_queue;
    wds_float go = wds_float_fresh();

    wds_callback_queue = queue;
    ((wds_event_proc)callback)(event, (void *)user);
    wds_callback_queue = outer;
    wds_float_restore(go);
}

int32_t wds_current_callback(void)
{
    return wds_callback_queue;
}

/* Set once in a forked child, which has one thread then; read by all. */
static volatile int wds_forked;

/* What Go would tell about the reasons not to enter it. */
static const struct {
    int32_t code, note;
    const char *name, *text;
} wds_refusals[] = {
    {-37, 5, "WDS_E_DESCRIPTORS", "no descriptors left in the process or the system; close sockets or raise the limit: the library needs 8 free descriptors for its first call, and the system's epoll and eventfd"},
    {-36, 5, "WDS_E_ACCESS", "the system denies it to this user (check the rights and the firewall): the library needs 8 free descriptors for its first call, and the system's epoll and eventfd"},
    {-38, 5, "WDS_E_SYSTEM", "error of the system: the library needs 8 free descriptors for its first call, and the system's epoll and eventfd"},
    {-13, 0, "WDS_E_INTERNAL", "a fault inside the library; please report it with WDS_INFO_DETAIL"},
};

static size_t wds_refusal_index(int32_t code)
{
    size_t i = sizeof wds_refusals / sizeof wds_refusals[0] - 1;

    while (i > 0 && wds_refusals[i].code != code)
        i--;
    return i;
}

/*
 * The record of a thread that was refused, because Go cannot be entered yet; NULL
 * once it can.
 */
static __thread wds_record *wds_refused;

/* Makes sure that Go can be entered. 0: it cannot, and the record tells why. */
static int wds_may_enter(wds_record *rec)
{
    wds_float host = wds_float_enter();
    int32_t system, code = wds_start(&system);

    wds_float_leave(host);
    if (code == 0) {
        wds_refused = NULL;
        return 1;
    }
    memset(rec, 0, sizeof *rec);
    rec->code = code;
    rec->note = wds_refusals[wds_refusal_index(code)].note;
    rec->system = system;
    rec->phase = WDS_PHASE_CALL;
    wds_refused = rec;
    return 0;
}

#if defined(_WIN32)

static __thread wds_record wds_record_tls;
static __thread int wds_entered;

/* The calling thread's record; NULL if Go cannot be entered. */
static wds_record *wds_thread_record(void)
{
    if (!wds_entered)
        wds_entered = wds_may_enter(&wds_record_tls);
    return wds_entered ? &wds_record_tls : NULL;
}

/*
 * A Go library cannot be unloaded, and some hosts unload after every call. The
 * library therefore holds itself for as long as the process lives.
 */
__attribute__((constructor)) static void wds_load(void)
{
    HMODULE self;
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCWSTR)(void *)&wds_forked, &self);
}

#else

/*
 * Only a pointer is thread-local: Go's own variable makes the loader put all
 * of this library's into a block of fixed size, and a record does not fit.
 */
static __thread wds_record *wds_record_tls;
static pthread_key_t wds_key;
static int wds_key_made;

/* Serves threads for which no memory is left; they may mix their errors up. */
static wds_record wds_record_fallback;

static void wds_thread_ends(void *record)
{
    wds_record_tls = NULL;
    wds_refused = NULL;
    free(record);
}

static wds_record *wds_new_record(void)
{
    wds_record *rec = calloc(1, sizeof *rec);

    if (rec == NULL)
        return &wds_record_fallback;
    if (wds_key_made && pthread_setspecific(wds_key, rec) != 0) {
        free(rec);
        return &wds_record_fallback;
    }
    return rec;
}

/* What Go turns into errors of its own must reach it in every thread. */
static const int wds_faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};

/*
 * A thread's first call. Go changes the signal mask of a thread that enters it
 * for the first time and leaves it so: the host gets its own back.
 */
static wds_record *wds_first_call(void)
{
    wds_record *rec = wds_refused != NULL ? wds_refused : wds_new_record();
    wds_float host;
    sigset_t own;
    size_t i;

    pthread_sigmask(SIG_SETMASK, NULL, &own);
    if (wds_may_enter(rec)) {
        host = wds_float_enter();
        wdsgo_Version(rec);
        wds_float_leave(host);
        wds_record_tls = rec;
    }
    for (i = 0; i < sizeof wds_faults / sizeof wds_faults[0]; i++)
        sigdelset(&own, wds_faults[i]);
    pthread_sigmask(SIG_SETMASK, &own, NULL);
    return wds_record_tls;
}

/* The calling thread's record; NULL if Go cannot be entered. */
static wds_record *wds_thread_record(void)
{
    return wds_record_tls != NULL ? wds_record_tls : wds_first_call();
}

static void wds_in_child(void)
{
    wds_forked = 1;
    wds_wakeup_in_child();
}

__attribute__((constructor)) static void wds_load(void)
{
    wds_key_made = pthread_key_create(&wds_key, wds_thread_ends) == 0;
    pthread_atfork(NULL, NULL, wds_in_child);
}

#endif

static int32_t wds_refusal(void)
{
    return wds_refused->code;
}

static int32_t wds_refusal_number(int32_t socket, int32_t what)
{
    if (socket != 0)
        return wds_refused->code;
    return what == WDS_INFO_SYSTEM ? wds_refused->system : what == WDS_INFO_PHASE ? wds_refused->phase : wds_refused->code;
}

static int32_t wds_refusal_text(int32_t socket, int32_t what, char *text, int32_t capacity)
{
    size_t i = wds_refusal_index(wds_refused->code), length;
    char all[512];

    if (socket != 0)
        return wds_refused->code;
    switch (what) {
    case WDS_INFO_MESSAGE:
        snprintf(all, sizeof all, "%s", wds_refusals[i].text);
        break;
    case WDS_INFO_NAME:
        snprintf(all, sizeof all, "%s", wds_refusals[i].name);
        break;
    case WDS_INFO_CODE:
    case WDS_INFO_SYSTEM:
        snprintf(all, sizeof all, "%d", (int)wds_refusal_number(socket, what));
        break;
    case WDS_INFO_PHASE:
        snprintf(all, sizeof all, "%s", WDS_PHASE_TEXT);
        break;
    case WDS_INFO_DETAIL:
        snprintf(all, sizeof all, "%s\n%s (%d)\n%s\n%d", wds_refusals[i].text, wds_refusals[i].name, (int)wds_refused->code, WDS_PHASE_TEXT,
                 (int)wds_refused->system);
        break;
    default:
        return WDS_E_ARGUMENT;
    }
    length = strlen(all);
    if (text != NULL && capacity > 0) {
        size_t n = length < (size_t)capacity ? length : (size_t)capacity - 1;
        memcpy(text, all, n);
        text[n] = 0;
    }
    return (int32_t)length;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketVersion(void)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return WDSOCKET_VERSION;
    host = wds_float_enter();
    result = wdsgo_Version(rec);
    wds_float_leave(host);
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketCloseAll(void)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_CloseAll(rec);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = 0;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketErrorInfo(int32_t socket, int32_t what, char *text, int32_t capacity)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return socket == 0 ? wds_forked_info(what, text, capacity) : WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal_text(socket, what, text, capacity);
    host = wds_float_enter();
    result = wdsgo_ErrorInfo(rec, socket, what, text, capacity);
    wds_float_leave(host);
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketErrorCode(int32_t socket, int32_t what)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return socket == 0 ? wds_forked_code(what) : WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal_number(socket, what);
    if (socket == 0 && (what == WDS_INFO_CODE || what == WDS_INFO_SYSTEM || what == WDS_INFO_PHASE)) {
        if (rec->code == 0)
            return 0;
        return what == WDS_INFO_CODE ? rec->code : what == WDS_INFO_SYSTEM ? rec->system : rec->phase;
    }
    host = wds_float_enter();
    result = wdsgo_ErrorCode(rec, socket, what);
    wds_float_leave(host);
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketErrorText(int32_t code, int32_t what, char *text, int32_t capacity)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return wds_forked_text(code, what, text, capacity);
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    host = wds_float_enter();
    result = wdsgo_ErrorText(rec, code, what, text, capacity);
    wds_float_leave(host);
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketErrorScope(int32_t socket, int32_t code)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_SCOPE_LIBRARY;
    rec = wds_thread_record();
    if (rec == NULL)
        return WDS_SCOPE_LIBRARY;
    if (code > 0 || (code == 0 && socket == 0 && rec->code == 0))
        return WDS_SCOPE_NONE;
    host = wds_float_enter();
    result = wdsgo_ErrorScope(rec, socket, code);
    wds_float_leave(host);
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketNew(const char *socket_name)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_New(rec, (char *)socket_name);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = 0;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketOpen(int32_t socket, int32_t kind, int32_t port, const char *address, int32_t timeout_ms)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Open(rec, socket, kind, port, (char *)address, timeout_ms);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketConnect(const char *socket_name, int32_t port, const char *address, int32_t timeout_ms)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Connect(rec, (char *)socket_name, port, (char *)address, timeout_ms);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = 0;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketCreate(const char *socket_name, int32_t port, const char *address)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Create(rec, (char *)socket_name, port, (char *)address);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = 0;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketCreateUDP(const char *socket_name, int32_t port, const char *address)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_CreateUDP(rec, (char *)socket_name, port, (char *)address);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = 0;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketConnectSSL(const char *socket_name, int32_t port, const char *address, int32_t ssl_options, int32_t timeout_ms, const char *client_certificate, const char *password)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_ConnectSSL(rec, (char *)socket_name, port, (char *)address, ssl_options, timeout_ms, (char *)client_certificate, (char *)password);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = 0;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketCreateSSL(const char *socket_name, int32_t port, const char *certificate, int32_t ssl_options, const char *address, const char *password)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_CreateSSL(rec, (char *)socket_name, port, (char *)certificate, ssl_options, (char *)address, (char *)password);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = 0;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketStartSSL(int32_t socket, int32_t role, int32_t ssl_options, const char *certificate, const char *password, int32_t timeout_ms)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_StartSSL(rec, socket, role, ssl_options, (char *)certificate, (char *)password, timeout_ms);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketStopSSL(int32_t socket, int32_t timeout_ms)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_StopSSL(rec, socket, timeout_ms);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketSSLInfo(int32_t socket, int32_t what, int32_t index, char *text, int32_t capacity)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_SSLInfo(rec, socket, what, index, text, capacity);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketWebSocketInfo(int32_t socket, int32_t what, char *text, int32_t capacity)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_WebSocketInfo(rec, socket, what, text, capacity);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketWaitForConnection(int32_t server, int32_t timeout_ms)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_WaitForConnection(rec, server, timeout_ms);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = server;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketAccept(int32_t server, int32_t timeout_ms)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Accept(rec, server, timeout_ms);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = server;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketDeny(int32_t server)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Deny(rec, server);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = server;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketRead(int32_t socket, void *buffer, int32_t capacity, int32_t timeout_ms)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    if (timeout_ms >= -1) {
        int32_t length = wds_tray_take(socket, buffer, capacity);
        if (length >= 0)
            return length;
    }
    host = wds_float_enter();
    result = wdsgo_Read(rec, socket, buffer, capacity, timeout_ms);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketReadMany(int32_t socket, void *buffer, int32_t capacity, int32_t *lengths, int32_t count, int32_t timeout_ms)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_ReadMany(rec, socket, buffer, capacity, lengths, count, timeout_ms);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketReadMessage(int32_t socket, int32_t timeout_ms, const void **data, int32_t *length, void **message)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_ReadMessage(rec, socket, timeout_ms, (void **)data, length, message);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketMessageFree(void *message)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    host = wds_float_enter();
    result = wdsgo_MessageFree(rec, message);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = 0;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketReadExactly(int32_t socket, void *buffer, int32_t length, int32_t timeout_ms)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_ReadExactly(rec, socket, buffer, length, timeout_ms);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketReadUntil(int32_t socket, void *buffer, int32_t capacity, const void *tag, int32_t tag_length, int32_t timeout_ms)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_ReadUntil(rec, socket, buffer, capacity, (void *)tag, tag_length, timeout_ms);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketWrite(int32_t socket, const void *data, int32_t length)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    if (wds_tray_put(socket, data, length))
        return length;
    host = wds_float_enter();
    result = wdsgo_Write(rec, socket, (void *)data, length);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketExchange(int32_t socket, const void *data, int32_t length, void *reply, int32_t capacity, int32_t timeout_ms)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Exchange(rec, socket, (void *)data, length, reply, capacity, timeout_ms);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketWriteUDP(int32_t socket, const void *data, int32_t length, const char *address, int32_t port)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_WriteUDP(rec, socket, (void *)data, length, (char *)address, port);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketReadUDP(int32_t socket, void *buffer, int32_t capacity, int32_t timeout_ms, char *address, int32_t address_capacity, int32_t *port)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_ReadUDP(rec, socket, buffer, capacity, timeout_ms, address, address_capacity, port);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketAvailable(int32_t socket)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Available(rec, socket);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketDiscard(int32_t socket, int32_t what)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Discard(rec, socket, what);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketChangeTransmissionMode(int32_t socket, int32_t mode, const void *tag, int32_t tag_length)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_ChangeTransmissionMode(rec, socket, mode, (void *)tag, tag_length);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketFlush(int32_t socket, int32_t timeout_ms)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Flush(rec, socket, timeout_ms);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketNewQueue(void)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_NewQueue(rec);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = 0;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketAttach(int32_t queue, int32_t socket, int32_t how)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Attach(rec, queue, socket, how);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = queue;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketDetach(int32_t socket)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    host = wds_float_enter();
    result = wdsgo_Detach(rec, socket);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketNextEvents(int32_t queue, int32_t timeout_ms, void *events, int32_t record_bytes, int32_t capacity)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_NextEvents(rec, queue, timeout_ms, events, record_bytes, capacity);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = queue;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketNewTimer(int32_t queue, int32_t delay_ms, int32_t repeat_ms, int32_t user_number)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_NewTimer(rec, queue, delay_ms, repeat_ms, user_number);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = queue;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketSetCallback(int32_t queue, wds_event_proc callback, void *user)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_SetCallback(rec, queue, (uintptr_t)callback, (uintptr_t)user);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = queue;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketSetWindow(int32_t queue, void *window, int32_t message)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_SetWindow(rec, queue, (uintptr_t)window, message);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = queue;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketDescriptor(int32_t queue)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Descriptor(rec, queue);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = queue;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketGroupJoin(int32_t channel, const char *group)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_GroupJoin(rec, channel, (char *)group);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = channel;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketGroupLeave(int32_t channel, const char *group)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_GroupLeave(rec, channel, (char *)group);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = channel;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketGroupPublish(int32_t server, const char *group, const void *data, int32_t length)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_GroupPublish(rec, server, (char *)group, (void *)data, length);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = server;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketClientInfo(int32_t socket, int32_t what, char *text, int32_t capacity)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_ClientInfo(rec, socket, what, text, capacity);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketLocalInfo(int32_t socket, int32_t what, char *text, int32_t capacity)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_LocalInfo(rec, socket, what, text, capacity);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketExist(int32_t socket)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return 0;
    rec = wds_thread_record();
    if (rec == NULL)
        return 0;
    host = wds_float_enter();
    result = wdsgo_Exist(rec, socket);
    wds_float_leave(host);
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketState(int32_t socket)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    host = wds_float_enter();
    result = wdsgo_State(rec, socket);
    wds_float_leave(host);
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketFind(const char *socket_name)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Find(rec, (char *)socket_name);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = 0;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketName(int32_t socket, char *text, int32_t capacity)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Name(rec, socket, text, capacity);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketList(int32_t server, int32_t *sockets, int32_t capacity)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_List(rec, server, sockets, capacity);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = server;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketGetNumber(int32_t socket, int32_t what, int64_t *value)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_GetNumber(rec, socket, what, value);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketStatistics(int32_t socket, int64_t *figures, int32_t count)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Statistics(rec, socket, figures, count);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketSelfTest(char *text, int32_t capacity)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_SelfTest(rec, text, capacity);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = 0;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketGuess(const void *data, int32_t length, char *text, int32_t capacity)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Guess(rec, (void *)data, length, text, capacity);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = 0;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketSetOption(int32_t socket, int32_t option, int32_t value)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_SetOption(rec, socket, option, value);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketGetOption(int32_t socket, int32_t option, int32_t *value)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_GetOption(rec, socket, option, value);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketSetText(int32_t socket, int32_t option, const char *text)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_SetText(rec, socket, option, (char *)text);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketGetText(int32_t socket, int32_t option, char *text, int32_t capacity)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_GetText(rec, socket, option, text, capacity);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketSetBytes(int32_t socket, int32_t option, const void *data, int32_t length)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_SetBytes(rec, socket, option, (void *)data, length);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketGetBytes(int32_t socket, int32_t option, void *buffer, int32_t capacity)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_GetBytes(rec, socket, option, buffer, capacity);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketCancel(int32_t socket)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Cancel(rec, socket);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketWakeup(int32_t on)
{
    if (wds_forked)
        return WDS_E_FORKED;
    return wds_wakeup(on);
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketWakeupDescriptor(void)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_WakeupDescriptor(rec);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = 0;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketClose(int32_t socket)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    host = wds_float_enter();
    result = wdsgo_Close(rec, socket);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}

WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketCloseEx(int32_t socket, int32_t how, int32_t timeout_ms)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    host = wds_float_enter();
    result = wdsgo_CloseEx(rec, socket, how, timeout_ms);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = socket;
    return result;
}
