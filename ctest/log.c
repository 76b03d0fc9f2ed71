/*
 * log.c - the log file: what stands in it, at which level, and how it turns over.
 */
#include "harness.h"
#include "logfile.h"

/* A connection, a message, an end, and, unless refused is NULL, an attempt that is refused,
 * which takes Windows and Wine a second: the port of the client's own end is taken, and
 * nothing listens there. */
static int some_traffic(char *endpoint, int size, char *refused, int refused_size)
{
    h_pair pair;
    char got[32];
    int dead;

    if (!h_pair_open(&pair))
        return 0;
    if (refused) {
        dead = h_port(pair.client);
        snprintf(refused, (size_t)refused_size, "127.0.0.1:%d", dead);
        CHECK_CODE(WDSocketConnect(NULL, dead, "127.0.0.1", 5000), WDS_E_REFUSED);
    }
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
    char endpoint[32], refused[32] = "", *first, *second;
    int i;

    CHECK_OK(WDSocketSetOption(0, WDS_OPT_LOG_SIZE, 65536));
    log_begin(3);
    for (i = 0; i < 2000; i++) {
        some_traffic(endpoint, (int)sizeof endpoint, i % 20 == 0 ? refused : NULL, (int)sizeof refused);
        if (i % 20 == 19 && (first = h_read_file(log_turned)) != NULL) {
            free(first);
            break;
        }
    }
    CHECK(i < 2000);
    first = h_read_file(log_turned);
    second = h_read_file(log_path);
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
    char endpoint[32], refused[32] = "";
    int i;

    (void)argument;
    for (i = 0; i < 30; i++)
        if (!some_traffic(endpoint, (int)sizeof endpoint, i % 10 == 0 ? refused : NULL, (int)sizeof refused))
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
    CHECK_LINES(text, 0, "error", 0, NULL, "channel", NULL, NULL, NULL, NULL);
    for (p = strtok(text, "\n"); p; p = strtok(NULL, "\n"))
        if (!CHECK(p[0] == '2' && strlen(p) > 20)) /* each begins with its moment */
            break;
    free(text);
}

/* What a port is, as lines name it; good until eight more are asked for. */
static const char *at(int port)
{
    static char texts[8][32];
    static int next;
    char *text = texts[next++ % 8];

    snprintf(text, sizeof *texts, "127.0.0.1:%d", port);
    return text;
}

/* A name that must not make a line of its own, nor end early. */
#define ODD "sc\"a: le\\ -> \n#1 x"
#define ODD_SHOWN "sc\\\"a: le\\\\ -> \\x0A#1 x"

TEST(each_line_says_which_connection_it_is_about)
{
    int32_t server, client, channel, other, denied;
    const char *own, *to;
    char *text, got[32];
    int port, ends[2];

    log_begin(3);
    server = WDSocketCreate(NULL, 0, "127.0.0.1");
    port = h_port(server);
    to = at(port);
    client = WDSocketConnect(ODD, port, "127.0.0.1", 20000);
    channel = WDSocketAccept(server, 20000);
    other = WDSocketConnect(NULL, port, "127.0.0.1", 20000);
    REQUIRE(CHECK(client > 0 && channel > 0 && other > 0));
    ends[0] = h_port(client);
    ends[1] = h_port(other);
    CHECK_CODE(WDSocketWaitForConnection(server, 20000), 1);
    CHECK_OK(WDSocketDeny(server));
    CHECK_CODE(WDSocketWrite(client, "hello world", 11), 11);
    CHECK_CODE(WDSocketRead(channel, got, (int32_t)sizeof got, 20000), 11);
    CHECK_CODE(WDSocketWrite(channel, "you", 3), 3);
    CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), 3);
    CHECK(WDSocketRead(other, got, (int32_t)sizeof got, 20000) < 0);
    denied = ends[1];
    CHECK_OK(WDSocketClose(other));
    CHECK_OK(WDSocketClose(client));
    CHECK(WDSocketRead(channel, got, (int32_t)sizeof got, 20000) < 0);
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
    text = log_end();
    own = at(ends[0]);
    CHECK_LINES(text, 1, "event", server, "", "server", to, "", "", "listening");
    CHECK_LINES(text, 1, "event", client, ODD_SHOWN, "client", own, "->", to, "connected in ");
    CHECK_LINES(text, 1, "event", channel, "", "channel", to, "<-", own, "accepted by #");
    CHECK_LINES(text, 1, "event", server, "", "server", to, "<-", at(denied), "denied");
    CHECK_LINES(text, 1, "trace", client, ODD_SHOWN, "client", own, "->", to, "11 bytes written");
    CHECK_LINES(text, 1, "trace", channel, "", "channel", to, "<-", own, "11 bytes read");
    CHECK_LINES(text, 1, "trace", channel, "", "channel", to, "<-", own, "3 bytes written");
    CHECK_LINES(text, 1, "trace", client, ODD_SHOWN, "client", own, "->", to, "3 bytes read");
    CHECK_LINES(text, 1, "event", client, ODD_SHOWN, "client", own, "->", to, "closed");
    CHECK_LINES(text, 3, "event", channel, "", "channel", to, "<-", own, NULL); /* accepted, the peer's end, closed */
    CHECK_LINES(text, 1, "event", other, "", "client", at(denied), "->", to, "closed");
    CHECK_LINES(text, 1, "event", server, "", "server", to, "", "", "closed");
    CHECK_LINES(text, 0, "error", 0, NULL, NULL, NULL, NULL, NULL, NULL);
    free(text);
}

TEST(a_simplified_server_s_client)
{
    int32_t server, client;
    char *text, got[32];
    const char *own, *to;
    int port;

    log_begin(3);
    server = WDSocketCreate("simple", 0, "127.0.0.1");
    port = h_port(server);
    client = WDSocketConnect(NULL, port, "127.0.0.1", 20000);
    REQUIRE(CHECK(server > 0 && client > 0));
    own = at(h_port(client));
    to = at(port);
    CHECK_CODE(WDSocketWrite(client, "question", 8), 8);
    CHECK_CODE(WDSocketRead(server, got, (int32_t)sizeof got, 20000), 8);
    CHECK_CODE(WDSocketWrite(server, "answer", 6), 6);
    CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), 6);
    CHECK_OK(WDSocketClose(client));
    CHECK(WDSocketRead(server, got, (int32_t)sizeof got, 20000) < 0);
    CHECK_OK(WDSocketClose(server));
    text = log_end();
    CHECK_LINES(text, 1, "event", server, "simple", "server", to, "", "", "listening");
    CHECK_LINES(text, 1, "event", server, "simple", "server", to, "<-", own, "accepted");
    CHECK_LINES(text, 1, "trace", server, "simple", "server", to, "<-", own, "8 bytes read");
    CHECK_LINES(text, 1, "trace", server, "simple", "server", to, "<-", own, "6 bytes written");
    CHECK_LINES(text, 1, "event", server, "simple", "server", to, "<-", own, "closed");
    CHECK_LINES(text, 1, "event", server, "simple", "server", to, "", "", "closed");
    CHECK_LINES(text, 1, "event", client, "", "client", own, "->", to, "closed");
    free(text);
}

TEST(datagrams_name_their_peer)
{
    int32_t one, two;
    char *text, got[32];
    const char *first, *second;

    log_begin(3);
    one = WDSocketCreateUDP("one", 0, "127.0.0.1");
    two = WDSocketCreateUDP(NULL, 0, NULL); /* on all addresses */
    REQUIRE(CHECK(one > 0 && two > 0));
    CHECK_CODE(WDSocketWriteUDP(one, "datagram", 8, "127.0.0.1", h_port(two)), 8);
    CHECK_CODE(WDSocketReadUDP(two, got, (int32_t)sizeof got, 20000, NULL, 0, NULL), 8);
    first = at(h_port(one));
    second = at(h_port(two));
    CHECK_OK(WDSocketClose(one));
    CHECK_OK(WDSocketClose(two));
    text = log_end();
    CHECK_LINES(text, 1, "event", one, "one", "udp", first, "", "", "open");
    CHECK_LINES(text, 1, "trace", one, "one", "udp", first, "->", second, "8 bytes written");
    CHECK_LINES(text, 1, "trace", two, "", "udp", second, "<-", first, "8 bytes read"); /* the address that it came to */
    CHECK_LINES(text, 1, "event", one, "one", "udp", first, "", "", "closed");
    CHECK_LINES(text, 2, "event", two, "", "udp", NULL, "", "", NULL);
    free(text);
}

TEST(what_could_not_be_opened)
{
    int32_t client = WDSocketNew("lost"), server = WDSocketCreate(NULL, 0, "127.0.0.1");
    int port = h_port(server);
    char *text, there[64];

    CHECK_OK(WDSocketClose(server));
    server = WDSocketNew("taken");
    log_begin(2);
    CHECK_CODE(WDSocketOpen(client, WDS_KIND_CLIENT, port, "127.0.0.1", 20000), WDS_E_REFUSED);
    CHECK(WDSocketOpen(client, WDS_KIND_CLIENT, port, "no such host", 20000) < 0);
    CHECK(WDSocketOpen(server, WDS_KIND_SERVER, port, "192.0.2.1", -1) < 0);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
    text = log_end();
    CHECK_LINES(text, 1, "error", client, "lost", "client", "-", "->", at(port), NULL);
    snprintf(there, sizeof there, "no\\x20such\\x20host:%d", port);
    CHECK_LINES(text, 1, "error", client, "lost", "client", "-", "->", there, NULL);
    snprintf(there, sizeof there, "192.0.2.1:%d", port);
    CHECK_LINES(text, 1, "error", server, "taken", "server", there, "", "", NULL);
    CHECK_LINES(text, 1, "event", client, "lost", "socket", "", "", "", "closed");
    CHECK_LINES(text, 1, "event", server, "taken", "socket", "", "", "", "closed");
    free(text);
}

TEST(a_reconnecting_client_names_each_connection)
{
    h_sock listener, peer;
    int32_t client = WDSocketNew("again");
    const char *own[2], *to;
    char *text, got[8];
    int port;

    listener = h_listen("127.0.0.1", 0, 8, &port);
    to = at(port);
    log_begin(3);
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT, 1));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_FIRST, 1));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECONNECT_MOST, 1));
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT, port, "127.0.0.1", 20000));
    peer = h_accept(listener, 20000);
    CHECK(h_send(peer, "1\r\nx", 4));
    CHECK_CODE(WDSocketRead(client, got, (int32_t)sizeof got, 20000), 1);
    own[0] = at(h_port(client));
    h_close(peer);
    WAIT_UNTIL((WDSocketRead(client, got, (int32_t)sizeof got, 10), (peer = h_accept(listener, 10)) != H_NO_SOCK));
    CHECK(h_send(peer, "1\r\nx", 4));
    WAIT_UNTIL(WDSocketRead(client, got, (int32_t)sizeof got, 100) == 1);
    own[1] = at(h_port(client));
    CHECK_OK(WDSocketClose(client));
    h_close(peer);
    h_close(listener);
    text = log_end();
    CHECK_LINES(text, 1, "event", client, "again", "client", own[0], "->", to, "connected in ");
    CHECK_LINES(text, 1, "event", client, "again", "client", own[0], "->", to, "the connection is down: ");
    CHECK_LINES(text, 1, "event", client, "again", "client", own[1], "->", to, "the connection is there again");
    CHECK_LINES(text, 1, "event", client, "again", "client", own[1], "->", to, "closed");
    free(text);
}
