"""A sender of HL7 messages by MLLP, with the bad habits that there are: what stands between
its messages, and how they end, is another thing each time.

usage: mllp.py HOST PORT MESSAGES: sends them, each cut at another place, and reads an
acknowledgement of each, which names it.
"""
import socket
import sys

# What comes before a message, and its end.
BETWEEN = [b"", b"\n", b"\r\n", b"\0", b"\0\0\n", b" ", b"\r"]
ENDS = [b"\x1c\r", b"\x1c\r\n", b"\x1c\r\x1c\r", b"\x1c\x1c\r", b"\x1c", b"\x1c\n"]


def message(number):
    text = "MSH|^~\\&|A|B|C|D|20240131||ORU^R01|%d|P|2.5\rPID|1||%s\r" % (number, "é" * (number % 300))
    return text.encode() if number % 17 else b""


def main(host, port, count):
    peer = socket.create_connection((host, int(port)))
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    answers = peer.makefile("rb")
    for number in range(1, count + 1):
        wire = BETWEEN[number % len(BETWEEN)] + b"\x0b" + message(number) + ENDS[number % len(ENDS)]
        cut = number * 5 % len(wire)
        peer.sendall(wire[:cut])
        peer.sendall(wire[cut:])
        # The receiver must not wait for the next message to give this one.
        expected = b"\x0bMSH|ACK|%d|%d\r\x1c\r" % (number, len(message(number)))
        got = answers.read(len(expected))
        if got != expected:
            sys.exit("expected %r, got %r" % (expected, got))
    # And many at once.
    for begin in range(1, count + 1, 100):
        peer.sendall(b"".join(
            BETWEEN[n % len(BETWEEN)] + b"\x0b" + message(n) + ENDS[n // 7 % len(ENDS)] for n in range(begin, begin + 100)))
        for n in range(begin, begin + 100):
            expected = b"\x0bMSH|ACK|%d|%d\r\x1c\r" % (count + n, len(message(n)))
            got = answers.read(len(expected))
            if got != expected:
                sys.exit("expected %r, got %r" % (expected, got))
    peer.shutdown(socket.SHUT_WR)
    if answers.read(1) != b"":
        sys.exit("more than one acknowledgement for a message")


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
