# shellcheck shell=bash
# The NuGet package: packed twice to the same bytes, its parts those that NuGet asks for, and
# a program that uses what is in it.
title="NuGet package"
packages=(build-essential gcc-mingw-w64-i686 gcc-mingw-w64-x86-64 python3 unzip libxml2-utils mono-mcs mono-runtime)
needs=(native windows)
limit=600

# dotnet_machine is what .NET calls the processor of this system.
dotnet_machine() {
    case $arch in
    amd64) printf x64 ;;
    *) printf '%s' "$arch" ;;
    esac
}

run() {
    local work part version
    version=$(abigen -version)
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$work'" EXIT
    mkdir "$work/first" "$work/second" "$work/program"
    pack_nuget "$work/first"
    (umask 077 && pack_nuget "$work/second" >/dev/null)
    diff -r "$work/first" "$work/second" || die "a second run gives another package"
    say "a second run gives the same package"

    unzip -q "$work"/first/wdsocket.*.nupkg -d "$work/package"
    cd "$work/package" || exit
    xmllint --noout ./*.nuspec '[Content_Types].xml' _rels/.rels build/net45/wdsocket.targets lib/*/*.xml
    [ "$(xmllint --xpath 'string(//*[local-name()="Relationship"]/@Target)' _rels/.rels)" = /wdsocket.nuspec ] || die "NuGet does not find the .nuspec"
    for part in id version authors description; do
        [ -n "$(xmllint --xpath "string(//*[local-name()='metadata']/*[local-name()='$part'])" wdsocket.nuspec)" ] || die "the .nuspec has no $part"
    done
    [ "$(xmllint --xpath 'string(//*[local-name()="version"])' wdsocket.nuspec)" = "$version" ] || die "the .nuspec has another version"
    # Each file that the .nuspec and the targets name is there, and each kind of file is told.
    for part in license readme; do [ -f "$(xmllint --xpath "string(//*[local-name()='$part'])" wdsocket.nuspec)" ] || die "the file of $part is missing"; done
    for part in $(sed -n 's/.*MSBuildThisFileDirectory)\(.*\)">.*/\1/p' build/net45/wdsocket.targets); do
        [ -f "build/net45/${part//\\//}" ] || die "wdsocket.targets names $part, which is not there"
    done
    find . -type f ! -name '?Content_Types?.xml' | sed 's/.*\.//' | sort -u | while read -r part; do
        grep -q "Extension=\"$part\"" '[Content_Types].xml' || die "[Content_Types].xml does not tell what .$part is"
    done
    cmp runtimes/win-x64/native/wdsocket64.dll "$root/dist/windows-amd64/wdsocket64.dll"
    cmp runtimes/win-x86/native/wdsocket32.dll "$root/dist/windows-386/wdsocket32.dll"
    say "the package has the parts that NuGet asks for"

    # With what a project gets of it: the assembly, and the library of the system beside it.
    cd "$work/program" || exit
    cp "$work/package/lib/netstandard2.0/WDSocketLibrary.dll" .
    cp "$work/package/runtimes/linux-$(dotnet_machine)/native/"* .
    mcs -warnaserror -out:Classes.exe -r:WDSocketLibrary.dll "$root/hosts/test/Classes.cs"
    LD_LIBRARY_PATH=. timeout 400 mono Classes.exe
}
