#!/bin/sh
# docker-masked: docker.service and docker.socket are masked.
#
# Why: somebody has said "never start this"; a plan must not fail halfway over it.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

systemctl stop docker.socket docker.service
systemctl mask --quiet docker.socket docker.service
did "masked docker.socket and docker.service"
