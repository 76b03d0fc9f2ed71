#!/usr/bin/env bash
# Builds the workers and the driver, and measures.
#
# usage: LIBDIR=folder with libwdsocket.so run.sh [--quick] [--only NAME] [--cpuprofile]
#
#   --quick       short blocks: less than a minute, wider intervals
#   --only NAME   the measurement NAME, or all whose name begins with NAME
#   --cpuprofile  builds the library once more so that it writes CPU profiles,
#                 into build/bench/profiles, for "go tool pprof"
#
# CC is the compiler, gcc unless set. What is missing of OpenSSL (libssl-dev,
# openssl), libuv (libuv1-dev) and libwebsockets (libwebsockets-dev) is installed when
# run as root; without the last, rows about WebSockets are left out.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C

CC=${CC:-gcc}
LIBDIR=$(cd "${LIBDIR:?set LIBDIR to the folder with libwdsocket.so}" && pwd)
out=$PWD/build/bench
export BENCH_KEYS=$out/keys
profiles=

for option in "$@"; do
    case $option in
    --cpuprofile | -cpuprofile) profiles=$out/profiles ;;
    esac
done

# Workloads that run over either way to the network, and those that are POSIX only.
both=(echo sink send receive rtt accept cancel timeout call)
raw=(source connect full load polling clients idle writev)
# Workloads over TLS, with the library and with OpenSSL, and those with OpenSSL only.
tls_both=(send receive rtt greet handshake)
tls_openssl=(echo sink source idle)

# begin COMMAND...: in the background; finish waits for all, and fails if one did.
jobs=()
begin() {
    "$@" &
    jobs+=($!)
}

finish() {
    local job
    for job in "${jobs[@]}"; do
        wait "$job" || exit 1
    done
}

compile() { # program sources-of-the-link source [linker options]
    local link=()
    for part in $2; do
        link+=("bench/workers/$part.c")
    done
    "$CC" -std=c99 -O2 -Wall -Wextra -Werror -pedantic -Iinclude -o "$out/$1" \
        "bench/workers/$3.c" "${link[@]}" bench/workers/harness.c bench/workers/serve.c bench/workers/descriptors.c "${@:4}" -lpthread
}

# make_keys KIND OPTIONS: an authority and a server's certificate with keys of
# their own, made anew each time.
make_keys() {
    local kind=$BENCH_KEYS/$1
    openssl req -x509 -nodes "${@:2}" -days 2 -subj "/CN=bench authority" \
        -keyout "$kind-authority-key.pem" -out "$kind-authority.pem"
    openssl req -new -nodes "${@:2}" -subj "/CN=bench" -keyout "$kind-key.pem" -out "$kind-request.pem"
    printf 'basicConstraints=CA:FALSE\nsubjectAltName=IP:127.0.0.1\n' >"$kind-extensions"
    openssl x509 -req -in "$kind-request.pem" -CA "$kind-authority.pem" -CAkey "$kind-authority-key.pem" \
        -CAcreateserial -days 2 -extfile "$kind-extensions" -out "$kind-certificate.pem"
}

all_keys() {
    mkdir -p "$BENCH_KEYS"
    if ! { make_keys ecdsa -newkey ec -pkeyopt ec_paramgen_curve:P-256 && make_keys rsa -newkey rsa:2048; } >"$out/keys.log" 2>&1; then
        cat "$out/keys.log" >&2
        exit 1
    fi
}

# profiled_library: the same sources with one file more, which starts the profiler.
profiled_library() {
    local dir=$out/profiled
    mkdir -p "$dir" "$profiles"
    printf '{"Replace": {"%s": "%s"}}\n' "$PWD/export_bench_profile.go" "$PWD/bench/profile/profile.go" >"$dir/overlay.json"
    CGO_ENABLED=1 CC=$CC go build -buildmode=c-shared -tags benchprofile -overlay "$dir/overlay.json" \
        -ldflags "-X runtime.godebugDefault=asyncpreemptoff=1,$(go list -f '{{.DefaultGODEBUG}}' .) -extldflags '-Wl,-soname,libwdsocket.so.1'" -o "$dir/libwdsocket.so" .
    ln -sf libwdsocket.so "$dir/libwdsocket.so.1"
    LIBDIR=$dir
}

# need PACKAGE COMMAND...: installs a package without which the command fails,
# when that is allowed here.
need() {
    want "$@" || { echo "bench: the package $1 is missing; as root: apt-get install $1" >&2; exit 1; }
}

# want is need for what can do without.
want() {
    "${@:2}" >/dev/null 2>&1 && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "bench: installing $1" >&2
        { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1"; } >/dev/null 2>&1 || true
    fi
    "${@:2}" >/dev/null 2>&1
}

mkdir -p "$out"
need libssl-dev "$CC" -include openssl/ssl.h -E -x c /dev/null
need libuv1-dev "$CC" -include uv.h -E -x c /dev/null
need openssl openssl version
rm -f "$out/lws-events"
need util-linux taskset --version
[ -z "$profiles" ] || profiled_library
library=(-L"$LIBDIR" -lwdsocket "-Wl,-rpath,$LIBDIR")
for name in "${both[@]}"; do
    begin compile "raw-$name" "link_raw message" "$name"
    begin compile "wds-$name" "link_wds open open_plain" "$name" "${library[@]}"
done
for name in "${raw[@]}"; do
    begin compile "raw-$name" "link_raw message" "$name" -ldl
done
for name in "${tls_both[@]}"; do
    begin compile "ssl-$name" "link_ssl message keys" "$name" -lssl -lcrypto
    begin compile "wds-tls-$name" "link_wds open open_tls keys" "$name" "${library[@]}"
done
for name in "${tls_openssl[@]}"; do
    begin compile "ssl-$name" "link_ssl message keys" "$name" -lssl -lcrypto
done
for name in echo rtt; do
    begin compile "raw-unix-$name" "link_raw message" "$name" -DBENCH_UNIX
done
begin compile wds-unix-rtt "link_wds open open_unix" rtt "${library[@]}"
begin compile wds-coalesce "link_wds open open_coalesce" send "${library[@]}"
begin compile wds-events "link_wds open open_plain" events "${library[@]}"
begin compile wds-tls-events "link_wds open open_tls keys" events "${library[@]}"
begin compile wds-paced "link_raw message open open_plain" paced "${library[@]}"
begin compile wds-bytes "link_raw message open open_plain" bytes "${library[@]}"
begin compile wds-rows "link_raw message open open_plain" rows "${library[@]}"
begin compile wds-websocket-events "link_wds open open_websocket" events "${library[@]}"
begin compile raw-loadgen "link_raw message wrap_size" loadgen
begin compile websocket-loadgen "link_raw message wrap_websocket" loadgen
begin compile uv-events "link_raw message" uv -luv
if want libwebsockets-dev "$CC" -include libwebsockets.h -E -x c /dev/null; then
    begin compile lws-events "link_raw message" lws -lwebsockets
fi
begin all_keys
begin go build -C bench -o "$out/driver" .
finish
exec "$out/driver" -workers "$out" -library "$LIBDIR/libwdsocket.so" -profiles "$profiles" -root "$PWD" "$@"
