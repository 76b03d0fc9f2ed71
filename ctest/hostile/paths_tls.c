/*
 * paths_tls.c - paths that lead to something else than a file: pipes without a
 * writer, devices without an end, folders, links. They must not stop the host,
 * and no other call meanwhile.
 */
#ifndef _WIN32
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>
#endif
#include "certificates.h"
#include "harness.h"

/* What the library waits for a pipe, as the header says, and a little. */
#define PATIENCE_MS 5000

static const int32_t readers[] = {WDS_TEXT_SSL_CERTIFICATE, WDS_TEXT_SSL_ADD_CERTIFICATE, WDS_TEXT_SSL_AUTHORITIES};
static const int32_t writers[] = {WDS_TEXT_SSL_KEY_LOG, WDS_TEXT_LOG_FILE, WDS_TEXT_CAPTURE_FILE, WDS_TEXT_TRACE_FILE};

#define COUNT(list) ((int)(sizeof list / sizeof *list))

/* Every option that names a file refuses the path at once, for new sockets and for one. */
static void refused_everywhere(const char *path, const char *read_reason, const char *write_reason)
{
    int64_t start = h_now_us();
    int32_t socket = WDSocketNew(NULL);
    int i, turn;

    for (turn = 0; turn < 2; turn++) {
        int32_t of = turn ? socket : 0;

        for (i = 0; read_reason && i < COUNT(readers); i++) {
            CHECK_CODE(WDSocketSetText(of, readers[i], path), WDS_E_TLS_CERTIFICATE_FILE);
            CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), path);
            CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), read_reason);
        }
        for (i = 0; write_reason && i < COUNT(writers); i++) {
            if (of && writers[i] == WDS_TEXT_LOG_FILE)
                continue; /* of the process alone */
            CHECK_CODE(WDSocketSetText(of, writers[i], path), writers[i] == WDS_TEXT_SSL_KEY_LOG ? WDS_E_ARGUMENT : WDS_E_ACCESS);
            CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), path);
            CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), write_reason);
        }
    }
    CHECK_OK(WDSocketClose(socket));
    CHECK_PROMPT(start);
}

TEST(folders)
{
    char *folder = h_temp_path("folder.d");

#ifdef H_UNIX
    mkdir(folder, 0700);
    refused_everywhere(folder, "it is a directory", "it is a directory");
    rmdir(folder);
#else
    refused_everywhere("C:\\windows", "it is a directory", "it is a directory");
#endif
    free(folder);
}

TEST(files_that_are_too_large)
{
    char *path = h_temp_path("large.pem"), *text = (char *)malloc(1 << 20);
    FILE *file = fopen(path, "wb");

    memset(text, 'x', 1 << 20);
    REQUIRE(CHECK(file != NULL));
    CHECK_EQ(fwrite(text, 1, 1 << 20, file), 1 << 20);
    fputc('x', file);
    fclose(file);
    refused_everywhere(path, "it is larger than 1 MiB", NULL);
    h_remove(path);
    free(path);
    free(text);
}

#ifndef H_UNIX

TEST(names_of_devices)
{
    static const char *const names[] = {"CON", "NUL", "nul", "COM1", "CONIN$", "C:\\windows\\NUL", "\\\\.\\pipe\\x", "\\\\.\\COM1", "\\\\?\\pipe\\x"};
    int i;

    for (i = 0; i < COUNT(names); i++) {
        int32_t code;

        CHECK_CODE(WDSocketSetText(0, WDS_TEXT_SSL_CERTIFICATE, names[i]), WDS_E_TLS_CERTIFICATE_FILE);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "it is not a regular file");
        CHECK_CODE(WDSocketSetText(0, WDS_TEXT_SSL_KEY_LOG, names[i]), WDS_E_ARGUMENT);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "it is not a regular file");
        code = WDSocketSetText(0, WDS_TEXT_LOG_FILE, names[i]);
        CHECK_CODE(code, WDS_E_ACCESS);
    }
}

#else

TEST(devices)
{
    static const char *const names[] = {"/dev/zero", "/dev/null", "/dev/full"};
    int i;

    for (i = 0; i < COUNT(names); i++)
        refused_everywhere(names[i], "it is not a regular file", "it is not a regular file");
}

/* A log in a folder where others may write must not lead into another file. */
TEST(links_are_not_written_through)
{
    char *target = h_temp_path("target"), *link = h_temp_path("link.log"), *text;
    FILE *file = fopen(target, "w");

    REQUIRE(CHECK(file != NULL));
    fputs("as it was", file);
    fclose(file);
    h_remove(link);
    CHECK_EQ(symlink(target, link), 0);
    refused_everywhere(link, NULL, "symbolic link");
    text = h_read_file(target);
    CHECK_TEXT(text, "as it was");
    free(text);
    h_remove(target);
    refused_everywhere(link, NULL, "symbolic link"); /* nor made */
    CHECK(h_read_file(target) == NULL);
    h_remove(link);

    /* A certificate may be a link: that is how they are renewed. */
    CHECK_EQ(symlink(cert("good.pem"), link), 0);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_CERTIFICATE, link));
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_CERTIFICATE, ""));
    h_remove(link);
    free(target);
    free(link);
}

static char *pipe_path(const char *name)
{
    char *path = h_temp_path(name);

    h_remove(path);
    CHECK_EQ(mkfifo(path, 0600), 0);
    return path;
}

TEST(pipes_are_not_written_into)
{
    char *path = pipe_path("pipe.log");
    int reader;

    refused_everywhere(path, NULL, "it is not a regular file");
    reader = open(path, O_RDONLY | O_NONBLOCK);
    refused_everywhere(path, NULL, "it is not a regular file"); /* with a reader neither */
    close(reader);
    h_remove(path);
    free(path);
}

typedef struct {
    const char *path;
    int32_t socket, option;
    char why[512];
} setting;

static int32_t set_it(void *argument)
{
    setting *s = (setting *)argument;
    int32_t code = WDSocketSetText(s->socket, s->option, s->path);

    WDSocketErrorInfo(0, WDS_INFO_MESSAGE, s->why, (int32_t)sizeof s->why);
    return code;
}

/* A whole round of other calls, which wait for nobody. */
static void others_go_on(void)
{
    int64_t start = h_now_us();
    int32_t value;
    h_pair pair;

    CHECK_OK(WDSocketSetOption(0, WDS_OPT_NODELAY, 1));
    CHECK_OK(WDSocketGetOption(0, WDS_OPT_NODELAY, &value));
    if (CHECK(h_pair_open(&pair)))
        CHECK(tls_talk(pair.client, pair.channel));
    h_pair_close(&pair);
    CHECK_PROMPT(start);
}

/* All at the same time: they do not wait for one another. */
TEST(a_pipe_without_a_writer)
{
    char *path = pipe_path("silent.pem");
    setting settings[2 * COUNT(readers)];
    h_thread *threads[2 * COUNT(readers)];
    int32_t socket = WDSocketNew(NULL), closed = WDSocketNew(NULL);
    h_thread *closing;
    setting of_closed;
    int64_t start = h_now_us();
    int i;

    for (i = 0; i < 2 * COUNT(readers); i++) {
        memset(&settings[i], 0, sizeof settings[i]);
        settings[i].path = path;
        settings[i].socket = i % 2 ? socket : 0;
        settings[i].option = readers[i / 2];
        threads[i] = h_start(set_it, &settings[i]);
    }
    memset(&of_closed, 0, sizeof of_closed);
    of_closed.path = path;
    of_closed.socket = closed;
    of_closed.option = WDS_TEXT_SSL_CERTIFICATE;
    closing = h_start(set_it, &of_closed);
    WAIT_UNTIL(h_number(0, WDS_NUM_SOCKETS) >= 2);
    others_go_on();
    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_NODELAY, 1));
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_SSL_SERVER_NAME, "good.example"));
    CHECK_OK(WDSocketClose(closed)); /* does not wait for what is being read for it */
    CHECK_PROMPT(start);
    for (i = 0; i < 2 * COUNT(readers); i++)
        CHECK(!h_done(threads[i]));
    for (i = 0; i < 2 * COUNT(readers); i++) {
        CHECK_CODE(h_join(threads[i]), WDS_E_TLS_CERTIFICATE_FILE);
        CHECK_HAS(settings[i].why, path);
        CHECK_HAS(settings[i].why, "nothing came from it within 5000 ms");
    }
    CHECK_TIME(start, PATIENCE_MS);
    CHECK(h_join(closing) < 0);
    CHECK_OK(WDSocketClose(socket));
    h_remove(path);
    free(path);
}

static int feed(int to, const char *text)
{
    size_t length = strlen(text), done = 0;

    while (done < length) {
        ssize_t n = write(to, text + done, length - done);

        if (n <= 0)
            return 0;
        done += (size_t)n;
    }
    return close(to) == 0;
}

/* As a shell's <(command) gives it. */
TEST(a_pipe_with_a_writer)
{
    char *text = cert_text("good.pem"), *roots = cert_text("root.crt"), path[32];
    int ends[2], i;

    for (i = 0; i < 2; i++) {
        int32_t socket = i ? WDSocketNew(NULL) : 0;

        REQUIRE(CHECK_EQ(pipe(ends), 0));
        sprintf(path, "/dev/fd/%d", ends[0]);
        CHECK(feed(ends[1], text));
        CHECK_OK(WDSocketSetText(socket, WDS_TEXT_SSL_CERTIFICATE, path));
        close(ends[0]);
        REQUIRE(CHECK_EQ(pipe(ends), 0));
        sprintf(path, "/dev/fd/%d", ends[0]);
        CHECK(feed(ends[1], roots));
        CHECK_OK(WDSocketSetText(socket, WDS_TEXT_SSL_AUTHORITIES, path));
        close(ends[0]);
        if (socket) {
            CHECK_OK(WDSocketOpen(socket, WDS_KIND_SERVER_SSL, 0, "127.0.0.1", 0));
            CHECK_OK(WDSocketClose(socket));
        } else {
            CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_CERTIFICATE, ""));
            CHECK_OK(WDSocketSetText(0, WDS_TEXT_SSL_AUTHORITIES, ""));
        }
    }
    free(text);
    free(roots);
}

static int32_t pour(void *argument)
{
    static const char zeros[4096];
    int to = open((const char *)argument, O_WRONLY);

    while (write(to, zeros, sizeof zeros) > 0)
        ;
    return close(to);
}

TEST(a_pipe_without_an_end)
{
    char *path = pipe_path("endless.pem");
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    h_thread *writer = h_start(pour, path);

    CHECK_CODE(WDSocketSetText(0, WDS_TEXT_SSL_CERTIFICATE, path), WDS_E_TLS_CERTIFICATE_FILE);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "it is larger than 1 MiB");
    CHECK_OK(h_join(writer));
    signal(SIGPIPE, before);
    h_remove(path);
    free(path);
}

#endif
