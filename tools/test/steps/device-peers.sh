# shellcheck shell=bash
title="Real peers with described messages"
packages=(build-essential python3 socat libmodbus-dev)
optional=(mosquitto mariadb-server-core redis-server rsyslog nats-server dovecot-pop3d postfix slapd dcmtk)
needs=(native)

run() {
    LIBDIR=$root/$native CC=$CC ctest/peers/framed.sh
}
