/*
 * wrap_size.c - messages in size-first mode, the same in both directions
 */
#include <string.h>

#include "message.h"
#include "wrap.h"

void wrap_open(int descriptor)
{
    (void)descriptor;
}

int wrap_answer(char *header, int length)
{
    return message_header(header, length);
}

int wrap_message(char *room, const char *message, int length)
{
    int head = message_header(room, length);

    memcpy(room + head, message, (size_t)length);
    return head + length;
}
