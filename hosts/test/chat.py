"""chat.py - the chats of the examples: servers and clients of all languages talk with each other.

usage: chat.py COMMAND ... -- COMMAND ...
"""
import os
import subprocess
import sys

from checks import check, end


def started(command, *arguments):
    # Consoles read and write what their locale can.
    return subprocess.Popen(command + list(arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
                            env=dict(os.environ, LC_ALL="C.UTF-8"))


def say(program, text):
    program.stdin.write(text + "\n")
    program.stdin.flush()


def left(program):
    """What a program says until it ends, and that it ends well."""
    program.stdin.close()
    rest = program.stdout.read()
    return rest, program.wait(200)


def talk(name, server, clients):
    serving = started(server, "serve", "0")
    first = serving.stdout.readline()
    check("%s serves" % name, first.startswith("chat on port "))
    port = first.split()[-1]
    talking = [started(command, "client%d" % i, "127.0.0.1", port) for i, command in enumerate(clients)]
    good = all(serving.stdout.readline() == "127.0.0.1 is here\n" for _ in talking)
    check("it knows its clients", good)
    # One after the other, so that all hear the same in the same order; what one says itself it does not hear.
    for i, speaker in enumerate(talking):
        line = "client%d: h\u00e9llo %d\n" % (i, i)
        say(speaker, "h\u00e9llo %d" % i)
        others = talking[:i] + talking[i + 1:]
        check("the others hear client %d" % i, [t.stdout.readline() for t in others] == [line] * len(others))
    rest, status = left(talking[0])
    check("a client leaves", (rest, status) == ("", 0) and serving.stdout.readline() == "one has left\n")
    rest, status = left(serving)
    check("the server stops", (rest, status) == ("stopped\n", 0))
    for program in talking[1:]:
        check("and its clients with it", left(program) == ("the server has stopped\n", 0))
    refused = started(clients[0], "late", "127.0.0.1", port)
    check("a client without a server", left(refused)[1] == 1)


def commands(arguments):
    found = [[]]
    for word in arguments:
        if word == "--":
            found.append([])
        else:
            found[-1].append(word)
    return found


everything = commands(sys.argv[1:])
for command in everything:
    talk(command[-1].rsplit("/", 1)[-1], command, everything * 2)
end()
