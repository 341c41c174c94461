/** A signal at a question: the command ends, as it does at any other time. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { makeLaptopStage } from "./laptop-stage.ts";

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("%s ends a question", async (signal) => {
  const stage = makeLaptopStage();
  onTestFinished(() => stage.remove());
  const env = {
    PATH: `${inject("bin")}:/usr/local/bin:/usr/bin:/bin`,
    HOME: stage.work,
    TETHERDOCK_HOME: stage.home,
    DOCKER_CONFIG: stage.docker,
    TERM: "xterm",
  };
  const command =
    "stty cols 120 rows 30; echo $$ >pid; exec tetherdock explain 'dial tcp 192.0.2.9:2376: connection refused'";
  const child = spawn("script", ["-qefc", command, "/dev/null"], { cwd: stage.work, env, stdio: "pipe" });
  let shown = "";
  child.stdout.on("data", (data) => {
    shown += data;
  });
  const ended = once(child, "exit");
  await expect.poll(() => shown, { timeout: 20_000 }).toContain("Connect to it");
  process.kill(Number(readFileSync(join(stage.work, "pid"), "utf8")), signal);
  expect(await ended).toEqual([130, null]);
  expect(shown).toContain("interrupted");
});
