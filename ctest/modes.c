/*
 * modes.c - the bytes on the wire of every transmission mode, in both
 * directions, against a peer that knows nothing of the library.
 */
#include "harness.h"

#define BYTES(text) (text), (int)(sizeof(text) - 1)

/* ---- how a mode is set up ---- */

static void mode(int32_t s, int32_t which)
{
    CHECK_OK(WDSocketChangeTransmissionMode(s, which, NULL, 0));
}

static void as_made(int32_t s)
{
    CHECK_EQ(h_option(s, WDS_OPT_MODE), WDS_MODE_SIZE);
}

static void default_tag(int32_t s)
{
    mode(s, WDS_MODE_END_TAG);
}

static void crlf(int32_t s)
{
    CHECK_OK(WDSocketChangeTransmissionMode(s, WDS_MODE_END_TAG, "\r\n", 2));
}

static void crlf_buffer(int32_t s)
{
    CHECK_OK(WDSocketChangeTransmissionMode(s, WDS_MODE_END_TAG_BUFFER, "\r\n", -1));
}

static void nul_tag(int32_t s)
{
    CHECK_OK(WDSocketChangeTransmissionMode(s, WDS_MODE_END_TAG, "\0", 1));
}

static void raw(int32_t s)
{
    mode(s, WDS_MODE_RAW);
}

static void length_default(int32_t s)
{
    mode(s, WDS_MODE_LENGTH);
}

static void length_one_byte(int32_t s)
{
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_WIDTH, 1));
    mode(s, WDS_MODE_LENGTH);
}

static void length_four_low_first(int32_t s)
{
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_WIDTH, 4));
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_ORDER, 1));
    mode(s, WDS_MODE_LENGTH);
}

static void length_counts_itself(int32_t s)
{
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_ADJUSTMENT, -2));
    mode(s, WDS_MODE_LENGTH);
}

static void length_behind_header(int32_t s)
{
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_OFFSET, 3));
    CHECK_OK(WDSocketSetBytes(s, WDS_TEXT_FRAME_HEADER, "HD", 2));
    mode(s, WDS_MODE_LENGTH);
}

static void length_kept(int32_t s)
{
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_OFFSET, 1));
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_WIDTH, 1));
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_KEEP_HEADER, 1));
    mode(s, WDS_MODE_LENGTH);
}

static void length_kept_and_checked(int32_t s)
{
    length_kept(s);
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_KEEP_HEADER, 2));
}

static void length_four_kept_and_checked(int32_t s)
{
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_WIDTH, 4));
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_ORDER, 1));
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_ADJUSTMENT, -4));
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_KEEP_HEADER, 2));
    mode(s, WDS_MODE_LENGTH);
}

static void modbus_checked(int32_t s)
{
    CHECK_OK(WDSocketSetText(s, WDS_TEXT_FRAME_PRESET, "modbus-tcp"));
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_KEEP_HEADER, 2));
}

static void fixed_four(int32_t s)
{
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_LENGTH, 4));
    mode(s, WDS_MODE_FIXED);
}

static void markers(int32_t s)
{
    mode(s, WDS_MODE_MARKERS);
}

static void markers_check(int32_t s, int32_t check, int32_t span)
{
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_CHECK, check));
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_CHECK_SPAN, span));
    mode(s, WDS_MODE_MARKERS);
}

static void markers_xor(int32_t s)
{
    markers_check(s, WDS_CHECK_XOR, 2);
}

static void markers_xor_all(int32_t s)
{
    markers_check(s, WDS_CHECK_XOR, 3);
}

static void markers_sum(int32_t s)
{
    markers_check(s, WDS_CHECK_SUM, 0);
}

static void markers_lrc(int32_t s)
{
    markers_check(s, WDS_CHECK_LRC, 0);
}

static void markers_modbus_crc(int32_t s)
{
    markers_check(s, WDS_CHECK_CRC16, 0);
}

static void markers_xmodem_crc(int32_t s)
{
    markers_check(s, WDS_CHECK_CRC16_CCITT, 0);
}

static void markers_escape(int32_t s)
{
    CHECK_OK(WDSocketSetBytes(s, WDS_TEXT_FRAME_ESCAPE, "\x10", 1));
    mode(s, WDS_MODE_MARKERS);
}

static void markers_long(int32_t s)
{
    CHECK_OK(WDSocketSetBytes(s, WDS_TEXT_FRAME_START, "<<", 2));
    CHECK_OK(WDSocketSetBytes(s, WDS_TEXT_FRAME_END, ">>\n", 3));
    mode(s, WDS_MODE_MARKERS);
}

static void markers_anew(int32_t s)
{
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_RESTART, 1));
    mode(s, WDS_MODE_MARKERS);
}

static void markers_anew_escape(int32_t s)
{
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_RESTART, 1));
    markers_escape(s);
}

static void gap(int32_t s)
{
    CHECK_OK(WDSocketSetOption(s, WDS_OPT_FRAME_GAP, 200));
    mode(s, WDS_MODE_GAP);
}

static void preset(int32_t s, const char *name)
{
    CHECK_OK(WDSocketSetText(s, WDS_TEXT_FRAME_PRESET, name));
}

static void modbus(int32_t s)
{
    preset(s, "modbus-tcp");
}

static void tpkt(int32_t s)
{
    preset(s, "tpkt");
}

static void mllp(int32_t s)
{
    preset(s, "mllp");
}

static void stx_etx_bcc(int32_t s)
{
    preset(s, "stx-etx-bcc");
}

static void iso8583(int32_t s)
{
    preset(s, "iso8583");
}

/* ---- message and wire ---- */

static const struct {
    const char *what;
    void (*setup)(int32_t);
    const char *message;
    int message_length;
    const char *wire;
    int wire_length;
} rows[] = {
    {"size", as_made, BYTES("Hello World"), BYTES("11\r\nHello World")},
    {"size, empty", as_made, BYTES(""), BYTES("0\r\n")},
    {"size, NUL inside", as_made, BYTES("a\0b"), BYTES("3\r\na\0b")},
    {"size, CR LF inside", as_made, BYTES("1\r\n2"), BYTES("4\r\n1\r\n2")},
    {"default tag", default_tag, BYTES("Hello"), BYTES("Hello\x1a")},
    {"CR LF", crlf, BYTES("MODE READER"), BYTES("MODE READER\r\n")},
    {"CR LF, empty", crlf, BYTES(""), BYTES("\r\n")},
    {"CR LF, half a tag inside", crlf, BYTES("a\rb\nc"), BYTES("a\rb\nc\r\n")},
    {"CR LF, buffer", crlf_buffer, BYTES("LIST"), BYTES("LIST\r\n")},
    {"NUL as tag", nul_tag, BYTES("abc"), BYTES("abc\0")},
    {"raw", raw, BYTES("any\0thing"), BYTES("any\0thing")},
    {"length 2, high first", length_default, BYTES("abc"), BYTES("\0\3abc")},
    {"length 2, empty", length_default, BYTES(""), BYTES("\0\0")},
    {"length 1", length_one_byte, BYTES("abc"), BYTES("\3abc")},
    {"length 4, low first", length_four_low_first, BYTES("abc"), BYTES("\3\0\0\0abc")},
    {"length counts itself", length_counts_itself, BYTES("abc"), BYTES("\0\5abc")},
    {"length behind a header", length_behind_header, BYTES("abc"), BYTES("HD\0\0\3abc")},
    {"length kept", length_kept, BYTES("T\3abc"), BYTES("T\3abc")},
    {"length kept and checked", length_kept_and_checked, BYTES("T\3abc"), BYTES("T\3abc")},
    {"length 4 kept and checked", length_four_kept_and_checked, BYTES("\7\0\0\0abc"), BYTES("\7\0\0\0abc")},
    {"fixed", fixed_four, BYTES("abcd"), BYTES("abcd")},
    {"markers", markers, BYTES("abc"), BYTES("\2abc\3")},
    {"markers, empty", markers, BYTES(""), BYTES("\2\3")},
    {"markers, XOR with end", markers_xor, BYTES("abc"), BYTES("\2abc\3\x63")},
    {"markers, XOR with both", markers_xor_all, BYTES("abc"), BYTES("\2abc\3\x61")},
    {"markers, sum", markers_sum, BYTES("abc"), BYTES("\2abc\3\x26")},
    {"markers, LRC", markers_lrc, BYTES("abc"), BYTES("\2abc\3\xda")},
    {"markers, CRC-16/MODBUS", markers_modbus_crc, BYTES("123456789"), BYTES("\2" "123456789" "\3\x37\x4b")},
    {"markers, CRC-16/XMODEM", markers_xmodem_crc, BYTES("123456789"), BYTES("\2" "123456789" "\3\x31\xc3")},
    {"markers, escape", markers_escape, BYTES("a\2b\3c\x10"), BYTES("\2a\x10\2b\x10\3c\x10\x10\3")},
    {"markers, a start inside", markers, BYTES("a\2b"), BYTES("\2a\2b\3")},
    {"markers anew, escape", markers_anew_escape, BYTES("a\2b\3c"), BYTES("\2a\x10\2b\x10\3c\3")},
    {"markers of several bytes", markers_long, BYTES("a>b"), BYTES("<<a>b>>\n")},
    {"gap", gap, BYTES("abc"), BYTES("abc")},
    {"modbus-tcp", modbus, BYTES("\0\1\0\0\0\6\1\3\0\0\0\2"), BYTES("\0\1\0\0\0\6\1\3\0\0\0\2")},
    {"modbus-tcp, checked", modbus_checked, BYTES("\0\1\0\0\0\6\1\3\0\0\0\2"), BYTES("\0\1\0\0\0\6\1\3\0\0\0\2")},
    {"tpkt", tpkt, BYTES("abc"), BYTES("\3\0\0\7abc")},
    {"mllp", mllp, BYTES("MSH|"), BYTES("\x0bMSH|\x1c\r")},
    {"stx-etx-bcc", stx_etx_bcc, BYTES("abc"), BYTES("\2abc\3\x63")},
    {"iso8583", iso8583, BYTES("0800"), BYTES("\0\4" "0800")},
};

#define ROWS ((int)(sizeof rows / sizeof rows[0]))

static void row_failed(int i)
{
    printf("      in \"%s\"\n", rows[i].what);
}

TEST(written_bytes)
{
    int i;

    for (i = 0; i < ROWS; i++) {
        h_half half;
        char got[64];
        int length;

        REQUIRE(h_half_client(&half));
        rows[i].setup(half.socket);
        if (!CHECK_CODE(WDSocketWrite(half.socket, rows[i].message, rows[i].message_length), rows[i].message_length))
            row_failed(i);
        length = h_recv(half.raw, got, rows[i].wire_length, 20000);
        if (!CHECK_BYTES(got, length, rows[i].wire, rows[i].wire_length))
            row_failed(i);
        /* and not a byte more */
        CHECK_OK(WDSocketCloseEx(half.socket, WDS_CLOSE_WRITE, 20000));
        if (!CHECK_EQ(h_recv_count(half.raw, 20000), 0))
            row_failed(i);
        h_half_close(&half);
    }
}

static void read_row(int i, int chunk, int pause_ms)
{
    h_half half;
    char got[64];
    int32_t length;

    REQUIRE(h_half_channel(&half));
    rows[i].setup(half.socket);
    CHECK(h_send_chunks(half.raw, rows[i].wire, rows[i].wire_length, chunk, pause_ms));
    if (rows[i].setup == raw) { /* a stream may come in any pieces */
        int have = 0;

        while (have < rows[i].message_length) {
            length = WDSocketRead(half.socket, got + have, (int32_t)sizeof got - have, 20000);
            if (!CHECK_GE(length, 1))
                break;
            have += length;
        }
        length = have;
    } else {
        length = WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000);
    }
    if (!CHECK_BYTES(got, length, rows[i].message, rows[i].message_length)) {
        row_failed(i);
        printf("      | %s\n", h_error(0, WDS_INFO_MESSAGE));
    }
    if (!CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 0), WDS_E_TIMEOUT))
        row_failed(i);
    h_half_close(&half);
}

TEST(read_bytes)
{
    int i;

    for (i = 0; i < ROWS; i++)
        read_row(i, 64, 0);
}

TEST(read_one_byte_at_a_time)
{
    int i;

    for (i = 0; i < ROWS; i++)
        read_row(i, 1, rows[i].setup == gap ? 0 : 2);
}

TEST(read_many_in_one_segment)
{
    int i, k;

    for (i = 0; i < ROWS; i++) {
        h_half half;
        char got[64], wire[512];
        int length = rows[i].wire_length;

        if (rows[i].setup == raw || rows[i].setup == gap)
            continue; /* there, one segment is one piece */
        REQUIRE(h_half_channel(&half));
        rows[i].setup(half.socket);
        for (k = 0; k < 8; k++)
            memcpy(wire + k * length, rows[i].wire, (size_t)length);
        CHECK(h_send(half.raw, wire, 8 * length));
        for (k = 0; k < 8; k++) {
            int32_t result = WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000);

            if (!CHECK_BYTES(got, result, rows[i].message, rows[i].message_length))
                row_failed(i);
        }
        CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 0), WDS_E_TIMEOUT);
        CHECK_EQ(h_number(half.socket, WDS_NUM_MESSAGES_READ), 8);
        CHECK_EQ(h_number(half.socket, WDS_NUM_BYTES_READ), 8 * length);
        h_half_close(&half);
    }
}

/* Both ends are ours: every mode carries what it wrote. */
TEST(round_trips)
{
    int i;

    for (i = 0; i < ROWS; i++) {
        h_pair pair;
        char got[64];

        REQUIRE(h_pair_open(&pair));
        rows[i].setup(pair.client);
        rows[i].setup(pair.channel);
        if (rows[i].message_length > 0 || (rows[i].setup != raw && rows[i].setup != gap)) {
            CHECK_CODE(WDSocketWrite(pair.client, rows[i].message, rows[i].message_length), rows[i].message_length);
            if (!CHECK_BYTES(got, WDSocketRead(pair.channel, got, (int32_t)sizeof got, 20000), rows[i].message, rows[i].message_length))
                row_failed(i);
        }
        h_pair_close(&pair);
    }
}

/* ---- what must not be written ---- */

static void refused_write(void (*setup)(int32_t), const char *message, int length, int32_t code)
{
    h_half half;

    REQUIRE(h_half_client(&half));
    setup(half.socket);
    CHECK_CODE(WDSocketWrite(half.socket, message, length), code);
    CHECK_EQ(WDSocketState(half.socket), WDS_STATE_OPEN);
    CHECK_EQ(h_number(half.socket, WDS_NUM_BYTES_WRITTEN), 0); /* nothing was sent */
    h_half_close(&half);
}

TEST(messages_that_do_not_fit)
{
    static char long_message[70000];

    memset(long_message, 'x', sizeof long_message);
    refused_write(crlf, BYTES("a\r\nb"), WDS_E_TAG_IN_MESSAGE);
    refused_write(crlf, BYTES("\r\n"), WDS_E_TAG_IN_MESSAGE);
    refused_write(default_tag, BYTES("\x1a"), WDS_E_TAG_IN_MESSAGE);
    refused_write(markers, BYTES("a\3b"), WDS_E_TAG_IN_MESSAGE);
    refused_write(fixed_four, BYTES("abc"), WDS_E_FRAME);
    refused_write(fixed_four, BYTES("abcde"), WDS_E_FRAME);
    refused_write(length_one_byte, long_message, 256, WDS_E_FRAME);
    refused_write(length_default, long_message, 65536, WDS_E_FRAME);
    refused_write(length_kept, BYTES("T"), WDS_E_FRAME);
    refused_write(modbus, BYTES("\0\1\0"), WDS_E_FRAME);
    refused_write(markers_anew, BYTES("a\2b"), WDS_E_TAG_IN_MESSAGE);
    refused_write(mllp, BYTES("MSH\x0b"), WDS_E_TAG_IN_MESSAGE);
    refused_write(stx_etx_bcc, BYTES("\2"), WDS_E_TAG_IN_MESSAGE);
}

static void refused_field(void (*setup)(int32_t), const char *message, int length, const char *shown)
{
    h_half half;

    REQUIRE(h_half_client(&half));
    setup(half.socket);
    CHECK_CODE(WDSocketWrite(half.socket, message, length), WDS_E_FRAME);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), shown);
    CHECK_EQ(h_number(half.socket, WDS_NUM_BYTES_WRITTEN), 0);
    h_half_close(&half);
}

/* A length field that does not fit is put right, or refused if the host says so. */
TEST(kept_length_fields)
{
    h_half half;
    char got[16];

    REQUIRE(h_half_client(&half));
    length_kept(half.socket);
    CHECK_CODE(WDSocketWrite(half.socket, BYTES("T\x63" "abc")), 5);
    CHECK_BYTES(got, h_recv(half.raw, got, 5, 20000), "T\3abc", 5);
    h_half_close(&half);
    refused_field(length_kept_and_checked, BYTES("T\x63" "abc"), "says 99, expected 3");
    refused_field(length_kept_and_checked, BYTES("T\0abc"), "says 0, expected 3");
    refused_field(length_four_kept_and_checked, BYTES("\3\0\0\0abc"), "says 3, expected 7");
    refused_field(modbus_checked, BYTES("\0\1\0\0\0\7\1\3\0\0\0\2"), "says 7, expected 6");
}

/* What a start marker inside a message does goes with the markers of a preset. */
TEST(beginning_anew_goes_with_the_preset)
{
    h_half half;
    int32_t value = -1;

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketGetOption(half.socket, WDS_OPT_FRAME_RESTART, &value));
    CHECK_EQ(value, 0);
    mllp(half.socket);
    CHECK_OK(WDSocketGetOption(half.socket, WDS_OPT_FRAME_RESTART, &value));
    CHECK_EQ(value, 1);
    CHECK_OK(WDSocketSetBytes(half.socket, WDS_TEXT_FRAME_START, "\2", 1));
    CHECK_OK(WDSocketGetOption(half.socket, WDS_OPT_FRAME_RESTART, &value));
    CHECK_EQ(value, 0);
    stx_etx_bcc(half.socket);
    CHECK_OK(WDSocketSetBytes(half.socket, WDS_TEXT_FRAME_END, "\4", 1));
    CHECK_OK(WDSocketGetOption(half.socket, WDS_OPT_FRAME_RESTART, &value));
    CHECK_EQ(value, 0);
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_FRAME_RESTART, 1));
    CHECK_OK(WDSocketSetBytes(half.socket, WDS_TEXT_FRAME_START, "\5", 1)); /* it was asked for */
    CHECK_OK(WDSocketGetOption(half.socket, WDS_OPT_FRAME_RESTART, &value));
    CHECK_EQ(value, 1);
    modbus(half.socket);
    CHECK_OK(WDSocketGetOption(half.socket, WDS_OPT_FRAME_RESTART, &value));
    CHECK_EQ(value, 0);
    h_half_close(&half);
}

TEST(tag_as_is)
{
    h_half half;
    char got[32];

    REQUIRE(h_half_client(&half));
    crlf(half.socket);
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_TAG_AS_IS, 1));
    CHECK_CODE(WDSocketWrite(half.socket, BYTES("QUIT\r\n")), 6);
    CHECK_CODE(WDSocketWrite(half.socket, BYTES("no tag")), 6);
    CHECK_BYTES(got, h_recv(half.raw, got, 12, 20000), "QUIT\r\nno tag", 12);
    CHECK(h_send(half.raw, BYTES("205 bye\r\n")));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "205 bye", 7);
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_TAG_AS_IS, 0));
    CHECK_CODE(WDSocketWrite(half.socket, BYTES("QUIT\r\n")), WDS_E_TAG_IN_MESSAGE);
    h_half_close(&half);
}

TEST(text_length_minus_one)
{
    h_half half;
    char got[32];

    REQUIRE(h_half_client(&half));
    CHECK_CODE(WDSocketWrite(half.socket, "Hello", -1), 5);
    CHECK_BYTES(got, h_recv(half.raw, got, 8, 20000), "5\r\nHello", 8);
    CHECK_CODE(WDSocketWrite(half.socket, "", -1), 0);
    CHECK_BYTES(got, h_recv(half.raw, got, 3, 20000), "0\r\n", 3);
    CHECK_CODE(WDSocketWrite(half.socket, NULL, 0), 0);
    CHECK_BYTES(got, h_recv(half.raw, got, 3, 20000), "0\r\n", 3);
    h_half_close(&half);
}

/* ---- bytes that are no message ---- */

static void bad_read(void (*setup)(int32_t), const char *wire, int length, int32_t code, const char *shown)
{
    h_half half;
    char got[256];

    REQUIRE(h_half_channel(&half));
    setup(half.socket);
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_MAX_MESSAGE, 100));
    CHECK(h_send(half.raw, wire, length));
    if (!CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), code))
        printf("      wire \"%.40s\"\n", wire);
    if (shown)
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), shown);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_FRAME);
    h_half_close(&half);
}

TEST(bad_length_prefixes)
{
    bad_read(as_made, BYTES("-5\r\nabcde"), WDS_E_FRAME, "\"-5");
    bad_read(as_made, BYTES("+5\r\nabcde"), WDS_E_FRAME, "\"+5");
    bad_read(as_made, BYTES(" 5\r\nabcde"), WDS_E_FRAME, "\" 5");
    bad_read(as_made, BYTES("abc\r\n"), WDS_E_FRAME, "\"abc");
    bad_read(as_made, BYTES("5x\r\n"), WDS_E_FRAME, "\"5x");
    bad_read(as_made, BYTES("0x5\r\n"), WDS_E_FRAME, NULL);
    bad_read(as_made, BYTES("5\nabcde"), WDS_E_FRAME, NULL);
    bad_read(as_made, BYTES("5\rabcde"), WDS_E_FRAME, NULL);
    bad_read(as_made, BYTES("\r\nabcde"), WDS_E_FRAME, NULL);
    bad_read(as_made, BYTES("\n"), WDS_E_FRAME, NULL);
    bad_read(as_made, BYTES("1.5\r\n"), WDS_E_FRAME, NULL);
    bad_read(as_made, BYTES("12345678901\r\n"), WDS_E_FRAME, NULL);
    bad_read(as_made, BYTES("1234567890123456789012345678901234567890\r\n"), WDS_E_FRAME, NULL);
    bad_read(as_made, BYTES("9999999999\r\n"), WDS_E_TOO_LONG, "\"9999999999");
    bad_read(as_made, BYTES("4294967297\r\nx"), WDS_E_TOO_LONG, NULL); /* 1, if 32 bits held it */
    bad_read(as_made, BYTES("2147483648\r\n"), WDS_E_TOO_LONG, NULL);
    bad_read(as_made, BYTES("101\r\n"), WDS_E_TOO_LONG, "101");
    bad_read(as_made, BYTES("\x16\x03\x01\x02"), WDS_E_FRAME, "16 03 01"); /* TLS on a plain port */
    bad_read(as_made, BYTES("GET / HTTP/1.1\r\n"), WDS_E_FRAME, "\"GET / HTTP");
}

TEST(bad_frames_of_the_other_modes)
{
    static char endless[300];

    memset(endless, 'x', sizeof endless);
    bad_read(crlf, endless, (int)sizeof endless, WDS_E_TOO_LONG, "\"xxxx");
    bad_read(length_default, BYTES("\0\x65"), WDS_E_TOO_LONG, NULL);
    bad_read(length_four_low_first, BYTES("\xff\xff\xff\xff"), WDS_E_TOO_LONG, NULL);
    bad_read(length_counts_itself, BYTES("\0\1x"), WDS_E_FRAME, NULL);
    bad_read(length_behind_header, BYTES("XX\0\0\3abc"), WDS_E_FRAME, "58 58");
    bad_read(tpkt, BYTES("\4\0\0\7abc"), WDS_E_FRAME, NULL);
    bad_read(markers, BYTES("noise\2abc\3"), WDS_E_FRAME, NULL);
    bad_read(markers_xor, BYTES("\2abc\3\x64"), WDS_E_CHECK, "64");
    bad_read(markers_modbus_crc, BYTES("\2" "123456789" "\3\x4b\x37"), WDS_E_CHECK, NULL);
    endless[0] = 2;
    bad_read(markers, endless, (int)sizeof endless, WDS_E_TOO_LONG, NULL);
    bad_read(gap, endless, (int)sizeof endless, WDS_E_TOO_LONG, NULL);
}

TEST(a_framing_error_is_for_good)
{
    h_half half;
    char got[16];

    REQUIRE(h_half_channel(&half));
    CHECK(h_send(half.raw, BYTES("what?")));
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_FRAME);
    CHECK(h_send(half.raw, BYTES("3\r\nabc")));
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 1000), WDS_E_FRAME);
    CHECK_EQ(WDSocketState(half.socket), WDS_STATE_BROKEN);
    CHECK_EQ(WDSocketErrorCode(half.socket, WDS_INFO_CODE), WDS_E_FRAME);
    h_half_close(&half);
}

TEST(noise_and_bad_checks_are_told_once)
{
    h_half half;
    char got[16];

    REQUIRE(h_half_channel(&half));
    markers_xor(half.socket);
    CHECK(h_send(half.raw, BYTES("\2abc\3\x00\2abc\3\x63")));
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_CHECK);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "abc", 3);
    CHECK(h_send(half.raw, BYTES("zz\2abc\3\x63")));
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_FRAME);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "abc", 3);
    h_half_close(&half);
}

/* ---- limits ---- */

TEST(message_of_the_limit_and_one_above)
{
    h_pair pair;
    static char data[1001], got[1001];

    REQUIRE(h_pair_open(&pair));
    memset(data, 'm', sizeof data);
    CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_MAX_MESSAGE, 1000));
    CHECK_CODE(WDSocketWrite(pair.client, data, 1001), WDS_E_TOO_LONG);
    CHECK_CODE(WDSocketWrite(pair.client, data, 1000), 1000);
    CHECK_CODE(WDSocketRead(pair.channel, got, 1000, 20000), 1000);
    CHECK_OK(WDSocketSetOption(pair.client, WDS_OPT_MAX_MESSAGE, 2000));
    CHECK_OK(WDSocketSetOption(pair.channel, WDS_OPT_MAX_MESSAGE, 1000));
    CHECK_CODE(WDSocketWrite(pair.client, data, 1000), 1000);
    CHECK_CODE(WDSocketWrite(pair.client, data, 1001), 1001);
    CHECK_CODE(WDSocketRead(pair.channel, got, 1001, 20000), 1000);
    CHECK_CODE(WDSocketRead(pair.channel, got, 1001, 20000), WDS_E_TOO_LONG);
    h_pair_close(&pair);
}

TEST(end_tag_limit_is_exact)
{
    h_half half;
    char got[64];

    REQUIRE(h_half_channel(&half));
    crlf(half.socket);
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_MAX_MESSAGE, 10));
    CHECK(h_send(half.raw, BYTES("0123456789\r\n0123456789X\r\n")));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "0123456789", 10);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_TOO_LONG);
    h_half_close(&half);
}

/* ---- changing ---- */

TEST(end_tag_split_over_segments)
{
    h_half half;
    char got[64];

    REQUIRE(h_half_channel(&half));
    crlf(half.socket);
    CHECK(h_send(half.raw, BYTES("first\r")));
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 100), WDS_E_TIMEOUT);
    CHECK(h_send(half.raw, BYTES("\nsecond\r\n")));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "first", 5);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "second", 6);
    h_half_close(&half);
}

TEST(a_change_of_mode_keeps_the_surplus)
{
    h_half half;
    char got[64];

    REQUIRE(h_half_channel(&half));
    crlf(half.socket);
    CHECK(h_send(half.raw, BYTES("HELLO\r\n5\r\nworld\0\2zzrest")));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "HELLO", 5);
    mode(half.socket, WDS_MODE_SIZE);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "world", 5);
    length_default(half.socket);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "zz", 2);
    raw(half.socket);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, 2, 20000), "re", 2);
    CHECK_EQ(WDSocketAvailable(half.socket), 2);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "st", 2);
    h_half_close(&half);
}

TEST(the_tag_can_be_asked_for_and_kept)
{
    int32_t socket = WDSocketNew(NULL);
    char got[16];

    CHECK_BYTES(got, WDSocketGetBytes(socket, WDS_TEXT_TAG, got, (int32_t)sizeof got), "\x1a", 1);
    CHECK_OK(WDSocketChangeTransmissionMode(socket, WDS_MODE_END_TAG, "\0\r\n", 3));
    mode(socket, WDS_MODE_RAW);
    mode(socket, WDS_MODE_END_TAG);
    CHECK_BYTES(got, WDSocketGetBytes(socket, WDS_TEXT_TAG, got, (int32_t)sizeof got), "\0\r\n", 3);
    CHECK_OK(WDSocketSetBytes(socket, WDS_TEXT_TAG, "#", 1));
    CHECK_BYTES(got, WDSocketGetBytes(socket, WDS_TEXT_TAG, got, (int32_t)sizeof got), "#", 1);
    CHECK_EQ(h_option(socket, WDS_OPT_MODE), WDS_MODE_END_TAG);
    CHECK_OK(WDSocketClose(socket));
}

TEST(writing_in_another_mode_than_reading)
{
    h_half half;
    char got[80] = "";

    REQUIRE(h_half_client(&half));
    crlf(half.socket);
    CHECK_OK(WDSocketSetBytes(half.socket, WDS_TEXT_WRITE_TAG, "\r", 1));
    CHECK_EQ(WDSocketWrite(half.socket, "ask", 3), 3);
    CHECK_BYTES(got, h_recv(half.raw, got, 4, 20000), "ask\r", 4);
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_WRITE_MODE, WDS_MODE_LENGTH));
    CHECK_EQ(WDSocketWrite(half.socket, "ask", 3), 3);
    CHECK_BYTES(got, h_recv(half.raw, got, 5, 20000), "\0\3ask", 5);
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_WRITE_MODE, WDS_MODE_RAW));
    CHECK_EQ(h_option(half.socket, WDS_OPT_MODE), WDS_MODE_END_TAG);
    CHECK_EQ(WDSocketWrite(half.socket, "a\r\nb", 4), 4);
    CHECK_BYTES(got, h_recv(half.raw, got, 4, 20000), "a\r\nb", 4);
    CHECK(h_send(half.raw, "answer\r\n", 8));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "answer", 6);
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_WRITE_MODE, -1));
    CHECK_OK(WDSocketSetBytes(half.socket, WDS_TEXT_WRITE_TAG, "", 0));
    CHECK_EQ(WDSocketWrite(half.socket, "end", 3), 3);
    CHECK_BYTES(got, h_recv(half.raw, got, 5, 20000), "end\r\n", 5);
    CHECK_CODE(WDSocketSetOption(half.socket, WDS_OPT_WRITE_MODE, -2), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetBytes(half.socket, WDS_TEXT_WRITE_TAG, got, 65), WDS_E_ARGUMENT);
    h_half_close(&half);
}

TEST(the_default_mode_of_later_sockets)
{
    h_pair pair;
    int32_t socket;

    CHECK_OK(WDSocketChangeTransmissionMode(0, WDS_MODE_END_TAG, "|", 1));
    socket = WDSocketNew(NULL);
    CHECK_EQ(h_option(socket, WDS_OPT_MODE), WDS_MODE_END_TAG);
    REQUIRE(h_pair_open(&pair));
    CHECK_EQ(h_option(pair.channel, WDS_OPT_MODE), WDS_MODE_END_TAG);
    CHECK_OK(WDSocketChangeTransmissionMode(0, WDS_MODE_SIZE, "\x1a", 1));
    CHECK_OK(WDSocketSetBytes(0, WDS_TEXT_TAG, "\x1a", 1));
    CHECK_EQ(h_option(socket, WDS_OPT_MODE), WDS_MODE_END_TAG);
    h_pair_close(&pair);
    CHECK_OK(WDSocketClose(socket));
}

TEST(the_preset_can_be_asked_for)
{
    int32_t socket = WDSocketNew(NULL);
    char text[32];

    CHECK_EQ(WDSocketGetText(socket, WDS_TEXT_FRAME_PRESET, text, (int32_t)sizeof text), 0);
    preset(socket, "mllp");
    CHECK_EQ(h_option(socket, WDS_OPT_MODE), WDS_MODE_MARKERS);
    CHECK_EQ(WDSocketGetText(socket, WDS_TEXT_FRAME_PRESET, text, (int32_t)sizeof text), 4);
    CHECK_TEXT(text, "mllp");
    CHECK_OK(WDSocketClose(socket));
}

TEST(unknown_preset)
{
    int32_t socket = WDSocketNew(NULL);

    CHECK_CODE(WDSocketSetText(socket, WDS_TEXT_FRAME_PRESET, "morse"), WDS_E_UNSUPPORTED);
    CHECK_EQ(h_option(socket, WDS_OPT_MODE), WDS_MODE_SIZE);
    CHECK_OK(WDSocketClose(socket));
}

/* ---- silence ---- */

typedef struct {
    h_sock sock;
    const char *data;
    int length, chunk, pause_ms;
} sending;

static int32_t send_slowly(void *argument)
{
    sending *what = (sending *)argument;

    return h_send_chunks(what->sock, what->data, what->length, what->chunk, what->pause_ms);
}

static h_thread *send_later(sending *what, h_sock sock, const char *data, int length, int chunk, int pause_ms)
{
    what->sock = sock;
    what->data = data;
    what->length = length;
    what->chunk = chunk;
    what->pause_ms = pause_ms;
    return h_start(send_slowly, what);
}

TEST(silence_ends_a_message)
{
    h_half half;
    char got[64];
    sending what;
    h_thread *thread;

    REQUIRE(h_half_channel(&half));
    gap(half.socket);
    thread = send_later(&what, half.raw, "abcdef", 6, 3, 1200);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "abc", 3);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "def", 3);
    h_join(thread);
    CHECK(h_send(half.raw, "last", 4));
    h_shut_write(half.raw); /* the end is a silence too */
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "last", 4);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_PEER_CLOSED);
    h_half_close(&half);
}

TEST(read_gap_collects_in_raw_mode)
{
    h_half half;
    char got[64];
    sending what;
    h_thread *thread;

    REQUIRE(h_half_channel(&half));
    raw(half.socket);
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_READ_GAP, 1500));
    thread = send_later(&what, half.raw, "abcdefgh", 8, 2, 30);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "abcdefgh", 8);
    h_join(thread);
    thread = send_later(&what, half.raw, "abcdefgh", 8, 2, 30);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, 8, 20000), "abcdefgh", 8); /* or until it is full */
    h_join(thread);
    h_half_close(&half);
}

TEST(read_gap_waits_for_the_rest_of_a_message)
{
    h_half half;
    char got[64];
    sending what;
    h_thread *thread;

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetOption(half.socket, WDS_OPT_READ_GAP, 5000));
    CHECK(h_send(half.raw, "6\r\nab", 5));
    thread = send_later(&what, half.raw, "cdef", 4, 1, 200);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 100), "abcdef", 6); /* past its own time */
    h_join(thread);
    h_half_close(&half);
}

/* ---- character sets ---- */

TEST(character_set_on_the_wire)
{
    h_half half;
    char got[64];

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_CHARSET, "windows-1252"));
    CHECK_GE(WDSocketWrite(half.socket, "caf\xc3\xa9 \xe2\x82\xac", -1), 0);
    CHECK_BYTES(got, h_recv(half.raw, got, 9, 20000), "6\r\ncaf\xe9 \x80", 9);
    CHECK(h_send(half.raw, BYTES("3\r\n\xe9\xe8\x80")));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "\xc3\xa9\xc3\xa8\xe2\x82\xac", 7);
    CHECK_CODE(WDSocketWrite(half.socket, "\xe6\xbc\xa2", 3), WDS_E_TEXT);
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_CHARSET, "ibm850"));
    CHECK_GE(WDSocketWrite(half.socket, "\xc3\xa9", 2), 0);
    CHECK_BYTES(got, h_recv(half.raw, got, 4, 20000), "1\r\n\x82", 4); /* nothing of the refused one before it */
    CHECK_CODE(WDSocketSetText(half.socket, WDS_TEXT_CHARSET, "klingon"), WDS_E_UNSUPPORTED);
    h_half_close(&half);
}

TEST(text_that_cannot_be_converted_stays)
{
    h_half half;
    char got[64];

    REQUIRE(h_half_client(&half));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_CHARSET, "utf-8"));
    CHECK(h_send(half.raw, BYTES("2\r\n\xff\xfe")));
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), WDS_E_TEXT);
    CHECK_CODE(WDSocketRead(half.socket, got, (int32_t)sizeof got, 0), WDS_E_TEXT);
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_CHARSET, ""));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000), "\xff\xfe", 2);
    h_half_close(&half);
}
