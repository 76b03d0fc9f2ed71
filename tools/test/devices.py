"""devices.py - the simulated devices of examples/devices: each with its client program,
and with peers made by hand, which split bytes, send noise and wrong checks, or nothing.

At SIGINT each ends by itself and holds nothing.

usage: devices.py FOLDER   with the compiled programs
"""
import os
import signal
import subprocess
import sys
import threading
import time

import bad_clients
from bad_clients import BAD, HELLO, PATIENCE, Conversation, check, connect, ended_by_the_server, reset

CLIENTS = 3  # of the client program at the same time
LIMIT = 300  # seconds for all of it
GET = b"GET / HTTP/1.0\r\n\r\n"
FOLDER = sys.argv[1] if len(sys.argv) > 1 else "."
HELD = ", 0 sockets and 0 messages are held\n"


def program(name):
    return os.path.join(FOLDER, name)


class Simulator:
    """A device that runs, and stops at the end."""

    def __init__(self, name, *options):
        self.name, self.command = name, [program(name), "--port", "0", *options]

    def __enter__(self):
        with open(program(self.name) + ".log", "a") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)
        bad_clients.processes.append(self.process)
        self.port = int(self.process.stdout.readline().split()[-1])
        return self

    def __exit__(self, kind, *_):
        try:
            if kind is None:
                self.process.send_signal(signal.SIGINT)
                said, _ = self.process.communicate(timeout=PATIENCE)
                check(" ".join(self.command) + ": the end", self.process.returncode == 0 and said.endswith(HELD),
                      "%d, %r" % (self.process.returncode, said))
        finally:
            self.process.kill()
            self.process.wait()

    def talk(self):
        return Conversation(connect(self.port))


def run(name, *arguments):
    """A client program; gives its status and what it said."""
    done = subprocess.run([program(name), *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", timeout=PATIENCE)
    return done.returncode, done.stdout


def together(what, expected, name, *arguments, times=CLIENTS):
    """The client program several times at once: each says what is expected."""
    results = []
    threads = [threading.Thread(target=lambda: results.append(run(name, *arguments))) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check("%s: %s" % (name, what), len(results) == times and all(status == 0 and expected(said) for status, said in results), results)


def split(conversation, data):
    """Sends each byte by itself, as far as the system lets that be."""
    for byte in data:
        conversation.sendall(bytes([byte]))
        time.sleep(0.001)


def unhelpful(name, half, *options):
    """Clients that say nothing, half a message or something else are ended, and those that leave leave nothing behind."""
    with Simulator(name, "--silence", "300", *options) as device:
        kept = []
        for i in range(BAD):
            said = [b"", half, GET, HELLO, bytes(range(256)), half, b""][i % 7]
            try:
                client = connect(device.port)
                client.sendall(said)
            except OSError:
                continue
            if i % 7 == 5:
                reset(client)
            elif i % 7 == 6:
                client.close()
            else:
                kept.append(client)
        left = ended_by_the_server(kept)
        check(name + ": silent and other bad clients are ended", left == 0, "%d are not" % left)
    status, said = run(name, "--help")
    check(name + ": --help", status == 0 and said.startswith("usage: " + name), said)
    status, said = run(name, "--nonsense")
    check(name + ": an unknown option", status == 2 and "--nonsense" in said, said)


def scale():
    weights = lambda said: said.splitlines() == ["weight 123.45 g"] + ["stable 123.45 g"] * 5  # noqa: E731
    with Simulator("scale", "--weight", "12345", "--swing", "2", "--interval", "20") as device:
        with device.talk() as peer:
            peer.sendall(b"SI\r\n")
            check("scale: a weight that moves", peer.up_to(b"\r\n").startswith(b"S D "))
            peer.sendall(b"S\r\n")
            check("scale: it waits for a stable one", peer.up_to(b"\r\n") == b"S S     123.45 g\r\n")
            split(peer, b"S\r\nSI\r\nT\r\n")
            check("scale: byte by byte", [peer.up_to(b"\r\n") for _ in range(3)] == [b"S S     123.45 g\r\n"] * 2 + [b"T S     123.45 g\r\n"])
            peer.sendall(b"SI\r\nZ\r\nTARE\r\n\r\n")
            check("scale: tared, zeroed, and what it does not know", [peer.up_to(b"\r\n") for _ in range(4)] ==
                  [b"S S       0.00 g\r\n", b"Z A\r\n", b"ES\r\n", b"ES\r\n"])
            peer.sendall(b"SIR\r\n")
            check("scale: again and again", all(peer.up_to(b"\r\n").startswith(b"S S ") for _ in range(5)))
            peer.sendall(b"@\r\n")
            while not peer.up_to(b"\r\n").startswith(b"I4 A"):
                pass
            peer.sendall(b"Z\r\n")
            check("scale: and then no more", peer.up_to(b"\r\n") == b"Z A\r\n")
    with Simulator("scale", "--weight", "12345", "--swing", "0", "--interval", "20") as device:
        together("weights", weights, "read_scale", "127.0.0.1", device.port, 5)
    with Simulator("scale", "--weight", "12345", "--swing", "0", "--interval", "20", "--noise", "2", "--faults", "partial=1..3") as device:
        with device.talk() as peer:
            peer.sendall(b"SI\r\nSI\r\n")
            check("scale: noise", b"".join(peer.up_to(b"g\r\n") for _ in range(2)) ==
                  b"S S     123.45 g\r\n\xff\x01\x15S S      9S S     123.45 g\r\n")
        together("weights with noise", weights, "read_scale", "127.0.0.1", device.port, 5)
    unhelpful("scale", b"SI")


DEVICES = [scale]


def guarded(test):
    try:
        test()
    except Exception as error:  # one device does not end the test of the others
        check(test.__name__, False, repr(error))
    print("  " + test.__name__, flush=True)


def main():
    threads = [threading.Thread(target=guarded, args=(test,), name=test.__name__, daemon=True) for test in DEVICES]
    until = time.monotonic() + LIMIT
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0, until - time.monotonic()))
        if thread.is_alive():
            check(thread.name, False, "is not over after %d s" % LIMIT)
    for process in bad_clients.processes:  # of those
        process.kill()
    print("%d passed, %d failed" % (bad_clients.passed, bad_clients.failed))
    return bad_clients.failed != 0


if __name__ == "__main__":
    sys.exit(main())
