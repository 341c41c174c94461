#!/bin/sh
# daemon-json-hosts-conflict: hosts in daemon.json beside the unit's -H: docker does not start.
#
# Why: moby#25471, open since 2016, and the first thing that one meets who follows the manual on Debian.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

put /etc/docker/daemon.json <<'E2'
{
  "hosts": ["fd://", "tcp://0.0.0.0:2375"]
}
E2
systemctl daemon-reload
systemctl restart docker.service 2>/dev/null || did "docker refused to start"
wait_until 30 "systemd has given up on docker.service" unit_is docker.service failed
did "docker.service: $(systemctl show -p Result --value docker.service)"
