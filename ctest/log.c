/*
 * log.c - the log file: what stands in it, at which level, and how it turns over.
 */
#include "harness.h"

static char *path, *turned;

static void log_begin(int level)
{
    path = h_temp_path("wdsocket-test.log");
    turned = h_temp_path("wdsocket-test.log.1");
    h_remove(path);
    h_remove(turned);
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_LOG_LEVEL, level));
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LOG_FILE, path));
}

static char *log_end(void)
{
    char *text;

    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LOG_FILE, ""));
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_LOG_LEVEL, 2));
    text = h_read_file(path);
    h_remove(path);
    h_remove(turned);
    free(path);
    free(turned);
    return text ? text : (char *)calloc(1, 1);
}

/* A connection, two messages, an end, and an attempt that is refused: the port
 * of the client's own end is taken, and nobody listens there. */
static int some_traffic(char *endpoint, int size, char *refused, int refused_size)
{
    h_pair pair;
    char got[32];
    int dead;

    if (!h_pair_open(&pair))
        return 0;
    dead = h_port(pair.client);
    snprintf(refused, (size_t)refused_size, "127.0.0.1:%d", dead);
    CHECK_CODE(WDSocketConnect(NULL, dead, "127.0.0.1", 5000), WDS_E_REFUSED);
    snprintf(endpoint, (size_t)size, "127.0.0.1:%d", pair.port);
    CHECK_CODE(WDSocketWrite(pair.client, "secret words", 12), 12);
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000), 12);
    h_pair_close(&pair);
    return 1;
}

TEST(default_is_silence)
{
    char text[8];

    CHECK_EQ(WDSocketGetText(0, WDS_TEXT_LOG_FILE, text, (int32_t)sizeof text), 0);
    CHECK_EQ(h_option(0, WDS_OPT_LOG_LEVEL), 2);
    CHECK_EQ(h_option(0, WDS_OPT_LOG_SIZE), 10485760);
}

TEST(level_two_tells_connects_closes_and_errors)
{
    char endpoint[32], refused[32], *text;

    log_begin(2);
    some_traffic(endpoint, (int)sizeof endpoint, refused, (int)sizeof refused);
    text = log_end();
    CHECK_HAS(text, endpoint);
    CHECK_HAS(text, refused);
    CHECK_HAS(text, "error");
    CHECK(strstr(text, "secret words") == NULL); /* never what is carried */
    free(text);
}

TEST(level_one_tells_errors_only)
{
    char endpoint[32], refused[32], *text;

    log_begin(1);
    some_traffic(endpoint, (int)sizeof endpoint, refused, (int)sizeof refused);
    text = log_end();
    CHECK(strstr(text, endpoint) == NULL);
    CHECK_HAS(text, refused);
    free(text);
}

TEST(level_zero_tells_nothing)
{
    char endpoint[32], refused[32], *text;

    log_begin(0);
    some_traffic(endpoint, (int)sizeof endpoint, refused, (int)sizeof refused);
    text = log_end();
    CHECK_TEXT(text, "");
    free(text);
}

static int lines_of(const char *text)
{
    int lines = 0;

    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

TEST(level_three_tells_more)
{
    char endpoint[32], refused[32], *text;
    int two;

    log_begin(2);
    some_traffic(endpoint, (int)sizeof endpoint, refused, (int)sizeof refused);
    text = log_end();
    two = lines_of(text);
    free(text);
    log_begin(3);
    some_traffic(endpoint, (int)sizeof endpoint, refused, (int)sizeof refused);
    text = log_end();
    CHECK_GE(lines_of(text), two + 1);
    CHECK_HAS(text, endpoint);
    CHECK(strstr(text, "secret words") == NULL);
    free(text);
}

TEST(it_turns_over)
{
    char endpoint[32], refused[32], *first, *second;
    int i;

    CHECK_OK(WDSocketSetOption(0, WDS_OPT_LOG_SIZE, 65536));
    log_begin(3);
    for (i = 0; i < 2000; i++) {
        some_traffic(endpoint, (int)sizeof endpoint, refused, (int)sizeof refused);
        if (i % 20 == 19 && (first = h_read_file(turned)) != NULL) {
            free(first);
            break;
        }
    }
    CHECK(i < 2000);
    first = h_read_file(turned);
    second = h_read_file(path);
    CHECK(first != NULL && strlen(first) <= 65536 + 8192);
    CHECK(second != NULL && strlen(second) <= 65536 + 8192);
    if (first) /* lines are not torn */
        CHECK_EQ(first[strlen(first) - 1], '\n');
    free(first);
    free(second);
    free(log_end());
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_LOG_SIZE, 10485760));
}

TEST(a_path_that_cannot_be)
{
    char text[64];

    CHECK(WDSocketSetText(0, WDS_TEXT_LOG_FILE, "/no/such/folder/anywhere/x.log") < 0);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "anywhere"); /* with the separators of the system */
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "x.log");
    CHECK_EQ(WDSocketGetText(0, WDS_TEXT_LOG_FILE, text, (int32_t)sizeof text), 0); /* as before */
    CHECK_ANY(WDSocketSetText(WDSocketNew("own"), WDS_TEXT_LOG_FILE, "x.log"), WDS_E_KIND, WDS_E_ARGUMENT);
    CHECK_OK(WDSocketClose(WDSocketFind("own")));
}

static int32_t traffic_thread(void *argument)
{
    char endpoint[32], refused[32];
    int i;

    (void)argument;
    for (i = 0; i < 30; i++)
        if (!some_traffic(endpoint, (int)sizeof endpoint, refused, (int)sizeof refused))
            return 1;
    return 0;
}

TEST(many_threads_write_whole_lines)
{
    h_thread *threads[4];
    int i, lines = 0;
    char *text, *p;

    log_begin(3);
    for (i = 0; i < 4; i++)
        threads[i] = h_start(traffic_thread, NULL);
    for (i = 0; i < 4; i++)
        CHECK_EQ(h_join(threads[i]), 0);
    text = log_end();
    for (p = text; (p = strchr(p, '\n')) != NULL; p++)
        lines++;
    CHECK_GE(lines, 100);
    for (p = strtok(text, "\n"); p; p = strtok(NULL, "\n"))
        if (!CHECK(p[0] == '2' && strlen(p) > 20)) /* each begins with its moment */
            break;
    free(text);
}
