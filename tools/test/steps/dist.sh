# shellcheck shell=bash
# The archives hold what they list and name, what they tell the reader to do works there,
# a second run gives the same bytes, and the signature of a throw-away certificate and its
# time stamp are verified.
title="Distribution"
packages=(build-essential openssl osslsigncode python3 softhsm2 libengine-pkcs11-openssl pkgconf unzip cmake gcc-mingw-w64-i686 gcc-mingw-w64-x86-64 advancecomp mono-mcs)

run() {
    local work first name version
    version=$(abigen -version)
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$work'" EXIT
    verb_dist
    first=$(sha256sum dist/wdsocket-*.zip dist/wdsocket-*.tar.gz)
    (cd dist && sha256sum --quiet -c SHA256SUMS)
    mkdir "$work/tar" "$work/zip"
    tar -x -z -f "dist/wdsocket-$version.tar.gz" -C "$work/tar"
    unzip -q "dist/wdsocket-$version.zip" -d "$work/zip"
    for name in tar zip; do
        mv "$work/$name/wdsocket-$version" "$work/in_$name"
        (cd "$work/in_$name" && sha256sum --quiet -c SHA256SUMS)
        abigen -texts "$work/in_$name"
    done
    say "the texts of the archives name nothing that is not in them"
    fits_windows "$work/in_zip"
    for name in windows-386/wdsocket32.{dll,def,lib} windows-amd64/wdsocket64.{dll,def,lib} \
        {windows-386,windows-amd64,linux-$arch}/{include/wdsocket.h,LICENSE,THIRD-PARTY.txt,sbom.cdx.json} \
        linux-$arch/lib/{libwdsocket.so,libwdsocket.so.1,libwdsocket.a,pkgconfig/wdsocket.pc} hosts/windev/wdsocket{,_compat}.wl docs/windev.md docs/windev.fr.md README.txt; do
        [ -e "$work/in_tar/$name" ] && [ -e "$work/in_zip/$name" ] || die "the archive lacks $name"
    done
    run_commands_of_texts "$work/in_tar"
    run_commands_of_texts "$work/in_zip"
    is_found "$work/in_tar/linux-$arch"
    is_found_by_cmake
    $CC -std=c99 -Wall -Wextra -Werror -pedantic -Iinclude -o "$work/demo" examples/demo.c "$native/libwdsocket.a" -lpthread
    timeout 400 "$work/demo" >/dev/null
    say "a program with the static library runs"
    # Its own order of constructors: the host's stand among those of the library.
    $CC -std=c99 -Wall -Wextra -Werror -Iinclude -o "$work/masks" tools/test/static_masks.c "$native/libwdsocket.a" -lpthread
    timeout 100 "$work/masks"
    say "the threads of the static library have the host's signals blocked"

    packages_are_signed
    verb_dist >/dev/null
    [ ! -e dist/SHA256SUMS.p7s ] || die "the signature of other checksums stays"
    [ "$first" = "$(sha256sum dist/wdsocket-*.zip dist/wdsocket-*.tar.gz)" ] || die "a second run gives other archives"
    say "a second run gives the same archives"

    can_be_signed
}

# packages_are_signed: package signs what it packs and the list of all that is there.
packages_are_signed() {
    local sums name
    throw_away_certificate "$work"
    "$BASH" build.sh package wheels --sign "$work/cert.pfx" --password "$work/password" >"$work/package.log" 2>&1 || { cat "$work/package.log"; die "package fails"; }
    (cd dist && sha256sum --quiet -c SHA256SUMS)
    sums=$(cat dist/SHA256SUMS)
    for name in "wdsocket-$version.zip" "wdsocket-$version-py3-none-win32.whl" "wdsocket-$version-py3-none-win_amd64.whl"; do
        [[ $sums == *"  $name"* ]] || die "the checksums lack $name"
    done
    openssl cms -verify -purpose any -binary -inform DER -in dist/SHA256SUMS.p7s -content dist/SHA256SUMS -CAfile "$work/cert.pem" -out "$work/sums" 2>"$work/verify" ||
        { cat "$work/verify"; die "the signature of the checksums is wrong"; }
    cmp dist/SHA256SUMS "$work/sums"
    unzip -q -o "dist/wdsocket-$version-py3-none-win_amd64.whl" wdsocket/wdsocket64.dll -d "$work/wheel"
    is_verified "$work/wheel/wdsocket/wdsocket64.dll"
    rm dist/wdsocket-*.whl
    say "package signs the DLLs that it packs, and the checksums"
}

# can_be_signed: both DLLs, with a throw-away certificate, and with a time stamp of an authority
# on this machine.
can_be_signed() {
    local sign_with=$work/cert.pfx sign_password=$work/password sign_token='' sign_key='' sign_timestamp='' bits file authority tries=0
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=throw-away time" -addext extendedKeyUsage=critical,timeStamping \
        -keyout "$work/tsa.key" -out "$work/tsa.pem" 2>/dev/null
    for bits in 386/wdsocket32 amd64/wdsocket64; do
        file=$work/$(basename $bits).dll
        cp "dist/windows-$bits.dll" "$file"
        sign_windows "$file" "$work"
        is_verified "$file"
        abigen -exports "$file"
        sha256sum "$file" >"$work/sum"
        cp "dist/windows-$bits.dll" "$file"
        sign_windows "$file" "$work"
        sha256sum --quiet -c "$work/sum" || die "a second signature without a time stamp gives other bytes"
    done
    say "both DLLs can be signed"
    sums_can_be_signed

    # The same key in a token, here one of software.
    mkdir "$work/tokens"
    printf 'directories.tokendir = %s\nlog.level = ERROR\n' "$work/tokens" >"$work/softhsm.conf"
    export SOFTHSM2_CONF=$work/softhsm.conf
    softhsm2-util --init-token --free --label throw-away --pin 1234 --so-pin 5678 >/dev/null
    softhsm2-util --import "$work/key.pem" --token throw-away --label signer --id a1 --pin 1234 >/dev/null
    printf 1234 >"$work/pin"
    cp "dist/windows-$bits.dll" "$file"
    sign_with=$work/cert.pem sign_password=$work/pin sign_token=/usr/lib/softhsm/libsofthsm2.so sign_key='pkcs11:token=throw-away;object=signer' \
        sign_windows "$file" "$work"
    is_verified "$file"
    sha256sum --quiet -c "$work/sum" || die "the key in a token gives another signature"
    sign_with=$work/cert.pem sign_password=$work/pin sign_token=/usr/lib/softhsm/libsofthsm2.so sign_key='pkcs11:token=throw-away;object=signer' \
        sign_sums "$work/handed/SHA256SUMS" "$work"
    cmp "$work/sums.p7s" "$work/handed/SHA256SUMS.p7s"
    say "the key may be in a token"

    mkfifo "$work/in"
    python3 tools/test/timestamp.py "$work/tsa.key" "$work/tsa.pem" "$work" <"$work/in" >"$work/url" &
    authority=$!
    exec 9>"$work/in"
    until [ -s "$work/url" ] || [ $tries -eq 600 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    sign_timestamp=$(cat "$work/url")
    cp "dist/windows-$bits.dll" "$file"
    sign_windows "$file" "$work"
    exec 9>&-
    wait "$authority"
    is_verified "$file" -TSA-CAfile "$work/tsa.pem"
    grep -q "Timestamp Server Signature verification: ok" "$work/verify" || { cat "$work/verify"; die "the signature has no time stamp"; }
    say "and a time stamp of an authority goes with the signature"

    cp "dist/windows-$bits.dll" "$file"
    if (sign_windows "$file" "$work") >"$work/refused" 2>&1; then die "a time stamp came from an authority that has ended"; fi
    cmp "dist/windows-$bits.dll" "$file"
    printf x >>"$work/password"
    if (sign_windows "$file" "$work") >"$work/refused" 2>&1; then die "a wrong password signs"; fi
    if (sign_sums "$work/handed/SHA256SUMS" "$work") >"$work/refused" 2>&1; then die "a wrong password signs checksums"; fi
    [ ! -e "$work/handed/SHA256SUMS.p7s" ] || die "a signature stays of which the key was not had"
    say "without the authority, or with a wrong password, nothing is signed"
}

# sums_can_be_signed: and what docs/packages.md says verifies them, and nothing else.
sums_can_be_signed() {
    mkdir "$work/handed"
    printf 'what is handed out\n' >"$work/handed/file"
    cp "$work/cert.pem" "$work/handed/publisher.pem"
    (cd "$work/handed" && sha256sum file >SHA256SUMS)
    sign_sums "$work/handed/SHA256SUMS" "$work"
    cp "$work/handed/SHA256SUMS.p7s" "$work/sums.p7s"
    sign_sums "$work/handed/SHA256SUMS" "$work"
    cmp "$work/sums.p7s" "$work/handed/SHA256SUMS.p7s"
    local file
    for file in packages.md packages.fr.md; do
        sed -n '/^    openssl cms /p; /^    sha256sum /p' "docs/$file" >"$work/verifies"
        [ "$(grep -c '' "$work/verifies")" = 2 ] || die "docs/$file does not say how checksums are verified"
        verifies_sums || { cat "$work/verify"; die "what docs/$file says does not verify the checksums"; }
        printf x >>"$work/handed/file"
        if verifies_sums; then die "what docs/$file says does not see another file"; fi
        (cd "$work/handed" && sha256sum file >SHA256SUMS)
        if verifies_sums; then die "what docs/$file says does not see other checksums"; fi
        printf 'what is handed out\n' >"$work/handed/file"
        (cd "$work/handed" && sha256sum file >SHA256SUMS)
    done
    say "the checksums can be signed, and verified by the commands of the documentation"
}

# verifies_sums: by the commands that were found, where the files are.
verifies_sums() (cd "$work/handed" && bash -e "$work/verifies" >"$work/verify" 2>&1)

# is_verified FILE [OPTION ...]: the signature, by the throw-away certificate.
is_verified() {
    osslsigncode verify -CAfile "$work/cert.pem" "${@:2}" -in "$1" >"$work/verify" 2>&1 || { cat "$work/verify"; die "the signature of $1 is wrong"; }
}

# fits_windows FOLDER: no links, and texts with the line ends of Windows.
fits_windows() {
    local name
    [ -z "$(find "$1" -type l)" ] || die "the archive for Windows has links"
    for name in README.txt README.md LICENSE include/wdsocket.h hosts/vba/wdsocket.bas hosts/windev/wdsocket.wl windows-386/wdsocket32.def examples/demo.c; do
        [ "$(grep -c $'\r$' "$1/$name")" = "$(grep -c '' "$1/$name")" ] || die "$name has not the line ends of Windows"
    done
    [ "$(grep -c $'\r$' "$work/in_tar/hosts/vba/wdsocket.bas")" = "$(grep -c '' "$work/in_tar/hosts/vba/wdsocket.bas")" ] || die "VBA does not import the module of the archive for Linux"
    if grep -q $'\r' "$work/in_tar/README.txt" "$work/in_tar/include/wdsocket.h" "$1/linux-$arch/lib/pkgconfig/wdsocket.pc"; then
        die "a text for Linux has the line ends of Windows"
    fi
    say "each archive has the line ends of its system"
}

# run_commands_of_texts FOLDER: the commands of the texts of an unpacked archive, there.
run_commands_of_texts() (
    cd "$1" || exit
    local file
    tr -d '\r' <README.md | awk '/^```c$/ { inside = 1; next } /^```$/ && inside { exit } inside' >hello.c
    cp examples/hello.cpp .
    for file in README.txt README.md examples/README.md; do
        tr -d '\r' <$file | grep -E '^    (gcc|g\+\+|cc|mcs|export|openssl|PYTHONPATH=[a-z/]+) |^        -' >commands
        [ -s commands ] || die "$file has no commands"
        [ "$file" != README.txt ] || [ "$(cut -d ' ' -f 5 commands | LC_ALL=C sort -u | tr '\n' ' ')" = "PYTHONPATH=hosts/python g++ gcc mcs " ] || die "README.txt lacks the command of a language"
        timeout 400 bash -e -u commands >output 2>&1 || { cat commands output; die "a command of $file fails"; }
    done
    say "the commands of the texts do what they say"
)

# is_found PREFIX: by pkg-config, where it is and copied, shared and static.
is_found() {
    local tool folder flags
    # With a name that a shell would take apart.
    mkdir -p "$work/a copy" "$work/static"
    cp -a "$1/lib" "$1/include" "$work/a copy/"
    cp -a "$1/lib" "$1/include" "$work/static/"
    rm "$work"/static/lib/*.so*
    for tool in pkg-config pkgconf; do
        for folder in "$1" "$work/a copy"; do
            eval "flags=($(PKG_CONFIG_PATH="$folder/lib/pkgconfig" $tool --cflags --libs wdsocket))"
            $CC -Wall -Werror -o "$work/program" ctest/abi/install.c "${flags[@]}"
            LD_LIBRARY_PATH="$folder/lib" "$work/program"
            if "$work/program" 2>/dev/null; then die "a program with the shared library runs without it"; fi
        done
        eval "flags=($(PKG_CONFIG_PATH="$work/static/lib/pkgconfig" $tool --static --cflags --libs wdsocket))"
        [[ " ${flags[*]} " == *" -lpthread "* ]] || die "$tool --static does not name what the static library needs"
        $CC -Wall -Werror -o "$work/program" ctest/abi/install.c "${flags[@]}"
        "$work/program"
    done
    say "pkg-config finds the libraries, shared and static, where they are and copied"
}

# is_found_by_cmake: in the archive, in its folder for Linux and in a copy of that, and by
# programs for Windows.
is_found_by_cmake() {
    local folder system file wanted imports
    for folder in "$work/in_zip" "$work/in_tar/linux-$arch" "$work/a copy"; do
        made_by_cmake "$folder" -DWANTED="${version%.*}"
        LD_LIBRARY_PATH='' "$work/made/shared"
        "$work/made/static"
        imports=$(readelf -d "$work/made/static")
        [[ $imports != *libwdsocket* ]] || die "wdsocket::static is not static"
    done
    # In 0.x each minor version is a series of its own.
    for wanted in 0.1 "$version.1"; do
        if made_by_cmake "$work/in_tar" -DWANTED="$wanted" 2>/dev/null; then die "CMake takes $version for $wanted"; fi
    done
    for system in x86_64:windows-amd64/wdsocket64 i686:windows-386/wdsocket32; do
        file=${system#*:}
        made_by_cmake "$work/in_zip" -DCMAKE_SYSTEM_NAME=Windows -DCMAKE_SYSTEM_PROCESSOR="${system%:*}" -DCMAKE_C_COMPILER="${system%:*}-w64-mingw32-gcc"
        imports=$("${system%:*}-w64-mingw32-objdump" -p "$work/made/shared.exe")
        [[ $imports == *"DLL Name: ${file##*/}.dll"* ]] || die "a program of CMake does not import ${file##*/}.dll"
    done
    if made_by_cmake "$work/in_tar" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=riscv64 2>/dev/null; then die "CMake finds a library for a machine that has none"; fi
    say "CMake finds the libraries, where they are and copied, and only those that fit"
}

# made_by_cmake PREFIX [OPTION ...]: into the folder "made".
made_by_cmake() {
    local prefix=$1
    shift
    rm -rf "$work/made"
    cmake -S tools/test/cmake -B "$work/made" -DCMAKE_C_COMPILER="${CC%% *}" -DCMAKE_C_FLAGS=-Werror -DSOURCE="$root/ctest/abi/install.c" -DCMAKE_PREFIX_PATH="$prefix" "$@" >"$work/cmake.log" &&
        cmake --build "$work/made" >>"$work/cmake.log" || return
    grep -q "^-- wdsocket $version $prefix/" "$work/cmake.log" || die "CMake finds another library: $(grep '^-- wdsocket' "$work/cmake.log")"
}
