// cxx_header.cpp - wdsocket.hpp: objects, results, exceptions, functions as callbacks.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <future>
#include <iostream>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#if !defined(_WIN32)
#include <sys/resource.h>
#endif

// As windows.h defines them.
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#include "wdsocket.hpp"
#undef min
#undef max
#if __cplusplus >= 202002L
#include <span>
#endif

using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

int passed = 0;
int failed = 0;

void check(bool good, const char *what, int line)
{
    if (good) {
        passed++;
        return;
    }
    failed++;
    std::printf("    cxx_header.cpp:%d: %s\n", line, what);
}

#define CHECK(cond) check((cond), #cond, __LINE__)

constexpr auto patience = 60s;

// What a call throws; a failure without a code if nothing.
template <typename F> wds::failure thrown(F f)
{
    try {
        f();
    } catch (const wds::error &e) {
        CHECK(e.reason().text == e.what());
        return e.reason();
    }
    return {};
}

struct link {
    wds::server server{0, "127.0.0.1"};
    wds::client client{"127.0.0.1", server.local_port(), patience};
    wds::connection channel = server.accept(patience);
};

void messages()
{
    link l;

    CHECK(l.client.peer() == l.channel.local());
    CHECK(l.channel.peer() == l.client.local());
    CHECK(l.channel.peer_address() == "127.0.0.1");
    CHECK(l.channel.peer_info(WDS_INFO_PORT) == std::to_string(l.client.local_port()) && l.channel.peer_info(WDS_INFO_PEER_PID).empty());
    CHECK(l.client.state() == WDS_STATE_OPEN);
    l.client.write("text");
    CHECK(l.channel.read(patience) == "text");
    l.client.write("zero\0inside"s);
    CHECK(l.channel.read(patience) == "zero\0inside"s);
    l.channel.write(std::vector<unsigned char>{0, 1, 255});
    CHECK(l.client.read(patience) == "\0\1\xff"s);
    l.channel.write(std::array<std::byte, 2>{std::byte{65}, std::byte{66}});
    CHECK(l.client.receive(patience).view() == "AB");
    const unsigned char raw[3] = {1, 2, 3};
    l.channel.write(raw);
    std::array<std::byte, 8> memory{};
    CHECK(l.client.read_into(memory, patience) == 3 && memory[2] == std::byte{3});
    l.channel.write({raw, 2});
    char text[8] = "";
    CHECK(l.client.read_into(text, patience) == 2 && text[1] == 2);
#if __cplusplus >= 202002L
    l.channel.write(std::as_bytes(std::span(raw)));
    CHECK(l.client.read_into(std::span(memory).first(3), patience) == 3);
#endif
    std::string longer(200000, 'x');
    auto answer = std::async(std::launch::async, [&] { return l.client.exchange(longer, patience, 10); });
    CHECK(l.channel.read() == longer);
    l.channel.write("answer");
    CHECK(answer.get() == "answer");
    l.client.write("");
    wds::message kept = l.channel.receive(patience), moved = std::move(kept);
    CHECK(moved.empty() && kept.empty() && moved.str().empty());
}

void results()
{
    link l;

    auto none = l.client.try_read(0ms);
    CHECK(!none && none.reason().timeout() && none.reason().scope == WDS_SCOPE_CALL);
    CHECK(none.reason().text.find(l.client.peer()) != std::string::npos);
    CHECK(l.client.try_read(0s).value_or("nothing") == "nothing");
    CHECK(thrown([&] { none.value(); }).timeout());
    CHECK(thrown([&] { l.client.read(100us); }).timeout()); // waits, rounded up
    CHECK(thrown([&] { (void)l.server.accept(1ms); }).timeout());
    CHECK(l.client.try_write("x") && l.client.try_write("y").reason().code == WDS_OK);
    auto first = l.channel.try_read(patience);
    CHECK(first && *first == "x" && first->size() == 1 && first.reason().code == WDS_OK);
    CHECK(l.channel.available() == 1);
    l.client.close(patience);
    CHECK(!l.client && l.client.handle() == 0);
    CHECK(thrown([&] { l.client.mode(WDS_MODE_RAW); }).code == WDS_E_HANDLE); // and is no default of others
    CHECK(thrown([&] { l.client.write("z"); }).code == WDS_E_HANDLE);
    CHECK(l.channel.read(patience) == "y");
    CHECK(l.channel.try_read(patience).reason().peer_closed());
    wds::result<void> written = l.channel.try_write("z");
    CHECK(written.has_value() || !written.reason().text.empty());

    wds::client nowhere;
    nowhere.set_option(WDS_OPT_USER_NUMBER, 7);
    CHECK(nowhere.option(WDS_OPT_USER_NUMBER) == 7);
    constexpr int port = 1; // where nothing listens; one that was free a moment ago may be taken again
    auto refused = nowhere.try_open("127.0.0.1", port, patience);
    CHECK(!refused && refused.reason().code == WDS_E_REFUSED);
    CHECK(thrown([&] { wds::client("127.0.0.1", port, patience); }).code == WDS_E_REFUSED);
    CHECK(thrown([&] { nowhere.open("127.0.0.1:" + std::to_string(port), patience); }).code == WDS_E_REFUSED);
    bool invalid = false;
    try {
        nowhere.open("127.0.0.1\0.example"s, 1, patience);
    } catch (const std::invalid_argument &) {
        invalid = true;
    }
    CHECK(invalid);
    invalid = false;
    try {
        nowhere.open("127.0.0.1", 1, std::chrono::duration<float>(std::numeric_limits<float>::quiet_NaN()));
    } catch (const std::invalid_argument &) {
        invalid = true;
    }
    CHECK(invalid);
}

void streams()
{
    link l;

    l.client.mode(WDS_MODE_RAW);
    l.channel.mode(WDS_MODE_RAW);
    l.client.write("exactlyline\r\nrest");
    CHECK(l.channel.read_exactly(7, patience) == "exactly");
    CHECK(l.channel.read_until("\r\n", patience) == "line");
    l.client.close_write(patience);
    CHECK(l.channel.read_exactly(4, patience) == "rest");
    CHECK(thrown([&] { l.channel.read(patience); }).peer_closed());
    l.channel.frame("02 data 03");
    CHECK(l.channel.text(WDS_TEXT_FRAME) == "02 data 03");
    l.channel.write("framed");
    CHECK(l.client.read_exactly(8, patience) == "\2framed\3");
    CHECK(wds::guess("GET / HTTP/1.1\r\n\r\n").find("http") != std::string::npos || !wds::guess("1\r\nx2\r\nyy").empty());
    l.channel.abort();
    CHECK(thrown([&] { l.client.read(patience); }).code == WDS_E_RESET);
}

void presets()
{
    link l;

    l.channel.preset("line");
    l.client.mode(WDS_MODE_RAW);
    l.client.write("one\r\ntwo\n");
    CHECK(l.channel.read(patience) == "one" && l.channel.read(patience) == "two");
    l.channel.frame("len:u16be data");
    l.client.preset("dns-tcp");
    l.channel.write("framed");
    CHECK(l.client.read(patience) == "framed");
    CHECK(thrown([&] { l.channel.preset("len:u16be data"); }).code != WDS_OK);
}

void simplified_servers()
{
    wds::server server(0, "127.0.0.1");
    auto served = server.simplified();

    CHECK(served.try_write("x").reason().code == WDS_E_NO_CLIENT);
    for (const char *name : {"first", "second"}) {
        wds::client client;
        client.open("127.0.0.1", server.local_port(), patience, WDS_KIND_CLIENT);
        client.write(name);
        CHECK(served.read(patience) == name);
        served.write("hello "s + name);
        CHECK(client.read(patience) == "hello "s + name);
        client.close(patience);
        CHECK(thrown([&] { served.read(patience); }).peer_closed());
    }
    CHECK(server.state() == WDS_STATE_LISTENING);
    wds::client last("127.0.0.1", server.local_port(), patience);
    last.write("last");
    CHECK(served.read(patience) == "last");
    server.deny();
    CHECK(last.try_read(patience).reason().code == WDS_E_RESET && server.state() == WDS_STATE_LISTENING);
    served.close();
    CHECK(thrown([&] { server.state(); }).code == WDS_E_HANDLE);
}

// The programs in the comments of the header, which go on when clients leave, are cut or do not read.
void sample_of_a_server(wds::server &server)
{
    for (;;) {
        wds::connection client = server.accept();
        try {
            client.write("you said " + client.read(std::chrono::seconds(10)));
        } catch (const wds::error &e) {
            std::cerr << e.what() << std::endl; // of this client: the next one is served
        }
    }
}

void sample_of_a_simplified_server(wds::server &server)
{
    server.set_option(WDS_OPT_IDLE_LIMIT, 60000);  // a silent client does not keep the next one waiting
    server.set_option(WDS_OPT_MESSAGE_LIMIT, 60000); // nor does one that never ends its message
    server.set_option(WDS_OPT_MAX_MESSAGE, 65536); // a longer message ends its client
    auto client = server.simplified();
    for (;;) {
        bool writing = false;
        try {
            std::string question = client.read();
            writing = true;
            client.write("you said " + question);
        } catch (const wds::error &e) {
            if (e.connection_over() || e.cancelled()) // of the server itself
                throw;
            if (writing && e.scope() != WDS_SCOPE_MESSAGE)
                (void)server.try_deny(); // it may still be there, but takes no answers
        } // else the client has left
    }
}

void sample_of_a_queue(wds::server &server)
{
    wds::queue queue;
    queue.attach(server, true);
    queue.run([&](const wds_event &event) {
        wds::borrowed<wds::connection> client(event.socket);
        try {
            if (event.kind == WDS_EVENT_MESSAGE)
                client.write("you said " + client.read(std::chrono::seconds(0)));
            else if (wds::ends(event) && event.socket == server.handle())
                queue.stop(); // it accepts no more
            else if (wds::ends(event))
                client.close();
        } catch (const wds::error &e) { // of one client, such as WDS_E_FULL: the others go on
            std::cerr << e.what() << std::endl;
            client.close();
        }
    });
}

// A client that sends all the time and does not read is disconnected, and keeps no other one waiting.
void deaf_client(std::int32_t port)
{
    wds::client deaf("127.0.0.1", port, patience);
    std::string question(60000, 'x');
    for (int i = 0; i < 1000 && deaf.try_write(question); i++)
        ;
    wds::client good("127.0.0.1", port, patience);
    good.write("hello");
    CHECK(good.try_read(patience).value_or("") == "you said hello");
    CHECK(deaf.try_write(question).reason().connection_over());
}

void samples()
{
    int of = 0;
    for (void (*sample)(wds::server &) : {sample_of_a_server, sample_of_a_simplified_server, sample_of_a_queue}) {
        wds::server server(0, "127.0.0.1");
        auto end = std::async(std::launch::async, [&] { return thrown([&] { sample(server); }); });
        auto port = server.local_port();
        wds::client("127.0.0.1", port, patience).close(patience);
        wds::client cut("127.0.0.1", port, patience);
        cut.write(std::string(1000, 'x'));
        cut.abort();
        if (sample == sample_of_a_queue) {
            wds::client deaf("127.0.0.1", port, patience);
            std::string much(100000, 'x');
            for (int i = 0; i < 400 && deaf.try_write(much); i++)
                ;
            deaf.abort();
        } else if (sample == sample_of_a_simplified_server) {
            server.set_option(WDS_OPT_WRITE_TIMEOUT, 100);
            deaf_client(port);
            server.set_option(WDS_OPT_SEND_QUEUE, 100000); // WDS_E_FULL, of which nothing is sent
            deaf_client(port);
            wds::client loud("127.0.0.1", port, patience); // the question is short enough, and the answer is not
            loud.write(std::string(65536, 'x'));
            loud.write("less");
            CHECK(loud.read(patience) == "you said less");
        }
        wds::client good("127.0.0.1", port, patience);
        good.write("hello");
        CHECK(good.read(patience) == "you said hello");
        wds::wakeup();
        wds::failure why = end.get();
        wds::wakeup(false);
        CHECK(why.cancelled() == (sample != sample_of_a_queue));
        server.close_with_clients(patience);
        of++;
    }
    CHECK(of == 3);
    wds::server server(0, "127.0.0.1");
    auto served = server.simplified();
    auto closed = std::async(std::launch::async, [&] { return served.try_read(wds::forever).reason(); });
    std::int32_t port = server.local_port();
    server.close_with_clients(patience);
    CHECK(closed.get().closed());
    CHECK(served.try_read(0s).reason().closed() && served.try_read(0s).reason().connection_over());
    wds::failure refused = wds::client().try_open("127.0.0.1", port, patience).reason();
    CHECK(refused.connection_over() && refused.name() == "WDS_E_REFUSED");
    CHECK(wds::failure().name() == "WDS_OK" && !wds::failure().connection_over());
    wds::server set(0, "127.0.0.1"), unset(0, "127.0.0.1");
    set.set_option(WDS_OPT_SEND_QUEUE, 5000);
    wds::queue queue;
    queue.attach(set, true);
    queue.attach(unset, true);
    CHECK(set.option(WDS_OPT_SEND_QUEUE) == 5000 && unset.option(WDS_OPT_SEND_QUEUE) == 1 << 20);
}

void tls_addresses()
{
    wds::server server;

    CHECK(thrown([&] { server.listen(0, "tls://127.0.0.1:0"); }).code != WDS_OK); // without a certificate
    wds::client client;
    link l;
    CHECK(thrown([&] { client.open("tls://" + l.server.local(), 1ms); }).timeout());
    CHECK(thrown([&] { client.open("127.0.0.1", l.server.local_port(), 1ms, WDS_KIND_CLIENT_SSL); }).timeout());
}

void groups_and_servers()
{
    wds::server server(0, "127.0.0.1");
    std::vector<wds::client> clients;
    std::vector<wds::connection> channels;

    for (int i = 0; i < 3; i++) {
        clients.emplace_back("127.0.0.1", server.local_port(), patience);
        channels.push_back(server.accept(patience));
    }
    CHECK(server.clients().size() == 3);
    for (int i = 0; i < 40; i++) {
        clients.emplace_back("127.0.0.1", server.local_port(), patience);
        channels.push_back(server.accept(patience));
    }
    CHECK(server.clients().size() == 43);
    channels[0].join("news");
    channels[2].join("news");
    CHECK(server.publish("news", "hello") == 2);
    CHECK(clients[0].read(patience) == "hello" && clients[2].read(patience) == "hello");
    channels[2].leave("news");
    CHECK(server.publish("news", "again") == 1);
    for (const wds::failure &why : {thrown([&] { server.publish("", "x"); }), thrown([&] { channels[0].join(""); }), thrown([&] { channels[0].leave(""); })})
        CHECK(why.code == WDS_E_ARGUMENT && why.text.find("group") != std::string::npos);
    channels[1].join("other");
    channels[1].leave_all();
    channels[42].join("last");
    CHECK(channels[0].publish_to_others("last", "you") == 1 && clients[42].read(patience) == "you" && channels[42].publish_to_others("last", "x") == 0);
    link l;
    CHECK(l.channel.publish_to_others("x") == 0 && thrown([&] { l.client.publish_to_others("x"); }).code == WDS_E_KIND);
    CHECK(server.publish("other", "x") == 0 && server.publish_to_all("everybody") == 43);
    CHECK(clients[42].read(patience) == "everybody");
    server.close_with_clients(patience);
    CHECK(!server);
    CHECK(clients[0].read(patience) == "again");
    for (std::size_t i = 0; i + 1 < clients.size(); i++)
        CHECK(clients[i].read(patience) == "everybody");
    for (auto &c : clients)
        CHECK(c.try_read(patience).reason().peer_closed());
    for (auto &c : channels)
        CHECK(thrown([&] { c.write("x"); }).code == WDS_E_HANDLE);
}

// What the classes do not wrap, and what they tell beside their work.
void handles()
{
    wds::client named(wds::handle(wds::check(WDSocketNew("scale"))));
    wds::server server(wds::handle(wds::check(WDSocketNew("plant"))));
    char name[32];
    CHECK(wds::check(WDSocketName(named.handle(), name, sizeof name)) == 5 && name == "scale"s);
    CHECK(thrown([] { wds::check(WDSocketNew("plant")); }).code == WDS_E_NAME_TAKEN);
    CHECK(named.reason().code == WDS_OK && named.reason().text.empty());
    server.listen(0, "127.0.0.1");
    named.open("127.0.0.1", server.local_port(), patience);
    CHECK(server.wait_for_connection(patience) && server.pending_info() == named.local() && server.pending_info(WDS_INFO_ADDRESS) == "127.0.0.1");
    server.deny();
    CHECK(!server.wait_for_connection(0s) && !server.wait_for_connection(1ms));
    CHECK(server.try_deny().reason().code == WDS_E_NO_REQUEST && thrown([&] { server.deny(); }).code == WDS_E_NO_REQUEST && thrown([&] { (void)server.pending_info(); }).code == WDS_E_NO_REQUEST);
    CHECK(named.try_read(patience).reason().code == WDS_E_RESET);
    wds::failure why = named.reason();
    CHECK(why.code == WDS_E_RESET && why.scope == WDS_SCOPE_CONNECTION && why.text.find("127.0.0.1") != std::string::npos);

    link l;
    wds::queue queue;
    queue.attach(l.client);
    CHECK(queue.descriptor() >= 0);
    l.channel.set_bytes(WDS_TEXT_HEARTBEAT, "\0\1"s);
    CHECK(l.channel.get_bytes(WDS_TEXT_HEARTBEAT) == "\0\1"s);
    CHECK(l.channel.number(WDS_NUM_BUFFERED) == 0);
    l.client.write("one");
    l.client.write("two");
    while (l.channel.available() < 6)
        std::this_thread::yield();
    CHECK(l.channel.discard(WDS_DISCARD_OLDER) == 3 && l.channel.read(patience) == "two");
    CHECK(thrown([&] { (void)l.channel.tls_info(WDS_INFO_SSL_VERSION); }).code == WDS_E_TLS_NOT_SECURED);
    CHECK(thrown([&] { l.channel.stop_tls(1s); }).code == WDS_E_TLS_NOT_SECURED);
    CHECK(thrown([&] { (void)l.channel.websocket_info(WDS_INFO_WEBSOCKET_PATH); }).code == WDS_E_KIND);
    CHECK(thrown([&] { l.channel.start_tls(1s, 0, WDS_ROLE_SERVER); }).code != WDS_OK); // without a certificate
    l.channel.abort();
    std::vector<wds_event> events;
    while (events.empty())
        events = queue.next(patience);
    CHECK(events[0].kind == WDS_EVENT_RESET && wds::reason(events[0]).code == WDS_E_RESET && !wds::reason(events[0]).text.empty());
    CHECK(wds::reason(wds_event{}).code == WDS_OK);
}

void datagrams()
{
    wds::udp_socket one(0, "127.0.0.1"), two(0, "127.0.0.1");

    one.send_to("127.0.0.1", two.local_port(), "ping");
    wds::datagram d = two.receive_from(patience);
    CHECK(d.data == "ping" && d.address == "127.0.0.1" && d.port == one.local_port());
    CHECK(one.try_receive_from(0ms).reason().timeout());
}

// However run is left, nothing of stop is, and the events of others are.
void stops()
{
    wds::queue queue;
    wds::handle timers[3];
    std::vector<std::int32_t> came, all;

    auto nothing_left = [&] { return queue.next(0ms).empty(); };
    for (wds::handle &timer : timers) {
        timer = queue.timer(0ms);
        all.push_back(timer.number());
    }
    queue.run([&](const wds_event &event) {
        came.push_back(event.socket);
        queue.stop();
        queue.stop();
    });
    CHECK(came.size() == 1); // no other event after the one that has stopped it
    try {
        queue.run([&](const wds_event &event) {
            came.push_back(event.socket);
            queue.stop();
            throw std::runtime_error("a function that fails");
        });
    } catch (const std::runtime_error &) {
        came.push_back(0);
    }
    queue.run([&](const wds_event &) { came.push_back(0); }); // is ended by the stop before it
    while (came.size() < 4)
        for (const wds_event &event : queue.next(patience))
            came.push_back(event.socket);
    all.push_back(0);
    std::sort(came.begin(), came.end());
    std::sort(all.begin(), all.end());
    CHECK(came == all && nothing_left());
    queue.stop(); // while there is none
    CHECK(nothing_left());
    queue.run([](const wds_event &) {});
    CHECK(nothing_left());
    std::thread stopper([&] { queue.stop(); });
    queue.run([](const wds_event &) {});
    stopper.join();
    CHECK(nothing_left());
    wds::handle last = queue.timer(0ms);
    queue.run([&](const wds_event &) { queue = wds::queue(); }); // the one that ran is closed
    CHECK(queue.next(0ms).empty());
    wds::queue moved = std::move(queue);
    CHECK(thrown([&] { queue.stop(); }).code == WDS_E_HANDLE);
}

void queues()
{
    wds::server server(0, "127.0.0.1");
    wds::queue queue;
    int kinds[64] = {};

    queue.attach(server, true);
    CHECK(queue.next(0ms).empty());
    wds::handle timer = queue.timer(1ms, 0ms, 42);
    CHECK(queue.next(patience).at(0).user == 42);
    timer.reset();
    std::thread loop([&] {
        queue.run([&](const wds_event &event) {
            kinds[event.kind]++;
            if (wds::ends(event))
                wds::connection(event.socket).close(patience);
            if (event.kind == WDS_EVENT_MESSAGE) {
                wds::borrowed<wds::connection> channel(event.socket);
                channel.write("you said " + channel.read(0ms));
            }
        });
    });
    {
        wds::client client("127.0.0.1", server.local_port(), patience);
        client.write("hi");
        CHECK(client.read(patience) == "you said hi");
    }
    queue.stop();
    loop.join();
    queue.stop(); // before it runs
    queue.run([&](const wds_event &event) { kinds[event.kind]++; });
    CHECK(kinds[WDS_EVENT_TIMER] == 0);
    CHECK(kinds[WDS_EVENT_ACCEPTED] == 1 && kinds[WDS_EVENT_MESSAGE] == 1);
    timer = queue.timer(0ms);
    CHECK(thrown([&] { queue.run([&](const wds_event &) { WDSocketClose(queue.handle()); }); }).code == WDS_OK);
    wds::queue other;
    wds::handle tick = other.timer(0ms);
    other.run([&](const wds_event &) { other = wds::queue(); }); // closes the one that runs
    auto owned = std::make_unique<wds::queue>();
    wds::handle last = owned->timer(0ms);
    owned->run([&](const wds_event &) { owned.reset(); });
    CHECK(other.handle() > 0 && !owned);
    CHECK(thrown([&] { queue.run([](const wds_event &) {}); }).code == WDS_E_HANDLE); // was not closed while it ran
    {
        wds::borrowed<wds::server> same(server.handle());
        wds::udp_socket udp;
        wds::borrowed<wds::udp_socket> same_udp(udp.handle());
        CHECK(same.local_port() == server.local_port() && same_udp.local_port() == udp.local_port());
        wds::client client;
        wds::borrowed<wds::client>(client.handle()).open("127.0.0.1", server.local_port(), patience);
        CHECK(client.state() == WDS_STATE_OPEN);
    }
    CHECK(server.state() == WDS_STATE_LISTENING);
    server.close_with_clients(patience);
}

void functions()
{
    link l;
    wds::queue queue;
    std::promise<std::string> first, second;
    std::promise<void> broken;

    queue.attach(l.channel);
    queue.on(
        [&](const wds_event &event) {
            if (event.kind != WDS_EVENT_MESSAGE)
                return;
            first.set_value(l.channel.read(0ms));
            queue.on( // replaces the function that runs
                [&](const wds_event &next) {
                    if (next.kind == WDS_EVENT_MESSAGE)
                        second.set_value(l.channel.read(0ms));
                    throw std::runtime_error("a function that fails");
                },
                [&](std::exception_ptr) { broken.set_value(); });
        });
    l.client.write("one");
    auto got = first.get_future();
    CHECK(got.get() == "one");
    l.client.write("two");
    CHECK(second.get_future().get() == "two");
    broken.get_future().get();
    queue.on({});
    l.client.write("three");
    CHECK(queue.next(patience).at(0).kind == WDS_EVENT_MESSAGE);
    wds::queue other = std::move(queue);
    std::atomic<int> calls{0};
    other.on([&](const wds_event &) { calls++; });
    other = wds::queue(); // waits for a call, and there is none after it
    int before = calls;
    l.client.write("four");
    CHECK(l.channel.read(patience) == "three" && calls == before);
}

// What was fetched with the event whose function fails is handled by the next run.
void failing()
{
    link one, two, three;
    wds::queue queue;
    std::vector<std::int32_t> came;
    for (link *l : {&one, &two, &three}) {
        l->client.write("m");
        while (l->channel.available() == 0)
            std::this_thread::yield();
        queue.attach(l->channel);
    }
    try {
        queue.run([&](const wds_event &event) {
            came.push_back(event.socket);
            throw std::runtime_error("a function that fails");
        });
    } catch (const std::runtime_error &) {
        came.push_back(0);
    }
    while (came.size() < 4)
        for (const wds_event &event : queue.next(patience, 1))
            came.push_back(event.socket);
    CHECK(came.size() == 4 && came[1] == 0 && came[0] != came[2] && came[0] != came[3] && came[2] != came[3]);
    CHECK((!std::is_constructible<wds::bytes, std::nullptr_t>::value));
}

// The function is called before the call that sets it has returned, and sets another one.
void functions_at_once()
{
    int right = 0;
    for (int i = 0; i < 1000; i++) {
        wds::queue queue;
        wds::handle timer = queue.timer(0ms, 1ms);
        std::promise<std::string> came;
        int calls = 0;
        std::string text(100, 'x');
        queue.on([&](const wds_event &) {
            queue.on([&came, &calls, text](const wds_event &) {
                if (++calls == 2)
                    came.set_value(text);
            });
        });
        right += came.get_future().get() == text ? 1 : 0;
    }
    CHECK(right == 1000);
    wds::queue queue;
    wds::queue other = std::move(queue);
    CHECK(thrown([&] { queue.on([](const wds_event &) {}); }).code == WDS_E_HANDLE);
    CHECK(thrown([&] { queue.on({}); }).code == WDS_E_HANDLE);
}

#if !defined(_WIN32)
// A server tells that it has no descriptor for a client, and goes on.
void no_descriptors()
{
    wds::queue queue;
    wds::server server(0, "127.0.0.1");
    wds::client client("127.0.0.1", server.local_port(), patience);
    std::vector<wds_event> events;

    CHECK(queue.next(1ms).empty()); // it has what it needs
    rlimit most{};
    CHECK(getrlimit(RLIMIT_NOFILE, &most) == 0);
    rlimit none = most;
    none.rlim_cur = 0;
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    queue.attach(server, true);
    while (events.empty())
        events = queue.next(patience);
    CHECK(setrlimit(RLIMIT_NOFILE, &most) == 0);
    CHECK(events[0].kind == WDS_EVENT_ERROR && events[0].code == WDS_E_DESCRIPTORS && events[0].socket == server.handle());
    CHECK(!wds::ends(events[0]));
    while (events[0].kind != WDS_EVENT_ACCEPTED)
        if (events = queue.next(patience); events.empty())
            break;
    CHECK(!events.empty());
    server.close_with_clients(patience);
}
#endif

// What ends is the last event of its socket.
void last_events()
{
    wds_event event{};

    for (std::int32_t kind : {WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT}) {
        event.kind = kind;
        CHECK(wds::ends(event));
    }
    for (std::int32_t kind : {WDS_EVENT_MESSAGE, WDS_EVENT_ACCEPTED, WDS_EVENT_ERROR}) {
        event.kind = kind;
        event.detail = WDS_SCOPE_CLIENT;
        CHECK(!wds::ends(event));
    }
    event.detail = WDS_SCOPE_CONNECTION;
    CHECK(wds::ends(event));
#if !defined(_WIN32)
    no_descriptors();
#endif
}

void ends()
{
    wds::server server(0, "127.0.0.1");
    auto cancelled = std::async(std::launch::async, [&] { return server.try_accept(wds::forever).reason(); });
    wds::wakeup();
    wds::failure why = cancelled.get();
    wds::wakeup(false);
    CHECK(why.cancelled() && !why.text.empty());
    wds::server moved = std::move(server);
    CHECK(!server && moved.state() == WDS_STATE_LISTENING);
    moved = wds::server(0, "127.0.0.1");
    CHECK(moved.state() == WDS_STATE_LISTENING);
    wds::language("fr");
    wds::client client;
    std::string french = client.try_read(0ms).reason().text;
    wds::language("en");
    bool cut = true;
    try {
        wds::language("fr\0x"s);
    } catch (const std::invalid_argument &) {
        cut = false;
    }
    CHECK(!cut);
    CHECK(french != client.try_read(0ms).reason().text);
    CHECK(wds::version() > 0);
    server.close(); // where a handle of 0 means the program, or all of its sockets
    CHECK(thrown([&] { server.set_option(WDS_OPT_NODELAY, 0); }).code == WDS_E_HANDLE);
    CHECK(thrown([&] { server.set_text(WDS_TEXT_USER_TEXT, "x"); }).code == WDS_E_HANDLE);
    CHECK(thrown([&] { server.option(WDS_OPT_NODELAY); }).code == WDS_E_HANDLE);
    CHECK(thrown([&] { server.text(WDS_TEXT_USER_TEXT); }).code == WDS_E_HANDLE);
    CHECK(thrown([&] { server.clients(); }).code == WDS_E_HANDLE);
    CHECK(thrown([&] { server.mode(WDS_MODE_RAW); }).code == WDS_E_HANDLE);
    CHECK(thrown([&] { server.set_bytes(WDS_TEXT_HEARTBEAT, "x"); }).code == WDS_E_HANDLE);
    CHECK(thrown([&] { server.number(WDS_NUM_SOCKETS); }).code == WDS_E_HANDLE);
    CHECK(server.reason().code == WDS_E_HANDLE && !server.reason().text.empty());
    CHECK(!thrown([&] { server.state(); }).text.empty());
    wds::handle number(moved.release());
    CHECK(number && !moved);
}

} // namespace

int main()
{
    messages();
    results();
    streams();
    presets();
    simplified_servers();
    samples();
    tls_addresses();
    groups_and_servers();
    handles();
    datagrams();
    queues();
    stops();
    functions();
    functions_at_once();
    failing();
    ends();
    last_events();
    std::int64_t held = -1;
    WDSocketGetNumber(0, WDS_NUM_SOCKETS, &held);
    CHECK(held == 0);
    WDSocketGetNumber(0, WDS_NUM_TOKENS, &held);
    CHECK(held == 0);
    std::printf("cxx_header: %d passed, %d failed\n", passed, failed);
    return failed != 0;
}
