#!/bin/sh
# pitfall-2-2015: docker-tcp.socket on 2376, the daemon shows all TLS flags, and yet it is plain.
# needs: certs
#
# Why: the second pitfall itself. The daemon before 1.10 gave TLS to tcp:// hosts only, not to the sockets
# that systemd hands it: a stand-in (lib/dockerd-2015) takes dockerd's place and does the same. Give it a
# tcp:// host and that one has TLS: the way out of the story works.
# shellcheck source=../lib/on-host.sh
. "${0%/*}/../lib/on-host.sh"

tls_flags="--tlsverify --tlscacert=/etc/docker/tls/ca.pem --tlscert=/etc/docker/tls/server.pem \
--tlskey=/etc/docker/tls/server-key.pem"
binary=$(vendor_exec | cut -d' ' -f1)

if [ ! -e /etc/docker/tls/ca.pem ]; then # once more: the same certificates
  install -d -m 700 /etc/docker/tls
  cp "$CERTS"/ca.pem "$CERTS"/server.pem "$CERTS"/server-key.pem /etc/docker/tls/
  did "wrote /etc/docker/tls/{ca,server,server-key}.pem"
fi

if [ "$FLAVOUR" = coreos ]; then # /usr cannot be written: as one does there, /opt/bin and a drop-in
  mkdir -p /opt/bin
  cp "$here/lib/dockerd-2015" /opt/bin/dockerd
  put "$DROPINS/05-old-daemon.conf" <<E2
[Service]
NotifyAccess=all
ExecStart=
ExecStart=/opt/bin/dockerd$(vendor_exec | sed 's/^[^ ]*//')
E2
else
  mkdir -p /usr/libexec/docker-2015
  [ -e /usr/libexec/docker-2015/dockerd ] || mv "$binary" /usr/libexec/docker-2015/dockerd
  cp "$here/lib/dockerd-2015" "$binary"
  put "$UNIT.d/notify.conf" <<E2
[Service]
NotifyAccess=all
E2
fi
did "installed the stand-in daemon"

case $(vendor_exec) in
  *DOCKER_OPTS*)
    put "$DROPINS/tls.conf" <<E2
[Service]
Environment='DOCKER_OPTS=$tls_flags'
E2
    ;;
  *)
    put "$DROPINS/tls.conf" <<E2
[Service]
ExecStart=
ExecStart=$(vendor_exec) $tls_flags
E2
    ;;
esac
tcp_socket 2376
