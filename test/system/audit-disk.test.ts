/** Disks that are full, and one that fails when it is flushed: real file systems, mounted by the test (root). */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { AuditSink } from "../../src/audit/index.ts";
import { verifyAudit } from "../../src/system/audit-log/verifier.ts";
import { run } from "../support/run.ts";
import { sampleEvent } from "./audit-sample.ts";
import { Failures, makeFolder, numbersOf, openLog, range, recordsOf, written } from "./audit-stage.ts";

// Processes, disks and flushes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const sh = (command: string, ...args: string[]): string => execFileSync(command, args, { encoding: "utf8" });

/** A file system of its own, gone with the test. */
function mountTmpfs(size: string): string {
  const folder = makeFolder();
  sh("mount", "-t", "tmpfs", "-o", `size=${size},mode=0700`, "tmpfs", folder);
  onTestFinished(() => void sh("umount", "--lazy", folder));
  return folder;
}

/** Records until the log says that it cannot. @returns the number of the last record */
async function fill(sink: AuditSink, first: number): Promise<number> {
  let number = first;
  while (sink.failure === null) {
    sink.record(sampleEvent(number++));
    await written();
  }
  return number - 1;
}

test("a full disk is reported at once; later records are kept, and written when there is room", async () => {
  const disk = mountTmpfs("256k");
  // less is left than the files that are kept would take
  writeFileSync(join(disk, "ballast"), Buffer.alloc(170 * 1024));
  const failures = new Failures();
  const sink = await openLog(join(disk, "log"), failures);
  const last = await fill(sink, 1);
  expect(sink.failure).toBe(`cannot write ${disk}/log: no space left on the disk`);
  for (let more = 1; more <= 10; more++) sink.record(sampleEvent(last + more));
  // a reader meets no half block
  expect((await verifyAudit(join(disk, "log"))).problems).toEqual([]);
  const again = failures.next();
  rmSync(join(disk, "ballast"));
  expect(await again).toBeNull();
  expect(sink.failure).toBeNull();
  sink.record(sampleEvent(last + 11));
  await sink.close();
  const numbers = await numbersOf(join(disk, "log"));
  expect(numbers).toEqual(range(numbers[0] ?? 0, last + 11));
  const resumed = (await recordsOf(join(disk, "log"))).find(({ rule }) => rule === "audit-resumed");
  expect(resumed?.error).toMatch(/no space left on the disk; for \d+ s; no record was lost/);
  expect(await verifyAudit(join(disk, "log"))).toMatchObject({ ok: true, problems: [] });
  expect(failures.all).toEqual([expect.stringContaining("no space"), null]);
});

test("the kept records have a limit; lost ones are counted and reported in the log", async () => {
  const disk = mountTmpfs("16m");
  const ballast = join(disk, "ballast");
  const failures = new Failures();
  const sink = await openLog(join(disk, "log"), failures, { rotateBytes: 64 * 1024 * 1024 });
  const free = Number(sh("stat", "-f", "-c", "%a", disk)) * 4096;
  writeFileSync(ballast, Buffer.alloc(free - 64 * 1024));
  const last = await fill(sink, 1);
  for (let more = 1; more <= 30_000; more++) sink.record(sampleEvent(last + more));
  const again = failures.next();
  rmSync(ballast);
  await again;
  await sink.close();
  const numbers = await numbersOf(join(disk, "log"));
  const kept = numbers.length;
  expect(numbers).toEqual(range(1, kept));
  const resumed = (await recordsOf(join(disk, "log"))).find(({ rule }) => rule === "audit-resumed");
  expect(resumed?.error).toContain(`; ${last + 30_000 - kept} records were lost`);
  expect((await verifyAudit(join(disk, "log"))).ok).toBe(true);
});

test("a disk that is full from the start is reported by the open log, which recovers", async () => {
  const disk = mountTmpfs("64k");
  mkdirSync(join(disk, "log"));
  writeFileSync(join(disk, "log", "lock"), "");
  writeFileSync(join(disk, "ballast"), Buffer.alloc(Number(sh("stat", "-f", "-c", "%a", disk)) * 4096));
  const failures = new Failures();
  const sink = await openLog(join(disk, "log"), failures);
  sink.record(sampleEvent(1));
  await written();
  expect(sink.failure).toMatch(/no space left on the disk/);
  // the file that could not be begun is not there
  expect(readdirSync(join(disk, "log"))).toEqual(["lock"]);
  const again = failures.next();
  rmSync(join(disk, "ballast"));
  expect(await again).toBeNull();
  await sink.close();
  expect(await numbersOf(join(disk, "log"))).toEqual([1]);
  expect((await verifyAudit(join(disk, "log"))).ok).toBe(true);
});

test("closed while the disk is full: the caller gets the error", async () => {
  const disk = mountTmpfs("64k");
  const sink = await openLog(join(disk, "log"), new Failures());
  await fill(sink, 1);
  await expect(sink.close()).rejects.toMatchObject({
    code: "FILE_FAILED",
    why: ["no space left on the disk"],
  });
});

test("after a failed flush nothing more goes into that file, and further attempts leave no files", async () => {
  // A disk whose pages are taken, and cannot be written: a file system in a file on a disk that is too small for it.
  const small = mountTmpfs("3m");
  const image = join(small, "image");
  sh("truncate", "--size=16M", image);
  sh("mkfs.ext2", "-q", image);
  const disk = makeFolder();
  sh("mount", "-o", "loop,errors=continue", image, disk);
  onTestFinished(() => void sh("umount", "--lazy", disk));
  const failures = new Failures();
  // each attempt asks what time it is
  let attempts = 0;
  const fourth = Promise.withResolvers<void>();
  const clock = (): number => {
    if (failures.all.length > 0 && ++attempts === 8) fourth.resolve();
    return Date.now();
  };
  const sink = await openLog(join(disk, "log"), failures, {
    rotateBytes: 64 * 1024 * 1024,
    syncMs: 1,
    clock,
  });
  const failed = failures.next();
  let number = 1;
  while (sink.failure === null && number < 20_000) {
    sink.record(sampleEvent(number++));
    await written();
  }
  // in the words of the file system, or of the disk below it
  expect(await failed).toMatch(/cannot write .*: (no space left|EIO)/);
  // more than fits into what is left below
  await run(["dd", "if=/dev/zero", `of=${small}/ballast`, "bs=4k"]);
  for (let more = 0; more < 2_500; more++) sink.record(sampleEvent(number++));
  await fourth.promise;
  sh("mount", "-o", "remount,size=64m", small);
  while (sink.failure !== null) await failures.next();
  sink.record(sampleEvent(number));
  await sink.close();
  const files = readdirSync(join(disk, "log")).filter((name) => name !== "lock");
  // far below the size of a file
  expect(files).toHaveLength(2);
  const newest = readFileSync(join(disk, "log", files[1] ?? ""), "utf8");
  expect(newest).toMatch(
    /"rule":"audit-resumed",.*no record was lost; \d+ before it were not flushed, and may be"/,
  );
  expect(newest).toContain(`"request":${number},`);
});
