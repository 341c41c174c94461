#!/bin/sh
# port-taken: another service listens on 2376.
#
# Why: dockerd would fail to bind and not come back; to be seen before anything is changed.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

box=/bin/busybox
[ -x "$box" ] || box=/usr/libexec/mk-tiny/busybox
put /etc/systemd/system/other-listener.service <<E2
[Unit]
Description=Something else on docker's TLS port

[Service]
ExecStart=$box httpd -f -p 2376 -h /srv

[Install]
WantedBy=multi-user.target
E2
systemctl daemon-reload
systemctl enable --quiet --now other-listener.service
wait_until 10 "other-listener.service answers on 2376" curl -s http://127.0.0.1:2376/
