/*
 * sandbox.c - a process in which the system refuses setsockopt. Sockets do what
 * they can without it; only an option that the program sets itself is an error.
 *
 * The first test runs this program again, behind a filter of system calls that the
 * new one inherits; the others are the ones that run there.
 */
#define _GNU_SOURCE 1 /* fork, execv */
#include "harness.h"
#include "logfile.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SANDBOX "CTEST_SANDBOX"

static int sandboxed(void) { return getenv(SANDBOX) != NULL; }

/* No setsockopt from now on, in this process and in what it executes. */
static int refuse_options(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setsockopt, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {sizeof code / sizeof *code, code};

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

TEST(in_a_sandbox)
{
    int status = -1;
    pid_t child;

    if (sandboxed()) { /* is it one? */
        int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

        CHECK_EQ(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one), -1);
        CHECK_EQ(errno, EPERM);
        close(fd);
        return;
    }
    REQUIRE(CHECK_EQ(setenv(SANDBOX, "1", 1), 0));
    fflush(stdout);
    child = fork();
    if (child == 0) {
        if (refuse_options())
            h_execute_again("sandboxed");
        _exit(99);
    }
    unsetenv(SANDBOX);
    REQUIRE(CHECK(child > 0));
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 0);
}

/* What stays of a test outside: that the same works there. */

static void talk(int32_t one, int32_t other)
{
    char text[16];

    CHECK_GE(WDSocketWrite(one, "question", -1), 8);
    CHECK_EQ(WDSocketRead(other, text, (int32_t)sizeof text, 20000), 8);
    CHECK_GE(WDSocketWrite(other, "answer", -1), 6);
    CHECK_EQ(WDSocketRead(one, text, (int32_t)sizeof text, 20000), 6);
}

static void pair_at(const char *listen, const char *connect)
{
    int32_t server = WDSocketCreate(NULL, 0, listen), client, channel, port = 0;

    REQUIRE(CHECK(server > 0));
    CHECK_OK(WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port));
    client = WDSocketConnect(NULL, port, connect, 20000);
    REQUIRE(CHECK(client > 0));
    channel = WDSocketAccept(server, 20000);
    REQUIRE(CHECK(channel > 0));
    talk(client, channel);
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

TEST(clients_servers_and_channels)
{
    pair_at("127.0.0.1", "127.0.0.1");
    pair_at(NULL, "127.0.0.1");
    if (h_has_six()) { /* and all addresses are those of both families */
        pair_at("::1", "::1");
        pair_at(NULL, "::1");
    }
}

TEST(datagrams)
{
    char text[16];
    int32_t one = WDSocketCreateUDP(NULL, 0, "127.0.0.1"), other = WDSocketCreateUDP(NULL, 0, NULL), port = 0;

    REQUIRE(CHECK(one > 0 && other > 0));
    CHECK_OK(WDSocketGetOption(other, WDS_OPT_LOCAL_PORT, &port));
    CHECK_GE(WDSocketWriteUDP(one, "datagram", -1, "127.0.0.1", port), 8);
    CHECK_EQ(WDSocketRead(other, text, (int32_t)sizeof text, 20000), 8);
    CHECK_OK(WDSocketClose(one));
    CHECK_OK(WDSocketClose(other));
}

TEST(an_abort_resets)
{
    h_half half;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketCloseEx(half.socket, WDS_CLOSE_ABORT, 0));
    CHECK_EQ(h_recv_end(half.raw, 20000), -1);
    h_close(half.raw);
}

/* The value that a socket has anyway is set; another is refused, in a sandbox. */
TEST(what_the_program_sets)
{
    int32_t expected = sandboxed() ? WDS_E_ACCESS : WDS_OK, socket, port = 0, client;
    h_pair pair;

    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_LINGER, -1));
    CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_IDLE_LIMIT, 60000));
    CHECK_CODE(WDSocketSetOption(pair.client, WDS_OPT_NODELAY, 1), expected);
    if (sandboxed())
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "WDS_OPT_NODELAY");
    CHECK_CODE(WDSocketSetOption(pair.client, WDS_OPT_PEER_GONE, 10000), expected);
    CHECK_CODE(WDSocketSetOption(pair.channel, WDS_OPT_SEND_BUFFER, 20000), expected);
    CHECK_CODE(WDSocketSetOption(pair.server, WDS_OPT_LINGER, 0), expected);
    CHECK_EQ(h_option(pair.client, WDS_OPT_LINGER), -1);
    talk(pair.client, pair.channel); /* a refusal changes nothing */
    CHECK_OK(WDSocketGetOption(pair.server, WDS_OPT_LOCAL_PORT, &port));

    /* before opening: the opening tells */
    client = WDSocketNew(NULL);
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_KEEPALIVE_IDLE, 60000));
    CHECK_CODE(WDSocketOpen(client, WDS_KIND_CLIENT, port, "127.0.0.1", 20000), expected);
    CHECK_OK(WDSocketClose(client));
    socket = WDSocketNew(NULL);
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_EXCLUSIVE_PORT, 0));
    CHECK_CODE(WDSocketOpen(socket, WDS_KIND_SERVER, 0, "127.0.0.1", 0), expected);
    CHECK_OK(WDSocketClose(socket));
    socket = WDSocketNew(NULL);
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_MULTICAST_TTL, 7));
    CHECK_CODE(WDSocketOpen(socket, WDS_KIND_UDP, 0, "127.0.0.1", 0), expected);
    CHECK_OK(WDSocketClose(socket));
    h_pair_close(&pair);
}

/* Defaults that are given up are in the log, once each. */
TEST(the_log_tells_what_is_refused)
{
    char *text, *first;
    h_pair pair;
    int i;

    log_begin(2);
    for (i = 0; i < 2; i++) {
        REQUIRE(h_pair_open(&pair));
        h_pair_close(&pair);
    }
    text = log_end();
    first = strstr(text, "WDS_OPT_KEEPALIVE_IDLE");
    CHECK_EQ(first != NULL, sandboxed());
    CHECK(!first || !strstr(first + 1, "WDS_OPT_KEEPALIVE_IDLE"));
    free(text);
}
