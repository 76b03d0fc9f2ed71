# shellcheck shell=bash
title="Build"
packages=(build-essential)

run() {
    build_for_tests native
}
