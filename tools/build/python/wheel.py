"""wheel.py - packs the modules for Python with a library into a wheel, as PEP 427 describes it.

The same files give the same bytes: the entries are in a fixed order and carry a fixed time.

usage: wheel.py VERSION PLATFORM LIBRARY NAME-IN-THE-WHEEL FOLDER-OF-LICENCES FOLDER
"""
import base64
import hashlib
import os
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = os.path.join(HERE, "..", "..", "..", "hosts", "python")
TIME = (2026, 1, 1, 0, 0, 0)

METADATA = """Metadata-Version: 2.1
Name: wdsocket
Version: %s
Summary: Sockets for messages of devices and programs: framings, TLS, WebSocket, events
License: MIT
License-File: LICENSE
License-File: THIRD-PARTY.txt
Keywords: socket,tls,websocket,plc,modbus,hl7
Classifier: Programming Language :: Python :: 3
Classifier: Operating System :: %s
Classifier: Typing :: Typed
Requires-Python: >=3.8
Description-Content-Type: text/markdown

"""

WHEEL = """Wheel-Version: 1.0
Generator: wdsocket
Root-Is-Purelib: false
Tag: py3-none-%s
"""


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def entries(version, platform, library, name, licences):
    """The names and contents, without the list of them."""
    system = "Microsoft :: Windows" if platform.startswith("win") else "POSIX :: Linux"
    package = read(HERE, "__init__.py")
    description = package.decode().split('"""')[1]
    info = "wdsocket-%s.dist-info/" % version
    return [
        ("wdsocket/__init__.py", package),
        ("wdsocket/classes.py", read(MODULES, "wdsocketclasses.py")),
        ("wdsocket/declarations.py", read(MODULES, "wdsocket.py")),
        ("wdsocket/py.typed", b""),
        ("wdsocket/" + name, read(library)),
        (info + "licenses/LICENSE", read(licences, "LICENSE")),
        (info + "licenses/THIRD-PARTY.txt", read(licences, "THIRD-PARTY.txt")),
        (info + "sboms/sbom.cdx.json", read(licences, "sbom.cdx.json")),
        (info + "METADATA", (METADATA % (version, system) + description + "\n").encode()),
        (info + "WHEEL", (WHEEL % platform).encode()),
    ], info + "RECORD"


def record(files, own):
    lines = []
    for name, data in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append("%s,sha256=%s,%d\n" % (name, digest, len(data)))
    return "".join(lines + [own + ",,\n"]).encode()


def main(version, platform, library, name, licences, folder):
    files, own = entries(version, platform, library, name, licences)
    path = os.path.join(folder, "wdsocket-%s-py3-none-%s.whl" % (version, platform))
    with zipfile.ZipFile(path, "w") as wheel:
        for entry, data in files + [(own, record(files, own))]:
            head = zipfile.ZipInfo(entry, TIME)
            head.create_system = 3  # the modes are those of Unix
            head.external_attr = (0o100755 if entry.endswith((".dll", ".so.1")) else 0o100644) << 16
            wheel.writestr(head, data, zipfile.ZIP_DEFLATED, 9)
    print(path)


if __name__ == "__main__":
    if len(sys.argv) != 7:
        sys.exit(__doc__)
    main(*sys.argv[1:])
