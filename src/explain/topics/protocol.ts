/** Two ends that do not speak the same protocol. */
import type { Topic } from "../entry.ts";

export const plainPeer: Topic = {
  id: "plain-http-where-tls-was-expected",
  cause:
    "The port answers in plain HTTP although the client expects TLS. With Docker, that is nearly always a daemon without TLS flags on that port, or one that ignores them: a TCP socket that systemd opens (docker-tcp.socket) and passes on as fd://, to which old daemons did not apply TLS. A proxy in between can do it too.",
  danger: "open",
  consequence:
    "If Docker answers, anybody who can reach this port is root on the host, without a certificate. Certificates on the client do not change that.",
  fix: [
    "tetherdock up {host}",
    "ssh {host} systemctl list-sockets --all 'docker*'",
    "ssh {host} sudo systemctl disable --now docker-tcp.socket",
    "# until then, close {port} in the provider's firewall",
  ],
  reference: "https://docs.docker.com/engine/security/protect-access/",
};

export const notTlsPeer: Topic = {
  id: "peer-does-not-speak-tls",
  cause:
    "The peer's first bytes are not TLS. The message does not say what they are: plain HTTP (a daemon without TLS on that port), a proxy, or another service altogether, such as ssh.",
  danger: "check",
  consequence:
    "If a Docker daemon answers there in plain HTTP, anybody who can reach the port is root on the host. If it is another service, only the port is wrong.",
  fix: [
    "curl -sS -m 5 http://{endpoint}/_ping # the answer OK means that it is open to anybody",
    "tetherdock up {host}",
  ],
  reference: "RFC 8446 section 5.1; https://docs.docker.com/engine/security/protect-access/",
};

export const tlsPeer: Topic = {
  id: "tls-where-plain-http-was-sent",
  cause:
    "The client sent plain HTTP to a port that requires TLS: DOCKER_HOST is set, but DOCKER_TLS_VERIFY and DOCKER_CERT_PATH are not, or a context without TLS material is in use. docker compose build with bake (2.37 to 2.39) also loses the TLS settings.",
  danger: "closed",
  consequence: "The daemon refused the request, but the request crossed the network unencrypted.",
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
    "Something that speaks neither HTTP nor TLS answers on this port: most often sshd, or the port number is mistyped.",
  danger: "closed",
  consequence: "Docker was not reached.",
  fix: ["env | grep ^DOCKER_HOST; docker context ls", "ssh {host} sudo ss -ltnp"],
  reference: "https://docs.docker.com/reference/cli/docker/#environment-variables",
};

export const oldTls: Topic = {
  id: "no-tls-version-in-common",
  cause:
    "Client and daemon share no TLS version or cipher: a client or daemon from before TLS 1.2, or a middlebox that intercepts the connection.",
  danger: "check",
  consequence:
    "This connection failed. A peer that supports only TLS 1.0 or 1.1 has had no security updates for years.",
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
    "The server aborted the handshake. With TLS 1.2, servers other than Go's answer a missing or unknown client certificate this way; otherwise there is no cipher, curve or version in common.",
  danger: "closed",
  consequence: "The server refused this client, as it should without a valid certificate.",
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
  consequence: "The connection was refused.",
  fix: ["tetherdock status", "openssl s_client -connect {endpoint} -brief </dev/null"],
  reference: "RFC 8446 section 6",
};
