/** Turns a login on the host into a root shell, through sudo. */
import { Foreign, SECOND_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import { sshCommand } from "../../host/index.ts";
import type { StreamText } from "./stream-text.ts";

/** Asks the user for a password. @param again whether sudo rejected the previous one */
export type AskPassword = (again: boolean) => Promise<string>;

/** The conversation so far. */
export interface Login {
  readonly write: (text: string) => void;
  readonly err: StreamText;
  /** Starts every line that our own commands print. */
  readonly marker: string;
  /** Asks the user for the sudo password; null if there is no terminal. */
  readonly askPassword: AskPassword | null;
  readonly destination: string;
  /** How long sudo may take for each answer; shorter in tests. */
  readonly sudoMs?: number;
}

/** Enough for a slow directory service, or a second factor on a phone. */
const SUDO_MS = 120 * SECOND_MS;
const MAX_ASKED = 10;

type Code = "HOST_NO_ROOT" | "SUDO_DENIED" | "SUDO_PASSWORD_NEEDED";

const REQUIRETTY = /\bmust have a tty to run sudo/;

function hintsFor(code: Code, { err, destination }: Login): string[] {
  const asRoot = shellJoin(["tetherdock", "up", destination.replace(/^(ssh:\/\/)?(?:[^@]*@)?/, "$1root@")]);
  if (code === "SUDO_PASSWORD_NEEDED")
    return [
      "run this in a terminal: it asks for the password",
      asRoot,
      `${sshCommand(destination, { options: ["-t"], run: ["sudo", "-l"] })}   # what this user may do`,
    ];
  if (REQUIRETTY.test(err.text))
    return [
      asRoot,
      `${sshCommand(destination, { options: ["-t"], run: ["sudo", "visudo"] })}   # add a line: Defaults:USER !requiretty`,
    ];
  return [asRoot, `${sshCommand(destination, { run: ["sudo", "-l"] })}   # what this user may do`];
}

function noRoot(login: Login, code: Code, message: string): TetherdockError {
  const { err, marker } = login;
  const lines = err.text.split("\n").filter((line) => !line.includes(marker));
  const said = new Foreign(lines.join("\n")).lastLines(2);
  return new TetherdockError(code, message, {
    why: [...said, "only root can change systemd units and Docker's certificates"],
    hints: hintsFor(code, login),
  });
}

/** The error may be sudo's `requiretty`, which old distributions set: our session has no terminal, and needs none. */
function cannotBecomeRoot(login: Login): TetherdockError {
  const error = noRoot(login, "HOST_NO_ROOT", "this user cannot become root on the host");
  if (!REQUIRETTY.test(login.err.text)) return error;
  return error.with({ why: ["sudo's setting requiretty refuses everybody without a terminal"] });
}

function tooLate({ destination, err }: Login, sudoMs: number): TetherdockError {
  return new TetherdockError(
    "HOST_TIMEOUT",
    `sudo on ${destination} did not answer within ${sudoMs / SECOND_MS} s`,
    {
      why: new Foreign(err.text).lastLines(2).map((line) => `it says ${line}`),
      hints: [
        `${sshCommand(destination, { options: ["-t"], run: ["sudo", "-v"] })}   # to see whether it answers there`,
      ],
    },
  );
}

/**
 * Turns the login shell into a root shell that continues to read from the same stream.
 * @param withoutPassword whether `sudo -n` worked
 * @throws HOST_NO_ROOT no sudo for this user; SUDO_PASSWORD_NEEDED nobody to ask; SUDO_DENIED wrong password;
 *   HOST_TIMEOUT no answer
 */
export async function becomeRoot(login: Login, withoutPassword: boolean): Promise<void> {
  const { write, err, marker, askPassword, sudoMs = SUDO_MS } = login;
  const asks = withoutPassword ? "-n" : `-S -p '${marker} password\n'`;
  write(`exec sudo ${asks} sh -c 'echo "${marker} root" >&2; exec sh'\n`);
  for (let asked = 0; ; asked += 1) {
    // Does not run while the user types: each answer of sudo has its own deadline.
    const deadline = AbortSignal.timeout(sudoMs);
    const next = await err.until(new RegExp(`${marker} (root|password)\n`), deadline);
    if (next?.groups[1] === "root") return;
    if (!next && deadline.aborted) throw tooLate(login, sudoMs);
    if (!next && asked === 0) throw cannotBecomeRoot(login);
    if (!next || asked === MAX_ASKED)
      throw noRoot(login, "SUDO_DENIED", "sudo on the host did not accept the password");
    if (!askPassword) throw noRoot(login, "SUDO_PASSWORD_NEEDED", "sudo on the host asks for a password");
    write(`${await askPassword(asked > 0)}\n`);
  }
}
