#!/bin/bash
# run.sh - measures what calls into the library cost: on Linux, and with the DLLs
# under Wine. Wine's own share is in the figures: Windows itself was not measured.
#
# usage: [BITS="64 32"] bench/windows/run.sh
#
#   DIST     folder with linux-*, windows-386 and windows-amd64, default ../../dist
#   BITS     which DLLs, default "64 32", one after the other
#   WINE32   see ctest/windows/run.sh, which finds Wine and starts it
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
DIST=$(cd "${DIST:-$root/dist}" && pwd)
export DIST
so=$DIST/linux-$(go env GOARCH)
out=$root/build/bench
mkdir -p "$out"
${CC:-gcc} -std=c99 -O2 -Wall -Wextra -Werror -pedantic -I"$root/include" -o "$out/cost" "$here/cost.c" -L"$so" -lwdsocket "-Wl,-rpath,$so"
echo "cost (Linux)"
"$out/cost"
for bits in ${BITS:-64 32}; do
    BITS=$bits "$root/ctest/windows/run.sh" cost
done
