/*
 * wrap_websocket.c - a client's end of a WebSocket by hand: a fixed request, binary
 * messages in one frame each, a new mask for each
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "harness.h"
#include "wrap.h"

#define FINAL_BINARY 0x82
#define MASKED 0x80

static const char request[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
static unsigned long long state = 88172645463325252ULL;

/* The server sends nothing behind its answer before it is asked. */
void wrap_open(int descriptor)
{
    char answer[4096];
    size_t have = 0;

    if (send(descriptor, request, sizeof request - 1, MSG_NOSIGNAL) != (ssize_t)sizeof request - 1)
        bench_die("the request: %s", strerror(errno));
    do {
        ssize_t got = recv(descriptor, answer + have, sizeof answer - 1 - have, 0);

        if (got <= 0)
            bench_die("the answer to the request does not come");
        have += (size_t)got;
        answer[have] = '\0';
    } while (strstr(answer, "\r\n\r\n") == NULL && have < sizeof answer - 1);
    if (strncmp(answer, "HTTP/1.1 101", 12) != 0 || strcmp(strstr(answer, "\r\n\r\n"), "\r\n\r\n") != 0)
        bench_die("no WebSocket: %s", answer);
}

static int frame_header(char *header, int length, int mask)
{
    header[0] = (char)FINAL_BINARY;
    if (length < 126) {
        header[1] = (char)(mask | length);
        return 2;
    }
    if (length < 65536) {
        header[1] = (char)(mask | 126);
        header[2] = (char)(length >> 8);
        header[3] = (char)length;
        return 4;
    }
    bench_die("no message of %d bytes", length);
}

int wrap_answer(char *header, int length)
{
    return frame_header(header, length, 0);
}

int wrap_message(char *room, const char *message, int length)
{
    int head = frame_header(room, length, MASKED), i;
    uint32_t key = (uint32_t)(bench_random(&state) * 4294967296.0);
    char mask[4];

    memcpy(mask, &key, sizeof mask);
    memcpy(room + head, mask, sizeof mask);
    head += (int)sizeof mask;
    for (i = 0; i < length; i++)
        room[head + i] = (char)(message[i] ^ mask[i % 4]);
    return head + length;
}
