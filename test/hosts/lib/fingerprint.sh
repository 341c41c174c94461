#!/bin/sh
# Prints all that tetherdock could have changed on this host, one line each, sorted: for "exactly as before".
#
# Type, mode, owner and link target of every path, the checksum of every file; no times. Left out is what
# changes by itself. With coreutils, findutils and systemd only: coreos has no more.
set -eu
export LC_ALL=C
set -- /etc /usr/lib/systemd /opt
[ ! -e /var/lib/tetherdock ] || set -- "$@" /var/lib/tetherdock

tracked() { # tracked DIR... -- FIND-ACTION...
  dirs=
  while [ "$1" != -- ]; do dirs="$dirs $1"; shift; done
  shift
  # shellcheck disable=SC2086 # three fixed names
  find $dirs '(' -path /etc/mtab -o -path /etc/ld.so.cache -o -path /etc/machine-id -o -path /etc/resolv.conf \
    -o -path /etc/.pwd.lock -o -path /etc/.updated ')' -prune -o "$@"
}

tracked "$@" -- -printf '%p  %y %m %U:%G %l\n' | sort
tracked "$@" -- -type f -print0 | sort -z | xargs -0 sha256sum | sed -E 's/^(\\?[0-9a-f]{64})  (.*)/\2  \1/'
# What a gateway keeps: that it is there, and whose. What is in it changes while it works.
find /var/lib/private /var/log/private /var/lib/tetherdock-gateway /var/log/tetherdock-gateway /run/tetherdock-gateway \
  /var/tmp/tetherdock-* -maxdepth 1 -name 'tetherdock-*' -printf '%p  %y %m %U:%G %l\n' 2>/dev/null | sort
for unit in docker.service docker.socket docker-tcp.socket tetherdock-gateway.socket tetherdock-gateway.service; do
  enabled=$(systemctl is-enabled "$unit" 2>/dev/null) || true
  echo "$unit  ${enabled:-absent} $(systemctl show -p ActiveState --value "$unit")"
done
