# shellcheck shell=bash
# Packages for the tools that install libraries, each into dist. Sourced by build.sh.

# glibc is the version that the library needs of it, with an underscore between its numbers.
glibc() {
    local line
    line=$(abigen -exports "$native/libwdsocket.so")
    line=${line##*in glibc }
    printf '%s' "${line/./_}"
}

# machine is what Linux and Python call the processor.
machine() {
    case $arch in
    amd64) printf x86_64 ;;
    arm64) printf aarch64 ;;
    386) printf i686 ;;
    *) printf '%s' "$arch" ;;
    esac
}

# pack_wheels FOLDER: for pip, from what is built: Linux, and Windows if that is.
pack_wheels() {
    local version pack=(python3 -B tools/build/python/wheel.py)
    version=$(abigen -version)
    rm -f "$1"/wdsocket-*.whl
    "${pack[@]}" "$version" "manylinux_$(glibc)_$(machine)" "$native/libwdsocket.so" "$soname" "$native" "$1"
    if [ -f dist/windows-amd64/wdsocket64.dll ] && [ -f dist/windows-386/wdsocket32.dll ]; then
        "${pack[@]}" "$version" win_amd64 dist/windows-amd64/wdsocket64.dll wdsocket64.dll dist/windows-amd64 "$1"
        "${pack[@]}" "$version" win32 dist/windows-386/wdsocket32.dll wdsocket32.dll dist/windows-386 "$1"
    fi
}

verb_package() {
    local kind
    for kind in "${@:-wheels}"; do
        case $kind in
        wheels) need_commands package python3:python3 ;;
        *) die "package does not know $kind" ;;
        esac
    done
    verb_build
    for kind in "${@:-wheels}"; do "pack_$kind" dist; done
}
