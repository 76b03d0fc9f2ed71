"""classes.py - the package that the wheel installs: exceptions, str and bytes, times, Ctrl-C, events, closing, and
that nothing is left open."""
import asyncio
import gc
import inspect
import os
import pathlib
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
import weakref

import wdsocket
from checks import check, end

LONG = 20
MOST = 2000  # WDS_OPT_MAX_MESSAGE of a server


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
        except TypeError as error:
            check("a number is no message", "int" in str(error))
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
    over = wdsocket.classes._error(wdsocket.WDS_E_PEER_CLOSED, 0, client.handle)
    check("an end told as the socket was closed is one", isinstance(over, wdsocket.ConnectionOver))
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


def parts():
    """A stream read in other parts than messages, and what waits in it."""
    with listening() as server, wdsocket.connect("127.0.0.1", server.port, LONG) as client, server.accept(LONG) as channel:
        answering = threading.Thread(target=lambda: channel.write(channel.read(LONG) + b"!"))
        answering.start()
        check("an exchange", client.exchange("weight?", LONG) == b"weight?!")
        answering.join()
        check("an answer that does not come", fails(wdsocket.Timeout, wdsocket.WDS_E_TIMEOUT, client.exchange, "weight?", 0.05))
        check("its request was sent", channel.read(LONG) == b"weight?")
        client.write("one")
        client.write("two")
        while channel.available() < 6:
            time.sleep(0.005)
        check("the newest message alone", channel.discard(wdsocket.WDS_DISCARD_OLDER) == 3 and channel.read(0) == b"two")
        for each in (client, channel):
            each.set_mode(wdsocket.WDS_MODE_RAW)
        client.write(b"exactlyline\r\n")
        check("bytes by their number", channel.read_exactly(7, LONG) == b"exactly")
        check("and up to a tag", channel.read_until(b"\r\n", LONG) == b"line")
        check("and what has not come in time", fails(wdsocket.Timeout, wdsocket.WDS_E_TIMEOUT, channel.read_exactly, 1, 0.01)
              and fails(wdsocket.Timeout, wdsocket.WDS_E_TIMEOUT, channel.read_until, b"\n", 0))
        for each in (client, channel):
            each.set_mode(wdsocket.WDS_MODE_SIZE)
        for text in ("one", "two", "three"):
            client.write(text)
        client.flush(LONG)
        client.close()
        check("all messages up to the end", list(channel) == [b"one", b"two", b"three"])
    with listening() as server:
        server.preset("line")
        with socket.create_connection(("127.0.0.1", server.port), LONG) as peer:
            channel = server.accept(LONG)
            peer.sendall(b"one\nhalf a li")
        messages = iter(channel)
        check("a message", next(messages) == b"one")
        check("and the end in the middle of one", fails(wdsocket.ConnectionOver, wdsocket.WDS_E_PEER_CLOSED, next, messages))


def sending_all():
    """A program that has written much ends when all of it is sent."""
    size = 10 << 20
    program = textwrap.dedent("""
        import wdsocket
        with wdsocket.Client() as client:
            client.set_mode(wdsocket.WDS_MODE_RAW)
            client.set_option(wdsocket.WDS_OPT_SEND_QUEUE, %d)
            client.connect("127.0.0.1", %d)
            client.write(bytes(%d))
        wdsocket.close_all()
        """)
    with socket.create_server(("127.0.0.1", 0)) as server:
        child = subprocess.Popen([sys.executable, "-c", program % (2 * size, server.getsockname()[1], size)])
        peer, got = server.accept()[0], 0
        with peer:
            while True:
                part = peer.recv(65536)
                if not part:
                    break
                got += len(part)
        check("close_all waits for what is sent", got == size and child.wait(LONG) == 0)


def deciding():
    """A server that decides by who asks."""
    with listening() as server:
        check("no request in time", not server.wait_for_connection(0) and not server.wait_for_connection(0.01)
              and fails(wdsocket.Error, wdsocket.WDS_E_NO_REQUEST, server.deny) and fails(wdsocket.Error, wdsocket.WDS_E_NO_REQUEST, server.pending_info))
        with wdsocket.connect("127.0.0.1", server.port, LONG) as client:
            check("a request, and whose", server.wait_for_connection(LONG) and server.pending_info() == client.local
                  and server.pending_info(wdsocket.WDS_INFO_ADDRESS) == "127.0.0.1")
            server.deny()
            check("which is refused", fails(wdsocket.ConnectionOver, wdsocket.WDS_E_RESET, client.read, LONG))
        with wdsocket.connect("127.0.0.1", server.port, LONG) as client:
            check("and one that is accepted", server.wait_for_connection() and server.accept(0).peer == client.local)


def groups():
    with listening() as server:
        clients = [wdsocket.connect("127.0.0.1", server.port, LONG) for _ in range(2)]
        channels = [server.accept(LONG) for _ in clients]
        channels[1].join("news")
        check("a group", server.publish("hello", "news") == 1 and clients[1].read(LONG) == b"hello")
        check("all others", channels[0].publish_to_others("all") == 1 and clients[1].read(LONG) == b"all")
        check("those of a group", channels[0].publish_to_others(b"them", "news") == 1 and clients[1].read(LONG) == b"them"
              and channels[1].publish_to_others("x", "news") == 0)
        check("of no server", fails(wdsocket.Error, wdsocket.WDS_E_KIND, clients[0].publish_to_others, "x"))
        channels[1].leave("news")
        check("and no member any more", server.publish("hello", "news") == 0)
        channels[0].join("one")
        channels[0].join("two")
        channels[0].leave()
        check("all groups are left", server.publish("x", "one") == server.publish("x", "two") == 0)
        check("a group has a name", fails(wdsocket.Error, wdsocket.WDS_E_ARGUMENT, channels[0].join, "")
              and fails(wdsocket.Error, wdsocket.WDS_E_ARGUMENT, server.publish, "x", ""))
        for each in clients + channels:
            each.close()


def datagrams():
    with wdsocket.DatagramSocket() as one, wdsocket.DatagramSocket("two") as two:
        one.open(0, "127.0.0.1")
        two.open(0, "127.0.0.1")
        one.send("ping", "127.0.0.1", two.port)
        check("a datagram", two.receive(LONG) == (b"ping", "127.0.0.1", one.port))
        two.send(b"pong")
        check("and its answer", one.receive(LONG).data == b"pong")
        check("none in time", fails(wdsocket.Timeout, wdsocket.WDS_E_TIMEOUT, one.receive, 0.01))


def telling():
    """What sockets tell, and what the classes do not wrap."""
    with listening() as server, wdsocket.connect("127.0.0.1", server.port, LONG) as client:
        client.set_text(wdsocket.WDS_TEXT_FRAME, "02 data 03")
        check("a text option", client.get_text(wdsocket.WDS_TEXT_FRAME) == "02 data 03")
        client.set_text(wdsocket.WDS_TEXT_USER_TEXT, "\u00e9" * 1000)
        check("and a long one", client.get_text(wdsocket.WDS_TEXT_USER_TEXT) == "\u00e9" * 1000)
        client.set_bytes(wdsocket.WDS_TEXT_HEARTBEAT, b"\0\1")
        check("an option that is bytes", client.get_bytes(wdsocket.WDS_TEXT_HEARTBEAT) == b"\0\1")
        client.set_bytes(wdsocket.WDS_TEXT_HEARTBEAT, b"x" * 1000)
        check("and a long one", client.get_bytes(wdsocket.WDS_TEXT_HEARTBEAT) == b"x" * 1000)
        check("the peer's address", client.peer_address == "127.0.0.1")
        check("and its port", client.peer_info(wdsocket.WDS_INFO_PORT) == str(server.port) and client.peer_info(wdsocket.WDS_INFO_PEER_PID) == "")
        check("no TLS to end", fails(wdsocket.Error, wdsocket.WDS_E_TLS_NOT_SECURED, client.stop_tls, 1))
        check("what bytes may be", "0D" in wdsocket.guess(b"12.5 kg\r\n12.6 kg\r\n") and wdsocket.guess(b"") == "")
        check("a figure", client.get_number(wdsocket.WDS_NUM_MESSAGES_WRITTEN) == 0)
        check("no TLS", fails(wdsocket.Error, wdsocket.WDS_E_TLS_NOT_SECURED, client.tls_info, wdsocket.WDS_INFO_SSL_VERSION))
        check("no WebSocket", fails(wdsocket.Error, wdsocket.WDS_E_KIND, client.websocket_info, wdsocket.WDS_INFO_WEBSOCKET_PATH))
        check("TLS with a peer that has none", fails(wdsocket.Timeout, wdsocket.WDS_E_TIMEOUT, client.start_tls, 0.05))
        library = wdsocket.library()
        check("check gives a result", wdsocket.check(library.WDSocketExist(client.handle)) == 1)
        error = fails(wdsocket.Error, wdsocket.WDS_E_NOT_FOUND, lambda: wdsocket.check(library.WDSocketFind(b"nowhere")))
        check("or an exception", error and "nowhere" in str(error))


def asking():
    """What the guide shows."""
    with listening() as server:
        port = server.port
        threading.Thread(target=lambda: server.accept(LONG).write("12.5 kg")).start()
        with wdsocket.connect("127.0.0.1", port, timeout=10) as client:
            client.write("weight?")
            print(client.read_text(timeout=10))


def sample(of, word):
    """The program with that word in a help text."""
    blocks = [[]]
    for line in inspect.getdoc(of).splitlines():
        if line.startswith("    "):
            blocks[-1].append(line)
        elif line:
            blocks.append([])
        elif blocks[-1]:
            blocks[-1].append("")
    return textwrap.dedent("\n".join(next(block for block in blocks if word in "\n".join(block))))


def runs(text, **names):
    """A thread that runs a program of a help text, and the exceptions that leave it."""
    failures = []

    def run():
        try:
            exec(text, dict(names, wdsocket=wdsocket))
        except wdsocket.Error as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, failures


def asked(port, text):
    with wdsocket.connect("127.0.0.1", port, LONG) as client:
        client.write(text)
        return client.read_text(LONG)


def leaving(client):
    client.close()


def resetting(client):
    client.abort()


def sending_no_text(client):
    """Bytes that are not UTF-8 are a message as any other."""
    client.read(LONG)
    client.write(b"\xff\xfe")
    check("what is no text is answered", client.read(LONG) == b"you said \xff\xfe")
    client.close()


def asking_too_much(client):
    """The answer exceeds WDS_OPT_MAX_MESSAGE of the server; the one after it does not."""
    client.read(LONG)
    client.write(bytes(MOST))
    client.write("less")
    check("after an answer that is too long comes the next one", client.read(LONG) == b"you said less")
    client.close()


def exceeding(client):
    """A message above WDS_OPT_MAX_MESSAGE of the server, from a client that stays."""
    client.read(LONG)
    client.write(bytes(MOST + 1))
    check("a message that is too long ends its client", fails(wdsocket.ConnectionOver, wdsocket.WDS_E_RESET, client.read, LONG)
          or fails(wdsocket.ConnectionOver, wdsocket.WDS_E_PEER_CLOSED, client.read, LONG))
    client.close()


def not_reading(client):
    """Writes what is answered, and does not read, until it is ended."""
    try:
        for _ in range(400):
            client.write(bytes(100000))
    except wdsocket.Error:
        pass
    client.close()


def sending_on(client):
    """Sends all the time, and does not read: the write to it stops inside a message."""
    check("who does not read is disconnected", fails(wdsocket.ConnectionOver, wdsocket.WDS_E_RESET, sends_on, client))
    client.close()


def filling(client):
    """The same where an answer that does not fit the send queue gives WDS_E_FULL: nothing of it is sent."""
    sending_on(client)


def sends_on(client):
    for _ in range(20000):
        client.write(bytes(MOST // 2))


def going_on():
    """The programs of the help texts go on when clients leave, are cut or do not read."""
    for name, text, bad in (("simplified", sample(wdsocket.Server.simplified, "served"), (leaving, resetting, sending_no_text, asking_too_much, exceeding, sending_on, filling)),
                            ("queue", sample(wdsocket.Queue, "events()"), (leaving, resetting, not_reading))):
        server = listening()
        if name == "simplified":
            server.set_option(wdsocket.WDS_OPT_MAX_MESSAGE, MOST)
        thread, failures = runs(text, server=server)
        for behave in bad:
            if behave in (sending_on, filling):
                server.set_option(wdsocket.WDS_OPT_WRITE_TIMEOUT, 100)
            if behave is filling:
                server.set_option(wdsocket.WDS_OPT_SEND_QUEUE, 100000)
            client = wdsocket.connect("127.0.0.1", server.port, LONG)
            client.write("x" * 1000)
            behave(client)
        said = asked(server.port, "hello")
        check("the loop of a %s serves the next client" % name, said.endswith("hello"))
        if name == "queue":
            wdsocket.wakeup()  # the queue is the loop's own
        else:
            server.close()
        thread.join()
        wdsocket.wakeup(False)
        server.close()
        check("and ends with one exception", [isinstance(error, wdsocket.Closed) for error in failures] == [name == "simplified"])
    scope = {"wdsocket": wdsocket}
    exec(sample(sys.modules["wdsocket.classes"], "def serve"), scope)
    failures, threads = [], []
    before, threading.excepthook = threading.excepthook, lambda failure: failures.append(failure)
    with listening() as server:
        clients = [wdsocket.connect("127.0.0.1", server.port, LONG) for _ in range(3)]
        for client in clients:
            threads.append(threading.Thread(target=scope["serve"], args=(server.accept(LONG),)))
            threads[-1].start()
            client.write("hello")
            check("a thread serves its client", client.read_text(LONG) == "you said hello")
            client.write(b"\xff")
            check("and what is no text", client.read(LONG) == b"you said \xff")
        clients[0].close()
        clients[1].abort()
        threads[0].join()
        threads[1].join()
    threads[2].join()
    with listening() as server, wdsocket.connect("127.0.0.1", server.port, LONG) as client:
        server.set_option(wdsocket.WDS_OPT_MAX_MESSAGE, MOST)
        client.write(bytes(MOST))
        scope["serve"](server.accept(LONG))
        check("an answer that is too long ends its thread alone", fails(wdsocket.ConnectionOver, wdsocket.WDS_E_PEER_CLOSED, client.read, LONG))
    threading.excepthook = before
    clients[2].close()
    check("and none of them fails, also when the server is closed", not failures)


def closing():
    """What the program closes has no further events, and tells so to the calls that wait."""
    with listening() as server, wdsocket.Queue() as queue:
        clients = [wdsocket.connect("127.0.0.1", server.port, LONG) for _ in range(2)]
        channels = [server.accept(LONG) for _ in clients]
        for client, channel in zip(clients, channels):
            client.write("hello")
            while not channel.available():
                time.sleep(0.001)
            queue.attach(channel)
        given, handled = queue.events(LONG), 0
        while len(given) < 2:
            given += queue.events(LONG)
        for _ in given:
            handled += 1
            for channel in channels:
                channel.close()
        check("an event of a socket that is closed meanwhile is skipped", handled == 1)
        for client in clients:
            client.close()
        check("a closed socket is Closed", fails(wdsocket.Closed, wdsocket.WDS_E_HANDLE, clients[0].read, 0))


def finishing():
    """A server waits until its clients have what was written, or until the time is up."""
    much = bytes(8 << 20)
    got = []

    def read_all(client):
        got.extend(len(message) for message in client)

    for reads in (True, False):
        with listening() as server:
            server.set_option(wdsocket.WDS_OPT_SEND_QUEUE, 4 * len(much))
            with wdsocket.connect("127.0.0.1", server.port, LONG) as client:
                channel = server.accept(LONG)
                for _ in range(3):
                    channel.write(much)
                if reads:
                    reader = threading.Thread(target=read_all, args=(client,))
                    reader.start()
                    server.finish(LONG)
                    reader.join()
                    check("finish of a server sends what was written", got == 3 * [len(much)])
                else:
                    check("as far as there is time", fails(wdsocket.Timeout, wdsocket.WDS_E_TIMEOUT, server.finish, 0.05))
                    client.abort()
                check("and closes the clients, too", fails(wdsocket.Closed, wdsocket.WDS_E_HANDLE, channel.read, 0) and server.state == 0)
                channel.close()


def delimiting():
    """Clients of a server get how its messages are delimited, whether it is set before it listens or later."""
    for late in (False, True):
        for choose in (lambda s: s.preset("line"), lambda s: s.set_mode(wdsocket.WDS_MODE_END_TAG, "\r\n"),
                       lambda s: s.frame('data 0D0A')):
            with wdsocket.Server() as server:
                if not late:
                    choose(server)
                server.listen(0, "127.0.0.1")
                if late:
                    choose(server)
                with socket.create_connection(("127.0.0.1", server.port), LONG) as client, server.accept(LONG) as channel:
                    client.sendall(b"hello\r\n")
                    good = channel.read(LONG) == b"hello"
                    channel.write("you")
                    check("lines on a server", good and client.makefile("rb").readline() == b"you\r\n")
                server.set_text(wdsocket.WDS_TEXT_USER_TEXT, pathlib.PurePath("ca.pem"))
                check("a path is a text", server.get_text(wdsocket.WDS_TEXT_USER_TEXT) == "ca.pem")


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
        with wdsocket.connect("127.0.0.1", server.port, LONG) as client:
            client.write("fourth")
            check("and the next one is served", served.read_text(LONG) == "fourth")
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
    for call in (wdsocket.connect, lambda _, port: wdsocket.listen(port)):
        try:
            call("127.0.0.1", str(free))
            check("a port is a number", False)
        except TypeError as error:
            check("a port is a number", "port" in str(error))
    try:
        with wdsocket.Client() as client:
            client._unsliced(lambda: 1 // 0)
        check("what fails in a helper thread is raised", False)
    except ZeroDivisionError:
        check("what fails in a helper thread is raised", True)
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


def without_threads():
    """What a call of the main thread does where the system gives no thread, as at the end of the interpreter."""
    with listening() as server, wdsocket.connect("127.0.0.1", server.port, LONG) as client:
        channel = server.accept(LONG)
        begin = threading.Thread.start

        def refused(thread):
            raise RuntimeError("can't start new thread")

        threading.Thread.start = refused
        try:
            client.write("last")
            client.finish(LONG)
            with wdsocket.connect("127.0.0.1", server.port, LONG) as other:
                check("without another thread it connects and finishes all the same", other.peer and channel.read(LONG) == b"last")
        finally:
            threading.Thread.start = begin


def in_a_handler():
    """A handler of a signal may interrupt a call while it has the lock of loading."""
    with wdsocket.classes._loading:
        check("a handler of a signal may call the library", held() == 0)


def forking():
    with listening() as server, wdsocket.connect("127.0.0.1", server.port, LONG) as client:
        channel, port = server.accept(LONG), server.port
        child = os.fork()
        if child == 0:
            good = False
            try:
                told = [fails(wdsocket.Error, wdsocket.WDS_E_FORKED, call, *arguments) for call, arguments in
                        [(wdsocket.connect, ("127.0.0.1", port, LONG)), (client.write, ("x",)), (client.read, (0,)), (wdsocket.Queue, ())]]
                client.close()
                server.close()
                good = all(error and str(error) and error.name == "WDS_E_FORKED" for error in told)
            finally:
                os._exit(0 if good else 1)
        check("a forked child is told so by each call", os.waitpid(child, 0)[1] == 0)
        client.write("still here")
        check("and its parent goes on", channel.read(LONG) == b"still here")


def at_the_end(name, program):
    """A program of its own, which has to end by itself."""
    done = subprocess.run([sys.executable, "-B", "-c", program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    check(name, (done.returncode, done.stdout) == (0, b"end\n"))
    if done.returncode:
        print(done.stdout.decode())


def ending():
    at_the_end("the interpreter ends while threads wait", """
import threading, wdsocket
server, other = wdsocket.listen(0, "127.0.0.1"), wdsocket.listen(0, "127.0.0.1")
queue = wdsocket.Queue()
for wait in other.accept, wdsocket.connect("127.0.0.1", server.port).read, queue.events:
    threading.Thread(target=wait, daemon=True).start()
print("end")
""")
    at_the_end("a function of atexit finishes a connection", """
import atexit, wdsocket
server = wdsocket.listen(0, "127.0.0.1")
client = wdsocket.connect("127.0.0.1", server.port, 20)
channel = server.accept(20)
def last():
    client.write("end")
    client.finish(20)
    print(channel.read_text(20))
atexit.register(last)
""")


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


def timers():
    with wdsocket.Queue() as queue:
        timer = queue.timer(0.01, 0.01, 42)
        event, = events_of(queue, wdsocket.WDS_EVENT_TIMER)
        check("a timer", event.socket is timer and event.record.user == 42)
        timer.close()
        timer.close()
        check("ends", queue.events(0.05) == [])
        queue.timer(0)  # which the queue keeps, and ends
        check("once", len(queue.events(LONG)) == 1)
    check("a queue ends its timers", held() == 0)


def looping():
    """A loop of asyncio serves a queue, beside its other work."""
    got = []

    async def talk(server, client, queue):
        loop = asyncio.get_running_loop()
        done = loop.create_future()

        def handle():
            for event in queue.events(0):
                if event.kind == wdsocket.WDS_EVENT_MESSAGE:
                    got.append(event.socket.read(0))
                    done.set_result(None)

        loop.add_reader(queue, handle)
        client.write("hello")
        await asyncio.wait_for(done, LONG)
        loop.remove_reader(queue)

    with listening() as server, wdsocket.Queue() as queue, wdsocket.connect("127.0.0.1", server.port, LONG) as client:
        queue.attach(server)
        asyncio.run(talk(server, client, queue))
        check("a loop of asyncio", got == [b"hello"])
        queue.detach(server)
        with wdsocket.connect("127.0.0.1", server.port, LONG) as other:
            server.accept(LONG).close()
            check("a server that is detached accepts by itself no more", fails(
                wdsocket.ConnectionOver, wdsocket.WDS_E_PEER_CLOSED, other.read, LONG))
    wdsocket.wakeup()
    with wdsocket.Queue() as queue:
        check("a wake-up ends all waits", fails(wdsocket.Error, wdsocket.WDS_E_CANCELLED, queue.events))
        wdsocket.wakeup(False)
        check("until it is taken back", queue.events(0.01) == [])


def forgotten():
    server = listening()
    client = wdsocket.connect("127.0.0.1", server.port, LONG)
    check("a socket of a program", held() == 2 and "Client" in repr(client))
    del client, server
    gc.collect()
    check("what is forgotten is closed", held() == 0)


check("the library is that of the package", os.path.dirname(wdsocket.library()._name) == os.path.dirname(wdsocket.__file__))
for part in (talking, sending_all, texts, parts, deciding, groups, datagrams, telling, asking, simplified, going_on, closing, finishing, delimiting,
             failing, interrupting, without_threads, in_a_handler, forking, ending, waiting_elsewhere, events, timers, looping, forgotten):
    part()
    check("%s leaves nothing open" % part.__name__, held() == 0)
sys.stdout.flush()
end()
