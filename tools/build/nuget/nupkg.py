"""nupkg.py - packs the assembly for .NET with the libraries of all systems into a NuGet package.

A package of NuGet is one of OPC (ECMA-376, part 2) with a .nuspec. The same files give
the same bytes: the entries are in a fixed order and carry a fixed time.

usage: nupkg.py VERSION FOLDER-OF-THE-ASSEMBLY FOLDER DIST
"""
import os
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
TIME = (2026, 1, 1, 0, 0, 0)

# What .NET calls a system, the folder of dist, and what the assembly imports.
SYSTEMS = [
    ("linux-x64", "linux-amd64", "libwdsocket.so", "libwdsocket.so.1"),
    ("linux-arm64", "linux-arm64", "libwdsocket.so", "libwdsocket.so.1"),
    ("win-x64", "windows-amd64", "wdsocket64.dll", "wdsocket64.dll"),
    ("win-x86", "windows-386", "wdsocket32.dll", "wdsocket32.dll"),
]

TYPES = """<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
%s</Types>
"""

RELATIONS = """<?xml version="1.0" encoding="utf-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/wdsocket.nuspec" Id="nuspec" />
</Relationships>
"""


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def parts(version, assembly, dist):
    files = [("wdsocket.nuspec", read(HERE, "wdsocket.nuspec").replace(b"@VERSION@", version.encode()))]
    for target in ("net45", "netstandard2.0"):
        for name in ("WDSocketLibrary.dll", "WDSocketLibrary.xml"):
            files.append(("lib/%s/%s" % (target, name), read(assembly, name)))
    files.append(("build/net45/wdsocket.targets", read(HERE, "wdsocket.targets")))
    for system, folder, name, imported in SYSTEMS:
        if os.path.exists(os.path.join(dist, folder, name)):
            files.append(("runtimes/%s/native/%s" % (system, imported), read(dist, folder, name)))
            files.append(("licenses/%s/THIRD-PARTY.txt" % system, read(dist, folder, "THIRD-PARTY.txt")))
    files.append(("LICENSE.txt", read(HERE, "..", "..", "..", "LICENSE")))
    files.append(("README.md", read(HERE, "README.md")))
    return files


def types(names):
    """What OPC says of each kind of file."""
    kinds = sorted({name.rsplit(".", 1)[1] for name in names})
    known = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "nuspec": "application/octet"}
    return (TYPES % "".join('  <Default Extension="%s" ContentType="%s" />\n' % (kind, known.get(kind, "application/octet"))
                            for kind in kinds)).encode()


def main(version, assembly, folder, dist):
    files = [("_rels/.rels", RELATIONS.encode())] + parts(version, assembly, dist)
    files.insert(0, ("[Content_Types].xml", types([name for name, _ in files])))
    path = os.path.join(folder, "wdsocket.%s.nupkg" % version)
    with zipfile.ZipFile(path, "w") as package:
        for name, data in files:
            head = zipfile.ZipInfo(name, TIME)
            head.create_system = 3  # the modes are those of Unix
            head.external_attr = 0o100644 << 16
            package.writestr(head, data, zipfile.ZIP_DEFLATED, 9)
    print(path)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
