#include "export_tray.h"

#include <string.h>

wds_out_tray wds_out_trays[WDS_TRAYS];
wds_in_tray wds_in_trays[WDS_TRAYS];

/* Holds a tray that is open for a socket. 0: nobody waits for another thread here. */
static int hold(wds_loan *loan, int32_t socket)
{
    if (__atomic_load_n(&loan->open, __ATOMIC_RELAXED) != socket || socket <= 0)
        return 0;
    if (__atomic_exchange_n(&loan->lock, 1, __ATOMIC_ACQUIRE) != 0)
        return 0;
    if (loan->open == socket)
        return 1;
    __atomic_store_n(&loan->lock, 0, __ATOMIC_RELEASE);
    return 0;
}

/* Lets go of a tray, and notes the message that was put there or taken. */
static void let_go(wds_loan *loan, int messages, int32_t bytes)
{
    loan->messages += messages;
    loan->bytes += bytes;
    __atomic_store_n(&loan->lock, 0, __ATOMIC_RELEASE);
}

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

/* Puts a message into a tray that the caller holds, and tells how many bytes that is. */
static int32_t put(const wds_out_tray *tray, const void *data, int32_t length)
{
    unsigned char *at = (unsigned char *)tray->memory + tray->loan.bytes;
    int32_t n = 0;

    if (length > tray->limit || tray->room - tray->loan.bytes < LONGEST_SIZE + length + tray->tail_length)
        return 0;
    if (tray->tail_length > 0 && memchr(data, tray->tail[0], (size_t)length) != NULL)
        return 0; /* there may be an end in the message: that is looked at more closely */
    if (tray->sized)
        n = put_size(at, length);
    memcpy(at + n, data, (size_t)length);
    n += length;
    memcpy(at + n, tray->tail, (size_t)tray->tail_length);
    return n + tray->tail_length;
}

int wds_tray_put(int32_t socket, const void *data, int32_t length)
{
    wds_out_tray *tray = &wds_out_trays[(uint32_t)socket % WDS_TRAYS];
    int32_t bytes;

    if (data == NULL || length <= 0 || !hold(&tray->loan, socket))
        return 0;
    bytes = put(tray, data, length);
    let_go(&tray->loan, bytes > 0, bytes);
    return bytes > 0;
}

/* Takes a message out of a tray that the caller holds, and tells where it stood. */
static const wds_place *take(const wds_in_tray *tray, void *buffer, int32_t capacity)
{
    const wds_place *place = &tray->places[tray->loan.messages];

    if (tray->loan.messages == tray->count || place->length > capacity)
        return NULL;
    memcpy(buffer, (const unsigned char *)tray->memory + place->start, (size_t)place->length);
    if (place->length < capacity)
        ((unsigned char *)buffer)[place->length] = 0;
    return place;
}

int32_t wds_tray_take(int32_t socket, void *buffer, int32_t capacity)
{
    wds_in_tray *tray = &wds_in_trays[(uint32_t)socket % WDS_TRAYS];
    const wds_place *place;
    int32_t length = -1;

    if (buffer == NULL || !hold(&tray->loan, socket))
        return -1;
    place = take(tray, buffer, capacity);
    if (place != NULL)
        length = place->length;
    let_go(&tray->loan, place != NULL, place != NULL ? place->total : 0);
    return length;
}
