// cxx.cpp - the library from C++: a server, a client, a message each way.

#include <cstdio>
#include <cstring>
#include <string>

#include "wdsocket.h"

static int passed = 0;
static int failed = 0;

static std::string message_of(int32_t socket)
{
    char text[512];

    text[0] = 0;
    WDSocketErrorInfo(socket, WDS_INFO_MESSAGE, text, static_cast<int32_t>(sizeof text));
    return text;
}

static void check(bool good, const char *what, int line)
{
    if (good) {
        passed++;
        return;
    }
    failed++;
    std::printf("    cxx.cpp:%d: %s: %s\n", line, what, message_of(0).c_str());
}

#define CHECK(cond) check((cond), #cond, __LINE__)

// Closes at the end of its block.
class Socket {
public:
    explicit Socket(int32_t handle) : handle_(handle) {}
    ~Socket() { WDSocketClose(handle_); }
    int32_t get() const { return handle_; }

private:
    Socket(const Socket &);
    Socket &operator=(const Socket &);
    int32_t handle_;
};

static std::string read_all(const Socket &socket)
{
    int32_t length = WDSocketRead(socket.get(), NULL, 0, 20000);

    if (length < 0)
        return "";
    std::string text(static_cast<std::string::size_type>(length), ' ');
    length = WDSocketRead(socket.get(), &text[0], length, 20000);
    return length < 0 ? std::string() : text;
}

static void converse()
{
    Socket server(WDSocketCreate("server", 0, "127.0.0.1"));
    int32_t port = 0;

    CHECK(server.get() > 0);
    CHECK(WDSocketGetOption(server.get(), WDS_OPT_LOCAL_PORT, &port) == WDS_OK);
    Socket client(WDSocketConnect(NULL, port, "127.0.0.1", 5000));
    CHECK(client.get() > 0);
    Socket channel(WDSocketAccept(server.get(), 20000));
    CHECK(channel.get() > 0);

    const std::string question("What is it?\0And this?", 21);
    CHECK(WDSocketWrite(client.get(), question.data(), static_cast<int32_t>(question.size())) == 21);
    CHECK(read_all(channel) == question);
    CHECK(WDSocketWrite(channel.get(), "An answer", -1) == 9);
    CHECK(read_all(client) == "An answer");
    CHECK(WDSocketRead(-1, NULL, 0, 0) == WDS_E_HANDLE);
    CHECK(!message_of(0).empty());
}

int main(int, char **argv)
{
    int64_t value = -1;
    const char *name = std::strrchr(argv[0], '/');

    CHECK(WDSocketVersion() == WDSOCKET_VERSION);
    converse();
    CHECK(WDSocketCloseAll() == WDS_OK);
    CHECK(WDSocketGetNumber(0, WDS_NUM_SOCKETS, &value) == WDS_OK && value == 0);
    std::printf("%s: %d passed, %d failed\n", name ? name + 1 : argv[0], passed, failed);
    return failed ? 1 : 0;
}
