"""Classes for clients, servers, connections and event queues.

    import wdsocketclasses as wdsocket   # beside wdsocket.py; after "pip install": import wdsocket

    with wdsocket.connect("10.0.0.5", 5000, timeout=3) as scale:
        scale.write("weight?")
        print(scale.read_text(timeout=3))

Times are in seconds; None means for ever, 0 does not wait. A message to write is bytes
or a str, which is encoded by the connection's attribute encoding, UTF-8 unless it is set.
read gives bytes, read_text a str. The constants, WDS_..., are here, too. Errors are Error and what
derives from it: Timeout, and ConnectionOver, for which a server with a thread for each client has

    def serve(client):
        with client:
            try:
                while True:
                    client.write(b"you said " + client.read())
            except wdsocket.ConnectionOver:
                pass  # the client has left, or this program has closed the server
            except wdsocket.Error as error:
                print(error)  # such as an answer above WDS_OPT_MAX_MESSAGE

All methods may be called by any thread. The main thread waits in slices of a fifth of a
second, so that Ctrl-C interrupts it; what has arrived of a message meanwhile is not lost.
A write alone is not cut: it waits while the peer does not read, at most as long as
WDS_OPT_WRITE_TIMEOUT allows.
"""
from __future__ import annotations

import ctypes
import math
import operator
import os
import threading
import time
import weakref
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple, Type, TypeVar, Union

import wdsocket as w
from wdsocket import *  # noqa: F401,F403  the constants

__all__ = ["Client", "ClientOver", "Closed", "Connection", "ConnectionOver", "Datagram", "DatagramSocket", "Error", "Queue",
           "QueueEvent", "Server", "Socket", "Timeout", "Timer", "check", "close_all", "connect", "guess", "library", "listen", "sockets_held", "wakeup"]
__all__ += [name for name in dir(w) if name.startswith("WDS_")]

Message = Union[bytes, bytearray, memoryview, str]

_SLICE = 0.2  # seconds in which the main thread is deaf to Ctrl-C

_loading = threading.Lock()
_library: Optional[w.Library] = None


def library(path: Optional[str] = None) -> w.Library:
    """The library with all its functions, loaded by the first call; path is then its file,
    unless it lies beside wdsocket.py or where the system looks for libraries."""
    global _library
    if _library is not None:  # without the lock: a handler of a signal may have interrupted the one that has it
        return _library
    with _loading:
        if _library is None:
            _library = w.load(path)
        return _library


def sockets_held() -> int:
    """How many sockets the program holds, without queues and timers: 0 at its end, if it has closed them all."""
    number = ctypes.c_int64()
    _check(library().WDSocketGetNumber(0, w.WDS_NUM_SOCKETS, ctypes.byref(number)))
    return number.value


def close_all() -> None:
    """Closes everything, and waits until what was written is sent, at most for WDS_OPT_CLOSE_TIMEOUT, 5 s unless set. The
    last line of a program that has written much, or has a send queue: what is not sent when it ends is lost, although
    its sockets were closed."""
    _check(library().WDSocketCloseAll())


def check(result: int) -> int:
    """The result of a function of library() that this thread has just called, or the exception that it stands for."""
    return _check(result)


def guess(received: bytes) -> str:
    """Which transmission modes fit bytes that a device has sent: see WDSocketGuess."""
    length, text = _filled(lambda room, size: int(library().WDSocketGuess(received, len(received), room, size)))
    _check(length)
    return text


def wakeup(on: bool = True) -> None:
    """Ends all waits of all threads with WDS_E_CANCELLED, those that begin later too, until it is taken back by False:
    for the end of a program, as in a handler of signal.signal while another thread waits. A client that sends all the
    time makes no read wait: let loops look at a flag, too."""
    _check(library().WDSocketWakeup(1 if on else 0))


class Error(OSError):
    """What the library reports: the text says what happened, at which address, and what to do."""

    code: int  # one of WDS_E_
    name: str  # of the code: "WDS_E_REFUSED"
    scope: int  # what has ended, one of WDS_SCOPE_: the call, a message, the connection
    system_error: int  # the system's number, 0 if it had none
    detail: str  # everything that is known, a line each, for a log

    def __init__(self, text: str, code: int = 0, scope: int = 0, system_error: int = 0, detail: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.name = _text(library().WDSocketErrorText, code, w.WDS_INFO_NAME)
        self.scope = scope
        self.system_error = system_error
        self.detail = detail or text


class Timeout(Error, TimeoutError):
    """The time was up: nothing is lost, and the call may be repeated."""


class ConnectionOver(Error, ConnectionError):
    """The connection has ended, or was not made: what is left is to close it, or to connect again.
    Its subclasses are ClientOver and Closed. After WDS_E_FRAME, bytes that do not fit the mode, it can
    also be read on in another mode (set_mode), such as WDS_MODE_RAW."""


class ClientOver(ConnectionOver):
    """The client of a simplified server has left, or its connection was cut: read on, which waits for the next one."""


class Closed(ConnectionOver):
    """This program has closed the socket, its server or the queue: WDS_E_CLOSED, by another thread while
    the call waited, or WDS_E_HANDLE, before the call."""


def _filled(function: Callable[..., int], *arguments: int) -> Tuple[int, str]:
    """The result of a function that fills in a text of any length, and the text."""
    size = 512
    while True:
        room = bytearray(size)
        length = function(*arguments, room, size)
        if length < size and length != w.WDS_E_BUFFER:
            return length, room[:max(length, 0)].decode("utf-8", "replace")
        size = max(length + 1, 2 * size)


def _text(function: Callable[..., int], *arguments: int) -> str:
    """A text that a function fills in; "" if it fails."""
    return _filled(function, *arguments)[1]


def _for_c(text: Optional[str], what: str) -> Optional[bytes]:
    """A text as the library takes it. It may be a password: the error does not show it."""
    if text is None:
        return None
    if not isinstance(text, str):
        raise TypeError("the %s is a str, not %s" % (what, type(text).__name__))
    if "\0" in text:
        raise ValueError("the %s would end at the zero byte in it" % what)
    return text.encode()


def _bytes(message: Message, encoding: str) -> bytes:
    """What a message is on its way; a number, of which bytes() would make so many zero bytes, is none."""
    if isinstance(message, str):
        return message.encode(encoding)
    try:
        return memoryview(message).tobytes()
    except TypeError:
        raise TypeError("a message is a str or bytes, not %s" % type(message).__name__) from None


def _error(code: int, of: int, socket: int) -> Error:
    """The error of a call that this thread has made (of is 0), or of a socket that an event is about."""
    lib = library()
    recorded = lib.WDSocketErrorCode(of, w.WDS_INFO_CODE) == code
    text = _text(lib.WDSocketErrorInfo, of, w.WDS_INFO_MESSAGE) if recorded else _text(lib.WDSocketErrorText, code, w.WDS_INFO_MESSAGE)
    scope = lib.WDSocketErrorScope(socket, code)
    if scope == w.WDS_SCOPE_PROGRAM:  # also where another thread has closed the socket since: then the code alone says it
        scope = lib.WDSocketErrorScope(0, code)
    kind: Type[Error] = Error
    if code in (w.WDS_E_TIMEOUT, w.WDS_E_NO_REQUEST):
        kind = Timeout
    elif code in (w.WDS_E_CLOSED, w.WDS_E_HANDLE):
        kind = Closed
    elif scope == w.WDS_SCOPE_CONNECTION:
        kind = ConnectionOver
    if not recorded:
        return kind(text, code, scope)
    return kind(text, code, scope, lib.WDSocketErrorCode(of, w.WDS_INFO_SYSTEM), _text(lib.WDSocketErrorInfo, of, w.WDS_INFO_DETAIL))


def _check(result: int, socket: int = 0) -> int:
    """The result, or the exception that it stands for."""
    if result < 0:
        raise _error(result, 0, socket)
    return result


def _milliseconds(timeout: Optional[float]) -> int:
    if timeout is None:
        return -1
    if timeout < 0 or math.isnan(timeout):
        raise ValueError("a time is 0 or more seconds, or None for ever, not %r" % timeout)
    return min(math.ceil(timeout * 1000), 2**31 - 1)


def _port(port: int) -> int:
    try:
        return operator.index(port)
    except TypeError:
        raise TypeError("a port is a number from 0 to 65535, such as int(text), not %r" % (port,)) from None


def _in_slices(call: Callable[[int], int], timeout: Optional[float], socket: int) -> int:
    """The result of a call that may be repeated after a time-out, for which it gets the milliseconds."""
    whole = _milliseconds(timeout)
    if threading.current_thread() is not threading.main_thread():
        return _check(call(whole), socket)
    end = None if timeout is None else time.monotonic() + timeout
    while True:
        share = _milliseconds(_SLICE if end is None else min(_SLICE, max(end - time.monotonic(), 0)))
        result = call(share)
        if result != w.WDS_E_TIMEOUT:
            return _check(result, socket)
        if end is not None and time.monotonic() >= end:
            # Its text tells of the last slice.
            failure = _error(result, 0, socket)
            told, meant = " %d ms" % share, " %d ms" % whole
            raise Timeout(str(failure).replace(told, meant), result, failure.scope, failure.system_error, failure.detail.replace(told, meant))


class Socket:
    """What clients, connections and servers have in common. After close, calls raise Closed."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._queue: Optional[Queue] = None
        # What is forgotten is closed by the garbage collector.
        self._closing = weakref.finalize(self, library().WDSocketClose, handle)
        self._closing.atexit = False

    def __enter__(self: S) -> S:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<%s %d%s>" % (type(self).__name__, self._handle, "" if self._closing.alive else ", closed")

    @property
    def handle(self) -> int:
        """The handle, for functions of library() that this class does not wrap."""
        return self._handle

    @property
    def state(self) -> int:
        """One of WDS_STATE_, 0 once it is closed."""
        state: int = library().WDSocketState(self._handle)
        return max(state, 0)

    def _done(self, result: int) -> int:
        return _check(result, self._handle)

    def _wait(self, call: Callable[[int], int], timeout: Optional[float]) -> int:
        return _in_slices(call, timeout, self._handle)

    def set_option(self, option: int, value: int) -> None:
        """Sets an option, one of WDS_OPT_."""
        self._done(library().WDSocketSetOption(self._handle, option, value))

    def get_option(self, option: int) -> int:
        """The value of an option, one of WDS_OPT_."""
        value = ctypes.c_int32()
        self._done(library().WDSocketGetOption(self._handle, option, ctypes.byref(value)))
        return value.value

    def set_text(self, option: int, text: Union[str, "os.PathLike[str]"]) -> None:
        """Sets an option that is a text, or the path of a file, one of WDS_TEXT_."""
        self._done(library().WDSocketSetText(self._handle, option, _for_c(os.fspath(text), "text")))

    def get_text(self, option: int) -> str:
        """An option that is a text, one of WDS_TEXT_."""
        return self._told(library().WDSocketGetText, self._handle, option)

    def set_bytes(self, option: int, data: bytes) -> None:
        """Sets an option that is bytes, such as WDS_TEXT_HEARTBEAT."""
        self._done(library().WDSocketSetBytes(self._handle, option, data, len(data)))

    def get_bytes(self, option: int) -> bytes:
        """An option that is bytes."""
        room = bytearray(65536)  # no such option is longer
        return bytes(room[:self._done(library().WDSocketGetBytes(self._handle, option, room, len(room)))])

    def get_number(self, what: int) -> int:
        """A figure, one of WDS_NUM_."""
        value = ctypes.c_int64()
        self._done(library().WDSocketGetNumber(self._handle, what, ctypes.byref(value)))
        return value.value

    def _told(self, function: Callable[..., int], *arguments: int) -> str:
        """A text that a function fills in, or its exception."""
        length, text = _filled(function, *arguments)
        self._done(length)
        return text

    def set_mode(self, mode: int, tag: Union[bytes, str] = b"") -> None:
        """Chooses how messages are delimited, one of WDS_MODE_; the size in front of each unless this is called.
        Of a server, before or after listen, it is that of the clients that it accepts from then on."""
        data = _bytes(tag, "utf-8")
        self._done(library().WDSocketChangeTransmissionMode(self._handle, mode, data, len(data)))

    def preset(self, name: str) -> None:
        """Chooses how messages are delimited by the name of a protocol (WDS_TEXT_FRAME_PRESET): "line", "modbus-tcp"."""
        self.set_text(w.WDS_TEXT_FRAME_PRESET, name)

    def frame(self, description: str) -> None:
        """Chooses how messages are delimited by a description of their bytes (WDS_TEXT_FRAME): "len:u16be data" is a
        message behind its length in two bytes. docs/framing.md has the language, and the presets."""
        self.set_text(w.WDS_TEXT_FRAME, description)
        self.set_mode(w.WDS_MODE_DESCRIBED)

    def _unsliced(self, call: Callable[[], int]) -> int:
        """Makes a call that cannot be cut: for the main thread in another one, where Ctrl-C cancels it."""
        results: List[int] = []
        failures: List[BaseException] = []

        def make() -> None:
            try:
                results.append(self._done(call()))
            except BaseException as failure:  # also what is wrong with an argument: the caller's thread raises it
                failures.append(failure)

        if threading.current_thread() is not threading.main_thread():
            make()
        else:
            thread = threading.Thread(target=make, name="waiting for wdsocket", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # the interpreter ends, or the system has no more threads
                make()
            try:
                while thread.is_alive():
                    thread.join(_SLICE)
            except BaseException:
                # Until it has ended: the call may not have begun to wait.
                while thread.is_alive():
                    library().WDSocketCancel(self._handle)
                    thread.join(0.01)
                raise
        if failures:
            raise failures[0]
        return results[0]

    def cancel(self) -> None:
        """Ends the calls that wait on this socket, with WDS_E_CANCELLED."""
        self._done(library().WDSocketCancel(self._handle))

    def close(self) -> None:
        """Closes the socket; what was written is still sent while the program runs: before it ends, close_all waits for that.
        More calls do nothing. A thread that waits on it gets Closed."""
        if self._queue is not None:
            self._queue._forget(self)
        self._closing()


S = TypeVar("S", bound=Socket)


class Connection(Socket):
    """A connection: one that a server has accepted, or, as Client, one of a client."""

    encoding = "utf-8"

    @property
    def peer(self) -> str:
        """The peer: "192.168.1.7:5000"."""
        return _text(library().WDSocketClientInfo, self._handle, w.WDS_INFO_ENDPOINT)

    @property
    def peer_address(self) -> str:
        """The peer without the port: "192.168.1.7"."""
        return _text(library().WDSocketClientInfo, self._handle, w.WDS_INFO_ADDRESS)

    def peer_info(self, what: int) -> str:
        """What else is known of the peer, one of WDS_INFO_: WDS_INFO_PROXY_ENDPOINT, the proxy that it came through, or
        WDS_INFO_PEER_PID, the process at the other end of a local socket; "" where there is none."""
        return self._told(library().WDSocketClientInfo, self._handle, what)

    @property
    def local(self) -> str:
        """This end: "192.168.1.2:40123"."""
        return _text(library().WDSocketLocalInfo, self._handle, w.WDS_INFO_ENDPOINT)

    def write(self, message: Message) -> None:
        """Writes a message."""
        data = _bytes(message, self.encoding)
        self._done(library().WDSocketWrite(self._handle, data, len(data)))

    def read(self, timeout: Optional[float] = None) -> bytes:
        """Waits for a message; in raw mode for the bytes that come next."""
        lib = library()
        data, token, length = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_int32()

        def call(ms: int) -> int:
            return int(lib.WDSocketReadMessage(self._handle, ms, ctypes.byref(data), ctypes.byref(length), ctypes.byref(token)))

        try:
            self._wait(call, timeout)
            return ctypes.string_at(data.value, length.value) if data.value and length.value else b""
        finally:
            if token.value:
                lib.WDSocketMessageFree(token)

    def read_text(self, timeout: Optional[float] = None) -> str:
        """As read, decoded by the attribute encoding. Of bytes that are no such text, which any peer may send, comes
        Python's UnicodeDecodeError, and no Error: a server catches it, or calls read."""
        return self.read(timeout).decode(self.encoding)

    def __iter__(self) -> Iterator[bytes]:
        """The messages, until the peer closes the connection in order, or this program; any other end is an exception,
        that in the middle of a message, too."""
        while True:
            try:
                message = self.read()
            except ConnectionOver as error:
                if isinstance(error, Closed) or error.code == w.WDS_E_PEER_CLOSED and not self.get_number(w.WDS_NUM_BUFFERED):
                    return
                raise
            yield message

    def exchange(self, request: Message, timeout: Optional[float] = None, most: int = 65536) -> bytes:
        """Writes a request and waits for its answer, of at most most bytes. What came before it is discarded, and an answer
        that comes too late is not taken for that of the next request."""
        data, answer, ms = _bytes(request, self.encoding), bytearray(most), _milliseconds(timeout)
        size = self._unsliced(lambda: library().WDSocketExchange(self._handle, data, len(data), answer, most, ms))
        return bytes(answer[:size])

    def read_exactly(self, size: int, timeout: Optional[float] = None) -> bytes:
        """The next bytes of the stream, so many, whatever the mode is."""
        room = bytearray(size)
        self._wait(lambda ms: library().WDSocketReadExactly(self._handle, room, size, ms), timeout)
        return bytes(room)

    def read_until(self, tag: bytes, timeout: Optional[float] = None, most: int = 65536) -> bytes:
        """The bytes up to a tag, which is not part of the result, of at most most bytes, whatever the mode is."""
        room = bytearray(most)
        size = self._wait(lambda ms: library().WDSocketReadUntil(self._handle, room, most, tag, len(tag), ms), timeout)
        return bytes(room[:size])

    def available(self) -> int:
        """How many bytes of messages can be read without waiting."""
        return self._done(library().WDSocketAvailable(self._handle))

    def discard(self, what: int = w.WDS_DISCARD_ALL) -> int:
        """Discards what has arrived, one of WDS_DISCARD_; the result is how many bytes."""
        return self._done(library().WDSocketDiscard(self._handle, what))

    def flush(self, timeout: Optional[float] = None) -> None:
        """Waits until the system has what was written, with a send queue (WDS_OPT_SEND_QUEUE)."""
        self._wait(lambda ms: library().WDSocketFlush(self._handle, ms), timeout)

    def start_tls(self, timeout: Optional[float] = None, options: int = 0, role: int = w.WDS_ROLE_CLIENT) -> None:
        """Begins TLS on the open connection, as a server with the certificate of WDS_TEXT_SSL_CERTIFICATE."""
        ms = _milliseconds(timeout)
        self._unsliced(lambda: library().WDSocketStartSSL(self._handle, role, options, None, None, ms))

    def stop_tls(self, timeout: Optional[float] = None) -> None:
        """Ends TLS; the connection goes on without."""
        ms = _milliseconds(timeout)
        self._unsliced(lambda: library().WDSocketStopSSL(self._handle, ms))

    def tls_info(self, what: int, certificate: int = 0) -> str:
        """What TLS has agreed upon and who the peer is, one of WDS_INFO_SSL_."""
        return self._told(library().WDSocketSSLInfo, self._handle, what, certificate)

    def websocket_info(self, what: int) -> str:
        """What the handshake of a WebSocket said, one of WDS_INFO_WEBSOCKET_."""
        return self._told(library().WDSocketWebSocketInfo, self._handle, what)

    def join(self, group: str) -> None:
        """Joins a group of the server that has accepted it: Server.publish writes to all that are in it."""
        self._done(library().WDSocketGroupJoin(self._handle, _for_c(group, "group")))

    def leave(self, group: Optional[str] = None) -> None:
        """Leaves a group, or all of them."""
        self._done(library().WDSocketGroupLeave(self._handle, _for_c(group, "group")))

    def publish_to_others(self, message: Message, group: Optional[str] = None) -> int:
        """Writes a message to the other clients of the server that has accepted it, or to those of a group, of which it need
        not be a member, as a chat does with what one says; never waits, as Server.publish. The result is how many they are."""
        data = _bytes(message, self.encoding)
        return self._done(library().WDSocketGroupPublish(self._handle, _for_c(group, "group"), data, len(data)))

    def end_writing(self, timeout: Optional[float] = None) -> None:
        """The peer sees the end of what this program sends, and can still answer."""
        self._wait(lambda ms: int(library().WDSocketCloseEx(self._handle, w.WDS_CLOSE_WRITE, ms)), timeout)

    def finish(self, timeout: Optional[float] = None) -> None:
        """Waits until the peer's system has what was written, and closes the connection, also after an error."""
        ms = _milliseconds(timeout)
        try:
            self._unsliced(lambda: int(library().WDSocketCloseEx(self._handle, w.WDS_CLOSE_GRACEFUL, ms)))
        finally:
            self.close()

    def abort(self) -> None:
        """Resets the connection; what was not sent is discarded."""
        library().WDSocketCloseEx(self._handle, w.WDS_CLOSE_ABORT, 0)
        self.close()


class Client(Connection):
    """A client: not connected at first, so that options can be set. connect() makes it and connects."""

    def __init__(self, name: Optional[str] = None) -> None:
        super().__init__(_check(library().WDSocketNew(_for_c(name, "name"))))

    def connect(self, address: Optional[str], port: int = 0, timeout: Optional[float] = None) -> None:
        """Connects. The address is a name or an IP address, None for this machine; with port 0 also "host:port",
        "tls://host:port", "ws://host/path" and whatever else the library connects to. After an error
        it may be called again."""
        target = _for_c(address, "address")
        number = _port(port)
        ms = _milliseconds(timeout)
        if ms == 0:
            raise ValueError("connecting takes a time of more than 0 seconds, or None")

        self._unsliced(lambda: int(library().WDSocketOpen(self._handle, w.WDS_KIND_CLIENT, number, target, ms)))


class Server(Socket):
    """A server: not listening at first, so that options can be set, which its clients get. listen() makes it and listens."""

    encoding = "utf-8"  # of the connections that are accepted

    def __init__(self, name: Optional[str] = None) -> None:
        super().__init__(_check(library().WDSocketNew(_for_c(name, "name"))))

    def listen(self, port: int = 0, address: Optional[str] = None) -> None:
        """Opens the server. With port 0 the system chooses one, or the address contains it; without an address it
        listens on all of the machine."""
        target = _for_c(address, "address")
        self._done(library().WDSocketOpen(self._handle, w.WDS_KIND_SERVER, _port(port), target, 0))

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        return self.get_option(w.WDS_OPT_LOCAL_PORT)

    def accept(self, timeout: Optional[float] = None) -> Connection:
        """Waits for a client. Not for a server in a queue, whose clients are accepted by themselves."""
        channel = self._wait(lambda ms: int(library().WDSocketAccept(self._handle, ms)), timeout)
        return self._accepted(channel)

    def wait_for_connection(self, timeout: Optional[float] = None) -> bool:
        """Waits until a client asks to connect; False if none did in time. pending_info tells who it is, and accept or deny
        decides; until then it waits. Not for a server in a queue."""
        try:
            self._wait(lambda ms: int(library().WDSocketWaitForConnection(self._handle, ms)), timeout)
        except Timeout:
            return False
        return True

    def pending_info(self, what: int = w.WDS_INFO_ENDPOINT) -> str:
        """Who asks to connect: "192.168.1.7:40123", or as Connection.peer_info; of a simplified server, who is its client."""
        return self._told(library().WDSocketClientInfo, self._handle, what)

    def deny(self) -> None:
        """Refuses the client that asks to connect, by a reset; of a simplified server it disconnects its client. An Error
        with WDS_E_NO_REQUEST says that no client asks: it has given up, for instance."""
        self._done(library().WDSocketDeny(self._handle))

    def _accepted(self, channel: int) -> Connection:
        connection = Connection(channel)
        connection.encoding = self.encoding
        return connection

    def simplified(self) -> Connection:
        """The server as WLanguage's simplified one, which has one client at a time: the first read waits for a client
        and accepts it. When that leaves, a call raises ClientOver, and the next read waits for another client.

            # A client that is silent, or never ends its message, does not keep the next one waiting.
            server.set_option(wdsocket.WDS_OPT_IDLE_LIMIT, 60000)
            server.set_option(wdsocket.WDS_OPT_MESSAGE_LIMIT, 60000)
            served = server.simplified()
            while True:
                writing = False
                try:
                    question = served.read()
                    writing = True
                    served.write(b"you said " + question)
                except wdsocket.Error as error:
                    if error.scope >= wdsocket.WDS_SCOPE_CONNECTION or error.code == wdsocket.WDS_E_CANCELLED:
                        raise  # of the server itself
                    if writing and error.scope != wdsocket.WDS_SCOPE_MESSAGE:  # an answer above WDS_OPT_MAX_MESSAGE is one
                        served.abort()  # it may still be there, but takes no answers

        It lives as long as the server; closing it closes nothing, and abort disconnects the client. Not for a server
        that accepts, or that is in a queue."""
        return _Simplified(self)

    def publish(self, message: Message, group: Optional[str] = None) -> int:
        """Writes a message to all clients, or to those of a group (Connection.join); the result is how many there are. It never
        waits: what a client does not take at once waits within its WDS_OPT_PUBLISH_QUEUE, 1 MiB unless set; beyond it the oldest
        messages are dropped (WDS_EVENT_DROPPED), or the client is disconnected (WDS_OPT_PUBLISH_POLICY)."""
        data = _bytes(message, self.encoding)
        return self._done(library().WDSocketGroupPublish(self._handle, _for_c(group, "group"), data, len(data)))

    def close(self) -> None:
        """Closes the server and its clients; what was written to them is still sent. Threads that wait on one of
        them get Closed."""
        queue = self._queue
        if self._closing.alive:
            library().WDSocketCloseEx(self._handle, w.WDS_CLOSE_GRACEFUL + w.WDS_CLOSE_CLIENTS, 0)
        super().close()
        if queue is not None:
            queue._forget_closed()

    def finish(self, timeout: Optional[float] = None) -> None:
        """Closes the server and its clients as close, and waits until their systems have what was written, all of them within
        the timeout: for the end of a program. A Timeout says that some did not get it, and that it is sent on for a while."""
        ms = _milliseconds(timeout)
        try:
            self._unsliced(lambda: int(library().WDSocketCloseEx(self._handle, w.WDS_CLOSE_GRACEFUL + w.WDS_CLOSE_CLIENTS, ms)))
        finally:
            self.close()


class _Simplified(Connection):
    """A connection on the handle of a server, which alone closes it."""

    def __init__(self, server: Server) -> None:
        self._server = server  # not forgotten meanwhile
        self._handle = server.handle
        self._queue = None
        self._closing = weakref.finalize(self, int)
        self._closing.atexit = False
        self.encoding = server.encoding

    def _done(self, result: int) -> int:
        try:
            return super()._done(result)
        except Error as failure:
            raise self._of_client(failure) from None

    def _wait(self, call: Callable[[int], int], timeout: Optional[float]) -> int:
        try:
            return super()._wait(call, timeout)
        except Error as failure:
            raise self._of_client(failure) from None

    @staticmethod
    def _of_client(failure: Error) -> Error:
        """The failure as a ClientOver, if it is one of the client that the server has now. Where the server was closed
        since, the next read says so."""
        if failure.scope not in (w.WDS_SCOPE_CLIENT, w.WDS_SCOPE_CONNECTION):
            return failure
        return ClientOver(str(failure), failure.code, w.WDS_SCOPE_CLIENT, failure.system_error, failure.detail)

    def __iter__(self) -> Iterator[bytes]:
        """The messages of one client after the other, until this program closes the server."""
        while True:
            try:
                message = self.read()
            except ClientOver:
                continue
            except Closed:
                return
            yield message

    def finish(self, timeout: Optional[float] = None) -> None:
        self.close()

    def abort(self) -> None:
        """Disconnects the client, which may still be there after a write to it has failed; the next read accepts the next."""
        library().WDSocketDeny(self._handle)


class Datagram(NamedTuple):
    """A datagram that has arrived, and where from."""

    data: bytes
    address: str
    port: int


class DatagramSocket(Socket):
    """UDP: not open at first, so that options can be set.

        with wdsocket.DatagramSocket() as udp:
            udp.open(5000)
            question = udp.receive(timeout=3)
            udp.send(b"answer", question.address, question.port)
    """

    encoding = "utf-8"

    def __init__(self, name: Optional[str] = None) -> None:
        super().__init__(_check(library().WDSocketNew(_for_c(name, "name"))))

    def open(self, port: int = 0, address: Optional[str] = None) -> None:
        """Opens it. With port 0 the system chooses one; without an address it receives on all of the machine."""
        self._done(library().WDSocketOpen(self._handle, w.WDS_KIND_UDP, _port(port), _for_c(address, "address"), 0))

    @property
    def port(self) -> int:
        """The port that it receives on."""
        return self.get_option(w.WDS_OPT_LOCAL_PORT)

    def send(self, data: Message, address: Optional[str] = None, port: int = 0) -> None:
        """Sends a datagram, without an address to where the last one has come from."""
        sent = _bytes(data, self.encoding)
        self._done(library().WDSocketWriteUDP(self._handle, sent, len(sent), _for_c(address, "address"), _port(port)))

    def receive(self, timeout: Optional[float] = None) -> Datagram:
        """Waits for a datagram."""
        room, address, port = bytearray(65536), bytearray(128), ctypes.c_int32()

        def call(ms: int) -> int:
            return library().WDSocketReadUDP(self._handle, room, len(room), ms, address, len(address), ctypes.byref(port))

        size = self._wait(call, timeout)
        return Datagram(bytes(room[:size]), address.split(b"\0")[0].decode(), port.value)


class QueueEvent(NamedTuple):
    """An event of a queue."""

    kind: int  # one of WDS_EVENT_
    socket: Any  # a Client, Server, Connection ... or Timer; None for what was attached by functions of library() alone
    value: int  # depends on the kind
    error: Optional[Error]  # why, if something failed or ended
    record: w.Event  # all numbers


class Timer:
    """A timer of a queue, which keeps it until it is closed: Queue.timer makes it."""

    def __init__(self, queue: Queue, handle: int) -> None:
        self._queue: Optional[Queue] = queue
        self._handle = handle

    @property
    def handle(self) -> int:
        return self._handle

    def close(self) -> None:
        """Ends it: there are no further events. More calls do nothing."""
        queue, self._queue = self._queue, None
        if queue is not None:
            queue._sockets.pop(self._handle, None)
            library().WDSocketClose(self._handle)


class _Events(List[QueueEvent]):
    """The events of a call. What the program closes as it handles one has no further ones."""

    def __iter__(self) -> Iterator[QueueEvent]:
        return (event for event in super().__iter__() if event.socket is None or event.socket._queue is not None)


class Queue:
    """One thread for many sockets.

        queue = wdsocket.Queue()
        queue.attach(server)
        while True:
            for event in queue.events():
                try:
                    if event.kind == wdsocket.WDS_EVENT_MESSAGE:
                        event.socket.write(event.socket.read(0))
                    elif isinstance(event.error, wdsocket.ConnectionOver):
                        event.socket.close()
                except wdsocket.Error as error:  # of one client, such as WDS_E_FULL: the others go on
                    print(error)
                    event.socket.close()

    In a loop of asyncio, on Linux, the loop calls for the events:

        asyncio.get_running_loop().add_reader(queue, lambda: handle(queue.events(0)))

    A socket that the program closes has no further events, also of those that were given already: the loop skips them.
    """

    def __init__(self) -> None:
        self._handle = _check(library().WDSocketNewQueue())
        self._sockets: Dict[int, Union[Socket, Timer]] = {}
        self._closing = weakref.finalize(self, library().WDSocketClose, self._handle)
        self._closing.atexit = False

    def __enter__(self) -> Queue:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def handle(self) -> int:
        """The handle, for functions of library() that this class does not wrap."""
        return self._handle

    def attach(self, socket: Socket) -> None:
        """The queue tells of the socket, which it keeps until that is closed. Clients of a server are accepted by it.

        Writing to a client that does not read must not make the others wait: a server gets a
        send queue of 1 MiB unless WDS_OPT_SEND_QUEUE is set, and a write that does not fit gives WDS_E_FULL."""
        how = w.WDS_ATTACH_PLAIN
        if isinstance(socket, Server):
            how = w.WDS_ATTACH_MANAGE
            if socket.get_option(w.WDS_OPT_SEND_QUEUE) == 0:
                socket.set_option(w.WDS_OPT_SEND_QUEUE, 1 << 20)
        self._keep(socket)
        result = library().WDSocketAttach(self._handle, socket.handle, how)
        if result < 0:
            failure = _error(result, 0, socket.handle)
            self._forget(socket)
            raise failure

    def detach(self, socket: Socket) -> None:
        """The queue tells no more of the socket; what has arrived can be read."""
        _check(library().WDSocketDetach(socket.handle), socket.handle)
        self._forget(socket)

    def timer(self, delay: float, interval: float = 0, number: int = 0) -> Timer:
        """A timer: WDS_EVENT_TIMER comes after delay seconds and then, unless interval is 0, at each interval; number is the
        user of the event's record."""
        first, then = _milliseconds(delay), _milliseconds(interval)
        timer = Timer(self, _check(library().WDSocketNewTimer(self._handle, first, then, number)))
        self._sockets[timer.handle] = timer
        return timer

    def fileno(self) -> int:
        """What select and asyncio watch: readable when events(0) has some, or may have. Not on Windows."""
        return _check(library().WDSocketDescriptor(self._handle))

    def cancel(self) -> None:
        """Ends the wait for events in another thread, with WDS_E_CANCELLED."""
        _check(library().WDSocketCancel(self._handle))

    def _keep(self, socket: Socket) -> None:
        self._sockets[socket.handle] = socket
        socket._queue = self

    def _forget(self, socket: Socket) -> None:
        self._sockets.pop(socket.handle, None)
        socket._queue = None

    def _forget_closed(self) -> None:
        for socket in list(self._sockets.values()):
            if isinstance(socket, Socket) and library().WDSocketState(socket.handle) < 0:
                self._forget(socket)

    def events(self, timeout: Optional[float] = None) -> List[QueueEvent]:
        """Waits for events, and gives those that are there, at most 64; [] if none came in time. A loop over them
        skips those of a socket that the program closes meanwhile."""
        lib = library()
        records = (w.Event * 64)()

        def call(ms: int) -> int:
            return int(lib.WDSocketNextEvents(self._handle, ms, records, ctypes.sizeof(w.Event), len(records)))

        try:
            count = _in_slices(call, timeout, self._handle)
        except Timeout:
            return []
        return _Events(self._event(records[i]) for i in range(count) if self._is_open(records[i]))

    def _is_open(self, record: w.Event) -> bool:
        """False for an event of a socket that another thread has closed since it was fetched."""
        return (record.socket in self._sockets or record.kind in (w.WDS_EVENT_ACCEPTED, w.WDS_EVENT_TIMER)
                or library().WDSocketState(record.socket) != w.WDS_E_HANDLE)

    def _event(self, shared: w.Event) -> QueueEvent:
        record = w.Event.from_buffer_copy(shared)
        socket = self._sockets.get(record.socket)
        if record.kind == w.WDS_EVENT_ACCEPTED:
            server = self._sockets.get(record.value)
            socket = server._accepted(record.socket) if isinstance(server, Server) else Connection(record.socket)
            self._keep(socket)
        error = _error(record.code, record.socket, record.socket) if record.code < 0 else None
        return QueueEvent(record.kind, socket, record.value, error, record)

    def close(self) -> None:
        """Closes the queue; the sockets stay open."""
        for socket in list(self._sockets.values()):
            if isinstance(socket, Timer):
                socket.close()
            else:
                self._forget(socket)
        self._closing()


def connect(address: Optional[str], port: int = 0, timeout: Optional[float] = None, name: Optional[str] = None) -> Client:
    """A client that is connected; nothing is left open if it fails. What has to be set before connecting, such as
    WDS_TEXT_SSL_AUTHORITIES, takes the long form:

        with wdsocket.Client() as client:
            client.set_text(wdsocket.WDS_TEXT_SSL_AUTHORITIES, "ca.pem")
            client.connect("tls://scale.local:5000", timeout=3)
    """
    client = Client(name)
    try:
        client.connect(address, port, timeout)
    except BaseException:
        client.close()
        raise
    return client


def listen(port: int = 0, address: Optional[str] = None, name: Optional[str] = None) -> Server:
    """A server that listens; nothing is left open if it fails. What has to be set before a client comes, such as how
    its messages are delimited, takes the long form:

        with wdsocket.Server() as server:
            server.preset("line")
            server.listen(5000)
    """
    server = Server(name)
    try:
        server.listen(port, address)
    except BaseException:
        server.close()
        raise
    return server
