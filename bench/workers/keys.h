/*
 * keys.h - the certificates that run.sh has made, and what both sides of the
 * measurements with TLS agree on
 */
#ifndef BENCH_KEYS_H
#define BENCH_KEYS_H

#define KEYS_PATH 1024
#define KEYS_SUITE "TLS_AES_128_GCM_SHA256"
#define KEYS_GROUP "X25519"

/* keys_use chooses the certificate's key, "ecdsa" (the default) or "rsa"; before the first link. */
void keys_use(const char *kind);

/* keys_path tells the file of "authority", "certificate" or "key". */
void keys_path(char path[KEYS_PATH], const char *what);

#endif
