#!/bin/sh
# nftables: docker writes its rules with nft, not with iptables.
#
# Why: published ports and what guards them stand elsewhere.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

not_on_release bookworm trixie # Engine 28 is the first that has it
put /etc/systemd/system/docker.service.d/nftables.conf <<'END'
[Service]
Environment=DOCKER_FIREWALL_BACKEND=nftables
END
restart_docker
by_nft() { docker info -f '{{.FirewallBackend.Driver}}' | grep -q '^nftables'; }
wait_until 10 "the rules are nft's" by_nft
