/*
 * wakeup.c - WDSocketWakeup: what it cancels, what it leaves alone, signal handlers,
 * signal masks, and threads that are ended by force.
 */
#ifndef _WIN32
#define _GNU_SOURCE
#endif

#include "harness.h"

#ifdef H_UNIX
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#else
#include <windows.h>
#endif

/* The first call of the process: nothing has been made that could be woken. */
TEST(set_before_anything_else)
{
    h_pair pair;
    h_hole hole;
    char got[8];
    int64_t start;

    CHECK_OK(WDSocketWakeup(1));
    CHECK_OK(WDSocketErrorCode(0, WDS_INFO_CODE)); /* it leaves the record alone */
    h_hole_open(&hole, "127.0.0.1", 0); /* which does not answer: a refusal may come before the call has begun to wait */
    start = h_now_us();
    CHECK_CODE(WDSocketConnect(NULL, hole.port, "127.0.0.1", 20000), WDS_E_CANCELLED);
    CHECK_PROMPT(start);
    h_hole_close(&hole);
    CHECK_OK(WDSocketWakeup(0));
    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketWakeup(1));
    start = h_now_us();
    CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, -1), WDS_E_CANCELLED);
    CHECK_PROMPT(start);
    CHECK_OK(WDSocketWakeup(0));
    h_pair_close(&pair);
}

/* ---- calls that wait ---- */

static int32_t waits_for_datagram(void *socket)
{
    char got[8];

    return WDSocketReadUDP(*(int32_t *)socket, got, (int32_t)sizeof got, -1, NULL, 0, NULL);
}

static int32_t waits_for_events(void *queue)
{
    h_event event;

    return WDSocketNextEvents(*(int32_t *)queue, -1, &event, (int32_t)sizeof event, 1);
}

static int32_t waits_for_answer(void *socket)
{
    char got[8];

    return WDSocketExchange(*(int32_t *)socket, "ask", 3, got, (int32_t)sizeof got, -1);
}

static int32_t waits_for_connection(void *port)
{
    return WDSocketConnect(NULL, *(int32_t *)port, "127.0.0.1", -1);
}

static int32_t waits_for_request(void *server)
{
    return WDSocketWaitForConnection(*(int32_t *)server, -1);
}

TEST(every_call_that_waits_is_cancelled)
{
    h_half read, write, ask;
    h_hole hole;
    h_thread *all[7];
    int32_t one = WDSocketCreate(NULL, 0, "127.0.0.1"), other = WDSocketCreate(NULL, 0, "127.0.0.1");
    int32_t udp = WDSocketCreateUDP(NULL, 0, "127.0.0.1"), queue = WDSocketNewQueue(), port;
    int64_t start;
    size_t i;
    char got[64];

    REQUIRE(h_half_client(&read));
    REQUIRE(h_half_narrow(&write));
    REQUIRE(h_half_client(&ask));
    h_hole_open(&hole, "127.0.0.1", 0);
    port = hole.port;
    CHECK_OK(WDSocketSetOption(write.socket, WDS_OPT_WRITE_TIMEOUT, -1));
    all[0] = h_blocked_reader(read.socket);
    all[1] = h_blocked_writer(write.socket);
    all[2] = h_blocked_accept(one);
    all[3] = h_start(waits_for_datagram, &udp);
    all[4] = h_start(waits_for_events, &queue);
    all[5] = h_start(waits_for_connection, &port);
    all[6] = h_start(waits_for_request, &other);
    h_sleep(100); /* some are still on their way into the wait: they are cancelled all the same */
    start = h_now_us();
    CHECK_OK(WDSocketWakeup(1));
    for (i = 0; i < sizeof all / sizeof all[0]; i++)
        CHECK_CODE(h_join(all[i]), WDS_E_CANCELLED);
    CHECK_PROMPT(start);
    CHECK_CODE(waits_for_answer(&ask.socket), WDS_E_CANCELLED); /* and has written nothing */
    CHECK_OK(WDSocketWakeup(0));
    CHECK_EQ(WDSocketWrite(ask.socket, "first", 5), 5);
    CHECK_EQ(h_recv(ask.raw, got, 8, 20000), 8);
    CHECK_BYTES(got, 8, "5\r\nfirst", 8);
    /* one that waits for its answer */
    all[0] = h_start(waits_for_answer, &ask.socket);
    CHECK_EQ(h_recv(ask.raw, got, 6, 20000), 6);
    CHECK_OK(WDSocketWakeup(1));
    CHECK_CODE(h_join(all[0]), WDS_E_CANCELLED);
    CHECK_OK(WDSocketWakeup(0));
    h_half_close(&read);
    h_half_close(&write);
    h_half_close(&ask);
    h_hole_close(&hole);
    CHECK_OK(WDSocketClose(one));
    CHECK_OK(WDSocketClose(other));
    CHECK_OK(WDSocketClose(udp));
    CHECK_OK(WDSocketClose(queue));
}

/* ---- what goes on ---- */

TEST(what_need_not_wait_goes_on)
{
    h_pair pair;
    h_event event;
    char got[16];
    int32_t queue = WDSocketNewQueue(), udp = WDSocketCreateUDP(NULL, 0, "127.0.0.1"), second, again;

    REQUIRE(h_pair_open(&pair));
    CHECK_EQ(WDSocketWrite(pair.client, "one", 3), 3);
    WAIT_UNTIL(WDSocketAvailable(pair.channel) == 3);
    second = WDSocketConnect(NULL, pair.port, "127.0.0.1", 20000);
    CHECK_EQ(WDSocketWaitForConnection(pair.server, 20000), 1);
    CHECK_OK(WDSocketWakeup(1));
    CHECK_EQ(WDSocketRead(pair.channel, got, (int32_t)sizeof got, -1), 3);
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 0), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000), WDS_E_CANCELLED);
    CHECK_EQ(WDSocketWrite(pair.channel, "two", 3), 3);
    CHECK_OK(WDSocketFlush(pair.channel, -1));
    again = WDSocketAccept(pair.server, -1);
    CHECK_GE(again, 1);
    CHECK_CODE(WDSocketAccept(pair.server, 0), WDS_E_TIMEOUT);
    CHECK_CODE(WDSocketAccept(pair.server, -1), WDS_E_CANCELLED);
    CHECK_EQ(WDSocketWriteUDP(udp, "self", 4, "127.0.0.1", h_port(udp)), 4);
    WAIT_UNTIL(WDSocketAvailable(udp) == 4);
    CHECK_EQ(waits_for_datagram(&udp), 4);
    CHECK_CODE(waits_for_datagram(&udp), WDS_E_CANCELLED);
    WAIT_UNTIL(WDSocketAvailable(pair.client) == 3);
    CHECK_OK(WDSocketAttach(queue, pair.client, WDS_ATTACH_PLAIN));
    CHECK_EQ(WDSocketNextEvents(queue, -1, &event, (int32_t)sizeof event, 1), 1);
    CHECK(h_is_event(event, pair.client, WDS_EVENT_MESSAGE));
    CHECK_EQ(WDSocketRead(pair.client, got, (int32_t)sizeof got, 0), 3);
    CHECK_CODE(WDSocketNextEvents(queue, 0, &event, (int32_t)sizeof event, 1), WDS_E_TIMEOUT);
    CHECK_CODE(waits_for_events(&queue), WDS_E_CANCELLED);
    CHECK_OK(WDSocketWakeup(0));
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20), WDS_E_TIMEOUT);
    CHECK_OK(WDSocketClose(queue));
    CHECK_OK(WDSocketClose(udp));
    CHECK_OK(WDSocketClose(second));
    CHECK_OK(WDSocketClose(again));
    h_pair_close(&pair);
}

/* A connection made in the background, closing in all its ways. */
TEST(closing_and_the_background_go_on)
{
    h_half half;
    int32_t server, client, queue;
    h_pair pair;
    int64_t start;

    CHECK_OK(WDSocketWakeup(1));
    server = WDSocketCreate(NULL, 0, "127.0.0.1");
    client = WDSocketNew(NULL);
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT, h_port(server), "127.0.0.1", 0));
    WAIT_UNTIL(WDSocketState(client) == WDS_STATE_OPEN);
    CHECK_OK(WDSocketCloseEx(client, WDS_CLOSE_GRACEFUL, H_CLOSE_MS));
    CHECK_OK(WDSocketClose(server));
    CHECK_OK(WDSocketWakeup(0));
    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketWakeup(1));
    CHECK_EQ(WDSocketWrite(pair.client, "last words", 10), 10);
    CHECK_OK(WDSocketCloseEx(pair.client, WDS_CLOSE_GRACEFUL, H_CLOSE_MS));
    CHECK_OK(WDSocketWakeup(0));
    CHECK_EQ(WDSocketRead(pair.channel, NULL, 0, 20000), 10);
    REQUIRE(h_half_client(&half));
    queue = WDSocketNewQueue();
    CHECK_OK(WDSocketWakeup(1));
    start = h_now_us();
    CHECK_OK(WDSocketCloseAll());
    CHECK_PROMPT(start);
    CHECK_OK(WDSocketWakeup(0));
    CHECK_CODE(WDSocketState(queue), WDS_E_HANDLE);
    h_close(half.raw);
}

static void WDSOCKET_CALL reads_in_callback(const int32_t *event, void *user)
{
    char got[8];

    (void)event;
    *(volatile int32_t *)user = WDSocketRead(*(int32_t *)((int32_t *)user + 1), got, (int32_t)sizeof got, -1);
}

/* The callback is called; it is its own wait that is cancelled. */
TEST(callbacks_are_called)
{
    h_half half;
    int32_t queue = WDSocketNewQueue();
    int32_t seen[2] = {1, 0};

    REQUIRE(h_half_client(&half));
    seen[1] = half.socket;
    CHECK_OK(WDSocketWakeup(1));
    CHECK_OK(WDSocketSetCallback(queue, reads_in_callback, seen));
    CHECK_GE(WDSocketNewTimer(queue, 1, 0, 0), 1);
    WAIT_UNTIL(*(volatile int32_t *)seen == WDS_E_CANCELLED);
    CHECK_OK(WDSocketSetCallback(queue, NULL, NULL));
    CHECK_OK(WDSocketWakeup(0));
    CHECK_OK(WDSocketClose(queue));
    h_half_close(&half);
}

/* Set and cleared at once: what waits hears it, what comes afterwards waits. */
TEST(set_and_cleared_at_once)
{
    h_half half;
    char got[8];
    int i;

    REQUIRE(h_half_client(&half));
    for (i = 0; i < 20; i++) {
        h_thread *reader = h_blocked_reader(half.socket);

        CHECK_OK(WDSocketWakeup(1));
        CHECK_OK(WDSocketWakeup(0));
        CHECK_CODE(h_join(reader), WDS_E_CANCELLED);
        CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 1), WDS_E_TIMEOUT);
    }
    h_half_close(&half);
}

/* True of Visual Basic, the number of a signal, and one whose last byte is 0. */
TEST(every_number_but_0_sets_it)
{
    static const int32_t set[] = {-1, 2, 256, -256};
    h_half half;
    char got[8];
    size_t i;

    REQUIRE(h_half_client(&half));
    for (i = 0; i < sizeof set / sizeof set[0]; i++) {
        h_thread *reader = h_blocked_reader(half.socket);

        CHECK_OK(WDSocketWakeup(set[i]));
        CHECK_CODE(h_join(reader), WDS_E_CANCELLED);
        CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, -1), WDS_E_CANCELLED);
        CHECK_OK(WDSocketWakeup(0));
        CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 1), WDS_E_TIMEOUT);
    }
    h_half_close(&half);
}

#ifdef H_UNIX

/* ---- the descriptor ---- */

TEST(a_byte_in_the_descriptor)
{
    h_half half;
    h_thread *reader;
    char got[8];
    int32_t in = WDSocketWakeupDescriptor();
    int i;

    CHECK_GE(in, 3);
    CHECK_EQ(WDSocketWakeupDescriptor(), in);
    REQUIRE(h_half_client(&half));
    reader = h_blocked_reader(half.socket);
    CHECK_EQ(write(in, "\2", 1), 1);
    CHECK_CODE(h_join(reader), WDS_E_CANCELLED);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, -1), WDS_E_CANCELLED);
    CHECK_OK(WDSocketWakeup(0));
    for (i = 0; i < 200; i++) { /* however late the byte is read, it was before the clearing */
        CHECK_EQ(write(in, "\17", 1), 1);
        CHECK_OK(WDSocketWakeup(0));
        CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 1), WDS_E_TIMEOUT);
    }
    h_half_close(&half);
}

/* More than the pipe holds: neither end waits, and nothing is lost. */
TEST(a_flood_of_wakeups)
{
    h_half half;
    char got[8];
    int i;

    REQUIRE(h_half_client(&half));
    for (i = 0; i < 100000; i++)
        WDSocketWakeup(1 - i % 2);
    CHECK_OK(WDSocketWakeup(1));
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, -1), WDS_E_CANCELLED);
    CHECK_OK(WDSocketWakeup(0));
    WAIT_UNTIL(WDSocketRead(half.socket, got, (int32_t)sizeof got, 1) == WDS_E_TIMEOUT);
    h_half_close(&half);
}

static int child_wakes(void *descriptor)
{
    int ok = WDSocketWakeup(1) == WDS_E_FORKED && WDSocketWakeupDescriptor() == WDS_E_FORKED;

    return ok && write(*(int32_t *)descriptor, "\2", 1) == 1 ? 0 : 1; /* it leads nowhere */
}

TEST(a_forked_child_does_not_wake_its_parent)
{
    h_half half;
    char got[8];
    int32_t in = WDSocketWakeupDescriptor();
    h_thread *reader;

    REQUIRE(h_half_client(&half));
    reader = h_blocked_reader(half.socket);
    CHECK_EQ(h_fork(child_wakes, &in, 20000), 0);
    CHECK_OK(WDSocketWakeup(0)); /* as an order: what the child wrote would be before it */
    CHECK(!h_done(reader));
    h_send(half.raw, "2\r\nok", 5);
    CHECK_EQ(h_join(reader), 2);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 1), WDS_E_TIMEOUT);
    h_half_close(&half);
}

/* ---- signals ---- */

static volatile sig_atomic_t handled, errno_kept;

static void wakes(int number)
{
    (void)number;
    errno = 12345;
    WDSocketWakeup(1);
    errno_kept = errno == 12345;
    handled++;
}

static void on_signal(int number, int flags)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = wakes;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static int32_t sends_signals(void *until)
{
    while (!*(volatile int *)until) { /* it may come before the wait: the wake-up stays */
        kill(getpid(), SIGUSR1);
        h_sleep(5);
    }
    return 0;
}

TEST(a_handler_ends_the_wait_of_any_thread)
{
    static const int flags[] = {SA_ONSTACK, SA_RESTART | SA_ONSTACK};
    struct sigaction before;
    h_half half;
    char got[8];
    size_t i;

    sigaction(SIGUSR1, NULL, &before);
    REQUIRE(h_half_client(&half));
    for (i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        volatile int stop = 0;
        h_thread *sender;

        on_signal(SIGUSR1, flags[i]);
        handled = errno_kept = 0;
        sender = h_start(sends_signals, (void *)&stop);
        CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, -1), WDS_E_CANCELLED);
        stop = 1;
        h_join(sender);
        CHECK(handled > 0 && errno_kept);
        CHECK_OK(WDSocketWakeup(0));
    }
    sigaction(SIGUSR1, &before, NULL);
    h_half_close(&half);
}

static int32_t raises(void *unused)
{
    (void)unused;
    return raise(SIGUSR1);
}

/* In a thread that is not in the library the handler may run on any stack. */
TEST(a_handler_in_a_thread_of_the_host)
{
    struct sigaction before;
    h_half half;
    h_thread *reader;

    sigaction(SIGUSR1, NULL, &before);
    on_signal(SIGUSR1, 0);
    handled = errno_kept = 0;
    REQUIRE(h_half_client(&half));
    reader = h_blocked_reader(half.socket);
    CHECK_EQ(h_join(h_start(raises, NULL)), 0);
    CHECK_CODE(h_join(reader), WDS_E_CANCELLED);
    CHECK(handled == 1 && errno_kept);
    CHECK_OK(WDSocketWakeup(0));
    sigaction(SIGUSR1, &before, NULL);
    h_half_close(&half);
}

/* As the header shows it: nothing but the system calls the function by that type. */
TEST(it_can_be_a_handler_itself)
{
    struct sigaction action, before;
    h_half half;
    char got[8];
    h_thread *reader;

    memset(&action, 0, sizeof action);
    action.sa_handler = (void (*)(int))(void (*)(void))WDSocketWakeup;
    action.sa_flags = SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigaction(SIGUSR1, &action, &before);
    REQUIRE(h_half_client(&half));
    reader = h_blocked_reader(half.socket);
    CHECK_EQ(h_join(h_start(raises, NULL)), 0);
    CHECK_CODE(h_join(reader), WDS_E_CANCELLED);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, -1), WDS_E_CANCELLED);
    CHECK_OK(WDSocketWakeup(0));
    sigaction(SIGUSR1, &before, NULL);
    h_half_close(&half);
}

static int is_open_in(const char *task, int number)
{
    char path[300], line[256];
    FILE *file;
    unsigned long long blocked = 0;
    int found = 0;

    snprintf(path, sizeof path, "/proc/self/task/%s/status", task);
    file = fopen(path, "r");
    if (file == NULL)
        return 0; /* it has ended */
    while (fgets(line, (int)sizeof line, file) != NULL)
        if (sscanf(line, "SigBlk: %llx", &blocked) == 1)
            found = 1;
    fclose(file);
    return found && !(blocked >> (number - 1) & 1);
}

/* In how many threads of the process is a signal not blocked? */
static int open_in(int number)
{
    DIR *folder = opendir("/proc/self/task");
    struct dirent *one;
    int count = 0;

    while (folder != NULL && (one = readdir(folder)) != NULL)
        if (one->d_name[0] != '.')
            count += is_open_in(one->d_name, number);
    closedir(folder);
    return count;
}

static int32_t works(void *unused)
{
    h_pair pair;
    char got[8];
    int i;

    (void)unused;
    if (!h_pair_open(&pair))
        return 1;
    for (i = 0; i < 20; i++) {
        WDSocketWrite(pair.client, "x", 1);
        WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000);
    }
    h_pair_close(&pair);
    return 0;
}

static volatile int32_t callback_mask_ok;

static void WDSOCKET_CALL looks_at_mask(const int32_t *event, void *user)
{
    sigset_t mask;

    (void)event, (void)user;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    callback_mask_ok = sigismember(&mask, SIGINT) && sigismember(&mask, SIGTERM) ? 1 : 2;
}

/*
 * A thread that waits for signals by sigwait gets them, because every other thread
 * of the host and all of the library's have them blocked, whenever they were made.
 */
TEST(the_library_takes_no_signal_of_the_host)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGQUIT, SIGPIPE, SIGWINCH};
    h_thread *workers[8];
    sigset_t all, before;
    int32_t queue = WDSocketNewQueue();
    int number, host;
    size_t i;

    callback_mask_ok = 0;
    CHECK_OK(WDSocketSetCallback(queue, looks_at_mask, NULL));
    CHECK_GE(WDSocketNewTimer(queue, 1, 0, 0), 1);
    for (i = 0; i < sizeof workers / sizeof workers[0]; i++)
        workers[i] = h_start(works, NULL);
    for (i = 0; i < sizeof workers / sizeof workers[0]; i++)
        CHECK_EQ(h_join(workers[i]), 0);
    WAIT_UNTIL(callback_mask_ok != 0);
    CHECK_EQ(callback_mask_ok, 1);
    CHECK_OK(WDSocketClose(queue));
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    host = open_in(SIGURG); /* of the harness, beside this thread */
    for (i = 0; i < sizeof signals / sizeof signals[0]; i++)
        CHECK_EQ(open_in(signals[i]), host);
    CHECK(host <= 2);
    CHECK(syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGTERM) == 0);
    CHECK_EQ(sigwait(&all, &number), 0);
    CHECK_EQ(number, SIGTERM);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Everything is blocked before a thread's first call, and after it, but faults. */
static int32_t keeps_its_mask(void *unused)
{
    sigset_t all, now;
    int number, wrong = 0, round;
    char got[8];
    int32_t udp = 0;

    (void)unused;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    for (round = 0; round < 2; round++) {
        udp = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
        WDSocketReadUDP(udp, got, (int32_t)sizeof got, 1, NULL, 0, NULL);
        pthread_sigmask(SIG_SETMASK, NULL, &now);
        for (number = 1; number < 32; number++) {
            int fault = number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL || number == SIGTRAP;
            if (number != SIGKILL && number != SIGSTOP && sigismember(&now, number) == fault)
                wrong = number;
        }
        WDSocketClose(udp);
    }
    sigemptyset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    WDSocketClose(WDSocketNew(NULL));
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    for (number = 1; number < 32; number++)
        if (sigismember(&now, number))
            wrong = number;
    return wrong;
}

TEST(the_host_keeps_its_mask)
{
    CHECK_EQ(h_join(h_start(keeps_its_mask, NULL)), 0);
}

#endif

/* ---- threads that are ended by force ---- */

#ifdef H_UNIX
static int32_t victim_socket;
static volatile pid_t victim_id;

static void *victim(void *unused)
{
    char got[8];

    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    victim_id = (pid_t)syscall(SYS_gettid);
    WDSocketRead(victim_socket, got, (int32_t)sizeof got, -1);
    return unused;
}

/* Is the thread asleep in a call of the system? */
static int sleeps(pid_t id)
{
    char path[64], line[64] = "";
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", (int)id);
    file = fopen(path, "r");
    if (file == NULL || fgets(line, (int)sizeof line, file) == NULL)
        line[0] = 0;
    if (file != NULL)
        fclose(file);
#ifdef SYS_poll /* newer processors have the other alone */
    if (atoi(line) == SYS_poll)
        return 1;
#endif
    return atoi(line) == SYS_ppoll;
}

/*
 * The last test: what that thread held stays. In a process of its own, which
 * is asked only whether it ends.
 */
static int closes_all(void *unused)
{
    h_half half;
    pthread_t thread;
    int64_t start;
    int i;

    (void)unused;
    if (!h_half_client(&half))
        return 1;
    victim_socket = half.socket;
    pthread_create(&thread, NULL, victim, NULL);
    for (i = 0; i < 5000 && (victim_id == 0 || !sleeps(victim_id)); i++)
        h_sleep(2);
    pthread_cancel(thread);
    pthread_join(thread, NULL);
    start = h_now_us();
    if (WDSocketRead(half.socket, NULL, 0, 0) != WDS_E_BUSY)
        return 2;
    if (WDSocketCloseAll() != WDS_OK)
        return 3;
    if (h_now_us() - start > 10000000)
        return 4;
    return works(NULL) == 0 && WDSocketCloseAll() == WDS_OK ? 0 : 5; /* the library goes on */
}

__attribute__((constructor)) static void child(void)
{
    if (getenv("WAKEUP_VICTIM") == NULL)
        return;
    alarm(60);
    _exit(closes_all(NULL));
}

TEST(a_thread_ended_inside_a_call)
{
    int status = 0;
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        setenv("WAKEUP_VICTIM", "1", 1);
        h_execute_again("wakeup_child");
        _exit(127);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), 0);
}
#endif
