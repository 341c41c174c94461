/**
 * A root shell on the host over one ssh connection (the system's OpenSSH with the user's configuration) or, with
 * `--local`, without one. Scripts are sent through standard input, one compound command at a time. A random marker ends
 * each answer, so that other output of a login shell is never mistaken for one.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { Foreign, shellQuote, TetherdockError } from "../../base/index.ts";
import type { HostShell, Payload, ScriptResult } from "../../facts/index.ts";
import { sshCommand } from "../../host/index.ts";
import { writeAll } from "../files/write-all.ts";
import { type AskPassword, becomeRoot } from "./become-root.ts";
import { arrivalCommand, type GreetingTimes, greetingCommand, readGreeting } from "./host-greeting.ts";
import { StreamText } from "./stream-text.ts";

const DEFAULT_TIMEOUT_MS = 60_000;
const CLOSE_PATIENCE_MS = 2_000;

/** How to reach the host, and how to ask for a password. */
export interface HostShellOptions {
  /** Program and arguments; the command for the host's shell is appended as one argument. */
  readonly command: (arrival: string) => readonly string[];
  /** For messages. */
  readonly destination: string;
  /** Asks for the sudo password; null if there is no terminal. */
  readonly askPassword: AskPassword | null;
  /** Aborts the attempt to connect, and any question that ssh asks on the terminal. */
  readonly signal: AbortSignal;
  /** Makes the error for a connection that failed. */
  readonly connectFailure: (status: number | null, stderr: string, stdout: string) => TetherdockError;
  readonly times?: GreetingTimes;
}

/** Implements {@link HostShell} with a child process. */
export class ProcessHostShell implements HostShell {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #out: StreamText;
  readonly #err: StreamText;
  readonly #exit: Promise<number | null>;
  readonly #options: HostShellOptions;
  readonly #marker = `tetherdock-${randomUUID()}`;
  arrivedAt: string | null = null;

  /**
   * Connects and becomes root.
   * @throws what `connectFailure` makes; HOST_NO_ROOT, SUDO_PASSWORD_NEEDED, SUDO_DENIED, HOST_TIMEOUT
   */
  static async open(options: HostShellOptions): Promise<ProcessHostShell> {
    const shell = new ProcessHostShell(options);
    const kill = () => shell.#child.kill();
    options.signal.addEventListener("abort", kill);
    try {
      await shell.#greet();
      return shell;
    } catch (error) {
      await shell.close();
      options.signal.throwIfAborted();
      throw error;
    } finally {
      options.signal.removeEventListener("abort", kill);
    }
  }

  private constructor(options: HostShellOptions) {
    this.#options = options;
    const command = [...options.command(arrivalCommand(this.#marker)), greetingCommand(this.#marker)];
    // Ctrl-C must not end the connection before the host is restored: ssh ignores it, and we handle it.
    this.#child = spawn("/bin/sh", ["-c", 'trap "" INT; exec "$@"', "sh", ...command], { stdio: "pipe" });
    this.#exit = new Promise((resolve) => {
      this.#child.once("exit", resolve);
      this.#child.once("error", () => resolve(null));
    });
    this.#child.stdin.on("error", () => {}); // the end of stdout reports a lost connection
    this.#out = new StreamText(this.#child.stdout);
    this.#err = new StreamText(this.#child.stderr);
  }

  async #greet(): Promise<void> {
    const marker = this.#marker;
    const greeting = await readGreeting(this.#out, this.#err, marker, this.#options.times);
    if (greeting === "late") throw this.#tooLate();
    if (!greeting) throw this.#options.connectFailure(await this.#exit, this.#err.text, this.#out.text);
    this.arrivedAt = greeting.arrivedAt || null;
    if (greeting.uid === "0") return;
    const write = (text: string) => this.#child.stdin.write(text);
    const login = { ...this.#options, ...this.#options.times, write, err: this.#err, marker };
    await becomeRoot(login, !greeting.sudoAsks);
  }

  #tooLate(): TetherdockError {
    this.#child.kill();
    const { destination } = this.#options;
    const said = this.#foreign(`${this.#out.text}\n${this.#err.text}`).lastLines(3);
    return new TetherdockError(
      "HOST_TIMEOUT",
      `the login on ${destination} did not get as far as a command`,
      {
        why: [
          ...said.map((line) => `it says ${line}`),
          "its login shell, or a file that this starts (.profile, .bashrc), waits for something: a menu, say",
        ],
        hints: [
          sshCommand(destination, { options: ["-T"], run: ["echo it works"] }),
          "let it run commands that ssh gives it, or take another user",
        ],
      },
    );
  }

  async run(script: string, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<ScriptResult> {
    const marker = this.#command(`(\n${script}\n) </dev/null`);
    return this.#answer(marker, timeoutMs);
  }

  async send(script: string, payload: Payload, timeoutMs: number): Promise<ScriptResult> {
    const ready = `${this.#marker}-ready-${randomUUID().slice(0, 8)}`;
    // Reads what the script leaves of the payload, so that the shell does not read it as commands.
    const reader = `head -c ${payload.bytes} | (\n(\n${script}\n); status=$?; cat >/dev/null; exit $status)`;
    // Some shells read ahead, so the payload is sent only when the host is ready to read it.
    const marker = this.#command(`{ printf '\\n%s\\n' ${ready}; ${reader}; }`);
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      if (await this.#out.until(new RegExp(`\n${ready}\n`), deadline))
        await writeAll(this.#child.stdin, payload.read(), deadline);
      return await this.#answer(marker, timeoutMs, deadline);
    } catch (error) {
      this.#child.stdin.destroy();
      this.#child.kill();
      throw error;
    }
  }

  atEnd(command: string): void {
    // When the connection is lost, the shell gets a signal or the end of its input, whichever comes first.
    this.#child.stdin.write(`trap ${shellQuote(command)} EXIT; trap 'exit 1' HUP PIPE TERM\n`);
  }

  /** @returns the marker that ends the answer */
  #command(command: string): string {
    const marker = `${this.#marker}-${randomUUID().slice(0, 8)}`;
    const end = `printf '\\n%s %s\\n' ${marker} "$?"; printf '\\n%s\\n' ${marker} >&2`;
    this.#child.stdin.write(`${command}; ${end}\n`);
    return marker;
  }

  async #answer(
    marker: string,
    timeoutMs: number,
    deadline = AbortSignal.timeout(timeoutMs),
  ): Promise<ScriptResult> {
    const out = await this.#out.until(new RegExp(`\n${marker} (\\d+)\n`), deadline);
    const err = out && (await this.#err.until(new RegExp(`\n${marker}\n`), deadline));
    if (out && err)
      return { status: Number(out.groups[1]), stdout: out.before, stderr: this.#foreign(err.before) };
    const { destination } = this.#options;
    if (deadline.aborted)
      throw new TetherdockError("HOST_TIMEOUT", `the host did not answer within ${timeoutMs / 1000} s`, {
        hints: [`${sshCommand(destination)}   # to see whether it still answers`],
      });
    throw new TetherdockError("HOST_CONNECTION_LOST", `the connection to ${destination} was lost`, {
      why:
        this.#out.isTooLong || this.#err.isTooLong
          ? ["it sent more output than tetherdock accepts"]
          : this.#saidLast(2),
      hints: ["run this again: it first checks the state of the host"],
    });
  }

  /** The last lines on stderr that are not ours. */
  #saidLast(count: number): string[] {
    return this.#foreign(this.#err.text).lastLines(count);
  }

  /** Removes our own lines from the host's text. */
  #foreign(text: string): Foreign {
    if (!text.includes(this.#marker)) return new Foreign(text);
    return new Foreign(
      text
        .split("\n")
        .filter((line) => !line.includes(this.#marker))
        .join("\n"),
    );
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    const patience = setTimeout(() => this.#child.kill(), CLOSE_PATIENCE_MS);
    await this.#exit;
    clearTimeout(patience);
    // With ControlPersist a background ssh keeps our pipes open; they must not keep this process alive.
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
  }
}
