/**
 * OpenSSH's messages for its failures, and what they mean to the user. Read in OpenSSH 9.2 as it runs, and in the
 * sources of 10.x (ssh.c, sshconnect.c, sshconnect2.c, packet.c, readconf.c); the system's part of a message is
 * strerror(3), which BSD and macOS word differently.
 */
import { type ErrorCode, quoteForeign, shellJoin } from "../base/index.ts";
import { sshCommand } from "./destination.ts";

/** What a rule makes of its match. */
export interface SshTelling {
  readonly message: string;
  /** Besides ssh's own line. */
  readonly why?: readonly string[];
  /** Commands. */
  readonly hints: readonly string[];
}

/** One failure: how to recognise and report it. */
export interface SshRule {
  readonly code: ErrorCode;
  /** Tried line by line, so that `why` can quote ssh's own line. */
  readonly pattern: RegExp;
  /** @param destination as typed by the user */
  readonly tell: (match: RegExpExecArray, destination: string) => SshTelling;
}

const verbose = (destination: string): string => sshCommand(destination, { options: ["-v"], run: ["true"] });
const effective = (destination: string): string =>
  `${sshCommand(destination, { options: ["-G"] })} | grep -E '^(hostname|port|user|proxyjump) '`;

// Errors in the configuration, before ssh opens any connection. "Deprecated option" and "Unsupported option" are
// only warnings, and shells complain about a line too.
const configRules: readonly SshRule[] = [
  {
    code: "SSH_CONFIG",
    pattern: /^Bad owner or permissions on (.+)$/,
    tell: ([, file = ""]) => ({
      message: `ssh does not read ${quoteForeign(file)}, because other users can write it`,
      hints: [shellJoin(["chmod", "600", file])],
    }),
  },
  {
    code: "SSH_CONFIG",
    pattern:
      /^(?!\S*sh: ).+:? line \d+: (?!Deprecated |Unsupported ).+|^.+: terminating, \d+ bad configuration options|^Can't open user config file|^remote username contains invalid|^hostname contains invalid|^jumphost loop via|^Invalid -J argument/,
    tell: (_, destination) => ({
      message: `ssh rejects its configuration for ${destination}`,
      hints: [sshCommand(destination, { options: ["-G"] })],
    }),
  },
];

interface More {
  readonly why?: readonly string[];
  readonly hints?: readonly string[];
}

const connectRule = (code: ErrorCode, errors: string, says: string, { why, hints }: More = {}): SshRule => ({
  code,
  pattern: new RegExp(`^ssh: connect to host (\\S+) port (\\d+): (?:${errors})`),
  tell: ([, host = "", port], destination) => ({
    message: `${says} ${quoteForeign(host)} port ${port}`,
    ...(why && { why }),
    hints: [...(hints ?? []), effective(destination)],
  }),
});

const TIMEOUT = ["the host is down, or a firewall drops ssh from here; its provider may have one too"];

const networkRules: readonly SshRule[] = [
  {
    code: "SSH_HOST_UNKNOWN",
    pattern: /^ssh: Could not resolve host(?:name)? "?([^\s:"]+)/,
    tell: ([, host = ""], destination) => ({
      message: `the name ${quoteForeign(host)} does not resolve to an address`,
      why: ["it is misspelled, or known only to another resolver or ~/.ssh/config"],
      hints: [effective(destination)],
    }),
  },
  connectRule("SSH_REFUSED", "Connection refused", "ssh connection refused by", {
    hints: ["tetherdock up ssh://user@host:PORT   # if sshd listens on another port"],
  }),
  connectRule("SSH_TIMEOUT", "Connection timed out|Operation timed out", "no answer from", { why: TIMEOUT }),
  connectRule("SSH_UNREACHABLE", ".+", "no route to"),
  {
    code: "SSH_TIMEOUT",
    pattern:
      /^Connection timed out during banner exchange|^Connection to .+ timed out$|^Timeout, server .+ not responding/,
    tell: (_, destination) => ({
      message: `${destination} does not answer in time`,
      why: TIMEOUT,
      hints: [verbose(destination)],
    }),
  },
];

const doorRules: readonly SshRule[] = [
  {
    code: "SSH_HOSTKEY_UNKNOWN",
    pattern: /^No \S+ host key is known for|^Host key verification failed/,
    tell: (_, destination) => ({
      message: `the host key of ${destination} is not in known_hosts on this machine`,
      hints: [
        `${sshCommand(destination)}   # once: compare the fingerprint with the host's own, and accept it`,
      ],
    }),
  },
  {
    code: "SSH_DENIED",
    pattern: /Too many authentication failures/,
    tell: (_, destination) => ({
      message: `${destination} closed the connection after too many unknown keys`,
      hints: [
        `ssh -o IdentitiesOnly=yes -i ~/.ssh/YOUR_KEY ${sshCommand(destination, { run: ["true"] }).replace("ssh ", "")}   # offers one key; to keep: IdentityFile, IdentitiesOnly in ~/.ssh/config`,
      ],
    }),
  },
  {
    code: "SSH_DENIED",
    pattern: /^\S+: Permission denied \((.+)\)\.?$/,
    tell: ([, methods = ""], destination) => ({
      message: `${destination} refuses to log this user in (it accepts: ${quoteForeign(methods)})`,
      hints: [verbose(destination), "ssh-add -l"],
    }),
  },
  {
    code: "SSH_KEX",
    pattern: /^Unable to negotiate with .+: (no matching [a-zA-Z ]+ found)/i,
    tell: ([, lack = ""], destination) => ({
      message: `ssh here and ${destination} have no common ground: ${quoteForeign(lack)}`,
      hints: ["man ssh_config   # HostKeyAlgorithms, KexAlgorithms; better: update the older of the two"],
    }),
  },
  {
    code: "SSH_CLOSED",
    pattern:
      /^Connection (?:closed|reset) by |^kex_exchange_identification: |^Connection to .+ closed by remote host|^Disconnected from |^Received disconnect from /,
    tell: (_, destination) => ({
      message: `${destination} cut the ssh connection`,
      why: [
        "its sshd's log says why; hosts ban addresses (fail2ban) and limit new connections (MaxStartups)",
      ],
      hints: [verbose(destination)],
    }),
  },
];

/** In order of precedence: the first rule that matches any line decides. */
export const sshRules: readonly SshRule[] = [...networkRules, ...doorRules, ...configRules];
