/** The daemon: not reached, guarded, or open. */
import type { Topic } from "../entry.ts";

export const notRunning: Topic = {
  id: "daemon-not-reached",
  cause:
    "The docker CLI reached no daemon at this address. It does not say whether the connection was refused or timed out: docker is not running, listens elsewhere, or a firewall is in between.",
  danger: "closed",
  consequence: "Nothing was connected to.",
  fix: [
    "tetherdock status",
    "ssh {host} systemctl status docker",
    "ssh {host} sudo ss -ltnp",
    "tetherdock up {host}",
  ],
  reference: "https://docs.docker.com/engine/daemon/troubleshoot/",
};

export const socketNotThere: Topic = {
  id: "local-socket-without-daemon",
  cause:
    "The CLI was sent to a unix socket on this very machine, and no daemon answers there. If you meant a remote host, DOCKER_HOST is not set in this shell, or the context is the default one.",
  danger: "closed",
  consequence: "Nothing was connected to; the remote host has no part in it.",
  fix: ['eval "$(tetherdock env)"', "docker context ls", "systemctl status docker docker.socket"],
  reference: "https://docs.docker.com/engine/daemon/troubleshoot/",
};

export const socketDenied: Topic = {
  id: "socket-permission-denied",
  cause:
    "The daemon's unix socket may be opened by root and the group docker only, and the user who says it is neither. On a remote host with ssh:// it is the ssh user there.",
  danger: "closed",
  consequence:
    "The socket is guarded as it should be. Membership of the group docker is root on that machine: give it to nobody who may not be root, and never chmod 666 the socket.",
  fix: [
    'eval "$(tetherdock env)" # if you meant the remote host',
    "id; ls -l /var/run/docker.sock",
    "sudo usermod -aG docker USER # root-equivalent; takes effect at the next login",
  ],
  reference: "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
};

export const openApi: Topic = {
  id: "api-open-in-the-clear",
  cause:
    "The daemon itself says that it listens on TCP without verifying clients: -H tcp://… without --tlsverify, in the unit, in DOCKER_OPTS or in daemon.json.",
  danger: "open",
  consequence:
    "Whoever reaches the port is root on the host: one request mounts / into a container. Scanners find such ports within hours.",
  fix: [
    "tetherdock up {host}",
    "ssh {host} systemctl cat docker # where the -H comes from",
    "# in between, close the port in the provider's firewall, and look for containers that are not yours: docker ps -a",
  ],
  reference: "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
};

export const connectFailed: Topic = {
  id: "connect-failed",
  cause: "The client could not talk to the daemon; what comes after this message says why, if it is there.",
  danger: "check",
  consequence: "It proves nothing about who gets in.",
  fix: ["tetherdock status", "env | grep ^DOCKER_; docker context ls"],
  reference: "https://docs.docker.com/engine/daemon/troubleshoot/",
  general: true,
};
