#!/bin/sh
# sudo-rs: `sudo` is the one written in Rust, as in Ubuntu 25.10 and later.
#
# Why: it knows fewer options, and words its refusals otherwise.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

only_on debian upstream
not_on_release bookworm # not in Debian 12

version() { sudo --version 2>&1; } # before 0.2.8 it is on stderr

version | grep -q '^sudo-rs' || {
  dpkg-divert --quiet --rename --add /usr/bin/sudo
  ln -s sudo-rs /usr/bin/sudo
}
did "sudo is $(version)"
