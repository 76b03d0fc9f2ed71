/*
 * clean_stop.cpp - the server of clean_stop.c in C++: threads for the clients, and
 * one that waits for SIGINT and SIGTERM by sigwait
 *
 * Signals are blocked before the first thread is made, so that every thread of the
 * program has them blocked; the library's have them blocked by themselves. What
 * sigwait tells is then told in a thread that may do anything: no handler is needed.
 */
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

#include "wdsocket.h"

namespace {

std::string last_error()
{
	char text[4096] = "";

	WDSocketErrorInfo(0, WDS_INFO_DETAIL, text, static_cast<std::int32_t>(sizeof text));
	return text;
}

/* A handle that is closed with its owner. */
class Socket {
public:
	explicit Socket(std::int32_t handle) : handle_(handle) {}
	Socket(const Socket &) = delete;
	Socket &operator=(const Socket &) = delete;
	~Socket()
	{
		if (handle_ > 0)
			WDSocketClose(handle_);
	}
	std::int32_t get() const { return handle_; }

private:
	std::int32_t handle_;
};

void serve(std::int32_t handle)
{
	Socket channel(handle);
	char message[4096];
	std::int32_t result;

	while ((result = WDSocketRead(channel.get(), message, static_cast<std::int32_t>(sizeof message), -1)) >= 0)
		if ((result = WDSocketWrite(channel.get(), message, result)) < 0)
			break;
	if (result == WDS_E_CANCELLED)
		WDSocketWrite(channel.get(), "goodbye", -1);
	else if (result != WDS_E_PEER_CLOSED)
		std::cerr << last_error() << '\n';
}

/* The threads of the clients. They are detached: one that has ended holds nothing. */
class Clients {
public:
	void start(std::int32_t handle)
	{
		std::lock_guard<std::mutex> lock(mutex_);
		std::thread([this, handle] {
			serve(handle);
			std::lock_guard<std::mutex> ended(mutex_);
			count_--;
			fewer_.notify_one();
		}).detach();
		count_++;
	}
	void wait()
	{
		std::unique_lock<std::mutex> lock(mutex_);
		fewer_.wait(lock, [this] { return count_ == 0; });
	}

private:
	std::mutex mutex_;
	std::condition_variable fewer_;
	int count_ = 0;
};

void accept_clients(std::int32_t server, Clients &clients)
{
	for (;;) {
		std::int32_t channel = WDSocketAccept(server, -1);
		if (channel > 0)
			clients.start(channel);
		else if (channel == WDS_E_DESCRIPTORS || channel == WDS_E_LIMIT)
			std::cerr << last_error() << '\n'; // temporary
		else
			return;
	}
}

} // namespace

int main(int argc, char **argv)
{
	if (argc != 2 && argc != 3) {
		std::cerr << "usage: clean_stop_cpp PORT [SILENCE_MS]\nechoes messages until SIGINT or SIGTERM\n";
		return 2;
	}

	sigset_t stop;
	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &stop, nullptr);

	Socket server(WDSocketCreate(nullptr, std::stoi(argv[1]), nullptr));
	std::int32_t port = 0;
	// A client that sends nothing, or stops inside a message, does not hold its thread.
	if (server.get() < 0 || WDSocketSetOption(server.get(), WDS_OPT_IDLE_LIMIT, argc == 3 ? std::stoi(argv[2]) : 60000) < 0 ||
	    WDSocketGetOption(server.get(), WDS_OPT_LOCAL_PORT, &port) < 0) {
		std::cerr << last_error() << '\n';
		return 1;
	}
	std::cout << "echo server on port " << port << std::endl;

	Clients clients;
	std::thread acceptor([&] { accept_clients(server.get(), clients); });

	int number = 0;
	sigwait(&stop, &number);
	WDSocketWakeup(1); // every call that waits returns WDS_E_CANCELLED
	acceptor.join();
	clients.wait();

	std::int64_t held = -1;
	WDSocketGetNumber(0, WDS_NUM_SOCKETS, &held);
	std::cout << "stopped, " << held - 1 << " sockets are held" << std::endl; // but the server
	return held != 1;
}
