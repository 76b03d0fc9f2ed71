# shellcheck shell=bash
# The archives that are handed out. Sourced by build.sh.

# shellcheck source=tools/build/sign.sh
source tools/build/sign.sh

# build_static DIR [go build options]: the archive for programs that carry the library in them. Go's
# constructor gets a place between two of export_start.c, wherever the host's own
# constructors stand.
build_static() {
    local dir=$1
    shift
    mkdir -p "$dir"
    CGO_ENABLED=1 CC=$CC CGO_CFLAGS="${CGO_CFLAGS:--O2 -g} -DWDS_STATIC" go build -buildmode=c-archive -trimpath -buildvcs=false -pgo "$profile" \
        -ldflags "-s -w -buildid= $(undisturbed)" "$@" -o "$dir/libwdsocket.a" .
    "${OBJCOPY:-objcopy}" --rename-section .init_array=.init_array.60001 "$dir/libwdsocket.a"
    rm -f "$dir/libwdsocket.h"
}

# build_static_arm64: the same for Linux on ARM.
build_static_arm64() {
    GOARCH=arm64 CC=aarch64-linux-gnu-gcc OBJCOPY=aarch64-linux-gnu-objcopy build_static dist/linux-arm64
}

# lay_out_prefix FOLDER: a folder like /usr/local, from which programs are compiled where
# it lies and whose content may be copied into another such folder.
lay_out_prefix() {
    mkdir -p "$1/lib/pkgconfig" "$1/include"
    cp -a "$native/libwdsocket.so" "$native/$soname" "$native/libwdsocket.a" "$1/lib/"
    cp include/wdsocket.h include/wdsocket.hpp "$1/include/"
    cp "$native/LICENSE" "$native/THIRD-PARTY.txt" "$native/sbom.cdx.json" "$1/"
    # shellcheck disable=SC2016 # pkg-config replaces it
    write_pc "$1/lib/pkgconfig/wdsocket.pc" '${pcfiledir}/../..' '${prefix}/lib'
    write_cmake "$1"
}

verb_dist() {
    local sign_with='' sign_password='' sign_token='' sign_key='' sign_timestamp='' words version tree
    signing dist "$@"
    [ ${#words[@]} -eq 0 ] || die "dist does not know ${words[0]}"
    need_mingw dist
    need_commands dist advzip:advancecomp
    build_native
    build_static "$native"
    build_windows
    version=$(abigen -version)
    tree=build/dist/wdsocket-$version
    rm -rf build/dist
    mkdir -p "$tree"
    lay_out_prefix "$tree/linux-$arch"
    write_cmake "$tree"
    cp -a dist/windows-386 dist/windows-amd64 "$tree/"
    cp -a LICENSE CHANGELOG.md README.md hosts docs examples "$tree/"
    mkdir -p "$tree/include"
    cp include/wdsocket.h include/wdsocket.hpp "$tree/include/"
    sed "s/@VERSION@/$version/; s/@ARCH@/$arch/g" docs/package.txt >"$tree/README.txt"
    sed -i "s/@ARCH@/$arch/g" "$tree/README.md" "$tree/examples/README.md"
    rm "$tree/docs/package.txt"
    find "$tree" -name __pycache__ -prune -exec rm -rf {} +
    rm -rf "$tree/hosts/test"
    abigen -pack "$root/$tree" -out "$root/dist/wdsocket-$version"
    deflate_again "dist/wdsocket-$version.zip" "dist/wdsocket-$version.tar.gz"
    write_sums
    say "dist/wdsocket-$version.zip, dist/wdsocket-$version.tar.gz"
    dated_signatures
}
