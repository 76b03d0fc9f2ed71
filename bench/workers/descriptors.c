#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "descriptors.h"
#include "harness.h"

/* What a process needs besides its connections. */
#define OTHERS 256

void descriptors_reserve(long connections)
{
    struct rlimit limit;
    rlim_t need = (rlim_t)(connections + OTHERS);

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        bench_die("limit on open files: %s", strerror(errno));
    if (limit.rlim_cur >= need)
        return;
    limit.rlim_cur = need;
    if (limit.rlim_max < need)
        limit.rlim_max = need;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        getrlimit(RLIMIT_NOFILE, &limit);
        bench_die("%ld connections do not fit: %lu open files are needed and the limit is %lu (ulimit -Hn)", connections,
                  (unsigned long)need, (unsigned long)limit.rlim_max);
    }
}
