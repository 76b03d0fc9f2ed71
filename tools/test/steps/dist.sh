# shellcheck shell=bash
# The archives hold what they list, a second run gives the same bytes, and the
# signature of a throw-away certificate is verified.
title="Distribution"
packages=(build-essential openssl osslsigncode gcc-mingw-w64-i686 gcc-mingw-w64-x86-64)

run() {
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
    timeout 400 "$work/demo" >/dev/null
    say "a program with the static library runs"
    # Its own order of constructors: the host's stand among those of the library.
    $CC -std=c99 -Wall -Wextra -Werror -Iinclude -o "$work/masks" tools/test/static_masks.c "$native/libwdsocket.a" -lpthread
    timeout 100 "$work/masks"
    say "the threads of the static library have the host's signals blocked"

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
