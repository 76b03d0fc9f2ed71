#include "export_tray.h"

#include <string.h>

wds_tray wds_trays[WDS_TRAYS];

#define LONGEST_SIZE 12 /* ten digits, CR LF */

/* Writes the length and CR LF, and tells how many bytes that is. */
static int32_t put_size(unsigned char *at, int32_t length)
{
    unsigned char digits[LONGEST_SIZE];
    int32_t n = 0, i;

    do
        digits[n++] = (unsigned char)('0' + length % 10);
    while ((length /= 10) > 0);
    for (i = 0; i < n; i++)
        at[i] = digits[n - 1 - i];
    at[n++] = '\r';
    at[n++] = '\n';
    return n;
}

/* Puts a message into an open tray; the caller holds it. */
static int put(wds_tray *tray, const void *data, int32_t length)
{
    unsigned char *at = (unsigned char *)tray->memory + tray->used;
    int32_t n = 0;

    if (length > tray->limit || tray->room - tray->used < LONGEST_SIZE + length + tray->tail_length)
        return 0;
    if (tray->tail_length > 0 && memchr(data, tray->tail[0], (size_t)length) != NULL)
        return 0; /* there may be an end in the message: that is looked at more closely */
    if (tray->sized)
        n = put_size(at, length);
    memcpy(at + n, data, (size_t)length);
    n += length;
    memcpy(at + n, tray->tail, (size_t)tray->tail_length);
    tray->used += n + tray->tail_length;
    tray->messages++;
    return 1;
}

int wds_tray_put(int32_t socket, const void *data, int32_t length)
{
    wds_tray *tray = &wds_trays[(uint32_t)socket % WDS_TRAYS];
    int done;

    if (__atomic_load_n(&tray->open, __ATOMIC_RELAXED) != socket || socket <= 0 || data == NULL || length <= 0)
        return 0;
    if (__atomic_exchange_n(&tray->lock, 1, __ATOMIC_ACQUIRE) != 0)
        return 0; /* nobody waits for another thread here */
    done = tray->open == socket && put(tray, data, length);
    __atomic_store_n(&tray->lock, 0, __ATOMIC_RELEASE);
    return done;
}
