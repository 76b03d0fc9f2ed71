#!/bin/sh
# other_end.sh - the Linux half of interop: serves the DLL's client, then talks
# to its server. Ports go through files of the folder, see interop.c; so does what has
# ended: the file "talked" says that no client of the DLL comes any more, "windows.ended"
# that the guest is gone, and what starts this script makes "linux.ended" behind it.
#
# usage: other_end.sh LINUX FOLDER
#
# LINUX holds the program and its certificate, FOLDER is the guest's.
linux=$1
folder=$2
"$linux/interop" serve "$linux/both.pem" "$folder/linux.ports" "$folder/talked"
until [ "$(cat "$folder/windows.ports" 2>/dev/null | wc -w)" -eq 16 ]; do
    if [ -e "$folder/windows.ended" ]; then
        echo "the other end (Windows) has ended, and has opened no servers"
        exit 1
    fi
    sleep 0.1
done
# shellcheck disable=SC2046 # sixteen numbers
"$linux/interop" talk "$linux/cert.pem" $(cat "$folder/windows.ports")
