#!/bin/sh
# other_end.sh - the Linux half of interop: serves the DLL's client, then talks
# to its server. Ports go through files of the folder, see interop.c.
#
# usage: other_end.sh LINUX FOLDER
#
# LINUX holds the program and its certificate, FOLDER is the guest's.
linux=$1
folder=$2
tries=0
"$linux/interop" serve "$linux/both.pem" "$folder/linux.ports"
until [ "$(cat "$folder/windows.ports" 2>/dev/null | wc -w)" -eq 16 ] || [ $tries -eq 1200 ]; do
    tries=$((tries + 1))
    sleep 0.5
done
# shellcheck disable=SC2046 # sixteen numbers
"$linux/interop" talk "$linux/cert.pem" $(cat "$folder/windows.ports")
