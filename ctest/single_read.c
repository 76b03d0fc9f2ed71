/*
 * single_read.c - reads of so many bytes, or up to a tag, that leave the
 * transmission mode as it is.
 */
#include "harness.h"

static char got[1 << 20];

TEST(a_protocol_whose_parts_have_lengths_of_their_own)
{
    h_half half;

    REQUIRE(h_half_client(&half));
    CHECK(h_send(half.raw, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody5\r\nwhole", 51));
    CHECK_BYTES(got, WDSocketReadUntil(half.socket, got, 100, "\r\n", 2, 20000), "HTTP/1.1 200 OK", 15);
    CHECK_EQ(got[15], 0);
    CHECK_EQ(WDSocketReadUntil(half.socket, NULL, 0, "\r\n", -1, 20000), 17);
    CHECK_CODE(WDSocketReadUntil(half.socket, got, 16, "\r\n", -1, 20000), WDS_E_BUFFER);
    CHECK_BYTES(got, WDSocketReadUntil(half.socket, got, 17, "\r\n", -1, 20000), "Content-Length: 4", 17);
    CHECK_EQ(WDSocketReadUntil(half.socket, got, 0, "\r\n", -1, 20000), 0);
    CHECK_EQ(WDSocketReadExactly(half.socket, NULL, 4, 20000), 4);
    CHECK_BYTES(got, WDSocketReadExactly(half.socket, got, 4, 20000), "body", 4);
    CHECK_EQ(h_option(half.socket, WDS_OPT_MODE), WDS_MODE_SIZE);
    CHECK_BYTES(got, WDSocketRead(half.socket, got, 100, 20000), "whole", 5);
    h_half_close(&half);
}

TEST(a_time_out_keeps_what_came)
{
    h_half half;

    REQUIRE(h_half_channel(&half));
    CHECK_EQ(WDSocketReadExactly(half.socket, NULL, 0, -1), 0);
    CHECK_CODE(WDSocketReadExactly(half.socket, got, 5, 0), WDS_E_TIMEOUT);
    CHECK(h_send(half.raw, "abc", 3));
    CHECK_EQ(WDSocketReadExactly(half.socket, NULL, 3, 20000), 3);
    CHECK_CODE(WDSocketReadExactly(half.socket, got, 5, 10), WDS_E_TIMEOUT);
    CHECK(strstr(h_error(0, WDS_INFO_MESSAGE), "WDSocketReadExactly") != NULL);
    CHECK_CODE(WDSocketReadUntil(half.socket, got, 10, ";", 1, 10), WDS_E_TIMEOUT);
    CHECK(strstr(h_error(0, WDS_INFO_MESSAGE), "WDSocketReadUntil") != NULL);
    CHECK(h_send(half.raw, "de;", 3));
    CHECK_BYTES(got, WDSocketReadExactly(half.socket, got, 5, 20000), "abcde", 5);
    CHECK_EQ(WDSocketReadUntil(half.socket, got, 10, ";", 1, 20000), 0);
    h_half_close(&half);
}

TEST(the_rest_before_the_end_can_be_read)
{
    h_half half;
    int64_t left = 0;

    REQUIRE(h_half_channel(&half));
    CHECK(h_send(half.raw, "rest", 4));
    h_shut_write(half.raw);
    CHECK_CODE(WDSocketReadExactly(half.socket, got, 10, 20000), WDS_E_PEER_CLOSED);
    CHECK_CODE(WDSocketReadUntil(half.socket, got, 10, ";", 1, 20000), WDS_E_PEER_CLOSED);
    CHECK_OK(WDSocketGetNumber(half.socket, WDS_NUM_BUFFERED, &left));
    CHECK_EQ(left, 4);
    CHECK_BYTES(got, WDSocketReadExactly(half.socket, got, (int32_t)left, 20000), "rest", 4);
    CHECK_CODE(WDSocketReadExactly(half.socket, got, 1, 20000), WDS_E_PEER_CLOSED);
    h_half_close(&half);
}

TEST(what_is_refused)
{
    h_half half;
    int32_t udp = WDSocketCreateUDP(NULL, 0, "127.0.0.1");

    REQUIRE(h_half_client(&half));
    CHECK_CODE(WDSocketReadExactly(half.socket, got, -1, 0), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketReadExactly(half.socket, got, 1, -2), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketReadExactly(half.socket, got, 16777217, 0), WDS_E_TOO_LONG);
    CHECK_CODE(WDSocketReadUntil(half.socket, got, -1, "x", 1, 0), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketReadUntil(half.socket, got, 1, NULL, 1, 0), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketReadUntil(half.socket, got, 1, "x", 0, 0), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketReadUntil(half.socket, got, 1, got, 65, 0), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketReadUntil(half.socket, got, 1, "x", 1, -2), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketReadExactly(udp, got, 1, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketReadUntil(udp, got, 1, "x", 1, 0), WDS_E_KIND);
    CHECK_OK(WDSocketClose(udp));
    h_half_close(&half);
}
