/*
 * script.c - see script.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificates.h"
#include "harness.h"
#include "script.h"

enum { PEER_ROOM = 4096 };

typedef struct {
    const originals *one, *other;
    trace *out;
    h_sock listener, peer, datagrams, closed;
    h_hole hole;
    int holed, peer_port, datagram_port, server_port, got_port;
    char channel[64], udp[64];
    h_thread *thread;
    const originals *thread_program;
    char thread_line[SCRIPT_LINE_ROOM];
    answer thread_answer;
    volatile int64_t looking; /* whether the thread is inside, for which it is in the way */
} run;

/* Words of a line; the last takes what is left, blanks too. */
static int words(char *text, char *word[], int most)
{
    int n = 0;

    while (text && n < most) {
        char *blank = n < most - 1 ? strchr(text, ' ') : NULL;

        word[n++] = text;
        if (blank)
            *blank++ = '\0';
        text = blank;
    }
    return n;
}

static void put(run *r, const char *what, const char *bytes, int length)
{
    char *out = r->out->line[r->out->count], *end = out + SCRIPT_LINE_ROOM - 8;
    int i;

    out += snprintf(out, SCRIPT_LINE_ROOM / 2, "%s", what);
    for (i = 0; i < length && out < end; i++)
        out += snprintf(out, 8, bytes[i] >= ' ' && bytes[i] <= '~' ? "%c" : "\\x%02X", (unsigned char)bytes[i]);
    *out = '\0';
}

static int milliseconds(const char *text) { return strcmp(text, "forever") == 0 ? -1 : atoi(text); }

static transmission_mode mode_of(const char *text)
{
    return strcmp(text, "tag") == 0 ? SocketEndTag : strcmp(text, "buffer") == 0 ? SocketEndTagBuffer : strcmp(text, "none") == 0 ? SocketNoEndTag : SocketSizeFirst;
}

static void connect_to(run *r, const originals *o, answer *a, const char *name, const char *target, int ms)
{
    const char *address = "127.0.0.1";
    int port = r->peer_port;

    if (strcmp(target, "closed") == 0) {
        CHECK((r->closed = h_refuse("127.0.0.1", &port)) != H_NO_SOCK);
    } else if (strcmp(target, "hole") == 0) {
        h_hole_open(&r->hole, "127.0.0.1", 0);
        r->holed = 1;
        port = r->hole.port;
    } else if (strcmp(target, "six") == 0) {
        address = "::1";
    } else if (strcmp(target, "peer") != 0) {
        address = target;
        port = 5000;
    }
    o->connect(a, name, port, address, ms);
}

/* Protocols by their digits, "2" is TLS 1.2. */
static int protocols(const char *text)
{
    int bits = 0;

    for (; text && *text; text++)
        bits |= *text == '0' ? ProtocolTLS1 : *text == '1' ? ProtocolTLS1_1 : *text == '2' ? ProtocolTLS1_2 : ProtocolTLS1_3;
    return bits;
}

/* One call of the program; its time, -1 = none that says anything. */
static int call(run *r, const originals *o, char *line, answer *a)
{
    char *w[6] = { NULL };
    int n, ms = -1;

    n = words(line, w, strncmp(line, "write", 5) == 0 ? 3 : 6);
    if (n > 1 && strcmp(w[1], "$") == 0)
        w[1] = r->channel;
    if (strcmp(w[0], "connect") == 0)
        connect_to(r, o, a, w[1], w[2], ms = milliseconds(w[3]));
    else if (strcmp(w[0], "connectssl") == 0)
        o->connect_ssl(a, w[1], r->server_port, "localhost", protocols(n > 3 ? w[3] : NULL), ms = milliseconds(w[2]), NULL);
    else if (strcmp(w[0], "askssl") == 0) { /* connects and writes */
        o->connect_ssl(a, w[1], r->server_port, "localhost", 0, ms = milliseconds(w[2]), NULL);
        if (a->result)
            o->write(a, w[1], "question", 8, NULL, 0);
    } else if (strcmp(w[0], "createssl") == 0)
        o->create_ssl(a, w[1], 0, cert("good.pem"), protocols(n > 2 ? w[2] : NULL), "127.0.0.1");
    else if (strcmp(w[0], "create") == 0)
        o->create(a, w[1], n > 2 ? r->server_port : 0, "127.0.0.1");
    else if (strcmp(w[0], "udp") == 0)
        o->create_udp(a, w[1], 0, "127.0.0.1");
    else if (strcmp(w[0], "wait") == 0)
        o->wait(a, w[1], ms = milliseconds(w[2]));
    else if (strcmp(w[0], "accept") == 0)
        o->accept(a, w[1]);
    else if (strcmp(w[0], "deny") == 0)
        o->deny(a, w[1]);
    else if (strcmp(w[0], "read") == 0)
        o->read(a, w[1], milliseconds(w[2]) < 0, ms = milliseconds(w[2]), n > 3 ? atoi(w[3]) : 4096, n > 4 ? atoi(w[4]) : -1);
    else if (strcmp(w[0], "write") == 0)
        o->write(a, w[1], w[2], (int)strlen(w[2]), NULL, 0);
    else if (strcmp(w[0], "writeto") == 0)
        o->write(a, w[1], w[2], (int)strlen(w[2]), "127.0.0.1", r->datagram_port);
    else if (strcmp(w[0], "close") == 0)
        o->close(a, w[1]);
    else if (strcmp(w[0], "exist") == 0)
        o->exist(a, w[1]);
    else if (strcmp(w[0], "info") == 0)
        o->info(a, w[1], strcmp(w[2], "port") == 0 ? SocketPort : SocketAddress);
    else if (strcmp(w[0], "mode") == 0)
        o->mode(a, w[1], mode_of(w[2]), n > 3 ? w[3] : NULL);
    else
        h_check(__FILE__, __LINE__, w[0], 0);
    if (a->result && (strncmp(w[0], "create", 6) == 0 || strcmp(w[0], "udp") == 0))
        r->server_port = o->port(w[1]);
    return ms;
}

static void put_answer(run *r, const char *verb, answer *a, int ms, int64_t took_us)
{
    char what[64], port[16];
    const char *when = ms < 0 ? "" : took_us + 1000 + H_EARLY_US >= (int64_t)ms * 1000 ? " in time no," : " in time,";

    if (strcmp(verb, "accept") == 0 && a->result) { /* its name is another one each time */
        snprintf(r->channel, sizeof r->channel, "%.*s", a->length, a->bytes);
        a->length = snprintf(a->bytes, sizeof a->bytes, "a channel");
    }
    snprintf(port, sizeof port, "%d", r->datagram_port ? r->datagram_port : r->peer_port);
    if (a->length == (int)strlen(port) && memcmp(a->bytes, port, strlen(port)) == 0)
        a->length = snprintf(a->bytes, sizeof a->bytes, "the peer's port");
    snprintf(what, sizeof what, "%s: %d, error %d,%s ", verb, a->result, a->error, ms > 0 ? when : "");
    put(r, what, a->bytes, a->length);
}

static int32_t in_thread(void *argument)
{
    run *r = argument;

    char line[SCRIPT_LINE_ROOM];

    do {
        snprintf(line, sizeof line, "%s", r->thread_line);
        memset(&r->thread_answer, 0, sizeof r->thread_answer);
        call(r, r->thread_program, line, &r->thread_answer);
    } while (r->thread_answer.error && h_get(&r->looking));
    return 0;
}

static void join(run *r)
{
    WAIT_UNTIL(h_done(r->thread));
    if (!h_done(r->thread)) /* a wait that should have ended */
        r->thread_program->close(&r->thread_answer, "c");
    h_join(r->thread);
    put_answer(r, "thread", &r->thread_answer, -1, 0);
}

/* Bytes of the peer up to those, which are the last. */
static void peer_until(run *r, const char *last)
{
    char got[PEER_ROOM];
    int n = 0, size = (int)strlen(last);

    while (n < (int)sizeof got && h_recv(r->peer, got + n, 1, H_PATIENCE) == 1) {
        n++;
        if (n >= size && memcmp(got + n - size, last, (size_t)size) == 0)
            break;
    }
    put(r, "the peer has ", got, n);
}

static void peer_from(run *r)
{
    char got[PEER_ROOM];
    int n = h_udp_recv(r->datagrams, got, (int)sizeof got, H_PATIENCE, &r->got_port);

    put(r, "the peer has ", got, n > 0 ? n : 0);
}

static void peer(run *r, char *line)
{
    char *w[2] = { NULL };
    int n = words(line, w, 2);

    put(r, "peer", "", 0);
    if (strcmp(w[0], "listen") == 0)
        CHECK((r->listener = h_listen(n > 1 ? "::1" : "127.0.0.1", 0, 8, &r->peer_port)) != H_NO_SOCK);
    else if (strcmp(w[0], "accept") == 0)
        CHECK((r->peer = h_accept(r->listener, H_PATIENCE)) != H_NO_SOCK);
    else if (strcmp(w[0], "connect") == 0)
        CHECK((r->peer = h_connect("127.0.0.1", r->server_port)) != H_NO_SOCK);
    else if (strcmp(w[0], "send") == 0)
        CHECK(h_send(r->peer, w[1], (int)strlen(w[1])));
    else if (strcmp(w[0], "until") == 0)
        peer_until(r, w[1]);
    else if (strcmp(w[0], "end") == 0)
        CHECK(h_recv_over(r->peer, H_PATIENCE));
    else if (strcmp(w[0], "udp") == 0)
        CHECK((r->datagrams = h_udp("127.0.0.1", &r->datagram_port)) != H_NO_SOCK);
    else if (strcmp(w[0], "sendto") == 0)
        CHECK(h_udp_send(r->datagrams, "127.0.0.1", r->server_port, w[1], (int)strlen(w[1])));
    else if (strcmp(w[0], "from") == 0)
        peer_from(r);
    else if (strcmp(w[0], "close") == 0)
        h_close(r->peer), r->peer = H_NO_SOCK;
    else if (strcmp(w[0], "reset") == 0)
        h_reset(r->peer), r->peer = H_NO_SOCK;
    else
        h_check(__FILE__, __LINE__, w[0], 0);
}

static void step(run *r, char *line)
{
    answer *a = calloc(1, sizeof *a);
    char verb[16];
    int64_t start = h_now_us();
    int ms;

    if (strncmp(line, "peer ", 5) == 0) {
        peer(r, line + 5);
    } else if (strncmp(line, "pause ", 6) == 0) {
        h_sleep(atoi(line + 6));
        put(r, "pause", "", 0);
    } else if (strncmp(line, "reading ", 8) == 0) {
        h_add(&r->looking, 1);
        WAIT_UNTIL(r->one->reading(line + 8));
        h_add(&r->looking, -1);
        put(r, "reading", "", 0);
    } else if (strncmp(line, "& ", 2) == 0) {
        const char *rest = line + 2;

        r->thread_program = strncmp(rest, "B ", 2) == 0 ? r->other : r->one;
        snprintf(r->thread_line, sizeof r->thread_line, "%s", strncmp(rest, "B ", 2) == 0 ? rest + 2 : rest);
        r->thread = h_start(in_thread, r);
        put(r, "in a thread", "", 0);
    } else if (strcmp(line, "join") == 0) {
        join(r);
    } else {
        const originals *o = strncmp(line, "B ", 2) == 0 ? r->other : r->one;

        line += o == r->other && strncmp(line, "B ", 2) == 0 ? 2 : 0;
        snprintf(verb, sizeof verb, "%.*s", (int)strcspn(line, " "), line);
        ms = call(r, o, line, a);
        put_answer(r, verb, a, ms, h_now_us() - start);
    }
    free(a);
}

/* The row of the guide's table in which a line differs, 0 = it does not. */
static int row_of(const char *line)
{
    const char *mark = strstr(line, " !");

    return mark ? atoi(mark + 2) : 0;
}

void run_script(const originals *one, const originals *other, const char *const *script, trace *out)
{
    static const char *const all[] = { "c", "s", "t", "u", "Name" };
    run *r = calloc(1, sizeof *r);
    answer *a = calloc(1, sizeof *a);
    char line[SCRIPT_LINE_ROOM];
    size_t i;

    r->one = one;
    r->other = other ? other : one;
    r->out = out;
    r->listener = r->peer = r->datagrams = r->closed = H_NO_SOCK;
    for (out->count = 0; out->count < SCRIPT_LINES && script[out->count]; out->count++) {
        snprintf(line, sizeof line, "%s", script[out->count]);
        if (row_of(line))
            *strstr(line, " !") = '\0';
        step(r, line);
    }
    for (i = 0; i < sizeof all / sizeof *all; i++) {
        r->one->close(a, all[i]);
        r->other->close(a, all[i]);
    }
    if (r->channel[0])
        r->one->close(a, r->channel);
    if (r->holed)
        h_hole_close(&r->hole);
    if (r->peer != H_NO_SOCK)
        h_close(r->peer);
    if (r->listener != H_NO_SOCK)
        h_close(r->listener);
    if (r->closed != H_NO_SOCK)
        h_close(r->closed);
    if (r->datagrams != H_NO_SOCK)
        h_close(r->datagrams);
    free(a);
    free(r);
}

void compare(const char *const *script)
{
    trace *theirs = calloc(1, sizeof *theirs), *ours = calloc(1, sizeof *ours);
    int i;

    run_script(&model, NULL, script, theirs);
    run_script(&twin, NULL, script, ours);
    for (i = 0; i < SCRIPT_LINES && script[i]; i++) {
        int differ = strcmp(theirs->line[i], ours->line[i]) != 0;

        if (getenv("CTEST_TRACE"))
            printf("    %-40.40s | %-50s | %s\n", script[i], theirs->line[i], ours->line[i]);
        if (!h_check(__FILE__, __LINE__, script[i], differ == (row_of(script[i]) != 0)))
            printf("    the originals %s\n    the library   %s\n", theirs->line[i], ours->line[i]);
    }
    free(theirs);
    free(ours);
}

