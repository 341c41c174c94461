# shellcheck shell=bash
# What each flavour is, and which states it is put through.

COMMON="pitfall-1 pitfall-2 pitfall-2-2015 daemon-json-hosts-conflict foreign-tls daemon-refuses disk-full"

lane_debian() {
  open_lane debian
  ok "/etc/default/docker is read" has /etc/default/docker on $H -- systemctl show -p EnvironmentFiles docker
  ok "\$DOCKER_OPTS is expanded" has "\$DOCKER_OPTS" on $H -- systemctl show -p ExecStart docker
  # shellcheck disable=SC2086
  each_state $COMMON daemon-json-hosts daemon-json-broken docker-opts-plain no-docker docker-stopped \
    docker-on-demand docker-masked port-taken firewalled live-restore socket-dropin-tcp userns-remap no-docker-socket
  ok "containerd-images is refused" status 1 "$S" $H containerd-images
}

lane_trixie() {
  VERSION=26.1.5 NO_CERTIFICATE="certificate required"
  open_lane debian trixie
  each_state containerd-images sudo-rs userns-remap no-docker-socket pitfall-1 pitfall-2-2015
}

lane_forky() {
  "$V" try forky >/dev/null || { echo "SKIPPED: forky: $("$V" try forky)"; return; }
  VERSION=2
  open_lane upstream forky
  each_state containerd-images sudo-rs userns-remap no-docker-socket
}

lane_upstream() {
  open_lane upstream
  ok "/usr/bin/dockerd, without \$DOCKER_OPTS" has \
    "/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock ;" on $H -- systemctl show -p ExecStart docker
  ok "no /usr/sbin/dockerd" no on $H -- test -e /usr/sbin/dockerd
  ok "docker-opts-plain is refused" status 1 "$S" $H docker-opts-plain
  # shellcheck disable=SC2086
  each_state $COMMON daemon-json-hosts no-docker socket-dropin-tcp
}

lane_coreos() {
  open_lane coreos
  ok "no key for root" no on root@$H -- true
  ok "/usr is read-only" has "Read-only file system" root $H 'touch /usr/x'
  ok "  and cannot be made writable" has "write-protected" root $H 'mount -o remount,rw /usr'
  ok "reboot" "$V" reboot $H
  ok "  /usr still is" has "Read-only file system" root $H 'touch /usr/x'
  ok "\$DOCKER_OPTS is expanded, unset" has "\$DOCKER_OPTS" on $H -- systemctl show -p ExecStart,EnvironmentFiles docker
  local tool
  for tool in python python3 perl node openssl ss busybox; do
    ok "no $tool" no on $H -- "command -v $tool || sudo -n sh -c 'command -v $tool'"
  done
  for tool in ssh-keygen systemd-run flock curl sha256sum; do ok "$tool" on $H -- command -v $tool; done
  # shellcheck disable=SC2086
  each_state $COMMON docker-on-demand port-taken live-restore
}

open_lane() { # open_lane FLAVOUR [RELEASE]: what every flavour has
  FLAVOUR=$1 H=st-${2:-$1}
  ok "up" "$V" up --release "${2:-bookworm}" --flavour "$1" $H
  IP=$("$V" ip $H)
  ok "docker $VERSION" has $VERSION root $H "docker version -f '{{.Server.Version}}'"
  ok "enabled: docker.service and docker.socket" on $H -- systemctl --quiet is-enabled docker.service docker.socket
  ok "closed from outside" refused $H 2375
  ok "core: sudo" has uid=0 on core@$H -- sudo -n id
  ok "asker: sudo wants a password" no on asker@$H -- sudo -n id
  ok "  and takes it" has uid=0 on asker@$H -- 'echo tether | sudo -S -p "" id'
  ok "plain: no sudo" no on plain@$H -- sudo -n id
  ok "plain: no docker" no on plain@$H -- docker ps
}

each_state() { # stage each twice, as a state must be idempotent, and prove it
  local s
  ok "mk-tiny" root $H mk-tiny
  for s; do
    ok "reset" "$V" reset $H
    ok "$s" "$S" $H "$s"
    ok "  once more" "$S" $H "$s"
    "prove_${s//-/_}"
  done
}
