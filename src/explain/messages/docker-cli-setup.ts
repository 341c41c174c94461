/** The docker CLI about its own files, contexts and addresses. */
import type { Message } from "../entry.ts";
import {
  contextMissing,
  filesMissing,
  fileUnreadable,
  hostUnreadable,
  keyEncrypted,
  keyMismatch,
} from "../topics/client-setup.ts";

const TLSCONFIG = "docker/go-connections tlsconfig/config.go";
const LOAD = "docker/cli cli/context/docker/load.go";
const GO_TLS = "golang/go src/crypto/tls/tls.go";

export const dockerCliSetup: readonly Message[] = [
  {
    id: "cli-ca-missing",
    says: "the docker CLI",
    patterns: [
      /unable to resolve docker endpoint: open [^\n]{1,400}?: (?:no such file or directory|The system cannot find the (?:file|path) specified)/,
      /could not read CA certificate \\?"?[^\n"]{1,300}\\?"?: open [^\n]{1,300}: no such file or directory/i,
    ],
    source: `docker/cli cli/command/cli.go; ${TLSCONFIG}`,
    example:
      "Failed to initialize: unable to resolve docker endpoint: open /home/me/.docker/ca.pem: no such file or directory",
    meaning: "A certificate file is not where the CLI looks for it.",
    topic: filesMissing,
  },
  {
    id: "cli-ca-invalid",
    says: "the docker CLI",
    patterns: [
      /ca\.pem seems invalid/,
      /failed to append certificates from PEM file/,
      /tls: failed to parse private key/,
      /tls: failed to find any PEM data in (?:certificate|key) input/,
      /no valid private key found/,
    ],
    source: `${LOAD}; ${TLSCONFIG}; ${GO_TLS}`,
    example: "Failed to initialize: failed to retrieve context tls info: ca.pem seems invalid",
    meaning:
      "The file exists but contains no readable certificate or key; an ENCRYPTED PRIVATE KEY is not readable either.",
    topic: fileUnreadable,
  },
  {
    id: "cli-key-encrypted",
    says: "the docker CLI",
    patterns: [
      /private key is encrypted[^\n]{0,160}/,
      /Enter passphrase for encrypted TLS private key/,
      /make sure the key is not encrypted/i,
    ],
    source: `${LOAD}; ${TLSCONFIG}`,
    example:
      "Failed to initialize: private key is encrypted - support for encrypted private keys has been removed, see https://docs.docker.com/go/deprecated/",
    meaning: "key.pem needs a passphrase.",
    topic: keyEncrypted,
  },
  {
    id: "cli-key-mismatch",
    says: "Go's crypto/tls, by the docker CLI",
    patterns: [/tls: private key (?:type )?does not match public key(?: type)?/],
    source: GO_TLS,
    example:
      "Failed to initialize: failed to retrieve context tls info: tls: private key does not match public key",
    meaning: "The certificate and the key do not belong together.",
    topic: keyMismatch,
  },
  {
    id: "cli-context-missing",
    says: "the docker CLI",
    patterns: [
      /context "(?<context>[^"\n]{1,120})"(?:: context not found[^\n]{0,300}| does not exist)/,
      /Current context "(?<context>[^"\n]{1,120})" is not found on the file system/,
    ],
    source: "docker/cli cli/context/store/store.go and cli/command/cli.go",
    example: 'unable to resolve docker endpoint: context "vps" does not exist',
    meaning: "There is no context with this name.",
    topic: contextMissing,
  },
  {
    id: "cli-host-malformed",
    says: "the docker CLI",
    patterns: [
      /invalid bind address format: \S{1,260}/i,
      /unable to parse docker host `[^`\n]{0,260}`/,
      /invalid proto, expected tcp: \S{1,260}/i,
    ],
    source: "docker/cli opts/hosts.go; moby/moby client/client.go",
    example:
      "Failed to initialize: unable to resolve docker endpoint: invalid bind address format: https://192.0.2.7:2376",
    meaning: "The address has a form that the CLI cannot read.",
    topic: hostUnreadable,
  },
];
