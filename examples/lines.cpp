/*
 * lines.cpp - clients and servers that talk in lines, with the header for C++17: a client, a
 * server for one client at a time, one with a thread for each, a chat by events
 *
 * Signals are blocked before the first thread is made, so that all threads of the program
 * have them blocked; sigwait takes them in one of its own, which may do anything.
 */
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <future>
#include <iostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "wdsocket.hpp"

using namespace std::chrono_literals;

namespace {

int talk(const std::string &host, std::int32_t port)
{
    wds::client server;
    server.preset("line");
    server.open(host, port, 5s);

    int failed = 0;
    for (std::string line; std::getline(std::cin, line);) {
        try {
            std::cout << server.exchange(line, 10s) << std::endl;
        } catch (const wds::error &e) {
            std::cerr << e.what() << std::endl;
            failed = 1;
            if (e.connection_over())
                return failed;
        } // else of this line alone, such as no answer in time: the next one may be answered
    }
    server.close(5s);
    return failed;
}

const std::string greeting = "you said ";
constexpr std::int32_t longest = 1000;

void listen(wds::server &server, std::int32_t port, std::int32_t silence_ms)
{
    server.preset("line");
    // The limit is that of answers, too: they need room. A longer line ends its client.
    server.set_option(WDS_OPT_MAX_MESSAGE, longest + static_cast<std::int32_t>(greeting.size()));
    server.set_option(WDS_OPT_IDLE_LIMIT, silence_ms);
    server.set_option(WDS_OPT_MESSAGE_LIMIT, silence_ms);
    server.set_option(WDS_OPT_WRITE_TIMEOUT, silence_ms); // a client that does not read
    server.listen(port);
}

/* One client after the other, until the server is closed. */
void serve_in_turn(wds::server &server)
{
    auto client = server.simplified();
    for (;;) {
        bool writing = false;
        try {
            std::string line = client.read();
            writing = true;
            client.write(greeting + line);
        } catch (const wds::error &e) {
            if (e.closed())
                return;
            if (e.connection_over() || e.cancelled()) // of the server itself
                throw;
            if (writing && e.scope() != WDS_SCOPE_MESSAGE)
                (void)server.try_deny(); // it may still be there, but takes no answers
        } // else the client has left
    }
}

void serve(wds::connection client)
{
    try {
        for (;;)
            client.write(greeting + client.read());
    } catch (const std::exception &e) { // it has left, was silent for too long, or the server is closed
        std::cerr << e.what() << std::endl;
    }
}

/* What is lacking for the next client, a descriptor, a thread or memory, may be there a moment later. */
void go_on_after(const std::exception &e)
{
    std::cerr << e.what() << std::endl;
    std::this_thread::sleep_for(100ms);
}

/* A thread for each client, until the server is closed with them. */
void serve_in_threads(wds::server &server)
{
    std::vector<std::future<void>> serving; // its end waits for the threads
    for (;;) {
        try {
            wds::connection client = server.accept();
            serving.erase(std::remove_if(serving.begin(), serving.end(), [](auto &one) { return one.wait_for(0s) == std::future_status::ready; }), serving.end());
            serving.push_back(std::async(std::launch::async, serve, std::move(client)));
        } catch (const wds::error &e) {
            if (e.connection_over()) {
                (void)server.try_close_with_clients(1s); // so that their threads end
                if (e.closed())
                    return;
                throw; // of the server itself
            }
            go_on_after(e);
        } catch (const std::exception &e) {
            go_on_after(e);
        }
    }
}

/* To all but the one that says it. publish_to_others of a connection does so, too, and drops what one does not read. */
void pass_on(const wds::server &server, std::int32_t sender, const std::string &line)
{
    for (std::int32_t number : server.clients()) {
        wds::borrowed<wds::connection> other(number);
        if (number == sender)
            continue;
        if (auto written = other.try_write(line); !written) { // WDS_E_FULL: it does not read
            std::cerr << written.reason().text << std::endl;
            other.abort();
        }
    }
}

/* All clients in this thread, until the queue is stopped. */
void chat(wds::server &server, wds::queue &queue)
{
    queue.attach(server, true); // it accepts, and a write never waits: WDS_OPT_SEND_QUEUE is 1 MiB
    queue.run([&](const wds_event &event) {
        if (wds::ends(event) && event.socket == server.handle())
            throw wds::error(wds::reason(event)); // it accepts no more
        wds::borrowed<wds::connection> client(event.socket);
        try {
            if (event.kind == WDS_EVENT_MESSAGE)
                pass_on(server, event.socket, client.read(0s));
            else if (wds::ends(event))
                client.close();
        } catch (const wds::error &e) { // of this client: the others go on
            std::cerr << e.what() << std::endl;
            client.close();
        }
    });
}

/* Calls a function at SIGINT or SIGTERM, or when the object ends. The signals are blocked. */
class at_the_end {
public:
    at_the_end(const sigset_t &signals, std::function<void()> stop)
        : thread_([signals, stop = std::move(stop)] {
              int number = 0;
              sigwait(&signals, &number);
              stop();
          })
    {
    }
    at_the_end(const at_the_end &) = delete;
    at_the_end &operator=(const at_the_end &) = delete;
    ~at_the_end()
    {
        pthread_kill(thread_.native_handle(), SIGTERM);
        thread_.join();
    }

private:
    std::thread thread_;
};

void run(const std::string &how, std::int32_t port, std::int32_t silence_ms)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    wds::server server;
    wds::queue queue;
    listen(server, port, silence_ms);
    std::cout << "server of lines on port " << server.local_port() << std::endl;
    at_the_end end(signals, [&] {
        queue.stop();
        (void)server.try_close_with_clients(1s); // what was written is still sent; calls that wait end
    });
    if (how == "chat")
        chat(server, queue);
    else if (how == "threads")
        serve_in_threads(server);
    else
        serve_in_turn(server);
}

} // namespace

int main(int argc, char **argv)
{
    const std::vector<std::string> arguments(argv, argv + argc);
    const std::string how = argc < 2 ? "" : arguments[1];

    if (how == "client" ? argc != 4 : (argc != 3 && argc != 4) || (how != "simplified" && how != "threads" && how != "chat")) {
        std::cerr << "usage: lines client HOST PORT               sends the lines of the standard input\n"
                     "       lines simplified PORT [SILENCE_MS]   one client after the other\n"
                     "       lines threads PORT [SILENCE_MS]      a thread for each\n"
                     "       lines chat PORT [SILENCE_MS]         what one says the others hear\n"
                     "port 0 = any; a server ends at SIGINT and SIGTERM\n";
        return 2;
    }
    try {
        if (how == "client")
            return talk(arguments[2], std::stoi(arguments[3]));
        run(how, std::stoi(arguments[2]), argc == 4 ? std::stoi(arguments[3]) : 60000);
    } catch (const std::exception &e) {
        std::cerr << e.what() << std::endl;
        return 1;
    }
    std::cout << "stopped, " << wds::sockets_held() << " sockets are held" << std::endl;
    return 0;
}
