/** docker-py and docker-compose 1.x, in their own words. */
import type { Message } from "../entry.ts";
import { filesMissing, libraryMismatch } from "../topics/client-setup.ts";
import { notRunning, socketNotThere } from "../topics/daemon.ts";
import { tlsPeer } from "../topics/protocol.ts";

const COMPOSE = "docker/compose 1.29.2 compose/cli/errors.py";

export const dockerPy: readonly Message[] = [
  {
    id: "docker-py-socket-missing",
    says: "docker-py",
    patterns: [/'Connection aborted\.', (?:FileNotFoundError|error)\(2, /],
    source: "docker/docker-py docker/api/client.py",
    example:
      "docker.errors.DockerException: Error while fetching server API version: ('Connection aborted.', FileNotFoundError(2, 'No such file or directory'))",
    meaning: "The program connected to a unix socket on this machine that does not exist.",
    topic: socketNotThere,
  },
  {
    id: "docker-py-scheme",
    says: "docker-py before 7.1 with requests 2.32 or later",
    patterns: [/Not supported URL scheme http\+docker/],
    source: "https://github.com/docker/docker-py/issues/3256",
    example:
      "docker.errors.DockerException: Error while fetching server API version: Not supported URL scheme http+docker",
    meaning: "The HTTP library no longer supports how docker-py extends it.",
    topic: libraryMismatch,
  },
  {
    id: "docker-py-tls-files",
    says: "docker-py",
    patterns: [
      /Invalid CA certificate provided for `(?:ca_cert|tls_ca_cert)`/,
      /Path to a certificate and key files must be provided through the client_(?:cert|config) param/,
    ],
    source: "docker/docker-py docker/tls.py",
    example:
      "docker.errors.TLSParameterError: Path to a certificate and key files must be provided through the client_cert param. TLS configurations should map the Docker CLI client configurations. See https://docs.docker.com/engine/articles/https/ for API details.",
    meaning: "A certificate, key or CA file that the program is configured to use does not exist.",
    topic: filesMissing,
  },
  {
    id: "compose1-tls-files",
    says: "docker-compose 1.x",
    patterns: [/TLS configuration is invalid - make sure your DOCKER_TLS_VERIFY/],
    source: "docker/compose 1.29.2 compose/cli/docker_client.py",
    example:
      "ERROR: TLS configuration is invalid - make sure your DOCKER_TLS_VERIFY and DOCKER_CERT_PATH are set correctly.",
    meaning: "docker-compose did not find the certificate files.",
    topic: filesMissing,
  },
  {
    id: "compose1-cannot-connect",
    says: "docker-compose 1.x",
    patterns: [/Couldn't connect to Docker daemon(?: at (?<where>\S{3,300}))?/],
    source: COMPOSE,
    example:
      "ERROR: Couldn't connect to Docker daemon at https://192.0.2.7:2376 - is it running?\n\nIf it's at a non-standard location, specify the URL with the DOCKER_HOST environment variable.",
    meaning: "docker-compose could not reach a daemon; it does not say why.",
    topic: notRunning,
  },
  {
    id: "python-http-to-https",
    says: "docker-py, passing on dockerd's answer",
    patterns: [/400 Client Error[^\n]{0,300}Client sent an HTTP request to an HTTPS server/],
    source: "https://github.com/docker/docker-py/issues/2493",
    example:
      'docker.errors.APIError: 400 Client Error for http://192.0.2.7:2376/version: Bad Request ("Client sent an HTTP request to an HTTPS server.")',
    meaning: "The daemon got plain HTTP on a port that requires TLS, and said so.",
    topic: tlsPeer,
  },
];
