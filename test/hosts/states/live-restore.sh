#!/bin/sh
# live-restore: containers outlive a restart of the daemon.
#
# Why: the plan need not warn about stopping them, and after the restart they must still run.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

put /etc/docker/daemon.json <<'E2'
{
  "live-restore": true
}
E2
unit_is docker.service active || systemctl start docker.service
systemctl reload docker.service
live_restore() { [ "$(docker info -f '{{.LiveRestoreEnabled}}')" = true ]; }
wait_until 10 "the daemon keeps containers over restarts" live_restore
