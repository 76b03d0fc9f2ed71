/*
 * stopped_tls.c - the time in which the process was stopped counts: every wait ends
 * right after it, and what has arrived meanwhile is given first.
 */
#include "certificates.h"
#include "harness.h"

#ifdef H_UNIX

#include <signal.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int kill(pid_t process, int number); /* hidden by -std=c99 */

#define TIME_MS 3000
#define STOP_MS 3500

typedef struct {
    int32_t socket;
    int quick; /* round trips before: its reads sleep in the receive */
    int64_t start_us, end_us;
    int32_t result;
    int is_queue, is_server, is_exchange;
} waiter;

static int32_t waits(void *argument)
{
    waiter *w = (waiter *)argument;
    char got[64];
    h_event event;

    w->start_us = h_now_us();
    if (w->is_queue)
        w->result = WDSocketNextEvents(w->socket, TIME_MS, &event, (int32_t)sizeof event, 1);
    else if (w->is_server)
        w->result = WDSocketAccept(w->socket, TIME_MS);
    else
        w->result = WDSocketRead(w->socket, got, (int32_t)sizeof got, TIME_MS);
    w->end_us = h_now_us();
    return w->result;
}

/* Stops this process for a while, and sends something then, by a process of its own, which
   tells through a pipe when this one goes on. */
static pid_t stopper(h_sock raw, const int going_on[2])
{
    pid_t victim = getpid(), child;
    int64_t now;

    fflush(stdout);
    child = fork();
    if (child)
        return child;
    h_sleep(200);
    kill(victim, SIGSTOP);
    h_sleep(STOP_MS - 200);
    send((int)raw, "3\r\nnow", 6, 0);
    h_sleep(200);
    now = h_now_us();
    if (write(going_on[1], &now, sizeof now) != (ssize_t)sizeof now)
        now = 0;
    kill(victim, SIGCONT);
    _exit(now == 0);
}

enum { READ, QUICK, TLS_READ, UDP, ACCEPT, TLS_ACCEPT, QUEUE, ARRIVES, WAITERS };

TEST(a_time_out_counts_the_time_in_which_the_process_was_stopped)
{
    waiter all[WAITERS];
    h_thread *threads[WAITERS];
    h_pair plain, quick, tls;
    h_half half;
    int i, port, status = 1, going_on[2];
    char got[16];
    pid_t child;
    int64_t on_us = 0;

    REQUIRE(pipe(going_on) == 0);
    memset(all, 0, sizeof all);
    REQUIRE(h_pair_open(&plain) && h_pair_open(&quick) && tls_pair_open(&tls, 0, 0) && h_half_client(&half));
    all[READ].socket = plain.client;
    all[QUICK].socket = quick.client;
    for (i = 0; i < 60; i++) {
        CHECK_EQ(WDSocketWrite(quick.channel, "x", 1), 1);
        CHECK_EQ(WDSocketRead(quick.client, got, (int32_t)sizeof got, 20000), 1);
    }
    all[TLS_READ].socket = tls.client;
    all[UDP].socket = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    all[ACCEPT].socket = plain.server;
    all[ACCEPT].is_server = 1;
    all[TLS_ACCEPT].socket = tls_server("good.pem", 0, &port);
    all[TLS_ACCEPT].is_server = 1;
    all[QUEUE].socket = WDSocketNewQueue();
    all[QUEUE].is_queue = 1;
    all[ARRIVES].socket = half.socket;
    child = stopper(half.raw, going_on);
    REQUIRE(CHECK_GE(child, 1));
    for (i = 0; i < WAITERS; i++)
        threads[i] = h_start(waits, &all[i]);
    CHECK_EQ(read(going_on[0], &on_us, sizeof on_us), (int)sizeof on_us);
    for (i = 0; i < WAITERS; i++) {
        int64_t time_us, due_us;

        h_join(threads[i]);
        /* at the end of its time, or when the process goes on: never by what was left when it was stopped */
        time_us = all[i].start_us + TIME_MS * INT64_C(1000);
        due_us = time_us > on_us ? time_us : on_us;
        if (i == ARRIVES)
            CHECK_EQ(all[i].result, 3);
        else
            CHECK_CODE(all[i].result, WDS_E_TIMEOUT);
        if (!CHECK(!h_overdue_at(due_us, all[i].end_us, 1500)))
            printf("      waiter %d: %d ms late\n", i, (int)((all[i].end_us - due_us) / 1000));
    }
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status, 0);
    close(going_on[0]);
    close(going_on[1]);
    h_pair_close(&plain);
    h_pair_close(&quick);
    h_pair_close(&tls);
    h_half_close(&half);
    CHECK_OK(WDSocketClose(all[UDP].socket));
    CHECK_OK(WDSocketClose(all[TLS_ACCEPT].socket));
    CHECK_OK(WDSocketClose(all[QUEUE].socket));
}

#endif
