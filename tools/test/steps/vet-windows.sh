# shellcheck shell=bash
title="go vet for Windows"
packages=(gcc-mingw-w64-x86-64)

run() {
    export CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc
    in_modules go vet ./...
}
