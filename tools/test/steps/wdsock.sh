# shellcheck shell=bash
# The program wdsock: it is built for each system, its Go tests run, it is used in a terminal,
# and names the framing of each simulated device.
title="wdsock, the program, in a terminal too"
packages=(build-essential tmux)
needs=(native)

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
    doctor_knows_devices
}

# wdsock_ends WORK: the terminal, and what runs in it.
wdsock_ends() {
    tmux -S "$1/tmux" kill-server 2>/dev/null || true
    [ -z "${device:-}" ] || kill "$device" 2>/dev/null || true
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
    tmux -S "$work/tmux" -f /dev/null new-session -d -s wdsock -x 100 -y 40 "env LC_ALL=C.UTF-8 XDG_STATE_HOME=$work/state PS1='ready> ' sh"
    shows 'ready>'
    types "$work/wdsock --language en listen --echo -f line 127.0.0.1:0 </dev/null >/dev/null 2>$work/server &" Enter
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
    # The line before comes again by its beginning and Tab, and by the arrow.
    types 'hel' Tab '?' Enter
    shows '^hello!\?$'
    types Up BSpace 'once more' Enter
    shows '^hello!once more$'
    types C-c
    shows '^ready> *$'
    types 'echo status $?' Enter
    shows '^status 0$'
    say "a conversation in a terminal, ended by Ctrl-C"
    # Another session knows the lines of this one, unless it is not to.
    types "clear; echo second; $work/wdsock --language en connect -f line $at" Enter
    shows '^second$'
    shows "connected to $at"
    types 'hel' Tab Enter
    shows '^hello!once more$'
    types C-c
    shows '^ready> *$'
    types "clear; echo third; $work/wdsock --language en connect --no-history -f line $at" Enter
    shows '^third$'
    shows "connected to $at"
    types Up 'alone' Enter
    shows '^alone$'
    types C-c
    shows '^ready> *$'
    [ "$(stat -c %a "$work/state/wdsock/history")" = 600 ] && ! grep -q alone "$work/state/wdsock/history" || die "the history is not that of one user, or has too much"
    say "and its history in the next one"
    # Ctrl-C is heard behind Ctrl-D, and a line that is wrong ends nothing. Twenty columns are enough.
    tmux -S "$work/tmux" resize-window -t wdsock -x 20 -y 40
    types "clear; $work/wdsock --language en listen -f line 127.0.0.1:0" Enter
    shows 'listening at'
    types 'C:\Users' Enter
    shows 'backslash'
    types 'C:\Users' Enter
    types C-d
    types C-c
    shows '^ready> *$'
    types 'echo listened $?' Enter
    shows '^listened 0$'
    say "Ctrl-C ends it also where no line is read any more"
}

# doctor_names FRAMING DEVICE [OPTION ...] -- [OPTION OF DOCTOR ...]
doctor_names() {
    local framing=$1 name=$2 options=() tries=0
    shift 2
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    [ -x "$work/$name" ] || compile_against "$native" "$work/$name" "examples/devices/$name.c"
    rm -f "$work/device" # that of the device before
    "$work/$name" --port 0 "${options[@]}" >"$work/device" &
    device=$!
    until grep -qs '[0-9]$' "$work/device"; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || die "$name does not listen"
        sleep 0.1
    done
    "$work/wdsock" --language en doctor 127.0.0.1 "$(grep -oE '[0-9]+$' "$work/device")" -w 20s "$@" >"$work/report" || { cat "$work/report"; return 1; }
    kill -INT "$device"
    wait "$device"
    device=
    grep -qxF "framing       $framing" "$work/report" || { cat "$work/report"; die "doctor does not name the framing of $name"; }
    grep -q '^WLanguage ' "$work/report" || die "doctor has no line of WLanguage for $name"
    sed -n 's/^C  *//p' "$work/report" >"$work/lines"
    [ -s "$work/lines" ] || die "doctor has no line of C for $name"
    sed 's/.*/\t{ int32_t done = &\n\t\tif (done != WDS_OK) { return 1; } }/' "$work/lines" >>"$work/advised"
}

# advised_lines_work: what doctor has proposed in C compiles, and the library takes it.
advised_lines_work() {
    {
        printf '#include <stdio.h>\n#include "wdsocket.h"\n\nint main(void)\n{\n\tint32_t socket = WDSocketNew(NULL);\n\n'
        cat "$work/advised"
        printf '\treturn 0;\n}\n'
    } >"$work/advised.c"
    compile_against "$native" "$work/advised_program" "$work/advised.c"
    "$work/advised_program" || { cat "$work/advised.c"; die "a line of C that doctor proposes does not work"; }
    say "the lines of C that doctor proposes compile, and work"
}

doctor_knows_devices() {
    device=
    doctor_names "data 0D" barcode_reader --
    doctor_names "data 0D0A" barcode_reader --crlf --
    doctor_names sics scale -- --ask sics
    doctor_names modbus-tcp plc -- --ask modbus
    doctor_names s7 s7_plc -- --ask s7
    doctor_names mllp hl7_receiver -- --ask hl7
    doctor_names zpl-status label_printer -- --ask zpl
    doctor_names raw receipt_printer -- --ask escpos
    doctor_names "s=02 d=data e=03 xor(d..e) ; restart control=(04|05|06|15)" payment_terminal -- --ask enq
    doctor_names iso8583 payment_terminal --length -- --ask length
    doctor_names mllp hl7_receiver -- --ask s7,modbus,hl7 -w 3s
    # The tracker is the one that connects.
    local tries=0 port
    compile_against "$native" "$work/gps_tracker" examples/devices/gps_tracker.c
    "$work/wdsock" --language en doctor --listen -w 20s -x --send 01 127.0.0.1:0 >"$work/report" &
    device=$!
    until grep -qs 'listening .*:[0-9]*: ' "$work/report"; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || die "doctor does not listen"
        sleep 0.1
    done
    port=$(sed -n 's/^listening .*:\([0-9]*\): .*/\1/p' "$work/report")
    "$work/gps_tracker" --port "$port" >/dev/null 2>&1 || true # nothing acknowledges its packet
    wait "$device"
    device=
    grep -qxF "framing       teltonika" "$work/report" || grep -q "^because .*teltonika" "$work/report" || { cat "$work/report"; die "doctor does not name the framing of gps_tracker"; }
    say "doctor names the framing of each simulated device"
    advised_lines_work
}
