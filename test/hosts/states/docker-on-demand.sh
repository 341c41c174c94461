#!/bin/sh
# docker-on-demand: docker.service is not enabled, its socket is: the first use starts it.
#
# Why: how CoreOS and Flatcar come. A tcp:// host of the daemon's own listens only once it runs: after a
# reboot nobody would start it from outside.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

systemctl disable --quiet docker.service
systemctl stop docker.service
did "disabled and stopped docker.service; docker.socket is $(systemctl is-active docker.socket)"
