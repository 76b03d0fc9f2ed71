# shellcheck shell=bash
title="go vet"
packages=(build-essential)

run() {
    in_modules go vet ./... && go vet -tags lockorder ./core/...
}
