/*
 * msvc.c - a program that is linked as MSVC's linker does it with its defaults, by
 * msvc.sh.  It has no C runtime: MSVC's is on Windows only.
 */
#include <wdsocket.h>

#define IMPORT __declspec(dllimport)

IMPORT __declspec(noreturn) void __stdcall ExitProcess(unsigned code);
IMPORT void *__stdcall GetStdHandle(unsigned which);
IMPORT int __stdcall WriteFile(void *file, const void *data, unsigned length, unsigned *written, void *overlapped);

void start(void);

static char report[16384];

static void print(const char *text, int32_t length)
{
    unsigned written;

    WriteFile(GetStdHandle((unsigned)-11), text, (unsigned)length, &written, 0);
}

/* Arguments of every number, a negative result, and threads of the library. */
static int works(void)
{
    char name[16];
    int32_t port = 0, server, client, channel, length;

    if (WDSocketVersion() != WDSOCKET_VERSION || WDSocketClose(12345) != WDS_E_HANDLE)
        return 0;
    server = WDSocketCreate("msvc", 0, "127.0.0.1");
    if (server <= 0 || WDSocketName(server, name, sizeof name) != 4 || WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port) != WDS_OK)
        return 0;
    client = WDSocketConnect(0, port, "127.0.0.1", 10000);
    channel = WDSocketAccept(server, 10000);
    if (WDSocketWrite(client, "hello", -1) != 5 || WDSocketRead(channel, name, sizeof name, 10000) != 5 || name[4] != 'o')
        return 0;
    length = WDSocketSelfTest(report, sizeof report);
    if (length <= 0)
        return 0;
    print(report, length);
    return WDSocketCloseAll() == WDS_OK;
}

void start(void)
{
    static const char good[] = "msvc: 1 passed, 0 failed\r\n", bad[] = "msvc: 0 passed, 1 failed\r\n";
    int ok = works();

    if (ok)
        print(good, sizeof good - 1);
    else
        print(bad, sizeof bad - 1);
    ExitProcess(!ok);
}
