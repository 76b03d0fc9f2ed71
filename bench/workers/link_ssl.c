/*
 * link_ssl.c - OpenSSL by hand over blocking sockets: header and beginning of a
 * message in one record, records read ahead. One suite and one group, TLS 1.3
 * only, full handshakes, and a client verifies the server's certificate.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"
#include "keys.h"
#include "link.h"
#include "message.h"

#define RECORD 16384

struct bench_link {
    SSL *ssl;
    int descriptor;
    struct message_input input;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static SSL_CTX *client_context, *server_context;

struct message_input *message_input_of(bench_link *link)
{
    return &link->input;
}

static void give_up(const char *doing)
{
    unsigned long code = ERR_peek_last_error();

    bench_die("%s: %s", doing, code != 0 ? ERR_reason_error_string(code) : strerror(errno));
}

static SSL_CTX *make_context(const SSL_METHOD *method)
{
    SSL_CTX *context = SSL_CTX_new(method);

    if (context == NULL || SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_ciphersuites(context, KEYS_SUITE) != 1 || SSL_CTX_set1_groups_list(context, KEYS_GROUP) != 1 ||
        SSL_CTX_set_num_tickets(context, 0) != 1)
        give_up("context");
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_read_buffer_len(context, MESSAGE_BUFFER);
    return context;
}

static void make_server_context(void)
{
    char path[KEYS_PATH];

    server_context = make_context(TLS_server_method());
    keys_path(path, "certificate");
    if (SSL_CTX_use_certificate_chain_file(server_context, path) != 1)
        give_up(path);
    keys_path(path, "key");
    if (SSL_CTX_use_PrivateKey_file(server_context, path, SSL_FILETYPE_PEM) != 1)
        give_up(path);
    /* Workers end without a close_notify, and a client may have gone when its connection is closed. */
    SSL_CTX_set_options(server_context, SSL_OP_IGNORE_UNEXPECTED_EOF);
    signal(SIGPIPE, SIG_IGN);
}

static void make_client_context(void)
{
    char path[KEYS_PATH];

    client_context = make_context(TLS_client_method());
    SSL_CTX_set_verify(client_context, SSL_VERIFY_PEER, NULL);
    keys_path(path, "authority");
    if (SSL_CTX_load_verify_locations(client_context, path, NULL) != 1 ||
        X509_VERIFY_PARAM_set1_ip_asc(SSL_CTX_get0_param(client_context), "127.0.0.1") != 1)
        give_up(path);
    signal(SIGPIPE, SIG_IGN);
}

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address;

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static bench_link *make(SSL_CTX *context, int descriptor)
{
    bench_link *link = bench_memory(sizeof *link);
    int on = 1;

    link->descriptor = descriptor;
    link->input.begin = link->input.end = 0;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    link->ssl = SSL_new(context);
    if (link->ssl == NULL || SSL_set_fd(link->ssl, descriptor) != 1)
        give_up("connection");
    return link;
}

int link_listen(int *port)
{
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    pthread_once(&once, make_server_context);
    if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(descriptor, 511) != 0 || getsockname(descriptor, (struct sockaddr *)&address, &length) != 0)
        bench_die("listen: %s", strerror(errno));
    *port = ntohs(address.sin_port);
    return descriptor;
}

/* The handshake is made by the first send or receive, in the client's thread. */
bench_link *link_accept(int listener)
{
    bench_link *link;
    int descriptor;

    do
        descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    while (descriptor < 0 && (errno == EINTR || errno == ECONNABORTED));
    if (descriptor < 0)
        bench_die("accept: %s", strerror(errno));
    link = make(server_context, descriptor);
    SSL_set_accept_state(link->ssl);
    return link;
}

bench_link *link_connect(int port)
{
    struct sockaddr_in address = loopback(port);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bench_link *link;

    pthread_once(&once, make_client_context);
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0)
        bench_die("connect: %s", strerror(errno));
    link = make(client_context, descriptor);
    if (SSL_connect(link->ssl) != 1)
        give_up("handshake");
    return link;
}

void link_put(bench_link *link, const void *data, int length)
{
    if (length > 0 && SSL_write(link->ssl, data, length) != length)
        give_up("send");
}

void link_send(bench_link *link, const void *data, int length)
{
    char joined[RECORD];
    int header = message_header(joined, length), first = length;

    if (first > RECORD - header)
        first = RECORD - header;
    memcpy(joined + header, data, (size_t)first);
    link_put(link, joined, header + first);
    link_put(link, (const char *)data + first, length - first);
}

int message_take(bench_link *link, char *data, size_t room)
{
    int got = SSL_read(link->ssl, data, (int)room), error;

    if (got > 0)
        return got;
    error = SSL_get_error(link->ssl, got);
    if (error != SSL_ERROR_ZERO_RETURN && (error != SSL_ERROR_SYSCALL || errno != ECONNRESET))
        give_up("receive");
    return -1;
}

void link_close(bench_link *link)
{
    SSL_shutdown(link->ssl);
    SSL_free(link->ssl);
    close(link->descriptor);
    free(link);
    /* What one connection leaves must not be taken for another's. */
    ERR_clear_error();
}
