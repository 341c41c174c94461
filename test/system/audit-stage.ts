/** A folder for a log, and what is in it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { AuditEvent, AuditSink } from "../../src/audit/index.ts";
import { type AuditFileOptions, openAuditFile } from "../../src/system/audit-log/file.ts";
import { GATHER_MS } from "../../src/system/audit-log/part-file.ts";
import { type ReadAuditOptions, readAudit } from "../../src/system/audit-log/reader.ts";

/** Gone when the test is over. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tetherdock-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a log opened by `openLog` said of its failures, and the next thing it will say. */
export class Failures {
  readonly all: (string | null)[] = [];
  #heard = Promise.withResolvers<string | null>();

  readonly hear = (failure: string | null): void => {
    this.all.push(failure);
    this.#heard.resolve(failure);
    this.#heard = Promise.withResolvers();
  };

  next(): Promise<string | null> {
    return this.#heard.promise;
  }
}

/** Opens a log, small files unless told otherwise. */
export function openLog(
  directory: string,
  failures: Failures,
  over: Partial<AuditFileOptions> = {},
): Promise<AuditSink> {
  const size = { rotateBytes: 20_000, keep: 5, syncMs: 20 };
  return openAuditFile({ directory, ...size, clock: Date.now, onFailure: failures.hear, ...over });
}

/** What was recorded before is in the file after: timers of one length end in the order in which they began. */
export function written(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setTimeout(resolve, GATHER_MS)));
}

/** Every record of a log that is there now. */
export async function recordsOf(directory: string, options: ReadAuditOptions = {}): Promise<AuditEvent[]> {
  const records: AuditEvent[] = [];
  for await (const line of readAudit(directory, options)) records.push(JSON.parse(line) as AuditEvent);
  return records;
}

/** The numbers of the records that `sampleEvent` made. */
export async function numbersOf(directory: string, options: ReadAuditOptions = {}): Promise<number[]> {
  const records = await recordsOf(directory, options);
  return records.filter(({ event }) => event !== "gateway").map(({ request }) => request);
}

/** @returns from, from + 1, … up to, and with, `to` */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}
