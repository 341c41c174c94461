/**
 * Every error code, once. `docs/errors.md` describes each for the user; a test keeps the two in step.
 * `exit` follows sysexits(3) in spirit: 1 the work failed, 2 the command was typed wrongly,
 * 3 refused before anything was changed, 4 changed and put back, 5 state unclear: look at the host.
 * 126, 127 and 130 are the shell's own.
 */
export const catalogue = {
  USAGE: { exit: 2, title: "the command line is not right" },
  INTERNAL: { exit: 70, title: "a bug in tetherdock" },
  ENDPOINT_INVALID: { exit: 2, title: "an address cannot be read" },
  CREDENTIAL_UNUSABLE: { exit: 3, title: "a key or certificate on this machine cannot be used" },
  SSH_MISSING: { exit: 3, title: "there is no ssh on this machine" },
  SSH_CONFIG: { exit: 3, title: "ssh does not accept its configuration" },
  SSH_HOST_UNKNOWN: { exit: 3, title: "the host's name does not resolve" },
  SSH_REFUSED: { exit: 3, title: "nothing answers on the host's ssh port" },
  SSH_TIMEOUT: { exit: 3, title: "the host does not answer in time" },
  SSH_UNREACHABLE: { exit: 3, title: "there is no way to the host from here" },
  SSH_HOSTKEY_UNKNOWN: { exit: 3, title: "the host's key is not known yet" },
  SSH_HOSTKEY_CHANGED: { exit: 3, title: "the host shows another key than before" },
  SSH_DENIED: { exit: 3, title: "the host does not let this user in" },
  SSH_KEX: { exit: 3, title: "ssh and the host have no algorithm in common" },
  SSH_JUMP_FAILED: { exit: 3, title: "the way over the jump host fails" },
  SSH_CLOSED: { exit: 1, title: "the ssh connection was cut" },
  SSH_FAILED: { exit: 1, title: "ssh failed" },
  INTERRUPTED: { exit: 130, title: "interrupted" },

  LINE_NAME_INVALID: { exit: 2, title: "not a name for a line" },
  LINE_NONE: { exit: 3, title: "no line has been set up here" },
  LINE_UNKNOWN: { exit: 2, title: "no line of this name" },
  LINE_AMBIGUOUS: { exit: 2, title: "several lines and none was named" },
  LINE_BROKEN: { exit: 3, title: "a line's files cannot be read" },
  LINE_EXISTS: { exit: 3, title: "the name is taken by another line" },
  LINE_PENDING: { exit: 3, title: "a line of this name is being set up" },
  CONTEXT_NAME_INVALID: { exit: 2, title: "not a name for a docker context" },
  CONTEXT_UNKNOWN: { exit: 2, title: "no docker context of this name" },
  CONTEXT_TAKEN: { exit: 3, title: "the docker context belongs to another line" },
  CONTEXT_FOREIGN: { exit: 3, title: "the docker context is not tetherdock's" },
  DOCKER_CONFIG_BROKEN: { exit: 3, title: "the docker CLI's config.json cannot be read" },
  SHELL_UNKNOWN: { exit: 2, title: "a shell tetherdock cannot write for" },
  SHELL_UNQUOTABLE: { exit: 3, title: "a value the shell cannot take" },
  COMMAND_NOT_FOUND: { exit: 127, title: "the command to run is not there" },
  COMMAND_NOT_EXECUTABLE: { exit: 126, title: "the command cannot be run" },
  PROMPT_IMPOSSIBLE: { exit: 3, title: "a question and nobody to answer it" },
  FILE_FAILED: { exit: 3, title: "a file on this machine cannot be read or written" },
  EXPLAIN_UNKNOWN: { exit: 1, title: "nothing in the text is known" },

  NAME_INVALID: { exit: 2, title: "not a host name or IP address" },
  NAME_MISSING: { exit: 2, title: "a server certificate without a name" },
  SUBJECT_INVALID: { exit: 2, title: "not a name a certificate can carry" },
  KEY_UNREADABLE: { exit: 3, title: "a key cannot be read" },
  KEY_UNSUITABLE: { exit: 3, title: "a key of the wrong kind" },
  CERTIFICATE_UNREADABLE: { exit: 3, title: "a certificate cannot be read" },
  CA_PASSPHRASE_INVALID: { exit: 2, title: "not a passphrase for a CA key" },
  CA_KEY_LOCKED: { exit: 3, title: "the CA's key needs its passphrase" },
  CA_PASSPHRASE_WRONG: { exit: 3, title: "the passphrase does not open the CA's key" },
  CA_KEY_UNREADABLE: { exit: 3, title: "the CA's key cannot be read" },
  CA_KEY_MISMATCH: { exit: 3, title: "the CA's key and certificate do not belong together" },
  CA_UNSUITABLE: { exit: 3, title: "not a CA that tetherdock can issue with" },
  CA_EXPIRED: { exit: 3, title: "the CA has expired" },
  CA_NOT_YET_VALID: { exit: 3, title: "the CA is not valid yet: a clock is wrong" },

  HOST_NO_ROOT: { exit: 3, title: "the user cannot become root on the host" },
  SUDO_PASSWORD_NEEDED: { exit: 3, title: "sudo on the host asks for a password and nobody is there" },
  SUDO_DENIED: { exit: 3, title: "sudo on the host did not accept the password" },
  HOST_CONNECTION_LOST: { exit: 5, title: "the connection to the host was lost" },
  HOST_TIMEOUT: { exit: 5, title: "the host did not answer in time" },
  FACTS_INCOMPLETE: { exit: 3, title: "the look at the host broke off" },
  HOST_NO_SYSTEMD: { exit: 3, title: "the host does not run systemd" },
  HOST_TOOL_MISSING: { exit: 3, title: "the host lacks a tool that tetherdock needs" },
  HOST_DISK_FULL: { exit: 3, title: "the host's disk is full" },
  HOST_READ_ONLY: { exit: 3, title: "the host's file system is read-only" },
  HOST_CLOCK_OFF: { exit: 3, title: "the clocks of host and laptop differ" },
  HOST_BUSY: { exit: 3, title: "another tetherdock is changing the host" },
  HOST_CHANGED_SINCE: { exit: 3, title: "the host is not what the plan was made for" },
  HOST_STEP_FAILED: { exit: 4, title: "a step on the host failed" },
  DOCKER_MISSING: { exit: 3, title: "docker is not installed on the host" },
  DOCKER_MASKED: { exit: 3, title: "docker is masked on the host" },
  DOCKER_START_FAILED: { exit: 4, title: "docker did not start with the new settings" },
  UNIT_UNREADABLE: { exit: 3, title: "docker's unit is not what tetherdock can read" },
  DAEMON_JSON_BROKEN: { exit: 3, title: "daemon.json is not valid JSON" },
  PORT_TAKEN: { exit: 3, title: "the port is in use on the host" },
  HOST_TLS_FOREIGN: { exit: 3, title: "somebody else's TLS is already set up" },
  HOST_HAS_LINE: { exit: 3, title: "the host carries another laptop's line" },
  DOWN_CONFLICT: { exit: 3, title: "files were changed on the host after up" },
  DOWN_EXPOSES: { exit: 3, title: "undoing would open the API to everybody again" },
  HOST_UNDO_FAILED: { exit: 5, title: "the host could not be put back" },
  NOT_PROVEN: { exit: 4, title: "the engine is not proven to be safe from outside" },
  NOT_REACHABLE: { exit: 4, title: "the engine listens and cannot be reached from here" },
  CONFIRM_TOO_LATE: { exit: 4, title: "the host put itself back before the change was confirmed" },
} as const satisfies Record<string, CatalogueEntry>;

/** What every code has: the process's exit status and a heading for the docs. */
export interface CatalogueEntry {
  readonly exit: 1 | 2 | 3 | 4 | 5 | 70 | 126 | 127 | 130;
  readonly title: string;
}

/** The union of all codes. */
export type ErrorCode = keyof typeof catalogue;
