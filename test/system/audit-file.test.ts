/** The log's real files: written, rotated, cut off, locked, read. */
import {
  appendFileSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { auditFileName, parseHeader } from "../../src/audit/index.ts";
import { verifyAudit } from "../../src/system/audit-log/verifier.ts";
import { sampleEvent } from "./audit-sample.ts";
import { Failures, makeFolder, numbersOf, openLog, range, recordsOf, written } from "./audit-stage.ts";

// Processes, disks and flushes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

/** A log with `turns` blocks of three records each. */
async function writeLog(directory: string, turns: number, keep = 5): Promise<void> {
  const sink = await openLog(directory, new Failures(), { keep });
  for (let at = 0; at < turns; at++) {
    for (let i = 1; i <= 3; i++) sink.record(sampleEvent(at * 3 + i));
    await written();
  }
  await sink.close();
}

describe("openAuditFile()", () => {
  test("a record is in the file unchanged when the turn is over", async () => {
    const directory = makeFolder();
    const sink = await openLog(directory, new Failures());
    const odd = sampleEvent(2, { target: '/"\n\\\u0000\ud800😀', client: null, error: "ä" });
    sink.record(sampleEvent(1));
    sink.record(odd);
    await written();
    // JSON has no lone surrogates: what comes back is what JSON makes of them
    expect(await recordsOf(directory)).toEqual([sampleEvent(1), JSON.parse(JSON.stringify(odd))]);
    expect(await verifyAudit(directory)).toMatchObject({ ok: true, records: 2 });
    expect(readFileSync(join(directory, auditFileName(1)), "utf8").match(/"seal":/g)).toHaveLength(2);
    await sink.close();
  });

  test("starts new files, keeps the configured number, and the chain covers all of them", async () => {
    const directory = makeFolder();
    await writeLog(directory, 200, 3);
    const files = readdirSync(directory).filter((name) => name !== "lock");
    expect(files).toHaveLength(3);
    expect(files[0]).not.toBe(auditFileName(1));
    const numbers = await numbersOf(directory);
    expect(numbers).toEqual(range(numbers[0] ?? 0, 600));
    expect(await verifyAudit(directory)).toMatchObject({
      ok: true,
      files: 3,
      records: numbers.length,
      problems: [],
    });
    for (const name of files.slice(0, 2)) {
      const size = readFileSync(join(directory, name)).length;
      expect(size).toBeGreaterThanOrEqual(20_000);
      // the block that filled it
      expect(size).toBeLessThan(21_500);
    }
  });

  test("continues where it was closed, in the same file", async () => {
    const directory = makeFolder();
    await writeLog(directory, 2);
    await writeLog(directory, 2);
    expect(await numbersOf(directory)).toEqual([...range(1, 6), ...range(1, 6)]);
    expect(readdirSync(directory).sort()).toEqual([auditFileName(1), "lock"]);
    expect((await verifyAudit(directory)).ok).toBe(true);
  });

  test("a lower number of kept files does not make a newer file the oldest", async () => {
    const directory = makeFolder();
    await writeLog(directory, 100, 2);
    await writeLog(directory, 100, 9);
    const names = readdirSync(directory).filter((name) => name !== "lock");
    expect(names.length).toBeGreaterThan(2);
    const last = readFileSync(join(directory, names.at(-1) ?? ""), "utf8");
    expect(auditFileName(parseHeader(last.split("\n")[0] ?? "")?.oldest ?? 0)).toBe(names[0]);
    expect((await verifyAudit(directory)).ok).toBe(true);
  });

  test("has one writer; the next one can open it after it is closed", async () => {
    const directory = makeFolder();
    const sink = await openLog(directory, new Failures());
    await expect(openLog(directory, new Failures())).rejects.toMatchObject({ code: "AUDIT_BUSY" });
    await sink.close();
    await (await openLog(directory, new Failures())).close();
  });
});

describe("a log that was cut off", () => {
  test.each(range(0, 40).map((at) => at * 29))(
    "%d bytes before its end goes on, and says so",
    async (cut) => {
      const whole = makeFolder();
      await writeLog(whole, 2);
      const directory = makeFolder();
      const path = join(directory, auditFileName(1));
      copyFileSync(join(whole, auditFileName(1)), path);
      const size = readFileSync(path).length - cut;
      truncateSync(path, size);
      const before = readFileSync(path, "utf8").slice(0, size);
      const complete = before
        .split("\n")
        .filter((line, at, all) => at < all.length - 1 && line.startsWith('{"time"'));
      const sink = await openLog(directory, new Failures());
      sink.record(sampleEvent(100));
      await sink.close();
      expect(await numbersOf(directory)).toEqual([...range(1, complete.length), 100]);
      expect(await verifyAudit(directory)).toMatchObject({ ok: true, problems: [] });
      const told = (await recordsOf(directory)).filter(({ rule }) => rule === "audit-recovered");
      const wasBetweenBlocks = /"n":\d+\}\n$/.test(before);
      expect(told).toHaveLength(wasBetweenBlocks ? 0 : 1);
    },
  );

  test("while its file was created: the previous file is the end", async () => {
    for (const torn of ["", '{"file":2,"follows":"00']) {
      const directory = makeFolder();
      await writeLog(directory, 2);
      writeFileSync(join(directory, auditFileName(2)), torn);
      await writeLog(directory, 2);
      expect(await numbersOf(directory)).toEqual([...range(1, 6), ...range(1, 6)]);
      expect((await verifyAudit(directory)).ok).toBe(true);
    }
  });

  test("a newest file without a seal is left unchanged, reported, and skipped", async () => {
    const directory = makeFolder();
    await writeLog(directory, 2);
    const strange = "x".repeat(2000);
    writeFileSync(join(directory, auditFileName(2)), strange);
    await writeLog(directory, 2);
    expect(readFileSync(join(directory, auditFileName(2)), "utf8")).toBe(strange);
    expect((await recordsOf(directory)).find(({ rule }) => rule === "audit-recovered")?.error).toMatch(
      /has no seal/,
    );
    const { problems } = await verifyAudit(directory);
    expect(problems[0]?.file).toBe(auditFileName(2));
    expect(await numbersOf(directory)).toEqual([...range(1, 6), ...range(1, 6)]);
  });

  test("a changed log is continued, the change is reported in the log, and verification still finds it", async () => {
    const directory = makeFolder();
    await writeLog(directory, 2);
    const path = join(directory, auditFileName(1));
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace("anna@laptop", "anna@lap1op"));
    await writeLog(directory, 2);
    const { ok, problems } = await verifyAudit(directory);
    expect({ ok, lines: problems.map(({ line }) => line) }).toEqual({ ok: false, lines: [6] });
    expect((await recordsOf(directory)).find(({ rule }) => rule === "audit-recovered")?.error).toMatch(
      /line 6: lines 3–5/,
    );
  });
});

describe("verifyAudit()", () => {
  test("finds no log in an empty or missing folder", async () => {
    const directory = makeFolder();
    await expect(verifyAudit(directory)).rejects.toMatchObject({ code: "AUDIT_NONE" });
    await expect(verifyAudit(join(directory, "no"))).rejects.toMatchObject({ code: "FILE_FAILED" });
  });

  test("finds an expected seal anywhere, and reports one that was cut off", async () => {
    const directory = makeFolder();
    await writeLog(directory, 30);
    const { seal: early } = await verifyAudit(directory);
    await writeLog(directory, 30);
    const { seal: late, ok } = await verifyAudit(directory, early);
    expect(ok).toBe(true);
    const path = join(
      directory,
      readdirSync(directory)
        .filter((name) => name !== "lock")
        .at(-1) ?? "",
    );
    const text = readFileSync(path, "utf8");
    const end = text.lastIndexOf('{"seal"', text.length - 200);
    writeFileSync(path, text.slice(0, text.indexOf("\n", end) + 1));
    expect((await verifyAudit(directory)).ok).toBe(true);
    expect((await verifyAudit(directory, early)).ok).toBe(true);
    expect((await verifyAudit(directory, late)).problems[0]?.what).toMatch(/expected seal .* in no file/);
  });

  test("a line after the last seal is not part of the log: reported, not shown", async () => {
    const directory = makeFolder();
    await writeLog(directory, 2);
    appendFileSync(join(directory, auditFileName(1)), '{"time":1,"request":7}\n');
    expect(await numbersOf(directory)).toEqual(range(1, 6));
    expect((await verifyAudit(directory)).problems[0]?.what).toMatch(/\(1 lines\) have no seal/);
  });

  test("finds any changed byte in any file, and names the file", async () => {
    const directory = makeFolder();
    await writeLog(directory, 45, 3);
    const names = readdirSync(directory).filter((name) => name !== "lock");
    expect(names).toHaveLength(3);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (name, at, change) => {
          const path = join(directory, name);
          const bytes = readFileSync(path);
          const changed = Buffer.from(bytes);
          changed[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ change;
          writeFileSync(path, changed);
          const { ok, problems } = await verifyAudit(directory);
          writeFileSync(path, bytes);
          expect(ok).toBe(false);
          expect(problems.map(({ file }) => file)).toContain(name);
        },
      ),
      { numRuns: 60 },
    );
    expect((await verifyAudit(directory)).ok).toBe(true);
  });

  test("finds a file that was removed or replaced by another", async () => {
    const directory = makeFolder();
    await writeLog(directory, 45, 3);
    const names = readdirSync(directory).filter((name) => name !== "lock");
    for (const name of names.slice(0, -1)) {
      const bytes = readFileSync(join(directory, name));
      rmSync(join(directory, name));
      expect((await verifyAudit(directory)).problems).toContainEqual({
        file: name,
        line: null,
        what: "missing",
      });
      copyFileSync(join(directory, names.at(-1) ?? ""), join(directory, name));
      expect((await verifyAudit(directory)).problems[0]?.file).toBe(name);
      writeFileSync(join(directory, name), bytes);
    }
    expect((await verifyAudit(directory)).ok).toBe(true);
  });
});
