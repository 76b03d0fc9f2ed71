/*
 * selftest.c - the report that a first user pastes back: its lines, its
 * languages and encodings, too little room, and that nothing is left of it.
 */
#include "harness.h"

#define ROOM 16384

/* The n-th line of a report, from 0; from its end, from -1. NULL if there is none. */
static const char *line_of(const char *report, int n)
{
    static char line[400];
    const char *starts[100], *p = report;
    int count = 0, length;

    while (*p && count < 100) {
        const char *end = strstr(p, "\r\n");

        if (end == NULL)
            return NULL;
        starts[count++] = p;
        p = end + 2;
    }
    if (n < 0)
        n += count;
    if (n < 0 || n >= count)
        return NULL;
    length = (int)(strstr(starts[n], "\r\n") - starts[n]);
    if (length > (int)sizeof line - 1)
        length = (int)sizeof line - 1;
    memcpy(line, starts[n], (size_t)length);
    line[length] = 0;
    return line;
}

static int begins(const char *text, const char *start) { return text != NULL && strncmp(text, start, strlen(start)) == 0; }

/* Every trial of the report is well. */
static void check_lines(const char *report)
{
    const char *line;
    int n;

    for (n = 5; (line = line_of(report, n)) != NULL && *line; n++)
        CHECK(begins(line, "ok      ") || begins(line, "--      "));
    CHECK_GE(n, 20);
}

TEST(the_report)
{
    static char report[ROOM];
    char version[40];
    int32_t length = WDSocketSelfTest(report, ROOM);
    int i;

    REQUIRE(CHECK_GE(length, 500));
    CHECK_EQ(strlen(report), length);
    printf("%s", report);
    sprintf(version, "wdsocket %d.%d.%d", (int)WDSocketVersion() / 10000, (int)WDSocketVersion() / 100 % 100, (int)WDSocketVersion() % 100);
    CHECK(begins(line_of(report, 0), version));
    CHECK_HAS(line_of(report, 1), sizeof(void *) == 8 ? "64 bits" : "32 bits");
    CHECK_HAS(line_of(report, 1), "Go go1.");
    CHECK_HAS(line_of(report, 3), "UTF-8");
    CHECK_HAS(line_of(report, 3), "C3 A9");
    check_lines(report);
    CHECK(begins(line_of(report, -1), "All is well: "));
    CHECK_HAS(report, "WDS_E_REFUSED");
    CHECK_HAS(report, "ok      two threads at once\r\n");
    for (i = 0; i < 8; i++) {
        char mode[20];

        sprintf(mode, "ok      mode %d, ", i);
        CHECK_HAS(report, mode);
    }
    CHECK_HAS(report, "ok      TLS: TLS 1.3, TLS_");
    CHECK_HAS(report, "ok      UDP\r\n");
    CHECK_HAS(report, "ok      nothing is left behind\r\n");
}

TEST(room_for_it)
{
    static char report[ROOM];
    int64_t start = h_now_us();
    int32_t room = WDSocketSelfTest(NULL, 0);

    CHECK_PROMPT(start);
    CHECK_GE(room, 1000);
    CHECK(room < ROOM);
    CHECK_EQ(WDSocketSelfTest(NULL, ROOM), room);
    CHECK_CODE(WDSocketSelfTest(report, -1), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSelfTest(NULL, -1), WDS_E_ARGUMENT);
    memset(report, 0x5a, sizeof report);
    CHECK_CODE(WDSocketSelfTest(report, 100), WDS_E_BUFFER);
    CHECK_TEXT(report, "");
    CHECK_EQ(report[1], 0x5a);
    memset(report, 0x5a, sizeof report);
    CHECK_CODE(WDSocketSelfTest(report, 0), WDS_E_BUFFER);
    CHECK_EQ(report[0], 0x5a);
}

TEST(in_french)
{
    static char report[ROOM];

    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "fr"));
    CHECK_GE(WDSocketSelfTest(report, ROOM), 500);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
    check_lines(report);
    CHECK(begins(line_of(report, -1), "Tout va bien : "));
    CHECK_HAS(report, "\r\nok      deux threads \xc3\xa0 la fois\r\n");
}

TEST(in_utf_16)
{
    static unsigned char report[ROOM];
    static char plain[ROOM];
    int32_t length, i;
    int accents = 0;

    CHECK_OK(WDSocketSetOption(0, WDS_OPT_HOST_TEXT, WDS_HOST_TEXT_UTF16));
    memset(report, 0x5a, sizeof report);
    length = WDSocketSelfTest((char *)report, ROOM);
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_HOST_TEXT, WDS_HOST_TEXT_UTF8));
    REQUIRE(CHECK_GE(length, 1000));
    CHECK_EQ(length % 2, 0);
    CHECK(report[length] == 0 && report[length + 1] == 0 && report[length + 2] == 0x5a);
    for (i = 0; i < length / 2; i++) {
        CHECK(report[2 * i + 1] == 0);
        accents += report[2 * i] == 0xe9;
        plain[i] = report[2 * i] < 0x80 ? (char)report[2 * i] : '?';
    }
    plain[length / 2] = 0;
    CHECK_GE(accents, 2);
    check_lines(plain);
    CHECK_HAS(line_of(plain, 3), "UTF-16");
    CHECK_HAS(line_of(plain, 3), "E9 00");
    CHECK(begins(line_of(plain, -1), "All is well: "));
}

TEST(in_ansi)
{
    static char report[ROOM];

    CHECK_OK(WDSocketSetOption(0, WDS_OPT_HOST_TEXT, WDS_HOST_TEXT_ANSI));
    CHECK_GE(WDSocketSelfTest(report, ROOM), 500);
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_HOST_TEXT, WDS_HOST_TEXT_UTF8));
    CHECK_HAS(line_of(report, 3), "ANSI");
    CHECK_HAS(line_of(report, 3), "\xe9 = E9");
    check_lines(report);
}

/* The host's own options do not change what is tried. */
TEST(beside_the_host)
{
    static char report[ROOM];
    int64_t sockets, goroutines;
    h_pair pair;

    CHECK_OK(WDSocketChangeTransmissionMode(0, WDS_MODE_RAW, NULL, 0));
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_MAX_MESSAGE, 10));
    REQUIRE(h_pair_open(&pair));
    sockets = h_number(0, WDS_NUM_SOCKETS);
    goroutines = h_number(0, WDS_NUM_GOROUTINES);
    CHECK_GE(WDSocketSelfTest(report, ROOM), 500);
    CHECK(begins(line_of(report, -1), "All is well: "));
    CHECK_EQ(h_number(0, WDS_NUM_SOCKETS), sockets);
    CHECK_EQ(h_number(0, WDS_NUM_GOROUTINES), goroutines);
    CHECK_EQ(WDSocketExist(pair.client), 1);
    CHECK_EQ(WDSocketWrite(pair.client, "on", 2), 2);
    CHECK_EQ(WDSocketRead(pair.channel, report, ROOM, 20000), 2);
    h_pair_close(&pair);
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_MAX_MESSAGE, 16 << 20));
    CHECK_OK(WDSocketChangeTransmissionMode(0, WDS_MODE_SIZE, NULL, 0));
}

static int32_t one_report(void *argument)
{
    char *report = (char *)argument;

    return WDSocketSelfTest(report, ROOM);
}

TEST(four_threads_at_once)
{
    static char reports[4][ROOM];
    h_thread *threads[4];
    int64_t start = h_now_us();
    int i;

    for (i = 0; i < 4; i++)
        threads[i] = h_start(one_report, reports[i]);
    for (i = 0; i < 4; i++) {
        CHECK_GE(h_join(threads[i]), 500);
        CHECK(begins(line_of(reports[i], -1), "All is well: "));
    }
    CHECK_WITHIN(start, 17000);
    CHECK_EQ(h_number(0, WDS_NUM_SOCKETS), 0);
    CHECK_EQ(h_number(0, WDS_NUM_GOROUTINES), 0);
    CHECK_EQ(h_number(0, WDS_NUM_BUFFERED_BYTES), 0);
}
