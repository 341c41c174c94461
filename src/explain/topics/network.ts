/** The connection cannot be made, or breaks. */
import type { Topic } from "../entry.ts";

const LOOK = "ssh {host} sudo ss -ltnp '( sport = :{port} )'";
const UNREACHED = "Nobody can reach the daemon from here.";

export const refused: Topic = {
  id: "connection-refused",
  cause:
    "The host answered that nothing listens on this port: docker is not running, listens elsewhere (another port, only the unix socket, only 127.0.0.1), or a firewall rejects the connection.",
  danger: "closed",
  consequence: UNREACHED,
  fix: [LOOK, "ssh {host} systemctl status docker", "tetherdock up {host}"],
  reference: "connect(2), ECONNREFUSED",
};

export const timeout: Topic = {
  id: "connection-times-out",
  cause:
    "Packets are lost: a firewall on the host or at the provider (security group) drops them, the address is wrong, or the host is down. A port that nothing listens on would have answered.",
  danger: "closed",
  consequence: UNREACHED,
  fix: [
    "ssh {host} true # is the host up?",
    "# open port {port}/tcp for your own networks in the provider's firewall",
    "tetherdock up {host}",
  ],
  reference: "connect(2), ETIMEDOUT",
};

export const noRoute: Topic = {
  id: "no-route",
  cause:
    "There is no route to this address from here: the network or VPN is down, it is an IPv6 address and this machine has no IPv6, or a firewall rejects the connection (host-prohibited).",
  danger: "closed",
  consequence: UNREACHED,
  fix: ["ip route get {host}", "ping -c 3 {host}", "ssh {host} true"],
  reference: "connect(2), ENETUNREACH; RFC 1812 section 5.2.7.1",
};

export const reset: Topic = {
  id: "connection-reset",
  cause:
    "The peer or something on the network path cut the connection: a daemon that was restarted, a TLS server that refused the client (the reset can overtake the alert), a middlebox, or docker-proxy in front of a container that is gone.",
  danger: "check",
  consequence: "It does not show whether others get in.",
  fix: ["tetherdock status", "ssh {host} sudo journalctl -u docker -n 30 --no-pager"],
  reference: "RFC 9293 section 3.5.2",
};

export const eof: Topic = {
  id: "connection-closed-early",
  cause:
    "The peer closed the connection without an answer: plain HTTP sent to a TLS port that is not Go's (tetherdock's gateway, nginx, HAProxy), a daemon that was just stopping, a proxy whose backend is down, or a systemd socket whose service does not start.",
  danger: "check",
  consequence: "It does not show whether others get in.",
  fix: ["tetherdock status", "env | grep ^DOCKER_", "ssh {host} systemctl status docker docker.socket"],
  reference: "RFC 9110 section 7.8; RFC 8446 section 6.1",
};

export const unresolved: Topic = {
  id: "name-does-not-resolve",
  cause:
    "The name has no address here: it is mistyped, not in DNS yet, only in another machine's hosts file, or DNS cannot be reached.",
  danger: "closed",
  consequence: "No connection was made.",
  fix: ["getent hosts {name}", "tetherdock ls", "env | grep ^DOCKER_HOST; docker context ls"],
  reference: "getaddrinfo(3)",
};

export const silent: Topic = {
  id: "peer-is-silent",
  cause:
    "The connection is open, but no answer comes in time: the daemon hangs or is just starting (with plain TCP it waits 15 seconds), systemd holds the connection for a service that does not start, or the client sent plain HTTP to a port that waits for TLS.",
  danger: "check",
  consequence: "It does not show that the port is closed: it may answer anybody in a moment.",
  fix: [
    "tetherdock status",
    "ssh {host} systemctl status docker docker.socket",
    "ssh {host} sudo journalctl -u docker -n 30 --no-pager",
  ],
  reference: "https://pkg.go.dev/net/http#Client (Timeout)",
};

export const proxyBetween: Topic = {
  id: "proxy-in-between",
  cause:
    "The client goes to the daemon through a proxy (HTTPS_PROXY), or the proxy's URL begins with https:// although it speaks plain HTTP.",
  danger: "check",
  consequence: "A proxy sees where you connect to, and nothing more as long as TLS verifies.",
  fix: [
    "env | grep -i _proxy",
    "NO_PROXY={host} docker ps",
    "# write the proxy as http://…, also in HTTPS_PROXY",
  ],
  reference: "https://pkg.go.dev/net/http#ProxyFromEnvironment",
  foreign: true,
};

export const registry: Topic = {
  id: "registry-not-the-daemon",
  cause:
    "The daemon answered; its own connection to an image registry failed. This has nothing to do with TLS between you and the daemon.",
  danger: "closed",
  consequence: "This says nothing about who can use the daemon.",
  fix: [
    "# on the daemon's host, put the registry's CA in /etc/docker/certs.d/{registry}/ca.crt",
    "tetherdock run -- docker info # proxy settings and insecure registries of the daemon",
  ],
  reference: "https://docs.docker.com/engine/security/certificates/",
  foreign: true,
};
