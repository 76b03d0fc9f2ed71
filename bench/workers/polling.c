/*
 * polling.c - an echo server the way public WLanguage programs are written: a
 * thread for each client that looks without waiting and then sleeps for 10 ms.
 * POSIX by hand only.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "harness.h"
#include "serve.h"

#define SLEEP_US 10000
#define LONGEST 4096

static int something_there(bench_link *link)
{
    struct pollfd wanted;
    int result;

    wanted.fd = link_descriptor(link);
    wanted.events = POLLIN;
    result = poll(&wanted, 1, 0);
    if (result < 0 && errno != EINTR)
        bench_die("poll: %s", strerror(errno));
    return result > 0;
}

static void look_and_sleep(bench_link *link)
{
    char buffer[LONGEST];
    int length;

    for (;;) {
        if (!something_there(link)) {
            bench_pause(SLEEP_US);
            continue;
        }
        length = link_receive(link, buffer, LONGEST);
        if (length < 0)
            return;
        link_send(link, buffer, length);
    }
}

int main(void)
{
    return serve_clients(look_and_sleep);
}
