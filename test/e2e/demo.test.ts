/** scripts/demo tells a story and fails where it is not true; here it is heard to its end, without a terminal. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { run } from "../support/run.ts";
import { Running } from "../support/running.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LIMIT_MS = 600_000;

/** A host of ours that still runs bears the demo's process id in its name. */
async function demoHosts(): Promise<string[]> {
  const { stdout } = await run([`${ROOT}test/hosts/vps`, "list"]);
  return stdout.split("\n").filter((line) => line.startsWith("demo-"));
}

test("scripts/demo: both pitfalls open, then closed; a build, a container, a refused client, a fleet, down; no host left", {
  timeout: LIMIT_MS,
}, async () => {
  const others = await demoHosts();
  const { stdout, stderr, status } = await run([`${ROOT}scripts/demo`]);
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  // in this order, each once: nothing was skipped
  const chapters = [...stdout.matchAll(/^(\d)\. /gm)].map(([, number]) => Number(number));
  expect(chapters).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(stdout).toMatch(/^\$ docker -H tcp:\/\/one\.example:2375 run .*\nroot:/m);
  expect(stdout).toMatch(/^hello from the host$/m);
  expect(stdout).toContain("the role viewer may not call ContainerCreate");
  expect(stdout.match(/^\$ DOCKER.*eva.*\n.*revoked/gm)).toHaveLength(3);
  expect(stdout).toContain("all of it was true");
  // the goal is three minutes; a loaded machine is given two more
  const seconds = Number(/^the story took (\d+) s$/m.exec(stdout)?.[1]);
  expect(seconds).toBeLessThan(300);
  expect((await demoHosts()).filter((line) => !others.includes(line))).toEqual([]);
});

test("the demo ends with exit status 1 at the first unexpected result", async () => {
  const tell = (what: string) =>
    run(["bash", "-c", `. ${ROOT}scripts/lib/narrate.sh; ${what}; echo still here`]);
  expect(await tell("run 'echo a' '^b'")).toMatchObject({ status: 1, stdout: "\n$ echo a\na\n" });
  expect(await tell("run 'echo a; false'")).toMatchObject({ status: 1, stdout: "\n$ echo a; false\na\n" });
  expect(await tell("refused 'echo in' in")).toMatchObject({ status: 1, stdout: "\n$ echo in\nin\n" });
  expect(await tell("refused 'echo no >&2; false' yes")).toMatchObject({ status: 1 });
  expect(await tell("refused 'echo no >&2; false' no")).toMatchObject({ status: 0 });
});

test("interrupted, scripts/demo takes its hosts down", async () => {
  const others = await demoHosts();
  await using demo = new Running([`${ROOT}scripts/demo`], { env: process.env, cwd: ROOT });
  await demo.until(/^2\. /m, { withinMs: 240_000 });
  expect((await demoHosts()).filter((line) => !others.includes(line))).toHaveLength(3);
  demo.kill("SIGINT");
  const { text, status } = await demo.ended;
  expect(status, text).not.toBe(0);
  expect(text).not.toContain("all of it was true");
  expect((await demoHosts()).filter((line) => !others.includes(line))).toEqual([]);
});
