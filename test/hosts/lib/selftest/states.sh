# shellcheck shell=bash
# The proof of each state: what it does to somebody outside, or to the next command.

DROPIN=/etc/systemd/system/docker.service.d/zz-selftest.conf

foreign() { # foreign CURL-ARGS...: as the client of /root/foreign-client
  local f
  for f in ca cert key; do root $H "cat /root/foreign-client/$f.pem" >"$TMP/$f.pem"; done
  get --cacert "$TMP/ca.pem" "$@" "https://$IP:2376/version"
}

prove_pitfall_1() {
  ok "  anybody may come in on 2375" plain $H 2375
  ok "  reboot" "$V" reboot $H
  ok "  and still" plain $H 2375
  ok "  docker is stopped" root $H 'systemctl stop docker.service'
  ok "  and the next one who comes starts it" plain $H 2375
}

prove_pitfall_2() {
  ok "  anybody may come in on 2376" plain $H 2376
  ok "  TLS is not spoken there" status 35 curl -ksS -m 5 "https://$IP:2376/version"
}

prove_pitfall_2_2015() {
  ok "  MainPID shows the TLS flags" has --tlsverify root $H \
    'tr "\0" " " </proc/$(systemctl show -p MainPID --value docker.service)/cmdline'
  ok "  its name is dockerd" has dockerd root $H 'cat /proc/$(systemctl show -p MainPID --value docker.service)/comm'
  ok "  and anybody may come in on 2376" plain $H 2376
  ok "  TLS is not spoken there" status 35 curl -ksS -m 5 "https://$IP:2376/version"
  ok "  reload works" root $H 'systemctl reload docker && docker ps'
  ok "  killed -9, it comes back" root $H 'kill -9 $(systemctl show -p MainPID --value docker.service)'
  ok "  as a new process" soon has NRestarts=1 on $H -- systemctl show -p NRestarts docker.service
  ok "  plain again" soon plain $H 2376
  ok "  stops cleanly" has success root $H 'systemctl stop docker.service && systemctl show -p Result docker.service'
  ok "  the way out: own tcp:// host" root $H "systemctl disable --quiet --now docker-tcp.socket
    rm /etc/systemd/system/docker-tcp.socket
    sed -i 's,--tlsverify,--host=tcp://0.0.0.0:2376 &,' /etc/systemd/system/docker.service.d/tls.conf
    systemctl daemon-reload && systemctl restart docker.service && docker ps"
  ok "  asks for a client's certificate now" has "$NO_CERTIFICATE" \
    curl -ksS -m 5 --tlsv1.3 "https://$IP:2376/version"
  ok "  and plain HTTP is refused" has "HTTP request to an HTTPS server" curl -sS -m 5 "http://$IP:2376/version"
}

prove_daemon_json_hosts() {
  ok "  anybody may come in on 2375" plain4 $H 2375
  ok "  the local socket works" root $H 'docker ps'
}

prove_daemon_json_hosts_conflict() {
  ok "  docker.service is failed" has failed on $H -- systemctl is-active docker.service
  ok "  for that reason" has "hosts" root $H 'journalctl -u docker.service -o cat | grep "specified both as a flag"'
  ok "  nobody listens" refused $H 2375
}

prove_daemon_json_broken() {
  ok "  docker runs" root $H 'docker ps'
  ok "  but would not come back" no root $H 'systemctl restart docker.service'
}

prove_foreign_tls() {
  ok "  their client gets in" has $VERSION foreign --cert "$TMP/cert.pem" --key "$TMP/key.pem"
  ok "  nobody else does" has "bad certificate" foreign
  ok "  the local socket works" root $H 'docker ps'
}

prove_docker_opts_plain() { ok "  anybody may come in on 2375" plain4 $H 2375; }

prove_no_docker() {
  ok "  no docker, no dockerd" no root $H 'command -v docker || command -v dockerd || command -v containerd'
  ok "  no unit" no on $H -- systemctl cat docker.service docker.socket
  ok "  not even masked" has not-found on $H -- systemctl show -p LoadState docker.service
}

prove_docker_stopped() {
  ok "  docker does not answer" no root $H 'docker ps'
  ok "  still enabled" on $H -- systemctl --quiet is-enabled docker.service docker.socket
}

prove_docker_on_demand() {
  ok "  not enabled" has disabled on $H -- systemctl is-enabled docker.service
  ok "  not running" has inactive on $H -- systemctl is-active docker.service
  ok "  runs when used" root $H 'docker ps'
}

prove_docker_masked() {
  ok "  cannot be started" has masked root $H 'systemctl start docker.service'
  ok "  docker does not answer" no root $H 'docker ps'
}

prove_disk_full() {
  ok "  /etc takes no byte" has "No space left on device" root $H 'cp /proc/version /etc/docker/x'
  ok "  nor does /var/lib/tetherdock" has "No space left on device" root $H 'cp /proc/version /var/lib/tetherdock/x'
  ok "  the machine's disk is not full" test "$(df --output=avail -B1M "$VPS_HOME" | tail -n 1)" -gt 500
  ok "  docker runs, and restarts" root $H 'systemctl restart docker.service && docker ps'
}

prove_port_taken() {
  ok "  somebody else answers on 2376" has "404 Not Found" curl -sS -m 5 "http://$IP:2376/version"
}

prove_firewalled() {
  ok "  from outside: silence" status 28 curl -sS -m 2 "http://$IP:2376/"
  ok "  by IPv6, too" status 28 curl -gsS -m 2 "http://[$("$V" ip6 $H)]:2376/"
  ok "  from the host itself: an answer" status 7 root $H "curl -sS -m 2 http://$IP:2376/"
  ok "  reboot" "$V" reboot $H
  ok "  still silence" status 28 curl -sS -m 2 "http://$IP:2376/"
}

prove_daemon_refuses() {
  ok "  docker runs, and restarts" root $H 'systemctl restart docker.service && docker ps'
  ok "  not with TLS flags" has "not supported by this build" root $H "mkdir -p ${DROPIN%/*}
    printf '[Service]\nExecStart=\nExecStart=/usr/bin/env dockerd -H fd:// --tlsverify\n' >$DROPIN
    systemctl daemon-reload; systemctl restart docker.service || journalctl -u docker.service -o cat"
  ok "  without them it runs again" root $H \
    "rm $DROPIN; systemctl daemon-reload; systemctl reset-failed docker; systemctl restart docker.service; docker ps"
}

prove_live_restore() {
  local look="docker inspect -f '{{.State.Running}} {{.State.StartedAt}}' keep" at
  ok "  a container" root $H 'mk-tiny; docker run -d --name keep tiny sleep 1000'
  at=$(root $H "$look")
  ok "  runs" has "true 20" echo "$at"
  ok "  outlives a restart" has "$at" root $H "systemctl restart docker.service; $look"
}

prove_socket_dropin_tcp() { ok "  anybody may come in on 2375" plain $H 2375; }

prove_containerd_images() { ok "  an image is in containerd" has mk-tiny root $H 'mk-tiny mk-tiny >/dev/null; ctr -n moby images ls'; }

prove_userns_remap() {
  ok "  root of a container is nobody of the host" no root $H \
    "mk-tiny; docker run -d --name r tiny sleep 1000; ps -o uid= -p \$(docker inspect -f '{{.State.Pid}}' r) | grep -qw 0"
}

prove_no_docker_socket() {
  ok "  no such unit" has not-found on $H -- systemctl show -p LoadState docker.socket
  ok "  docker restarts, and has its socket" root $H 'systemctl restart docker.service && docker ps && test -S /run/docker.sock'
  ok "  reboot" "$V" reboot $H
  ok "  and still" root $H 'docker ps'
}

prove_sudo_rs() {
  ok "  core: sudo" has uid=0 on core@$H -- sudo -n id
  ok "  asker: sudo wants a password" no on asker@$H -- sudo -n id
  ok "  and takes it" has uid=0 on asker@$H -- 'echo tether | sudo -S id'
}
