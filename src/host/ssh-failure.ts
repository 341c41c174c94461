/** Why the system's ssh failed, from its exit status and its messages. */
import {
  type ErrorCode,
  type ErrorParts,
  quoteForeign,
  shellJoin,
  TetherdockError,
  visible,
} from "../base/index.ts";
import { sshCommand } from "./destination.ts";
import { sshRules } from "./ssh-failure-rules.ts";

/** The facts about an ssh process that failed. */
export interface SshFailure {
  /** 255 for ssh's own failures, 127 from a shell that found no ssh; null if it could not be started at all. */
  readonly status: number | null;
  readonly stderr: string;
  /** stdout instead of an answer. */
  readonly stdout?: string;
  /** As typed by the user; ssh knows it, so hints may use it. */
  readonly destination: string;
}

/** ssh talks to a proxy, such as `ssh -W` to a jump host, over a pipe, which has no address; it prints this instead. */
const OVER_PIPE = /\bUNKNOWN port 65535\b/;
/** The name of a hop in its own message. */
const HOP =
  /(?:hostname|connect to host) (\S+?)(?: port|:)|^(\S+?): Permission denied|host key is known for (\S+)/;
const SHELL_NOT_FOUND = 127;
/** ssh's own exit status; all others come from the command that it started. ssh(1), EXIT STATUS */
const OF_SSH = 255;
const WHY_LINES = 3;

function linesOf(stderr: string): string[] {
  // The text may contain a banner from the other side.
  return stderr
    .split(/\r?\n/)
    .map((line) => visible(line).trim())
    .filter((line) => line !== "");
}

function changedKey(lines: readonly string[], destination: string): TetherdockError | undefined {
  const find = (pattern: RegExp): string | undefined =>
    lines.map((line) => pattern.exec(line)?.[1]).find(Boolean);
  if (find(/(REVOKED HOST KEY DETECTED)/))
    return new TetherdockError("SSH_HOSTKEY_CHANGED", `${destination} presents a revoked host key`, {
      why: lines
        .filter((line) => /revoked/i.test(line))
        .slice(-1)
        .map(quoteForeign),
      hints: ["do not log in; ask the host's administrator"],
    });
  if (!find(/(HOST IDENTIFICATION HAS CHANGED)/)) return undefined;
  const fingerprint = find(/^(SHA256:[A-Za-z0-9+/]+)\.?$/) ?? "the new key";
  const file = find(/^Offending \S+ key in (.+):\d+$/);
  const name = find(/^Host key for (\S+) has changed/) ?? destination;
  return new TetherdockError(
    "SSH_HOSTKEY_CHANGED",
    `${destination} presents a different host key than before`,
    {
      why: [
        `it now shows ${fingerprint}${file ? `; another is in ${quoteForeign(file)}` : ""}`,
        "the host was reinstalled, or somebody intercepts the connection",
      ],
      hints: [
        "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub   # first, on the host's own console: compare the fingerprint",
        `${shellJoin(["ssh-keygen", ...(file ? ["-f", file] : []), "-R", name])}   # if they are the same: removes the old key`,
      ],
    },
  );
}

interface Told {
  readonly code: ErrorCode;
  readonly message: string;
  readonly parts: ErrorParts & { readonly why: readonly string[] };
}

function tell(lines: readonly string[], destination: string): Told | undefined {
  for (const { code, pattern, tell: told } of sshRules) {
    for (const line of lines) {
      const match = pattern.exec(line);
      if (!match) continue;
      const { message, why = [], hints } = told(match, destination);
      return { code, message, parts: { why: [quoteForeign(line), ...why], hints } };
    }
  }
  return undefined;
}

/** The hop's ssh prints its failure first, then the outer ssh complains that the pipe was closed. */
function jumpFailure(lines: readonly string[], destination: string): TetherdockError | undefined {
  if (!lines.some((line) => OVER_PIPE.test(line))) return undefined;
  const own = lines.filter(
    (line) => !OVER_PIPE.test(line) && !line.startsWith("kex_exchange_identification:"),
  );
  const beyond = own.map((line) => /: open failed: (.+)$/.exec(line)?.[1]).find(Boolean);
  if (beyond !== undefined)
    return new TetherdockError("SSH_JUMP_FAILED", `the jump host cannot connect to ${destination}`, {
      why: [quoteForeign(beyond)],
      hints: [sshCommand(destination, { options: ["-v"], run: ["true"] })],
    });
  const hop = own
    .map((line) => HOP.exec(line))
    .find(Boolean)
    ?.slice(1)
    .find(Boolean);
  const inner = tell(own, hop ?? "the jump host");
  const at = hop ? ` ${quoteForeign(hop)}` : "";
  return new TetherdockError(
    "SSH_JUMP_FAILED",
    `cannot connect to ${destination} through its jump host${at}`,
    {
      why: inner?.parts.why.slice(0, 1) ?? own.slice(-WHY_LINES).map(quoteForeign),
      hints: [
        sshCommand(destination, { options: ["-v"], run: ["true"] }),
        `${sshCommand(destination, { options: ["-G"] })} | grep ^proxy`,
      ],
    },
  );
}

/** ssh succeeded, and the login shell failed: nologin, false, a program that does one thing. */
function shellEnded({ status, stdout = "", stderr, destination }: SshFailure): TetherdockError | undefined {
  if (status === null || status === OF_SSH) return undefined;
  return new TetherdockError("HOST_NO_SHELL", `the login shell of ${destination} runs no commands`, {
    why: [
      ...linesOf(`${stderr}\n${stdout}`).slice(-WHY_LINES).map(quoteForeign),
      `it ended with status ${status} instead of starting sh`,
    ],
    hints: [
      sshCommand(destination, { options: ["-T"], run: ["echo it works"] }),
      "take another user, or let this one run commands that ssh gives it",
    ],
  });
}

function missing({ status, stderr }: SshFailure): TetherdockError | undefined {
  const absent = status === null ? /ENOENT/.test(stderr) || stderr === "" : status === SHELL_NOT_FOUND;
  if (!absent || (status !== null && !/ssh: (?:command )?not found|ssh: No such file/.test(stderr)))
    return undefined;
  return new TetherdockError("SSH_MISSING", "ssh is not installed on this machine", {
    hints: ["apt install openssh-client   # on Debian; elsewhere its OpenSSH client", "ssh -V"],
  });
}

/** A hint must also work with a RemoteCommand in the user's configuration: ssh refuses two commands. */
export function withoutRemoteCommand(error: TetherdockError): TetherdockError {
  const { code, message, why, hints, cause } = error;
  const aside = hints.map((hint) =>
    hint.replace(/^ssh (?!-[GV] |.*RemoteCommand=none)/, "ssh -o RemoteCommand=none "),
  );
  return new TetherdockError(code, message, { why, hints: aside, cause });
}

/**
 * Turns a failure of ssh itself into an error that says what to type next. Not for commands that failed on the host.
 * @returns SSH_MISSING, SSH_CONFIG, SSH_HOST_UNKNOWN, SSH_REFUSED, SSH_TIMEOUT, SSH_UNREACHABLE, SSH_HOSTKEY_CHANGED,
 * SSH_HOSTKEY_UNKNOWN, SSH_DENIED, SSH_KEX, SSH_JUMP_FAILED, SSH_CLOSED, or SSH_FAILED for unknown messages;
 *   HOST_NO_SHELL where ssh did not fail
 * @see ssh(1), EXIT STATUS
 */
export function classifySshFailure(failure: SshFailure): TetherdockError {
  const { status, destination } = failure;
  const lines = linesOf(failure.stderr);
  // A changed key comes first: even on a jump host it must not be reported as a mere connection failure.
  const special =
    missing(failure) ??
    shellEnded(failure) ??
    changedKey(lines, destination) ??
    jumpFailure(lines, destination);
  if (special) return special;
  const told = tell(lines, destination);
  if (told) return new TetherdockError(told.code, told.message, told.parts);
  const ended = status === null ? "could not be started" : `ended with status ${status}`;
  return new TetherdockError("SSH_FAILED", `ssh to ${destination} ${ended}`, {
    why: lines.slice(-WHY_LINES).map(quoteForeign),
    hints: [sshCommand(destination, { options: ["-v"], run: ["true"] })],
  });
}
