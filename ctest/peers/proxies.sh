#!/usr/bin/env bash
# Runs a client of the library through real proxies on this machine: squid, tinyproxy,
# microsocks and Dante, alone and in chains of two, plain and with TLS, to servers among
# the examples.
#
#   LIBDIR  folder with libwdsocket.so (required)
#   CC      compiler, gcc unless set
#   KEEP    1 keeps the folder with all files, and tells its name
#
# Every proxy gets a free port, private files in a temporary folder, and is stopped by
# its own process id.

# shellcheck source=ctest/peers/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh" || exit 1
# shellcheck source=ctest/peers/wdsock.sh
. ./wdsock.sh || exit 1
export PATH=$PATH:/usr/sbin
BASIC_AUTH=/usr/lib/squid/basic_ncsa_auth

need_command squid squid
need $BASIC_AUTH squid
need_command tinyproxy tinyproxy
need_command microsocks microsocks
need_command danted dante-server
need_command openssl openssl
enough
unset HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy

# serve NAME PORT COMMAND: starts a proxy that listens on a port.
serve() {
    local name=$1 port=$2
    shift 2
    "$@" >"$work/$name.log" 2>&1 &
    running+=("$!")
    until_true 90 listening "$port" || { cat "$work/$name.log"; return 1; }
}

# Squid twice: open, and with a password; TLS to the proxy with both.
squid_start() {
    local user=$1 port=$2 tls_port=$3 d=$work/squid.$1
    mkdir -p "$d/core"
    chmod 777 "$d" "$d/core"
    {
        printf 'http_port 127.0.0.1:%s\nhttps_port 127.0.0.1:%s tls-cert=%s tls-key=%s\n' "$port" "$tls_port" "$work/proxy.crt" "$work/proxy.key"
        printf 'pid_filename %s/pid\ncoredump_dir %s/core\naccess_log none\ncache_log %s/cache.log\ncache deny all\n' "$d" "$d" "$d"
        printf 'shutdown_lifetime 1 second\nconnect_retries 0\nforward_max_tries 1\nnetdb_filename none\npinger_enable off\n'
        printf 'acl forbidden port %s\nhttp_access deny forbidden\n' "$forbidden"
        if [ "$user" != nobody ]; then
            printf 'auth_param basic program %s %s\nacl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all\n' \
                $BASIC_AUTH "$work/passwords"
        else
            printf 'http_access allow all\n'
        fi
    } >"$d/conf"
    serve "squid.$user" "$port" squid -N -f "$d/conf" && until_true 60 listening "$tls_port"
}

tinyproxy_start() {
    printf 'Port %s\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nLogLevel Error\n' "$1" >"$work/tinyproxy.conf"
    serve tinyproxy "$1" tinyproxy -d -c "$work/tinyproxy.conf"
}

dante_start() {
    cat >"$work/danted.conf" <<END
logoutput: stderr
internal: 127.0.0.1 port = $1
external: lo
clientmethod: none
socksmethod: none
user.privileged: root
user.unprivileged: nobody
client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
socks block { from: 0.0.0.0/0 to: 0.0.0.0/0 port = $forbidden }
socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
END
    serve danted "$1" danted -f "$work/danted.conf" -p "$work/danted.pid"
}

# talks PROXIES PORT OPTIONS: lines go to the echo server and come back.
talks() {
    local proxies=$1 port=$2
    shift 2
    printf 'one\n\nthree and more\n' >"$work/ask"
    timeout 90 "$work/proxy_client" "$proxies" 127.0.0.1 "$port" --ca "$work/ca.pem" "$@" <"$work/ask" >"$work/theirs" 2>"$work/said" ||
        { cat "$work/said"; return 1; }
    cat "$work/said"
    same "$work/ask" "$work/theirs" && grep -qF "connected to 127.0.0.1:$port by way of:" "$work/said" &&
        ! grep -qF "$password" "$work/said"
}

# refused CODE WORDS PROXIES PORT: it fails so, and the text names proxy and target.
refused() {
    local code=$1 words=$2 proxies=$3 port=$4
    fails_with "$code" timeout 90 "$work/proxy_client" "$proxies" 127.0.0.1 "$port" --ca "$work/ca.pem" </dev/null || return 1
    grep -qE -- "$words" "$work/output" && grep -qF "127.0.0.1:$port" "$work/output" && ! grep -qF "$password" "$work/output" || return 1
    # Of a chain it is the last one.
    grep -qF "$(printf %s "${proxies##* }" | sed 's|//.*@|//|')" "$work/output"
}

# wdsock_by PROXY: a message goes there and comes back, also with TLS, and doctor tells the way,
# without the password.
wdsock_by() {
    local shown
    shown=$(printf %s "$1" | sed 's|//.*@|//[*]{3}@|')
    wdsock_gets '^one$' -f size --proxy "$1" --ca "$work/ca.pem" "127.0.0.1:$plain_port" one &&
        wdsock_gets '^one$' -f size --proxy "$1" --ca "$work/ca.pem" "tls://127.0.0.1:$tls_port" one &&
        doctor_tells 0 --proxy "$1" --ca "$work/ca.pem" "127.0.0.1:$tls_port" --tls --send '3\r\none' -- \
            "port open: connected to 127.0.0.1:$tls_port in .*" "route by .*$shown.*" 'certificate CN=server, .*' 'trusted yes: .*' \
            'asked .* -> "3.r.none"' &&
        ! grep -qF "$password" "$work/report"
}

test_ways() {
    local name other
    for name in "${!ways[@]}"; do
        check "$name, plain" talks "${ways[$name]}" "$plain_port"
        check "$name, TLS to the server" talks "${ways[$name]}" "$tls_port" --tls
        check "$name, wdsock" wdsock_by "${ways[$name]}"
    done
    for name in "${!ways[@]}"; do
        for other in "${!ways[@]}"; do
            [ "$name" != "$other" ] || continue
            check "$name, then $other" talks "${ways[$name]} ${ways[$other]}" "$tls_port" --tls
        done
    done
    check "chain, plain" talks "${ways[squid]} ${ways[microsocks]}" "$plain_port"
    check "chain of three, plain" talks "${ways[dante]} ${ways[squid over TLS]} ${ways[tinyproxy]}" "$plain_port"
    check "exceptions go directly" talks "http://127.0.0.1:$dead" "$plain_port" --except 127.0.0.0/8
}

# wdsock tells that a proxy does not let it through, and the way of the system.
wdsock_is_refused() {
    doctor_tells 1 --proxy "http://127.0.0.1:$squid_port" "127.0.0.1:$plain_port" -- 'port cannot be reached' 'what to do .*127\.0\.0\.1:'"$squid_port"'.*wants a user.*' &&
        HTTPS_PROXY="http://127.0.0.1:$open_port" doctor_tells 1 proxied.invalid 5000 -- "route the system has the proxy http://127\\.0\\.0\\.1:$open_port for it: .*"
}

test_failures() {
    local name wrong="anna:wrong-$password"
    check "squid: wrong password" refused WDS_E_PROXY_AUTHENTICATION 'does not accept' "http://$wrong@127.0.0.1:$squid_port" "$plain_port"
    check "squid: no password" refused WDS_E_PROXY_AUTHENTICATION 'wants a user' "http://127.0.0.1:$squid_port" "$plain_port"
    check "squid over TLS: wrong password" refused WDS_E_PROXY_AUTHENTICATION 'does not accept' "https://$wrong@127.0.0.1:$squid_tls" "$plain_port"
    check "microsocks: wrong password" refused WDS_E_PROXY_AUTHENTICATION 'does not accept' "socks5://$wrong@127.0.0.1:$micro_port" "$plain_port"
    check "microsocks: no password" refused WDS_E_PROXY_AUTHENTICATION 'wants a user' "socks5h://127.0.0.1:$micro_port" "$plain_port"
    for name in "${!ways[@]}"; do
        check "$name: target down" refused WDS_E_PROXY_TARGET 'cannot reach 127' "${ways[$name]}" "$dead"
        check "$name: target down, behind another" refused WDS_E_PROXY_TARGET 'cannot reach 127' "http://127.0.0.1:$open_port ${ways[$name]}" "$dead"
    done
    check "squid: a port that it does not allow" refused WDS_E_PROXY_REFUSED '403 Forbidden' "${ways[squid]}" "$forbidden"
    check "Dante: a port that it does not allow" refused WDS_E_PROXY_REFUSED 'rules' "${ways[dante]}" "$forbidden"
    check "no proxy there" refused WDS_E_PROXY_UNREACHABLE 'nothing listens' "socks5://127.0.0.1:$dead" "$plain_port"
    check "no proxy behind a proxy" refused WDS_E_PROXY_UNREACHABLE 'next proxy' "${ways[squid]} socks5h://127.0.0.1:$dead" "$plain_port"
    check "CONNECT to Dante" refused WDS_E_PROXY_ '.' "http://127.0.0.1:$dante_port" "$plain_port"
}

# The environment, as "system" says.
by_environment() {
    HTTPS_PROXY="http://127.0.0.1:$open_port" talks system "$plain_port" || return 1 # loopback: directly
    HTTPS_PROXY="http://127.0.0.1:$dead" NO_PROXY=example.com fails_with WDS_E_PROXY_UNREACHABLE \
        timeout 90 "$work/proxy_client" system proxied.invalid "$plain_port" </dev/null || return 1
    HTTPS_PROXY="http://127.0.0.1:$dead" NO_PROXY=invalid fails_with WDS_E_HOST_UNKNOWN \
        timeout 90 "$work/proxy_client" system proxied.invalid "$plain_port" </dev/null
}

compile "$ROOT"/examples/{echo_server,tls_server,proxy_client}.c peer.c || die "the programs do not compile"
wdsock_builds || die "wdsock is not built"
if ! { make_authority "$work" && make_certificate "$work" proxy serverAuth IP:127.0.0.1 -algorithm RSA -pkeyopt rsa_keygen_bits:2048 &&
    make_certificate "$work" server serverAuth IP:127.0.0.1 -algorithm EC -pkeyopt ec_paramgen_curve:P-256; } >"$work/log" 2>&1; then
    die "no certificate: $(tail -n 1 "$work/log")"
fi
chmod 644 "$work"/proxy.*

password=s3cret-of-the-test
printf 'anna:%s\n' "$(openssl passwd -apr1 "$password")" >"$work/passwords"
chmod 644 "$work/passwords"
squid_port=$(free_port) squid_tls=$(free_port) open_port=$(free_port) open_tls=$(free_port)
tiny_port=$(free_port) micro_port=$(free_port) dante_port=$(free_port) dead=$(free_port) forbidden=$(free_port)
check "the echo server starts" example echo_server 0 size
plain_port=$example_port
check "the TLS echo server starts" example tls_server 0 "$work/server.pem"
tls_port=$example_port
check "squid with a password starts" squid_start anna "$squid_port" "$squid_tls"
check "squid without one starts" squid_start nobody "$open_port" "$open_tls"
check "tinyproxy starts" tinyproxy_start "$tiny_port"
check "microsocks starts" serve microsocks "$micro_port" microsocks -i 127.0.0.1 -p "$micro_port" -u anna -P "$password"
check "Dante starts" dante_start "$dante_port"
declare -A ways=(
    [squid]="http://anna:$password@127.0.0.1:$squid_port"
    ["squid over TLS"]="https://anna:$password@127.0.0.1:$squid_tls"
    [tinyproxy]="http://127.0.0.1:$tiny_port"
    [microsocks]="socks5://anna:$password@127.0.0.1:$micro_port"
    [dante]="socks5h://127.0.0.1:$dante_port"
)
test_ways
test_failures
check "the environment's proxy" by_environment
check "squid: no password, wdsock" wdsock_is_refused
check "squid is a web server to wdsock" doctor_tells 0 127.0.0.1 "$open_port" --ask http -- 'asked HTTP: HEAD / -> "HTTP/1\..*' 'framing http'

result
