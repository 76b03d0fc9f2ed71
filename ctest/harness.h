/*
 * harness.h - what the C tests share
 *
 * A test program is a file of TEST(name) { ... } functions.  It runs in its own
 * process, ends by asking the library whether anything is still held and prints
 * "program: N passed, N failed".  Everything that differs between systems is
 * behind this header, so that the same sources run against the shared object
 * and the DLLs.
 *
 * With H_NO_LIBRARY defined nothing here calls the library: for programs that
 * load it themselves.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wdsocket.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef _WIN32
#define H_UNIX 1
#endif

/* ---- tests and checks ---- */

typedef void (*h_test_fn)(void);

void h_register(const char *name, int line, h_test_fn fn);

/* TEST declares, registers and begins a test; tests run in the order of the file. */
#define TEST(name)                                                                   \
    static void name(void);                                                          \
    __attribute__((constructor)) static void name##_register(void)                   \
    {                                                                                \
        h_register(#name, __LINE__, name);                                           \
    }                                                                                \
    static void name(void)

/* Each returns 1 if all is well; a failure is printed and counted.  expr is the text of what was tried. */
int h_check(const char *file, int line, const char *expr, int ok);
int h_check_eq(const char *file, int line, const char *expr, int64_t got, int64_t expected);
int h_check_ge(const char *file, int line, const char *expr, int64_t got, int64_t least);
int h_check_code(const char *file, int line, const char *expr, int32_t got, int32_t expected);
int h_check_any(const char *file, int line, const char *expr, int32_t got, int32_t one, int32_t other);
int h_check_text(const char *file, int line, const char *expr, const char *got, const char *expected);
int h_check_has(const char *file, int line, const char *expr, const char *got, const char *part);
int h_check_bytes(const char *file, int line, const char *expr, const void *got, int64_t got_length, const void *expected, int64_t length);
int h_check_time(const char *file, int line, int64_t start_us, int64_t promised_ms);
int h_check_within(const char *file, int line, int64_t start_us, int64_t end_us, int64_t limit_ms);

#define CHECK(cond) h_check(__FILE__, __LINE__, #cond, (cond) ? 1 : 0)
#define CHECK_EQ(got, expected) h_check_eq(__FILE__, __LINE__, #got, (int64_t)(got), (int64_t)(expected))
#define CHECK_GE(got, least) h_check_ge(__FILE__, __LINE__, #got, (int64_t)(got), (int64_t)(least))
#define CHECK_CODE(got, expected) h_check_code(__FILE__, __LINE__, #got, (got), (expected))
#define CHECK_ANY(got, one, other) h_check_any(__FILE__, __LINE__, #got, (got), (one), (other))
#define CHECK_OK(got) h_check_code(__FILE__, __LINE__, #got, (got), WDS_OK)
#define CHECK_TEXT(got, expected) h_check_text(__FILE__, __LINE__, #got, (got), (expected))
#define CHECK_HAS(got, part) h_check_has(__FILE__, __LINE__, #got, (got), (part))
#define CHECK_BYTES(got, got_length, expected, length) h_check_bytes(__FILE__, __LINE__, #got, (got), (got_length), (expected), (length))

/*
 * Upper bounds of time count the time that the machine gave to this process: what
 * other work took from it is measured beside and does not count, see h_overdue.
 *
 * A wait promised to last promised_ms: never shorter, at most two seconds longer.
 */
#define CHECK_TIME(start_us, promised_ms) h_check_time(__FILE__, __LINE__, (start_us), (promised_ms))
/* What is to be done within limit_ms, now or at a moment that was noted. */
#define CHECK_WITHIN(start_us, limit_ms) h_check_within(__FILE__, __LINE__, (start_us), h_now_us(), (limit_ms))
/* What needs no waiting: two seconds at most. */
#define CHECK_PROMPT(start_us) CHECK_WITHIN(start_us, 2000)
#define CHECK_PROMPT_AT(start_us, end_us) h_check_within(__FILE__, __LINE__, (start_us), (end_us), 2000)

/* REQUIRE ends the test function when a check fails: what follows would make no sense. */
#define REQUIRE(check)                                                               \
    do {                                                                             \
        if (!(check))                                                                \
            return;                                                                  \
    } while (0)

/* A test that waits for what comes gives up after so many ms, as h_overdue counts them. */
#define H_PATIENCE 20000

/* WAIT_UNTIL asks again and again, with patience: a condition, never a hopeful sleep. */
#define WAIT_UNTIL(cond)                                                   \
    do {                                                                   \
        int64_t h_begun = h_now_us();                                      \
        int h_met;                                                         \
        while (!(h_met = (cond) ? 1 : 0) && !h_overdue(h_begun, H_PATIENCE)) \
            h_sleep(2);                                                    \
        h_check(__FILE__, __LINE__, #cond, h_met);                         \
    } while (0)

/* Figures of long tests, made smaller where CTEST_DIVIDE says so (slow builds, slow systems). */
int h_rounds(int full);

/* Checks that a socket count and everything else the process may hold comes down to nothing. */
void h_check_nothing_left(void);

/* What the library's error record says, for reading in a check. */
const char *h_error(int32_t socket, int32_t what);

/* One figure of WDSocketGetNumber; a failure is counted and gives -1. */
int64_t h_number(int32_t socket, int32_t what);
int32_t h_option(int32_t socket, int32_t option);

/* ---- events ---- */

/* A record of WDSocketNextEvents. */
typedef struct {
    int32_t socket, kind, value, code, user, sequence, queue, detail;
} h_event;

/* The next event; kind 0 after a time-out or an error, of which the latter is counted. */
h_event h_next_event(int32_t queue, int32_t timeout_ms);
int h_is_event(h_event e, int32_t socket, int32_t kind);

/* ---- time ---- */

int64_t h_now_us(void); /* monotonic */
int64_t h_cpu_us(void); /* processor time of this process */
int64_t h_thread_cpu_us(void); /* and of this thread */
void h_sleep(int ms);

/*
 * Have more than limit_ms passed since start_us?  A machine with other work gives a
 * process less than it asks for: by how much the harness's own short sleeps came late
 * meanwhile is taken off, and the limit is stretched as a computation is now.
 */
int h_overdue(int64_t start_us, int64_t limit_ms);

/* ---- threads ---- */

typedef int32_t (*h_thread_fn)(void *argument);
typedef struct h_thread h_thread;
typedef struct h_mutex h_mutex;

h_thread *h_start(h_thread_fn fn, void *argument);
int h_done(h_thread *thread);       /* has it returned? */
int32_t h_join(h_thread *thread);   /* waits, frees, gives the function's result */
int32_t h_join_at(h_thread *thread, int64_t *end_us); /* and the moment it returned */
h_mutex *h_mutex_new(void);
void h_lock(h_mutex *mutex);
void h_unlock(h_mutex *mutex);
void h_mutex_free(h_mutex *mutex);

/* Counters that several threads share. */
void h_add(volatile int64_t *counter, int64_t amount);
int64_t h_get(volatile int64_t *counter);

/* ---- raw peers: the system's own sockets ---- */

typedef intptr_t h_sock;
#define H_NO_SOCK ((h_sock)-1)
#define H_RESET_SOCK ((h_sock)-2) /* one that was connected and then reset, which systems tell once */

h_sock h_listen(const char *address, int port, int backlog, int *real_port);
h_sock h_listen_narrow(int *real_port); /* with the smallest receive buffer */
h_sock h_accept(h_sock listener, int ms);
h_sock h_connect(const char *address, int port);       /* H_RESET_SOCK if the server has already turned it away */
h_sock h_connect_start(const char *address, int port); /* does not wait */
int h_connected(h_sock sock, int ms);                  /* 1 a started connection came up, -1 it did and was reset, 0 it did not */
int h_send(h_sock sock, const void *data, int length);
int h_send_chunks(h_sock sock, const void *data, int length, int chunk, int pause_ms);
/* Where a time of five seconds or more is given to what follows it is patience, which h_overdue counts. */
int h_recv(h_sock sock, void *buffer, int length, int ms); /* until so many are there; bytes received */
int h_recv_end(h_sock sock, int ms);  /* 1 orderly end, 0 time-out, -1 reset; throws data away */
int h_count_resets(h_sock *socks, int count); /* so far; those that were reset become H_RESET_SOCK */
int h_recv_over(h_sock sock, int ms); /* 1 it has ended in one way or the other, which costs less to find out, 0 time-out */
int64_t h_recv_count(h_sock sock, int ms); /* bytes up to the orderly end, -1 otherwise */
void h_shut_write(h_sock sock);
void h_reset(h_sock sock);
void h_close(h_sock sock);
int h_address_bytes(const char *address, unsigned char bytes[16]); /* 4 or 16, 0 if the text is no address */
int h_has_six(void);                                               /* ::1 can be used here */
h_sock h_udp(const char *address, int *real_port);
int h_udp_send(h_sock sock, const char *address, int port, const void *data, int length);
int h_udp_recv(h_sock sock, void *buffer, int capacity, int ms, int *from_port);
int h_udp_recv_from(h_sock sock, void *buffer, int capacity, int ms, char address[64], int *from_port);

/* A listener on address that answers no further connection: its backlog is full. */
typedef struct {
    h_sock listener;
    h_sock fill[8];
    int port;
} h_hole;
void h_hole_open(h_hole *hole, const char *address, int port);
void h_hole_close(h_hole *hole);

/* ---- sockets of the library, the usual pairs ---- */

typedef struct {
    int32_t server, client, channel;
    int port;
} h_pair;
int h_pair_open(h_pair *pair); /* a standard server, a client and the channel between them */
void h_pair_close(h_pair *pair);

typedef struct {
    int32_t socket;
    h_sock raw;
} h_half;
int h_half_client(h_half *half);                  /* our client, a raw server's end */
int h_half_channel(h_half *half);                 /* our channel, a raw client */
int h_half_narrow(h_half *half);                  /* our client, a raw end with small buffers */
void h_half_close(h_half *half);

/* Port of a server or UDP socket. */
int h_port(int32_t socket);

/* A thread that is inside WDSocketRead(socket, -1); its result is the read's. */
h_thread *h_blocked_reader(int32_t socket);
/* A thread that is inside WDSocketAccept(server, -1). */
h_thread *h_blocked_accept(int32_t server);
/* A thread that is inside a WDSocketWrite which the peer does not read. */
h_thread *h_blocked_writer(int32_t socket);

/* Bytes that can be recognised at any place of a stream. */
void h_pattern(void *buffer, int length, uint32_t seed);
int h_pattern_ok(const void *buffer, int length, uint32_t seed);

/* ---- a name server ---- */

typedef struct h_dns h_dns;
enum { H_DNS_ANSWER, H_DNS_SERVFAIL, H_DNS_GARBAGE, H_DNS_SILENT, H_DNS_WRONG_ID, H_DNS_FOUR_FIRST };

h_dns *h_dns_start(void);
h_dns *h_dns_start_at(const char *address); /* another one of this machine's own than 127.0.0.1 */
int h_dns_port(h_dns *dns);
const char *h_dns_address(h_dns *dns);
/* name gives these addresses of IPv4 and IPv6, "a b c"; delay_ms before each answer; how is
   one of H_DNS_ (H_DNS_FOUR_FIRST: the answer for IPv6 follows 3 ms behind that for IPv4) */
void h_dns_add(h_dns *dns, const char *name, const char *addresses, int delay_ms, int how);
int h_dns_asked(h_dns *dns, const char *name); /* how often */
void h_dns_stop(h_dns *dns);
/* Makes a socket that asks this name server. */
int32_t h_dns_socket(h_dns *dns, const char *socket_name);

/* ---- the process ---- */

void h_sigpipe_default(void);
int h_capture_begin(void);                      /* standard output and error go into a file from here */
int h_capture_end(char *text, int capacity);    /* and back; bytes that were written */
char *h_temp_path(const char *name);            /* a path in a folder of this run; free it */
char *h_read_file(const char *path);            /* whole text or NULL; free it */
void h_remove(const char *path);
#ifdef H_UNIX
int h_signal_kept(int number, void (*handler)(int));   /* is this still its handler? */
void h_signal_set(int number, void (*handler)(int));
int h_fork(int (*fn)(void *), void *argument, int limit_ms); /* child's result, -1 hung, -2 killed by a signal */
int h_highest_descriptor(void);
int h_limit_descriptors(int limit);             /* returns the limit before */
int h_raise_descriptors(void);                  /* as far as allowed; returns the limit, 1000000 at most */
#endif
void *h_load(const char *path);                 /* a library, NULL if it cannot be loaded */
void *h_symbol(void *library, const char *name);
void h_unload(void *library);
int h_set_environment(const char *name, const char *value);

#ifdef __cplusplus
}
#endif

#endif
