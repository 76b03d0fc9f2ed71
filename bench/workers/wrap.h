/*
 * wrap.h - what loadgen.c sends and gets a message in: wrap_size.c is the size first, as
 * in message.h, wrap_websocket.c a frame of a WebSocket
 */
#ifndef BENCH_WRAP_H
#define BENCH_WRAP_H

#define WRAP_HEADER 16 /* bytes at most */

/* wrap_open does what a new connection begins with. */
void wrap_open(int descriptor);

/* wrap_answer writes the header of a server's message and gives its length. */
int wrap_answer(char *header, int length);

/* wrap_message writes a client's message of length bytes into room, and gives how long it is then. */
int wrap_message(char *room, const char *message, int length);

#endif
