"""echo.py - a Python host that talks to echo.c in each mode."""
import ctypes
import os
import sys
import threading

import checks

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
import wdsocket as w  # noqa: E402

lib = w.load(os.environ.get("WDSOCKET_LIBRARY"))


def check(name, good):
    if not checks.check(name, good):
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


def next_event(queue):
    """The next event as a list of 8 numbers, [0] * 8 if none comes."""
    record = (ctypes.c_int32 * 8)()
    if lib.WDSocketNextEvents(queue, 20000, record, ctypes.sizeof(record), 1) != 1:
        return [0] * 8
    return list(record)


def managed_server():
    """A server in a queue, which one thread serves together with its client."""
    queue, server = lib.WDSocketNewQueue(), lib.WDSocketCreate(None, 0, b"127.0.0.1")
    port = ctypes.c_int32()
    lib.WDSocketGetOption(server, w.WDS_OPT_LOCAL_PORT, ctypes.byref(port))
    lib.WDSocketAttach(queue, server, w.WDS_ATTACH_MANAGE)
    client = lib.WDSocketConnect(None, port.value, b"127.0.0.1", 20000)
    event = next_event(queue)
    channel = event[0]
    check("accepted", event[1:7] == [w.WDS_EVENT_ACCEPTED, server, 0, 0, 1, queue])
    lib.WDSocketGroupJoin(channel, b"all")
    published = lib.WDSocketGroupPublish(server, b"all", b"news", 4)
    buffer = ctypes.create_string_buffer(64)
    check("published", published == 1 and lib.WDSocketRead(client, buffer, len(buffer), 20000) == 4)
    lib.WDSocketWrite(client, b"Hello", 5)
    event = next_event(queue)
    length = lib.WDSocketRead(channel, buffer, len(buffer), 0)
    check("message event", event[:3] == [channel, w.WDS_EVENT_MESSAGE, 5] and buffer.raw[:max(length, 0)] == b"Hello")
    lib.WDSocketClose(client)
    check("end event", next_event(queue)[:2] == [channel, w.WDS_EVENT_PEER_CLOSED])
    lib.WDSocketClose(channel)
    statistics(server)
    timer = lib.WDSocketNewTimer(queue, 1, 0, 77)
    event = next_event(queue)
    check("timer", event[:2] == [timer, w.WDS_EVENT_TIMER] and event[4] == 77)
    callback(queue)
    lib.WDSocketClose(server)
    lib.WDSocketClose(queue)


def statistics(server):
    figures = (ctypes.c_int64 * w.WDS_STAT_COUNT)()
    count = lib.WDSocketStatistics(server, figures, len(figures))
    check("statistics", count == len(figures) and figures[w.WDS_STAT_MESSAGES_READ] == 1 and figures[w.WDS_STAT_ACCEPTED] == 1)


def callback(queue):
    """The library calls a Python function, in a thread of its own."""
    events, came = [], threading.Event()

    @w.EVENT_PROC
    def happened(event, user):
        events.append((event[1], event[4], user))
        came.set()

    lib.WDSocketSetCallback(queue, happened, 1234)
    lib.WDSocketNewTimer(queue, 1, 0, 5)
    came.wait(20)
    removed = lib.WDSocketSetCallback(queue, w.EVENT_PROC(), None)
    check("callback", removed == w.WDS_OK and events == [(w.WDS_EVENT_TIMER, 5, 1234)])


ports = [int(p) for p in sys.argv[1:]]
sockets = [stream(mode, port) for mode, port in enumerate(ports[:8])]
answers(sockets[w.WDS_MODE_SIZE], ports[w.WDS_MODE_SIZE])
datagram(ports[8])
managed_server()
check("error", lib.WDSocketRead(1, None, 0, 0) == w.WDS_E_HANDLE and lib.WDSocketErrorCode(0, w.WDS_INFO_CODE) == w.WDS_E_HANDLE)
check("end", lib.WDSocketCloseAll() == w.WDS_OK)
checks.end()
