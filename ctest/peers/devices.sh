#!/usr/bin/env bash
# Holds the simulated devices of examples/devices and their clients against programs of
# others: mbpoll and libmodbus at the other end, and Wireshark's dissectors, which read
# what a device and its client say to each other.
#
#   LIBDIR  folder with libwdsocket.so (required)
#   CC      compiler, gcc unless set
#   KEEP    1 keeps the folder with all files, and tells its name

# shellcheck source=ctest/peers/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh" || exit 1

need /usr/include/modbus/modbus.h libmodbus-dev
need_command mbpoll mbpoll
need_command tshark tshark
enough

build() {
    compile "$ROOT"/examples/devices/*.c peer.c && "$CC" -std=c99 -Wall -Wextra -Werror -pedantic -o "$work/modbus_server" modbus_server.c -lmodbus
}

# recording DEVICE OPTIONS: starts it; what passes is recorded in DEVICE.pcapng.
recording() {
    rm -f "$work/$1.pcapng"
    WDSOCKET_TRACE=$work/$1.pcapng example "$@" --port 0
}

# dissected DEVICE PROTOCOL FIELD: what Wireshark finds in the recording, a line for each
# packet; fails if it finds one that is malformed.
dissected() {
    local packets=(-r "$work/$1.pcapng" -d "tcp.port==$example_port,$2")
    [ -z "$(tshark "${packets[@]}" -Y '_ws.malformed or _ws.unreassembled or tcp.analysis.flags' 2>/dev/null)" ] || { say "malformed packets"; return 1; }
    tshark "${packets[@]}" -T fields -e "$3" 2>/dev/null | sed '/^$/d; s/://g'
}

# says TEXT COMMAND: what a command prints is exactly that.
says() {
    local expected=$1 got
    shift
    got=$("$@") || return 1
    [ "$got" = "$expected" ] || { say "$got"; return 1; }
}

s7() {
    recording s7_plc || return 1
    says "06 07 08 09" timeout 60 "$work/read_db" 127.0.0.1 "$example_port" 1 6 4 &&
        fails_with "does not have these bytes" timeout 60 "$work/read_db" 127.0.0.1 "$example_port" 2 6 4
    local status=$?
    stop "$example_pid"
    # Twice: setup of the communication, its answer, read, its answer.
    [ $status -eq 0 ] && says "$(printf '0xf0\n0xf0\n0x04\n0x04\n0xf0\n0xf0\n0x04\n0x04')" dissected s7_plc tpkt s7comm.param.func &&
        says "$(printf '0xff\n0x0a')" dissected s7_plc tpkt s7comm.data.returncode &&
        says 06070809 dissected s7_plc tpkt s7comm.resp.data
}

hl7() {
    recording hl7_receiver || return 1
    timeout 60 "$work/send_hl7" 127.0.0.1 "$example_port" 2
    local status=$?
    stop "$example_pid"
    [ $status -eq 0 ] && says "$(printf 'ORU\nACK\nORU\nACK')" dissected hl7_receiver hl7 hl7.message.type
}

# poll OPTIONS -- VALUES: mbpoll once; what it read.
poll() { timeout 60 mbpoll -1 -0 -t 4 -p "$example_port" "$@" 2>&1 | sed -n 's/^\[\([0-9]*\)\]:[[:space:]]*/\1=/p'; }

mbpoll_reads_and_writes() {
    recording plc "$@" || return 1
    says "$(printf '5=1005\n6=1006\n7=1007')" poll -a 1 -r 5 -c 3 127.0.0.1
    local status=$?
    poll -a 2 -r 6 127.0.0.1 4711 4712
    says "$(printf '5=2005\n6=4711\n7=4712\n8=2008')" poll -a 2 -r 5 -c 4 127.0.0.1 || status=1
    fails_with "arget device failed to respond" timeout 60 mbpoll -1 -0 -t 4 -p "$example_port" -a 9 -r 5 127.0.0.1 || status=1
    stop "$example_pid"
    [ $status -eq 0 ] && dissected plc mbtcp modbus.func_code >"$work/functions" && says "$(printf '16\n3')" sort -u "$work/functions"
}

libmodbus_registers() {
    timeout 60 "$work/read_registers" 127.0.0.1 "$1" 1 10 185 >"$work/output" || return 1
    [ "$(wc -l <"$work/output")" = 185 ] && grep -qx 'register 10 = 110' "$work/output" && grep -qx 'register 194 = 294' "$work/output"
}

test_modbus() {
    local port pid
    check "mbpoll reads and writes registers of the simulated PLC" mbpoll_reads_and_writes
    check "and where its answers come late" mbpoll_reads_and_writes --delay 50
    port=$(free_port)
    "$work/modbus_server" "$port" >"$work/modbus.log" 2>&1 &
    pid=$!
    running+=("$pid")
    check "libmodbus device starts" until_true 90 listens "$port"
    check "read_registers asks a libmodbus device several questions at the same time" libmodbus_registers "$port"
    stop "$pid"
}

check "devices and their clients compile" build
[ $failed -eq 0 ] || { result; exit 1; }
cd "$work" || exit 1
test_modbus
check "Wireshark reads the S7 protocol of s7_plc and read_db" s7
check "Wireshark reads the HL7 of hl7_receiver and send_hl7" hl7
result
