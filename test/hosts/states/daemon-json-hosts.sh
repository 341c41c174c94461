#!/bin/sh
# daemon-json-hosts: daemon.json lists the hosts, plain tcp on 2375 among them, and the unit gives none.
#
# Why: the documented way round "hosts both as a flag and in the file"; a -H added by tetherdock would
# bring that conflict back and docker would not start. (It waits 15 s at start: plain TCP.)
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

put /etc/docker/daemon.json <<'E2'
{
  "hosts": ["fd://", "tcp://0.0.0.0:2375"]
}
E2
put "$DROPINS/hosts-from-file.conf" <<E2
[Service]
ExecStart=
ExecStart=$(vendor_exec | sed -E 's, (-H |--host=)fd://,,')
E2
restart_docker
