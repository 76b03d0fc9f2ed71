/*
 * open_tls.c - the library with TLS: TLS 1.3, full handshakes, the peer's
 * certificate verified. OpenSSL at the other end offers one suite.
 */
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>

#include "keys.h"
#include "open.h"

#define BITS (WDS_SSL_TLS13 | WDS_SSL_NO_RESUMPTION | WDS_SSL_ONLY_AUTHORITIES)

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Defaults for all sockets, so that the authority is read once. */
static void set_defaults(void)
{
    char authority[KEYS_PATH];

    keys_path(authority, "authority");
    must("authority", WDSocketSetText(0, WDS_TEXT_SSL_AUTHORITIES, authority));
    must("groups", WDSocketSetText(0, WDS_TEXT_SSL_GROUPS, KEYS_GROUP));
}

int32_t open_server(void)
{
    char certificate[KEYS_PATH], key[KEYS_PATH], both[2 * KEYS_PATH + 1];

    pthread_once(&once, set_defaults);
    keys_path(certificate, "certificate");
    keys_path(key, "key");
    snprintf(both, sizeof both, "%s|%s", certificate, key);
    return WDSocketCreateSSL(NULL, 0, both, WDS_SSL_TLS13 | WDS_SSL_NO_RESUMPTION, "127.0.0.1", NULL);
}

int32_t open_client(int port)
{
    pthread_once(&once, set_defaults);
    return WDSocketConnectSSL(NULL, port, "127.0.0.1", BITS, OPEN_WAIT_MS, NULL, NULL);
}
