#!/usr/bin/env bash
# Runs the library's TLS against OpenSSL in both roles, a mail server with
# STARTTLS and testssl.sh. wdsock says what the servers are.
#
#   LIBDIR  folder with libwdsocket.so (required)
#   CC      compiler, gcc unless set
#   KEEP    1 keeps the folder with all files, and tells its name
#   ONLY    openssl, wdsock, mail, examples or testssl: that part alone
#
# Certificates are made by OpenSSL for the run. Every peer gets a free port,
# private files in a temporary folder, and is stopped by its own process id.
# Nothing of the machine's configuration is used or changed.

# shellcheck source=ctest/peers/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh" || exit 1
# shellcheck source=ctest/peers/wdsock.sh
. ./wdsock.sh || exit 1
MAIL=/usr/lib/postfix/sbin

need_command openssl openssl
need_command testssl testssl.sh
need_command dig bind9-dnsutils
need_command hexdump bsdextrautils
need_command python3 python3
need $MAIL/master postfix
enough
[ "$(id -u)" -eq 0 ] || die "must be started by root: the mail server changes users"

tls=$work/tls

# ---------------------------------------------------------------------------
# Certificates and data
# ---------------------------------------------------------------------------

kinds=(ecdsa rsa ed25519)

key_options() {
    case $1 in
    ecdsa) key=(-algorithm EC -pkeyopt ec_paramgen_curve:P-256) ;;
    rsa) key=(-algorithm RSA -pkeyopt rsa_keygen_bits:2048) ;;
    ed25519) key=(-algorithm ED25519) ;;
    esac
}

make_certificates() {
    local kind key
    make_authority "$tls" && make_authority "$tls/other" || return 1
    for kind in "${kinds[@]}"; do
        key_options "$kind"
        make_certificate "$tls" "$kind" serverAuth DNS:localhost,IP:127.0.0.1,IP:::1 "${key[@]}" || return 1
        make_certificate "$tls" "client-$kind" clientAuth email:client@mail.example "${key[@]}" || return 1
    done
    key_options ecdsa
    make_certificate "$tls" second serverAuth DNS:second.example "${key[@]}" || return 1
    make_certificate "$tls/other" stranger clientAuth email:stranger@mail.example "${key[@]}" || return 1
    openssl pkcs12 -export -in "$tls/rsa.crt" -inkey "$tls/rsa.key" -passout pass:secret -out "$tls/rsa.pfx"
}

# Three records and more in both directions, with bytes of all kinds; and
# lines for servers that answer with lines.
make_data() {
    head -c 60000 /dev/urandom >"$tls/ours"
    head -c 60000 /dev/urandom >"$tls/theirs"
    printf 'one\n\nthree\n' >"$tls/lines"
    printf 'eno\n\neerht\n' >"$tls/senil"
    : >"$tls/nothing"
}

# ---------------------------------------------------------------------------
# OpenSSL
# ---------------------------------------------------------------------------

# has NAME=VALUE...: lines that our end printed.
has() {
    local line
    for line in "$@"; do
        grep -qxF -- "$line" "$work/output" || { say "missing: $line"; return 1; }
    done
}

# theirs_listens OPTIONS: an OpenSSL server that answers one client with
# $tls/theirs; what it gets is in $tls/got.
theirs_listens() {
    theirs_port=$(free_port)
    rm -f "$tls/pipe" "$tls/got"
    mkfifo "$tls/pipe" || return 1
    exec 7<>"$tls/pipe" # the server ends with its standard input: keep it open
    cat "$tls/theirs" >&7
    openssl s_server -accept "127.0.0.1:$theirs_port" -quiet -naccept 1 "$@" <&7 >"$tls/got" 2>"$tls/log" &
    theirs_pid=$!
    running+=("$theirs_pid")
    exec 7>&-
    until_true 60 listening "$theirs_port"
}

# our_client THEIR_OPTIONS -- OUR_OPTIONS: bytes compared both ways. how is
# "client", or "starttls" for a plain connection that becomes one with TLS.
how=client
our_client() {
    local options=() status
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    theirs_listens "${options[@]}" || { cat "$tls/log"; return 1; }
    timeout 180 "$work/tls_peer" $how 127.0.0.1 "$theirs_port" "$tls/ours" "$tls/theirs" "ca=$tls/ca.pem" "$@" >"$work/output" 2>&1
    status=$?
    [ $status -ne 0 ] || until_true 60 ended "$theirs_pid"
    stop "$theirs_pid"
    cat "$work/output"
    [ $status -eq 0 ] || { cat "$tls/log"; return 1; }
    same "$tls/ours" "$tls/got"
}

# ours_listens KIND OPTIONS: our server; the port is in our_port.
ours_listens() {
    : >"$work/output"
    timeout 180 "$work/tls_peer" "$1" "$tls/ours" "$tls/theirs" "${@:2}" >"$work/output" 2>&1 &
    our_pid=$!
    running+=("$our_pid")
    until_true 60 has_line "$work/output" && our_port=$(head -n 1 "$work/output") && [[ $our_port =~ ^[0-9]+$ ]]
}

# our_server KIND THEIR_OPTIONS -- OUR_OPTIONS
our_server() {
    local kind=$1 options=() status
    shift
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    ours_listens "$kind" "$@" || { cat "$work/output"; return 1; }
    timeout 180 openssl s_client -connect "127.0.0.1:$our_port" -quiet -verify_quiet -verify_return_error -verify_hostname localhost \
        -CAfile "$tls/ca.pem" "${options[@]}" <"$tls/theirs" >"$tls/got" 2>"$tls/log"
    status=$?
    if [ $status -ne 0 ]; then
        stop "$our_pid"
        cat "$tls/log" "$work/output"
        return 1
    fi
    wait "$our_pid"
    status=$?
    cat "$work/output"
    [ $status -eq 0 ] && same "$tls/ours" "$tls/got"
}

# both_ways TITLE EXPECTED CERTIFICATE OPENSSL_OPTIONS -- OUR_OPTIONS: our
# client against their server, and their client against both of our servers.
# EXPECTED is a list of what our end must print, one a line.
both_ways() {
    local title=$1 expected certificate=$3 options=()
    mapfile -t expected <<<"$2"
    shift 3
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    check "$title: our client, their server" printed our_client -cert "$tls/$certificate.pem" "${options[@]}" -- "$@"
    check "$title: their client, our standard server" printed our_server standard "${options[@]}" -- "cert=$tls/$certificate.pem" "$@"
    check "$title: their client, our simplified server" printed our_server simple "${options[@]}" -- "cert=$tls/$certificate.pem" "$@"
}

# printed COMMAND: and our end printed what is in expected of the caller.
printed() { "$@" && has "${expected[@]}"; }

test_suites_13() {
    local suite kind
    for suite in TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256; do
        for kind in "${kinds[@]}"; do
            both_ways "TLS 1.3, $suite, $kind" "version=TLS 1.3
cipher=$suite
same=1" "$kind" -tls1_3 -ciphersuites $suite --
        done
    done
}

# iana OPENSSL_NAME
iana() { openssl ciphers -stdname -s -tls1_2 "$1@SECLEVEL=0" | awk '$3 == name { print $1 }' name="$1"; }

# suite_12 KIND SUITE [more]: what crypto/tls does not do by itself is asked for.
suite_12() {
    both_ways "TLS 1.2, $2, $1" "version=TLS 1.2
cipher=$(iana "$2")
same=1" "$1" -tls1_2 -cipher "$2@SECLEVEL=0" -- "${@:3}"
}

test_suites_12() {
    local suite
    for suite in AES128-GCM-SHA256 AES256-GCM-SHA384 CHACHA20-POLY1305 AES128-SHA AES256-SHA; do
        suite_12 ecdsa "ECDHE-ECDSA-$suite"
        suite_12 ed25519 "ECDHE-ECDSA-$suite"
        suite_12 rsa "ECDHE-RSA-$suite"
    done
    for suite in ECDHE-RSA-AES128-SHA256 AES128-SHA AES256-SHA AES128-SHA256 AES128-GCM-SHA256 AES256-GCM-SHA384; do
        suite_12 rsa $suite suites=$suite
    done
    suite_12 ecdsa ECDHE-ECDSA-AES128-SHA256 suites=ECDHE-ECDSA-AES128-SHA256
}

test_versions() {
    both_ways "TLS 1.0" "version=TLS 1.0
same=1" rsa -tls1 -cipher ALL@SECLEVEL=0 -- bits=4
    both_ways "TLS 1.1" "version=TLS 1.1
same=1" ecdsa -tls1_1 -cipher ALL@SECLEVEL=0 -- bits=8
    check "TLS 1.1 alone is refused by our client" fails_here WDS_E_TLS_NO_COMMON_VERSION \
        our_client -cert "$tls/rsa.pem" -tls1_1 -cipher ALL@SECLEVEL=0 --
}

# fails_here CODE COMMAND: our end fails with that code.
fails_here() {
    if "${@:2}"; then
        say "it succeeded"
        return 1
    fi
    has "error=$1"
}

test_groups() {
    local group ours
    for group in X25519 P-256 P-384 P-521; do
        both_ways "key exchange $group" "group=$group
same=1" ecdsa -groups $group --
    done
    ours=groups=P-384
    both_ways "key exchange limited by us" "group=P-384
same=1" rsa -groups X25519:P-384 -- $ours
}

test_alpn() {
    both_ways "ALPN" "alpn=h2
same=1" ecdsa -alpn h2,http/1.1 -- alpn=h2
    both_ways "ALPN on one side only" "alpn=
same=1" ecdsa -- alpn=h2
    check "ALPN, nothing in common: our client is refused" fails_here WDS_E_TLS_HANDSHAKE \
        our_client -cert "$tls/ecdsa.pem" -alpn imap -- alpn=h2
    check "ALPN, nothing in common: our server refuses" refused_there "no application protocol" \
        -alpn imap -- "cert=$tls/ecdsa.pem" alpn=h2
}

# refused_there TEXT THEIR_OPTIONS -- OUR_OPTIONS: our server refuses their
# client, which says TEXT; the server stays to take others, so it is stopped.
refused_there() {
    local text=$1 options=()
    shift
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    ours_listens standard "$@" || { cat "$work/output"; return 1; }
    timeout 180 openssl s_client -connect "127.0.0.1:$our_port" -ign_eof -CAfile "$tls/ca.pem" "${options[@]}" \
        <"$tls/nothing" >"$tls/got" 2>"$tls/log"
    stop "$our_pid"
    cat "$tls/log"
    grep -qF -- "$text" "$tls/log"
}

test_client_certificates() {
    local kind version expected
    for version in 1_2 1_3; do
        for kind in "${kinds[@]}"; do
            check "client certificate, TLS ${version/_/.}, $kind: our client, their server" our_client -cert "$tls/ecdsa.pem" -tls$version \
                -Verify 2 -verify_return_error -CAfile "$tls/ca.pem" -- "cert=$tls/client-$kind.pem"
            expected=("subject=CN=client-$kind" "issuer=CN=Test authority" names=client@mail.example verify= same=1)
            check "client certificate, TLS ${version/_/.}, $kind: their client, our server" printed our_server standard -tls$version \
                -cert "$tls/client-$kind.pem" -- "cert=$tls/ecdsa.pem" "ca=$tls/ca.pem" bits=$((1024 + 4096))
        done
        check "no client certificate, TLS ${version/_/.}: our client is refused" fails_here WDS_E_TLS_NO_CLIENT_CERTIFICATE \
            our_client -cert "$tls/ecdsa.pem" -tls$version -Verify 2 -verify_return_error -CAfile "$tls/ca.pem" --
        check "a stranger's client certificate, TLS ${version/_/.}: our client is refused" fails_here WDS_E_TLS_BAD_CLIENT_CERTIFICATE \
            our_client -cert "$tls/ecdsa.pem" -tls$version -Verify 2 -verify_return_error -CAfile "$tls/ca.pem" -- \
            "cert=$tls/other/stranger.pem"
        check "a stranger's client certificate, TLS ${version/_/.}: our server refuses" refused_there "alert" \
            -tls$version -cert "$tls/other/stranger.pem" -- "cert=$tls/ecdsa.pem" "ca=$tls/ca.pem" bits=1024
    done
    check "no client certificate, TLS 1.3: our server refuses" refused_there "certificate required" \
        -tls1_3 -- "cert=$tls/ecdsa.pem" "ca=$tls/ca.pem" bits=1024
    expected=(count=0 same=1)
    check "asked for a client certificate, none comes: our server takes it" printed our_server standard -- \
        "cert=$tls/ecdsa.pem" "ca=$tls/ca.pem" bits=512
}

# ---------------------------------------------------------------------------

# resumed_client OPTIONS: our client, three times at a server that turns lines
# round; the first handshake is a full one, the others are not.
resumed_client() {
    local port pid status
    port=$(free_port)
    openssl s_server -accept "127.0.0.1:$port" -rev -cert "$tls/ecdsa.pem" "$@" >"$tls/log" 2>&1 &
    pid=$!
    running+=("$pid")
    until_true 60 listening "$port"
    timeout 180 "$work/tls_peer" client 127.0.0.1 "$port" "$tls/lines" "$tls/senil" "ca=$tls/ca.pem" times=3 "${ours[@]}" >"$work/output" 2>&1
    status=$?
    stop "$pid"
    cat "$work/output"
    [ $status -eq 0 ] && [ "$(grep '^resumed=' "$work/output" | tr '\n' ' ')" = "$resumptions" ]
}

# resumed_server OPTIONS: their client, twice at our server, the second time
# with the session of the first.
resumed_server() {
    local status=0 time session=(-sess_out "$tls/session")
    rm -f "$tls/session"
    ours_listens standard "cert=$tls/ecdsa.pem" times=2 "${ours[@]}" || return 1
    for time in 1 2; do
        timeout 180 openssl s_client -connect "127.0.0.1:$our_port" -ign_eof -verify_return_error -CAfile "$tls/ca.pem" "$@" "${session[@]}" \
            <"$tls/theirs" >"$tls/printed" 2>"$tls/log" || status=1
        session=()
        [ ! -e "$tls/session" ] || session=(-sess_in "$tls/session")
    done
    [ $status -eq 0 ] || stop "$our_pid"
    wait "$our_pid" || status=1
    cat "$work/output" "$tls/log"
    [ $status -eq 0 ] && [ "$(grep '^resumed=' "$work/output" | tr '\n' ' ')" = "$resumptions" ] && [ "$time" -eq 2 ]
}

test_resumption() {
    local version ours=() resumptions
    for version in 1_2 1_3; do
        resumptions='resumed=0 resumed=1 resumed=1 '
        check "resumption, TLS ${version/_/.}: our client, their server" resumed_client -tls$version
        resumptions='resumed=0 resumed=1 '
        check "resumption, TLS ${version/_/.}: their client, our server" resumed_server -tls$version
    done
    ours=(bits=2048)
    resumptions='resumed=0 resumed=0 resumed=0 '
    check "no resumption, if we do not want it: our client" resumed_client
    resumptions='resumed=0 resumed=0 '
    check "no resumption, if we do not want it: our server" resumed_server
    ours=()
    resumptions='resumed=0 resumed=0 resumed=0 '
    check "no resumption, if their server gives none" resumed_client -no_ticket -no_cache -num_tickets 0
}

# ---------------------------------------------------------------------------

# pin_of CERTIFICATE: as OpenSSL makes it.
pin_of() {
    openssl x509 -in "$1" -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | openssl base64
}

hexadecimal_pin_of() {
    openssl x509 -in "$1" -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r | cut -d ' ' -f 1
}

# fingerprint HASH CERTIFICATE: in our form.
fingerprint() { openssl x509 -in "$2" -noout -fingerprint -"$1" | sed 's/.*=//' | tr -d : | tr A-F a-f; }

knows_certificate() {
    our_client -cert "$tls/rsa.pem" -cert_chain "$tls/ca.pem" -- name=localhost || return 1
    tr A-F a-f <"$work/output" >"$tls/lower"
    has subject=CN=rsa "issuer=CN=Test authority" verify= "pin=$(pin_of "$tls/rsa.crt")" asked=localhost &&
        grep -q "^sha1=$(fingerprint sha1 "$tls/rsa.crt")\$" "$tls/lower" &&
        grep -q "^sha256=$(fingerprint sha256 "$tls/rsa.crt")\$" "$tls/lower" &&
        grep -qi "^serial=0*$(openssl x509 -in "$tls/rsa.crt" -noout -serial | sed 's/.*=0*//')\$" "$work/output" &&
        grep -q '^names=localhost' "$work/output"
}

test_verification() {
    local expected=(same=1)
    check "what OpenSSL and we tell of a certificate is the same" knows_certificate
    check "pin: the right key" our_client -cert "$tls/ecdsa.pem" -- "pins=$(pin_of "$tls/ecdsa.crt")"
    check "pin: hexadecimal, unknown authority, any certificate" our_client -cert "$tls/ecdsa.pem" -- ca= bits=256 \
        "pins=$(hexadecimal_pin_of "$tls/ecdsa.crt")"
    check "pin: another key" fails_here WDS_E_TLS_PIN our_client -cert "$tls/ecdsa.pem" -- "pins=$(pin_of "$tls/rsa.crt")"
    check "pin: another key, any certificate" fails_here WDS_E_TLS_PIN our_client -cert "$tls/ecdsa.pem" -- bits=256 \
        "pins=$(pin_of "$tls/rsa.crt")"
    check "unknown authority" fails_here WDS_E_TLS_UNKNOWN_AUTHORITY our_client -cert "$tls/ecdsa.pem" -- ca=
    check "wrong host" fails_here WDS_E_TLS_WRONG_HOST our_client -cert "$tls/second.pem" --
    check "server name instead of the address" our_client -cert "$tls/second.pem" -- name=second.example
    check "any certificate" our_client -cert "$tls/second.pem" -- ca= bits=256
    expected=(same=1 asked=second.example)
    check "two certificates: the second by name" printed our_server standard -servername second.example -verify_hostname second.example -- \
        "cert=$tls/ecdsa.pem" "add=$tls/second.pem"
    check "two certificates: the first for others" our_server standard -noservername -- "cert=$tls/ecdsa.pem" "add=$tls/second.pem"
    expected=(same=1)
    check "PFX file with password" our_server standard -- password=secret "cert=$tls/rsa.pfx"
    check "certificate and key in two files" our_server standard -- "cert=$tls/rsa.crt|$tls/rsa.key"
}

test_records() {
    local how=starttls version
    for version in 1_2 1_3; do
        check "TLS ${version/_/.} begun on an open connection: our client, their server" our_client -cert "$tls/ecdsa.pem" -tls$version --
    done
    how=client
    both_ways "small records" same=1 ecdsa -max_send_frag 512 --
    both_ways "TLS 1.3, padded records" same=1 ecdsa -tls1_3 -record_padding 4096 --
}

# wdsock to a server of OpenSSL that turns lines round.
wdsock_knows_openssl() {
    local port pid status=0
    port=$(free_port)
    openssl s_server -accept "127.0.0.1:$port" -quiet -rev -naccept 20 -cert "$tls/rsa.pem" "$@" >"$tls/log" 2>&1 &
    pid=$!
    running+=("$pid")
    until_true 60 listening "$port" || { cat "$tls/log"; return 1; }
    doctor_tells 0 "tls://localhost:$port" --ca "$tls/ca.pem" --send 'one\n' -- 'name localhost = .*127\.0\.0\.1.*' "TLS $version, .*" 'certificate CN=rsa, issued by CN=Test authority' \
        'its names localhost,.*' 'trusted yes: .*' 'asked one.n -> "eno.n"' || status=1
    doctor_tells 0 "tls://localhost:$port" --send 'one\n' -- 'trusted no: .*' || status=1
    doctor_tells 0 "127.0.0.1:$port" --tls --ca "$tls/ca.pem" --name mail.example --send 'one\n' -- 'trusted no: .*mail\.example.*' || status=1
    wdsock_gets '^eno$' -f line --end lf --ca "$tls/ca.pem" "tls://localhost:$port" one || status=1
    stop "$pid"
    return $status
}

test_wdsock() {
    local version
    version='TLS 1\.3'
    check "wdsock, TLS 1.3" wdsock_knows_openssl -tls1_3
    version='TLS 1\.2'
    check "wdsock, TLS 1.2" wdsock_knows_openssl -tls1_2
}

test_openssl() {
    test_suites_13
    test_suites_12
    test_versions
    test_groups
    test_alpn
    test_client_certificates
    test_resumption
    test_records
    test_verification
}

# ---------------------------------------------------------------------------
# Postfix
# ---------------------------------------------------------------------------

# Its own configuration, queue and mailbox; nothing of /etc/postfix is used.
mail_files() {
    local d=$work/mail
    mkdir -p "$d"/{etc,queue,data,box} && chown postfix "$d/data" && chown nobody "$d/box" || return 1
    cp "$tls/rsa.crt" "$tls/rsa.key" "$d/etc" || return 1
    cat >"$d/etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $d/queue
data_directory = $d/data
maillog_file = $d/log
maillog_file_prefixes = $d
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example
mydestination =
alias_maps =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
smtpd_tls_security_level = encrypt
smtpd_tls_received_header = yes
smtpd_tls_cert_file = $d/etc/rsa.crt
smtpd_tls_key_file = $d/etc/rsa.key
virtual_mailbox_domains = mail.example
virtual_mailbox_base = $d/box
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
END
    cat >"$d/etc/master.cf" <<END
127.0.0.1:$1 inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
virtual unix - n n - - virtual
postlog unix-dgram n - n - 1 postlogd
END
}

mail_start() {
    mail_files "$1" || return 1
    timeout 180 postfix -c "$work/mail/etc" start </dev/null >"$work/mail/start" 2>&1
    mail_pid=$(tr -d ' \n' <"$work/mail/queue/pid/master.pid") || { cat "$work/mail/start"; return 1; }
    daemon=$mail_pid
    running+=("$mail_pid")
    until_true 90 listening "$1"
}

# Lines with dots, an empty one, eight-bit text and a long one.
mail_text() {
    printf 'Good evening,\n\n.a line that begins with a dot\n..and one with two\n.\n'
    printf 'Gr\303\274\303\237e\n'
    printf 'x%.0s' $(seq 900)
    printf '\nThe end.\n'
}

send_mail() { mail_text | timeout 180 "$work/starttls_mail" 127.0.0.1 "$1" sender@mail.example reader@mail.example "${@:2}"; }

has_mail() { ls "$work"/mail/box/inbox/new/* >/dev/null; }

# What came into the mailbox is what was sent, and the server saw TLS.
mail_arrives() {
    send_mail "$1" --ca "$tls/ca.pem" >"$work/output" 2>&1 || { cat "$work/output" "$work/mail/log"; return 1; }
    cat "$work/output"
    grep -q '^TLS 1.3, ' "$work/output" || return 1
    until_true 90 has_mail || { cat "$work/mail/log"; return 1; }
    mail_text >"$tls/expected"
    sed '1,/^$/d' "$work"/mail/box/inbox/new/* >"$tls/got"
    grep -q 'using TLSv1.3 with cipher' "$work"/mail/box/inbox/new/* && same "$tls/expected" "$tls/got"
}

test_mail() {
    local port
    port=$(free_port)
    check "postfix starts" mail_start "$port"
    check "mail: STARTTLS, the message is in the mailbox" mail_arrives "$port"
    check "mail: the authority is not known" fails_with WDS_E_TLS_UNKNOWN_AUTHORITY send_mail "$port"
    check "mail: the server has another name" fails_with WDS_E_TLS_WRONG_HOST send_mail "$port" --ca "$tls/ca.pem" --name mail.example
    check "wdsock: doctor of postfix" doctor_tells 0 127.0.0.1 "$port" -- 'greeting "220 mail.example ESMTP Postfix.*' 'protocol SMTP: .*' 'framing data 0D0A'
    check "wdsock: an order to postfix" wdsock_gets '^221 ' -f line "127.0.0.1:$port" QUIT
    [ -z "${mail_pid:-}" ] || stop "$mail_pid"
    check "mail: plain text put behind STARTTLS is refused" fails_with WDS_E_TLS_SURPLUS surplus_mail
}

# A server, or somebody in between, that sends more behind its answer.
surplus_mail() {
    local port pid status
    port=$(free_port)
    python3 -c '
import socket, sys
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
s.settimeout(90)
c = s.accept()[0]
c.settimeout(90)
f = c.makefile("rb")
c.sendall(b"220 mail.example\r\n")
f.readline()
c.sendall(b"250-mail.example\r\n250 STARTTLS\r\n")
f.readline()
c.sendall(b"220 ready\r\n250 this was not asked for\r\n")
f.read()
' "$port" &
    pid=$!
    running+=("$pid")
    until_true 60 listening "$port"
    send_mail "$port" --ca "$tls/ca.pem"
    status=$?
    stop "$pid"
    return $status
}

# ---------------------------------------------------------------------------
# The examples
# ---------------------------------------------------------------------------

# ask OPTIONS: three lines to the example's server and back.
ask() {
    timeout 90 "$work/tls_client" 127.0.0.1 "$example_port" --mode lines "$@" <"$tls/lines" >"$work/output" 2>&1
    local status=$?
    cat "$work/output"
    return $status
}

answered() {
    ask "$@" || return 1
    sed '1,/^pin: /d' "$work/output" >"$tls/got"
    same "$tls/lines" "$tls/got"
}

# The peer's pin that the client prints is accepted, and no other.
pinned() {
    ask --ca "$tls/ca.pem" || return 1
    answered --pin "$(sed -n 's/^pin: //p' "$work/output")"
}

# A client with the old certificate stays while new ones get
# the new one.
replaced() {
    local old_pid status=1
    rm -f "$tls/in" "$tls/orders"
    mkfifo "$tls/in" "$tls/orders" || return 1
    exec 8<>"$tls/orders"
    example_input=$tls/orders example tls_server 0 "$tls/ecdsa.pem" --mode lines || { cat "$example_log"; exec 8>&-; return 1; }
    exec 9<>"$tls/in"
    timeout 180 "$work/tls_client" 127.0.0.1 "$example_port" --mode lines --ca "$tls/ca.pem" <"$tls/in" >"$tls/old" 2>&1 9>&- 8>&- &
    old_pid=$!
    running+=("$old_pid")
    until_true 60 grep -q 'client ' "$example_log" || say "the old client is not there"
    printf '%s\n' "$tls/no such file.pem" >&8
    printf '%s\n' "$tls/rsa.pem" >&8
    if until_true 60 grep -q '^certificate replaced, 19 days left' "$example_log" && grep -q WDS_E_TLS_CERTIFICATE_FILE "$example_log" &&
        answered --ca "$tls/ca.pem" && grep -qx 'peer: CN=rsa' "$work/output"; then
        printf 'still here\n' >&9
        exec 9>&-
        wait "$old_pid" && grep -qx 'peer: CN=ecdsa' "$tls/old" && grep -qx 'still here' "$tls/old"
        status=$?
    fi
    exec 8>&- 9>&-
    cat "$example_log" "$tls/old"
    stop "$old_pid"
    stop "$example_pid"
    return $status
}

# New keys in the middle of a conversation: OpenSSL's client asks for them.
key_update() {
    local pid status=1
    rm -f "$tls/in"
    mkfifo "$tls/in" || return 1
    exec 9<>"$tls/in"
    example tls_server 0 "$tls/ecdsa.pem" --mode lines || return 1
    timeout 180 openssl s_client -connect "127.0.0.1:$example_port" -tls1_3 -crlf -CAfile "$tls/ca.pem" <"$tls/in" >"$tls/got" 2>"$tls/log" 9>&- &
    pid=$!
    running+=("$pid")
    printf 'before\n' >&9
    if until_true 60 grep -q '^before' "$tls/got"; then
        printf 'K\n' >&9
        until_true 60 grep -q KEYUPDATE "$tls/log" && printf 'after\n' >&9 && until_true 60 grep -q '^after' "$tls/got"
        status=$?
    fi
    exec 9>&-
    cat "$example_log" "$tls/got" "$tls/log"
    stop "$pid"
    stop "$example_pid"
    return $status
}

mutual() {
    printf 'who am I\n' | timeout 90 "$work/mutual_tls" client 127.0.0.1 "$example_port" "$1" "$tls/ca.pem"
}

mutual_answers() {
    mutual "$tls/client-ed25519.pem" >"$work/output" 2>&1 || { cat "$work/output"; return 1; }
    cat "$work/output"
    grep -qx 'CN=client-ed25519: who am I' "$work/output"
}

# The lines of the documentation that make certificates.
documented() {
    mkdir "$tls/doc" || return 1
    awk '/^```/ { inside = $0 == "```sh"; next } inside' "$ROOT/docs/tls.md" >"$tls/doc/lines.sh"
    [ -s "$tls/doc/lines.sh" ] && (cd "$tls/doc" && bash -e lines.sh)
}

# documented_works CERTIFICATE AUTHORITY: of the documentation, our two ends.
documented_works() {
    local status
    example tls_server 0 "$tls/doc/$1" --mode lines || { cat "$example_log"; return 1; }
    answered --ca "$tls/doc/$2"
    status=$?
    stop "$example_pid"
    return $status
}

documented_mutual() {
    local status
    example mutual_tls server 0 "$tls/doc/server.pem" "$tls/doc/ca.pem" || return 1
    printf 'hello\n' | timeout 90 "$work/mutual_tls" client localhost "$example_port" "$tls/doc/client.pem" "$tls/doc/ca.pem" >"$work/output" 2>&1
    status=$?
    stop "$example_pid"
    cat "$work/output"
    [ $status -eq 0 ] && grep -qx 'CN=till 7: hello' "$work/output"
}

test_documentation() {
    check "docs/tls.md: its lines make certificates" documented
    check "docs/tls.md: authority and server certificate" documented_works server.pem ca.pem
    check "docs/tls.md: two files" documented_works "server.crt|$tls/doc/server.key" ca.pem
    check "docs/tls.md: self-signed device" documented_works device.pem device.crt
    check "docs/tls.md: client certificate" documented_mutual
}

test_tls_examples() {
    check "examples: tls_server starts" example tls_server 0 "$tls/ecdsa.pem" --mode lines --add "$tls/second.pem"
    check "examples: tls_client with tls_server" answered --ca "$tls/ca.pem"
    check "examples: tls_client, another name" answered --ca "$tls/ca.pem" --name second.example
    check "examples: tls_client with the pin that it printed" pinned
    check "examples: tls_client, another pin" fails_with WDS_E_TLS_PIN ask --pin "$(pin_of "$tls/rsa.crt")"
    check "examples: tls_client, the authority is not known" fails_with WDS_E_TLS_UNKNOWN_AUTHORITY ask
    stop "$example_pid"
    check "examples: tls_server replaces its certificate, clients stay" replaced
    check "examples: tls_server, new keys asked for by OpenSSL" key_update
    check "examples: mutual_tls server starts" example mutual_tls server 0 "$tls/ecdsa.pem" "$tls/ca.pem"
    check "examples: mutual_tls, the server knows the client" mutual_answers
    check "examples: mutual_tls, no certificate" fails_with WDS_E_TLS_NO_CLIENT_CERTIFICATE mutual ""
    check "examples: mutual_tls, a stranger's certificate" fails_with WDS_E_TLS_BAD_CLIENT_CERTIFICATE mutual "$tls/other/stranger.pem"
    check "examples: mutual_tls, the server is still there" mutual_answers
    check "wdsock: doctor asks for a client's certificate" doctor_tells 1 "127.0.0.1:$example_port" --tls --ca "$tls/ca.pem" -- 'TLS .*'
    check "wdsock: a client with a certificate" wdsock_gets '^CN=client-ed25519: who am I$' -f line --ca "$tls/ca.pem" --cert "$tls/client-ed25519.pem" \
        "tls://127.0.0.1:$example_port" 'who am I'
    stop "$example_pid"
}

# ---------------------------------------------------------------------------
# testssl.sh
# ---------------------------------------------------------------------------

# It takes a minute and mostly waits: it runs beside the other tests, on a
# server with an RSA and an ECDSA certificate. What it leaves out, the list of
# all suites one by one and the simulated clients, makes no findings.
testssl_start() {
    example tls_server 0 "$tls/rsa.pem" --add "$tls/ecdsa.pem" || return 1
    testssl_server=$example_pid
    timeout 1200 testssl --protocols --std --pfs --server-preference --server-defaults --vulnerable -n none --ip 127.0.0.1 --add-ca "$tls/ca.pem" --quiet --color 0 --warnings off \
        --jsonfile "$tls/testssl.json" "localhost:$example_port" </dev/null >"$tls/testssl.out" 2>&1 &
    testssl_pid=$!
    running+=("$testssl_pid")
}

# findings: nothing above LOW but certificates (the test's own are short-lived
# and cannot be revoked) and warnings about the scan; and it really looked.
testssl_findings() {
    wait "$testssl_pid"
    python3 - "$tls/testssl.json" <<'END' || { tail -n 40 "$tls/testssl.out"; return 1; }
import json, sys
found = json.load(open(sys.argv[1]))
bad = [f for f in found if f["severity"] not in ("OK", "INFO", "LOW", "DEBUG", "WARN") and not f["id"].startswith("cert_")]
for f in bad:
    print(f["severity"], f["id"], f["finding"])
ids = {f["id"]: f["severity"] for f in found}
looked = "TLS1_2 TLS1_3 cipherlist_STRONG PFS heartbleed CCS ROBOT secure_renego secure_client_renego CRIME_TLS POODLE_SSL " \
    "fallback_SCSV SWEET32 FREAK DROWN LOGJAM BEAST LUCKY13 RC4 scanTime".split()
missing = [i for i in looked if i not in ids]
print(len(found), "findings; not looked at:", missing)
trust = [s for i, s in ids.items() if i.startswith("cert_chain_of_trust")]
print("chain of trust:", trust)
sys.exit(bool(bad or missing or not trust or set(trust) != {"OK"}))
END
}

testssl_ends() {
    check "testssl.sh: nothing above LOW" testssl_findings
    check "testssl.sh: the server is still there" ended_not "$testssl_server"
    stop "$testssl_server"
}

ended_not() { ! ended "$1"; }

# ---------------------------------------------------------------------------

wanted() { [ -z "${ONLY:-}" ] || [ "$ONLY" = "$1" ]; }

check "examples and peers compile" compile "$ROOT"/examples/*.c peer.c tls_peer.c
check "OpenSSL makes certificates" make_certificates
check "wdsock is built" wdsock_builds
[ $failed -eq 0 ] || { result; exit 1; }
make_data || die "no test data"
cd "$work" || exit 1
! wanted testssl || check "testssl.sh starts" testssl_start
! wanted openssl || test_openssl
! wanted wdsock || test_wdsock
! wanted mail || test_mail
! wanted examples || test_tls_examples
! wanted examples || test_documentation
! wanted testssl || testssl_ends
result
