/** The docker CLI about the daemon, and the daemon's answers to it. */
import type { Message } from "../entry.ts";
import { clientTooNew, clientTooOld } from "../topics/client-setup.ts";
import { connectFailed, notRunning, socketDenied, socketNotThere } from "../topics/daemon.ts";

const REQUEST = "moby/moby client/request.go";
const ERRORS = "moby/moby client/errors.go";
const VERSION = "moby/moby daemon/server/middleware/version.go";

export const dockerCli: readonly Message[] = [
  {
    id: "cli-cannot-connect-tcp",
    says: "the docker CLI",
    patterns: [
      /Cannot connect to the Docker daemon at (?:tcp|https?):\/\/(?!docker(?:\.example\.com)?\. Is)[^\s"']{1,260}?\. Is the docker daemon running/,
    ],
    source: ERRORS,
    example: "Cannot connect to the Docker daemon at tcp://192.0.2.7:2376. Is the docker daemon running?",
    meaning: "The connection was refused or timed out; the CLI does not say which.",
    topic: notRunning,
  },
  {
    id: "cli-cannot-connect-unix",
    says: "the docker CLI",
    patterns: [
      /Cannot connect to the Docker daemon at (?:unix|npipe):\/\/[^\s"']{1,300}?\. Is the docker daemon running/,
      /Cannot connect to the Docker daemon\. Is (?:'docker (?:-d|daemon)'|the docker daemon) running on this host/,
      /failed to connect to the docker API at unix:\/\/[^\s;]{1,300}/,
    ],
    source: `${ERRORS}; docker/docker v1.6.0 api/client/utils.go`,
    example:
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    meaning: "The CLI connected to a local unix socket, but nothing listens there.",
    topic: socketNotThere,
  },
  {
    id: "cli-socket-denied",
    says: "the docker CLI",
    patterns: [
      /permission denied while trying to connect to the docker (?:API|daemon socket) at unix:\/\/[^\s:]{1,300}/i,
      /dial unix [^\s:]{1,300}: connect: permission denied/,
      /PermissionError\(13, 'Permission denied'\)/,
    ],
    source: REQUEST,
    example:
      'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/containers/json": dial unix /var/run/docker.sock: connect: permission denied',
    meaning: "The socket exists, but this user may not open it.",
    topic: socketDenied,
  },
  {
    id: "daemon-client-too-new",
    says: "dockerd, to the client",
    patterns: [
      /client version (?<client>[0-9.]{3,8}) is too new\. Maximum supported API version is (?<server>[0-9.]{3,8}[0-9])/,
      /client is newer than server \(client API version: (?<client>[0-9.]{3,8}), server API version: (?<server>[0-9.]{3,8})\)/,
    ],
    source: `${VERSION}; docker/docker v1.10.0 errors/server.go`,
    example:
      "Error response from daemon: client version 1.47 is too new. Maximum supported API version is 1.41",
    meaning: "The client requested an API version that this daemon does not support.",
    topic: clientTooNew,
    decode: ({ client, server }) => [`requested: API ${client}; the daemon knows up to ${server}`],
  },
  {
    id: "daemon-client-too-old",
    says: "dockerd, to the client",
    patterns: [
      /client version (?<client>[0-9.]{3,8}) is too old\. Minimum supported API version is (?<server>[0-9.]{3,8}[0-9])/,
      /client is too old, minimum supported API version is (?<server>[0-9.]{3,8}[0-9])/,
    ],
    source: `${VERSION}; docker/docker v1.8.0 api/server/server.go`,
    example:
      "Error response from daemon: client version 1.22 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version",
    meaning: "The client requested an API version that this daemon no longer supports.",
    topic: clientTooOld,
    decode: ({ client = "an older one", server }) => [
      `requested: API ${client}; the daemon requires at least ${server}`,
    ],
  },
  {
    id: "cli-error-during-connect",
    says: "the docker CLI",
    patterns: [/error during connect: /i, /An error occurred trying to connect: /],
    source: `${REQUEST}; docker/docker v1.7.0 api/client/utils.go`,
    example:
      'error during connect: Get "https://192.0.2.7:2376/v1.50/containers/json": something nobody has seen yet',
    meaning: "The CLI prints this before the reason of any failed connection.",
    topic: connectFailed,
  },
];
