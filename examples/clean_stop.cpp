/*
 * clean_stop.cpp - the server of clean_stop.c with the header for C++17: threads for the
 * clients, and one that waits for SIGINT and SIGTERM by sigwait
 *
 * Signals are blocked before the first thread is made, so that every thread of the
 * program has them blocked; the library's have them blocked by themselves. What
 * sigwait tells is then told in a thread that may do anything: no handler is needed.
 * A wake-up ends calls that wait. A client that sends all the time never makes a read wait:
 * therefore each turn of a loop also looks at a flag.
 */
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "wdsocket.hpp"

namespace {

std::atomic<bool> stopping{false};

void stop()
{
    stopping = true;
    wds::wakeup(); // every call that waits ends
}

void serve(wds::connection client)
{
    try {
        while (!stopping)
            client.write(client.read());
    } catch (const wds::error &e) {
        if (!e.cancelled() && !e.peer_closed())
            std::cerr << e.what() << std::endl;
    } catch (const std::exception &e) { // no memory for a message: it ends its client, and not the program
        std::cerr << e.what() << std::endl;
    }
    if (stopping)
        (void)client.try_write("goodbye"); // in vain if the peer has just left
}

/* The threads of the clients. They are detached: one that has ended holds nothing. */
class clients {
public:
    clients() = default;
    clients(const clients &) = delete;
    clients &operator=(const clients &) = delete;
    ~clients() // however the server has ended
    {
        stop();
        std::unique_lock<std::mutex> lock(mutex_);
        fewer_.wait(lock, [this] { return count_ == 0; });
    }
    void start(wds::connection client)
    {
        std::lock_guard<std::mutex> lock(mutex_);
        std::thread([this, client = std::move(client)]() mutable {
            serve(std::move(client));
            std::lock_guard<std::mutex> ended(mutex_);
            count_--;
            fewer_.notify_one();
        }).detach();
        count_++;
    }

private:
    std::mutex mutex_;
    std::condition_variable fewer_;
    int count_ = 0;
};

/* What is lacking for the next client, a descriptor, a thread or memory, may be there a moment later. */
void go_on_after(const std::exception &e)
{
    std::cerr << e.what() << std::endl;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

void accept_clients(wds::server &server, clients &all)
{
    while (!stopping) {
        try {
            all.start(server.accept());
        } catch (const wds::error &e) {
            if (e.cancelled())
                return;
            if (e.connection_over()) // the server itself: the program ends
                throw;
            go_on_after(e);
        } catch (const std::exception &e) {
            go_on_after(e);
        }
    }
}

void run(std::int32_t port, std::int32_t silence_ms)
{
    wds::server server(port);
    // A client that sends nothing, or never ends its message, does not hold its thread.
    server.set_option(WDS_OPT_IDLE_LIMIT, silence_ms);
    server.set_option(WDS_OPT_MESSAGE_LIMIT, silence_ms);
    server.set_option(WDS_OPT_CLOSE_TIMEOUT, 1000); // the end waits so long for clients that do not read, or go on sending
    std::cout << "echo server on port " << server.local_port() << std::endl;
    clients all;
    accept_clients(server, all);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2 && argc != 3) {
        std::cerr << "usage: clean_stop_cpp PORT [SILENCE_MS]\nechoes messages until SIGINT or SIGTERM\n";
        return 2;
    }

    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    try {
        std::thread([signals] {
            int number = 0;
            sigwait(&signals, &number);
            stop();
        }).detach();
        run(std::stoi(argv[1]), argc == 3 ? std::stoi(argv[2]) : 60000);
    } catch (const std::exception &e) {
        std::cerr << e.what() << std::endl;
        return 1;
    }

    std::int64_t held = wds::sockets_held();
    std::cout << "stopped, " << held << " sockets are held" << std::endl;
    return held != 0;
}
