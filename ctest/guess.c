/*
 * guess.c - WDSocketGuess: which descriptions fit bytes that came.
 */
#include "harness.h"

#define ROOM 8192

static char lines[ROOM];

static const char *guessed(const char *data, int32_t length)
{
    int32_t got = WDSocketGuess(data, length, lines, ROOM);

    return CHECK(got >= 0 && got < ROOM) && CHECK_EQ((int32_t)strlen(lines), got) ? lines : "";
}

static int begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

TEST(the_best_one_comes_first)
{
    CHECK(begins(guessed("S S  12.50 kg\r\nS S  12.51 kg\r\n", 30), "data 0D0A\t"));
    CHECK(begins(guessed("\0\005hello\0\003abc", 12), "len:u16be data\t"));
    CHECK(strstr(guessed("12:hello world!,", 16), "\tnetstring\t") != NULL);
    CHECK(begins(guessed("\026\003\001\002\000\001", 6), "\t\t"));
    CHECK_EQ(WDSocketGuess("\234", 1, lines, ROOM), 0);
    CHECK_EQ(lines[0], 0);
    CHECK_EQ(WDSocketGuess(NULL, 0, lines, ROOM), 0);
}

TEST(the_reason_is_in_the_language_of_the_host)
{
    CHECK(strstr(guessed("one\r\ntwo\r\n", 10), "2 messages end with 0D 0A\r\n") != NULL);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "fr"));
    CHECK(strstr(guessed("one\r\ntwo\r\n", 10), "2 messages finissent par 0D 0A\r\n") != NULL);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
}

TEST(buffers_and_parameters)
{
    int32_t length = WDSocketGuess("one\r\ntwo\r\n", 10, NULL, 0);

    CHECK(length > 0);
    lines[0] = 'x';
    CHECK_CODE(WDSocketGuess("one\r\ntwo\r\n", 10, lines, length - 1), WDS_E_BUFFER);
    CHECK_EQ(lines[0], 0);
    CHECK_EQ(WDSocketGuess("one\r\ntwo\r\n", 10, lines, length + 1), length);
    CHECK_CODE(WDSocketGuess(NULL, 1, lines, ROOM), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketGuess("x", -1, lines, ROOM), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketGuess("x", 1, lines, -1), WDS_E_ARGUMENT);
}
