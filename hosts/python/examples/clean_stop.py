"""clean_stop.py - a server for many clients that Ctrl-C and SIGTERM stop cleanly.

Python runs the handlers of signals in the main thread, between two of its own
instructions: a call of the library that waits would keep it from doing so. The
interpreter writes a byte into the descriptor of signal.set_wakeup_fd at once,
however, and the library's own descriptor makes that a WDSocketWakeup(1): all calls
that wait return WDS_E_CANCELLED, and the handlers run.

usage: clean_stop.py PORT
"""
import ctypes
import os
import signal
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import wdsocket as w  # noqa: E402

lib = w.load(os.environ.get("WDSOCKET_LIBRARY"))


def serve(channel):
    buffer = ctypes.create_string_buffer(4096)
    while True:
        result = lib.WDSocketRead(channel, buffer, len(buffer), -1)
        if result < 0 or lib.WDSocketWrite(channel, buffer, result) < 0:
            break
    if result == w.WDS_E_CANCELLED:
        lib.WDSocketWrite(channel, b"goodbye", -1)
    lib.WDSocketClose(channel)


def main(port):
    if sys.platform != "win32":
        signal.set_wakeup_fd(lib.WDSocketWakeupDescriptor())
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as SIGINT: KeyboardInterrupt
    server = lib.WDSocketCreate(None, port, None)
    number = ctypes.c_int32()
    if lib.WDSocketGetOption(server, w.WDS_OPT_LOCAL_PORT, ctypes.byref(number)) != w.WDS_OK:
        return "cannot listen on port %d" % port
    print("echo server on port %d" % number.value, flush=True)
    clients = []
    # Windows has no such descriptor: there the wait is made in slices.
    slice_ms = 200 if sys.platform == "win32" else -1
    try:
        while True:
            channel = lib.WDSocketAccept(server, slice_ms)
            if channel >= 0:
                clients.append(threading.Thread(target=serve, args=(channel,)))
                clients[-1].start()
            elif channel not in (w.WDS_E_TIMEOUT, w.WDS_E_CANCELLED):
                return "accepting failed: %d" % channel
    except KeyboardInterrupt:
        lib.WDSocketWakeup(1)  # set already, but on Windows
        for client in clients:
            client.join()
    finally:
        lib.WDSocketCloseAll()
    print("stopped", flush=True)
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(int(sys.argv[1])))
