/*
 * greet.c KEY - a server that sends each client a message and ends the
 * connection, in a thread for each
 */
#include "harness.h"
#include "keys.h"
#include "serve.h"

static void greet(bench_link *link)
{
    link_send(link, "hello", 5);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        bench_die("no kind of key given");
    keys_use(argv[1]);
    return serve_clients(greet);
}
