# shellcheck shell=bash
title="go vet"
packages=(build-essential)

run() {
    go vet ./... && go vet -tags lockorder ./core/...
}
