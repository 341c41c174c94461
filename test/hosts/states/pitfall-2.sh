#!/bin/sh
# pitfall-2: docker-tcp.socket on 2376, where everybody expects TLS, and it is plain.
#
# Why: what the second pitfall of the 2015 story looks like from outside. dockerd 20.10 applies its TLS
# flags to handed-over sockets too, so here it has none; pitfall-2-2015 has the flags as well.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

tcp_socket 2376
