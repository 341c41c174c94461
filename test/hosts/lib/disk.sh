# shellcheck shell=bash
# One VPS's names, its disk (an empty layer over base and flavour) and what ssh must know of it.

use() { # use NAME: sets NAME D LOG
  [[ $1 =~ ^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$ ]] || die "bad name '$1' (a-z, 0-9, -)"
  NAME=$1 D=$VPS_HOME/vps/$1 LOG=$VPS_HOME/log/$1.log
}

load() { # of a VPS that exists: sets IP IP6 LAST ID CG RELEASE FLAVOUR LOGIN
  [ -s "$D/ip" ] || die "no VPS '$NAME'"
  load_net || die "no network of '$NAME'"
  IP=$(cat "$D/ip") LAST=${IP##*.} ID=$N-$NAME CG=$CG2/$N-$NAME
  IP6=$PFX6::$LAST RELEASE=$(cat "$D/release" 2>/dev/null || echo bookworm) FLAVOUR=$(cat "$D/flavour") LOGIN=root
  [ "$FLAVOUR" != coreos ] || LOGIN=core
}

alloc() { # alloc RELEASE FLAVOUR: under the global lock
  local i used
  [ -s "$D/ip" ] && return
  used=" $(cat "$VPS_HOME"/vps/*/ip 2>/dev/null | tr '\n' ' ' || true) "
  for i in $(seq 11 254); do
    [[ $used == *" $PFX.$i "* ]] && continue
    mkdir -p "$D"
    echo "$1" >"$D/release"
    echo "$2" >"$D/flavour"
    echo "$PFX.$i" >"$D/ip"
    return
  done
  die "no free address"
}

mount_root() {
  local lower
  lower=$(cat "$D/lower")
  mountpoint -q "$D/root" || mount -t overlay "$ID" \
    -o "lowerdir=$lower,upperdir=$D/upper,workdir=$D/work" "$D/root"
  [ "$FLAVOUR" = coreos ] || return 0
  # without an upper layer there is nothing to write to: not even `mount -o remount,rw` helps
  mountpoint -q "$D/usr" || mount -t overlay "$ID-usr" -o "ro,lowerdir=${lower/:/\/usr:}/usr" "$D/usr"
}

umount_root() {
  local m
  for m in "$D/usr" "$D/root"; do
    umount "$m" 2>/dev/null || true
    ! mountpoint -q "$m" || die "cannot unmount $m"
  done
}

make_hostkeys() {
  [ ! -d "$D/hostkeys" ] || return 0
  mkdir -p "$D/.keys/etc/ssh"
  ssh-keygen -q -A -f "$D/.keys" >/dev/null
  mv "$D/.keys/etc/ssh" "$D/hostkeys"
  rm -r "$D/.keys"
}

authorize() { # authorize USER HOME
  local k=$D/root$2/.ssh
  install -d -m 700 "$k"
  install -m 600 "$VPS_HOME/key.pub" "$k/authorized_keys"
  chroot "$D/root" chown -R "$1:$1" "$2/.ssh"
}

provision() { # what is this VPS's own
  local h=$D/root u
  mkdir -p "$D"/{upper,work,root,usr,docker,containerd}
  make_hostkeys
  mount_root
  echo "$NAME" >"$h/etc/hostname"
  printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n::1\tlocalhost ip6-localhost\n' "$NAME" >"$h/etc/hosts"
  cp "$D"/hostkeys/ssh_host_* "$h/etc/ssh/"
  for u in "${USERS[@]}"; do authorize "$u" "/home/$u"; done
  [ "$LOGIN" != root ] || authorize root /root
  write_ssh_config
  touch "$D/made"
}

write_ssh_config() {
  sed "s/^\([^ ]* [^ ]*\).*/$IP \1\n$IP6 \1/" "$D"/hostkeys/ssh_host_*_key.pub >"$D/known_hosts"
  cat >"$D/host.conf.new" <<E2
Host $NAME
  HostName $IP
Host $NAME $IP $IP6
  User $LOGIN
  IdentityFile $VPS_HOME/key
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile $D/known_hosts
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  BatchMode yes
  ConnectTimeout 10
E2
  mv "$D/host.conf.new" "$D/host.conf" # whole or not at all: another host's ssh may be reading it
  # all hosts from any one's file, so that one can be the other's jump host
  echo "Include $VPS_HOME/vps/*/host.conf" >"$D/ssh_config"
}
