/*
 * originals.c - the same scripts through a model of WLanguage's own socket functions and
 * through what the compatibility set for WINDEV does with the library: results, bytes on
 * the wire and time-outs are the same, but for the differences that docs/windev.md lists.
 * originals/script.h says how a script is written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "originals/script.h"
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
