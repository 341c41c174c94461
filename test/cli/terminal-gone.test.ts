/** Output has no place while a command runs: it goes on without, so that it can undo or remove what it made. */
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeLaptopStage } from "./laptop-stage.ts";

const OUTPUT = new URL("../../src/cli/output/output.ts", import.meta.url).href;

/** Takes the hang-up, as a command that has something to undo does, and writes on both streams before its last step. */
const SURVIVOR = `
  import { writeFileSync } from "node:fs";
  import { openStderr, openStdout } from ${JSON.stringify(OUTPUT)};
  const outputs = [openStdout(), openStderr()];
  for (const output of outputs) output.line("ready");
  const going = setInterval(() => {}, 1e6);
  process.on("SIGHUP", () => {
    for (const output of outputs) output.line("undoing");
    setTimeout(() => {
      for (const output of outputs) output.line("undone");
      writeFileSync("undone", "");
      clearInterval(going);
    }, 50);
  });
`;

test("output to a terminal that is gone ends no command", async () => {
  const stage = makeLaptopStage();
  onTestFinished(() => stage.remove());
  const command = `exec '${process.execPath}' --input-type=module-typescript --eval "$SURVIVOR"`;
  const env = { PATH: "/usr/bin:/bin", SURVIVOR };
  const terminal = spawn("script", ["-qefc", command, "/dev/null"], { cwd: stage.work, env, stdio: "pipe" });
  let shown = "";
  terminal.stdout.on("data", (data) => {
    shown += data;
  });
  await expect.poll(() => shown.match(/ready/g)?.length, { timeout: 20_000 }).toBe(2);
  terminal.kill("SIGKILL"); // the terminal's other end closes with it
  await expect.poll(() => existsSync(join(stage.work, "undone")), { timeout: 20_000 }).toBe(true);
});

test("messages for a full disk end no command, and lost output does", () => {
  const code = `
    import { openStderr, openStdout } from ${JSON.stringify(OUTPUT)};
    openStderr().line("lost");
    setTimeout(() => openStdout().line("undone"), 10);
  `;
  const run = (stdout: number | "pipe", stderr: number | "pipe") =>
    spawnSync(process.execPath, ["--input-type=module-typescript", "--eval", code], {
      stdio: ["ignore", stdout, stderr],
    });
  const full = openSync("/dev/full", "w");
  const { status, stdout } = run("pipe", full);
  expect([status, stdout.toString()]).toEqual([0, "undone\n"]);
  expect(run(full, "pipe").status).not.toBe(0);
  closeSync(full);
});
