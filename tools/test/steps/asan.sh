# shellcheck shell=bash
title="C tests and simulated devices with AddressSanitizer"
packages=(build-essential openssl python3)
limit=2400

run() {
    build_shared build/asan -asan -pgo off
    local source folder=build/devices-asan
    rm -rf "$folder"
    mkdir -p "$folder"
    LIBDIR=$root/build/asan CC=$CC CXX=$CXX MODE=asan BUILD=$root/build/ctest-asan ctest/run.sh | tee "$folder/counts.log"
    for source in examples/devices/*.c examples/modbus.c; do
        $CC -std=c99 -Wall -Wextra -Werror -pedantic -g -fsanitize=address -fno-omit-frame-pointer -Iinclude \
            -o "$folder/$(basename "$source" .c)" "$source" -Lbuild/asan -lwdsocket -lpthread -Wl,-rpath,"$root/build/asan"
    done
    # The Go runtime keeps memory that the leak checker cannot see; all else stays on.
    ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=1:handle_segv=0 \
        timeout 400 python3 tools/test/devices.py "$folder" | tee -a "$folder/counts.log"
    all_counts "$folder/counts.log"
}
