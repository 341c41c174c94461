# shellcheck shell=bash
# The words that the checks are written in.

elapsed() { awk -v a="$1" -v b="$(date +%s.%N)" 'BEGIN { print b - a }'; }

ok() { # ok WHAT COMMAND...
  local what=$1 s out
  s=$(date +%s.%N)
  shift
  if out=$("$@" 2>&1); then
    printf 'ok   %5.1fs %s\n' "$(elapsed "$s")" "$what"
  else
    printf 'FAIL %5.1fs %s\n' "$(elapsed "$s")" "$what"
    sed 's/^/     | /' <<<"$out"
    BAD=1
  fi
}

has() { # has WANTED COMMAND...: its output contains WANTED
  local want=$1 o
  shift
  o=$("$@" 2>&1)
  [[ $o == *"$want"* ]] || { echo "want '$want', got: $o"; return 1; }
}

no() { ! "$@"; }

status() { # status N COMMAND...: exits with exactly N
  local want=$1 rc=0
  shift
  "$@" || rc=$?
  [ "$rc" = "$want" ] || { echo "want exit status $want, got $rc"; return 1; }
}

soon() { # soon COMMAND...: within 20 s; for what the system reaches by itself
  local end=$((SECONDS + 20))
  until "$@"; do [ $SECONDS -lt $end ] || return 1; sleep 0.1; done >"$TMP/soon" 2>&1
}

on() { "$V" ssh "$@"; }

# as root, by the way in that the flavour has
root() { # root HOST COMMAND
  if [ "$FLAVOUR" = coreos ]; then on "$1" -- "sudo -n sh -c ${2@Q}"; else on "$1" -- "$2"; fi
}

# 20.10 may take long for its first answer where systemd starts it on demand
get() { curl -gfsS -m 20 "$@"; }

VERSION=20.10.24
NO_CERTIFICATE="bad certificate" # the alert to who shows none; newer engines have the one that is for it
plain() { # plain HOST PORT: anybody gets the API in the clear, by both families
  has $VERSION get "http://$("$V" ip "$1"):$2/version" && has $VERSION get "http://[$("$V" ip6 "$1")]:$2/version"
}
plain4() { has $VERSION get "http://$("$V" ip "$1"):$2/version"; }
refused() { # refused HOST PORT: nobody listens (curl's 7)
  status 7 curl -gsS -m 5 "http://$("$V" ip "$1"):$2/version" &&
    status 7 curl -gsS -m 5 "http://[$("$V" ip6 "$1")]:$2/version"
}

down_mine() { # down_mine LANE
  local n net h
  n=$(cut -d' ' -f1 "$VPS_HOME/net" 2>/dev/null)
  for h in "$VPS_HOME/vps/st-$1"*/; do [ ! -d "$h" ] || "$V" down "$(basename "$h")" || return 1; done
  net=$({ ip netns | grep "^$n-st-$1"; find /sys/fs/cgroup -name "$n-st-$1*"
    grep "$VPS_HOME/vps/st-$1" /proc/mounts; find /run/systemd/nspawn/propagate -name "$n-st-$1*"; } 2>/dev/null)
  [ -z "$net" ] || { echo "left: $net"; return 1; }
}
