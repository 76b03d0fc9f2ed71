#include "message.h"

#include <string.h>

#include "harness.h"

int message_header(char *header, int length)
{
    char digits[MESSAGE_HEADER];
    int count = 0, i;

    do
        digits[count++] = (char)('0' + length % 10);
    while ((length /= 10) > 0);
    for (i = 0; i < count; i++)
        header[i] = digits[count - 1 - i];
    header[count] = '\r';
    header[count + 1] = '\n';
    return count + 2;
}

static int fill(bench_link *link, struct message_input *input)
{
    int got;

    if (input->begin > 0) {
        memmove(input->buffer, input->buffer + input->begin, (size_t)(input->end - input->begin));
        input->end -= input->begin;
        input->begin = 0;
    }
    got = message_take(link, input->buffer + input->end, (size_t)(MESSAGE_BUFFER - input->end));
    if (got > 0)
        input->end += got;
    return got;
}

/* The header at the front: its length, 0 if it is not complete. */
static int parse(const struct message_input *input, int *length)
{
    const char *data = input->buffer + input->begin;
    int have = input->end - input->begin, at = 0;
    long long value = 0;

    while (at < have && data[at] >= '0' && data[at] <= '9' && at < 10)
        value = value * 10 + (data[at++] - '0');
    if (have < at + 2 && (at == have || data[at] == '\r'))
        return 0;
    if (at == 0 || data[at] != '\r' || data[at + 1] != '\n' || value > 16777216)
        bench_die("not a message");
    *length = (int)value;
    return at + 2;
}

int link_receive(bench_link *link, void *buffer, int capacity)
{
    struct message_input *input = message_input_of(link);
    int length = 0, header, have;

    while ((header = parse(input, &length)) == 0)
        if (fill(link, input) < 0)
            return -1;
    if (length > capacity)
        bench_die("a message of %d bytes", length);
    input->begin += header;
    have = input->end - input->begin;
    if (have > length)
        have = length;
    memcpy(buffer, input->buffer + input->begin, (size_t)have);
    input->begin += have;
    while (have < length) {
        int got = message_take(link, (char *)buffer + have, (size_t)(length - have));
        if (got < 0)
            return -1;
        have += got;
    }
    return length;
}

static int whole_message_waits(const struct message_input *input, int room)
{
    int length = 0, header = parse(input, &length);

    return header != 0 && length <= room && input->end - input->begin >= header + length;
}

int link_receive_many(bench_link *link, void *buffer, int capacity, int *lengths, int count)
{
    int used, number = 1;

    lengths[0] = used = link_receive(link, buffer, capacity);
    if (used < 0)
        return -1;
    while (number < count && whole_message_waits(message_input_of(link), capacity - used)) {
        lengths[number] = link_receive(link, (char *)buffer + used, capacity - used);
        used += lengths[number++];
    }
    return number;
}
