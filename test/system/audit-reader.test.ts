/** Reading a log, and going on with what is written: across new files, and until told to stop. */
import { expect, onTestFinished, test, vi } from "vitest";
import type { AuditEvent } from "../../src/audit/index.ts";
import { readAudit } from "../../src/system/audit-log/reader.ts";
import { sampleEvent } from "./audit-sample.ts";
import { Failures, makeFolder, numbersOf, openLog, range, written } from "./audit-stage.ts";

// Processes, disks and flushes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

async function openOne(keep = 50) {
  const directory = makeFolder();
  const clock = { now: 1_764_000_000_000 };
  const sink = await openLog(directory, new Failures(), { keep, clock: () => clock.now });
  let number = 0;
  return {
    directory,
    sink,
    async write(count: number, over: Partial<AuditEvent> = {}) {
      for (let i = 0; i < count; i++) {
        number += 1;
        sink.record(sampleEvent(number, { time: clock.now, ...over }));
        if (number % 3 === 0) await written();
        clock.now += 1000;
      }
      await written();
    },
    timeOf: (request: number) => 1_764_000_000_000 + (request - 1) * 1000,
  };
}

test("filters by client and time, over many files", async () => {
  const log = await openOne();
  await log.write(300);
  await log.write(3, { client: "bob" });
  await log.write(300);
  await log.sink.close();
  expect(await numbersOf(log.directory)).toEqual(range(1, 603));
  expect(await numbersOf(log.directory, { client: "bob" })).toEqual(range(301, 303));
  for (const from of [1, 2, 57, 58, 59, 302, 500, 602, 603])
    expect(await numbersOf(log.directory, { sinceMs: log.timeOf(from) })).toEqual(range(from, 603));
  expect(await numbersOf(log.directory, { sinceMs: log.timeOf(604) })).toEqual([]);
  expect(await numbersOf(log.directory, { sinceMs: log.timeOf(302), client: "bob" })).toEqual([302, 303]);
});

test("follow gives each new record once, across new files, until the signal", async () => {
  const log = await openOne();
  await log.write(10);
  const stop = new AbortController();
  const reading = readAudit(log.directory, { follow: true, signal: stop.signal });
  onTestFinished(() => void reading.return(undefined));
  const seen: number[] = [];
  const readUntil = async (last: number): Promise<void> => {
    while (seen.at(-1) !== last)
      seen.push((JSON.parse((await reading.next()).value as string) as AuditEvent).request);
  };
  await readUntil(10);
  // one at a time: the reader waits before each is written
  for (let number = 11; number <= 15; number++) {
    const next = readUntil(number);
    await log.write(1);
    await next;
  }
  // and more than a file while nobody reads
  await log.write(300);
  await readUntil(315);
  expect(seen).toEqual(range(1, 315));
  const end = reading.next();
  stop.abort();
  expect(await end).toMatchObject({ done: true });
  await log.sink.close();
});

test("follow continues with the oldest file left when files are removed faster than it reads", async () => {
  const log = await openOne(2);
  await log.write(5);
  const stop = new AbortController();
  const reading = readAudit(log.directory, { follow: true, signal: stop.signal });
  expect(JSON.parse((await reading.next()).value as string)).toMatchObject({ request: 1 });
  await log.write(600);
  await log.sink.close();
  const seen: number[] = [];
  while (seen.at(-1) !== 605)
    seen.push((JSON.parse((await reading.next()).value as string) as AuditEvent).request);
  // the file that was open is read to its end; then there is a gap, and no number comes twice or back
  expect(seen.slice(0, 40)).toEqual(range(2, 41));
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeLessThan(604);
  await reading.return(undefined);
});

test("an empty folder is an empty log, and its first record arrives", async () => {
  const directory = makeFolder();
  expect(await numbersOf(directory)).toEqual([]);
  const reading = readAudit(directory, { follow: true });
  const first = reading.next();
  const sink = await openLog(directory, new Failures());
  sink.record(sampleEvent(1));
  expect(JSON.parse((await first).value as string)).toMatchObject({ request: 1 });
  await reading.return(undefined);
  await sink.close();
});

test("a missing folder is an error", async () => {
  await expect(numbersOf(`${makeFolder()}/no`)).rejects.toMatchObject({ code: "FILE_FAILED" });
  await expect(numbersOf(`${makeFolder()}/no`, { follow: true })).rejects.toMatchObject({
    code: "FILE_FAILED",
  });
});
