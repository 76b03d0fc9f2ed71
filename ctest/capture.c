/*
 * capture.c - captures and traces of what passes.
 */
#include "certificates.h"
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

/* ---- switched while a connection is open ---- */

static uint32_t word(const unsigned char *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* What a capture has of one source's sending, by its port, with a '|' before each
 * conversation, which a handshake begins; "" while there is no file. */
static const char *passed(const char *path, int port)
{
    static char text[4096];
    FILE *file = fopen(path, "rb");
    unsigned char head[8], body[65536];
    uint32_t length;
    size_t n = 0;

    text[0] = 0;
    while (file && fread(head, 1, 8, file) == 8) {
        length = word(head + 4) - 8;
        if (length > sizeof body || fread(body, 1, length, file) != length)
            break;
        if (word(head) == 6 && body[20 + 9] == 6) { /* a packet of TCP in IPv4 */
            const unsigned char *tcp = body + 20 + 20, *end = body + 20 + word(body + 12);
            const unsigned char *payload = tcp + (tcp[12] >> 4) * 4;

            if ((tcp[13] & 0x12) == 2 && n < sizeof text - 1)
                text[n++] = '|';
            if ((tcp[0] << 8 | tcp[1]) == port && n + (size_t)(end - payload) < sizeof text) {
                memcpy(text + n, payload, (size_t)(end - payload));
                n += (size_t)(end - payload);
            }
            text[n] = 0;
        }
    }
    if (file)
        fclose(file);
    return text;
}

/* Messages end with a line end, where one sees them in the file. */
static void lines(int32_t one, int32_t other)
{
    CHECK_OK(WDSocketChangeTransmissionMode(one, WDS_MODE_END_TAG, "\r\n", 2));
    CHECK_OK(WDSocketChangeTransmissionMode(other, WDS_MODE_END_TAG, "\r\n", 2));
}

typedef struct {
    int32_t socket;
    char got[64];
} reading;

static int32_t read_one(void *argument)
{
    reading *r = (reading *)argument;
    int32_t n;

    do
        n = WDSocketRead(r->socket, r->got, (int32_t)sizeof r->got - 1, -1);
    while (n == WDS_E_BUSY); /* it is looked whether this thread is inside */
    r->got[n < 0 ? 0 : n] = 0;
    return n;
}

/* An answer that a reader waits for while the text is set, and a question. */
static void switched(const h_pair *pair, int32_t option, const char *path, const char *letter)
{
    char answer[16], question[16], got[32];
    reading waiting;
    h_thread *reader;
    int length = snprintf(answer, sizeof answer, "answer %s", letter);

    snprintf(question, sizeof question, "question %s", letter);
    waiting.socket = pair->client;
    reader = h_start(read_one, &waiting);
    WAIT_UNTIL(WDSocketRead(pair->client, NULL, 0, 0) == WDS_E_BUSY);
    if (path)
        CHECK_OK(WDSocketSetText(pair->client, option, path));
    CHECK_CODE(WDSocketWrite(pair->channel, answer, -1), length);
    CHECK_CODE(h_join(reader), length);
    CHECK_TEXT(waiting.got, answer);
    CHECK_CODE(WDSocketWrite(pair->client, question, -1), length + 2);
    CHECK_CODE(WDSocketRead(pair->channel, got, (int32_t)sizeof got, 20000), length + 2);
    got[length + 2] = 0;
    CHECK_TEXT(got, question);
}

/* Of a client and its channel: on, another file, off, and on again. */
static void switched_while_open(h_pair *pair)
{
    char *one = h_temp_path("wdsocket-one.pcapng"), *other = h_temp_path("wdsocket-other.pcapng");
    char *trace = h_temp_path("wdsocket-switched.txt"), *text;
    int mine = h_port(pair->client), theirs = pair->port;

    h_remove(one);
    h_remove(other);
    h_remove(trace);
    lines(pair->client, pair->channel);
    switched(pair, 0, NULL, "a");
    switched(pair, WDS_TEXT_CAPTURE_FILE, one, "b");
    switched(pair, WDS_TEXT_TRACE_FILE, trace, "c");
    switched(pair, WDS_TEXT_CAPTURE_FILE, other, "d");
    switched(pair, WDS_TEXT_CAPTURE_FILE, "", "e");
    switched(pair, WDS_TEXT_TRACE_FILE, "", "f");
    WAIT_UNTIL(strcmp(passed(other, mine), "|question d\r\n") == 0); /* it is written behind the call */
    switched(pair, WDS_TEXT_CAPTURE_FILE, one, "g");
    h_pair_close(pair);
    CHECK_OK(WDSocketCloseAll()); /* then all is in the files */
    CHECK_TEXT(passed(one, mine), "|question b\r\nquestion c\r\n|question g\r\n");
    CHECK_TEXT(passed(one, theirs), "|answer b\r\nanswer c\r\n|answer g\r\n");
    CHECK_TEXT(passed(other, theirs), "|answer d\r\n");
    text = text_of(trace);
    CHECK_HAS(text, "recording begins; the connection was there already\n");
    CHECK_HAS(text, "message received, 8 bytes: answer c\n");
    CHECK_HAS(text, "message sent, 10 bytes: question e\n");
    CHECK_HAS(text, "recording ends; the connection goes on\n");
    CHECK(strstr(text, "answer b") == NULL && strstr(text, "question f") == NULL);
    free(text);
    h_remove(one);
    h_remove(other);
    h_remove(trace);
    free(one);
    free(other);
    free(trace);
}

TEST(switched_while_a_reader_waits)
{
    h_pair pair;

    REQUIRE(h_pair_open(&pair));
    switched_while_open(&pair);
}

TEST(switched_while_a_reader_waits_with_tls)
{
    h_pair pair;

    REQUIRE(tls_pair_open(&pair, 0, 0));
    switched_while_open(&pair);
}

/* Below TLS, where the records pass, and above again. */
TEST(switched_to_the_other_side_of_tls)
{
    char *path = h_temp_path("wdsocket-below.pcapng");
    const char *records;
    h_pair pair;
    int mine;

    h_remove(path);
    REQUIRE(tls_pair_open(&pair, 0, 0));
    mine = h_port(pair.client);
    CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_CAPTURE_BELOW_TLS, 1));
    switched(&pair, WDS_TEXT_CAPTURE_FILE, path, "a");
    CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_CAPTURE_BELOW_TLS, 0));
    switched(&pair, 0, NULL, "b");
    h_pair_close(&pair);
    CHECK_OK(WDSocketCloseAll());
    records = passed(path, mine);
    CHECK(memcmp(records, "|\x17\x03\x03", 4) == 0); /* a record of TLS */
    CHECK_EQ(strstr(records, "question a") == NULL, 1);
    h_remove(path);
    free(path);
}

/* A channel in a queue, and the client of a simplified server. */
TEST(switched_in_a_queue)
{
    char *path = h_temp_path("wdsocket-queue.pcapng"), got[32];
    int32_t queue = WDSocketNewQueue();
    h_pair pair;

    h_remove(path);
    REQUIRE(h_pair_open(&pair));
    lines(pair.client, pair.channel);
    CHECK_OK(WDSocketAttach(queue, pair.channel, WDS_ATTACH_PLAIN));
    CHECK_CODE(WDSocketWrite(pair.client, "before", 6), 6);
    CHECK(h_is_event(h_next_event(queue, 20000), pair.channel, WDS_EVENT_MESSAGE));
    CHECK_OK(WDSocketSetText(pair.channel, WDS_TEXT_CAPTURE_FILE, path));
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 0), 6);
    CHECK_CODE(WDSocketWrite(pair.client, "behind", 6), 6);
    CHECK(h_is_event(h_next_event(queue, 20000), pair.channel, WDS_EVENT_MESSAGE));
    CHECK_CODE(WDSocketRead(pair.channel, got, (int32_t)sizeof got, 0), 6);
    CHECK_CODE(WDSocketWrite(pair.channel, "answer", 6), 6);
    CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), 6);
    CHECK_OK(WDSocketSetText(pair.channel, WDS_TEXT_CAPTURE_FILE, ""));
    CHECK_CODE(WDSocketWrite(pair.channel, "off", 3), 3);
    CHECK_CODE(WDSocketRead(pair.client, got, (int32_t)sizeof got, 20000), 3);
    WAIT_UNTIL(strcmp(passed(path, pair.port), "|answer\r\n") == 0);
    CHECK_TEXT(passed(path, h_port(pair.client)), "|behind\r\n");
    CHECK_OK(WDSocketClose(queue));
    h_pair_close(&pair);
    h_remove(path);
    free(path);
}

TEST(switched_on_a_simplified_server_and_with_datagrams)
{
    char *path = h_temp_path("wdsocket-simple.pcapng"), *trace = h_temp_path("wdsocket-udp.txt"), *text, got[32];
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), client, udp;
    int port = h_port(server);

    h_remove(path);
    h_remove(trace);
    client = WDSocketConnect(NULL, port, "127.0.0.1", 20000);
    CHECK_GE(client, 1);
    lines(client, server);
    CHECK_CODE(WDSocketWrite(client, "before", 6), 6);
    CHECK_CODE(WDSocketRead(server, got, (int32_t)sizeof got, 20000), 6);
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_CAPTURE_FILE, path));
    CHECK_CODE(WDSocketWrite(client, "behind", 6), 6);
    CHECK_CODE(WDSocketRead(server, got, (int32_t)sizeof got, 20000), 6);
    CHECK_CODE(WDSocketWrite(server, "answer", 6), 6);
    CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), 6);
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_CAPTURE_FILE, ""));
    WAIT_UNTIL(strcmp(passed(path, port), "|answer\r\n") == 0);
    CHECK_TEXT(passed(path, h_port(client)), "|behind\r\n");
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));

    udp = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    CHECK_GE(udp, 1);
    CHECK_CODE(WDSocketWriteUDP(udp, "before", 6, "127.0.0.1", h_port(udp)), 6);
    CHECK_CODE(WDSocketRead(udp, got, (int32_t)sizeof got, 20000), 6);
    CHECK_OK(WDSocketSetText(udp, WDS_TEXT_TRACE_FILE, trace));
    CHECK_CODE(WDSocketWriteUDP(udp, "behind", 6, "127.0.0.1", h_port(udp)), 6);
    CHECK_CODE(WDSocketRead(udp, got, (int32_t)sizeof got, 20000), 6);
    CHECK_OK(WDSocketSetText(udp, WDS_TEXT_TRACE_FILE, ""));
    CHECK_CODE(WDSocketWriteUDP(udp, "off", 3, "127.0.0.1", h_port(udp)), 3);
    CHECK_OK(WDSocketCloseAll());
    text = text_of(trace);
    CHECK_HAS(text, "recording of datagrams begins\n");
    CHECK_HAS(text, "datagram sent, 6 bytes\n");
    CHECK_HAS(text, "datagram received, 6 bytes\n");
    CHECK_HAS(text, "recording of datagrams ends\n");
    CHECK(strstr(text, "before") == NULL && strstr(text, "3 bytes") == NULL);
    free(text);
    h_remove(path);
    h_remove(trace);
    free(path);
    free(trace);
}

/* A file that cannot be leaves an open connection as it was. */
TEST(a_file_that_cannot_be_on_an_open_connection)
{
    char *path = h_temp_path("wdsocket-good.pcapng");
    h_pair pair;

    h_remove(path);
    REQUIRE(h_pair_open(&pair));
    lines(pair.client, pair.channel);
    switched(&pair, WDS_TEXT_CAPTURE_FILE, path, "a");
    CHECK_CODE(WDSocketSetText(pair.client, WDS_TEXT_CAPTURE_FILE, "no-such-folder/in/here.pcapng"), WDS_E_SYSTEM);
    switched(&pair, 0, NULL, "b");
    h_pair_close(&pair);
    CHECK_OK(WDSocketCloseAll());
    CHECK_HAS(passed(path, pair.port), "answer a\r\nanswer b\r\n");
    h_remove(path);
    free(path);
}
