# shellcheck shell=bash
# The cached root file system, one a release, that every host is an overlay of; `debian` is nothing but it.

# Would reach out of the VPS (other file systems, the kernel's settings, the network): never.
MASKED=(systemd-sysctl.service systemd-modules-load.service systemd-pstore.service
  sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount dev-hugepages.mount
  sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount proc-sys-fs-binfmt_misc.mount
  e2scrub_all.timer e2scrub_reap.service fstrim.timer apt-daily.timer apt-daily-upgrade.timer
  dpkg-db-backup.timer)
USERS=(core asker plain)
ASKER_PASSWORD=tether # a test types it at sudo's prompt

base_dir() { # base_dir RELEASE: depends on what it is made of
  local h
  h=$(declare -f build_base add_users; declare -p MASKED USERS ASKER_PASSWORD
    packages "$1"; release_options "$1"; cat "$HERE/lib/mk-tiny"; release_sources "$1")
  h=$(sha256sum <<<"$h")
  echo "$VPS_HOME/base-$1-${h:0:12}"
}

add_users() { # add_users DIR
  local u
  for u in "${USERS[@]}"; do
    chroot "$1" useradd --create-home --shell /bin/bash --password '*' "$u"
  done
  echo "asker:$ASKER_PASSWORD" | chroot "$1" chpasswd
  (umask 337; echo 'core ALL=(ALL) NOPASSWD:ALL' >"$1/etc/sudoers.d/core")
  (umask 337; echo 'asker ALL=(ALL) ALL' >"$1/etc/sudoers.d/asker")
}

build_base() { # build_base RELEASE DIR
  local t=$2 u options
  mapfile -t options < <(release_options "$1")
  mmdebstrap --quiet --mode=root --variant=minbase \
    --include="$(packages "$1" | paste -sd,)" \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    "${options[@]}" "$1" "$t" - < <(release_sources "$1")
  rm -f "$t"/etc/ssh/ssh_host_*
  : >"$t/etc/machine-id"
  : >"$t/etc/resolv.conf" # there is no outside network
  echo LANG=C.UTF-8 >"$t/etc/default/locale"
  for u in "${MASKED[@]}"; do ln -sfn /dev/null "$t/etc/systemd/system/$u"; done
  add_users "$t"
  install -m 755 "$HERE/lib/mk-tiny" "$t/usr/local/bin/mk-tiny"
}

ensure_base() { # ensure_base RELEASE: under the global lock; sets BASE
  BASE=$(base_dir "$1")
  [ -d "$BASE" ] && return
  local t=$VPS_HOME/.build s=$SECONDS log=$VPS_HOME/log/build-$1.log
  rm -rf --one-file-system "$t"
  say "building the root file system of $1 (log: $log)"
  if ! "$SELF" __build "$1" "$t" >"$log" 2>&1 </dev/null 8>&- 9>&-; then
    tail -n 20 "$log" >&2
    rm -rf --one-file-system "$t"
    die "cannot build the root file system of $1"
  fi
  mv "$t" "$BASE"
  say "built in $((SECONDS - s)) s, $(du -sh "$BASE" | cut -f1)"
}
