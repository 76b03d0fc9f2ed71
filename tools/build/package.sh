# shellcheck shell=bash
# Packages for the tools that install libraries, each into dist. Sourced by build.sh.

# shellcheck source=tools/build/debian.sh
source tools/build/debian.sh

# glibc LIBRARY: the version that it needs of glibc, with an underscore between its numbers.
glibc() {
    local line
    line=$(abigen -exports "$1")
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

# also_arm64: whether a library for ARM is built that is not that of this system.
also_arm64() { [ "$arch" != arm64 ] && [ -f dist/linux-arm64/libwdsocket.so ]; }

# pack_wheels FOLDER: for pip, from what is built: Linux, and Windows if that is.
pack_wheels() {
    local version pack=(python3 -B tools/build/python/wheel.py)
    version=$(abigen -version)
    rm -f "$1"/wdsocket-*.whl
    "${pack[@]}" "$version" "manylinux_$(glibc "$native/libwdsocket.so")_$(machine)" "$native/libwdsocket.so" "$soname" "$native" "$1"
    if also_arm64; then
        "${pack[@]}" "$version" "manylinux_$(glibc dist/linux-arm64/libwdsocket.so)_aarch64" dist/linux-arm64/libwdsocket.so "$soname" dist/linux-arm64 "$1"
    fi
    if [ -f dist/windows-amd64/wdsocket64.dll ] && [ -f dist/windows-386/wdsocket32.dll ]; then
        "${pack[@]}" "$version" win_amd64 dist/windows-amd64/wdsocket64.dll wdsocket64.dll dist/windows-amd64 "$1"
        "${pack[@]}" "$version" win32 dist/windows-386/wdsocket32.dll wdsocket32.dll dist/windows-386 "$1"
    fi
}

verb_package() {
    local sign_with='' sign_password='' sign_token='' sign_key='' sign_timestamp='' words kind
    signing package "$@"
    [ ${#words[@]} -gt 0 ] || words=(archives wheels debs nuget)
    for kind in "${words[@]}"; do
        case $kind in
        wheels) need_commands package python3:python3 ;;
        debs) need_commands package dpkg-deb:dpkg ;;
        archives) need_commands package xz:xz-utils advzip:advancecomp ;;
        nuget) need_commands package python3:python3 mcs:mono-mcs ;;
        *) die "package does not know $kind" ;;
        esac
    done
    # All of the same sources.
    if [ -f dist/windows-amd64/wdsocket64.dll ] || [ -f dist/windows-386/wdsocket32.dll ]; then need_mingw package; fi
    verb_build
    if also_arm64; then verb_arm64; fi
    case " ${words[*]} " in *" debs "*)
        build_static "$native"
        if also_arm64; then build_static_arm64; fi
        ;;
    esac
    for kind in "${words[@]}"; do "pack_$kind" dist; done
    write_sums
    dated_signatures
}

# pack_nuget FOLDER: for C# and the other languages of .NET, with the libraries of all systems that
# are built.
pack_nuget() {
    local work=build/nuget
    rm -rf "$work"
    rm -f "$1"/wdsocket.*.nupkg
    mkdir -p "$work"
    mcs -deterministic -target:library -optimize -warnaserror -nowarn:1591 -langversion:5 -doc:"$work/WDSocketLibrary.xml" \
        -out:"$work/WDSocketLibrary.dll" hosts/csharp/*.cs
    python3 -B tools/build/nuget/nupkg.py "$(abigen -version)" "$work" "$1" dist
}

# pack_archives FOLDER: one for each system that is built, a folder like /usr/local with bin, lib,
# include and share, and the program wdsock in it. The static library is in the archive of all.
pack_archives() {
    local version
    version=$(abigen -version)
    rm -rf build/archives
    rm -f "$1"/wdsocket-*-{linux,windows}-*.{tar.gz,tar.xz,zip}
    pack_archive "$1" "linux-$arch" .tar.gz
    if also_arm64; then pack_archive "$1" linux-arm64 .tar.gz; fi
    if [ -f dist/windows-amd64/wdsocket64.dll ]; then pack_archive "$1" windows-amd64 .zip; fi
    if [ -f dist/windows-386/wdsocket32.dll ]; then pack_archive "$1" windows-386 .zip; fi
}

# build_wdsock FILE GOOS GOARCH: the program, of which no part needs a C compiler.
build_wdsock() {
    CGO_ENABLED=0 GOOS=$2 GOARCH=$3 go build -C cmd/wdsock -trimpath -buildvcs=false -ldflags '-s -w -buildid=' -o "$PWD/$1" .
}

# pack_archive FOLDER SYSTEM ENDING
pack_archive() {
    local built=dist/$2 tree=build/archives/wdsocket-$version-$2 program=wdsock
    local doc=$tree/share/doc/wdsocket
    rm -rf "$tree"
    mkdir -p "$tree/bin" "$tree/lib/pkgconfig" "$tree/include" "$doc" "build/archives/$2"
    cp include/*.h* "$tree/include/"
    write_cmake "$tree"
    case $2 in
    windows-*)
        program=wdsock.exe
        cp "$built"/*.dll "$tree/bin/"
        cp "$built"/*.lib "$tree/lib/"
        rmdir "$tree/lib/pkgconfig"
        ;;
    *)
        cp -a "$built/libwdsocket.so" "$built/$soname" "$tree/lib/"
        # shellcheck disable=SC2016 # pkg-config replaces it
        write_pc "$tree/lib/pkgconfig/wdsocket.pc" '${pcfiledir}/../..' '${prefix}/lib'
        write_texts "$tree/share"
        ;;
    esac
    build_wdsock "$tree/bin/$program" "${2%%-*}" "${2#*-}"
    case $program in *.exe) [ -z "${sign_with:-}" ] || sign_windows "$tree/bin/$program" "build/archives/$2" ;; esac
    cp LICENSE CHANGELOG.md "$built/THIRD-PARTY.txt" "$built/sbom.cdx.json" "$doc/"
    abigen -sbom "$root/$tree/bin/$program" -out "$root/build/archives/$2"
    cp "build/archives/$2/THIRD-PARTY.txt" "$doc/THIRD-PARTY-wdsock.txt"
    cp "build/archives/$2/sbom.cdx.json" "$doc/wdsock.sbom.cdx.json"
    write_recipes "$tree"
    abigen -pack "$root/$tree" -out "$(realpath "$1")/wdsocket-$version-$2$3"
    deflate_again "$1/wdsocket-$version-$2$3"
    say "$1/wdsocket-$version-$2$3"
    case $3 in *.tar.gz) smaller_archive "$1/wdsocket-$version-$2" ;; esac
}

# deflate_again FILE ...: the same archives, a twentieth smaller, for anything that unpacks them as they were.
deflate_again() {
    local file
    for file in "$@"; do
        case $file in
        *.zip) advzip -z -2 -q "$file" ;;
        *) advdef -z -2 -q "$file" ;;
        esac
    done
}

# smaller_archive FILE: FILE.tar.xz, the same as FILE.tar.gz, half as large. The filter for programs of x86 is one
# that every xz knows; that for ARM is too new.
smaller_archive() {
    local filter=()
    case $1 in *-amd64 | *-386) filter=(--x86) ;; esac
    gzip -d -c "$1.tar.gz" | xz --threads=1 "${filter[@]}" --lzma2=preset=8 -c >"$1.tar.xz"
    say "$1.tar.xz"
}

# write_texts SHARE: the pages of wdsock for man, in English and in French, and its completion for bash.
write_texts() {
    local own=(go run -C cmd/wdsock -buildvcs=false .)
    mkdir -p "$1/man/man1" "$1/man/fr/man1" "$1/bash-completion/completions"
    "${own[@]}" --language en --man >"$1/man/man1/wdsock.1"
    "${own[@]}" --language fr --man >"$1/man/fr/man1/wdsock.1"
    "${own[@]}" --completion >"$1/bash-completion/completions/wdsock"
}

# write_recipes FOLDER: for vcpkg and Conan, which take the rest from the archive around them.
write_recipes() {
    local file checksum
    checksum=$(cd "$1" && find bin include lib -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
    for file in vcpkg/portfile.cmake vcpkg/vcpkg.json conan/conanfile.py; do
        mkdir -p "$1/share/wdsocket/${file%/*}"
        sed "s/@VERSION@/$version/; s/@CHECKSUM@/${checksum%% *}/" "tools/build/recipes/$file" >"$1/share/wdsocket/$file"
    done
}

# write_sums: the checksums of all that is handed out in dist, beside it, and their signature where
# there is a key. One of other checksums does not stay.
write_sums() {
    (
        cd dist || exit
        shopt -s nullglob
        sha256sum -- *wdsocket*.zip *wdsocket*.tar.gz *wdsocket*.tar.xz *.whl *.deb *.nupkg >SHA256SUMS
    )
    if [ -n "${sign_with:-}" ]; then
        sign_sums dist/SHA256SUMS build
    elif [ -f dist/SHA256SUMS.p7s ]; then
        rm dist/SHA256SUMS.p7s
        say "dist/SHA256SUMS.p7s was the signature of other checksums, and is removed: sign with --sign"
    fi
}
