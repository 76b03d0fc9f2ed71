# shellcheck shell=bash
# Installs what was built. Sourced by build.sh.

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
    build_static "$native"
    local target=${DESTDIR:-}$prefix version
    version=$(abigen -version)
    install -d "$target/lib/pkgconfig" "$target/include" "$target/share/doc/wdsocket"
    install -m 755 "$native/libwdsocket.so" "$target/lib/libwdsocket.so.$version"
    ln -sf "libwdsocket.so.$version" "$target/lib/$soname"
    ln -sf "$soname" "$target/lib/libwdsocket.so"
    install -m 644 "$native/libwdsocket.a" "$target/lib/"
    install -m 644 include/wdsocket.h include/wdsocket.hpp "$target/include/"
    # shellcheck disable=SC2016 # pkg-config replaces it
    write_pc "$target/lib/pkgconfig/wdsocket.pc" "$prefix" '${prefix}/lib'
    write_cmake "$target"
    chmod 644 "$target"/lib/pkgconfig/wdsocket.pc "$target"/lib/cmake/wdsocket/*
    install -m 644 LICENSE "$native/THIRD-PARTY.txt" "$native/sbom.cdx.json" "$target/share/doc/wdsocket/"
    say "installed wdsocket $version in $target"
}

