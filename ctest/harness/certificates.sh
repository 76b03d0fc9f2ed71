#!/bin/sh
# certificates.sh - makes the certificates of the TLS tests with openssl.
#
# usage: certificates.sh folder
#
# The tests find the folder by CTEST_CERTIFICATES. Each NAME.pem is certificate
# (with its chain) and key in one file, NAME.crt and NAME.key are the parts.
set -eu
mkdir -p "$1"
cd "$1"
exec 2>certificates.log

subject() { # the form of a subject differs for shells that change paths
    printf '%s\n' "/O=wdsocket tests/CN=${common:-$1}"
}

key() { # name kind
    case $2 in
    rsa*)
        bits=${2#rsa}
        openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:${bits:-2048}" -out "$1.key"
        ;;
    ed25519) openssl genpkey -algorithm ED25519 -out "$1.key" ;;
    *) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" ;;
    esac
}

cat >ca.cnf <<'END'
[ca]
default_ca = any
[any]
dir = .
database = index.txt
new_certs_dir = issued
rand_serial = yes
default_md = sha256
policy = loose
unique_subject = no
copy_extensions = none
[loose]
organizationName = optional
commonName = supplied
[req]
distinguished_name = nobody
[nobody]
END
mkdir -p issued
: >index.txt

root() { # name
    key "$1" ec
    openssl req -new -x509 -config ca.cnf -key "$1.key" -days 1000 -subj "$(subject "$1")" -out "$1.crt" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign -addext subjectKeyIdentifier=hash
}

issue() { # name kind issuer start end extensions...
    name=$1 kind=$2 issuer=$3 start=$4 end=$5
    shift 5
    key "$name" "$kind"
    printf '%s\n' "$@" >"$name.ext"
    openssl req -new -config ca.cnf -key "$name.key" -subj "$(subject "$name")" -out "$name.csr"
    openssl ca -batch -notext -config ca.cnf -cert "$issuer.crt" -keyfile "$issuer.key" -in "$name.csr" -out "$name.crt" \
        -startdate "$start" -enddate "$end" -extfile "$name.ext" -md "${digest:-sha256}"
    cat "$name.crt" "$name.key" >"$name.pem"
}

past=20200101000000Z
then=20210101000000Z
since=20240101000000Z
later=20440101000000Z
future=20450101000000Z
here="subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"
use="extendedKeyUsage=serverAuth,clientAuth"

root root
root other-root
issue middle ec root $since $later basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign
issue good ec root $since $later "$here" $use
issue renewed ec root $since $later "$here" $use
issue rsa rsa root $since $later "$here" $use
issue ed25519 ed25519 root $since $later "$here" $use
issue expired ec root $past $then "$here" $use
issue not-yet ec root $later $future "$here" $use
issue wrong-host ec root $since $later subjectAltName=DNS:elsewhere.example,IP:192.0.2.1 $use
issue unknown ec other-root $since $later "$here" $use
issue below ec middle $since $later "$here" $use "authorityInfoAccess=caIssuers;URI:http://ca.example/middle.crt"
issue one ec root $since $later subjectAltName=DNS:one.example $use
issue two ec root $since $later subjectAltName=DNS:two.example $use
issue client ec root $since $later subjectAltName=email:client@tests.example $use
issue bad-client ec other-root $since $later subjectAltName=email:client@tests.example $use
issue only-server ec root $since $later "$here" extendedKeyUsage=serverAuth

# What most refuse: a signature with SHA-1, a short key, a serial number below zero.
digest=sha1
issue sha1 ec root $since $later "$here" $use
issue weak-middle ec root $since $later basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign
digest=
issue below-weak ec weak-middle $since $later "$here" $use
cat below-weak.crt weak-middle.crt below-weak.key >weak-chain.pem
issue small rsa512 root $since $later "$here" $use
key negative ec
openssl req -new -config ca.cnf -key negative.key -subj "$(subject negative)" -out negative.csr
openssl x509 -req -in negative.csr -CA root.crt -CAkey root.key -set_serial -123 -days 1000 -extfile good.ext -out negative.crt
cat negative.crt negative.key >negative.pem

# What openssl does not write: the bytes of NAME.crt are changed, and the issuer signs
# it again, with ECDSA and SHA-256.
byte() { # number ...
    for number; do printf "\\$(printf %03o "$number")"; done
}
changed() { # name issuer sed-command
    openssl x509 -in "$1.crt" -outform DER -out "$1.der"
    openssl asn1parse -inform DER -in "$1.der" -strparse 4 -noout -out "$1.tbs"
    LC_ALL=C sed -i "$3" "$1.tbs"
    openssl dgst -sha256 -sign "$2.key" -out "$1.sig" "$1.tbs"
    size=$(wc -c <"$1.sig")
    {
        cat "$1.tbs"
        byte 48 10 6 8 42 134 72 206 61 4 3 2 # ecdsa-with-SHA256
        byte 3 $((size + 1)) 0
        cat "$1.sig"
    } >"$1.parts"
    size=$(wc -c <"$1.parts")
    {
        byte 48 130 $((size / 256)) $((size % 256))
        cat "$1.parts"
    } | openssl base64 | sed '1i -----BEGIN CERTIFICATE-----
$a -----END CERTIFICATE-----' >"$1.crt"
    cat "$1.crt" "$1.key" >"$1.pem"
}
with_nul() { changed "$1" "$2" 's/@NUL/\x00NUL/g'; } # name issuer: what is "@NUL" there has a NUL
issue nul-name ec root $since $later "$here,DNS:good.example@NUL.evil.example" $use
with_nul nul-name root
common=good.example@NUL.evil.example
issue nul-subject ec root $since $later "$here" $use
with_nul nul-subject root

# A PrintableString with an @, which the standard does not allow and many have: of
# UTF8String (12) it becomes PrintableString (19).
common=sales@tests.example
issue at-sign ec root $since $later "$here" $use
common=
changed at-sign root 's/\x0c\x13sales@/\x13\x13sales@/'

# A name that forges a line and steers a terminal, and one that forges a list.
common=$(printf 'one\nforged line\033[31m')
key forger ec
openssl req -new -x509 -config ca.cnf -key forger.key -days 1000 -subj "$(subject forger)" -out forger.crt -utf8 \
    -addext 'subjectAltName=@names
[names]
DNS.1=elsewhere.example
DNS.2=two\nlines.example
email.1=a\,b@tests.example'
cat forger.crt forger.key >forger.pem
common=

key self-signed ec
openssl req -new -x509 -config ca.cnf -key self-signed.key -days 1000 -subj "$(subject self-signed)" -addext "$here" -out self-signed.crt
cat self-signed.crt self-signed.key >self-signed.pem
# ends soon, but not while the tests run
key soon ec
openssl req -new -config ca.cnf -key soon.key -subj "$(subject soon)" -out soon.csr
openssl ca -batch -notext -config ca.cnf -cert root.crt -keyfile root.key -in soon.csr -out soon.crt -days 7 -extfile good.ext
cat soon.crt soon.key >soon.pem

# so many days and some hours, which are told as whole days
for of in five:125 ninety:2165; do
    issue ${of%:*} ec root $since "$(date -u -d "+${of#*:} hours" +%Y%m%d%H%M%SZ)" "$here" $use
done

cat below.crt middle.crt below.key >chain.pem
cat root.crt other-root.crt middle.crt below.crt below.key >disordered.pem
cat good.crt renewed.key >mismatch.pem
openssl pkcs8 -topk8 -in good.key -passout pass:secret -out locked.key
cat good.crt locked.key >locked.pem
openssl pkcs12 -export -inkey below.key -in below.crt -certfile middle.crt -passout pass:secret -out modern.pfx
openssl pkcs12 -export -legacy -inkey below.key -in below.crt -certfile middle.crt -passout pass:secret -out legacy.pfx ||
    cp modern.pfx legacy.pfx
openssl x509 -in root.crt -outform DER -out root.der
echo "no certificate at all" >garbage.pem
: >empty.pem

# What the library must tell about good.crt, as openssl tells it.
hexadecimal() { sed 's/.*=//' | tr -d ':\n' | tr 'A-F' 'a-f'; }
openssl x509 -in good.crt -noout -fingerprint -sha1 | hexadecimal >good.sha1
openssl x509 -in good.crt -noout -fingerprint -sha256 | hexadecimal >good.sha256
openssl x509 -in good.crt -noout -serial | hexadecimal >good.serial
openssl x509 -in good.crt -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary |
    openssl base64 | tr -d '\n' >good.pin
openssl x509 -in renewed.crt -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary |
    openssl base64 | tr -d '\n' >renewed.pin
: >complete
