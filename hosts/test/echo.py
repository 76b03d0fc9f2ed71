"""echo.py - a Python host that talks to echo.c in each mode."""
import ctypes
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
import wdsocket as w  # noqa: E402

lib = w.load(os.environ.get("WDSOCKET_LIBRARY"))
passed = failed = 0


def check(name, good):
    global passed, failed
    print("  %s %s" % ("ok  " if good else "FAIL", name))
    if good:
        passed += 1
    else:
        failed += 1
        text = ctypes.create_string_buffer(1000)
        lib.WDSocketErrorInfo(0, w.WDS_INFO_DETAIL, text, len(text))
        print("    " + text.value.decode())


def stream(mode, port):
    socket = lib.WDSocketNew(b"client %d" % mode)
    lib.WDSocketSetOption(socket, w.WDS_OPT_FRAME_LENGTH, 5)
    lib.WDSocketChangeTransmissionMode(socket, mode, b"\r\n", 2)
    opened = lib.WDSocketOpen(socket, w.WDS_KIND_CLIENT, port, b"127.0.0.1", 20000)
    written = lib.WDSocketWrite(socket, b"He\0lo", 5)
    buffer = ctypes.create_string_buffer(64)
    length = lib.WDSocketRead(socket, buffer, len(buffer), 20000)
    check("mode %d" % mode, opened == w.WDS_OK and written == 5 and buffer.raw[:max(length, 0)] == b"He\0lo")
    return socket


def answers(socket, port):
    text = ctypes.create_string_buffer(64)
    number, figure = ctypes.c_int32(), ctypes.c_int64()
    length = lib.WDSocketClientInfo(socket, w.WDS_INFO_ENDPOINT, text, len(text))
    check("text", text.raw[:length] == b"127.0.0.1:%d" % port)
    check("number", lib.WDSocketGetOption(socket, w.WDS_OPT_PEER_PORT, ctypes.byref(number)) == w.WDS_OK and number.value == port)
    check("figure", lib.WDSocketGetNumber(socket, w.WDS_NUM_MESSAGES_READ, ctypes.byref(figure)) == w.WDS_OK and figure.value == 1)
    data, token = ctypes.c_void_p(), ctypes.c_void_p()
    lib.WDSocketWrite(socket, b"again", 5)
    length = lib.WDSocketReadMessage(socket, 20000, ctypes.byref(data), ctypes.byref(number), ctypes.byref(token))
    check("message", length == 5 and ctypes.string_at(data.value, length) == b"again" and lib.WDSocketMessageFree(token) == w.WDS_OK)


def datagram(port):
    socket = lib.WDSocketCreateUDP(None, 0, b"127.0.0.1")
    buffer, address, sender = ctypes.create_string_buffer(64), ctypes.create_string_buffer(64), ctypes.c_int32()
    lib.WDSocketWriteUDP(socket, b"Hello", 5, b"127.0.0.1", port)
    length = lib.WDSocketReadUDP(socket, buffer, len(buffer), 20000, address, len(address), ctypes.byref(sender))
    check("UDP", buffer.raw[:max(length, 0)] == b"Hello" and address.value == b"127.0.0.1" and sender.value == port)


ports = [int(p) for p in sys.argv[1:]]
sockets = [stream(mode, port) for mode, port in enumerate(ports[:8])]
answers(sockets[w.WDS_MODE_SIZE], ports[w.WDS_MODE_SIZE])
datagram(ports[8])
check("error", lib.WDSocketRead(1, None, 0, 0) == w.WDS_E_HANDLE and lib.WDSocketErrorCode(0, w.WDS_INFO_CODE) == w.WDS_E_HANDLE)
check("end", lib.WDSocketCloseAll() == w.WDS_OK)
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed != 0)
