# shellcheck shell=bash
# What tests, demo and bench need on a fresh Debian machine. Asks apt only for what is missing, so that a
# second run neither needs the network nor changes anything.

# The docker CLI is in docker.io (Debian 12) or docker-cli (later); its daemon is not needed on this machine.
PACKAGES=(git openssh-client openssl curl iproute2 util-linux shellcheck zsh fish mksh tcsh busybox tmux faketime hyperfine mandoc strace tcpdump nginx haproxy caddy libnss3-tools
  systemd-container mmdebstrap gpgv debian-archive-keyring
  libatomic1) # the pinned Node is linked against it

docker_package() {
  if apt-cache show docker-cli >/dev/null 2>&1; then echo docker-cli; else echo docker.io; fi
}

missing_packages() {
  local package
  for package in "${PACKAGES[@]}" "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || echo "$package"
  done
  [ -x /usr/bin/docker ] || docker_package
  command -v docker-compose >/dev/null || echo docker-compose
  command -v npm >/dev/null || echo nodejs npm
}

# install_packages [MORE...]: also these
install_packages() {
  local missing
  [ "$(id -u)" = 0 ] || { echo "this boots real hosts: run it as root" >&2; return 1; }
  mapfile -t missing < <(missing_packages "$@" | tr ' ' '\n')
  [ ${#missing[@]} -gt 0 ] || { echo "everything is installed"; return 0; }
  # RUNLEVEL: docker.io must not start a daemon here
  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 RUNLEVEL=1
  apt-get -q update || return
  mapfile -t missing < <(missing_packages "$@" | tr ' ' '\n')
  echo "apt-get install ${missing[*]}"
  apt-get -qy install --no-install-recommends "${missing[@]}"
}

# npm runs under whatever Node the machine has; the Node that all else runs under comes with the packages.
install_node_modules() {
  local lock stamp=node_modules/.installed-from
  lock=$(sha256sum <package-lock.json)
  if [ "$(cat "$stamp" 2>/dev/null)" = "$lock" ]; then
    echo "node_modules is as package-lock.json says"
  else
    npm ci --no-audit --no-fund || return
    echo "$lock" >"$stamp"
  fi
  echo "node $(node_modules/.bin/node --version)"
}
