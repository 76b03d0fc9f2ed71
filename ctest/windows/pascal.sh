#!/bin/sh
# pascal.sh - compiles a program in Free Pascal for Windows. Debian has no units for it, nor
# the compiler for 32 bits: both are made from the sources in its package fpc-source.
#
# usage: pascal.sh BITS FOLDER PROGRAM.pas OUT.exe [UNITS ...]
#
# FOLDER is where the compiler and the units are kept.
set -eu
bits=$1
made=$2
program=$3
out=$4
shift 4
version=$(fpc -iV)
sources=/usr/share/fpcsrc/$version
messages=$(dirname "$(command -v fpc)")/../lib/$(uname -m)-linux-gnu/fpc/$version/msg/errore.msg
[ -d "$sources/rtl/win" ] || { echo "no $sources: the package fpc-source is missing" >&2; exit 1; }
[ "$(uname -m)" = x86_64 ] || { echo "only on x86_64" >&2; exit 1; }
native=$(command -v ppcx64 || echo "/usr/lib/x86_64-linux-gnu/fpc/$version/ppcx64")
mkdir -p "$made"
made=$(cd "$made" && pwd)
quiet="-v0 -ve"
log=$made/fpc$bits.log
# shown COMMAND...: what a compiler says if it fails; it has much to say of its own units.
shown() { "$@" >"$log" 2>&1 || { tail -n 40 "$log"; exit 1; }; }

# The compiler of 64-bit Linux makes programs for 64-bit Windows, too.
compiler=$native
target=win64 processor=x86_64
if [ "$bits" = 32 ]; then
    target=win32 processor=i386 compiler=$made/ppcross386
    if [ ! -x "$compiler" ]; then
        mkdir -p "$made/compiler"
        # shellcheck disable=SC2086 # options
        shown "$native" $quiet -FU"$made/compiler" -FE"$made/compiler" "$sources/compiler/utils/msg2inc.pp"
        (cd "$made/compiler" && ./msg2inc "$messages" msg msg >/dev/null)
        # shellcheck disable=SC2086 # options
        (cd "$sources/compiler" && shown "$native" $quiet -di386 -Fi"$made/compiler" -Fi. -Fii386 -Fix86 -Fui386 -Fux86 -Fusystems \
            -FU"$made/compiler" -FE"$made/compiler" -o"$compiler" -O2 pp.pas)
    fi
fi

units=$made/$target
if [ ! -f "$units/buildrtl.ppu" ]; then
    rm -rf "$units"
    mkdir -p "$units"
    # shellcheck disable=SC2086 # options
    (
        cd "$sources/rtl/$target"
        set -- $quiet -T$target -n -FU"$units" -FE"$units" -Fi../inc -Fi../$processor -Fi../win -Fi../win/wininc -Fi../objpas \
            -Fi../objpas/sysutils -Fi../objpas/classes -Fi. -Fu. -Fu../inc -Fu../$processor -Fu../win -Fu../objpas -O2 -Xs- -dRELEASE -d$processor
        shown "$compiler" "$@" -Us -Sg system.pp
        shown "$compiler" "$@" buildrtl.pp
    ) || { rm -rf "$units"; exit 1; }
fi

work=$made/$target.program
rm -rf "$work"
mkdir -p "$work"
for folder in "$@"; do set -- "$@" -Fu"$folder"; shift; done
# shellcheck disable=SC2086 # options
shown "$compiler" $quiet -T$target -n -Fu"$units" -Fu"$sources/packages/fcl-base/src" "$@" -FU"$work" -FE"$work" -o"$out" "$program"
