/** Every transcript in scripts/ against the built tetherdock. */
import { spawnSync } from "node:child_process";
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
import { expect, inject, onTestFinished, test } from "vitest";
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

  play(step: Step): void {
    if (step.verb === "line") this.line(step.rest);
    else if (step.verb === "env") this.setEnv(step.rest);
    else if (step.verb === "file") this.file(step.rest);
    else this.run(step);
  }

  private line(rest: string): void {
    const [, name = "", fields = "{}"] = /^(\S+) ?(.*)$/.exec(rest) ?? [];
    const home = this.env["TETHERDOCK_HOME"] ?? join(this.work, "home/.config/tetherdock");
    writeSampleLine(home, name, certificates, JSON.parse(fields || "{}"));
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

  private run(step: Step): void {
    const ran = spawnSync("/bin/sh", ["-c", step.rest], { cwd: this.work, env: this.env, encoding: "utf8" });
    for (const stream of ["stdout", "stderr"] as const)
      expect.soft(difference(step, stream, ran[stream], this.work)).toBeUndefined();
    expect.soft(ran.status, `status of \`${step.rest}\` (line ${step.lineNumber})`).toBe(step.status);
  }
}

test.each(readdirSync(scripts).filter((name) => name.endsWith(".txt")))("%s", (name) => {
  const steps = parseTranscript(readFileSync(join(scripts, name), "utf8"));
  expect(steps.length).toBeGreaterThan(0);
  const stage = new Stage();
  onTestFinished(() => rmSync(stage.work, { recursive: true }));
  for (const step of steps) stage.play(step);
});
