/*
 * examples.c - the example servers that one thread serves: they are started as
 * programs of their own and talked to.
 */
#include "harness.h"

#include <windows.h>

typedef struct {
    PROCESS_INFORMATION process;
    HANDLE output;
    int port;
} program;

/* A line of a program's output, without its end. */
static const char *said(program *p)
{
    static char line[300];
    DWORD used = 0, got;

    while (used < sizeof line - 1 && ReadFile(p->output, line + used, 1, &got, NULL) && got == 1 && line[used] != '\n')
        used++;
    line[used] = 0;
    return line;
}

/* Starts a program that reads from input. */
static int launch(program *p, const char *command, HANDLE input)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    STARTUPINFOA info;
    char text[200];
    HANDLE end;

    memset(&info, 0, sizeof info);
    info.cb = sizeof info;
    if (!CreatePipe(&p->output, &end, &inherit, 0))
        return 0;
    SetHandleInformation(p->output, HANDLE_FLAG_INHERIT, 0);
    info.dwFlags = STARTF_USESTDHANDLES;
    info.hStdInput = input;
    info.hStdOutput = end;
    info.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    snprintf(text, sizeof text, "%s", command);
    if (!CreateProcessA(NULL, text, NULL, NULL, TRUE, 0, NULL, NULL, &info, &p->process)) {
        CloseHandle(end);
        CloseHandle(p->output);
        return 0;
    }
    CloseHandle(end);
    return 1;
}

/* Starts a program with port 0 and reads from its first line which it got. */
static int start(program *p, const char *command)
{
    const char *line;

    if (!launch(p, command, GetStdHandle(STD_INPUT_HANDLE)))
        return 0;
    line = said(p);
    p->port = strstr(line, "on port ") ? atoi(strstr(line, "on port ") + 8) : 0;
    return p->port > 0;
}

/* What a program that ends by itself returns. */
static DWORD ended(program *p)
{
    DWORD code = 99;

    WaitForSingleObject(p->process.hProcess, INFINITE);
    GetExitCodeProcess(p->process.hProcess, &code);
    CloseHandle(p->process.hProcess);
    CloseHandle(p->process.hThread);
    CloseHandle(p->output);
    return code;
}

static void stop(program *p)
{
    TerminateProcess(p->process.hProcess, 0);
    WaitForSingleObject(p->process.hProcess, 20000);
    CloseHandle(p->process.hProcess);
    CloseHandle(p->process.hThread);
    CloseHandle(p->output);
}

#define CLIENTS 30

TEST(event_echo)
{
    h_sock clients[CLIENTS];
    char text[64], answer[64];
    program server;
    int i, round;

    REQUIRE(CHECK(start(&server, "event_echo.exe 0 lines")));
    for (i = 0; i < CLIENTS; i++)
        clients[i] = h_connect("127.0.0.1", server.port);
    for (round = 0; round < 5; round++) {
        for (i = 0; i < CLIENTS; i++)
            CHECK(h_send(clients[i], text, (int)sprintf(text, "client %d, round %d\r\n", i, round)));
        for (i = CLIENTS - 1; i >= 0; i--) {
            int length = (int)sprintf(text, "client %d, round %d\r\n", i, round);

            CHECK_EQ(h_recv(clients[i], answer, length, 20000), length);
            CHECK_BYTES(answer, length, text, length);
        }
    }
    for (i = 0; i < CLIENTS; i++)
        h_close(clients[i]);
    stop(&server);
}

/* Reads a line, without its end; "" if none comes. */
static const char *line_of(h_sock sock)
{
    static char line[300];
    int used = 0;

    while (used < (int)sizeof line - 1 && h_recv(sock, line + used, 1, 20000) == 1 && line[used] != '\n')
        used++;
    if (used > 0 && line[used - 1] == '\r')
        used--;
    line[used] = 0;
    return line;
}

TEST(event_chat)
{
    h_sock one, other;
    program server;

    REQUIRE(CHECK(start(&server, "event_chat.exe 0")));
    one = h_connect("127.0.0.1", server.port);
    CHECK_HAS(said(&server), " comes in");
    other = h_connect("127.0.0.1", server.port);
    CHECK_HAS(line_of(one), " comes in");
    CHECK(h_send(other, "I am\r\n", 6));
    CHECK_HAS(line_of(one), ": I am");
    CHECK(h_send(one, "good\r\n", 6));
    CHECK_HAS(line_of(other), ": good");
    h_close(other);
    CHECK_HAS(line_of(one), " leaves");
    h_close(one);
    stop(&server);
}

/* Two programs of this machine talk over a named pipe, by the address that serves Linux, too. */
TEST(local_programs)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    program service, client;
    char command[100], answer[100];
    HANDLE input, lines;
    DWORD written;

    snprintf(command, sizeof command, "local_service.exe local:wdsocket-test-%lu", GetCurrentProcessId());
    REQUIRE(CHECK(launch(&service, command, GetStdHandle(STD_INPUT_HANDLE))));
    CHECK_HAS(said(&service), "serving at local:wdsocket-test-");
    REQUIRE(CHECK(CreatePipe(&input, &lines, &inherit, 0)));
    SetHandleInformation(lines, HANDLE_FLAG_INHERIT, 0);
    snprintf(command, sizeof command, "local_client.exe local:wdsocket-test-%lu", GetCurrentProcessId());
    REQUIRE(CHECK(launch(&client, command, input)));
    CloseHandle(input);
    snprintf(answer, sizeof answer, "process %lu: ", client.process.dwProcessId);
    CHECK(WriteFile(lines, "hello\nstop\n", 11, &written, NULL));
    CloseHandle(lines);
    CHECK_HAS(said(&client), answer);
    CHECK_HAS(said(&client), ": 4 bytes");
    CHECK_EQ(ended(&client), 0);
    CHECK_EQ(ended(&service), 0);
}
