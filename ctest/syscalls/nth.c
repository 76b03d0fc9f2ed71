/*
 * nth.c - a conversation in which one call of the system fails, arranged from
 * outside by nth.sh. Whatever fails, each function gives a result or an error
 * of the table, what was delivered is right, and nothing is left.
 *
 * usage: nth stream|simple|udp|tls|events timeout_ms [certificate authority]
 * Exit: 0 everything worked, 3 something gave an error, 1 a defect.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wdsocket.h"

#define LONG_MESSAGE 300000

static int patience, errors, defects;
static const char *certificate, *authority;
static char big[LONG_MESSAGE], got[LONG_MESSAGE];

/* Is a result one that the header allows? The error is for the reader of the log. */
static int32_t result(const char *what, int32_t value)
{
    char name[64], text[512];

    if (value >= 0)
        return value;
    errors++;
    if (value == WDS_E_INTERNAL || WDSocketErrorText(value, WDS_INFO_NAME, name, (int32_t)sizeof name) < 0 ||
        strncmp(name, "WDS_E_", 6) != 0 || WDSocketErrorInfo(0, WDS_INFO_MESSAGE, text, (int32_t)sizeof text) < 5) {
        defects++;
        printf("%s: %d is no error of the table\n", what, (int)value);
    } else {
        printf("%s: %s, %s\n", what, name, text);
    }
    return value;
}

static void same(const char *what, const char *data, int32_t length, const char *expected, int32_t right)
{
    if (length == right && memcmp(data, expected, (size_t)right) == 0)
        return;
    defects++;
    printf("%s: what was delivered is wrong (%d bytes)\n", what, (int)length);
}

typedef struct {
    int32_t socket, done;
} side;

static void *reads_long(void *argument)
{
    side *s = argument;

    s->done = WDSocketRead(s->socket, got, LONG_MESSAGE, patience);
    return NULL;
}

/* Messages both ways, the last one longer than the system takes at once. */
static void talk(int32_t one, int32_t other)
{
    char text[64];
    int32_t n;
    pthread_t thread;
    side s;

    if (result("write", WDSocketWrite(one, "question", -1)) >= 0) {
        n = result("read", WDSocketRead(other, text, (int32_t)sizeof text, patience));
        if (n >= 0)
            same("read", text, n, "question", 8);
    }
    if (result("answer", WDSocketWrite(other, "answer", -1)) >= 0) {
        n = result("read the answer", WDSocketRead(one, text, (int32_t)sizeof text, patience));
        if (n >= 0)
            same("read the answer", text, n, "answer", 6);
    }
    s.socket = one;
    if (pthread_create(&thread, NULL, reads_long, &s) != 0)
        return;
    result("long write", WDSocketWrite(other, big, LONG_MESSAGE));
    pthread_join(thread, NULL);
    if (s.done >= 0)
        same("long read", got, s.done, big, LONG_MESSAGE);
    else
        errors++;
}

static int32_t port_of(int32_t server)
{
    int32_t port = 0;

    result("port", WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port));
    return port;
}

static void stream(void)
{
    int32_t server, client, channel;

    server = result("create", WDSocketCreate("server", 0, "127.0.0.1"));
    if (server < 0)
        return;
    client = result("connect", WDSocketConnect(NULL, port_of(server), "127.0.0.1", patience));
    channel = result("accept", WDSocketAccept(server, patience));
    if (client > 0 && channel > 0) {
        talk(client, channel);
        talk(channel, client);
        result("half-close", WDSocketCloseEx(client, WDS_CLOSE_WRITE, patience));
        WDSocketRead(channel, got, 100, patience);
        result("close", WDSocketCloseEx(channel, WDS_CLOSE_GRACEFUL, patience));
    }
}

static void simple(void)
{
    int32_t server, client, n;
    char text[64];

    server = result("create", WDSocketCreate(NULL, 0, NULL));
    if (server < 0)
        return;
    client = result("connect", WDSocketConnect(NULL, port_of(server), "localhost", patience));
    if (client < 0)
        return;
    result("write", WDSocketWrite(client, "hello", -1));
    n = result("read", WDSocketRead(server, text, (int32_t)sizeof text, patience));
    if (n >= 0)
        same("read", text, n, "hello", 5);
    result("deny", WDSocketDeny(server));
}

static void udp(void)
{
    int32_t one, other, n, port = 0;
    char text[64], from[64];

    one = result("create", WDSocketCreateUDP(NULL, 0, "127.0.0.1"));
    other = result("create", WDSocketCreateUDP(NULL, 0, "127.0.0.1"));
    if (one < 0 || other < 0)
        return;
    result("write", WDSocketWriteUDP(one, "datagram", 8, "127.0.0.1", port_of(other)));
    n = result("read", WDSocketReadUDP(other, text, (int32_t)sizeof text, patience, from, (int32_t)sizeof from, &port));
    if (n >= 0)
        same("read", text, n, "datagram", 8);
    result("answer", WDSocketWrite(other, "back", -1));
    n = result("read the answer", WDSocketRead(one, text, (int32_t)sizeof text, patience));
    if (n >= 0)
        same("read the answer", text, n, "back", 4);
}

static void *connects(void *argument)
{
    side *s = argument;

    s->done = WDSocketConnectSSL(NULL, s->socket, "127.0.0.1", WDS_SSL_ONLY_AUTHORITIES, patience, NULL, NULL);
    return NULL;
}

static void tls(void)
{
    int32_t server, channel;
    pthread_t thread;
    side s;

    result("authority", WDSocketSetText(0, WDS_TEXT_SSL_AUTHORITIES, authority));
    server = result("create", WDSocketCreateSSL(NULL, 0, certificate, WDS_SSL_DEFAULT, "127.0.0.1", NULL));
    if (server < 0)
        return;
    s.socket = port_of(server);
    s.done = -1;
    if (pthread_create(&thread, NULL, connects, &s) != 0)
        return;
    channel = result("accept", WDSocketAccept(server, patience));
    pthread_join(thread, NULL);
    if (s.done < 0)
        errors++;
    if (channel > 0 && s.done > 0)
        talk(channel, s.done);
}

/* A managed server in one thread, and its client beside it. */
static void events(void)
{
    int32_t queue, server, client, record[8], n, rounds;
    char text[64];

    queue = result("queue", WDSocketNewQueue());
    server = result("create", WDSocketCreate(NULL, 0, "127.0.0.1"));
    if (queue < 0 || server < 0 || result("attach", WDSocketAttach(queue, server, WDS_ATTACH_MANAGE)) < 0)
        return;
    client = result("connect", WDSocketConnect(NULL, port_of(server), "127.0.0.1", patience));
    if (client < 0)
        return;
    result("write", WDSocketWrite(client, "ask", -1));
    for (rounds = 0; rounds < 10; rounds++) {
        if (result("events", WDSocketNextEvents(queue, patience, record, (int32_t)sizeof record, 1)) < 0)
            return;
        if (record[1] == WDS_EVENT_MESSAGE)
            break;
        if (record[1] != WDS_EVENT_ACCEPTED) { /* the failure has become an event */
            errors++;
            return;
        }
    }
    n = result("read", WDSocketRead(record[0], text, (int32_t)sizeof text, 0));
    if (n >= 0)
        same("read", text, n, "ask", 3);
    result("answer", WDSocketWrite(record[0], "told", -1));
    n = result("read the answer", WDSocketRead(client, text, (int32_t)sizeof text, patience));
    if (n >= 0)
        same("read the answer", text, n, "told", 4);
}

static void nothing_left(const char *what, int32_t number)
{
    int64_t value = -1;

    if (WDSocketGetNumber(0, number, &value) != WDS_OK || value != 0) {
        defects++;
        printf("%s left: %ld\n", what, (long)value);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } all[] = {{"stream", stream}, {"simple", simple}, {"udp", udp}, {"tls", tls}, {"events", events}};
    size_t i;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc < 3)
        return 2;
    patience = atoi(argv[2]);
    certificate = argc > 3 ? argv[3] : "";
    authority = argc > 4 ? argv[4] : "";
    for (i = 0; i < LONG_MESSAGE; i++)
        big[i] = (char)(i * 7 + i / 251);
    WDSocketSetOption(0, WDS_OPT_WRITE_TIMEOUT, patience);
    WDSocketSetOption(0, WDS_OPT_CLOSE_TIMEOUT, patience);
    for (i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(argv[1], all[i].name) == 0)
            break;
    if (i == sizeof all / sizeof all[0])
        return 2;
    all[i].run();
    if (WDSocketCloseAll() != WDS_OK)
        defects++;
    nothing_left("sockets", WDS_NUM_SOCKETS);
    nothing_left("descriptors", WDS_NUM_DESCRIPTORS);
    nothing_left("tasks", WDS_NUM_GOROUTINES);
    nothing_left("bytes", WDS_NUM_BUFFERED_BYTES);
    return defects > 0 ? 1 : errors > 0 ? 3 : 0;
}
