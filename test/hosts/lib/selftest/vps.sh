# shellcheck shell=bash
# The machinery: boot, reboot, reset, network, containment.

lane_vps() {
  FLAVOUR=debian A=st-vps1 B=st-vps2 C=st-vps3
  ok "up" "$V" up $A
  ok "up again is quick" "$V" up $A
  IP=$("$V" ip $A) IP6=$("$V" ip6 $A)
  ok "another flavour is refused" status 1 "$V" up --flavour coreos $A
  ok "another release is refused" status 1 "$V" up --release trixie $A
  ok "systemd is PID 1" has systemd on $A -- cat /proc/1/comm
  ok "is-system-running" has running on $A -- systemctl is-system-running
  check_docker
  ok "reboot" "$V" reboot $A
  ok "  image kept" has hi on $A -- docker run --rm tiny echo hi
  check_reset
  check_poweroff
  ok "two more at once" up_both
  check_network
  check_containment
  memory
}

check_docker() {
  ok "docker $VERSION" has $VERSION on $A -- docker version -f '{{.Server.Version}}'
  ok "overlay2 / systemd / v2" has "overlay2 systemd 2" \
    on $A -- "docker info -f '{{.Driver}} {{.CgroupDriver}} {{.CgroupVersion}}'"
  ok "mk-tiny" on $A -- mk-tiny
  ok "docker run" has hi on $A -- docker run --rm tiny echo hi
  ok "restart docker" on $A -- systemctl restart docker
  ok "published port" on $A -- "docker run -d --name web --stop-signal KILL -p 8080:80 tiny \
    sh -c 'echo hello >/tmp/index.html; exec httpd -f -p 80 -h /tmp'"
  ok "  from outside" soon has hello get "http://$IP:8080/"
  ok "  from outside by IPv6" soon has hello get "http://[$IP6]:8080/"
  ok "  container to container over docker0" has hello on $A -- \
    "docker run --rm tiny wget -qO- http://172.17.0.1:8080/"
}

check_reset() {
  local keys
  keys=$(cat "$VPS_HOME/vps/$A/known_hosts")
  ok "reset" "$V" reset $A
  ok "  image gone" no on $A -- docker inspect tiny
  ok "  docker works" on $A -- mk-tiny
  ok "  host keys kept" test "$keys" = "$(cat "$VPS_HOME/vps/$A/known_hosts")"
  ok "reset --new-hostkeys" "$V" reset --new-hostkeys $A
  ok "  host keys new" test "$keys" != "$(cat "$VPS_HOME/vps/$A/known_hosts")"
}

check_poweroff() {
  ok "poweroff inside" on $A -- 'touch /root/kept; systemd-run --quiet --on-active=300ms \
    --timer-property=AccuracySec=10ms systemctl poweroff'
  ok "  is stopped" soon has "$A $IP stopped" "$V" list
  ok "  up boots it again, disk kept" "$V" up $A
  ok "  kept" on $A -- test -e /root/kept
}

up_both() {
  "$V" up $B & local b=$!
  "$V" up $C & local c=$!
  wait $b && wait $c
}

check_network() {
  local config=$VPS_HOME/vps/$B/ssh_config
  ok "three, three addresses" test "$("$V" list | grep '^st-vps' | grep running | cut -d' ' -f2 | sort -u | wc -l)" = 3
  ok "one reaches the other by TCP" has SSH on $B -- "timeout 3 bash -c 'head -c 3 </dev/tcp/$("$V" ip $C)/22'"
  ok "ssh by IPv6, known" has $A ssh -F "$config" "$IP6" hostname
  ok "ssh -J one other" has $C ssh -F "$config" -J $B $C hostname
  ok "  came from the other" has "$("$V" ip $B) " ssh -F "$config" -J $B $C 'echo "$SSH_CONNECTION"'
}

check_containment() {
  local n
  n=$(cut -d' ' -f1 "$VPS_HOME/net")
  ok "no way out of a VPS" no on $B -- ip route get 192.0.2.1
  ok "  nor by IPv6" no on $B -- ip -6 route get 2001:db8::1
  ok "  nor would the machine forward (a look-up, no packet)" no ip route get 198.51.100.7 from "$IP" iif "$n"
  ok "  nor that" no ip -6 route get 2001:db8::1 from "$IP6" iif "$n"
  # asked, not tried: were it allowed, it would be the machine's clock
  # shellcheck disable=SC2016
  ok "a VPS cannot set the machine's clock" \
    on $B -- '(( (0x$(awk "/^CapBnd/ { print \$2 }" /proc/1/status) >> 25 & 1) == 0 ))'
  ok "nor its sysctls" no on $B -- test -w /proc/sys/kernel/panic
}

memory() { # what one costs
  local cg p
  cg=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)/$(cut -d' ' -f1 "$VPS_HOME/net")-$A
  for p in $(find "$cg" -name cgroup.procs -exec cat {} +); do
    awk '/^Pss:/ { print $2 }' "/proc/$p/smaps_rollup" 2>/dev/null
  done | awk '{ s += $1 } END { printf "     one idle host: %d MiB (PSS of %d processes)\n", s / 1024, NR }'
}
