/*
 * text.c - the host's text: encodings in and out, languages, error texts.
 */
#include "harness.h"

#ifdef _WIN32
#include <windows.h>
#endif

/* UTF-16LE from ASCII; the terminator has two bytes. */
static const char *wide(const char *text)
{
    static char out[4][512];
    static int next;
    char *p = out[next++ % 4];
    size_t i;

    for (i = 0; i <= strlen(text); i++) {
        p[2 * i] = text[i];
        p[2 * i + 1] = 0;
    }
    return p;
}

static void host_text(int32_t encoding)
{
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_HOST_TEXT, encoding));
    CHECK_EQ(h_option(0, WDS_OPT_HOST_TEXT), encoding);
}

/* ---- names ---- */

TEST(names_in_utf8)
{
    int32_t socket = WDSocketNew("caf\xc3\xa9 \xe2\x82\xac");
    char got[64];

    CHECK_CODE(WDSocketName(socket, got, (int32_t)sizeof got), 9);
    CHECK_TEXT(got, "caf\xc3\xa9 \xe2\x82\xac");
    CHECK_CODE(WDSocketFind("caf\xc3\xa9 \xe2\x82\xac"), socket);
    CHECK_CODE(WDSocketFind("CAF\xc3\x89 \xe2\x82\xac"), WDS_E_NOT_FOUND); /* case counts */
    CHECK_OK(WDSocketClose(socket));
}

TEST(bytes_that_are_not_utf8_are_ansi)
{
    static const char *const odd[] = {"caf\xe9", "\xff", "\xc3", "\xe2\x82", "\xc0\x80", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80", "a\x81z"};
    int32_t socket = WDSocketNew("caf\xe9");
    char got[64];
    size_t i;

    CHECK_CODE(WDSocketName(socket, got, (int32_t)sizeof got), 5);
    CHECK_TEXT(got, "caf\xc3\xa9");
    CHECK_CODE(WDSocketFind("caf\xc3\xa9"), socket);
    CHECK_OK(WDSocketClose(socket));
    for (i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        socket = WDSocketNew(odd[i]);
        CHECK_GE(socket, 1);
        CHECK_CODE(WDSocketFind(odd[i]), socket);
        CHECK_GE(WDSocketName(socket, got, (int32_t)sizeof got), 1);
        CHECK_CODE(WDSocketFind(got), socket); /* what is given out comes in again */
        CHECK_OK(WDSocketClose(socket));
    }
}

TEST(names_in_ansi)
{
    int32_t socket;
    char got[64];

    host_text(WDS_HOST_TEXT_ANSI);
    socket = WDSocketNew("caf\xe9");
    CHECK_CODE(WDSocketName(socket, got, (int32_t)sizeof got), 4);
    CHECK_BYTES(got, 5, "caf\xe9\0", 5);
    host_text(WDS_HOST_TEXT_UTF8);
    CHECK_CODE(WDSocketName(socket, got, (int32_t)sizeof got), 5);
    CHECK_TEXT(got, "caf\xc3\xa9");
    CHECK_OK(WDSocketClose(socket));
}

TEST(names_in_utf16)
{
    int32_t socket, other;
    char got[64];

    host_text(WDS_HOST_TEXT_UTF16);
    socket = WDSocketNew(wide("name"));
    CHECK_GE(socket, 1);
    CHECK_CODE(WDSocketName(socket, NULL, 0), 8); /* lengths are bytes */
    memset(got, '#', sizeof got);
    CHECK_CODE(WDSocketName(socket, got, 7), WDS_E_BUFFER);
    CHECK_BYTES(got, 3, "\0\0#", 3);
    memset(got, '#', sizeof got);
    CHECK_CODE(WDSocketName(socket, got, 8), 8);
    CHECK_BYTES(got, 9, "n\0a\0m\0e\0#", 9);
    CHECK_CODE(WDSocketName(socket, got, 10), 8);
    CHECK_BYTES(got, 11, "n\0a\0m\0e\0\0\0#", 11); /* two bytes end it */
    CHECK_CODE(WDSocketFind(wide("name")), socket);
    other = WDSocketNew("\xe9\0\xac\x20\x3d\xd8\x00\xde\0\0"); /* e acute, euro, a face beyond 16 bits */
    CHECK_GE(other, 1);
    host_text(WDS_HOST_TEXT_UTF8);
    CHECK_CODE(WDSocketFind("name"), socket);
    CHECK_CODE(WDSocketFind("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), other);
    CHECK_OK(WDSocketClose(socket));
    CHECK_OK(WDSocketClose(other));
}

TEST(half_a_surrogate_does_no_harm)
{
    int32_t socket;

    host_text(WDS_HOST_TEXT_UTF16);
    socket = WDSocketNew("\x3d\xd8\0\0"); /* half of a pair */
    if (socket > 0)
        CHECK_OK(WDSocketClose(socket));
    else
        CHECK_ANY(socket, WDS_E_ARGUMENT, WDS_E_TEXT);
    host_text(WDS_HOST_TEXT_UTF8);
}

/* ---- addresses, paths, texts, messages ---- */

TEST(everything_in_utf16)
{
    int32_t server, client, channel, port;
    char got[256], text[16];

    host_text(WDS_HOST_TEXT_UTF16);
    server = WDSocketCreate(NULL, 0, wide("127.0.0.1"));
    CHECK_GE(server, 1);
    port = h_port(server);
    client = WDSocketConnect(wide("client"), port, wide("127.0.0.1"), 5000);
    CHECK_GE(client, 1);
    channel = WDSocketAccept(server, 20000);
    CHECK_CODE(WDSocketClientInfo(client, WDS_INFO_ADDRESS, got, (int32_t)sizeof got), 18);
    CHECK_BYTES(got, 20, wide("127.0.0.1"), 20);
    CHECK_CODE(WDSocketWrite(client, wide("hi"), -1), 4); /* -1 means text that ends with NUL */
    CHECK_BYTES(text, WDSocketRead(channel, text, (int32_t)sizeof text, 20000), "h\0i\0", 4);
    CHECK_CODE(WDSocketWrite(client, "bytes", 5), 5); /* bytes stay bytes */
    CHECK_BYTES(text, WDSocketRead(channel, text, (int32_t)sizeof text, 20000), "bytes", 5);
    CHECK_OK(WDSocketSetText(client, WDS_TEXT_USER_TEXT, wide("mine")));
    CHECK_CODE(WDSocketGetText(client, WDS_TEXT_USER_TEXT, got, (int32_t)sizeof got), 8);
    CHECK_BYTES(got, 10, wide("mine"), 10);
    CHECK_CODE(WDSocketErrorText(WDS_E_BUSY, WDS_INFO_NAME, got, (int32_t)sizeof got), 20);
    CHECK_BYTES(got, 22, wide("WDS_E_BUSY"), 22);
    CHECK_CODE(WDSocketClose(-1), WDS_E_HANDLE);
    CHECK_CODE(WDSocketErrorInfo(0, WDS_INFO_NAME, got, (int32_t)sizeof got), 24);
    CHECK_BYTES(got, 26, wide("WDS_E_HANDLE"), 26);
    memset(got, '#', sizeof got);
    CHECK_CODE(WDSocketErrorInfo(0, WDS_INFO_NAME, got, 7), 24); /* cut at a character, with its end */
    CHECK_BYTES(got, 8, "W\0D\0\0\0##", 8);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
    host_text(WDS_HOST_TEXT_UTF8);
}

TEST(log_path_in_ansi)
{
    char *path = h_temp_path("journ\xe9" "e.log"), *text;
    char *utf8 = h_temp_path("journ\xc3\xa9" "e.log");
    char got[1024];

    host_text(WDS_HOST_TEXT_ANSI);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LOG_FILE, path));
    CHECK_CODE(WDSocketConnect(NULL, 1, "127.0.0.1", 5000), WDS_E_REFUSED);
    CHECK_GE(WDSocketGetText(0, WDS_TEXT_LOG_FILE, got, (int32_t)sizeof got), 1);
    CHECK_TEXT(got, path);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LOG_FILE, ""));
    host_text(WDS_HOST_TEXT_UTF8);
#ifdef H_UNIX
    text = h_read_file(utf8);
#else
    text = h_read_file(path);
#endif
    if (CHECK(text != NULL))
        CHECK_HAS(text, "127.0.0.1:1 refused");
    free(text);
    h_remove(utf8);
    h_remove(path);
    free(path);
    free(utf8);
}

/* ---- error texts ---- */

static const struct {
    int32_t code;
    const char *name;
} codes[] = {
#define CODE(name) {name, #name}
    CODE(WDS_E_TIMEOUT), CODE(WDS_E_CLOSED), CODE(WDS_E_CANCELLED), CODE(WDS_E_PEER_CLOSED), CODE(WDS_E_RESET),
    CODE(WDS_E_BUSY), CODE(WDS_E_HANDLE), CODE(WDS_E_KIND), CODE(WDS_E_STATE), CODE(WDS_E_ARGUMENT),
    CODE(WDS_E_BUFFER), CODE(WDS_E_MEMORY), CODE(WDS_E_INTERNAL), CODE(WDS_E_FORKED), CODE(WDS_E_UNSUPPORTED),
    CODE(WDS_E_NAME_TAKEN), CODE(WDS_E_NOT_FOUND), CODE(WDS_E_REFUSED), CODE(WDS_E_UNREACHABLE), CODE(WDS_E_HOST_UNKNOWN),
    CODE(WDS_E_RESOLVER), CODE(WDS_E_PORT_TAKEN), CODE(WDS_E_LOCAL_ADDRESS), CODE(WDS_E_ACCESS), CODE(WDS_E_DESCRIPTORS),
    CODE(WDS_E_SYSTEM), CODE(WDS_E_NOT_CONNECTED), CODE(WDS_E_NO_CLIENT), CODE(WDS_E_NO_REQUEST), CODE(WDS_E_STANDARD_SERVER),
    CODE(WDS_E_LIMIT), CODE(WDS_E_BROKEN), CODE(WDS_E_WRITE_CLOSED), CODE(WDS_E_FRAME), CODE(WDS_E_TOO_LONG),
    CODE(WDS_E_TAG_IN_MESSAGE), CODE(WDS_E_CHECK), CODE(WDS_E_TEXT), CODE(WDS_E_PORT_UNREACHABLE), CODE(WDS_E_DATAGRAM_SIZE),
    CODE(WDS_E_NO_DESTINATION),
};

#define CODES ((int)(sizeof codes / sizeof codes[0]))

/* Is it whole UTF-8, up to its end? */
static int valid_utf8(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;

    while (*p) {
        int more = *p < 0x80 ? 0 : *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc2 ? 1 : -1;

        if (more < 0)
            return 0;
        for (p++; more > 0; more--, p++)
            if ((*p & 0xc0) != 0x80)
                return 0;
    }
    return 1;
}

TEST(every_code_has_a_name_and_two_texts)
{
    char english[512], french[512];
    int i, different = 0;

    for (i = 0; i < CODES; i++) {
        CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
        CHECK_GE(WDSocketErrorText(codes[i].code, WDS_INFO_NAME, english, (int32_t)sizeof english), 1);
        CHECK_TEXT(english, codes[i].name);
        CHECK_GE(WDSocketErrorText(codes[i].code, WDS_INFO_MESSAGE, english, (int32_t)sizeof english), 5);
        CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "fr"));
        CHECK_GE(WDSocketErrorText(codes[i].code, WDS_INFO_MESSAGE, french, (int32_t)sizeof french), 5);
        CHECK(valid_utf8(french));
        CHECK(strchr(english, '{') == NULL && strchr(french, '{') == NULL); /* no place left open */
        different += strcmp(english, french) != 0;
    }
    CHECK_EQ(different, CODES);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
}

TEST(language)
{
    char english[512], french[512], got[8];

    CHECK_CODE(WDSocketConnect(NULL, 1, "127.0.0.1", 5000), WDS_E_REFUSED);
    CHECK_GE(WDSocketErrorInfo(0, WDS_INFO_MESSAGE, english, (int32_t)sizeof english), 1);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "fr"));
    CHECK_GE(WDSocketGetText(0, WDS_TEXT_LANGUAGE, got, (int32_t)sizeof got), 2);
    CHECK_TEXT(got, "fr");
    CHECK_CODE(WDSocketConnect(NULL, 1, "127.0.0.1", 5000), WDS_E_REFUSED);
    CHECK_GE(WDSocketErrorInfo(0, WDS_INFO_MESSAGE, french, (int32_t)sizeof french), 1);
    CHECK(strcmp(english, french) != 0);
    CHECK_HAS(french, "127.0.0.1:1");
    CHECK_CODE(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "tlh"), WDS_E_UNSUPPORTED);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
}

/* system_language is that of what Windows shows its user. */
static const char *system_language(void)
{
#ifdef _WIN32
    return (GetUserDefaultUILanguage() & 0x3FF) == LANG_FRENCH ? "fr" : "en";
#else
    return "en";
#endif
}

TEST(errors_speak_the_language_of_windows)
{
    static const char *const chosen[] = {"fr", "en"};
    char system[512], got[512], language[8];
    int i;

    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, ""));
    CHECK_CODE(WDSocketGetText(0, WDS_TEXT_LANGUAGE, language, (int32_t)sizeof language), 2);
    CHECK_TEXT(language, system_language());
    CHECK_GE(WDSocketErrorText(WDS_E_REFUSED, WDS_INFO_MESSAGE, system, (int32_t)sizeof system), 1);
    for (i = 0; i < 2; i++) { /* what a program chooses goes before */
        CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, chosen[i]));
        CHECK_GE(WDSocketErrorText(WDS_E_REFUSED, WDS_INFO_MESSAGE, got, (int32_t)sizeof got), 1);
        CHECK_HAS(got, i == 0 ? "connexion refus" : "connection refused");
        CHECK_EQ(strcmp(got, system) == 0, strcmp(chosen[i], language) == 0);
    }
}

TEST(texts_are_cut_at_a_character)
{
    char whole[512], got[512];
    int i, code, length;

    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "fr"));
    for (code = 0; code < CODES; code++) {
        length = WDSocketErrorText(codes[code].code, WDS_INFO_MESSAGE, whole, (int32_t)sizeof whole);
        for (i = 0; i <= length + 1; i++) {
            memset(got, '#', sizeof got);
            CHECK_EQ(WDSocketErrorText(codes[code].code, WDS_INFO_MESSAGE, got, i), length);
            CHECK_EQ(got[i], '#'); /* not a byte too far */
            if (i == 0)
                continue;
            if (memchr(got, 0, (size_t)i) == NULL) { /* full to the brim: no room for an end */
                CHECK_EQ(i, length);
                got[i] = 0;
            }
            CHECK(valid_utf8(got));
            CHECK(strncmp(got, whole, strlen(got)) == 0);
        }
    }
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
}

TEST(french_in_ansi)
{
    char got[512];

    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "fr"));
    host_text(WDS_HOST_TEXT_ANSI);
    CHECK_GE(WDSocketErrorText(WDS_E_REFUSED, WDS_INFO_MESSAGE, got, (int32_t)sizeof got), 1);
    CHECK(strstr(got, "\xc3") == NULL);
    host_text(WDS_HOST_TEXT_UTF8);
    CHECK_GE(WDSocketErrorText(WDS_E_REFUSED, WDS_INFO_MESSAGE, got, (int32_t)sizeof got), 1);
    CHECK(valid_utf8(got));
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
}

TEST(what_an_error_tells)
{
    char got[2048];

    CHECK_CODE(WDSocketConnect(NULL, 1, "127.0.0.1", 5000), WDS_E_REFUSED);
    CHECK_GE(WDSocketErrorInfo(0, WDS_INFO_DETAIL, got, (int32_t)sizeof got), 1);
    CHECK_HAS(got, "WDS_E_REFUSED");
    CHECK_HAS(got, "-30");
    CHECK_HAS(got, "127.0.0.1:1");
    CHECK_HAS(got, "\n");
    CHECK_GE(WDSocketErrorInfo(0, WDS_INFO_SYSTEM, got, (int32_t)sizeof got), 1);
    CHECK_EQ(atoi(got), WDSocketErrorCode(0, WDS_INFO_SYSTEM));
    CHECK_GE(WDSocketErrorInfo(0, WDS_INFO_PHASE, got, (int32_t)sizeof got), 1);
}

/* What the calling thread's record says. */
static void still(int32_t code, const char *who)
{
    CHECK_CODE(WDSocketErrorCode(0, WDS_INFO_CODE), code);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), who);
}

TEST(cleaning_up_leaves_the_error_that_was)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1"), port = h_port(server), client, channel, queue, length;
    const void *data;
    void *message;

    client = WDSocketConnect(NULL, port, "127.0.0.1", 5000);
    channel = WDSocketAccept(server, 20000);
    queue = WDSocketNewQueue();
    CHECK_OK(WDSocketAttach(queue, client, WDS_ATTACH_PLAIN));
    CHECK_CODE(WDSocketWrite(channel, "x", 1), 1);
    CHECK_CODE(WDSocketWrite(client, "y", 1), 1);
    CHECK_CODE(WDSocketReadMessage(channel, 20000, &data, &length, &message), 1);
    CHECK_OK(WDSocketErrorCode(0, WDS_INFO_CODE));

    CHECK_CODE(WDSocketConnect(NULL, 1, "127.0.0.1", 5000), WDS_E_REFUSED);
    CHECK_OK(WDSocketMessageFree(message));
    still(WDS_E_REFUSED, "127.0.0.1:1");
    CHECK_OK(WDSocketDetach(client));
    still(WDS_E_REFUSED, "127.0.0.1:1");
    CHECK_OK(WDSocketCloseEx(channel, WDS_CLOSE_WRITE, 5000));
    still(WDS_E_REFUSED, "127.0.0.1:1");
    CHECK_OK(WDSocketCloseEx(channel, WDS_CLOSE_GRACEFUL, H_CLOSE_MS));
    CHECK_OK(WDSocketCloseEx(client, WDS_CLOSE_ABORT, 0));
    CHECK_OK(WDSocketClose(queue));
    CHECK_OK(WDSocketClose(server));
    still(WDS_E_REFUSED, "127.0.0.1:1");

    /* when they fail it is their own */
    CHECK_CODE(WDSocketClose(server), WDS_E_HANDLE);
    CHECK_CODE(WDSocketErrorCode(0, WDS_INFO_CODE), WDS_E_HANDLE);
    CHECK_CODE(WDSocketConnect(NULL, 1, "127.0.0.1", 5000), WDS_E_REFUSED);
    CHECK_CODE(WDSocketMessageFree(message), WDS_E_HANDLE);
    CHECK_CODE(WDSocketErrorCode(0, WDS_INFO_CODE), WDS_E_HANDLE);
    CHECK_CODE(WDSocketConnect(NULL, 1, "127.0.0.1", 5000), WDS_E_REFUSED);
    CHECK_CODE(WDSocketDetach(client), WDS_E_HANDLE);
    CHECK_CODE(WDSocketErrorCode(0, WDS_INFO_CODE), WDS_E_HANDLE);

    /* any other success clears it */
    CHECK_CODE(WDSocketConnect(NULL, 1, "127.0.0.1", 5000), WDS_E_REFUSED);
    client = WDSocketNew(NULL);
    CHECK_OK(WDSocketErrorCode(0, WDS_INFO_CODE));
    CHECK_OK(WDSocketClose(client));
}
