#!/bin/sh
# msvc.sh - compiles msvc.c as Clang does for MSVC and links it with the import library
# under the defaults of MSVC's linker, by LLVM's, which takes the same options.
#
# usage: msvc.sh BITS FOLDER OUT
#
# FOLDER holds the import library; OUT gets msvc.exe and what it is made of.
set -eu
bits=$1
folder=$(cd "$2" && pwd)
out=$(cd "$3" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
case $bits in
32) target=i686-pc-windows-msvc safe=/safeseh exports='ExitProcess=ExitProcess@4 GetStdHandle=GetStdHandle@4 WriteFile=WriteFile@20' ;;
64) target=x86_64-pc-windows-msvc safe='' exports='ExitProcess GetStdHandle WriteFile' ;;
*) echo "BITS is 32 or 64" >&2; exit 2 ;;
esac
# The SDK of Windows is not here either: its import library is made as ours is.
{
    printf 'LIBRARY kernel32.dll\nEXPORTS\n'
    for name in $exports; do echo "    $name"; done
} >"$out/kernel32.def"
go -C "$root/tools/abigen" run -buildvcs=false . -implib "$out/kernel32.def" -bits "$bits" -out "$out/kernel32.lib"
clang --target=$target -ffreestanding -std=c99 -O2 -Wall -Wextra -Werror -pedantic -I"$root/include" -c -o "$out/msvc.obj" "$here/msvc.c"
# shellcheck disable=SC2086 # nothing in 64 bits, where tables tell the handlers
lld-link /nologo /nodefaultlib /entry:start /subsystem:console $safe "/out:$out/msvc.exe" "$out/msvc.obj" "$folder/wdsocket$bits.lib" "$out/kernel32.lib"
