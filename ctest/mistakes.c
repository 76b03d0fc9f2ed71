/*
 * mistakes.c - what newcomers do wrong, and whether the text of the error alone, in
 * English and in French, names the cure.
 *
 * With CTEST_TEXTS in the environment the texts are printed, each on a line of its
 * own: number, name of the code, English, French; with CTEST_TEXTS=answers the
 * mistakes instead.
 */
#include "certificates.h"
#include "harness.h"

#include <stdarg.h>

/* ---- reading a text in both languages ---- */

#define ROOM 2048

static int32_t set_language(void *language)
{
    return WDSocketSetText(0, WDS_TEXT_LANGUAGE, language);
}

/* In a thread of its own: the record of this one stays. */
static void speak(char *language)
{
    CHECK_OK(h_join(h_start(set_language, language)));
}

static char english_text[ROOM], french_text[ROOM];

static void read_texts(void)
{
    static char english[] = "en", french[] = "fr";

    WDSocketErrorInfo(0, WDS_INFO_MESSAGE, english_text, ROOM);
    speak(french);
    WDSocketErrorInfo(0, WDS_INFO_MESSAGE, french_text, ROOM);
    speak(english);
}

static int mistakes;

static void show(const char *mistake, int32_t code, const char *english, const char *french)
{
    const char *wanted = getenv("CTEST_TEXTS");
    char name[64];

    mistakes++;
    if (wanted == NULL)
        return;
    WDSocketErrorText(code, WDS_INFO_NAME, name, (int32_t)sizeof name);
    if (strcmp(wanted, "answers") == 0)
        printf("%d. %s\n", mistakes, mistake);
    else
        printf("%d. %s\n   %s\n   %s\n\n", mistakes, name, english, french);
}

/* Checks that a text has all the words, which are separated by '|'. */
static void has_words(const char *text, const char *words)
{
    char word[ROOM];
    const char *end;

    for (; words != NULL; words = end == NULL ? NULL : end + 1) {
        end = strchr(words, '|');
        snprintf(word, sizeof word, "%.*s", end == NULL ? (int)strlen(words) : (int)(end - words), words);
        CHECK_HAS(text, word);
    }
}

/*
 * The thread's last error was caused by this mistake: its code, and the words that its
 * text has in English and in French.
 */
static void told(const char *mistake, int32_t got, int32_t code, const char *english, const char *french)
{
    CHECK_CODE(got, code);
    read_texts();
    show(mistake, got, english_text, french_text);
    has_words(english_text, english);
    has_words(french_text, french);
}

/* The words with a number in place of "%d". */
static const char *with(const char *words, int n)
{
    static char text[4][512];
    static int next;
    char *p = text[next++ % 4];

    snprintf(p, sizeof text[0], words, n);
    return p;
}

/* A client of ours in a mode, and the raw end of it. */
static int half_in_mode(h_half *half, int32_t mode, const char *tag)
{
    if (!h_half_client(half))
        return 0;
    return CHECK_OK(WDSocketChangeTransmissionMode(half->socket, mode, tag, -1));
}

/* The peer sends these bytes and the program reads: that is the mistake. */
static void told_of_bytes(h_half *half, const char *bytes, int length, int32_t timeout_ms, const char *mistake, int32_t code,
                          const char *english, const char *french)
{
    char got[256];

    REQUIRE(CHECK(h_send(half->raw, bytes, length)));
    told(mistake, WDSocketRead(half->socket, got, (int32_t)sizeof got, timeout_ms), code, english, french);
    h_half_close(half);
}

/* ---- nothing comes in time ---- */

TEST(connect_without_an_answer)
{
    h_hole hole;

    h_hole_open(&hole, "127.0.0.1", 0);
    told("The computer that is connected to is off, or behind a firewall that drops. Check address, computer and firewall.",
         WDSocketConnect(NULL, hole.port, "127.0.0.1", 300), WDS_E_TIMEOUT,
         with("127.0.0.1:%d|no answer|300 ms|firewall|switched off|refused", hole.port),
         with("127.0.0.1:%d|réponse|300 ms|pare-feu|éteinte|refus", hole.port));
    h_hole_close(&hole);
}

TEST(read_while_the_peer_is_silent)
{
    h_half half;
    char got[64];

    REQUIRE(half_in_mode(&half, WDS_MODE_END_TAG, "\r\n"));
    told("The peer has sent nothing: it waits for a message itself, or the program has to wait longer.",
         WDSocketRead(half.socket, got, (int32_t)sizeof got, 10), WDS_E_TIMEOUT,
         "127.0.0.1:|nothing|10 ms|WDS_MODE_END_TAG|0D 0A", "127.0.0.1:|rien|10 ms|WDS_MODE_END_TAG|0D 0A");
    h_half_close(&half);
}

TEST(read_without_the_end_tag)
{
    h_half half;
    char got[64];

    REQUIRE(half_in_mode(&half, WDS_MODE_END_TAG, "\r\n"));
    REQUIRE(CHECK(h_send(half.raw, "GROUP x\n", 8)));
    WAIT_UNTIL(WDSocketAvailable(half.socket) == 0 && WDSocketErrorCode(0, WDS_INFO_CODE) == 0);
    told("The peer ends its lines with LF, this end waits for CR LF. Set the end tag to \"\\n\".",
         WDSocketRead(half.socket, got, (int32_t)sizeof got, 200), WDS_E_TIMEOUT,
         "8 bytes|200 ms|end tag 0D 0A|\"GROUP x\\n\"|WDS_MODE_END_TAG with the tag 0A",
         "8 octets|200 ms|marqueur de fin 0D 0A|\"GROUP x\\n\"|WDS_MODE_END_TAG avec le marqueur 0A");
    h_half_close(&half);
}

TEST(read_of_a_message_that_stops)
{
    h_half half;

    REQUIRE(half_in_mode(&half, WDS_MODE_SIZE, NULL));
    told_of_bytes(&half, "105\r\nhalf of it", 15, 200,
                  "The peer announced 100 bytes more than it sent: the number in front of the message is wrong, or the rest is late.", WDS_E_TIMEOUT,
                  "15 of 110 bytes|200 ms|WDS_MODE_SIZE|\"105\\r\\nhalf of it\"", "15 des 110 octets|200 ms|WDS_MODE_SIZE|\"105\\r\\nhalf of it\"");
}

TEST(silent_name_server)
{
    h_dns *dns = h_dns_start();
    int32_t socket = h_dns_socket(dns, NULL);

    h_dns_add(dns, "device.example", "127.0.0.1", 0, H_DNS_SILENT);
    told("The name server does not answer. Check the network or name server, or use an IP address.",
         WDSocketOpen(socket, WDS_KIND_CLIENT, 5000, "device.example", 300), WDS_E_RESOLVER,
         with("device.example|127.0.0.1:%d|300 ms|name server|IP address", h_dns_port(dns)),
         with("device.example|127.0.0.1:%d|300 ms|serveur de noms|adresse IP", h_dns_port(dns)));
    CHECK(strstr(english_text, "closed network") == NULL);
    CHECK_OK(WDSocketClose(socket));
    h_dns_stop(dns);
}

TEST(tls_with_a_plain_server)
{
    int port;
    h_sock listener = h_listen("127.0.0.1", 0, 5, &port);

    told("The server does not speak TLS on that port: it waits for a plain message. Use the TLS port, or WDSocketConnect.",
         WDSocketConnectSSL(NULL, port, "127.0.0.1", 0, 300, NULL, NULL), WDS_E_TIMEOUT,
         with("127.0.0.1:%d|TLS hand-shake|300 ms|WDSocketConnect ", port), with("127.0.0.1:%d|négociation TLS|300 ms|WDSocketConnect ", port));
    h_close(listener);
}

TEST(write_while_the_peer_does_not_read)
{
    h_half half;
    static char much[4 << 20];

    REQUIRE(h_half_narrow(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_WRITE_TIMEOUT, 200));
    told("The peer does not read what is sent to it. Make it read, or wait longer (WDS_OPT_WRITE_TIMEOUT).",
         WDSocketWrite(half.socket, much, (int32_t)sizeof much), WDS_E_TIMEOUT,
         "127.0.0.1:|200 ms|does not read|of 4194313 bytes|WDS_OPT_WRITE_TIMEOUT", "127.0.0.1:|200 ms|ne lit pas|4194313 octets|WDS_OPT_WRITE_TIMEOUT");
    told("A message was written in part before: nothing more can be written. Close and connect again.",
         WDSocketWrite(half.socket, "x", 1), WDS_E_BROKEN, "127.0.0.1:|of 4194313 bytes", "127.0.0.1:|4194313");
    CHECK(strstr(english_text, "closed the connection") == NULL); /* the peer is there */
    h_half_close(&half);
}

TEST(accept_without_a_client)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");

    told("No client has connected. Does the client use this address and port?",
         WDSocketAccept(server, 10), WDS_E_TIMEOUT,
         with("no client|127.0.0.1:%d|10 ms", h_port(server)), with("aucun client|127.0.0.1:%d|10 ms", h_port(server)));
    CHECK_OK(WDSocketClose(server));
}

/* ---- the two ends speak differently ---- */

TEST(plain_client_of_a_tls_server)
{
    int port;
    int32_t server = tls_server("good.pem", 0, &port), client = WDSocketConnect(NULL, port, "127.0.0.1", 5000);
    char got[64];

    CHECK_GE(client, 1);
    CHECK_OK(WDSocketChangeTransmissionMode(client, WDS_MODE_END_TAG, "\r\n", -1));
    CHECK_CODE(WDSocketWrite(client, "hello", 5), 5);
    told("A plain client is connected to a TLS port. Use WDSocketConnectSSL.",
         WDSocketRead(client, got, (int32_t)sizeof got, 5000), WDS_E_PEER_CLOSED, "TLS|WDSocketConnectSSL", "TLS|WDSocketConnectSSL");
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

TEST(closed_at_the_first_message)
{
    h_half half;
    char got[64];

    REQUIRE(h_half_client(&half));
    CHECK_CODE(WDSocketWrite(half.socket, "hello", 5), 5);
    CHECK_EQ(h_recv(half.raw, got, 8, 5000), 8);
    h_close(half.raw);
    half.raw = H_NO_SOCK;
    told("The server closed at the first message: its port speaks TLS, or it expects another mode.",
         WDSocketRead(half.socket, got, (int32_t)sizeof got, 5000), WDS_E_PEER_CLOSED,
         "without an answer|TLS|WDS_MODE_SIZE|mode", "sans réponse|TLS|WDS_MODE_SIZE|mode");
    CHECK_OK(WDSocketClose(half.socket));
}

TEST(tls_client_of_a_plain_server)
{
    static const char hello[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    h_half half;

    REQUIRE(h_half_channel(&half));
    told_of_bytes(&half, hello, 11, 5000,
                  "A TLS client is connected to a plain server. Create the server with WDSocketCreateSSL, or connect without TLS.", WDS_E_FRAME,
                  "TLS|WDSocketCreateSSL|WDS_MODE_SIZE", "TLS|WDSocketCreateSSL|WDS_MODE_SIZE");
}

TEST(browser_on_a_server)
{
    h_half half;

    REQUIRE(h_half_channel(&half));
    told_of_bytes(&half, "GET / HTTP/1.1\r\n\r\n", 18, 5000,
                  "A browser (HTTP) is connected to a server that is none of HTTP; close that client and go on with the others.", WDS_E_FRAME,
                  "HTTP|\"GET / HTTP/1.1\\r\\n", "HTTP|\"GET / HTTP/1.1\\r\\n");
    CHECK(strstr(english_text, "onnect again") == NULL);
}

TEST(lines_in_the_mode_of_windev)
{
    h_half half;

    REQUIRE(half_in_mode(&half, WDS_MODE_SIZE, NULL));
    told_of_bytes(&half, "220 ready\r\n", 11, 5000,
                  "The peer sends lines, this end is in the mode that it was created with, WDS_MODE_SIZE. Change to WDS_MODE_END_TAG with CR LF.", WDS_E_FRAME,
                  "WDS_MODE_SIZE|\"220 ready\\r\\n\"|WDS_MODE_END_TAG with the tag 0D 0A|WDSocketChangeTransmissionMode",
                  "WDS_MODE_SIZE|\"220 ready\\r\\n\"|WDS_MODE_END_TAG avec le marqueur 0D 0A|WDSocketChangeTransmissionMode");
}

TEST(length_in_the_other_byte_order)
{
    h_half half;

    REQUIRE(half_in_mode(&half, WDS_MODE_LENGTH, NULL));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_FRAME_WIDTH, 4));
    told_of_bytes(&half, "\x05\0\0\0hello", 9, 5000,
                  "The peer sends the length with the low byte first. Set WDS_OPT_FRAME_ORDER to 1.", WDS_E_TOO_LONG,
                  "83886080|WDS_OPT_MAX_MESSAGE|16777216|WDS_OPT_FRAME_ORDER|5", "83886080|WDS_OPT_MAX_MESSAGE|16777216|WDS_OPT_FRAME_ORDER|5");
}

TEST(end_tag_that_never_comes)
{
    h_half half;

    REQUIRE(half_in_mode(&half, WDS_MODE_END_TAG, "\r\n"));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_MAX_MESSAGE, 20));
    told_of_bytes(&half, "a line that is longer than that\r\n", 33, 5000,
                  "The message is longer than allowed. Raise WDS_OPT_MAX_MESSAGE, or check the end tag.", WDS_E_TOO_LONG,
                  "WDS_OPT_MAX_MESSAGE|20|0D 0A|\"a line that is long", "WDS_OPT_MAX_MESSAGE|20|0D 0A|\"a line that is long");
}

TEST(tag_inside_a_message)
{
    h_half half;

    REQUIRE(half_in_mode(&half, WDS_MODE_END_TAG, "\r\n"));
    told("The program appends the end tag itself. Leave it out: the library appends it.",
         WDSocketWrite(half.socket, "hello\r\n", 7), WDS_E_TAG_IN_MESSAGE,
         "0D 0A|leave it out|appends it|WDS_OPT_TAG_AS_IS", "0D 0A|ne l'ajoutez pas|l'ajoute|WDS_OPT_TAG_AS_IS");
    h_half_close(&half);
}

TEST(closed_inside_a_message)
{
    h_half half;
    char got[256];

    REQUIRE(half_in_mode(&half, WDS_MODE_SIZE, NULL));
    REQUIRE(CHECK(h_send(half.raw, "100\r\nabc", 8)));
    h_close(half.raw);
    half.raw = H_NO_SOCK;
    told("The peer closed in the middle of a message: it closes too early, or writes a wrong length.",
         WDSocketRead(half.socket, got, (int32_t)sizeof got, 5000), WDS_E_PEER_CLOSED, "8 of 105 bytes|\"100\\r\\nabc\"", "8 des 105 octets|\"100\\r\\nabc\"");
    CHECK_OK(WDSocketClose(half.socket));
}

/* ---- sockets that are none, or none of the kind ---- */

TEST(wrong_kind)
{
    h_pair pair;

    REQUIRE(h_pair_open(&pair));
    told("WDSocketAccept was called with a client. Give it the server's handle.",
         WDSocketAccept(pair.client, 10), WDS_E_KIND, "WDSocketAccept|server|WDS_KIND_CLIENT", "WDSocketAccept|serveur|WDS_KIND_CLIENT");
    h_pair_close(&pair);
}

TEST(datagram_function_on_a_client)
{
    h_pair pair;

    REQUIRE(h_pair_open(&pair));
    told("WDSocketWriteUDP was called with a TCP client. Use WDSocketWrite, or a socket of WDSocketCreateUDP.",
         WDSocketWriteUDP(pair.client, "x", 1, "127.0.0.1", 5000), WDS_E_KIND,
         "WDSocketWriteUDP|WDSocketCreateUDP|WDS_KIND_CLIENT", "WDSocketWriteUDP|WDSocketCreateUDP|WDS_KIND_CLIENT");
    h_pair_close(&pair);
}

TEST(queue_for_a_socket)
{
    int32_t queue = WDSocketNewQueue();
    char got[8];

    told("A queue's handle was given where a socket's is needed.",
         WDSocketRead(queue, got, 8, 0), WDS_E_KIND, "WDSocketRead|queue|WDSocketNewQueue", "WDSocketRead|file d'événements|WDSocketNewQueue");
    CHECK_OK(WDSocketClose(queue));
}

TEST(closed_handle)
{
    h_pair pair;
    int32_t old;

    REQUIRE(h_pair_open(&pair));
    old = pair.client;
    h_pair_close(&pair);
    told("The socket was closed already.", WDSocketWrite(old, "x", 1), WDS_E_HANDLE,
         with("socket %d|closed", old), with("socket %d|fermé", old));
}

TEST(result_that_was_not_looked_at)
{
    char got[8];

    told("The result of WDSocketConnect was an error and was used as a handle. Check it first.",
         WDSocketRead(WDS_E_REFUSED, got, 8, 0), WDS_E_HANDLE, "WDS_E_REFUSED|error|check", "WDS_E_REFUSED|erreur|vérifiez");
}

TEST(attached_twice)
{
    h_pair pair;
    int32_t queue = WDSocketNewQueue();

    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketAttach(queue, pair.client, 0));
    told("The socket is in a queue already. Detach it first.", WDSocketAttach(queue, pair.client, 0), WDS_E_STATE,
         "queue already|WDSocketDetach", "déjà dans une file|WDSocketDetach");
    h_pair_close(&pair);
    CHECK_OK(WDSocketClose(queue));
}

TEST(exchange_in_a_queue)
{
    h_pair pair;
    int32_t queue = WDSocketNewQueue();
    char got[8];

    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketAttach(queue, pair.client, 0));
    told("WDSocketExchange waits, which a socket in a queue cannot. Use WDSocketWrite and the event, or detach it.",
         WDSocketExchange(pair.client, "x", 1, got, 8, 100), WDS_E_BUSY,
         "WDSocketExchange|queue|WDSocketDetach|WDSocketWrite", "WDSocketExchange|file d'événements|WDSocketDetach|WDSocketWrite");
    CHECK(strstr(english_text, "thread") == NULL);
    told("A read on a socket in a queue never waits, whatever time it is given. Wait for its event.",
         WDSocketRead(pair.client, got, 8, 5000), WDS_E_TIMEOUT, "queue|never waits|WDS_EVENT_MESSAGE|WDSocketNextEvents", "file|événement|WDSocketNextEvents");
    h_pair_close(&pair);
    CHECK_OK(WDSocketClose(queue));
}

TEST(read_of_a_standard_server)
{
    h_pair pair;
    char got[8];

    REQUIRE(h_pair_open(&pair));
    told("The server was read instead of the channel that WDSocketAccept gave.",
         WDSocketRead(pair.server, got, 8, 10), WDS_E_STANDARD_SERVER, "WDSocketAccept|channel", "WDSocketAccept|canal");
    h_pair_close(&pair);
}

TEST(write_to_a_server_without_a_client)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");

    told("The server has no client yet: read from it or accept one first.",
         WDSocketWrite(server, "x", 1), WDS_E_NO_CLIENT, "no client|WDSocketRead|WDSocketAccept", "pas encore de client|WDSocketRead|WDSocketAccept");
    CHECK_OK(WDSocketClose(server));
}

TEST(socket_that_was_never_opened)
{
    int32_t socket = WDSocketNew(NULL);
    char got[8];

    told("The socket was made but not opened. Call WDSocketOpen.",
         WDSocketRead(socket, got, 8, 0), WDS_E_NOT_CONNECTED, "not open|WDSocketOpen", "pas ouvert|WDSocketOpen");
    CHECK_OK(WDSocketClose(socket));
}

TEST(client_of_a_server_is_cut)
{
    h_half half;
    char got[8];

    REQUIRE(h_half_channel(&half));
    h_reset(half.raw);
    half.raw = H_NO_SOCK;
    told("The client of a server cut its connection. Close the channel; the client has to connect again.",
         WDSocketRead(half.socket, got, 8, 5000), WDS_E_RESET, "the client|close this socket", "le client|fermez ce socket");
    CHECK(strstr(english_text, "; connect again") == NULL && strstr(french_text, "reconnectez-vous") == NULL);
    CHECK_OK(WDSocketClose(half.socket));
}

/* ---- addresses and ports ---- */

#ifdef H_UNIX
#define THIS_PROGRAM "this program"
#define CE_PROGRAMME "ce programme"
#else /* Wine does not tell which program has a port */
#define THIS_PROGRAM "another socket"
#define CE_PROGRAMME "un autre socket"
#endif

TEST(port_taken)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");
    int port = h_port(server);

    told("The port is used by another server (here of the same program). End that one or choose another port.",
         WDSocketCreate(NULL, port, "127.0.0.1"), WDS_E_PORT_TAKEN,
         with("127.0.0.1:%d|" THIS_PROGRAM "|choose another port", port), with("127.0.0.1:%d|" CE_PROGRAMME "|choisissez un autre port", port));
    CHECK_OK(WDSocketClose(server));
}

TEST(six_with_family_four)
{
    int32_t socket = WDSocketNew(NULL);

    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_ADDRESS_FAMILY, 4));
    told("An IPv6 address is used though WDS_OPT_ADDRESS_FAMILY allows IPv4 only.",
         WDSocketOpen(socket, WDS_KIND_CLIENT, 5000, "::1", 1000), WDS_E_UNREACHABLE, "::1|IPv6|WDS_OPT_ADDRESS_FAMILY|IPv4", "::1|IPv6|WDS_OPT_ADDRESS_FAMILY|IPv4");
    CHECK_OK(WDSocketClose(socket));
}

TEST(url_as_host)
{
    told("A URL was given as address. Give host name and port only.",
         WDSocketConnect(NULL, 8080, "http://device.example/index", 1000), WDS_E_UNSUPPORTED,
         "http|URL|\"device.example\"", "http|URL|\"device.example\"");
}

TEST(host_with_a_blank)
{
    told("The host name has a blank in it.", WDSocketConnect(NULL, 8080, "my device", 1000), WDS_E_HOST_UNKNOWN, "my device|blank", "my device|espace");
}

TEST(port_zero)
{
    told("No port was given.", WDSocketConnect(NULL, 0, "127.0.0.1", 1000), WDS_E_ARGUMENT, "port|1..65535|\"host:port\"", "port|1..65535|\"hôte:port\"");
}

TEST(server_on_the_other_family)
{
    int32_t server;

    if (!h_has_six())
        return;
    server = WDSocketCreate(NULL, 0, "::1");
    told("The server listens on ::1 only, the client connects to 127.0.0.1. Use \"localhost\" or the same address.",
         WDSocketConnect(NULL, h_port(server), "127.0.0.1", 1000), WDS_E_REFUSED,
         with("127.0.0.1:%d|[::1]:", h_port(server)), with("127.0.0.1:%d|[::1]:", h_port(server)));
    CHECK_OK(WDSocketClose(server));
}

TEST(name_server_that_fails)
{
    h_dns *dns = h_dns_start();
    int32_t socket = h_dns_socket(dns, NULL);

    h_dns_add(dns, "device.example", "127.0.0.1", 0, H_DNS_SERVFAIL);
    told("The name server reports a failure. Check it, or use an IP address.",
         WDSocketOpen(socket, WDS_KIND_CLIENT, 5000, "device.example", 20000), WDS_E_RESOLVER,
         with("device.example|127.0.0.1:%d|IP address", h_dns_port(dns)), with("device.example|127.0.0.1:%d|adresse IP", h_dns_port(dns)));
    CHECK_OK(WDSocketClose(socket));
    h_dns_stop(dns);
}

/* ---- buffers, options, files ---- */

TEST(small_buffer)
{
    h_half half;
    char got[4];

    REQUIRE(half_in_mode(&half, WDS_MODE_END_TAG, "\r\n"));
    REQUIRE(CHECK(h_send(half.raw, "hello\r\n", 7)));
    told("The buffer is smaller than the message. Call again with a larger one; nothing is lost.",
         WDSocketRead(half.socket, got, 4, 5000), WDS_E_BUFFER, "5 bytes|4|again|larger", "5 octets|4|rappelez|plus grand");
    h_half_close(&half);
}

TEST(datagram_larger_than_the_buffer)
{
    int32_t one = WDSocketCreateUDP(NULL, 0, "127.0.0.1"), other = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    char got[4];

    CHECK_CODE(WDSocketWriteUDP(one, "a datagram", 10, "127.0.0.1", h_port(other)), 10);
    told("The datagram is larger than the buffer. Call again with a larger one.",
         WDSocketRead(other, got, 4, 5000), WDS_E_BUFFER, with("127.0.0.1:%d|10 bytes|4|again", h_port(one)), with("127.0.0.1:%d|10 octets|4|rappelez", h_port(one)));
    CHECK_OK(WDSocketClose(one));
    CHECK_OK(WDSocketClose(other));
}

TEST(length_of_messages_over_the_limit)
{
    h_half half;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_MAX_MESSAGE, 1000));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_FRAME_LENGTH, 4096));
    told("WDS_OPT_FRAME_LENGTH is above WDS_OPT_MAX_MESSAGE. Raise that first.",
         WDSocketChangeTransmissionMode(half.socket, WDS_MODE_FIXED, NULL, 0), WDS_E_ARGUMENT,
         "WDS_OPT_FRAME_LENGTH|4096|WDS_OPT_MAX_MESSAGE|1000", "WDS_OPT_FRAME_LENGTH|4096|WDS_OPT_MAX_MESSAGE|1000");
    CHECK(strncmp(english_text, "WDS_OPT_FRAME_LENGTH", 20) == 0 && strncmp(french_text, "WDS_OPT_FRAME_LENGTH", 20) == 0);
    h_half_close(&half);
}

TEST(certificate_that_is_not_there)
{
    told("The certificate's file does not exist at that path.",
         WDSocketCreateSSL(NULL, 0, "certificates/missing.pem", 0, "127.0.0.1", NULL), WDS_E_TLS_CERTIFICATE_FILE,
         "certificates/missing.pem|does not exist|path", "certificates/missing.pem|n'existe pas|chemin");
}

#ifdef H_UNIX
static int32_t before_the_fork;

static int in_child(void *argument)
{
    char got[8];

    (void)argument;
    if (WDSocketRead(before_the_fork, got, 8, 0) != WDS_E_FORKED)
        return 1;
    WDSocketErrorInfo(0, WDS_INFO_MESSAGE, english_text, ROOM);
    return strstr(english_text, "fork") == NULL || strstr(english_text, "exec") == NULL;
}

TEST(use_in_a_forked_child)
{
    before_the_fork = WDSocketCreate(NULL, 0, "127.0.0.1");
    CHECK_EQ(h_fork(in_child, NULL, 20000), 0);
    CHECK_GE(WDSocketErrorText(WDS_E_FORKED, WDS_INFO_MESSAGE, english_text, ROOM), 1);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "fr"));
    CHECK_GE(WDSocketErrorText(WDS_E_FORKED, WDS_INFO_MESSAGE, french_text, ROOM), 1);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
    show("The library was loaded before fork. Load it in the child, or use exec.", WDS_E_FORKED, english_text, french_text);
    has_words(english_text, "fork|exec|child");
    has_words(french_text, "fork|exec|fils");
    CHECK_OK(WDSocketClose(before_the_fork));
}
#endif
