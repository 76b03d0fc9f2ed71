"""A socket library for messages of devices and programs: whole messages in many framings, TLS, WebSocket, events.

    import wdsocket

    with wdsocket.connect("10.0.0.5", 5000, timeout=3) as scale:
        scale.write("weight?")
        print(scale.read_text(timeout=3))

The classes are described in wdsocket.classes. Below them are all functions of the library, library() has them, and
their constants, WDS_..., as wdsocket.declarations describes them.
"""
from .declarations import *  # noqa: F401,F403
from .classes import (  # noqa: F401
    Client as Client,
    ClientOver as ClientOver,
    Closed as Closed,
    Connection as Connection,
    ConnectionOver as ConnectionOver,
    Datagram as Datagram,
    DatagramSocket as DatagramSocket,
    Error as Error,
    Queue as Queue,
    QueueEvent as QueueEvent,
    Server as Server,
    Socket as Socket,
    Timeout as Timeout,
    Timer as Timer,
    check as check,
    close_all as close_all,
    connect as connect,
    guess as guess,
    library as library,
    listen as listen,
    sockets_held as sockets_held,
    wakeup as wakeup,
)
