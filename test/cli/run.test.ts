/** Every transcript in scripts/ against the built tetherdock. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, inject, onTestFinished, test } from "vitest";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { makeCertificates, writeSampleLine } from "./sample-line.ts";
import { difference, parseTranscript, type Step } from "./transcript.ts";

const scripts = join(import.meta.dirname, "scripts");
const certificates = makeCertificates(100);

class Stage {
  readonly work = realpathSync(mkdtempSync(join(tmpdir(), "tetherdock-script-")));
  readonly env: Record<string, string> = {
    PATH: `${inject("bin")}:/usr/local/bin:/usr/bin:/bin`,
    HOME: join(this.work, "home"),
    SHELL: "/bin/bash",
    LC_ALL: "C.UTF-8",
  };

  constructor() {
    mkdirSync(join(this.work, "home"));
  }

  /** Of the line "guarded", once a transcript has started one. */
  gateway: GatewayStage | undefined;

  async play(step: Step): Promise<void> {
    if (step.verb === "gateway") this.gateway = await startGateway(this);
    else if (step.verb === "line") this.line(step.rest);
    else if (step.verb === "env") this.setEnv(step.rest);
    else if (step.verb === "file") this.file(step.rest);
    else await this.run(step);
  }

  get home(): string {
    return this.env["TETHERDOCK_HOME"] ?? join(this.work, "home/.config/tetherdock");
  }

  spawn(command: string, args: readonly string[]): ChildProcess {
    return spawn(command, args, { cwd: this.work, env: this.env });
  }

  async end(): Promise<void> {
    await this.gateway?.stop();
    rmSync(this.work, { recursive: true });
  }

  private line(rest: string): void {
    const [, name = "", fields = "{}"] = /^(\S+) ?(.*)$/.exec(rest) ?? [];
    writeSampleLine(this.home, name, certificates, JSON.parse(fields || "{}"));
  }

  private setEnv(rest: string): void {
    const [, name = "", , value] = /^(\w+)(=(.*))?$/.exec(rest) ?? [];
    if (value === undefined) delete this.env[name];
    else this.env[name] = value.replaceAll("$WORK", this.work);
  }

  private file(rest: string): void {
    const [, path = "", text = ""] = /^(\S+) ?(.*)$/.exec(rest) ?? [];
    mkdirSync(dirname(join(this.work, path)), { recursive: true });
    writeFileSync(join(this.work, path), text.replaceAll("\\n", "\n"));
  }

  // Not spawnSync: the engine behind the gateway answers in this process.
  private async run(step: Step): Promise<void> {
    const child = spawn("/bin/sh", ["-c", step.rest], { cwd: this.work, env: this.env });
    child.stdin.end();
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    for (const [stream, output] of Object.entries({ stdout, stderr }) as ["stdout" | "stderr", string][])
      expect.soft(difference(step, stream, output, this.work)).toBeUndefined();
    expect.soft(status, `status of \`${step.rest}\` (line ${step.lineNumber})`).toBe(step.status);
  }
}

test.each(readdirSync(scripts).filter((name) => name.endsWith(".txt")))("%s", async (name) => {
  const steps = parseTranscript(readFileSync(join(scripts, name), "utf8"));
  expect(steps.length).toBeGreaterThan(0);
  const stage = new Stage();
  onTestFinished(() => stage.end());
  for (const step of steps) await stage.play(step);
});
