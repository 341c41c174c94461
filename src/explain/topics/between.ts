/** Programs between a client and Docker, and clients that lose their TLS settings on the way. */
import type { Topic } from "../entry.ts";

export const upgradeLost: Topic = {
  id: "proxy-drops-the-upgrade",
  cause:
    "exec, attach and builds turn their HTTP connection into a raw one (Upgrade: tcp, answered with 101). A proxy in front of Docker answered with another status instead: HAProxy 2.4 and later, and with it Tecnativa's docker-socket-proxy 0.2.0, and any proxy that does not forward Upgrade. Status 403 from a tetherdock gateway means that the client's role does not allow attach.",
  danger: "check",
  consequence:
    "The proxy answers for Docker. If it listens on TCP without TLS, anybody who can reach it can use what it lets through.",
  fix: [
    "curl -sS -m 5 http://{endpoint}/_ping # the answer OK means that it is open to anybody",
    "tetherdock up {host} --gateway # TLS, roles, and upgrades that work",
  ],
  reference: "https://github.com/Tecnativa/docker-socket-proxy/issues/132",
};

export const buildxNeedsContext: Topic = {
  id: "buildx-needs-a-context",
  cause:
    "buildx saves the address of a builder, but not the TLS files that the environment names (DOCKER_CERT_PATH): it requires a docker context that has them.",
  danger: "closed",
  consequence: "No connection was made.",
  fix: ["tetherdock context create LINE", "docker buildx create --use LINE"],
  reference: "https://github.com/docker/buildx/issues/2520",
};

export const hostHeader: Topic = {
  id: "host-header-is-a-path",
  cause:
    "Old Docker clients put the socket's path into the Host header. Go refuses that: servers since 1.6, clients built with Go 1.19.11 or 1.20.6. So an old client does not work with a newer daemon, and a program with Docker's library from before July 2023 stopped working when it was rebuilt.",
  danger: "closed",
  consequence: "The request was not executed.",
  fix: [
    "docker version # update the older of the two",
    "# in a Go program: github.com/docker/docker 24.0.5 or later",
  ],
  reference: "https://github.com/moby/moby/issues/45935",
};

export const javaKey: Topic = {
  id: "java-client-cannot-read-the-key",
  cause:
    "Older Java clients (docker-java before 3, Spotify's docker-client, Jenkins' docker-plugin of that time) read only an RSA key in its traditional form, BEGIN RSA PRIVATE KEY. key.pem contains another kind, such as an EC key, or a key in PKCS #8.",
  danger: "closed",
  consequence: "The client stopped before it connected.",
  fix: [
    "head -1 key.pem",
    "openssl pkey -in key.pem -traditional -out key-traditional.pem # for an RSA key",
    "# for an EC key: update the client",
  ],
  reference: "https://github.com/spotify/docker-client/issues/887",
};

export const sshUrlDialled: Topic = {
  id: "ssh-url-taken-for-a-name",
  cause:
    "The program does not support ssh:// and took user@host for a host name to connect to over TCP. Docker's own CLI supports it, so DOCKER_HOST and the context are right.",
  danger: "closed",
  consequence: "No connection was made.",
  fix: [
    "tetherdock up {destination} # a line works with every client: TCP with TLS",
    "# or update the program: terraform-provider-docker, for one, learned ssh:// later",
  ],
  reference: "https://github.com/hashicorp/terraform-provider-docker/issues/210",
};

export const sshEndpoint: Topic = {
  id: "no-daemon-behind-ssh",
  cause:
    "http://docker stands for a connection that is not TCP: an ssh:// host. ssh worked, but docker on the other side found no daemon: it is not running, or this ssh user cannot open its socket.",
  danger: "closed",
  consequence: "Docker was not reached. No port is involved.",
  fix: [
    "ssh USER@HOST docker version # shows the reason on the host",
    "ssh USER@HOST 'id; ls -l /var/run/docker.sock'",
    "tetherdock up USER@HOST # does not require group docker",
  ],
  reference: "https://github.com/moby/moby/issues/39841",
};
