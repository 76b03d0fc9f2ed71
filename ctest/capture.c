/*
 * capture.c - captures and traces of what passes.
 */
#include "harness.h"

static char *text_of(const char *path)
{
    char *text = h_read_file(path);

    CHECK(text != NULL);
    return text ? text : (char *)calloc(1, 1);
}

/* A question and an answer over a pair, whose client records into a file. */
static void talk(int32_t option, const char *path, int32_t *client)
{
    h_pair pair;
    char got[32];

    CHECK_OK(WDSocketSetText(0, option, path));
    if (!h_pair_open(&pair)) {
        CHECK_OK(WDSocketSetText(0, option, ""));
        return;
    }
    *client = pair.client;
    CHECK_OK(WDSocketSetText(0, option, ""));
    CHECK_CODE(WDSocketWrite(pair.client, "question 1", 10), 10);
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000), 10);
    CHECK_CODE(WDSocketWrite(pair.channel, "answer 1", 8), 8);
    CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), 8);
    h_pair_close(&pair);
    CHECK_OK(WDSocketCloseAll()); /* then all is in the file */
}

TEST(a_trace_tells_what_passed)
{
    char *path = h_temp_path("wdsocket-trace.txt"), *text, label[32];
    int32_t client = 0;

    h_remove(path);
    talk(WDS_TEXT_TRACE_FILE, path, &client);
    text = text_of(path);
    snprintf(label, sizeof label, "Z #%d client 127.0.0.1:", (int)client);
    CHECK_HAS(text, label);
    CHECK_HAS(text, "  connected\n");
    CHECK_HAS(text, "  accepted\n");
    CHECK_HAS(text, "message sent, 10 bytes: question 1\n");
    CHECK_HAS(text, "message received, 8 bytes: answer 1\n");
    CHECK_HAS(text, " 71 75 65 73 "); /* "ques" */
    CHECK_HAS(text, "  closed\n");
    free(text);
    h_remove(path);
    free(path);
}

TEST(a_capture_is_a_pcapng_file)
{
    static const char magic[] = "\x0A\x0D\x0D\x0A";
    char *path = h_temp_path("wdsocket-capture.pcapng"), *text;
    int32_t client = 0;

    h_remove(path);
    talk(WDS_TEXT_CAPTURE_FILE, path, &client);
    text = text_of(path);
    CHECK(memcmp(text, magic, 4) == 0);
    free(text);
    talk(WDS_TEXT_CAPTURE_FILE, path, &client); /* it is appended to */
    h_remove(path);
    free(path);
}

TEST(a_file_that_is_no_capture_stays_as_it_is)
{
    char *path = h_temp_path("wdsocket-letter.txt"), *text, value[64];
    int32_t client = 0;

    h_remove(path);
    talk(WDS_TEXT_TRACE_FILE, path, &client); /* text stands there */
    CHECK_CODE(WDSocketSetText(0, WDS_TEXT_CAPTURE_FILE, path), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "is no pcapng capture");
    CHECK_EQ(WDSocketGetText(0, WDS_TEXT_CAPTURE_FILE, value, (int32_t)sizeof value), 0);
    text = text_of(path);
    CHECK_HAS(text, "question 1");
    free(text);
    h_remove(path);
    free(path);
}

TEST(the_size_of_files)
{
    CHECK_EQ(h_option(0, WDS_OPT_CAPTURE_SIZE), 104857600);
    CHECK_CODE(WDSocketSetOption(0, WDS_OPT_CAPTURE_SIZE, 65535), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_CAPTURE_SIZE, 65536));
    CHECK_EQ(h_option(0, WDS_OPT_CAPTURE_SIZE), 65536);
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_CAPTURE_SIZE, 104857600));
    CHECK_EQ(h_option(0, WDS_OPT_CAPTURE_BELOW_TLS), 0);
}
