#!/bin/sh
# userns-remap: root of the containers is nobody on the host.
#
# Why: dockerd keeps its data elsewhere then, and the socket's owner may change; `up` must work as ever.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

# dockerd would make the user itself, but the numbers only where adduser is to be had
grep -q '^dockremap:' /etc/subuid 2>/dev/null || {
  useradd --system --no-create-home --shell /usr/sbin/nologin dockremap
  for file in /etc/subuid /etc/subgid; do
    sed -i '/^dockremap:/d' "$file"
    echo dockremap:231072:65536 >>"$file"
  done
  did "made the user dockremap"
}
put /etc/docker/daemon.json <<'END'
{
  "userns-remap": "default"
}
END
restart_docker
remapped() { docker info -f '{{.SecurityOptions}}' | grep -q name=userns; }
wait_until 10 "users are mapped" remapped
