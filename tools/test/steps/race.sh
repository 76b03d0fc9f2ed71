# shellcheck shell=bash
title="Go tests with the race detector, and the order of locks asserted"
packages=(build-essential openssl gcc-mingw-w64-i686 gcc-mingw-w64-x86-64)
limit=2400

run() {
    # A race needs a second goroutine: these have none, neither in what they do nor in their
    # tests, which the step "go" runs.
    local at_a_time=3 left_out=(wdsocket/core/frame wdsocket/core/frame/description wdsocket/core/resendlog wdsocket/internal/architecture
        wdsocket/tools/abigen wdsocket/tools/abigen/wlanguage) folder
    for folder in "${left_out[@]#wdsocket/}"; do
        ! grep -nE '^\s*go [a-zA-Z]|\.Go\(|\.Parallel\(|"wdsocket/core/task"' "$folder"/*.go || die "$folder has goroutines: it belongs to the step race"
    done
    # The race detector wants the processor: more at a time would exceed what tests wait for.
    go_test build/test/race.log -race -tags lockorder
}
