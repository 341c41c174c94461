# shellcheck shell=sh
# What the states share, on the host, as root. POSIX sh: coreos has nothing else.
set -eu
: "${FLAVOUR:?}" "${RELEASE:?}" "${IP:?}" "${IP6:?}"
here=$(cd "${0%/*}/.." && pwd)
# shellcheck disable=SC2034 # for the states that say `needs: certs`
CERTS=$here/certs
UNIT=/usr/lib/systemd/system/docker.service
DROPINS=/etc/systemd/system/docker.service.d

did() { echo "state: $*"; }
refuse() { echo "state: $*" >&2; exit 1; }

only_on() { # only_on FLAVOUR...
  for f; do [ "$f" != "$FLAVOUR" ] || return 0; done
  refuse "this state exists on $* only, not on $FLAVOUR"
}

not_on_release() { # not_on_release RELEASE...
  for r; do [ "$r" != "$RELEASE" ] || refuse "this state does not exist on $*"; done
}

CHANGED=no # so that a state applied once more restarts nothing

put() { # put FILE [MODE] <content
  mkdir -p "${1%/*}"
  cat >"$here/new"
  ! cmp -s "$here/new" "$1" || return 0
  cat "$here/new" >"$1"
  chmod "${2:-644}" "$1"
  CHANGED=yes
  did "wrote $1"
}

wait_until() { # wait_until SECONDS WHAT COMMAND...: a condition that the system reaches by itself
  end=$(($(date +%s) + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$(date +%s)" -lt "$end" ] || refuse "gave up waiting until $what"
    sleep 0.1
  done
  did "$what"
}

unit_is() { # unit_is UNIT STATE
  [ "$(systemctl show -p ActiveState --value "$1")" = "$2" ]
}

vendor_exec() { # the command line that the distribution's unit starts
  sed -n 's/^ExecStart=//p' "$UNIT"
}

# Both calls of reset-failed: the unit allows three starts a minute, and those are the tests' to use.
reset_starts() { systemctl reset-failed docker.service docker.socket 2>/dev/null || true; }

restart_docker() { # if what it reads has changed
  [ $CHANGED = yes ] || return 0
  systemctl daemon-reload
  reset_starts
  systemctl restart docker.service
  reset_starts
  did "restarted docker"
}

tcp_socket() { # tcp_socket PORT: the unit and the commands of the vendor's page
  put /etc/systemd/system/docker-tcp.socket <<E2
[Unit]
Description=Docker Socket for the API

[Socket]
ListenStream=$1
BindIPv6Only=both
Service=docker.service

[Install]
WantedBy=sockets.target
E2
  systemctl daemon-reload
  reset_starts
  systemctl enable --quiet docker-tcp.socket
  systemctl stop docker.service
  systemctl restart docker-tcp.socket
  systemctl start docker.service
  reset_starts
  did "docker-tcp.socket listens on $1 for docker.service"
}
