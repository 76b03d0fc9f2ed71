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
# CC is the compiler, gcc unless set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C

CC=${CC:-gcc}
LIBDIR=$(cd "${LIBDIR:?set LIBDIR to the folder with libwdsocket.so}" && pwd)
out=$PWD/build/bench
profiles=

for option in "$@"; do
    case $option in
    --cpuprofile | -cpuprofile) profiles=$out/profiles ;;
    esac
done

# Workloads that run over either way to the network, and those that are POSIX only.
both=(echo sink send receive rtt accept cancel timeout call)
raw=(source connect full load polling clients)

compile() { # program link source
    "$CC" -std=c99 -O2 -Wall -Wextra -Werror -pedantic -Iinclude -o "$out/$1" \
        "bench/workers/$3.c" "bench/workers/$2.c" bench/workers/harness.c bench/workers/serve.c "${@:4}" -lpthread
}

# profiled_library: the same sources with one file more, which starts the profiler.
profiled_library() {
    local dir=$out/profiled
    mkdir -p "$dir" "$profiles"
    printf '{"Replace": {"%s": "%s"}}\n' "$PWD/export_bench_profile.go" "$PWD/bench/profile/profile.go" >"$dir/overlay.json"
    CGO_ENABLED=1 CC=$CC go build -buildmode=c-shared -tags benchprofile -overlay "$dir/overlay.json" \
        -ldflags "-extldflags '-Wl,-soname,libwdsocket.so.1'" -o "$dir/libwdsocket.so" .
    ln -sf libwdsocket.so "$dir/libwdsocket.so.1"
    LIBDIR=$dir
}

mkdir -p "$out"
[ -z "$profiles" ] || profiled_library
for name in "${both[@]}"; do
    compile "raw-$name" link_raw "$name"
    compile "wds-$name" link_wds "$name" -L"$LIBDIR" -lwdsocket -Wl,-rpath,"$LIBDIR"
done
for name in "${raw[@]}"; do
    compile "raw-$name" link_raw "$name" -ldl
done
go build -o "$out/driver" ./bench
exec "$out/driver" -workers "$out" -library "$LIBDIR/libwdsocket.so" -profiles "$profiles" -root "$PWD" "$@"
