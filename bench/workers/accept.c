/*
 * accept.c - a server that closes every connection that it has accepted
 */
#include <stddef.h>

#include "harness.h"
#include "serve.h"

static int listener;

static void *accept_thread(void *argument)
{
    (void)argument;
    for (;;)
        link_close(link_accept(listener));
    return NULL;
}

int main(void)
{
    int port;

    listener = link_listen(&port);
    serve_thread(accept_thread, NULL);
    return bench_obey(port, NULL);
}
