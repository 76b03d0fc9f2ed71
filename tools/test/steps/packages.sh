# shellcheck shell=bash
# What all steps need, at once.
title="Debian packages"

run() {
    local name all=() some=()
    for name in "${steps[@]}"; do
        load "$name"
        all+=("${packages[@]}")
        some+=("${optional[@]}")
    done
    mapfile -t all < <(printf '%s\n' "${all[@]}" | sort -u)
    need_packages test "${all[@]}"
    try_packages "${some[@]}"
    : >build/test/ready/packages
    say "${#all[@]} packages are there"
}
