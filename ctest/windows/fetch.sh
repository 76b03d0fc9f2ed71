#!/bin/sh
# fetch.sh - a small Debian of architecture i386 with Wine, for systems whose own
# packages do not go together with wine32. It comes from the mirror in the
# system's own apt configuration. Runs as root.
#
# usage: ctest/windows/fetch.sh [folder]
set -eu
folder=${1:-/var/cache/wdsocket-wine32}
if [ -x "$folder/usr/lib/wine/wine" ] || [ -x /usr/lib/wine/wine ]; then exit 0; fi
[ "$(id -u)" -eq 0 ] || { echo "fetch.sh: no 32-bit Wine; install the package wine32, or run: sudo $0" >&2; exit 1; }
. /etc/os-release
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' "Codename: $VERSION_CODENAME" | head -n 1)
[ -n "$mirror" ] || { echo "fetch.sh: apt names no mirror for $VERSION_CODENAME" >&2; exit 1; }
rm -rf "$folder.part"
mkdir -p "$folder.part"
debootstrap --arch=i386 --variant=minbase --include=wine32,wine "$VERSION_CODENAME" "$folder.part" "$mirror"
rm -rf "$folder.part/var/cache/apt/archives" "$folder"
mv "$folder.part" "$folder"
