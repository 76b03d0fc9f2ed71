# shellcheck shell=bash
# The libraries. Sourced by build.sh.

soname=libwdsocket.so.1

# Go's runtime interrupts threads that are long in Go by a signal, on Windows by
# suspending them: the host's threads, too, and its own calls of the system then
# fail with EINTR. This makes it wait until they look by themselves.
# It takes the place of what go.mod and "//go:debug" lines ask for, which is said
# again.
undisturbed() {
    local wanted
    # For another processor, too, where Go leaves cgo out unless it is asked for.
    wanted=$(CGO_ENABLED=1 go list -f '{{.DefaultGODEBUG}}' .) || die "go list does not tell what go.mod asks for"
    printf -- '-X runtime.godebugDefault=asyncpreemptoff=1,%s' "$wanted"
}

# Where programs spend their time, as the benchmark has it: the compiler optimises for that
# (go.dev/doc/pgo). docs/performance.md tells how it is made.
profile=$root/tools/build/library.pgo

# build_shared DIR [go build options]: a shared library with exactly the
# header's exports. The flags that strip and leave the build's own data out
# make the bytes depend on the sources and the compilers only.
build_shared() {
    local dir=$1
    shift
    mkdir -p "$dir"
    CGO_ENABLED=1 CC=$CC go build -buildmode=c-shared -trimpath -buildvcs=false -pgo "$profile" \
        -ldflags "-s -w -buildid= $(undisturbed) -extldflags '-Wl,-soname,$soname -Wl,--version-script=$PWD/include/wdsocket.map -Wl,--build-id=none'" \
        "$@" -o "$dir/libwdsocket.so" .
    # The header that cgo makes describes the Go side and is never shipped.
    rm -f "$dir/libwdsocket.h"
    ln -sf libwdsocket.so "$dir/$soname"
}

# source_date: when the sources were last changed, in seconds, as SOURCE_DATE_EPOCH of
# reproducible-builds.org says it, by the last commit or, without one, the year of the release.
source_date() { printf '%s' "${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}"; }

# build_dll DIR BITS GOARCH TRIPLET: by way of an archive, because that is
# where the .def file alone decides which names are exported. The time of the build and
# its folder stay out of the file: ld would choose the base address by the latter, and
# takes the time of the sources from SOURCE_DATE_EPOCH. The versions are those of Windows 10
# and Server 2016: Go does not run on older ones.
build_dll() {
    local dir=$1 bits=$2 goarch=$3 triplet=$4
    local work=build/windows-$goarch def=include/wdsocket$2.def
    mkdir -p "$dir" "$work"
    CGO_ENABLED=1 GOOS=windows GOARCH=$goarch CC=$triplet-gcc go build -buildmode=c-archive -trimpath -buildvcs=false -pgo "$profile" \
        -ldflags "-s -w -buildid= $(undisturbed)" -o "$work/wdsocket.a" .
    "$triplet-windres" -DWDS_BITS="$bits" include/wdsocket.rc "$work/version.o"
    "$triplet-gcc" -O2 -Wall -Wextra -Werror -c -o "$work/entry.o" include/entry.c
    # The compiler's name of a stdcall function ends in the size of its arguments.
    local entry=wds_entry
    [ "$bits" = 64 ] || entry=_wds_entry@12
    SOURCE_DATE_EPOCH=$(source_date) "$triplet-gcc" -shared -static -s -Wl,--insert-timestamp,--disable-auto-image-base,-e,$entry \
        -Wl,--major-os-version,10,--minor-os-version,0,--major-subsystem-version,10,--minor-subsystem-version,0 \
        -o "$dir/wdsocket$bits.dll" "$def" "$work/version.o" "$work/entry.o" \
        -Wl,--whole-archive "$work/wdsocket.a" -Wl,--no-whole-archive -lws2_32 -lwinmm -lntdll
    abigen -implib "$def" -bits "$bits" -out "$dir/wdsocket$bits.lib"
    cp "$def" "$dir/"
    [ -z "${sign_with:-}" ] || sign_windows "$dir/wdsocket$bits.dll" "$work"
}

# finish_dist DIR LIBRARY: what goes with a library.
finish_dist() {
    local dir=$1 library=$2
    mkdir -p "$dir/include"
    cp include/wdsocket.h include/wdsocket.hpp "$dir/include/"
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
Description: A socket library for WINDEV, C, C++, Delphi, C#, VBA and Python
Version: $(abigen -version)
Libs: -L\${libdir} -lwdsocket
Libs.private: -lpthread
Cflags: -I\${includedir}
END
}

# write_cmake FOLDER: the package for CMake, below lib/cmake of a prefix or of the archive.
write_cmake() {
    mkdir -p "$1/lib/cmake/wdsocket"
    install -m 644 tools/build/cmake/wdsocketConfig.cmake "$1/lib/cmake/wdsocket/"
    sed "s/@VERSION@/$(abigen -version)/" tools/build/cmake/wdsocketConfigVersion.cmake >"$1/lib/cmake/wdsocket/wdsocketConfigVersion.cmake"
}

build_native() {
    build_shared "$native"
    # shellcheck disable=SC2016 # pkg-config replaces it
    write_pc "$native/wdsocket.pc" '${pcfiledir}' '${prefix}'
    finish_dist "$native" libwdsocket.so
}

# build_arm64: the library for Linux on ARM, on a machine of another kind.
build_arm64() {
    GOARCH=arm64 CC=aarch64-linux-gnu-gcc build_shared dist/linux-arm64
    finish_dist dist/linux-arm64 libwdsocket.so
}

verb_arm64() {
    [ $# -eq 0 ] || die "arm64 does not know $1"
    need_commands arm64 aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu
    build_arm64
}

build_windows() {
    build_windows_386
    build_windows_amd64
}

build_windows_386() {
    build_dll dist/windows-386 32 386 i686-w64-mingw32
    finish_dist dist/windows-386 wdsocket32.dll
}

build_windows_amd64() {
    build_dll dist/windows-amd64 64 amd64 x86_64-w64-mingw32
    finish_dist dist/windows-amd64 wdsocket64.dll
}

verb_build() {
    [ $# -eq 0 ] || die "build does not know $1"
    build_native
    if command -v i686-w64-mingw32-gcc >/dev/null && command -v x86_64-w64-mingw32-gcc >/dev/null; then
        build_windows
    else
        say "no mingw-w64 compilers (Debian packages gcc-mingw-w64-i686 gcc-mingw-w64-x86-64): the Windows libraries were left out"
    fi
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

