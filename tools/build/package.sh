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
    [ $# -gt 0 ] || set -- wheels debs nuget
    for kind in "$@"; do
        case $kind in
        wheels) need_commands package python3:python3 ;;
        debs) need_commands package dpkg-deb:dpkg ;;
        nuget) need_commands package python3:python3 mcs:mono-mcs ;;
        *) die "package does not know $kind" ;;
        esac
    done
    verb_build
    case " $* " in *" debs "*) build_static "$native" ;; esac
    for kind in "$@"; do "pack_$kind" dist; done
}

# pack_nuget FOLDER: for C# and the other languages of .NET, with the libraries of all systems that
# are built.
pack_nuget() {
    local work=build/nuget
    rm -rf "$work"
    mkdir -p "$work"
    mcs -deterministic -target:library -optimize -warnaserror -nowarn:1591 -langversion:5 -doc:"$work/WDSocketLibrary.xml" \
        -out:"$work/WDSocketLibrary.dll" hosts/csharp/*.cs
    python3 -B tools/build/nuget/nupkg.py "$(abigen -version)" "$work" "$1" dist
}
