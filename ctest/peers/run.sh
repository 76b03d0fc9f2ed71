#!/usr/bin/env bash
# Runs the library against real programs on this machine: a news server (also
# with TLS and STARTTLS), Redis, a Modbus device, ncat and socat; tshark reads what
# it records. tls.sh does so with OpenSSL and a mail server. wdsock says what the servers are.
#
#   LIBDIR  folder with libwdsocket.so (required)
#   CC      compiler, gcc unless set
#   KEEP    1 keeps the folder with all files, and tells its name
#
# Every peer gets a free port, private files in a temporary folder, and is
# stopped by its own process id. Nothing of the machine's configuration is used
# or changed. The news server refuses to run as root: it runs as user news.

# shellcheck source=ctest/peers/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh" || exit 1
# shellcheck source=ctest/peers/wdsock.sh
. ./wdsock.sh || exit 1
NEWS=/usr/lib/news/bin

need $NEWS/innd inn2
need_command redis-server redis-server
need_command ncat ncat
need_command socat socat
need_command setpriv util-linux
need /usr/include/modbus/modbus.h libmodbus-dev
need_command openssl openssl
need_command tshark tshark
need_command python3 python3
enough
grep -q '^0*1 ' /proc/net/if_inet6 2>/dev/null || die "this machine has no IPv6 loopback address (::1)"
case $(id -un) in
root) as_news=(setpriv --reuid news --regid news --init-groups --) ;;
news) as_news=() ;;
*) die "must be started by root or news: the news server runs as news" ;;
esac

build() {
    compile "$ROOT"/examples/*.c peer.c redis.c && "$CC" -std=c99 -Wall -Wextra -Werror -pedantic -o "$work/modbus_server" modbus_server.c -lmodbus
}

# ---------------------------------------------------------------------------
# The news server
# ---------------------------------------------------------------------------

news_files() {
    local d=$work/news
    mkdir -p "$d"/{etc/filter,db,run,log,http,spool/{articles,overview,outgoing,archive,incoming/{tmp,bad}}}
    cat >"$d/etc/inn.conf" <<END
domain: news.example
pathhost: peer.news.example
nnrpdloadlimit: 0
organization: "Test"
mta: "/bin/true"
mailcmd: /bin/true
hismethod: hisv6
ovmethod: tradindexed
enableoverview: true
wireformat: true
doinnwatch: false
pgpverify: false
port: $1
nnrpdposthost: 127.0.0.1
nnrpdpostport: $1
pathnews: /usr/lib/news
pathbin: $NEWS
pathcontrol: $NEWS/control
pathetc: $d/etc
pathfilter: $d/etc/filter
pathdb: $d/db
pathrun: $d/run
pathlog: $d/log
pathhttp: $d/http
pathspool: $d/spool
patharticles: $d/spool/articles
pathoverview: $d/spool/overview
pathoutgoing: $d/spool/outgoing
patharchive: $d/spool/archive
pathincoming: $d/spool/incoming
pathtmp: $d/spool/incoming/tmp
tlscertfile: $d/etc/news.crt
tlskeyfile: $d/etc/news.key
tlscafile: $d/etc/ca.pem
END
    printf 'ME:*::\n' >"$d/etc/newsfeeds"
    printf 'method tradspool {\n  newsgroups: *\n  class: 0\n}\n' >"$d/etc/storage.conf"
    printf 'peer ME {\n  hostname: "127.0.0.1"\n}\n' >"$d/etc/incoming.conf"
    printf 'auth a {\n  hosts: "127.0.0.1"\n  default: "<local>"\n}\naccess a {\n  users: "<local>"\n  newsgroups: "*"\n  access: RPA\n}\n' \
        >"$d/etc/readers.conf"
    touch "$d/etc/"{expire.ctl,control.ctl,moderators,distrib.pats} "$d/db/"{active.times,history,newsgroups}
    printf '%s 0000000000 0000000001 n\n' control control.cancel junk >"$d/db/active"
    if ! { make_authority "$d/etc" && make_certificate "$d/etc" news serverAuth IP:127.0.0.1 -algorithm EC -pkeyopt ec_paramgen_curve:P-256; } \
        >"$work/log" 2>&1; then
        die "no certificate: $(tail -n 1 "$work/log")"
    fi
    chmod 600 "$d"/etc/*.key
    [ ${#as_news[@]} -eq 0 ] || chown -R news:news "$d"
}

news_start() {
    local port=$1
    export INNCONF=$work/news/etc/inn.conf
    "${as_news[@]}" $NEWS/makedbz -i -o -s 1000 || return 1
    "${as_news[@]}" $NEWS/innd -4 127.0.0.1 -P "$port" -f -N >"$work/news/log/output" 2>&1 &
    news_pid=$!
    running+=("$news_pid")
    until_true 90 listens "$port" || return 1
    "${as_news[@]}" $NEWS/ctlinnd -t 30 newgroup local.test y
}

# The server looks at signals only when something happens: an order ends it.
news_stop() {
    "${as_news[@]}" $NEWS/ctlinnd -t 10 shutdown "end of the test" >/dev/null 2>&1
    stop "$news_pid"
}

# The readers' server with TLS from the first byte, as on port 563.
news_tls_start() {
    "${as_news[@]}" $NEWS/nnrpd -D -f -S -4 127.0.0.1 -p "$1" >"$work/news/log/nnrpd" 2>&1 &
    news_tls_pid=$!
    running+=("$news_tls_pid")
    until_true 90 listening "$1"
}

# secured COMMAND: it succeeds and says that the connection had TLS.
secured() {
    "$@" >"$work/output" 2>&1
    local status=$?
    cat "$work/output"
    [ $status -eq 0 ] && grep -q '^TLS 1.3, ' "$work/output" && grep -qF 'peer: CN=news' "$work/output"
}

# What the server stored is the wire format: dots doubled, CR LF.
news_stored() {
    local article=$work/news/spool/articles/local/test/1 line
    for line in '..this line begins with a dot' '...and this one with two; the next one is a dot alone' '..' \
        'The end.' '.'; do
        grep -qxF -- "$line"$'\r' "$article" || { say "not stored: $line"; return 1; }
    done
}

test_news() {
    local port
    port=$(free_port)
    news_files "$port"
    check "INN starts" news_start "$port"
    check "news: list, post, read back byte for byte" timeout 180 "$work/news_client" 127.0.0.1 "$port" local.test
    check "news: INN stored the lines with doubled dots" news_stored
    check "news: a group that is not there is told" fails_with "the group is not in the list" \
        timeout 180 "$work/news_client" 127.0.0.1 "$port" local.missing
    check "wdsock: doctor of INN" doctor_tells 0 127.0.0.1 "$port" -- "port open: connected to 127.0.0.1:$port in .*" 'route direct, no proxy' \
        'greeting "200 .*InterNetNews.*' 'protocol NNTP: .*' 'framing data 0D0A' 'C WDSocketSetText\(socket, WDS_TEXT_FRAME, "data 0D0A"\);'
    check "wdsock: an order to INN" wdsock_gets '^205 ' -f line "127.0.0.1:$port" QUIT
    test_secured_news "$port"
    news_stop
}

# news_command PORT OPTIONS: our client and the test's group.
news_command() { timeout 180 "$work/news_client" 127.0.0.1 "$1" local.test "${@:2}"; }

test_secured_news() {
    local port=$1 tls_port ca=$work/news/etc/ca.pem
    tls_port=$(free_port)
    check "news: STARTTLS, post, read back byte for byte" secured news_command "$port" --starttls --ca "$ca"
    check "news: STARTTLS, the authority is not known" fails_with WDS_E_TLS_UNKNOWN_AUTHORITY news_command "$port" --starttls
    check "nnrpd with TLS starts" news_tls_start "$tls_port"
    check "news: TLS, post, read back byte for byte" secured news_command "$tls_port" --tls --ca "$ca"
    check "news: TLS, the authority is not known" fails_with WDS_E_TLS_UNKNOWN_AUTHORITY news_command "$tls_port" --tls
    check "news: TLS on the plain port is told" fails_with WDS_E_TLS_PLAIN_TEXT news_command "$port" --tls --ca "$ca"
    check "wdsock: doctor of nnrpd with TLS" doctor_tells 0 "127.0.0.1:$tls_port" --tls --ca "$ca" -- 'TLS TLS 1\.3, TLS_.*' \
        'certificate CN=news, issued by CN=Test authority' 'its names .*127\.0\.0\.1' 'valid from 20.* to 20.*' 'trusted yes: .*' 'greeting "200 .*' 'framing data 0D0A'
    check "wdsock: doctor, the authority is not known" doctor_tells 0 "127.0.0.1:$tls_port" --tls -- 'TLS TLS 1\.3, .*' 'trusted no: .*' 'framing data 0D0A'
    check "wdsock: doctor, TLS on the plain port" doctor_tells 0 "127.0.0.1:$port" --tls -- 'TLS .*does not speak TLS here.*' 'greeting "200 .*' 'framing data 0D0A'
    check "wdsock: an order by TLS" wdsock_gets '^205 ' -f line --ca "$ca" "tls://127.0.0.1:$tls_port" QUIT
    stop "$news_tls_pid"
}

# ---------------------------------------------------------------------------
# Redis and Modbus
# ---------------------------------------------------------------------------

test_redis() {
    local port pid
    port=$(free_port)
    mkdir -p "$work/redis_files"
    redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work/redis_files" >"$work/redis.log" 2>&1 &
    pid=$!
    running+=("$pid")
    check "Redis starts" until_true 90 listens "$port"
    check "Redis: end tag and raw in one connection, binary values" timeout 180 "$work/redis" 127.0.0.1 "$port"
    check "wdsock: doctor of Redis, which waits to be asked" doctor_tells 0 127.0.0.1 "$port" -- 'greeting none within 2s: .*' 'framing nothing came .*'
    check "wdsock: doctor asks Redis" doctor_tells 0 127.0.0.1 "$port" --ask redis -- 'asked Redis: PING -> "\+PONG.*' 'framing redis'
    check "wdsock: a question to Redis" wdsock_gets '^\+PONG' "127.0.0.1:$port" PING
    stop "$pid"
}

modbus_registers() {
    timeout 90 "$work/modbus" 127.0.0.1 "$1" 1 10 125 4711 >"$work/output" || return 1
    grep -qx 'register 10 = 110' "$work/output" && grep -qx 'register 134 = 234' "$work/output" &&
        grep -qx 'register 10 = 4711' "$work/output"
}

test_modbus() {
    local port pid
    port=$(free_port)
    "$work/modbus_server" "$port" >"$work/modbus.log" 2>&1 &
    pid=$!
    running+=("$pid")
    check "libmodbus device starts" until_true 90 listens "$port"
    check "Modbus TCP: registers read, written, read back" modbus_registers "$port"
    check "Modbus TCP: the device's refusal is told" fails_with "Modbus exception 2" \
        timeout 90 "$work/modbus" 127.0.0.1 "$port" 1 190 20 1
    check "wdsock: doctor asks libmodbus" doctor_tells 0 127.0.0.1 "$port" --ask modbus -- 'asked Modbus TCP: .*' 'framing modbus-tcp'
    check "wdsock: register 10 of libmodbus" wdsock_gets '^\x00\x07\x00\x00\x00\x05\x01\x03\x02\x12\x67$' -x "127.0.0.1:$port" "00 07 00 00 00 06 01 03 00 0A 00 01"
    stop "$pid"
}

# ---------------------------------------------------------------------------
# ncat and socat
# ---------------------------------------------------------------------------

# Three messages: a text, an empty one, and bytes of all kinds but CR and LF;
# and what they are on the wire, put together here and not by the library.
make_data() {
    mkdir -p "$work/data"
    cd "$work/data" || return 1
    printf 'Hello World' >./1
    : >./2
    head -c 70000 /dev/urandom | tr '\r\n' 'xy' >./3
    cat 1 2 3 >wire.raw
    { cat 1; printf '\r\n\r\n'; cat 3; printf '\r\n'; } >wire.lines
    { printf '11\r\n'; cat 1; printf '0\r\n70000\r\n'; cat 3; } >wire.size
    head -c 1400 /dev/urandom >datagram.1400
    head -c 60000 /dev/urandom >datagram.60000
    : >datagram.0
}

listener() {
    case $1 in
    ncat) exec ncat -l 127.0.0.1 "$2" ;;
    socat) exec socat -t 20 "TCP4-LISTEN:$2,bind=127.0.0.1,reuseaddr" STDIO ;;
    socat6) exec socat -t 20 "TCP6-LISTEN:$2,bind=[::1],reuseaddr" STDIO ;;
    esac
}

caller() {
    case $1 in
    ncat) exec ncat 127.0.0.1 "$2" ;;
    socat) exec socat -t 20 STDIO "TCP4:127.0.0.1:$2" ;;
    socat6) exec socat -t 20 STDIO "TCP6:[::1]:$2" ;;
    esac
}

address_of() { [ "$1" = socat6 ] && say ::1 || say 127.0.0.1; }

# compare MODE: what both ends got.
compare() {
    local i
    same "$work/data/wire.$1" "$work/theirs" || return 1
    if [ "$1" = raw ]; then
        same "$work/data/wire.raw" "$work/ours.1"
        return
    fi
    for i in 1 2 3; do
        same "$work/data/$i" "$work/ours.$i" || return 1
    done
    [ ! -e "$work/ours.4" ] || { say "a message too many"; return 1; }
}

# our_client PROGRAM MODE: our client, their listener.
our_client() {
    local port pid status
    rm -f "$work"/ours.* "$work/theirs"
    port=$(free_port)
    (listener "$1" "$port") <"$work/data/wire.$2" >"$work/theirs" &
    pid=$!
    running+=("$pid")
    timeout 180 "$work/peer" client "$(address_of "$1")" "$port" "$2" "$work/ours" "$work"/data/{1,2,3}
    status=$?
    [ $status -eq 0 ] && until_true 60 ended "$pid"
    stop "$pid"
    [ $status -eq 0 ] && compare "$2"
}

# our_server PROGRAM MODE KIND: their client, our server.
our_server() {
    local pid status
    rm -f "$work"/ours.* "$work/theirs" "$work/port"
    : >"$work/port"
    timeout 180 "$work/peer" "$3" "$(address_of "$1")" "$2" "$work/ours" "$work"/data/{1,2,3} >"$work/port" &
    pid=$!
    running+=("$pid")
    until_true 60 has_line "$work/port" || return 1
    (caller "$1" "$(port_in "$work/port")") <"$work/data/wire.$2" >"$work/theirs" || { stop "$pid"; return 1; }
    wait "$pid"
    status=$?
    [ $status -eq 0 ] && compare "$2"
}

# Lines of ncat and datagrams of socat come back from wdsock.
wdsock_echoes() {
    local status
    wdsock_listens "$1" --echo "${@:3}" || return 1
    case $2 in
    ncat) ncat_file "$wdsock_port" "$work/data/wire.lines" "$work/theirs" && same "$work/data/wire.lines" "$work/theirs" ;;
    socat) socat -b 65536 -t 2 STDIO "UDP4:127.0.0.1:$wdsock_port" <"$work/data/datagram.1400" >"$work/theirs" && same "$work/data/datagram.1400" "$work/theirs" ;;
    esac
    status=$?
    stop "$wdsock_pid"
    return $status
}

test_wdsock() {
    check "wdsock listen, lines of ncat" wdsock_echoes listen ncat -f line 127.0.0.1:0
    check "wdsock udp, datagrams of socat" wdsock_echoes udp socat --listen 127.0.0.1:0
}

test_streams() {
    local program mode
    for program in ncat socat socat6; do
        for mode in raw lines size; do
            check "$program, $mode: our client, their listener" our_client $program $mode
            check "$program, $mode: their client, our simplified server" our_server $program $mode simple
            check "$program, $mode: their client, our standard server" our_server $program $mode standard
        done
    done
}

# ---------------------------------------------------------------------------
# UDP
# ---------------------------------------------------------------------------

udp_to_socat() {
    local port pid status
    rm -f "$work"/ours.*
    port=$(free_port)
    socat -b 65536 "UDP$1-RECVFROM:$port,bind=$2,fork" EXEC:cat &
    pid=$!
    running+=("$pid")
    timeout 90 "$work/peer" udp "$(printf %s "$2" | tr -d '[]')" "$port" "$work/ours" "$work/data/datagram.$3"
    status=$?
    stop "$pid"
    [ $status -eq 0 ] && same "$work/data/datagram.$3" "$work/ours.1"
}

udp_from_socat() {
    local pid status
    rm -f "$work"/ours.* "$work/theirs" "$work/port"
    : >"$work/port"
    timeout 90 "$work/peer" udp-answer "$(printf %s "$2" | tr -d '[]')" "$work/ours" >"$work/port" &
    pid=$!
    running+=("$pid")
    until_true 60 has_line "$work/port" || return 1
    socat -b 65536 -t 2 STDIO "UDP$1:$2:$(port_in "$work/port")" <"$work/data/datagram.$3" >"$work/theirs"
    wait "$pid"
    status=$?
    [ $status -eq 0 ] && same "$work/data/datagram.$3" "$work/ours.1" && same "$work/data/datagram.$3" "$work/theirs"
}

test_udp() {
    local bytes
    for bytes in 1400 60000; do
        check "socat, UDP, $bytes bytes: ours first" udp_to_socat 4 127.0.0.1 $bytes
        check "socat, UDP, $bytes bytes: theirs first" udp_from_socat 4 127.0.0.1 $bytes
        check "socat, UDP over IPv6, $bytes bytes: ours first" udp_to_socat 6 '[::1]' $bytes
        check "socat, UDP over IPv6, $bytes bytes: theirs first" udp_from_socat 6 '[::1]' $bytes
    done
}

# ---------------------------------------------------------------------------
# The examples with other programs
# ---------------------------------------------------------------------------

# outcome EXPECTED GOT: stops the example and compares.
outcome() {
    stop "$example_pid"
    cat "$example_log"
    same "$1" "$2"
}

ncat_file() { timeout 60 ncat 127.0.0.1 "$1" <"$2" >"$3"; }

echo_server_ncat() {
    example echo_server 0 size || return 1
    ncat_file "$example_port" "$work/data/wire.size" "$work/theirs"
    outcome "$work/data/wire.size" "$work/theirs"
}

simple_server_ncat() {
    printf 'one\r\n\r\nthree\r\n' >"$work/ask"
    example simple_server 0 lines || return 1
    # The server keeps a client until it is gone: answers first, then the end.
    timeout 60 socat -t 1 STDIO "TCP4:127.0.0.1:$example_port" <"$work/ask" >"$work/theirs"
    timeout 60 socat -t 1 STDIO "TCP4:127.0.0.1:$example_port" <"$work/ask" >>"$work/theirs"
    cat "$work/ask" "$work/ask" >"$work/expected"
    outcome "$work/expected" "$work/theirs"
}

echo_client_socat() {
    local port pid status
    port=$(free_port)
    socat "TCP4-LISTEN:$port,bind=127.0.0.1,reuseaddr" PIPE &
    pid=$!
    running+=("$pid")
    until_true 60 listening "$port"
    printf 'one\n\nthree\n' >"$work/ask"
    timeout 180 "$work/echo_client" 127.0.0.1 "$port" lines <"$work/ask" >"$work/theirs"
    status=$?
    stop "$pid"
    [ $status -eq 0 ] && same "$work/ask" "$work/theirs"
}

# chat_ncat PROGRAM: two clients of the chat: what the second says, the first hears.
chat_ncat() {
    local listener_pid status
    rm -f "$work/keep"
    mkfifo "$work/keep" && exec 7<>"$work/keep" || return 1
    example "$1" 0 lines || return 1
    : >"$work/theirs"
    ncat 127.0.0.1 "$example_port" <&7 >"$work/theirs" &
    listener_pid=$!
    running+=("$listener_pid")
    until_true 60 grep -q 'comes in' "$example_log"
    printf 'good evening\r\nall\r\n' | timeout 60 ncat 127.0.0.1 "$example_port" >"$work/second"
    until_true 60 grep -q ': leaves' "$work/theirs"
    stop "$listener_pid"
    exec 7>&-
    stop "$example_pid"
    cat "$example_log"
    sed -E 's/^127.0.0.1:[0-9]+:? //' "$work/theirs" >"$work/heard"
    printf 'comes in\r\ngood evening\r\nall\r\nleaves\r\n' >"$work/expected"
    same "$work/expected" "$work/heard"
    status=$?
    [ $status -eq 0 ] && [ ! -s "$work/second" ]
}

# The prices of two names of four, and no others.
ticker_ncat() {
    local client_pid
    example event_ticker 0 lines || return 1
    rm -f "$work/keep"
    mkfifo "$work/keep" && exec 7<>"$work/keep" || return 1
    : >"$work/theirs"
    ncat 127.0.0.1 "$example_port" <&7 >"$work/theirs" &
    client_pid=$!
    running+=("$client_pid")
    printf 'tin\r\ncopper\r\ngold\r\n' >&7
    until_true 60 grep -q 'no price of "gold"' "$work/theirs"
    until_true 60 grep -q '^tin [0-9]*.$' "$work/theirs"
    until_true 60 grep -q '^copper [0-9]*.$' "$work/theirs"
    printf -- '-tin\r\nend\r\n' >&7
    until_true 60 grep -q 'no price of "end"' "$work/theirs"
    stop "$client_pid"
    exec 7>&-
    stop "$example_pid"
    cat "$example_log" "$work/theirs"
    grep -qE '^(no price|tin|copper) ' "$work/theirs" && ! grep -qE '^(nickel|zinc) ' "$work/theirs" &&
        ! sed '1,/"end"/d' "$work/theirs" | grep -q '^tin '
}

# The server goes and comes back on its port: the client reconnects.
reconnects() {
    local port client_pid status=0
    example event_echo 0 lines || return 1
    port=$example_port
    "$work/event_reconnect" 127.0.0.1 "$port" lines 20 >"$work/client.log" 2>&1 &
    client_pid=$!
    running+=("$client_pid")
    until_true 60 grep -q '^answer: message 3$' "$work/client.log" || status=1
    stop "$example_pid"
    until_true 60 grep -q '^the connection is down .*WDS_E_REFUSED' "$work/client.log" || status=1
    example event_echo "$port" lines || return 1
    until_true 60 grep -q '^the connection is there again' "$work/client.log" || status=1
    until_true 60 sh -c "sed '1,/there again/d' '$work/client.log' | grep -q '^answer: message'" || status=1
    ended "$client_pid" && status=1
    stop "$client_pid"
    stop "$example_pid"
    cat "$work/client.log"
    head -n 1 "$work/client.log" | grep -q '^connected$' && [ $status -eq 0 ]
}

udp_example_both() {
    example udp listen 0 || return 1
    timeout 180 "$work/udp" send 127.0.0.1 "$example_port" 'a datagram' >"$work/theirs"
    printf 'a datagram\n' >"$work/expected"
    outcome "$work/expected" "$work/theirs"
}

udp_example_socat() {
    example udp listen 0 || return 1
    printf 'a datagram' >"$work/ask"
    socat -t 2 STDIO "UDP4:127.0.0.1:$example_port" <"$work/ask" >"$work/theirs"
    outcome "$work/ask" "$work/theirs"
}

test_examples() {
    check "examples: demo" timeout 180 "$work/demo"
    check "examples: echo_server with ncat" echo_server_ncat
    check "examples: simple_server with socat, two clients" simple_server_ncat
    check "examples: echo_client with socat" echo_client_socat
    check "examples: chat_server with two ncat" chat_ncat chat_server
    check "examples: event_chat with two ncat" chat_ncat event_chat
    check "examples: event_ticker with ncat" ticker_ncat
    check "examples: event_reconnect, its server restarted" reconnects
    check "examples: udp, both sides" udp_example_both
    check "examples: udp with socat" udp_example_socat
}

# ---------------------------------------------------------------------------
# What is recorded, read by tshark
# ---------------------------------------------------------------------------

# streams FILE: how many conversations a capture has.
streams() { tshark -r "$1" -T fields -e "$2.stream" 2>/dev/null | sort -un | grep -c .; }

# follow FILE PROTOCOL NUMBER: what each end of a conversation sent, by tshark, in
# the files first and second.
follow() {
    tshark -r "$1" -q -z "follow,$2,raw,$3" 2>/dev/null >"$work/followed" || return 1
    python3 - "$work" <<'END'
import sys
ends, inside = [b"", b""], False
for line in open(sys.argv[1] + "/followed"):
    line = line.rstrip("\n")
    if line.startswith("Node 1:"):
        inside = True
    elif inside and not line.startswith("="):
        ends[line.startswith("\t")] += bytes.fromhex(line)
for name, data in zip(("first", "second"), ends):
    open(sys.argv[1] + "/" + name, "wb").write(data)
END
}

# recorded FILE EXPECTED: both ends of each of three conversations sent EXPECTED, and
# tshark has nothing to complain of.
recorded() {
    local i
    [ "$(streams "$1" tcp)" = 3 ] || { say "$(streams "$1" tcp) conversations"; return 1; }
    for i in 0 1 2; do
        follow "$1" tcp $i && same "$2" "$work/first" && same "$2" "$work/second" || return 1
    done
    [ -z "$(tshark -r "$1" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
        -Y 'tcp.analysis.flags or tcp.checksum.status == 0 or ip.checksum.status == 0' 2>/dev/null)" ] || { say "tshark finds faults"; return 1; }
    tshark -r "$1" -T fields -e frame.comment 2>/dev/null | grep -q '^socket #[0-9]'
}

capture_ncat() {
    local i status=0
    rm -f "$work/echo.pcapng"
    WDSOCKET_TRACE=$work/echo.pcapng example echo_server 0 size || return 1
    for i in 1 2 3; do
        ncat_file "$example_port" "$work/data/wire.size" "$work/theirs" && same "$work/data/wire.size" "$work/theirs" || status=1
    done
    until_true 60 recorded "$work/echo.pcapng" "$work/data/wire.size" || status=1
    stop "$example_pid"
    cat "$example_log"
    recorded "$work/echo.pcapng" "$work/data/wire.size" && [ $status -eq 0 ]
}

capture_udp() {
    rm -f "$work/udp.pcapng"
    WDSOCKET_TRACE=$work/udp.pcapng example udp listen 0 || return 1
    printf 'a datagram' >"$work/ask"
    socat -t 2 STDIO "UDP4:127.0.0.1:$example_port" <"$work/ask" >"$work/theirs"
    until_true 60 sh -c "[ \"\$(tshark -r '$work/udp.pcapng' 2>/dev/null | wc -l)\" = 2 ]"
    stop "$example_pid"
    follow "$work/udp.pcapng" udp 0 && same "$work/ask" "$work/first" && same "$work/ask" "$work/second"
}

trace_ncat() {
    rm -f "$work/trace.txt"
    WDSOCKET_TRACE=$work/trace.txt example echo_server 0 lines || return 1
    printf 'one\r\n' >"$work/ask"
    ncat_file "$example_port" "$work/ask" "$work/theirs"
    until_true 60 grep -q 'message sent, 3 bytes: one$' "$work/trace.txt"
    stop "$example_pid"
    [ "$(stat -c %a "$work/trace.txt")" = 600 ] && grep -q 'message received, 3 bytes: one$' "$work/trace.txt" &&
        grep -q '00000000  6F 6E 65 0D 0A  .* one\.\.$' "$work/trace.txt"
}

test_recording() {
    check "tshark: three conversations of echo_server with ncat, byte for byte" capture_ncat
    check "tshark: datagrams with socat" capture_udp
    check "a trace by WDSOCKET_TRACE" trace_ncat
}

# ---------------------------------------------------------------------------

check "examples and peers compile" build
check "wdsock is built" wdsock_builds
[ $failed -eq 0 ] || { result; exit 1; }
mv "$work/news" "$work/news_client" # the folder of the news server is "news"
make_data || die "no test data"
cd "$work" || exit 1
test_news
test_redis
test_modbus
test_streams
test_udp
test_wdsock
test_examples
test_recording
result
