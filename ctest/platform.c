/*
 * platform.c - threads, time, raw sockets and the process, on Unix and Windows.
 */
#ifndef _WIN32
#define _DARWIN_C_SOURCE
#define _DEFAULT_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <io.h>
#include <fcntl.h>
#else
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#endif

#include "harness.h"

#ifdef _WIN32
typedef SOCKET sysock;
typedef int socklen;
#define sys_close closesocket
#define sys_poll WSAPoll
#define SYS_RESET WSAECONNRESET
#define SHUT_WR SD_SEND
#define MSG_NOSIGNAL 0
#else
typedef int sysock;
typedef socklen_t socklen;
#define sys_close close
#define sys_poll poll
#define SYS_RESET ECONNRESET
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif
#endif

/* ---- time ---- */

#ifdef _WIN32

int64_t h_now_us(void)
{
    LARGE_INTEGER count, frequency;

    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (int64_t)((double)count.QuadPart * 1e6 / (double)frequency.QuadPart);
}

static int64_t file_time_us(FILETIME t)
{
    return (int64_t)(((uint64_t)t.dwHighDateTime << 32 | t.dwLowDateTime) / 10);
}

int64_t h_cpu_us(void)
{
    FILETIME created, ended, kernel, user;

    GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user);
    return file_time_us(kernel) + file_time_us(user);
}

int64_t h_thread_cpu_us(void)
{
    FILETIME created, ended, kernel, user;

    GetThreadTimes(GetCurrentThread(), &created, &ended, &kernel, &user);
    return file_time_us(kernel) + file_time_us(user);
}

void h_sleep(int ms)
{
    Sleep((DWORD)ms);
}

#else

int64_t h_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t h_cpu_us(void)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return (int64_t)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000 + use.ru_utime.tv_usec + use.ru_stime.tv_usec;
}

int64_t h_thread_cpu_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void h_sleep(int ms)
{
    struct timespec rest;

    rest.tv_sec = ms / 1000;
    rest.tv_nsec = (long)(ms % 1000) * 1000000;
    while (nanosleep(&rest, &rest) != 0 && errno == EINTR)
        ;
}

#endif

/* ---- threads ---- */

struct h_thread {
    h_thread_fn fn;
    void *argument;
    int32_t result;
    volatile int64_t done;
    int64_t end_us;
#ifdef _WIN32
    HANDLE id;
#else
    pthread_t id;
#endif
};

static void thread_body(h_thread *thread)
{
    thread->result = thread->fn(thread->argument);
    thread->end_us = h_now_us();
    h_add(&thread->done, 1);
}

void h_add(volatile int64_t *counter, int64_t amount)
{
    __atomic_add_fetch(counter, amount, __ATOMIC_SEQ_CST);
}

int64_t h_get(volatile int64_t *counter)
{
    return __atomic_load_n(counter, __ATOMIC_SEQ_CST);
}

int h_done(h_thread *thread)
{
    return h_get(&thread->done) != 0;
}

int32_t h_join(h_thread *thread)
{
    return h_join_at(thread, NULL);
}

#ifdef _WIN32

struct h_mutex {
    CRITICAL_SECTION section;
};

static DWORD WINAPI thread_entry(LPVOID argument)
{
    thread_body((h_thread *)argument);
    return 0;
}

h_thread *h_start(h_thread_fn fn, void *argument)
{
    h_thread *thread = (h_thread *)calloc(1, sizeof *thread);

    thread->fn = fn;
    thread->argument = argument;
    thread->id = CreateThread(NULL, 0, thread_entry, thread, 0, NULL);
    if (!thread->id)
        abort();
    return thread;
}

int32_t h_join_at(h_thread *thread, int64_t *end_us)
{
    int32_t result;

    WaitForSingleObject(thread->id, INFINITE);
    CloseHandle(thread->id);
    result = thread->result;
    if (end_us)
        *end_us = thread->end_us;
    free(thread);
    return result;
}

h_mutex *h_mutex_new(void)
{
    h_mutex *mutex = (h_mutex *)calloc(1, sizeof *mutex);

    InitializeCriticalSection(&mutex->section);
    return mutex;
}

void h_lock(h_mutex *mutex)
{
    EnterCriticalSection(&mutex->section);
}

void h_unlock(h_mutex *mutex)
{
    LeaveCriticalSection(&mutex->section);
}

void h_mutex_free(h_mutex *mutex)
{
    DeleteCriticalSection(&mutex->section);
    free(mutex);
}

#else

struct h_mutex {
    pthread_mutex_t mutex;
};

static void *thread_entry(void *argument)
{
    thread_body((h_thread *)argument);
    return NULL;
}

h_thread *h_start(h_thread_fn fn, void *argument)
{
    h_thread *thread = (h_thread *)calloc(1, sizeof *thread);

    thread->fn = fn;
    thread->argument = argument;
    if (pthread_create(&thread->id, NULL, thread_entry, thread) != 0)
        abort();
    return thread;
}

int32_t h_join_at(h_thread *thread, int64_t *end_us)
{
    int32_t result;

    pthread_join(thread->id, NULL);
    result = thread->result;
    if (end_us)
        *end_us = thread->end_us;
    free(thread);
    return result;
}

h_mutex *h_mutex_new(void)
{
    h_mutex *mutex = (h_mutex *)calloc(1, sizeof *mutex);

    pthread_mutex_init(&mutex->mutex, NULL);
    return mutex;
}

void h_lock(h_mutex *mutex)
{
    pthread_mutex_lock(&mutex->mutex);
}

void h_unlock(h_mutex *mutex)
{
    pthread_mutex_unlock(&mutex->mutex);
}

void h_mutex_free(h_mutex *mutex)
{
    pthread_mutex_destroy(&mutex->mutex);
    free(mutex);
}

#endif

/* ---- raw sockets ---- */

static void network_up(void)
{
#ifdef _WIN32
    static int up;
    WSADATA data;

    if (!up)
        WSAStartup(MAKEWORD(2, 2), &data);
    up = 1;
#endif
}

/* An address of either family as the system wants it; 0 if the text is no address. */
static socklen to_address(const char *address, int port, struct sockaddr_storage *out)
{
    struct sockaddr_in *four = (struct sockaddr_in *)out;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;

    memset(out, 0, sizeof *out);
    if (strchr(address, ':')) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((unsigned short)port);
        return inet_pton(AF_INET6, address, &six->sin6_addr) == 1 ? (socklen)sizeof *six : 0;
    }
    four->sin_family = AF_INET;
    four->sin_port = htons((unsigned short)port);
    return inet_pton(AF_INET, address, &four->sin_addr) == 1 ? (socklen)sizeof *four : 0;
}

int h_address_bytes(const char *address, unsigned char bytes[16])
{
    struct sockaddr_storage raw;

    if (to_address(address, 0, &raw) == 0)
        return 0;
    if (raw.ss_family == AF_INET6) {
        memcpy(bytes, &((struct sockaddr_in6 *)&raw)->sin6_addr, 16);
        return 16;
    }
    memcpy(bytes, &((struct sockaddr_in *)&raw)->sin_addr, 4);
    return 4;
}

int h_has_six(void)
{
    h_sock sock = h_udp("::1", NULL);

    if (sock == H_NO_SOCK)
        return 0;
    h_close(sock);
    return 1;
}

static int port_of(sysock sock)
{
    struct sockaddr_storage address;
    socklen length = (socklen)sizeof address;

    memset(&address, 0, sizeof address);
    getsockname(sock, (struct sockaddr *)&address, &length);
    if (address.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
    return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

/* From so many ms on a time is no exact one but patience. */
#define PATIENT_MS 5000

static int wait_for(h_sock sock, short events, int ms)
{
    struct pollfd one;
    int64_t start = h_now_us(), end = start + (int64_t)ms * 1000;
    int result;

    if (sock == H_RESET_SOCK)
        return 1; /* with the error that any use of it gives */
    do {
        int64_t rest = (end - h_now_us()) / 1000;

        one.fd = (sysock)sock;
        one.events = events;
        one.revents = 0;
        result = sys_poll(&one, 1, rest > 0 ? (int)rest : ms >= PATIENT_MS ? 100 : 0);
    } while (result <= 0 && (ms >= PATIENT_MS ? !h_overdue(start, ms) : result < 0 && h_now_us() < end));
    return result > 0;
}

static void set_option(h_sock sock, int level, int option, int value)
{
    setsockopt((sysock)sock, level, option, (const char *)&value, (socklen)sizeof value);
}

static h_sock bound(int type, const char *address, int port)
{
    struct sockaddr_storage where;
    socklen length;
    sysock sock;

    network_up();
    length = to_address(address, port, &where);
    sock = socket(where.ss_family, type, 0);
    if ((h_sock)sock == H_NO_SOCK)
        return H_NO_SOCK;
#ifndef _WIN32
    if (type == SOCK_STREAM)
        set_option((h_sock)sock, SOL_SOCKET, SO_REUSEADDR, 1);
#endif
    if (length == 0 || bind(sock, (struct sockaddr *)&where, length) != 0) {
        sys_close(sock);
        return H_NO_SOCK;
    }
    return (h_sock)sock;
}

h_sock h_listen(const char *address, int port, int backlog, int *real_port)
{
    h_sock sock = bound(SOCK_STREAM, address, port);

    if (sock == H_NO_SOCK)
        return sock;
    if (listen((sysock)sock, backlog) != 0) {
        h_close(sock);
        return H_NO_SOCK;
    }
    if (real_port)
        *real_port = port_of((sysock)sock);
    return sock;
}

h_sock h_listen_narrow(int *real_port)
{
    h_sock sock = bound(SOCK_STREAM, "127.0.0.1", 0);

    set_option(sock, SOL_SOCKET, SO_RCVBUF, 8192);
    listen((sysock)sock, 8);
    *real_port = port_of((sysock)sock);
    return sock;
}

h_sock h_accept(h_sock listener, int ms)
{
    sysock sock;

    if (!wait_for(listener, POLLIN, ms))
        return H_NO_SOCK;
    sock = accept((sysock)listener, NULL, NULL);
    if ((h_sock)sock != H_NO_SOCK)
        set_option((h_sock)sock, IPPROTO_TCP, TCP_NODELAY, 1);
    return (h_sock)sock;
}

static int blocking(h_sock sock, int on)
{
#ifdef _WIN32
    u_long value = on ? 0 : 1;

    return ioctlsocket((sysock)sock, (long)FIONBIO, &value) == 0;
#else
    int flags = fcntl((int)sock, F_GETFL);

    return fcntl((int)sock, F_SETFL, on ? flags & ~O_NONBLOCK : flags | O_NONBLOCK) == 0;
#endif
}

h_sock h_connect_start(const char *address, int port)
{
    struct sockaddr_storage where;
    socklen length;
    sysock sock;
    int result;

    network_up();
    length = to_address(address, port, &where);
    sock = socket(where.ss_family, SOCK_STREAM, 0);
    blocking((h_sock)sock, 0);
    set_option((h_sock)sock, IPPROTO_TCP, TCP_NODELAY, 1);
    result = connect(sock, (struct sockaddr *)&where, length);
    (void)result; /* under way */
    return (h_sock)sock;
}

int h_connected(h_sock sock, int ms)
{
    int error = 0;
    socklen length = (socklen)sizeof error;

    if (!wait_for(sock, POLLOUT, ms))
        return 0;
    getsockopt((sysock)sock, SOL_SOCKET, SO_ERROR, (char *)&error, &length);
    return error == 0 ? 1 : error == SYS_RESET ? -1 : 0;
}

h_sock h_connect(const char *address, int port)
{
    h_sock sock = h_connect_start(address, port);
    int up = h_connected(sock, 20000);

    if (up != 1) {
        h_close(sock);
        return up == 0 ? H_NO_SOCK : H_RESET_SOCK;
    }
    blocking(sock, 1);
    return sock;
}

int h_send(h_sock sock, const void *data, int length)
{
    const char *p = (const char *)data;

    while (length > 0) {
        int sent = (int)send((sysock)sock, p, (size_t)length, MSG_NOSIGNAL);

        if (sent <= 0)
            return 0;
        p += sent;
        length -= sent;
    }
    return 1;
}

int h_send_chunks(h_sock sock, const void *data, int length, int chunk, int pause_ms)
{
    const char *p = (const char *)data;

    while (length > 0) {
        int part = length < chunk ? length : chunk;

        if (!h_send(sock, p, part))
            return 0;
        p += part;
        length -= part;
        if (length > 0 && pause_ms > 0)
            h_sleep(pause_ms);
    }
    return 1;
}

int h_recv(h_sock sock, void *buffer, int length, int ms)
{
    int64_t end = h_now_us() + (int64_t)ms * 1000;
    int have = 0;

    while (have < length) {
        int64_t rest = (end - h_now_us()) / 1000;
        int got;

        if (!wait_for(sock, POLLIN, ms >= PATIENT_MS ? ms : rest > 0 ? (int)rest : 0))
            break;
        got = (int)recv((sysock)sock, (char *)buffer + have, (size_t)(length - have), 0);
        if (got <= 0)
            break;
        have += got;
    }
    return have;
}

/*
 * Was an end that looked orderly followed by a reset?  Under Wine, whose server
 * ends the sending side of every socket before it closes it, it is.
 */
static int reset_behind_end(h_sock sock)
{
#ifdef _WIN32
    int i;

    for (i = 0; i < 10; i++) {
        WSAPOLLFD fd;

        fd.fd = (SOCKET)sock;
        fd.events = POLLOUT;
        fd.revents = 0;
        if (WSAPoll(&fd, 1, 0) > 0 && (fd.revents & POLLERR))
            return 1;
        h_sleep(5);
    }
#else
    (void)sock;
#endif
    return 0;
}

int h_recv_end(h_sock sock, int ms)
{
    char buffer[4096];

    while (wait_for(sock, POLLIN, ms)) {
        int got = (int)recv((sysock)sock, buffer, sizeof buffer, 0);

        if (got == 0)
            return reset_behind_end(sock) ? -1 : 1;
        if (got < 0)
            return -1;
    }
    return 0;
}

int h_count_resets(h_sock *socks, int count)
{
    int i, resets = 0;

    for (i = 0; i < count; i++) {
        if (h_recv_end(socks[i], 0) == -1) {
            h_close(socks[i]);
            socks[i] = H_RESET_SOCK;
            resets++;
        }
    }
    return resets;
}

int h_recv_over(h_sock sock, int ms)
{
    char buffer[4096];

    while (wait_for(sock, POLLIN, ms))
        if (recv((sysock)sock, buffer, sizeof buffer, 0) <= 0)
            return 1;
    return 0;
}

int64_t h_recv_count(h_sock sock, int ms)
{
    static char buffer[65536];
    int64_t total = 0;

    while (wait_for(sock, POLLIN, ms)) {
        int got = (int)recv((sysock)sock, buffer, sizeof buffer, 0);

        if (got == 0)
            return reset_behind_end(sock) ? -1 : total;
        if (got < 0)
            return -1;
        total += got;
    }
    return -1;
}

void h_shut_write(h_sock sock)
{
    shutdown((sysock)sock, SHUT_WR);
}

void h_reset(h_sock sock)
{
    struct linger linger;

    linger.l_onoff = 1;
    linger.l_linger = 0;
    setsockopt((sysock)sock, SOL_SOCKET, SO_LINGER, (const char *)&linger, (socklen)sizeof linger);
    h_close(sock);
}

void h_close(h_sock sock)
{
    if (sock != H_NO_SOCK && sock != H_RESET_SOCK)
        sys_close((sysock)sock);
}

h_sock h_udp(const char *address, int *real_port)
{
    h_sock sock = bound(SOCK_DGRAM, address, 0);

    if (sock == H_NO_SOCK)
        return sock;
    if (real_port)
        *real_port = port_of((sysock)sock);
    set_option(sock, SOL_SOCKET, SO_BROADCAST, 1);
    return sock;
}

int h_udp_send(h_sock sock, const char *address, int port, const void *data, int length)
{
    struct sockaddr_storage where;
    socklen size = to_address(address, port, &where);

    return (int)sendto((sysock)sock, (const char *)data, (size_t)length, MSG_NOSIGNAL, (struct sockaddr *)&where, size) == length;
}

int h_udp_recv(h_sock sock, void *buffer, int capacity, int ms, int *from_port)
{
    char address[64];

    return h_udp_recv_from(sock, buffer, capacity, ms, address, from_port);
}

int h_udp_recv_from(h_sock sock, void *buffer, int capacity, int ms, char address[64], int *from_port)
{
    struct sockaddr_storage from;
    socklen size = (socklen)sizeof from;
    int got;

    address[0] = 0;
    if (!wait_for(sock, POLLIN, ms))
        return -1;
    memset(&from, 0, sizeof from);
    got = (int)recvfrom((sysock)sock, (char *)buffer, (size_t)capacity, 0, (struct sockaddr *)&from, &size);
    if (from.ss_family == AF_INET6)
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&from)->sin6_addr, address, 64);
    else
        inet_ntop(AF_INET, &((struct sockaddr_in *)&from)->sin_addr, address, 64);
    if (from_port) /* at the same place in both */
        *from_port = ntohs(((struct sockaddr_in *)&from)->sin_port);
    return got;
}

void h_hole_open(h_hole *hole, const char *address, int port)
{
    int i;

    hole->listener = h_listen(address, port, 0, &hole->port);
    CHECK(hole->listener != H_NO_SOCK);
    for (i = 0; i < 8; i++)
        hole->fill[i] = h_connect_start(address, hole->port);
    /* the backlog is full when the last ones do not come up */
    CHECK(!h_connected(hole->fill[7], 50));
}

void h_hole_close(h_hole *hole)
{
    int i;

    for (i = 0; i < 8; i++)
        h_close(hole->fill[i]);
    h_close(hole->listener);
}

/* ---- the process ---- */

static FILE *captured;
static int saved_out, saved_err;

int h_capture_begin(void)
{
    fflush(stdout);
    fflush(stderr);
    captured = tmpfile();
    if (!captured)
        return 0;
    saved_out = dup(1);
    saved_err = dup(2);
    return dup2(fileno(captured), 1) >= 0 && dup2(fileno(captured), 2) >= 0;
}

int h_capture_end(char *text, int capacity)
{
    int got;

    fflush(stdout);
    fflush(stderr);
    dup2(saved_out, 1);
    dup2(saved_err, 2);
    close(saved_out);
    close(saved_err);
    rewind(captured);
    got = (int)fread(text, 1, (size_t)capacity - 1, captured);
    text[got] = 0;
    fclose(captured);
    return got;
}

char *h_temp_path(const char *name)
{
    const char *folder = getenv("CTEST_TEMP");
    char *path;

    if (!folder)
        folder = ".";
    path = (char *)malloc(strlen(folder) + strlen(name) + 2);
    sprintf(path, "%s/%s", folder, name);
    return path;
}

char *h_read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size;
    char *text;

    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    text = (char *)malloc((size_t)size + 1);
    size = (long)fread(text, 1, (size_t)size, file);
    text[size] = 0;
    fclose(file);
    return text;
}

void h_remove(const char *path)
{
    remove(path);
}

#ifdef _WIN32

void h_sigpipe_default(void)
{
}

void *h_load(const char *path)
{
    return (void *)LoadLibraryA(path);
}

void *h_symbol(void *library, const char *name)
{
    return (void *)(intptr_t)GetProcAddress((HMODULE)library, name);
}

void h_unload(void *library)
{
    FreeLibrary((HMODULE)library);
}

int h_set_environment(const char *name, const char *value)
{
    return SetEnvironmentVariableA(name, value) != 0;
}

#else

void h_sigpipe_default(void)
{
    h_signal_set(SIGPIPE, SIG_DFL);
}

void h_signal_set(int number, void (*handler)(int))
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_ONSTACK;
    sigaction(number, &action, NULL);
}

int h_signal_kept(int number, void (*handler)(int))
{
    struct sigaction action;

    sigaction(number, NULL, &action);
    return action.sa_handler == handler;
}

int h_fork(int (*fn)(void *), void *argument, int limit_ms)
{
    int64_t start = h_now_us();
    pid_t child;
    int status = 0;

    fflush(stdout);
    child = fork();
    if (child == 0)
        _exit(fn(argument));
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (h_overdue(start, limit_ms)) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return -1;
        }
        h_sleep(1);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -2;
}

int h_highest_descriptor(void)
{
    DIR *folder = opendir("/dev/fd");
    struct dirent *one;
    int highest = 2;

    if (!folder)
        return -1;
    while ((one = readdir(folder)))
        if (atoi(one->d_name) > highest && atoi(one->d_name) != dirfd(folder))
            highest = atoi(one->d_name);
    closedir(folder);
    return highest;
}

int h_limit_descriptors(int limit)
{
    struct rlimit now;
    int before;

    getrlimit(RLIMIT_NOFILE, &now);
    before = (int)now.rlim_cur;
    now.rlim_cur = (rlim_t)limit;
    setrlimit(RLIMIT_NOFILE, &now);
    return before;
}

int h_raise_descriptors(void)
{
    struct rlimit now;

    getrlimit(RLIMIT_NOFILE, &now);
    now.rlim_cur = now.rlim_max;
    setrlimit(RLIMIT_NOFILE, &now);
    getrlimit(RLIMIT_NOFILE, &now);
    return now.rlim_cur > 1000000 ? 1000000 : (int)now.rlim_cur;
}

void *h_load(const char *path)
{
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

void *h_symbol(void *library, const char *name)
{
    return dlsym(library, name);
}

void h_unload(void *library)
{
    dlclose(library);
}

int h_set_environment(const char *name, const char *value)
{
    return setenv(name, value, 1) == 0;
}

#endif
