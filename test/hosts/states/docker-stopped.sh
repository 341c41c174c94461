#!/bin/sh
# docker-stopped: docker's service and socket are stopped, and enabled for the next boot.
#
# Why: nothing to talk to now; starting it is the user's decision (or the plan's, said aloud).
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

systemctl stop docker.socket docker.service
did "stopped docker.socket and docker.service"
