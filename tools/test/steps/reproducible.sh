# shellcheck shell=bash
# The same sources in another folder, with nothing cached, give the same bytes.
title="Reproducible build"
packages=(build-essential gcc-mingw-w64-i686 gcc-mingw-w64-x86-64)
needs=(native windows)

run() {
    local other date
    date=$(source_date)
    other=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "chmod -R u+w '$other'; rm -rf '$other'" EXIT
    mkdir -p "$other/elsewhere/wdsocket"
    tar -c --exclude=./dist --exclude=./build --exclude=./.git . | tar -x -C "$other/elsewhere/wdsocket"
    (
        cd "$other/elsewhere/wdsocket" || exit
        # What says when the sources were changed is not there.
        export SOURCE_DATE_EPOCH=$date
        export GOCACHE=$other/cache
        build_shared out
        build_static out
        build_wdsock out/wdsock linux "$arch"
        build_dll out64 64 amd64 x86_64-w64-mingw32
        build_dll out32 32 386 i686-w64-mingw32
    )
    local pair here there file
    build_static "$native"
    build_wdsock build/wdsock linux "$arch"
    for pair in "$native out libwdsocket.so" "$native out libwdsocket.a" "build out wdsock" "dist/windows-amd64 out64 wdsocket64.dll" "dist/windows-amd64 out64 wdsocket64.lib" \
        "dist/windows-386 out32 wdsocket32.dll" "dist/windows-386 out32 wdsocket32.lib"; do
        read -r here there file <<<"$pair"
        cmp "$here/$file" "$other/elsewhere/wdsocket/$there/$file"
        say "$here/$file: same bytes"
    done
}
