"""bad_clients.py - every example that serves, with 50 bad clients beside three good ones.

The good ones are served all the time. The bad ones are ended by the server, though they
keep their connections; afterwards it has no more descriptors than before. At SIGINT (or
the end of its input) it ends by itself and holds nothing, though a client sends and reads
all the time: no call of the server for it ever has to wait.

usage: bad_clients.py FOLDER   with the compiled examples and certificates
"""
import faulthandler
import itertools
import os
import select
import selectors
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

BAD = 50
GOOD = 3
SILENCE = 10000  # ms that a server lets a client say nothing; good ones on a busy machine say something meanwhile
PATIENCE = 120  # seconds, on a machine that is busy
LIMIT = 480  # seconds for all of it
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def client_hello():
    """What a client with TLS sends first."""
    received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        ssl.create_default_context().wrap_bio(received, sent, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        return sent.read()


HELLO = client_hello()

passed = failed = 0
processes = []
count_lock = threading.Lock()


def check(name, good, detail=""):
    global passed, failed
    with count_lock:
        if good:
            passed += 1
        else:
            failed += 1
            print("  FAIL %s %s" % (name, detail), flush=True)


def connect(port):
    return socket.create_connection(("127.0.0.1", port), PATIENCE)


class Conversation:
    """A connection, and what has been received over it and not been asked for."""

    def __init__(self, connection):
        self.connection, self.got = connection, b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def more(self):
        part = self.connection.recv(65536)
        if not part:
            raise EOFError("the server closed a good client behind %r" % self.got)
        self.got += part

    def exactly(self, size):
        while len(self.got) < size:
            self.more()
        part, self.got = self.got[:size], self.got[size:]
        return part

    def up_to(self, end):
        while end not in self.got:
            self.more()
        return self.exactly(self.got.index(end) + len(end))

    def goes_on(self, seconds):
        """Whether there is more within that time."""
        return self.got or select.select([self.connection], [], [], seconds)[0]

    def sendall(self, data):
        self.connection.sendall(data)


class Lines:
    """A conversation in lines, which end with CR LF or, as those of nc, with LF."""
    half = b"half a line"
    begin = b"a line"  # of a message that the bytes of a client that drips do not end
    ends = itertools.cycle((b"\r\n", b"\n"))

    def write(self, client, text):
        client.sendall(text + next(self.ends))

    def read(self, client):
        return client.up_to(b"\r\n")[:-2]


class Sized(Lines):
    """A conversation with the size in front of each message."""
    half = b"50\r\nhalf a message"
    begin = b"4000\r\n"

    def write(self, client, text):
        client.sendall(b"%d\r\n%s" % (len(text), text))

    def read(self, client):
        return client.exactly(int(super().read(client)))


class Echo:
    """Good clients of an echo server."""
    beside = True  # they are served beside the bad ones, and not in turn with them
    stopping = b"hello"  # what one says all the time while the server is told to stop, or None

    def __init__(self, framing, longest=None):
        """longest: bytes of what a client may say, where an answer is longer."""
        self.framing, self.longest = framing, longest

    def open(self, port):
        self.clients = [self.secure(Conversation(connect(port))) for _ in range(GOOD)]

    def secure(self, client):
        return client

    def round(self, number):
        for client in self.clients:
            self.framing.write(client, b"hello %d" % number)
        return all(self.framing.read(client).endswith(b"hello %d" % number) for client in self.clients)

    def hear(self, client, is_it):
        """Reads up to the message that is meant, whatever else comes and however much of it."""
        until = time.monotonic() + PATIENCE
        while not is_it(self.framing.read(client)):
            if time.monotonic() > until:
                raise EOFError("a good client hears other things than it waits for")

    def hearers(self):
        """Those that hear what the first one says."""
        return self.clients[:1]

    def longest_heard(self):
        text = b"x" * self.longest
        self.framing.write(self.clients[0], text)
        for client in self.hearers():
            self.hear(client, lambda said: text in said)
        return True

    def ends_more(self, port, more):
        """Whether the server ends one that says more."""
        with self.secure(Conversation(connect(port))) as client:
            self.framing.write(client, b"x" * (self.longest + more))
            try:
                while True:
                    client.more()  # what others say
            except socket.timeout:
                return False
            except (EOFError, OSError):
                return True

    def busy(self):
        """The client that says so."""
        return self.clients[0]

    def close(self):
        for client in self.clients:
            client.connection.close()


class OneByOne(Echo):
    """Good clients of a simplified server: they come, ask and go. On a machine that is busy
    the server may take one for silent and end it, and it comes again."""
    beside = False

    def open(self, port):
        self.port, self.clients = port, []

    def busy(self):
        self.clients = [Conversation(connect(self.port))]
        return self.clients[0]

    def round(self, number):
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with Conversation(connect(self.port)) as client:
                    self.framing.write(client, b"hello %d" % number)
                    return self.framing.read(client).endswith(b"hello %d" % number)
            except (ConnectionError, EOFError):
                if time.monotonic() > until:
                    raise


class Chat(Echo):
    """What one says the others hear."""

    def open(self, port):
        super().open(port)
        until = time.monotonic() + PATIENCE
        for client in self.clients[1:]:  # until it has been accepted it hears nothing
            while not self.heard(client, b"are you there?"):
                self.framing.write(self.clients[0], b"are you there?")
                if time.monotonic() > until:
                    raise EOFError("a good client hears nothing")

    def hearers(self):
        return self.clients[1:]

    def heard(self, client, text):
        while client.goes_on(0.2):
            if self.framing.read(client).endswith(text):
                return True
        return False

    def round(self, number):
        self.framing.write(self.clients[0], b"hello %d" % number)
        for client in self.clients[1:]:
            self.hear(client, lambda said: said.endswith(b"hello %d" % number))
        for client in self.clients[1:]:  # who says nothing for long is ended, where that is limited
            self.framing.write(client, b"yes")
        return True


class Ticker(Echo):
    """Each client that asks is told the price."""
    stopping = None  # answers come at the ticker's pace

    def round(self, number):
        for client in self.clients:
            self.framing.write(client, b"copper")
        for client in self.clients:
            self.hear(client, lambda said: said.startswith(b"copper "))
        return True


class Frames:
    """A conversation in messages of a WebSocket, at the client's end."""
    half = b"\x81\xb2\0\0\0\0half a message"
    begin = b"\x81\xfe\x0f\xa0\0\0\0\0"

    def write(self, client, text):
        size = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xff" + len(text).to_bytes(8, "big")
        client.sendall(b"\x81" + size + bytes(4) + text)

    def read(self, client):
        while True:
            first, length = client.exactly(2)
            if length == 126:
                length = int.from_bytes(client.exactly(2), "big")
            text = client.exactly(length)
            if first == 0x89:  # a ping
                client.sendall(bytes([0x8A, 0x80 | length]) + bytes(4) + text)
            elif first == 0x81:
                return text
            else:
                raise EOFError("the server sent a frame that begins with %x" % first)


class Pages(Chat):
    """Pages of a browser: each hears what one says, itself too."""

    def hearers(self):
        return self.clients

    def secure(self, client):
        client.sendall(b"GET /chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
        answer = client.up_to(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 101 "):
            raise EOFError("the server answered %r" % answer)
        return client

    def round(self, number):
        self.framing.write(self.clients[0], b"hello %d" % number)
        for client in self.clients:
            self.hear(client, lambda said: said.endswith(b"hello %d" % number))
            self.framing.write(client, b"")  # it is there
        return True


class Secure(Echo):
    """Good clients with TLS."""

    def __init__(self, framing, folder, own=None, longest=None):
        super().__init__(framing, longest)
        self.context = ssl.create_default_context(cafile=os.path.join(folder, "ca.pem"))
        if own:
            self.context.load_cert_chain(os.path.join(folder, own))

    def secure(self, client):
        client.connection = self.context.wrap_socket(client.connection, server_hostname="localhost")
        return client


class Proxied(Echo):
    """Good clients that come by a proxy, which sends a PROXY header in front of what they say."""

    def secure(self, client):
        client.sendall(b"PROXY TCP4 192.0.2.7 203.0.113.5 700 443\r\n")
        return client


def datagram(port):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(PATIENCE)
    client.connect(("127.0.0.1", port))
    return client


class Datagrams(Echo):
    """Datagrams; on a machine that is busy one may be lost."""
    beside = False
    stopping = None  # they wait for each other

    def open(self, port):
        self.clients = [Conversation(datagram(port)) for _ in range(GOOD)]

    def round(self, number):
        for client in (each.connection for each in self.clients):
            client.settimeout(1)
            text = b"hello %d" % number
            for _ in range(PATIENCE):
                client.send(text)
                try:
                    while client.recv(65536) != text:
                        pass
                    break
                except socket.timeout:
                    pass
            else:
                return False
        return True


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def misbehave(kind, good, port):
    """One bad client; gives its socket where it keeps the connection."""
    if isinstance(good, Datagrams):
        client = datagram(port)
        client.send({"get": b"GET / HTTP/1.0\r\n\r\n", "hello": HELLO, "half": bytes(65507)}.get(kind, b""))
        client.close()  # the answer meets a closed port
        return None
    client = connect(port)
    if kind.startswith("open "):
        client, kind = good.secure(Conversation(client)).connection, kind[5:]
    if kind == "get":
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
    elif kind == "half":
        client.sendall(good.framing.half)
    elif kind == "drip":
        client.sendall(good.framing.begin)
    elif kind == "long":
        good.framing.write(client, bytes(70000))
    elif kind == "binary":
        client.sendall(b"\x82\x81\0\0\0\0b")
    elif kind == "hello":
        client.sendall(HELLO)
    elif kind == "half hello":
        client.sendall(HELLO[:20])
    elif kind == "reset":
        client.sendall(good.framing.half)
        reset(client)
        return None
    elif kind == "leave":
        client.close()
        return None
    return client


def kinds(good):
    plain = ["get", "half", "drip", "silent", "hello", "half hello", "reset", "leave"]
    behind = ["open " + kind for kind in plain if "hello" not in kind]  # the handshake, or a header
    if isinstance(good, (Pages, Secure, Proxied)):  # of which no message has begun before
        plain.remove("drip")
    if isinstance(good, Pages):
        return plain + behind + ["open binary", "open long"]
    if isinstance(good, (Secure, Proxied)):
        return plain + behind + ["open long"]
    return plain + ["long"]


def ended_by_the_server(clients, dripping=()):
    """Waits until the server has ended all of them; gives how many it has not.  Those that drip send a byte now and then."""
    waiting = selectors.DefaultSelector()
    for client in clients:
        client.settimeout(0)
        waiting.register(client, selectors.EVENT_READ)
    until = time.monotonic() + PATIENCE
    while waiting.get_map() and time.monotonic() < until:
        for key, _ in waiting.select(0.05):
            try:
                while key.fileobj.recv(65536):
                    pass
            except (BlockingIOError, ssl.SSLWantReadError):
                continue  # what it says to them
            except OSError:
                pass
            waiting.unregister(key.fileobj)
            key.fileobj.close()
        for client in dripping:
            try:
                client.send(b"x")
            except OSError:  # it is ended, or nothing can be sent now
                pass
    return len(waiting.get_map())


def sockets(process):
    """How many of its descriptors are sockets; others are the library's own, for threads that wait."""
    folder, count = "/proc/%d/fd" % process.pid, 0
    for each in os.listdir(folder):
        try:
            count += os.readlink(os.path.join(folder, each)).startswith("socket:")
        except FileNotFoundError:
            pass  # closed meanwhile
    return count


def falls_to(process, most):
    """Waits until there are no more sockets than that; gives how many there were last. Good clients still come."""
    until = time.monotonic() + PATIENCE
    while True:
        now = sockets(process)
        if now <= most or time.monotonic() > until:
            return now
        time.sleep(0.05)


class Talking(threading.Thread):
    """The good clients talk all the time."""

    def __init__(self, good):
        super().__init__()
        self.good, self.rounds, self.over, self.error = good, 0, threading.Event(), None

    def run(self):
        try:
            while True:
                if not self.good.round(self.rounds):
                    raise ValueError("a wrong answer")
                self.rounds += 1
                if self.over.wait(0.05):
                    return
        except (OSError, EOFError, ValueError) as error:
            self.error = error
            self.over.set()


class Recorded:
    """Keeps what is written to it."""

    def __init__(self):
        self.said = b""

    def sendall(self, data):
        self.said += data


class Busy(threading.Thread):
    """A client that sends as much as the server takes and reads all that comes, until the
    server ends the connection. The other good clients only read meanwhile."""

    def __init__(self, good):
        super().__init__()
        self.one = good.busy().connection
        self.all = [client.connection for client in good.clients]
        self.flows = threading.Event()  # many answers have come, and there is always more to answer
        said = Recorded()
        good.framing.write(said, good.stopping)
        self.said = said.said * 4096

    def run(self):
        received, left, connected = 0, self.said, list(self.all)
        for each in connected:
            each.settimeout(0)
        while self.one in connected:
            readable, writable, _ = select.select(connected, [self.one], [], 1)
            for each in readable:
                size, more = self.read(each)
                received += size
                if not more:
                    connected.remove(each)
            if received > len(self.said):
                self.flows.set()
            if writable:
                left = self.send(left)
        self.flows.set()

    def send(self, left):
        try:
            return left[self.one.send(left):] or self.said
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return left
        except OSError:  # the server has ended it; what it sent before can be read
            return left

    def read(self, connection):
        """Gives how much has come, and whether more may come."""
        size = 0
        try:
            while True:
                part = connection.recv(65536)
                if not part:
                    break
                size += len(part)
                if not isinstance(connection, ssl.SSLSocket) or not connection.pending():
                    return size, True
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return size, True
        except OSError:
            pass
        return size, False


def crowd(good, port):
    """BAD bad clients; gives how many of them the server did not end."""
    kept, dripping, all_kinds = [], [], kinds(good)
    for i in range(BAD):
        try:
            kind = all_kinds[i % len(all_kinds)]
            client = misbehave(kind, good, port)
        except OSError:  # ended while it was still misbehaving
            continue
        if client is not None:
            kept.append(client)
            if kind.endswith("drip"):
                dripping.append(client)
    return ended_by_the_server(kept, dripping)


def serve(name, command, good, last, by_input=False):
    """by_input: the end of its input stops the example, and not SIGINT."""
    with open(os.path.join(sys.argv[1], name.replace(" ", "_") + ".log"), "w+") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE if by_input else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True, errors="replace")
        processes.append(process)
        said = []
        try:
            port = int(process.stdout.readline().split()[-1])
            reader = threading.Thread(target=lambda: said.extend(process.stdout))
            reader.start()
            good.open(port)
            check(name + ": good clients before", good.round(0))
            before = sockets(process)
            talking = Talking(good)
            talking.start()
            left = crowd(good, port)
            rounds = talking.rounds
            now = falls_to(process, before)
            talking.over.set()
            talking.join()
            check(name + ": bad clients are ended", left == 0, "%d are not" % left)
            check(name + ": good clients meanwhile", talking.error is None and (rounds if good.beside else talking.rounds) > 0,
                  talking.error or "%d rounds" % rounds)
            check(name + ": descriptors", now <= before, "%d are sockets, before %d" % (now, before))
            check(name + ": good clients afterwards", good.round(9999))
            if good.longest:
                check(name + ": the longest line is heard", good.longest_heard())
                for more in (1, 8, 3000):
                    check(name + ": a longer one ends its client", good.ends_more(port, more), "%d more" % more)
                check(name + ": and no other", good.round(99999))
            busy = good.stopping and Busy(good)
            if busy:
                busy.start()
                check(name + ": answers flow", busy.flows.wait(PATIENCE))
            if by_input:
                process.stdin.close()
            else:
                process.send_signal(signal.SIGINT)
            status = process.wait(PATIENCE)
            if busy:
                busy.join()
            reader.join()
            check(name + ": the end", status == 0 and said[-1:] == [last.replace("N", str(GOOD))],
                  "%d, %s" % (status, said[-3:]))
            good.close()
        except Exception as error:  # one example does not end the test of the others
            check(name, False, repr(error))
        finally:
            process.kill()
            process.wait()
    print("  " + name, flush=True)


def main(folder):
    lines, sized = Lines(), Sized()
    program = lambda name: os.path.join(folder, name)  # noqa: E731
    held = "stopped: N clients were there, 0 sockets and 0 messages are held\n"
    joined = "stopped: 0 clients were there, 0 sockets and 0 messages are held\n"  # the threads have closed theirs
    stopped = "stopped, 0 sockets are held\n"
    quick, long = "100", str(SILENCE)
    all_of_them = [
        ("event_echo lines", [program("event_echo"), "0", "lines", long], Echo(lines), held),
        ("event_echo size", [program("event_echo"), "0", "size", long], Echo(sized), held),
        ("event_chat", [program("event_chat"), "0", "lines", long], Chat(lines, 4096), held),
        ("event_ticker", [program("event_ticker"), "0", "lines", long], Ticker(lines, 64), held),
        ("websocket_server", [program("websocket_server"), "0", os.path.join(ROOT, "examples/websocket_page.html"), long],
         Pages(Frames(), 4096), held),
        ("echo_server lines", [program("echo_server"), "0", "lines", long], Echo(lines), joined),
        ("echo_server size", [program("echo_server"), "0", "size", long], Echo(sized), joined),
        ("chat_server", [program("chat_server"), "0", "lines", long], Chat(lines, 4096), joined),
        ("simple_server lines", [program("simple_server"), "0", "lines", quick], OneByOne(lines), joined),
        ("simple_server size", [program("simple_server"), "0", "size", quick], OneByOne(sized), joined),
        ("clean_stop", [program("clean_stop"), "0", long], Echo(sized), stopped),
        ("clean_stop_cpp", [program("clean_stop_cpp"), "0", long], Echo(sized), stopped),
        ("group_chat", [program("group_chat_cpp"), "0", long], Chat(sized), stopped),
        ("lines simplified", [program("lines_cpp"), "simplified", "0", quick], OneByOne(lines), stopped),
        ("lines threads", [program("lines_cpp"), "threads", "0", long], Echo(lines, 1000), stopped),
        ("lines chat", [program("lines_cpp"), "chat", "0", long], Chat(lines, 1009), stopped),
        ("clean_stop.py", [sys.executable, os.path.join(ROOT, "hosts/python/examples/clean_stop.py"), "0", long], Echo(sized), stopped),
        ("echo_server.py", [sys.executable, os.path.join(ROOT, "hosts/python/examples/echo_server.py"), "0", long], Echo(sized), stopped),
        ("event_echo.pas", [program("event_echo_pascal"), "0", long], Echo(sized), stopped),
        ("CleanStop.cs", ["mono", program("CleanStop.exe"), "0", long], Echo(sized), stopped),
        ("EventEcho.cs", ["mono", program("EventEcho.exe"), "0", long], Echo(sized), stopped, True),
        ("tls_server", [program("tls_server"), "0", program("server.pem"), "--mode", "lines", "--silence", long],
         Secure(lines, folder), joined),
        ("mutual_tls", [program("mutual_tls"), "server", "0", program("server.pem"), program("ca.pem"), long],
         Secure(lines, folder, "client.pem", 4096), joined),
        ("behind_haproxy", [program("behind_haproxy"), "0", "--silence", long], Proxied(lines), held),
        ("udp", [program("udp"), "listen", "0"], Datagrams(lines), joined),
    ]
    threads = [threading.Thread(target=serve, args=each, name=each[0], daemon=True) for each in all_of_them]
    until = time.monotonic() + LIMIT
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0, until - time.monotonic()))
    for thread in threads:
        if thread.is_alive():
            check(thread.name, False, "is not over after %d s" % LIMIT)
            faulthandler.dump_traceback(sys.stdout)
    for process in processes:  # of those
        process.kill()
    print("%d passed, %d failed" % (passed, failed))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
