# shellcheck shell=bash
# Generations: which Debian releases a host can be of, what is installed and where it comes from.

RELEASES="bookworm trixie forky"

known_release() { [[ " $RELEASES " == *" $1 "* ]]; }

read -ra MORE_PACKAGES <<<"${VPS_PACKAGES:-}"
packages() { # packages RELEASE, one a line
  printf '%s\n' systemd systemd-sysv libpam-systemd dbus openssh-server docker.io iptables iproute2 \
    ca-certificates curl busybox-static sudo openssl procps netbase less ${MORE_PACKAGES[@]+"${MORE_PACKAGES[@]}"}
  # until bookworm the CLI is part of docker.io, and there is no plugin; a second sudo comes with trixie
  [ "$1" = bookworm ] || printf '%s\n' docker-cli docker-buildx docker-compose nftables sudo-rs
  # elsewhere it comes with the server
  [ "$1" != forky ] || echo openssh-client
  # what people log in with; one release is enough, and this one is fixed
  [ "$1" != trixie ] || printf '%s\n' fish zsh tcsh
}

# The machine's own mirror, whatever release the machine is of. testing takes its updates directly.
release_sources() { # release_sources RELEASE
  local own
  own=$(debian_suite)
  debian_sources | sed -E "s/ $own(-[a-z]+)? / $1\1 /" | if [ "$1" = forky ]; then grep ' forky '; else cat; fi
}

release_options() { # release_options RELEASE: what mmdebstrap needs beside
  # a mirror may keep testing for longer than its Release file is good for
  [ "$1" != forky ] || echo '--aptopt=Acquire::Check-Valid-Until "false"'
}

# forky moves: it may not be there, not install or not start. Whoever tests on it asks first, and says why not.
# The answer is kept: `yes` with the root file system, a reason for an hour, in which others need not try again.
try_release() { # try_release RELEASE: prints why a host of it cannot be had; a status of 1 then
  local kept reason
  kept=$(base_dir "$1").tried
  if [ ! -e "$kept" ] || { [ -s "$kept" ] && [ -n "$(find "$kept" -mmin +60)" ]; }; then
    reason=$("$SELF" __try "$1" 2>&1 >/dev/null | tail -n 4; exit "${PIPESTATUS[0]}") && reason=
    mkdir -p "$VPS_HOME"
    printf '%s' "${reason//$'\n'/; }" >"$kept.$BASHPID"
    mv "$kept.$BASHPID" "$kept"
  fi
  cat "$kept"
  [ ! -s "$kept" ]
}

probe_release() { # probe_release RELEASE: builds it, boots a host and runs a container
  local host=try-$1-$BASHPID rc=0
  "$SELF" up --release "$1" "$host" >/dev/null || return
  "$SELF" ssh "$host" 'mk-tiny >/dev/null && docker run --rm tiny true' || rc=$?
  "$SELF" down "$host"
  return $rc
}
