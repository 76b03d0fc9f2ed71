/*
 * check.c - see check.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define MAX_TESTS 200

typedef struct {
    const char *name;
    int line;
    h_test_fn fn;
} entry;

static entry tests[MAX_TESTS];
static int test_count;
static const char *volatile running = "start";
static volatile int64_t failures;
static h_mutex *print_lock;
static const h_subject *subject;

void h_tested(const h_subject *what)
{
    subject = what;
}

void h_register(const char *name, int line, h_test_fn fn)
{
    int i = test_count;

    if (test_count == MAX_TESTS)
        abort();
    /* by line: the order of constructors is not the same everywhere */
    for (; i > 0 && tests[i - 1].line > line; i--)
        tests[i] = tests[i - 1];
    tests[i].name = name;
    tests[i].line = line;
    tests[i].fn = fn;
    test_count++;
}

/* ---- checks ---- */

static void failed_begin(const char *file, int line, const char *expr)
{
    h_lock(print_lock);
    h_add(&failures, 1);
    printf("    %s:%d: [%s] %s\n", file, line, running, expr);
}

static int failed_end(void)
{
    if (subject)
        subject->print_detail();
    fflush(stdout);
    h_unlock(print_lock);
    return 0;
}

int h_check(const char *file, int line, const char *expr, int ok)
{
    if (ok)
        return 1;
    failed_begin(file, line, expr);
    printf("      expected true, got false\n");
    return failed_end();
}

int h_check_eq(const char *file, int line, const char *expr, int64_t got, int64_t expected)
{
    if (got == expected)
        return 1;
    failed_begin(file, line, expr);
    printf("      expected %lld, got %lld\n", (long long)expected, (long long)got);
    return failed_end();
}

int h_check_ge(const char *file, int line, const char *expr, int64_t got, int64_t least)
{
    if (got >= least)
        return 1;
    failed_begin(file, line, expr);
    printf("      expected at least %lld, got %lld\n", (long long)least, (long long)got);
    return failed_end();
}

int h_check_any(const char *file, int line, const char *expr, int32_t got, int32_t one, int32_t other)
{
    char a[64], b[64], c[64];

    if (got == one || got == other)
        return 1;
    failed_begin(file, line, expr);
    if (subject)
        printf("      expected %d (%s) or %d (%s), got %d (%s)\n", (int)one, subject->code_name(one, a, sizeof a), (int)other,
               subject->code_name(other, b, sizeof b), (int)got, subject->code_name(got, c, sizeof c));
    else
        printf("      expected %d or %d, got %d\n", (int)one, (int)other, (int)got);
    return failed_end();
}

int h_check_code(const char *file, int line, const char *expr, int32_t got, int32_t expected)
{
    return h_check_any(file, line, expr, got, expected, expected);
}

int h_check_text(const char *file, int line, const char *expr, const char *got, const char *expected)
{
    if (strcmp(got, expected) == 0)
        return 1;
    failed_begin(file, line, expr);
    printf("      expected \"%s\", got \"%s\"\n", expected, got);
    return failed_end();
}

int h_check_has(const char *file, int line, const char *expr, const char *got, const char *part)
{
    if (strstr(got, part))
        return 1;
    failed_begin(file, line, expr);
    printf("      expected something with \"%s\", got \"%s\"\n", part, got);
    return failed_end();
}

static void print_bytes(const char *what, const unsigned char *bytes, int64_t length)
{
    int64_t i;

    printf("      %s %lld bytes:", what, (long long)length);
    for (i = 0; i < length && i < 32; i++)
        printf(" %02x", bytes[i]);
    printf("%s\n", length > 32 ? " ..." : "");
}

int h_check_bytes(const char *file, int line, const char *expr, const void *got, int64_t got_length, const void *expected, int64_t length)
{
    if (got_length == length && memcmp(got, expected, (size_t)length) == 0)
        return 1;
    failed_begin(file, line, expr);
    print_bytes("expected", (const unsigned char *)expected, length);
    print_bytes("got", (const unsigned char *)got, got_length);
    return failed_end();
}

int h_check_time(const char *file, int line, int64_t start_us, int64_t promised_ms)
{
    int64_t now = h_now_us(), took = now - start_us;

    if (took >= promised_ms * 1000 - H_EARLY_US && !h_overdue_at(start_us, now, promised_ms + 2000))
        return 1;
    failed_begin(file, line, "time promised");
    printf("      expected %lld ms, at most two seconds more, got %lld us\n", (long long)promised_ms, (long long)took);
    return failed_end();
}

int h_check_within(const char *file, int line, int64_t start_us, int64_t end_us, int64_t limit_ms)
{
    if (!h_overdue_at(start_us, end_us, limit_ms))
        return 1;
    failed_begin(file, line, "no longer than");
    printf("      expected %lld ms at most, got %lld us, of which the machine took %lld\n", (long long)limit_ms, (long long)(end_us - start_us),
           (long long)h_taken_between(start_us, end_us));
    return failed_end();
}

/* ---- running ---- */

int h_rounds(int full)
{
    const char *divide = getenv("CTEST_DIVIDE");
    int by = divide ? atoi(divide) : 1;

    return by > 1 && full / by > 0 ? full / by : full;
}

static int32_t watch(void *argument)
{
    const char *limit = getenv("CTEST_LIMIT");
    int64_t start = h_now_us(), limit_ms = (int64_t)(limit ? atoi(limit) : 300) * 1000;

    (void)argument;
    while (!h_overdue(start, limit_ms))
        h_nap();
    printf("    time limit reached inside %s\n", running);
    fflush(stdout);
    abort(); /* not exit: a debugger or a core then shows where each thread is */
    return 0;
}

static int wanted(const char *name, int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++)
        if (strcmp(name, argv[i]) == 0)
            return 1;
    return argc < 2;
}

/* Is "program/name" in CTEST_WITHOUT, a list of such words: what an emulator cannot do? */
static int left_out(const char *program, const char *name)
{
    const char *list = getenv("CTEST_WITHOUT"), *p;
    char word[128];
    int length = snprintf(word, sizeof word, "%s/%s", program, name);

    for (p = list; p && (p = strstr(p, word)) != NULL; p += length)
        if ((p == list || p[-1] == ' ') && (p[length] == 0 || p[length] == ' ')) {
            printf("  left out %s\n", word);
            return 1;
        }
    return 0;
}

static int run(const char *name, h_test_fn fn)
{
    int64_t before = h_get(&failures), start = h_now_us();
    int good;

    running = name;
    fn();
    good = h_get(&failures) == before;
    printf("  %s %s (%lld ms)\n", good ? "ok  " : "FAIL", name, (long long)((h_now_us() - start) / 1000));
    fflush(stdout);
    return good;
}

int main(int argc, char **argv)
{
    const char *program = argv[0], *p;
    int i, passed = 0, failed = 0;

    for (p = argv[0]; *p; p++)
        if (*p == '/' || *p == '\\')
            program = p + 1;
    print_lock = h_mutex_new();
    h_start(watch, NULL);
    for (i = 0; i < test_count; i++) {
        if (!wanted(tests[i].name, argc, argv) || left_out(program, tests[i].name))
            continue;
        if (run(tests[i].name, tests[i].fn))
            passed++;
        else
            failed++;
    }
    if (subject) {
        if (run("nothing_left", subject->nothing_left))
            passed++;
        else
            failed++;
    }
    printf("%s: %d passed, %d failed\n", program, passed, failed);
    fflush(stdout);
    return failed ? 1 : 0;
}

/* ---- patterns ---- */

static unsigned char pattern_at(uint32_t index, uint32_t seed)
{
    uint32_t x = index * 2654435761u + seed * 40503u;

    return (unsigned char)(x >> 24 ^ x >> 11);
}

void h_pattern(void *buffer, int length, uint32_t seed)
{
    unsigned char *p = (unsigned char *)buffer;
    int i;

    for (i = 0; i < length; i++)
        p[i] = pattern_at((uint32_t)i, seed);
}

int h_pattern_ok(const void *buffer, int length, uint32_t seed)
{
    const unsigned char *p = (const unsigned char *)buffer;
    int i;

    for (i = 0; i < length; i++)
        if (p[i] != pattern_at((uint32_t)i, seed))
            return 0;
    return 1;
}
