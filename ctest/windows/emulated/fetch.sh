#!/bin/sh
# fetch.sh - what an emulated machine that runs 32-bit Windows programs is made
# of, for systems that cannot run 32-bit programs themselves: Debian's kernel, and
# a disk with a small Debian of architecture i386 and Wine. The packages come from
# the mirrors in the system's own apt configuration and are unpacked, not
# installed; root is not needed.
#
# usage: fetch.sh FOLDER
set -eu
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
folder=${1:?the folder that is made}
here=$(cd "$(dirname "$0")" && pwd)
# What another version of these scripts has made is made anew.
recipe=$(cat "$here/fetch.sh" "$here/init.sh" | sha256sum | cut -d' ' -f1)
[ "$(cat "$folder/recipe" 2>/dev/null)" != "$recipe" ] || exit 0
for tool in apt-get dpkg-deb cpio mke2fs qemu-system-x86_64; do
    command -v $tool >/dev/null || { echo "fetch.sh: $tool is missing" >&2; exit 1; }
done
part=$folder.part
rm -rf "$part"
mkdir -p "$part/apt/lists/partial" "$part/apt/archives/partial" "$part/kernel" "$part/early/bin" "$part/early/modules" "$part/debian"
part=$(cd "$part" && pwd)
trap 'rm -rf "$part"' EXIT
trap 'exit 1' INT TERM

# A state of apt's of its own, in which nothing is installed: it resolves and
# downloads for i386 whatever this system is.
: >"$part/apt/status"
cat >"$part/apt/conf" <<END
APT::Architecture "i386";
#clear APT::Architectures;
APT::Architectures { "i386"; "amd64"; };
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Dir::State "$part/apt";
Dir::State::lists "$part/apt/lists";
Dir::State::status "$part/apt/status";
Dir::Cache "$part/apt";
END
export APT_CONFIG="$part/apt/conf"
echo "fetching a Debian of architecture i386 with Wine, and a kernel"
apt-get update -qq || echo "apt-get update failed"
apt-get install -qq -y --download-only wine wine32 busybox-static libz-mingw-w64 >"$part/log" 2>&1 || { cat "$part/log" >&2; exit 1; }
kernel=$(apt-cache depends linux-image-amd64:amd64 | sed -n 's/^ *Depends: \(linux-image-[^:]*\).*/\1/p' | head -n 1)
[ -n "$kernel" ] || { echo "fetch.sh: apt knows no linux-image-amd64" >&2; exit 1; }
(cd "$part/apt" && apt-get download -qq "$kernel:amd64")

for package in "$part"/apt/archives/*.deb; do
    dpkg-deb -x "$package" "$part/debian"
done
dpkg-deb -x "$part/apt/$kernel"_*.deb "$part/kernel"
cp "$part"/kernel/boot/vmlinuz-* "$part/vmlinuz"
# In the order in which they need each other; a kernel may have some built in.
n=10
for module in crc16 crc32c_generic libcrc32c mbcache jbd2 ext4 virtio virtio_ring virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk; do
    find "$part/kernel" -name "$module.ko" -exec cp {} "$part/early/modules/$n-$module.ko" \;
    n=$((n + 1))
done
cp "$part/debian/bin/busybox" "$part/early/bin/"
cp "$here/init.sh" "$part/early/init"
chmod 755 "$part/early/init"
(cd "$part/early" && find . | cpio --quiet -o -H newc -R 0:0) >"$part/early.cpio"

# What the package's own script does: Wine looks for zlib beside its libraries,
# and takes only what is marked as one of them.
debian=$part/debian
zlib=$debian/usr/i686-w64-mingw32/lib/zlib1.dll
{
    head -c 64 "$zlib"
    printf 'Wine builtin DLL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
    tail -c +97 "$zlib"
} >"$debian/usr/lib/i386-linux-gnu/wine/i386-windows/zlib1.dll"
rm -rf "$debian/usr/share/doc" "$debian/usr/share/man" "$debian/usr/share/icons" "$debian/usr/lib/i386-linux-gnu/wine/x86_64-windows"
mkdir -p "$debian/proc" "$debian/dev" "$debian/tmp" "$debian/root" "$debian/tests" "$debian/etc"
echo 'root:x:0:0:root:/root:/bin/sh' >"$debian/etc/passwd"
echo 'root:x:0:' >"$debian/etc/group"
echo 'hosts: files' >"$debian/etc/nsswitch.conf"
mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$debian" "$part/disk" 3G
rm -rf "$debian" "$part/kernel" "$part/early" "$part/apt" "$part/log"

# Wine's own folder is made in the machine, once.
echo "making Wine's folder in the emulated machine; this takes minutes"
mkdir "$part/first"
timeout 3600 sh "$here/machine.sh" --keep "$part" "$part/first" 0 prepare >"$part/first/out" 2>&1 || { cat "$part/first/out" >&2; exit 1; }
grep -q '^prepared$' "$part/first/out" || { cat "$part/first/out" >&2; exit 1; }
rm -rf "$part/first"
echo "$recipe" >"$part/recipe"
rm -rf "$folder"
mv "$part" "$folder"
