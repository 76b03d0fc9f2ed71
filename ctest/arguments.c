/*
 * arguments.c - every function with every kind of bad argument.
 */
#include "harness.h"

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))

static int32_t server, client, channel, udp, fresh; /* one of each kind */
static char buffer[64];
static int32_t queue, timer;                        /* and of those for events */
static int32_t number, lengths[4], records[16];
static int64_t big;
static const void *data;
static void *token;

static void make_all(void)
{
    server = WDSocketCreate(NULL, 0, "127.0.0.1");
    client = WDSocketConnect(NULL, h_port(server), "127.0.0.1", 5000);
    channel = WDSocketAccept(server, 20000);
    udp = WDSocketCreateUDP(NULL, 0, "127.0.0.1");
    fresh = WDSocketNew(NULL);
    queue = WDSocketNewQueue();
    timer = WDSocketNewTimer(queue, 3600000, 0, 0);
    CHECK(queue > 0 && timer > 0);
    CHECK(server > 0 && client > 0 && channel > 0 && udp > 0 && fresh > 0);
}

static void end_all(void)
{
    WDSocketClose(client);
    WDSocketClose(channel);
    WDSocketClose(server);
    WDSocketClose(udp);
    WDSocketClose(fresh);
    WDSocketClose(timer);
    WDSocketClose(queue);
}

/* ---- handles ---- */

/* Every function that takes a handle, with everything else in order. */
typedef struct {
    const char *name;
    int32_t (*call)(int32_t handle);
    int zero; /* is socket 0 something special here? */
} handle_row;

#define ROW(name, zero, expr)                                                        \
    static int32_t call_##name(int32_t h)                                            \
    {                                                                                \
        return (expr);                                                               \
    }

ROW(ErrorInfo, 1, WDSocketErrorInfo(h, WDS_INFO_MESSAGE, buffer, 64))
ROW(ErrorCode, 1, WDSocketErrorCode(h, WDS_INFO_CODE))
ROW(Open, 0, WDSocketOpen(h, WDS_KIND_UDP, 0, "127.0.0.1", 0))
ROW(WaitForConnection, 0, WDSocketWaitForConnection(h, 0))
ROW(Accept, 0, WDSocketAccept(h, 0))
ROW(Deny, 0, WDSocketDeny(h))
ROW(Read, 0, WDSocketRead(h, buffer, 64, 0))
ROW(ReadMany, 0, WDSocketReadMany(h, buffer, 64, lengths, 4, 0))
ROW(ReadMessage, 0, WDSocketReadMessage(h, 0, &data, &number, &token))
ROW(ReadExactly, 0, WDSocketReadExactly(h, buffer, 64, 0))
ROW(ReadUntil, 0, WDSocketReadUntil(h, buffer, 64, "x", 1, 0))
ROW(Write, 0, WDSocketWrite(h, "x", 1))
ROW(Exchange, 0, WDSocketExchange(h, "x", 1, buffer, 64, 0))
ROW(WriteUDP, 0, WDSocketWriteUDP(h, "x", 1, "127.0.0.1", 5000))
ROW(ReadUDP, 0, WDSocketReadUDP(h, buffer, 64, 0, NULL, 0, NULL))
ROW(Available, 0, WDSocketAvailable(h))
ROW(Discard, 0, WDSocketDiscard(h, WDS_DISCARD_ALL))
ROW(ChangeTransmissionMode, 1, WDSocketChangeTransmissionMode(h, WDS_MODE_SIZE, NULL, 0))
ROW(ClientInfo, 0, WDSocketClientInfo(h, WDS_INFO_ADDRESS, buffer, 64))
ROW(LocalInfo, 0, WDSocketLocalInfo(h, WDS_INFO_ADDRESS, buffer, 64))
ROW(State, 0, WDSocketState(h))
ROW(Name, 0, WDSocketName(h, buffer, 64))
ROW(List, 1, WDSocketList(h, NULL, 0))
ROW(GetNumber, 1, WDSocketGetNumber(h, h ? WDS_NUM_BYTES_READ : WDS_NUM_SOCKETS, &big))
ROW(SetOption, 1, WDSocketSetOption(h, WDS_OPT_NODELAY, 1))
ROW(GetOption, 1, WDSocketGetOption(h, WDS_OPT_NODELAY, &number))
ROW(SetText, 1, WDSocketSetText(h, WDS_TEXT_USER_TEXT, ""))
ROW(GetText, 1, WDSocketGetText(h, WDS_TEXT_USER_TEXT, buffer, 64))
ROW(SetBytes, 1, WDSocketSetBytes(h, WDS_TEXT_TAG, "\x1a", 1))
ROW(GetBytes, 1, WDSocketGetBytes(h, WDS_TEXT_TAG, buffer, 64))
ROW(Cancel, 0, WDSocketCancel(h))
ROW(Close, 0, WDSocketClose(h))
ROW(CloseEx, 0, WDSocketCloseEx(h, WDS_CLOSE_ABORT, 0))
ROW(Flush, 0, WDSocketFlush(h, 0))
ROW(Detach, 0, WDSocketDetach(h))
ROW(NextEvents, 0, WDSocketNextEvents(h, 0, records, 32, 2))
ROW(NewTimer, 0, WDSocketNewTimer(h, 1, 0, 0))
ROW(AttachQueue, 0, WDSocketAttach(h, fresh, WDS_ATTACH_PLAIN))
ROW(AttachSocket, 0, WDSocketAttach(queue, h, WDS_ATTACH_PLAIN))

#define ENTRY(name, zero) {"WDSocket" #name, call_##name, zero}
static const handle_row handle_rows[] = {
    ENTRY(ErrorInfo, 1), ENTRY(ErrorCode, 1), ENTRY(Open, 0), ENTRY(WaitForConnection, 0), ENTRY(Accept, 0),
    ENTRY(Deny, 0), ENTRY(Read, 0), ENTRY(ReadMany, 0), ENTRY(ReadMessage, 0), ENTRY(ReadExactly, 0), ENTRY(ReadUntil, 0), ENTRY(Write, 0),
    ENTRY(Exchange, 0), ENTRY(WriteUDP, 0), ENTRY(ReadUDP, 0), ENTRY(Available, 0), ENTRY(Discard, 0), ENTRY(ChangeTransmissionMode, 1),
    ENTRY(ClientInfo, 0), ENTRY(LocalInfo, 0), ENTRY(State, 0), ENTRY(Name, 0), ENTRY(List, 1),
    ENTRY(GetNumber, 1), ENTRY(SetOption, 1), ENTRY(GetOption, 1), ENTRY(SetText, 1), ENTRY(GetText, 1),
    ENTRY(SetBytes, 1), ENTRY(GetBytes, 1), ENTRY(Cancel, 0), ENTRY(Close, 0), ENTRY(CloseEx, 0),
    ENTRY(Flush, 0), ENTRY(Detach, 0), ENTRY(NextEvents, 0), ENTRY(NewTimer, 0),
    ENTRY(AttachQueue, 0), ENTRY(AttachSocket, 0),
};

static void all_with(int32_t handle)
{
    int i;

    for (i = 0; i < LENGTH(handle_rows); i++) {
        if (handle == 0 && handle_rows[i].zero)
            continue;
        if (!CHECK_CODE(handle_rows[i].call(handle), WDS_E_HANDLE))
            printf("      %s(%d)\n", handle_rows[i].name, (int)handle);
    }
    CHECK_EQ(WDSocketExist(handle), 0);
}

TEST(handles_that_are_none)
{
    int32_t stale = WDSocketNew(NULL), random = 12345;
    int i;

    make_all();
    CHECK_OK(WDSocketClose(stale));
    all_with(stale);
    all_with(0);
    all_with(-1);
    all_with(INT_MAX);
    all_with(INT_MIN);
    for (i = 0; i < 50; i++) {
        random = (int32_t)((uint32_t)random * 1103515245u + 12345u);
        if (!WDSocketExist(random))
            all_with(random);
    }
}

/* ---- kinds and states ---- */

TEST(handles_of_another_kind)
{
    make_all();
    CHECK_CODE(WDSocketWaitForConnection(client, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketWaitForConnection(channel, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketWaitForConnection(udp, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketAccept(client, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketAccept(udp, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketDeny(client), WDS_E_KIND);
    CHECK_CODE(WDSocketDeny(udp), WDS_E_KIND);
    CHECK_CODE(WDSocketList(client, NULL, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketList(udp, NULL, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketReadUDP(client, buffer, 64, 0, NULL, 0, NULL), WDS_E_KIND);
    CHECK_CODE(WDSocketWriteUDP(channel, "x", 1, "127.0.0.1", 5000), WDS_E_KIND);
    CHECK_CODE(WDSocketExchange(udp, "x", 1, buffer, 64, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketChangeTransmissionMode(udp, WDS_MODE_RAW, NULL, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketCloseEx(server, WDS_CLOSE_WRITE, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketCloseEx(udp, WDS_CLOSE_WRITE, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketGetNumber(client, WDS_NUM_CLIENTS, &big), WDS_E_KIND);
    CHECK_CODE(WDSocketGetNumber(client, WDS_NUM_PENDING, &big), WDS_E_KIND);
    CHECK_CODE(WDSocketGetNumber(client, WDS_NUM_REFUSED, &big), WDS_E_KIND);
    CHECK_CODE(WDSocketSetText(client, WDS_TEXT_MULTICAST_JOIN, "239.1.1.1"), WDS_E_KIND);
    CHECK_CODE(WDSocketOpen(client, WDS_KIND_CLIENT, 5000, "127.0.0.1", 100), WDS_E_STATE);
    CHECK_CODE(WDSocketOpen(server, WDS_KIND_SERVER, 0, "127.0.0.1", 100), WDS_E_STATE);
    CHECK_CODE(WDSocketOpen(udp, WDS_KIND_UDP, 0, "127.0.0.1", 100), WDS_E_STATE);
    CHECK_CODE(WDSocketOpen(channel, WDS_KIND_CLIENT, 5000, "127.0.0.1", 100), WDS_E_STATE);
    end_all();
}

/* Functions that a queue may be given, or a timer. */
static int is_for(const char *name, int32_t handle)
{
    if (strcmp(name, "WDSocketClose") == 0)
        return 1;
    return handle == queue && (strcmp(name, "WDSocketCancel") == 0 || strcmp(name, "WDSocketNextEvents") == 0 ||
                               strcmp(name, "WDSocketNewTimer") == 0 || strcmp(name, "WDSocketAttachQueue") == 0);
}

TEST(queues_and_timers_are_no_sockets)
{
    int i;

    make_all();
    for (i = 0; i < LENGTH(handle_rows); i++) {
        if (!is_for(handle_rows[i].name, queue) && !CHECK_CODE(handle_rows[i].call(queue), WDS_E_KIND))
            printf("      %s(queue)\n", handle_rows[i].name);
        if (!is_for(handle_rows[i].name, timer) && !CHECK_CODE(handle_rows[i].call(timer), WDS_E_KIND))
            printf("      %s(timer)\n", handle_rows[i].name);
    }
    CHECK_CODE(WDSocketNextEvents(client, 0, records, 32, 2), WDS_E_KIND);
    CHECK_CODE(WDSocketNewTimer(server, 1, 0, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketAttach(udp, client, WDS_ATTACH_PLAIN), WDS_E_KIND);
    CHECK_CODE(WDSocketFlush(server, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketFlush(udp, 0), WDS_E_KIND);
    CHECK_CODE(WDSocketDetach(client), WDS_E_STATE);
    end_all();
}

TEST(a_socket_that_is_not_open)
{
    make_all();
    CHECK_CODE(WDSocketFlush(fresh, 0), WDS_E_NOT_CONNECTED);
    CHECK_EQ(WDSocketState(fresh), WDS_STATE_NEW);
    CHECK_EQ(WDSocketExist(fresh), 1);
    CHECK_CODE(WDSocketRead(fresh, buffer, 64, 0), WDS_E_NOT_CONNECTED);
    CHECK_CODE(WDSocketReadMany(fresh, buffer, 64, lengths, 4, 0), WDS_E_NOT_CONNECTED);
    CHECK_CODE(WDSocketReadMessage(fresh, 0, &data, &number, &token), WDS_E_NOT_CONNECTED);
    CHECK_CODE(WDSocketWrite(fresh, "x", 1), WDS_E_NOT_CONNECTED);
    CHECK_CODE(WDSocketExchange(fresh, "x", 1, buffer, 64, 0), WDS_E_NOT_CONNECTED);
    CHECK_CODE(WDSocketAvailable(fresh), WDS_E_NOT_CONNECTED);
    CHECK_CODE(WDSocketClientInfo(fresh, WDS_INFO_ADDRESS, buffer, 64), WDS_E_NOT_CONNECTED);
    CHECK_CODE(WDSocketLocalInfo(fresh, WDS_INFO_ADDRESS, buffer, 64), WDS_E_NOT_CONNECTED);
    CHECK_CODE(WDSocketCloseEx(fresh, WDS_CLOSE_WRITE, 0), WDS_E_NOT_CONNECTED);
    CHECK_CODE(WDSocketGetOption(fresh, WDS_OPT_PEER_PORT, &number), WDS_E_NOT_CONNECTED);
    CHECK_EQ(h_option(fresh, WDS_OPT_KIND), 0);
    CHECK_OK(WDSocketCancel(fresh));
    CHECK_CODE(WDSocketErrorCode(fresh, WDS_INFO_CODE), 0);
    end_all();
}

/* ---- everything else ---- */

/* The argument is refused and the text names the parameter. */
#define REFUSED(expr, parameter)                                                     \
    do {                                                                             \
        if (CHECK_CODE(expr, WDS_E_ARGUMENT)) {                                      \
            CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), parameter);                      \
            CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_CODE), WDS_E_ARGUMENT);           \
            CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_CALL);          \
        }                                                                            \
    } while (0)

static const int32_t wild[] = {-2, -1000, INT_MIN, 1000, INT_MAX};

TEST(buffers_and_lengths)
{
    make_all();
    REFUSED(WDSocketRead(client, buffer, -1, 0), "capacity");
    REFUSED(WDSocketRead(client, buffer, INT_MIN, 0), "capacity");
    REFUSED(WDSocketReadMany(client, NULL, 64, lengths, 4, 0), "buffer");
    REFUSED(WDSocketReadMany(client, buffer, -1, lengths, 4, 0), "capacity");
    REFUSED(WDSocketReadMany(client, buffer, 64, NULL, 4, 0), "lengths");
    REFUSED(WDSocketReadMany(client, buffer, 64, lengths, 0, 0), "count");
    REFUSED(WDSocketReadMany(client, buffer, 64, lengths, -4, 0), "count");
    REFUSED(WDSocketReadMessage(client, 0, NULL, &number, &token), "data");
    REFUSED(WDSocketReadMessage(client, 0, &data, NULL, &token), "length");
    REFUSED(WDSocketReadMessage(client, 0, &data, &number, NULL), "message");
    REFUSED(WDSocketWrite(client, NULL, 1), "data");
    REFUSED(WDSocketWrite(client, NULL, -1), "data");
    REFUSED(WDSocketWrite(client, NULL, INT_MAX), "data");
    REFUSED(WDSocketWrite(client, "x", -2), "length");
    REFUSED(WDSocketWrite(client, "x", INT_MIN), "length");
    REFUSED(WDSocketExchange(client, NULL, 1, buffer, 64, 0), "data");
    REFUSED(WDSocketExchange(client, "x", -2, buffer, 64, 0), "length");
    REFUSED(WDSocketExchange(client, "x", 1, NULL, 64, 0), "reply");
    REFUSED(WDSocketExchange(client, "x", 1, buffer, -1, 0), "capacity");
    REFUSED(WDSocketWriteUDP(udp, NULL, 1, "127.0.0.1", 5000), "data");
    REFUSED(WDSocketWriteUDP(udp, "x", -2, "127.0.0.1", 5000), "length");
    REFUSED(WDSocketReadUDP(udp, buffer, -1, 0, NULL, 0, NULL), "capacity");
    REFUSED(WDSocketReadUDP(udp, buffer, 64, 0, buffer, -1, NULL), "address_capacity");
    REFUSED(WDSocketChangeTransmissionMode(client, WDS_MODE_END_TAG, "x", 0), "tag_length");
    REFUSED(WDSocketChangeTransmissionMode(client, WDS_MODE_END_TAG, "x", -2), "tag_length");
    REFUSED(WDSocketChangeTransmissionMode(client, WDS_MODE_END_TAG, "x", 65), "tag_length");
    REFUSED(WDSocketChangeTransmissionMode(client, WDS_MODE_END_TAG, "", -1), "tag");
    REFUSED(WDSocketChangeTransmissionMode(0, WDS_MODE_END_TAG, "x", -2), "tag_length");
    CHECK_EQ(h_option(0, WDS_OPT_MODE), WDS_MODE_SIZE); /* what is refused changes nothing */
    REFUSED(WDSocketClientInfo(client, WDS_INFO_ADDRESS, buffer, -1), "capacity");
    REFUSED(WDSocketLocalInfo(client, WDS_INFO_ADDRESS, buffer, -1), "capacity");
    REFUSED(WDSocketName(client, buffer, -1), "capacity");
    REFUSED(WDSocketList(0, lengths, -1), "capacity");
    REFUSED(WDSocketGetNumber(client, WDS_NUM_BYTES_READ, NULL), "value");
    REFUSED(WDSocketGetOption(client, WDS_OPT_NODELAY, NULL), "value");
    REFUSED(WDSocketGetText(client, WDS_TEXT_USER_TEXT, buffer, -1), "capacity");
    REFUSED(WDSocketSetBytes(client, WDS_TEXT_FRAME_START, NULL, 1), "data");
    REFUSED(WDSocketSetBytes(client, WDS_TEXT_FRAME_START, "x", -1), "length");
    REFUSED(WDSocketSetBytes(client, WDS_TEXT_FRAME_START, "x", INT_MIN), "length");
    REFUSED(WDSocketGetBytes(client, WDS_TEXT_TAG, buffer, -1), "capacity");
    REFUSED(WDSocketNextEvents(queue, 0, NULL, 32, 2), "events");
    REFUSED(WDSocketNextEvents(queue, 0, records, 31, 2), "record_bytes");
    REFUSED(WDSocketNextEvents(queue, 0, records, 34, 2), "record_bytes");
    REFUSED(WDSocketNextEvents(queue, 0, records, -32, 2), "record_bytes");
    REFUSED(WDSocketNextEvents(queue, 0, records, INT_MAX, 2), "record_bytes");
    REFUSED(WDSocketNextEvents(queue, 0, records, 32, 0), "capacity");
    REFUSED(WDSocketNextEvents(queue, 0, records, 32, INT_MIN), "capacity");
    CHECK_EQ(WDSocketState(client), WDS_STATE_OPEN); /* none of it did any harm */
    CHECK_EQ(h_number(client, WDS_NUM_BYTES_WRITTEN), 0);
    CHECK_ANY(WDSocketMessageFree(NULL), WDS_E_ARGUMENT, WDS_E_HANDLE);
    end_all();
}

TEST(times)
{
    int i;

    make_all();
    for (i = 0; i < 3; i++) { /* the negative ones */
        REFUSED(WDSocketRead(client, buffer, 64, wild[i]), "timeout_ms");
        REFUSED(WDSocketReadMany(client, buffer, 64, lengths, 4, wild[i]), "timeout_ms");
        REFUSED(WDSocketReadMessage(client, wild[i], &data, &number, &token), "timeout_ms");
        REFUSED(WDSocketExchange(client, "x", 1, buffer, 64, wild[i]), "timeout_ms");
        REFUSED(WDSocketReadUDP(udp, buffer, 64, wild[i], NULL, 0, NULL), "timeout_ms");
        REFUSED(WDSocketWaitForConnection(server, wild[i]), "timeout_ms");
        REFUSED(WDSocketAccept(server, wild[i]), "timeout_ms");
        REFUSED(WDSocketOpen(fresh, WDS_KIND_CLIENT, 5000, "127.0.0.1", wild[i]), "timeout_ms");
        REFUSED(WDSocketConnect(NULL, 5000, "127.0.0.1", wild[i]), "timeout_ms");
        REFUSED(WDSocketCloseEx(client, WDS_CLOSE_GRACEFUL, wild[i]), "timeout_ms");
        REFUSED(WDSocketNextEvents(queue, wild[i], records, 32, 2), "timeout_ms");
        REFUSED(WDSocketFlush(client, wild[i]), "timeout_ms");
        REFUSED(WDSocketNewTimer(queue, wild[i], 0, 0), "delay_ms");
        REFUSED(WDSocketNewTimer(queue, 0, wild[i], 0), "repeat_ms");
        REFUSED(WDSocketAttach(queue, client, wild[i]), "how");
    }
    CHECK_EQ(WDSocketExist(client), 1);
    end_all();
}

TEST(constants)
{
    int i;

    make_all();
    for (i = 0; i < LENGTH(wild); i++) {
        REFUSED(WDSocketOpen(fresh, wild[i], 5000, "127.0.0.1", 100), "kind");
        REFUSED(WDSocketChangeTransmissionMode(client, wild[i], NULL, 0), "mode");
        REFUSED(WDSocketClientInfo(client, wild[i], buffer, 64), "what");
        REFUSED(WDSocketLocalInfo(client, wild[i], buffer, 64), "what");
        REFUSED(WDSocketGetNumber(client, wild[i], &big), "what");
        REFUSED(WDSocketGetNumber(0, wild[i], &big), "what");
        REFUSED(WDSocketSetOption(client, wild[i], 0), "option");
        REFUSED(WDSocketGetOption(client, wild[i], &number), "option");
        REFUSED(WDSocketSetText(client, wild[i], ""), "option");
        REFUSED(WDSocketGetText(client, wild[i], buffer, 64), "option");
        REFUSED(WDSocketSetBytes(client, wild[i], "x", 1), "option");
        REFUSED(WDSocketGetBytes(client, wild[i], buffer, 64), "option");
        REFUSED(WDSocketCloseEx(client, wild[i], 0), "how");
        CHECK_CODE(WDSocketErrorInfo(0, wild[i], buffer, 64), WDS_E_ARGUMENT);
        CHECK_CODE(WDSocketErrorCode(0, wild[i]), WDS_E_ARGUMENT);
        CHECK_CODE(WDSocketErrorText(WDS_E_REFUSED, wild[i], buffer, 64), WDS_E_ARGUMENT);
    }
    REFUSED(WDSocketOpen(fresh, 0, 5000, "127.0.0.1", 100), "kind");
    REFUSED(WDSocketSetOption(client, 0, 0), "option");
    REFUSED(WDSocketChangeTransmissionMode(client, 9, NULL, 0), "mode");
    REFUSED(WDSocketChangeTransmissionMode(client, -1, NULL, 0), "mode");
    CHECK_CODE(WDSocketErrorInfo(0, WDS_INFO_MESSAGE, buffer, -1), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketErrorText(WDS_E_REFUSED, WDS_INFO_NAME, buffer, -1), WDS_E_ARGUMENT);
    CHECK_EQ(WDSocketErrorText(12345, WDS_INFO_NAME, buffer, 64), 0);
    CHECK_EQ(WDSocketState(client), WDS_STATE_OPEN);
    CHECK_EQ(WDSocketState(fresh), WDS_STATE_NEW);
    end_all();
}

/* The call is refused, and the text has all three parts. */
#define ELSEWHERE(expr, name, where)                              \
    do {                                                          \
        REFUSED(expr, name);                                      \
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), where);           \
    } while (0)

TEST(a_number_of_another_family_or_of_an_older_version_says_what_it_is)
{
    int32_t before = 7, after = 7;

    make_all();
    CHECK_OK(WDSocketGetOption(0, WDS_OPT_NODELAY, &before));
    ELSEWHERE(WDSocketSetOption(0, WDS_TEXT_LANGUAGE, 0), "WDS_TEXT_LANGUAGE", "WDSocketSetText");
    ELSEWHERE(WDSocketGetOption(client, WDS_NUM_BUFFERED, &number), "WDS_NUM_BUFFERED", "WDSocketGetNumber");
    ELSEWHERE(WDSocketSetOption(client, WDS_INFO_SSL_PEM, 1), "WDS_INFO_SSL_PEM", "WDSocketSSLInfo");
    ELSEWHERE(WDSocketSetText(0, WDS_OPT_NODELAY, "fr"), "WDS_OPT_NODELAY", "WDSocketSetOption");
    ELSEWHERE(WDSocketGetText(client, WDS_OPT_MODE, buffer, 64), "WDS_OPT_MODE", "WDSocketGetOption");
    ELSEWHERE(WDSocketSetBytes(client, WDS_OPT_READ_GAP, "x", 1), "WDS_OPT_READ_GAP", "WDSocketSetOption");
    ELSEWHERE(WDSocketGetBytes(0, WDS_OPT_READ_GAP, buffer, 64), "WDS_OPT_READ_GAP", "WDSocketGetOption");
    ELSEWHERE(WDSocketGetNumber(0, WDS_OPT_USER_NUMBER, &big), "WDS_OPT_USER_NUMBER", "WDSocketGetOption");
    ELSEWHERE(WDSocketGetNumber(client, WDS_INFO_PORT, &big), "WDS_INFO_PORT", "WDSocketClientInfo");
    ELSEWHERE(WDSocketClientInfo(client, WDS_INFO_MESSAGE, buffer, 64), "WDS_INFO_MESSAGE", "WDSocketErrorInfo");
    ELSEWHERE(WDSocketLocalInfo(client, WDS_INFO_SSL_CIPHER, buffer, 64), "WDS_INFO_SSL_CIPHER", "WDSocketSSLInfo");
    ELSEWHERE(WDSocketLocalInfo(client, WDS_INFO_ROUTE_PROXIES, buffer, 64), "WDS_INFO_ROUTE_PROXIES", "WDSocketClientInfo");
    ELSEWHERE(WDSocketSSLInfo(client, WDS_INFO_ROUTE_ENDPOINT, 0, buffer, 64), "WDS_INFO_ROUTE_ENDPOINT", "WDSocketClientInfo");
    ELSEWHERE(WDSocketClientInfo(client, WDS_INFO_WEBSOCKET_PATH, buffer, 64), "WDS_INFO_WEBSOCKET_PATH", "WDSocketWebSocketInfo");
    ELSEWHERE(WDSocketLocalInfo(client, WDS_INFO_PROXY_TLVS, buffer, 64), "WDS_INFO_PROXY_TLVS", "WDSocketClientInfo");
    ELSEWHERE(WDSocketSSLInfo(client, WDS_INFO_PROXY_SSL_CIPHER, 0, buffer, 64), "WDS_INFO_PROXY_SSL_CIPHER", "WDSocketClientInfo");

    /* what a program that was compiled with the header of 0.1 gives */
    ELSEWHERE(WDSocketSetOption(client, 8, 0), "version 0.1", "WDS_OPT_LINGER = 1008");
    ELSEWHERE(WDSocketGetOption(0, 62, &number), "version 0.1", "WDS_OPT_LOG_LEVEL = 1062");
    ELSEWHERE(WDSocketSetText(0, 1, "fr"), "version 0.1", "WDS_TEXT_LANGUAGE = 2001");
    ELSEWHERE(WDSocketGetText(client, 6, buffer, 64), "version 0.1", "WDS_TEXT_FRAME_PRESET = 2006");
    ELSEWHERE(WDSocketSetBytes(client, 14, "x", 1), "version 0.1", "WDS_TEXT_TAG = 2014");
    ELSEWHERE(WDSocketGetBytes(client, 14, buffer, 64), "version 0.1", "WDS_TEXT_TAG = 2014");
    ELSEWHERE(WDSocketGetNumber(0, 20, &big), "version 0.1", "WDS_NUM_SOCKETS = 3020");
    ELSEWHERE(WDSocketClientInfo(client, 10, buffer, 64), "version 0.1", "WDS_INFO_ADDRESS = 4010");
    ELSEWHERE(WDSocketLocalInfo(client, 11, buffer, 64), "version 0.1", "WDS_INFO_PORT = 4011");
    CHECK_CODE(WDSocketErrorInfo(0, 1, buffer, 64), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketErrorCode(0, 3), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketErrorText(WDS_E_REFUSED, 2, buffer, 64), WDS_E_ARGUMENT);

    CHECK_OK(WDSocketGetOption(0, WDS_OPT_NODELAY, &after));
    CHECK_EQ(after, before);
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "fr"));
    CHECK_CODE(WDSocketSetOption(client, 8, 0), WDS_E_ARGUMENT);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "recompilez");
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
    end_all();
}

TEST(ports)
{
    static const int32_t bad[] = {-1, 65536, INT_MAX, INT_MIN};
    int i;

    make_all();
    for (i = 0; i < LENGTH(bad); i++) {
        REFUSED(WDSocketConnect(NULL, bad[i], "127.0.0.1", 100), "port");
        REFUSED(WDSocketOpen(fresh, WDS_KIND_CLIENT, bad[i], "127.0.0.1", 100), "port");
        REFUSED(WDSocketCreate(NULL, bad[i], "127.0.0.1"), "port");
        REFUSED(WDSocketCreateUDP(NULL, bad[i], "127.0.0.1"), "port");
        REFUSED(WDSocketWriteUDP(udp, "x", 1, "127.0.0.1", bad[i]), "port");
    }
    REFUSED(WDSocketConnect(NULL, 0, "127.0.0.1", 100), "port");
    REFUSED(WDSocketConnect(NULL, 0, NULL, 100), "port");
    REFUSED(WDSocketWriteUDP(udp, "x", 1, "127.0.0.1", 0), "port");
    end_all();
}

TEST(names)
{
    char name[258];
    int32_t one;

    memset(name, 'n', sizeof name);
    name[256] = 0;
    REFUSED(WDSocketNew(name), "socket_name");
    REFUSED(WDSocketConnect(name, 5000, "127.0.0.1", 100), "socket_name");
    REFUSED(WDSocketCreate(name, 0, "127.0.0.1"), "socket_name");
    REFUSED(WDSocketCreateUDP(name, 0, "127.0.0.1"), "socket_name");
    REFUSED(WDSocketNew("#1"), "socket_name");
    name[255] = 0;
    one = WDSocketNew(name);
    CHECK_GE(one, 1);
    CHECK_CODE(WDSocketName(one, NULL, 0), 255);
    CHECK_CODE(WDSocketFind(name), one);
    CHECK_OK(WDSocketClose(one));
    CHECK_ANY(WDSocketFind(NULL), WDS_E_ARGUMENT, WDS_E_NOT_FOUND);
    CHECK_ANY(WDSocketFind(""), WDS_E_ARGUMENT, WDS_E_NOT_FOUND);
    CHECK_CODE(WDSocketFind("no such name"), WDS_E_NOT_FOUND);
}

/* ---- the range of each option ---- */

static const struct {
    int32_t option, low, high, standard;
} ranges[] = {
    {WDS_OPT_NODELAY, 0, 1, 1},
    {WDS_OPT_KEEPALIVE, 0, 1, 1},
    {WDS_OPT_KEEPALIVE_IDLE, 1000, 32767000, 30000},
    {WDS_OPT_KEEPALIVE_INTERVAL, 1000, 32767000, 10000},
    {WDS_OPT_KEEPALIVE_COUNT, 1, 127, 3},
    {WDS_OPT_READ_GAP, 0, 3600000, 0},
    {WDS_OPT_WRITE_TIMEOUT, -1, INT_MAX, 30000},
    {WDS_OPT_CLOSE_TIMEOUT, 0, 3600000, 5000},
    {WDS_OPT_MAX_MESSAGE, 1, INT_MAX, 16777216},
    {WDS_OPT_SYSTEM_RESOLVER, 0, 1, 0},
    {WDS_OPT_EXCLUSIVE_PORT, 0, 1, 1},
    {WDS_OPT_BACKLOG, 1, 65535, 511},
    {WDS_OPT_TAG_AS_IS, 0, 1, 0},
    {WDS_OPT_UDP_ERRORS, 0, 1, 0},
    {WDS_OPT_BROADCAST, 0, 1, 1},
    {WDS_OPT_MULTICAST_TTL, 0, 255, 1},
    {WDS_OPT_MULTICAST_LOOP, 0, 1, 1},
    {WDS_OPT_USER_NUMBER, INT_MIN, INT_MAX, 0},
    {WDS_OPT_RESOLVE_CACHE, 0, 86400000, 60000},
    {WDS_OPT_RESOLVE_TIMEOUT, 0, 600000, 5000},
    {WDS_OPT_EXCHANGE_LATE, -1, INT_MAX, 10000},
    {WDS_OPT_SEND_QUEUE, 0, INT_MAX, 0},
    {WDS_OPT_MAX_CLIENTS, 0, INT_MAX, 0},
    {WDS_OPT_MAX_CLIENTS_PER_ADDRESS, 0, INT_MAX, 0},
    {WDS_OPT_FRAME_OFFSET, 0, 255, 0},
    {WDS_OPT_FRAME_ORDER, 0, 1, 0},
    {WDS_OPT_FRAME_ADJUSTMENT, -65536, 65536, 0},
    {WDS_OPT_FRAME_KEEP_HEADER, 0, 2, 0},
    {WDS_OPT_FRAME_LENGTH, 1, INT_MAX, 1},
    {WDS_OPT_FRAME_GAP, 1, 60000, 50},
    {WDS_OPT_FRAME_CHECK, 0, 5, 0},
    {WDS_OPT_FRAME_CHECK_SPAN, 0, 3, 2},
    {WDS_OPT_FRAME_RESTART, 0, 1, 0},
    {WDS_OPT_EXCHANGE_ECHO, 0, 1, 0},
    {WDS_OPT_EXCHANGE_REPEATS, 0, 100, 0},
    {WDS_OPT_EXCHANGE_FIELD, -1, 65535, -1},
    {WDS_OPT_EXCHANGE_FIELD_WIDTH, 1, 64, 2},
    {WDS_OPT_EXCHANGE_FIELD_ANSWER, -1, 65535, -1},
    {WDS_OPT_WRITE_MODE, -1, 7, -1},
    {WDS_OPT_PROXY_HEADER, 0, 2, 0},
    {WDS_OPT_PROXY_HEADER_TIMEOUT, 1, 600000, 5000},
    {WDS_OPT_PROXY_HEADER_SEND, 0, 2, 0},
};

TEST(option_ranges)
{
    int i;

    for (i = 0; i < LENGTH(ranges); i++) {
        int32_t socket = WDSocketNew(NULL), option = ranges[i].option;

        if (!CHECK_EQ(h_option(socket, option), ranges[i].standard))
            printf("      default of option %d\n", (int)option);
        if (!CHECK_OK(WDSocketSetOption(socket, option, ranges[i].low)))
            printf("      lowest of option %d\n", (int)option);
        CHECK_EQ(h_option(socket, option), ranges[i].low);
        if (!CHECK_OK(WDSocketSetOption(socket, option, ranges[i].high)))
            printf("      highest of option %d\n", (int)option);
        CHECK_EQ(h_option(socket, option), ranges[i].high);
        if (ranges[i].low > INT_MIN && !CHECK_CODE(WDSocketSetOption(socket, option, ranges[i].low - 1), WDS_E_ARGUMENT))
            printf("      below option %d\n", (int)option);
        if (ranges[i].high < INT_MAX && !CHECK_CODE(WDSocketSetOption(socket, option, ranges[i].high + 1), WDS_E_ARGUMENT))
            printf("      above option %d\n", (int)option);
        CHECK_EQ(h_option(socket, option), ranges[i].high); /* a refused one changes nothing */
        CHECK_OK(WDSocketClose(socket));
    }
}

TEST(options_that_are_not_for_setting)
{
    make_all();
    CHECK(WDSocketSetOption(client, WDS_OPT_PEER_PORT, 1) < 0);
    CHECK(WDSocketSetOption(client, WDS_OPT_MODE, WDS_MODE_RAW) < 0);
    CHECK(WDSocketSetOption(client, WDS_OPT_KIND, WDS_KIND_UDP) < 0);
    CHECK(WDSocketSetOption(client, WDS_OPT_SERVER, server) < 0);
    CHECK(WDSocketSetOption(client, WDS_OPT_HOST_TEXT, 0) < 0); /* of the process only */
    CHECK(WDSocketSetOption(client, WDS_OPT_TOTAL_BUFFER, 1 << 20) < 0);
    CHECK(WDSocketGetText(client, WDS_TEXT_MULTICAST_JOIN, buffer, 64) < 0); /* set only */
    CHECK_CODE(WDSocketSetOption(0, WDS_OPT_HOST_TEXT, 3), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetOption(0, WDS_OPT_TOTAL_BUFFER, 1048575), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetOption(0, WDS_OPT_LOG_LEVEL, 4), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetOption(0, WDS_OPT_LOG_SIZE, 65535), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetOption(client, WDS_OPT_FRAME_WIDTH, 3), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetOption(client, WDS_OPT_SYSTEM_RESOLVER, 1), WDS_E_STATE);
    CHECK_CODE(WDSocketSetText(client, WDS_TEXT_DNS_SERVER, "127.0.0.1"), WDS_E_STATE);
    CHECK_CODE(WDSocketSetBytes(client, WDS_TEXT_FRAME_END, NULL, 0), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetBytes(client, WDS_TEXT_FRAME_START, buffer, 17), WDS_E_ARGUMENT);
    CHECK_CODE(WDSocketSetBytes(client, WDS_TEXT_FRAME_ESCAPE, buffer, 2), WDS_E_ARGUMENT);
    CHECK_OK(WDSocketSetBytes(client, WDS_TEXT_FRAME_START, NULL, 0));
    CHECK_EQ(WDSocketGetBytes(client, WDS_TEXT_FRAME_START, buffer, 64), 0);
    end_all();
}

TEST(socket_options_take_effect_at_once)
{
    make_all();
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_NODELAY, 0));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_KEEPALIVE, 0));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_KEEPALIVE, 1));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_KEEPALIVE_IDLE, 5000));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_KEEPALIVE_INTERVAL, 5000));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_KEEPALIVE_COUNT, 5));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_SEND_BUFFER, 65536));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_RECEIVE_BUFFER, 65536));
    CHECK_OK(WDSocketSetOption(client, WDS_OPT_LINGER, 0));
    CHECK_OK(WDSocketClose(client)); /* which makes this a reset */
    CHECK_CODE(WDSocketRead(channel, buffer, 64, 20000), WDS_E_RESET);
    end_all();
}

/* ---- out texts ---- */

TEST(small_text_buffers)
{
    int32_t socket = WDSocketNew("four");

    memset(buffer, '#', sizeof buffer);
    CHECK_CODE(WDSocketName(socket, NULL, 0), 4);
    CHECK_CODE(WDSocketName(socket, buffer, 3), WDS_E_BUFFER);
    CHECK_BYTES(buffer, 2, "\0#", 2); /* set to "" */
    CHECK_CODE(WDSocketName(socket, buffer, 0), WDS_E_BUFFER);
    CHECK_CODE(WDSocketName(socket, buffer, 4), 4);
    CHECK_BYTES(buffer, 5, "four#", 5); /* no room, no NUL */
    CHECK_CODE(WDSocketName(socket, buffer, 5), 4);
    CHECK_BYTES(buffer, 6, "four\0#", 6);
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_USER_TEXT, "any text"));
    CHECK_CODE(WDSocketGetText(socket, WDS_TEXT_USER_TEXT, NULL, 0), 8);
    CHECK_CODE(WDSocketGetText(socket, WDS_TEXT_USER_TEXT, buffer, 7), WDS_E_BUFFER);
    CHECK_TEXT(buffer, "");
    CHECK_OK(WDSocketSetText(socket, WDS_TEXT_USER_TEXT, NULL)); /* means "" */
    CHECK_CODE(WDSocketGetText(socket, WDS_TEXT_USER_TEXT, buffer, 64), 0);
    memset(buffer, '#', sizeof buffer);
    CHECK_OK(WDSocketSetBytes(socket, WDS_TEXT_TAG, "abc", 3));
    CHECK_CODE(WDSocketGetBytes(socket, WDS_TEXT_TAG, NULL, 0), 3);
    CHECK_CODE(WDSocketGetBytes(socket, WDS_TEXT_TAG, buffer, 2), WDS_E_BUFFER);
    CHECK_BYTES(buffer, 3, "###", 3); /* left as it is */
    CHECK_OK(WDSocketClose(socket));
}

/* ---- the error record ---- */

TEST(the_record_is_set_cleared_and_left_alone)
{
    int32_t socket = WDSocketNew(NULL);

    CHECK_CODE(WDSocketClose(-1), WDS_E_HANDLE);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_CODE), WDS_E_HANDLE);
    WDSocketVersion();
    WDSocketExist(socket);
    WDSocketExist(-1);
    WDSocketState(socket);
    WDSocketState(-1);
    WDSocketErrorInfo(-1, WDS_INFO_MESSAGE, buffer, 64);
    WDSocketErrorInfo(0, WDS_INFO_DETAIL, buffer, 1);
    WDSocketErrorCode(-1, WDS_INFO_CODE);
    WDSocketErrorText(WDS_E_BUSY, WDS_INFO_NAME, buffer, 64);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_CODE), WDS_E_HANDLE); /* none of these touch it */
    CHECK_OK(WDSocketCancel(socket)); /* success clears it */
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_CODE), 0);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_SYSTEM), 0);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_PHASE), WDS_PHASE_NONE);
    CHECK_EQ(WDSocketErrorInfo(0, WDS_INFO_MESSAGE, buffer, 64), 0);
    CHECK_TEXT(buffer, "");
    CHECK_OK(WDSocketClose(socket));
}

static int32_t own_record(void *argument)
{
    int32_t wrong = *(int32_t *)argument, i;

    for (i = 0; i < 1000; i++) {
        if (wrong)
            WDSocketClose(-1);
        else
            WDSocketFind("nobody");
        if (WDSocketErrorCode(0, WDS_INFO_CODE) != (wrong ? WDS_E_HANDLE : WDS_E_NOT_FOUND))
            return 1;
    }
    return 0;
}

TEST(each_thread_has_its_own_record)
{
    int32_t which[4] = {0, 1, 0, 1};
    h_thread *threads[4];
    int i;

    CHECK_CODE(WDSocketClose(-1), WDS_E_HANDLE);
    for (i = 0; i < 4; i++)
        threads[i] = h_start(own_record, &which[i]);
    for (i = 0; i < 4; i++)
        CHECK_EQ(h_join(threads[i]), 0);
    CHECK_EQ(WDSocketErrorCode(0, WDS_INFO_CODE), WDS_E_HANDLE);
}

/* ---- results in a wide register ---- */

#if UINTPTR_MAX > 0xffffffffu

typedef int64_t(WDSOCKET_CALL *wide_one)(int32_t);
typedef int64_t(WDSOCKET_CALL *wide_two)(int32_t, int32_t);
typedef int64_t(WDSOCKET_CALL *wide_none)(void);
typedef int64_t(WDSOCKET_CALL *wide_find)(const char *);
typedef int64_t(WDSOCKET_CALL *wide_read)(int32_t, void *, int32_t, int32_t);
typedef int64_t(WDSOCKET_CALL *wide_connect)(const char *, int32_t, const char *, int32_t);
typedef void (*plain_function)(void);

/* Through a variable, or the compiler knows better what the function is. */
static plain_function hide(plain_function function)
{
    static volatile plain_function hidden;

    hidden = function;
    return hidden;
}

#define WIDE(type, function) ((type)hide((plain_function)(function)))

/* Hosts read eight bytes of the result: WINDEV's API() does. */
TEST(results_fill_the_register)
{
    CHECK_EQ(WIDE(wide_one, WDSocketClose)(-1), WDS_E_HANDLE);
    CHECK_EQ(WIDE(wide_one, WDSocketState)(-1), WDS_E_HANDLE);
    CHECK_EQ(WIDE(wide_one, WDSocketAvailable)(-1), WDS_E_HANDLE);
    CHECK_EQ(WIDE(wide_one, WDSocketExist)(-1), 0);
    CHECK_EQ(WIDE(wide_two, WDSocketAccept)(-1, 0), WDS_E_HANDLE);
    CHECK_EQ(WIDE(wide_two, WDSocketErrorCode)(0, WDS_INFO_CODE), WDS_E_HANDLE);
    CHECK_EQ(WIDE(wide_none, WDSocketVersion)(), WDSOCKET_VERSION);
    CHECK_EQ(WIDE(wide_none, WDSocketCloseAll)(), WDS_OK);
    CHECK_EQ(WIDE(wide_find, WDSocketFind)("nobody"), WDS_E_NOT_FOUND);
    CHECK_EQ(WIDE(wide_read, WDSocketRead)(-1, buffer, 64, 0), WDS_E_HANDLE);
    CHECK_EQ(WIDE(wide_connect, WDSocketConnect)(NULL, -1, NULL, 0), WDS_E_ARGUMENT);
}

#endif

TEST(nothing_was_spoilt)
{
    make_all();
    CHECK_CODE(WDSocketWrite(client, "fine", 4), 4);
    CHECK_CODE(WDSocketRead(channel, buffer, 64, 20000), 4);
    end_all();
}
