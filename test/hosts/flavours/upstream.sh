#!/bin/sh
# upstream TREE: docker as Docker's own packages set it up.
#
# Behaves like their unit: the daemon is /usr/bin/dockerd, its flags stand in ExecStart alone, no
# EnvironmentFile and no $DOCKER_OPTS. Their package ships /etc/default/docker all the same, for
# init scripts: it stays, as the trap it is (what is written there does nothing).
tree=$1
mv "$tree/usr/sbin/dockerd" "$tree/usr/bin/dockerd"
cat >"$tree/usr/lib/systemd/system/docker.service" <<'E2'
[Unit]
Description=Docker Application Container Engine
After=network-online.target docker.socket firewalld.service containerd.service
Wants=network-online.target containerd.service
Requires=docker.socket

[Service]
Type=notify
ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
ExecReload=/bin/kill -s HUP $MAINPID
TimeoutStartSec=0
Restart=always
RestartSec=2
StartLimitBurst=3
StartLimitInterval=60s
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
Delegate=yes
KillMode=process
OOMScoreAdjust=-500

[Install]
WantedBy=multi-user.target
E2
