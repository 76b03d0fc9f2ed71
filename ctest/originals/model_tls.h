/*
 * model_tls.h - TLS for the model, by OpenSSL where MODEL_TLS is defined.
 */
#ifndef MODEL_TLS_H
#define MODEL_TLS_H

typedef struct model_tls model_tls;

/* Shake hands on a descriptor that does not block; NULL where that fails. options are
   Protocol constants, 0 = TLS 1.0 to 1.2. */
model_tls *tls_connect(int descriptor, int options, int ms);
model_tls *tls_accept(int descriptor, const char *certificate, int options, int ms);
int tls_pending(model_tls *tls);
int tls_receive(model_tls *tls, char *bytes, int room); /* > 0 bytes, 0 nothing yet, -1 the end */
int tls_send(model_tls *tls, const char *bytes, int length);
void tls_free(model_tls *tls);

#endif
