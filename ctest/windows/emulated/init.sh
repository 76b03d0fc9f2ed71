#!/bin/busybox sh
# shellcheck shell=dash
# init.sh - the first process of the emulated machine: starts the guest's part of
# the Windows tests in the Debian on the disk, as run.sh would do in a chroot, and
# ends the machine. The console is the first serial line; the tests print to the
# second, the other end of interop to the third.
export PATH=/bin HOME=/root LC_ALL=C.UTF-8
/bin/busybox --install -s /bin
mkdir -p /proc /dev /debian
mount -t proc proc /proc
mount -t devtmpfs dev /dev
for module in /modules/*; do
    insmod "$module" 2>/dev/null
done
tries=0
until [ -b /dev/vda ] || [ $tries -eq 600 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
mount -t ext4 /dev/vda /debian || poweroff -f
mkdir -p /dev/pts /dev/shm
mount -t devpts pts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t proc proc /debian/proc
mount --rbind /dev /debian/dev
mount --bind /tests /debian/tests
[ -x /debian/bin/sh ] || chroot /debian /bin/busybox --install -s /bin
cp /etc/hosts /debian/etc/hosts
chmod 1777 /debian/tmp /dev/shm
ip link set lo up
stty -F /dev/ttyS1 raw -echo
stty -F /dev/ttyS2 raw -echo
ulimit -n 20000

# shellcheck disable=SC1091 # made by machine.sh
. /tests/settings
if [ -x /tests/linux/interop ]; then
    (
        cd / && LD_LIBRARY_PATH=/tests/linux sh /tests/other_end.sh /tests/linux /tests
        : >/tests/linux.ended
    ) >/dev/ttyS2 2>&1 &
fi
# prepare: makes Wine's own folder. Wine gives that five minutes, which may be
# too little here, and goes on: what it has begun is waited for.
prepare() {
    rm -rf /debian/wine
    mkdir /debian/wine
    export WINEPREFIX=/wine WINEARCH=win32 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=;bcryptprimitives=n"
    chroot /debian /usr/lib/wine/wineserver32 -p
    chroot /debian /usr/lib/wine/wine wineboot -i
    while ps w | grep -qE '[w]ineboot|[r]undll32'; do sleep 1; done
    # The second time there is nothing left to do.
    chroot /debian /usr/lib/wine/wine wineboot -i && echo "prepared"
    chroot /debian /usr/lib/wine/wineserver32 -k
}
# shellcheck disable=SC2154 # from the settings
if [ "$programs" = prepare ]; then
    prepare </dev/null >/dev/ttyS1 2>&1
else
    ln -s /wine /tests/prefix
    # shellcheck disable=SC2086 # a list of names
    chroot /debian /bin/sh /tests/guest.sh 32 /tests "$limit" /usr/lib/wine/wine $programs </dev/null >/dev/ttyS1 2>&1
    : >/tests/talked
    : >/tests/windows.ended
    wait
fi
# until all has gone out
sleep 1
umount /debian/tests
umount -l /debian/dev /debian/proc
umount /debian || mount -o remount,ro /debian
sync
poweroff -f
