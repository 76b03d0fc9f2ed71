/*
 * local.c - two programs on one machine: Unix-domain sockets, and named pipes on Windows.
 */
#define _XOPEN_SOURCE 700
#include "certificates.h"
#include "harness.h"
#ifdef _WIN32
#include <process.h>

/* a pipe of this program */
static const char *place(const char *name)
{
    static char address[300];

    snprintf(address, sizeof address, "pipe:wdsocket test %d %s", _getpid(), name);
    return address;
}

/* how the client of this process is named */
static void client_name(const char *address, char *text, size_t size)
{
    snprintf(text, size, "%s:pid=%d", strncmp(address, "unix:", 5) == 0 ? "unix" : "pipe", _getpid());
}
#define getpid _getpid
#else
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* unix:PATH of a socket of this program */
static const char *place(const char *name)
{
    static char address[300];

    char *path = h_temp_path(name);

    snprintf(address, sizeof address, "unix:%s", path);
    free(path);
    return address;
}

/* how the client of this process is named */
static void client_name(const char *address, char *text, size_t size)
{
    (void)address;
    snprintf(text, size, "unix:pid=%d,uid=%d", (int)getpid(), (int)geteuid());
}
#endif

static void talk(const char *address, int32_t server)
{
    int32_t client, channel;
    char text[300], expected[100];

    CHECK(server > 0);
    client = WDSocketConnect(NULL, 0, address, 5000);
    CHECK(client > 0);
    channel = WDSocketAccept(server, 20000);
    CHECK(channel > 0);
    CHECK_CODE(WDSocketWrite(client, "question", 8), 8);
    CHECK_CODE(WDSocketRead(channel, text, sizeof text, 20000), 8);
    CHECK_TEXT(text, "question");
    CHECK_CODE(WDSocketWrite(channel, "answer", 6), 6);
    CHECK_CODE(WDSocketRead(client, text, sizeof text, 20000), 6);
    CHECK_TEXT(text, "answer");

    CHECK(WDSocketClientInfo(client, WDS_INFO_ADDRESS, text, sizeof text) > 0);
    CHECK_TEXT(text, address); /* in the form in which it was given */
    CHECK(WDSocketLocalInfo(channel, WDS_INFO_ADDRESS, text, sizeof text) > 0);
    CHECK_TEXT(text, address);
    CHECK(WDSocketLocalInfo(server, WDS_INFO_ADDRESS, text, sizeof text) > 0);
    CHECK_TEXT(text, address);
    CHECK(WDSocketClientInfo(channel, WDS_INFO_ADDRESS, text, sizeof text) > 0);
    client_name(address, expected, sizeof expected);
    CHECK_TEXT(text, expected);

    CHECK_OK(WDSocketClose(client));
    CHECK_CODE(WDSocketRead(channel, text, sizeof text, 20000), WDS_E_PEER_CLOSED);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), expected);
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}

#ifndef _WIN32
TEST(a_file)
{
    const char *address = place("a");
    struct stat st;
    int32_t server = WDSocketCreate(NULL, 0, address);

    CHECK_EQ(stat(address + 5, &st), 0);
    CHECK(S_ISSOCK(st.st_mode));
    CHECK_EQ(st.st_mode & 0777, 0600); /* nobody else may connect */
    CHECK_CODE(WDSocketCreate(NULL, 0, address), WDS_E_PORT_TAKEN);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), address);
    talk(address, server);
    CHECK(stat(address + 5, &st) != 0);
}

#endif

TEST(a_name)
{
    char address[100];

#ifdef _WIN32
    int32_t server = WDSocketCreate(NULL, 0, place("A")), again;

    CHECK_CODE(WDSocketCreate(NULL, 0, place("a")), WDS_E_PORT_TAKEN); /* Windows makes no difference */
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), place("a"));
    talk(place("A"), server);

    /* a server that is opened anew, while there are connections of the former one */
    server = WDSocketCreate(NULL, 0, place("a"));
    int32_t client = WDSocketConnect(NULL, 0, place("a"), 5000), channel = WDSocketAccept(server, 20000);
    CHECK_OK(WDSocketClose(server));
    CHECK_CODE(WDSocketConnect(NULL, 0, place("a"), 20000), WDS_E_REFUSED);
    again = WDSocketCreate(NULL, 0, place("a"));
    talk(place("a"), again);
    CHECK_CODE(WDSocketWrite(client, "still", 5), 5);
    CHECK_CODE(WDSocketRead(channel, address, sizeof address, 20000), 5);
    CHECK_OK(WDSocketClose(channel));
    CHECK_CODE(WDSocketRead(client, address, sizeof address, 20000), WDS_E_PEER_CLOSED);
    CHECK_OK(WDSocketClose(client));
#else
    snprintf(address, sizeof address, "unix:@wdsocket-test-%d", (int)getpid());
    talk(address, WDSocketCreate(NULL, 0, address));
#endif
    snprintf(address, sizeof address, "local:wdsocket-test-%d", (int)getpid());
    talk(address, WDSocketCreate(NULL, 0, address));
}

TEST(nobody_there)
{
    char address[200];

    CHECK_CODE(WDSocketConnect(NULL, 0, place("nobody"), 5000), WDS_E_REFUSED);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), place("nobody"));
    CHECK_CODE(WDSocketConnect(NULL, 5000, place("nobody"), 5000), WDS_E_ARGUMENT); /* it has no port */
    CHECK_CODE(WDSocketCreateUDP(NULL, 0, place("nobody")), WDS_E_UNSUPPORTED);
#ifdef _WIN32
    (void)address;
#else
    memset(address, 'x', sizeof address);
    memcpy(address, "unix:/", 6);
    address[sizeof address - 1] = 0;
    CHECK_CODE(WDSocketCreate(NULL, 0, address), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "194 bytes, at most 107");
#endif
}

#ifndef _WIN32
/* A program that was killed leaves its file behind; anything else there is left alone. */
TEST(left_behind)
{
    const char *address = place("left");
    struct sockaddr_un at;
    struct stat st;
    int killed = socket(AF_UNIX, SOCK_STREAM, 0);
    FILE *file;

    memset(&at, 0, sizeof at);
    at.sun_family = AF_UNIX;
    snprintf(at.sun_path, sizeof at.sun_path, "%s", address + 5);
    CHECK_EQ(bind(killed, (struct sockaddr *)&at, sizeof at), 0);
    CHECK_EQ(listen(killed, 1), 0);
    close(killed);
    CHECK_CODE(WDSocketConnect(NULL, 0, address, 5000), WDS_E_REFUSED);
    talk(address, WDSocketCreate(NULL, 0, address));
    file = fopen(address + 5, "w");
    fclose(file);
    CHECK_CODE(WDSocketCreate(NULL, 0, address), WDS_E_PORT_TAKEN);
    CHECK_EQ(stat(address + 5, &st), 0);
    unlink(address + 5);
}

/* Who may connect: the permissions are there before anybody can, whatever the umask is. */
TEST(permissions)
{
    const char *address = place("mode");
    char name[100], text[100];
    struct stat st;
    int32_t server = WDSocketNew(NULL), value;
    mode_t before = umask(0077);

    CHECK_OK(WDSocketGetOption(server, WDS_OPT_UNIX_MODE, &value));
    CHECK_EQ(value, 0600);
    CHECK_CODE(WDSocketSetOption(server, WDS_OPT_UNIX_MODE, 01000), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_UNIX_MODE, 0666));
    snprintf(text, sizeof text, "%d:%d", (int)geteuid(), (int)getegid());
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_UNIX_OWNER, text));
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER, 0, address, 0));
    umask(before);
    CHECK_EQ(stat(address + 5, &st), 0);
    CHECK_EQ(st.st_mode & 0777, 0666);
    talk(address, server);

    /* what cannot be kept is refused */
    server = WDSocketNew(NULL);
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_UNIX_MODE, 0600));
    snprintf(name, sizeof name, "unix:@wdsocket-test-%d", (int)getpid());
    CHECK_CODE(WDSocketOpen(server, WDS_KIND_SERVER, 0, name, 0), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "has no file");
    CHECK_CODE(WDSocketSetText(server, WDS_TEXT_UNIX_OWNER, "a b"), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_UNIX_OWNER, "nobody-of-that-name"));
    CHECK_CODE(WDSocketOpen(server, WDS_KIND_SERVER, 0, address, 0), WDS_E_ARGUMENT);
    CHECK(stat(address + 5, &st) != 0);
    CHECK_OK(WDSocketClose(server));
}

/* A client says as whom the server must run. */
TEST(who_must_be_there)
{
    const char *address = place("who");
    int32_t server = WDSocketCreate(NULL, 0, address), client = WDSocketNew(NULL), channel;
    char text[100];

    snprintf(text, sizeof text, "%d", (int)geteuid() + 1);
    CHECK_OK(WDSocketSetText(client, WDS_TEXT_UNIX_OWNER, text));
    CHECK_CODE(WDSocketOpen(client, WDS_KIND_CLIENT, 0, address, 5000), WDS_E_ACCESS);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "WDS_TEXT_UNIX_OWNER");
    channel = WDSocketAccept(server, 20000);
    CHECK_OK(WDSocketClose(channel));
    snprintf(text, sizeof text, "%d", (int)geteuid());
    CHECK_OK(WDSocketSetText(client, WDS_TEXT_UNIX_OWNER, text));
    CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT, 0, address, 5000));
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}
#endif

#ifdef _WIN32
/* Unix sockets, where Windows has them; Wine 8 has none, and the error says what to do. */
TEST(unix_sockets_of_windows)
{
    const char *folder = getenv("TEMP");
    char address[300];
    int32_t server;

    snprintf(address, sizeof address, "unix:%s\\wdsocket-test-%d", folder ? folder : "C:", _getpid());
    server = WDSocketCreate(NULL, 0, address);
    if (server > 0) {
        talk(address, server);
        return;
    }
    CHECK_CODE(server, WDS_E_UNSUPPORTED);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), address);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "Windows 10 version 1803");
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "use local:name or pipe:name");
    CHECK_CODE(WDSocketConnect(NULL, 0, address, 5000), WDS_E_UNSUPPORTED);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "fr"));
    CHECK_CODE(WDSocketConnect(NULL, 0, address, 5000), WDS_E_UNSUPPORTED);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "utilisez local:nom ou pipe:nom");
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
}

/* Who may connect is a security descriptor; what is none is refused when it is set. */
TEST(security)
{
    static const char everyone[] = "D:P(A;;GA;;;OW)(A;;GA;;;SY)(A;;GA;;;BA)(A;;0x12019b;;;AU)";
    int32_t server = WDSocketNew(NULL);
    char text[100];

    CHECK_CODE(WDSocketSetText(server, WDS_TEXT_PIPE_SECURITY, "everyone"), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "SDDL");
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_PIPE_SECURITY, everyone));
    CHECK_CODE(WDSocketGetText(server, WDS_TEXT_PIPE_SECURITY, text, sizeof text), (int32_t)strlen(everyone));
    CHECK_TEXT(text, everyone);
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER, 0, place("security"), 0));
    talk(place("security"), server);
}

/* One direction cannot be closed alone, and the connection goes on. */
TEST(half_close)
{
    int32_t server = WDSocketCreate(NULL, 0, place("half")), client = WDSocketConnect(NULL, 0, place("half"), 5000);
    int32_t channel = WDSocketAccept(server, 20000);
    char text[10];

    CHECK_CODE(WDSocketCloseEx(client, WDS_CLOSE_WRITE, 5000), WDS_E_UNSUPPORTED);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "one direction");
    CHECK_CODE(WDSocketWrite(client, "on", 2), 2);
    CHECK_CODE(WDSocketRead(channel, text, sizeof text, 20000), 2);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}
#endif

/* Both are told who the other is. */
TEST(who_is_there)
{
    const char *address = place("who");
    int32_t server = WDSocketCreate(NULL, 0, address), client = WDSocketConnect(NULL, 0, address, 5000), channel;
    char own[100], text[100];

    CHECK_OK(WDSocketWaitForConnection(server, 20000) - 1);
    snprintf(own, sizeof own, "%d", (int)getpid());
    CHECK(WDSocketClientInfo(server, WDS_INFO_PEER_PID, text, sizeof text) > 0);
    CHECK_TEXT(text, own);
    channel = WDSocketAccept(server, 20000);
    CHECK(WDSocketClientInfo(channel, WDS_INFO_PEER_PID, text, sizeof text) > 0);
    CHECK_TEXT(text, own);
    CHECK(WDSocketClientInfo(client, WDS_INFO_PEER_PID, text, sizeof text) > 0);
    CHECK_TEXT(text, own);
#ifdef _WIN32
    CHECK_CODE(WDSocketClientInfo(client, WDS_INFO_PEER_UID, text, sizeof text), 0);
#else
    snprintf(own, sizeof own, "%d", (int)geteuid());
    CHECK(WDSocketClientInfo(client, WDS_INFO_PEER_UID, text, sizeof text) > 0);
    CHECK_TEXT(text, own);
#endif
    CHECK_CODE(WDSocketLocalInfo(client, WDS_INFO_PEER_UID, text, sizeof text), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}

/* All clients of one user count as one address. */
TEST(limit_of_a_user)
{
    const char *address = place("limit");
    int32_t server = WDSocketNew(NULL), first, second, channel;
    char text[10];

    CHECK_OK(WDSocketSetOption(server, WDS_OPT_MAX_CLIENTS_PER_ADDRESS, 1));
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER, 0, address, 0));
    first = WDSocketConnect(NULL, 0, address, 5000);
    channel = WDSocketAccept(server, 20000);
    CHECK(channel > 0);
    second = WDSocketConnect(NULL, 0, address, 5000);
    CHECK_CODE(WDSocketAccept(server, 100), WDS_E_TIMEOUT);
    CHECK_ANY(WDSocketRead(second, text, sizeof text, 20000), WDS_E_PEER_CLOSED, WDS_E_RESET);
    CHECK_OK(WDSocketClose(first));
    CHECK_OK(WDSocketClose(second));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}

/* A WebSocket over one asks for /, not for the socket's path. */
TEST(with_websocket)
{
    const char *address = place("ws");
    int32_t server = WDSocketNew(NULL), client = WDSocketNew(NULL), channel;
    char text[100];

    CHECK_OK(WDSocketOpen(server, WDS_KIND_WEBSOCKET_SERVER, 0, address, 0));
    CHECK_OK(WDSocketOpen(client, WDS_KIND_WEBSOCKET_CLIENT, 0, address, 20000));
    channel = WDSocketAccept(server, 20000);
    CHECK(WDSocketWebSocketInfo(channel, WDS_INFO_WEBSOCKET_PATH, text, sizeof text) > 0);
    CHECK_TEXT(text, "/");
    CHECK(WDSocketWebSocketInfo(channel, WDS_INFO_WEBSOCKET_HOST, text, sizeof text) > 0);
    CHECK_TEXT(text, "localhost");
    CHECK_CODE(WDSocketWrite(client, "page", 4), 4);
    CHECK_CODE(WDSocketRead(channel, text, sizeof text, 20000), 4);
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}

/* The name that a certificate is checked for is localhost, or what the client says. */
TEST(with_tls)
{
    const char *address = place("tls");
    int32_t server = WDSocketNew(NULL), client, channel;
    char text[100];

    tls_trust();
    CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_CERTIFICATE, cert("good.pem")));
    CHECK_OK(WDSocketOpen(server, WDS_KIND_SERVER_SSL, 0, address, 0));
    client = WDSocketConnectSSL(NULL, 0, address, 0, 20000, NULL, NULL);
    CHECK(client > 0);
    channel = WDSocketAccept(server, 20000);
    CHECK_CODE(WDSocketWrite(client, "secret", 6), 6);
    CHECK_CODE(WDSocketRead(channel, text, sizeof text, 20000), 6);
    CHECK_TEXT(text, "secret");
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(channel));

    CHECK_OK(WDSocketSetText(server, WDS_TEXT_SSL_CERTIFICATE, cert("wrong-host.pem")));
    CHECK_CODE(WDSocketConnectSSL(NULL, 0, address, 0, 20000, NULL, NULL), WDS_E_TLS_WRONG_HOST);
    CHECK_HAS(h_error(0, WDS_INFO_DETAIL), "WDS_TEXT_SSL_SERVER_NAME");
    CHECK_OK(WDSocketClose(server));
}
