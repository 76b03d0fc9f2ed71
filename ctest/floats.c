/*
 * floats.c - a host that has set the floating-point control words: exceptions
 * that are raised, all bits of x87, another way to round. They are its own after
 * each call, nothing in the library minds them, and a callback has those of a
 * new thread.
 */
#include "harness.h"

#if defined(_WIN32) && !defined(_WIN64)
#define CALL __stdcall
#else
#define CALL
#endif

/* ---- the words ---- */

typedef struct {
    uint32_t mxcsr, x87;
} words;

#if defined(__x86_64__) || defined(__i386__)

#define HAS_WORDS 1
#define CONTROL 0xffc0u /* of MXCSR: the rest is flags, which no call keeps */

static words words_now(void)
{
    uint16_t x87;
    uint32_t mxcsr;
    words now;

    __asm__ volatile("fnstcw %0" : "=m"(x87));
    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    now.x87 = x87;
    now.mxcsr = mxcsr & CONTROL;
    return now;
}

static void words_set(words w)
{
    uint16_t x87 = (uint16_t)w.x87;

    __asm__ volatile("fnclex\n\tfldcw %0" : : "m"(x87));
    __asm__ volatile("ldmxcsr %0" : : "m"(w.mxcsr));
}

#else

#define HAS_WORDS 0

static words words_now(void)
{
    words none = {0, 0};

    return none;
}

static void words_set(words w)
{
    (void)w;
}

#endif

#ifdef _WIN32
#define X87 0x27f
#else
#define X87 0x37f
#endif

static const words fresh = {0x1f80, X87};

static const struct {
    const char *name;
    words w;
} hosts[] = {
    {"the system's", {0x1f80, X87}},
    {"MinGW's", {0x1f80, 0x37f}},
    {"Delphi's in 32 bits", {0x1f80, 0x1372}},
    {"Delphi's in 64 bits", {0x1900, 0x1372}},
    {"all exceptions", {0x0000, 0x340}},
    {"rounding down, denormals are zero", {0xbfc0, 0x77f}},
};
#define HOSTS ((int)(sizeof hosts / sizeof hosts[0]))

static int same(words a, words b)
{
    return a.mxcsr == b.mxcsr && a.x87 == b.x87;
}

/* Ends a part that was done with a host's words: they are still there, and then the usual ones. */
static int kept(int host, const char *what)
{
    words now = words_now();

    words_set(fresh);
    if (!HAS_WORDS || same(now, hosts[host].w))
        return 1;
    printf("      %s: MXCSR %#x and x87 %#x were %#x and %#x\n", what, (unsigned)now.mxcsr, (unsigned)now.x87,
           (unsigned)hosts[host].w.mxcsr, (unsigned)hosts[host].w.x87);
    return 0;
}

/* ---- every function ---- */

/* From the declarations of hosts, which the header makes: a new function is in it. */
static const struct {
    const char *host, *name;
    int arguments;
} functions[] = {
#define FUNCTION(host, name, arguments) {#host, #name, arguments},
#include "windows/functions.inc"
#undef FUNCTION
};
#define FUNCTIONS ((int)(sizeof functions / sizeof functions[0]))

typedef intptr_t a; /* an argument */
typedef union {
    void *address;
    int32_t(WDSOCKET_CALL *f0)(void);
    int32_t(WDSOCKET_CALL *f1)(a);
    int32_t(WDSOCKET_CALL *f2)(a, a);
    int32_t(WDSOCKET_CALL *f3)(a, a, a);
    int32_t(WDSOCKET_CALL *f4)(a, a, a, a);
    int32_t(WDSOCKET_CALL *f5)(a, a, a, a, a);
    int32_t(WDSOCKET_CALL *f6)(a, a, a, a, a, a);
    int32_t(WDSOCKET_CALL *f7)(a, a, a, a, a, a, a);
    int32_t(WDSOCKET_CALL *f8)(a, a, a, a, a, a, a, a);
} any;

/* Calls it with so many arguments, all zero: whatever it answers, it has been inside. */
static void call(any f, int arguments)
{
    switch (arguments) {
    case 0: f.f0(); break;
    case 1: f.f1(0); break;
    case 2: f.f2(0, 0); break;
    case 3: f.f3(0, 0, 0); break;
    case 4: f.f4(0, 0, 0, 0); break;
    case 5: f.f5(0, 0, 0, 0, 0); break;
    case 6: f.f6(0, 0, 0, 0, 0, 0); break;
    case 7: f.f7(0, 0, 0, 0, 0, 0, 0); break;
    default: f.f8(0, 0, 0, 0, 0, 0, 0, 0);
    }
}

static void *this_library(void)
{
    const char *path = getenv("CTEST_LIBRARY");

    return h_load(path ? path : "libwdsocket.so");
}

TEST(every_function_gives_them_back)
{
    void *library = this_library();
    int i, host;

    REQUIRE(CHECK(library != NULL));
    for (i = 0; i < FUNCTIONS; i++) {
        any f;

        if (strcmp(functions[i].host, functions[0].host) != 0)
            continue; /* the same ones again */
        f.address = h_symbol(library, functions[i].name);
        REQUIRE(CHECK(f.address != NULL));
        for (host = 0; host < HOSTS; host++) {
            words_set(hosts[host].w);
            call(f, functions[i].arguments);
            CHECK(kept(host, functions[i].name));
        }
    }
}

/* ---- work with them set ---- */

static void converse(h_pair *pair, char *got, int32_t *results)
{
    const void *data;
    void *message = NULL;
    int32_t length, i;

    for (i = 0; i < 200; i++) {
        results[0] = WDSocketWrite(pair->client, "question", 8);
        results[1] = WDSocketRead(pair->channel, got, 64, 20000);
        results[2] = WDSocketWrite(pair->channel, got, results[1]);
        results[3] = WDSocketReadMessage(pair->client, 20000, &data, &length, &message);
        results[4] = WDSocketMessageFree(message);
        results[5] = WDSocketRead(pair->channel, got, 64, i % 10 == 0 ? 1 : 0);
    }
}

TEST(conversations)
{
    int host;

    for (host = 0; host < HOSTS; host++) {
        static char report[65536];
        int32_t results[6], all;
        char got[64];
        h_pair pair;

        REQUIRE(h_pair_open(&pair));
        words_set(hosts[host].w);
        converse(&pair, got, results);
        REQUIRE(CHECK(kept(host, "messages")));
        CHECK_EQ(results[0], 8);
        CHECK_EQ(results[1], 8);
        CHECK_EQ(results[2], 8);
        CHECK_EQ(results[3], 8);
        CHECK_OK(results[4]);
        CHECK_CODE(results[5], WDS_E_TIMEOUT);
        words_set(hosts[host].w);
        all = WDSocketSelfTest(report, (int32_t)sizeof report); /* TLS and names too, with goroutines of its own */
        REQUIRE(CHECK(kept(host, "WDSocketSelfTest")));
        CHECK_GE(all, 500);
        CHECK(strstr(report, "WDS_E_INTERNAL") == NULL); /* it may take longer than it allows itself */
        h_pair_close(&pair);
    }
}

#define LARGE (1536 << 10) /* no pool keeps what is larger than 1 MiB */
#define LARGES 30

static int32_t writes_large(void *socket)
{
    static char data[LARGE];
    int32_t i, result = LARGE;

    for (i = 0; i < LARGES && result == LARGE; i++)
        result = WDSocketWrite(*(int32_t *)socket, data, LARGE);
    return result;
}

/* Messages that are allocated in the host's thread make the collector of Go begin there,
   which computes with floating-point numbers. */
TEST(a_collection_in_the_hosts_thread)
{
    int host, i;

    for (host = 0; host < HOSTS; host++) {
        const void *data;
        void *message;
        int32_t length, result = LARGE;
        h_thread *writer;
        h_pair pair;

        REQUIRE(h_pair_open(&pair));
        writer = h_start(writes_large, &pair.client);
        words_set(hosts[host].w);
        for (i = 0; i < LARGES && result == LARGE; i++) {
            result = WDSocketReadMessage(pair.channel, 20000, &data, &length, &message);
            WDSocketMessageFree(message);
        }
        REQUIRE(CHECK(kept(host, "WDSocketReadMessage")));
        CHECK_EQ(result, LARGE);
        CHECK_EQ(h_join(writer), LARGE);
        h_pair_close(&pair);
    }
}

/* What a compiler of Pascal does with Currency and Extended. */
#if HAS_WORDS
TEST(all_bits_of_extended)
{
    volatile long double amount = 9007199254740993.0L, one = 1.0L; /* 2^53 + 1 */
    words w = {0x1f80, 0x1372};
    int before, after;

    words_set(w);
    before = (int64_t)(amount * one) == INT64_C(9007199254740993);
    WDSocketExist(0);
    WDSocketClose(WDSocketNew(NULL));
    after = (int64_t)(amount * one) == INT64_C(9007199254740993);
    words_set(fresh);
    CHECK(before);
    CHECK(after);
}
#endif

/* ---- callbacks ---- */

typedef struct {
    int32_t queue;
    words seen[64], inside[64];
    volatile int64_t calls;
} desk;

/* Notes the words that it finds, calls in with its own, and leaves them behind. */
static void CALL leaves_words(const int32_t *event, void *user)
{
    desk *d = (desk *)user;
    int n = (int)h_get(&d->calls);

    (void)event;
    d->seen[n] = words_now();
    words_set(hosts[n % HOSTS].w);
    WDSocketGetOption(d->queue, WDS_OPT_USER_NUMBER, &(int32_t){0});
    WDSocketClose(WDSocketNew(NULL));
    d->inside[n] = words_now();
    h_add(&d->calls, 1);
}

TEST(callbacks_have_those_of_a_thread)
{
    int i, host;

    for (host = 0; host < HOSTS; host++) {
        int32_t results[6], result;
        char got[64];
        h_pair pair;
        desk d;

        memset(&d, 0, sizeof d);
        d.queue = WDSocketNewQueue();
        REQUIRE(h_pair_open(&pair));
        words_set(hosts[host].w);
        result = WDSocketSetCallback(d.queue, leaves_words, &d);
        for (i = 0; i < 2 * HOSTS; i++)
            WDSocketNewTimer(d.queue, i, 0, 0);
        CHECK(kept(host, "WDSocketSetCallback"));
        CHECK_OK(result);
        WAIT_UNTIL(h_get(&d.calls) == 2 * HOSTS);
        for (i = 0; i < 2 * HOSTS && HAS_WORDS; i++) {
            CHECK_EQ(d.seen[i].x87, fresh.x87);
            CHECK_EQ(d.seen[i].mxcsr, fresh.mxcsr);
            CHECK(same(d.inside[i], hosts[i % HOSTS].w));
        }
        converse(&pair, got, results); /* what was left behind is not in the way */
        CHECK_EQ(results[0], 8);
        h_pair_close(&pair);
        CHECK_OK(WDSocketClose(d.queue));
    }
}
