"""binding.py - what the Python module takes, what it refuses, and where it finds the library."""
import array
import ctypes
import os
import platform
import shutil
import subprocess
import sys
import tempfile

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python")
sys.path.insert(0, folder)
import wdsocket as w  # noqa: E402
from checks import check, end  # noqa: E402

library = os.environ["WDSOCKET_LIBRARY"]
lib = w.load(library)


def refused(call, *words):
    """Whether the call is refused with these words."""
    try:
        result = call()
    except (TypeError, ValueError, OSError, ctypes.ArgumentError) as error:
        missing = [word for word in words if word not in str(error)]
        if missing:
            print("    %s lacks %s" % (error, missing))
        return not missing
    print("    not refused: %r" % (result,))
    return False


server = lib.WDSocketCreate(None, 0, b"127.0.0.1")
port = ctypes.c_int32()
lib.WDSocketGetOption(server, w.WDS_OPT_LOCAL_PORT, ctypes.byref(port))
client = lib.WDSocketConnect(None, port.value, b"127.0.0.1", 20000)
channel = lib.WDSocketAccept(server, 20000)


def arrives(data, length=-1):
    """The message that arrives when data is written."""
    written = lib.WDSocketWrite(client, data, length)
    buffer = bytearray(64)
    got = lib.WDSocketRead(channel, buffer, len(buffer), 20000)
    return bytes(buffer[:got]) if got == written else None


# Writing: everything that is bytes, with its own length or a part of it.
check("bytes", arrives(b"hello") == b"hello")
check("bytes with a NUL", arrives(b"he\0lo") == b"he\0lo")
check("no bytes", arrives(b"") == b"" and arrives(None, 0) == b"" and arrives(bytearray()) == b"")
check("bytearray", arrives(bytearray(b"he\0lo")) == b"he\0lo")
check("memoryview of bytes, not behind its end", arrives(memoryview(b"hello")[1:3]) == b"el")
check("memoryview of a bytearray", arrives(memoryview(bytearray(b"hello"))[1:3]) == b"el")
check("memoryview with gaps", arrives(memoryview(b"hello")[::2]) == b"hlo")
check("array", arrives(array.array("B", [1, 0, 2])) == b"\1\0\2")
check("string buffer up to its NUL", arrives(ctypes.create_string_buffer(b"hello", 64)) == b"hello")
check("string buffer without a NUL", arrives(ctypes.create_string_buffer(b"hello", 5)) == b"hello")
check("part of bytes", arrives(b"hello", 2) == b"he")
check("address", arrives(ctypes.c_char_p(b"hello"), 5) == b"hello")
check("str is refused", refused(lambda: lib.WDSocketWrite(client, "hello", -1), "str", 'b"..."', ".encode()"))
check("wide characters are refused", refused(lambda: lib.WDSocketWrite(client, ctypes.create_unicode_buffer("hello"), -1), "bytes"))
check("a number is refused", refused(lambda: lib.WDSocketWrite(client, 5, 1), "c_void_p"))
check("more than there is is refused", refused(lambda: lib.WDSocketWrite(client, b"hello", 6), "argument 2", "room for 5", "6"))
check("a missing argument is refused", refused(lambda: lib.WDSocketWrite(client, b"hello"), "3 arguments"))
check("the second buffer is checked, too", refused(lambda: lib.WDSocketExchange(client, b"hello", -1, bytearray(4), 5, 0), "argument 4"))

# Reading: what can be written to, and nothing else changes.
lib.WDSocketWrite(client, b"hello", -1)
constant = bytes(range(97, 105))
copy = bytes(bytearray(constant))
check("reading into bytes is refused", refused(lambda: lib.WDSocketRead(channel, constant, 8, 20000), "bytearray(n)"))
check("and into a view of bytes", refused(lambda: lib.WDSocketRead(channel, memoryview(constant), 8, 20000), "writable"))
check("and into str", refused(lambda: lib.WDSocketRead(channel, "abcdefgh", 8, 20000), "bytearray(n)"))
check("and into c_char_p", refused(lambda: lib.WDSocketRead(channel, ctypes.c_char_p(constant), 8, 20000), "bytearray(n)"))
check("and beyond the end", refused(lambda: lib.WDSocketRead(channel, bytearray(8), 9, 20000), "room for 8"))
check("bytes are as they were", constant == copy)
check("the size", lib.WDSocketRead(channel, None, 0, 20000) == 5)
place = memoryview(bytearray(b"........"))
check("into a part of a bytearray", lib.WDSocketRead(channel, place[2:7], -1, 20000) == 5 and bytes(place) == b"..hello.")
for name, into in (("bytearray", bytearray(8)), ("string buffer", ctypes.create_string_buffer(8)), ("row of numbers", array.array("B", bytes(8)))):
    lib.WDSocketWrite(client, b"hello", -1)
    check("into a " + name, lib.WDSocketRead(channel, into, 8, 20000) == 5 and bytes(into)[:5] == b"hello")
lib.WDSocketWrite(client, b"", 0)
check("an empty message into nothing", lib.WDSocketRead(channel, bytearray(), 0, 20000) == 0)
lib.WDSocketWrite(client, b"hello", -1)
grown = bytearray(8)
data, length, token = ctypes.c_void_p(), ctypes.c_int32(), ctypes.c_void_p()
lib.WDSocketReadMessage(channel, 20000, ctypes.byref(data), ctypes.byref(length), ctypes.byref(token))
check("a lent message can be written", lib.WDSocketWrite(channel, data, length) == 5 and lib.WDSocketRead(client, grown, -1, 20000) == 5)
check("and is freed", lib.WDSocketMessageFree(token) == w.WDS_OK and refused(lambda: lib.WDSocketMessageFree("x"), "pointer"))
grown += b"a bytearray can grow again"
check("numbers", refused(lambda: lib.WDSocketList(0, (ctypes.c_int32 * 2)(), 3), "room for 2") and
      lib.WDSocketList(0, (ctypes.c_int32 * 9)(), -1) == 3)

# Texts: tags, names, addresses.
for one_end in (client, channel):
    lib.WDSocketChangeTransmissionMode(one_end, w.WDS_MODE_END_TAG, b"\r\n", -1)
check("an end tag", arrives(b"hello") == b"hello")
check("a tag as str is refused",
      refused(lambda: lib.WDSocketChangeTransmissionMode(client, w.WDS_MODE_END_TAG, "\r\n", -1), "str", ".encode()"))
check("a name as str is refused", refused(lambda: lib.WDSocketNew("name"), "argument 1", "str", ".encode()"))


def cut(call, place):
    """Whether a text that would end inside is refused as such."""
    try:
        call()
    except ValueError as error:
        return "argument %d would end at the NUL" % place in str(error)
    return False


check("a name that a NUL cuts is refused", cut(lambda: lib.WDSocketNew(b"na\0me"), 1) and cut(lambda: lib.WDSocketFind(b"\0name"), 1))
check("and an address", cut(lambda: lib.WDSocketConnect(None, 1, b"127.0.0.1\0.example", 0), 3))
check("and the text of an option", cut(lambda: lib.WDSocketSetText(client, w.WDS_TEXT_USER_TEXT, memoryview(b"a\0b")), 3))
check("and a group", cut(lambda: lib.WDSocketGroupPublish(server, b"a\0b", b"x", -1), 2))
check("and one whose end is no UTF-16", cut(lambda: lib.WDSocketFind(b"na\0me\0\0"), 1))
check("a NUL at the end is that of C", lib.WDSocketFind(b"name\0") == w.WDS_E_NOT_FOUND)
named = lib.WDSocketNew(bytearray(b"name"))
text = ctypes.create_string_buffer(64)
check("a name", lib.WDSocketName(named, text, -1) == 4 and lib.WDSocketFind(text) == named and lib.WDSocketFind(b"name") == named)
lib.WDSocketSetOption(0, w.WDS_OPT_HOST_TEXT, w.WDS_HOST_TEXT_UTF16)
check("UTF-16", lib.WDSocketFind("name".encode("utf-16-le") + b"\0\0") == named)
check("UTF-16 without an end", refused(lambda: lib.WDSocketFind("name".encode("utf-16-le")), "utf-16-le"))
lib.WDSocketSetOption(0, w.WDS_OPT_HOST_TEXT, w.WDS_HOST_TEXT_UTF8)

# Events.
queue = lib.WDSocketNewQueue()
lib.WDSocketNewTimer(queue, 1, 0, 77)
events = (w.Event * 4)()
count = lib.WDSocketNextEvents(queue, 20000, events, ctypes.sizeof(w.Event), 4)
check("the record", ctypes.sizeof(w.Event) == 32 and count == 1 and
      (events[0].kind, events[0].user, events[0].queue) == (w.WDS_EVENT_TIMER, 77, queue))
check("more records than there is room for",
      refused(lambda: lib.WDSocketNextEvents(queue, 0, events, ctypes.sizeof(w.Event), 5), "room for 128", "160"))
check("end", lib.WDSocketCloseAll() == w.WDS_OK)


def loaded(place, program="import wdsocket; print(wdsocket.load()._name)", **environment):
    """What a program says that loads the library without a path, with the modules in place."""
    for module in ("wdsocket.py", "wdsocketclasses.py"):
        shutil.copy(os.path.join(folder, module), place)
    surroundings = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
    surroundings.update(environment, PYTHONPATH=place)
    return subprocess.run([sys.executable, "-c", program], cwd="/", env=surroundings, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=100).stdout.strip()


def in_the_archive(place):
    """Whether the modules find the library of the archive that they are in, and have the constants with the classes."""
    modules = os.path.join(place, "hosts", "python")
    lib = os.path.join(place, "linux-arm64" if platform.machine() == "aarch64" else "linux-amd64", "lib")
    os.makedirs(modules)
    os.makedirs(lib)
    os.symlink(os.path.abspath(library), os.path.join(lib, "libwdsocket.so.1"))
    program = "import wdsocketclasses as wdsocket; print(wdsocket.library()._name, wdsocket.WDS_EVENT_MESSAGE)"
    return loaded(modules, program) == "%s %d" % (os.path.join(lib, "libwdsocket.so.1"), w.WDS_EVENT_MESSAGE)


with tempfile.TemporaryDirectory() as place:
    check("found in the archive", in_the_archive(place))
    said = loaded(place)
    check("no library: where it was looked for, and what to do",
          "libwdsocket.so.1 is neither in " + place in said and "put it beside wdsocket.py" in said)
    elsewhere = os.path.join(place, "elsewhere")
    os.mkdir(elsewhere)
    os.symlink(os.path.abspath(library), os.path.join(elsewhere, "libwdsocket.so.1"))
    check("found by the system", loaded(place, LD_LIBRARY_PATH=elsewhere) == "libwdsocket.so.1")
    beside = os.path.join(place, "libwdsocket.so.1")
    os.symlink(os.path.abspath(library), beside)
    check("found beside the module", loaded(place) == beside)
check("another library", refused(lambda: w.load("libc.so.6"), "has no function WDSocket", "another version"))

end()
