#!/bin/sh
# containerd-images: images are kept in containerd's store, as new installations of Engine 29 do.
#
# Why: save, load, prune and build answer otherwise; `up` must not care.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

not_on_release bookworm # Engine 20.10 has no such store
put /etc/docker/daemon.json <<'END'
{
  "features": { "containerd-snapshotter": true }
}
END
restart_docker
in_containerd() { docker info -f '{{.DriverStatus}}' | grep -q io.containerd.snapshotter; }
wait_until 10 "images are in containerd" in_containerd
