#!/bin/sh
# no-docker-socket: a package without docker.socket: dockerd makes /run/docker.sock itself, no -H fd://.
#
# Why: there is no socket unit to look at, to order after or to keep.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

only_on debian upstream
systemctl disable --quiet --now docker.socket 2>/dev/null || true
rm -f "${UNIT%/*}/docker.socket"
sed 's/ -H fd:\/\///; /^Requires=docker.socket$/d; s/ docker.socket//' "$UNIT" >"$here/unit"
put "$UNIT" <"$here/unit"
restart_docker
wait_until 10 "docker answers" docker version
