#!/bin/sh
# daemon-refuses: docker is fine, and will not start once it is given TLS flags.
#
# Why: a change that looks right and kills the daemon; only the roll-back brings it back. A check that came
# with the distribution (a vendor drop-in, where /usr can be written) fails the start.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

put /opt/vendor/refuse-tls 755 <<'E2'
#!/bin/sh
# ExecStartPre of docker.service; DOCKER_OPTS comes from the unit's environment
if { systemctl show -p ExecStart docker.service; echo "${DOCKER_OPTS:-}"; cat /etc/docker/daemon.json; } \
  2>/dev/null | grep -Eq -- '--tls|"tls'; then
  echo "failed to start daemon: TLS is not supported by this build" >&2
  exit 1
fi
E2
dir=$UNIT.d
[ "$FLAVOUR" != coreos ] || dir=$DROPINS
put "$dir/10-vendor-check.conf" <<'E2'
[Service]
ExecStartPre=/opt/vendor/refuse-tls
E2
systemctl daemon-reload
unit_is docker.service active || systemctl start docker.service
