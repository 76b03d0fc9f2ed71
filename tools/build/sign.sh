# shellcheck shell=bash
# Signatures: of what is for Windows, and of the checksums. Sourced by build.sh.

# sign_windows FILE WORK: a DLL or a program, in place, with the key beside its certificate or
# in a token. Without a time stamp the signature is dated by the last commit, so that the same
# key gives the same bytes.
sign_windows() {
    local file=$1 signed=$2/signed.${1##*.}
    local options=(-pkcs12 "$sign_with")
    if [ -n "${sign_token:-}" ]; then
        local engines
        engines=$(openssl version -e | sed 's/.*"\(.*\)".*/\1/')
        options=(-pkcs11engine "$engines/pkcs11.so" -pkcs11module "$sign_token" -certs "$sign_with" -key "$sign_key")
    fi
    options+=(-h sha256 -n wdsocket)
    [ -z "${sign_password:-}" ] || options+=(-readpass "$sign_password")
    if [ -n "${sign_timestamp:-}" ]; then
        options+=(-ts "$sign_timestamp")
    else
        options+=(-time "$(source_date)")
    fi
    rm -f "$signed"
    osslsigncode sign "${options[@]}" -in "$file" -out "$signed" >"$2/sign.log" 2>&1 || { cat "$2/sign.log"; die "$file could not be signed"; }
    mv "$signed" "$file"
}

# sign_sums FILE WORK: a signature beside the list, FILE.p7s, with the same key: CMS (RFC 5652) without
# the time, so that an RSA key gives the same bytes.
sign_sums() {
    local signed=$1.p7s options=(-binary -noattr -md sha256 -outform DER)
    rm -f "$signed"
    if [ -n "${sign_token:-}" ]; then
        # The signer's is the first; no certificate may come twice.
        awk '/BEGIN CERT/ { n++ } n > 1' "$sign_with" >"$2/chain.pem"
    else
        pkcs12_parts -cacerts -nokeys >"$2/chain.pem"
    fi
    if grep -q 'BEGIN CERT' "$2/chain.pem"; then options+=(-certfile "$2/chain.pem"); fi
    if [ -n "${sign_token:-}" ]; then
        options+=(-engine pkcs11 -keyform engine -inkey "$sign_key${sign_password:+;pin-source=file:$sign_password}" -signer "$sign_with")
        PKCS11_MODULE_PATH=$sign_token openssl cms -sign "${options[@]}" -in "$1" -out "$signed" >"$2/sign.log" 2>&1
    else
        # The key goes through a pipe, not into a file.
        openssl cms -sign "${options[@]}" -signer <(pkcs12_parts -clcerts -nokeys) -inkey <(pkcs12_parts -nocerts -nodes) \
            -in "$1" -out "$signed" >"$2/sign.log" 2>&1
    fi || { cat "$2/sign.log"; rm -f "$signed"; die "$1 could not be signed"; }
}

# pkcs12_parts OPTION ...: of the certificate's file, also if its encryption is an old one.
pkcs12_parts() {
    local options=(-in "$sign_with" -passin "${sign_password:+file:$sign_password}")
    [ -n "${sign_password:-}" ] || options=(-in "$sign_with" -passin pass:)
    openssl pkcs12 "${options[@]}" "$@" 2>/dev/null || openssl pkcs12 -legacy "${options[@]}" "$@"
}

# signing VERB [OPTION VALUE ...] [WORD ...]: takes the options of signatures into the variables sign_...
# of the verb, and the words into "words".
signing() {
    local verb=$1
    shift
    words=()
    while [ $# -gt 0 ]; do
        case $1 in -*) [ $# -ge 2 ] || die "$verb: $1 needs a value" ;; esac
        case $1 in
        --sign) sign_with=$2 ;;
        --password) sign_password=$2 ;;
        --token) sign_token=$2 ;;
        --key) sign_key=$2 ;;
        --timestamp) sign_timestamp=$2 ;;
        -*) die "$verb does not know $1" ;;
        *)
            words+=("$1")
            shift
            continue
            ;;
        esac
        shift 2
    done
    [ -n "$sign_with" ] || [ -z "$sign_password$sign_token$sign_key$sign_timestamp" ] || die "$verb: nothing is signed without --sign CERTIFICATE"
    [ -n "$sign_token" ] || [ -z "$sign_key" ] || die "$verb: --key names a key in a token: which one, says --token MODULE.so"
    [ -z "$sign_token" ] || [ -n "$sign_key" ] || die "$verb: --token needs --key, as 'pkcs11:token=NAME;object=NAME'"
    [ -n "$sign_with" ] || return 0
    [ -r "$sign_with" ] || die "cannot read $sign_with"
    need_commands "$verb --sign" osslsigncode:osslsigncode openssl:openssl
}

# dated_signatures: says so where they have no time stamp.
dated_signatures() {
    [ -z "$sign_with" ] || [ -n "$sign_timestamp" ] || say "signed without a time stamp: the signatures are valid as long as the certificate"
}
