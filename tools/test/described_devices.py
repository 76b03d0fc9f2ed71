"""described_devices.py - the simulated devices of examples/devices, read by the descriptions
that docs/devices.md shows for them: WDS_TEXT_FRAME, by way of the library for Python.

usage: described_devices.py FOLDER   with the compiled devices; WDSOCKET_LIBRARY names the library
"""
import ctypes
import os
import subprocess
import sys

import bad_clients
import devices
from bad_clients import PATIENCE, ROOT, check
from devices import Simulator, program

sys.path.insert(0, os.path.join(ROOT, "hosts", "python"))
import wdsocket  # noqa: E402

LIBRARY = wdsocket.load(os.environ["WDSOCKET_LIBRARY"])
WAIT = PATIENCE * 1000
HEAD = "| description | on the wire | messages |\n| --- | --- | --- |\n"


def descriptions():
    """Those of the page, by the headings of their sections."""
    with open(os.path.join(ROOT, "docs", "devices.md"), encoding="utf-8") as page:
        sections = page.read().split("\n## ")[1:]
    found = {}
    for section in sections:
        heading, _, text = section.partition("\n")
        for table in text.split(HEAD)[1:]:
            rows = table.split("\n\n")[0].splitlines()
            found[heading] = [row.split("`")[1].replace("\\|", "|") for row in rows]
    return found


DESCRIPTIONS = descriptions()


def must(what, result):
    if result < 0:
        text = bytearray(4096)
        LIBRARY.WDSocketErrorInfo(0, wdsocket.WDS_INFO_MESSAGE, text, len(text))
        raise OSError("%s: %d %s" % (what, result, text.split(b"\0")[0].decode()))
    return result


class Client:
    """A socket of the library that reads as the page says."""

    def __init__(self, socket, heading, which=0):
        self.socket = socket
        self.describe(heading, which)

    @classmethod
    def of(cls, device, heading):
        return cls(must("connecting", LIBRARY.WDSocketConnect(None, device.port, b"127.0.0.1", WAIT)), heading)

    def describe(self, heading, which):
        must("describing", LIBRARY.WDSocketSetText(self.socket, wdsocket.WDS_TEXT_FRAME, DESCRIPTIONS[heading][which].encode()))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        LIBRARY.WDSocketClose(self.socket)

    def read(self):
        data = bytearray(65536)
        return bytes(data[:must("reading", LIBRARY.WDSocketRead(self.socket, data, len(data), WAIT))])

    def write(self, data):
        must("writing", LIBRARY.WDSocketWrite(self.socket, data, len(data)))

    def option(self, option, value):
        must("setting", LIBRARY.WDSocketSetOption(self.socket, option, value))

    def is_control(self):
        value = ctypes.c_int32()
        must("asking", LIBRARY.WDSocketGetOption(self.socket, wdsocket.WDS_OPT_FRAME_MESSAGE, ctypes.byref(value)))
        return value.value == wdsocket.WDS_FRAME_CONTROL

    def say(self, byte):
        """A byte between the blocks, as it is."""
        self.option(wdsocket.WDS_OPT_WRITE_MODE, wdsocket.WDS_MODE_RAW)
        self.write(byte)
        self.option(wdsocket.WDS_OPT_WRITE_MODE, -1)


SPLIT = ["--faults", "send:partial=1..3"]


def scale():
    with Simulator("scale", "--weight", "12345", "--swing", "0", *SPLIT) as device, Client.of(device, "A scale") as client:
        client.write(b"S")
        check("a scale, as described", client.read() == b"S S     123.45 g")


def receipt_printer():
    with Simulator("receipt_printer") as device, Client.of(device, "A receipt printer") as client:
        client.write(b"\x10\x04\x01\x10\x04\x04")
        got = client.read(), client.read()
        check("a receipt printer, as described", all(len(one) == 1 and one[0] & 0x93 == 0x12 for one in got), got)


def label_printer():
    with Simulator("label_printer", *SPLIT) as device, Client.of(device, "A label printer") as client:
        client.write(b"~HS")
        got = [client.read() for _ in range(3)]
        check("a label printer, as described", [one.count(b",") for one in got] == [11, 10, 1], got)


def barcode_reader():
    for options in [], ["--crlf"], SPLIT, ["--crlf", *SPLIT]:
        with Simulator("barcode_reader", "--interval", "10", "--burst", "3", *options) as device, Client.of(device, "A barcode reader") as client:
            got = [client.read() for _ in range(4)]
            check("a barcode reader, as described %s" % options,
                  got == [b"5901234123457", b"9780201379624", b"0012345678905", b"4006381333931"], got)
            client.write(b"LOFF")
            client.write(b"NONE")
            while not client.read().startswith(b"ER,NONE"):
                pass


def payment_terminal():
    with Simulator("payment_terminal", "--think", "20", "--damaged", "0", *SPLIT) as device, Client.of(device, "A payment terminal") as client:
        said = []

        def hears(byte):
            said.append(client.read() == byte and client.is_control())
        client.say(b"\x05")
        hears(b"\x06")
        client.write(devices.ORDER)
        hears(b"\x06")
        client.say(b"\x04")
        hears(b"\x05")
        client.say(b"\x06")
        got = client.read()
        check("a payment terminal, as described", all(said) and got == devices.RESULT and not client.is_control(), (said, got))


def plc():
    with Simulator("plc", *SPLIT) as device, Client.of(device, "A PLC with Modbus TCP") as client:
        client.write(bytes.fromhex("0001 0000 0000 01 03 0005 0001"))
        got = client.read()
        check("a PLC with Modbus TCP, as described", got == bytes.fromhex("0001 0000 0005 01 03 02 03ED"), got)


def s7_plc():
    with Simulator("s7_plc", *SPLIT) as device, Client.of(device, "A PLC with the S7 protocol") as client:
        client.write(bytes.fromhex("11E00000000100C0010AC1020100C2020102"))
        got = client.read()
        check("a PLC with S7, as described", got[1:2] == b"\xd0", got)


def hl7_receiver():
    with Simulator("hl7_receiver", *SPLIT) as device, Client.of(device, "An HL7 receiver") as client:
        for number in b"1", b"2":
            client.write(b"MSH|^~\\&|LAB|NORTH|HIS|CITY|2026||ORU^R01|" + number + b"|P|2.5\rPID|1\r")
            got = client.read()
            check("an HL7 receiver, as described", got.endswith(b"MSA|AA|" + number + b"\r"), got)


def gps_tracker():
    server = must("opening", LIBRARY.WDSocketCreate(None, 0, b"127.0.0.1"))
    port = ctypes.c_int32()
    must("asking", LIBRARY.WDSocketGetOption(server, wdsocket.WDS_OPT_LOCAL_PORT, ctypes.byref(port)))
    tracker = subprocess.Popen([program("gps_tracker"), "--port", str(port.value), "--records", "1", "--packets", "2", "--interval", "1",
                                "--faults", "send:partial=1..5"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    bad_clients.processes.append(tracker)
    with Client(must("accepting", LIBRARY.WDSocketAccept(server, WAIT)), "GPS trackers") as client:
        check("a GPS tracker, as described: who it is", client.read() == devices.LOGIN[2:])
        client.describe("GPS trackers", 1)
        client.write(b"\1")
        for _ in range(2):
            got = client.read()
            check("a GPS tracker, as described: a packet", got[:2] == b"\x08\1" and got[-1:] == b"\1", got)
            client.write(b"\0\0\0\1")
        said, _ = tracker.communicate(timeout=PATIENCE)
    check("a GPS tracker, as described: the end", tracker.returncode == 0 and said.startswith("2 records are delivered\n"), said)
    must("closing", LIBRARY.WDSocketClose(server))


def main():
    check("each device has a description", len(DESCRIPTIONS) == 9, list(DESCRIPTIONS))
    for test in scale, receipt_printer, label_printer, barcode_reader, payment_terminal, plc, s7_plc, hl7_receiver, gps_tracker:
        devices.guarded(test)
    must("closing all", LIBRARY.WDSocketCloseAll())
    for process in bad_clients.processes:  # of those
        process.kill()
    print("%d passed, %d failed" % (bad_clients.passed, bad_clients.failed))
    return bad_clients.failed != 0


if __name__ == "__main__":
    sys.exit(main())
