#!/bin/sh
# foreign-tls: somebody else's TLS on 2376, in place and working.
# needs: certs
#
# Why: tetherdock must see it, must not overwrite it unasked, and its clients must stay served. Their
# client material is in /root/foreign-client, so that a test can be such a client.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

if [ ! -e /root/foreign-client/cert.pem ]; then # once more: the same certificates
  install -d -m 700 /etc/docker/tls /root/foreign-client
  cp "$CERTS"/ca.pem "$CERTS"/server.pem "$CERTS"/server-key.pem /etc/docker/tls/
  cp "$CERTS/ca.pem" /root/foreign-client/ca.pem
  cp "$CERTS/client.pem" /root/foreign-client/cert.pem
  cp "$CERTS/client-key.pem" /root/foreign-client/key.pem
  did "wrote /etc/docker/tls and /root/foreign-client"
fi
put "$DROPINS/tls.conf" <<E2
[Service]
ExecStart=
ExecStart=$(vendor_exec) -H tcp://0.0.0.0:2376 --tlsverify --tlscacert=/etc/docker/tls/ca.pem \\
  --tlscert=/etc/docker/tls/server.pem --tlskey=/etc/docker/tls/server-key.pem
E2
restart_docker
