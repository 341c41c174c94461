# shellcheck shell=bash
# One namespace $N.sw holds a bridge; the machine has one leg in it ($N, .1 and ::1), each
# VPS has one (host0, .11 to .254 and the same digits in IPv6), each neighbour too (.2 to .10). There is no route out of it and no NAT.

load_net() { # sets N (a prefix for all our names), PFX (the first three bytes), PFX6 (the first three words)
  [ -s "$VPS_HOME/net" ] || return 1
  read -r N PFX PFX6 <"$VPS_HOME/net"
}

free_net() { # free_net 10.x.y fd0a:x:y: no interface, no route in it or (but the default one) to it
  local r
  r=$(ip -4 route show table all root "$1.0/24"; ip -4 route show table all match "$1.0/24"
    ip -6 route show table all root "$2::/64"; ip -6 route show table all match "$2::/64")
  [ -z "$(grep -vE '^(unreachable )?default' <<<"$r" | tr -d '[:space:]')" ]
}

claim_net() { # a prefix that nobody here uses, remembered in $VPS_HOME/net
  local a b
  for a in 213 91 47; do for b in $(seq 77 99); do
    N=th$b PFX=10.$a.$b PFX6=$(printf 'fd0a:%x:%x' "$a" "$b")
    ip link show "$N" >/dev/null 2>&1 && continue
    free_net "$PFX" "$PFX6" || continue
    ip netns add "$N.sw" 2>/dev/null || continue # the claim
    echo "$N $PFX $PFX6" >"$VPS_HOME/net"
    return
  done; done
  die "no free 10.x network"
}

ensure_net() { # under the global lock
  load_net || claim_net
  ip link show "$N" >/dev/null 2>&1 && ip -n "$N.sw" link show br0 >/dev/null 2>&1 && return
  ip link del "$N" 2>/dev/null || true
  ip netns del "$N.sw" 2>/dev/null || true
  ip netns add "$N.sw"
  # no snooping: neighbour discovery is multicast, and there is no querier to learn from
  ip -n "$N.sw" link add br0 type bridge forward_delay 0 mcast_snooping 0
  ip -n "$N.sw" link set br0 up
  ip link add "$N" type veth peer name up0 netns "$N.sw"
  ip -n "$N.sw" link set up0 master br0 up
  ip addr add "$PFX.1/24" dev "$N"
  ip -6 addr add "$PFX6::1/64" dev "$N" nodad
  ip link set "$N" up
  # the machine answers itself, and forwards nothing, whatever ip_forward is (dockerd sets it)
  drop_rules
  ip -4 rule add pref 1000 iif "$N" prohibit
  ip -6 rule add pref 1000 iif "$N" prohibit
}

drop_rules() {
  local f
  for f in -4 -6; do while ip $f rule del pref 1000 iif "$N" prohibit 2>/dev/null; do :; done; done
}

neighbours() { ip netns list | sed -nE "s/^($N-near-[0-9]+-[0-9]+)( .*)?$/\\1/p"; }

drop_net() { # under the global lock, when no VPS is left
  local name
  load_net || return 0
  for name in $(neighbours); do ip netns del "$name"; done
  drop_rules
  ip link del "$N" 2>/dev/null || true
  ip netns del "$N.sw" 2>/dev/null || true
  rm -f "$VPS_HOME/net"
}

vps_net_down() {
  ip -n "$N.sw" link del "p$LAST" 2>/dev/null || true
  ip netns del "$ID" 2>/dev/null || true
}

vps_net_up() { # a new namespace at each boot, as a boot forgets docker0 and iptables rules
  vps_net_down
  ip netns add "$ID"
  ip -n "$ID" link set lo up
  ip -n "$N.sw" link add "p$LAST" type veth peer name host0 \
    address "$(printf '02:56:50:53:00:%02x' "$LAST")" netns "$ID"
  ip -n "$N.sw" link set "p$LAST" master br0 up
  ip -n "$ID" addr add "$IP/24" dev host0
  # nodad: usable at once; a tentative address cannot be bound to, and who waits for it at boot
  ip -n "$ID" -6 addr add "$IP6/64" dev host0 nodad
  ip -n "$ID" link set host0 up
}
