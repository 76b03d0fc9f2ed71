# shellcheck shell=bash
title="Hosts in Python, Free Pascal and C#"
packages=(build-essential python3 openssl fpc mono-mcs mono-runtime libmono-posix4.0-cil)
needs=(native)

run() {
    LIBDIR=$root/$native CC=$CC BUILD=$root/build/hosts hosts/test/run.sh
}
