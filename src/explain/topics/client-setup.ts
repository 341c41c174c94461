/** The client's own files, contexts and versions. */
import type { Topic } from "../entry.ts";

const NOT_CONNECTED = "No connection was made.";

export const filesMissing: Topic = {
  id: "certificate-files-missing",
  cause:
    "TLS is turned on (DOCKER_TLS_VERIFY, --tlsverify), but ca.pem, cert.pem or key.pem is not where the client looks: DOCKER_CERT_PATH, else ~/.docker.",
  danger: "closed",
  consequence: NOT_CONNECTED,
  fix: ['eval "$(tetherdock env)"', 'ls -l "$DOCKER_CERT_PATH"', "tetherdock ls"],
  reference: "https://docs.docker.com/engine/security/protect-access/",
};

export const fileUnreadable: Topic = {
  id: "certificate-file-unusable",
  cause:
    "A certificate or key file exists, but contains no readable PEM: it is empty, truncated, DER, or the wrong file.",
  danger: "closed",
  consequence: NOT_CONNECTED,
  fix: [
    'openssl x509 -in "$DOCKER_CERT_PATH/ca.pem" -noout -subject -dates',
    'openssl pkey -in "$DOCKER_CERT_PATH/key.pem" -noout',
    "tetherdock context refresh",
  ],
  reference: "RFC 7468",
};

export const keyEncrypted: Topic = {
  id: "private-key-encrypted",
  cause:
    "The client's key.pem is protected by a passphrase. The docker CLI dropped support for that; a daemon never had it.",
  danger: "closed",
  consequence: `${NOT_CONNECTED} Only the file's mode protects a client key without a passphrase: keep it 0600.`,
  fix: [
    "openssl pkey -in key.pem -out key-plain.pem && chmod 600 key-plain.pem",
    "tetherdock up {host} # creates a key for this machine",
  ],
  reference: "https://github.com/moby/moby/issues/30935",
};

export const keyMismatch: Topic = {
  id: "key-and-certificate-do-not-match",
  cause: "cert.pem and key.pem do not belong together: one of them was replaced or copied without the other.",
  danger: "closed",
  consequence: NOT_CONNECTED,
  fix: [
    'openssl x509 -in "$DOCKER_CERT_PATH/cert.pem" -noout -pubkey | openssl sha256',
    'openssl pkey -in "$DOCKER_CERT_PATH/key.pem" -pubout | openssl sha256',
    "tetherdock context refresh",
  ],
  reference: "RFC 5280 section 4.1.2.7",
};

export const contextMissing: Topic = {
  id: "docker-context-missing",
  cause: "The docker context named by DOCKER_CONTEXT, --context or config.json does not exist for this user.",
  danger: "closed",
  consequence: NOT_CONNECTED,
  fix: ["docker context ls", "tetherdock context create", "docker context use default"],
  reference: "https://docs.docker.com/engine/manage-resources/contexts/",
};

export const hostUnreadable: Topic = {
  id: "docker-host-malformed",
  cause:
    "DOCKER_HOST, -H or the context's address has a form that the client cannot read: tcp://NAME:PORT, unix:///PATH or ssh://USER@HOST.",
  danger: "closed",
  consequence: NOT_CONNECTED,
  fix: ["env | grep ^DOCKER_HOST; docker context ls", 'eval "$(tetherdock env)"'],
  reference: "https://docs.docker.com/reference/cli/docker/#host",
};

export const clientTooNew: Topic = {
  id: "client-newer-than-daemon",
  cause:
    "The client requires an API version that the daemon does not support: DOCKER_API_VERSION is set, or the program does not negotiate.",
  danger: "closed",
  consequence: "The daemon accepted the client; it refused only the version.",
  fix: ["unset DOCKER_API_VERSION", "tetherdock run -- docker version", "# update the engine on the host"],
  reference: "https://docs.docker.com/reference/api/engine/#versioned-api-and-sdk",
};

export const clientTooOld: Topic = {
  id: "client-older-than-daemon",
  cause:
    "The daemon no longer supports the API version that this client uses: since Docker 25 at least 1.24, in 29.0 to 29.2 at least 1.44, later 1.40.",
  danger: "closed",
  consequence: "The daemon accepted the client; it refused only the version.",
  fix: [
    "tetherdock run -- docker version",
    "# update the program that prints this; until then, on the host: DOCKER_MIN_API_VERSION in docker.service",
  ],
  reference: "https://docs.docker.com/reference/api/engine/#api-version-matrix",
};

export const libraryMismatch: Topic = {
  id: "python-libraries-do-not-fit",
  cause: "docker-py before 7.1 (and docker-compose 1.x with it) does not work with requests 2.32 or later.",
  danger: "closed",
  consequence: NOT_CONNECTED,
  fix: [
    "python3 -m pip install --upgrade docker",
    "# docker-compose 1.x is out of support: use docker compose",
  ],
  reference: "https://github.com/docker/docker-py/issues/3256",
};
