# shellcheck shell=bash
# The examples compile, those that serve (in C, C++, Python, Free Pascal and C#) do so
# beside bad clients and stop cleanly, and the demonstration and the programs of the
# guides run. The simulated devices talk with their clients and with peers made by
# hand. Clients of other servers are run in the steps "peers" and
# "tls-peers", clean_stop with many clients in the step "hosts".
title="Examples"
packages=(build-essential python3 openssl fpc mono-mcs mono-runtime libmono-posix4.0-cil)
needs=(native)

run() {
    local source count=0 folder=build/examples
    rm -rf "$folder"
    mkdir -p "$folder"
    for source in examples/*.c examples/devices/*.c; do
        compile_against "$native" "$folder/$(basename "$source" .c)" "$source"
        count=$((count + 1))
    done
    for source in hello group_chat tls clean_stop lines; do
        $CXX -std=c++17 -Wall -Wextra -Werror -pedantic -Iinclude -o "$folder/${source}_cpp" "examples/$source.cpp" \
            -L"$native" -lwdsocket -lpthread -Wl,-rpath,"$root/$native"
    done
    if ! fpc -v0 -Fuhosts/pascal -FU"$folder" -FE"$folder" -Fl"$native" -o"$folder/event_echo_pascal" hosts/pascal/examples/event_echo.pas >"$folder/fpc.log" 2>&1; then
        cat "$folder/fpc.log"
        return 1
    fi
    mcs -warnaserror -out:"$folder/EventEcho.exe" hosts/csharp/examples/EventEcho.cs hosts/csharp/WDSocket.cs
    mcs -warnaserror -nowarn:1591 -langversion:5 -r:Mono.Posix -out:"$folder/CleanStop.exe" hosts/csharp/examples/CleanStop.cs hosts/csharp/*.cs
    say "$((count + 8)) examples compile"
    timeout 400 "$folder/demo"
    local program
    for program in hello hello_cpp guide_errors guide_events guide_capture guide_websocket; do
        (cd "$folder" && timeout 100 "./$program")
    done
    local_programs "$folder" "unix:$(mktemp -u)"
    local_programs "$folder" "local:wdsocket-examples-$$" everybody
    lines_programs "$folder" simplified
    lines_programs "$folder" threads
    # The lines of the guide make the certificates.
    sed -n '/^```sh$/,/^```$/p' docs/tls.md | sed '/^```/d' >"$folder/certificates.sh"
    (cd "$folder" && bash -e certificates.sh 2>/dev/null)
    (cd "$folder" && timeout 100 ./tls_cpp)
    timeout 400 python3 tools/test/devices.py "$folder" | tee "$folder/counts.log"
    WDSOCKET_LIBRARY=$root/$native/libwdsocket.so timeout 300 python3 tools/test/described_devices.py "$folder" | tee -a "$folder/counts.log"
    LD_LIBRARY_PATH=$root/$native WDSOCKET_LIBRARY=$root/$native/libwdsocket.so timeout 600 python3 tools/test/bad_clients.py "$folder" |
        tee -a "$folder/counts.log"
    all_counts "$folder/counts.log"
}

# lines_programs FOLDER HOW: the client of lines.cpp asks one of its servers.
lines_programs() {
    local server answer status=0
    "$1/lines_cpp" "$2" 0 >"$1/lines.log" 2>&1 &
    server=$!
    until grep -q " on port " "$1/lines.log"; do
        kill -0 "$server" 2>/dev/null || { cat "$1/lines.log"; return 1; }
        sleep 0.05
    done
    answer=$({ printf 'hello\n'; head -c 2000 /dev/zero | tr '\0' x; printf '\nthere\n'; } |
        timeout 100 "$1/lines_cpp" client 127.0.0.1 "$(sed -n 's/.* on port //p' "$1/lines.log")" 2>&1) || status=$?
    kill "$server"
    wait "$server" || return 1
    # The connection ends with the line that is too long.
    if [ "$status" != 1 ] || [ "$(head -n 1 <<<"$answer")" != "you said hello" ] || [ "$(wc -l <<<"$answer")" != 2 ]; then
        say "$answer"
        return 1
    fi
    grep -q "^stopped, 0 sockets are held$" "$1/lines.log" || { cat "$1/lines.log"; return 1; }
    say "a client of lines has asked: $2"
}

# local_programs FOLDER ADDRESS [everybody]: two programs talk over a local socket.
local_programs() {
    local service answer
    "$1/local_service" "${@:2}" >"$1/service.log" &
    service=$!
    until grep -q "^serving" "$1/service.log"; do
        kill -0 "$service" 2>/dev/null || { cat "$1/service.log"; return 1; }
        sleep 0.05
    done
    answer=$(printf 'hello\nstop\n' | timeout 100 "$1/local_client" "$2" "$(id -u)") || { kill "$service"; return 1; }
    wait "$service" || return 1
    [ "$(grep -c "^user $(id -u), process [0-9]*: [54] bytes$" <<<"$answer")" = 2 ] || { say "$answer"; return 1; }
    say "two programs have talked at $2"
}
