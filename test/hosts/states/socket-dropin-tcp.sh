#!/bin/sh
# socket-dropin-tcp: a drop-in makes docker.socket itself listen on 2375, plain.
#
# Why: pitfall 1 without a unit of its own; there is no docker-tcp.socket to remove, and docker.socket must stay.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

put /etc/systemd/system/docker.socket.d/tcp.conf <<'E2'
[Socket]
ListenStream=2375
E2
systemctl daemon-reload
reset_starts
systemctl stop docker.service
systemctl restart docker.socket
systemctl start docker.service
reset_starts
did "docker.socket listens on 2375, too"
