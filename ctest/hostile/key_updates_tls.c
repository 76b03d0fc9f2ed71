/*
 * key_updates_tls.c - a TLS 1.3 peer that asks for one key update after the other
 * and never reads the answers: they may neither fill the memory nor keep the
 * processor busy, and the connection is ended with an error that says why.
 */
#ifndef _WIN32
#define _DEFAULT_SOURCE
#endif
#include "certificates.h"
#include "harness.h"

#ifdef H_UNIX /* where there is OpenSSL; core/key_updates_test.go makes such a peer without */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

typedef struct {
    int port;
    int reads;     /* the peer takes its answers */
    volatile int64_t over; /* it may close */
    int64_t sent;  /* key updates */
    int64_t limit; /* and it wants no more than so many */
} flood;

/* 1 when the peer may go on after a result of OpenSSL. */
static int go_on(SSL *ssl, int result, int64_t end)
{
    struct pollfd on;
    int why = SSL_get_error(ssl, result);

    if (why != SSL_ERROR_WANT_WRITE && why != SSL_ERROR_WANT_READ)
        return 0;
    on.fd = SSL_get_fd(ssl);
    on.events = why == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;
    on.revents = 0;
    poll(&on, 1, 100);
    return h_now_us() < end && !(on.revents & (POLLERR | POLLHUP));
}

/* A connection on which little can be on its way to the peer. */
static h_sock narrow(int port)
{
    struct sockaddr_in to;
    int sock = socket(AF_INET, SOCK_STREAM, 0), small = 4096;

    memset(&to, 0, sizeof to);
    to.sin_family = AF_INET;
    to.sin_port = htons((uint16_t)port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    setsockopt(sock, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    CHECK(connect(sock, (struct sockaddr *)&to, sizeof to) == 0);
    return sock;
}

static int32_t flood_thread(void *argument)
{
    flood *f = (flood *)argument;
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *ssl = SSL_new(context);
    h_sock sock = narrow(f->port);
    int64_t end = h_now_us() + 40000000;
    int result, i, on = 1;
    char scrap[1024];

    SSL_set_fd(ssl, (int)sock);
    if (SSL_connect(ssl) == 1) {
        fcntl((int)sock, F_SETFL, O_NONBLOCK);
        while (on && f->sent < f->limit) {
            for (i = 0; on && i < 14; i++) { /* more in a row are refused */
                SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED);
                while ((result = SSL_do_handshake(ssl)) != 1 && (on = go_on(ssl, result, end)))
                    ;
                f->sent += on;
            }
            while (on && (result = SSL_write(ssl, "1\r\nx", 4)) != 4)
                on = go_on(ssl, result, end);
            while (on && f->reads && recv((int)sock, scrap, sizeof scrap, 0) > 0) /* not for OpenSSL: it would not go on writing */
                ;
        }
    }
    while (f->limit < 100000 && !h_get(&f->over) && h_now_us() < end)
        h_sleep(2);
    result = on;
    SSL_free(ssl);
    SSL_CTX_free(context);
    h_close(sock);
    return result;
}

static void never_read(int queued)
{
    flood f = {0, 0, 0, 0, 1000000};
    int32_t server, channel, queue = WDSocketNewQueue(), got = 1;
    int64_t begun, used;
    h_thread *peer;
    char message[16];

    tls_trust();
    server = tls_server("good.pem", 0, &f.port);
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_SEND_BUFFER, 8192));
    CHECK_OK(WDSocketSetOption(server, WDS_OPT_RECEIVE_BUFFER, 8192));
    peer = h_start(flood_thread, &f);
    channel = WDSocketAccept(server, 20000);
    REQUIRE(CHECK_GE(channel, 1));
    if (queued)
        CHECK_OK(WDSocketAttach(queue, channel, WDS_ATTACH_PLAIN));
    for (begun = h_now_us(); got > 0 && h_now_us() - begun < 40000000;) {
        if (queued && h_next_event(queue, 20000).kind != WDS_EVENT_MESSAGE)
            break;
        got = WDSocketRead(channel, message, (int32_t)sizeof message, 20000);
    }
    got = WDSocketRead(channel, message, (int32_t)sizeof message, 20000);
    CHECK_CODE(got, WDS_E_TLS_RECORD);
    CHECK_HAS(h_error(channel, WDS_INFO_DETAIL), "key updates");
    used = f.sent;
    if (!CHECK(used < 100000))
        printf("%d key updates\n", (int)used);
    CHECK_OK(WDSocketCloseEx(channel, WDS_CLOSE_ABORT, 0)); /* else what is not read is waited for */
    CHECK_OK(WDSocketClose(server));
    CHECK_OK(WDSocketClose(queue));
    h_join(peer);
}

TEST(in_a_queue)
{
    never_read(1);
}

TEST(in_a_read_that_waits)
{
    never_read(0);
}

/* One that reads them may ask as often as it likes, also while the host writes much. */
TEST(a_peer_that_reads)
{
    flood f = {0, 1, 0, 0, 4200};
    int32_t server, channel;
    int i, bad = 0;
    h_thread *peer;
    char message[16];

    tls_trust();
    server = tls_server("good.pem", 0, &f.port);
    peer = h_start(flood_thread, &f);
    channel = WDSocketAccept(server, 20000);
    REQUIRE(CHECK_GE(channel, 1));
    for (i = 0; i < 300; i++)
        bad += WDSocketRead(channel, message, (int32_t)sizeof message, 20000) != 1;
    CHECK_EQ(bad, 0);
    h_add(&f.over, 1);
    CHECK_EQ(h_join(peer), 1);
    CHECK_OK(WDSocketClose(channel));
    CHECK_OK(WDSocketClose(server));
}

#endif

#define MUCH (12 << 20) /* more than the system takes on its way */

static int32_t write_much(void *argument)
{
    char *much = (char *)calloc(MUCH, 1);
    int32_t result = WDSocketWrite(*(int32_t *)argument, much, MUCH);

    free(much);
    return result;
}

static int32_t read_much(void *argument)
{
    char *much = (char *)malloc(MUCH);
    int32_t result = WDSocketRead(*(int32_t *)argument, much, MUCH, 60000);

    free(much);
    return result;
}

/* What the hosts themselves write is no answer: each side reads while most of what it
   wrote has not left, for as long as the other one's has not. */
TEST(both_sides_write_much)
{
    h_pair pair;
    h_thread *threads[4];
    int i;

    tls_trust();
    REQUIRE(tls_pair_open(&pair, 0, 0));
    threads[0] = h_start(write_much, &pair.client);
    threads[1] = h_start(write_much, &pair.channel);
    WAIT_UNTIL(WDSocketAvailable(pair.client) > 0 && WDSocketAvailable(pair.channel) > 0);
    threads[2] = h_start(read_much, &pair.client);
    threads[3] = h_start(read_much, &pair.channel);
    for (i = 0; i < 4; i++)
        CHECK_EQ(h_join(threads[i]), MUCH);
    h_pair_close(&pair);
}
