/*
 * link.h - the two ways to the network that are compared
 *
 * link_raw.c is what a careful C programmer writes by hand over POSIX sockets,
 * link_ssl.c the same over OpenSSL; link_wds.c is the library. A workload is
 * one source and is linked with each, so that both sides do the same.
 *
 * Messages are size first: the length in decimal digits, CR LF, the bytes.
 * Both sides send small messages at once (TCP_NODELAY). All ends on loopback.
 * Whatever fails ends the worker.
 */
#ifndef BENCH_LINK_H
#define BENCH_LINK_H

typedef struct bench_link bench_link;

/* link_listen opens a server; port receives the port that the system chose. */
int link_listen(int *port);

/* link_accept waits for a client. */
bench_link *link_accept(int listener);

bench_link *link_connect(int port);

/* link_send writes one message. */
void link_send(bench_link *link, const void *data, int length);

/* link_put sends bytes as they are; not with the library. */
void link_put(bench_link *link, const void *data, int length);

/* link_receive reads one message; -1 when the peer has ended the connection. */
int link_receive(bench_link *link, void *buffer, int capacity);

/*
 * link_receive_many reads one message and all others that have arrived and
 * fit, and gives their number; -1 as above.
 */
int link_receive_many(bench_link *link, void *buffer, int capacity, int *lengths, int count);

/* link_wait waits for data that does not come, for so many milliseconds. */
void link_wait(bench_link *link, int milliseconds);

/* link_connect_in_vain connects to a server that does not answer, for so many milliseconds. */
void link_connect_in_vain(int port, int milliseconds);

/*
 * link_interrupt makes a link_receive in another thread return -1, the way it
 * is done on this side: the library closes, POSIX shuts down. link_close comes
 * after it all the same.
 */
void link_interrupt(bench_link *link);

/* link_close ends a connection and frees the link. */
void link_close(bench_link *link);

/* link_call is the least call: into the library, or into the system. */
void link_call(void);

/* link_descriptor is the socket itself; only where POSIX is used by hand. */
int link_descriptor(const bench_link *link);

#endif
