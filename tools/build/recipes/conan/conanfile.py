"""A recipe for Conan 2 that lies in an archive for one system:

    conan export-pkg ARCHIVE/share/wdsocket/conan

It packs what the archive has.
"""
import os

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.files import copy

# What the header of a library says of its processor (e_machine of ELF).
MACHINES = {"x86_64": 62, "armv8": 183}


class WDSocket(ConanFile):
    name = "wdsocket"
    version = "@VERSION@"
    description = "Sockets for messages of devices and programs: framings, TLS, WebSocket, events"
    license = "MIT"
    topics = ("socket", "tls", "websocket", "modbus", "hl7")
    package_type = "shared-library"
    settings = "os", "arch"

    def _name(self):
        if self.settings.os != "Windows":
            return "wdsocket"
        return "wdsocket32" if self.settings.arch == "x86" else "wdsocket64"

    def _file(self):
        return "lib/%s.lib" % self._name() if self.settings.os == "Windows" else "lib/libwdsocket.so.1"

    def validate(self):
        if str(self.settings.os) not in ("Linux", "Windows"):
            raise ConanInvalidConfiguration("wdsocket is for Linux and Windows")

    def package(self):
        archive = os.path.abspath(os.path.join(self.recipe_folder, "..", "..", ".."))
        if not os.path.exists(os.path.join(archive, self._file())):
            raise ConanInvalidConfiguration("%s is the archive of another system: it has no %s" % (archive, self._file()))
        if self.settings.os == "Linux":
            with open(os.path.join(archive, self._file()), "rb") as library:
                machine = int.from_bytes(library.read(20)[18:], "little")
            if machine != MACHINES.get(str(self.settings.arch)):
                raise ConanInvalidConfiguration("%s is the archive of another processor than %s" % (archive, self.settings.arch))
        for pattern in ("bin/*", "include/*", "lib/*"):
            copy(self, pattern, archive, self.package_folder)
        copy(self, "*", os.path.join(archive, "share", "doc", "wdsocket"), os.path.join(self.package_folder, "licenses"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "wdsocket")
        self.cpp_info.set_property("cmake_target_name", "wdsocket::wdsocket")
        self.cpp_info.set_property("pkg_config_name", "wdsocket")
        self.cpp_info.libs = [self._name()]
        if self.settings.os == "Linux":
            self.cpp_info.system_libs = ["pthread"]
