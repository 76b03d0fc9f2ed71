"""devices.py - the simulated devices of examples/devices: each with its client program,
and with peers made by hand, which split bytes, send noise and wrong checks, or nothing.

At SIGINT each ends by itself and holds nothing.

usage: devices.py FOLDER   with the compiled programs
"""
import os
import signal
import socket
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


def modbus(transaction, unit, pdu):
    return transaction.to_bytes(2, "big") + b"\0\0" + (len(pdu) + 1).to_bytes(2, "big") + bytes([unit]) + pdu


def plc():
    def hears(peer, message):
        got = peer.exactly(len(message))
        return got == message or got
    registers = lambda first, count: bytes([2 * count]) + b"".join((1000 + i).to_bytes(2, "big") for i in range(first, first + count))  # noqa: E731
    listed = lambda said: said.splitlines() == ["register %d = %d" % (i, 2000 + i) for i in range(7, 7 + 95)]  # noqa: E731
    with Simulator("plc", "--units", "2", "--faults", "send:partial=1..9") as device:
        with device.talk() as peer:
            good = []
            for number, (unit, asked, said) in enumerate([
                    (1, b"\x03\0\x05\0\x03", b"\x03" + registers(5, 3)),
                    (1, b"\x04\0\0\0\x7d", b"\x04" + registers(0, 125)),
                    (1, b"\x06\0\x09\x12\x34", b"\x06\0\x09\x12\x34"),
                    (1, b"\x10\0\x0a\0\x02\x04\x56\x78\x9a\xbc", b"\x10\0\x0a\0\x02"),
                    (1, b"\x03\0\x09\0\x03", b"\x03\x06\x12\x34\x56\x78\x9a\xbc"),
                    (2, b"\x03\0\x09\0\x01", b"\x03\x02\x07\xd9"),
                    (3, b"\x03\0\x09\0\x01", b"\x83\x0b"),
                    (1, b"\x05\0\x09\xff\0", b"\x85\x01"),
                    (1, b"\x03\x03\xe7\0\x02", b"\x83\x02"),
                    (1, b"\x03\0\0\0\x7e", b"\x83\x03"),
                    (1, b"\x10\0\0\0\x02\x04\0\0", b"\x90\x03"),
                    (1, b"\x03", b"\x83\x03")]):
                split(peer, modbus(number, unit, asked))
                good.append(hears(peer, modbus(number, unit, said)))
            check("plc: questions and answers", all(one is True for one in good), good)
            peer.sendall(b"\0\x01\0\x07\0\x02\x01\x03" + modbus(77, 2, b"\x03\0\x09\0\x01"))
            check("plc: a damaged header is read over", hears(peer, modbus(77, 2, b"\x03\x02\x07\xd9")) is True)
        together("registers", listed, "read_registers", "127.0.0.1", device.port, 2, 7, 95)
        check("modbus: modbus.c talks to it", run("modbus", "127.0.0.1", device.port, 1, 3, 2, 77)[0] == 0)
        check("read_registers: refused", run("read_registers", "127.0.0.1", device.port, 1, 995, 10) == (1, "the device refuses: Modbus exception 2\n"))
    with Simulator("plc", "--swap") as device:
        with device.talk() as peer:
            ask = b"\x03\0\x05\0\x01"
            say = b"\x03" + registers(5, 1)
            peer.sendall(b"".join(modbus(number, 1, ask) for number in (1, 2, 3)))
            check("plc: the second answer first, the third when nothing follows",
                  all(hears(peer, modbus(number, 1, say)) is True for number in (2, 1, 3)))
        together("swapped answers", listed, "read_registers", "127.0.0.1", device.port, 2, 7, 95)
    with Simulator("plc", "--delay", "50", "--faults", "partial=1..3") as device:
        together("late answers in pieces", listed, "read_registers", "127.0.0.1", device.port, 2, 7, 95)
    unhelpful("plc", modbus(1, 1, b"\x03")[:-3], "--delay", "50")


def tpkt(packet):
    return b"\x03\0" + (len(packet) + 4).to_bytes(2, "big") + packet


def s7(kind, reference, parameters, data=b"", error=b""):
    head = bytes([0x02, 0xF0, 0x80, 0x32, kind, 0, 0]) + reference.to_bytes(2, "big")
    return tpkt(head + len(parameters).to_bytes(2, "big") + len(data).to_bytes(2, "big") + error + parameters + data)


def s7_plc():
    fine = b"\0\0"
    item = lambda block, start, count, kind=2: bytes([0x12, 0x0A, 0x10, kind, 0, count, 0, block, 0x84]) + (8 * start).to_bytes(3, "big")  # noqa: E731
    say = lambda data, why=0xFF: bytes([why, 4]) + (8 * len(data)).to_bytes(2, "big") + data  # noqa: E731
    request = bytes.fromhex("11E00000000100C0010AC1020100C2020102")
    said = lambda text: text == " ".join("%02X" % i for i in range(6, 26)) + "\n"  # noqa: E731
    with Simulator("s7_plc", "--faults", "send:partial=1..9") as device:
        with device.talk() as peer:
            split(peer, tpkt(request))
            got = peer.exactly(22)
            check("s7_plc: connected", got[4:8] == b"\x11\xd0\0\x01" and got[11:] == request[7:], got)
            good = []
            for number, (asked, sent, answered, data) in enumerate([
                    (b"\xf0\0\0\1\0\1\3\xc0", b"", b"\xf0\0\0\1\0\1\0\xf0", b""),
                    (b"\4\1" + item(1, 3, 4), b"", b"\4\1", say(b"\3\4\5\6")),
                    (b"\5\2" + item(1, 0, 1) + item(1, 4, 2), b"\0\4\0\x08\xaa\0\0\4\0\x10\xbb\xcc", b"\5\2", b"\xff\xff"),
                    (b"\4\2" + item(1, 0, 1) + item(1, 3, 4), b"", b"\4\2", say(b"\xaa") + b"\0" + say(b"\3\xbb\xcc\6")),
                    (b"\4\3" + item(2, 0, 1) + item(1, 255, 2) + item(1, 0, 1, 4), b"", b"\4\3", b"\x0a\0\0\0\5\0\0\0\6\0\0\0"),
                    (b"\5\2" + item(1, 0, 9) + item(1, 0, 9), b"\0\4\0\x48\1", b"\5\2", b"\7\7")]):
                split(peer, s7(1, number, asked, sent))
                expected = s7(3, number, answered, data, fine)
                got = peer.exactly(len(expected))
                good.append(got == expected or got)
            check("s7_plc: questions and answers", all(one is True for one in good), good)
            peer.sendall(s7(1, 99, b"\x1d\0") + s7(1, 98, b"\4\2" + item(1, 0, 200) * 2))
            check("s7_plc: what it refuses", peer.exactly(38) == s7(3, 99, b"", b"", b"\x81\4") + s7(3, 98, b"", b"", b"\x85\0"))
            peer.sendall(b"\x03\0\0\x07\x02\xf0\x80")
            check("s7_plc: nonsense ends the connection", up_to_the_end(peer) == b"")
        with device.talk() as peer:
            peer.sendall(s7(1, 1, b"\4\1" + item(1, 3, 4)))
            check("s7_plc: connect first", up_to_the_end(peer) == b"")
        together("bytes", said, "read_db", "127.0.0.1", device.port, 1, 6, 20)
        check("read_db: no such block", run("read_db", "127.0.0.1", device.port, 2, 5, 20)[0] == 1)
    unhelpful("s7_plc", tpkt(request)[:-3])
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        results = []
        client = threading.Thread(target=lambda: results.append(run("read_db", "127.0.0.1", server.getsockname()[1], 1, 0, 2)))
        client.start()
        with Conversation(server.accept()[0]) as peer:
            peer.exactly(22)
            peer.sendall(tpkt(b"\x11\xd0\0\1\0\x07\0" + request[7:]))
            setup = peer.exactly(25)
            peer.sendall(s7(3, int.from_bytes(setup[11:13], "big"), setup[17:], b"", fine))
            asked = int.from_bytes(peer.exactly(31)[11:13], "big")
            for reference, data in (asked + 7, b"\1\2"), (asked, b"\3\4"):
                peer.sendall(s7(3, reference, b"\4\1", say(data), fine))
            client.join()
        check("read_db: an answer to another question is read over", results == [(0, "03 04\n")], results)


def hl7_receiver():
    message = b"\x0bMSH|^~\\&|LAB|NORTH|HIS|CITY|2026||%s|%s|P|2.5\rPID|1\r\x1c\r"
    delivered = lambda said: said == "5 messages are delivered\n"  # noqa: E731

    def answers(peer, code, number, kind=b"ACK^R01"):
        got = peer.up_to(b"\x1c\r")
        return (got.startswith(b"\x0bMSH|^~\\&|HIS|CITY|LAB|NORTH|") and b"|" + kind + b"|" in got and
                got.endswith(b"|P|2.5\rMSA|%s|%s\r\x1c\r" % (code, number))) or got
    with Simulator("hl7_receiver", "--error", "3", "--faults", "send:partial=1..9") as device:
        with device.talk() as peer:
            split(peer, message % (b"ORU^R01", b"1"))
            good = [answers(peer, b"AA", b"1")]
            peer.sendall(b"\0\n" + message % (b"ORU^R01", b"1") + b"\r\n" + message % (b"ADT", b"2"))
            good += [answers(peer, b"AA", b"1"), answers(peer, b"AA", b"2", b"ACK")]
            peer.sendall(message % (b"ACK^R01", b"3") + message % (b"ORU^R01", b"4") + message % (b"ORU^R01", b"4"))
            good += [answers(peer, b"AE", b"4"), answers(peer, b"AA", b"4")]
            peer.sendall(message[:30] + message % (b"ORU^R01", b"") + message.replace(b"|", b"#") % (b"ORU^R01", b"9"))
            good += [answers(peer, b"AR", b"")]
            good += [peer.up_to(b"\x1c\r").endswith(b"#P#2.5\rMSA#AA#9\r\x1c\r")]
            peer.sendall(b"\x0bGET / HTTP/1.0\r\n\x1c\r")
            good += [peer.up_to(b"\x1c\r").endswith(b"MSA|AR|\r\x1c\r")]
            check("hl7_receiver: messages and their answers", all(one is True for one in good), good)
    with Simulator("hl7_receiver", "--error", "2") as device:
        check("send_hl7: an error", run("send_hl7", "127.0.0.1", device.port, 5) == (1, "message MSG00002 is not accepted: AE\n"))
    with Simulator("hl7_receiver", "--faults", "partial=1..9") as device:
        together("messages", delivered, "send_hl7", "127.0.0.1", device.port, 5)
    with Simulator("hl7_receiver", "--lose", "3") as device:
        check("send_hl7: answers are lost", run("send_hl7", "127.0.0.1", device.port, 5) == (0, "5 messages are delivered\n"))
    unhelpful("hl7_receiver", message[:30])


# The example of the description of the protocol.
PACKET = bytes.fromhex("000000000000003608010000016B40D8EA30010000000000000000000000000000000105021503010101425E0F01F10000601A014E0000000000000000010000C7CF")
LOGIN = b"\0\x0f356307042441013"


def receive_positions():
    delivered = lambda said: said.startswith("6 records are delivered\n")  # noqa: E731
    with Simulator("receive_positions", "--faults", "send:partial=1..1") as server:
        with server.talk() as peer:
            split(peer, LOGIN)
            check("receive_positions: logged in", peer.exactly(1) == b"\1")
            good = []
            split(peer, PACKET)
            good.append(peer.exactly(4))
            peer.sendall(PACKET[:-1] + b"\xce" + PACKET)
            good += [peer.exactly(4), peer.exactly(4)]
            for place in 8, 9, 36, 61:  # another codec, numbers that are wrong: with a CRC that is right
                data = bytearray(PACKET[8:-4])
                data[place - 8] ^= 0x40
                peer.sendall(PACKET[:8] + bytes(data) + crc16(data).to_bytes(4, "big"))
                good.append(peer.exactly(4))
            check("receive_positions: packets", good == [b"\0\0\0\1", b"\0\0\0\0", b"\0\0\0\1"] + [b"\0\0\0\0"] * 4, good)
            peer.sendall(b"\0\0\0\1" + PACKET[4:])
            check("receive_positions: not zeros in front", up_to_the_end(peer) == b"")
        with server.talk() as peer:
            peer.sendall(b"\0\x0f35630704244101x")
            check("receive_positions: a wrong IMEI", up_to_the_end(peer) == b"\0")
        together("packets", delivered, "gps_tracker", "--port", server.port, "--packets", 3, "--interval", 1, "--faults", "partial=1..9")
        together("damaged packets", delivered, "gps_tracker", "--port", server.port, "--packets", 3, "--interval", 1, "--damaged", 2)
    unhelpful("receive_positions", LOGIN[:9])


def crc16(data):
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def gps_tracker():
    """The server is made by hand."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        port = str(server.getsockname()[1])
        command = [program("gps_tracker"), "--port", port, "--records", "1", "--interval", "1"]
        tracker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        bad_clients.processes.append(tracker)
        client, _ = server.accept()
        client.settimeout(PATIENCE)
        with Conversation(client) as peer:
            check("gps_tracker: who it is", peer.exactly(17) == LOGIN)
            split(peer, b"\1")
            packets = []
            for answer in b"\0\0\0\0", b"\0\0\0\2", b"\0\0\0\1", b"\0\0\0\1":
                head = peer.exactly(8)
                packet = peer.exactly(int.from_bytes(head, "big") + 4)
                check("gps_tracker: the CRC", crc16(packet[:-4]) == int.from_bytes(packet[-4:], "big"))
                packets.append(packet)
                split(peer, answer)
            peer.exactly(8)
            tracker.send_signal(signal.SIGINT)
            said, _ = tracker.communicate(timeout=PATIENCE)
        check("gps_tracker: sent until they are acknowledged", packets[0] == packets[1] == packets[2] != packets[3], packets)
        check("gps_tracker: the end", tracker.returncode == 0 and said.startswith("2 records are delivered\n") and said.endswith(HELD), said)
        refused = threading.Thread(target=refuse_tracker, args=(server,))
        refused.start()
        check("gps_tracker: refused", run("gps_tracker", "--port", port) == (1, "the server does not take this tracker\n"))
        refused.join()
    status, said = run("gps_tracker", "--help")
    check("gps_tracker: --help", status == 0 and said.startswith("usage: gps_tracker"), said)
    check("gps_tracker: no port", run("gps_tracker")[0] == 2)


def refuse_tracker(server):
    client, _ = server.accept()
    with Conversation(client) as peer:
        peer.exactly(17)
        peer.sendall(b"\0")
        up_to_the_end(peer)


DEVICES = [scale, receipt_printer, label_printer, barcode_reader, payment_terminal, plc, s7_plc, hl7_receiver, receive_positions, gps_tracker]


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
