# shellcheck shell=bash
# The program wdsock: it is built for each system, its Go tests run, and it is used in a
# terminal.
title="wdsock, the program, in a terminal too"
packages=(build-essential tmux)

run() {
    local work target
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "wdsock_ends '$work'" EXIT
    for target in windows/amd64 windows/386; do
        CGO_ENABLED=0 GOOS=${target%/*} GOARCH=${target#*/} go build -C cmd/wdsock -trimpath -buildvcs=false -o "$work/wdsock-${target/\//-}" .
    done
    say "wdsock is built for Linux and Windows, without a C compiler"
    (cd cmd/wdsock && CGO_ENABLED=0 go test -count=1 -timeout 300s .)
    CGO_ENABLED=0 go build -C cmd/wdsock -trimpath -buildvcs=false -o "$work/wdsock" .
    in_a_terminal
}

# wdsock_ends WORK: the terminal, and what runs in it.
wdsock_ends() {
    tmux -S "$1/tmux" kill-server 2>/dev/null || true
    rm -rf "$1"
}

# shows PATTERN: waits until the terminal shows it, and gives the screen.
shows() {
    local tries=0
    until tmux -S "$work/tmux" capture-pane -p -J -t wdsock >"$work/screen" && grep -qE "$1" "$work/screen"; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || { cat "$work/screen"; die "the terminal does not show $1"; }
        sleep 0.1
    done
}

# types KEYS...
types() { tmux -S "$work/tmux" send-keys -t wdsock "$@"; }

in_a_terminal() {
    local at tries=0
    tmux -S "$work/tmux" -f /dev/null new-session -d -s wdsock -x 100 -y 40 "env LC_ALL=C.UTF-8 PS1='ready> ' sh"
    shows 'ready>'
    types "$work/wdsock --language en listen --echo -f line 127.0.0.1:0 </dev/null 2>$work/server &" Enter
    until grep -qs 'listening at .' "$work/server"; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || die "the server does not listen"
        sleep 0.1
    done
    at=$(sed -n 's/.*listening at //p' "$work/server")
    types "clear; $work/wdsock --language en connect -f line $at" Enter
    shows "connected to $at"
    types 'hello\x21' Enter
    shows '^hello!$'
    types C-c
    types 'echo status $?' Enter
    shows '^status 0$'
    say "a conversation in a terminal, ended by Ctrl-C"
}
