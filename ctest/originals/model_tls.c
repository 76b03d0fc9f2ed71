/*
 * model_tls.c - see model_tls.h.
 */
#define _DEFAULT_SOURCE

#include <openssl/ssl.h>
#include <poll.h>
#include <stdlib.h>

#include "model_tls.h"
#include "originals.h"
#include "platform.h"

struct model_tls {
    int descriptor;
    SSL_CTX *context;
    SSL *ssl;
};

/* Waits for what OpenSSL wants; 0 when it failed, or the time is up. */
static int again(model_tls *tls, int result, int64_t end)
{
    struct pollfd one;
    int64_t left = (end - h_now_us()) / 1000;
    int why = SSL_get_error(tls->ssl, result);

    one.fd = tls->descriptor;
    one.events = why == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;
    one.revents = 0;
    return (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) && left > 0 && poll(&one, 1, (int)left) >= 0;
}

static void protocols(SSL_CTX *context, int options)
{
    int low = options & ProtocolTLS1 ? TLS1_VERSION : options & ProtocolTLS1_1 ? TLS1_1_VERSION : options & ProtocolTLS1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
    int high = options & ProtocolTLS1_3 ? TLS1_3_VERSION : options & ProtocolTLS1_2 ? TLS1_2_VERSION : options & ProtocolTLS1_1 ? TLS1_1_VERSION : TLS1_VERSION;

    SSL_CTX_set_min_proto_version(context, options ? low : TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, options ? high : TLS1_2_VERSION);
}

static model_tls *start(int descriptor, const char *certificate, int options, int ms)
{
    model_tls *tls = calloc(1, sizeof *tls);
    int64_t end = h_now_us() + (int64_t)ms * 1000;
    int done;

    tls->descriptor = descriptor;
    tls->context = SSL_CTX_new(TLS_method());
    protocols(tls->context, options);
    if (certificate && (SSL_CTX_use_certificate_chain_file(tls->context, certificate) != 1 ||
                        SSL_CTX_use_PrivateKey_file(tls->context, certificate, SSL_FILETYPE_PEM) != 1)) {
        SSL_CTX_free(tls->context);
        free(tls);
        return NULL;
    }
    tls->ssl = SSL_new(tls->context);
    SSL_set_fd(tls->ssl, descriptor);
    do
        done = certificate ? SSL_accept(tls->ssl) : SSL_connect(tls->ssl);
    while (done != 1 && again(tls, done, end));
    if (done == 1)
        return tls;
    tls_free(tls);
    return NULL;
}

model_tls *tls_connect(int descriptor, int options, int ms) { return start(descriptor, NULL, options, ms); }

model_tls *tls_accept(int descriptor, const char *certificate, int options, int ms) { return start(descriptor, certificate, options, ms); }

int tls_pending(model_tls *tls) { return SSL_pending(tls->ssl) > 0; }

int tls_receive(model_tls *tls, char *bytes, int room)
{
    int n = SSL_read(tls->ssl, bytes, room);

    return n > 0 ? n : SSL_get_error(tls->ssl, n) == SSL_ERROR_WANT_READ ? 0 : -1;
}

int tls_send(model_tls *tls, const char *bytes, int length)
{
    int64_t end = h_now_us() + 30000000;
    int n;

    do
        n = SSL_write(tls->ssl, bytes, length);
    while (n <= 0 && again(tls, n, end));
    return n == length;
}

/* Ends TLS in order. */
void tls_free(model_tls *tls)
{
    SSL_shutdown(tls->ssl);
    SSL_free(tls->ssl);
    SSL_CTX_free(tls->context);
    free(tls);
}
