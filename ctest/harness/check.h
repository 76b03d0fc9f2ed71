/*
 * check.h - tests, checks, and the program around them.
 */
#ifndef HARNESS_CHECK_H
#define HARNESS_CHECK_H

#include <stdint.h>

#include "patience.h"
#include "platform.h"
#include "wdsocket.h"

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

/* ---- patterns ---- */

/* Bytes that can be recognised at any place of a stream. */
void h_pattern(void *buffer, int length, uint32_t seed);
int h_pattern_ok(const void *buffer, int length, uint32_t seed);

/* ---- what is tested ---- */

/* What failures tell of the library, and what is asked of it at the end: programs
   that load the library themselves have none of it. */
typedef struct {
    h_test_fn nothing_left;                                       /* runs behind all tests and counts as one */
    void (*print_detail)(void);                                   /* of a failed check */
    const char *(*code_name)(int32_t code, char *text, int size); /* of a result */
} h_subject;

void h_tested(const h_subject *subject);

#endif
