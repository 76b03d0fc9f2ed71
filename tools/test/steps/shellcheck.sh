# shellcheck shell=bash
title="shellcheck"
packages=(shellcheck)

run() {
    local files
    mapfile -t files < <(find .ci/run build.sh tools ctest hosts bench -type f \( -name '*.sh' -o -name run \))
    shellcheck -x --severity=warning "${files[@]}"
    say "${#files[@]} scripts"
}
