"""stop.py - stops the clean_stop examples, CleanStop.cs and echo_server.py by a real SIGINT and SIGTERM.

usage: stop.py NAME [--no-goodbye] COMMAND ...    (COMMAND gets the port as its last argument)
"""
import select
import signal
import socket
import subprocess
import sys
import threading

from checks import check, end

CLIENTS = 20
PATIENCE = 60  # seconds, on a machine that is busy


def echoed(client, text):
    client.sendall(b"%d\r\n%s" % (len(text), text))
    return read(client, len(text) + 3) == b"%d\r\n%s" % (len(text), text)


def read(client, most):
    """Reads so many bytes, or what comes before the end."""
    got = b""
    while len(got) < most:
        part = client.recv(most - len(got))
        if not part:
            break
        got += part
    return got


class Busy(threading.Thread):
    """A client that sends as much as the server takes and reads all that comes: no read of the
    server for it ever waits. The server ends the connection."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.client = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.flows = threading.Event()

    def run(self):
        said = left = b"5\r\nhello" * 4096
        received = 0
        self.client.settimeout(0)
        try:
            while True:
                readable, writable, _ = select.select([self.client], [self.client], [], 1)
                if readable:
                    part = self.client.recv(65536)
                    if not part:
                        return
                    received += len(part)
                if received > len(said):
                    self.flows.set()
                if writable:
                    left = left[self.client.send(left):] or said
        except OSError:
            pass  # reset: the server has not read all
        finally:
            self.client.close()


def stops(command, number, goodbye):
    """Many clients in the middle of a conversation, and some that say nothing."""
    own = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as it is for what a script starts with &
    process = subprocess.Popen(command + ["0"], stdout=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, own)
    try:
        port = int(process.stdout.readline().split()[-1])
        clients = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(CLIENTS)]
        answers = [echoed(client, b"hello %d" % i) for i, client in enumerate(clients)]
        busy = Busy(port)
        busy.start()
        flows = busy.flows.wait(PATIENCE)
        process.send_signal(number)
        ends = [read(client, 100) for client in clients]
        rest, _ = process.communicate(timeout=PATIENCE)
        busy.join(PATIENCE)
        for client in clients:
            client.close()
        name = signal.Signals(number).name
        check("%s: all were served" % name, all(answers))
        check("%s: all get %s the end" % (name, "goodbye, then" if goodbye else "nothing but"), ends == [goodbye] * CLIENTS)
        check("%s: beside one that sends all the time" % name, flows and not busy.is_alive())
        check("%s: the program ends by itself" % name, process.returncode == 0 and rest == "stopped, 0 sockets are held\n")
    finally:
        process.kill()
        process.wait()


for number in (signal.SIGINT, signal.SIGTERM):
    if sys.argv[2] == "--no-goodbye":
        stops(sys.argv[3:], number, b"")
    else:
        stops(sys.argv[2:], number, b"7\r\ngoodbye")
end()
