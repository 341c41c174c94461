/** The program that says how Go reads a body, compiled from the sources beside this file. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const SOURCES = import.meta.dirname;
/** Outside the caller's home. From Go 1.20 on, it also holds the compiled standard library. */
const CACHE = join(SOURCES, "../../node_modules/.cache/go-build");

export interface GoReading {
  /** What Go reads without a type. */
  readonly plain: string;
  /** What Go reads into the operation's type. */
  readonly typed: string;
}

function compile(folder: string): string {
  const program = join(folder, "go-reader");
  const sources = readdirSync(SOURCES).filter((name) => name.endsWith(".go"));
  execFileSync("go", ["build", "-o", program, ...sources], {
    cwd: SOURCES,
    env: { ...process.env, GOCACHE: CACHE, GO111MODULE: "off", GOFLAGS: "" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return program;
}

export class GoReader {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /** @param folder for the program @param absent places whose empty values count as absent: `Operation:Field.Field` */
  constructor(folder: string, absent: readonly string[]) {
    this.#process = spawn(compile(folder), absent, { stdio: ["pipe", "pipe", "inherit"] });
    if (this.#process.stdout === null) throw new Error("no stdout");
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** @returns a reading for each body, in their order */
  async read(asked: readonly { readonly operation: string; readonly body: Buffer }[]): Promise<GoReading[]> {
    const lines = asked.map(({ operation, body }) => `${operation} ${body.toString("base64")}\n`);
    this.#process.stdin?.write(lines.join(""));
    const readings: GoReading[] = [];
    while (readings.length < asked.length) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error("the Go program has ended");
      const [plain = "", typed = ""] = (value as string).split("\t");
      readings.push({ plain, typed });
    }
    return readings;
  }

  async end(): Promise<void> {
    this.#process.stdin?.end();
    if (this.#process.exitCode === null) await once(this.#process, "exit");
  }
}
