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
static void mistake_is(const char *mistake, int32_t got, int32_t code, const char *english, const char *french)
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

/* What the error said to do has been done: the bytes that had come are a message now. */
static void now_reads(h_half *half, const char *message)
{
    char got[256];

    CHECK_BYTES(got, WDSocketRead(half->socket, got, (int32_t)sizeof got, 20000), message, (int)strlen(message));
}

/* The peer sends these bytes and the program reads: that is the mistake. */
static void sent_bytes(h_half *half, const char *bytes, int length, int32_t timeout_ms, const char *mistake, int32_t code,
                       const char *english, const char *french)
{
    char got[256];

    REQUIRE(CHECK(h_send(half->raw, bytes, length)));
    mistake_is(mistake, WDSocketRead(half->socket, got, (int32_t)sizeof got, timeout_ms), code, english, french);
}

/* ---- nothing comes in time ---- */

TEST(connect_without_an_answer)
{
    h_hole hole;

    h_hole_open(&hole, "127.0.0.1", 0);
    mistake_is("The computer that is connected to is off, or behind a firewall that drops. Check address, computer and firewall.",
               WDSocketConnect(NULL, hole.port, "127.0.0.1", 300), WDS_E_TIMEOUT,
               with("127.0.0.1:%d|no answer|300 ms: try again with a longer time-out|firewall|busy", hole.port),
               with("127.0.0.1:%d|réponse|300 ms : réessayez avec un délai plus long|pare-feu|occupé", hole.port));
    h_hole_close(&hole);
}

TEST(read_while_the_peer_is_silent)
{
    h_half half;
    char got[64];

    REQUIRE(half_in_mode(&half, WDS_MODE_END_TAG, "\r\n"));
    mistake_is("The peer has sent nothing: it waits for a message itself, or the program has to wait longer.",
               WDSocketRead(half.socket, got, (int32_t)sizeof got, 10), WDS_E_TIMEOUT,
               "127.0.0.1:|nothing|10 ms|WDS_MODE_END_TAG|0D 0A|still open; read again, or allow more time|waiting for a message from you",
               "127.0.0.1:|rien|10 ms|WDS_MODE_END_TAG|0D 0A|reste ouverte ; relisez, ou accordez plus de temps|attend peut-être un message de vous");
    CHECK(h_send(half.raw, "late\r\n", 6));
    now_reads(&half, "late");
    h_half_close(&half);
}

TEST(read_without_the_end_tag)
{
    h_half half;
    char got[64];

    REQUIRE(half_in_mode(&half, WDS_MODE_END_TAG, "\r\n"));
    REQUIRE(CHECK(h_send(half.raw, "GROUP x\n", 8)));
    WAIT_UNTIL(WDSocketAvailable(half.socket) == 0 && WDSocketErrorCode(0, WDS_INFO_CODE) == 0);
    mistake_is("The peer ends its lines with LF, this end waits for CR LF. Set the end tag to \"\\n\".",
               WDSocketRead(half.socket, got, (int32_t)sizeof got, 200), WDS_E_TIMEOUT,
               "8 bytes|200 ms|end tag 0D 0A of WDS_MODE_END_TAG|\"GROUP x\\n\"|they are kept|WDS_MODE_END_TAG with the tag 0A|set it with WDSocketChangeTransmissionMode, then read again",
               "8 octets|200 ms|marqueur de fin 0D 0A de WDS_MODE_END_TAG|\"GROUP x\\n\"|ils sont conservés|WDS_MODE_END_TAG avec le marqueur 0A|choisissez-le par WDSocketChangeTransmissionMode, puis relisez");
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_END_TAG, "\n", -1));
    now_reads(&half, "GROUP x");
    h_half_close(&half);
}

TEST(read_of_a_message_that_stops)
{
    h_half half;
    char rest[95];

    REQUIRE(half_in_mode(&half, WDS_MODE_SIZE, NULL));
    sent_bytes(&half, "105\r\nhalf of it", 15, 200,
               "The peer announced 100 bytes more than it sent: the number in front of the message is wrong, or the rest is late.", WDS_E_TIMEOUT,
               "10 of 105 bytes|200 ms|WDS_MODE_SIZE|\"105\\r\\nhalf of it\"; they are kept; read again|announces", "10 des 105 octets|200 ms|WDS_MODE_SIZE|\"105\\r\\nhalf of it\" ; ils sont conservés ; relisez|annoncée");
    memset(rest, 'x', 95);
    CHECK(h_send(half.raw, rest, 95));
    CHECK_CODE(WDSocketRead(half.socket, NULL, 0, 20000), 105);
    h_half_close(&half);
}

TEST(silent_name_server)
{
    h_dns *dns = h_dns_start();
    int32_t socket = h_dns_socket(dns, NULL);

    h_dns_add(dns, "device.example", "127.0.0.1", 0, H_DNS_SILENT);
    mistake_is("The name server does not answer. Check the network or name server, or use an IP address.",
               WDSocketOpen(socket, WDS_KIND_CLIENT, 5000, "device.example", 300), WDS_E_RESOLVER,
               with("device.example|127.0.0.1:%d|300 ms: try again with a longer time-out|WDS_TEXT_DNS_SERVER|not resolved|name server|IP address", h_dns_port(dns)),
               with("device.example|127.0.0.1:%d|300 ms : réessayez avec un délai plus long|WDS_TEXT_DNS_SERVER|être résolu|serveur de noms|adresse IP", h_dns_port(dns)));
    CHECK(strstr(english_text, "closed network") == NULL);
    CHECK_OK(WDSocketClose(socket));
    h_dns_stop(dns);
}

TEST(tls_with_a_plain_server)
{
    int port;
    h_sock listener = h_listen("127.0.0.1", 0, 5, &port);

    mistake_is("The server does not speak TLS on that port: it waits for a plain message. Use the TLS port, or WDSocketConnect.",
               WDSocketConnectSSL(NULL, port, "127.0.0.1", 0, 300, NULL, NULL), WDS_E_TIMEOUT,
               with("127.0.0.1:%d|but did not answer the TLS handshake|300 ms|WDSocketConnect |connect again with a longer time-out; if there is still no answer", port),
               with("127.0.0.1:%d|mais n'a pas répondu à la négociation TLS|300 ms|WDSocketConnect |reconnectez-vous avec un délai plus long ; s'il n'y a toujours pas de réponse", port));
    h_close(listener);
}

/* Accepts a connection and answers its ClientHello with the beginning of a record of TLS. */
static int32_t answer_in_part(void *listener)
{
    char got[8];
    h_sock raw = h_accept(*(h_sock *)listener, 20000);

    CHECK(h_recv(raw, got, 5, 20000) == 5 && h_send(raw, "\x16\x03\x03\x00\x7a", 5));
    CHECK(h_recv_over(raw, 20000));
    h_close(raw);
    return 0;
}

TEST(tls_hand_shake_that_stops)
{
    int port;
    h_sock listener = h_listen("127.0.0.1", 0, 5, &port);
    h_thread *server = h_start(answer_in_part, &listener);

    mistake_is("The server speaks TLS but is slow. Allow more time.",
               WDSocketConnectSSL(NULL, port, "127.0.0.1", 0, 500, NULL, NULL), WDS_E_TIMEOUT,
               with("127.0.0.1:%d|began the TLS handshake|500 ms|more time|WDS_OPT_SSL_HANDSHAKE_TIMEOUT", port),
               with("127.0.0.1:%d|a commencé la négociation TLS|500 ms|plus de temps|WDS_OPT_SSL_HANDSHAKE_TIMEOUT", port));
    CHECK(strstr(english_text, "does not speak TLS") == NULL);
    CHECK_OK(h_join(server));
    h_close(listener);
}

TEST(tls_begun_at_one_end_only)
{
    h_half half;

    REQUIRE(h_half_client(&half));
    mistake_is("TLS was started on an open connection, and the peer did not start it. Start it at both ends at the same point.",
               WDSocketStartSSL(half.socket, WDS_ROLE_CLIENT, 0, NULL, NULL, 200), WDS_E_TIMEOUT,
               "no TLS handshake came from 127.0.0.1:|200 ms|begins TLS (WDSocketStartSSL) at this moment, or allow more time; close this connection", "aucune négociation TLS reçue de 127.0.0.1:|200 ms|commence lui aussi TLS (WDSocketStartSSL) à ce moment, ou accordez plus de temps ; fermez cette connexion");
    CHECK(strstr(english_text, "WDSocketConnect") == NULL && strstr(english_text, "this port") == NULL);
    CHECK_CODE(WDSocketWrite(half.socket, "x", 1), WDS_E_TLS_HANDSHAKE); /* it can only be closed */
    h_half_close(&half);
}

TEST(write_while_the_peer_does_not_read)
{
    h_half half;
    static char much[4 << 20];

    REQUIRE(h_half_narrow(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_WRITE_TIMEOUT, 200));
    mistake_is("The peer does not read what is sent to it. Make it read, or wait longer (WDS_OPT_WRITE_TIMEOUT).",
               WDSocketWrite(half.socket, much, (int32_t)sizeof much), WDS_E_TIMEOUT,
               "127.0.0.1:|200 ms|does not read, or cannot be reached|of 4194313 bytes|close it; for the next one, find out why|WDS_OPT_WRITE_TIMEOUT",
               "127.0.0.1:|200 ms|ne lit pas, ou est injoignable|des 4194313 octets|fermez-la ; pour la suivante, cherchez pourquoi|WDS_OPT_WRITE_TIMEOUT");
    mistake_is("A message was written in part before: nothing more can be written. Close and connect again.",
               WDSocketWrite(half.socket, "x", 1), WDS_E_BROKEN, "127.0.0.1:|after |of 4194313 bytes|close this socket and connect again", "127.0.0.1:|après |des 4194313 octets|fermez ce socket et reconnectez-vous");
    CHECK(strstr(english_text, "closed the connection") == NULL); /* the peer is there */
    h_half_close(&half);
}

TEST(write_behind_another_one)
{
    h_half half;
    h_thread *writer;

    REQUIRE(h_half_narrow(&half));
    writer = h_blocked_writer(half.socket);
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_WRITE_TIMEOUT, 200));
    mistake_is("Another thread is still sending on this connection. Wait and try again.",
               WDSocketWrite(half.socket, "x", 1), WDS_E_TIMEOUT,
               "another call was still sending to 127.0.0.1:|200 ms|try again", "un autre appel envoyait encore vers 127.0.0.1:|200 ms|réessayez");
    CHECK(strstr(english_text, "does not read") == NULL); /* that is not known here */
    h_half_close(&half);
    CHECK(h_join(writer) < 0);
}

TEST(accept_without_a_client)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");
    int port = h_port(server); /* not among the arguments: which of them comes last is the compiler's choice */

    mistake_is("No client has connected. Does the client use this address and port?",
               WDSocketAccept(server, 10), WDS_E_TIMEOUT,
               with("no client|127.0.0.1:%d|10 ms|wait again, or longer; if a client tried|only this machine can reach|all addresses (address \"\")", port),
               with("aucun client|127.0.0.1:%d|10 ms|attendez encore, ou plus longtemps ; si un client a essayé|seule cette machine peut atteindre|toutes les adresses (adresse \"\")", port));
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
    mistake_is("A plain client is connected to a TLS port. Use WDSocketConnectSSL.",
               WDSocketRead(client, got, (int32_t)sizeof got, 5000), WDS_E_PEER_CLOSED,
               "your first message|documentation or log|TLS|WDSocketConnectSSL|other than WDS_MODE_END_TAG 0D 0A|close this socket and connect again", "votre premier message|documentation ou son journal|TLS|WDSocketConnectSSL|que WDS_MODE_END_TAG 0D 0A|reconnectez-vous");
    CHECK_OK(WDSocketClose(client));
    CHECK_OK(WDSocketClose(server));
}

/* The server ends the connection when it has the first message, by a call of the harness. */
static void ended_at_first(void (*end)(h_sock), const char *plain, int32_t code, const char *english, const char *french)
{
    h_half half;
    char got[64];

    REQUIRE(h_half_client(&half));
    CHECK_CODE(WDSocketWrite(half.socket, "hello", 5), 5);
    CHECK_EQ(h_recv(half.raw, got, 8, 5000), 8);
    end(half.raw);
    half.raw = H_NO_SOCK;
    mistake_is(plain, WDSocketRead(half.socket, got, (int32_t)sizeof got, 5000), code, english, french);
    CHECK_OK(WDSocketClose(half.socket));
}

TEST(closed_at_the_first_message)
{
    ended_at_first(h_close, "The server closed at the first message: its port speaks TLS, or it expects another mode.", WDS_E_PEER_CLOSED,
                   "without an answer|TLS|WDS_MODE_SIZE|mode", "sans réponse|TLS|WDS_MODE_SIZE|mode");
}

TEST(cut_at_the_first_message)
{
    ended_at_first(h_reset, "The server cut the connection at the first message: its port speaks TLS, or it expects another mode.", WDS_E_RESET,
                   "cut the connection (reset)|without an answer|TLS|WDS_MODE_SIZE|mode", "a coupé la connexion (reset)|sans réponse|TLS|WDS_MODE_SIZE|mode");
}

TEST(tls_client_of_a_plain_server)
{
    static const char hello[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    h_half half;

    REQUIRE(h_half_channel(&half));
    sent_bytes(&half, hello, 11, 5000,
               "A TLS client is connected to a plain server. Create the server with WDSocketCreateSSL, or connect without TLS.", WDS_E_FRAME,
               "the bytes received are not|the client speaks TLS|WDSocketCreateSSL, or at tls://|WDS_MODE_SIZE (length", "les octets reçus ne forment pas|le client parle TLS|WDSocketCreateSSL, ou sur tls://|WDS_MODE_SIZE (longueur");
    h_half_close(&half);
}

TEST(browser_on_a_server)
{
    h_half half;

    REQUIRE(h_half_channel(&half));
    sent_bytes(&half, "GET / HTTP/1.1\r\n\r\n", 18, 5000,
               "A browser (HTTP) is connected to a server that is none of HTTP; close that client and go on with the others.", WDS_E_FRAME,
               "HTTP request, from|close this connection; if the client is yours, correct the address|\"GET / HTTP/1.1\\r\\n", "requête HTTP, envoyée|fermez cette connexion ; si ce client est le vôtre, corrigez l'adresse|\"GET / HTTP/1.1\\r\\n");
    CHECK(strstr(english_text, "onnect again") == NULL && strstr(english_text, "web server") == NULL);
    h_half_close(&half);
}

TEST(lines_in_the_mode_of_windev)
{
    h_half half;

    REQUIRE(half_in_mode(&half, WDS_MODE_SIZE, NULL));
    sent_bytes(&half, "220 ready\r\n", 11, 5000,
               "The peer sends lines, this end is in the mode that it was created with, WDS_MODE_SIZE. Change to WDS_MODE_END_TAG with CR LF.", WDS_E_FRAME,
               "WDS_MODE_SIZE|\"220 ready\\r\\n\"|WDS_MODE_END_TAG with the tag 0D 0A: set it with WDSocketChangeTransmissionMode, then read again",
               "WDS_MODE_SIZE|\"220 ready\\r\\n\"|WDS_MODE_END_TAG avec le marqueur 0D 0A : choisissez-le par WDSocketChangeTransmissionMode, puis relisez");
    CHECK_OK(WDSocketChangeTransmissionMode(half.socket, WDS_MODE_END_TAG, "\r\n", -1));
    now_reads(&half, "220 ready");
    h_half_close(&half);
}

TEST(length_in_the_other_byte_order)
{
    h_half half;

    REQUIRE(half_in_mode(&half, WDS_MODE_LENGTH, NULL));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_FRAME_WIDTH, 4));
    sent_bytes(&half, "\x05\0\0\0hello", 9, 5000,
               "The peer sends the length with the low byte first. Set WDS_OPT_FRAME_ORDER to 1.", WDS_E_TOO_LONG,
               "83886080 bytes, but WDS_OPT_MAX_MESSAGE|16777216|raise that limit|5 bytes: set WDS_OPT_FRAME_ORDER to that order, then read again",
               "83886080 octets, mais WDS_OPT_MAX_MESSAGE|16777216|augmentez cette limite|5 octets : réglez WDS_OPT_FRAME_ORDER sur cet ordre, puis relisez");
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_FRAME_ORDER, 1));
    now_reads(&half, "hello");
    h_half_close(&half);
}

TEST(end_tag_that_never_comes)
{
    h_half half;

    REQUIRE(half_in_mode(&half, WDS_MODE_END_TAG, "\r\n"));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_MAX_MESSAGE, 20));
    sent_bytes(&half, "a line that is longer than that\r\n", 33, 5000,
               "The message is longer than allowed. Raise WDS_OPT_MAX_MESSAGE, or check the end tag.", WDS_E_TOO_LONG,
               "no end tag 0D 0A|20 bytes|WDS_OPT_MAX_MESSAGE|\"a line that is longe\";|may be longer, raise that limit|WDSocketChangeTransmissionMode|then read again",
               "aucun marqueur de fin 0D 0A|20 octets|WDS_OPT_MAX_MESSAGE|\"a line that is longe\" ;|plus longs, augmentez cette limite|WDSocketChangeTransmissionMode|puis relisez");
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_MAX_MESSAGE, 1000));
    now_reads(&half, "a line that is longer than that");
    h_half_close(&half);
}

TEST(line_of_a_preset_that_never_ends)
{
    h_half half;
    char got[64];

    REQUIRE(half_in_mode(&half, WDS_MODE_SIZE, NULL));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "line"));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_MAX_MESSAGE, 20));
    REQUIRE(CHECK(h_send(half.raw, "a line that", 11)));
    WAIT_UNTIL(WDSocketAvailable(half.socket) == 0 && WDSocketErrorCode(0, WDS_INFO_CODE) == 0);
    mistake_is("The peer has not ended its line yet. Wait longer, or describe how its messages end.",
               WDSocketRead(half.socket, got, (int32_t)sizeof got, 200), WDS_E_TIMEOUT,
               "11 bytes|200 ms|end 0D 0A | 0A | 0D of WDS_TEXT_FRAME_PRESET \"line\"|\"a line that\"|they are kept|describe in WDS_TEXT_FRAME how the peer ends",
               "11 octets|200 ms|fin 0D 0A | 0A | 0D de WDS_TEXT_FRAME_PRESET \"line\"|\"a line that\"|ils sont conservés|décrivez dans WDS_TEXT_FRAME");
    CHECK(strstr(english_text, "tag") == NULL && strstr(french_text, "ChangeTransmissionMode") == NULL);
    sent_bytes(&half, " is longer than that\r\n", 22, 5000,
               "The line is longer than allowed. Raise WDS_OPT_MAX_MESSAGE, or describe how messages end.", WDS_E_TOO_LONG,
               "0D 0A | 0A | 0D (WDS_TEXT_FRAME_PRESET \"line\")|20 bytes that WDS_OPT_MAX_MESSAGE allows|raise that limit|then read again",
               "0D 0A | 0A | 0D (WDS_TEXT_FRAME_PRESET \"line\")|20 octets autorisés par WDS_OPT_MAX_MESSAGE|augmentez cette limite|puis relisez");
    CHECK(strstr(english_text, "tag") == NULL && strstr(french_text, "ChangeTransmissionMode") == NULL);
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_MAX_MESSAGE, 1000));
    now_reads(&half, "a line that is longer than that");
    h_half_close(&half);
}

TEST(tag_inside_a_message)
{
    h_half half;

    REQUIRE(half_in_mode(&half, WDS_MODE_END_TAG, "\r\n"));
    mistake_is("The program appends the end tag itself. Leave it out: the library appends it.",
               WDSocketWrite(half.socket, "hello\r\n", 7), WDS_E_TAG_IN_MESSAGE,
               "ends with the end tag 0D 0A, after 5 of its 7 bytes|leave it out|appends it|to write the tags yourself: WDS_OPT_TAG_AS_IS", "finit par le marqueur de fin 0D 0A, après 5 de ses 7 octets|enlevez-le|l'ajoute|écrire vous-même les marqueurs : WDS_OPT_TAG_AS_IS");
    CHECK_CODE(WDSocketWrite(half.socket, "a\r\nb", 4), WDS_E_TAG_IN_MESSAGE);
    read_texts();
    has_words(english_text, "contains the end tag 0D 0A after 1 of its 4 bytes|messages of their own|WDS_MODE_SIZE or another tag");
    has_words(french_text, "contient le marqueur de fin 0D 0A après 1 de ses 4 octets|messages distincts|WDS_MODE_SIZE ou un autre marqueur");
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
    mistake_is("The peer closed in the middle of a message: it closes too early, or writes a wrong length.",
               WDSocketRead(half.socket, got, (int32_t)sizeof got, 5000), WDS_E_PEER_CLOSED,
               "3 of 100 bytes|\"100\\r\\nabc\"|incomplete|wrong length|close this socket and connect again", "3 des 100 octets|incomplet|\"100\\r\\nabc\"|longueur incorrecte|fermez ce socket et reconnectez-vous");
    CHECK_OK(WDSocketClose(half.socket));
}

/* ---- sockets that are none, or none of the kind ---- */

TEST(wrong_kind)
{
    h_pair pair;

    REQUIRE(h_pair_open(&pair));
    mistake_is("WDSocketAccept was called with a client. Give it the server's handle.",
               WDSocketAccept(pair.client, 10), WDS_E_KIND, "WDSocketAccept needs a server|is a client (WDS_KIND_CLIENT)", "WDSocketAccept demande un serveur|est un client (WDS_KIND_CLIENT)");
    h_pair_close(&pair);
}

TEST(publishing_with_a_client)
{
    h_pair pair;

    REQUIRE(h_pair_open(&pair));
    mistake_is("WDSocketGroupPublish was called with a client. Give it the server's handle, or that of a client of the server, which gets nothing then.",
               WDSocketGroupPublish(pair.client, NULL, "x", 1), WDS_E_KIND, "WDSocketGroupPublish needs a server or the channel of one|is a client (WDS_KIND_CLIENT)",
               "WDSocketGroupPublish demande un serveur ou un canal de serveur|est un client (WDS_KIND_CLIENT)");
    CHECK_OK(WDSocketClose(pair.server));
    mistake_is("The server is closed, and its clients are not. Nothing is published any more: write to each client, or close them with the server (WDS_CLOSE_CLIENTS).",
               WDSocketGroupPublish(pair.channel, NULL, "x", 1), WDS_E_CLOSED, "WDSocketGroupPublish finds no other clients|closed the server that accepted|WDSocketWrite",
               "WDSocketGroupPublish ne trouve pas d'autres clients|a fermé le serveur qui a accepté|WDSocketWrite");
    WDSocketClose(pair.client);
    WDSocketClose(pair.channel);
}

TEST(datagram_function_on_a_client)
{
    h_pair pair;

    REQUIRE(h_pair_open(&pair));
    mistake_is("WDSocketWriteUDP was called with a TCP client. Use WDSocketWrite, or a socket of WDSocketCreateUDP.",
               WDSocketWriteUDP(pair.client, "x", 1, "127.0.0.1", 5000), WDS_E_KIND,
               "WDSocketWriteUDP needs a UDP socket|WDSocketCreateUDP|is a client (WDS_KIND_CLIENT)", "WDSocketWriteUDP demande un socket UDP|WDSocketCreateUDP|est un client (WDS_KIND_CLIENT)");
    h_pair_close(&pair);
}

TEST(queue_for_a_socket)
{
    int32_t queue = WDSocketNewQueue();
    char got[8];

    mistake_is("A queue's handle was given where a socket's is needed.",
               WDSocketRead(queue, got, 8, 0), WDS_E_KIND, with("WDSocketRead needs a socket|#%d is an event queue (WDSocketNewQueue)|socket that its events name", queue),
               with("WDSocketRead demande un socket|#%d est une file d'événements (WDSocketNewQueue)", queue));
    CHECK_OK(WDSocketClose(queue));
}

TEST(closed_handle)
{
    h_pair pair;
    int32_t old;

    REQUIRE(h_pair_open(&pair));
    old = pair.client;
    h_pair_close(&pair);
    mistake_is("The socket was closed already.", WDSocketWrite(old, "x", 1), WDS_E_HANDLE,
               with("the handle #%d is not valid: it was closed or freed|check where", old), with("le handle #%d n'est pas valide : il a été fermé ou libéré|vérifiez où", old));
}

TEST(result_that_was_not_looked_at)
{
    char got[8];

    mistake_is("The result of WDSocketConnect was an error and was used as a handle. Check it first.",
               WDSocketRead(WDS_E_REFUSED, got, 8, 0), WDS_E_HANDLE, "not a handle|WDS_E_REFUSED|error|check", "WDS_E_REFUSED|erreur|vérifiez");
}

TEST(attached_twice)
{
    h_pair pair;
    int32_t queue = WDSocketNewQueue();

    REQUIRE(h_pair_open(&pair));
    CHECK_OK(WDSocketAttach(queue, pair.client, 0));
    mistake_is("The socket is in a queue already. Detach it first.", WDSocketAttach(queue, pair.client, 0), WDS_E_STATE,
               "already in an event queue|one only|call WDSocketDetach first", "déjà dans une file|une seule|retirez-le d'abord par WDSocketDetach");
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
    mistake_is("WDSocketExchange waits, which a socket in a queue cannot. Use WDSocketWrite and the event, or detach it.",
               WDSocketExchange(pair.client, "x", 1, got, 8, 100), WDS_E_BUSY,
               "queue, where WDSocketExchange cannot wait|WDSocketDetach|WDSocketWrite", "file d'événements, où WDSocketExchange ne peut pas attendre|WDSocketDetach|WDSocketWrite");
    CHECK(strstr(english_text, "thread") == NULL && strstr(english_text, "WDSocketStopSSL") == NULL);
    mistake_is("A read on a socket in a queue never waits, whatever time it is given. Wait for its event.",
               WDSocketRead(pair.client, got, 8, 5000), WDS_E_TIMEOUT, "queue|never waits|WDS_EVENT_MESSAGE|WDSocketNextEvents", "file|événement|WDSocketNextEvents");
    h_pair_close(&pair);
    CHECK_OK(WDSocketClose(queue));
}

TEST(read_of_a_standard_server)
{
    h_pair pair;
    char got[8];

    REQUIRE(h_pair_open(&pair));
    mistake_is("The server was read instead of the channel that WDSocketAccept gave.",
               WDSocketRead(pair.server, got, 8, 10), WDS_E_STANDARD_SERVER, "takes its clients with WDSocketAccept|read and write on the channel that WDSocketAccept returned", "accepte ses clients par WDSocketAccept|sur le canal renvoyé par WDSocketAccept");
    h_pair_close(&pair);
}

TEST(write_to_a_server_without_a_client)
{
    int32_t server = WDSocketCreate(NULL, 0, "127.0.0.1");

    mistake_is("The server has no client yet: read from it or accept one first.",
               WDSocketWrite(server, "x", 1), WDS_E_NO_CLIENT, "no client yet|accept one first|WDSocketRead|WDSocketAccept", "pas encore de client|WDSocketRead|WDSocketAccept");
    CHECK_OK(WDSocketClose(server));
}

TEST(socket_that_was_never_opened)
{
    int32_t socket = WDSocketNew(NULL);
    char got[8];

    mistake_is("The socket was made but not opened. Call WDSocketOpen.",
               WDSocketRead(socket, got, 8, 0), WDS_E_NOT_CONNECTED, "not open: call WDSocketOpen first|WDSocketConnect", "pas ouvert : appelez d'abord WDSocketOpen|WDSocketConnect");
    CHECK_OK(WDSocketClose(socket));
}

TEST(client_of_a_server_is_cut)
{
    h_half half;
    char got[8];

    REQUIRE(h_half_channel(&half));
    h_reset(half.raw);
    half.raw = H_NO_SOCK;
    mistake_is("The client of a server cut its connection. Close the channel; the client has to connect again.",
               WDSocketRead(half.socket, got, 8, 5000), WDS_E_RESET, "the client is gone|close this socket|client has to connect again", "le client n'est plus là|fermez ce socket|au client de se reconnecter");
    CHECK(strstr(english_text, "and connect again") == NULL && strstr(french_text, "reconnectez-vous") == NULL);
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

    mistake_is("The port is used by another server (here of the same program). End that one or choose another port.",
               WDSocketCreate(NULL, port, "127.0.0.1"), WDS_E_PORT_TAKEN,
               with("127.0.0.1:%d|" THIS_PROGRAM "|choose another port", port), with("127.0.0.1:%d|" CE_PROGRAMME "|choisissez un autre port", port));
    CHECK_OK(WDSocketClose(server));
}

TEST(six_with_family_four)
{
    int32_t socket = WDSocketNew(NULL);

    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_ADDRESS_FAMILY, 4));
    mistake_is("An IPv6 address is used though WDS_OPT_ADDRESS_FAMILY allows IPv4 only.",
               WDSocketOpen(socket, WDS_KIND_CLIENT, 5000, "::1", 1000), WDS_E_UNREACHABLE, "::1|IPv6|WDS_OPT_ADDRESS_FAMILY|IPv4", "::1|IPv6|WDS_OPT_ADDRESS_FAMILY|IPv4");
    CHECK_OK(WDSocketClose(socket));
}

TEST(url_as_host)
{
    mistake_is("A URL was given as address. Give host name and port only.",
               WDSocketConnect(NULL, 8080, "http://device.example/index", 1000), WDS_E_UNSUPPORTED,
               "http|URL|\"device.example\"|port separately", "http|URL|\"device.example\"|port séparément");
}

TEST(host_with_a_blank)
{
    mistake_is("The host name has a blank in it.", WDSocketConnect(NULL, 8080, "my device", 1000), WDS_E_HOST_UNKNOWN, "my device|is not valid|cannot contain a space; give the name or the IP address", "my device|n'est pas valide|espace ; indiquez le nom ou l'adresse IP");
}

TEST(port_zero)
{
    mistake_is("No port was given.", WDSocketConnect(NULL, 0, "127.0.0.1", 1000), WDS_E_ARGUMENT, "wrong parameter port|from 1 to 65535, not 0; 0 is allowed only if the address contains the port (\"host:port\")", "paramètre port incorrect|de 1 à 65535, et non 0 ; 0 n'est permis que si l'adresse contient le port (\"hôte:port\")");
}

TEST(server_on_the_other_family)
{
    int32_t server;
    int port;

    if (!h_has_six())
        return;
    server = WDSocketCreate(NULL, 0, "::1");
    port = h_port(server);
    mistake_is("The server listens on ::1 only, the client connects to 127.0.0.1. Use \"localhost\" or the same address.",
               WDSocketConnect(NULL, port, "127.0.0.1", 1000), WDS_E_REFUSED,
               with("127.0.0.1:%d|at that address and port|a server on this machine listens at [::1]:|connect to [::1]:|on all addresses", port),
               with("127.0.0.1:%d|à cette adresse sur ce port|sur cette machine, un serveur écoute sur [::1]:|toutes les adresses", port));
    CHECK_OK(WDSocketClose(server));
}

TEST(name_server_that_fails)
{
    h_dns *dns = h_dns_start();
    int32_t socket = h_dns_socket(dns, NULL);

    h_dns_add(dns, "device.example", "127.0.0.1", 0, H_DNS_SERVFAIL);
    mistake_is("The name server reports a failure. Check it, or use an IP address.",
               WDSocketOpen(socket, WDS_KIND_CLIENT, 5000, "device.example", 20000), WDS_E_RESOLVER,
               with("device.example|127.0.0.1:%d|SERVFAIL|try again|WDS_TEXT_DNS_SERVER|IP address", h_dns_port(dns)), with("device.example|127.0.0.1:%d|SERVFAIL|réessayez|WDS_TEXT_DNS_SERVER|adresse IP", h_dns_port(dns)));
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
    mistake_is("The buffer is smaller than the message. Call again with a larger one; nothing is lost.",
               WDSocketRead(half.socket, got, 4, 5000), WDS_E_BUFFER, "buffer has 4 bytes, 5 are needed|read again with at least 5 bytes", "buffer a 4 octets, il en faut 5|relisez avec au moins 5 octets");
    now_reads(&half, "hello");
    h_half_close(&half);
}

/* No mistake of its own: the text for an answer, which a second exchange would throw away. */
static int32_t answer_at_length(void *raw)
{
    char got[16];

    CHECK(h_recv(*(h_sock *)raw, got, 5, 20000) == 5 && h_send(*(h_sock *)raw, "answer\r\n", 8));
    return 0;
}

TEST(small_buffer_for_an_answer)
{
    h_half half;
    h_thread *peer;
    char got[4];

    REQUIRE(half_in_mode(&half, WDS_MODE_END_TAG, "\r\n"));
    peer = h_start(answer_at_length, &half.raw);
    CHECK_CODE(WDSocketExchange(half.socket, "ask", 3, got, 4, 20000), WDS_E_BUFFER);
    CHECK_OK(h_join(peer));
    read_texts();
    has_words(english_text, "buffer has 4 bytes, 6 are needed|the answer is kept|WDSocketRead with at least 6 bytes");
    has_words(french_text, "buffer a 4 octets, il en faut 6|la réponse est conservée|WDSocketRead avec au moins 6 octets");
    now_reads(&half, "answer");
    h_half_close(&half);
}

TEST(datagram_larger_than_the_buffer)
{
    int32_t one = WDSocketCreateUDP(NULL, 0, "127.0.0.1"), other = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    int port = h_port(one);
    char got[4];

    CHECK_CODE(WDSocketWriteUDP(one, "a datagram", 10, "127.0.0.1", h_port(other)), 10);
    mistake_is("The datagram is larger than the buffer. Call again with a larger one.",
               WDSocketRead(other, got, 4, 5000), WDS_E_BUFFER, with("127.0.0.1:%d|buffer has 4 bytes, 10 are needed|read again with at least 10 bytes", port), with("127.0.0.1:%d|buffer a 4 octets, il en faut 10|relisez avec au moins 10 octets", port));
    CHECK_OK(WDSocketClose(one));
    CHECK_OK(WDSocketClose(other));
}

TEST(length_of_messages_over_the_limit)
{
    h_half half;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_MAX_MESSAGE, 1000));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_FRAME_LENGTH, 4096));
    mistake_is("WDS_OPT_FRAME_LENGTH is above WDS_OPT_MAX_MESSAGE. Raise that first.",
               WDSocketChangeTransmissionMode(half.socket, WDS_MODE_FIXED, NULL, 0), WDS_E_ARGUMENT,
               "WDS_OPT_FRAME_LENGTH 4096 is above WDS_OPT_MAX_MESSAGE (1000)|raise WDS_OPT_MAX_MESSAGE first, or give a smaller length", "WDS_OPT_FRAME_LENGTH 4096 dépasse WDS_OPT_MAX_MESSAGE (1000)|augmentez d'abord WDS_OPT_MAX_MESSAGE, ou indiquez une longueur plus petite");
    CHECK(strncmp(english_text, "WDS_OPT_FRAME_LENGTH", 20) == 0 && strncmp(french_text, "WDS_OPT_FRAME_LENGTH", 20) == 0);
    h_half_close(&half);
}

TEST(preset_that_is_not_there)
{
    h_half half;

    REQUIRE(h_half_client(&half));
    mistake_is("The name of the preset is not quite right.",
               WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "Lines"), WDS_E_UNSUPPORTED,
               "no preset is named \"Lines\" (similar: line): |the presets are modbus-tcp, ", "aucun préréglage ne s'appelle \"Lines\" (semblable : line) : |les préréglages sont modbus-tcp, ");
    mistake_is("Part of the name of a preset was given.",
               WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "modbus-r"), WDS_E_UNSUPPORTED,
               "(similar: modbus-rtu, modbus-rtu-slave): ", "(semblable : modbus-rtu, modbus-rtu-slave) : ");
    mistake_is("No preset has such a name.",
               WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "x"), WDS_E_UNSUPPORTED,
               "no preset is named \"x\": the presets are modbus-tcp, ", "aucun préréglage ne s'appelle \"x\" : les préréglages sont modbus-tcp, ");
    h_half_close(&half);
}

TEST(certificate_that_is_not_there)
{
    mistake_is("The certificate's file does not exist at that path.",
               WDSocketCreateSSL(NULL, 0, "certificates/missing.pem", 0, "127.0.0.1", NULL), WDS_E_TLS_CERTIFICATE_FILE,
               "certificates/missing.pem|the file does not exist|path (a relative one", "certificates/missing.pem|le fichier n'existe pas|chemin (un chemin relatif");
}

TEST(server_without_a_certificate)
{
    mistake_is("A server with TLS is opened, and no certificate was given or set.",
               WDSocketCreateSSL(NULL, 0, NULL, 0, "127.0.0.1", NULL), WDS_E_TLS_CERTIFICATE_FILE,
               "WDS_TEXT_SSL_CERTIFICATE|with its key|WDSocketCreateSSL", "WDS_TEXT_SSL_CERTIFICATE|avec sa clé|WDSocketCreateSSL");
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
    return strstr(english_text, "forked") == NULL || strstr(english_text, "exec") == NULL;
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
    has_words(english_text, "the library cannot work|forked|exec|only after the fork, in the child");
    has_words(french_text, "la bibliothèque ne fonctionne pas|fork|exec|seulement après le fork, dans le fils");
    CHECK_OK(WDSocketClose(before_the_fork));
}
#endif
