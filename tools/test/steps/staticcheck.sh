# shellcheck shell=bash
title="staticcheck"
packages=(build-essential)

run() {
    local program
    program=$(go tool -n staticcheck)
    in_modules "$program" ./...
}
