# shellcheck shell=bash
# The archives that are handed out, and signatures. Sourced by build.sh.

# sign_dll FILE WORK: in place, with the key beside its certificate or in a token. Without a
# time stamp the signature is dated by the last commit, so that the same key gives the same
# bytes.
sign_dll() {
    local file=$1 signed=$2/signed.dll
    local options=(-pkcs12 "$sign_with")
    if [ -n "${sign_token:-}" ]; then
        local engines
        engines=$(openssl version -e | sed 's/.*"\(.*\)".*/\1/')
        options=(-pkcs11engine "$engines/pkcs11.so" -pkcs11module "$sign_token" -certs "$sign_with" -key "$sign_key")
    fi
    options+=(-h sha256 -n wdsocket)
    [ -z "${sign_password:-}" ] || options+=(-readpass "$sign_password")
    if [ -n "${sign_timestamp:-}" ]; then
        options+=(-ts "$sign_timestamp")
    else
        options+=(-time "$(source_date)")
    fi
    rm -f "$signed"
    osslsigncode sign "${options[@]}" -in "$file" -out "$signed" >"$2/sign.log" 2>&1 || { cat "$2/sign.log"; die "$file could not be signed"; }
    mv "$signed" "$file"
}

# build_static DIR [go build options]: the archive for programs that carry the library in them. Go's
# constructor gets a place between two of export_start.c, wherever the host's own
# constructors stand.
build_static() {
    local dir=$1
    shift
    mkdir -p "$dir"
    CGO_ENABLED=1 CC=$CC CGO_CFLAGS="${CGO_CFLAGS:--O2 -g} -DWDS_STATIC" go build -buildmode=c-archive -trimpath -buildvcs=false -pgo "$profile" \
        -ldflags "-s -w -buildid= $(undisturbed)" "$@" -o "$dir/libwdsocket.a" .
    objcopy --rename-section .init_array=.init_array.60001 "$dir/libwdsocket.a"
    rm -f "$dir/libwdsocket.h"
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
    local sign_with='' sign_password='' sign_token='' sign_key='' sign_timestamp='' version tree
    while [ $# -gt 0 ]; do
        [ $# -ge 2 ] || die "dist: $1 needs a value"
        case $1 in
        --sign) sign_with=$2 ;;
        --password) sign_password=$2 ;;
        --token) sign_token=$2 ;;
        --key) sign_key=$2 ;;
        --timestamp) sign_timestamp=$2 ;;
        *) die "dist does not know $1" ;;
        esac
        shift 2
    done
    [ -n "$sign_with" ] || [ -z "$sign_password$sign_token$sign_key$sign_timestamp" ] || die "dist: nothing is signed without --sign CERTIFICATE"
    [ -n "$sign_token" ] || [ -z "$sign_key" ] || die "dist: --key names a key in a token: which one, says --token MODULE.so"
    [ -z "$sign_token" ] || [ -n "$sign_key" ] || die "dist: --token needs --key, as 'pkcs11:token=NAME;object=NAME'"
    if [ -n "$sign_with" ]; then
        [ -r "$sign_with" ] || die "cannot read $sign_with"
        need_commands "dist --sign" osslsigncode:osslsigncode
    fi
    need_mingw dist
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
    write_sums
    say "dist/wdsocket-$version.zip, dist/wdsocket-$version.tar.gz"
    [ -z "$sign_with" ] || [ -n "$sign_timestamp" ] || say "signed without a time stamp: the signatures are valid as long as the certificate"
}

