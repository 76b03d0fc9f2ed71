/*
 * described.c - messages that WDS_TEXT_FRAME describes: the bytes on the wire in both
 * directions, against a peer that knows nothing of the library.
 */
#include "harness.h"

#define BYTES(text) (text), (int)(sizeof(text) - 1)

static const struct {
    const char *text;      /* the description */
    const char *canonical; /* as it is given back */
    const char *message;
    int message_length;
    const char *wire;
    int wire_length;
} rows[] = {
    {"s=02 d=data e=03 xor(d..e)", "02 d=data e=03 xor(d..e)", BYTES("abc"), BYTES("\2abc\3\x63")},
    {"02 d=data 03 LRC/hex(d)", "02 data 03 lrc/hex(data)", BYTES("abc"), BYTES("\2abc\3" "DA")},
    {"HDR:1 len:u24le data", "hdr:1 len:u24le data", BYTES("abc"), BYTES("\0\3\0\0abc")},
    {"len:u24le=d hdr:1 d=data ; keep", "len:u24le=data hdr:1 data ; keep", BYTES("\3\0\0\7abc"), BYTES("\3\0\0\7abc")},
    {"len:dec4 data", "len:dec4 data", BYTES("abc"), BYTES("0003abc")},
    {"data (0D0A|0A|0D)", "data (0D0A|0A|0D)", BYTES("abc"), BYTES("abc\r\n")},
    {"1002 data~~10 1003", "1002 data~~10 1003", BYTES("a\x10\3b"), BYTES("\x10\2a\x10\x10\3b\x10\3")},
    {"02 data~1B 03", "02 data~1B 03", BYTES("a\3b"), BYTES("\2a\x1b\3b\3")},
    {"len:varint data", "len:varint data", BYTES("abc"), BYTES("\3abc")},
    {"len:ber data", "len:ber data", BYTES("abc"), BYTES("\3abc")},
    {"len:dec~\":\"=d d=data \",\"", "len:dec~3A=data data 2C", BYTES("abc"), BYTES("3:abc,")},
    {"d=data crc-16/modbus(d) \"!\"; max=100", NULL, NULL, 0, NULL, 0}, /* nothing says where data ends */
};

#define ROWS ((int)(sizeof rows / sizeof rows[0]))

static void row_failed(int i)
{
    printf("      in \"%s\": %s\n", rows[i].text, h_error(0, WDS_INFO_MESSAGE));
}

TEST(bytes_both_ways)
{
    int i;

    for (i = 0; i < ROWS; i++) {
        h_half half;
        char got[64], text[256];
        int length;

        REQUIRE(h_half_channel(&half));
        if (rows[i].canonical == NULL) {
            CHECK_CODE(WDSocketSetText(half.socket, WDS_TEXT_FRAME, rows[i].text), WDS_E_ARGUMENT);
            CHECK_EQ(h_option(half.socket, WDS_OPT_MODE), WDS_MODE_SIZE);
            h_half_close(&half);
            continue;
        }
        if (!CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME, rows[i].text)))
            row_failed(i);
        CHECK_EQ(h_option(half.socket, WDS_OPT_MODE), WDS_MODE_DESCRIBED);
        CHECK_GE(WDSocketGetText(half.socket, WDS_TEXT_FRAME, text, sizeof text), 1);
        if (!CHECK_CODE(WDSocketSetText(half.socket, WDS_TEXT_FRAME, text), WDS_OK))
            row_failed(i);
        if (!CHECK_CODE(WDSocketWrite(half.socket, rows[i].message, rows[i].message_length), rows[i].message_length))
            row_failed(i);
        length = h_recv(half.raw, got, rows[i].wire_length, 20000);
        if (!CHECK_BYTES(got, length, rows[i].wire, rows[i].wire_length))
            row_failed(i);
        CHECK(h_send_chunks(half.raw, rows[i].wire, rows[i].wire_length, 1, 0));
        length = WDSocketRead(half.socket, got, (int32_t)sizeof got, 20000);
        if (!CHECK_BYTES(got, length, rows[i].message, rows[i].message_length))
            row_failed(i);
        h_half_close(&half);
    }
}

TEST(lines_end_as_they_like)
{
    h_half half;
    char got[64];

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME, "data (0D0A|0A|0D)"));
    CHECK(h_send(half.raw, "one\r", 4));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), "one", 3); /* at once */
    CHECK(h_send(half.raw, "\ntwo\nthree\r\n", 12));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), "two", 3);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), "three", 5);
    CHECK_CODE(WDSocketRead(half.socket, got, sizeof got, 0), WDS_E_TIMEOUT);
    h_half_close(&half);
}

TEST(control_bytes_and_wrong_checks)
{
    h_half half;
    char got[64];

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME, "02 d=data 03 xor(d) ; control=(05|06|15) bad=keep"));
    CHECK(h_send(half.raw, "\6\2A\3A\2B\3A", 9));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), "\6", 1);
    CHECK_EQ(h_option(half.socket, WDS_OPT_FRAME_MESSAGE), WDS_FRAME_CONTROL);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), "A", 1);
    CHECK_EQ(h_option(half.socket, WDS_OPT_FRAME_MESSAGE), 0);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), "B", 1);
    CHECK_EQ(h_option(half.socket, WDS_OPT_FRAME_MESSAGE), WDS_FRAME_WRONG);

    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME, "02 d=data 03 xor(d) ; bad=nak"));
    CHECK(h_send(half.raw, "\2B\3A", 4));
    CHECK_CODE(WDSocketRead(half.socket, got, sizeof got, 20000), WDS_E_CHECK);
    CHECK_BYTES(got, h_recv(half.raw, got, 1, 20000), "\x15", 1);
    h_half_close(&half);
}

TEST(protocols_have_names)
{
    h_half half;
    char got[64];

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "nmea"));
    CHECK_EQ(h_option(half.socket, WDS_OPT_MODE), WDS_MODE_DESCRIBED);
    CHECK(h_send(half.raw, "$GPGGA,1*4B\r\n", 13));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), "$GPGGA,1", 8);
    h_half_close(&half);
}

TEST(modbus_rtu_by_its_functions)
{
    static const char answer[] = "\x11\3\2\0\7\x38\x45", request[] = "\x11\3\0\x6b\0\1\xf7\x46";
    h_half half;
    char got[300], text[64], stream[64];

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "modbus-rtu"));
    CHECK_EQ(h_option(half.socket, WDS_OPT_MODE), WDS_MODE_DESCRIBED);
    CHECK_BYTES(text, WDSocketGetText(half.socket, WDS_TEXT_FRAME, text, sizeof text), "modbus-rtu", 10);
    CHECK_CODE(WDSocketWrite(half.socket, request, 6), 6);
    CHECK_BYTES(got, h_recv(half.raw, got, 8, 20000), request, 8);
    CHECK(h_send_chunks(half.raw, answer, 7, 1, 0));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), answer, 5);

    memcpy(stream, answer, 7); /* one damaged, one behind noise, and an exception */
    stream[4] ^= 1;
    memcpy(stream + 7, "\xff\xff\xff", 3);
    memcpy(stream + 10, answer, 7);
    memcpy(stream + 17, "\x11\x83\2\xc1\x34", 5);
    CHECK(h_send(half.raw, stream, 22));
    CHECK_CODE(WDSocketRead(half.socket, got, sizeof got, 20000), WDS_E_CHECK);
    CHECK_CODE(WDSocketRead(half.socket, got, sizeof got, 20000), WDS_E_FRAME);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), answer, 5);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), "\x11\x83\2", 3);
    h_half_close(&half);

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME, "modbus-rtu-slave"));
    CHECK(h_send_chunks(half.raw, request, 8, 1, 0));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), request, 6);
    h_half_close(&half);
}

TEST(slip_drops_marks_between_messages)
{
    h_half half;
    char got[64], marks[5000];

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "slip"));
    memset(marks, 0xC0, sizeof marks);
    CHECK(h_send(half.raw, marks, sizeof marks));
    CHECK_CODE(WDSocketRead(half.socket, got, sizeof got, 0), WDS_E_TIMEOUT);
    CHECK(h_send_chunks(half.raw, "A\xdb\xdc\xc0", 4, 1, 0));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), "A\xc0", 2);
    CHECK_CODE(WDSocketWrite(half.socket, "\xdb", 1), 1);
    CHECK_BYTES(got, h_recv(half.raw, got, 4, 20000), "\xc0\xdb\xdd\xc0", 4);
    h_half_close(&half);
}

TEST(values_of_redis_are_whole)
{
    static const char nested[] = "*2\r\n*1\r\n$5\r\na\r\nb\r\r\n:-1\r\n";
    const int length = (int)sizeof nested - 1;
    h_half half;
    char got[64];

    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "redis"));
    CHECK_CODE(WDSocketWrite(half.socket, "PING\r\n", 6), 6);
    CHECK_BYTES(got, h_recv(half.raw, got, 6, 20000), "PING\r\n", 6);
    CHECK_CODE(WDSocketWrite(half.socket, "*1\r\n", 4), WDS_E_FRAME);
    CHECK(h_send_chunks(half.raw, nested, length, 1, 0));
    CHECK(h_send(half.raw, "+OK\r\n*9999999999\r\n", 18));
    CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), nested, length);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), "+OK\r\n", 5);
    CHECK_CODE(WDSocketRead(half.socket, got, sizeof got, 20000), WDS_E_TOO_LONG);
    h_half_close(&half);
}

/* Many short messages are taken out of memory that the library lends, or many in a call. */
TEST(rows_of_mysql_are_all_there)
{
    enum { COUNT = 3000, ROW = 10 };
    static char stream[COUNT * ROW], got[65536];
    static int32_t lengths[100];
    h_half half;
    int i, at;

    for (i = 0; i < COUNT; i++) {
        char *row = stream + i * ROW;

        row[0] = 6;
        row[3] = (char)i;
        memset(row + 4, 'a' + i % 26, ROW - 4);
    }
    REQUIRE(h_half_channel(&half));
    CHECK_OK(WDSocketSetText(half.socket, WDS_TEXT_FRAME_PRESET, "mysql"));
    CHECK(h_send(half.raw, stream, sizeof stream));
    for (i = 0; i < COUNT / 2; i++)
        CHECK_BYTES(got, WDSocketRead(half.socket, got, sizeof got, 20000), stream + i * ROW + 3, ROW - 3);
    while (i < COUNT) {
        int32_t count = WDSocketReadMany(half.socket, got, sizeof got, lengths, 100, 20000), j;

        REQUIRE(count > 0);
        for (j = at = 0; j < count; at += lengths[j++])
            CHECK_BYTES(got + at, lengths[j], stream + (i + j) * ROW + 3, ROW - 3);
        i += count;
    }
    CHECK_CODE(WDSocketRead(half.socket, got, sizeof got, 0), WDS_E_TIMEOUT);
    h_half_close(&half);
}
