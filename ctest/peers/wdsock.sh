# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # common.sh sets them, and others read them
# The program wdsock against the servers of the script that sources this, behind common.sh: while
# they are up, doctor tells what they are, and a message goes there and is answered.

wdsock_builds() { CGO_ENABLED=0 go build -C "$ROOT/cmd/wdsock" -trimpath -buildvcs=false -o "$work/wdsock" .; }

# wdsock ARGUMENT...
wdsock() { timeout 90 "$work/wdsock" --language en "$@"; }

# doctor_tells EXIT ARGUMENT... -- LINE...: doctor ends with that code, and its report has these
# lines, each a regular expression with one space behind the label.
doctor_tells() {
    local exit=$1 arguments=() status line
    shift
    while [ "$1" != -- ]; do
        arguments+=("$1")
        shift
    done
    shift
    wdsock doctor "${arguments[@]}" >"$work/report" 2>&1
    status=$?
    sed -i -E 's/ {2,}/ /' "$work/report"
    cat "$work/report"
    [ $status -eq "$exit" ] || { say "exit code $status"; return 1; }
    for line in "$@"; do
        grep -qxE -- "$line" "$work/report" || { say "the report lacks: $line"; return 1; }
    done
}

# wdsock_gets PATTERN ARGUMENT...: connect gets a message that fits.
wdsock_gets() { wdsock connect -w 30s --expect "$@"; }

# wdsock_listens ARGUMENT...: starts one; wdsock_port and wdsock_pid tell of it, and what it shows is in
# wdsock.out.
wdsock_listens() {
    : >"$work/wdsock.err"
    "$work/wdsock" --language en "$@" </dev/null >"$work/wdsock.out" 2>"$work/wdsock.err" &
    wdsock_pid=$!
    running+=("$wdsock_pid")
    until_true 60 grep -q 'listening at .*:[0-9]*$' "$work/wdsock.err" || { cat "$work/wdsock.err"; return 1; }
    wdsock_port=$(sed -n 's/.*listening at .*://p' "$work/wdsock.err")
}
