# shellcheck shell=bash
# The verbs of `vps`, one function each.

on_exit() { # up or reset failed or was interrupted
  trap - EXIT INT TERM
  say "$1 of $NAME failed"
  if [ "$1" = up-new ]; then destroy; maybe_drop_net; else stop; fi
  exit 1
}

# shellcheck disable=SC2064 # the word is meant now
guard() { trap "on_exit $1" EXIT; trap 'exit 130' INT TERM; }
unguard() { trap - EXIT INT TERM; }

# Not by `ls`, which fails when one of several folders goes between the shell's look and its own.
any_vps() {
  local d
  for d in "$VPS_HOME"/vps/*/; do [ ! -d "$d" ] || return 0; done
  return 1
}

maybe_drop_net() {
  lock_all
  any_vps || drop_net
  unlock_all
}

cmd_up() {
  local flavour='' release=''
  while :; do
    case $1 in
      --flavour) flavour=${2:-} ;;
      --release) release=${2:-} ;;
      *) break ;;
    esac
    [ $# -ge 3 ] || { usage >&2; exit 2; }
    shift 2
  done
  [ -z "$flavour" ] || known_flavour "$flavour" || die "no flavour '$flavour' ($FLAVOURS)"
  [ -z "$release" ] || known_release "$release" || die "no release '$release' ($RELEASES)"
  [ $# = 1 ] || { usage >&2; exit 2; }
  use "$1"; lock_one
  lock_all
  ensure_base "$(cat "$D/release" 2>/dev/null || echo "${release:-bookworm}")"
  ensure_layer "$(cat "$D/flavour" 2>/dev/null || echo "${flavour:-debian}")"
  [ -s "$VPS_HOME/key" ] || ssh-keygen -q -t ed25519 -N '' -C vps -f "$VPS_HOME/key"
  ensure_net
  alloc "${release:-bookworm}" "${flavour:-debian}"
  unlock_all
  load
  [ "${flavour:-$FLAVOUR}" = "$FLAVOUR" ] || die "'$NAME' is $FLAVOUR; first: vps down $NAME"
  [ "${release:-$RELEASE}" = "$RELEASE" ] || die "'$NAME' is $RELEASE; first: vps down $NAME"
  if running; then
    wait_ready
  elif [ -e "$D/made" ]; then
    guard up-again; stop; start; wait_ready; unguard
  else
    guard up-new; stop; echo "$LOWER" >"$D/lower"; provision; start; wait_ready; unguard
  fi
  echo "$IP"
}

cmd_reset() {
  local rekey=
  [ "$1" != --new-hostkeys ] || { rekey=1; shift; }
  use "$1"; lock_one; load
  lock_all; ensure_base "$RELEASE"; ensure_layer "$FLAVOUR"; ensure_net; unlock_all
  guard reset
  stop
  rm -rf --one-file-system "$D"/{upper,work,docker,containerd,made}
  [ -z "$rekey" ] || rm -rf "$D/hostkeys"
  echo "$LOWER" >"$D/lower"
  provision; start; wait_ready
  unguard
  echo "$IP"
}

cmd_reboot() {
  use "$1"; lock_one; load
  local id
  id=$(in_vps cat /proc/sys/kernel/random/boot_id) || die "$NAME is not running"
  supervisor >/dev/null || die "$NAME has lost its supervisor: vps down (or reset) and up"
  in_vps_as_root systemctl reboot || true
  wait_ready "$id"
  echo "$IP"
}

cmd_down() {
  if [ "$1" = --all ]; then
    local d
    for d in "$VPS_HOME"/vps/*/; do [ ! -d "$d" ] || (cmd_down "$(basename "$d")"); done
    return
  fi
  use "$1"; lock_one
  if [ -s "$D/ip" ] && load_net; then load; destroy; else rm -rf --one-file-system "$D"; fi
  maybe_drop_net
}

cmd_ssh() {
  local user='' to=$1
  shift
  [[ $to != *@* ]] || { user=${to%%@*} to=${to#*@}; }
  use "$to"; load
  [ "${1:-}" != -- ] || shift
  exec ssh -F "$D/ssh_config" -l "${user:-$LOGIN}" "$NAME" "$@"
}

cmd_env() {
  use "$1"; load
  printf '%s\n' "VPS_IP=$IP" "VPS_IP6=$IP6" "VPS_RELEASE=$RELEASE" "VPS_FLAVOUR=$FLAVOUR" "VPS_USER=$LOGIN" \
    "VPS_KEY=$VPS_HOME/key" "VPS_KNOWN_HOSTS=$D/known_hosts" "VPS_SSH_CONFIG=$D/ssh_config"
}

cmd_list() {
  local d
  for d in "$VPS_HOME"/vps/*/; do
    [ -s "$d/ip" ] || continue
    use "$(basename "$d")"; load
    echo "$NAME $IP $(running && echo running || echo stopped) $RELEASE $FLAVOUR"
  done
}

cmd_build() { # cmd_build RELEASE
  local f
  known_release "$1" || die "no release '$1' ($RELEASES)"
  lock_all; ensure_base "$1"
  for f in $FLAVOURS; do ensure_layer "$f"; done
  echo "$BASE"
}

cmd_purge() {
  cmd_down --all
  lock_all; drop_net
  rm -rf --one-file-system "$VPS_HOME"/{base,layer,laptop}-* "$VPS_HOME"/.{build,layer} \
    "$VPS_HOME"/{vps,log,key,key.pub,lock,sources}
  rmdir "$VPS_HOME" 2>/dev/null || true
}
