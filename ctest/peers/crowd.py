"""crowd.py - 200 clients of an echo server in lines, all at the same time.

usage: crowd.py PORT [CA [CERTIFICATE]]   with TLS to "localhost" if there is an authority

They come from 127.0.0.7. Each says a line and hears it again, when all are there.
"""
import socket
import ssl
import sys

CLIENTS = 200
PATIENCE = 120  # seconds, on a machine that is busy
SOURCE = "127.0.0.7"


def connect(port, context):
    client = socket.create_connection(("127.0.0.1", port), PATIENCE, (SOURCE, 0))
    return context.wrap_socket(client, server_hostname="localhost") if context else client


def line(client):
    got = b""
    while not got.endswith(b"\r\n"):
        part = client.recv(100)
        if not part:
            break
        got += part
    return got


def main(port, authority=None, certificate=None):
    context = authority and ssl.create_default_context(cafile=authority)
    if certificate:
        context.load_cert_chain(certificate)
    clients = [connect(int(port), context) for _ in range(CLIENTS)]
    for i, client in enumerate(clients):
        client.sendall(b"hello %d\r\n" % i)
    good = sum(line(client) == b"hello %d\r\n" % i for i, client in enumerate(clients))
    for client in clients:
        if context:
            client = client.unwrap()  # an orderly end
        client.close()
    print("%d of %d clients are answered" % (good, CLIENTS))
    return good != CLIENTS


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
