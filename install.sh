#!/bin/sh
# install.sh - installs tetherdock's single file, which needs no Node: for Linux with glibc, x86_64 and aarch64.
#
#   sh install.sh                  from the folder of this script: where a release was unpacked
#   sh install.sh --from FOLDER    from another folder, or from https://…: where the files of a release are
#   sh install.sh --to FOLDER      to there; otherwise ~/.local/bin, and for root /usr/local/bin
#   sh install.sh --uninstall      removes the program; lines and their keys stay
set -eu

fail() {
  printf 'install.sh: error: %s\n' "$1" >&2
  shift
  [ $# = 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

usage() {
  sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0" 2>/dev/null ||
    echo "install.sh [--from FOLDER|https://…] [--to FOLDER] [--uninstall]"
}

# Sets $arch: x64 or arm64.
know_machine() {
  [ "$(uname -s)" = Linux ] || fail "there is no single file for $(uname -s)" \
    "install tetherdock's npm package instead, with Node 24.15 or later" \
    "for macOS a release also has unsigned files that nobody has run: see docs/install.md"
  case $(uname -m) in
    x86_64 | amd64) arch=x64 loader=/lib64/ld-linux-x86-64.so.2 ;;
    aarch64 | arm64) arch=arm64 loader=/lib/ld-linux-aarch64.so.1 ;;
    *) fail "there is no file for this machine: $(uname -m)" "there are files for x86_64 and aarch64" ;;
  esac
}

# The single file needs glibc 2.28: Debian 10, Ubuntu 20.04, RHEL 8, and later.
know_libc() {
  case $(ldd --version 2>&1 || true) in
    *musl*) fail "this system has musl instead of glibc (Alpine, for one), and there is no file for it" \
      "install tetherdock's npm package instead, with Node 24.15 or later from the distribution" ;;
  esac
  [ -e "$loader" ] || fail "there is no glibc here: $loader is missing" \
    "install tetherdock's npm package instead, with Node 24.15 or later"
  glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2)
  case $glibc in
    2.[0-9] | 2.1[0-9] | 2.2[0-7] | 2.[0-9].* | 2.1[0-9].* | 2.2[0-7].*)
      fail "this system has glibc $glibc, and the file needs 2.28 or later" ;;
  esac
}

# wget follows a redirect to plain http, so its headers are looked through. BusyBox's checks no certificate.
get_with_wget() { # get_with_wget URL FILE
  case $(wget --version 2>/dev/null) in
    *"GNU Wget"*) ;;
    *) fail "this wget is not GNU's, and may not check certificates" "install curl" ;;
  esac
  wget -q -S --timeout=60 --tries=3 -O "$2" "$1" 2>"$work/headers" || return 1
  awk 'tolower($1) == "location:" && tolower($2) ~ /^http:/ { plain = 1 } END { exit plain }' "$work/headers"
}

get() { # get NAME FILE: one file of the release
  case $from in
    https://*)
      if command -v curl >/dev/null; then
        # a server that sends a byte now and then is given up
        curl --proto '=https' --fail --silent --show-error --location --connect-timeout 60 \
          --speed-limit 4096 --speed-time 60 --output "$2" "$from/$1"
      elif command -v wget >/dev/null; then
        get_with_wget "$from/$1" "$2"
      else
        fail "neither curl nor wget is here to fetch $from/$1"
      fi || fail "cannot fetch $from/$1"
      ;;
    *://*) fail "not a folder, nor an https:// address: $from" "without https anybody between could change what arrives" ;;
    *)
      [ -f "$from/$1" ] || return 1
      cp "$from/$1" "$2"
      ;;
  esac
}

sum_of() {
  if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d' ' -f1
}

check_sum() { # check_sum NAME FILE
  wanted=$(awk -v name="$1" '$2 == name || $2 == "*" name { print $1 }' "$work/SHA256SUMS")
  [ -n "$wanted" ] || fail "SHA256SUMS does not name $1"
  [ "$(sum_of "$2")" = "$wanted" ] || fail "$1 is not what SHA256SUMS says; nothing was installed" \
    "it is damaged, or of another release: fetch both again"
}

where() {
  [ -n "$to" ] && return
  if [ "$(id -u)" = 0 ]; then to=/usr/local/bin; else to=$HOME/.local/bin; fi
}

uninstall() {
  [ -f "$to/tetherdock" ] || fail "there is no $to/tetherdock"
  rm "$to/tetherdock"
  echo "removed $to/tetherdock"
  lines=${XDG_CONFIG_HOME:-$HOME/.config}/tetherdock
  [ ! -d "$lines" ] || echo "$lines stays: your lines and their keys. Hosts stay as they are."
}

tell_path() {
  # shellcheck disable=SC2016 # for the user's shell
  case :$PATH: in
    *:"$to":*)
      first=$(command -v tetherdock || true)
      [ "$first" = "$to/tetherdock" ] || echo "another tetherdock comes first in PATH: $first"
      ;;
    *) printf '%s is not in PATH. Add it, in ~/.profile for one:\n  export PATH="%s:$PATH"\n' "$to" "$to" ;;
  esac
}

install_file() {
  know_machine
  know_libc
  [ -n "$from" ] || fail "where from?" "sh install.sh --from FOLDER, or --from https://…"
  [ ! -d "$to/tetherdock" ] || fail "$to/tetherdock is a folder"
  mkdir -p "$to" || fail "cannot make $to"
  # On the same disk: what is there is replaced in one step, and a program that runs goes on with its own.
  work=$(mktemp -d "$to/.tetherdock.XXXXXX") || fail "cannot write to $to"
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM HUP
  name=tetherdock-linux-$arch
  get SHA256SUMS "$work/SHA256SUMS" || fail "there is no SHA256SUMS in $from"
  if get "$name.gz" "$work/packed"; then
    check_sum "$name.gz" "$work/packed"
    gzip -dc "$work/packed" >"$work/tetherdock" || fail "cannot unpack $name.gz"
  else
    get "$name" "$work/tetherdock" || fail "there is no $name in $from"
  fi
  check_sum "$name" "$work/tetherdock"
  chmod 755 "$work/tetherdock"
  version=$("$work/tetherdock" --version) || fail "the file does not run here; nothing was installed"
  mv -f "$work/tetherdock" "$to/tetherdock"
  echo "installed tetherdock $version: $to/tetherdock"
  tell_path
}

# In a function, so that half a script that arrived does nothing.
main() {
  to='' action=install_file from=''
  case $0 in */install.sh | install.sh) from=$(dirname "$0") ;; esac
  [ -f "$from/SHA256SUMS" ] || from=''
  while [ $# -gt 0 ]; do
    case $1 in
      --from | --to)
        [ -n "${2:-}" ] || fail "$1 wants a folder"
        if [ "$1" = --from ]; then from=${2%/}; else to=${2%/}; fi
        shift
        ;;
      --uninstall) action=uninstall ;;
      -h | --help) usage; exit ;;
      *) fail "not an option: $1" "sh install.sh --help" ;;
    esac
    shift
  done
  where
  "$action"
}

main "$@"
