# shellcheck shell=bash
# The wheels for Python: packed twice to the same bytes, installed where nothing is, used with
# str, bytes, exceptions, Ctrl-C and events, checked as typed, and removed without a trace.
title="Python wheel"
packages=(build-essential gcc-mingw-w64-i686 gcc-mingw-w64-x86-64 python3 python3-venv mypy)
needs=(native windows)
limit=600

run() {
    local work pip wheel platform dll
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$work'" EXIT
    mkdir "$work/first" "$work/second"
    pack_wheels "$work/first" >/dev/null
    (umask 077 && pack_wheels "$work/second" >/dev/null)
    diff -r "$work/first" "$work/second" || die "a second run gives other wheels"
    say "a second run gives the same wheels"

    python3 -m venv "$work/env"
    pip=("$work/env/bin/python" -m pip --disable-pip-version-check)
    "${pip[@]}" --version >/dev/null
    files_of "$work/env" >"$work/before"
    wheel=("$work"/first/wdsocket-*-manylinux_*_"$(machine)".whl)
    "${pip[@]}" install -q --no-index "${wheel[0]}"
    # In a folder without the modules, and without the library where the system looks for it.
    cp hosts/test/classes.py hosts/test/checks.py tools/test/typed.py "$work/"
    (cd "$work" && env -u LD_LIBRARY_PATH timeout 300 env/bin/python -B classes.py) | tee "$work/log"
    (
        cd "$work"
        mypy --strict --python-executable env/bin/python -p wdsocket &&
            mypy --strict --python-executable env/bin/python typed.py &&
            wrong_type 'wdsocket.connect("x", "5000")' &&
            wrong_type 'wdsocket.library().WDSocketNew("a str")' &&
            wrong_type 'wdsocket.library().WDSocketNwe(b"name")'
    ) || die "the types of the package are wrong"
    "${pip[@]}" uninstall -q -y wdsocket
    files_of "$work/env" | diff "$work/before" - || die "the wheel leaves files behind"
    say "the wheel is removed without a trace"

    # pip unpacks them for the other system, too.
    for platform in win_amd64:wdsocket64.dll:windows-amd64 win32:wdsocket32.dll:windows-386; do
        "${pip[@]}" install -q --no-index --no-compile --only-binary=:all: --platform "${platform%%:*}" --target "$work/$platform" "$work/first"/wdsocket-*-"${platform%%:*}.whl"
        dll=${platform#*:}
        cmp "dist/${platform##*:}/${dll%:*}" "$work/$platform/wdsocket/${dll%:*}"
    done
    say "the wheels for Windows have the DLLs"
    if also_arm64; then
        wheel=("$work"/first/wdsocket-*-manylinux_*_aarch64.whl)
        platform=${wheel[0]##*-none-}
        "${pip[@]}" install -q --no-index --no-compile --only-binary=:all: --platform "${platform%.whl}" --target "$work/arm64" "${wheel[0]}"
        cmp dist/linux-arm64/libwdsocket.so "$work/arm64/wdsocket/$soname"
        say "and that for ARM its library"
    fi
    tail -n 1 "$work/log"
}

# wrong_type CALL: mypy finds that it is wrong.
wrong_type() {
    if mypy --strict --python-executable env/bin/python -c "import wdsocket; $1" >wrong.log; then
        say "mypy finds nothing wrong in $1"
        return 1
    fi
    grep -q '^<string>:1: error: ' wrong.log
}

# files_of FOLDER, without what Python compiles as it runs.
files_of() { find "$1" -name __pycache__ -prune -o -print | sort; }
