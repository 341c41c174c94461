#!/bin/sh
# daemon-json-broken: daemon.json is not JSON; docker still runs, from before.
#
# Why: an edit nobody restarted for. The next restart, ours, would take docker down.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

unit_is docker.service active || systemctl start docker.service
put /etc/docker/daemon.json <<'E2'
{
  "log-driver": "json-file",
  "log-opts": { "max-size": "10m"
}
E2
