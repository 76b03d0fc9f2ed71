/*
 * sockets.h - raw peers: the system's own sockets.
 */
#ifndef HARNESS_SOCKETS_H
#define HARNESS_SOCKETS_H

#include <stdint.h>

typedef intptr_t h_sock;
#define H_NO_SOCK ((h_sock)-1)
#define H_RESET_SOCK ((h_sock)-2) /* one that was connected and then reset, which systems tell once */

h_sock h_listen(const char *address, int port, int backlog, int *real_port);
h_sock h_refuse(const char *address, int *real_port); /* has a port where nothing listens, which no other gets until it is closed */
h_sock h_listen_narrow(int *real_port); /* with the smallest receive buffer */
h_sock h_accept(h_sock listener, int ms);
h_sock h_connect(const char *address, int port);       /* H_RESET_SOCK if the server has already turned it away */
h_sock h_connect_start(const char *address, int port); /* does not wait */
int h_connected(h_sock sock, int ms);                  /* 1 a started connection came up, -1 it did and was reset, 0 it did not */
int h_send(h_sock sock, const void *data, int length);
int h_send_chunks(h_sock sock, const void *data, int length, int chunk, int pause_ms);
/* Where H_PATIENT_MS or more are given to what follows it is patience, which h_overdue counts. */
int h_recv(h_sock sock, void *buffer, int length, int ms); /* until so many are there; bytes received */
int h_recv_end(h_sock sock, int ms);  /* 1 orderly end, 0 time-out, -1 reset; throws data away */
int h_count_resets(h_sock *socks, int count); /* so far; those that were reset become H_RESET_SOCK */
int h_recv_over(h_sock sock, int ms); /* 1 it has ended in one way or the other, which costs less to find out, 0 time-out */
int64_t h_recv_count(h_sock sock, int ms); /* bytes up to the orderly end, -1 otherwise */
void h_shut_write(h_sock sock);
void h_reset(h_sock sock);
void h_close(h_sock sock);
int h_address_bytes(const char *address, unsigned char bytes[16]); /* 4 or 16, 0 if the text is no address */
int h_has_six(void);                                               /* ::1 can be used here */
h_sock h_udp(const char *address, int *real_port);
int h_udp_send(h_sock sock, const char *address, int port, const void *data, int length);
int h_udp_recv(h_sock sock, void *buffer, int capacity, int ms, int *from_port);
int h_udp_recv_from(h_sock sock, void *buffer, int capacity, int ms, char address[64], int *from_port);

/* A listener on address that answers no further connection: its backlog is full. */
typedef struct {
    h_sock listener;
    h_sock fill[8];
    int port;
} h_hole;
void h_hole_open(h_hole *hole, const char *address, int port);
void h_hole_close(h_hole *hole);

#endif
