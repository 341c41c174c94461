#!/bin/sh
# daemon-json-symlink: daemon.json is a link, as configuration managers make it, and lists the hosts.
#
# Why: a link's own mode is 0777. Whoever writes a regular file of that mode in its place has given everybody
# on the host a file that dockerd reads as root. (It waits 15 s at start: plain TCP.)
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

put /opt/config/docker/daemon.json 640 <<'E2'
{
  "hosts": ["fd://", "tcp://0.0.0.0:2375"]
}
E2
chgrp adm /opt/config/docker/daemon.json
ln -sfn /opt/config/docker /etc/docker/managed
ln -sfn managed/daemon.json /etc/docker/daemon.json
put "$DROPINS/hosts-from-file.conf" <<E2
[Service]
ExecStart=
ExecStart=$(vendor_exec | sed -E 's, (-H |--host=)fd://,,')
E2
restart_docker
