/** The client list while `up` is at work: the scripts that a host runs, run here by dash in a folder of their own. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { stepFor } from "../../src/host/apply/step.ts";
import { CHANGED_SINCE, LIST_LOCKED, openScript } from "../../src/host/journal/transaction.ts";
import { undoScript } from "../../src/host/journal/undo-script.ts";

const BEFORE = "before\n";
/** Longer than anything waits for a lock. */
const TIMEOUT_MS = 9_000;

function stage() {
  const folder = mkdtempSync(join(tmpdir(), "tetherdock-shared-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "state/clients.json");
  const journal = join(folder, "journal/0007");
  for (const made of ["state", "bin", "journal/0007/before"])
    mkdirSync(join(folder, made), { recursive: true });
  writeFileSync(join(folder, "bin/systemctl"), "#!/bin/sh\n");
  chmodSync(join(folder, "bin/systemctl"), 0o755);
  writeFileSync(path, BEFORE);
  writeFileSync(join(journal, "before/1"), BEFORE);
  writeFileSync(join(journal, "entries"), `1 shared ${path}\n`);
  for (const name of ["pending", "units", "gateway"]) writeFileSync(join(journal, name), "");
  const here = (script: string) =>
    script
      .replaceAll("/var/lib/tetherdock", join(folder, "journal"))
      .replaceAll("/etc/systemd/system", folder)
      .replace("PATH=/usr/sbin", `PATH=${folder}/bin:/usr/sbin`)
      // Here the way leads through /tmp.
      .replace('ours_alone "$above" ||', "true ||");
  const dash = (script: string) =>
    spawnSync("dash", ["-c", here(script)], { encoding: "utf8", timeout: TIMEOUT_MS });
  const owner = `${process.getuid?.()}:${process.getgid?.()}`;
  return {
    path,
    list: () => readFileSync(path, "utf8"),
    write() {
      const before = { path, mode: "600", owner, text: BEFORE };
      const shared = {
        kind: "write",
        path,
        before,
        after: "ours\n",
        mode: "600",
        shared: true,
        reason: "",
      } as const;
      return dash(stepFor(shared, { certificate: "", staging: "", number: 7 }).script);
    },
    open() {
      const about = { lineId: "", lineName: "", port: 1, exposedPorts: [], by: "", at: "", version: "" };
      const touched = [{ path, expect: "absent", shared: true }] as const;
      const none = { sockets: [], gatewayUnits: [], trees: [], staging: null };
      return dash(openScript({ number: 8, about, touched, ...none, confirmWithinS: 60 }));
    },
    undo() {
      writeFileSync(join(journal, "undo.sh"), here(undoScript));
      const run = spawnSync("dash", [join(journal, "undo.sh"), "now"], {
        encoding: "utf8",
        timeout: TIMEOUT_MS,
      });
      expect(run.stdout, run.stderr).toMatch(/undone\n$/);
      return run.stdout;
    },
  };
}

test("written, and restored by an undo", () => {
  const { write, list, undo } = stage();
  expect(write()).toMatchObject({ status: 0, stderr: "" });
  expect(list()).toBe("ours\n");
  undo();
  expect(list()).toBe(BEFORE);
});

test("changed by somebody else after the plan: it is not written, and an undo leaves it", () => {
  const { path, write, list, undo } = stage();
  writeFileSync(path, "bob is revoked\n");
  expect(write()).toMatchObject({ status: CHANGED_SINCE, stdout: `${path}\n` });
  undo();
  expect(list()).toBe("bob is revoked\n");
});

test("changed by somebody else after the write: an undo leaves it, and says so", () => {
  const { path, write, list, undo } = stage();
  write();
  writeFileSync(path, "ours, and bob is revoked\n");
  expect(undo()).toContain(`left: ${path} was changed meanwhile`);
  expect(list()).toBe("ours, and bob is revoked\n");
});

const locked = (path: string, seconds: number) =>
  spawn("flock", ["--no-fork", dirname(path), "sh", "-c", `echo locked; exec sleep ${seconds}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });

test("a write waits for the gateway's lock, and leaves no lock of its own", async () => {
  const { path, write } = stage();
  const holder = locked(path, 0.5);
  await once(holder.stdout, "data");
  expect(write().status).toBe(0);
  expect(spawnSync("flock", ["-n", dirname(path), "true"]).status).toBe(0);
  expect(readFileSync(path, "utf8")).toBe("ours\n");
});

test("a write waits five seconds for another process's lock, then writes nothing", async () => {
  const { path, write, list } = stage();
  const holder = locked(path, 60);
  onTestFinished(() => void holder.kill());
  await once(holder.stdout, "data");
  expect(write()).toMatchObject({
    status: LIST_LOCKED,
    stderr: expect.stringContaining("another process has held the lock"),
  });
  expect(list()).toBe(BEFORE);
}, 20_000);

test("an undo waits no longer for the lock either: it leaves the list, and restores the rest", async () => {
  const { path, write, list, undo } = stage();
  write();
  const holder = locked(path, 60);
  onTestFinished(() => void holder.kill());
  await once(holder.stdout, "data");
  expect(undo()).toContain(`left: ${path} is locked`);
  expect(list()).toBe("ours\n");
}, 20_000);

test.each([
  ["a FIFO", (path: string) => spawnSync("mkfifo", [path])],
  ["a link to a file", (path: string) => symlinkSync(`${path}.victim`, path)],
  ["a directory", (path: string) => mkdirSync(path)],
])("%s in the old lock's place stops neither up nor its undo", (_what, plant) => {
  const { path, write, list, undo } = stage();
  plant(`${path}.lock`);
  expect(write()).toMatchObject({ status: 0, stderr: "" });
  expect(list()).toBe("ours\n");
  undo();
  expect(list()).toBe(BEFORE);
  expect(existsSync(`${path}.lock.victim`)).toBe(false);
});

test("a FIFO in place of the list is not opened, and an undo leaves it", () => {
  const { path, write, undo } = stage();
  rmSync(path);
  spawnSync("mkfifo", [path]);
  expect(write()).toMatchObject({ status: CHANGED_SINCE });
  expect(undo()).toContain("undone");
  expect(statSync(path).isFIFO()).toBe(true);
});

test("a journal does not open over a FIFO in place of a file, and says which", () => {
  const { path, open } = stage();
  rmSync(path);
  spawnSync("mkfifo", [path]);
  expect(open()).toMatchObject({ status: CHANGED_SINCE, stdout: `${path}\n` });
});
