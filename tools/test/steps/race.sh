# shellcheck shell=bash
title="Go tests with the race detector, and the order of locks asserted"
packages=(build-essential openssl gcc-mingw-w64-i686 gcc-mingw-w64-x86-64)
limit=2400

run() {
    go_test build/test/race.log -race -tags lockorder
}
