"""stop.py - stops the clean_stop examples, CleanStop.cs and echo_server.py by a real SIGINT and SIGTERM.

usage: stop.py NAME [--no-goodbye] COMMAND ...    (COMMAND gets the port as its last argument)
"""
import signal
import socket
import subprocess
import sys

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


def stops(command, number, goodbye):
    """Many clients in the middle of a conversation, and some that say nothing."""
    process = subprocess.Popen(command + ["0"], stdout=subprocess.PIPE, text=True)
    try:
        port = int(process.stdout.readline().split()[-1])
        clients = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(CLIENTS)]
        answers = [echoed(client, b"hello %d" % i) for i, client in enumerate(clients)]
        process.send_signal(number)
        ends = [read(client, 100) for client in clients]
        rest, _ = process.communicate(timeout=PATIENCE)
        for client in clients:
            client.close()
        name = signal.Signals(number).name
        check("%s: all were served" % name, all(answers))
        check("%s: all get %s the end" % (name, "goodbye, then" if goodbye else "nothing but"), ends == [goodbye] * CLIENTS)
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
