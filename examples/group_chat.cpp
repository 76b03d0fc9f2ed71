/*
 * group_chat.cpp - what a client writes goes to the others: one thread serves any number
 * of clients by a queue and a group, with the header for C++17
 *
 * Signals are blocked before the first thread is made, so that all threads of the program
 * have them blocked; sigwait takes them in one of its own, which may do anything.
 */
#include <chrono>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

#include "wdsocket.hpp"

using namespace std::chrono_literals;

namespace {

void handle(const wds_event &event)
{
    // The queue accepts the clients, and they belong to the server: they are only used here.
    wds::borrowed<wds::connection> client(event.socket);

    if (event.kind == WDS_EVENT_ACCEPTED)
        client.join("everybody");
    else if (event.kind == WDS_EVENT_MESSAGE)
        // One that does not read loses its oldest messages, and holds up none of the others.
        client.publish_to_others("everybody", client.read(0ms));
    else if (wds::ends(event))
        client.close();
}

void chat(wds::queue &queue, std::int32_t port, std::int32_t silence_ms)
{
    wds::server server;

    server.set_option(WDS_OPT_IDLE_LIMIT, silence_ms);
    server.set_option(WDS_OPT_MESSAGE_LIMIT, silence_ms);
    server.set_option(WDS_OPT_CLOSE_TIMEOUT, 1000); // the end waits so long for clients that do not read, or go on sending
    server.listen(port);
    queue.attach(server, true);
    std::cout << "chat server on port " << server.local_port() << std::endl;
    queue.run([&](const wds_event &event) {
        if (wds::ends(event) && event.socket == server.handle())
            throw wds::error(wds::reason(event)); // it accepts no more: the program ends
        try {
            handle(event);
        } catch (const wds::error &e) {
            std::cerr << e.what() << std::endl; // of one client: the others go on
        }
    });
    server.publish("everybody", "the server stops");
    if (auto in_time = server.try_close_with_clients(5s); !in_time)
        std::cerr << in_time.reason().text << std::endl;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2 && argc != 3) {
        std::cerr << "usage: group_chat PORT [SILENCE_MS]\nends clients that are silent for long, a minute unless told\n";
        return 2;
    }

    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr);
    try {
        auto queue = std::make_shared<wds::queue>(); // the thread has it, too, however the chat ends
        std::thread([stop, queue] {
            int number = 0;
            sigwait(&stop, &number);
            queue->stop();
        }).detach();
        chat(*queue, std::stoi(argv[1]), argc == 3 ? std::stoi(argv[2]) : 60000);
    } catch (const std::exception &e) {
        std::cerr << e.what() << std::endl;
        return 1;
    }
    std::cout << "stopped, " << wds::sockets_held() << " sockets are held" << std::endl;
    return 0;
}
