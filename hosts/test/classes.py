"""classes.py - the package that the wheel installs: exceptions, str and bytes, times, Ctrl-C, events, closing, and
that nothing is left open."""
import gc
import os
import signal
import sys
import threading
import time
import weakref

import wdsocket
from checks import check, end

LONG = 20


def fails(kind, code, call, *arguments):
    """The exception of a call, None unless it is of that kind with that code."""
    try:
        call(*arguments)
    except kind as error:
        return error if error.code == code else None
    return None


def held():
    return wdsocket.sockets_held()


def listening():
    return wdsocket.listen(0, "127.0.0.1")


def talking():
    with listening() as server, wdsocket.connect("127.0.0.1", server.port, LONG) as client:
        channel = server.accept(LONG)
        client.write("h\u00e9llo")
        check("a str is UTF-8, and read gives bytes", channel.read(LONG) == b"h\xc3\xa9llo")
        channel.encoding = "latin-1"
        channel.write("\u00e9")
        channel.write(bytearray(b"\0x"))
        channel.write(b"")
        check("bytes and other encodings", [client.read(LONG) for _ in range(3)] == [b"\xe9", b"\0x", b""])
        try:
            channel.write(5)
            check("a number is no message", False)
        except TypeError:
            check("a number is no message", True)
        client.write(b"\xe9")
        check("and read_text decodes", channel.read_text(LONG) == "\u00e9")
        check("addresses", client.peer == "127.0.0.1:%d" % server.port and client.local == channel.peer)
        client.set_mode(wdsocket.WDS_MODE_END_TAG, b"\n")
        channel.set_mode(wdsocket.WDS_MODE_END_TAG, b"\n")
        client.write("x" * 100000)
        check("a mode, and a long message", len(channel.read(LONG)) == 100000)
        error = fails(wdsocket.Timeout, wdsocket.WDS_E_TIMEOUT, client.read, 0.45)
        check("a time-out tells the time that was given", error and isinstance(error, TimeoutError) and " 450 ms" in str(error))
        check("0 does not wait", fails(wdsocket.Timeout, wdsocket.WDS_E_TIMEOUT, client.read, 0)
              and fails(wdsocket.Timeout, wdsocket.WDS_E_TIMEOUT, server.accept, 0))
        channel.write("last")
        channel.finish(LONG)
        check("finish sends what was written", client.read(LONG) == b"last")
        error = fails(wdsocket.ConnectionOver, wdsocket.WDS_E_PEER_CLOSED, client.read, LONG)
        check("the end is a ConnectionOver", error and isinstance(error, ConnectionError) and error.name == "WDS_E_PEER_CLOSED")
    check("after close the handle is refused", fails(wdsocket.Error, wdsocket.WDS_E_HANDLE, client.read, 0))


def refuses(call, *arguments):
    """Whether a text is refused that C would read to its zero byte only."""
    try:
        call(*arguments)
    except ValueError as error:
        return "zero byte" in str(error) and "secret" not in str(error)
    return False


def texts():
    with listening() as server, wdsocket.Client() as client:
        check("a zero byte in the name of a client", refuses(wdsocket.Client, "secret\0") and refuses(wdsocket.Server, "a\0b"))
        check("in an address", refuses(client.connect, "127.0.0.1\0.example", 1, LONG) and refuses(wdsocket.connect, "\0", 1, LONG)
              and refuses(wdsocket.listen, 0, "127.0.0.1\0"))
        check("in an option, whose text may be secret", refuses(client.set_text, wdsocket.WDS_TEXT_SSL_PASSWORD, "secret\0"))
        check("in a group", refuses(server.publish, "x", "a\0b"))
        try:
            client.connect(b"127.0.0.1", 1, LONG)
            check("bytes are no address", False)
        except TypeError as error:
            check("bytes are no address", "address" in str(error) and "bytes" in str(error))


def asking():
    """What the guide shows."""
    with listening() as server:
        port = server.port
        threading.Thread(target=lambda: server.accept(LONG).write("12.5 kg")).start()
        with wdsocket.connect("127.0.0.1", port, timeout=10) as client:
            client.write("weight?")
            print(client.read_text(timeout=10))


def simplified():
    with listening() as server:
        served = server.simplified()
        check("a simplified server without a client", fails(wdsocket.Error, wdsocket.WDS_E_NO_CLIENT, served.write, "x"))
        for name in ("first", "second"):
            with wdsocket.connect("127.0.0.1", server.port, LONG) as client:
                client.write(name)
                check("accepts as it reads, the " + name, served.read_text(LONG) == name)
                served.write("hello " + name)
                check("and answers", client.read_text(LONG) == "hello " + name)
            check("one client after the other", fails(wdsocket.Error, wdsocket.WDS_E_PEER_CLOSED, served.read, LONG))
        with wdsocket.connect("127.0.0.1", server.port, LONG) as client:
            client.write("third")
            served.read(LONG)
            served.abort()
            check("abort disconnects the client", fails(wdsocket.ConnectionOver, wdsocket.WDS_E_RESET, client.read, LONG))
        served.finish()
        del served
        gc.collect()
        check("its end closes nothing", server.state == wdsocket.WDS_STATE_LISTENING)


def failing():
    with listening() as server:
        free = server.port
        check("a port that is taken", fails(wdsocket.Error, wdsocket.WDS_E_PORT_TAKEN, wdsocket.listen, free, "127.0.0.1"))
        check("connecting has a time", fails(wdsocket.Timeout, wdsocket.WDS_E_TIMEOUT, wdsocket.connect, "tls://127.0.0.1:%d" % free, 0, 0.05))
    error = fails(wdsocket.ConnectionOver, wdsocket.WDS_E_REFUSED, wdsocket.connect, "127.0.0.1", free, LONG)
    check("an error says what and where", error and "127.0.0.1:%d" % free in str(error) and error.system_error != 0
          and error.scope == wdsocket.WDS_SCOPE_CONNECTION and "WDS_E_REFUSED" in error.detail)
    try:
        wdsocket.connect("127.0.0.1", free, -1)
        check("a negative time", False)
    except ValueError:
        check("a negative time", True)
    check("and nothing is left open", held() == 0)


def interrupted(name, call, *arguments):
    """Whether Ctrl-C ends a call that would wait for ever."""
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        call(*arguments)
        check("Ctrl-C interrupts " + name, False)
    except KeyboardInterrupt:
        check("Ctrl-C interrupts " + name, True)
    timer.join()


def interrupting():
    with listening() as server, wdsocket.Queue() as queue, wdsocket.connect("127.0.0.1", server.port, LONG) as client:
        interrupted("connecting", wdsocket.connect, "tls://127.0.0.1:%d" % server.port)
        interrupted("reading", client.read)
        channel = server.accept(LONG)
        server.accept(LONG).close()  # the one that was interrupted
        interrupted("accepting", server.accept)
        interrupted("the events", queue.events)
        channel.write("still there")
        check("and the connection is still good", client.read(LONG) == b"still there")


def waiting_elsewhere():
    """A thread waits in one piece, and another one ends it."""
    with listening() as server, wdsocket.connect("127.0.0.1", server.port, LONG) as client:
        codes = []

        def read():
            try:
                client.read()
            except wdsocket.Error as error:
                codes.append(error.code)

        thread = threading.Thread(target=read)
        thread.start()
        while thread.is_alive():
            client.cancel()
            thread.join(0.01)
        check("cancel ends a read of another thread", codes == [wdsocket.WDS_E_CANCELLED])


def events_of(queue, *kinds):
    """The events until there is one of each kind."""
    found = {}
    deadline = time.monotonic() + LONG
    while not set(kinds) <= set(found) and time.monotonic() < deadline:
        for event in queue.events(LONG):
            found[event.kind] = event
    return [found[kind] for kind in kinds]


def events():
    with wdsocket.Queue() as queue, listening() as server, wdsocket.Queue() as other:
        queue.attach(server)
        client = wdsocket.connect("127.0.0.1", server.port, LONG)
        other.attach(client)
        client.write("weight?")
        came, message = events_of(queue, wdsocket.WDS_EVENT_ACCEPTED, wdsocket.WDS_EVENT_MESSAGE)
        check("events have the objects", came.socket is message.socket and came.socket.peer == client.local)
        check("and the message is there", message.value == 7 and message.socket.read(0) == b"weight?")
        check("no event", queue.events(0) == [] and other.events(0.01) == [])
        check("all clients get a message", server.publish("12.5 kg") == 1)
        events_of(other, wdsocket.WDS_EVENT_MESSAGE)
        check("with its text", client.read_text(0) == "12.5 kg")
        client.close()
        over, = events_of(queue, wdsocket.WDS_EVENT_PEER_CLOSED)
        check("the end has its error", over.socket is came.socket and isinstance(over.error, wdsocket.ConnectionOver))
        over.socket.close()
        second = wdsocket.connect("127.0.0.1", server.port, LONG)
        accepted = weakref.ref(events_of(queue, wdsocket.WDS_EVENT_ACCEPTED)[0].socket)
        server.close()
        gc.collect()
        check("and its queue keeps none of them", accepted() is None)
        check("a server closes its clients", fails(wdsocket.ConnectionOver, wdsocket.WDS_E_PEER_CLOSED, second.read, LONG))
        second.close()


def forgotten():
    server = listening()
    client = wdsocket.connect("127.0.0.1", server.port, LONG)
    check("a socket of a program", held() == 2 and "Client" in repr(client))
    del client, server
    gc.collect()
    check("what is forgotten is closed", held() == 0)


check("the library is that of the package", os.path.dirname(wdsocket.library()._name) == os.path.dirname(wdsocket.__file__))
for part in (talking, texts, asking, simplified, failing, interrupting, waiting_elsewhere, events, forgotten):
    part()
    check("%s leaves nothing open" % part.__name__, held() == 0)
sys.stdout.flush()
end()
