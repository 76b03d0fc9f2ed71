"""clean_stop.py - a server for many clients that Ctrl-C and SIGTERM stop cleanly.

Python runs the handlers of signals in the main thread, between two of its own
instructions: a call of the library that waits would keep it from doing so. The
interpreter writes a byte into the descriptor of signal.set_wakeup_fd at once,
however, and the library's own descriptor makes that a WDSocketWakeup(1): all calls
that wait return WDS_E_CANCELLED, and the handlers run. A client that sends all the
time never makes a read wait: therefore each turn of a loop also looks at a flag.

usage: clean_stop.py PORT [SILENCE_MS]
"""
import ctypes
import os
import signal
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import wdsocket as w  # noqa: E402

lib = w.load(os.environ.get("WDSOCKET_LIBRARY"))
stopping = threading.Event()


def serve(channel):
    buffer = ctypes.create_string_buffer(4096)
    while not stopping.is_set():
        result = lib.WDSocketRead(channel, buffer, len(buffer), -1)
        if result < 0 or lib.WDSocketWrite(channel, buffer, result) < 0:
            break
    if stopping.is_set() or result == w.WDS_E_CANCELLED:  # the handler may come a moment later
        lib.WDSocketWrite(channel, b"goodbye", -1)
    lib.WDSocketClose(channel)


def start(channel, clients):
    """A thread for a client; a machine that has no more threads ends this client only."""
    client = threading.Thread(target=serve, args=(channel,))
    try:
        client.start()
        clients.append(client)
    except RuntimeError as error:
        print("no thread for a client: %s" % error, file=sys.stderr)
        lib.WDSocketClose(channel)


def held():
    sockets = ctypes.c_int64()
    lib.WDSocketGetNumber(0, w.WDS_NUM_SOCKETS, ctypes.byref(sockets))
    return sockets.value


def main(port, silence):
    for number in (signal.SIGINT, signal.SIGTERM):
        # No KeyboardInterrupt: it could come between a client and its thread.
        signal.signal(number, lambda *_: stopping.set())
    if sys.platform != "win32":
        signal.set_wakeup_fd(lib.WDSocketWakeupDescriptor())
    server = lib.WDSocketCreate(None, port, None)
    # A client that says nothing, or never ends its message, does not keep its thread.
    lib.WDSocketSetOption(server, w.WDS_OPT_IDLE_LIMIT, silence)
    lib.WDSocketSetOption(server, w.WDS_OPT_MESSAGE_LIMIT, silence)
    lib.WDSocketSetOption(server, w.WDS_OPT_CLOSE_TIMEOUT, 1000)  # the end waits so long for clients that do not read, or go on sending
    number = ctypes.c_int32()
    if lib.WDSocketGetOption(server, w.WDS_OPT_LOCAL_PORT, ctypes.byref(number)) != w.WDS_OK:
        return "cannot listen on port %d" % port
    print("echo server on port %d" % number.value, flush=True)
    clients, failure = [], None
    # Windows has no such descriptor: there the wait is made in slices.
    slice_ms = 200 if sys.platform == "win32" else -1
    while not stopping.is_set():
        channel = lib.WDSocketAccept(server, slice_ms)
        if channel >= 0:
            clients = [client for client in clients if client.is_alive()]
            start(channel, clients)
        elif lib.WDSocketErrorScope(server, channel) >= w.WDS_SCOPE_CONNECTION:
            failure = "accepting failed: %d" % channel
            break
        elif channel not in (w.WDS_E_TIMEOUT, w.WDS_E_CANCELLED):  # temporary, or about one client
            stopping.wait(0.1)
    stopping.set()  # after a failure, too: the threads of the clients end
    lib.WDSocketWakeup(1)  # on Linux a signal has set it
    for client in clients:
        client.join()
    lib.WDSocketClose(server)
    left = held()
    lib.WDSocketCloseAll()
    print("stopped, %d sockets are held" % left, flush=True)
    return failure or left != 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) == 3 else 60000))
