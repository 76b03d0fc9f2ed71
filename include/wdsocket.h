/*
 * wdsocket.h - sockets for WINDEV, C, C++, Delphi, C#, VBA and Python programs
 *
 * The C interface of the wdsocket library: the socket functions of WINDEV's
 * WLanguage (client, simplified server, standard server, UDP, whole messages)
 * and more.  This file is written by hand and defines the interface: export
 * lists, reference pages and declarations for other languages are generated
 * from it or checked against it.
 *
 * Conventions, valid for every function unless it says otherwise:
 *
 * - Results.  >= 0 is success: a handle (always > 0), a length, a count, a
 *   boolean, or WDS_OK if there is nothing else to return.  < 0 is one of the
 *   WDS_E_ codes.  Numbers are fixed and never get another meaning.  In 64-bit
 *   libraries the result fills the whole register, so a host that reads 8 bytes
 *   sees the same number.
 * - Errors.  Each call sets the calling thread's error record; success clears
 *   it.  WDSocketErrorInfo(0, ...) reads it.  WDSocketErrorScope(0, 0)
 *   says whether a loop can continue.  WDSocketErrorInfo, WDSocketErrorCode,
 *   WDSocketErrorText, WDSocketErrorScope, WDSocketExist, WDSocketState and
 *   WDSocketVersion leave the record unchanged; WDSocketClose, WDSocketCloseEx,
 *   WDSocketMessageFree and WDSocketDetach leave it unchanged when they succeed,
 *   so that a program may clean up first and read the error afterwards.
 *   Any function may also return WDS_E_ARGUMENT (the text names the
 *   parameter), WDS_E_INTERNAL (a fault inside the library, caught) and
 *   WDS_E_FORKED (called in a child created by fork after the library was
 *   loaded); these three are not repeated below.  In such a child
 *   WDSocketErrorInfo(0, ...), WDSocketErrorCode(0, ...) and
 *   WDSocketErrorText(WDS_E_FORKED, ...) say why, in the language and encoding
 *   that the parent had; a socket's error is not known there.
 * - Handles are positive numbers.  A closed or invented handle gives
 *   WDS_E_HANDLE; one of the wrong kind gives WDS_E_KIND.
 * - Numbers of options, figures and information do not overlap: WDS_OPT_ is
 *   1001..1999, WDS_TEXT_ 2001..2999, WDS_NUM_ 3001..3999, WDS_INFO_
 *   4001..4999.  A number of the wrong family, or of version 0.1, gives
 *   WDS_E_ARGUMENT, and the text says what it is.
 * - Time is in milliseconds: -1 waits for ever, 0 does not wait.  A wait whose
 *   time is up gives WDS_E_TIMEOUT.  Changes of the system clock have no effect.
 * - Text in and out is NUL-terminated, in the encoding chosen by
 *   WDS_OPT_HOST_TEXT (default UTF-8).  Messages are bytes and may contain NULs.
 * - Out buffers are (buffer, capacity), and the result is the full length
 *   without the NUL.  A NULL buffer asks for the size and consumes nothing.  If
 *   there is room, a NUL is written after the data.  A buffer that is too small
 *   gives WDS_E_BUFFER, and nothing is lost.  For a message this happens only
 *   once the whole message has arrived: its size can then be asked for, and a
 *   length that a peer merely announces never makes the host allocate memory.
 * - Threads.  Any function may be called from any thread.  One thread at a
 *   time may read a socket (a second one gets WDS_E_BUSY at once); any number
 *   may write, and messages are never mixed.  Closing ends all waiting calls
 *   with WDS_E_CLOSED.  Every call must return normally: a thread that is killed
 *   inside a call (pthread_cancel, TerminateThread) leaves the socket busy and
 *   its descriptor open, and a callback left by pthread_exit, longjmp or a C++
 *   exception ends or hangs the process.
 * - Signals (Linux).  No function but WDSocketWakeup may be called in a signal
 *   handler.  Install handlers by sigaction with SA_ONSTACK: a thread inside the
 *   library may have a small stack.  The library's own threads, callbacks
 *   included, block every signal except SIGCHLD, SIGPROF and the fault signals
 *   (SIGSEGV and the like): the host's signals go to the host's threads, and
 *   sigwait works.  Threads and processes created by a callback inherit this
 *   mask.  The host's threads keep their mask, except that a thread's first call
 *   unblocks the fault signals.
 * - The first call starts the library.  It needs 8 free descriptors for a moment
 *   and keeps 4 of them; without them every call gives WDS_E_DESCRIPTORS (or
 *   WDS_E_ACCESS, WDS_E_SYSTEM, if the system refuses something else), and the
 *   next call tries again.  If other threads take all 8 at the moment they are
 *   handed over, the process ends: call any function early, for example
 *   WDSocketNew(NULL).  Do not close descriptors that the host did not open
 *   (close_range, closefrom): without the library's own the process ends.
 * - The process also ends if the system permanently refuses a thread or memory.
 *   Loading starts 5 threads, the first call 4 more; after that there are as many
 *   as run at the same time, and 32 in all are generally enough.  Each reserves
 *   8 MiB of address space (RLIMIT_STACK); loading reserves about 1.7 GB in all in
 *   64 bits.
 * - The host's memory is used during the call only.
 * - Floating point.  The host decides which exceptions are raised, how results
 *   are rounded and how precise the x87 unit is: each call leaves the control
 *   words as it found them.
 *
 * TCP in brief: it carries a stream of bytes, not messages.  One write may
 * arrive in pieces, and several writes may arrive as one; the transmission modes
 * below restore the messages.  A successful write has handed the data to the
 * system, not to the peer.  A peer whose cable is cut sends nothing: only
 * keep-alive (on by default, about 60 s) or a time-out detects it.
 *
 * WINDEV, WEBDEV and WLanguage are trademarks of PC SOFT.  This library is not
 * made by, or affiliated with, PC SOFT.
 */
#ifndef WDSOCKET_H
#define WDSOCKET_H

#if defined(_MSC_VER) && _MSC_VER < 1600
typedef __int32 int32_t;
typedef __int64 int64_t;
#else
#include <stdint.h>
#endif
#include <stddef.h> /* NULL */

#if defined(_WIN32) && !defined(_WIN64)
#define WDSOCKET_CALL __stdcall
#else
#define WDSOCKET_CALL
#endif

#ifndef WDSOCKET_API
#if defined(_WIN32) && !defined(WDSOCKET_STATIC)
#define WDSOCKET_API __declspec(dllimport)
#else
#define WDSOCKET_API
#endif
#endif

/* The version of this header: major * 10000 + minor * 100 + patch. */
#define WDSOCKET_VERSION 200 /* 0.2.0 */

/* ------------------------------------------------------------------------
 * Results and errors
 * ------------------------------------------------------------------------ */

#define WDS_OK 0

/* waiting */
#define WDS_E_TIMEOUT (-1)   /* the time was up first */
#define WDS_E_CLOSED (-2)    /* this program closed the socket meanwhile */
#define WDS_E_CANCELLED (-3) /* WDSocketCancel or WDSocketWakeup ended this call; the socket is still open */

/* the peer */
#define WDS_E_PEER_CLOSED (-4) /* the peer closed the connection in order; everything it sent has been delivered */
#define WDS_E_RESET (-5)       /* the connection was cut: reset by the peer, or found dead by keep-alive */
#define WDS_E_SILENT (-18)     /* this end ended the connection: nothing arrived for WDS_OPT_IDLE_LIMIT, or a message took longer than WDS_OPT_MESSAGE_LIMIT */
#define WDS_E_RECONNECTING (-19) /* the connection is down and the client is reconnecting (WDS_OPT_RECONNECT) */

/* the call */
#define WDS_E_BUSY (-6)         /* another thread is reading (or waiting on) this socket */
#define WDS_E_HANDLE (-7)       /* no such socket or token: closed, or never created */
#define WDS_E_KIND (-8)         /* the function needs another kind of socket */
#define WDS_E_STATE (-9)        /* not possible in the socket's present state */
#define WDS_E_ARGUMENT (-10)    /* a parameter is wrong; the text names it */
#define WDS_E_BUFFER (-11)      /* the buffer is too small for the data; nothing was consumed */
#define WDS_E_MEMORY (-12)      /* the library's memory budget is used up */
#define WDS_E_INTERNAL (-13)    /* a fault inside the library; WDS_INFO_DETAIL says where */
#define WDS_E_FORKED (-14)      /* called in a forked child */
#define WDS_E_UNSUPPORTED (-15) /* not available on this system or in this version */
#define WDS_E_NAME_TAKEN (-16)  /* a live socket already has that name */
#define WDS_E_NOT_FOUND (-17)   /* no socket has that name */

/* connecting and listening */
#define WDS_E_REFUSED (-30)       /* nothing listens on that port, or the peer refused */
#define WDS_E_UNREACHABLE (-31)   /* no route to that host or network */
#define WDS_E_HOST_UNKNOWN (-32)  /* the host name does not exist */
#define WDS_E_RESOLVER (-33)      /* the name could not be looked up: the name server failed or is silent */
#define WDS_E_PORT_TAKEN (-34)    /* the local port is used by another socket */
#define WDS_E_LOCAL_ADDRESS (-35) /* the local address does not belong to this machine */
#define WDS_E_ACCESS (-36)        /* the system denies it to this user */
#define WDS_E_DESCRIPTORS (-37)   /* no descriptors left in the process or the system */
#define WDS_E_SYSTEM (-38)        /* another system error; WDS_INFO_SYSTEM has its number */
#define WDS_E_NOT_CONNECTED (-39) /* the socket is not open (yet) */

/* servers */
#define WDS_E_NO_CLIENT (-40)       /* simplified server: no client has been accepted yet */
#define WDS_E_NO_REQUEST (-41)      /* no connection request is pending */
#define WDS_E_STANDARD_SERVER (-42) /* read or write on a server whose clients are accepted: use the channel */
#define WDS_E_LIMIT (-43)           /* a limit on sockets or clients is reached */

/* writing */
#define WDS_E_BROKEN (-50)       /* an earlier write stopped inside a message: nothing more can be written */
#define WDS_E_WRITE_CLOSED (-51) /* this program has ended its own sending side */

#define WDS_E_FULL (-52)         /* the send queue is full (WDS_OPT_SEND_QUEUE): no part of the message was taken */

/* messages */
#define WDS_E_FRAME (-60)          /* the bytes are not a message of the transmission mode; the text shows them */
#define WDS_E_TOO_LONG (-61)       /* a message is longer than the limit */
#define WDS_E_TAG_IN_MESSAGE (-62) /* the message to write contains the end tag, or a marker */
#define WDS_E_CHECK (-63)          /* the check bytes of a message are wrong */
#define WDS_E_TEXT (-64)           /* the text cannot be converted between the character sets */

/* UDP */
#define WDS_E_PORT_UNREACHABLE (-70) /* a datagram was rejected: no socket on that port (WDS_OPT_UDP_ERRORS) */
#define WDS_E_DATAGRAM_SIZE (-71)    /* the datagram is too big to send */
#define WDS_E_NO_DESTINATION (-72)   /* no address given and none received yet */

/* TLS */
#define WDS_E_TLS_EXPIRED (-90)              /* the certificate has expired */
#define WDS_E_TLS_NOT_YET_VALID (-91)        /* the certificate is not valid yet, or the clock is wrong */
#define WDS_E_TLS_WRONG_HOST (-92)           /* the certificate does not contain the name connected to */
#define WDS_E_TLS_SELF_SIGNED (-93)          /* the certificate is self-signed and not trusted here */
#define WDS_E_TLS_UNKNOWN_AUTHORITY (-94)    /* the certificate is signed by an authority that is not trusted here */
#define WDS_E_TLS_MISSING_INTERMEDIATE (-95) /* the peer did not send the certificate of its issuer */
#define WDS_E_TLS_BAD_CERTIFICATE (-96)      /* the certificate is invalid in another way */
#define WDS_E_TLS_PIN (-97)                  /* none of the peer's keys is pinned */
#define WDS_E_TLS_CERTIFICATE_FILE (-98)     /* this program's certificate or key cannot be read */
#define WDS_E_TLS_KEY_MISMATCH (-99)         /* the private key does not belong to the certificate */
#define WDS_E_TLS_PASSWORD (-100)            /* the password of the certificate file is wrong */
#define WDS_E_TLS_NO_COMMON_VERSION (-101)   /* the two ends have no TLS version in common */
#define WDS_E_TLS_NO_CLIENT_CERTIFICATE (-102)  /* the server requires a client certificate and got none */
#define WDS_E_TLS_BAD_CLIENT_CERTIFICATE (-103) /* the server does not accept the client certificate */
#define WDS_E_TLS_TRUNCATED (-104)           /* the connection ended without a TLS close: data may be missing */
#define WDS_E_TLS_PLAIN_TEXT (-105)          /* the peer does not speak TLS on this port */
#define WDS_E_TLS_HANDSHAKE (-106)           /* the handshake failed in another way; the text says how */
#define WDS_E_TLS_SURPLUS (-107)             /* plain bytes arrived before TLS: an attacker may have inserted them */
#define WDS_E_TLS_NOT_SECURED (-108)         /* the connection does not use TLS */
#define WDS_E_TLS_RECORD (-109)              /* a TLS record is damaged or forged */
#define WDS_E_PROXY_UNREACHABLE (-110)       /* a proxy of WDS_TEXT_PROXY cannot be reached */
#define WDS_E_PROXY_AUTHENTICATION (-111)    /* a proxy wants a user and a password, or does not accept those of WDS_TEXT_PROXY */
#define WDS_E_PROXY_REFUSED (-112)           /* a proxy refuses to connect to the target; the text has its words */
#define WDS_E_PROXY_TARGET (-113)            /* a proxy cannot reach the target; the text has its words */
#define WDS_E_PROXY_PROTOCOL (-114)          /* a proxy does not speak the protocol that WDS_TEXT_PROXY says */

/* WebSocket; since 0.2.0 */
#define WDS_E_WEBSOCKET_HANDSHAKE (-120)       /* the WebSocket handshake failed; the text says how */
#define WDS_E_WEBSOCKET_REFUSED (-121)         /* the server refused the WebSocket: it answered with the HTTP status in the text */
#define WDS_E_WEBSOCKET_PLAIN (-122)           /* the peer does not speak WebSocket on this port */
#define WDS_E_WEBSOCKET_DENIED (-123)          /* this server refused the client's WebSocket request */
#define WDS_E_WEBSOCKET_PROTOCOL (-124)        /* a WebSocket frame breaks the protocol */
#define WDS_E_WEBSOCKET_TEXT (-125)            /* a WebSocket text message is not UTF-8 */
#define WDS_E_WEBSOCKET_TOO_LONG (-126)        /* a WebSocket message is longer than the limit */
#define WDS_E_WEBSOCKET_CLOSED (-127)          /* the peer closed the WebSocket with a code other than 1000 and 1001; the text has code and reason */
#define WDS_E_WEBSOCKET_ABNORMAL (-128)        /* the connection ended without a WebSocket close: data may be missing */

/* PROXY protocol; since 0.2.0 */
#define WDS_E_PROXY_HEADER (-135)    /* the PROXY header in front of a connection is wrong; the text says what is */
#define WDS_E_NO_PROXY_HEADER (-136) /* the server requires a PROXY header, and the connection begins with something else */
#define WDS_E_PROXY_UNTRUSTED (-137) /* the server requires a PROXY header, and the address is not in WDS_TEXT_PROXY_TRUSTED */

/* What WDSocketErrorInfo, WDSocketErrorCode and WDSocketErrorText return */
#define WDS_INFO_MESSAGE 4001 /* the text for a user: what happened, where, and what to do */
#define WDS_INFO_NAME 4002    /* the code's name, "WDS_E_REFUSED" */
#define WDS_INFO_CODE 4003    /* the code as a number */
#define WDS_INFO_SYSTEM 4004  /* the system's error number, 0 if none */
#define WDS_INFO_PHASE 4005   /* what the library was doing, one of WDS_PHASE_ */
#define WDS_INFO_DETAIL 4006  /* all of these, one line each */

/* What WDSocketClientInfo and WDSocketLocalInfo return */
#define WDS_INFO_ADDRESS 4010  /* "192.168.1.7" or "fe80::1%eth0" */
#define WDS_INFO_PORT 4011     /* "5000" */
#define WDS_INFO_ENDPOINT 4012 /* "192.168.1.7:5000" or "[fe80::1%eth0]:5000" */
#define WDS_INFO_DESTINATION 4013 /* WDSocketLocalInfo of a UDP socket: the address that the last datagram read was sent to; since 0.2.0 */

/* What WDSocketSSLInfo returns */
#define WDS_INFO_SSL_VERSION 4020   /* "TLS 1.3" */
#define WDS_INFO_SSL_CIPHER 4021    /* "TLS_AES_128_GCM_SHA256" */
#define WDS_INFO_SSL_ALPN 4022      /* the negotiated protocol, "" if none */
#define WDS_INFO_SSL_RESUMED 4023   /* "1" if an earlier session was resumed, otherwise "0" */
#define WDS_INFO_SSL_GROUP 4024     /* key exchange: "X25519" */
#define WDS_INFO_SSL_SERVER_NAME 4025 /* the server name that the client asked for */
#define WDS_INFO_SSL_VERIFY 4026    /* "" if the peer's certificate was verified, otherwise what is wrong with it */
#define WDS_INFO_SSL_COUNT 4027     /* number of certificates that the peer sent */
#define WDS_INFO_SSL_SUBJECT 4030   /* of certificate number index: "CN=..." */
#define WDS_INFO_SSL_ISSUER 4031    /* "CN=..." */
#define WDS_INFO_SSL_NAMES 4032     /* host names, addresses, e-mail addresses and URIs, separated by commas; inside a name \, and \\ */
#define WDS_INFO_SSL_FROM 4033      /* valid from, "2026-01-31T12:00:00Z" */
#define WDS_INFO_SSL_UNTIL 4034     /* valid until */
#define WDS_INFO_SSL_SHA1 4035      /* thumbprint, hexadecimal */
#define WDS_INFO_SSL_SHA256 4036    /* thumbprint, hexadecimal */
#define WDS_INFO_SSL_PIN 4037       /* SHA-256 of the public key, base64, as WDS_TEXT_SSL_PINS takes it */
#define WDS_INFO_SSL_SERIAL 4038    /* serial number, hexadecimal */
#define WDS_INFO_SSL_PEM 4039       /* the certificate as PEM text */

/* What WDSocketClientInfo returns of a client that goes through proxies (WDS_TEXT_PROXY), otherwise ""; since 0.2.0 */
#define WDS_INFO_ROUTE_PROXIES 4040  /* the proxies, in order, separated by spaces, user and password masked: "http://proxy:3128 socks5h://10.0.0.2:1080" */
#define WDS_INFO_ROUTE_ENDPOINT 4041 /* the address at which the first one was reached: "10.0.0.1:3128" */

/* What WDSocketClientInfo returns of a connection whose PROXY header was read, otherwise ""; since 0.2.0 */
#define WDS_INFO_PROXY_ENDPOINT 4050     /* the proxy's own address: "10.0.0.2:41234" */
#define WDS_INFO_PROXY_DESTINATION 4051  /* the address that the client connected to: "203.0.113.5:443", "" if the proxy does not say */
#define WDS_INFO_PROXY_VERSION 4052      /* the header's version: "1" or "2" */
#define WDS_INFO_PROXY_TLVS 4053         /* all TLVs of version 2, type=bytes, hexadecimal: "02=6578616d706c65,E0=01" */
#define WDS_INFO_PROXY_AUTHORITY 4054    /* the host name that the client asked for (SNI) */
#define WDS_INFO_PROXY_ALPN 4055         /* the protocol that client and proxy agreed on */
#define WDS_INFO_PROXY_UNIQUE_ID 4056    /* the proxy's name for the connection, hexadecimal */
#define WDS_INFO_PROXY_SSL_VERSION 4057  /* the TLS between client and proxy: "TLSv1.3", "" without */
#define WDS_INFO_PROXY_SSL_CIPHER 4058   /* "TLS_AES_256_GCM_SHA384" */
#define WDS_INFO_PROXY_SSL_CLIENT 4059   /* common name in the client's certificate, "" if there is none or the proxy has not verified it */

/* What WDSocketClientInfo returns of a Unix socket or named pipe, otherwise "": the process at the other end as it was when it
   connected, or when the server began to listen; since 0.2.0 */
#define WDS_INFO_PEER_PID 4070 /* its number, "1234" */
#define WDS_INFO_PEER_UID 4071 /* the number of its user, "1000"; "" on Windows */

/* What WDSocketWebSocketInfo returns; since 0.2.0 */
#define WDS_INFO_WEBSOCKET_PATH 4060         /* the path that the client asked for, with its query: "/chat?room=1" */
#define WDS_INFO_WEBSOCKET_HOST 4061         /* the host that it named: "example.com" or "example.com:8080" */
#define WDS_INFO_WEBSOCKET_PROTOCOL 4062     /* the sub-protocol agreed upon, "" if none */
#define WDS_INFO_WEBSOCKET_ORIGIN 4063       /* where the client's page comes from: "https://example.com", "" if it did not say */
#define WDS_INFO_WEBSOCKET_HEADERS 4064      /* server: the headers of the client's request; client: those of the answer; lines "Name: value" */
#define WDS_INFO_WEBSOCKET_CLOSE_CODE 4065   /* the code that the peer closed with: "1000", "1005" if it gave none; "" if it has not closed */
#define WDS_INFO_WEBSOCKET_CLOSE_REASON 4066 /* the reason that it gave, UTF-8 at most 123 bytes, "" if none */

/* Phases: what the library was doing when the error happened */
#define WDS_PHASE_NONE 0
#define WDS_PHASE_CALL 1    /* checking the call itself */
#define WDS_PHASE_RESOLVE 2 /* looking up a name */
#define WDS_PHASE_CONNECT 3 /* connecting */
#define WDS_PHASE_LISTEN 4  /* opening a server or UDP port */
#define WDS_PHASE_ACCEPT 5  /* waiting for or accepting a client */
#define WDS_PHASE_READ 6    /* reading */
#define WDS_PHASE_WRITE 7   /* writing */
#define WDS_PHASE_FRAME 8   /* decoding or encoding a message */
#define WDS_PHASE_CLOSE 9   /* closing */
#define WDS_PHASE_OPTION 10 /* setting or reading an option */
#define WDS_PHASE_PROXY 11  /* talking to a proxy, or reading its PROXY header */
#define WDS_PHASE_TLS 12    /* TLS handshake or records */
#define WDS_PHASE_WEBSOCKET 13 /* WebSocket handshake or frames; since 0.2.0 */

/* How far an error reaches (WDSocketErrorScope): a loop continues below WDS_SCOPE_CONNECTION and ends from there on; since 0.2.0 */
#define WDS_SCOPE_NONE 0       /* no error */
#define WDS_SCOPE_CALL 1       /* this call only, the socket is unchanged: call again, later or as the text says */
#define WDS_SCOPE_MESSAGE 2    /* one message or datagram, read or to be written: continue with the next one */
#define WDS_SCOPE_CLIENT 3     /* a client of the server: the server continues; the next read of a simplified server accepts the next client */
#define WDS_SCOPE_CONNECTION 4 /* the connection has ended, or was not made: close the socket; a client may connect again */
#define WDS_SCOPE_SERVER 5     /* the server or UDP socket is not open: correct what the text says, then open it again */
#define WDS_SCOPE_PROGRAM 6    /* the call cannot succeed as it is, or this program has closed the socket: do not repeat it */
#define WDS_SCOPE_LIBRARY 7    /* no call in this process succeeds */

/* ------------------------------------------------------------------------
 * Kinds, modes, states, ways to close
 * ------------------------------------------------------------------------ */

/* Kinds of socket for WDSocketOpen */
#define WDS_KIND_CLIENT 1
#define WDS_KIND_SERVER 2
#define WDS_KIND_UDP 3
#define WDS_KIND_CLIENT_SSL 4
#define WDS_KIND_SERVER_SSL 5
#define WDS_KIND_WEBSOCKET_CLIENT 6     /* WebSocket (RFC 6455); an address "ws://..." does the same; since 0.2.0 */
#define WDS_KIND_WEBSOCKET_SERVER 7     /* since 0.2.0 */
#define WDS_KIND_WEBSOCKET_CLIENT_SSL 8 /* WebSocket above TLS; an address "wss://..." does the same; since 0.2.0 */
#define WDS_KIND_WEBSOCKET_SERVER_SSL 9 /* since 0.2.0 */

/* What the messages of a WebSocket are: WDS_OPT_WEBSOCKET_KIND, WDS_OPT_WEBSOCKET_MESSAGE, detail of WDS_EVENT_MESSAGE; since 0.2.0 */
#define WDS_WEBSOCKET_TEXT 1   /* text: UTF-8; a page in a browser gets a string */
#define WDS_WEBSOCKET_BINARY 2 /* bytes; a page gets a Blob, or an ArrayBuffer where it sets binaryType */

/* TLS options: bits of ssl_options and of WDS_OPT_SSL_OPTIONS */
#define WDS_SSL_DEFAULT 0             /* TLS 1.2 and 1.3, certificate and host name verified */
#define WDS_SSL_V2 1                  /* SSL 2: refused with WDS_E_UNSUPPORTED */
#define WDS_SSL_V3 2                  /* SSL 3: refused with WDS_E_UNSUPPORTED */
#define WDS_SSL_TLS10 4               /* TLS 1.0; the versions given replace the default and must not have a gap */
#define WDS_SSL_TLS11 8               /* TLS 1.1 */
#define WDS_SSL_TLS12 16              /* TLS 1.2 */
#define WDS_SSL_TLS13 32              /* TLS 1.3 */
#define WDS_SSL_ACCEPT_ANY 256        /* accept any certificate of the peer; pins, if set, are still checked */
#define WDS_SSL_ASK_CLIENT 512        /* server: ask for a client certificate, verify it if one comes; needs WDS_TEXT_SSL_AUTHORITIES or pins */
#define WDS_SSL_REQUIRE_CLIENT 1024   /* server: refuse clients without a valid certificate; needs WDS_TEXT_SSL_AUTHORITIES or pins */
#define WDS_SSL_NO_RESUMPTION 2048    /* a full handshake each time */
#define WDS_SSL_ONLY_AUTHORITIES 4096 /* trust only WDS_TEXT_SSL_AUTHORITIES, not the system's authorities */

/* Events: the field kind of a record that WDSocketNextEvents returns */
#define WDS_EVENT_REQUEST 1     /* a client asks to connect to a server: call WDSocketAccept or WDSocketDeny */
#define WDS_EVENT_ACCEPTED 2    /* a managed server has accepted a client: socket is the channel, value the server */
#define WDS_EVENT_CONNECTED 3   /* a pending connection is open */
#define WDS_EVENT_MESSAGE 4     /* a whole message can be read, value is its length; raw mode: value bytes can be read.  Of a WebSocket, detail is
                                   WDS_WEBSOCKET_TEXT or WDS_WEBSOCKET_BINARY (raw: 0), of WDS_TEXT_FRAME WDS_FRAME_CONTROL or
                                   WDS_FRAME_WRONG, or 0 */
#define WDS_EVENT_WRITABLE 5    /* after WDS_E_FULL: the send queue is empty again, or half of WDS_OPT_RECONNECT_KEEP is free */
#define WDS_EVENT_PEER_CLOSED 6 /* the peer ended the conversation; the last event of this socket */
#define WDS_EVENT_RESET 7       /* the connection was cut; the last event of this socket */
#define WDS_EVENT_ERROR 8       /* opening, the framing or a TLS handshake failed for good, or the connection was ended because it held too much memory;
                                   code says why.  The last event of this socket, except for a server (a client could not be accepted) and UDP
                                   (WDS_OPT_UDP_ERRORS), which continue */
#define WDS_EVENT_TIMER 9       /* a timer is due: socket is the timer, value how many times it fell due since its last event */
#define WDS_EVENT_TIMEOUT 10    /* the connection was ended because of silence: value 1 = WDS_OPT_IDLE_LIMIT, 2 = the peer is gone (keep-alive,
                                   WDS_OPT_PEER_GONE), 3 = a message took longer than WDS_OPT_MESSAGE_LIMIT; the last event of this socket */
#define WDS_EVENT_RECONNECTING 11 /* the connection is down and the client is reconnecting: value is the number of the attempt, counted since the last
                                   connection that lasted longer than WDS_OPT_RECONNECT_MOST, code why the last one ended */
#define WDS_EVENT_RECONNECTED 12 /* the client has reconnected: value is the number of the successful attempt */
#define WDS_EVENT_TLS_DONE 13   /* a handshake that WDSocketStartSSL began in the background is done; if it fails, WDS_EVENT_ERROR comes instead */
#define WDS_EVENT_DROPPED 14    /* messages were dropped: value is how many, code why: WDS_E_FULL (a queue of WDSocketGroupPublish),
                                   WDS_E_RECONNECTING (unsent when the connection ended); detail is the number of the first, where known */
#define WDS_EVENT_UNSURE 15     /* the connection is down, and the peer may not have read messages that its system had received: value is how many,
                                   detail the number of the first (a socket's messages are numbered from 1, in the order of writing) */
#define WDS_EVENT_CERTIFICATE 16 /* the socket's own certificate expires soon: value is the days left, negative once it has expired (WDS_OPT_SSL_WARN_DAYS) */

#define WDS_EVENT_NOISE 17      /* bytes that are not a message were skipped, and the conversation continues: value is how many, code why (WDS_E_FRAME:
                                   noise between messages, reported once up to the next message, counting what was skipped when the event is handed
                                   out; WDS_E_CHECK: a message with wrong check bytes) */

/* How a socket is attached to a queue */
#define WDS_ATTACH_PLAIN 0  /* a server reports requests */
#define WDS_ATTACH_MANAGE 1 /* a server accepts clients by itself, and attaches their channels too */

/* Roles in a TLS handshake, for WDSocketStartSSL */
#define WDS_ROLE_CLIENT 1 /* begins the handshake and verifies the peer */
#define WDS_ROLE_SERVER 2 /* presents its certificate */

/* Transmission modes: how messages are delimited in the stream */
#define WDS_MODE_END_TAG 0        /* message, then the end tag */
#define WDS_MODE_SIZE 1           /* length in decimal digits, CR LF, message: the default, "WINDEV mode" */
#define WDS_MODE_END_TAG_BUFFER 2 /* sends the same bytes as WDS_MODE_END_TAG */
#define WDS_MODE_RAW 3            /* bytes as they arrive, no messages */
#define WDS_MODE_LENGTH 4         /* a binary length field, see WDS_OPT_FRAME_ */
#define WDS_MODE_FIXED 5          /* every message has WDS_OPT_FRAME_LENGTH bytes */
#define WDS_MODE_MARKERS 6        /* start and end markers, escape, check bytes */
#define WDS_MODE_GAP 7            /* a silence of WDS_OPT_FRAME_GAP ends a message */
#define WDS_MODE_DESCRIBED 8      /* as WDS_TEXT_FRAME describes it; setting that text chooses this mode; since 0.2.0 */

/* What a message is that WDS_TEXT_FRAME describes: WDS_OPT_FRAME_MESSAGE, detail of WDS_EVENT_MESSAGE, 0 for a usual one; since 0.2.0 */
#define WDS_FRAME_CONTROL 3 /* one of the bytes of control=, such as ACK (06) or NAK (15) */
#define WDS_FRAME_WRONG 4   /* its check bytes are wrong, and bad=keep is set */

/* What WDSocketDiscard discards */
#define WDS_DISCARD_MESSAGE 1 /* the next message or datagram */
#define WDS_DISCARD_ALL 2     /* everything that has arrived */
#define WDS_DISCARD_OLDER 3   /* all whole messages or datagrams except the newest; since 0.2.0 */

/* States */
#define WDS_STATE_NEW 1          /* created, not opened */
#define WDS_STATE_CONNECTING 2   /* connecting */
#define WDS_STATE_OPEN 3         /* connected; a UDP socket that is ready */
#define WDS_STATE_LISTENING 4    /* a server that accepts clients */
#define WDS_STATE_WRITE_CLOSED 5 /* open, but this program ended its sending side */
#define WDS_STATE_PEER_CLOSED 6  /* the peer ended the conversation; what it sent can still be read */
#define WDS_STATE_RESET 7        /* the connection was cut */
#define WDS_STATE_BROKEN 8       /* a write or the framing failed for good: only reading or closing is left */
#define WDS_STATE_FAILED 9       /* opening failed; may be opened again */

/* Ways to close */
#define WDS_CLOSE_GRACEFUL 0 /* send what was written first, within the time given */
#define WDS_CLOSE_WRITE 1    /* half-close: end the sending side only; reading continues, the handle stays */
#define WDS_CLOSE_ABORT 2    /* reset at once and discard unsent data */
#define WDS_CLOSE_CLIENTS 4  /* added to WDS_CLOSE_GRACEFUL or WDS_CLOSE_ABORT: a server and every client that it has accepted; since 0.2.0 */

/* ------------------------------------------------------------------------
 * Options: integers (WDSocketSetOption, WDSocketGetOption)
 *
 * "at once": may be set at any time and applies to what follows.  "before
 * opening": later gives WDS_E_STATE.  "process": socket 0 only.  All others,
 * set on socket 0, are defaults for sockets created afterwards.
 *
 * If the system refuses a socket option, as in a sandbox: for an option that the
 * program has set itself, and that differs from what the socket has, setting it
 * or the opening that follows fails with WDS_E_ACCESS or WDS_E_SYSTEM.  A refused
 * default is ignored; the log says so once, and the socket works without it.
 * ------------------------------------------------------------------------ */
#define WDS_OPT_NODELAY 1001              /* 0/1, default 1: small writes are sent at once (Nagle off); at once */
#define WDS_OPT_KEEPALIVE 1002            /* 0/1, default 1: detect a dead peer, also while data is unacknowledged; at once */
#define WDS_OPT_KEEPALIVE_IDLE 1003       /* ms of silence before the first probe, 1000..32767000, default 30000, whole seconds; at once */
#define WDS_OPT_KEEPALIVE_INTERVAL 1004   /* ms between probes, 1000..32767000, default 10000, whole seconds; at once */
#define WDS_OPT_KEEPALIVE_COUNT 1005      /* unanswered probes that end the connection, 1..127, default 3; at once */
#define WDS_OPT_SEND_BUFFER 1006          /* bytes of the system's send buffer, 0 = the system's choice (default); at once */
#define WDS_OPT_RECEIVE_BUFFER 1007       /* bytes of the system's receive buffer, 0 = the system's choice (default); at once, best before opening */
#define WDS_OPT_LINGER 1008               /* ms to send written data after WDSocketClose, instead of WDS_OPT_CLOSE_TIMEOUT; -1 off (default),
                                             0 = reset; WDSocketCloseAll allows WDS_OPT_CLOSE_TIMEOUT; at once */
#define WDS_OPT_READ_GAP 1009             /* ms, 0..3600000, default 0.  Raw mode: a read collects until nothing arrives for this time or the maximum is reached.
                                             Other modes: once a message has begun, a read waits this long for the rest, even beyond its own time; at once */
#define WDS_OPT_WRITE_TIMEOUT 1010        /* ms that a write may wait, -1 for ever, default 30000; at once */
#define WDS_OPT_CLOSE_TIMEOUT 1011        /* ms to send written data after WDSocketClose, 0..3600000, default 5000; at once */
#define WDS_OPT_MAX_MESSAGE 1012          /* bytes of the longest message, in both directions, 1..2147483647, default 16777216; at once */
#define WDS_OPT_SYSTEM_RESOLVER 1013      /* 0/1, default 0: look up names with the system's functions instead of the library's own; always on Windows,
                                             unless WDS_TEXT_DNS_SERVER is set; before opening */
#define WDS_OPT_EXCLUSIVE_PORT 1014       /* 0/1, default 1: no other socket can use the port of this server or UDP socket; before opening */
#define WDS_OPT_BACKLOG 1015              /* clients that may wait to be accepted, 1..65535, default 511 (the system may lower it); before opening */
#define WDS_OPT_MAX_CLIENTS 1016          /* channels and waiting clients of a server at the same time, 0 = no limit (default): further clients are refused by
                                             reset.  Handshakes in progress are limited by WDS_OPT_SSL_PENDING instead, so that silent clients do not shut
                                             out others; at once */
#define WDS_OPT_MAX_CLIENTS_PER_ADDRESS 1017 /* the same for each peer address, including handshakes in progress, 0 = no limit (default); at once */
#define WDS_OPT_TAG_AS_IS 1018            /* 0/1, default 0: the end tag is neither appended nor refused on write; at once */
#define WDS_OPT_UDP_ERRORS 1019           /* 0/1, default 0: report "port unreachable" on a UDP socket; at once */
#define WDS_OPT_BROADCAST 1020            /* 0/1, default 1: UDP may send to broadcast addresses; at once */
#define WDS_OPT_MULTICAST_TTL 1021        /* hops of multicast datagrams, 0..255, default 1; at once */
#define WDS_OPT_MULTICAST_LOOP 1022       /* 0/1, default 1: multicast datagrams sent here are also received on this machine; at once */
#define WDS_OPT_USER_NUMBER 1023          /* any number the host chooses, default 0; at once */
#define WDS_OPT_LOCAL_PORT 1024           /* get: the port in use; set: a client's local port, 0 = any (default); before opening */
#define WDS_OPT_PEER_PORT 1025            /* get only: the peer's port */
#define WDS_OPT_MODE 1026                 /* get only: the transmission mode (set it with WDSocketChangeTransmissionMode) */
#define WDS_OPT_ADDRESS_FAMILY 1027       /* 0 both (default), 4 IPv4 only, 6 IPv6 only; before opening */
#define WDS_OPT_RESOLVE_CACHE 1028        /* ms for which WDSocketWriteUDP remembers a looked-up name, 0..86400000, default 60000; at once */
#define WDS_OPT_RESOLVE_TIMEOUT 1029      /* ms to look up a name for WDSocketWriteUDP, or to open a server or UDP socket by name, 0..600000, default 5000; at once */
#define WDS_OPT_EXCHANGE_LATE 1030        /* ms after a time-out of WDSocketExchange during which its answer may still come and is discarded;
                                             -1 for ever, default 10000; at once */
#define WDS_OPT_SEND_QUEUE 1033           /* bytes, default 0: a write waits while the peer does not read.  Above 0 a write never waits: up to this many bytes wait
                                             in the library; a message that does not fit is refused with WDS_E_FULL, unless nothing is waiting; clients and
                                             channels; at once */
#define WDS_OPT_PEER_GONE 1034            /* ms after the last sign of life at which a peer counts as gone, whether data is unacknowledged or not:
                                             2000..3600000, 0 = decided by the three keep-alive options (default); sets them and WDS_OPT_KEEPALIVE.  A queue
                                             or a waiting call detects it.  A peer that merely does not read still responds and is not gone.  On Windows
                                             the system alone decides while data is unacknowledged: after about 20 s; at once */
#define WDS_OPT_IDLE_LIMIT 1035           /* ms without receiving anything after which the connection is reset, 100..86400000, 0 = none (default).  Applies while
                                             the socket is in a queue or a read waits.  Reads then give WDS_E_SILENT, the event is WDS_EVENT_TIMEOUT.  On a server
                                             it is that of its clients: the time without one does not count, a read of a simplified server waits on; at once */
#define WDS_OPT_MESSAGE_LIMIT 1091        /* ms that a message may take from its first byte to its last, 100..86400000, 0 = any time (default): a peer that sends
                                             a byte now and then is not idle, and holds a simplified server for ever without this limit.  Then the connection
                                             is ended as by WDS_OPT_IDLE_LIMIT.  Applies while the socket is in a queue or a read waits, in every mode but raw,
                                             and to what WDSocketReadExactly and WDSocketReadUntil wait for.  The time begins when the first byte of the
                                             message in front is found by the queue, or by a read that waits: for a message behind another one, not before that
                                             one was read.  A message that has all arrived is not late, however long it waits to be read; but for one that
                                             is larger than the system's buffers, time in which this program does not read counts.  One that
                                             silence ends has the silence in addition.  Heartbeats, and bytes that WDS_E_FRAME skips, are no messages.  With TLS or
                                             a WebSocket a read that waits may notice up to an eighth of the limit later that a message has begun; since
                                             0.2.0; at once */
#define WDS_OPT_HEARTBEAT 1036            /* ms without sending anything after which WDS_TEXT_HEARTBEAT is written as a message, 100..86400000, 0 = never
                                             (default).  Applies while the socket is in a queue or a read waits.  No heartbeat is written while data is
                                             unsent or unacknowledged, or if it cannot be a message of the mode.  A WebSocket sends a ping instead unless
                                             WDS_TEXT_HEARTBEAT is set, also when nothing was received for that time, whatever is being written, and the
                                             peer's pong is a sign of life; at once */
#define WDS_OPT_COALESCE 1037             /* ms that small writes may wait to be sent together, 0 = they are sent at once (default), 1..1000.  They are sent earlier
                                             when 64 KiB have accumulated, before a read or WDSocketNextEvents waits, at WDSocketFlush and at the close; at once */
#define WDS_OPT_PUBLISH_QUEUE 1038        /* bytes of published messages that may wait for one client, 1..2147483647, default 1048576; at once */
#define WDS_OPT_PUBLISH_POLICY 1039       /* when that queue is full: 0 the oldest message is dropped (default), 1 the newest is, 2 the client is
                                             disconnected; WDS_EVENT_DROPPED reports it; at once */
#define WDS_OPT_KIND 1031                 /* get only: WDS_KIND_, 0 for a socket not opened yet */
#define WDS_OPT_SERVER 1032               /* get only: on a channel, the handle of its server, 0 if none */

/* figures of the modes 4 to 7: at once, for the next message */
#define WDS_OPT_FRAME_OFFSET 1040      /* where the length field begins, 0..255, default 0 */
#define WDS_OPT_FRAME_WIDTH 1041       /* bytes of the length field: 1, 2 or 4, default 2 */
#define WDS_OPT_FRAME_ORDER 1042       /* 0 high byte first (default), 1 low byte first */
#define WDS_OPT_FRAME_ADJUSTMENT 1043  /* bytes after the length field = its value + this, -65536..65536, default 0 */
#define WDS_OPT_FRAME_KEEP_HEADER 1044 /* 0..2, default 0: messages do not include the length field.  1: they include everything up to and including it, and a
                                          write puts the right length there whatever the message contains ("modbus-tcp").  2, since 0.2.0: as 1, but a write
                                          of a message whose length field is wrong gives WDS_E_FRAME */
#define WDS_OPT_FRAME_LENGTH 1045      /* length of a fixed message, 1..2147483647, default 1 */
#define WDS_OPT_FRAME_GAP 1046         /* ms of silence that end a message, 1..60000, default 50 */
#define WDS_OPT_FRAME_CHECK 1047       /* check bytes after the end marker: one of WDS_CHECK_ */
#define WDS_OPT_FRAME_CHECK_SPAN 1048  /* what the check covers besides the message: 0 nothing, 1 the start marker, 2 the end marker (default), 3 both */
#define WDS_OPT_FRAME_RESTART 1049     /* 0/1, default 0: a start marker inside a message is part of the message.  1: it starts a new message: what came before
                                          is reported as one WDS_E_FRAME, like noise, and writing a message that contains the start marker gives
                                          WDS_E_TAG_IN_MESSAGE (with an escape byte it is escaped).  The presets with a start marker set it to 1; setting your
                                          own markers after the preset sets it to 0.  It has no effect without a start marker, if the start marker equals
                                          the end marker, or if it looks like the escape byte and a byte that is escaped; since 0.2.0 */
#define WDS_OPT_FRAME_MESSAGE 1095     /* get only: what the last message read is in WDS_MODE_DESCRIBED: 0 a usual one, or none yet, WDS_FRAME_CONTROL
                                          or WDS_FRAME_WRONG; since 0.2.0 */

/* Unix sockets */
#define WDS_OPT_UNIX_MODE 1090         /* the permissions of a server's file, 0..511 (0777), default 384 (0600): its user alone can connect.  Connecting needs to
                                          write: 432 (0660) lets the file's group in, 438 (0666) every user.  They are set before anybody can connect,
                                          whatever the umask is; since 0.2.0; before opening */

/* what is written otherwise than it is read: at once, for the next message */
#define WDS_OPT_WRITE_MODE 1100        /* -1..7, default -1: writes use the mode of WDSocketChangeTransmissionMode.  One of WDS_MODE_, to
                                          WDS_MODE_GAP: writes use this mode instead, and reads are not affected; the modes' figures (WDS_OPT_FRAME_, markers, WDS_OPT_TAG_AS_IS) and
                                          WDS_OPT_MAX_MESSAGE are the same ones for both.  Holds for everything that writes: heartbeats, exchanges,
                                          groups, coalesced and kept messages too.  WDSocketChangeTransmissionMode and WDS_TEXT_FRAME_PRESET leave
                                          it as it is.  No effect on WebSockets and UDP sockets; since 0.2.0 */

/* WDSocketExchange: what comes before the answer, and how the answer is known; at once, for the next exchange */
#define WDS_OPT_EXCHANGE_ECHO 1101     /* 0/1, default 0.  1: the bytes of the request may come back before the answer, as from RS-485 converters, and are
                                          skipped; not on a WebSocket; since 0.2.0 */
#define WDS_OPT_EXCHANGE_REPEATS 1102  /* 0..100, default 0: how often a request that is refused by WDS_TEXT_EXCHANGE_NAK is written again, within the time of
                                          the exchange; since 0.2.0 */
#define WDS_OPT_EXCHANGE_FIELD 1103    /* -1..65535, default -1: none, the answer is the next message (with "modbus-tcp" the one of the same transaction).
                                          Otherwise where in a request a field begins that its answer repeats, such as a transaction number or the STAN of
                                          ISO 8583, counted in the bytes of the message without framing.  Messages with other bytes there are discarded and
                                          counted (WDS_STAT_STALE), WDS_E_TIMEOUT names the last of them, and there is no wait for late answers.  Not in raw
                                          mode (WDS_E_STATE); a request that ends before the field gives WDS_E_ARGUMENT; since 0.2.0 */
#define WDS_OPT_EXCHANGE_FIELD_WIDTH 1104  /* bytes of that field, 1..64, default 2; since 0.2.0 */
#define WDS_OPT_EXCHANGE_FIELD_ANSWER 1105 /* where in an answer the field begins, -1..65535, default -1: where it does in the request; since 0.2.0 */

/* TLS: before the handshake; on a server for clients that connect afterwards */
#define WDS_OPT_SSL_OPTIONS 1050         /* WDS_SSL_ bits, default 0; functions with ssl_options set it */
#define WDS_OPT_SSL_HANDSHAKE_TIMEOUT 1051 /* ms that a handshake may take, 1..600000, default 10000 */
#define WDS_OPT_SSL_PENDING 1052         /* handshakes at the same time on a server, 1..65535, default 4096: beyond it the oldest is dropped */
#define WDS_OPT_SSL_DAYS_LEFT 1053       /* get only: whole days until the socket's own certificate expires, negative once it has */
#define WDS_OPT_SSL_WARN_DAYS 1054       /* days before the socket's own certificate expires from which WDS_EVENT_CERTIFICATE comes, once when the socket is
                                            attached or opened and once a day, 0..3650, 0 = never, default 30; at once */
#define WDS_OPT_SSL_ALLOW_EXPIRED 1055   /* 0/1, default 0: a certificate of this program that has expired or is not valid yet gives WDS_E_TLS_EXPIRED or
                                            WDS_E_TLS_NOT_YET_VALID; 1: it is used, with a warning in the log, and the peers decide.  Set it before
                                            the certificate.  Since: 0.2.0 */

/* reconnecting: clients, see "Reconnecting" */
#define WDS_OPT_RECONNECT 1070       /* 0/1, default 0: a client whose connection ends, other than by this program's own close, connects again to the same
                                        address, looked up again, with the same options, TLS and mode; at once */
#define WDS_OPT_RECONNECT_FIRST 1071 /* ms before the first attempt, 1..3600000, default 200; the pause doubles with each attempt, plus a random part of up to
                                        half the pause; at once */
#define WDS_OPT_RECONNECT_MOST 1072  /* ms of the longest pause, without the random part, 1..3600000, default 30000.  Only a connection that lasted longer
                                        than this counts as successful: after it, pauses and attempts start over; at once */
#define WDS_OPT_RECONNECT_TRIES 1073 /* attempts after which the client gives up (WDS_EVENT_ERROR; reads give the reason), including those that connected but
                                        did not last longer than WDS_OPT_RECONNECT_MOST, 0 = never (default)..2147483647; at once */
#define WDS_OPT_RECONNECT_KEEP 1074  /* bytes of messages that are kept until they reach the peer's system, and are written again to the next connection,
                                        0..2147483647; a write then never waits, and gives WDS_E_FULL beyond this size.  0 (default): unsent messages
                                        are dropped, and WDS_EVENT_DROPPED reports them; at once */
#define WDS_OPT_RECONNECT_WAIT 1075  /* 0/1, default 0: while the connection is down, reads and writes give WDS_E_RECONNECTING at once; 1: they wait for it,
                                        within their time (a write with WDS_OPT_RECONNECT_KEEP returns at once either way); at once */

/* PROXY protocol: the header, version 1 or 2, in front of a connection, by which a proxy (HAProxy, nginx) says who its client is; not UDP; since 0.2.0 */
#define WDS_OPT_PROXY_HEADER 1080 /* how a server treats headers, WDS_PROXY_HEADER_OFF (default), _ACCEPTED or _REQUIRED.  They are read only from the
                                     addresses in WDS_TEXT_PROXY_TRUSTED, without which the server does not open (WDS_E_ARGUMENT), in front of TLS.
                                     Then WDSocketClientInfo, errors, the log and WDS_OPT_MAX_CLIENTS_PER_ADDRESS are about the proxy's client; a trusted
                                     address has no such limit before.  A proxy's health checks (it connects and closes, or says that there is no client
                                     and sends nothing more) give neither events nor errors; WDS_STAT_HEALTH_CHECKS counts them; before opening */
#define WDS_OPT_PROXY_HEADER_TIMEOUT 1081 /* ms in which the header must have come, 1..600000, default 5000; at once */
#define WDS_OPT_PROXY_HEADER_SEND 1082 /* the version of the header that a client sends in front of its connections, 1 or 2, with its own address and the
                                          peer's (for servers that require a header), 0 = none (default).  To a server that speaks first 2 is better: version 1
                                          about the connection itself looks like a health check until something is sent; connections made afterwards */

/* WebSocket; since 0.2.0 */
#define WDS_OPT_WEBSOCKET_KIND 1085        /* the kind of messages written: WDS_WEBSOCKET_TEXT or WDS_WEBSOCKET_BINARY (default).  A text message that is not UTF-8 is
                                              refused (WDS_E_TEXT): WDS_TEXT_CHARSET "utf-8" converts the host's text.  Raw mode always writes binary; at once */
#define WDS_OPT_WEBSOCKET_COMPRESSION 1086 /* 0/1, default 0: offer compression (permessage-deflate, RFC 7692), or accept it; connections made afterwards */
#define WDS_OPT_WEBSOCKET_CLOSE_CODE 1087  /* the code to close with, 1000..4999 except 1004..1006 and 1015..2999, default 1000 (normal closure); 4000..4999 are
                                              free for programs; at once */
#define WDS_OPT_WEBSOCKET_MESSAGE 1088     /* get only: the kind of the last message read, WDS_WEBSOCKET_TEXT or WDS_WEBSOCKET_BINARY; 0 none yet, or raw mode */

/* process */
#define WDS_OPT_HOST_TEXT 1060    /* encoding of the host's text: 0 UTF-8 (default), 1 ANSI, 2 UTF-16LE; process */
#define WDS_OPT_TOTAL_BUFFER 1061 /* bytes that all sockets together may buffer, 1048576..2147483647, default 268435456 (134217728 in 32 bits);
                                     each socket may always hold 4096 bytes.  While others wait for memory, an incomplete message may hold at
                                     most an eighth, and the connection that has held the most for the longest ends with WDS_E_MEMORY; process */
#define WDS_OPT_LOG_LEVEL 1062    /* lines of WDS_TEXT_LOG_FILE: 0 none, 1 errors and warnings ("error"), 2 also beginnings and ends ("event", default), 3 also
                                     reads and writes, never their bytes ("trace").  A client that leaves a TLS server, or is reset, before it has sent
                                     a byte, such as a port scan, is an event, not an error; process */
#define WDS_OPT_LOG_SIZE 1063     /* bytes after which the log file is renamed to NAME.1 and a new one begins, 65536..2147483647, default 10485760; process */
#define WDS_OPT_CAPTURE_SIZE 1064 /* maximum bytes of a file of WDS_TEXT_CAPTURE_FILE or WDS_TEXT_TRACE_FILE, 65536..2147483647, default
                                     104857600: a capture ends there, after a complete packet, and the log says so; a trace is renamed to NAME.1 and
                                     a new one begins; process */
#define WDS_OPT_CAPTURE_BELOW_TLS 1065 /* 0/1, default 0: record 0 the messages' bytes, above TLS, 1 the TLS records, below it (see
                                          WDS_TEXT_SSL_KEY_LOG); at once, where the capture begins anew */

/* Check bytes */
#define WDS_CHECK_NONE 0       /* default */
#define WDS_CHECK_XOR 1        /* BCC: one byte, all bytes XORed */
#define WDS_CHECK_SUM 2        /* one byte, sum modulo 256 */
#define WDS_CHECK_LRC 3        /* one byte, two's complement of the sum (ISO 1155, Modbus ASCII) */
#define WDS_CHECK_CRC16 4      /* two bytes, CRC-16/MODBUS, low byte first */
#define WDS_CHECK_CRC16_CCITT 5 /* two bytes, CRC-16/XMODEM, high byte first */

/* How a server treats PROXY headers */
#define WDS_PROXY_HEADER_OFF 0      /* none is read */
#define WDS_PROXY_HEADER_ACCEPTED 1 /* trusted addresses may send one, and have WDS_OPT_PROXY_HEADER_TIMEOUT to do so; from others none is awaited */
#define WDS_PROXY_HEADER_REQUIRED 2 /* trusted addresses must send one; connections from others are reset */

/* Encodings of the host's text */
#define WDS_HOST_TEXT_UTF8 0
#define WDS_HOST_TEXT_ANSI 1
#define WDS_HOST_TEXT_UTF16 2

/* ------------------------------------------------------------------------
 * Options: texts (WDSocketSetText, WDSocketGetText) and bytes
 * (WDSocketSetBytes, WDSocketGetBytes)
 * ------------------------------------------------------------------------ */
#define WDS_TEXT_LANGUAGE 2001         /* "en" or "fr": language of the error texts; "" = the system's (default): French where the user interface of Windows is French,
                                          otherwise English; process */
#define WDS_TEXT_LOG_FILE 2002         /* path of the log file, "" = none (default): a regular file, no symbolic link; process.  Each line is TIME LEVEL SUBJECT: TEXT,
                                          as 2026-11-27T18:55:00.927Z trace #12 "scale" client 127.0.0.1:40123 -> 10.0.0.5:5000: 11 bytes written
                                          The time is UTC, the level "error", "event" or "trace" (WDS_OPT_LOG_LEVEL).  The subject is #handle, "name", kind and
                                          addresses; the quoted name is left out if there is none, and quotation marks and backslashes in it have a backslash
                                          before them.  Kinds: "client", "channel", "server" and "udp", with addresses; "socket" if it is not open; "process",
                                          without handle, if no socket is concerned.  Addresses: the local one, -> (this side connected) or <- (the peer did),
                                          the peer's; an unknown address is "-", such as the local one of a client that could not connect, whose peer is
                                          host:port as given.  A server has its local address; a client that is not a channel (refused, failed in the
                                          handshake, or served by a simplified server) has the server's handle and both addresses.  "udp" has a peer for a
                                          datagram, -> sent, <- received.  Control characters are written \xNN, and lines longer than 8192 bytes are cut */
#define WDS_TEXT_LOCAL_ADDRESS 2003    /* local address of a client or UDP socket, "" = the system's choice; before opening */
#define WDS_TEXT_DNS_SERVER 2004       /* name server "address" or "address:port", "" = the system's; before opening */
#define WDS_TEXT_CHARSET 2005          /* character set of transmitted text ("windows-1252", "ibm850", "utf-16le" ...), "" = messages are bytes (default); at once */
#define WDS_TEXT_FRAME_PRESET 2006     /* sets a mode with all its options: "line", "modbus-tcp", "tpkt", "mllp", "stx-etx-bcc", "iso8583"; or the description of a
                                          protocol as WDS_TEXT_FRAME: "astm", "mqtt", "netstring", "nmea", "zvt" ...; or a protocol that no description
                                          tells (docs/framing.md): "modbus-rtu" for a master, "modbus-rtu-slave", "dnp3", "hdlc", "postgres", "redis",
                                          "slip"; a name that there is not gives WDS_E_UNSUPPORTED, and its text lists them all; at once */
#define WDS_TEXT_FRAME 2060            /* describes the messages by their parts in the order of the wire, chooses WDS_MODE_DESCRIBED, and is given back in
                                          canonical form; in another mode, what is asked for is the text that describes the same.  Parts: bytes in
                                          hexadecimal or in quotes, (alternatives|of them), hdr:n bytes as they are, len:TYPE, data, and check bytes
                                          NAME(from..to); a part may have a label= ; behind ";" options; " >> " and a second description for what is
                                          written.  "s=02 d=data e=03 xor(d..e)", "len:u24le=d hdr:1 d=data ; keep", "data (0D0A|0A|0D)",
                                          "1002 data~~10 1003", "hdr:1 len:varint data ; keep", "len:dec~":"=d d=data ",""
                                          TYPE: u8 to u64le or u64be, decN, hexN, bcdN digits, dec~delimiter, varint, vlq, ber, zvt; then & mask, >> shift,
                                          = what it counts (default: all behind it), + or - a number.  data:n has n bytes; data~XX is escaped by the byte XX,
                                          data~~XX doubles it, data~'XX is quoted.  NAME: xor, sum, lrc, fletcher-16, crc-16/modbus and the others of the CRC
                                          catalogue, or crc(width,poly,init,refin,refout,xorout); /hex or /dec digits, /le or /be.  Options: keep (messages
                                          have what stands in front of the data), restart (a start marker inside a message begins it anew), noise (what
                                          stands in front of one is dropped without an error), max=n, gap=ms (silence ends a message, too), ignore= bytes
                                          between messages, control= bytes that are messages of their own (WDS_FRAME_CONTROL), bad= what happens to a
                                          message with wrong check bytes: skip (WDS_E_CHECK, default), nak (the same, and 15 is sent by itself), keep
                                          (WDS_FRAME_WRONG).  "" takes it back.  Limits: text 1..1024 bytes, 24 parts in each direction, 16 alternatives,
                                          bytes and texts 1..255, labels 16, hdr 1..1024, data and max 1..2147483647, gap 1..60000, + and - 1..65536; no NAK
                                          is sent while more than 4096 bytes are not sent yet.  Errors: WDS_E_ARGUMENT, and its text points at the place;
                                          since 0.2.0; at once */
#define WDS_TEXT_USER_TEXT 2007        /* any text the host chooses; at once */
#define WDS_TEXT_MULTICAST_JOIN 2008   /* set only: group, or group%interface: receive what is sent to it; UDP, once open */
#define WDS_TEXT_MULTICAST_LEAVE 2009  /* set only: the same text as the join */
#define WDS_TEXT_MULTICAST_INTERFACE 2010 /* interface name for outgoing multicast, "" = the system's choice; UDP, at once */
#define WDS_TEXT_FRAME_START 2011      /* bytes, 0..16: start marker, default 02; at once */
#define WDS_TEXT_FRAME_END 2012        /* bytes, 1..16: end marker, default 03; at once */
#define WDS_TEXT_FRAME_ESCAPE 2013     /* bytes, 0 or 1: escape byte placed before marker and escape bytes inside a message, default none; at once */
#define WDS_TEXT_FRAME_HEADER 2015     /* bytes, 0..255: the bytes before a stripped length field (at most WDS_OPT_FRAME_OFFSET bytes are used): written, and
                                          expected on read; default none = zeros are written, anything is accepted; at once */
#define WDS_TEXT_HEARTBEAT 2016        /* bytes, 0..65535: the message of WDS_OPT_HEARTBEAT as transmitted, default none = an empty message.  While
                                          WDS_OPT_HEARTBEAT is above 0, a received message equal to it counts as a sign of life and is not delivered,
                                          except in the modes raw and gap; at once */
#define WDS_TEXT_CAPTURE_FILE 2017     /* path of a pcapng file that records the traffic, "" = none (default), for Wireshark and tshark; the IP and TCP headers
                                          are synthetic.  Sockets that name the same file share it; an existing capture is appended to, any other existing
                                          file is refused (WDS_E_ARGUMENT); a regular file, no symbolic link, readable by this user only.  Recording never
                                          makes a call wait for the disk and never makes a call fail.  At once, from any thread, also while a connection or
                                          UDP socket is open: what is received and written from then on is recorded, also by a call that waits to receive; a
                                          write in progress may be missing.  "" ends it, another path continues in that file.  A capture that begins inside a
                                          connection has a synthetic beginning.  On a server: the client of a simplified server, and clients accepted
                                          afterwards; a channel has its own setting.  On socket 0: sockets created afterwards */
#define WDS_TEXT_TRACE_FILE 2018       /* path of a text file that records the traffic, "" = none (default): time, handle, name and kind, both addresses,
                                          bytes as hex and text, messages, beginnings and ends; otherwise as WDS_TEXT_CAPTURE_FILE */
#define WDS_TEXT_FAULTS 2019           /* faults injected into connections, for a program's own tests, "" = none (default): words separated by spaces.
                                          "delay=20..50": milliseconds by which each piece is delayed, "partial=1..7": bytes of a piece, "corrupt=0.001":
                                          probability that a byte is damaged, "cut=5000": bytes after which the connection is reset, "stall=1000": bytes
                                          after which nothing passes, "stall=1000/2000": for 2000 milliseconds; each for a single direction with the prefix
                                          "send:" or "receive:".  "seed=42": the same number repeats the same faults.  "at=top": above TLS, "at=bottom"
                                          (default): below it.  The text names an invalid word (WDS_E_ARGUMENT).  Connections made afterwards, not UDP */
#define WDS_TEXT_SSL_CERTIFICATE 2020  /* this program's certificate and key: a PEM file with both, "certificate.pem|key.pem", a PFX file, PEM text itself, or on
                                          Windows "store:subject" / "store:thumbprint"; on a listening server it replaces the one in use; PEM may be in UTF-8
                                          or UTF-16; a damaged certificate in it gives WDS_E_TLS_CERTIFICATE_FILE; at once */
#define WDS_TEXT_SSL_PASSWORD 2021     /* set only: password of the certificate file; set it before the certificate */
#define WDS_TEXT_SSL_ADD_CERTIFICATE 2022 /* set only: a further certificate of a server, chosen by the name that a client asks for; at once */
#define WDS_TEXT_SSL_AUTHORITIES 2023  /* further authorities to trust: a PEM or DER file, or PEM text; "" = none.  For client certificates a server
                                          trusts only these.  PEM may be in UTF-8 or UTF-16.  A damaged certificate gives
                                          WDS_E_TLS_CERTIFICATE_FILE, and the text names its line; an intact one that cannot be used is skipped, and the
                                          log names it; other types of blocks are ignored */
#define WDS_TEXT_SSL_SERVER_NAME 2024  /* name to verify and to ask for instead of the address connected to */
#define WDS_TEXT_SSL_ALPN 2025         /* protocols to offer or accept, separated by commas: "h2,http/1.1" */
#define WDS_TEXT_SSL_PINS 2026         /* SHA-256 of public keys, base64 or hexadecimal, separated by commas: one of the peer's must be among them */
#define WDS_TEXT_SSL_SUITES 2027       /* allowed TLS 1.2 cipher suites, by IANA or OpenSSL name, separated by commas */
#define WDS_TEXT_SSL_GROUPS 2028       /* allowed key exchange groups: "X25519,P-256,P-384,P-521,X25519MLKEM768" */
#define WDS_TEXT_SSL_KEY_LOG 2029      /* file that receives the session keys, to decrypt with Wireshark: a regular file, no symbolic link; "" = none */
#define WDS_TEXT_PROXY 2030            /* the proxies through which a client connects, "" = none (default): "http://host:port" (CONNECT), "https://host:port" (the same,
                                          over TLS to the proxy), "socks5://host:port" (SOCKS5; names are looked up on this machine), "socks5h://host:port"
                                          (SOCKS5; the proxy looks names up), each with "user:password@" before the host if needed (special
                                          characters as %40: Basic, or SOCKS5 user and password).  Several, at most 8, separated by spaces, are a chain: each
                                          connects to the next, the last one to the target.  "system": HTTPS_PROXY or ALL_PROXY with NO_PROXY of the
                                          environment, else, on Windows, the user's or the machine's setting, without a script.  The time of the connect covers
                                          everything, and without one an attempt ends after 2 minutes.  WDSocketGetText shows *** instead of user and password.  TLS to
                                          a proxy uses WDS_TEXT_SSL_AUTHORITIES and always verifies.  Not for UDP; without effect on servers; the next connection,
                                          also of WDS_OPT_RECONNECT */
#define WDS_TEXT_PROXY_EXCEPTIONS 2031 /* targets that are connected to directly, "" = none (default), separated by commas, semicolons or spaces: "example.com"
                                          (with all names below it), "*.example.com", "192.168.*", addresses, "10.0.0.0/8", each but a network with a port if
                                          need be ("example.com:8080"), "<local>" (names without a dot), "*" (all); the next connection */
#define WDS_TEXT_PROXY_TRUSTED 2035    /* the proxies whose PROXY headers a server takes: IP addresses and prefixes separated by commas or blanks,
                                          "10.0.0.2, 192.168.7.0/24, fd00::/8"; "unix:" for whoever comes over a Unix socket; "" = none (default);
                                          connections accepted afterwards; since 0.2.0 */

#define WDS_TEXT_WEBSOCKET_PATHS 2040  /* WebSocket server: the paths that it serves, separated by commas: "/chat,/files/x", "/files/" followed by * for all
                                          below; others are answered with 404; "" = any (default); since 0.2.0; clients that connect afterwards */
#define WDS_TEXT_WEBSOCKET_PROTOCOLS 2041 /* sub-protocols, separated by commas: a client offers them, the best first; a server takes the first of the
                                          client's that is among its own, or none; "" = none (default); since 0.2.0; connections made afterwards */
#define WDS_TEXT_WEBSOCKET_ORIGINS 2042 /* a server: the origins whose pages may connect, separated by commas, "https://example.com"; others are answered with
                                          403; clients other than browsers name none and are accepted; "" = any (default).  A client: the origin that it
                                          names, "" = none; since 0.2.0; connections made afterwards */
#define WDS_TEXT_WEBSOCKET_HEADERS 2043 /* further headers of a client's request, or of a server's answer: lines "Name: value", "" = none (default); since
                                          0.2.0; connections made afterwards */
#define WDS_TEXT_WEBSOCKET_PAGE 2044   /* what a server answers to a plain HTTP request: an HTML page if it begins with <, otherwise text, at most 1048576
                                          bytes; "" = the status 426 (default); since 0.2.0; clients that connect afterwards */
#define WDS_TEXT_WEBSOCKET_CLOSE_REASON 2045 /* the reason to close with, at most 123 bytes of UTF-8, "" = none (default); since 0.2.0; at once */
#define WDS_TEXT_UNIX_OWNER 2050       /* "user", "user:group" or ":group", names or numbers.  A server: to whom it gives the file of its Unix socket, "" = its own
                                          user (default).  A client: as which user the server must run, otherwise WDS_E_ACCESS, "" = any (default); since
                                          0.2.0; before opening */
#define WDS_TEXT_PIPE_SECURITY 2055    /* who may connect to the named pipe, or on Windows to the Unix socket, of a server: a security descriptor of Windows in SDDL, such as
                                          "D:P(A;;GA;;;OW)(A;;GA;;;SY)(A;;GA;;;BA)(A;;0x12019b;;;AU)" for every user who has logged on; "" = the server's own user, administrators
                                          and the system (default); of no effect on Linux; since 0.2.0; before opening */
#define WDS_TEXT_WRITE_TAG 2065        /* bytes, 0..64: the end tag of what is written, none = WDS_TEXT_TAG (default), such as CR where the peer's lines end in
                                          CR LF; for the modes WDS_MODE_END_TAG and WDS_MODE_END_TAG_BUFFER, WDS_OPT_WRITE_MODE or not; since 0.2.0; at
                                          once */
#define WDS_TEXT_EXCHANGE_ACK 2066     /* bytes, 0..16: what may come before the answer of WDSocketExchange and confirms the request, such as 06 (ACK); skipped
                                          wherever it stands in front of an answer, any number of times.  No answer may begin with these bytes, such as a length of 6;
                                          none by default; since 0.2.0; at once */
#define WDS_TEXT_EXCHANGE_NAK 2067     /* bytes, 0..16: what comes instead of an answer and refuses the request, such as 15 (NAK): it is written again, at most
                                          WDS_OPT_EXCHANGE_REPEATS times.  After that these bytes are the answer that WDSocketExchange returns; none by
                                          default; since 0.2.0; at once */
#define WDS_TEXT_TAG 2014              /* bytes, 1..64: the end tag, default 1A (set it with WDSocketChangeTransmissionMode or here); at once */

/* ------------------------------------------------------------------------
 * 64-bit figures (WDSocketGetNumber)
 * ------------------------------------------------------------------------ */
/* of a socket */
#define WDS_NUM_BYTES_READ 3001       /* bytes received from the system, framing included */
#define WDS_NUM_BYTES_WRITTEN 3002    /* bytes given to the system, framing included */
#define WDS_NUM_MESSAGES_READ 3003    /* messages (raw: reads) delivered */
#define WDS_NUM_MESSAGES_WRITTEN 3004 /* messages (raw: writes) sent */
#define WDS_NUM_BUFFERED 3005         /* bytes received and not delivered yet */
#define WDS_NUM_CONNECT_US 3006       /* microseconds that connecting took */
#define WDS_NUM_CLIENTS 3007          /* a server's open channels */
#define WDS_NUM_PENDING 3008          /* a server's pending requests */
#define WDS_NUM_REFUSED 3009          /* clients a server refused: limits and WDSocketDeny */
/* of the process (socket 0) */
#define WDS_NUM_SOCKETS 3020        /* open sockets: one that was closed does not count, though it may still send */
#define WDS_NUM_TOKENS 3021         /* message tokens not freed */
#define WDS_NUM_GOROUTINES 3022     /* background tasks of the library */
#define WDS_NUM_DESCRIPTORS 3023    /* descriptors held by the library */
#define WDS_NUM_BUFFERED_BYTES 3024 /* bytes of the memory budget in use */

/* Statistics: indices into the array that WDSocketStatistics fills */
#define WDS_STAT_BYTES_READ 0        /* bytes received from the system, framing included */
#define WDS_STAT_BYTES_WRITTEN 1     /* bytes given to the system, framing included */
#define WDS_STAT_MESSAGES_READ 2     /* messages (raw: reads) delivered */
#define WDS_STAT_MESSAGES_WRITTEN 3  /* messages (raw: writes) accepted for sending */
#define WDS_STAT_CONNECT_US 4        /* microseconds that connecting took, TLS included */
#define WDS_STAT_TLS_US 5            /* microseconds that the handshake took, 0 without TLS */
#define WDS_STAT_FIRST_BYTE_US 6     /* microseconds from the open connection to the first byte received, 0 = none yet */
#define WDS_STAT_RECEIVE_QUEUE 7     /* bytes received and not delivered yet */
#define WDS_STAT_SEND_QUEUE 8        /* bytes written and not passed to the system yet */
#define WDS_STAT_PUBLISH_QUEUE 9     /* bytes of published messages that are waiting */
#define WDS_STAT_DROPPED 10          /* messages dropped: published ones, and those lost with a connection */
#define WDS_STAT_RECONNECTS 11       /* how often the client has reconnected */
#define WDS_STAT_CLIENTS 12          /* a server's open channels */
#define WDS_STAT_PENDING 13          /* a server's pending requests */
#define WDS_STAT_ACCEPTED 14         /* clients that a server accepted */
#define WDS_STAT_REFUSED 15          /* clients that a server refused */
#define WDS_STAT_ERRORS_RESET 16     /* connections that were cut */
#define WDS_STAT_ERRORS_SILENT 17    /* connections ended because of silence: idle limit, message limit, peer gone */
#define WDS_STAT_ERRORS_FRAME 18     /* framing errors: each stretch of noise once, wrong check bytes, messages too long */
#define WDS_STAT_ERRORS_WRITE 19     /* writes that timed out or stopped inside a message */
#define WDS_STAT_ERRORS_FULL 20      /* writes that found the send queue full */
#define WDS_STAT_ERRORS_TLS 21       /* handshakes and records that failed; a client that leaves a server before sending a byte is not counted */
#define WDS_STAT_ERRORS_OTHER 22     /* other errors of connecting, accepting, reading and writing; a read time-out is not counted */
#define WDS_STAT_STALE 23            /* messages that WDSocketExchange discarded: earlier arrivals, late answers, answers of another transaction; since 0.2.0 */
#define WDS_STAT_HEALTH_CHECKS 24    /* connections by which a proxy only checked whether the server is there (WDS_OPT_PROXY_HEADER); since 0.2.0 */
#define WDS_STAT_COUNT 25            /* the number of figures in this version */

/*
 * The record of an event: WDSocketNextEvents fills it in, and a callback gets its
 * address.  In every version it begins with these eight numbers, 32 bytes without
 * gaps; pass sizeof(wds_event) as record_bytes.  Since: 0.2.0
 */
typedef struct wds_event {
    int32_t socket;   /* the handle of the socket or timer */
    int32_t kind;     /* one of WDS_EVENT_ */
    int32_t value;    /* depends on the kind */
    int32_t code;     /* one of WDS_E_, 0 if nothing failed */
    int32_t user;     /* WDS_OPT_USER_NUMBER of the socket, or the number given to the timer */
    int32_t sequence; /* 1, 2, 3 ... in each queue */
    int32_t queue;    /* the handle of the queue */
    int32_t detail;   /* WDS_SCOPE_ if code is not 0, or the number of a message, or WDS_WEBSOCKET_, or WDS_FRAME_; otherwise 0 */
} wds_event;

/* The function that the library calls for each event, see WDSocketSetCallback; (const wds_event *)event is the record. */
#if defined(_WIN32) && !defined(_WIN64)
typedef void(__stdcall *wds_event_proc)(const int32_t *event, void *user);
#else
typedef void (*wds_event_proc)(const int32_t *event, void *user);
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------
 * Library
 * ------------------------------------------------------------------------ */

/*
 * WDSocketVersion returns the library's version: major * 10000 + minor * 100 +
 * patch, 10203 = 1.2.3.  Compare it with WDSOCKET_VERSION.
 *
 * Results:
 *   > 0                  the version
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketVersion(void);

/*
 * WDSocketCloseAll closes every socket and frees every message token.  All
 * waiting calls return WDS_E_CLOSED.  It waits until everything is closed: at
 * most for the longest WDS_OPT_CLOSE_TIMEOUT of the sockets, whatever time
 * WDSocketCloseEx or WDS_OPT_LINGER allows them, and as long as a callback runs
 * (WDSocketSetCallback).  It waits at most one second for a call that does not
 * return.  A socket that another thread opens meanwhile may be closed or stay
 * open, and is not waited for.  The library can be used again afterwards; options
 * set on socket 0 are kept.  A program that gives up and does not care for what it
 * has written need not wait: it closes with WDS_CLOSE_ABORT before, or ends
 * without this call.
 *
 * Results:
 *   WDS_OK               nothing is left open
 * Threads: any; two calls at once are safe.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketCloseAll(void);

/*
 * WDSocketErrorInfo describes an error as text (WLanguage: ErrorInfo).
 *
 * socket    0: the calling thread's last error.  A socket: why its
 *           connection ended, or why opening it failed.
 * what      WDS_INFO_MESSAGE, _NAME, _CODE, _SYSTEM, _PHASE or _DETAIL.
 * text      receives the text; NULL asks for its length.
 * capacity  bytes of text.  A short buffer gets what fits, cut at a
 *           character; the result is still the full length.
 *
 * Results:
 *   >= 0                 length of the whole text; 0 when there was no error
 *   WDS_E_HANDLE         no such socket
 * Threads: any; the record belongs to the calling thread.  The record is left
 * alone.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketErrorInfo(int32_t socket, int32_t what, char *text, int32_t capacity);

/*
 * WDSocketErrorCode returns a number that belongs to an error.
 *
 * socket    as in WDSocketErrorInfo.
 * what      WDS_INFO_CODE: a WDS_E_ code or 0.  WDS_INFO_SYSTEM: the system's
 *           error number (errno, or WSAGetLastError on Windows) or 0.
 *           WDS_INFO_PHASE: one of WDS_PHASE_.
 *
 * Results:
 *   the number asked for; WDS_E_HANDLE for a socket that does not exist
 * Threads: any.  The record is left alone.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketErrorCode(int32_t socket, int32_t what);

/*
 * WDSocketErrorText returns the name or the general text of an error code.
 *
 * code      a WDS_E_ code or WDS_OK.
 * what      WDS_INFO_NAME or WDS_INFO_MESSAGE (in the language chosen by
 *           WDS_TEXT_LANGUAGE).
 * text      receives the text, cut at a character if it does not fit; NULL
 *           asks for its length.
 * capacity  bytes of text.
 *
 * Results:
 *   >= 0                 length of the whole text; 0 for an unknown code
 * Threads: any.  The record is left alone.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketErrorText(int32_t code, int32_t what, char *text, int32_t capacity);

/*
 * WDSocketErrorScope returns how far an error reaches: what it has ended, and so
 * whether a loop continues, serves the next client, or closes the socket.  The
 * answer depends on the socket too: the same WDS_E_FRAME can end a connection, the
 * client of a simplified server (the server continues), or just one message that
 * was skipped.  Call it before closing the socket.  docs/errors.md explains each
 * code.
 *
 * socket    0 and code 0: the calling thread's last error.  A socket and code 0:
 *           why its connection ended, or why opening it failed.
 * code      a WDS_E_ code: that of an event, with the event's socket; with socket
 *           0 the general answer, for an open connection.  A result that is not an
 *           error gives WDS_SCOPE_NONE.
 *
 * For a client that reconnects (WDS_OPT_RECONNECT), the end of a connection is
 * WDS_SCOPE_CALL.  With WDS_SCOPE_CLIENT after a write the client may still be
 * connected, and reads return what it has sent; WDSocketDeny disconnects it.
 *
 * Results:
 *   >= 0                 one of WDS_SCOPE_ in every case; WDS_SCOPE_PROGRAM for
 *                        a closed socket and for an unknown code
 * Threads: any.  The record is left unchanged.
 * Since: 0.2.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketErrorScope(int32_t socket, int32_t code);

/* ------------------------------------------------------------------------
 * Creating and opening
 *
 * An address is written in one of these forms, wherever a function takes one:
 *
 *   host             IP address or host name, beside a port
 *   host:port        with port 0, as in all forms below; an IPv6 address in
 *                    brackets: [2001:db8::1]:5000, [fe80::1%eth0]:5000
 *   host:5000-5010   servers and UDP sockets: the first port of the range that is
 *                    free; WDS_OPT_LOCAL_PORT tells which
 *   tcp://host:port  plain: WDS_E_ARGUMENT if TLS is asked for as well
 *   tls://host:port  with TLS, as WDSocketConnectSSL or WDSocketCreateSSL opens it
 *   ws://host:port/path?query, wss://host:port/path?query
 *                    a WebSocket, and one with TLS; port 80 and 443 if none is given
 *   unix:/path, unix:@name
 *                    a Unix-domain socket: a file, or a name without a file (Linux);
 *                    at most 107 bytes; unix:C:\path on Windows
 *   pipe:name        a named pipe (Windows)
 *   local:name       this machine: the Unix socket /tmp/local.name on Linux, the named
 *                    pipe on Windows; letters of ASCII, digits and . _ - in the name,
 *                    at most 100
 *
 * The host may be left out before ":port": it is then this machine, or all its
 * addresses.  Schemes may be in upper case.  A host name may contain non-ASCII
 * letters: it is looked up, and compared with a certificate, in its DNS form
 * ("xn--...").  What is not ASCII in the path of a WebSocket is sent with percent
 * signs, as browsers do.  A URL has no user name, no fragment and no spaces.  Texts
 * that name an address name it in the same form.  Forms with a scheme and ranges
 * of ports: since 0.2.0.
 *
 * A Unix socket has no port.  Only the user that a server runs as (and root) can connect
 * to its file, unless WDS_OPT_UNIX_MODE lets others in; a name without a file is open to
 * every user of the machine.  In a folder where everybody may make files, as that of
 * local:name, another user's program may have been there first: WDS_TEXT_UNIX_OWNER makes
 * a client refuse it.  WDS_OPT_MAX_CLIENTS_PER_ADDRESS counts by user.  A file that a
 * program has left behind is taken away when a server opens there, under a lock file
 * (path.lock), and a server that closes takes its own away.  A client has no address: it
 * is named by its process and user, "unix:pid=1234,uid=1000".  What is written is with the
 * peer at once: WDS_OPT_NODELAY, keep-alive and WDS_OPT_LINGER of the system mean nothing
 * there.  WDSocketCloseEx with WDS_CLOSE_ABORT is seen by the peer as a reset only if
 * something that it has written is unread, otherwise as an end.
 *
 * A named pipe has no port either, and takes clients of this machine alone: those of the
 * server's own user, administrators and the system unless WDS_TEXT_PIPE_SECURITY says
 * otherwise.  No difference is made between upper and lower case.  A client is named by
 * its process, "pipe:pid=1234", and WDS_OPT_MAX_CLIENTS_PER_ADDRESS counts by the user of
 * that process; clients whose user the server may not learn count together.  It has one
 * end for both directions: WDS_CLOSE_WRITE gives WDS_E_UNSUPPORTED, and the peer sees an
 * end, never a reset, however the connection ends.  pipe: gives WDS_E_UNSUPPORTED
 * elsewhere.
 *
 * Windows has Unix sockets since version 1803 of Windows 10; before it they give
 * WDS_E_UNSUPPORTED.  Who may connect is as with named pipes, WDS_TEXT_PIPE_SECURITY
 * included; with WDS_OPT_UNIX_MODE or WDS_TEXT_UNIX_OWNER set, opening gives
 * WDS_E_ARGUMENT.
 * ------------------------------------------------------------------------ */

/*
 * WDSocketNew creates a socket without opening it, so that its options can be
 * set first; WDSocketOpen opens it.
 *
 * socket_name  NULL or "" for none.  Names are case-sensitive and unique among
 *           live sockets, at most 255 bytes, and do not begin with '#'.
 *
 * Results:
 *   > 0                  the handle
 *   WDS_E_NAME_TAKEN     a live socket already has that name
 *   WDS_E_LIMIT          too many sockets (261,888)
 *   WDS_E_CLOSED         WDSocketCloseAll was called meanwhile
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketNew(const char *socket_name);

/*
 * WDSocketOpen opens a socket created by WDSocketNew, or one whose opening failed.
 *
 * socket    the handle.
 * kind      one of WDS_KIND_.
 * port      client: the peer's port, 1..65535.  Server and UDP: the local port,
 *           0 = chosen by the system (read it with WDS_OPT_LOCAL_PORT).
 * address   client: IP address or host name, NULL = this machine.  Server and
 *           UDP: the local address to listen on, NULL = all, IPv4 and IPv6.
 *           Other forms, such as "host:port" with port 0: see Creating and opening.
 * timeout_ms  for a client, the time for looking up the name and connecting; -1 =
 *           as long as the system takes; 0 = start and return at once:
 *           WDSocketState says when it is open or has failed, and
 *           WDSocketErrorInfo(socket, ...) why.  Other kinds do not wait.
 *
 * All addresses of a name are tried, IPv6 and IPv4 in turn, a quarter of a
 * second apart, and the first that answers is used (RFC 8305).  Four numbers with
 * leading zeros, as in 192.168.001.010, are refused and never looked up.
 *
 * Results:
 *   WDS_OK               open, or started
 *   WDS_E_HANDLE         no such socket
 *   WDS_E_STATE          already open or connecting
 *   WDS_E_TIMEOUT        no answer of the peer within the time
 *   WDS_E_REFUSED        nothing listens there; also if the local port equals the
 *                        peer's and the socket would connect to itself
 *   WDS_E_UNREACHABLE    no route to that host
 *   WDS_E_HOST_UNKNOWN   no such host name
 *   WDS_E_RESOLVER       the name could not be looked up: the name server failed,
 *                        or has not answered within the time
 *   WDS_E_PORT_TAKEN     the local port is in use
 *   WDS_E_LOCAL_ADDRESS  the local address does not belong to this machine
 *   WDS_E_ACCESS         the system denies it
 *   WDS_E_DESCRIPTORS    no descriptors left
 *   WDS_E_CLOSED         another thread closed the socket meanwhile
 *   WDS_E_CANCELLED      WDSocketCancel or WDSocketWakeup was called meanwhile
 *   WDS_E_SYSTEM         another system error
 *   WDS_E_UNSUPPORTED    an address scheme that is unknown, or not of this system
 *                        or kind of socket
 *   WDS_E_ARGUMENT       not an address; the text says why
 *   WDS_E_TLS_...        the handshake failed: see WDSocketConnectSSL
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketOpen(int32_t socket, int32_t kind, int32_t port, const char *address, int32_t timeout_ms);

/*
 * WDSocketConnect connects a client (WLanguage: SocketConnect).
 *
 * socket_name  NULL or "" for none.  The name of a socket that WDSocketNew
 *           created and that is not open yet opens that socket, with its options.
 * port, address  as in WDSocketOpen.
 * timeout_ms  as in WDSocketOpen.  With 0 ms the handle is returned at once, in state
 *           WDS_STATE_CONNECTING.
 *
 * Results:
 *   > 0                  the handle
 *   WDS_E_NAME_TAKEN     an open socket has that name
 *   WDS_E_LIMIT          too many sockets
 *   WDS_E_TIMEOUT, WDS_E_REFUSED, WDS_E_UNREACHABLE, WDS_E_HOST_UNKNOWN,
 *   WDS_E_RESOLVER, WDS_E_PORT_TAKEN, WDS_E_LOCAL_ADDRESS, WDS_E_ACCESS,
 *   WDS_E_DESCRIPTORS, WDS_E_CLOSED, WDS_E_CANCELLED, WDS_E_SYSTEM,
 *   WDS_E_UNSUPPORTED    as in WDSocketOpen
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketConnect(const char *socket_name, int32_t port, const char *address, int32_t timeout_ms);

/*
 * WDSocketCreate opens a TCP server (WLanguage: SocketCreate).  If you read and
 * write it directly, it is a simplified server, with one client at a time; the
 * first call of WDSocketWaitForConnection or WDSocketAccept makes it a standard
 * server for good.
 *
 * socket_name  NULL or "" for none, or a socket created by WDSocketNew.
 * port      1..65535, 0 = chosen by the system.
 * address   the local address to listen on, NULL = all, IPv4 and IPv6; other forms
 *           as in WDSocketOpen.
 *
 * The server has the port to itself unless WDS_OPT_EXCLUSIVE_PORT is 0.  A server
 * can be restarted on the same port immediately after it was closed.
 *
 * Results:
 *   > 0                  the handle
 *   WDS_E_NAME_TAKEN     an open socket has that name
 *   WDS_E_LIMIT          too many sockets
 *   WDS_E_PORT_TAKEN     another program or socket uses the port
 *   WDS_E_LOCAL_ADDRESS  the address does not belong to this machine
 *   WDS_E_ACCESS         the system denies the port to this user
 *   WDS_E_HOST_UNKNOWN, WDS_E_RESOLVER  the address is a name that is not found
 *   WDS_E_DESCRIPTORS    no descriptors left
 *   WDS_E_SYSTEM         another system error
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketCreate(const char *socket_name, int32_t port, const char *address);

/*
 * WDSocketCreateUDP opens a UDP socket (WLanguage: SocketCreateUDP).  Both sides
 * use it, since UDP has no connections.
 *
 * socket_name, port, address  as in WDSocketCreate.  address may also be a
 *           multicast group, "239.7.7.1" or "ff02::4242%eth0", since 0.2.0.
 *
 * With a group as address the socket joins that group, on the interface after
 * the %, else that of WDS_TEXT_MULTICAST_INTERFACE, else the system's choice.
 * On Linux it is bound to the group's address: it receives what is sent to the
 * group on that port and nothing else.  Windows cannot do this: there the socket
 * is bound to all local addresses of the group's IP version and also receives what
 * is sent to them; WDS_INFO_DESTINATION says which address was used.  The port is
 * exclusive or shared according to WDS_OPT_EXCLUSIVE_PORT.  A UDP socket receives
 * only from groups that it has joined itself.
 *
 * Results:
 *   > 0                  the handle
 *   as WDSocketCreate
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketCreateUDP(const char *socket_name, int32_t port, const char *address);

/* ------------------------------------------------------------------------
 * TLS
 *
 * TLS is a layer: transmission modes, reading, writing, time-outs and closing
 * work the same with it.  Set the options WDS_OPT_SSL_ and WDS_TEXT_SSL_ between
 * WDSocketNew and opening, or on socket 0 as defaults.
 * ------------------------------------------------------------------------ */

/*
 * WDSocketConnectSSL connects a client with TLS (WLanguage: SocketConnectSSL).
 *
 * socket_name, port, address  as in WDSocketConnect.
 * ssl_options  WDS_SSL_ bits; 0 keeps what was set, by default TLS 1.2 and 1.3
 *           with certificate and host name verified.
 * timeout_ms  for everything: name, connection and handshake.  With 0 the
 *           handle is returned at once, in state WDS_STATE_CONNECTING.
 * client_certificate  NULL for none; otherwise as WDS_TEXT_SSL_CERTIFICATE.
 * password  of the certificate file, NULL for none.
 *
 * Results:
 *   > 0                  the handle
 *   WDS_E_TLS_EXPIRED, WDS_E_TLS_NOT_YET_VALID, WDS_E_TLS_WRONG_HOST,
 *   WDS_E_TLS_SELF_SIGNED, WDS_E_TLS_UNKNOWN_AUTHORITY,
 *   WDS_E_TLS_MISSING_INTERMEDIATE, WDS_E_TLS_BAD_CERTIFICATE, WDS_E_TLS_PIN
 *                        the server's certificate is not accepted
 *   WDS_E_TLS_CERTIFICATE_FILE, WDS_E_TLS_KEY_MISMATCH, WDS_E_TLS_PASSWORD
 *                        the client certificate cannot be used
 *   WDS_E_TLS_NO_CLIENT_CERTIFICATE, WDS_E_TLS_BAD_CLIENT_CERTIFICATE
 *                        the server requires one, or does not accept it; with
 *                        TLS 1.3 the first read returns this
 *   WDS_E_TLS_NO_COMMON_VERSION  no TLS version in common
 *   WDS_E_TLS_PLAIN_TEXT  the server does not speak TLS on that port
 *   WDS_E_TLS_HANDSHAKE  the handshake failed in another way
 *   WDS_E_UNSUPPORTED    SSL 2 or 3, or a choice that is not possible
 *   as WDSocketConnect
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketConnectSSL(const char *socket_name, int32_t port, const char *address, int32_t ssl_options, int32_t timeout_ms, const char *client_certificate, const char *password);

/*
 * WDSocketCreateSSL opens a TCP server with TLS (WLanguage: SocketCreateSSL),
 * simplified or standard as WDSocketCreate.  Handshakes run in the background: a
 * request is pending once its handshake is done, and a slow or silent client does
 * not delay others.  Failed handshakes appear in the log, not as a result.
 *
 * socket_name, port, address  as in WDSocketCreate.
 * certificate  as WDS_TEXT_SSL_CERTIFICATE; NULL if that option was set.
 * ssl_options  WDS_SSL_ bits; 0 keeps what was set.
 * password  of the certificate file, NULL for none.
 *
 * Results:
 *   > 0                  the handle
 *   WDS_E_TLS_CERTIFICATE_FILE, WDS_E_TLS_KEY_MISMATCH, WDS_E_TLS_PASSWORD,
 *   WDS_E_TLS_EXPIRED, WDS_E_TLS_NOT_YET_VALID
 *                        the certificate cannot be used; the text names the file
 *   WDS_E_UNSUPPORTED    SSL 2 or 3, or a choice that is not possible
 *   WDS_E_ARGUMENT       also: clients are to be verified (WDS_SSL_REQUIRE_CLIENT,
 *                        WDS_SSL_ASK_CLIENT), but WDS_TEXT_SSL_AUTHORITIES,
 *                        WDS_TEXT_SSL_PINS and WDS_SSL_ACCEPT_ANY are all unset
 *   as WDSocketCreate
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketCreateSSL(const char *socket_name, int32_t port, const char *certificate, int32_t ssl_options, const char *address, const char *password);

/*
 * WDSocketStartSSL starts TLS on an open plain connection, as needed for the
 * STARTTLS of mail and news servers.  Plain bytes that have already arrived are
 * an error, because an attacker may have inserted them (RFC 3207, section 6).
 *
 * socket      client, channel or simplified server with its client.
 * role        WDS_ROLE_CLIENT or WDS_ROLE_SERVER.
 * ssl_options  WDS_SSL_ bits; 0 keeps what was set.
 * certificate, password  as in WDSocketCreateSSL; a client may give NULL.
 * timeout_ms  for the handshake; WDS_OPT_SSL_HANDSHAKE_TIMEOUT applies too.
 *
 * The call waits for the handshake, also on a socket in a queue, unless
 * timeout_ms is 0 there: then the handshake runs in the background, and
 * WDS_EVENT_TLS_DONE reports that it is done.  If it fails, WDS_EVENT_ERROR says
 * why, however it was started, and is the socket's last event.  Until then reads
 * give WDS_E_BUSY and writes wait.  A server must start TLS right after writing
 * its consent, before it calls WDSocketNextEvents again: what the client sends
 * next is TLS.  With a queue that notifies a window, where the library reads by
 * itself, a server must detach the socket before it writes its consent, and give
 * a time.
 *
 * Results:
 *   WDS_OK               done, or started
 *   WDS_E_TLS_SURPLUS    plain bytes had arrived; the connection is unchanged
 *   WDS_E_STATE          the connection already uses TLS
 *   WDS_E_ARGUMENT       also: a server that verifies clients without authorities
 *                        or pins, as in WDSocketCreateSSL; it is unchanged
 *   WDS_E_BUSY           another thread is reading, or with 0 ms writing
 *   WDS_E_TIMEOUT, WDS_E_TLS_...  the handshake failed; the connection can only
 *                        be closed: see WDSocketConnectSSL, WDSocketCreateSSL
 *   WDS_E_RESET, WDS_E_PEER_CLOSED, WDS_E_NO_CLIENT, WDS_E_STANDARD_SERVER,
 *   WDS_E_NOT_CONNECTED, WDS_E_KIND, WDS_E_CLOSED, WDS_E_CANCELLED, WDS_E_HANDLE
 * Threads: counts as reader and writer.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketStartSSL(int32_t socket, int32_t role, int32_t ssl_options, const char *certificate, const char *password, int32_t timeout_ms);

/*
 * WDSocketStopSSL ends TLS in order and continues in plain text.  Both ends must
 * do so: the call waits until the peer ends TLS too.  What the peer sent before
 * can still be read.
 *
 * Results:
 *   WDS_OK
 *   WDS_E_TLS_NOT_SECURED  the connection does not use TLS
 *   WDS_E_TIMEOUT        the peer did not end TLS; call again or close
 *   WDS_E_TLS_TRUNCATED, WDS_E_RESET, WDS_E_BUSY, WDS_E_NOT_CONNECTED,
 *   WDS_E_NO_CLIENT, WDS_E_STANDARD_SERVER, WDS_E_KIND, WDS_E_CLOSED,
 *   WDS_E_CANCELLED, WDS_E_HANDLE
 * Threads: counts as reader and writer.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketStopSSL(int32_t socket, int32_t timeout_ms);

/*
 * WDSocketSSLInfo returns what the handshake negotiated and who the peer is.  On
 * a server it is about the pending request, or the simplified server's client.
 *
 * what      one of WDS_INFO_SSL_.
 * index     number of the certificate in the chain that the peer sent, 0 = its
 *           own; ignored if what does not concern a certificate.
 *
 * Results:
 *   >= 0                 length of the text; 0 for certificate 0 of a peer that sent none
 *   WDS_E_BUFFER         text is too small and was set to ""
 *   WDS_E_ARGUMENT       the peer sent no certificate of that number, or what is wrong
 *   WDS_E_TLS_NOT_SECURED  the connection does not use TLS
 *   WDS_E_NOT_CONNECTED, WDS_E_NO_REQUEST, WDS_E_KIND, WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketSSLInfo(int32_t socket, int32_t what, int32_t index, char *text, int32_t capacity);

/* ------------------------------------------------------------------------
 * WebSocket
 *
 * WDSocketConnect(NULL, 0, "ws://example.com:8080/chat", 10000) connects to a
 * WebSocket server, "wss://..." to one with TLS.  A server is opened by
 * WDSocketOpen with WDS_KIND_WEBSOCKET_SERVER, or by WDSocketCreate (with TLS,
 * WDSocketCreateSSL) and an address such as "ws://0.0.0.0/chat", whose path is
 * then the only one served.  The handshake may take
 * WDS_OPT_SSL_HANDSHAKE_TIMEOUT.  Clients whose handshake fails cause no event.
 *
 * A WebSocket keeps messages apart itself: in every mode except raw, each write
 * sends one message, and each read returns one, even if the peer sent it in
 * fragments.  End tags, length fields and markers do not apply,
 * WDS_OPT_MAX_MESSAGE does.  In raw mode it is a plain stream of bytes: each write
 * sends one binary message, and reads return bytes as they arrive.  Switching
 * between raw and the other modes is possible only before the socket is opened
 * (WDS_E_STATE).
 *
 * WDSocketClose sends the close frame, with WDS_OPT_WEBSOCKET_CLOSE_CODE and
 * WDS_TEXT_WEBSOCKET_CLOSE_REASON, and WDSocketCloseEx with WDS_CLOSE_GRACEFUL
 * waits until the peer's system has it.  WDS_CLOSE_WRITE sends it, and reading
 * can continue.
 * If the peer closes with 1000, 1001 or without a code, reads give
 * WDS_E_PEER_CLOSED, with another code WDS_E_WEBSOCKET_CLOSED;
 * WDSocketWebSocketInfo returns code and reason.  A connection that ends without a close frame gives
 * WDS_E_WEBSOCKET_ABNORMAL.
 * ------------------------------------------------------------------------ */

/*
 * WDSocketWebSocketInfo returns what the opening handshake of a WebSocket said,
 * and how the peer closed it.  On a server it is about the pending request, or the
 * simplified server's client.
 *
 * what      one of WDS_INFO_WEBSOCKET_.
 *
 * Results:
 *   >= 0                 length of the text
 *   WDS_E_BUFFER         text is too small and was set to ""
 *   WDS_E_KIND           the socket is not a WebSocket
 *   WDS_E_NOT_CONNECTED, WDS_E_NO_REQUEST, WDS_E_HANDLE
 * Threads: any.
 * Since: 0.2.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketWebSocketInfo(int32_t socket, int32_t what, char *text, int32_t capacity);

/* ------------------------------------------------------------------------
 * Standard server
 * ------------------------------------------------------------------------ */

/*
 * WDSocketWaitForConnection waits until a client asks to connect (WLanguage:
 * SocketWaitForConnection).  The request stays pending: WDSocketClientInfo
 * returns the client's address, WDSocketAccept or WDSocketDeny decides.
 *
 * server      a server that is not serving a client as a simplified server.
 * timeout_ms  -1 for ever, 0 = do not wait.
 *
 * Results:
 *   1                    a request is pending
 *   WDS_E_TIMEOUT        no request came
 *   WDS_E_BUSY           another thread waits or accepts
 *   WDS_E_CLOSED, WDS_E_CANCELLED
 *   WDS_E_DESCRIPTORS    clients wait but no descriptor is left (returned after at
 *                        most one second; the clients stay in the backlog)
 *   WDS_E_HANDLE, WDS_E_KIND, WDS_E_STATE
 * Threads: one at a time.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketWaitForConnection(int32_t server, int32_t timeout_ms);

/*
 * WDSocketAccept accepts the pending request, or waits for one (WLanguage:
 * SocketAccept).  The channel inherits the mode and options of its server, and
 * stays open when the server is closed.
 *
 * server      a server.
 * timeout_ms  -1 for ever; 0 = do not wait.
 *
 * Results:
 *   > 0                  handle of the new channel
 *   WDS_E_TIMEOUT        no request came
 *   WDS_E_LIMIT          too many sockets
 *   WDS_E_BUSY, WDS_E_CLOSED, WDS_E_CANCELLED, WDS_E_DESCRIPTORS,
 *   WDS_E_HANDLE, WDS_E_KIND, WDS_E_STATE  as WDSocketWaitForConnection
 * Threads: one at a time.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketAccept(int32_t server, int32_t timeout_ms);

/*
 * WDSocketDeny refuses the pending request by a reset (WLanguage: SocketDeny).
 * On a simplified server it disconnects the present client.
 *
 * Results:
 *   WDS_OK
 *   WDS_E_NO_REQUEST     nothing is pending
 *   WDS_E_HANDLE, WDS_E_KIND, WDS_E_STATE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketDeny(int32_t server);

/* ------------------------------------------------------------------------
 * Reading and writing
 * ------------------------------------------------------------------------ */

/*
 * WDSocketRead reads one message (WLanguage: SocketRead); in raw mode the bytes
 * that have arrived, at most capacity.
 *
 * socket      client, channel, UDP socket, or simplified server (whose first
 *             read accepts the client).
 * buffer      receives the message.  NULL: nothing is consumed, the result is
 *             the next message's length (raw: the bytes that have arrived).
 * capacity    bytes of buffer.
 * timeout_ms  -1 for ever, 0 = do not wait.  A time-out inside a message keeps
 *             the part received: the next read continues.
 *
 * What the peer sent before an orderly close can always be read to the end, even
 * if the peer's system has meanwhile forgotten and reset the connection, or a
 * write has met that reset (since 0.2.0).  Windows discards what was not read by
 * then, and the result is WDS_E_RESET: read in time there.
 *
 * Results:
 *   >= 0                 length of the message; 0 is an empty message
 *   WDS_E_TIMEOUT        no whole message came in time
 *   WDS_E_PEER_CLOSED    the peer is gone, everything received was delivered;
 *                        permanent.  WDS_INFO_DETAIL mentions bytes of an
 *                        unfinished message (raw mode still reads them)
 *   WDS_E_RESET          the connection was cut; permanent
 *   WDS_E_SILENT         ended by WDS_OPT_IDLE_LIMIT or WDS_OPT_MESSAGE_LIMIT; permanent
 *   WDS_E_RECONNECTING   the connection is down and the client is reconnecting;
 *                        every whole message was delivered
 *                        (WDS_OPT_RECONNECT_WAIT)
 *   WDS_E_BUFFER         the message has arrived and is longer than capacity:
 *                        nothing consumed, so that every later read returns the
 *                        same.  A read with NULL returns its length,
 *                        WDSocketDiscard discards it; with WDS_OPT_MAX_MESSAGE =
 *                        capacity there is WDS_E_TOO_LONG instead
 *   WDS_E_FRAME, WDS_E_CHECK, WDS_E_TOO_LONG  the peer uses another mode, or the
 *                        message exceeds WDS_OPT_MAX_MESSAGE; permanent, except
 *                        for noise between messages with a start marker, a
 *                        message that starts again (WDS_OPT_FRAME_RESTART), wrong
 *                        check bytes and a damaged header of "modbus-tcp": these
 *                        are skipped and reported once, and the next read
 *                        continues after them
 *   WDS_E_TEXT           the text cannot be converted (WDS_TEXT_CHARSET); the
 *                        message stays, clear the option to read its bytes
 *   WDS_E_MEMORY         the memory budget stayed used up: what was received is
 *                        kept; or the connection had held the most memory for the
 *                        longest and was ended (WDS_OPT_TOTAL_BUFFER): permanent
 *   WDS_E_STANDARD_SERVER  read the channel, not the server
 *   WDS_E_PORT_UNREACHABLE  UDP with WDS_OPT_UDP_ERRORS
 *   WDS_E_NOT_CONNECTED  not open yet; after a failed opening, its error
 *   WDS_E_BUSY, WDS_E_CLOSED, WDS_E_CANCELLED, WDS_E_HANDLE
 * A permanent error is returned by every later read.  On a simplified server an
 * error that ends the client is returned once; the next read waits for the next
 * client.
 * Threads: one reader per socket; may run while others write.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketRead(int32_t socket, void *buffer, int32_t capacity, int32_t timeout_ms);

/*
 * WDSocketReadMany reads one message as WDSocketRead does, and every further whole
 * message that has already arrived and fits.  The messages are stored one after
 * the other in buffer.
 *
 * buffer    receives the messages; must not be NULL.
 * capacity  bytes of buffer.
 * lengths   receives the length of each.
 * count     numbers in lengths, 1 or more.
 *
 * Results:
 *   > 0                  number of messages
 *   WDS_E_BUFFER         the first message has arrived and does not fit: nothing
 *                        consumed
 *   as WDSocketRead
 * An error after the first message is returned by the next call.
 * Threads: as WDSocketRead.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketReadMany(int32_t socket, void *buffer, int32_t capacity, int32_t *lengths, int32_t count, int32_t timeout_ms);

/*
 * WDSocketReadMessage reads one message without copying: the message stays in the
 * library's memory until WDSocketMessageFree is called.
 *
 * data      receives the address of the message; a NUL follows the message.
 * length    receives its length.
 * message   receives the token to free.  On an error all three are set to 0.
 * In raw mode the message is the bytes that have arrived, at most 65536.
 *
 * Results:
 *   >= 0                 the length
 *   as WDSocketRead, without WDS_E_BUFFER
 * Threads: as WDSocketRead; the memory may be read by any thread.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketReadMessage(int32_t socket, int32_t timeout_ms, const void **data, int32_t *length, void **message);

/*
 * WDSocketMessageFree frees a message's memory.  Closing the socket does not free
 * its messages; WDSocketCloseAll does.
 *
 * Results:
 *   WDS_OK
 *   WDS_E_HANDLE         not a message, or already freed
 * Threads: any.  Success leaves the record alone.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketMessageFree(void *message);

/*
 * WDSocketReadExactly reads the next length bytes of the stream, whatever the
 * transmission mode is, and leaves the mode as it is: what comes after them is
 * read in the mode again.  Together with raw mode, or beside any other mode, it
 * reads protocols whose parts have lengths of their own.
 *
 * socket      client, channel, or simplified server (whose first read accepts the
 *             client).
 * buffer      receives the bytes.  NULL: nothing is consumed, the call waits until
 *             the bytes have arrived.
 * length      how many, 0..WDS_OPT_MAX_MESSAGE; 0 returns 0 at once.
 * timeout_ms  as in WDSocketRead.  A time-out keeps what has arrived: the next
 *             read continues.  WDS_OPT_READ_GAP applies as to a message.
 *
 * The bytes are those on the wire (inside TLS), with the framing of the mode and
 * without WDS_TEXT_CHARSET; where heartbeats are skipped (WDS_OPT_HEARTBEAT), one
 * that a single read meets is bytes like the others.  Where the framing of the mode
 * has failed (WDS_E_FRAME), the bytes can be read so, and the mode begins anew
 * behind them.
 *
 * A socket in an event queue: the call never waits.  In raw mode, after
 * WDS_E_TIMEOUT, WDS_EVENT_MESSAGE comes again once length bytes are there.  In the
 * other modes messages behind the bytes are reported again, even if they were
 * before.
 *
 * If the peer closes before all the bytes have come, what did come stays and can
 * be read by another call for as many bytes: WDS_NUM_BUFFERED returns how many.  On
 * a simplified server the client then stays until that error is returned a second
 * time.  A reconnecting client (WDS_OPT_RECONNECT) never puts bytes of two
 * connections together: while the connection is down, the rest of the old one can be
 * read; afterwards a call that needs more discards it.
 *
 * Results:
 *   length               the bytes were read (buffer NULL: have arrived)
 *   WDS_E_TIMEOUT        not all bytes in time, nothing consumed
 *   WDS_E_PEER_CLOSED, WDS_E_RESET, WDS_E_SILENT, WDS_E_TLS_...  the connection has
 *                        ended before, nothing consumed
 *   WDS_E_TOO_LONG       length is more than WDS_OPT_MAX_MESSAGE
 *   WDS_E_STATE          a WebSocket that is not raw: its messages have their own
 *                        bounds
 *   WDS_E_KIND           a UDP socket
 *   WDS_E_RECONNECTING, WDS_E_MEMORY, WDS_E_STANDARD_SERVER, WDS_E_NOT_CONNECTED,
 *   WDS_E_BUSY, WDS_E_CLOSED, WDS_E_CANCELLED, WDS_E_HANDLE  as in WDSocketRead
 * Threads: counts as reader.
 * Since: 0.2.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketReadExactly(int32_t socket, void *buffer, int32_t length, int32_t timeout_ms);

/*
 * WDSocketReadUntil reads the bytes up to the next tag, whatever the transmission
 * mode is, and leaves the mode as it is.  The tag is consumed and not returned.
 *
 * socket, timeout_ms  as in WDSocketReadExactly.
 * buffer      receives the bytes before the tag.  NULL: nothing is consumed, the
 *             result is their number.
 * capacity    bytes of buffer.
 * tag         the bytes that end the read, such as CR LF.
 * tag_length  bytes of tag, 1..64; -1: tag is text that ends with NUL.
 *
 * What WDSocketReadExactly says of bytes, queues, and the end of a connection holds
 * here too; in a queue, in raw mode, WDS_EVENT_MESSAGE comes again once more has
 * arrived.  Each byte is searched once, also if it takes many calls with the same
 * tag.
 *
 * Results:
 *   >= 0                 bytes before the tag; 0 where the tag comes first
 *   WDS_E_TIMEOUT        no tag in time, nothing consumed
 *   WDS_E_BUFFER         the tag has arrived, and capacity is too small: nothing
 *                        consumed.  A call with NULL returns the size; in raw mode
 *                        WDSocketDiscard discards all that has arrived
 *   WDS_E_TOO_LONG       no tag after WDS_OPT_MAX_MESSAGE bytes: nothing consumed,
 *                        and reading can go on, with another tag or
 *                        WDSocketReadExactly
 *   as WDSocketReadExactly
 * Threads: counts as reader.
 * Since: 0.2.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketReadUntil(int32_t socket, void *buffer, int32_t capacity, const void *tag, int32_t tag_length, int32_t timeout_ms);

/*
 * WDSocketWrite writes one message (WLanguage: SocketWrite); on a UDP socket one
 * datagram to the sender of the last datagram read.
 *
 * data      the bytes; may be NULL when length is 0.
 * length    bytes, 0..2147483647; -1: data is text that ends with NUL.
 *
 * The call waits while the peer does not read, at most WDS_OPT_WRITE_TIMEOUT.
 *
 * Results:
 *   >= 0                 length written (the message without framing)
 *   WDS_E_TIMEOUT        the peer did not read.  If part of the message was
 *                        already sent, every later write gives WDS_E_BROKEN
 *   WDS_E_RESET, WDS_E_PEER_CLOSED, WDS_E_SILENT  the connection has ended
 *   WDS_E_TLS_...        the connection has ended for this reason, which a read
 *                        would return too, such as
 *                        WDS_E_TLS_BAD_CLIENT_CERTIFICATE in TLS 1.3.  If the
 *                        system has discarded the reason, it is WDS_E_RESET
 *   WDS_E_RECONNECTING   the connection is down and the client is reconnecting:
 *                        nothing was taken (WDS_OPT_RECONNECT_WAIT,
 *                        WDS_OPT_RECONNECT_KEEP)
 *   WDS_E_BROKEN         an earlier write stopped inside a message
 *   WDS_E_WRITE_CLOSED   after WDS_CLOSE_WRITE
 *   WDS_E_TAG_IN_MESSAGE, WDS_E_TOO_LONG, WDS_E_FRAME, WDS_E_TEXT  the message does
 *                        not fit the mode; nothing was sent
 *   WDS_E_FULL           with WDS_OPT_SEND_QUEUE or WDS_OPT_RECONNECT_KEEP:
 *                        nothing was taken, wait for WDS_EVENT_WRITABLE or
 *                        call WDSocketFlush
 *   WDS_E_NO_CLIENT      simplified server without a client
 *   WDS_E_STANDARD_SERVER  write to the channel, not the server
 *   WDS_E_NO_DESTINATION, WDS_E_DATAGRAM_SIZE, WDS_E_PORT_UNREACHABLE  UDP
 *   WDS_E_NOT_CONNECTED, WDS_E_CLOSED, WDS_E_CANCELLED, WDS_E_HANDLE
 * Threads: any number; messages are never mixed.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketWrite(int32_t socket, const void *data, int32_t length);

/*
 * WDSocketExchange sends a question and waits for its answer: it discards what has
 * already arrived, writes data as one message and reads one message.
 *
 * data, length       as in WDSocketWrite.
 * reply, capacity    as in WDSocketRead; reply must not be NULL.
 * timeout_ms         for the whole exchange.
 *
 * Noise before the answer is skipped and counted (WDS_STAT_ERRORS_FRAME); the time
 * keeps running.  An answer with wrong check bytes gives WDS_E_CHECK and counts as
 * the answer.  With "modbus-tcp" an answer with a damaged header gives WDS_E_FRAME
 * at once, and the next exchange works.
 *
 * If an exchange ends without its answer, that answer is never mistaken for the
 * next one's: for WDS_OPT_EXCHANGE_LATE, the next exchange first waits for the late
 * answer and discards it; if it does not come within the exchange's own time,
 * nothing is written and the result is WDS_E_TIMEOUT.  With "modbus-tcp" the
 * transaction number identifies the answer, and there is no such wait.  Discarded
 * messages are counted (WDS_STAT_STALE), and WDS_E_TIMEOUT names the last other
 * transaction.
 *
 * WDS_OPT_EXCHANGE_ECHO, WDS_TEXT_EXCHANGE_ACK and WDS_TEXT_EXCHANGE_NAK say what
 * may come before an answer, WDS_OPT_EXCHANGE_FIELD how an answer is known that need
 * not be the next message.  A request is never written again because nothing came:
 * only the program knows whether the device may do it twice.
 *
 * Results:
 *   >= 0                 length of the answer
 *   as WDSocketWrite and WDSocketRead
 *   WDS_E_NO_CLIENT      simplified server without a client, even while another
 *                        thread waits for one
 *   WDS_E_KIND           a UDP socket
 * Threads: counts as reader.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketExchange(int32_t socket, const void *data, int32_t length, void *reply, int32_t capacity, int32_t timeout_ms);

/*
 * WDSocketWriteUDP sends one datagram (WLanguage: SocketWrite with address).
 *
 * data, length  as in WDSocketWrite; at most 65507 bytes over IPv4.
 * address   IP address or host name; NULL = the sender of the last datagram
 *           read.  A name is looked up within WDS_OPT_RESOLVE_TIMEOUT; the first
 *           reachable address, in the order of RFC 6724, is used and remembered
 *           for WDS_OPT_RESOLVE_CACHE.
 * port      1..65535; 0 with an address "host:port"; ignored with NULL.
 *
 * A datagram to the sender of the last one read, by NULL or by address and port,
 * is sent from the local address to which that one was sent, as the peer expects.
 * Any other is sent from the address that the socket was opened with, or that the
 * system chooses.
 *
 * Results:
 *   >= 0                 length sent
 *   WDS_E_DATAGRAM_SIZE  too big
 *   WDS_E_NO_DESTINATION  no address given and none received yet
 *   WDS_E_HOST_UNKNOWN, WDS_E_RESOLVER, WDS_E_UNREACHABLE, WDS_E_ACCESS,
 *   WDS_E_PORT_UNREACHABLE, WDS_E_TIMEOUT, WDS_E_KIND, WDS_E_CLOSED,
 *   WDS_E_NOT_CONNECTED, WDS_E_HANDLE, WDS_E_SYSTEM
 * Threads: any number.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketWriteUDP(int32_t socket, const void *data, int32_t length, const char *address, int32_t port);

/*
 * WDSocketReadUDP reads one datagram and its sender.
 *
 * buffer, capacity, timeout_ms  as in WDSocketRead.
 * address   receives the sender's address as text; may be NULL.
 * address_capacity  bytes of address; 64 is always enough for UTF-8.
 * port      receives the sender's port; may be NULL.
 *
 * Results:
 *   >= 0                 length of the datagram
 *   WDS_E_BUFFER         buffer or address is too small: nothing consumed
 *   as WDSocketRead; WDS_E_KIND on other sockets
 * Threads: as WDSocketRead.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketReadUDP(int32_t socket, void *buffer, int32_t capacity, int32_t timeout_ms, char *address, int32_t address_capacity, int32_t *port);

/*
 * WDSocketAvailable returns how many bytes can be read now without waiting: in raw
 * mode all bytes, in the other modes those of whole messages, counted after
 * conversion (WDS_TEXT_CHARSET).  Calling it before each read is cheap.
 *
 * Results:
 *   >= 0                 bytes (0: no whole message, or only empty ones)
 *   WDS_E_BUSY           another thread is reading
 *   WDS_E_PEER_CLOSED, WDS_E_RESET, WDS_E_FRAME, WDS_E_CHECK, WDS_E_TOO_LONG
 *                        nothing is left to read, for this reason
 *   WDS_E_NO_CLIENT      simplified server without a client, even while another
 *                        thread waits for one
 *   WDS_E_STANDARD_SERVER, WDS_E_NOT_CONNECTED, WDS_E_HANDLE
 * Threads: counts as reader.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketAvailable(int32_t socket);

/*
 * WDSocketDiscard discards received data without a buffer: a message longer than
 * the program's buffer, or everything that is out of date.  It never waits.
 *
 * socket    client, channel, UDP socket, or simplified server with its client.
 * what      WDS_DISCARD_MESSAGE: the next message or datagram, even one that
 *           gives WDS_E_BUFFER or WDS_E_TEXT; in raw mode all bytes.
 *           WDS_DISCARD_ALL: everything that has arrived, including what the
 *           system holds and damaged messages.  The beginning of an incomplete
 *           message stays (except in the modes raw and gap), because the rest of
 *           the stream could not be decoded without it.
 *           WDS_DISCARD_OLDER: all whole messages or datagrams that have arrived
 *           except the newest, as of a scale that sends continuously: the next read
 *           returns the present weight.  In the modes raw and gap nothing: there is
 *           one message, all that has arrived.
 *
 * Discarded data counts as received, but not as messages read.  If the event of a
 * discarded message was not handed out yet, it is withdrawn.  The sender of the
 * last datagram read stays the same.
 *
 * Results:
 *   >= 0                 bytes of the discarded messages, without framing and
 *                        before WDS_TEXT_CHARSET; 0 is an empty message, with
 *                        WDS_DISCARD_ALL and WDS_DISCARD_OLDER also nothing
 *   WDS_E_TIMEOUT        WDS_DISCARD_MESSAGE: no whole message has arrived, and
 *                        nothing was discarded
 *   WDS_E_PEER_CLOSED, WDS_E_RESET, WDS_E_SILENT, WDS_E_FRAME, WDS_E_CHECK,
 *   WDS_E_TOO_LONG       as in WDSocketRead, when no message is before it
 *   WDS_E_NO_CLIENT      simplified server without a client, even while another
 *                        thread waits for one
 *   WDS_E_STANDARD_SERVER, WDS_E_RECONNECTING, WDS_E_NOT_CONNECTED,
 *   WDS_E_BUSY, WDS_E_CLOSED, WDS_E_HANDLE  as in WDSocketRead
 * Threads: counts as reader.
 * Since: 0.2.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketDiscard(int32_t socket, int32_t what);

/*
 * WDSocketChangeTransmissionMode chooses how messages are delimited (WLanguage:
 * SocketChangeTransmissionMode).  Both ends must use the same mode.  Bytes that
 * have already arrived are read in the new mode.  On a server the mode applies to
 * its present client and all later ones; accepted channels keep theirs.
 *
 * socket      a stream socket, open or not; 0 sets the default for sockets
 *             created afterwards.
 * mode        one of WDS_MODE_.
 * tag         for the end-tag modes, the end tag; NULL keeps the present tag
 *             (1A unless changed).  Ignored by the other modes.
 * tag_length  bytes of tag, 1..64; -1: tag is text that ends with NUL.
 *
 * Results:
 *   WDS_OK
 *   WDS_E_BUSY           a thread is reading
 *   WDS_E_KIND           UDP
 *   WDS_E_HANDLE
 * Threads: any; applies to writes that begin afterwards.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketChangeTransmissionMode(int32_t socket, int32_t mode, const void *tag, int32_t tag_length);

/*
 * WDSocketFlush waits until everything in the send queue (WDS_OPT_SEND_QUEUE) has
 * been passed to the system.
 *
 * Results:
 *   WDS_OK               also if nothing was waiting
 *   WDS_E_TIMEOUT        not everything in time; sending continues
 *   WDS_E_RESET, WDS_E_TLS_... (as WDSocketWrite), WDS_E_KIND,
 *   WDS_E_NOT_CONNECTED, WDS_E_CLOSED, WDS_E_CANCELLED, WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketFlush(int32_t socket, int32_t timeout_ms);

/* ------------------------------------------------------------------------
 * Events: one thread for many sockets
 *
 * A queue reports to one thread what happens on all sockets attached to it.  The
 * thread sleeps in WDSocketNextEvents; no polling is needed.  While a socket is
 * attached, reads return what events have announced and never wait, nor do
 * WDSocketAccept and WDSocketWaitForConnection; WDSocketExchange and
 * WDSocketStopSSL give WDS_E_BUSY.  After a change of the transmission mode,
 * unread messages are announced again.  Skipped bytes are reported only by
 * WDS_EVENT_NOISE, not by a read as well.
 *
 * A record is a wds_event, 8 int32: socket, kind (WDS_EVENT_), value, code (WDS_E_
 * or 0), user (WDS_OPT_USER_NUMBER), sequence (1, 2, ... per queue), queue,
 * and detail.  If the code is not 0, detail is how far the error reaches, one of
 * WDS_SCOPE_ (since 0.2.0; WDSocketErrorScope); for WDS_EVENT_DROPPED and
 * WDS_EVENT_UNSURE it is the number of a message, for WDS_EVENT_MESSAGE of a
 * WebSocket WDS_WEBSOCKET_TEXT or WDS_WEBSOCKET_BINARY, and of WDS_TEXT_FRAME
 * WDS_FRAME_CONTROL or WDS_FRAME_WRONG; otherwise it is 0.
 *
 * The host receives these records in one of three ways: it fetches them
 * (WDSocketNextEvents), the library calls a function of the host for each
 * (WDSocketSetCallback), or a window gets a message and fetches them
 * (WDSocketSetWindow).  On Unix the host's own event loop can watch a descriptor
 * (WDSocketDescriptor) and fetch them.
 *
 * Queues are available on Linux and on Windows; elsewhere WDSocketNewQueue gives
 * WDS_E_UNSUPPORTED.
 *
 * Reconnecting.  When the connection of a client with WDS_OPT_RECONNECT ends, the
 * client reports WDS_EVENT_RECONNECTING before each attempt and
 * WDS_EVENT_RECONNECTED when it is open again, instead of an end.  In between
 * its state is WDS_STATE_CONNECTING.  It ends for good, with WDS_EVENT_ERROR, when
 * the attempts are used up, when an error is permanent (such as a certificate
 * refused by either end), or when the option is switched off meanwhile.  Without
 * a queue it reconnects as soon as a read or a write meets the end.  It does not
 * reconnect after WDS_CLOSE_WRITE, after WDSocketStartSSL, or if it was never open.
 *
 * A peer that accepts and soon closes, silently or with a message ("421 try
 * later"), does not count as a success: pauses and attempts continue from one
 * connection to the next, and start over only after one that lasted longer than
 * WDS_OPT_RECONNECT_MOST (since 0.2.0; in 0.1 after each).
 *
 * Messages received whole before the end can still be read; an incomplete one is
 * discarded.  Written messages are numbered from 1 across all connections.  Every
 * message that a write has accepted either arrives or is reported.
 * WDS_EVENT_DROPPED reports messages that the peer's system did not receive,
 * unless they are kept.  WDS_EVENT_UNSURE reports messages that the peer's system
 * did receive but that its program may not have read: those of the last 8 MiB,
 * because no system tells more.  After an orderly close, which says that a system,
 * perhaps a proxy's, had read everything, these are only the messages after which
 * nothing but heartbeats came from the peer; anything else may be their answer
 * (since 0.2.0; in 0.1 none after an orderly close).  TCP itself confirms only that
 * a system has the bytes: if it matters that a message was read and processed, let
 * the peer answer it.  A kept message whose acknowledgement was lost with the
 * connection arrives twice: if that matters, number the messages.  If this
 * machine's system does not report what was acknowledged (Windows), everything it
 * has accepted counts as received, and as unsure.  Closing a client discards the
 * messages it keeps.
 * ------------------------------------------------------------------------ */

/*
 * WDSocketNewQueue creates an event queue.  WDSocketClose closes it; attached
 * sockets stay open.
 *
 * Results:
 *   > 0                  the handle
 *   WDS_E_DESCRIPTORS    no descriptors left
 *   WDS_E_LIMIT          too many handles
 *   WDS_E_UNSUPPORTED    not on this system
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketNewQueue(void);

/*
 * WDSocketAttach attaches a socket to a queue, which from then on reports its
 * events.  For a client that is not open yet, it reports success or failure.
 *
 * queue     a queue.
 * socket    any socket that is in no queue.
 * how       WDS_ATTACH_PLAIN, or for a server WDS_ATTACH_MANAGE: it accepts
 *           clients by itself and attaches their channels to the same queue.
 * A server that is attached becomes a standard server.
 *
 * Results:
 *   WDS_OK
 *   WDS_E_STATE          the socket is already in a queue
 *   WDS_E_BUSY           a thread is reading it
 *   WDS_E_KIND, WDS_E_CLOSED, WDS_E_HANDLE, WDS_E_SYSTEM
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketAttach(int32_t queue, int32_t socket, int32_t how);

/*
 * WDSocketDetach detaches a socket from its queue.  The queue reports no further
 * events of it; what has arrived can still be read.
 *
 * Results:
 *   WDS_OK
 *   WDS_E_STATE          the socket is in no queue
 *   WDS_E_BUSY           a TLS handshake is running in the background
 *   WDS_E_CLOSED, WDS_E_HANDLE
 * Threads: any.  Success leaves the record alone.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketDetach(int32_t socket);

/*
 * WDSocketNextEvents waits for the next event of a queue and returns as many
 * events as there are.  The events of a socket come in order; for each
 * WDS_EVENT_MESSAGE one message can be read; no event follows the end of a
 * conversation or the closing of the socket.  If the host does not read an
 * announced message, only that peer waits.
 *
 * queue         a queue.
 * timeout_ms    -1 for ever, 0 = do not wait.
 * events        receives the records, an array of wds_event; must not be NULL.
 * record_bytes  distance between records, sizeof(wds_event): 32 or more, a
 *               multiple of 4.
 * capacity      number of records that fit, 1 or more.
 *
 * Results:
 *   > 0                  number of records
 *   WDS_E_TIMEOUT        nothing happened
 *   WDS_E_BUSY           another thread is in this function with this queue
 *   WDS_E_CANCELLED      WDSocketCancel with the queue, or WDSocketWakeup
 *   WDS_E_CLOSED, WDS_E_KIND, WDS_E_HANDLE, WDS_E_SYSTEM
 * Threads: one at a time per queue.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketNextEvents(int32_t queue, int32_t timeout_ms, void *events, int32_t record_bytes, int32_t capacity);

/*
 * WDSocketNewTimer creates a timer in a queue: WDS_EVENT_TIMER comes when it is
 * due.  WDSocketClose ends it, and it has no further events; a one-time timer
 * keeps its handle until then.
 *
 * queue        a queue.
 * delay_ms     time until it is first due, 0..2147483647.
 * repeat_ms    interval after that, 0 = once.
 * user_number  reported with the event.
 *
 * Results:
 *   > 0                  the handle
 *   WDS_E_LIMIT, WDS_E_KIND, WDS_E_CLOSED, WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketNewTimer(int32_t queue, int32_t delay_ms, int32_t repeat_ms, int32_t user_number);

/*
 * WDSocketSetCallback makes the library call a function of the host for each
 * event of a queue, one event after the other.  The library calls it in a thread
 * that belongs to the queue: the same thread for all calls until the callback is
 * removed, so that what the host binds to a thread (COM, for example) remains
 * valid from call to call.  The function may call any function of the library: it
 * may close the event's socket or the queue, and replace or remove itself.  It
 * must return, and must not let an exception out.  While it runs, nothing else in
 * the library waits for it.  Each call begins with the floating-point control
 * words of a new system thread; the function may change them, and a host that
 * needs others (Delphi: Set8087CW, SetMXCSR) sets them there.
 *
 * queue     a queue.  While it has a callback, WDSocketNextEvents gives
 *           WDS_E_BUSY.
 * callback  receives the 8 numbers of a record, valid until it returns; NULL
 *           removes the present callback.  Removing or replacing it, closing the
 *           queue and WDSocketCloseAll wait until a running call has returned,
 *           however long that takes: the calling thread must not hold anything
 *           that the callback waits for.  They do not wait when called from the
 *           callback itself, nor for a call of another queue that waits in the
 *           same way for this one, so that callbacks may close each other's
 *           queues.
 * user      passed to the callback unchanged.
 *
 * Results:
 *   WDS_OK
 *   WDS_E_BUSY           a thread is in WDSocketNextEvents, or the queue notifies
 *                        a window
 *   WDS_E_KIND, WDS_E_CLOSED, WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketSetCallback(int32_t queue, wds_event_proc callback, void *user);

/*
 * WDSocketSetWindow makes a queue notify a window (Windows) that it has events by
 * PostMessageW(window, message, queue, 0): once when the queue becomes non-empty,
 * and again after a WDSocketNextEvents that left events behind.  The window's
 * procedure (in WINDEV a procedure given to Event()) fetches them with
 * WDSocketNextEvents and 0 ms; occasionally there are none.
 *
 * queue    a queue.
 * window   the window's handle (HWND); NULL stops the notifications.
 * message  number of the message, 1..65535; WM_USER (1024) and above, or
 *          WM_APP (32768) and above, are free for such use.
 *
 * Results:
 *   WDS_OK
 *   WDS_E_BUSY           the queue has a callback
 *   WDS_E_UNSUPPORTED    not on this system
 *   WDS_E_ARGUMENT       also: no such window
 *   WDS_E_KIND, WDS_E_CLOSED, WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketSetWindow(int32_t queue, void *window, int32_t message);

/*
 * WDSocketDescriptor returns a descriptor for select, poll, epoll or the loop of
 * a framework.  It is readable when WDSocketNextEvents with 0 ms has events, or
 * may have; this includes timers and the effects of other threads.  It belongs to
 * the queue and is closed with it: watch it, but do not read or close it.
 *
 * queue    a queue.
 *
 * Results:
 *   >= 0                 the descriptor, the same at each call
 *   WDS_E_UNSUPPORTED    not on this system (Windows)
 *   WDS_E_DESCRIPTORS    no descriptors left
 *   WDS_E_KIND, WDS_E_CLOSED, WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketDescriptor(int32_t queue);

/* ------------------------------------------------------------------------
 * Groups: one message to many clients
 *
 * A group is a named set of channels of one server.  Publishing encodes a message
 * once and never waits: what cannot be sent to a client at once is queued for it
 * (WDS_OPT_PUBLISH_QUEUE) and sent when there is room, after what was written to
 * it before.  A slow client does not delay the others; WDS_OPT_PUBLISH_POLICY
 * decides what happens when its queue is full.
 * ------------------------------------------------------------------------ */

/*
 * WDSocketGroupJoin adds a channel to a group of its server.  A group exists as
 * long as it has members.  Joining twice has no further effect.  A channel leaves
 * its groups when it is closed.
 *
 * channel   a channel of a standard server.
 * group     name, 1..255 bytes, case-sensitive.
 *
 * Results:
 *   WDS_OK               also if it was already a member
 *   WDS_E_KIND           not a channel of a server
 *   WDS_E_CLOSED, WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketGroupJoin(int32_t channel, const char *group);

/*
 * WDSocketGroupLeave removes a channel from a group.
 *
 * channel   a channel of a standard server.
 * group     the name; NULL = all its groups.
 *
 * Results:
 *   WDS_OK               also if it was not a member
 *   WDS_E_KIND, WDS_E_CLOSED, WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketGroupLeave(int32_t channel, const char *group);

/*
 * WDSocketGroupPublish writes one message to every member of a group, as
 * WDSocketWrite would to each, but without waiting.  What a client does not take at
 * once waits within its WDS_OPT_PUBLISH_QUEUE, 1 MiB unless set; beyond it messages
 * are dropped, which WDS_EVENT_DROPPED tells, or the client is disconnected
 * (WDS_OPT_PUBLISH_POLICY).
 *
 * server    the server whose channels joined; since 0.2.0 also one of its
 *           channels: this client gets nothing, the others do, as in a chat.  It
 *           need not be a member, and its connection may have ended, as long as
 *           the channel is not closed.
 * group     the name; NULL = all channels of the server.
 * data      the message; may be NULL when length is 0.
 * length    bytes; -1: data is text that ends with NUL.
 *
 * Results:
 *   >= 0                 number of clients to which it was written or for which it
 *                        was queued; ended connections are not counted
 *   WDS_E_TAG_IN_MESSAGE, WDS_E_TOO_LONG, WDS_E_FRAME, WDS_E_TEXT
 *                        not a valid message of the mode: it was sent to no client
 *   WDS_E_KIND           neither a server nor a channel of one
 *   WDS_E_CLOSED         closed meanwhile, or the server of this channel is
 *   WDS_E_NOT_CONNECTED, WDS_E_HANDLE
 * Threads: any; what one thread publishes arrives in that order.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketGroupPublish(int32_t server, const char *group, const void *data, int32_t length);

/* ------------------------------------------------------------------------
 * Information
 * ------------------------------------------------------------------------ */

/*
 * WDSocketClientInfo returns the peer's address (WLanguage: SocketClientInfo): for
 * a client or channel the other end; for a server the client that asks to connect,
 * or the simplified server's client; for a UDP socket the sender of the last
 * datagram read.
 *
 * Behind a proxy that sends a PROXY header (WDS_OPT_PROXY_HEADER) the address is that
 * of the proxy's client; WDS_INFO_PROXY_ENDPOINT is the proxy's own.  Of a client that
 * goes through proxies (WDS_TEXT_PROXY) the address is the target's, as it was given
 * to the last one; WDS_INFO_ROUTE_PROXIES names the proxies.
 *
 * what      WDS_INFO_ADDRESS, WDS_INFO_PORT, WDS_INFO_ENDPOINT or one of
 *           WDS_INFO_PROXY_, WDS_INFO_ROUTE_ and WDS_INFO_PEER_.
 *
 * Results:
 *   >= 0                 length of the text
 *   WDS_E_BUFFER         text is too small and was set to ""
 *   WDS_E_KIND           WDS_INFO_PROXY_, WDS_INFO_ROUTE_ or WDS_INFO_PEER_ of a UDP socket
 *   WDS_E_NOT_CONNECTED  no peer (yet)
 *   WDS_E_NO_REQUEST     a server without pending request and client
 *   WDS_E_NO_DESTINATION  a UDP socket that has read nothing
 *   WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketClientInfo(int32_t socket, int32_t what, char *text, int32_t capacity);

/*
 * WDSocketLocalInfo returns the local address of a socket.
 *
 * what      WDS_INFO_ADDRESS, WDS_INFO_PORT or WDS_INFO_ENDPOINT; for a UDP socket
 *           also WDS_INFO_DESTINATION: the address to which the last datagram read
 *           was sent: a local address, a broadcast address or a multicast group.
 *
 * Results:
 *   >= 0                 length of the text
 *   WDS_E_BUFFER         text is too small and was set to ""
 *   WDS_E_NO_DESTINATION  WDS_INFO_DESTINATION before a datagram was read, or the
 *                        system did not report it
 *   WDS_E_KIND           WDS_INFO_DESTINATION of a socket that is not UDP
 *   WDS_E_NOT_CONNECTED  not open
 *   WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketLocalInfo(int32_t socket, int32_t what, char *text, int32_t capacity);

/*
 * WDSocketExist tells whether a socket exists (WLanguage: SocketExist): from its
 * creation until WDSocketClose or WDSocketCloseEx begins, even if the peer is gone.
 * WDSocketState returns more.
 *
 * Results:
 *   1 or 0, for any number
 * Threads: any.  The record is left alone.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketExist(int32_t socket);

/*
 * WDSocketState returns the actual state of a socket: it also checks the
 * connection, so that it detects a peer that has gone even if no thread reads.
 *
 * Results:
 *   > 0                  one of WDS_STATE_
 *   WDS_E_CLOSED         WDSocketCloseEx is closing the socket
 *   WDS_E_HANDLE         no such socket
 * Threads: any.  The record is left alone.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketState(int32_t socket);

/*
 * WDSocketFind finds a live socket by its name, also while it is still connecting,
 * or while WDSocketCloseEx closes it and no other socket has taken the name.  An
 * unnamed socket has the name '#' and its handle ("#123").
 *
 * Results:
 *   > 0                  the handle
 *   WDS_E_NOT_FOUND      no live socket has that name
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketFind(const char *socket_name);

/*
 * WDSocketName returns a socket's name.
 *
 * Results:
 *   >= 0                 length of the name
 *   WDS_E_BUFFER         text is too small and was set to ""
 *   WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketName(int32_t socket, char *text, int32_t capacity);

/*
 * WDSocketList lists the channels of a server, or all sockets.
 *
 * server    a server; 0 = every live socket.
 * sockets   receives the handles; NULL asks for their number.
 * capacity  number of handles (not bytes) that fit into sockets.
 *
 * Results:
 *   >= 0                 number of sockets
 *   WDS_E_BUFFER         there are more than capacity: nothing written
 *   WDS_E_HANDLE, WDS_E_KIND
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketList(int32_t server, int32_t *sockets, int32_t capacity);

/*
 * WDSocketGetNumber returns a 64-bit figure.
 *
 * socket    a socket, or 0 for the process.
 * what      one of WDS_NUM_.
 * value     receives the figure.
 *
 * Results:
 *   WDS_OK
 *   WDS_E_HANDLE, WDS_E_KIND
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketGetNumber(int32_t socket, int32_t what, int64_t *value);

/*
 * WDSocketStatistics returns all figures of a socket at once.  For a server they
 * are sums over all its past and present clients; for 0, sums over all live
 * sockets.
 *
 * socket    a socket, or 0.
 * figures   receives the figures, indexed by name: figures[WDS_STAT_BYTES_READ] is
 *           the number of bytes received.
 * count     number of figures that fit, 1 or more; WDS_STAT_COUNT for all.
 *
 * Results:
 *   > 0                  number of figures written, at most WDS_STAT_COUNT
 *   WDS_E_HANDLE, WDS_E_KIND
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketStatistics(int32_t socket, int64_t *figures, int32_t count);

/*
 * WDSocketSelfTest tests the library on this machine and writes a report of about
 * 25 lines: bitness and versions, the text encoding seen, a negative result, two
 * threads at once, a conversation on loopback in each transmission mode and with
 * TLS, datagrams and events.  It takes about a second (a few on Windows), and 30
 * seconds at most.  It uses its own sockets and options and only loopback: those
 * of the host are not affected, and nothing is left behind.
 *
 * The line of a test begins with "ok", with "FAILED" and ends with the reason (in
 * French, see WDS_TEXT_LANGUAGE, "ECHEC" with its accent), or with "--" for what
 * this system does not have.
 *
 * text      receives the report, lines ended by CR LF; NULL asks for a size that
 *           is enough for any report, and runs no test.
 * capacity  16384 is enough, in every encoding of the host.
 *
 * Results:
 *   >= 0                 length of the text; the last line says whether everything works
 *   WDS_E_BUFFER         text is too small and was set to ""
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketSelfTest(char *text, int32_t capacity);

/*
 * WDSocketGuess tells how the messages are framed that a peer sends, from bytes that
 * came: for each description that fits, one line with the text for WDS_TEXT_FRAME, a
 * TAB, the names for WDS_TEXT_FRAME_PRESET that are framed so, with commas between
 * them, another TAB, and the reason.  The best one comes first.  Lines end with CR LF.
 *
 * data      the bytes, from the beginning of a message on: read in raw mode, or taken
 *           from a file of WDS_TEXT_TRACE_FILE.  Three messages tell much more than
 *           one; more than 4096 bytes are not looked at.
 * length    how many, 0 or more.
 * text      receives the lines; NULL asks for their length.
 * capacity  8192 is enough, in every encoding of the host.
 *
 * It is a guess, of what would hardly be so by chance.  Messages that only a silence, a
 * fixed length or the rules of a protocol tell apart cannot be found.  TLS and HTTP are
 * told as what they are, in a line with a reason only.
 *
 * Results:
 *   > 0                  length of the text
 *   0                    nothing fits
 *   WDS_E_BUFFER         text is too small and was set to ""
 * Threads: any.
 * Since: 0.2.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketGuess(const void *data, int32_t length, char *text, int32_t capacity);

/* ------------------------------------------------------------------------
 * Options
 * ------------------------------------------------------------------------ */

/*
 * WDSocketSetOption sets an integer option.
 *
 * socket    a socket, or 0 for the default of sockets created afterwards and for
 *           the options of the process.
 * option    one of WDS_OPT_; its range, and when it may be set, are given there.
 *
 * Results:
 *   WDS_OK
 *   WDS_E_STATE          too late for this option
 *   WDS_E_BUSY           would change the stream while a thread is reading it
 *   WDS_E_UNSUPPORTED    not on this system
 *   WDS_E_ACCESS         the system refuses it, as in a sandbox: nothing changed
 *   WDS_E_KIND, WDS_E_HANDLE, WDS_E_SYSTEM
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketSetOption(int32_t socket, int32_t option, int32_t value);

/*
 * WDSocketGetOption returns an integer option.
 *
 * Results:
 *   WDS_OK               and the number in *value
 *   WDS_E_NOT_CONNECTED  the socket does not have this port yet
 *   WDS_E_KIND, WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketGetOption(int32_t socket, int32_t option, int32_t *value);

/*
 * WDSocketSetText sets a text option; NULL means "".
 *
 * A file that an option names is read within this call, up to 1 MiB.  A pipe (a
 * shell's "<(command)") is read to its end, for at most 5 seconds; devices and
 * folders are refused.  Other calls are not blocked meanwhile.
 *
 * Results:
 *   WDS_OK
 *   WDS_E_TLS_CERTIFICATE_FILE, WDS_E_TLS_KEY_MISMATCH, WDS_E_TLS_PASSWORD,
 *   WDS_E_TLS_EXPIRED, WDS_E_TLS_NOT_YET_VALID
 *                        a certificate cannot be used; the text names the file
 *   WDS_E_UNSUPPORTED    an unknown character set, language or preset
 *   WDS_E_STATE, WDS_E_BUSY, WDS_E_KIND, WDS_E_HANDLE, WDS_E_ACCESS, WDS_E_SYSTEM
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketSetText(int32_t socket, int32_t option, const char *text);

/*
 * WDSocketGetText returns a text option.
 *
 * Results:
 *   >= 0                 length of the text
 *   WDS_E_BUFFER         text is too small and was set to ""
 *   WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketGetText(int32_t socket, int32_t option, char *text, int32_t capacity);

/*
 * WDSocketSetBytes sets an option that consists of bytes, or any text option given
 * with its length.
 *
 * data      the bytes; may be NULL when length is 0.
 * length    bytes, within the range given at the option; never -1.
 *
 * Results:
 *   WDS_OK
 *   WDS_E_BUSY, WDS_E_KIND, WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketSetBytes(int32_t socket, int32_t option, const void *data, int32_t length);

/*
 * WDSocketGetBytes returns an option that consists of bytes.
 *
 * Results:
 *   >= 0                 number of bytes
 *   WDS_E_BUFFER         buffer is too small and was left unchanged
 *   WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketGetBytes(int32_t socket, int32_t option, void *buffer, int32_t capacity);

/* ------------------------------------------------------------------------
 * Cancelling and closing
 * ------------------------------------------------------------------------ */

/*
 * WDSocketCancel ends every call that is waiting on this socket or queue, with
 * WDS_E_CANCELLED.  The socket stays open; a pending connection is abandoned,
 * unless it is that of a reconnecting client.  If WDSocketCloseEx was waiting, the
 * close continues in the background, as after WDSocketClose.  On Linux a call that
 * has just begun to wait on a connection with quick round trips may return up to
 * two ticks of the system clock later (about 8 ms at 250 Hz); the same applies to
 * WDSocketClose.
 *
 * Results:
 *   WDS_OK               also if no call was waiting
 *   WDS_E_HANDLE
 * Threads: any.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketCancel(int32_t socket);

/*
 * WDSocketWakeup ends all waiting calls.  It is the only function that may be
 * called in a signal handler; any other may end or hang the process there.  Use it
 * for a clean stop at SIGINT or SIGTERM, and in console handlers on Windows.
 *
 * 1 sets the wake-up.  Every waiting call, in all threads and on all sockets and
 * queues, returns WDS_E_CANCELLED, as after WDSocketCancel; a thread of the library
 * does this immediately after this function.  As long as the wake-up is set, a
 * call that would have to wait returns WDS_E_CANCELLED instead, so that a wake-up
 * just before a wait is not lost.  Calls that do not need to wait work as always: a
 * message or an event that is available is returned, a write that finds room
 * succeeds, and a time of 0 ms gives WDS_E_TIMEOUT.  A client that sends all the
 * time therefore never gives WDS_E_CANCELLED: let each turn of a loop look at a
 * flag, too, which is set before.  WDSocketExchange and
 * WDSocketStartSSL write nothing.  A write that has to stop inside a message gives
 * WDS_E_CANCELLED, and later writes WDS_E_BROKEN.  0 clears the wake-up, and calls
 * wait again.
 *
 * The wake-up does not affect WDSocketClose, WDSocketCloseEx and WDSocketCloseAll,
 * WDSocketDetach and WDSocketSetCallback, callbacks (but calls in them are
 * cancelled like others), and the library's background work: connecting with a
 * time of 0 ms, reconnecting, send queues.
 *
 * on       0 clears the wake-up, any other number sets it, for the whole process.
 *          On Linux the function can therefore be a handler itself, which gets the
 *          number of the signal: sigaction with sa_handler =
 *          (void (*)(int))(void (*)(void))WDSocketWakeup.  Not so on Windows: there
 *          the number of Ctrl+C is 0, and a handler has to return TRUE.
 *
 * Results:
 *   WDS_OK               also if no call was waiting
 * Threads: any, and signal handlers.  errno and the error record are left alone.
 * Since: 0.2.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketWakeup(int32_t on);

/*
 * WDSocketWakeupDescriptor returns a descriptor for software that reports signals
 * by writing a byte, such as Python's signal.set_wakeup_fd: writing any byte except
 * 0 to it has the effect of WDSocketWakeup(1).  Writing does not block.  The
 * descriptor belongs to the library, stays the same for the life of the process,
 * and must not be closed; in a forked child it has no effect.
 *
 * Results:
 *   >= 0                 the descriptor
 *   WDS_E_UNSUPPORTED    not on this system (Windows)
 * Threads: any, but not signal handlers.
 * Since: 0.2.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketWakeupDescriptor(void);

/*
 * WDSocketClose closes a socket (WLanguage: SocketClose), a queue or a timer.  It
 * returns at once.  What was written is still sent in the background, for at most
 * WDS_OPT_CLOSE_TIMEOUT; then the connection is reset.  The peer sees the end of
 * the conversation.  Within the same time, what it still sends is read and
 * discarded until it has closed too or is silent for one second: unread bytes would
 * make the system send a reset, and the peer could lose data that it has not read.
 * A TLS 1.3 client that has read nothing waits in this way for the server's close,
 * silent or not.  WDSocketCloseAll waits this second for a client that was sent
 * something and is in the middle of a message.
 * Waiting calls, WDSocketCloseEx included, return WDS_E_CLOSED.  A server's pending
 * requests are refused; its accepted channels stay open (WDSocketCloseEx with
 * WDS_CLOSE_CLIENTS closes them, too).
 *
 * Results:
 *   WDS_OK
 *   WDS_E_HANDLE         already closed, or never created
 * Threads: any.  Success leaves the record alone.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketClose(int32_t socket);

/*
 * WDSocketCloseEx closes a socket in a chosen way.
 *
 * how         WDS_CLOSE_GRACEFUL: as WDSocketClose, but waits until the data
 *             is sent and acknowledged by the peer's system, on a WebSocket
 *             with the close frame, whose answer it does not wait for.  The handle stays
 *             until then, so that another thread can end the wait: after
 *             WDSocketCancel and WDSocketClose the close continues in the
 *             background, for at most WDS_OPT_CLOSE_TIMEOUT; WDS_CLOSE_ABORT
 *             resets the connection at once, WDSocketCloseAll after
 *             WDS_OPT_CLOSE_TIMEOUT at the latest.  Other calls give
 *             WDS_E_CLOSED meanwhile.  The name is free at once.  A server or
 *             UDP socket is closed as by WDSocketClose.
 *             WDS_CLOSE_WRITE: the peer sees the end of what this program
 *             sends and can still answer; the handle stays.  On a WebSocket
 *             this sends the close frame, and does not wait for the answer,
 *             which reading gives.
 *             WDS_CLOSE_ABORT: reset; the peer gets WDS_E_RESET.
 *             WDS_CLOSE_GRACEFUL + WDS_CLOSE_CLIENTS: a server with all its
 *             channels, whose handles are no longer valid at once.  It takes no
 *             further client, and waits until what was written to the channels
 *             is sent and acknowledged, at most timeout_ms altogether; what is
 *             left then is still sent in the background, for at most
 *             WDS_OPT_CLOSE_TIMEOUT.  With 0 it does not wait: each is closed as
 *             by WDSocketClose, and the result is WDS_OK.  A server that is
 *             not open yet is closed, too.
 *             WDS_CLOSE_ABORT + WDS_CLOSE_CLIENTS: all of them are reset.
 * timeout_ms  for WDS_CLOSE_GRACEFUL and WDS_CLOSE_WRITE, -1 for ever.
 *
 * Results:
 *   WDS_OK
 *   WDS_E_TIMEOUT        the data was not sent in time.  GRACEFUL: the socket is
 *                        closed anyway, by a reset.  WRITE: sending continues,
 *                        more can be written, and the call can be repeated; the
 *                        same applies after WDS_E_CANCELLED.  CLIENTS: everything
 *                        is closed, and sending continues in the background
 *   WDS_E_RESET          the connection was cut before everything was sent; the
 *                        socket is closed
 *   WDS_E_KIND           WDS_CLOSE_WRITE on a server or UDP socket;
 *                        WDS_CLOSE_CLIENTS on a client, channel or UDP socket
 *   WDS_E_NOT_CONNECTED  WDS_CLOSE_WRITE on a socket that is not open
 *   WDS_E_BROKEN         WDS_CLOSE_WRITE after a write that stopped inside a message
 *   WDS_E_CANCELLED      WDSocketCancel ended the wait.  GRACEFUL: the handle is
 *                        no longer valid
 *   WDS_E_CLOSED         another thread has closed or is closing the socket
 *   WDS_E_BUSY           GRACEFUL: another thread is already doing so
 *   WDS_E_HANDLE
 * Threads: any.  Success leaves the record alone.
 * Since: 0.1.0
 */
WDSOCKET_API int32_t WDSOCKET_CALL WDSocketCloseEx(int32_t socket, int32_t how, int32_t timeout_ms);

#ifdef __cplusplus
}
#endif

#endif /* WDSOCKET_H */
