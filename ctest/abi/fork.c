/*
 * A child made by fork after the library was loaded and used must never enter
 * Go, where it would hang: every function refuses at once. The parent goes
 * on.
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wdsocket.h>

#define CHILDREN 40

static int bad;

static void check(int ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "wrong: %s\n", what);
        bad = 1;
    }
}

static void refuses(int32_t socket)
{
    char text[256];
    int32_t number = 0;
    int64_t wide = 0;
    void *message = NULL;
    const void *data = NULL;

    check(WDSocketNew(NULL) == WDS_E_FORKED, "New");
    check(WDSocketConnect(NULL, 1, "127.0.0.1", 0) == WDS_E_FORKED, "Connect");
    check(WDSocketCreate(NULL, 0, NULL) == WDS_E_FORKED, "Create");
    check(WDSocketRead(socket, text, 8, -1) == WDS_E_FORKED, "Read");
    check(WDSocketReadMessage(socket, -1, &data, &number, &message) == WDS_E_FORKED, "ReadMessage");
    check(WDSocketWrite(socket, "x", 1) == WDS_E_FORKED, "Write");
    check(WDSocketSetOption(0, WDS_OPT_HOST_TEXT, 0) == WDS_E_FORKED, "SetOption");
    check(WDSocketGetNumber(0, WDS_NUM_SOCKETS, &wide) == WDS_E_FORKED, "GetNumber");
    check(WDSocketClose(socket) == WDS_E_FORKED, "Close");
    check(WDSocketCloseAll() == WDS_E_FORKED, "CloseAll");
    check(WDSocketState(socket) == WDS_E_FORKED, "State");
    check(WDSocketExist(socket) == 0, "Exist");
    check(WDSocketVersion() == WDS_E_FORKED, "Version");
    check(WDSocketErrorCode(socket, WDS_INFO_CODE) == WDS_E_FORKED, "ErrorCode");
    check(WDSocketErrorInfo(socket, WDS_INFO_MESSAGE, text, (int32_t)sizeof text) == WDS_E_FORKED, "ErrorInfo");
    check(WDSocketErrorText(WDS_E_CLOSED, WDS_INFO_NAME, text, (int32_t)sizeof text) == WDS_E_FORKED, "ErrorText");
}

/* ---- and the error functions tell why, in the language and encoding of the parent ---- */

#define ROOM 512

typedef struct {
    char message[ROOM], name[ROOM];
    int32_t message_length, name_length, encoding;
} said;

/* What the parent is told about the code: by Go. */
static said ask(void)
{
    said s;

    memset(&s, 0, sizeof s);
    s.message_length = WDSocketErrorText(WDS_E_FORKED, WDS_INFO_MESSAGE, s.message, ROOM);
    s.name_length = WDSocketErrorText(WDS_E_FORKED, WDS_INFO_NAME, s.name, ROOM);
    check(WDSocketGetOption(0, WDS_OPT_HOST_TEXT, &s.encoding) == WDS_OK, "encoding");
    check(s.message_length > 20 && s.name_length >= 12, "what the parent is told");
    return s;
}

static void is(const char *text, int32_t length, const char *expected, int32_t expected_length, const char *what)
{
    /* with the terminator, of two bytes at most, behind it */
    check(length == expected_length && memcmp(text, expected, (size_t)length + 2) == 0, what);
}

static void begins(const char *whole, int32_t whole_length, int32_t what, int32_t encoding)
{
    int32_t capacity, end = encoding == 2 ? 2 : 1;

    for (capacity = 0; capacity < whole_length + end; capacity++) {
        char text[ROOM];
        int32_t n = capacity - end;

        memset(text, 'x', sizeof text);
        check(WDSocketErrorInfo(0, what, text, capacity) == whole_length, "the full length");
        check(text[capacity] == 'x', "no byte behind the buffer");
        if (n < 0) {
            check(text[0] == 'x', "no room for the end");
            continue;
        }
        if (encoding == 2)
            n &= ~1;
        while (encoding == 0 && n > 0 && ((unsigned char)whole[n] & 0xc0) == 0x80)
            n--;
        check(memcmp(text, whole, (size_t)n) == 0 && text[n] == 0 && text[n + end - 1] == 0, "cut at a character");
    }
}

static void tells_why(const said *s)
{
    char text[ROOM];
    int32_t length;

    check(WDSocketNew(NULL) == WDS_E_FORKED, "New");
    memset(text, 0, sizeof text);
    length = WDSocketErrorInfo(0, WDS_INFO_MESSAGE, text, ROOM);
    is(text, length, s->message, s->message_length, "the message");
    check(WDSocketErrorInfo(0, WDS_INFO_MESSAGE, NULL, 0) == length, "its length");
    begins(s->message, s->message_length, WDS_INFO_MESSAGE, s->encoding);
    memset(text, 0, sizeof text);
    length = WDSocketErrorInfo(0, WDS_INFO_NAME, text, ROOM);
    is(text, length, s->name, s->name_length, "the name");
    memset(text, 0, sizeof text);
    length = WDSocketErrorText(WDS_E_FORKED, WDS_INFO_MESSAGE, text, ROOM);
    is(text, length, s->message, s->message_length, "the general text");
    length = WDSocketErrorInfo(0, WDS_INFO_DETAIL, text, ROOM);
    check(length > s->message_length + s->name_length && memcmp(text, s->message, (size_t)s->message_length) == 0, "the detail");
    if (s->encoding != 2) {
        check(WDSocketErrorInfo(0, WDS_INFO_CODE, text, ROOM) == 3 && atoi(text) == WDS_E_FORKED, "the code");
        check(WDSocketErrorInfo(0, WDS_INFO_SYSTEM, text, ROOM) == 1 && strcmp(text, "0") == 0, "the system's number");
        check(WDSocketErrorInfo(0, WDS_INFO_PHASE, text, ROOM) >= 4 && (strcmp(text, "call") == 0 || strcmp(text, "appel") == 0), "the phase");
    }
    check(WDSocketErrorCode(0, WDS_INFO_CODE) == WDS_E_FORKED, "the code as a number");
    check(WDSocketErrorCode(0, WDS_INFO_SYSTEM) == 0, "the system's as a number");
    check(WDSocketErrorCode(0, WDS_INFO_PHASE) == WDS_PHASE_CALL, "the phase as a number");
    check(WDSocketErrorCode(0, 999) == WDS_E_ARGUMENT, "a code that is none");
    check(WDSocketErrorInfo(0, 999, text, ROOM) == WDS_E_ARGUMENT, "a text that is none");
    check(WDSocketErrorInfo(0, WDS_INFO_MESSAGE, text, -1) == WDS_E_ARGUMENT, "a capacity that is none");
    check(WDSocketErrorText(WDS_E_FORKED, WDS_INFO_CODE, text, ROOM) == WDS_E_ARGUMENT, "a general text that is none");
}

static void each_way(void)
{
    static const char *const languages[] = {"en", "fr"}, wide[] = "e\0n\0\0";
    int language, encoding, status;

    for (language = 0; language < 2; language++)
        for (encoding = 0; encoding < 3; encoding++) {
            pid_t child;
            said s;

            check(WDSocketSetText(0, WDS_TEXT_LANGUAGE, languages[language]) == WDS_OK, "language");
            check(WDSocketSetOption(0, WDS_OPT_HOST_TEXT, encoding) == WDS_OK, "encoding");
            s = ask();
            child = fork();
            if (child == 0) {
                alarm(60);
                tells_why(&s);
                _exit(bad);
            }
            check(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0, "a child that is told why");
            check(WDSocketSetText(0, WDS_TEXT_LANGUAGE, encoding == 2 ? wide : "en") == WDS_OK, "language back");
            check(WDSocketSetOption(0, WDS_OPT_HOST_TEXT, 0) == WDS_OK, "encoding back");
        }
}

static void *in_and_out(void *stop)
{
    while (!*(volatile int *)stop)
        WDSocketClose(WDSocketNew(NULL));
    return NULL;
}

int main(void)
{
    pthread_t threads[2];
    volatile int stop = 0;
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");
    int i, status;

    check(server > 0, "server");
    each_way();
    for (i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, in_and_out, (void *)&stop);
    for (i = 0; i < CHILDREN; i++) {
        pid_t child = fork();
        if (child == 0) {
            alarm(60);
            refuses(server);
            _exit(bad);
        }
        check(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0, "a child");
    }
    stop = 1;
    for (i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    check(WDSocketState(server) == WDS_STATE_LISTENING, "the parent's server lives");
    check(WDSocketClose(server) == WDS_OK, "close");
    if (!bad)
        printf("%d forked children refuse and tell why\n", CHILDREN);
    return bad;
}
