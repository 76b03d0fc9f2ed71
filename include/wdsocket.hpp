/*
 * wdsocket.hpp - wdsocket for C++17 and newer: owners of handles, texts, durations and
 * exceptions above wdsocket.h, which stays usable beside it
 *
 *     wds::server server(5000);
 *     for (;;) {
 *         wds::connection client = server.accept();
 *         try {
 *             client.write("you said " + client.read(std::chrono::seconds(10)));
 *         } catch (const wds::error &e) {
 *             std::cerr << e.what() << std::endl; // of this client: the next one is served
 *         }
 *     }
 *
 * The header is all there is: the program links the same library as one in C,
 *
 *     g++ -std=c++17 hello.cpp $(pkg-config --cflags --libs wdsocket) -pthread -o hello
 *
 * Errors are exceptions, wds::error, with the code of wdsocket.h and a text that says
 * what happened, to whom and what to do. Functions whose names begin with try_ give a
 * wds::result instead, which holds a value or the error: for what is expected to happen,
 * such as a time-out, and for programs that are compiled without exceptions.
 * A text with a zero byte inside where C takes none gives std::invalid_argument from both.
 *
 * Times are std::chrono durations. One that is negative, such as wds::forever, waits for
 * ever, and zero does not wait. Fractions of a millisecond are rounded up. One
 * that is no number gives std::invalid_argument.
 *
 * Objects own their handle, can be moved and not copied, and close it when they end. Any
 * function of wdsocket.h can be called with handle(), and wds::check throws its error:
 *
 *     wds::check(WDSocketDeny(server.handle()));
 *
 * A handle that such a function has made gets its owner by wds::handle:
 *
 *     wds::client scale(wds::handle(wds::check(WDSocketNew("scale"))));
 *
 * Threads: as wdsocket.h says for the functions below: a thread may close an object
 * while others call it. It is moved, assigned and destroyed by one thread alone.
 *
 * Since: 0.2.0
 */
#ifndef WDSOCKET_HPP
#define WDSOCKET_HPP

#if !defined(__cplusplus) || (__cplusplus < 201703L && (!defined(_MSVC_LANG) || _MSVC_LANG < 201703L))
#error "wdsocket.hpp needs C++17 or newer; wdsocket.h can be used from C++98 on"
#endif

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "wdsocket.h"

namespace wds {

/* Waits for ever. */
inline constexpr std::chrono::milliseconds forever{-1};

/*
 * failure is what went wrong: the code, one of WDS_E_, how far it reaches, one of
 * WDS_SCOPE_ (WDSocketErrorScope), and the text. A default one is no error.
 */
struct failure {
    std::int32_t code = WDS_OK;
    std::int32_t scope = WDS_SCOPE_NONE;
    std::string text;

    /* Nothing came in time, or the peer did not answer. */
    bool timeout() const noexcept { return code == WDS_E_TIMEOUT; }

    /* The peer has ended the connection in order. */
    bool peer_closed() const noexcept { return code == WDS_E_PEER_CLOSED; }

    /* WDSocketWakeup or cancel() has ended the wait. */
    bool cancelled() const noexcept { return code == WDS_E_CANCELLED; }

    /* This program has closed it, while the call waited or before. */
    bool closed() const noexcept { return code == WDS_E_CLOSED || code == WDS_E_HANDLE; }

    /*
     * The connection has ended or was not made, or this program has closed it: what is left is to
     * close it. After WDS_E_FRAME it can also be read on in another mode, such as WDS_MODE_RAW.
     */
    bool connection_over() const noexcept { return scope >= WDS_SCOPE_CONNECTION; }

    /* The name of the code: "WDS_E_REFUSED". */
    inline std::string name() const;
};

/* error is a failure that is thrown; what() is its text. */
class error : public std::runtime_error {
public:
    explicit error(failure what) : std::runtime_error(what.text), failure_(std::make_shared<failure>(std::move(what))) {}

    const failure &reason() const noexcept { return *failure_; }
    std::int32_t code() const noexcept { return failure_->code; }
    std::int32_t scope() const noexcept { return failure_->scope; }
    bool timeout() const noexcept { return failure_->timeout(); }
    bool peer_closed() const noexcept { return failure_->peer_closed(); }
    bool cancelled() const noexcept { return failure_->cancelled(); }
    bool closed() const noexcept { return failure_->closed(); }
    bool connection_over() const noexcept { return failure_->connection_over(); }
    std::string name() const { return failure_->name(); }

private:
    std::shared_ptr<const failure> failure_; // an exception is copied without throwing
};

namespace detail {

/* Without exceptions there is nothing left to do but to end, as the standard library does. */
[[noreturn]] inline void raise(failure what)
{
#if defined(__cpp_exceptions)
    throw error(std::move(what));
#else
    (void)what;
    std::terminate();
#endif
}

[[noreturn]] inline void refuse(const char *why)
{
#if defined(__cpp_exceptions)
    throw std::invalid_argument(why);
#else
    (void)why;
    std::terminate();
#endif
}

/* A text that a function gives into memory of the caller: it tells the length. */
template <typename Fill> std::string text(Fill fill, std::int32_t &result)
{
    std::string s(256, '\0');

    for (;;) {
        result = fill(s.data(), static_cast<std::int32_t>(s.size()));
        if (result < 0 && result != WDS_E_BUFFER)
            return {};
        if (result == WDS_E_BUFFER) // too short, and the length is not told
            s.resize(2 * s.size());
        else if (static_cast<std::size_t>(result) < s.size()) {
            s.resize(static_cast<std::size_t>(result));
            return s;
        } else
            s.resize(static_cast<std::size_t>(result) + 1);
    }
}

/* The failure that a function has just given in this thread. */
inline failure last(std::int32_t code)
{
    failure f;
    std::int32_t length = 0;

    f.code = code;
    if (WDSocketErrorCode(0, WDS_INFO_CODE) == code) {
        f.scope = WDSocketErrorScope(0, 0);
        f.text = text([](char *p, std::int32_t size) { return WDSocketErrorInfo(0, WDS_INFO_MESSAGE, p, size); }, length);
    } else { // some functions, such as WDSocketState, leave the record alone
        f.scope = WDSocketErrorScope(0, code);
        f.text = text([code](char *p, std::int32_t size) { return WDSocketErrorText(code, WDS_INFO_MESSAGE, p, size); }, length);
    }
    return f;
}

inline std::int32_t check(std::int32_t result)
{
    if (result < 0)
        raise(last(result));
    return result;
}

/* Why a socket has ended, or what an event of it tells. */
inline failure of_socket(std::int32_t socket, std::int32_t code)
{
    failure f;
    std::int32_t length = 0;

    if (code >= 0)
        return f;
    f.code = code;
    f.scope = WDSocketErrorScope(socket, code);
    bool recorded = code != WDS_E_HANDLE && WDSocketErrorCode(socket, WDS_INFO_CODE) == code;
    f.text = text(
        [&](char *p, std::int32_t size) {
            return recorded ? WDSocketErrorInfo(socket, WDS_INFO_MESSAGE, p, size) : WDSocketErrorText(code, WDS_INFO_MESSAGE, p, size);
        },
        length);
    return f;
}

template <typename Rep, typename Period> std::int32_t milliseconds(std::chrono::duration<Rep, Period> time)
{
    const double exact = std::chrono::duration<double, std::milli>(time).count();

    if (!(exact <= 0 || exact > 0)) // <cmath> cannot be had where max is a macro
        refuse("wdsocket: a time that is no number");
    if (time < time.zero())
        return -1;
    if (exact >= static_cast<double>((std::numeric_limits<std::int32_t>::max)()))
        return (std::numeric_limits<std::int32_t>::max)();
    return static_cast<std::int32_t>(std::chrono::ceil<std::chrono::milliseconds>(time).count());
}

inline std::int32_t length(std::size_t n)
{
    if (n > static_cast<std::size_t>((std::numeric_limits<std::int32_t>::max)()))
        refuse("wdsocket: more than 2147483647 bytes");
    return static_cast<std::int32_t>(n);
}

/* A text for C. As a pointer "" is none. */
class c_text {
public:
    explicit c_text(std::string_view text) : text_(text)
    {
        if (text_.find('\0') != std::string::npos)
            refuse("wdsocket: a zero byte in a text");
    }
    operator const char *() const noexcept { return text_.empty() ? nullptr : text_.c_str(); }
    const char *c_str() const noexcept { return text_.c_str(); }

private:
    std::string text_;
};

/* What has single bytes one behind the other: std::string, std::vector<unsigned char>, std::span<std::byte>, char[4] ... */
template <typename P> struct byte_pointer : std::false_type {};
template <typename B>
struct byte_pointer<B *> : std::disjunction<std::is_same<std::remove_cv_t<B>, char>, std::is_same<std::remove_cv_t<B>, unsigned char>,
                                            std::is_same<std::remove_cv_t<B>, signed char>, std::is_same<std::remove_cv_t<B>, std::byte>> {};
template <typename B> struct writable_pointer : std::false_type {};
template <typename B> struct writable_pointer<B *> : std::conjunction<byte_pointer<B *>, std::negation<std::is_const<B>>> {};

template <typename T, template <typename> class Kind, typename = void> struct has_bytes : std::false_type {};
template <typename T, template <typename> class Kind>
struct has_bytes<T, Kind, std::void_t<decltype(std::data(std::declval<T &>())), decltype(std::size(std::declval<T &>()))>>
    : Kind<decltype(std::data(std::declval<T &>()))> {};

/* Says that a number is a handle, not a port. */
struct of_handle {};

/* An array of char is a text, which ends at its zero byte. */
template <typename T> struct is_text_array : std::false_type {};
template <std::size_t N> struct is_text_array<char[N]> : std::true_type {};

} // namespace detail

/*
 * bytes is a view of bytes that a call reads. Texts, string literals (without their zero
 * byte) and all containers of single bytes become one by themselves.
 */
class bytes {
public:
    bytes() noexcept = default;
    bytes(const void *data, std::size_t size) noexcept : data_(data), size_(size) {}
    bytes(std::string_view text) noexcept : data_(text.data()), size_(text.size()) {}
    bytes(const std::string &text) noexcept : data_(text.data()), size_(text.size()) {}
    bytes(const char *text) noexcept : bytes(std::string_view(text)) {}
    bytes(std::nullptr_t) = delete; // nor 0
    template <typename T, typename = std::enable_if_t<detail::has_bytes<const T, detail::byte_pointer>::value && !detail::is_text_array<T>::value>>
    bytes(const T &container) noexcept : data_(std::data(container)), size_(std::size(container)) {}

    const void *data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }

private:
    const void *data_ = "";
    std::size_t size_ = 0;
};

/* room is memory of the caller that a call writes to: a container of single bytes, or an array. */
class room {
public:
    room(void *data, std::size_t size) noexcept : data_(data), size_(size) {}
    template <typename T, typename = std::enable_if_t<detail::has_bytes<std::remove_reference_t<T>, detail::writable_pointer>::value>>
    room(T &&container) noexcept : data_(std::data(container)), size_(std::size(container)) {}

    void *data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }

private:
    void *data_;
    std::size_t size_;
};

/*
 * result is a value, or why there is none.
 *
 *     if (auto message = client.try_read(std::chrono::seconds(1)))
 *         use(*message);
 *     else if (!message.reason().timeout())
 *         give_up(message.reason().text);
 */
template <typename T> class [[nodiscard]] result {
public:
    result(T value) : value_(std::move(value)) {}
    result(failure why) : why_(std::move(why)) {}

    bool has_value() const noexcept { return value_.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }

    /* The value; without one they throw the error. */
    T &value() &
    {
        if (!value_)
            detail::raise(why_);
        return *value_;
    }
    const T &value() const &
    {
        if (!value_)
            detail::raise(why_);
        return *value_;
    }
    T &&value() && { return std::move(value()); }

    /* The value, which there has to be. */
    T &operator*() & noexcept { return *value_; }
    const T &operator*() const & noexcept { return *value_; }
    T &&operator*() && noexcept { return std::move(*value_); }
    T *operator->() noexcept { return &*value_; }
    const T *operator->() const noexcept { return &*value_; }

    template <typename U> T value_or(U &&other) const & { return value_ ? *value_ : static_cast<T>(std::forward<U>(other)); }
    template <typename U> T value_or(U &&other) && { return value_ ? std::move(*value_) : static_cast<T>(std::forward<U>(other)); }

    /* Why there is no value; its code is WDS_OK where there is one. */
    const failure &reason() const noexcept { return why_; }

private:
    std::optional<T> value_;
    failure why_;
};

/* A result without a value: it succeeded or did not. */
template <> class [[nodiscard]] result<void> {
public:
    result() = default;
    result(failure why) : why_(std::move(why)) {}

    bool has_value() const noexcept { return why_.code == WDS_OK; }
    explicit operator bool() const noexcept { return has_value(); }
    void value() const
    {
        if (!has_value())
            detail::raise(why_);
    }
    const failure &reason() const noexcept { return why_; }

private:
    failure why_;
};

inline std::string failure::name() const
{
    std::int32_t length = 0;

    return detail::text([this](char *p, std::int32_t size) { return WDSocketErrorText(code, WDS_INFO_NAME, p, size); }, length);
}

namespace detail {

/* What a function has just given in this thread, for which there is no value. */
inline result<void> done(std::int32_t code)
{
    if (code < 0)
        return last(code);
    return {};
}

} // namespace detail

/* check gives the result of a function of wdsocket.h that this thread has just called, or throws its error. */
inline std::int32_t check(std::int32_t result) { return detail::check(result); }

/* reason is the error that an event tells, with its text; the code is WDS_OK where it tells none. */
inline failure reason(const wds_event &event) { return detail::of_socket(event.socket, event.code); }

/* The version of the library that is loaded: 200 is 0.2.0, 10203 is 1.2.3. */
inline std::int32_t version() { return WDSocketVersion(); }

/*
 * wakeup ends all waits of all threads with WDS_E_CANCELLED, those that begin later too,
 * until it is taken back by false: for the end of a program. In a handler of a signal
 * call WDSocketWakeup(1). A client that sends all the time makes no read wait: let loops of
 * reads look at a flag, too. For a loop of events it is not needed: queue::stop ends that.
 */
inline void wakeup(bool on = true) { detail::check(WDSocketWakeup(on ? 1 : 0)); }

/* close_all closes everything; WDSocketCloseAll says for how long it waits. */
inline void close_all() { detail::check(WDSocketCloseAll()); }

/*
 * sockets_held tells how many sockets are open. Queues and timers are not counted, nor is one that
 * was closed, though it may still send: close_all waits for that.
 */
inline std::int64_t sockets_held()
{
    std::int64_t held = 0;

    detail::check(WDSocketGetNumber(0, WDS_NUM_SOCKETS, &held));
    return held;
}

/* language chooses that of errors: "en", "fr", "" for that of the system. */
inline void language(std::string_view name) { detail::check(WDSocketSetText(0, WDS_TEXT_LANGUAGE, detail::c_text(name).c_str())); }

/*
 * guess tells which transmission modes fit bytes that a device has sent: see WDSocketGuess.
 */
inline std::string guess(bytes received)
{
    std::int32_t result = 0;
    std::string s = detail::text([&](char *p, std::int32_t size) { return WDSocketGuess(received.data(), detail::length(received.size()), p, size); }, result);

    detail::check(result);
    return s;
}

/* handle is what all objects have in common: a handle of the library that is theirs. */
class handle {
public:
    handle() noexcept = default;
    explicit handle(std::int32_t number) noexcept : number_(number) {}
    handle(handle &&other) noexcept : number_(other.number_.exchange(0)) {}
    handle &operator=(handle &&other) noexcept
    {
        if (this != &other) {
            reset();
            number_ = other.number_.exchange(0);
        }
        return *this;
    }
    handle(const handle &) = delete;
    handle &operator=(const handle &) = delete;
    ~handle() { reset(); }

    /* The number, for functions of wdsocket.h; 0 if there is none. */
    std::int32_t number() const noexcept { return number_; }
    explicit operator bool() const noexcept { return number_ > 0; }

    /* release gives the number away: the caller closes it. */
    [[nodiscard]] std::int32_t release() noexcept { return number_.exchange(0); }

    /* reset closes it, as the end of the object does. What was written is still sent. */
    void reset() noexcept
    {
        if (const auto number = number_.exchange(0); number > 0)
            WDSocketClose(number);
    }

private:
    std::atomic<std::int32_t> number_{0}; // a thread may close what others call
};

/*
 * socket is what connections, servers and UDP sockets have in common. Options may be set
 * before it is opened, and most at any time.
 */
class socket {
public:
    /* The number, for functions of wdsocket.h; 0 once it is closed. */
    std::int32_t handle() const noexcept { return own_.number(); }
    explicit operator bool() const noexcept { return static_cast<bool>(own_); }
    [[nodiscard]] std::int32_t release() noexcept { return own_.release(); }

    /* One of WDS_STATE_. */
    std::int32_t state() const { return detail::check(WDSocketState(handle())); }

    /* Why its connection has ended, or could not be opened; the code is WDS_OK if neither. */
    failure reason() const { return detail::of_socket(own(), WDSocketErrorCode(own(), WDS_INFO_CODE)); }

    /* A figure of it, one of WDS_NUM_. */
    std::int64_t number(std::int32_t what) const
    {
        std::int64_t value = 0;

        detail::check(WDSocketGetNumber(own(), what, &value));
        return value;
    }

    /* Options: WDS_OPT_ numbers and WDS_TEXT_ texts, some of which are bytes, such as WDS_TEXT_HEARTBEAT. */
    void set_option(std::int32_t option, std::int32_t value) { detail::check(WDSocketSetOption(own(), option, value)); }
    std::int32_t option(std::int32_t option) const
    {
        std::int32_t value = 0;

        detail::check(WDSocketGetOption(own(), option, &value));
        return value;
    }
    void set_text(std::int32_t option, std::string_view value)
    {
        detail::check(WDSocketSetText(own(), option, detail::c_text(value).c_str()));
    }
    std::string text(std::int32_t option) const
    {
        return get([&](char *p, std::int32_t size) { return WDSocketGetText(own(), option, p, size); });
    }
    void set_bytes(std::int32_t option, bytes value) { detail::check(WDSocketSetBytes(own(), option, value.data(), detail::length(value.size()))); }
    std::string get_bytes(std::int32_t option) const
    {
        return get([&](char *p, std::int32_t size) { return WDSocketGetBytes(own(), option, p, size); });
    }

    /*
     * mode chooses how messages are delimited, one of WDS_MODE_, with its end tag where it
     * has one; without a call it is WDS_MODE_SIZE. frame does so by a description of the
     * bytes (WDS_TEXT_FRAME): "len:u16be data" is a message behind its length in two bytes.
     * preset does so by the name of a protocol (WDS_TEXT_FRAME_PRESET): "line", "modbus-tcp".
     * docs/framing.md has both. Of a server, before or after listen, it is that of the
     * clients that it accepts from then on.
     */
    void mode(std::int32_t mode, bytes tag = {})
    {
        detail::check(WDSocketChangeTransmissionMode(own(), mode, tag.size() == 0 ? nullptr : tag.data(), detail::length(tag.size())));
    }
    void frame(std::string_view description)
    {
        set_text(WDS_TEXT_FRAME, description);
        mode(WDS_MODE_DESCRIBED);
    }
    void preset(std::string_view name) { set_text(WDS_TEXT_FRAME_PRESET, name); }

    /* This end: "192.168.1.2:5000". */
    std::string local() const
    {
        return get([&](char *p, std::int32_t size) { return WDSocketLocalInfo(handle(), WDS_INFO_ENDPOINT, p, size); });
    }
    std::int32_t local_port() const { return option(WDS_OPT_LOCAL_PORT); }

    /* cancel ends the calls that wait, in other threads, with WDS_E_CANCELLED. */
    void cancel() { detail::check(WDSocketCancel(handle())); }

    /* close closes it at once; what was written is still sent. More calls do nothing. */
    void close() noexcept { own_.reset(); }

protected:
    socket() noexcept = default;
    explicit socket(std::int32_t number) noexcept : own_(number) {}
    socket(socket &&) noexcept = default;
    socket &operator=(socket &&) noexcept = default;
    ~socket() = default;

    template <typename Fill> std::string get(Fill fill) const
    {
        std::int32_t result = 0;
        std::string s = detail::text(fill, result);

        detail::check(result);
        return s;
    }

    /* The handle where 0 means all sockets of the program: one that is closed is refused. */
    std::int32_t own() const noexcept { return own_ ? handle() : -1; }

    wds::handle own_;
};

/*
 * message is one that stays in the library's memory until the object ends: it is not
 * copied. A zero byte follows it.
 */
class message {
public:
    message() noexcept = default;
    message(const void *data, std::int32_t length, void *token) noexcept : data_(data), length_(length), token_(token) {}
    message(message &&other) noexcept
        : data_(std::exchange(other.data_, nullptr)), length_(std::exchange(other.length_, 0)), token_(std::exchange(other.token_, nullptr)) {}
    message &operator=(message &&other) noexcept
    {
        std::swap(data_, other.data_);
        std::swap(length_, other.length_);
        std::swap(token_, other.token_);
        return *this;
    }
    message(const message &) = delete;
    message &operator=(const message &) = delete;
    ~message()
    {
        if (token_ != nullptr)
            WDSocketMessageFree(token_);
    }

    const char *data() const noexcept { return data_ == nullptr ? "" : static_cast<const char *>(data_); }
    std::size_t size() const noexcept { return static_cast<std::size_t>(length_); }
    bool empty() const noexcept { return length_ == 0; }
    std::string_view view() const noexcept { return {data(), size()}; }
    operator std::string_view() const noexcept { return view(); }
    std::string str() const { return std::string(view()); }

private:
    const void *data_ = nullptr;
    std::int32_t length_ = 0;
    void *token_ = nullptr;
};

/*
 * connection is a connection to a peer: a server's client, or, as client, the own end of
 * one. One thread may read while others write.
 */
class connection : public socket {
public:
    connection() noexcept = default;

    /* Owns a handle of wdsocket.h. */
    explicit connection(std::int32_t number) noexcept : socket(number) {}
    connection(detail::of_handle, std::int32_t number) noexcept : socket(number) {}
    explicit connection(wds::handle owner) noexcept : socket(owner.release()) {}

    /* The peer: "192.168.1.7:5000", and its address alone. */
    std::string peer() const
    {
        return get([&](char *p, std::int32_t size) { return WDSocketClientInfo(handle(), WDS_INFO_ENDPOINT, p, size); });
    }
    std::string peer_address() const
    {
        return get([&](char *p, std::int32_t size) { return WDSocketClientInfo(handle(), WDS_INFO_ADDRESS, p, size); });
    }

    /*
     * What else is known of the peer, one of WDS_INFO_: WDS_INFO_PROXY_ENDPOINT, the proxy that it came
     * through, or WDS_INFO_PEER_PID, the process at the other end of a local socket; "" where there is none.
     */
    std::string peer_info(std::int32_t what) const
    {
        return get([&](char *p, std::int32_t size) { return WDSocketClientInfo(handle(), what, p, size); });
    }

    /* write writes a message. It waits while the peer does not read, for WDS_OPT_WRITE_TIMEOUT. */
    void write(bytes message) { detail::check(written(message)); }
    result<void> try_write(bytes message)
    {
        return detail::done(written(message));
    }

    /*
     * read waits for a message of any length and gives it; in raw mode the bytes that have
     * arrived. receive does so without copying.
     */
    template <typename Rep, typename Period> std::string read(std::chrono::duration<Rep, Period> time) { return receive(time).str(); }
    std::string read() { return read(forever); }
    template <typename Rep, typename Period> result<std::string> try_read(std::chrono::duration<Rep, Period> time)
    {
        result<message> m = try_receive(time);

        if (!m)
            return m.reason();
        return m->str();
    }
    template <typename Rep, typename Period> message receive(std::chrono::duration<Rep, Period> time) { return try_receive(time).value(); }
    message receive() { return receive(forever); }
    template <typename Rep, typename Period> result<message> try_receive(std::chrono::duration<Rep, Period> time)
    {
        const void *data = nullptr;
        std::int32_t length = 0;
        void *token = nullptr;
        std::int32_t code = WDSocketReadMessage(handle(), detail::milliseconds(time), &data, &length, &token);

        if (code < 0)
            return detail::last(code);
        return message(data, length, token);
    }

    /* read_into reads a message into memory of the caller, and tells its length. */
    template <typename Rep, typename Period> std::size_t read_into(room memory, std::chrono::duration<Rep, Period> time)
    {
        return static_cast<std::size_t>(detail::check(WDSocketRead(handle(), memory.data(), detail::length(memory.size()), detail::milliseconds(time))));
    }

    /*
     * read_exactly reads the next bytes of the stream, and read_until those up to a tag,
     * which is not part of the result, of at most most bytes; both whatever the mode is.
     */
    template <typename Rep, typename Period> std::string read_exactly(std::size_t size, std::chrono::duration<Rep, Period> time)
    {
        std::string s(size, '\0');

        detail::check(WDSocketReadExactly(handle(), s.data(), detail::length(size), detail::milliseconds(time)));
        return s;
    }
    template <typename Rep, typename Period> std::string read_until(bytes tag, std::chrono::duration<Rep, Period> time, std::size_t most = 65536)
    {
        std::string s(most, '\0');
        std::int32_t length = detail::check(WDSocketReadUntil(handle(), s.data(), detail::length(most), tag.data(), detail::length(tag.size()), detail::milliseconds(time)));

        s.resize(static_cast<std::size_t>(length));
        return s;
    }

    /* exchange writes a request and gives its answer, of at most most bytes: see WDSocketExchange. */
    template <typename Rep, typename Period> std::string exchange(bytes request, std::chrono::duration<Rep, Period> time, std::size_t most = 65536)
    {
        std::string s(most, '\0');
        std::int32_t length = detail::check(WDSocketExchange(handle(), request.data(), detail::length(request.size()), s.data(), detail::length(most), detail::milliseconds(time)));

        s.resize(static_cast<std::size_t>(length));
        return s;
    }

    /* What waits to be read, in bytes of messages: see WDSocketAvailable. */
    std::size_t available() const { return static_cast<std::size_t>(detail::check(WDSocketAvailable(handle()))); }

    /* discard discards what has arrived, and tells how many bytes: see WDSocketDiscard. */
    std::size_t discard(std::int32_t what) { return static_cast<std::size_t>(detail::check(WDSocketDiscard(handle(), what))); }

    /* flush waits until the system has what was written. */
    template <typename Rep, typename Period> void flush(std::chrono::duration<Rep, Period> time) { detail::check(WDSocketFlush(handle(), detail::milliseconds(time))); }

    /*
     * start_tls begins TLS on the connection (WDSocketStartSSL), as a server with the
     * certificate that is set (WDS_TEXT_SSL_CERTIFICATE); stop_tls ends it. tls_info tells what was
     * agreed upon and who the peer is, one of WDS_INFO_SSL_, and websocket_info one of WDS_INFO_WEBSOCKET_.
     */
    template <typename Rep, typename Period> void start_tls(std::chrono::duration<Rep, Period> time, std::int32_t ssl_options = 0, std::int32_t role = WDS_ROLE_CLIENT)
    {
        detail::check(WDSocketStartSSL(handle(), role, ssl_options, nullptr, nullptr, detail::milliseconds(time)));
    }
    template <typename Rep, typename Period> void stop_tls(std::chrono::duration<Rep, Period> time) { detail::check(WDSocketStopSSL(handle(), detail::milliseconds(time))); }
    std::string tls_info(std::int32_t what, std::int32_t certificate = 0) const
    {
        return get([&](char *p, std::int32_t size) { return WDSocketSSLInfo(handle(), what, certificate, p, size); });
    }
    std::string websocket_info(std::int32_t what) const
    {
        return get([&](char *p, std::int32_t size) { return WDSocketWebSocketInfo(handle(), what, p, size); });
    }

    /* Groups of the server that has accepted it: see server::publish. A name is not empty. */
    void join(std::string_view group) { detail::check(WDSocketGroupJoin(handle(), detail::c_text(group).c_str())); }
    void leave(std::string_view group) { detail::check(WDSocketGroupLeave(handle(), detail::c_text(group).c_str())); }
    void leave_all() { detail::check(WDSocketGroupLeave(handle(), nullptr)); }

    /*
     * publish_to_others writes a message to all clients of that server but this one, or of a group, of
     * which it need not be a member, as a chat does with what one says. It tells how many they are. It
     * never waits: for one that does not keep up, messages above WDS_OPT_PUBLISH_QUEUE are dropped.
     */
    std::int32_t publish_to_others(bytes message) { return detail::check(WDSocketGroupPublish(handle(), nullptr, message.data(), detail::length(message.size()))); }
    std::int32_t publish_to_others(std::string_view group, bytes message)
    {
        return detail::check(WDSocketGroupPublish(handle(), detail::c_text(group).c_str(), message.data(), detail::length(message.size())));
    }

    using socket::close;

    /* close waits until the peer's system has what was written. It is closed in any case. */
    template <typename Rep, typename Period> void close(std::chrono::duration<Rep, Period> time)
    {
        detail::check(WDSocketCloseEx(own_.release(), WDS_CLOSE_GRACEFUL, detail::milliseconds(time)));
    }

    /* close_write ends the own side: the peer reads the end, and can still answer. */
    template <typename Rep, typename Period> void close_write(std::chrono::duration<Rep, Period> time)
    {
        detail::check(WDSocketCloseEx(handle(), WDS_CLOSE_WRITE, detail::milliseconds(time)));
    }

    /* abort resets the connection at once. */
    void abort() noexcept
    {
        if (std::int32_t number = own_.release(); number > 0)
            WDSocketCloseEx(number, WDS_CLOSE_ABORT, 0);
    }

private:
    std::int32_t written(bytes message) { return WDSocketWrite(handle(), message.data(), detail::length(message.size())); }
};

/*
 * borrowed is an object on a handle that belongs to something else, such as the socket of an
 * event: its end closes nothing.
 *
 *     wds::borrowed<wds::connection> client(event.socket);
 */
template <typename T> class borrowed : public T {
public:
    explicit borrowed(std::int32_t number) noexcept : T(detail::of_handle(), number) {}
    borrowed(borrowed &&) noexcept = default;
    borrowed &operator=(borrowed &&) = delete;
    ~borrowed() { (void)this->release(); }
};

/*
 * client connects to a server. The address is any that wdsocket.h lists, "plc.local:502",
 * "tls://mail.example:993", "ws://..." or "local:..." for instance.
 *
 *     wds::client plc("10.0.0.5:502", std::chrono::seconds(3));
 *
 * Options that count for connecting are set before it:
 *
 *     wds::client plc;
 *     plc.set_option(WDS_OPT_RECONNECT, 1);
 *     plc.open("10.0.0.5:502", std::chrono::seconds(3));
 *
 * TLS is an address with tls:// and, where the system does not trust the peer's
 * certificate, a text set before:
 *
 *     wds::client scale;
 *     scale.set_text(WDS_TEXT_SSL_AUTHORITIES, "ca.pem");
 *     scale.open("tls://scale.factory.local:5000", std::chrono::seconds(10));
 */
class client : public connection {
public:
    client() : connection(detail::check(WDSocketNew(nullptr))) {}
    client(detail::of_handle, std::int32_t number) noexcept : connection(number) {}
    explicit client(wds::handle owner) noexcept : connection(owner.release()) {}
    template <typename Rep, typename Period> client(std::string_view address, std::chrono::duration<Rep, Period> time) : client() { open(address, time); }
    template <typename Rep, typename Period> client(std::string_view host, std::int32_t port, std::chrono::duration<Rep, Period> time) : client() { open(host, port, time); }

    /*
     * After an error it can be opened again. kind is one of WDS_KIND_; with WDS_KIND_CLIENT_SSL, for
     * instance, the connection begins with TLS where the address does not say so.
     */
    template <typename Rep, typename Period> void open(std::string_view address, std::chrono::duration<Rep, Period> time) { open(address, 0, time); }
    template <typename Rep, typename Period> void open(std::string_view host, std::int32_t port, std::chrono::duration<Rep, Period> time, std::int32_t kind = WDS_KIND_CLIENT)
    {
        try_open(host, port, time, kind).value();
    }
    template <typename Rep, typename Period> result<void> try_open(std::string_view host, std::int32_t port, std::chrono::duration<Rep, Period> time, std::int32_t kind = WDS_KIND_CLIENT)
    {
        return detail::done(WDSocketOpen(handle(), kind, port, detail::c_text(host), detail::milliseconds(time)));
    }
};

/*
 * server accepts clients. Those that it has accepted live on when it is closed, except
 * by close_with_clients. A call that waits in another thread, on it or on a client that is
 * closed, gets WDS_E_CLOSED then, and later ones WDS_E_HANDLE: both are connection_over().
 *
 * TLS is an address with tls:// and a certificate, set before:
 *
 *     wds::server server;
 *     server.set_text(WDS_TEXT_SSL_CERTIFICATE, "server.pem");
 *     server.listen(0, "tls://:5000");
 */
class server : public socket {
public:
    /* Without a port and an address it does not listen yet: set options, and call listen. */
    server() : socket(detail::check(WDSocketNew(nullptr))) {}
    server(detail::of_handle, std::int32_t number) noexcept : socket(number) {}
    explicit server(wds::handle owner) noexcept : socket(owner.release()) {}

    /* Port 0 is one that the system chooses: local_port() tells. */
    explicit server(std::int32_t port, std::string_view address = {}) : server() { listen(port, address); }
    explicit server(std::string_view address) : server() { listen(0, address); }

    void listen(std::int32_t port, std::string_view address = {}, std::int32_t kind = WDS_KIND_SERVER)
    {
        detail::check(WDSocketOpen(handle(), kind, port, detail::c_text(address), 0));
    }

    /*
     * accept waits for a client. Where the program decides by who it is, wait_for_connection
     * waits until one asks, and tells whether one did in time, pending_info tells who it is
     * (WDSocketClientInfo), and accept or deny decides. deny disconnects the client of a
     * simplified server.
     */
    template <typename Rep, typename Period> [[nodiscard]] bool wait_for_connection(std::chrono::duration<Rep, Period> time)
    {
        std::int32_t code = WDSocketWaitForConnection(handle(), detail::milliseconds(time));

        return code != WDS_E_TIMEOUT && detail::check(code) > 0;
    }
    std::string pending_info(std::int32_t what = WDS_INFO_ENDPOINT) const
    {
        return get([&](char *p, std::int32_t size) { return WDSocketClientInfo(handle(), what, p, size); });
    }
    template <typename Rep, typename Period> [[nodiscard]] connection accept(std::chrono::duration<Rep, Period> time) { return try_accept(time).value(); }
    [[nodiscard]] connection accept() { return accept(forever); }
    void deny() { try_deny().value(); }
    result<void> try_deny()
    {
        return detail::done(WDSocketDeny(handle()));
    }
    template <typename Rep, typename Period> result<connection> try_accept(std::chrono::duration<Rep, Period> time)
    {
        std::int32_t channel = WDSocketAccept(handle(), detail::milliseconds(time));

        if (channel < 0)
            return detail::last(channel);
        return connection(channel);
    }

    /*
     * simplified is the server as WLanguage's simplified one, which has one client at a time:
     * the first read waits for a client and accepts it. When that leaves, a call throws an
     * error, and the next read waits for another client.
     *
     *     wds::server server(5000);
     *     server.set_option(WDS_OPT_IDLE_LIMIT, 60000);  // a silent client does not keep the next one waiting
     *     server.set_option(WDS_OPT_MESSAGE_LIMIT, 60000); // nor does one that never ends its message
     *     server.set_option(WDS_OPT_MAX_MESSAGE, 65536); // a longer message ends its client
     *     auto client = server.simplified();
     *     for (;;) {
     *         bool writing = false;
     *         try {
     *             std::string question = client.read();
     *             writing = true;
     *             client.write("you said " + question);
     *         } catch (const wds::error &e) {
     *             if (e.connection_over() || e.cancelled()) // of the server itself
     *                 throw;
     *             if (writing && e.scope() != WDS_SCOPE_MESSAGE)
     *                 (void)server.try_deny(); // it may still be there, but takes no answers
     *         } // else the client has left
     *     }
     *
     * After a write that failed the client may still be there, and go on sending: deny disconnects it,
     * so that the next one is served. That holds too for a write of which nothing was sent (WDS_SCOPE_CALL):
     * each answer to one that does not read waits for WDS_OPT_WRITE_TIMEOUT. WDS_SCOPE_MESSAGE is an answer that is
     * too long, and ends nothing. What concerns the call alone makes no loop run fast: WDS_E_DESCRIPTORS
     * is told after a second.
     *
     * It lives as long as the server, and is not for one that accepts. close and abort are those
     * of the server; server.deny() disconnects the client alone.
     */
    borrowed<connection> simplified() const { return borrowed<connection>(handle()); }

    /*
     * publish writes a message to all clients of a group, whose name is not empty, and
     * publish_to_all to all that it has accepted. They tell how many they are, and never wait:
     * for one that does not keep up, messages above WDS_OPT_PUBLISH_QUEUE are dropped: see WDSocketGroupPublish.
     */
    std::int32_t publish(std::string_view group, bytes message)
    {
        return detail::check(WDSocketGroupPublish(handle(), detail::c_text(group).c_str(), message.data(), detail::length(message.size())));
    }
    std::int32_t publish_to_all(bytes message) { return detail::check(WDSocketGroupPublish(handle(), nullptr, message.data(), detail::length(message.size()))); }

    /* The handles of its clients. */
    std::vector<std::int32_t> clients() const
    {
        std::vector<std::int32_t> list(16);

        for (;;) {
            std::int32_t count = WDSocketList(own(), list.data(), detail::length(list.size()));

            if (count != WDS_E_BUFFER) {
                list.resize(static_cast<std::size_t>(detail::check(count)));
                return list;
            }
            list.resize(2 * list.size());
        }
    }

    /*
     * close_with_clients closes it and all clients that it has accepted, whose handles are
     * invalid from then on, and waits at most as long until they have what was written.
     */
    template <typename Rep, typename Period> void close_with_clients(std::chrono::duration<Rep, Period> time) { try_close_with_clients(time).value(); }
    template <typename Rep, typename Period> result<void> try_close_with_clients(std::chrono::duration<Rep, Period> time)
    {
        return detail::done(WDSocketCloseEx(own_.release(), WDS_CLOSE_GRACEFUL + WDS_CLOSE_CLIENTS, detail::milliseconds(time)));
    }
};

/* A datagram, and where it came from. */
struct datagram {
    std::string data;
    std::string address;
    std::int32_t port = 0;
};

/*
 * udp_socket sends and receives datagrams. Options that have to be set before it is opened:
 *
 *     wds::udp_socket udp(wds::handle(wds::check(WDSocketNew(nullptr))));
 *     udp.set_text(WDS_TEXT_LOCAL_ADDRESS, "192.168.1.2");
 *     wds::check(WDSocketOpen(udp.handle(), WDS_KIND_UDP, 5000, nullptr, 0));
 */
class udp_socket : public socket {
public:
    /* Port 0 is one that the system chooses. */
    explicit udp_socket(std::int32_t port = 0, std::string_view address = {})
        : socket(detail::check(WDSocketCreateUDP(nullptr, port, detail::c_text(address)))) {}
    udp_socket(detail::of_handle, std::int32_t number) noexcept : socket(number) {}
    explicit udp_socket(wds::handle owner) noexcept : socket(owner.release()) {}

    void send_to(std::string_view address, std::int32_t port, bytes data)
    {
        detail::check(WDSocketWriteUDP(handle(), data.data(), detail::length(data.size()), detail::c_text(address), port));
    }
    template <typename Rep, typename Period> datagram receive_from(std::chrono::duration<Rep, Period> time) { return try_receive_from(time).value(); }
    template <typename Rep, typename Period> result<datagram> try_receive_from(std::chrono::duration<Rep, Period> time)
    {
        datagram d;
        char address[128] = "";

        d.data.resize(65536); // longer ones there are not
        std::int32_t code = WDSocketReadUDP(handle(), d.data.data(), detail::length(d.data.size()), detail::milliseconds(time), address, static_cast<std::int32_t>(sizeof address), &d.port);

        if (code < 0)
            return detail::last(code);
        d.data.resize(static_cast<std::size_t>(code));
        d.address = address;
        return d;
    }
};

/*
 * ends tells whether an event is the last of its socket: close that then. An error of a server, such as
 * WDS_E_DESCRIPTORS for a client, and one of a UDP socket end nothing; after an error that does, a server accepts no more.
 */
inline bool ends(const wds_event &event) noexcept
{
    return event.kind == WDS_EVENT_PEER_CLOSED || event.kind == WDS_EVENT_RESET || event.kind == WDS_EVENT_TIMEOUT ||
           (event.kind == WDS_EVENT_ERROR && event.detail >= WDS_SCOPE_CONNECTION);
}

/*
 * queue reports the events of any number of sockets, wds_event records: to a loop of the
 * program (next, run), or to a function that the library calls in a thread of its own (on).
 *
 *     wds::queue queue;
 *     queue.attach(server, true);
 *     queue.run([&](const wds_event &event) {
 *         wds::borrowed<wds::connection> client(event.socket);
 *         try {
 *             if (event.kind == WDS_EVENT_MESSAGE)
 *                 client.write("you said " + client.read(std::chrono::seconds(0)));
 *             else if (wds::ends(event) && event.socket == server.handle())
 *                 queue.stop(); // it accepts no more
 *             else if (wds::ends(event))
 *                 client.close();
 *         } catch (const wds::error &e) { // of one client, such as WDS_E_FULL: the others go on
 *             std::cerr << e.what() << std::endl;
 *             client.close();
 *         }
 *     });
 *
 * A socket that the program closes has no further events, but those that were fetched
 * together with the one that is handled still come: its number is refused with WDS_E_HANDLE.
 */
class queue {
public:
    queue() : own_(detail::check(WDSocketNewQueue())) {}
    queue(queue &&other) noexcept : loop_(other.loop_), target_(std::move(other.target_)), own_(std::move(other.own_)) {}
    queue &operator=(queue &&other) noexcept
    {
        own_ = std::move(other.own_); // first: it waits for a call of the function
        loop_ = other.loop_;
        target_ = std::move(other.target_);
        return *this;
    }
    ~queue() = default;

    std::int32_t handle() const noexcept { return own_.number(); }

    /* What select, poll or epoll of a program's own loop watches: readable when next has events. Not on Windows. */
    std::int32_t descriptor() const { return detail::check(WDSocketDescriptor(handle())); }

    /*
     * attach: managed makes a server accept its clients by itself. A write to one that does
     * not read must not make the others wait: unless WDS_OPT_SEND_QUEUE is set, it becomes 1 MiB,
     * and a write that does not fit gives WDS_E_FULL.
     */
    void attach(const socket &s, bool managed = false)
    {
        if (managed && s.option(WDS_OPT_SEND_QUEUE) == 0)
            detail::check(WDSocketSetOption(s.handle(), WDS_OPT_SEND_QUEUE, 1 << 20));
        detail::check(WDSocketAttach(handle(), s.handle(), managed ? WDS_ATTACH_MANAGE : WDS_ATTACH_PLAIN));
    }
    static void detach(const socket &s) { detail::check(WDSocketDetach(s.handle())); }

    /* A timer: it is due after a time, and then at each interval, zero for none. It ends with its owner. */
    template <typename Rep, typename Period, typename Rep2 = std::int64_t, typename Period2 = std::milli>
    [[nodiscard]] wds::handle timer(std::chrono::duration<Rep, Period> first, std::chrono::duration<Rep2, Period2> interval = std::chrono::duration<Rep2, Period2>::zero(), std::int32_t user_number = 0)
    {
        return wds::handle(detail::check(WDSocketNewTimer(handle(), detail::milliseconds(first), detail::milliseconds(interval), user_number)));
    }

    /* next waits for events, and gives at most most. A time-out gives none. */
    template <typename Rep, typename Period> std::vector<wds_event> next(std::chrono::duration<Rep, Period> time, std::size_t most = 256)
    {
        std::vector<wds_event> events(most);
        if (loop_->at < loop_->count) { // run has left them
            events.assign(loop_->events + loop_->at, loop_->events + loop_->count);
            events.resize((std::min)(most, events.size()));
            loop_->at += static_cast<std::int32_t>(events.size());
            return events;
        }
        std::int32_t count = WDSocketNextEvents(handle(), detail::milliseconds(time), events.data(), static_cast<std::int32_t>(sizeof(wds_event)), detail::length(most));

        if (count != WDS_E_TIMEOUT)
            detail::check(count);
        events.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
        return events;
    }

    /*
     * run handles events until stop is called. It also returns when the queue is closed, and when
     * WDSocketWakeup ends its wait; an exception of the function leaves it. What was fetched and
     * not handled is the next call's, of run or of next.
     */
    template <typename F> void run(F &&f)
    {
        std::shared_ptr<loop> kept = loop_; // the function may assign another queue, or end this one
        loop &l = *kept;
        const std::int32_t number = handle(); // of this one, which is closed then
        running until_it_ends(l);

        for (bool began = false; !l.stopped.exchange(false); began = true) {
            if (l.at >= l.count) {
                std::int32_t count = WDSocketNextEvents(number, -1, l.events, static_cast<std::int32_t>(sizeof l.events[0]), 64);

                if (count == WDS_E_CANCELLED || count == WDS_E_CLOSED || (began && count == WDS_E_HANDLE)) // closed by the function
                    return;
                detail::check(count);
                l.at = 0;
                l.count = count;
                continue; // stop may have been called meanwhile
            }
            const wds_event event = l.events[l.at++];
            if (event.kind != WDS_EVENT_TIMER || !l.is_of_stop(event.socket))
                f(event);
        }
    }

    /*
     * stop ends run behind the event that is handled, also where there is always a next one. Any thread
     * may call it, the function of run too, and before run: that then returns at once. It is not for a
     * handler of a signal: let a thread wait for signals by sigwait, and call it, as examples/group_chat.cpp does.
     */
    void stop()
    {
        std::lock_guard<std::mutex> guard(loop_->lock);
        if (!own_) // moved away
            detail::raise(detail::last(WDS_E_HANDLE));
        loop_->stopped.store(true);
        if (loop_->runs > 0 && loop_->timer == 0)
            loop_->timer = detail::check(WDSocketNewTimer(handle(), 0, 0, 0)); // an event, which is not lost as a wake-up would be
    }

    /* cancel ends a wait that goes on in next, in another thread, with WDS_E_CANCELLED. */
    void cancel() { detail::check(WDSocketCancel(handle())); }

    /*
     * on has a function called for each event, one after the other, in one thread of the
     * library; an empty one ends that. It may call anything, this too. An exception that
     * leaves it goes to failed, and without that ends the program as one that leaves
     * a thread does.
     */
    void on(std::function<void(const wds_event &)> call, std::function<void(std::exception_ptr)> failed = {})
    {
        if (!call) {
            detail::check(WDSocketSetCallback(handle(), nullptr, nullptr));
            target_->set(nullptr);
            return;
        }
        if (!own_) // moved away
            detail::raise(detail::last(WDS_E_HANDLE));
        auto next = std::make_shared<functions>(functions{std::move(call), std::move(failed)});
        std::shared_ptr<functions> before = target_->set(next); // first: the function may be called at once, and replace itself
        std::int32_t code = WDSocketSetCallback(handle(), &target::event, target_.get());
        if (code < 0) {
            wds::failure why = detail::last(code);
            target_->set(std::move(before));
            detail::raise(std::move(why));
        }
    }

private:
    struct functions {
        std::function<void(const wds_event &)> call;
        std::function<void(std::exception_ptr)> failed;
    };

    /* What run has fetched and not handled yet, and whether it is to end. */
    struct loop {
        std::atomic<bool> stopped{false};
        std::int32_t at = 0, count = 0;
        wds_event events[64] = {};
        std::mutex lock; // of what follows
        int runs = 0;
        std::int32_t timer = 0; // of stop, which ends the wait

        bool is_of_stop(std::int32_t socket)
        {
            std::lock_guard<std::mutex> guard(lock);
            return socket == timer;
        }
    };

    /* A run that goes on. It takes the timer of stop with it, and its event where it was fetched. */
    class running {
    public:
        explicit running(loop &l) : loop_(l)
        {
            std::lock_guard<std::mutex> guard(loop_.lock);
            loop_.runs++;
        }
        running(const running &) = delete;
        running &operator=(const running &) = delete;
        ~running()
        {
            std::lock_guard<std::mutex> guard(loop_.lock);
            loop_.runs--;
            if (loop_.timer == 0)
                return;
            WDSocketClose(loop_.timer);
            wds_event *end = std::remove_if(loop_.events + loop_.at, loop_.events + loop_.count, [&](const wds_event &e) { return e.socket == loop_.timer; });
            loop_.count = static_cast<std::int32_t>(end - loop_.events);
            loop_.timer = 0;
        }

    private:
        loop &loop_;
    };

    /* What the library knows: it lives as long as the queue, and a call that runs. */
    struct target : std::enable_shared_from_this<target> {
        std::shared_ptr<functions> set(std::shared_ptr<functions> next)
        {
            std::lock_guard<std::mutex> guard(lock_);
            functions_.swap(next);
            return next;
        }
        std::shared_ptr<functions> get()
        {
            std::lock_guard<std::mutex> guard(lock_);
            return functions_;
        }

#if defined(_WIN32) && !defined(_WIN64)
        static void __stdcall event(const std::int32_t *record, void *user) noexcept
#else
        static void event(const std::int32_t *record, void *user) noexcept
#endif
        {
            // It may replace itself, or close the queue, meanwhile.
            std::shared_ptr<target> self = static_cast<target *>(user)->shared_from_this();
            std::shared_ptr<functions> f = self->get();
            const wds_event &e = *reinterpret_cast<const wds_event *>(record);
            if (!f) // taken away by another thread just now
                return;
#if defined(__cpp_exceptions)
            try {
                f->call(e);
            } catch (...) {
                if (!f->failed)
                    std::terminate();
                f->failed(std::current_exception());
            }
#else
            f->call(e);
#endif
        }

    private:
        std::mutex lock_;
        std::shared_ptr<functions> functions_;
    };

    std::shared_ptr<loop> loop_ = std::make_shared<loop>();
    std::shared_ptr<target> target_ = std::make_shared<target>(); // ends behind the handle, whose closing waits for its calls
    wds::handle own_;
};

} // namespace wds

#endif /* WDSOCKET_HPP */
