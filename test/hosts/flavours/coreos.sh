#!/bin/sh
# coreos TREE: a host in the manner of CoreOS and Flatcar.
#
# Its /usr is mounted read-only (lib/disk.sh), so units can be changed only from /etc; the unit expands
# $DOCKER_OPTS, which nothing sets; there is no interpreter but the shell, no openssl, no ss; the way in
# is the user core, root has no key. It is still Debian underneath: os-release does not pretend otherwise.
tree=$1
usr=$tree/usr
mv "$usr/sbin/dockerd" "$usr/bin/dockerd"
rm -f "$usr"/bin/perl* "$usr"/bin/openssl "$usr"/bin/ss "$usr"/bin/c_rehash
mkdir -p "$usr/libexec/mk-tiny"
mv "$usr/bin/busybox" "$usr/libexec/mk-tiny/busybox"

# every perl program is useless without perl: not there rather than broken
grep -rlE '^#! ?/usr/bin/(env )?perl' "$usr/bin" "$usr/sbin" | while IFS= read -r file; do rm "$file"; done

cat >"$usr/lib/os-release" <<'E2'
NAME="tetherdock test host, CoreOS-like"
PRETTY_NAME="CoreOS-like test host (Debian 12 underneath)"
ID=coreos-like
ID_LIKE=coreos
VERSION_ID=1
E2
rm -f "$tree/etc/default/docker" "$tree/etc/init.d/docker"
cat >"$usr/lib/systemd/system/docker.service" <<'E2'
[Unit]
Description=Docker Application Container Engine
After=containerd.service docker.socket network-online.target
Wants=network-online.target
Requires=containerd.service docker.socket

[Service]
Type=notify
ExecStart=/usr/bin/dockerd --host=fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS
ExecReload=/bin/kill -s HUP $MAINPID
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TimeoutStartSec=0
Delegate=yes
KillMode=process
Restart=on-failure
StartLimitBurst=3
StartLimitInterval=60s

[Install]
WantedBy=multi-user.target
E2
