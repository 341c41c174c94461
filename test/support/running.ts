/** A program that runs during the test: the test reads its output, types to it, and ends it by its own id only. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

const PATIENCE_MS = 30_000;

/** How it ended. */
export interface Ended {
  /** stdout and stderr in order of arrival. */
  readonly text: string;
  /** Exit status, null when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** It leads a process group, which ends at the block's end. */
  readonly group?: boolean;
}

/** `await using running = laptop.start([…])` makes sure that nothing outlives the block. */
export class Running implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #group: boolean;
  readonly ended: Promise<Ended>;
  /** Its output so far. */
  text = "";
  #heard = Promise.withResolvers<void>();
  #over = false;

  constructor(argv: readonly [string, ...string[]], { group = false, ...spawning }: RunningOptions) {
    const [file, ...args] = argv;
    this.#group = group;
    this.#child = spawn(file, args, { ...spawning, detached: group, stdio: "pipe" });
    this.#child.stdin.on("error", () => {}); // it may end without reading
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        this.text += chunk;
        this.#wake();
      });
    this.ended = new Promise((resolve, reject) => {
      this.#child.on("error", reject);
      this.#child.on("close", (status, signal) => {
        this.#over = true;
        this.#wake();
        resolve({ text: this.text, status, signal });
      });
    });
  }

  #wake(): void {
    this.#heard.resolve();
    this.#heard = Promise.withResolvers();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /**
   * Waits until it has printed this, counted from `from`.
   * @returns the match's end, for the next wait; throws at its end or after `withinMs`
   */
  async until(pattern: RegExp, { from = 0, withinMs = PATIENCE_MS } = {}): Promise<number> {
    const deadline = AbortSignal.timeout(withinMs);
    const late = new Promise<void>((resolve) => {
      deadline.onabort = () => resolve();
    });
    for (;;) {
      const match = pattern.exec(this.text.slice(from));
      if (match) return from + match.index + match[0].length;
      if (this.#over) throw new Error(`it ended without printing ${pattern}:\n${this.text}`);
      if (deadline.aborted)
        throw new Error(`after ${withinMs} ms it has not printed ${pattern}:\n${this.text}`);
      await Promise.race([this.#heard.promise, late]);
    }
  }

  type(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Ends its standard input. */
  endInput(): void {
    this.#child.stdin.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Also after it has ended: its children may still run. */
  #killGroup(): void {
    try {
      process.kill(-this.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#group) this.#killGroup();
    else if (!this.#over) this.#child.kill("SIGKILL");
    await this.ended;
  }
}
