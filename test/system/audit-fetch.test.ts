/** A log is copied while it is written: every record once and in order, whoever is killed in between. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { type AskLog, fetchLog } from "../../src/app/audit/index.ts";
import type { LogCopy } from "../../src/audit/index.ts";
import { json, TetherdockError } from "../../src/base/index.ts";
import { readAuditCall } from "../../src/gateway/admin/audit-call.ts";
import { logCopy } from "../../src/system/audit-copy/log-copy.ts";
import { verifyAudit } from "../../src/system/audit-log/verifier.ts";
import { auditReader } from "../../src/system/gateway-process/audit-reader.ts";
import { sampleEvent } from "./audit-sample.ts";
import { Failures, makeFolder, numbersOf, openLog, range, written } from "./audit-stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const WRITER = fileURLToPath(new URL("audit-writer.ts", import.meta.url));

/** The admin API's own handler, without a network. */
function hostWith(directory: string): AskLog {
  const parts = { audit: auditReader(directory) } as Parameters<typeof readAuditCall>[0];
  return async <T>(path: string, reader: json.Read<T>): Promise<T> => {
    const url = new URL(path, "http://host/");
    const request = { query: url.searchParams } as Parameters<typeof readAuditCall>[1];
    const answer = await readAuditCall(parts, request, url.pathname.slice("/audit/".length));
    if (!("value" in answer) || answer.status !== 200)
      throw new TetherdockError("GATEWAY_REFUSED", JSON.stringify(answer));
    const read = json.read(JSON.stringify(answer.value), reader);
    return "value" in read ? read.value : expect.fail(`${path}: ${read.problems.join()}`);
  };
}

const fetch = (from: string, copy: LogCopy) => fetchLog(hostWith(from), copy);

/** Writes so many records. */
async function write(directory: string, first: number, last: number, keep = 1000): Promise<void> {
  const log = await openLog(directory, new Failures(), { keep });
  for (const number of range(first, last)) {
    log.record(sampleEvent(number), number % 3 === 0 ? "reads" : "actions");
    if (number % 25 === 0) await written();
  }
  await log.close();
}

const filesOf = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => [name, readFileSync(join(folder, name), "latin1")]);

test("the disk's room is known before the copy's folder is made", async () => {
  const { free, size } = await logCopy(join(makeFolder(), "host", "copy")).room();
  expect(free).toBeGreaterThan(0);
  expect(size).toBeGreaterThanOrEqual(free);
});

test("a host that gives a byte at a time is asked a few times only; an honest one's log comes whole", async () => {
  let asked = 0;
  const drip: AskLog = async (path, reader) => {
    asked += 1;
    const value = path.endsWith("/files")
      ? { files: [{ name: "audit-00000001.jsonl", bytes: 1e9 }] }
      : { size: 1e9, bytes: "eA==" };
    const read = json.read(JSON.stringify(value), reader);
    return "value" in read ? read.value : expect.fail(read.problems.join());
  };
  const fetched = await fetchLog(drip, logCopy(join(makeFolder(), "copy")));
  expect(fetched).toMatchObject({ bytes: 1 });
  expect(asked).toBeLessThan(5);
});

describe("a log that is written meanwhile", () => {
  test("the copy has what the log has, and the next fetch only what is new", async () => {
    const [log, folder] = [makeFolder(), join(makeFolder(), "copy")];
    await write(log, 1, 300);
    const first = await fetch(log, logCopy(folder));
    expect(first).toMatchObject({ problems: [], more: false });
    expect(filesOf(folder)).toEqual(filesOf(log));
    expect(await fetch(log, logCopy(folder))).toEqual({
      files: 0,
      bytes: 0,
      more: false,
      problems: [],
      noRoom: null,
    });
    await write(log, 301, 310);
    const second = await fetch(log, logCopy(folder));
    expect(second).toMatchObject({ problems: [] });
    expect(second.bytes).toBeLessThan(first.bytes / 10);
    expect(filesOf(folder)).toEqual(filesOf(log));
    expect(await numbersOf(folder)).toEqual(range(1, 310));
  });

  test("writers are killed with -9 again and again: no byte is copied that the log does not keep", async () => {
    const [log, folder] = [makeFolder(), makeFolder()];
    let first = 1;
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, [WRITER, log, `${first}`], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let fetches: Promise<unknown> | null = null;
      for await (const line of createInterface({ input: child.stdout })) {
        const last = Number(line);
        fetches ??= (async () => {
          while (!child.killed) expect(await fetch(log, logCopy(folder))).toMatchObject({ problems: [] });
        })();
        if (last >= first + 2_000 && !child.killed) child.kill("SIGKILL");
      }
      if (child.signalCode === null) await once(child, "exit");
      await fetches;
      await (await openLog(log, new Failures(), { keep: 1000 })).close();
      first = (await numbersOf(log)).length + 1;
    }
    expect(await fetch(log, logCopy(folder))).toMatchObject({ problems: [] });
    expect(filesOf(folder)).toEqual(filesOf(log));
    expect(await numbersOf(folder)).toEqual(range(1, first - 1));
    expect(await verifyAudit(folder)).toMatchObject({ ok: true });
  });

  test("two fetches at once write the same", async () => {
    const [log, folder] = [makeFolder(), makeFolder()];
    await write(log, 1, 500);
    await Promise.all([fetch(log, logCopy(folder)), fetch(log, logCopy(folder))]);
    expect(filesOf(folder)).toEqual(filesOf(log));
  });

  test("a fetch that was killed in the middle of a write is continued", async () => {
    const [log, folder] = [makeFolder(), makeFolder()];
    await write(log, 1, 500);
    await fetch(log, logCopy(folder));
    truncateSync(join(folder, "audit-00000002.jsonl"), 1_234);
    rmSync(join(folder, "audit-00000003.jsonl"));
    expect(await fetch(log, logCopy(folder))).toMatchObject({ files: 2, problems: [] });
    expect(filesOf(folder)).toEqual(filesOf(log));
  });

  test("old files that the log has dropped stay in the copy; a gap is counted as rotated away", async () => {
    const [log, folder] = [makeFolder(), makeFolder()];
    await write(log, 1, 300, 3);
    expect(await fetch(log, logCopy(folder))).toMatchObject({ problems: [] });
    await write(log, 301, 350, 3);
    expect(await fetch(log, logCopy(folder))).toMatchObject({ problems: [] });
    const { length } = filesOf(folder);
    expect(length).toBeGreaterThan(filesOf(log).length);
    await write(log, 351, 800, 3);
    expect(await fetch(log, logCopy(folder))).toMatchObject({ problems: [] });
    expect(await verifyAudit(folder)).toMatchObject({ ok: true, complete: false });
  });

  test("while a log is rotated all the time, no file of it counts as removed", async () => {
    const [log, folder] = [makeFolder(), makeFolder()];
    let isOver = false;
    const writing = write(log, 1, 3_000, 2).finally(() => {
      isOver = true;
    });
    try {
      while (!isOver) expect(await fetch(log, logCopy(folder))).toMatchObject({ problems: [] });
    } finally {
      await writing;
    }
  });
});

describe("a host that changes its log", () => {
  async function copied() {
    const [log, folder] = [makeFolder(), makeFolder()];
    await write(log, 1, 150);
    await fetch(log, logCopy(folder));
    const newest = readdirSync(log)
      .filter((name) => name.startsWith("audit-"))
      .sort()
      .at(-1);
    return { log, folder, name: newest ?? "", path: join(log, newest ?? "") };
  }
  const whatIn = async (log: string, folder: string) =>
    (await fetch(log, logCopy(folder))).problems.map(({ file, what }) => `${file}: ${what}`);

  test("the end was cut off", async () => {
    const { log, folder, name, path } = await copied();
    truncateSync(path, 500);
    expect(await whatIn(log, folder)).toEqual([
      expect.stringMatching(
        new RegExp(`^${name}: has 500 bytes on the host, of which \\d+ were copied: cut off or replaced$`),
      ),
    ]);
    expect(await numbersOf(folder)).toEqual(range(1, 150));
  });

  test("the newest file was removed", async () => {
    const { log, folder, name, path } = await copied();
    rmSync(path);
    expect(await whatIn(log, folder)).toEqual([`${name}: is gone from the host`]);
  });

  test("old files were removed, copied or not, and not rotated away; or a whole part", async () => {
    const { log, folder } = await copied();
    await write(log, 151, 1_500);
    for (const number of [1, 5, 6]) rmSync(join(log, `audit-0000000${number}.jsonl`));
    const gone = [1, 5, 6].map((number) => `audit-0000000${number}.jsonl: is gone from the host`);
    expect(await whatIn(log, folder)).toEqual(gone);
    const reads = readdirSync(log).filter((name) => name.startsWith("reads-"));
    for (const name of reads) rmSync(join(log, name));
    expect(await whatIn(log, folder)).toEqual([
      ...gone,
      ...reads.map((name) => `${name}: is gone from the host`),
    ]);
  });

  test("what was copied was written anew, and continues with seals of its own", async () => {
    const { log, folder, name, path } = await copied();
    const other = makeFolder();
    await write(other, 1_001, 1_200);
    const [written = "", forged = ""] = [path, join(other, name)].map((file) => readFileSync(file, "utf8"));
    expect(forged.length).toBeGreaterThan(written.length);
    writeFileSync(path, forged);
    expect(await whatIn(log, folder)).toEqual([expect.stringContaining(`${name}: `)]);
  });

  test("a name that is a way out, or a file that is none, is not read", async () => {
    const { log, folder } = await copied();
    const { audit } = { audit: auditReader(log) };
    for (const name of ["../../etc/passwd", "lock", "audit-1.jsonl", "audit-00000099.jsonl"])
      expect(await audit.bytes(name, 0)).toBeNull();
    expect((await fetch(log, logCopy(folder))).problems).toEqual([]);
  });
});
