/** Ctrl-D at a question: there is no answer, and the command says so. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, inject, onTestFinished, test } from "vitest";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";

function stage(): LaptopStage {
  const made = makeLaptopStage();
  onTestFinished(() => made.remove());
  return made;
}

/** Runs it on a terminal, with these keys at the question, each after this text was shown. */
async function onTerminal({ work, home }: LaptopStage, command: string, keys: readonly [string, string][]) {
  const env = {
    PATH: `${inject("bin")}:/usr/local/bin:/usr/bin:/bin`,
    ...{ HOME: work, TETHERDOCK_HOME: home, TERM: "xterm", NO_COLOR: "1" },
  };
  const args = ["-qefc", `stty cols 150 rows 30; exec ${command}`, "/dev/null"];
  const child = spawn("script", args, { cwd: work, env, stdio: "pipe" });
  let shown = "";
  child.stdout.on("data", (data) => {
    shown += data;
  });
  const ended = once(child, "exit");
  for (const [text, typed] of keys) {
    await expect.poll(() => shown, { timeout: 20_000 }).toContain(text);
    child.stdin.write(typed);
  }
  const [status] = await ended;
  return { status, shown };
}

const EXPLAIN = "tetherdock explain 'dial tcp 192.0.2.9:2376: connection refused'";

test("Ctrl-D at a yes or no is a refusal, with the way to answer beforehand", async () => {
  const { status, shown } = await onTerminal(stage(), EXPLAIN, [["Connect to it", "\x04"]]);
  expect(shown).toMatch(/error: there is no answer: .*Connect to it/);
  expect(shown).toMatch(/why: the input ended \(Ctrl-D\)/);
  expect(shown).not.toContain("Warning");
  expect(status).toBe(3);
});

test.each([
  ["at once", "\x04"],
  ["after a passphrase that was deleted again", "ab\x7f\x7f\x04"],
])("Ctrl-D at a passphrase is a refusal, %s", async (_, typed) => {
  const laptop = stage();
  expect(await laptop.run("tetherdock", "fleet", "init", "acme")).toMatchObject({ status: 0 });
  const command = "tetherdock fleet operator protect";
  const { status, shown } = await onTerminal(laptop, command, [["new passphrase for", typed]]);
  expect(shown).toMatch(/error: there is no answer: new passphrase for /);
  expect(shown).toMatch(/try: .*TETHERDOCK_OPERATOR_PASSPHRASE/);
  expect(shown).not.toContain("Warning");
  expect(status).toBe(3);
});

test("answers and Ctrl-C are as they were, also after another question", async () => {
  const laptop = stage();
  await laptop.run("tetherdock", "fleet", "init", "acme");
  const command = "tetherdock fleet operator protect";
  const first = ["new passphrase for", "correct horse\r"] as [string, string];
  const repeat = "repeat the passphrase";
  const given = await onTerminal(laptop, command, [first, [repeat, "correct horse\r"]]);
  expect(given, given.shown).toMatchObject({ status: 0 });
  const other = makeLaptopStage();
  onTestFinished(() => other.remove());
  await other.run("tetherdock", "fleet", "init", "acme");
  for (const [typed, status] of [
    ["\x03", 130],
    ["\x04", 3],
  ] as const) {
    const left = await onTerminal(other, command, [first, [repeat, typed]]);
    expect(left, left.shown).toMatchObject({ status });
  }
});
