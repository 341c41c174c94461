/** Proxies, plugins and libraries between people and Docker. */
import type { Message } from "../entry.ts";
import {
  buildxNeedsContext,
  hostHeader,
  javaKey,
  sshEndpoint,
  sshUrlDialled,
  upgradeLost,
} from "../topics/between.ts";

export const between: readonly Message[] = [
  {
    id: "cli-upgrade-refused",
    says: "the docker CLI",
    patterns: [/unable to upgrade to (?:tcp|h2c), received (?<status>[0-9]{3})/],
    source: "https://github.com/Tecnativa/docker-socket-proxy/issues/132",
    example: "unable to upgrade to tcp, received 200",
    meaning: "The CLI requested a raw connection, but the answer was not 101 Switching Protocols.",
    topic: upgradeLost,
    decode: ({ status }) => [
      `status ${status}: ${status === "200" ? "executed, but without the raw connection" : "from whatever answers there"}`,
    ],
  },
  {
    id: "buildx-tls-environment",
    says: "docker buildx",
    patterns: [/could not create a builder instance with TLS data loaded from environment/],
    source: "https://github.com/docker/buildx/issues/2520",
    example:
      "ERROR: could not create a builder instance with TLS data loaded from environment. Please use `docker context create <context-name>` to create a context for current environment and then create a builder instance with context set to <context-name>",
    meaning: "buildx create takes TLS from a context only, not from DOCKER_CERT_PATH.",
    topic: buildxNeedsContext,
  },
  {
    id: "go-invalid-host-header",
    says: "Go: the client since 1.20.6 and 1.19.11, or the daemon since 1.6",
    patterns: [/http: invalid Host header/, /400 Bad Request: (?:malformed|invalid) Host header/],
    source: "https://github.com/moby/moby/issues/45935",
    example: "Error response from daemon: 400 Bad Request: malformed Host header",
    meaning: "The Host header is not a host name but, for example, /var/run/docker.sock.",
    topic: hostHeader,
  },
  {
    id: "java-rsa-key-only",
    says: "older Docker clients in Java",
    patterns: [
      /Invalid RSA private key/,
      /PrivateKeyInfo cannot be cast to (?:class )?org\.bouncycastle\.openssl\.PEMKeyPair/,
    ],
    source: "https://github.com/spotify/docker-client/issues/887",
    example:
      "java.security.spec.InvalidKeySpecException: java.security.InvalidKeyException: Invalid RSA private key",
    meaning: "key.pem is not an RSA key in the only form that this client reads.",
    topic: javaKey,
  },
  {
    id: "cli-cannot-connect-ssh",
    says: "the docker CLI, about an ssh:// host",
    patterns: [
      /Cannot connect to the Docker daemon at http:\/\/docker(?:\.example\.com)?\. Is the docker daemon running/,
    ],
    source: "https://github.com/moby/moby/issues/39841",
    example: "Cannot connect to the Docker daemon at http://docker. Is the docker daemon running?",
    meaning: "ssh connected to the host, but could not reach Docker there.",
    topic: sshEndpoint,
  },
  {
    id: "go-lookup-with-user",
    says: "a program that knows no ssh://, such as terraform-provider-docker",
    patterns: [
      /lookup (?<destination>[A-Za-z0-9_][\w.-]{0,63}@[A-Za-z0-9][\w.-]{0,252})(?: on \S{3,60})?: no such host/,
    ],
    source: "https://github.com/hashicorp/terraform-provider-docker/issues/210",
    example:
      "Error pinging Docker server: error during connect: Get https://root%40myhost.example.com:1234/_ping: dial tcp: lookup root@myhost.example.com: no such host",
    meaning: "user@host was looked up as one name.",
    topic: sshUrlDialled,
  },
];
