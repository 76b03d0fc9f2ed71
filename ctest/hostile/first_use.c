/*
 * first_use.c - a host that has nothing left when it uses the library for the
 * first time: no descriptors, or a sandbox that refuses what Go's runtime needs.
 * Each case is a process of its own, which is told that and served as soon as
 * there is something again.
 */
#define _GNU_SOURCE

#include "harness.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- in the child ---- */

#define TABLE 64

static int wrong;

static void expect(int ok, const char *what, long got)
{
    if (!ok) {
        fprintf(stderr, "%s: %s (%ld)\n", getenv("FIRST_USE"), what, got);
        wrong = 1;
    }
}

static int same_as_output(int descriptor)
{
    struct stat one, other;

    return descriptor > 2 && fstat(descriptor, &one) == 0 && fstat(1, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* Closes copies of the standard output, of which the table is full. */
static void empty(int most)
{
    int i;

    for (i = 3; i < TABLE && most > 0; i++)
        if (same_as_output(i)) {
            close(i);
            most--;
        }
}

static void fill(void)
{
    while (dup(1) >= 0)
        ;
}

/* The hard limit too: Go raises the other one when it begins. */
static void limit_table(void)
{
    struct rlimit limit;

    limit.rlim_cur = limit.rlim_max = TABLE;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* Leaves so many descriptors free. */
static void leave(int room)
{
    limit_table();
    fill();
    expect(WDSocketNew(NULL) == WDS_E_DESCRIPTORS, "a full table", 0);
    fill(); /* loading is over, which opens files for a moment */
    empty(room);
}

/* Every way in is refused, and tells why. */
static void refused(int32_t code, int32_t number)
{
    char text[512];
    int32_t got = WDSocketNew(NULL), length;

    expect(got == code, "New", got);
    got = WDSocketErrorCode(0, WDS_INFO_CODE);
    expect(got == code, "the code", got);
    got = WDSocketErrorCode(0, WDS_INFO_SYSTEM);
    expect(got == number, "the system's number", got);
    got = WDSocketErrorCode(0, WDS_INFO_PHASE);
    expect(got == WDS_PHASE_CALL, "the phase", got);
    length = WDSocketErrorInfo(0, WDS_INFO_MESSAGE, text, (int32_t)sizeof text);
    expect(length > 0 && (size_t)length == strlen(text) && strstr(text, "8 free descriptors") != NULL, text, length);
    got = WDSocketErrorInfo(0, WDS_INFO_MESSAGE, NULL, 0);
    expect(got == length, "the length of the text", got);
    got = WDSocketErrorInfo(0, WDS_INFO_MESSAGE, text, 9);
    expect(got == length && strlen(text) == 8, "a short buffer", got);
    WDSocketErrorInfo(0, WDS_INFO_NAME, text, (int32_t)sizeof text);
    expect(strncmp(text, "WDS_E_", 6) == 0, text, 0);
    WDSocketErrorInfo(0, WDS_INFO_DETAIL, text, (int32_t)sizeof text);
    expect(strstr(text, "\nWDS_E_") != NULL, text, 0);
    expect(WDSocketErrorInfo(0, 99, text, 8) == WDS_E_ARGUMENT, "a wrong number", 99);
    expect(WDSocketVersion() == WDSOCKET_VERSION, "Version", WDSocketVersion());
    expect(WDSocketExist(1) == 0, "Exist", 1);
    expect(WDSocketState(1) == code, "State", WDSocketState(1));
    expect(WDSocketClose(1) == code, "Close", 0);
    expect(WDSocketCloseAll() == code, "CloseAll", 0);
    expect(WDSocketWakeup(1) == WDS_OK && WDSocketWakeup(0) == WDS_OK, "Wakeup", 0);
    expect(WDSocketWakeupDescriptor() == code, "WakeupDescriptor", 0);
}

static void served(void)
{
    char got[16];
    int32_t port = 0, length;
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");
    int32_t client, channel;

    WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port);
    client = WDSocketConnect(NULL, port, "127.0.0.1", 20000);
    channel = WDSocketAccept(server, 20000);
    expect(server > 0 && client > 0 && channel > 0, "a pair", channel);
    WDSocketWrite(client, "round", 5);
    length = WDSocketRead(channel, got, (int32_t)sizeof got, 20000);
    expect(length == 5, "a message", length);
    expect(WDSocketErrorCode(0, WDS_INFO_CODE) == 0, "the error is gone", WDSocketErrorCode(0, WDS_INFO_CODE));
    expect(WDSocketCloseAll() == WDS_OK, "CloseAll", 0);
}

static void few_descriptors(int room)
{
    leave(room);
    refused(WDS_E_DESCRIPTORS, EMFILE);
    refused(WDS_E_DESCRIPTORS, EMFILE);
    empty(TABLE);
    served();
}

/* A thread whose call was refused, and which another one has made possible since. */
static void *refused_and_served(void *step)
{
    volatile int *at = (volatile int *)step;

    refused(WDS_E_DESCRIPTORS, EMFILE);
    *at = 1;
    while (*at != 2)
        usleep(1000);
    served();
    return NULL;
}

/*
 * The library of CTEST_LIBRARY, which nothing has been called of: dlopen has what
 * it needs and no more, and the first call is refused.
 */
static void loaded_late(void)
{
    int32_t(*make)(const char *) = NULL;
    int32_t(*close_all)(void) = NULL;
    int32_t(*code_of)(int32_t, int32_t) = NULL;
    const char *path = getenv("CTEST_LIBRARY");
    void *library, *symbol;
    int32_t got;

    /* the library that this program has begins beside it, and may open files until it is entered */
    got = WDSocketNew(NULL);
    expect(got > 0 && WDSocketClose(got) == WDS_OK, "the library of the program", got);
    limit_table();
    fill();
    empty(1); /* one for the loader */
    library = dlopen(path, RTLD_NOW);
    expect(library != NULL, "dlopen", 0);
    if (library == NULL)
        return;
    symbol = dlsym(library, "WDSocketNew");
    memcpy(&make, &symbol, sizeof make);
    symbol = dlsym(library, "WDSocketCloseAll");
    memcpy(&close_all, &symbol, sizeof close_all);
    symbol = dlsym(library, "WDSocketErrorCode");
    memcpy(&code_of, &symbol, sizeof code_of);
    got = make(NULL);
    expect(got == WDS_E_DESCRIPTORS, "New", got);
    got = code_of(0, WDS_INFO_SYSTEM);
    expect(got == EMFILE, "the system's number", got);
    empty(TABLE);
    got = make(NULL);
    expect(got > 0, "New with descriptors", got);
    got = close_all();
    expect(got == WDS_OK, "CloseAll", got);
}

static void two_threads(void)
{
    volatile int step = 0;
    pthread_t thread;

    leave(0);
    pthread_create(&thread, NULL, refused_and_served, (void *)&step);
    while (step != 1)
        usleep(1000);
    empty(TABLE);
    served();
    step = 2;
    pthread_join(thread, NULL);
}

static int32_t number_of_call(const char *name)
{
    return strcmp(name, "eventfd2") == 0 ? SYS_eventfd2 : strcmp(name, "epoll_ctl") == 0 ? SYS_epoll_ctl
        : strcmp(name, "epoll_create1") == 0 ? SYS_epoll_create1 : strcmp(name, "epoll_pwait") == 0 ? SYS_epoll_pwait
        : SYS_pipe2;
}

/* From now on this call of the system fails in this thread, and in those it makes. */
static int forbid(int32_t call, int number)
{
    struct sock_filter steps[4];
    struct sock_fprog program;

    memset(steps, 0, sizeof steps);
    steps[0].code = BPF_LD | BPF_W | BPF_ABS;
    steps[0].k = offsetof(struct seccomp_data, nr);
    steps[1].code = BPF_JMP | BPF_JEQ | BPF_K;
    steps[1].k = (uint32_t)call;
    steps[1].jf = 1;
    steps[2].code = BPF_RET | BPF_K;
    steps[2].k = SECCOMP_RET_ERRNO | (uint32_t)number;
    steps[3].code = BPF_RET | BPF_K;
    steps[3].k = SECCOMP_RET_ALLOW;
    program.len = 4;
    program.filter = steps;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static void *served_after_step(void *step)
{
    while (*(volatile int *)step == 0)
        usleep(1000);
    served();
    return NULL;
}

static void sandbox(const char *call, int number)
{
    int32_t code = number == EMFILE ? WDS_E_DESCRIPTORS : number == EPERM ? WDS_E_ACCESS : WDS_E_SYSTEM;
    volatile int step = 0;
    pthread_t free_one;

    pthread_create(&free_one, NULL, served_after_step, (void *)&step);
    expect(forbid(number_of_call(call), number), "a filter", errno);
    refused(code, number);
    step = 1; /* the other thread starts the library */
    pthread_join(free_one, NULL);
    expect(WDSocketClose(WDSocketNew(NULL)) == WDS_OK, "and then it is there for all", 0);
}

__attribute__((constructor)) static void child(void)
{
    const char *what = getenv("FIRST_USE");
    char call[32];
    int number;

    if (what == NULL)
        return;
    alarm(60);
    if (sscanf(what, "free %d", &number) == 1)
        few_descriptors(number);
    else if (strcmp(what, "threads") == 0)
        two_threads();
    else if (strcmp(what, "late") == 0)
        loaded_late();
    else if (sscanf(what, "%31s %d", call, &number) == 2)
        sandbox(call, number);
    fflush(NULL);
    _exit(wrong);
}

/* ---- the tests ---- */

static int run_child(const char *what)
{
    pid_t pid;
    int status = 0;

    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        setenv("FIRST_USE", what, 1);
        h_execute_again("first_use_child");
        _exit(127);
    }
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(hardly_a_descriptor_free)
{
    char what[32];
    int room;

    for (room = 0; room < 8; room++) {
        snprintf(what, sizeof what, "free %d", room);
        CHECK_EQ(run_child(what), 0);
    }
}

TEST(refused_in_one_thread_and_started_in_another)
{
    CHECK_EQ(run_child("threads"), 0);
}

/*
 * A copy of the library under another name: dlopen of one that is there already
 * would load nothing. (With AddressSanitizer too: the program has it.)
 */
TEST(loaded_by_dlopen_with_an_almost_full_table)
{
    const char *library = getenv("CTEST_LIBRARY"), *folder = getenv("CTEST_TEMP");
    char copy[1024], command[3000];

    REQUIRE(library != NULL);
    snprintf(copy, sizeof copy, "%s/late.so", folder != NULL ? folder : "/tmp");
    snprintf(command, sizeof command, "cp '%s' '%s'", library, copy);
    REQUIRE(system(command) == 0);
    setenv("CTEST_LIBRARY", copy, 1);
    CHECK_EQ(run_child("late"), 0);
    unlink(copy);
}

TEST(a_sandbox_refuses_what_the_runtime_needs)
{
    static const char *const calls[] = {"epoll_create1", "eventfd2", "epoll_ctl", "epoll_pwait", "pipe2"};
    static const int numbers[] = {EMFILE, EPERM, ENOSYS};
    char what[64];
    size_t i, k;

    for (i = 0; i < sizeof calls / sizeof calls[0]; i++)
        for (k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
            snprintf(what, sizeof what, "%s %d", calls[i], numbers[k]);
            CHECK_EQ(run_child(what), 0);
        }
}

/* The table is full before the library is loaded: the loader has what it needs itself. */
TEST(loaded_with_a_full_table)
{
    int status = 0, last, next;
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        limit_table();
        for (last = 1; (next = dup(1)) >= 0; last = next)
            ;
        close(last); /* one for the loader */
        setenv("FIRST_USE", "free 0", 1);
        h_execute_again("first_use_child");
        _exit(127);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 0);
}
