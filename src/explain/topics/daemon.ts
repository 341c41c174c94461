/** The daemon: not reached, guarded, or open. */
import type { Topic } from "../entry.ts";

export const notRunning: Topic = {
  id: "daemon-not-reached",
  cause:
    "The docker CLI could not reach a daemon at this address. It does not say whether the connection was refused or timed out: docker is not running, listens elsewhere, or a firewall is in between.",
  danger: "closed",
  consequence: "No connection was made.",
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
    "The CLI connected to a unix socket on this machine, and no daemon answers there. If you meant a remote host, DOCKER_HOST is not set in this shell, or the context is the default one.",
  danger: "closed",
  consequence: "No connection was made, and the remote host is not involved.",
  fix: ['eval "$(tetherdock env)"', "docker context ls", "systemctl status docker docker.socket"],
  reference: "https://docs.docker.com/engine/daemon/troubleshoot/",
};

export const socketDenied: Topic = {
  id: "socket-permission-denied",
  cause:
    "Only root and group docker can open the daemon's unix socket, and this user is neither. With ssh://, that is the ssh user on the remote host.",
  danger: "closed",
  consequence:
    "The socket is protected as it should be. Members of group docker are root on that machine: add only users who may be root, and never chmod 666 the socket.",
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
    "The daemon reports that it listens on TCP without verifying clients: -H tcp://… without --tlsverify, in the unit, in DOCKER_OPTS or in daemon.json.",
  danger: "open",
  consequence:
    "Anybody who can reach the port is root on the host: one request mounts / into a container. Scanners find such ports within hours.",
  fix: [
    "tetherdock up {host}",
    "ssh {host} systemctl cat docker # where the -H comes from",
    "# until then, close the port in the provider's firewall, and look for containers that are not yours: docker ps -a",
  ],
  reference: "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
};

export const connectFailed: Topic = {
  id: "connect-failed",
  cause: "The client could not connect to the daemon; text after this message, if any, says why.",
  danger: "check",
  consequence: "This says nothing about who can connect.",
  fix: ["tetherdock status", "env | grep ^DOCKER_; docker context ls"],
  reference: "https://docs.docker.com/engine/daemon/troubleshoot/",
  general: true,
};
