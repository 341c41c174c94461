#!/bin/sh
# no-docker: docker is not installed; no unit, no binary.
#
# Why: a bare VPS. tetherdock must say so, and what to type, and change nothing.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

only_on debian upstream # coreos: it came with the image, in a /usr that cannot be written
if [ -e /var/lib/dpkg/info/docker.io.list ]; then
  systemctl stop docker.socket docker.service containerd.service
  DEBIAN_FRONTEND=noninteractive dpkg --purge docker.io containerd runc >/dev/null
  did "purged docker.io, containerd and runc"
fi
rm -f "$UNIT" /usr/bin/dockerd # the upstream flavour's own
rm -rf /etc/docker
systemctl daemon-reload
reset_starts
