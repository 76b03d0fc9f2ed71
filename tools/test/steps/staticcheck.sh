# shellcheck shell=bash
title="staticcheck"
packages=(build-essential)

run() {
    go tool staticcheck ./...
}
