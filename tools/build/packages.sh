# shellcheck shell=bash
# What the verbs need of the system: Debian packages that are missing are
# installed when run as root, and named otherwise. Sourced by build.sh.

# need_compilers VERB: Go and the C compiler, without which nothing is built; sets
# what depends on them.
need_compilers() {
    command -v go >/dev/null || die "$1 needs Go 1.26 or newer; the command go was not found"
    if [ "$CC" = gcc ]; then
        need_commands "$1" gcc:build-essential
    else
        command -v "${CC%% *}" >/dev/null || die "$1 needs a C compiler; $CC, which CC names, was not found"
    fi
    arch=$(go env GOARCH)
    native=dist/linux-$arch
}

# need_mingw VERB [BITS]: the compilers for Windows.
need_mingw() {
    local needed=()
    [ "${2:-}" = 32 ] || needed+=(x86_64-w64-mingw32-gcc:gcc-mingw-w64-x86-64)
    [ "${2:-}" = 64 ] || needed+=(i686-w64-mingw32-gcc:gcc-mingw-w64-i686)
    need_commands "$1" "${needed[@]}"
}

# need_commands VERB COMMAND:PACKAGE...
need_commands() {
    local verb=$1 pair commands=() packages=()
    shift
    for pair in "$@"; do
        command -v "${pair%:*}" >/dev/null && continue
        commands+=("${pair%:*}")
        packages+=("${pair#*:}")
    done
    [ ${#commands[@]} -gt 0 ] || return 0
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        say "$verb needs ${commands[*]}: installing ${packages[*]}"
        (install_packages "${packages[@]}") || true
        hash -r
        for pair in "$@"; do
            command -v "${pair%:*}" >/dev/null || die "$verb needs ${pair%:*}, and the package ${pair#*:} could not be installed"
        done
    else
        die "$verb needs ${commands[*]}; on Debian run: sudo apt-get install ${packages[*]}"
    fi
}

# need_packages WHAT PACKAGE...
need_packages() {
    local what=$1 missing
    shift
    [ $# -gt 0 ] || return 0
    command -v dpkg-query >/dev/null || die "$what needs a Debian system with: $*"
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        die "$what needs packages that are missing; run: sudo apt-get install ${missing[*]}"
    fi
    (install_packages "${missing[@]}")
    mapfile -t missing < <(missing_packages "${missing[@]}")
    [ ${#missing[@]} -eq 0 ] || die "could not be installed: ${missing[*]}"
}

# try_packages PACKAGE...: those that are not there are installed if that is possible.
try_packages() {
    local missing
    [ $# -gt 0 ] || return 0
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" -eq 0 ] || return 0
    (install_packages "${missing[@]}") || say "could not be installed: ${missing[*]}"
}

# missing_packages PACKAGE...
missing_packages() {
    local p there
    # It fails when it knows nothing of one of them.
    there=$(dpkg-query -W -f '${Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^install ok installed //p' || true)
    for p in "$@"; do
        grep -qx -F -- "$p" <<<"$there" || printf '%s\n' "$p"
    done
}

# install_packages keeps the services of the packages from starting: the tests
# start their own. It runs in a subshell, whose end puts the policy back.
install_packages() {
    export DEBIAN_FRONTEND=noninteractive
    policy=/usr/sbin/policy-rc.d
    saved=$(mktemp -d)
    if [ -e $policy ]; then cp -p $policy "$saved/policy"; fi
    trap restore_policy EXIT
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
    # The package of the news server does not configure itself before its file
    # names a domain and a path host; then it does, in a second pass.
    apt-get update -qq || say "apt-get update failed"
    if ! apt-get install -y -qq --no-install-recommends "$@"; then
        name_news_server
        dpkg --configure -a
        apt-get install -y -qq --no-install-recommends "$@"
    fi
}

restore_policy() {
    rm -f "$policy"
    if [ -e "$saved/policy" ]; then cp -p "$saved/policy" "$policy"; fi
    rm -rf "$saved"
}

name_news_server() {
    local conf=/etc/news/inn.conf key
    [ -f $conf ] || return 0
    for key in domain pathhost; do
        if ! grep -qE "^$key:[[:space:]]+[^[:space:]]" $conf; then
            sed -i "/^$key:/d" $conf
            printf '%s: news.example\n' $key >>$conf
        fi
    done
}
