"""echo_server.py - a server with a thread for each client, with the classes, that Ctrl-C and SIGTERM stop cleanly.

usage: echo_server.py PORT [SILENCE_MS]   port 0 = any
"""
import os
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import wdsocketclasses as wdsocket  # noqa: E402

wdsocket.library(os.environ.get("WDSOCKET_LIBRARY"))


def serve(client):
    with client:
        try:
            for message in client:
                client.write(message)
        except wdsocket.Error:
            pass  # the client has left or does not read, or the server is closed


def accept(server):
    try:
        threading.Thread(target=serve, args=(server.accept(),)).start()
    except (wdsocket.Error, RuntimeError) as error:
        if getattr(error, "scope", 0) >= wdsocket.WDS_SCOPE_CONNECTION:
            raise  # of the server itself
        print(error, file=sys.stderr)  # no descriptor or no thread is left for this client
        time.sleep(0.1)


def main(port, silence):
    for number in (signal.SIGINT, signal.SIGTERM):  # as Ctrl-C; a script's & has made Python ignore SIGINT
        signal.signal(number, signal.default_int_handler)
    try:
        with wdsocket.listen(port) as server:
            # A client that says nothing, or never ends its message, does not keep its thread.
            server.set_option(wdsocket.WDS_OPT_IDLE_LIMIT, silence)
            server.set_option(wdsocket.WDS_OPT_MESSAGE_LIMIT, silence)
            server.set_option(wdsocket.WDS_OPT_CLOSE_TIMEOUT, 1000)  # the end waits so long for those that do not read, or go on sending
            print("echo server on port %d" % server.port, flush=True)
            while True:
                accept(server)
    except KeyboardInterrupt:
        pass  # the end of "with" has closed the server and its clients, and so ended their threads
    wdsocket.close_all()  # waits for what still goes out
    print("stopped, %d sockets are held" % wdsocket.sockets_held(), flush=True)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) == 3 else 60000)
