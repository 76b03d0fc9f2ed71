/*
 * originals.c - the same scripts through a model of WLanguage's own socket functions and
 * through what the compatibility set for WINDEV does with the library: results, bytes on
 * the wire and time-outs are the same, but for the differences that docs/windev.md lists.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "originals/originals.h"

/*
 * A line of a script is a call of the program, or what the peer, a plain socket, does.
 * What a call gives is its result, what ErrorOccurred says, its bytes, and whether it
 * came before its time was up. " !2" at the end: here the two differ, as row 2 of the
 * guide's table says.
 *
 * NAME "$" is the channel accepted last. "& read ..." runs in a thread, until "join"; "reading NAME" waits until it is inside.
 */

/* ---- clients, by mode ---- */

static const char *const client_size[] = {
    "peer listen", "connect c peer 20000", "peer accept",
    "write c Hello World", "peer until Hello World",
    "peer send 2\r\nHi", "read c forever",
    "peer send 5\r\nfirst6\r\nsecond", "read c 20000", "read c 20000",
    "read c 50", "read c 0",
    "peer send 0\r\n2\r\nHi", "read c 20000", "read c 20000",
    "write c ", "write c x", "peer until x",
    "close c", "peer end", "exist c", "write c x", "read c 50", NULL
};

static const char *const client_tag[] = {
    "peer listen", "connect c peer 20000", "peer accept",
    "mode c tag \r\n", "write c LIST", "peer until \r\n",
    "peer send 215 list follows\r\none\r\n.\r\n", "read c forever", "read c 20000", "read c 20000", "read c 50",
    "peer send tag in two pie", "read c 50", "peer send ces\r", "read c 50", "peer send \n", "read c 20000",
    "write c two\r\nlines !2", "write c end", "peer until end\r\n !2",
    "mode c buffer ;", "peer send a;b;", "read c 20000", "read c 20000", "write c d", "peer until ;",
    "mode c tag", "write c eof", "peer until \x1A", "peer send done\x1A", "read c 20000",
    "peer close", "read c 20000", "read c 20000", "exist c", "close c", NULL
};

static const char *const client_raw[] = {
    "peer listen", "connect c peer 20000", "peer accept",
    "mode c none", "write c abc", "peer until abc",
    "peer send abcdefgh", "read c 20000 3", "read c 20000 4096",
    "read c 50 4096", "peer send x", "read c forever",
    "peer send last", "peer close", "read c 20000", "read c 20000", "exist c", "close c", "exist c", NULL
};

static const char *const mode_changes[] = {
    "peer listen", "connect c peer 20000", "peer accept",
    "peer send 5\r\nHelloone;raw", "read c 20000", "mode c tag ;", "read c 20000", "mode c none", "read c 20000",
    "mode c size", "write c x", "peer until 1\r\nx", "mode nobody tag ;", "close c", NULL
};

/* ---- the five parameters of SocketRead ---- */

static const char *const partial[] = {
    "peer listen", "connect c peer 20000", "peer accept",
    "peer send 5\r\nHe", "read c 50", "read c 50", "peer send llo", "read c 20000",
    "peer send 1", "read c 50", "peer send 0\r", "read c 50", "peer send \n0123456789", "read c 20000",
    "peer send 5\r\nHe", "peer close", "read c 20000", "exist c", "close c", NULL
};

static const char *const fifth[] = {
    "peer listen", "connect c peer 20000", "peer accept",
    /* The rest of a message that has begun has its own time ... */
    "peer send 5\r\nHe", "& read c 50 4096 3600000", "pause 80", "peer send llo", "join",
    /* ... for that call only ... */
    "peer send 5\r\nHe", "& read c 50", "join", "peer send llo", "read c 20000",
    "peer send 5\r\nHe", "read c 20000 4096 50", "& read c 50", "join", "peer send llo", "read c 20000",
    /* ... and none if nothing has come. */
    "read c 50 4096 3600000", NULL
};

static const char *const fifth_raw[] = {
    "peer listen", "connect c peer 20000", "peer accept", "mode c none",
    "peer send ab", "& read c 20000 4 20000", "peer send cd", "join",
    "peer send ef", "read c 20000 4096 50", "read c 50 4096 50",
    "peer send gh", "read c 20000 4096", "close c", NULL
};

/* ---- servers ---- */

static const char *const simplified[] = {
    "create s", "exist s", "read s 50", "write s x", "peer connect", "peer send 8\r\nquestion", "read s forever",
    "info s address", "write s answer", "peer until answer", "read s 50",
    "peer close", "read s 20000", "write s x", "read s 50", "exist s",
    "peer connect", "peer send 4\r\nnext", "read s 20000", "peer reset", "read s 20000", "read s 50", "close s", "exist s", NULL
};

static const char *const standard[] = {
    "create s", "mode s tag ;", "wait s 50", "wait s 0", "peer connect", "wait s forever", "wait s 0", "accept s",
    "info $ address", "peer send a;", "read $ 20000", "write $ b", "peer until b;", "mode $ size", "write $ c", "peer until 1\r\nc",
    "wait s 0", "close s", "peer send 1\r\nd", "read $ 20000", "exist $", "close $", "peer end", NULL
};

static const char *const refused[] = {
    "create s", "peer connect", "wait s 20000", "deny s", "peer end", "wait s 50", "deny s", "close s", NULL
};

static const char *const two_servers[] = { "create s", "create t same !3", "close s", "close t !3", NULL };

/* ---- connecting ---- */

static const char *const connecting[] = {
    "connect c closed 20000", "exist c", "connect c hole 100", "exist c",
    "read c 50", "write c x", "close c", "wait c 0", "accept c", "deny c", "info c address", "mode c none", NULL
};

static const char *const six[] = { "peer listen six", "connect c six 20000 !4", "close c !4", NULL };

static const char *const names[] = {
    "peer listen", "connect Name peer 20000", "peer accept", "exist Name", "exist name", "write name x", "info Name address", "info Name port",
    "wait Name 0", "accept Name", "deny Name", "close Name", "close Name", NULL
};

/* ---- UDP ---- */

static const char *const datagrams[] = {
    "udp u", "read u 50", "info u address", "write u lost", "peer udp", "peer sendto question", "read u forever",
    "info u address", "info u port", "writeto u answer", "peer from", "write u again", "peer from", "read u 0",
    "peer sendto one", "peer sendto two", "read u 20000", "read u 20000", "mode u tag ;", "exist u", "close u", NULL
};

/* ---- two threads ---- */

static const char *const two_threads[] = {
    "peer listen", "connect c peer 20000", "peer accept", "& read c forever", "reading c",
    "write c x !1", "read c 20000", "peer send 2\r\nHi", "join", "write c y", "peer until y !1", "close c", NULL
};

/* ---- how a script runs ---- */

enum { LINES = 64, LINE_ROOM = 512, PEER_ROOM = 4096 };

typedef struct {
    int count;
    char line[LINES][LINE_ROOM];
} trace;

typedef struct {
    const originals *o;
    trace *out;
    h_sock listener, peer, datagrams;
    h_hole hole;
    int holed, peer_port, datagram_port, server_port, got_port;
    char channel[64], udp[64];
    h_thread *thread;
    char thread_line[LINE_ROOM];
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
    char *out = r->out->line[r->out->count], *end = out + LINE_ROOM - 8;
    int i;

    out += snprintf(out, LINE_ROOM / 2, "%s", what);
    for (i = 0; i < length && out < end; i++)
        out += snprintf(out, 8, bytes[i] >= ' ' && bytes[i] <= '~' ? "%c" : "\\x%02X", (unsigned char)bytes[i]);
    *out = '\0';
}

static int milliseconds(const char *text) { return strcmp(text, "forever") == 0 ? -1 : atoi(text); }

static transmission_mode mode_of(const char *text)
{
    return strcmp(text, "tag") == 0 ? SocketEndTag : strcmp(text, "buffer") == 0 ? SocketEndTagBuffer : strcmp(text, "none") == 0 ? SocketNoEndTag : SocketSizeFirst;
}

static void connect_to(run *r, answer *a, const char *name, const char *target, int ms)
{
    const char *address = "127.0.0.1";
    int port = r->peer_port;

    if (strcmp(target, "closed") == 0) {
        h_sock closed = h_listen("127.0.0.1", 0, 1, &port);

        h_close(closed);
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
    r->o->connect(a, name, port, address, ms);
}

/* One call of the program; its time, -1 = none that says anything. */
static int call(run *r, char *line, answer *a)
{
    char *w[6] = { NULL };
    int n, ms = -1;

    n = words(line, w, strncmp(line, "write", 5) == 0 ? 3 : 6);
    if (n > 1 && strcmp(w[1], "$") == 0)
        w[1] = r->channel;
    if (strcmp(w[0], "connect") == 0)
        connect_to(r, a, w[1], w[2], ms = milliseconds(w[3]));
    else if (strcmp(w[0], "create") == 0)
        r->o->create(a, w[1], n > 2 ? r->server_port : 0, "127.0.0.1");
    else if (strcmp(w[0], "udp") == 0)
        r->o->create_udp(a, w[1], 0, "127.0.0.1");
    else if (strcmp(w[0], "wait") == 0)
        r->o->wait(a, w[1], ms = milliseconds(w[2]));
    else if (strcmp(w[0], "accept") == 0)
        r->o->accept(a, w[1]);
    else if (strcmp(w[0], "deny") == 0)
        r->o->deny(a, w[1]);
    else if (strcmp(w[0], "read") == 0)
        r->o->read(a, w[1], milliseconds(w[2]) < 0, ms = milliseconds(w[2]), n > 3 ? atoi(w[3]) : 4096, n > 4 ? atoi(w[4]) : -1);
    else if (strcmp(w[0], "write") == 0)
        r->o->write(a, w[1], w[2], (int)strlen(w[2]), NULL, 0);
    else if (strcmp(w[0], "writeto") == 0)
        r->o->write(a, w[1], w[2], (int)strlen(w[2]), "127.0.0.1", r->datagram_port);
    else if (strcmp(w[0], "close") == 0)
        r->o->close(a, w[1]);
    else if (strcmp(w[0], "exist") == 0)
        r->o->exist(a, w[1]);
    else if (strcmp(w[0], "info") == 0)
        r->o->info(a, w[1], strcmp(w[2], "port") == 0 ? SocketPort : SocketAddress);
    else if (strcmp(w[0], "mode") == 0)
        r->o->mode(a, w[1], mode_of(w[2]), n > 3 ? w[3] : NULL);
    else
        h_check(__FILE__, __LINE__, w[0], 0);
    if (a->result && (strcmp(w[0], "create") == 0 || strcmp(w[0], "udp") == 0))
        r->server_port = r->o->port(w[1]);
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

    char line[LINE_ROOM];

    do {
        snprintf(line, sizeof line, "%s", r->thread_line);
        memset(&r->thread_answer, 0, sizeof r->thread_answer);
        call(r, line, &r->thread_answer);
    } while (r->thread_answer.error && h_get(&r->looking));
    return 0;
}

static void join(run *r)
{
    WAIT_UNTIL(h_done(r->thread));
    if (!h_done(r->thread)) /* a wait that should have ended */
        r->o->close(&r->thread_answer, "c");
    h_join(r->thread);
    put_answer(r, "read", &r->thread_answer, -1, 0);
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
        WAIT_UNTIL(r->o->reading(line + 8));
        h_add(&r->looking, -1);
        put(r, "reading", "", 0);
    } else if (strncmp(line, "& ", 2) == 0) {
        snprintf(r->thread_line, sizeof r->thread_line, "%s", line + 2);
        r->thread = h_start(in_thread, r);
        put(r, "in a thread", "", 0);
    } else if (strcmp(line, "join") == 0) {
        join(r);
    } else {
        snprintf(verb, sizeof verb, "%.*s", (int)strcspn(line, " "), line);
        ms = call(r, line, a);
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

static void run_script(const originals *o, const char *const *script, trace *out)
{
    static const char *const all[] = { "c", "s", "t", "u", "Name" };
    run *r = calloc(1, sizeof *r);
    answer *a = calloc(1, sizeof *a);
    char line[LINE_ROOM];
    size_t i;

    r->o = o;
    r->out = out;
    r->listener = r->peer = r->datagrams = H_NO_SOCK;
    for (out->count = 0; script[out->count] && out->count < LINES; out->count++) {
        snprintf(line, sizeof line, "%s", script[out->count]);
        if (row_of(line))
            *strstr(line, " !") = '\0';
        step(r, line);
    }
    for (i = 0; i < sizeof all / sizeof *all; i++)
        o->close(a, all[i]);
    if (r->channel[0])
        o->close(a, r->channel);
    if (r->holed)
        h_hole_close(&r->hole);
    if (r->peer != H_NO_SOCK)
        h_close(r->peer);
    if (r->listener != H_NO_SOCK)
        h_close(r->listener);
    if (r->datagrams != H_NO_SOCK)
        h_close(r->datagrams);
    free(a);
    free(r);
}

static void compare(const char *const *script)
{
    trace *theirs = calloc(1, sizeof *theirs), *ours = calloc(1, sizeof *ours);
    int i;

    run_script(&model, script, theirs);
    run_script(&twin, script, ours);
    for (i = 0; script[i] && i < LINES; i++) {
        int differ = strcmp(theirs->line[i], ours->line[i]) != 0;

        if (getenv("CTEST_TRACE"))
            printf("    %-40.40s | %-50s | %s\n", script[i], theirs->line[i], ours->line[i]);
        if (!h_check(__FILE__, __LINE__, script[i], differ == (row_of(script[i]) != 0)))
            printf("    the originals %s\n    the library   %s\n", theirs->line[i], ours->line[i]);
    }
    free(theirs);
    free(ours);
}

TEST(clients_size_first) { compare(client_size); }
TEST(clients_with_an_end_tag) { compare(client_tag); }
TEST(clients_without_an_end_tag) { compare(client_raw); }
TEST(changes_of_the_mode) { compare(mode_changes); }
TEST(messages_that_come_in_pieces) { compare(partial); }
TEST(the_fifth_parameter) { compare(fifth); }
TEST(the_fifth_parameter_without_an_end_tag) { compare(fifth_raw); }
TEST(a_simplified_server) { compare(simplified); }
TEST(a_standard_server) { compare(standard); }
TEST(a_client_that_is_refused) { compare(refused); }
TEST(connections_that_fail) { compare(connecting); }
TEST(names_of_sockets) { compare(names); }
TEST(udp) { compare(datagrams); }
TEST(two_threads_on_one_socket) { compare(two_threads); }

/* Wine has no sharing of ports, which the model needs from the system. */
TEST(two_servers_on_one_port)
{
    answer *a = calloc(1, sizeof *a);
    int shared;

    model.create(a, "s", 0, "127.0.0.1");
    REQUIRE(CHECK(a->result));
    model.create(a, "t", model.port("s"), "127.0.0.1");
    shared = a->result;
    model.close(a, "s");
    model.close(a, "t");
    free(a);
#ifdef H_UNIX
    CHECK(shared);
#endif
    if (shared)
        compare(two_servers);
}

TEST(addresses_of_ipv6)
{
    if (h_has_six())
        compare(six);
}

/* The other meaning of gbWdsStrict: that the time is up is an error. */
TEST(the_librarys_own_meaning)
{
    h_half half;
    answer *a = calloc(1, sizeof *a);

    REQUIRE(h_half_client(&half));
    CHECK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_RAW, NULL, 0) == WDS_OK);
    {
        char name[32];

        snprintf(name, sizeof name, "#%d", (int)half.socket);
        twin.read(a, name, 0, 1, 4096, -1);
        CHECK_EQ(a->error, 0);
        twin_strict = 0;
        twin.read(a, name, 0, 1, 4096, -1);
        CHECK_EQ(a->error, 1);
        twin.read(a, name, 0, 1, 4096, 5); /* also behind the fifth parameter */
        CHECK_EQ(a->error, 1);
        CHECK_EQ(h_option(half.socket, WDS_OPT_READ_GAP), 0);
        CHECK(h_send(half.raw, "x", 1));
        twin.read(a, name, 0, 20000, 4096, -1);
        CHECK_EQ(a->error, 0);
        CHECK_BYTES(a->bytes, a->length, "x", 1);
        twin_strict = 1;
    }
    h_half_close(&half);
    free(a);
}
