#!/usr/bin/env bash
# Holds the framings that WDS_TEXT_FRAME describes, and the single reads beside them,
# against servers of others. wdsock says what they are.
#
#   LIBDIR  folder with libwdsocket.so (required)
#   CC      compiler, gcc unless set
#   KEEP    1 keeps the folder with all files, and tells its name
#
# Every server gets a free port, private files in a temporary folder, and is stopped by
# its own process id. Nothing of the machine's configuration is used or changed. One whose
# package cannot be had is not run, and that is said.

# shellcheck source=ctest/peers/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh" || exit 1
# shellcheck source=ctest/peers/wdsock.sh
. ./wdsock.sh || exit 1
PATH=$PATH:/usr/sbin

need /usr/include/modbus/modbus.h libmodbus-dev
need_command socat socat
need_command python3 python3
enough

# peer COMMAND PACKAGE FUNCTION: the function, where the command is there.
peer() {
    if command -v "$1" >/dev/null; then
        "$3"
    else
        say "NOT RUN  the framing of $1, because it is missing: package $2"
    fi
}

# server TITLE PORT COMMAND...: starts it, and waits until it listens; server_pid is its id.
server() {
    local title=$1 port=$2
    shift 2
    "$@" >"$work/server.log" 2>&1 &
    server_pid=$!
    running+=("$server_pid")
    check "$title starts" serves "$port"
}

serves() { until_true 60 listening "$1" || { cat "$work/server.log"; return 1; }; }

# our_server COMMAND...: a server of ours, which prints its port; our_pid is its id.
our_server() {
    : >"$work/port"
    timeout 120 "$@" >"$work/port" &
    our_pid=$!
    running+=("$our_pid")
    until_true 60 has_line "$work/port"
}

# good_end PID: that server's work was done when the other program ended.
good_end() {
    until_true 60 ended "$1"
    wait "$1"
}

# Some servers have to be told that they may stay root.
is_root() { [ "$(id -u)" = 0 ]; }

# telling COMMAND: what it prints, in a line of the test's output.
telling() {
    "$@" >"$work/output" || return 1
    cat "$work/output" >>"$work/told"
}

# tell: what the checks since the last time had to tell.
tell() {
    [ ! -s "$work/told" ] || sed 's/^/        /' "$work/told"
    : >"$work/told"
}

test_mqtt() {
    local port
    port=$(free_port)
    printf 'listener %s 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\nmax_inflight_messages 0\n' "$port" >"$work/mosquitto.conf"
    ! is_root || say "user root" >>"$work/mosquitto.conf"
    server mosquitto "$port" mosquitto -c "$work/mosquitto.conf"
    check "wdsock: doctor asks mosquitto" doctor_tells 0 127.0.0.1 "$port" --ask mqtt -- 'port open: .*' 'asked MQTT: .* -> 20 02 00 00' 'framing mqtt'
    check "mosquitto, mqtt: 4000 messages out, back, and confirmed both ways" telling timeout 120 "$work/mqtt" 127.0.0.1 "$port" 4000
    stop "$server_pid"
    tell
}

test_mysql() {
    local port user=()
    port=$(free_port)
    mkdir -p "$work/mariadb/test"
    ! is_root || user=(--user=root)
    # Without its own tables it asks nobody for a password, and is there at once.
    server MariaDB "$port" mariadbd --no-defaults --datadir="$work/mariadb" --tmpdir="$work/mariadb" --socket="$work/mariadb/socket" \
        --pid-file="$work/mariadb/pid" --bind-address=127.0.0.1 --port="$port" --skip-grant-tables --skip-innodb --default-storage-engine=MyISAM "${user[@]}"
    check "wdsock: doctor of MariaDB, which greets" doctor_tells 0 127.0.0.1 "$port" -- 'greeting .*MariaDB.*' 'protocol MySQL or MariaDB: .*' 'framing mysql'
    check "wdsock: MariaDB's greeting" wdsock_gets 'MariaDB' -f mysql "127.0.0.1:$port"
    check "MariaDB, mysql: 20000 rows with the preset and by hand, a value of a million bytes" telling timeout 120 "$work/mysql" 127.0.0.1 "$port" 20000
    stop "$server_pid"
    tell
}

test_redis() {
    local port
    port=$(free_port)
    mkdir -p "$work/redis"
    server Redis "$port" redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work/redis"
    check "Redis, redis: all bytes, arrays in arrays, 20000 elements, RESP3 and what it pushes" timeout 120 "$work/resp" 127.0.0.1 "$port"
    stop "$server_pid"
}

rsyslog_files() {
    cat >"$work/rsyslog.conf" <<END
global(workDirectory="$work" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off")
module(load="imtcp")
input(type="imtcp" address="127.0.0.1" port="$1" supportOctetCountedFraming="on" ruleset="all")
template(name="stored" type="string" string="%msg:::json%\\n")
template(name="forwarded" type="string" string="%rawmsg%")
ruleset(name="all") {
    action(type="omfile" file="$work/syslog.stored" template="stored")
    action(type="omfwd" target="127.0.0.1" port="$2" protocol="tcp" TCP_Framing="octet-counted" template="forwarded")
}
END
}

# What the server took for one message it stored in one line, line ends as JSON has them.
syslog_stored() {
    [ "$(wc -l <"$work/syslog.stored")" = "$1" ] && grep -qxF 'number 3\n12 <13>line two\n\n5 four' "$work/syslog.stored" && return
    head -n 5 "$work/syslog.stored" && return 1
}

syslog_both_ways() {
    local port=$1 status
    our_server "$work/syslog" 127.0.0.1 "$port" 2000 || return 1
    rsyslog_files "$port" "$(port_in "$work/port")"
    rsyslogd -n -C -f "$work/rsyslog.conf" -i "$work/rsyslog.pid" &
    server_pid=$!
    running+=("$server_pid")
    until_true 60 listening "$port" && doctor_tells 0 127.0.0.1 "$port" -w 500ms -- 'port open: .*' 'greeting none within 500ms: .*' || return 1
    wait "$our_pid"
    status=$?
    stop "$server_pid"
    [ $status -eq 0 ] && syslog_stored 2000
}

test_syslog() { check "rsyslog, syslog: 2000 messages with line ends in them, to it and back by octet counting; wdsock is told nothing" syslog_both_ways "$(free_port)"; }

test_nats() {
    local port
    port=$(free_port)
    server NATS "$port" nats-server -a 127.0.0.1 -p "$port"
    check "wdsock: doctor of NATS" doctor_tells 0 127.0.0.1 "$port" -- 'greeting "INFO \{.*' 'protocol NATS: .*' 'framing data 0D0A'
    check "wdsock: PING to NATS" wdsock_gets '^PONG$' -f line "127.0.0.1:$port" PING
    check "NATS: lines and counted bytes read, raw bytes written, in two threads" timeout 120 "$work/nats" 127.0.0.1 "$port" 10000
    stop "$server_pid"
}

# The mailboxes "empty", and "full" with one message, of which some lines begin with dots.
dovecot_files() {
    local d=$work/dovecot
    mkdir -p "$d"/{run,state} "$d"/mail/{empty,full}/{cur,new,tmp}
    printf '%s\r\n' 'Subject: dots' '' '.one' '..two' '.' '...' 'a. b' '' '.' >"$d/message"
    cp "$d/message" "$d/mail/full/new/1.1.host"
    chown -R nobody: "$d/mail"
    chmod 755 "$d"
    cat >"$d/conf" <<END
protocols = pop3
base_dir = $d/run
state_dir = $d/state
log_path = $d/log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:$d/mail/%u
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$d/mail/%u
}
service pop3-login {
  inet_listener pop3 {
    port = $1
  }
  inet_listener pop3s {
    port = 0
  }
}
END
}

pop3_dots() {
    timeout 60 "$work/pop3" 127.0.0.1 "$1" full secret "$work/dots" && same "$work/dovecot/message" "$work/dots"
}

test_pop3() {
    local port
    is_root || { say "NOT RUN  the framing of dovecot, which has to be started by root"; return; }
    port=$(free_port)
    dovecot_files "$port"
    server dovecot "$port" dovecot -F -c "$work/dovecot/conf"
    check "wdsock: doctor of dovecot" doctor_tells 0 127.0.0.1 "$port" -- 'greeting "\+OK Dovecot.*' 'protocol POP3: .*' 'framing data 0D0A'
    check "wdsock: an order to dovecot" wdsock_gets '^\+OK' -f line --reply '^\+OK.*ready=>QUIT' "127.0.0.1:$port" CAPA
    check "dovecot, POP3: lists of an empty mailbox, a dot alone" timeout 60 "$work/pop3" 127.0.0.1 "$port" empty secret
    check "dovecot, POP3: a message with dots in front of its lines" pop3_dots "$port"
    stop "$server_pid"
}

socketmap() {
    local i
    mkdir -p "$work/postfix"
    : >"$work/postfix/main.cf"
    our_server "$work/netstring" 1000 || return 1
    for ((i = 1; i <= 1000; i++)); do say $((i * 19)); done >"$work/keys"
    timeout 60 postmap -c "$work/postfix" -q - "socketmap:inet:127.0.0.1:$(port_in "$work/port"):map" <"$work/keys" >"$work/values" || return 1
    awk -F '\t' '$2 !~ /^,+$/ || length($2) != $1 || $1 != 19 * NR { print; exit 1 } END { exit NR != 1000 }' "$work/values" && good_end "$our_pid"
}

test_netstring() { check "Postfix's socketmap, netstring: 1000 questions" socketmap; }

mllp() {
    our_server "$work/mllp" && timeout 60 python3 "$ROOT/ctest/peers/mllp.py" 127.0.0.1 "$(port_in "$work/port")" 1000 && good_end "$our_pid"
}

test_mllp() { check "MLLP, hl7: 2000 messages with LF, NUL and second end markers between them" mllp; }

# directory ENTRIES: slapd's files, and entries with longer and longer descriptions.
directory() {
    local d=$work/slapd
    mkdir -p "$d/db"
    cat >"$d/conf" <<END
include /etc/ldap/schema/core.schema
pidfile $d/pid
modulepath /usr/lib/ldap
moduleload back_mdb
sizelimit unlimited
database mdb
suffix dc=example
directory $d/db
maxsize 268435456
END
    {
        printf 'dn: dc=example\nobjectClass: organization\nobjectClass: dcObject\no: example\ndc: example\n\n'
        awk -v entries="$1" 'BEGIN {
            for (n = 1; n <= entries; n++) {
                while (length(text) < n * n) text = text "x"
                printf "dn: ou=%d,dc=example\nobjectClass: organizationalUnit\nou: %d\ndescription: %s\n\n", n, n, text
            }
        }'
    } >"$d/entries"
    slapadd -q -f "$d/conf" -l "$d/entries"
}

test_ldap() {
    local port
    port=$(free_port)
    check "slapd has 260 entries" directory 260
    server slapd "$port" slapd -f "$work/slapd/conf" -h "ldap://127.0.0.1:$port/" -d 0
    check "wdsock: doctor asks slapd" doctor_tells 0 127.0.0.1 "$port" --ask ldap -- 'asked LDAP: .*' 'framing ldap'
    check "slapd, ldap: entries with BER lengths of one to four bytes" timeout 60 "$work/ldap" 127.0.0.1 "$port" 260
    stop "$server_pid"
}

# An image, and its data set alone, which stands at the end of its file.
make_image() {
    head -c 524288 /dev/urandom >"$work/pixels"
    printf '%s\n' '(0008,0016) UI =SecondaryCaptureImageStorage' '(0008,0018) UI [1.2.3.4.5]' '(0008,0060) CS [OT]' '(0010,0010) PN [Test]' \
        '(0010,0020) LO [1]' '(0020,000d) UI [1.2.3.4.6]' '(0020,000e) UI [1.2.3.4.7]' '(0028,0002) US 1' '(0028,0004) CS [MONOCHROME2]' \
        '(0028,0010) US 512' '(0028,0011) US 512' '(0028,0100) US 16' '(0028,0101) US 16' '(0028,0102) US 15' '(0028,0103) US 0' \
        "(7fe0,0010) OW =$work/pixels" >"$work/image.txt"
    dump2dcm -q --write-xfer-implicit "$work/image.txt" "$work/image"
}

dicom() {
    local port
    make_image && our_server "$work/dicom" "$work/image.got" 2 || return 1
    port=$(port_in "$work/port")
    timeout 60 echoscu --repeat 500 127.0.0.1 "$port" && timeout 60 storescu --max-pdu 131072 --max-send-pdu 131072 127.0.0.1 "$port" "$work/image" &&
        good_end "$our_pid" || return 1
    tail -c "$(stat -c %s "$work/image.got")" "$work/image" >"$work/image.sent"
    [ "$(stat -c %s "$work/image.got")" -gt 524288 ] && same "$work/image.sent" "$work/image.got"
}

# doctor waits for a device that connects, here an echo of DICOM.
awaited() {
    : >"$work/report"
    wdsock doctor --listen -w 20s 127.0.0.1:0 >"$work/report" 2>&1 &
    wdsock_pid=$!
    running+=("$wdsock_pid")
    until_true 60 grep -q '^listening .*:[0-9]*: ' "$work/report" || { cat "$work/report"; return 1; }
    timeout 60 echoscu 127.0.0.1 "$(sed -n 's/^listening .*:\([0-9]*\): .*/\1/p' "$work/report")"
    wait "$wdsock_pid" && cat "$work/report" && grep -q '^because .*dicom' "$work/report"
}

test_dicom() {
    check "DCMTK, dicom: associations, 500 questions, an image" dicom
    check "wdsock: doctor waits for a client of DCMTK" awaited
}

# A converter: bytes of a serial line, here a pseudo terminal, come and go by TCP.
modbus_rtu() {
    local port converter device status
    port=$(free_port)
    "$CC" -std=c99 -Wall -Wextra -Werror -pedantic -o "$work/modbus_rtu_server" "$ROOT/ctest/peers/modbus_rtu_server.c" -lmodbus || return 1
    socat "PTY,link=$work/serial,raw,echo=0" "TCP4-LISTEN:$port,bind=127.0.0.1,reuseaddr" &
    converter=$!
    running+=("$converter")
    until_true 60 test -e "$work/serial" && until_true 60 listening "$port" || return 1
    : >"$work/serves"
    "$work/modbus_rtu_server" "$work/serial" >"$work/serves" &
    device=$!
    running+=("$device")
    until_true 60 has_line "$work/serves" || return 1
    timeout 120 "$work/modbus_rtu" 127.0.0.1 "$port"
    status=$?
    stop "$device"
    stop "$converter"
    return $status
}

test_modbus_rtu() { check "libmodbus, RTU over TCP: messages that end with silence, and modbus-rtu: by their functions" modbus_rtu; }

check "the programs compile" compile peer.c mqtt.c mysql.c resp.c syslog.c nats.c pop3.c netstring.c mllp.c ldap.c modbus_rtu.c dicom.c
check "wdsock is built" wdsock_builds
[ $failed -eq 0 ] || { result; exit 1; }
cd "$work" || exit 1
peer mosquitto mosquitto test_mqtt
peer mariadbd mariadb-server-core test_mysql
peer redis-server redis-server test_redis
peer rsyslogd rsyslog test_syslog
peer nats-server nats-server test_nats
peer dovecot dovecot-pop3d test_pop3
peer postmap postfix test_netstring
test_mllp
peer slapd slapd test_ldap
peer storescu dcmtk test_dicom
test_modbus_rtu
result
