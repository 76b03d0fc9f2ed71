// lost.cpp - loaded into a server among the examples before its own main (LD_PRELOAD): a client is
// served, the library is made to close the server, and the program has to end by itself.
// With NO_MEMORY there is none for a message of LONGEST bytes, which ends its client alone.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <new>

#include "wdsocket.h"

namespace {

const int32_t LONGEST = 54321;
const int32_t PATIENCE = 60000;

#ifdef NO_MEMORY
void *allocated(std::size_t size)
{
    void *memory = size > LONGEST && size < LONGEST + 100 ? nullptr : malloc(size);
    if (memory == nullptr)
        throw std::bad_alloc();
    return memory;
}
#endif

// The server, once it listens.
int32_t server_of_the_program()
{
    for (;;) {
        int32_t sockets[8];
        int32_t count = WDSocketList(0, sockets, 8);
        for (int32_t i = 0; i < count; i++)
            if (WDSocketState(sockets[i]) == WDS_STATE_LISTENING)
                return sockets[i];
        timespec pause = {0, 10000000};
        nanosleep(&pause, nullptr);
    }
}

bool answered(int32_t client)
{
    char answer[16] = "";
    return WDSocketExchange(client, "hello", 5, answer, sizeof answer, PATIENCE) == 5;
}

bool lose(int32_t server)
{
    int32_t port = 0;
    WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port);
    int32_t client = WDSocketConnect(nullptr, port, "127.0.0.1", PATIENCE);
    bool good = answered(client);
#ifdef NO_MEMORY
    static char message[LONGEST];
    WDSocketWrite(client, message, LONGEST);
    int32_t ended = WDSocketRead(client, message, LONGEST, PATIENCE);
    good = good && (ended == WDS_E_PEER_CLOSED || ended == WDS_E_RESET);
    WDSocketClose(client);
    client = WDSocketConnect(nullptr, port, "127.0.0.1", PATIENCE);
    good = answered(client) && good;
#endif
    printf("%s, and the server is lost\n", good ? "served" : "not served");
    fflush(stdout);
    WDSocketClose(server);
    return good;
}

void *run(void *)
{
    if (!lose(server_of_the_program()))
        _Exit(3);
    return nullptr;
}

__attribute__((constructor)) void begin()
{
    pthread_t thread;
    if (pthread_create(&thread, nullptr, run, nullptr) == 0)
        pthread_detach(thread);
}

} // namespace

#ifdef NO_MEMORY
void *operator new(std::size_t size) { return allocated(size); }
void operator delete(void *memory) noexcept { free(memory); }
void operator delete(void *memory, std::size_t) noexcept { free(memory); }
#endif
