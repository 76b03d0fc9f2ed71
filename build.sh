#!/usr/bin/env bash
# Builds, tests and installs wdsocket. "./build.sh help" lists the verbs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$PWD
# Not "local": a host that reads its language must not change what tools print.
export LC_ALL=C

CC=${CC:-gcc}
CXX=${CXX:-g++}
arch=$(go env GOARCH)
native=dist/linux-$arch
soname=libwdsocket.so.1

# What "test" needs beyond Go, as Debian packages.
packages=(
    build-essential pkg-config binutils python3
    gcc-mingw-w64-i686 gcc-mingw-w64-x86-64
    clang-format cppcheck
    inn2 redis-server socat ncat openssl iproute2 strace
    libmodbus-dev libuv1-dev libssl-dev
    postfix testssl.sh bind9-dnsutils bsdextrautils
    fpc mono-mcs mono-runtime osslsigncode
    wine wine64 debootstrap
)

usage() {
    cat <<'END'
usage: ./build.sh [verb]

  build     the library for this system into dist/linux-ARCH, and the two
            Windows DLLs into dist/windows-* where their compilers exist (default)
  dist      [--sign CERTIFICATE.pfx [--password FILE]] [--timestamp URL]
            everything, with headers, import libraries, a static library,
            licences and checksums, packed into dist/wdsocket-VERSION.zip and
            .tar.gz; --sign signs the Windows DLLs with osslsigncode
  demo      builds and runs the loopback example
  test      builds everything and runs every test; needs Debian packages, which
            it installs when run as root
  wine      runs the C tests and those of queues in Go against the Windows DLLs
            under Wine, in 64 and in 32 bits; "test" does so too
  bench     [--quick] [--only NAME] [--cpuprofile] measures the library beside C
            programs, see docs/performance.md; installs Debian packages that it
            needs when run as root; --quick is rough and under a minute
  install   [--prefix DIR] installs library, header, pkg-config file and
            licences; DESTDIR is put before DIR; DIR is /usr/local unless given
  clean     removes what was built
  help      this text
END
}

say() { printf '%s\n' "$*"; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }
abigen() { go run ./include/abigen "$@"; }

# ---------------------------------------------------------------------------
# Building
# ---------------------------------------------------------------------------

# Go's runtime interrupts threads that are long in Go by a signal, on Windows by
# suspending them: the host's threads, too, and its own calls of the system then
# fail with EINTR. This makes it wait until they look by themselves.
undisturbed="-X runtime.godebugDefault=asyncpreemptoff=1"

# build_shared DIR [go build options]: a shared library with exactly the
# header's exports. The flags that strip and leave the build's own data out
# make the bytes depend on the sources and the compilers only.
build_shared() {
    local dir=$1
    shift
    mkdir -p "$dir"
    CGO_ENABLED=1 CC=$CC go build -buildmode=c-shared -trimpath -buildvcs=false \
        -ldflags "-s -w -buildid= $undisturbed -extldflags '-Wl,-soname,$soname -Wl,--version-script=$PWD/include/wdsocket.map -Wl,--build-id=none'" \
        "$@" -o "$dir/libwdsocket.so" .
    # The header that cgo makes describes the Go side and is never shipped.
    rm -f "$dir/libwdsocket.h"
    ln -sf libwdsocket.so "$dir/$soname"
}

# build_dll DIR BITS GOARCH TRIPLET: by way of an archive, because that is
# where the .def file alone decides which names are exported. Time and
# folder stay out of the file: ld would choose the base address by the latter.
build_dll() {
    local dir=$1 bits=$2 goarch=$3 triplet=$4
    local work=build/windows-$goarch def=include/wdsocket$2.def
    mkdir -p "$dir" "$work"
    CGO_ENABLED=1 GOOS=windows GOARCH=$goarch CC=$triplet-gcc go build -buildmode=c-archive -trimpath -buildvcs=false \
        -ldflags "-s -w -buildid= $undisturbed" -o "$work/wdsocket.a" .
    "$triplet-windres" -DWDS_BITS="$bits" include/wdsocket.rc "$work/version.o"
    "$triplet-gcc" -O2 -Wall -Wextra -Werror -c -o "$work/entry.o" include/entry.c
    # The compiler's name of a stdcall function ends in the size of its arguments.
    local entry=wds_entry
    [ "$bits" = 64 ] || entry=_wds_entry@12
    "$triplet-gcc" -shared -static -s -Wl,--no-insert-timestamp,--disable-auto-image-base,-e,$entry \
        -o "$dir/wdsocket$bits.dll" "$def" "$work/version.o" "$work/entry.o" \
        -Wl,--whole-archive "$work/wdsocket.a" -Wl,--no-whole-archive -lws2_32 -lwinmm -lntdll
    # The import library has the compiler's names: f@8 in 32 bits, which -k
    # joins with the DLL's plain ones.
    sed 's/ \([A-Za-z]*\)=/ /' "$def" >"$work/import.def"
    "$triplet-dlltool" -k -d "$work/import.def" -l "$dir/wdsocket$bits.lib"
    cp "$def" "$dir/"
    [ -z "${sign_with:-}" ] || sign_dll "$dir/wdsocket$bits.dll" "$work"
}

# sign_dll FILE WORK: in place. Without a time stamp the signature is dated by
# the last commit, so that the same key gives the same bytes.
sign_dll() {
    local file=$1 signed=$2/signed.dll
    local options=(-pkcs12 "$sign_with" -h sha256 -n wdsocket)
    [ -z "${sign_password:-}" ] || options+=(-readpass "$sign_password")
    if [ -n "${sign_timestamp:-}" ]; then
        options+=(-ts "$sign_timestamp")
    else
        options+=(-time "${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}")
    fi
    rm -f "$signed"
    osslsigncode sign "${options[@]}" -in "$file" -out "$signed" >/dev/null
    mv "$signed" "$file"
}

# build_static DIR: the archive for programs that carry the library in them.
build_static() {
    CGO_ENABLED=1 CC=$CC go build -buildmode=c-archive -trimpath -buildvcs=false \
        -ldflags "-s -w -buildid= $undisturbed" -o "$1/libwdsocket.a" .
    rm -f "$1/libwdsocket.h"
}

# finish_dist DIR LIBRARY: what goes with a library.
finish_dist() {
    local dir=$1 library=$2
    mkdir -p "$dir/include"
    cp include/wdsocket.h "$dir/include/"
    cp LICENSE "$dir/"
    abigen -sbom "$root/$dir/$library" -out "$root/$dir"
    abigen -exports "$dir/$library"
}

# write_pc FILE PREFIX LIBDIR
write_pc() {
    cat >"$1" <<END
prefix=$2
libdir=$3
includedir=\${prefix}/include

Name: wdsocket
Description: Sockets for programs that are not written in a systems language
Version: $(abigen -version)
Libs: -L\${libdir} -lwdsocket
Cflags: -I\${includedir}
END
}

build_native() {
    build_shared "$native"
    # shellcheck disable=SC2016 # pkg-config replaces it
    write_pc "$native/wdsocket.pc" '${pcfiledir}' '${prefix}'
    finish_dist "$native" libwdsocket.so
}

build_windows() {
    build_dll dist/windows-386 32 386 i686-w64-mingw32
    finish_dist dist/windows-386 wdsocket32.dll
    build_dll dist/windows-amd64 64 amd64 x86_64-w64-mingw32
    finish_dist dist/windows-amd64 wdsocket64.dll
}

verb_build() {
    build_native
    if command -v i686-w64-mingw32-gcc >/dev/null && command -v x86_64-w64-mingw32-gcc >/dev/null; then
        build_windows
    else
        say "no mingw-w64 compilers: the Windows libraries were left out"
    fi
}

verb_dist() {
    local sign_with='' sign_password='' sign_timestamp='' version tree
    while [ $# -gt 0 ]; do
        [ $# -ge 2 ] || die "dist: $1 needs a value"
        case $1 in
        --sign) sign_with=$2 ;;
        --password) sign_password=$2 ;;
        --timestamp) sign_timestamp=$2 ;;
        *) die "dist does not know $1" ;;
        esac
        shift 2
    done
    if [ -n "$sign_with" ]; then
        command -v osslsigncode >/dev/null || die "--sign needs osslsigncode"
        [ -r "$sign_with" ] || die "cannot read $sign_with"
    fi
    build_native
    build_static "$native"
    build_windows
    version=$(abigen -version)
    tree=build/dist/wdsocket-$version
    rm -rf build/dist
    mkdir -p "$tree"
    cp -a "$native" dist/windows-386 dist/windows-amd64 "$tree/"
    cp -a LICENSE CHANGELOG.md README.md hosts docs examples "$tree/"
    mkdir -p "$tree/include"
    cp include/wdsocket.h "$tree/include/"
    # For Windows, and the first that is opened: a plain text with its line ends.
    sed "s/@VERSION@/$version/; s/\$/\r/" docs/package.txt >"$tree/README.txt"
    rm "$tree/docs/package.txt"
    find "$tree" -name __pycache__ -prune -exec rm -rf {} +
    rm -rf "$tree/hosts/test"
    abigen -pack "$root/$tree" -out "$root/dist/wdsocket-$version"
    say "dist/wdsocket-$version.zip, dist/wdsocket-$version.tar.gz"
}

verb_demo() {
    build_native
    mkdir -p build/examples
    compile_against "$native" build/examples/demo examples/demo.c
    build/examples/demo
}

# compile_against DIR PROGRAM SOURCE
compile_against() {
    $CC -std=c99 -Wall -Wextra -Werror -pedantic -I"$1/include" -o "$2" "$3" \
        -L"$1" -lwdsocket -lpthread -Wl,-rpath,"$root/$1"
}

verb_bench() {
    build_native
    LIBDIR=$root/$native CC=$CC bench/run.sh "$@"
}

verb_install() {
    local prefix=/usr/local
    while [ $# -gt 0 ]; do
        case $1 in
        --prefix) [ $# -ge 2 ] || die "--prefix needs a folder"; prefix=$2; shift 2 ;;
        --prefix=*) prefix=${1#--prefix=}; shift ;;
        *) die "install does not know $1" ;;
        esac
    done
    case $prefix in /*) ;; *) die "--prefix needs an absolute folder" ;; esac
    build_native
    local target=${DESTDIR:-}$prefix version
    version=$(abigen -version)
    install -d "$target/lib/pkgconfig" "$target/include" "$target/share/doc/wdsocket"
    install -m 755 "$native/libwdsocket.so" "$target/lib/libwdsocket.so.$version"
    ln -sf "libwdsocket.so.$version" "$target/lib/$soname"
    ln -sf "$soname" "$target/lib/libwdsocket.so"
    install -m 644 include/wdsocket.h "$target/include/"
    # shellcheck disable=SC2016 # pkg-config replaces it
    write_pc "$target/lib/pkgconfig/wdsocket.pc" "$prefix" '${prefix}/lib'
    chmod 644 "$target/lib/pkgconfig/wdsocket.pc"
    install -m 644 LICENSE "$native/THIRD-PARTY.txt" "$native/sbom.cdx.json" "$target/share/doc/wdsocket/"
    say "installed wdsocket $version in $target"
}

verb_clean() { rm -rf dist build; }

# ---------------------------------------------------------------------------
# Testing: one function per step. A step fails when a command in it fails.
# ---------------------------------------------------------------------------

missing_packages() {
    local p
    for p in "${packages[@]}"; do
        dpkg-query -W -f '${Status}\n' "$p" 2>/dev/null | grep -q '^install ok installed$' || printf '%s\n' "$p"
    done
}

step_packages() {
    local missing
    command -v dpkg-query >/dev/null || die "the tests need a Debian system with: ${packages[*]}"
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} -gt 0 ] || { say "all there"; return 0; }
    if [ "$(id -u)" -ne 0 ]; then
        die "missing packages; run: sudo apt-get install ${missing[*]}"
    fi
    install_packages "${missing[@]}"
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} -eq 0 ] || die "could not be installed: ${missing[*]}"
}

# install_packages keeps the services of the packages from starting: the tests
# start their own. It runs in a step's subshell, whose end puts the policy back.
install_packages() {
    export DEBIAN_FRONTEND=noninteractive
    policy=/usr/sbin/policy-rc.d
    saved=$(mktemp -d)
    if [ -e $policy ]; then cp -p $policy "$saved/policy"; fi
    trap restore_policy EXIT
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
    # The package of the news server does not configure itself before its file
    # names a domain and a path host; then it does, in a second pass.
    apt-get update -qq || say "apt-get update failed"
    if ! apt-get install -y -qq --no-install-recommends "$@"; then
        name_news_server
        dpkg --configure -a
        apt-get install -y -qq --no-install-recommends "$@"
    fi
}

restore_policy() {
    rm -f "$policy"
    if [ -e "$saved/policy" ]; then cp -p "$saved/policy" "$policy"; fi
    rm -rf "$saved"
}

name_news_server() {
    local conf=/etc/news/inn.conf key
    [ -f $conf ] || return 0
    for key in domain pathhost; do
        if ! grep -qE "^$key:[[:space:]]+[^[:space:]]" $conf; then
            sed -i "/^$key:/d" $conf
            printf '%s: news.example\n' $key >>$conf
        fi
    done
}

step_generated() { abigen -check; }

step_gofmt() {
    local bad
    bad=$(gofmt -l .)
    [ -z "$bad" ] || die "gofmt would change: $bad"
}

step_vet() { go vet ./...; }
step_vet_windows() { CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc go vet ./...; }
step_staticcheck() { go tool staticcheck ./...; }

# go_test LOG OPTIONS: the packages' lines, and everything if one fails.
go_test() {
    local log=$1
    shift
    if go test -count=1 -timeout 600s -v "$@" ./... >"$log" 2>&1; then
        grep -E '^(ok|\?) ' "$log"
    else
        grep -vE '^ *(=== (RUN|PAUSE|CONT|NAME)|--- PASS)' "$log"
        return 1
    fi
}

step_go_test() { go_test build/test/go.log; }
step_go_race() { go_test build/test/race.log -race; }

step_build() { build_native; }
step_windows() { build_windows; }

# The same sources in another folder, with nothing cached, give the same bytes.
step_reproducible() {
    local other
    other=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "chmod -R u+w '$other'; rm -rf '$other'" EXIT
    mkdir -p "$other/elsewhere/wdsocket"
    tar -c --exclude=./dist --exclude=./build --exclude=./.git . | tar -x -C "$other/elsewhere/wdsocket"
    (
        cd "$other/elsewhere/wdsocket"
        GOCACHE=$other/cache build_shared out
        build_dll out64 64 amd64 x86_64-w64-mingw32
        build_dll out32 32 386 i686-w64-mingw32
    )
    local pair
    for pair in "$native/libwdsocket.so out/libwdsocket.so" \
        "dist/windows-amd64/wdsocket64.dll out64/wdsocket64.dll" "dist/windows-386/wdsocket32.dll out32/wdsocket32.dll"; do
        cmp "${pair% *}" "$other/elsewhere/wdsocket/${pair#* }"
        say "${pair% *}: same bytes"
    done
}

step_exports() {
    abigen -exports "$native/libwdsocket.so"
    abigen -exports dist/windows-386/wdsocket32.dll
    abigen -exports dist/windows-amd64/wdsocket64.dll
}

# Programs that look at the binary interface from outside.
step_abi() {
    mkdir -p build/abi
    local flags="-std=c99 -Wall -Wextra -Werror -pedantic" program
    for program in register fork; do
        # shellcheck disable=SC2086 # a list of options
        $CC $flags -Iinclude -o "build/abi/$program" "ctest/abi/$program.c" \
            -L"$native" -lwdsocket -lpthread -Wl,-rpath,"$root/$native"
        timeout 120 "build/abi/$program"
    done
    # shellcheck disable=SC2086
    i686-w64-mingw32-gcc $flags -Iinclude -o build/abi/link32.exe ctest/abi/install.c dist/windows-386/wdsocket32.lib
    # shellcheck disable=SC2086
    x86_64-w64-mingw32-gcc $flags -Iinclude -o build/abi/link64.exe ctest/abi/install.c dist/windows-amd64/wdsocket64.lib
    imports i686-w64-mingw32 build/abi/link32.exe wdsocket32.dll
    imports x86_64-w64-mingw32 build/abi/link64.exe wdsocket64.dll
    say "programs link with both import libraries"
}

# imports TRIPLET PROGRAM DLL: fails unless the program asks that DLL for the
# plain name.
imports() {
    local list
    list=$("$1-objdump" -p "$2" | sed -n "/DLL Name: $3/,/^\$/p")
    grep -qE '[[:space:]]WDSocketVersion[[:space:]]*$' <<<"$list" || die "$2 does not import WDSocketVersion from $3"
}

step_install() {
    local target
    target=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$target'" EXIT
    verb_install --prefix "$target/usr" >/dev/null
    local flags
    flags=$(PKG_CONFIG_PATH=$target/usr/lib/pkgconfig pkg-config --cflags --libs wdsocket)
    # shellcheck disable=SC2086
    $CC -Wall -Werror -Wpedantic -o "$target/program" ctest/abi/install.c $flags
    LD_LIBRARY_PATH=$target/usr/lib "$target/program"

    (DESTDIR=$target/stage verb_install --prefix=/usr >/dev/null)
    test -f "$target/stage/usr/include/wdsocket.h"
    grep -q '^prefix=/usr$' "$target/stage/usr/lib/pkgconfig/wdsocket.pc"
    say "DESTDIR is honoured"
}

step_c_plain() { LIBDIR=$root/$native CC=$CC CXX=$CXX MODE=plain BUILD=$root/build/ctest ctest/run.sh; }

step_c_asan() {
    build_shared build/asan -asan
    LIBDIR=$root/build/asan CC=$CC CXX=$CXX MODE=asan BUILD=$root/build/ctest-asan ctest/run.sh
}

step_c_race() {
    mkdir -p build/race
    go build -race -buildmode=c-archive -o build/race/libwdsocket.a .
    LIBDIR=$root/build/race CC=$CC CXX=$CXX MODE=race BUILD=$root/build/ctest-race ctest/run.sh \
        stream exchange simple_server standard_server udp many callback descriptor selftest events events_tls statistics coalesce
}

# Few descriptors, one processor, a collector that runs all the time.
step_c_lean() {
    ulimit -n 512
    GOMAXPROCS=1 GOGC=10 LIBDIR=$root/$native CC=$CC CXX=$CXX BUILD=$root/build/ctest-lean ctest/run.sh \
        connect stream exchange simple_server standard_server udp
}

step_examples() {
    mkdir -p build/examples
    local source count=0
    for source in examples/*.c; do
        compile_against "$native" "build/examples/$(basename "$source" .c)" "$source"
        count=$((count + 1))
    done
    say "$count examples compile"
    timeout 120 build/examples/demo
}

# The archives hold what they list, a second run gives the same bytes, and the
# signature of a throw-away certificate is verified.
step_dist() {
    local work first name version
    version=$(abigen -version)
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$work'" EXIT
    verb_dist
    first=$(sha256sum dist/wdsocket-*.zip dist/wdsocket-*.tar.gz)
    (cd dist && sha256sum --quiet -c SHA256SUMS)
    tar -x -z -f "dist/wdsocket-$version.tar.gz" -C "$work"
    (cd "$work/wdsocket-$version" && sha256sum --quiet -c SHA256SUMS)
    for name in windows-386/wdsocket32.{dll,def,lib} windows-amd64/wdsocket64.{dll,def,lib} \
        {windows-386,windows-amd64,linux-$arch}/{include/wdsocket.h,LICENSE,THIRD-PARTY.txt,sbom.cdx.json} \
        linux-$arch/{libwdsocket.so,libwdsocket.so.1,libwdsocket.a,wdsocket.pc} hosts/windev/wdsocket.wl docs/windev.md docs/windev.fr.md README.txt; do
        [ -e "$work/wdsocket-$version/$name" ] || die "the archive lacks $name"
    done
    leads_somewhere "$work/wdsocket-$version"
    $CC -std=c99 -Wall -Wextra -Werror -pedantic -Iinclude -o "$work/demo" examples/demo.c "$native/libwdsocket.a" -lpthread
    timeout 120 "$work/demo" >/dev/null
    say "a program with the static library runs"

    verb_dist >/dev/null
    [ "$first" = "$(sha256sum dist/wdsocket-*.zip dist/wdsocket-*.tar.gz)" ] || die "a second run gives other archives"
    say "a second run gives the same archives"

    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=throw-away" -addext extendedKeyUsage=codeSigning \
        -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
    printf secret >"$work/password"
    openssl pkcs12 -export -inkey "$work/key.pem" -in "$work/cert.pem" -out "$work/cert.pfx" -passout "file:$work/password"
    local sign_with=$work/cert.pfx sign_password=$work/password bits file
    for bits in 386/wdsocket32 amd64/wdsocket64; do
        file=$work/$(basename $bits).dll
        cp "dist/windows-$bits.dll" "$file"
        sign_dll "$file" "$work"
        osslsigncode verify -CAfile "$work/cert.pem" -in "$file" >"$work/verify" 2>&1 || { cat "$work/verify"; die "the signature of $file is wrong"; }
        abigen -exports "$file"
    done
    say "both DLLs can be signed"
}

# leads_somewhere FOLDER: what the texts of an unpacked archive name is in it.
leads_somewhere() {
    local name file link bad=0
    for name in $(sed -n 's/^  \([a-z][^ ]*\).*/\1/p' "$1/README.txt" | tr -d '\r'); do
        [ -e "$1/$name" ] || { say "README.txt names $name"; bad=1; }
    done
    while IFS=: read -r file link; do
        link=${link#](}
        case $link in http* | '') continue ;; esac
        [ -e "$(dirname "$file")/$link" ] || { say "$file leads to $link"; bad=1; }
    done < <(grep -rhoHE --include='*.md' '\]\([^)#]*' "$1")
    [ $bad -eq 0 ] || die "the texts of the archive name files that are not in it"
    say "the texts of the archive lead somewhere"
}

# The DLLs themselves, under Wine.
step_wine() {
    ctest/windows/fetch.sh
    BUILD=$root/build/ctest-windows ctest/windows/run.sh
}

step_hosts() { LIBDIR=$root/$native CC=$CC BUILD=$root/build/hosts hosts/test/run.sh; }

step_peers() { LIBDIR=$root/$native CC=$CC ctest/peers/run.sh; }
step_tls_peers() { LIBDIR=$root/$native CC=$CC ctest/peers/tls.sh; }

step_cut() { LIBDIR=$root/$native CC=$CC ctest/peers/cut.sh; }

step_nth() { LIBDIR=$root/$native CC=$CC ctest/faults/nth.sh; }

step_cppcheck() {
    local list files
    list=$(find export_shim.c export_shim.h export_tray.c export_tray.h ctest examples bench -name '*.c' -o -name '*.h')
    mapfile -t files <<<"$list"
    cppcheck --quiet --std=c99 --enable=warning,portability --inline-suppr --error-exitcode=1 \
        --suppress=missingIncludeSystem -Iinclude -I. -Ictest "${files[@]}"
    say "${#files[@]} files"
}

passed=0
failed=0
declare -a summary=()

# step TITLE FUNCTION: runs it by itself, shows its time, and counts: the tests
# that its last line counts, or the step as one.
step() {
    local title=$1 function=$2 begin=$SECONDS status good=1 bad=0 last
    printf '\n== %s\n' "$title"
    set +e
    (
        set -e
        "$function"
    ) 2>&1 | tee build/test/step.log
    status=${PIPESTATUS[0]}
    set -e
    case $function in
    step_go_test) count_go build/test/go.log ;;
    step_go_race) count_go build/test/race.log ;;
    *)
        last=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' build/test/step.log | tail -n 1 || true)
        if [ -n "$last" ]; then
            good=${last%% *}
            bad=$(printf '%s' "$last" | sed 's/.*, \([0-9]*\) failed/\1/')
        elif [ "$status" -ne 0 ]; then
            good=0
        fi
        ;;
    esac
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    passed=$((passed + good))
    failed=$((failed + bad))
    local verdict=ok
    [ "$bad" -eq 0 ] || verdict=FAILED
    printf -- '-- %s: %s, %d s\n' "$title" "$verdict" $((SECONDS - begin))
    summary+=("$(printf '%-6s %4d s  %5d passed %3d failed  %s' "$verdict" $((SECONDS - begin)) "$good" "$bad" "$title")")
}

# count_go LOG: into good and bad of the caller.
count_go() {
    good=$(grep -cE '^ *--- PASS' "$1" || true)
    bad=$(grep -cE '^ *--- FAIL' "$1" || true)
}

verb_test() {
    mkdir -p build/test
    step "Debian packages" step_packages
    step "Generated files are up to date" step_generated
    step "gofmt" step_gofmt
    step "go vet" step_vet
    step "go vet for Windows" step_vet_windows
    step "staticcheck" step_staticcheck
    step "Go tests, with fuzz corpora and header compile tests" step_go_test
    step "Go tests with the race detector" step_go_race
    step "Build" step_build
    step "Build for Windows" step_windows
    step "Exports and imports" step_exports
    step "Binary interface from outside" step_abi
    step "Install" step_install
    step "Examples" step_examples
    step "C tests" step_c_plain
    step "C tests with AddressSanitizer" step_c_asan
    step "C tests with the race detector" step_c_race
    step "C tests with few resources" step_c_lean
    step "Real peers" step_peers
    step "Hosts in Python, Free Pascal and C#" step_hosts
    step "Real peers with TLS" step_tls_peers
    step "A line that is cut" step_cut
    step "The n-th network call fails" step_nth
    step "cppcheck" step_cppcheck
    step "Reproducible build" step_reproducible
    step "Distribution" step_dist
    step "Windows DLLs under Wine, 64 and 32 bits" step_wine
    printf '\n== Summary, %d s\n' "$SECONDS"
    printf '%s\n' "${summary[@]}"
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ]
}

verb_wine() {
    (step_packages)
    build_windows
    build_native
    step_wine
}

case ${1:-build} in
wine | build | dist | demo | test | bench | install | clean)
    verb=${1:-build}
    [ $# -eq 0 ] || shift
    "verb_$verb" "$@"
    ;;
help | -h | --help) usage ;;
*)
    usage >&2
    exit 2
    ;;
esac
