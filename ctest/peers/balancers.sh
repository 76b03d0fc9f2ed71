#!/usr/bin/env bash
# Runs a server of the library, an example, behind what sends it PROXY headers: HAProxy
# and nginx, versions 1 and 2, with TLS that they pass on and TLS that ends in them.
# HAProxy's health checks go on all the time, for a minute at least. wdsock finds out that HAProxy
# itself wants such a header.
#
#   LIBDIR  folder with libwdsocket.so (required)
#   CC      compiler, gcc unless set
#   KEEP    1 keeps the folder with all files, and tells its name
#
# Every program gets a free port, private files in a temporary folder, and is stopped by
# its own process id.

# shellcheck source=ctest/peers/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh" || exit 1
# shellcheck source=ctest/peers/wdsock.sh
. ./wdsock.sh || exit 1
export PATH=$PATH:/usr/sbin
PYTHON=/usr/bin/python3
STREAM=/usr/lib/nginx/modules/ngx_stream_module.so
CLIENTS=200 # as crowd.py
CHECKS=50   # one in 200 ms: 10 s at least

need_command haproxy haproxy
need_command nginx nginx
need $STREAM libnginx-mod-stream
need_command openssl openssl
need $PYTHON python3
enough

# server NAME OPTION...: an example of its own; logs, outputs, pids and ports tell of it.
declare -A outputs=() pids=() ports=()
server() {
    local name=$1
    shift
    example behind_haproxy 0 --report 100 --log "$work/$name.log" "$@" || return 1
    outputs[$name]=$example_log pids[$name]=$example_pid ports[$name]=$example_port
}

servers() {
    server example && server v1 && server v2 && server bare && server tls --certificate "$work/server.pem" &&
        server bare-tls --certificate "$work/server.pem" && server nginx && server nginx-tls --certificate "$work/server.pem"
}

# backend NAME SERVER OPTION...: one of HAProxy's, with what clients connect to.
declare -A fronts=()
backend() {
    local name=$1 server=$2
    shift 2
    fronts[$name]=$(free_port)
    printf 'listen %s\n    bind 127.0.0.1:%s\n    server s 127.0.0.1:%s check inter 200 %s\n' "$name" "${fronts[$name]}" "${ports[$server]}" "$*"
}

haproxy_start() {
    local cfg=$ROOT/examples/behind_haproxy.cfg name
    fronts[example]=$(free_port) fronts[example-tls]=$(free_port)
    sed -e "s|:5080|127.0.0.1:${fronts[example]}|; s|:5443|127.0.0.1:${fronts[example-tls]}|; s|:5000|:${ports[example]}|" \
        -e "s|/etc/haproxy/|$work/|; s|inter 2s|inter 200|" -e "s|/etc/haproxy/|$work/|" "$cfg" >"$work/example.cfg"
    {
        backend v1 v1 send-proxy
        backend v2 v2 send-proxy-v2 proxy-v2-options crc32c,unique-id check-send-proxy
        backend tls tls send-proxy-v2 check-send-proxy
        # Checks that connect and close, without a header.
        for name in bare bare-tls; do
            backend $name $name send-proxy
            printf '    option tcp-check\n    tcp-check connect linger\n'
        done
        # HAProxy's own way to do so is a reset while it connects, of which a server sees little.
        backend knock v1 send-proxy port "${ports[v1]}"
        backend knock-tls tls send-proxy port "${ports[tls]}"
        # A web server that takes clients of other balancers only.
        fronts[wants]=$(free_port)
        printf 'frontend wants\n    mode http\n    bind 127.0.0.1:%s accept-proxy\n' "${fronts[wants]}"
        printf '    http-request return status 200 content-type text/plain string hello\n'
    } >"$work/more.cfg"
    cat "$work"/*.cfg
    checking_since=$SECONDS
    haproxy -db -f "$work/example.cfg" -f "$work/more.cfg" >"$work/haproxy.log" 2>&1 &
    running+=("$!")
    for name in "${!fronts[@]}"; do
        until_true 90 listening "${fronts[$name]}" || { cat "$work/haproxy.log"; return 1; }
    done
}

# nginx with TLS that it passes on, with TLS that ends in it, and without.
nginx_start() {
    local d=$work/nginx name
    mkdir -p "$d"
    for name in nginx nginx-tls nginx-front; do
        fronts[$name]=$(free_port)
    done
    cat >"$d/conf" <<END
load_module $STREAM;
daemon off;
master_process off;
pid $d/pid;
error_log $d/error.log;
events { worker_connections 2000; }
stream {
    proxy_protocol on;
    server { listen 127.0.0.1:${fronts[nginx]}; proxy_pass 127.0.0.1:${ports[nginx]}; }
    server { listen 127.0.0.1:${fronts[nginx-tls]}; proxy_pass 127.0.0.1:${ports[nginx-tls]}; }
    server {
        listen 127.0.0.1:${fronts[nginx-front]} ssl;
        ssl_certificate $work/server.crt;
        ssl_certificate_key $work/server.key;
        proxy_pass 127.0.0.1:${ports[nginx]};
    }
}
END
    nginx -p "$d" -e "$d/error.log" -c "$d/conf" >"$work/nginx.out" 2>&1 &
    running+=("$!")
    for name in nginx nginx-tls nginx-front; do
        until_true 90 listening "${fronts[$name]}" || { cat "$work/nginx.out" "$d/error.log"; return 1; }
    done
}

# checks_of SERVER: how many it has counted.
checks_of() { sed -n 's/.* \([0-9]*\) health checks$/\1/p' "${outputs[$1]}" | tail -n 1; }

# checked SERVER COUNT: there are so many.
checked() { [ "$(checks_of "$1")" -ge "$2" ]; }

# shown SERVER CLIENTS: the server says so, and its log has them all.
shown() {
    grep -q "^$2 clients, 0 errors, 0 refused, " "${outputs[$1]}" && [ "$(grep -c ': accepted by' "$work/$1.log")" -eq "$2" ]
}

# quiet SERVER CLIENTS: so many health checks were no event, no error and no line of the log.
quiet() {
    local name=$1 clients=$2 wrong
    if ! { until_true 300 checked "$name" $((clients == 0 ? CHECKS / 2 : CHECKS)) && until_true 120 shown "$name" "$clients"; }; then
        tail -n 3 "${outputs[$name]}"
        return 1
    fi
    tail -n 1 "${outputs[$name]}"
    [ "$(grep -c '^client=' "${outputs[$name]}")" -eq "$clients" ] || return 1
    # Nothing else was shown, and the log knows the server, its clients and no error.
    wrong=$(tail -n +2 "${outputs[$name]}" | grep -vE '^client=|^[0-9]+ clients, 0 errors, 0 refused, [0-9]+ health checks$')
    wrong+=$(grep -vE ' event .*( server .*: listening|: accepted by .*| 127\.0\.0\.7:[0-9]+: the peer closed the connection in order; .*|: closed)$' "$work/$name.log")
    printf '%s\n' "$wrong" | head -n 5
    [ -z "$wrong" ]
}

# crowd SERVER FRONT FACTS ARGUMENT...: 200 clients through a front; what the server is
# told of each, with its own address and the port that it connected to.
crowd() {
    local name=$1 front=${fronts[$2]} facts=$3 before
    shift 3
    before=$(grep -c '^client=' "${outputs[$name]}")
    timeout 300 $PYTHON crowd.py "$front" "$@" || return 1
    tail -n +2 "${outputs[$name]}" | grep '^client=' | tail -n +$((before + 1)) >"$work/clients"
    head -n 1 "$work/clients"
    [ "$(sort -u "$work/clients" | wc -l)" -eq $CLIENTS ] &&
        [ "$(grep -cE "^client=127\.0\.0\.7:[0-9]+ proxy=127\.0\.0\.1:[0-9]+ $(printf '%s' "$facts" | sed "s/PORT/$front/") \$" "$work/clients")" -eq $CLIENTS ]
}

# a_minute: so long HAProxy has checked.
a_minute() { [ $((SECONDS - checking_since)) -ge 60 ]; }

# stops SERVER CLIENTS: as it should.
stops() {
    kill -INT "${pids[$1]}"
    until_true 120 ended "${pids[$1]}" || return 1
    tail -n 2 "${outputs[$1]}"
    [ "$(tail -n 2 "${outputs[$1]}" | sed 's/refused, .*/refused/' | tr '\n' ' ')" = \
        "$2 clients, 0 errors, 0 refused stopped: 0 clients were there, 0 sockets and 0 messages are held " ]
}

compile "$ROOT/examples/behind_haproxy.c" peer.c || die "the programs do not compile"
if ! { make_authority "$work" && make_certificate "$work" server serverAuth IP:127.0.0.1,DNS:localhost -algorithm EC -pkeyopt ec_paramgen_curve:P-256 &&
    make_certificate "$work" anna clientAuth email:anna@example.org -algorithm EC -pkeyopt ec_paramgen_curve:P-256; } >"$work/log" 2>&1; then
    die "no certificate: $(tail -n 1 "$work/log")"
fi
check "the servers start" servers
check "HAProxy starts" haproxy_start
check "wdsock is built" wdsock_builds
check "nginx starts" nginx_start
[ $failed -eq 0 ] || { result; exit 1; }

for name in example v1 v2 bare tls bare-tls; do
    check "$name: health checks alone" quiet "$name" 0
done

v1='header=1 to=127\.0\.0\.1:PORT' v2='header=2 to=127\.0\.0\.1:PORT'
check "HAProxy as in the example, $CLIENTS clients" crowd example example "$v2"
check "HAProxy as in the example, TLS in front of it" crowd example example-tls "$v2 name=localhost tls=TLSv1\.3 cipher=TLS_[A-Z0-9_]+" "$work/ca.pem"
check "HAProxy as in the example, with the clients' certificate" crowd example example-tls \
    "$v2 name=localhost tls=TLSv1\.3 cipher=TLS_[A-Z0-9_]+ certificate=anna" "$work/ca.pem" "$work/anna.pem"
check "HAProxy, version 1" crowd v1 v1 "$v1"
check "HAProxy, version 2 with a checksum" crowd v2 v2 "$v2"
check "HAProxy, version 1, checks without a header" crowd bare bare "$v1"
check "HAProxy, version 2, TLS behind it" crowd tls tls "$v2" "$work/ca.pem"
check "HAProxy, version 1, TLS behind it, checks without a header" crowd bare-tls bare-tls "$v1" "$work/ca.pem"
check "nginx" crowd nginx nginx "$v1"
check "nginx, TLS in front of it" crowd nginx nginx-front "$v1" "$work/ca.pem"
check "nginx, TLS behind it" crowd nginx-tls nginx-tls "$v1" "$work/ca.pem"

check "wdsock: doctor finds the header that HAProxy wants" doctor_tells 0 127.0.0.1 "${fronts[wants]}" --ask http -- 'port open: .*' \
    'asked HTTP: HEAD / -> [^"]*' 'PROXY header tried, .*' 'asked HTTP: HEAD / -> "HTTP/1\..*' 'PROXY header wanted, .*' 'framing http' \
    'C WDSocketSetOption\(socket, WDS_OPT_PROXY_HEADER_SEND, 2\);'
check "wdsock: and with the header, version 1" doctor_tells 0 127.0.0.1 "${fronts[wants]}" --ask http --set PROXY_HEADER_SEND=1 -- 'framing http'
check "health checks have gone on for a minute" until_true 120 a_minute
check "example: health checks beside clients" quiet example $((3 * CLIENTS))
for name in v1 v2 bare tls bare-tls; do
    check "$name: health checks beside clients" quiet "$name" $CLIENTS
done
for name in example v1 v2 bare tls bare-tls nginx nginx-tls; do
    case $name in
    example) clients=$((3 * CLIENTS)) ;;
    nginx) clients=$((2 * CLIENTS)) ;;
    *) clients=$CLIENTS ;;
    esac
    check "$name stops" stops "$name" "$clients"
done

result
