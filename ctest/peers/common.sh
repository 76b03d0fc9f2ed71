# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts that source it read them
# What the scripts of this folder share: how they begin, in this folder, processes that
# are stopped by their own ids, and checks that are counted.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
export LC_ALL=C

CC=${CC:-gcc}
LIBDIR=${LIBDIR:?set LIBDIR to the folder with libwdsocket.so}
LIBDIR=$(cd "$LIBDIR" && pwd) || exit 1
ROOT=$(cd ../.. && pwd)

say() { printf '%s\n' "$*"; }
die() { printf 'peers: %s\n' "$*" >&2; exit 1; }

missing=()
need() { [ -e "$1" ] || missing+=("$2"); }
need_command() { command -v "$1" >/dev/null || missing+=("$2"); }
need_command "$CC" "$CC"
enough() {
    [ ${#missing[@]} -eq 0 ] || die "missing packages: ${missing[*]}"
    [ -e "$LIBDIR/libwdsocket.so" ] || die "no libwdsocket.so in $LIBDIR"
}

work=$(mktemp -d)
chmod 755 "$work"
running=()

# is_ours PID: whether this shell has started it, or it is the daemon of such a process. What
# has ended may have left its number to a process of others.
daemon=
is_ours() {
    local parent
    [ "$1" != "$daemon" ] || return 0
    parent=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null)
    [ "$parent" = $$ ] || [ "$parent" = "$BASHPID" ]
}

# stop PID: a server of ours, by force when it does not listen.
stop() {
    local pid=$1
    is_ours "$pid" || return 0
    kill "$pid" 2>/dev/null
    for _ in $(seq 40); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.05
    done
    is_ours "$pid" && kill -KILL "$pid" 2>/dev/null
    [ "$pid" != "$daemon" ] || daemon=
    wait "$pid" 2>/dev/null
    return 0
}

# shellcheck disable=SC2317 # the trap calls it
finish() {
    local pid
    for pid in "${running[@]}"; do
        stop "$pid"
    done
    if [ "${KEEP:-0}" = 1 ]; then
        say "files: $work"
    else
        rm -rf "$work"
    fi
}
trap finish EXIT
trap 'exit 1' INT TERM

# until_true SECONDS COMMAND: tries again until it succeeds.
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@" 2>/dev/null; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.05
    done
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

# port_in FILE: the last word of its first line, which a server of ours printed.
port_in() { head -n 1 "$1" | sed 's/.* //'; }
has_line() { [ "$(wc -l <"$1")" -ge 1 ]; }
free_port() { "$work/peer" port; }

passed=0
failed=0

# check TITLE COMMAND: runs it and counts; shows what it printed if it fails.
check() {
    local title=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
        say "ok      $title"
    else
        failed=$((failed + 1))
        say "FAILED  $title"
        sed 's/^/        /' "$work/log" | cut -c 1-300 | tail -n 60
    fi
}

# result: how many checks there were, and whether all succeeded.
result() {
    say "$passed passed, $failed failed"
    [ $failed -eq 0 ]
}

# same EXPECTED GOT
same() { cmp "$1" "$2"; }

# fails_with TEXT COMMAND: exit status 1, and the text in what it prints.
fails_with() {
    local text=$1 status
    shift
    "$@" >"$work/output" 2>&1
    status=$?
    cat "$work/output"
    [ $status -eq 1 ] && grep -qF -- "$text" "$work/output"
}

ended() { ! kill -0 "$1"; }

# listening PORT: without connecting, which would use the listener up.
listening() { grep -q ":$(printf %04X "$1") 00000000:0000 0A" /proc/net/tcp; }

# example PROGRAM ARGUMENTS: starts a server among the examples, which reads
# example_input if that is set; example_port, example_pid and example_log, a file
# of its own, tell of it.
example() {
    example_log=$(mktemp "$work/example.XXXXXX") || return 1
    "$work/$1" "${@:2}" <"${example_input:-/dev/null}" >"$example_log" 2>&1 &
    example_pid=$!
    running+=("$example_pid")
    until_true 60 has_line "$example_log" || return 1
    example_port=$(port_in "$example_log")
}

# compile SOURCE...: each into a program of its name in the work folder.
compile() {
    local options=(-std=c99 -Wall -Wextra -Werror -pedantic "-I$ROOT/include")
    local libraries=("-L$LIBDIR" -lwdsocket -lpthread "-Wl,-rpath,$LIBDIR") source
    for source in "$@"; do
        "$CC" "${options[@]}" -o "$work/$(basename "$source" .c)" "$source" "${libraries[@]}" || return 1
    done
}

# make_authority DIR: an authority of the test's own, as ca.pem and ca.key.
make_authority() {
    mkdir -p "$1" &&
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1/ca.key" -out "$1/ca.pem" \
            -days 30 -subj "/CN=Test authority" -addext basicConstraints=critical,CA:TRUE \
            -addext keyUsage=critical,keyCertSign,cRLSign
}

# make_certificate DIR NAME USE SUBJECT_NAMES KEY...: signed by the authority in
# DIR; KEY are options of genpkey. Makes NAME.key, NAME.crt and NAME.pem, which
# has both.
make_certificate() {
    local d=$1 n=$2
    printf 'extendedKeyUsage=%s\nsubjectAltName=%s\nkeyUsage=digitalSignature,keyEncipherment\nbasicConstraints=CA:FALSE\n' \
        "$3" "$4" >"$d/$n.ext"
    openssl genpkey "${@:5}" -out "$d/$n.key" &&
        openssl req -new -key "$d/$n.key" -subj "/CN=$n" -out "$d/$n.csr" &&
        openssl x509 -req -in "$d/$n.csr" -CA "$d/ca.pem" -CAkey "$d/ca.key" -CAcreateserial -days 20 \
            -extfile "$d/$n.ext" -out "$d/$n.crt" &&
        cat "$d/$n.crt" "$d/$n.key" >"$d/$n.pem"
}
