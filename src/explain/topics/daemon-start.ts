/** dockerd or its sockets do not start. */
import type { Topic } from "../entry.ts";

const DOWN = "While docker is not running, nobody can connect; containers may be down as well.";
const LOG = "sudo journalctl -u docker -n 50 --no-pager";

export const hostsTwice: Topic = {
  id: "hosts-in-flag-and-file",
  cause:
    "The same setting is on dockerd's command line and in daemon.json, and dockerd does not start with both. For hosts, it is the -H fd:// in Docker's and Debian's units.",
  danger: "closed",
  consequence: DOWN,
  fix: [
    "tetherdock up {host} # keeps -H fd:// and adds the TCP address in a drop-in",
    "systemctl cat docker; cat /etc/docker/daemon.json",
    "# remove the setting from daemon.json, or from the unit's ExecStart with a drop-in",
    "sudo systemctl reset-failed docker && sudo systemctl start docker",
  ],
  reference: "https://github.com/moby/moby/issues/25471",
};

export const configBroken: Topic = {
  id: "daemon-json-unusable",
  cause: "daemon.json is not valid JSON, or contains a setting that this dockerd does not know.",
  danger: "closed",
  consequence: DOWN,
  fix: [
    "sudo dockerd --validate --config-file /etc/docker/daemon.json # Docker 23 and later",
    "python3 -m json.tool /etc/docker/daemon.json",
    LOG,
  ],
  reference: "https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file",
};

export const portTaken: Topic = {
  id: "port-already-taken",
  cause:
    "Another process holds the address that dockerd or systemd wants to listen on: a second dockerd, a docker-tcp.socket beside -H tcp://, or a container that publishes the port.",
  danger: "check",
  consequence: `${DOWN} Check what listens there: it may answer anybody.`,
  fix: [
    "sudo ss -ltnp # shows which process holds the port",
    "systemctl list-sockets --all",
    "sudo systemctl disable --now docker-tcp.socket",
    "tetherdock up {host}",
  ],
  reference: "bind(2), EADDRINUSE",
};

export const addressMissing: Topic = {
  id: "address-not-on-this-host",
  cause:
    "dockerd is configured to listen on an address that the host does not have, or not yet: it changed, or the network starts later than docker.",
  danger: "closed",
  consequence: DOWN,
  fix: ["ip -brief address", "systemctl cat docker; cat /etc/docker/daemon.json", "tetherdock up {host}"],
  reference: "bind(2), EADDRNOTAVAIL",
};

export const noSocketHandedOver: Topic = {
  id: "no-socket-from-systemd",
  cause:
    "dockerd was started with -H fd://, but not by systemd, or docker.socket is not running: there is no socket to use.",
  danger: "closed",
  consequence: DOWN,
  fix: [
    "sudo systemctl start docker.socket docker.service",
    "systemctl status docker.socket",
    "# by hand, without systemd: sudo dockerd -H unix:///var/run/docker.sock",
  ],
  reference: "sd_listen_fds(3)",
};

export const daemonCertificates: Topic = {
  id: "daemon-certificates-unusable",
  cause:
    "dockerd cannot read the certificate, key or CA that it is configured to use: missing, damaged, or not matching.",
  danger: "closed",
  consequence: DOWN,
  fix: ["systemctl cat docker; cat /etc/docker/daemon.json # which files", "tetherdock up {host}", LOG],
  reference: "https://docs.docker.com/engine/security/protect-access/",
};

export const startLimit: Topic = {
  id: "systemd-start-limit",
  cause:
    "docker failed several times in a row, and systemd stopped trying to start it. The reason is further up in the log.",
  danger: "closed",
  consequence: DOWN,
  fix: [
    "sudo journalctl -u docker -b --no-pager | grep -iE 'level=(error|fatal)|failed|unable' | tail",
    "# fix that, then: sudo systemctl reset-failed docker && sudo systemctl start docker",
  ],
  reference: "systemd.unit(5), StartLimitIntervalSec=",
};

export const socketOrder: Topic = {
  id: "socket-after-its-service",
  cause:
    "systemd does not start a socket unit whose service is already running: docker.service was up before docker-tcp.socket (or docker.socket) was started.",
  danger: "check",
  consequence:
    "The socket is not listening. If it is docker-tcp.socket, do not fix it: it would serve the API without TLS to anybody who can reach the port.",
  fix: [
    "sudo systemctl disable --now docker-tcp.socket",
    "sudo systemctl stop docker && sudo systemctl start docker.socket docker",
    "tetherdock up {host}",
  ],
  reference: "https://github.com/coreos/bugs/issues/1362",
};

export const masked: Topic = {
  id: "docker-masked",
  cause: "Somebody masked the unit, so that nothing can start it.",
  danger: "closed",
  consequence: DOWN,
  fix: ["sudo systemctl unmask docker.service docker.socket", "sudo systemctl start docker"],
  reference: "systemctl(1), mask",
};

export const serviceFailed: Topic = {
  id: "docker-service-failed",
  cause: "docker did not start, or it stopped; this line does not say why.",
  danger: "closed",
  consequence: DOWN,
  fix: [LOG, "systemctl status docker docker.socket"],
  reference: "https://docs.docker.com/engine/daemon/troubleshoot/",
  general: true,
};
