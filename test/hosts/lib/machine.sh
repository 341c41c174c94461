# shellcheck shell=bash
# What the machine must have, and the words and locks that all parts of `vps` use.

say() { echo "vps: $*" >&2; }
die() { say "$*"; exit 1; }

lock_all() { exec 8>"$VPS_HOME/lock"; flock 8; }
unlock_all() { exec 8>&-; }
lock_one() { exec 9>"$VPS_HOME/log/.$NAME.lock"; flock 9; }

# The machine's own Debian package sources, as one-line entries. Asking apt takes most of a second of
# processor time, which every command here would pay: the answer is kept until apt's files change.
debian_sources() {
  local kept=$VPS_HOME/sources fresh=$VPS_HOME/.sources.$BASHPID
  if [ ! -s "$kept" ] || [ -n "$(find /etc/apt /var/lib/apt/lists -newer "$kept" -print -quit 2>/dev/null)" ]; then
    # shellcheck disable=SC2016 # apt's own placeholders
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
      'Created-By: Packages' 'Origin: Debian' | sort -u >"$fresh"
    mv "$fresh" "$kept"
  fi
  cat "$kept"
}

debian_suite() {
  # shellcheck source=/dev/null
  (. /etc/os-release; echo "$VERSION_CODENAME")
}

find_cgroup2() {
  CG2=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
  [ -n "$CG2" ] || die "no cgroup2 file system is mounted"
}

need_tools() {
  [ "$(id -u)" = 0 ] || die "must be root"
  case $VPS_HOME in /*) ;; *) die "VPS_HOME must be absolute" ;; esac
  case $VPS_HOME in *[,:\ ]*) die "VPS_HOME must have no comma, colon or space" ;; esac
  mkdir -p "$VPS_HOME/vps" "$VPS_HOME/log"
  find_cgroup2
  local miss=()
  command -v mmdebstrap >/dev/null || miss+=(mmdebstrap)
  command -v systemd-nspawn >/dev/null || miss+=(systemd-container)
  command -v ip >/dev/null || miss+=(iproute2)
  command -v ssh >/dev/null && command -v ssh-keygen >/dev/null || miss+=(openssh-client)
  command -v openssl >/dev/null || miss+=(openssl) # the states' certificates
  command -v curl >/dev/null || miss+=(curl)       # the proofs in selftest
  command -v gpgv >/dev/null || miss+=(gpgv)
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || miss+=(debian-archive-keyring)
  [ ${#miss[@]} = 0 ] && [ -n "$(debian_sources)" ] && return
  say "apt-get update, install ${miss[*]:-nothing}"
  install_tools "${miss[@]}" >"$VPS_HOME/log/apt.log" 2>&1 </dev/null ||
    { tail -n 20 "$VPS_HOME/log/apt.log" >&2; die "apt-get failed"; }
}

install_tools() {
  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
  # || return: `set -e` has no effect in here
  apt-get -q update || return
  [ $# = 0 ] || apt-get -qy install --no-install-recommends "$@"
}
