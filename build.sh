#!/usr/bin/env bash
# Builds, tests and installs wdsocket. "./build.sh help" lists the verbs; what
# they do is in tools/build and tools/test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$PWD
locale=${LC_ALL:-${LANG:-}}
# Not "local": a host that reads its language must not change what tools print.
export LC_ALL=C

CC=${CC:-gcc}
CXX=${CXX:-g++}

usage() {
    cat <<'END'
usage: ./build.sh [verb]

  build     the library for this system into dist/linux-ARCH, and the two
            Windows DLLs into dist/windows-* where their compilers exist (default)
  arm64     the library for Linux on ARM, which package then packs, too
  dist      [--sign CERTIFICATE.pfx [--password FILE]] [--timestamp URL]
            everything, with headers, import libraries, a static library,
            licences and checksums, packed into dist/wdsocket-VERSION.zip and
            .tar.gz; --sign signs what is for Windows with osslsigncode, the checksums with
            openssl. With the key in a token: --sign CERTIFICATES.pem --token MODULE.so
            --key pkcs11:... [--password FILE with the PIN], which needs Debian's
            libengine-pkcs11-openssl
  package   [archives] [wheels] [debs] [nuget] into dist: an archive for each system, with
            the program wdsock; wheels for Python; packages for Debian, whose maintainer
            is DEBFULLNAME <DEBEMAIL>; one for NuGet; --sign as for dist; see docs/packages.md
  demo      builds and runs the loopback example
  test      [--repeat N] [STEP ...] builds everything and runs every test, or the
            steps that are named, with what they need; --repeat does so N times
            and ends at the first round that fails
  test      --list  names the steps
  wine      [PROGRAM ...] runs the C tests and those of queues in Go against the
            Windows DLLs under Wine, in 64 and in 32 bits; "test" does so too
  wine32-emulated  [PROGRAM ...] the same in 32 bits only, for machines that cannot
            execute 32-bit programs: in one that QEMU emulates, many times slower
  bench     [--quick] [--only NAME] [--cpuprofile] measures the library beside C
            programs, see docs/performance.md; --quick is rough and under a minute
  install   [--prefix DIR] installs libraries, header, pkg-config file and
            licences; DESTDIR is put before DIR; DIR is /usr/local unless given
  abigen    makes the generated files again from include/wdsocket.h; -check only compares
            them; -wlanguage FILE ... looks for mistakes in programs for WINDEV
  clean     removes what was built
  help      this text

All need Go and a C compiler. Debian packages that a verb needs and that are missing
are installed when it runs as root; otherwise it names the command that does.
END
}

say() { printf '%s\n' "$*"; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }
# abigen OPTIONS: the generator, a module of its own, in the folder of now.
abigen() { go build -C "$root/tools/abigen" -buildvcs=false -o "$root/build/abigen" . && "$root/build/abigen" "$@"; }

# shellcheck source=tools/build/packages.sh
source tools/build/packages.sh
# shellcheck source=tools/build/build.sh
source tools/build/build.sh
# shellcheck source=tools/build/dist.sh
source tools/build/dist.sh
# shellcheck source=tools/build/install.sh
source tools/build/install.sh
# shellcheck source=tools/build/package.sh
source tools/build/package.sh
# shellcheck source=tools/test/wine.sh
source tools/test/wine.sh
# shellcheck source=tools/test/run.sh
source tools/test/run.sh

verb_bench() {
    build_native
    LIBDIR=$root/$native CC=$CC bench/run.sh "$@"
}

verb_clean() { rm -rf dist build; }

case ${1:-build} in
build | arm64 | dist | package | demo | test | wine | wine32-emulated | bench | install)
    verb=${1:-build}
    [ $# -eq 0 ] || shift
    need_compilers "$verb"
    "verb_${verb//-/_}" "$@"
    ;;
abigen)
    shift
    mkdir -p build
    abigen -version >/dev/null
    exec env LC_ALL="$locale" build/abigen "$@" # in the user's language
    ;;
clean) verb_clean ;;
help | -h | --help) usage ;;
*)
    usage >&2
    exit 2
    ;;
esac
