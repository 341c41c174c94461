/** A writer killed in the middle of its work, again and again: what it wrote before the last milliseconds is there, and holds. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { verifyAudit } from "../../src/system/audit-log/verifier.ts";
import { Failures, makeFolder, numbersOf, openLog, range } from "./audit-stage.ts";

// Processes, disks and flushes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const WRITER = fileURLToPath(new URL("audit-writer.ts", import.meta.url));

/** Runs a writer until it has said that `enough` records are in the file; kills it. @returns the last that it said */
async function writeUntilKilled(directory: string, first: number, enough: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, directory, `${first}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let last = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("opened")) continue;
    last = Number(line);
    if (last >= first + enough && !child.killed) child.kill("SIGKILL");
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  expect(child.signalCode).toBe("SIGKILL");
  return last;
}

test("kill -9: every gathered record is there, once and in order, and the next writer continues", async () => {
  const directory = makeFolder();
  let first = 1;
  for (let round = 0; round < 6; round++) {
    const said = await writeUntilKilled(directory, first, 300 + 137 * round);
    // sealed or not by the one that was killed; the lock went with it
    await (await openLog(directory, new Failures(), { keep: 1000 })).close();
    const numbers = await numbersOf(directory);
    expect(numbers).toEqual(range(1, numbers.length));
    expect(numbers.length).toBeGreaterThanOrEqual(said);
    first = numbers.length + 1;
  }
  // the chain holds through all its deaths
  expect(await verifyAudit(directory)).toMatchObject({ ok: true, problems: [] });
});

test("a log can be verified while it is written", async () => {
  const directory = makeFolder();
  const child = spawn(process.execPath, [WRITER, directory], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // opened, and a turn
  await lines.next();
  await lines.next();
  let records = 0;
  for (let round = 0; round < 10; round++) {
    const found = await verifyAudit(directory);
    expect(found.problems).toEqual([]);
    expect(found.records).toBeGreaterThanOrEqual(records);
    records = found.records;
    // read on, or the writer stands still
    await lines.next();
  }
  child.stdout.resume();
  child.kill("SIGKILL");
  await once(child, "exit");
});
