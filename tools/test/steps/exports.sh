# shellcheck shell=bash
title="Exports and imports"
packages=(build-essential gcc-mingw-w64-i686 gcc-mingw-w64-x86-64)
needs=(native windows)

run() {
    abigen -exports "$native/libwdsocket.so"
    abigen -exports dist/windows-386/wdsocket32.dll
    abigen -exports dist/windows-amd64/wdsocket64.dll
}
