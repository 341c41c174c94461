# shellcheck shell=bash
# Boot, wait, stop: one supervisor process (`vps __run`) for each VPS that runs.

running() { grep -qs 'populated 1' "$CG/cgroup.events"; }

# pid + start time of the supervisor, so that only it is ever taken for it
# (none for a zombie: PID 1 here may reap late)
stamp() { sed 's/.*) //; /^[ZX]/d' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
supervisor() { # prints its pid when it lives
  local pid at
  read -r pid at 2>/dev/null <"$D/run.pid" || return 1
  [ -n "$at" ] && [ "$(stamp "$pid")" = "$at" ] && echo "$pid"
}

boot() { # systemd-nspawn in place of this shell
  local more=()
  echo "$BASHPID" >"$CG/cgroup.procs"
  cd /
  [ "$FLAVOUR" != coreos ] || more+=(--bind-ro="$D/usr:/usr")
  # unified: the VPS sees cgroup v2 only, as a Debian 12 does; network: /proc/sys is
  # read-only but /proc/sys/net. Exit 133 is "reboot" (--keep-unit).
  export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
  exec systemd-nspawn --quiet --boot --register=no --keep-unit \
    --machine="$ID" --hostname="$NAME" --directory="$D/root" "${more[@]}" \
    --network-namespace-path="/run/netns/$ID" \
    --capability=CAP_NET_ADMIN,CAP_BPF,CAP_PERFMON,CAP_IPC_LOCK \
    --system-call-filter='add_key keyctl bpf' \
    --bind="$D/docker:/var/lib/docker" --bind="$D/containerd:/var/lib/containerd" \
    --link-journal=no --resolv-conf=off --timezone=off --console=pipe
}

run_vps() { # the supervisor
  local rc
  echo "$$ $(stamp $$)" >"$D/run.pid"
  while [ ! -e "$D/stop" ]; do
    vps_net_up
    mkdir -p "$CG"
    rc=0
    (boot) || rc=$?
    echo "systemd-nspawn ended: $rc"
    [ $rc = 133 ] || break
  done
  rm -f "$D/run.pid"
}

start() {
  rm -f "$D/stop" "$D/run.pid"
  mount_root
  setsid -f "$SELF" __run "$NAME" </dev/null >"$LOG" 2>&1 8>&- 9>&-
}

in_vps() { ssh -F "$D/ssh_config" -o ConnectTimeout=3 "$NAME" "$@" </dev/null 2>/dev/null; }
in_vps_as_root() { if [ "$LOGIN" = root ]; then in_vps "$@"; else in_vps sudo -n "$@"; fi; }

boot_state() { # prints BOOT_ID STATE once the boot is through
  in_vps "echo \$(cat /proc/sys/kernel/random/boot_id; timeout $VPS_TIMEOUT systemctl is-system-running --wait)"
}

wait_ready() { # wait_ready [BOOT_ID not to be taken]
  local end=$((SECONDS + VPS_TIMEOUT)) st='' id seen=''
  while [ $SECONDS -lt $end ]; do
    [ -n "$(supervisor)" ] && seen=1
    [ -n "$seen" ] && [ -z "$(supervisor)" ] && break
    if timeout 0.3 bash -c ">/dev/tcp/$IP/22" 2>/dev/null; then
      read -r id st <<<"$(boot_state)" || true
      [ "$id" = "${1:-}" ] && st=
      case $st in
        running) return 0 ;;
        degraded) say "$NAME is degraded:"; in_vps systemctl --failed --no-legend --plain >&2; return 0 ;;
      esac
    fi
    sleep 0.1
  done
  say "$NAME does not come up (state '$st'); $LOG:"
  tail -n 30 "$LOG" >&2
  return 1
}

kill_all() { # until nothing of it runs, gently at first
  local i pid
  for i in $(seq 200); do
    pid=$(supervisor) || pid=
    if running; then
      # the VPS's processes only; systemd-nspawn then tidies up and ends (if not: it too)
      if [ "$i" -lt 100 ] && grep -qs 'populated 1' "$CG/payload/cgroup.events"; then
        echo 1 >"$CG/payload/cgroup.kill" 2>/dev/null || true
      elif [ "$i" -ge 100 ]; then
        echo 1 >"$CG/cgroup.kill"
      fi
    elif [ -z "$pid" ]; then
      break
    elif [ "$i" -gt 150 ]; then
      kill "$pid" 2>/dev/null || true
    fi
    sleep 0.05
  done
  ! running || die "cannot stop $NAME"
}

stop() { # at once: the disk is kept, but this is pulling the plug
  touch "$D/stop"
  kill_all
  umount_root
  vps_net_down
  local m # the named v1 hierarchies get a cgroup of the same name from systemd-nspawn
  for m in $(awk '$3 ~ /^cgroup2?$/ { print $2 }' /proc/mounts); do
    [ ! -d "$m/$ID" ] || find "$m/$ID" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
  rmdir "/run/systemd/nspawn/propagate/$ID" 2>/dev/null || true
  rm -f "$D/stop" "$D/run.pid"
}

destroy() {
  stop
  rm -rf --one-file-system "$D"
}
