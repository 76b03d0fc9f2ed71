/*
 * originals.h - the socket functions of WLanguage, as a program calls them.
 *
 * Two things have this shape: the model, built from what PC SOFT documents on plain
 * system sockets, and the twin, which calls the library as hosts/windev/wdsocket_compat.wl
 * does.  The same scripts run through both.
 */
#ifndef ORIGINALS_H
#define ORIGINALS_H

enum { ANSWER_ROOM = 8192 };

/* What a call gives: its result, what ErrorOccurred says behind it, and bytes or a text. */
typedef struct {
    int result;
    int error;
    int length;
    char bytes[ANSWER_ROOM];
} answer;

/* The constants of SocketChangeTransmissionMode; their numbers are not known. */
typedef enum { SocketEndTag = 101, SocketEndTagBuffer, SocketNoEndTag, SocketSizeFirst } transmission_mode;

/* Those of the protocols, which are added up. */
enum { ProtocolTLS1 = 1 << 5, ProtocolTLS1_1 = 1 << 7, ProtocolTLS1_2 = 1 << 9, ProtocolTLS1_3 = 1 << 11 };

/* And of SocketClientInfo. */
typedef enum { SocketAddress = 201, SocketPort } client_info;

typedef struct {
    const char *name;
    void (*connect)(answer *a, const char *socket, int port, const char *address, int timeout);
    /* The client's certificate, and the server's, are PEM files; NULL for none. */
    void (*connect_ssl)(answer *a, const char *socket, int port, const char *address, int options, int timeout, const char *certificate);
    void (*create)(answer *a, const char *socket, int port, const char *address);
    void (*create_ssl)(answer *a, const char *socket, int port, const char *certificate, int options, const char *address);
    void (*create_udp)(answer *a, const char *socket, int port, const char *address);
    void (*wait)(answer *a, const char *server, int timeout);
    void (*accept)(answer *a, const char *server); /* bytes: the channel's name */
    void (*deny)(answer *a, const char *server);
    /* The five parameters of SocketRead; rest -1 is the fifth left out. */
    void (*read)(answer *a, const char *socket, int forever, int timeout, int maximum, int rest);
    void (*write)(answer *a, const char *socket, const void *message, int length, const char *address, int port);
    void (*close)(answer *a, const char *socket);
    void (*exist)(answer *a, const char *socket);
    void (*info)(answer *a, const char *socket, client_info what);
    void (*mode)(answer *a, const char *socket, transmission_mode mode, const char *tag); /* NULL: none given */
    /* No functions of WLanguage: the port that the system chose for port 0, and whether a
       thread is inside a read. */
    int (*port)(const char *socket);
    int (*reading)(const char *socket);
} originals;

extern const originals model, twin;

/* The line gbWdsStrict of the compatibility set. */
extern int twin_strict;

#endif
