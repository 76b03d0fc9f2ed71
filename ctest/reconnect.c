/*
 * reconnect.c - what a reconnecting client is told, what it may do meanwhile,
 * and what becomes of its messages.
 *
 * The server of the large tests is a process of its own, which is killed and
 * started again while messages are written. It notes the number of each message
 * that it has read in a file.
 */
#ifndef _WIN32
#define _DEFAULT_SOURCE
#endif
#include "certificates.h"
#include "harness.h"

#ifdef H_UNIX
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

#ifdef H_UNIX

/* ---- the server that is killed ---- */

static void log_number(int file, int32_t number)
{
    if (write(file, &number, sizeof number) != sizeof number)
        _exit(3);
}

/* Reads lines with numbers: notes each before it is taken, so that one that was
 * not noted has not been read. */
static void serve_plain(int port, int file)
{
    static char bytes[65536];
    int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    struct sockaddr_in at;

    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_port = htons((uint16_t)port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    while (bind(listener, (struct sockaddr *)&at, sizeof at) != 0)
        usleep(1000);
    listen(listener, 16);
    for (;;) {
        int client = accept(listener, NULL, NULL);
        ssize_t n;

        while ((n = recv(client, bytes, sizeof bytes, MSG_PEEK)) > 0) {
            ssize_t begin = 0, i;

            for (i = 0; i < n; i++)
                if (bytes[i] == '\n') {
                    log_number(file, (int32_t)strtol(bytes + begin, NULL, 10));
                    begin = i + 1;
                }
            if (begin > 0 && recv(client, bytes, (size_t)begin, 0) != begin)
                break;
            if (begin == 0)
                usleep(100);
        }
        close(client);
    }
}

static void serve_tls(int port, int file)
{
    int32_t server;
    char text[64];

    while ((server = WDSocketCreateSSL(NULL, port, cert("good.pem"), 0, "127.0.0.1", NULL)) < 0)
        usleep(1000);
    for (;;) {
        int32_t channel = WDSocketAccept(server, -1);

        WDSocketChangeTransmissionMode(channel, WDS_MODE_END_TAG, "\n", 1);
        while (WDSocketRead(channel, text, sizeof text, -1) >= 0)
            log_number(file, (int32_t)strtol(text, NULL, 10));
        WDSocketClose(channel);
    }
}

/* With "port tls path" in its environment this program is such a server and ends
 * with the first test, which never returns. */
TEST(it_serves_where_it_is_told_to)
{
    const char *how = getenv("CTEST_RECONNECT");
    int port, tls, path, file;

    if (how == NULL || sscanf(how, "%d %d %n", &port, &tls, &path) < 2)
        return;
    file = open(how + path, O_WRONLY | O_APPEND | O_CREAT, 0600);
    alarm(600); /* never left behind */
    if (tls)
        serve_tls(port, file);
    else
        serve_plain(port, file);
}

#endif

/* A client that reconnects quickly. */
static int32_t reconnecting_client(int32_t first, int32_t most)
{
    int32_t client = WDSocketNew(NULL);

    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT, 1));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_FIRST, first));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_MOST, most));
    return client;
}

typedef struct {
    int32_t server, client, channel, queue;
    int port;
} reconnect_pair;

/* A client that reconnects, in a queue if that is wanted, and a server. */
static int reconnect_open(reconnect_pair *l, int queued, int32_t first, int32_t most)
{
    l->server = WDSocketCreate(NULL, 0, "127.0.0.1");
    l->port = h_port(l->server);
    l->client = reconnecting_client(first, most);
    l->queue = 0;
    if (queued) {
        l->queue = WDSocketNewQueue();
        if (!CHECK_GE(l->queue, 1) || !CHECK_OK(WDSocketAttach(l->queue, l->client, WDS_ATTACH_PLAIN)))
            return 0;
    }
    if (!CHECK_OK(WDSocketOpen(l->client, WDS_KIND_CLIENT, l->port, "127.0.0.1", 20000)))
        return 0;
    if (queued)
        CHECK_EQ(h_next_event(l->queue, 20000).kind, WDS_EVENT_CONNECTED);
    l->channel = WDSocketAccept(l->server, 20000);
    return CHECK_GE(l->channel, 1);
}

static void reconnect_close(reconnect_pair *l)
{
    WDSocketClose(l->client);
    WDSocketClose(l->channel);
    WDSocketClose(l->server);
    if (l->queue)
        WDSocketClose(l->queue);
}

TEST(steps_are_told)
{
    reconnect_pair l;
    h_event e;
    char text[32];
    int64_t broken, pauses = 0;
    int i;

    REQUIRE(reconnect_open(&l, 1, 200, 800));
    CHECK_EQ(WDSocketWrite(l.client, "one", -1), 3);
    CHECK_EQ(WDSocketRead(l.channel, text, 32, 20000), 3);
    CHECK_OK(WDSocketClose(l.server));
    l.server = 0;
    broken = h_now_us();
    CHECK_OK(WDSocketCloseEx(l.channel, WDS_CLOSE_ABORT, 0));
    for (i = 1; i <= 3; i++) {
        do
            e = h_next_event(l.queue, 20000);
        while (e.kind == WDS_EVENT_UNSURE || e.kind == WDS_EVENT_DROPPED);
        REQUIRE(CHECK_EQ(e.kind, WDS_EVENT_RECONNECTING));
        CHECK_EQ(e.value, i);
        CHECK_EQ(e.socket, l.client);
        CHECK_CODE(e.code, i == 1 ? WDS_E_RESET : WDS_E_REFUSED);
        pauses += i > 1 ? 100 << (i - 1) : 0;
        CHECK_GE(h_now_us() - broken, pauses * 1000); /* from the break on: what is told late does not make the next one early; a refusal may take its time */
        CHECK_EQ(WDSocketState(l.client), WDS_STATE_CONNECTING);
        CHECK_CODE(WDSocketRead(l.client, text, 32, -1), WDS_E_RECONNECTING);
        CHECK_CODE(WDSocketWrite(l.client, "two", -1), WDS_E_RECONNECTING);
    }
    l.server = WDSocketCreate(NULL, l.port, "127.0.0.1");
    CHECK_GE(l.server, 1);
    do
        e = h_next_event(l.queue, 20000);
    while (e.kind == WDS_EVENT_RECONNECTING);
    CHECK_EQ(e.kind, WDS_EVENT_RECONNECTED);
    CHECK_GE(e.value, 3);
    CHECK_GE(h_now_us() - broken, (200 + 400 + 800) * INT64_C(1000));
    l.channel = WDSocketAccept(l.server, 20000);
    CHECK_EQ(WDSocketWrite(l.channel, "three", -1), 5);
    CHECK_EQ(h_next_event(l.queue, 20000).kind, WDS_EVENT_MESSAGE);
    CHECK_EQ(WDSocketRead(l.client, text, 32, -1), 5);
    reconnect_close(&l);
}

TEST(tries_come_to_an_end)
{
    reconnect_pair l;
    h_event e;
    char text[32];

    REQUIRE(reconnect_open(&l, 1, 1, 5));
    CHECK_OK(WDSocketSetOption(l.client, WDS_OPT_RECONNECT_TRIES, 4));
    CHECK_OK(WDSocketClose(l.server));
    CHECK_OK(WDSocketClose(l.channel));
    do
        e = h_next_event(l.queue, 20000);
    while (e.kind == WDS_EVENT_RECONNECTING && e.value <= 4);
    CHECK_EQ(e.kind, WDS_EVENT_ERROR);
    CHECK_CODE(e.code, WDS_E_REFUSED);
    CHECK_CODE(WDSocketRead(l.client, text, 32, -1), WDS_E_REFUSED);
    CHECK_CODE(WDSocketWrite(l.client, "x", 1), WDS_E_REFUSED);
    CHECK_EQ(h_next_event(l.queue, 50).kind, 0);
    WAIT_UNTIL(h_number(0, WDS_NUM_GOROUTINES) == 0);
    CHECK_OK(WDSocketClose(l.client));
    CHECK_OK(WDSocketClose(l.queue));
}

TEST(a_reader_waits_for_its_connection)
{
    reconnect_pair l;
    h_thread *reader;

    REQUIRE(reconnect_open(&l, 0, 1, 20));
    CHECK_OK(WDSocketSetOption(l.client, WDS_OPT_RECONNECT_WAIT, 1));
    reader = h_blocked_reader(l.client);
    CHECK_OK(WDSocketCloseEx(l.channel, WDS_CLOSE_ABORT, 0));
    l.channel = WDSocketAccept(l.server, 20000);
    CHECK_GE(l.channel, 1);
    CHECK_EQ(WDSocketWrite(l.channel, "here", 4), 4);
    CHECK_EQ(h_join(reader), 4);
    reader = h_blocked_reader(l.client);
    CHECK_OK(WDSocketClose(l.server));
    CHECK_OK(WDSocketClose(l.channel));
    WAIT_UNTIL(WDSocketState(l.client) == WDS_STATE_CONNECTING);
    CHECK_OK(WDSocketClose(l.client)); /* while it reconnects */
    CHECK_CODE(h_join(reader), WDS_E_CLOSED);
    WAIT_UNTIL(h_number(0, WDS_NUM_GOROUTINES) == 0);
}

TEST(tag_and_mode_stay)
{
    reconnect_pair l;
    h_event e;
    char text[32];
    int i;

    REQUIRE(reconnect_open(&l, 1, 1, 20));
    CHECK_OK(WDSocketChangeTransmissionMode(l.client, WDS_MODE_END_TAG, "\r\n", 2));
    CHECK_OK(WDSocketSetOption(l.client, WDS_OPT_RECONNECT_KEEP, 100));
    for (i = 0; i < 3; i++) {
        CHECK_OK(WDSocketChangeTransmissionMode(l.channel, WDS_MODE_RAW, NULL, 0));
        CHECK_EQ(WDSocketWrite(l.channel, "whole\r\nin par", 13), 13);
        CHECK_EQ(h_next_event(l.queue, 20000).kind, WDS_EVENT_MESSAGE);
        CHECK_OK(WDSocketCloseEx(l.channel, WDS_CLOSE_ABORT, 0));
        do
            e = h_next_event(l.queue, 20000);
        while (e.kind == WDS_EVENT_RECONNECTING || e.kind == WDS_EVENT_UNSURE);
        CHECK_EQ(e.kind, WDS_EVENT_RECONNECTED);
        CHECK_EQ(WDSocketRead(l.client, text, 32, -1), 5);
        CHECK_TEXT(text, "whole");
        l.channel = WDSocketAccept(l.server, 20000);
        CHECK_EQ(WDSocketWrite(l.client, "ask", 3), 3);
        CHECK_OK(WDSocketChangeTransmissionMode(l.channel, WDS_MODE_END_TAG, "\r\n", 2));
        do /* what was not acknowledged comes again */
            REQUIRE(CHECK_EQ(WDSocketRead(l.channel, text, 32, 20000), 3));
        while (WDSocketAvailable(l.channel) > 0);
        CHECK_TEXT(text, "ask");
    }
    reconnect_close(&l);
}

#ifdef H_UNIX

/* ---- the servers of the large tests ---- */

static pid_t serve(int port, int tls, const char *path)
{
    char how[600];
    pid_t child;

    snprintf(how, sizeof how, "%d %d %s", port, tls, path);
    h_set_environment("CTEST_RECONNECT", how);
    child = fork();
    if (child == 0) {
        h_execute_again("reconnect");
        _exit(4);
    }
    unsetenv("CTEST_RECONNECT");
    return child;
}

static void end_server(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

/* ---- the client that writes to it ---- */

#define MOST_NUMBERS (1 << 22)

typedef struct {
    int32_t client, queue;
    volatile int64_t accepted, stop, failed;
    unsigned char *reported; /* by number: 1 unsure, 2 dropped */
    int64_t unsure, dropped, up;
} writer;

static int32_t write_numbers(void *argument)
{
    writer *w = (writer *)argument;
    int32_t number = 1;
    char text[16];

    while (!h_get(&w->stop) && number < MOST_NUMBERS) {
        int32_t length = (int32_t)snprintf(text, sizeof text, "%d", (int)number);
        int32_t result = WDSocketWrite(w->client, text, length);

        if (result == length) {
            number++;
            h_add(&w->accepted, 1);
        } else if (result == WDS_E_FULL || result == WDS_E_RECONNECTING) {
            h_sleep(1);
        } else {
            h_add(&w->failed, 1);
            return result;
        }
    }
    return WDS_OK;
}

/* Takes the events of so many ms. */
static void take_events(writer *w, int ms)
{
    int64_t end = h_now_us() + ms * INT64_C(1000);

    do {
        int64_t left = end - h_now_us();
        h_event e = h_next_event(w->queue, left > 0 ? (int32_t)(left / 1000 + 1) : 0);
        int32_t i;

        if (e.kind == WDS_EVENT_RECONNECTED)
            w->up++;
        if (e.kind == WDS_EVENT_ERROR)
            CHECK_CODE(e.code, WDS_OK);
        if (e.kind != WDS_EVENT_UNSURE && e.kind != WDS_EVENT_DROPPED)
            continue;
        for (i = 0; i < e.value && e.detail + i < MOST_NUMBERS; i++)
            w->reported[e.detail + i] |= e.kind == WDS_EVENT_UNSURE ? 1 : 2;
        *(e.kind == WDS_EVENT_UNSURE ? &w->unsure : &w->dropped) += e.value;
    } while (h_now_us() < end);
}

static int reconnect_up(writer *w)
{
    take_events(w, 1);
    return WDSocketState(w->client) == WDS_STATE_OPEN;
}

static int number_read(const char *path, unsigned char *read)
{
    FILE *file = fopen(path, "rb");
    int32_t number;
    int twice = 0;

    if (file == NULL)
        return 0;
    while (fread(&number, sizeof number, 1, file) == 1)
        if (number > 0 && number < MOST_NUMBERS) {
            twice += read[number];
            read[number] = 1;
        }
    fclose(file);
    return twice;
}

/* Compares what was written with what arrived or was told of. */
static void settle(writer *w, const char *name, const char *path, int breaks)
{
    unsigned char *read = (unsigned char *)calloc(MOST_NUMBERS, 1);
    int64_t accepted = h_get(&w->accepted), arrived = 0, lost = 0, i;
    int twice;

    WAIT_UNTIL((memset(read, 0, MOST_NUMBERS), number_read(path, read), read[accepted] || w->reported[accepted]));
    memset(read, 0, MOST_NUMBERS);
    twice = number_read(path, read);
    for (i = 1; i <= accepted; i++) {
        arrived += read[i];
        if (!read[i] && !w->reported[i])
            lost++;
    }
    CHECK_EQ(lost, 0);
    CHECK_GE(w->up, 1);
    printf("%s: %d kills, %lld messages, %lld read, %d of them twice, %lld dropped, %lld unsure, %lld in neither\n", name, breaks,
           (long long)accepted, (long long)arrived, twice, (long long)w->dropped, (long long)w->unsure, (long long)lost);
    free(read);
}

/* Opens the client as soon as the server is there. */
static int32_t open_first(int32_t client, int32_t kind, int port)
{
    int64_t start = h_now_us();
    int32_t result;

    while ((result = WDSocketOpen(client, kind, port, "127.0.0.1", 20000)) == WDS_E_REFUSED && !h_overdue(start, H_PATIENCE))
        h_sleep(2);
    return result;
}

/* Kills the server again and again while numbers are written to it. */
static void storm(const char *name, int tls, int32_t keep, int32_t options)
{
    char *path = h_temp_path(name);
    int port, i, breaks = h_rounds(50);
    h_sock reserved = h_listen("127.0.0.1", 0, 1, &port);
    h_thread *thread;
    writer w;
    pid_t child;

    h_close(reserved);
    h_remove(path);
    memset(&w, 0, sizeof w);
    w.reported = (unsigned char *)calloc(MOST_NUMBERS, 1);
    child = serve(port, tls, path);
    w.queue = WDSocketNewQueue();
    w.client = reconnecting_client(1, 50);
    CHECK_OK(WDSocketChangeTransmissionMode(w.client, WDS_MODE_END_TAG, "\n", 1));
    CHECK_OK(WDSocketSetOption(w.client, WDS_OPT_RECONNECT_KEEP, keep));
    CHECK_OK(WDSocketSetOption(w.client, WDS_OPT_RECONNECT_WAIT, options));
    CHECK_OK(open_first(w.client, tls ? WDS_KIND_CLIENT_SSL : WDS_KIND_CLIENT, port));
    CHECK_OK(WDSocketAttach(w.queue, w.client, WDS_ATTACH_PLAIN));
    thread = h_start(write_numbers, &w);
    for (i = 0; i < breaks; i++) {
        take_events(&w, 5 + i * 7 % 40);
        end_server(child);
        child = serve(port, tls, path);
        WAIT_UNTIL(reconnect_up(&w));
    }
    take_events(&w, 20);
    h_add(&w.stop, 1);
    CHECK_OK(h_join(thread));
    CHECK_OK(WDSocketCloseEx(w.client, WDS_CLOSE_GRACEFUL, H_CLOSE_MS));
    settle(&w, name, path, breaks);
    CHECK_OK(WDSocketClose(w.queue));
    end_server(child);
    h_remove(path);
    free(path);
    free(w.reported);
}

TEST(kept_messages_outlive_a_server) { storm("kept", 0, 65536, 0); }
TEST(dropped_messages_are_told) { storm("dropped", 0, 0, 0); }
TEST(a_writer_waits_for_its_connection) { storm("waiting", 0, 0, 1); }

TEST(kept_messages_outlive_a_server_with_tls)
{
    tls_trust();
    storm("kept with TLS", 1, 65536, 0);
}

TEST(dropped_messages_are_told_with_tls)
{
    tls_trust();
    storm("dropped with TLS", 1, 0, 0);
}

#endif
