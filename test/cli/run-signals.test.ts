/** `tetherdock run`: signals reach the command, each once. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { beforeEach, expect, inject, onTestFinished, test } from "vitest";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates, writeSampleLine } from "./sample-line.ts";

let stage: LaptopStage;
beforeEach(() => {
  stage = makeLaptopStage();
  onTestFinished(() => stage.remove());
  writeSampleLine(stage.home, "vps", makeCertificates(10));
});

/** Says what it receives; ends with the number of signals once a line comes on stdin. */
const COUNTER = `
  let count = 0;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"])
    process.on(name, () => console.log("got", name, ++count));
  process.stdin.once("data", () => process.exit(count));
  console.log("ready");
`;

function lines(child: ChildProcess) {
  if (!child.stdout) throw new Error("no stdout");
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}

test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"] as const)(
  "%s is passed to the command",
  async (signal) => {
    const child = stage.spawn("tetherdock", ["run", "--", "node", "-e", COUNTER]);
    const output = lines(child);
    expect(await output.next()).toMatchObject({ value: "ready" });
    child.kill(signal);
    expect(await output.next()).toMatchObject({ value: `got ${signal} 1` });
    child.stdin?.write("\n");
    expect(await once(child, "exit")).toEqual([1, null]);
  },
);

test("a command that a signal ends: exit status 128+n", async () => {
  const child = stage.spawn("tetherdock", [
    "run",
    "--",
    "node",
    "-e",
    "console.log('ready'); setInterval(() => {}, 1e6)",
  ]);
  expect(await lines(child).next()).toMatchObject({ value: "ready" });
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([143, null]);
});

test("Ctrl-C on a terminal reaches the command once, from the terminal", async () => {
  const env = {
    PATH: `${inject("bin")}:/usr/bin:/bin`,
    HOME: stage.work,
    TETHERDOCK_HOME: stage.home,
    COUNTER: `console.log("run by", process.ppid); ${COUNTER}`,
  };
  const child = spawn("script", ["-qec", 'exec tetherdock run -- node -e "$COUNTER"', "/dev/null"], { env });
  const output = lines(child);
  const tetherdock = Number(/^run by (\d+)$/.exec((await output.next()).value ?? "")?.[1]);
  expect(tetherdock).toBeGreaterThan(1);
  expect(await output.next()).toMatchObject({ value: "ready" });
  child.stdin.write("\u0003");
  const { value } = await output.next();
  expect(value).toMatch(/got SIGINT 1$/);
  // Signals are handed on in order: a second SIGINT would come before this one, and be counted.
  process.kill(tetherdock, "SIGUSR2");
  expect(await output.next()).toMatchObject({ value: "got SIGUSR2 2" });
  child.stdin.write("\n");
  expect(await once(child, "exit")).toEqual([2, null]);
});
