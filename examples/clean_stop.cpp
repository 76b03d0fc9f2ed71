/*
 * clean_stop.cpp - the server of clean_stop.c in C++: threads for the clients, and
 * one that waits for SIGINT and SIGTERM by sigwait
 *
 * Signals are blocked before the first thread is made, so that every thread of the
 * program has them blocked; the library's have them blocked by themselves. What
 * sigwait tells is then told in a thread that may do anything: no handler is needed.
 */
#include <csignal>
#include <cstdint>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

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

} // namespace

int main(int argc, char **argv)
{
	if (argc != 2) {
		std::cerr << "usage: clean_stop_cpp PORT\nechoes messages until SIGINT or SIGTERM\n";
		return 2;
	}

	sigset_t stop;
	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &stop, nullptr);

	Socket server(WDSocketCreate(nullptr, std::stoi(argv[1]), nullptr));
	std::int32_t port = 0;
	if (server.get() < 0 || WDSocketGetOption(server.get(), WDS_OPT_LOCAL_PORT, &port) < 0) {
		std::cerr << last_error() << '\n';
		return 1;
	}
	std::cout << "echo server on port " << port << std::endl;

	std::vector<std::thread> clients;
	std::thread acceptor([&] {
		std::int32_t channel;
		while ((channel = WDSocketAccept(server.get(), -1)) >= 0)
			clients.emplace_back(serve, channel);
	});

	int number = 0;
	sigwait(&stop, &number);
	WDSocketWakeup(1); // every call that waits returns WDS_E_CANCELLED
	acceptor.join();
	for (std::thread &client : clients)
		client.join();
	std::cout << "stopped" << std::endl;
	return 0;
}
