/*
 * calls.c - every function of the DLL by its name, as hosts without a linker
 * call it, with as many arguments as the declarations of VBA, Pascal and C#
 * have: the name is there, the stack is balanced in 32 bits, the result fills
 * the register in 64 bits.
 *
 * usage: calls.exe library.dll
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "wdsocket.h"

#define MOST 8

static const struct {
    const char *host, *name;
    int arguments;
} functions[] = {
#define FUNCTION(host, name, arguments) {#host, #name, arguments},
#include "functions.inc"
#undef FUNCTION
};
#define FUNCTIONS ((int)(sizeof functions / sizeof functions[0]))

static int failures;

static void fail(const char *name, const char *what, long long got)
{
    printf("    %s: %s %lld\n", name, what, got);
    failures++;
}

#ifdef _WIN64
typedef int64_t (*any_fn)(intptr_t, intptr_t, intptr_t, intptr_t, intptr_t, intptr_t, intptr_t, intptr_t);

static int64_t call(FARPROC address, const intptr_t *a, int count, int32_t *drift)
{
    any_fn fn;

    (void)count;
    *drift = 0;
    memcpy(&fn, &address, sizeof fn);
    return fn(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
}
#else
/* Pushes count arguments, calls, and tells how far the stack pointer is from where it began. */
static int64_t call(FARPROC address, const intptr_t *a, int count, int32_t *drift)
{
    int32_t result, moved;
    const intptr_t *end = a + count;

    __asm__ volatile("movl %%esp, %%edi\n\t"
                     "1: cmpl %%esi, %%ecx\n\t"
                     "je 2f\n\t"
                     "subl $4, %%ecx\n\t"
                     "pushl (%%ecx)\n\t"
                     "jmp 1b\n\t"
                     "2: call *%%eax\n\t"
                     "movl %%edi, %%ecx\n\t"
                     "subl %%esp, %%ecx\n\t"
                     "movl %%edi, %%esp"
                     : "=a"(result), "=c"(moved)
                     : "a"(address), "c"(end), "S"(a)
                     : "edx", "edi", "memory", "cc");
    *drift = moved;
    return result;
}
#endif

/* What is asked often and has arguments of every number up to four. */
static void many_calls(HMODULE library)
{
    static const char *const names[] = {"WDSocketVersion", "WDSocketExist", "WDSocketErrorCode", "WDSocketGetNumber", "WDSocketRead"};
    static const int counts[] = {0, 1, 2, 3, 4};
    FARPROC address[5];
    intptr_t a[MOST];
    int32_t drift;
    const char *fewer = getenv("CTEST_CALLS"); /* where a call is very dear */
    int i, bad = 0, rounds = fewer != NULL ? atoi(fewer) : 100000;

    memset(a, 0, sizeof a);
    for (i = 0; i < 5; i++)
        address[i] = GetProcAddress(library, names[i]);
    for (i = 0; i < rounds && bad < 10; i++) {
        int64_t got = call(address[i % 5], a, counts[i % 5], &drift);

        if (drift != 0) {
            fail(names[i % 5], "moved the stack by", drift);
            bad++;
        }
        if (got != (int32_t)got) {
            fail(names[i % 5], "gave more than 32 bits:", got);
            bad++;
        }
    }
}

static void each_function(HMODULE library)
{
    intptr_t a[MOST];
    int32_t drift;
    int i;

    memset(a, 0, sizeof a);
    for (i = 0; i < FUNCTIONS; i++) {
        FARPROC address = GetProcAddress(library, functions[i].name);
        int64_t got;

        if (address == NULL) {
            fail(functions[i].name, "is not exported, error", GetLastError());
            continue;
        }
        got = call(address, a, functions[i].arguments, &drift);
        if (drift != 0) {
            printf("    as declared for %s:\n", functions[i].host);
            fail(functions[i].name, "moved the stack by", drift);
        }
        if (got != (int32_t)got)
            fail(functions[i].name, "gave more than 32 bits:", got);
        if (got <= -500)
            fail(functions[i].name, "gave an unknown code", got);
    }
}

static int passed, failed;

static void count(const char *name, int before)
{
    int good = failures == before;

    passed += good;
    failed += !good;
    printf("  %s %s\n", good ? "ok  " : "FAIL", name);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    HMODULE library = argc == 2 ? LoadLibraryA(argv[1]) : NULL;
    FARPROC close_all;
    intptr_t a[MOST];
    int32_t drift;

    if (library == NULL) {
        printf("    cannot load %s, error %lu\n", argc == 2 ? argv[1] : "nothing", (unsigned long)GetLastError());
        return 2;
    }
    each_function(library);
    count("every_function_by_its_name", 0);
    drift = failures;
    many_calls(library);
    count("many_calls", drift);
    memset(a, 0, sizeof a);
    close_all = GetProcAddress(library, "WDSocketCloseAll");
    if (close_all != NULL)
        call(close_all, a, 0, &drift);
    printf("calls: %d passed, %d failed\n", passed, failed);
    return failed != 0;
}
