/*
 * echo.c - a server that sends every message back
 */
#include <stdlib.h>

#include "harness.h"
#include "serve.h"

#define LONGEST (1 << 20)

static void echo(bench_link *link)
{
    char *buffer = bench_memory(LONGEST);
    int length;

    while ((length = link_receive(link, buffer, LONGEST)) >= 0)
        link_send(link, buffer, length);
    free(buffer);
}

int main(void)
{
    return serve_clients(echo);
}
