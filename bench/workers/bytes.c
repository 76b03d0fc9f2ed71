/*
 * bytes.c read|queue FRAMING - what receiving costs where each byte arrives in a segment of its
 * own: the CPU time of the reading side in ns a byte, for the framing and for raw mode
 *
 * A thread sends a byte with TCP_NODELAY, waits until the library has taken it from the system,
 * and sends the next. What the process uses less what that thread uses is the reader's. There
 * are short messages, which show what a message costs, and a long one, which shows a search
 * that begins anew with each byte.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"
#include "open.h"

#define SHORT 64
#define SHORT_COUNT 128
#define LONG (64 * 1024)
#define ROOM (4 * LONG)
#define GAP_MS 10
#define LOOKS 8 /* of the sending thread before it sleeps: a busy machine would not let the reader run */

typedef struct {
    const char *name;
    int mode;
    const char *text; /* the tag of a mode with one, the description, or a preset */
    int most;         /* bytes of its longest message, 0 for LONG */
} framing;

#define PRESET (-1)

static const framing framings[] = {
    {"end-tag", WDS_MODE_END_TAG, "\r\n", 0},
    {"size", WDS_MODE_SIZE, NULL, 0},
    {"end-tag-buffer", WDS_MODE_END_TAG_BUFFER, "\r\n", 0},
    {"length", WDS_MODE_LENGTH, NULL, 0},
    {"fixed", WDS_MODE_FIXED, NULL, 0},
    {"markers", WDS_MODE_MARKERS, NULL, 0},
    {"gap", WDS_MODE_GAP, NULL, 0},
    {"line", WDS_MODE_DESCRIBED, "data (0D0A|0A|0D)", 0},
    {"escape", WDS_MODE_DESCRIBED, "02 data~10 03", 0},
    {"dle", WDS_MODE_DESCRIBED, "1002 data~~10 1003", 0},
    {"quote", WDS_MODE_DESCRIBED, "data~'22 0D0A", 0},
    {"length-check", WDS_MODE_DESCRIBED, "len:u32be=d d=data crc-32(d)", 0},
    {"varint", WDS_MODE_DESCRIBED, "len:varint data", 0},
    {"spans", WDS_MODE_DESCRIBED, "s=02 d=data e=03 crc-16/modbus/hex(s..e) ; restart noise", 0},
    {"end-or-gap", WDS_MODE_DESCRIBED, "02 data~10 03 ; gap=1000", 0},
    {"modbus-tcp", PRESET, "modbus-tcp", 256},
    {"mllp", PRESET, "mllp", 0},
    {"stx-etx-bcc", PRESET, "stx-etx-bcc", 0},
    {"hl7", PRESET, "hl7", 0},
    {"mysql", PRESET, "mysql", 0},
    {"slip", PRESET, "slip", 0},
    {"hdlc", PRESET, "hdlc", 0},
};

/* A connection is one connection of the library, with its peer. */
typedef struct {
    const framing *as;
    int32_t socket;
    int inner; /* the library's descriptor */
    int peer;
    char wire[ROOM]; /* a message as it is sent */
    int wire_length, messages;
    double used; /* by the sending thread */
} connection;

static int listener, port;
static int32_t queue;
static char message[LONG], buffer[ROOM];
static long taken; /* bytes that the reader has been given */
static int done;   /* it has all: behind the last message an LF may stay */

static int is_stream(const framing *f)
{
    return f->mode == WDS_MODE_RAW || f->mode == WDS_MODE_GAP;
}

static double clock_of(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void set_framing(int32_t socket, const framing *f, int size)
{
    switch (f->mode) {
    case PRESET:
        must("preset", WDSocketSetText(socket, WDS_TEXT_FRAME_PRESET, f->text));
        return;
    case WDS_MODE_DESCRIBED:
        must("description", WDSocketSetText(socket, WDS_TEXT_FRAME, f->text));
        return;
    case WDS_MODE_LENGTH:
        must("width", WDSocketSetOption(socket, WDS_OPT_FRAME_WIDTH, 4));
        break;
    case WDS_MODE_FIXED:
        must("length", WDSocketSetOption(socket, WDS_OPT_FRAME_LENGTH, size));
        break;
    case WDS_MODE_GAP:
        must("gap", WDSocketSetOption(socket, WDS_OPT_FRAME_GAP, GAP_MS));
        break;
    }
    must("mode", WDSocketChangeTransmissionMode(socket, f->mode, f->text, f->text == NULL ? 0 : (int32_t)strlen(f->text)));
}

/* The descriptor in this process whose socket has that port. */
static int descriptor_of(in_port_t wanted)
{
    int d;

    for (d = 3; d < 4096; d++) {
        struct sockaddr_in name;
        socklen_t length = sizeof name;

        if (getsockname(d, (struct sockaddr *)&name, &length) == 0 && name.sin_family == AF_INET && name.sin_port == wanted)
            return d;
    }
    bench_die("no descriptor with the port of the library's socket");
}

/* The library itself writes what its peer is going to send. */
static void learn_wire(connection *c, int size)
{
    struct timeval silence = {0, 50000};
    ssize_t got;

    must("write", WDSocketWrite(c->socket, message, size));
    setsockopt(c->peer, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof silence);
    for (c->wire_length = 0; (got = recv(c->peer, c->wire + c->wire_length, (size_t)(ROOM - c->wire_length), 0)) > 0;)
        c->wire_length += (int)got;
    if (c->wire_length < size)
        bench_die("%s: %d bytes of a message of %d", c->as->name, c->wire_length, size);
}

static connection *open_connection(const framing *f, int size, int messages)
{
    connection *c = bench_memory(sizeof *c);
    struct sockaddr_in name;
    socklen_t length = sizeof name;
    int on = 1;

    c->as = f;
    c->messages = messages;
    c->socket = must("connect", open_client(port));
    c->peer = accept(listener, (struct sockaddr *)&name, &length);
    if (c->peer < 0)
        bench_die("no connection");
    c->inner = descriptor_of(name.sin_port);
    setsockopt(c->peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    set_framing(c->socket, f, size);
    learn_wire(c, size);
    if (queue != 0)
        must("attach", WDSocketAttach(queue, c->socket, WDS_ATTACH_PLAIN));
    return c;
}

static void *send_bytes(void *argument)
{
    connection *c = argument;
    int m, i, unread, looks;

    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
    for (m = 1; m <= c->messages; m++) {
        for (i = 0; i < c->wire_length; i++) {
            if (send(c->peer, c->wire + i, 1, MSG_NOSIGNAL) != 1)
                bench_die("send");
            for (looks = 0; !__atomic_load_n(&done, __ATOMIC_SEQ_CST) && ioctl(c->inner, FIONREAD, &unread) == 0 && unread > 0; looks++)
                if (looks >= LOOKS)
                    bench_pause(1);
        }
        while (c->as->mode == WDS_MODE_GAP && __atomic_load_n(&taken, __ATOMIC_SEQ_CST) < (long)m * c->wire_length)
            bench_pause(500); /* the silence */
    }
    c->used = clock_of(CLOCK_THREAD_CPUTIME_ID);
    return NULL;
}

/* take reads once: a message, or what there is of a stream. */
static void take(const connection *c, int32_t wait, long *left)
{
    int32_t got = must(c->as->name, WDSocketRead(c->socket, buffer, ROOM, wait));

    __atomic_fetch_add(&taken, got, __ATOMIC_SEQ_CST);
    *left -= is_stream(c->as) ? got : 1;
}

static void receive_all(const connection *c)
{
    long left = is_stream(c->as) ? (long)c->messages * c->wire_length : c->messages;
    wds_event events[16];
    int32_t i, count;

    while (left > 0 && queue == 0)
        take(c, OPEN_WAIT_MS, &left);
    while (left > 0) {
        count = must("events", WDSocketNextEvents(queue, OPEN_WAIT_MS, events, (int32_t)sizeof *events, 16));
        for (i = 0; i < count; i++)
            if (events[i].kind == WDS_EVENT_MESSAGE)
                take(c, 0, &left);
            else
                bench_die("%s: event %d", c->as->name, (int)events[i].kind);
    }
}

/* measure adds CPU seconds and bytes of messages of one size. */
static void measure(const framing *f, int size, int messages, double *seconds, double *bytes)
{
    connection *c = open_connection(f, size, messages);
    pthread_t sender;
    double before;

    __atomic_store_n(&taken, 0, __ATOMIC_SEQ_CST);
    __atomic_store_n(&done, 0, __ATOMIC_SEQ_CST);
    before = clock_of(CLOCK_PROCESS_CPUTIME_ID);
    if (pthread_create(&sender, NULL, send_bytes, c) != 0)
        bench_die("no thread");
    receive_all(c);
    __atomic_store_n(&done, 1, __ATOMIC_SEQ_CST);
    pthread_join(sender, NULL);
    *seconds += clock_of(CLOCK_PROCESS_CPUTIME_ID) - before - c->used;
    *bytes += (double)messages * c->wire_length;
    must("close", WDSocketClose(c->socket));
    close(c->peer);
    free(c);
}

static double ns_of(const framing *f)
{
    double seconds = 0, bytes = 0;
    int most = f->most == 0 ? LONG : f->most;

    measure(f, SHORT, SHORT_COUNT, &seconds, &bytes);
    measure(f, most, LONG / most, &seconds, &bytes);
    return seconds * 1e9 / bytes;
}

static const framing *measured;

/* An operation is raw mode and the framing. */
static void run(long operations)
{
    static const framing raw = {"raw", WDS_MODE_RAW, NULL, 0};
    double ours = 0, other = 0, begin = bench_now();
    long pass;

    for (pass = 0; pass < operations; pass++) {
        other += ns_of(&raw) / (double)operations;
        ours += ns_of(measured) / (double)operations;
    }
    bench_total(bench_now() - begin, operations);
    bench_put("framing_ns", ours);
    bench_put("raw_ns", other);
}

int main(int argc, char **argv)
{
    struct sockaddr_in name = {0};
    socklen_t length = sizeof name;
    size_t i;

    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&name, sizeof name) != 0 || listen(listener, 8) != 0)
        bench_die("cannot listen");
    getsockname(listener, (struct sockaddr *)&name, &length);
    port = ntohs(name.sin_port);
    for (i = 0; i < sizeof framings / sizeof *framings; i++)
        if (argc > 2 && strcmp(argv[2], framings[i].name) == 0)
            measured = &framings[i];
    if (measured == NULL)
        bench_die("no framing given");
    if (strcmp(argv[1], "queue") == 0)
        queue = must("queue", WDSocketNewQueue());
    memset(message, 'm', sizeof message);
    memcpy(message, "\0\1\0\0", 4); /* as a Modbus TCP message begins */
    return bench_obey(0, run);
}
