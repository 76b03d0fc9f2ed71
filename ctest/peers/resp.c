/*
 * resp.c - talks to a Redis server with the preset "redis"
 *
 * usage: resp HOST PORT.  Each message is one value of RESP, however it is nested: texts with
 * all bytes in them, arrays in arrays, many at a time, maps and pushed messages of RESP3.
 */
#include "../../examples/example.h"

#define WAIT_MS 10000
#define VALUE_MAX 300000
#define ANSWER_MAX 2000000
#define PIPELINED 2000
#define ELEMENTS 20000
#define DEPTH 50

static int32_t redis; /* the connection */
static char value[VALUE_MAX], command[VALUE_MAX + 200], answer[ANSWER_MAX], expected[ANSWER_MAX];

static void fail(const char *what, int32_t length)
{
	fprintf(stderr, "resp: %s: an answer of %d bytes: %.*s\n", what, (int)length, length > 200 ? 200 : (int)length, answer);
	exit(1);
}

static void connect_to(const char *host, const char *port)
{
	redis = must("connecting", WDSocketConnect(NULL, port_argument(port, 0), host, WAIT_MS));
	must("choosing redis", WDSocketSetText(redis, WDS_TEXT_FRAME_PRESET, "redis"));
}

static void ask(const char *text)
{
	must("writing", WDSocketWrite(redis, text, -1));
}

static int32_t read_answer(void)
{
	return must("reading", WDSocketRead(redis, answer, ANSWER_MAX, WAIT_MS));
}

static void expect(const char *what, const char *bytes, int32_t length)
{
	int32_t got = read_answer();

	if (got != length || memcmp(answer, bytes, (size_t)length) != 0)
		fail(what, got);
}

static void expect_text(const char *what, const char *text)
{
	expect(what, text, (int32_t)strlen(text));
}

/* A script with the answer that it gives. */
static void evaluate(const char *script, const char *text)
{
	int32_t length = (int32_t)snprintf(command, sizeof command, "*3\r\n$4\r\nEVAL\r\n$%d\r\n%s\r\n$1\r\n0\r\n", (int)strlen(script), script);

	must("writing", WDSocketWrite(redis, command, length));
	expect_text(script, text);
}

static void make_value(int32_t length)
{
	static unsigned int seed = 1;
	int32_t i;

	for (i = 0; i < length; i++) {
		seed = seed * 1103515245U + 12345U;
		value[i] = (char)(seed >> 16);
	}
	for (i = 0; i + 5 < length; i += 97)
		memcpy(value + i, "\r\n$1\r\n", 6);
}

/* Writes a value and reads it back: a text with its length, and all bytes in it. */
static void there_and_back(int32_t length)
{
	int32_t head;

	make_value(length);
	head = (int32_t)snprintf(command, sizeof command, "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$%d\r\n", (int)length);
	memcpy(command + head, value, (size_t)length);
	memcpy(command + head + length, "\r\n", 2);
	must("writing", WDSocketWrite(redis, command, head + length + 2));
	expect_text("SET", "+OK\r\n");
	ask("GET key\r\n");
	head = (int32_t)snprintf(expected, sizeof expected, "$%d\r\n", (int)length);
	memcpy(expected + head, value, (size_t)length);
	memcpy(expected + head + length, "\r\n", 2);
	expect("GET", expected, head + length + 2);
}

static void many_at_a_time(void)
{
	char text[40];
	int i;

	for (i = 0; i < PIPELINED; i++)
		ask("*2\r\n$4\r\nINCR\r\n$5\r\ncount\r\n");
	for (i = 1; i <= PIPELINED; i++) {
		snprintf(text, sizeof text, ":%d\r\n", i);
		expect_text("INCR", text);
	}
}

static void nested(void)
{
	char deep[200] = "";
	int i;

	evaluate("return {1,{2,{3,{}}},'x',{false}}", "*4\r\n:1\r\n*2\r\n:2\r\n*2\r\n:3\r\n*0\r\n$1\r\nx\r\n*1\r\n$-1\r\n");
	expected[0] = 0;
	for (i = 0; i < DEPTH; i++)
		strcat(expected, "*1\r\n");
	strcat(expected, "*0\r\n");
	snprintf(deep, sizeof deep, "local t = {} for i = 1, %d do t = {t} end return t", DEPTH);
	evaluate(deep, expected);
	evaluate("for i = 1, 20000 do redis.call('RPUSH', 'list', 'element ' .. i) end return redis.status_reply('DONE')", "+DONE\r\n");
}

/* An answer of many elements, which is one message. */
static void long_list(void)
{
	int32_t length = (int32_t)snprintf(expected, sizeof expected, "*%d\r\n", ELEMENTS);
	char element[40];
	int i;

	for (i = 1; i <= ELEMENTS; i++) {
		snprintf(element, sizeof element, "element %d", i);
		length += (int32_t)snprintf(expected + length, sizeof expected - (size_t)length, "$%d\r\n%s\r\n", (int)strlen(element), element);
	}
	ask("LRANGE list 0 -1\r\n");
	expect("LRANGE", expected, length);
}

/* RESP3: maps, and messages that the server pushes between answers. */
static void version_3(const char *host, const char *port)
{
	int32_t subscriber = redis, length;

	ask("HELLO 3\r\n");
	length = read_answer();
	if (answer[0] != '%')
		fail("HELLO 3", length);
	ask("HSET hash name value\r\n");
	expect_text("HSET", ":1\r\n");
	ask("HGETALL hash\r\n");
	expect_text("HGETALL", "%1\r\n$4\r\nname\r\n$5\r\nvalue\r\n");
	ask("GET nothing\r\n");
	expect_text("GET", "_\r\n");
	ask("SUBSCRIBE news\r\n");
	expect_text("SUBSCRIBE", ">3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n");
	connect_to(host, port);
	ask("PUBLISH news hello\r\n");
	expect_text("PUBLISH", ":1\r\n");
	must("closing", WDSocketClose(redis));
	redis = subscriber;
	expect_text("a pushed message", ">3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n");
}

int main(int argc, char **argv)
{
	static const int32_t lengths[] = {0, 1, 2, 5, 1000, 4096, 65536, VALUE_MAX};
	size_t i;

	if (argc != 3)
		return 2;
	connect_to(argv[1], argv[2]);
	if (must("asking", WDSocketExchange(redis, "PING\r\n", -1, answer, ANSWER_MAX, WAIT_MS)) != 7 || memcmp(answer, "+PONG\r\n", 7) != 0)
		fail("PING", 7);
	for (i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
		there_and_back(lengths[i]);
	many_at_a_time();
	nested();
	long_list();
	ask("NOSUCHCOMMAND\r\n");
	if (read_answer() < 4 || memcmp(answer, "-ERR", 4) != 0)
		fail("a command that there is not", 4);
	version_3(argv[1], argv[2]);
	must("closing", WDSocketClose(redis));
	must("closing all", WDSocketCloseAll());
	return 0;
}
