/** A local user of the host runs a process that is named like the engine: the doctor does not take its word for anything. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmod, copyFile, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { insideScript } from "../../src/doctor/index.ts";
import { factsScript } from "../../src/facts/index.ts";
import { hostFacts } from "../support/host-facts.ts";

const NOBODY = 65_534;
const WAITS = "while read -r line; do :; done";
let folder: string;
const started: ChildProcess[] = [];
const server = createServer();

/** A shell under the name `dockerd`, which holds the server's socket as its fourth descriptor. */
async function dockerd(user: number, key: string): Promise<void> {
  const words = ["-c", `echo up; ${WAITS}`, `--tlskey=${key}`];
  // A descriptor to listen on, as systemd would pass it.
  const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
  const child = spawn(join(folder, "dockerd"), words, {
    ...{ uid: user, gid: user, stdio: ["pipe", "pipe", "ignore", fd] },
  });
  started.push(child);
  await new Promise((resolve) => child.stdout?.once("data", resolve));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tetherdock-imposter-"));
  await chmod(folder, 0o755);
  await copyFile("/bin/dash", join(folder, "dockerd"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  for (const child of started) child.stdin?.end();
  server.close();
  await rm(folder, { recursive: true });
});

function look(): string {
  const scripts = [factsScript("marker"), insideScript(hostFacts(), "marker")];
  return scripts.map((input) => spawnSync("sh", [], { input, encoding: "utf8" }).stdout).join("");
}

test("another user's dockerd names no key, and is not shown as the engine where it listens; root's is", async () => {
  await dockerd(NOBODY, "/etc/passwd");
  const theirs = look();
  expect(theirs).not.toMatch(/^marker mode key \d+ \S+ \/etc\/passwd$/m);
  expect(theirs).toMatch(
    new RegExp(`^marker process ${started[0]?.pid}\ndockerd that is not the host's\n`, "m"),
  );
  await dockerd(0, "/etc/hosts");
  const ours = look();
  expect(ours).toMatch(/^marker mode key \d+ \S+ \/etc\/hosts$/m);
  expect(ours).toMatch(new RegExp(`^marker process ${started[1]?.pid}\ndockerd \n`, "m"));
});
