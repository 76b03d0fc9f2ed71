/*
 * A child made by fork after the library was loaded and used must never enter
 * Go, where it would hang: every function refuses at once. The parent goes
 * on.
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdio.h>
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
    check(WDSocketErrorCode(0, WDS_INFO_CODE) == WDS_E_FORKED, "ErrorCode");
    check(WDSocketErrorInfo(0, WDS_INFO_MESSAGE, text, (int32_t)sizeof text) == WDS_E_FORKED, "ErrorInfo");
    check(WDSocketErrorText(WDS_E_FORKED, WDS_INFO_NAME, text, (int32_t)sizeof text) == WDS_E_FORKED, "ErrorText");
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
    for (i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, in_and_out, (void *)&stop);
    for (i = 0; i < CHILDREN; i++) {
        pid_t child = fork();
        if (child == 0) {
            alarm(20);
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
