# shellcheck shell=bash
title="gofmt"

run() {
    local bad
    bad=$(gofmt -l .)
    [ -z "$bad" ] || die "gofmt would change: $bad"
}
