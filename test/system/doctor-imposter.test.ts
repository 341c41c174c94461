/**
 * A local user of the host runs a process that is named like the engine, or very many: `up` and the doctor take their
 * word for nothing, and what they print stays short.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { copyFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { insideScript } from "../../src/doctor/index.ts";
import { factsScript } from "../../src/facts/index.ts";
import { hostFacts } from "../support/host-facts.ts";
import { makeOpenFolder } from "../support/open-folder.ts";

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
  folder = await makeOpenFolder();
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

test("another user's dockerd names no key and is not shown as the engine; root's is", async () => {
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

// 1500 sockets in two processes, and each in thirty copies of these.
const CROWD = `
import os, socket, sys
for half in range(2):
    if half and os.fork(): break
    if half: kept.clear()
    kept = []
    for _ in range(750):
        kept.append(socket.create_server(("127.0.0.1", 0)))
for _ in range(30):
    if os.fork() == 0: break
print("up", flush=True)
sys.stdin.read()
`;

test("a user's many sockets and processes do not hide those of others, and the output is bounded", async () => {
  const child = spawn("/usr/bin/python3", ["-c", CROWD], {
    ...{ uid: NOBODY, gid: NOBODY, cwd: "/", stdio: ["pipe", "pipe", "inherit"] },
  });
  started.push(child);
  let said = "";
  await new Promise<void>((resolve) => {
    child.stdout?.on("data", (chunk) => {
      said += chunk;
      if (said.length === 62 * "up\n".length) resolve();
    });
  });
  const { stdout } = spawnSync("sh", [], { input: factsScript("marker"), encoding: "utf8" });
  const held = /\nmarker held\n([\d \n]*)/.exec(stdout)?.[1]?.trim().split("\n") ?? [];
  expect([held.length > 1000, held.length <= 5000]).toEqual([true, true]);
  expect(stdout).toMatch(new RegExp(`^marker process ${process.pid}$`, "m"));
});
