#include "keys.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

static const char *chosen = "ecdsa";

void keys_use(const char *kind)
{
    chosen = kind;
}

void keys_path(char path[KEYS_PATH], const char *what)
{
    const char *folder = getenv("BENCH_KEYS");
    int length;

    if (folder == NULL)
        bench_die("BENCH_KEYS does not name the folder of the certificates");
    length = snprintf(path, KEYS_PATH, "%s/%s-%s.pem", folder, chosen, what);
    if (length >= KEYS_PATH)
        bench_die("the path of the certificates is too long");
}
