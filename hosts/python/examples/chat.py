"""chat.py - a chat: the server sends what a client says to the others. It shows the classes with their events.

usage: chat.py serve PORT            port 0 = any; Enter or the end of the input stops it
       chat.py NAME ADDRESS PORT     each line of the input is said
"""
import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import wdsocket as w  # noqa: E402
import wdsocketclasses as wd  # noqa: E402

wd.library(os.environ.get("WDSOCKET_LIBRARY"))


def say(line):
    print(line, flush=True)


def handle(event):
    if event.kind == w.WDS_EVENT_ACCEPTED:
        say("%s is here" % event.socket.peer.rsplit(":", 1)[0])
    elif event.kind == w.WDS_EVENT_MESSAGE:
        event.socket.publish_to_others(event.socket.read(0))
    elif event.kind == w.WDS_EVENT_PEER_CLOSED:
        say("one has left")
        event.socket.close()
    elif isinstance(event.error, wd.ConnectionOver):
        say(event.error)
        event.socket.close()


def serve(port):
    server = wd.Server("chat")
    server.set_option(w.WDS_OPT_MAX_MESSAGE, 4096)
    server.set_option(w.WDS_OPT_MAX_CLIENTS, 1000)
    server.listen(port)
    queue = wd.Queue()
    queue.attach(server)

    def loop():
        try:
            while True:
                for event in queue.events():
                    handle(event)
        except wd.Error as error:
            if error.code != w.WDS_E_CLOSED:
                say(error)

    events = threading.Thread(target=loop)
    events.start()
    say("chat on port %d" % server.port)
    sys.stdin.readline()
    queue.close()
    events.join()
    server.close()  # with its clients
    say("stopped")


def hear(client):
    try:
        while True:
            say(client.read_text())
    except wd.Error as error:
        if error.code == w.WDS_E_CLOSED:  # by this program
            return
        say("the server has stopped" if error.code == w.WDS_E_PEER_CLOSED else error)
        os._exit(0)  # the main thread waits for the input


def talk(name, address, port):
    with wd.connect(address, port, timeout=5) as client:
        threading.Thread(target=hear, args=(client,)).start()
        for line in sys.stdin:
            client.write("%s: %s" % (name, line.rstrip("\n")))
        client.finish(5)  # what was said still arrives


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "serve":
        serve(int(arguments[1]))
    elif len(arguments) == 3:
        talk(arguments[0], arguments[1], int(arguments[2]))
    else:
        return __doc__
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except wd.Error as failure:
        sys.exit(str(failure))
