/*
 * Some hosts read eight bytes of a result where the header promises four. The
 * functions are therefore declared here with a wide result, against the
 * header on purpose, and the number has to be the same.
 */
#include <stdint.h>
#include <stdio.h>

extern int64_t WDSocketClose(int32_t socket);
extern int64_t WDSocketState(int32_t socket);
extern int64_t WDSocketRead(int32_t socket, void *buffer, int32_t capacity, int32_t timeout_ms);
extern int64_t WDSocketErrorCode(int32_t socket, int32_t what);
extern int64_t WDSocketCreate(const char *socket_name, int32_t port, const char *address);
extern int64_t WDSocketVersion(void);

static int bad;

static void same(const char *what, int64_t got, int64_t want)
{
    if (got != want) {
        fprintf(stderr, "%s: got %ld, want %ld\n", what, (long)got, (long)want);
        bad++;
    }
}

int main(void)
{
    char buffer[8];
    int64_t server;

    same("close of no socket", WDSocketClose(12345), -7);
    same("its code", WDSocketErrorCode(0, 4003), -7);
    same("state of no socket", WDSocketState(-1), -7);
    same("read of no socket", WDSocketRead(0x7fffffff, buffer, 8, 0), -7);
    server = WDSocketCreate(NULL, 0, "127.0.0.1");
    if (server <= 0 || server > 0x7fffffff) {
        fprintf(stderr, "a handle of %ld\n", (long)server);
        bad++;
    }
    same("close", WDSocketClose((int32_t)server), 0);
    if (WDSocketVersion() <= 0)
        bad++;
    if (bad == 0)
        printf("results fill the register\n");
    return bad != 0;
}
