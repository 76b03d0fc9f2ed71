/*
 * tls.cpp - a server and a client with TLS in one program, with the header for C++17, in the
 * folder with server.pem and ca.pem that docs/tls.md makes
 */
#include <chrono>
#include <iostream>
#include <string>

#include "wdsocket.hpp"

using namespace std::chrono_literals;

int main()
{
    try {
        wds::server server;
        server.set_text(WDS_TEXT_SSL_CERTIFICATE, "server.pem");
        server.listen(0, "tls://127.0.0.1:0");

        wds::client client;
        client.set_text(WDS_TEXT_SSL_AUTHORITIES, "ca.pem");
        client.open("tls://localhost:" + std::to_string(server.local_port()), 10s);

        wds::connection channel = server.accept(10s);
        client.write("hello");
        std::cout << "with TLS: " << channel.read(10s) << std::endl;
        return 0;
    } catch (const wds::error &e) {
        std::cerr << e.what() << std::endl;
        return 1;
    }
}
