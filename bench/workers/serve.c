#include "serve.h"

#include <pthread.h>
#include <stddef.h>

#include "harness.h"

static void (*serve_one)(bench_link *link);
static int listener;

/* With the stack that threads have by default, a thousand of them would need gigabytes of address space. */
#define STACK (256 * 1024)

void serve_thread(void *(*body)(void *), void *argument)
{
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, body, argument) != 0)
        bench_die("no thread");
    pthread_attr_destroy(&attributes);
}

static void *client_thread(void *argument)
{
    serve_one(argument);
    link_close(argument);
    return NULL;
}

static void *accept_thread(void *argument)
{
    (void)argument;
    for (;;)
        serve_thread(client_thread, link_accept(listener));
    return NULL;
}

int serve_clients(void (*serve)(bench_link *link))
{
    int port;

    serve_one = serve;
    listener = link_listen(&port);
    serve_thread(accept_thread, NULL);
    return bench_obey(port, NULL);
}
