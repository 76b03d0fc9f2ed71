/*
 * message.h - messages in size-first mode, by hand in C: what link_raw.c and
 * link_ssl.c have in common. Reading is buffered. It checks what the library
 * checks of a message.
 */
#ifndef BENCH_MESSAGE_H
#define BENCH_MESSAGE_H

#include <stddef.h>

#include "link.h"

#define MESSAGE_BUFFER 65536
#define MESSAGE_HEADER 12

struct message_input {
    int begin, end; /* what is buffered */
    char buffer[MESSAGE_BUFFER];
};

/* message_header writes the header of a message and gives its length. */
int message_header(char *header, int length);

/* message_input_of tells where a link keeps what it has read ahead. */
struct message_input *message_input_of(bench_link *link);

/* message_take reads what is there, at least a byte; -1 at the end of the connection. */
int message_take(bench_link *link, char *data, size_t room);

#endif
