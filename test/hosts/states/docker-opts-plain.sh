#!/bin/sh
# docker-opts-plain: /etc/default/docker opens plain TCP on 2375.
#
# Why: Debian's EnvironmentFile sets DOCKER_OPTS and wins over Environment= in a drop-in, so one that
# tetherdock wrote would be ignored. (It waits 15 s at start: plain TCP.)
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

only_on debian
put /etc/default/docker <<E2
$(sed '/^DOCKER_OPTS=/d' /etc/default/docker)
DOCKER_OPTS="-H tcp://0.0.0.0:2375"
E2
restart_docker
