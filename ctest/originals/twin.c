/*
 * twin.c - what hosts/windev/wdsocket_compat.wl does, in C: the same calls of the
 * library in the same order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "originals.h"
#include "wdsocket.h"

int twin_strict = 1;

/* wdSocketHandle: "#12" names an unnamed socket too. */
static int32_t handle(const char *socket) { return WDSocketFind(socket); }

/* wdErrorOccurred */
static int error_occurred(void)
{
    int32_t code = WDSocketErrorCode(0, WDS_INFO_CODE);

    if (twin_strict && code == WDS_E_TIMEOUT) {
        int32_t phase = WDSocketErrorCode(0, WDS_INFO_PHASE);

        if (phase == WDS_PHASE_READ || phase == WDS_PHASE_FRAME || phase == WDS_PHASE_ACCEPT)
            return 0;
    }
    return code != WDS_OK;
}

static void give(answer *a, int result)
{
    a->result = result;
    a->error = error_occurred();
}

static void twin_connect(answer *a, const char *socket, int port, const char *address, int timeout)
{
    give(a, WDSocketConnect(socket, port, address, timeout) > 0);
}

/* wdsSSLOptions */
static int32_t ssl_options(int options)
{
    int tls10 = (options & ProtocolTLS1) != 0, tls11 = (options & ProtocolTLS1_1) != 0, tls12 = (options & ProtocolTLS1_2) != 0,
        tls13 = (options & ProtocolTLS1_3) != 0;
    int32_t bits = 0;

    if (tls10)
        bits += WDS_SSL_TLS10;
    if (tls11 || (tls10 && (tls12 || tls13)))
        bits += WDS_SSL_TLS11;
    if (tls12 || ((tls10 || tls11) && tls13))
        bits += WDS_SSL_TLS12;
    if (tls13)
        bits += WDS_SSL_TLS13;
    return bits;
}

static void twin_connect_ssl(answer *a, const char *socket, int port, const char *address, int options, int timeout, const char *certificate)
{
    give(a, WDSocketConnectSSL(socket, port, address, ssl_options(options), timeout, certificate, certificate ? "" : NULL) > 0);
}

static void twin_create_ssl(answer *a, const char *socket, int port, const char *certificate, int options, const char *address)
{
    give(a, WDSocketCreateSSL(socket, port, certificate, ssl_options(options), address, "") > 0);
}

static void twin_create(answer *a, const char *socket, int port, const char *address)
{
    give(a, WDSocketCreate(socket, port, address) > 0);
}

static void twin_create_udp(answer *a, const char *socket, int port, const char *address)
{
    give(a, WDSocketCreateUDP(socket, port, address) > 0);
}

static void twin_wait(answer *a, const char *server, int timeout)
{
    give(a, WDSocketWaitForConnection(handle(server), timeout) == 1);
}

static void twin_accept(answer *a, const char *server)
{
    int32_t channel = WDSocketAccept(handle(server), -1);

    if (channel > 0)
        a->length = snprintf(a->bytes, sizeof a->bytes, "#%d", (int)channel);
    give(a, channel > 0);
}

static void twin_deny(answer *a, const char *server) { give(a, WDSocketDeny(handle(server)) == WDS_OK); }

static int32_t option(int32_t socket, int32_t what)
{
    int32_t value = 0, result = WDSocketGetOption(socket, what, &value);

    return result == WDS_OK ? value : result;
}

/* wdSocketReadBuffer */
static int32_t read_buffer(answer *a, int32_t socket, int32_t wait, int maximum)
{
    int32_t room = ANSWER_ROOM;

    if (maximum > 0 && maximum < room && option(socket, WDS_OPT_MODE) == WDS_MODE_RAW)
        room = maximum;
    return WDSocketRead(socket, a->bytes, room, wait);
}

/* wdsReadRest */
static int32_t read_rest(answer *a, int32_t socket, int32_t wait, int maximum, int32_t rest)
{
    int32_t before = option(socket, WDS_OPT_READ_GAP), read, code;

    WDSocketSetOption(socket, WDS_OPT_READ_GAP, rest);
    read = read_buffer(a, socket, wait, maximum);
    code = WDSocketErrorCode(0, WDS_INFO_CODE);
    if (code == WDS_OK || code == WDS_E_TIMEOUT)
        WDSocketSetOption(socket, WDS_OPT_READ_GAP, before);
    if (code == WDS_E_TIMEOUT)
        read = read_buffer(a, socket, 0, maximum);
    return read;
}

static void twin_read(answer *a, const char *socket, int forever, int timeout, int maximum, int rest)
{
    int32_t one = handle(socket), wait = forever ? -1 : timeout, read;
    int raw = 0;

    if (rest >= 0) {
        raw = option(one, WDS_OPT_MODE) == WDS_MODE_RAW;
        if (!raw) {
            int32_t begun = WDSocketReadExactly(one, NULL, 1, wait);

            if (begun < 0 && begun != WDS_E_KIND) {
                give(a, 0);
                return;
            }
            if (begun >= 0)
                wait = rest;
        }
    }
    read = raw ? read_rest(a, one, wait, maximum, rest) : read_buffer(a, one, wait, maximum);
    a->length = read > 0 ? read : 0;
    give(a, read > 0);
}

static void twin_write(answer *a, const char *socket, const void *message, int length, const char *address, int port)
{
    int32_t one = handle(socket);

    if (!address)
        give(a, WDSocketWrite(one, message, length) >= 0);
    else
        give(a, WDSocketWriteUDP(one, message, length, address, port) >= 0);
}

static void twin_close(answer *a, const char *socket) { give(a, WDSocketClose(handle(socket)) == WDS_OK); }

static void twin_exist(answer *a, const char *socket)
{
    int32_t one = handle(socket);

    if (one <= 0) {
        option(0, WDS_OPT_LOG_LEVEL);
        give(a, 0);
        return;
    }
    give(a, WDSocketExist(one) == 1);
}

static void twin_info(answer *a, const char *socket, client_info what)
{
    int32_t kind = 0, length;

    switch (what) {
    case SocketAddress: kind = WDS_INFO_ADDRESS; break;
    case SocketPort: kind = WDS_INFO_PORT; break;
    }
    length = WDSocketClientInfo(handle(socket), kind, a->bytes, (int32_t)sizeof a->bytes);
    a->length = length > 0 ? length : 0;
    give(a, length > 0);
}

static void twin_mode(answer *a, const char *socket, transmission_mode mode, const char *tag)
{
    int32_t one = handle(socket), ours = 0, length;

    switch (mode) {
    case SocketEndTag: ours = WDS_MODE_END_TAG; break;
    case SocketEndTagBuffer: ours = WDS_MODE_END_TAG_BUFFER; break;
    case SocketNoEndTag: ours = WDS_MODE_RAW; break;
    case SocketSizeFirst: ours = WDS_MODE_SIZE; break;
    }
    if (!tag && (ours == WDS_MODE_END_TAG || ours == WDS_MODE_END_TAG_BUFFER))
        tag = "\x1A";
    length = tag ? (int32_t)strlen(tag) : 0;
    give(a, WDSocketChangeTransmissionMode(one, ours, length ? tag : NULL, length) == WDS_OK);
}

static int twin_port(const char *socket) { return (int)option(handle(socket), WDS_OPT_LOCAL_PORT); }

static int twin_reading(const char *socket) { return WDSocketRead(handle(socket), NULL, 0, 0) == WDS_E_BUSY; }

const originals twin = { "the library", twin_connect, twin_connect_ssl, twin_create, twin_create_ssl, twin_create_udp, twin_wait, twin_accept, twin_deny, twin_read,
                         twin_write, twin_close, twin_exist, twin_info, twin_mode, twin_port, twin_reading };
