/** The client list while `up` is at work: the scripts that a host runs, run here by dash in a folder of their own. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sha256 } from "../../src/host/apply/sha256.ts";
import { stepFor } from "../../src/host/apply/step.ts";
import { CHANGED_SINCE } from "../../src/host/journal/transaction.ts";
import { undoScript } from "../../src/host/journal/undo-script.ts";

const BEFORE = "before\n";

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
  const dash = (script: string) => spawnSync("dash", ["-c", here(script)], { encoding: "utf8" });
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
    undo() {
      writeFileSync(join(journal, "undo.sh"), here(undoScript));
      const run = spawnSync("dash", [join(journal, "undo.sh"), "now"], { encoding: "utf8" });
      expect(run.stdout + run.stderr).toMatch(/undone\n$/);
      return run.stdout;
    },
  };
}

test("written, and put back by an undo", () => {
  const { write, list, undo } = stage();
  expect(write()).toMatchObject({ status: 0, stderr: "" });
  expect(list()).toBe("ours\n");
  undo();
  expect(list()).toBe(BEFORE);
});

test("somebody changed it after the plan was made: it is not written, and an undo leaves it", () => {
  const { path, write, list, undo } = stage();
  writeFileSync(path, "bob is revoked\n");
  expect(write()).toMatchObject({ status: CHANGED_SINCE, stdout: `${path}\n` });
  undo();
  expect(list()).toBe("bob is revoked\n");
});

test("somebody changed it after it was written: an undo leaves it, and says so", () => {
  const { path, write, list, undo } = stage();
  write();
  writeFileSync(path, "ours, and bob is revoked\n");
  expect(undo()).toContain(`left: ${path} was changed meanwhile`);
  expect(list()).toBe("ours, and bob is revoked\n");
});

test("it waits for who holds the lock, and gives its own back", () => {
  const { path, write } = stage();
  writeFileSync(`${path}.lock`, "");
  const holder = spawnSync("dash", ["-c", `(sleep 0.5; rm ${path}.lock) >/dev/null 2>&1 &`]);
  expect(holder.status).toBe(0);
  expect(write().status).toBe(0);
  expect(existsSync(`${path}.lock`)).toBe(false);
  expect(sha256(readFileSync(path, "utf8"))).toBe(sha256("ours\n"));
});
