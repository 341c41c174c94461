#!/bin/sh
# firewalled: packets to TCP 2376 from outside are dropped; from the host itself they pass.
#
# Why: docker listens, the host's own probe is content, the laptop gets nowhere (a cloud's security group
# looks the same). By a unit, so that it is there after a reboot.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

rule="INPUT ! -i lo -p tcp --dport 2376 -j DROP"
put /etc/systemd/system/drop-2376.service <<E2
[Unit]
Description=Drop TCP 2376 from outside
Before=docker.service network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=iptables -w -I $rule
ExecStart=ip6tables -w -I $rule
ExecStop=iptables -w -D $rule
ExecStop=ip6tables -w -D $rule

[Install]
WantedBy=multi-user.target
E2
systemctl daemon-reload
systemctl enable --quiet --now drop-2376.service
did "drops TCP 2376 from outside"
