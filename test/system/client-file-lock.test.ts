/** The lock on the client list between processes: never taken from one that lives, and free as soon as it dies. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { type Client, formatClients } from "../../src/identity/index.ts";
import { clientFile } from "../../src/system/identity/client-file.ts";

const WRITER = join(import.meta.dirname, "list-writer.ts");
/** Seconds in which a lock whose holder died is free: far less than anybody waits for one that is held. */
const AT_ONCE_MS = 3_000;

const client = (name: string): Client => ({
  ...{ name, fingerprint: null, role: "admin", state: "active", expires: null },
});

async function stage() {
  const folder = mkdtempSync(join(tmpdir(), "tetherdock-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "clients.json");
  const text = formatClients([client("a")]);
  writeFileSync(path, text);
  const store = clientFile(path, Date.now);
  const { revision } = await store.read();
  return { folder, path, store, revision };
}

/** A process that has the lock and waits. @returns once it has it */
async function holder({ path, revision }: Awaited<ReturnType<typeof stage>>, name: string) {
  const folder = mkdtempSync(join(tmpdir(), "tetherdock-flock-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const go = join(folder, "go");
  execFileSync("mkfifo", [go]);
  // Takes the lock, and lets the process go on once somebody has written to the FIFO and closed it.
  const script = `#!/bin/sh\n/usr/bin/flock "$@" && cat ${go} >/dev/null\n`;
  writeFileSync(join(folder, "flock"), script, { mode: 0o755 });
  const child: ChildProcess = spawn(process.execPath, [WRITER, path, revision, name], {
    ...{ stdio: ["ignore", "pipe", "inherit"], detached: true },
    env: { ...process.env, PATH: `${folder}:${process.env["PATH"]}` },
  });
  // The script has the lock's descriptor too.
  const kill = () => process.kill(-(child.pid ?? 0), "SIGKILL");
  onTestFinished(() => {
    try {
      kill();
    } catch {
      // It has ended.
    }
  });
  let said = "";
  child.stdout?.on("data", (bytes) => {
    said += String(bytes);
  });
  // Opens as soon as somebody has it open to read it: the script, with the lock.
  const descriptor = await vi.waitFor(() => openSync(go, constants.O_WRONLY | constants.O_NONBLOCK), 10_000);
  return {
    ...{ child, kill },
    async finish() {
      closeSync(descriptor);
      await once(child, "close");
      return said;
    },
  };
}

test("a living process keeps the lock, however long it takes: no change is lost", async () => {
  const all = await stage();
  const other = await holder(all, "b");
  await expect(all.store.write([client("c")], all.revision)).rejects.toMatchObject({
    code: "FILE_FAILED",
    message: expect.stringContaining("cannot lock"),
    why: [expect.stringContaining("another process")],
  });
  expect(await other.finish()).toBe("ok");
  expect(await all.store.write([client("c")], all.revision)).toBe("conflict");
  expect((await all.store.read()).clients).toEqual([client("b")]);
}, 30_000);

test("the lock of a killed process is free at once", async () => {
  const all = await stage();
  const { child, kill } = await holder(all, "b");
  kill();
  await once(child, "exit");
  const before = performance.now();
  expect(await all.store.write([client("c")], all.revision)).toBe("ok");
  expect(performance.now() - before).toBeLessThan(AT_ONCE_MS);
});

test("a FIFO in the old lock's place delays nobody", async () => {
  const { path, store, revision } = await stage();
  execFileSync("mkfifo", [`${path}.lock`]);
  const before = performance.now();
  expect(await store.write([client("c")], revision)).toBe("ok");
  expect(performance.now() - before).toBeLessThan(AT_ONCE_MS);
});

test("a host without flock: the list is not written, and the error says why", async () => {
  const { store, revision } = await stage();
  const { PATH } = process.env;
  onTestFinished(() => {
    process.env["PATH"] = PATH;
  });
  process.env["PATH"] = "/nowhere";
  await expect(store.write([client("c")], revision)).rejects.toMatchObject({ code: "FILE_FAILED" });
});
