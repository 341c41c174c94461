/** Two ends that do not speak the same protocol. */
import type { Topic } from "../entry.ts";

export const plainPeer: Topic = {
  id: "plain-http-where-tls-was-expected",
  cause:
    "The port answers in plain HTTP although the client expects TLS. For Docker that is nearly always a daemon without TLS flags on that port, or one that ignores them: a TCP socket that systemd opens (docker-tcp.socket) and hands over as fd://, on which old daemons never applied TLS. A proxy between can do it too.",
  danger: "open",
  consequence:
    "If it is Docker that answers, whoever reaches this port controls the daemon, and with it the host as root, without any certificate. Certificates on the client change nothing about that.",
  fix: [
    "tetherdock up {host}",
    "ssh {host} systemctl list-sockets --all 'docker*'",
    "ssh {host} sudo systemctl disable --now docker-tcp.socket",
    "# in between, let nobody reach the port: close {port} in the provider's firewall",
  ],
  reference: "https://docs.docker.com/engine/security/protect-access/",
};

export const notTlsPeer: Topic = {
  id: "peer-does-not-speak-tls",
  cause:
    "The peer's first bytes are no TLS. The message does not say what they are: plain HTTP (a daemon without TLS on that port), a proxy, or another service altogether, such as ssh.",
  danger: "check",
  consequence:
    "If a Docker daemon answers there in plain HTTP, everybody who reaches the port is root on the host. If it is another service, only the port is wrong.",
  fix: [
    "curl -sS -m 5 http://{endpoint}/_ping # an answer OK means: open to everybody",
    "tetherdock up {host}",
  ],
  reference: "RFC 8446 section 5.1; https://docs.docker.com/engine/security/protect-access/",
};

export const tlsPeer: Topic = {
  id: "tls-where-plain-http-was-sent",
  cause:
    "The client spoke plain HTTP to a port that wants TLS: DOCKER_HOST is set, but DOCKER_TLS_VERIFY and DOCKER_CERT_PATH are not, or a context without TLS material is in use. docker compose build lost the TLS settings too where it builds with bake (2.37 to 2.39).",
  danger: "closed",
  consequence:
    "The daemon let nothing through; only the request itself, without secrets of TLS, crossed the network in the clear.",
  fix: [
    'eval "$(tetherdock env)"',
    "tetherdock run -- docker ps",
    "env | grep ^DOCKER_; docker context ls",
    "COMPOSE_BAKE=false docker compose build # if only that fails",
  ],
  reference:
    "https://docs.docker.com/engine/security/protect-access/; https://github.com/docker/compose/issues/12679",
};

export const otherService: Topic = {
  id: "another-service-on-the-port",
  cause:
    "Something that speaks neither HTTP nor TLS answers on this port: most often sshd, or a port number mistyped.",
  danger: "closed",
  consequence: "Docker is not reached at all.",
  fix: ["env | grep ^DOCKER_HOST; docker context ls", "ssh {host} sudo ss -ltnp"],
  reference: "https://docs.docker.com/reference/cli/docker/#environment-variables",
};

export const oldTls: Topic = {
  id: "no-tls-version-in-common",
  cause:
    "Client and daemon share no TLS version or cipher: a client or daemon from before TLS 1.2, or a middlebox that takes the connection over.",
  danger: "check",
  consequence:
    "Nobody gets in by this connection. A peer that knows only TLS 1.0 or 1.1 is years without security updates.",
  fix: [
    "openssl s_client -connect {endpoint} -tls1_2 -brief </dev/null",
    "openssl s_client -connect {endpoint} -tls1_3 -brief </dev/null",
    "docker version",
  ],
  reference: "RFC 8996; RFC 8446 section 4.1.3",
};

export const handshakeFailed: Topic = {
  id: "handshake-refused",
  cause:
    "The server broke the handshake off. In TLS 1.2 servers other than Go's answer a missing or unknown client certificate so; otherwise there is no cipher, curve or version in common.",
  danger: "closed",
  consequence:
    "The server kept this client out, as it should keep out everybody without a right certificate.",
  fix: [
    "tetherdock status",
    'eval "$(tetherdock env)"',
    "openssl s_client -connect {endpoint} -brief </dev/null",
  ],
  reference: "RFC 8446 section 6.2",
};

export const tlsAlert: Topic = {
  id: "tls-alert",
  cause: "The peer ended the connection with a TLS alert; which one is decoded above.",
  danger: "closed",
  consequence: "This connection is refused; nothing was let in.",
  fix: ["tetherdock status", "openssl s_client -connect {endpoint} -brief </dev/null"],
  reference: "RFC 8446 section 6",
};
