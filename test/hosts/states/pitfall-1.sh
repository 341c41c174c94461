#!/bin/sh
# pitfall-1: the vendor page's docker-tcp.socket on 2375, open to everybody.
#
# Why: the first pitfall of the 2015 story. systemd listens, dockerd serves the whole API in the clear on
# what it is handed, without a word in its log.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

tcp_socket 2375
