/*
 * hello.cpp - a server and a client in one program, with the header for C++17
 */
#include <chrono>
#include <iostream>
#include <thread>

#include "wdsocket.hpp"

using namespace std::chrono_literals;

int main()
{
    try {
        wds::server server(0, "127.0.0.1"); // a port that the system chooses
        std::thread answers([&] {
            wds::connection client = server.accept(10s);
            client.write("you said " + client.read(10s));
        });

        wds::client client("127.0.0.1", server.local_port(), 3s);
        client.write("hello");
        std::cout << client.peer() << " answers: " << client.read(10s) << std::endl;
        answers.join();

        // What is expected to happen needs no exception.
        if (auto more = client.try_read(1s); !more)
            std::cout << "and then: " << more.reason().text << std::endl;
        return 0;
    } catch (const wds::error &e) {
        std::cerr << e.what() << std::endl;
        return 1;
    }
}
