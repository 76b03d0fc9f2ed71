"""tls.py - a server and a client with TLS, as docs/tls.md shows them, in the folder with its certificates."""
import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
import wdsocketclasses as wdsocket  # noqa: E402
from checks import check, end  # noqa: E402

wdsocket.library(os.environ.get("WDSOCKET_LIBRARY"))


def talking():
    server = wdsocket.Server()
    server.set_text(wdsocket.WDS_TEXT_SSL_CERTIFICATE, "server.pem")
    server.listen(0, "tls://127.0.0.1:0")

    client = wdsocket.Client()
    client.set_text(wdsocket.WDS_TEXT_SSL_AUTHORITIES, "ca.pem")
    client.connect("tls://localhost:%d" % server.port, timeout=10)

    with server, client:
        client.write("hello")
        check("a message", server.accept(10).read_text(10) == "hello")
    check("nothing is left open", wdsocket.sockets_held() == 0)


def switching(connection, role, told):
    """One end of a connection whose ends agree on TLS, and later on going on without."""
    connection.start_tls(10, role=role)
    connection.write("secret")
    told.append(connection.tls_info(wdsocket.WDS_INFO_SSL_VERSION) + " " + connection.read_text(10))
    connection.stop_tls(10)
    connection.write("plain")
    try:
        connection.tls_info(wdsocket.WDS_INFO_SSL_VERSION)
    except wdsocket.Error as error:
        told.append(error.name + " " + connection.read_text(10))


def begins_and_ends():
    with wdsocket.Server() as server, wdsocket.Client() as client:
        server.set_text(wdsocket.WDS_TEXT_SSL_CERTIFICATE, "server.pem")
        server.listen(0, "127.0.0.1")
        client.set_text(wdsocket.WDS_TEXT_SSL_AUTHORITIES, "ca.pem")
        client.connect("localhost", server.port, timeout=10)
        one, two = [], []
        other = threading.Thread(target=switching, args=(server.accept(10), wdsocket.WDS_ROLE_SERVER, two))
        other.start()
        switching(client, wdsocket.WDS_ROLE_CLIENT, one)
        other.join()
        check("TLS begins on an open connection, and ends on it", one == two == ["TLS 1.3 secret", "WDS_E_TLS_NOT_SECURED plain"])


talking()
begins_and_ends()
end()
