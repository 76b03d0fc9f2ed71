#include "open.h"

#include "harness.h"

int32_t must(const char *doing, int32_t result)
{
    char detail[1024] = "";

    if (result >= 0)
        return result;
    WDSocketErrorInfo(0, WDS_INFO_DETAIL, detail, (int32_t)sizeof detail);
    bench_die("%s: %s", doing, detail);
}
