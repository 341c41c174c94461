/** The parts of a log: none pushes anything out of another, and they are read as one. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { type AuditPart, auditFileName } from "../../src/audit/index.ts";
import { readAudit } from "../../src/system/audit-log/reader.ts";
import { verifyAudit } from "../../src/system/audit-log/verifier.ts";
import { sampleEvent } from "./audit-sample.ts";
import { Failures, makeFolder, numbersOf, openLog, range, written } from "./audit-stage.ts";

// Processes, disks and flushes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

/** Records from `first` on, three a block. */
async function write(directory: string, part: AuditPart, first: number, last: number): Promise<void> {
  const sink = await openLog(directory, new Failures(), { keep: 4 });
  for (let number = first; number <= last; number++) {
    sink.record(sampleEvent(number), part);
    if (number % 3 === 0) await written();
  }
  await sink.close();
}

test("a full part pushes out its own oldest records, and verify says which are gone and since when", async () => {
  const directory = makeFolder();
  await write(directory, "actions", 1, 3);
  await write(directory, "reads", 4, 303);
  await write(directory, "refusals", 304, 603);
  const numbers = await numbersOf(directory);
  expect(numbers.slice(0, 3)).toEqual([1, 2, 3]);
  const found = await verifyAudit(directory);
  expect(found).toMatchObject({ ok: true, complete: false, problems: [] });
  const [actions, reads, refusals] = found.parts;
  expect(actions).toMatchObject({ part: "actions", files: 1, records: 3, rotated: 0 });
  for (const part of [reads, refusals]) {
    expect(part).toMatchObject({ files: 2, newest: expect.stringMatching(/^(reads|refusals)-0000000\d/) });
    expect(part?.rotated).toBeGreaterThan(1);
    expect(part?.begins).toBeGreaterThan(actions?.begins ?? 0);
  }
  expect(numbers).toHaveLength(found.records);
});

test("a log without rotated files is complete; one whose actions were removed is not", async () => {
  const directory = makeFolder();
  await write(directory, "actions", 1, 3);
  await write(directory, "reads", 4, 6);
  expect(await verifyAudit(directory)).toMatchObject({ ok: true, complete: true });
  rmSync(join(directory, auditFileName(1)));
  expect(await verifyAudit(directory)).toMatchObject({
    ok: false,
    complete: false,
    problems: [{ file: auditFileName(1), line: null, what: expect.stringContaining("missing") }],
  });
});

test("a log from before there were parts continues, and nothing of it is lost", async () => {
  const directory = makeFolder();
  // all in one chain, whatever it was
  await write(directory, "actions", 1, 150);
  const before = readdirSync(directory);
  await write(directory, "reads", 151, 153);
  await write(directory, "actions", 154, 156);
  expect(await numbersOf(directory)).toEqual(range(1, 156));
  expect(readdirSync(directory)).toEqual(expect.arrayContaining(before));
  expect(await verifyAudit(directory)).toMatchObject({ ok: true, complete: true, records: 156 });
});

test("records of all parts are read in order of time, also with filters", async () => {
  const part = fc.constantFrom<AuditPart>("actions", "reads", "refusals");
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 120 }), fc.nat(120), async (parts, since) => {
      const directory = makeFolder();
      const sink = await openLog(directory, new Failures(), { keep: 100, rotateBytes: 2_000 });
      for (const [at, one] of parts.entries()) {
        sink.record(sampleEvent(at), one);
        if (at % 7 === 0) await written();
      }
      await sink.close();
      expect(await numbersOf(directory)).toEqual(range(0, parts.length - 1));
      const { time } = sampleEvent(since);
      const late = range(Math.min(since, parts.length), parts.length - 1);
      expect(await numbersOf(directory, { sinceMs: time })).toEqual(late);
    }),
    { numRuns: 15 },
  );
});

test("follow gives new records of every part", async () => {
  const directory = makeFolder();
  const sink = await openLog(directory, new Failures());
  const stop = new AbortController();
  const reading = readAudit(directory, { follow: true, signal: stop.signal });
  onTestFinished(() => void reading.return(undefined));
  const parts: AuditPart[] = ["reads", "actions", "refusals", "reads", "refusals", "actions"];
  for (const [number, part] of parts.entries()) {
    const next = reading.next();
    sink.record(sampleEvent(number), part);
    expect(JSON.parse((await next).value as string)).toMatchObject({ request: number });
  }
  await sink.close();
});

test("write(): earlier records are in the file when it returns", async () => {
  const directory = makeFolder();
  const sink = await openLog(directory, new Failures());
  for (let number = 1; number <= 5; number++) {
    sink.record(sampleEvent(number));
    sink.write("actions");
    expect(readFileSync(join(directory, auditFileName(1)), "utf8")).toContain(`"request":${number},`);
  }
  await sink.close();
  expect(await verifyAudit(directory)).toMatchObject({ ok: true, records: 5 });
});
