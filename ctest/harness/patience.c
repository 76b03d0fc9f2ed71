/*
 * patience.c - see patience.h.
 */
#include "patience.h"
#include "platform.h"

#define NAP_MS 10              /* what the harness sleeps again and again */
#define LATE_US (5000 + H_EARLY_US) /* less late than this is nothing */
#define MOST_LATES 4096
#define SAMPLE_US 50000        /* processor time of a sample */
#define SAMPLE_HOLDS_US 5000000

/* The naps that came late, the newest ones; one thread writes. */
static struct {
    volatile int64_t end_us, late_us;
} lates[MOST_LATES];
static volatile int64_t late_count;
static volatile int64_t nap_due_us; /* when the one of now should end */

void h_nap(void)
{
    int64_t due = h_now_us() + NAP_MS * 1000, now, count = h_get(&late_count);

    __atomic_store_n(&nap_due_us, due, __ATOMIC_SEQ_CST);
    h_sleep(NAP_MS);
    now = h_now_us();
    if (now - due < LATE_US)
        return;
    __atomic_store_n(&lates[count % MOST_LATES].end_us, now, __ATOMIC_SEQ_CST);
    __atomic_store_n(&lates[count % MOST_LATES].late_us, now - due, __ATOMIC_SEQ_CST);
    h_add(&late_count, 1);
}

/* How much of the time from one moment to another lies between two others. */
static int64_t common(int64_t from, int64_t to, int64_t start, int64_t end)
{
    from = from > start ? from : start;
    to = to < end ? to : end;
    return to > from ? to - from : 0;
}

int64_t h_taken_between(int64_t start, int64_t end)
{
    int64_t i = h_get(&late_count), due = h_get(&nap_due_us), total = 0, oldest = i > MOST_LATES ? i - MOST_LATES : 0;

    if (due > 0 && end - due >= LATE_US)
        total = common(due, end, start, end);
    while (i-- > oldest) {
        int64_t ended = h_get(&lates[i % MOST_LATES].end_us);

        if (ended < start)
            break;
        total += common(ended - h_get(&lates[i % MOST_LATES].late_us), ended, start, end);
    }
    return total;
}

/* How much longer a computation takes than it computes, in thousandths; a sample is good for a while. */
static int64_t stretch(void)
{
    static volatile int64_t sampled_us, value;
    int64_t start = h_now_us(), cpu, took;

    if (h_get(&value) == 0 || start - h_get(&sampled_us) > SAMPLE_HOLDS_US) {
        cpu = h_thread_cpu_us();
        while ((took = h_thread_cpu_us() - cpu) < SAMPLE_US)
            ;
        __atomic_store_n(&value, (h_now_us() - start) * 1000 / took, __ATOMIC_SEQ_CST);
        __atomic_store_n(&sampled_us, h_now_us(), __ATOMIC_SEQ_CST);
    }
    return h_get(&value) > 1000 ? h_get(&value) : 1000;
}

int h_overdue_at(int64_t start_us, int64_t end_us, int64_t limit_ms)
{
    int64_t took = end_us - start_us;

    if (took <= limit_ms * 1000)
        return 0;
    took -= h_taken_between(start_us, end_us);
    return took > limit_ms * 1000 && took > limit_ms * stretch();
}

int h_overdue(int64_t start_us, int64_t limit_ms)
{
    return h_overdue_at(start_us, h_now_us(), limit_ms);
}
