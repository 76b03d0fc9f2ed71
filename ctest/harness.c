/*
 * harness.c - running tests, checking, and the usual pairs of sockets.  Portable;
 * what differs between systems is in platform.c.
 */
#include "harness.h"

#define MAX_TESTS 200
#define EARLY_US 0
#define H_COUNTS_EARLY 1
#ifdef _WIN32
#undef H_COUNTS_EARLY
#define H_COUNTS_EARLY 0
/* The clock of the test and the timers of the system do not tick together there. */
#undef EARLY_US
#define EARLY_US 16000
#endif

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

/* ---- time that other work of the machine takes ---- */

#define NAP_MS 10              /* what the harness sleeps again and again */
#define LATE_US (5000 + EARLY_US) /* less late than this is nothing */
#define MOST_LATES 4096
#define SAMPLE_US 50000        /* processor time of a sample */
#define SAMPLE_HOLDS_US 5000000

/* The naps that came late, the newest ones; one thread writes. */
static struct {
    volatile int64_t end_us, late_us;
} lates[MOST_LATES];
static volatile int64_t late_count;
static volatile int64_t nap_due_us; /* when the one of now should end */

/* Sleeps, and notes by how much it took longer. */
static void nap(void)
{
    int64_t due = h_now_us() + NAP_MS * 1000, now, count = h_get(&late_count);

    __atomic_store_n(&nap_due_us, due, __ATOMIC_SEQ_CST);
    h_sleep(NAP_MS);
    now = h_now_us();
    if (now - due < LATE_US)
        return;
    __atomic_store_n(&lates[count % MOST_LATES].end_us, now, __ATOMIC_SEQ_CST);
    __atomic_store_n(&lates[count % MOST_LATES].late_us, now - due, __ATOMIC_SEQ_CST);
    h_add(&late_count, 1);
}

/* How much of the time from one moment to another lies between two others. */
static int64_t common(int64_t from, int64_t to, int64_t start, int64_t end)
{
    from = from > start ? from : start;
    to = to < end ? to : end;
    return to > from ? to - from : 0;
}

static int64_t late_between(int64_t start, int64_t end)
{
    int64_t i = h_get(&late_count), due = h_get(&nap_due_us), total = 0, oldest = i > MOST_LATES ? i - MOST_LATES : 0;

    if (due > 0 && end - due >= LATE_US)
        total = common(due, end, start, end);
    while (i-- > oldest) {
        int64_t ended = h_get(&lates[i % MOST_LATES].end_us);

        if (ended < start)
            break;
        total += common(ended - h_get(&lates[i % MOST_LATES].late_us), ended, start, end);
    }
    return total;
}

/* How much longer a computation takes than it computes, in thousandths; a sample is good for a while. */
static int64_t stretch(void)
{
    static volatile int64_t sampled_us, value;
    int64_t start = h_now_us(), cpu, took;

    if (h_get(&value) == 0 || start - h_get(&sampled_us) > SAMPLE_HOLDS_US) {
        cpu = h_thread_cpu_us();
        while ((took = h_thread_cpu_us() - cpu) < SAMPLE_US)
            ;
        __atomic_store_n(&value, (h_now_us() - start) * 1000 / took, __ATOMIC_SEQ_CST);
        __atomic_store_n(&sampled_us, h_now_us(), __ATOMIC_SEQ_CST);
    }
    return h_get(&value) > 1000 ? h_get(&value) : 1000;
}

static int overdue_at(int64_t start_us, int64_t end_us, int64_t limit_ms)
{
    int64_t took = end_us - start_us;

    if (took <= limit_ms * 1000)
        return 0;
    took -= late_between(start_us, end_us);
    return took > limit_ms * 1000 && took > limit_ms * stretch();
}

int h_overdue(int64_t start_us, int64_t limit_ms)
{
    return overdue_at(start_us, h_now_us(), limit_ms);
}

/* ---- checks ---- */

#ifndef H_NO_LIBRARY
static void print_detail(void)
{
    static char text[4096];
    char *p;

    if (WDSocketErrorInfo(0, WDS_INFO_DETAIL, text, (int32_t)sizeof text) <= 0)
        return;
    for (p = strtok(text, "\n"); p; p = strtok(NULL, "\n"))
        printf("      | %s\n", p);
}

static const char *code_name(int32_t code, char *text, int size)
{
    if (code >= 0 || WDSocketErrorText(code, WDS_INFO_NAME, text, size) <= 0)
        snprintf(text, (size_t)size, "%s", code >= 0 ? "success" : "unknown code");
    return text;
}
#endif

static void failed_begin(const char *file, int line, const char *expr)
{
    h_lock(print_lock);
    h_add(&failures, 1);
    printf("    %s:%d: [%s] %s\n", file, line, running, expr);
}

static int failed_end(void)
{
#ifndef H_NO_LIBRARY
    print_detail();
#endif
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
#ifndef H_NO_LIBRARY
    char a[64], b[64], c[64];
#endif

    if (got == one || got == other)
        return 1;
    failed_begin(file, line, expr);
#ifdef H_NO_LIBRARY
    printf("      expected %d or %d, got %d\n", (int)one, (int)other, (int)got);
#else
    printf("      expected %d (%s) or %d (%s), got %d (%s)\n", (int)one, code_name(one, a, sizeof a), (int)other,
           code_name(other, b, sizeof b), (int)got, code_name(got, c, sizeof c));
#endif
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

    if (took >= promised_ms * 1000 - EARLY_US && !overdue_at(start_us, now, promised_ms + 2000))
        return 1;
    failed_begin(file, line, "time promised");
    printf("      expected %lld ms, at most two seconds more, got %lld us\n", (long long)promised_ms, (long long)took);
    return failed_end();
}

int h_check_within(const char *file, int line, int64_t start_us, int64_t end_us, int64_t limit_ms)
{
    if (!overdue_at(start_us, end_us, limit_ms))
        return 1;
    failed_begin(file, line, "no longer than");
    printf("      expected %lld ms at most, got %lld us, of which the machine took %lld\n", (long long)limit_ms, (long long)(end_us - start_us),
           (long long)late_between(start_us, end_us));
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
        nap();
    printf("    time limit reached inside %s\n", running);
    fflush(stdout);
    abort(); /* not exit: a debugger or a core then shows where everybody is */
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
        if (!wanted(tests[i].name, argc, argv))
            continue;
        if (run(tests[i].name, tests[i].fn))
            passed++;
        else
            failed++;
    }
#ifndef H_NO_LIBRARY
    if (run("nothing_left", h_check_nothing_left))
        passed++;
    else
        failed++;
#endif
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

#ifndef H_NO_LIBRARY

/* ---- asking the library ---- */

const char *h_error(int32_t socket, int32_t what)
{
    static char text[4][4096];
    static volatile int64_t next;
    char *p = text[h_get(&next) % 4];

    h_add(&next, 1);
    p[0] = 0;
    WDSocketErrorInfo(socket, what, p, (int32_t)sizeof text[0]);
    return p;
}

int64_t h_number(int32_t socket, int32_t what)
{
    int64_t value = -1;

    CHECK_OK(WDSocketGetNumber(socket, what, &value));
    return value;
}

h_event h_next_event(int32_t queue, int32_t timeout_ms)
{
    int64_t start = h_now_us();
    h_event e;
    int32_t result;

    memset(&e, 0, sizeof e);
    do
        result = WDSocketNextEvents(queue, timeout_ms, &e, (int32_t)sizeof e, 1);
    while (result == WDS_E_TIMEOUT && timeout_ms >= 5000 && !h_overdue(start, timeout_ms));
    if (result != 1)
        memset(&e, 0, sizeof e);
    if (result < 0 && result != WDS_E_TIMEOUT)
        CHECK_CODE(result, WDS_E_TIMEOUT);
    return e;
}

int h_is_event(h_event e, int32_t socket, int32_t kind)
{
    return CHECK_EQ(e.kind, kind) && CHECK_EQ(e.socket, socket);
}

int32_t h_option(int32_t socket, int32_t option)
{
    int32_t value = -1;

    CHECK_OK(WDSocketGetOption(socket, option, &value));
    return value;
}

static int comes_down(int32_t what)
{
    int64_t start = h_now_us(), value = h_number(0, what);

    while (value != 0 && !h_overdue(start, 10000)) {
        h_sleep(5);
        value = h_number(0, what);
    }
    return value == 0;
}

void h_check_nothing_left(void)
{
    CHECK_OK(WDSocketCloseAll());
    CHECK_EQ(h_number(0, WDS_NUM_SOCKETS), 0);
    CHECK_EQ(h_number(0, WDS_NUM_TOKENS), 0);
    if (!CHECK(comes_down(WDS_NUM_GOROUTINES)))
        printf("      goroutines: %lld\n", (long long)h_number(0, WDS_NUM_GOROUTINES));
    if (!CHECK(comes_down(WDS_NUM_DESCRIPTORS)))
        printf("      descriptors: %lld\n", (long long)h_number(0, WDS_NUM_DESCRIPTORS));
    if (!CHECK(comes_down(WDS_NUM_BUFFERED_BYTES)))
        printf("      buffered bytes: %lld\n", (long long)h_number(0, WDS_NUM_BUFFERED_BYTES));
}

int h_port(int32_t socket)
{
    return (int)h_option(socket, WDS_OPT_LOCAL_PORT);
}

/* ---- the usual pairs ---- */

int h_pair_open(h_pair *pair)
{
    memset(pair, 0, sizeof *pair);
    pair->server = WDSocketCreate(NULL, 0, "127.0.0.1");
    if (!CHECK_GE(pair->server, 1))
        return 0;
    pair->port = h_port(pair->server);
    pair->client = WDSocketConnect(NULL, pair->port, "127.0.0.1", 20000);
    if (!CHECK_GE(pair->client, 1))
        return 0;
    pair->channel = WDSocketAccept(pair->server, 20000);
    return CHECK_GE(pair->channel, 1);
}

void h_pair_close(h_pair *pair)
{
    WDSocketClose(pair->channel);
    WDSocketClose(pair->client);
    WDSocketClose(pair->server);
}

static int half_client(h_half *half, h_sock listener, int port)
{
    half->raw = H_NO_SOCK;
    half->socket = WDSocketConnect(NULL, port, "127.0.0.1", 20000);
    if (CHECK_GE(half->socket, 1))
        half->raw = h_accept(listener, 20000);
    h_close(listener);
    return CHECK(half->raw != H_NO_SOCK);
}

int h_half_client(h_half *half)
{
    int port;
    h_sock listener = h_listen("127.0.0.1", 0, 8, &port);

    return half_client(half, listener, port);
}

int h_half_narrow(h_half *half)
{
    int port, good;
    h_sock listener = h_listen_narrow(&port);

    good = half_client(half, listener, port);
    return good && CHECK_OK(WDSocketSetOption(half->socket, WDS_OPT_SEND_BUFFER, 16384));
}

int h_half_channel(h_half *half)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");

    if (!CHECK_GE(server, 1))
        return 0;
    half->raw = h_connect("127.0.0.1", h_port(server));
    half->socket = WDSocketAccept(server, 20000);
    CHECK_OK(WDSocketClose(server));
    return CHECK_GE(half->socket, 1) && CHECK(half->raw != H_NO_SOCK);
}

void h_half_close(h_half *half)
{
    WDSocketClose(half->socket);
    h_close(half->raw);
}

/* ---- threads that wait inside a call ---- */

static int32_t read_for_ever(void *argument)
{
    int32_t socket = (int32_t)(intptr_t)argument, result;
    char buffer[1024];

    do
        result = WDSocketRead(socket, buffer, (int32_t)sizeof buffer, -1);
    while (result == WDS_E_BUSY); /* somebody looked whether we are in */
    return result;
}

h_thread *h_blocked_reader(int32_t socket)
{
    h_thread *thread = h_start(read_for_ever, (void *)(intptr_t)socket);

    WAIT_UNTIL(WDSocketRead(socket, NULL, 0, 0) == WDS_E_BUSY);
    return thread;
}

static int32_t accept_for_ever(void *argument)
{
    int32_t result;

    do
        result = WDSocketAccept((int32_t)(intptr_t)argument, -1);
    while (result == WDS_E_BUSY);
    return result;
}

h_thread *h_blocked_accept(int32_t server)
{
    h_thread *thread = h_start(accept_for_ever, (void *)(intptr_t)server);

    WAIT_UNTIL(WDSocketWaitForConnection(server, 0) == WDS_E_BUSY);
    return thread;
}

static volatile int64_t writers_begun;

static int32_t write_too_much(void *argument)
{
    int length = 16 << 20;
    char *data = (char *)malloc((size_t)length);
    int32_t result;

    memset(data, 'w', (size_t)length);
    h_add(&writers_begun, 1);
    result = WDSocketWrite((int32_t)(intptr_t)argument, data, length);
    free(data);
    return result;
}

h_thread *h_blocked_writer(int32_t socket)
{
    int64_t begun = writers_begun, before = -1, now;
    h_thread *thread = h_start(write_too_much, (void *)(intptr_t)socket);
    int quiet = 0;

    WAIT_UNTIL(writers_begun > begun); /* its text takes a while */
    /* inside, once bytes have gone out and then no more for a while; Windows
       counts them when a write is done only */
    while (quiet < 10 && !h_done(thread)) {
        now = h_number(socket, WDS_NUM_BYTES_WRITTEN);
        quiet = now >= (H_COUNTS_EARLY ? 1 : 0) && now == before ? quiet + 1 : 0;
        before = now;
        h_sleep(20);
    }
    return thread;
}

int32_t h_dns_socket(h_dns *dns, const char *socket_name)
{
    char text[96];
    int32_t socket = WDSocketNew(socket_name);

    snprintf(text, sizeof text, strchr(h_dns_address(dns), ':') ? "[%s]:%d" : "%s:%d", h_dns_address(dns), h_dns_port(dns));
    CHECK_GE(socket, 1);
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_DNS_SERVER, text));
    return socket;
}

#endif
