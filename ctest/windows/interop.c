/*
 * interop.c - both ends of a conversation in each mode, plain and with TLS, for
 * a DLL under Wine and a shared object on Linux that talk to each other
 *
 * usage: interop serve CERTIFICATE FILE ENDED  opens a server for each mode, writes
 *                                              their ports into FILE, serves one
 *                                              client of each and ends; when there
 *                                              is a file ENDED no client comes any more
 *        interop talk CERTIFICATE PORT...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wdsocket.h"

#define MODES 8
#define KINDS 2 /* plain, TLS */
#define WAIT_MS 60000
#define ASKS_MS 200 /* how often a server looks whether the other end has ended */
#define SAME "He\0lo" /* five bytes, as the fixed length says */

static int passed, failed;

static void check(const char *what, int kind, int mode, int good)
{
    char text[1000] = "";

    passed += good;
    failed += !good;
    if (good) {
        printf("  ok   %s mode %d%s\n", what, mode, kind ? " TLS" : "");
    } else {
        WDSocketErrorInfo(0, WDS_INFO_DETAIL, text, (int32_t)sizeof text);
        printf("  FAIL %s mode %d%s\n    %s\n", what, mode, kind ? " TLS" : "", text);
    }
    fflush(stdout);
}

static int32_t prepared(int mode)
{
    int32_t socket = WDSocketNew(NULL);

    WDSocketSetOption(socket, WDS_OPT_FRAME_LENGTH, 5);
    WDSocketChangeTransmissionMode(socket, mode, "\r\n", 2);
    return socket;
}

static int is_there(const char *path)
{
    FILE *file = fopen(path, "r");

    return file != NULL && fclose(file) == 0;
}

/* The client of a server, whenever it comes; WDS_E_TIMEOUT when the other end has ended. */
static int32_t next_client(int32_t server, const char *ended)
{
    int32_t channel;
    int over;

    do {
        over = is_there(ended); /* what it has sent before waits already */
        channel = WDSocketAccept(server, over ? 0 : ASKS_MS);
    } while (channel == WDS_E_TIMEOUT && !over);
    return channel;
}

static int serve(const char *certificate, const char *path, const char *ended)
{
    int32_t servers[KINDS * MODES];
    char text[KINDS * MODES * 8] = "";
    FILE *file;
    int i;

    for (i = 0; i < KINDS * MODES; i++) {
        int32_t port = 0, opened;

        servers[i] = prepared(i % MODES);
        if (i >= MODES)
            WDSocketSetText(servers[i], WDS_TEXT_SSL_CERTIFICATE, certificate);
        opened = WDSocketOpen(servers[i], i < MODES ? WDS_KIND_SERVER : WDS_KIND_SERVER_SSL, 0, "127.0.0.1", 0);
        if (opened != WDS_OK)
            check("opening", i / MODES, i % MODES, 0);
        WDSocketGetOption(servers[i], WDS_OPT_LOCAL_PORT, &port);
        sprintf(text + strlen(text), "%d ", (int)port);
    }
    file = fopen(path, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        return 2;
    for (i = 0; i < KINDS * MODES; i++) {
        char message[64];
        int32_t channel = next_client(servers[i], ended), length;

        if (channel == WDS_E_TIMEOUT) {
            failed++;
            printf("  FAIL serving mode %d%s\n    the other end has ended, and its client has not come\n", i % MODES, i < MODES ? "" : " TLS");
            break;
        }
        length = WDSocketRead(channel, message, (int32_t)sizeof message, WAIT_MS);
        check("serving", i / MODES, i % MODES,
              length == 5 && memcmp(message, SAME, 5) == 0 && WDSocketWrite(channel, message, 5) == 5 &&
                  WDSocketRead(channel, message, (int32_t)sizeof message, WAIT_MS) == WDS_E_PEER_CLOSED);
        WDSocketClose(channel);
    }
    return WDSocketCloseAll() != WDS_OK || failed;
}

static int talk(const char *certificate, char **ports)
{
    int i;

    for (i = 0; i < KINDS * MODES; i++) {
        char answer[64];
        int32_t socket = prepared(i % MODES), opened, good;

        if (i >= MODES)
            WDSocketSetText(socket, WDS_TEXT_SSL_AUTHORITIES, certificate);
        opened = WDSocketOpen(socket, i < MODES ? WDS_KIND_CLIENT : WDS_KIND_CLIENT_SSL, atoi(ports[i]), "127.0.0.1", WAIT_MS);
        good = opened == WDS_OK && WDSocketWrite(socket, SAME, 5) == 5 &&
               WDSocketRead(socket, answer, (int32_t)sizeof answer, WAIT_MS) == 5 && memcmp(answer, SAME, 5) == 0;
        check("talking", i / MODES, i % MODES, good);
        WDSocketClose(socket);
    }
    return WDSocketCloseAll() != WDS_OK || failed;
}

int main(int argc, char **argv)
{
    int result = 2;

    if (argc == 5 && strcmp(argv[1], "serve") == 0)
        result = serve(argv[2], argv[3], argv[4]);
    else if (argc == 3 + KINDS * MODES && strcmp(argv[1], "talk") == 0)
        result = talk(argv[2], argv + 3);
    printf("interop: %d passed, %d failed\n", passed, failed);
    return result;
}
