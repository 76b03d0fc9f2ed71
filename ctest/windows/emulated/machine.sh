#!/bin/sh
# machine.sh - runs the guest's part of the Windows tests in a machine that QEMU
# emulates: without help from the processor, and without a network. run.sh starts
# it in the place of guest.sh.
#
# usage: machine.sh [--keep] MACHINE FOLDER LIMIT program ...
#
# MACHINE was made by fetch.sh, FOLDER holds what guest.sh needs; in its folder
# "linux" may be the other end of interop, which then runs in the machine too and
# whose output goes into the file "linux.out". With --keep, which fetch.sh uses,
# what is written to the disk stays.
set -u
snapshot=on
if [ "${1:-}" = --keep ]; then snapshot=off; shift; fi
machine=$1
folder=$2
limit=$3
shift 3
work=$(mktemp -d) || exit 2
qemu=
end() {
    [ -z "$qemu" ] || kill "$qemu" 2>/dev/null
    rm -rf "$work"
}
trap end EXIT
trap 'exit 1' INT TERM

{
    echo "limit=$limit programs='$*'"
    echo "export WINEBOOT_LIMIT=$limit"
    export -p | grep '^export CTEST_'
} >"$folder/settings"
mkdir -p "$work/root/etc"
cp /etc/hosts "$work/root/etc/hosts"
if [ -x "$folder/linux/interop" ]; then
    # shellcheck disable=SC2046 # a list of files
    (cd / && cp -L --parents $(ldd "$folder/linux/interop" "$folder/linux/libwdsocket.so" | sed -n 's/.*[[:space:]]\(\(\/usr\)*\/lib[^ ]*\) (0x.*/\1/p' | sort -u) "$work/root/")
fi
ln -s "$folder" "$work/root/tests"
{
    cat "$machine/early.cpio"
    (cd "$work/root" && find -L . ! -name '*.o' ! -name console.log | cpio --quiet -L -o -H newc -R 0:0)
} >"$work/system.cpio"
: >"$folder/linux.out"
qemu-system-x86_64 -nodefaults -no-user-config -display none -monitor none -no-reboot -nic none \
    -machine pc -accel tcg,thread=multi -cpu max,smap=off,smep=off,pku=off -smp 2 -m 2048 \
    -kernel "$machine/vmlinuz" -initrd "$work/system.cpio" -append "console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable no_timer_check" \
    -drive "file=$machine/disk,format=raw,if=virtio,snapshot=$snapshot,cache=unsafe" \
    -serial "file:$folder/console.log" -serial stdio -serial "file:$folder/linux.out" </dev/null &
qemu=$!
wait "$qemu"
status=$?
qemu=
[ $status -ne 0 ] || grep -q 'Kernel panic' "$folder/console.log" || exit 0
echo "the emulated machine ended with status $status:"
tail -n 20 "$folder/console.log"
exit 2
