#!/bin/sh
# disk-full: not a byte can be written to /etc and /var/lib/tetherdock.
#
# Why: the worst moment to be halfway. Both are tmpfs shrunk to what is in them: the machine's own disk
# stays as it is, and a reboot ends the state. As on a real full disk, empty files and links still can be made.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

full() { # full DIR: no space for a byte in DIR
  ! { echo x >"$1/.probe"; } 2>/dev/null && rm -f "$1/.probe"
}

if ! mountpoint -q /etc; then
  copy=$(mktemp -d)
  mount -t tmpfs -o mode=755 tmpfs "$copy"
  cp -a /etc/. "$copy"
  mount --bind "$copy" /etc
  umount "$copy"
  rmdir "$copy"
  mount -o "remount,size=$(df --output=used -B1 /etc | tail -n 1)" /etc
fi
if ! mountpoint -q /var/lib/tetherdock; then
  mkdir -p /var/lib/tetherdock
  mount -t tmpfs -o mode=700,size=4k tmpfs /var/lib/tetherdock
  printf '%4096s' '' >/var/lib/tetherdock/filler
fi
for dir in /etc /var/lib/tetherdock; do
  full "$dir" || refuse "$dir still takes a byte"
  did "$dir is full"
done
