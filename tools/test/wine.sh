# shellcheck shell=bash
# The tests of the Windows DLLs under Wine, in this system and in an emulated
# machine. Sourced by build.sh.

wine_packages=(build-essential gcc-mingw-w64-i686 gcc-mingw-w64-x86-64 wine wine64 clang lld debootstrap openssl fpc fpc-source iproute2)

# runs_32_bits: whether this machine executes 32-bit programs. Some do not although
# their kernel is configured for it: only a program can tell.
runs_32_bits() (
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    printf '.globl _start\n_start: movl $1, %%eax\nxorl %%ebx, %%ebx\nint $0x80\n' >"$work/exit.s"
    as --32 -o "$work/exit.o" "$work/exit.s" && ld -m elf_i386 -o "$work/exit" "$work/exit.o" ||
        die "no 32-bit program can be made with as and ld"
    "$work/exit" 2>/dev/null
)

# test_wine [PROGRAM ...]: in both bitnesses, or in the one that this machine runs.
test_wine() {
    if runs_32_bits; then
        ctest/windows/fetch.sh
        BUILD=$root/build/ctest-windows ctest/windows/run.sh "$@"
    else
        say "NOT RUN  32-bit DLL and wdsock: this machine cannot execute 32-bit programs; ./build.sh wine32-emulated runs it"
        BITS=64 BUILD=$root/build/ctest-windows ctest/windows/run.sh "$@"
    fi
}

verb_wine() {
    need_packages wine "${wine_packages[@]}"
    build_windows
    build_native
    test_wine "$@"
}

verb_wine32_emulated() {
    local cache=/var/cache/wdsocket-wine32-emulated
    [ "$(id -u)" -eq 0 ] || cache=${XDG_CACHE_HOME:-$HOME/.cache}/wdsocket-wine32-emulated
    cache=${EMULATED:-$cache}
    need_mingw wine32-emulated 32
    need_commands wine32-emulated qemu-system-x86_64:qemu-system-x86 cpio:cpio openssl:openssl clang:clang lld-link:lld fpc:fpc
    need_packages wine32-emulated fpc-source
    ctest/windows/emulated/fetch.sh "$cache"
    build_windows_386
    build_native
    export CTEST_CALLS=${CTEST_CALLS:-2000} CTEST_DIVIDE=${CTEST_DIVIDE:-50} CTEST_CLIENTS=${CTEST_CLIENTS:-50} CTEST_EVENT_CLIENTS=${CTEST_EVENT_CLIENTS:-50}
    EMULATED=$cache BITS=32 BUILD=$root/build/ctest-emulated LIMIT=${LIMIT:-900} TOTAL=${TOTAL:-14400} ctest/windows/run.sh "$@"
}
