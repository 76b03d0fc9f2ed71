#!/bin/sh
# own_network.sh - runs a program in a network of its own, loopback alone, where the system
# allows that: no other program has its ports then. Otherwise it runs in this one.
#
# usage: own_network.sh PROGRAM [ARGUMENT...]
if unshare -n ip link set lo up 2>/dev/null; then
    exec unshare -n sh -c 'ip link set lo up && exec "$@"' own_network "$@"
fi
exec "$@"
