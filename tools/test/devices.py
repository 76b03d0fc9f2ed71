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


def up_to_the_end(peer):
    """All that still comes, until the device ends the connection."""
    try:
        while True:
            peer.more()
    except (EOFError, ConnectionError):
        return peer.got


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


def receipt_printer():
    with Simulator("receipt_printer", "--faults", "send:partial=1..1") as device:
        with device.talk() as peer:
            peer.sendall(b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04\x10\x04\x09\x1dr\x01")
            check("receipt_printer: all is well", peer.exactly(5) == b"\x12" * 4 + b"\x00")
            split(peer, b"\x1b@a line\n\x1bp\x00\x19\xfa\x1dV\x42\x00\x1dV\x00\x10\x04\x01")
            check("receipt_printer: the drawer", peer.exactly(1) == b"\x16")
            # In a command the bytes of a status question are its parameter; the drawer's has three.
            peer.sendall(b"\x1ba\x10\x04\x01\x1bZ\x1dr\x01")
            check("receipt_printer: a question inside a command", peer.exactly(1) == b"\x00")
        together("a receipt", lambda said: said == "printed\n", "print_receipt", "127.0.0.1", device.port)
    with Simulator("receipt_printer", "--paper", "12") as device:
        check("print_receipt: paper is short then", run("print_receipt", "127.0.0.1", device.port) == (0, "printed, paper is short\n"))
        with device.talk() as peer:
            peer.sendall(b"\x10\x04\x04" + b"\n" * 20 + b"\x10\x04\x04\x10\x04\x02\x10\x04\x01\x1dr\x01\x10\x04\x03")
            check("receipt_printer: no paper", peer.exactly(5) == b"\x1e\x7e\x32\x1a\x12")
        check("print_receipt: no paper", run("print_receipt", "127.0.0.1", device.port) == (1, "there is no paper\n"))
    with Simulator("receipt_printer", "--cover") as device:
        check("print_receipt: the cover", run("print_receipt", "127.0.0.1", device.port) == (1, "the cover is open\n"))
    unhelpful("receipt_printer", b"\x1bp\x00")


STATUS = (b"\x02030,%d,%d,1245,%03d,0,0,%d,000,0,0,0\x03\r\n\x02000,0,0,0,1,2,4,0,%08d,1,000\x03\r\n\x021234,0\x03\r\n")


def label_printer():
    with Simulator("label_printer", "--pace", "10", "--faults", "send:partial=1..7") as device:
        with device.talk() as peer:
            split(peer, b"~HS")
            check("label_printer: all is well", peer.exactly(len(STATUS % (0, 0, 0, 0, 0))) == STATUS % (0, 0, 0, 0, 0))
            split(peer, b"~PP^XA\r\n^FO50,50^FDone^FS\r\n^PQ3^XZ\r\n^XA^FDtwo~HS")
            check("label_printer: paused, and a label has begun", peer.exactly(len(STATUS % (0, 1, 1, 1, 3))) == STATUS % (0, 1, 1, 1, 3))
            check("print_label: paused", run("print_label", "127.0.0.1", device.port, 1) == (1, "the printer is paused\n"))
            peer.sendall(b"^FS^PQ0^XZ~PS~HS")
            peer.exactly(len(STATUS % (0, 0, 2, 0, 3)))
        together("labels", lambda said: said == "printed\n", "print_label", "127.0.0.1", device.port, 2)
    with Simulator("label_printer", "--pace", "10", "--labels", "2") as device:
        check("print_label: the roll ends", run("print_label", "127.0.0.1", device.port, 3) == (1, "the printer has no labels\n"))
        with device.talk() as peer:
            peer.sendall(b"~JA~HS" + b"^XA^XZ" * 120 + b"~HS")
            check("label_printer: no labels", peer.exactly(len(STATUS % (1, 0, 0, 0, 0))) == STATUS % (1, 0, 0, 0, 0))
            check("label_printer: full", peer.exactly(len(STATUS % (1, 0, 100, 0, 1))) == (STATUS % (1, 0, 100, 0, 1)).replace(b",100,0", b",100,1"))
    with Simulator("label_printer", "--labels", "0", "--mute", "--silence", "300") as device:
        with device.talk() as peer:
            peer.sendall(b"~HS~HS")
            check("label_printer: mute", up_to_the_end(peer) == b"")
    unhelpful("label_printer", b"^XA^FDhalf")


def barcode_reader():
    good = ["5901234123457", "9780201379624", "0012345678905", "4006381333931"]
    listed = lambda said: said.splitlines() == good  # noqa: E731
    with Simulator("barcode_reader", "--interval", "10", "--burst", "3", "--faults", "send:partial=1..5") as device:
        with device.talk() as peer:
            check("barcode_reader: several at once", peer.up_to(b"\r5901") == "\r".join(good + [good[0]])[:-9].encode())
            split(peer, b"LOFF\r\nNONE\r")
            peer.up_to(b"ER,NONE,00\r")
            peer.sendall(b"LOFF\rL\x01N\r")
            check("barcode_reader: stopped", peer.up_to(b"\r") == b"ER,L\x01N,00\r")
            peer.sendall(b"LON\r")
            check("barcode_reader: and started", peer.up_to(b"\r")[:-1].decode() in good)
        together("codes", listed, "read_codes", "127.0.0.1", device.port, 4)
    with Simulator("barcode_reader", "--interval", "10", "--crlf", "--misread", "2", "--blind", "3") as device:
        together("CR LF, wrong and unreadable ones",
                 lambda said: said.splitlines()[:4] == [good[0], "9780211379624 is wrong", "not read", "4006391333931 is wrong"],
                 "read_codes", "127.0.0.1", device.port, 3)
    unhelpful("barcode_reader", b"LO")


def block(text):
    check = 0
    for byte in text + b"\x03":
        check ^= byte
    return b"\x02" + text + b"\x03" + bytes([check])


ORDER = b"0100001250010978          A010B010"
RESULT = b"01000001250197" + b"8          "


def payment_terminal():
    plain, behind_length = lambda piece: piece, lambda piece: len(piece).to_bytes(2, "big") + piece
    for options, packed in (["--faults", "send:partial=1..4"], plain), (["--length"], behind_length):
        with Simulator("payment_terminal", "--think", "20", *options) as device:
            with device.talk() as peer:
                def hears(what):
                    return peer.exactly(len(packed(what))) == packed(what)
                split(peer, packed(b"\x05"))
                good = [hears(b"\x06")]
                for wrong in block(ORDER)[:-1] + b"\x7f", block(ORDER[:-1]):
                    peer.sendall(packed(wrong))
                    good.append(hears(b"\x15"))
                split(peer, packed(block(ORDER)))
                good.append(hears(b"\x06"))
                split(peer, packed(b"\x04"))
                good.append(hears(b"\x05"))
                for again in b"\x06", b"\x15", b"\x15":
                    peer.sendall(packed(again))
                    good.append(hears(block(RESULT)))
                peer.sendall(packed(b"\x15"))
                good.append(hears(b"\x04"))
                peer.sendall(packed(b"\x05") + packed(block(ORDER)) + packed(b"\x04"))
                good.append(hears(b"\x06") and hears(b"\x06") and hears(b"\x05"))
                check("payment_terminal: a conversation %s" % options, all(good), good)
            with device.talk() as peer:
                peer.sendall(packed(block(ORDER)))
                check("payment_terminal: an order without a call %s" % options, peer.exactly(len(packed(b"\x15"))) == packed(b"\x15"))
                peer.sendall(packed(b"\x02" + b"0" * 20) + packed(b"\x05") + packed(block(ORDER)))
                while peer.exactly(1) != b"\x06":
                    pass
    with Simulator("payment_terminal", "--think", "20", "--faults", "partial=1..3") as device:
        together("paid", lambda said: said == "paid\n", "pay", "127.0.0.1", device.port, 1250)
    with Simulator("payment_terminal", "--think", "20", "--damaged", "2") as device:
        together("a damaged answer is asked for again", lambda said: said == "paid\n", "pay", "127.0.0.1", device.port, 99999999)
    with Simulator("payment_terminal", "--think", "20", "--refuse") as device:
        check("pay: not paid", run("pay", "127.0.0.1", device.port, 1) == (1, "not paid\n"))
    unhelpful("payment_terminal", b"\x05\x02010000")


DEVICES = [scale, receipt_printer, label_printer, barcode_reader, payment_terminal]


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
