"""tls.py - a server and a client with TLS, as docs/tls.md shows them, in the folder with its certificates."""
import os
import sys

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


talking()
end()
