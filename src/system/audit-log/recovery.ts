/**
 * Finds where a log continues after its last writer ended. It writes no records: it returns those to seal and to add,
 * and they take the same way as every other record, so that a full disk at the start is handled like a full disk later.
 */

import { readFile, truncate, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type AuditPart, auditFileName, type FileReport, GENESIS, isRecord } from "../../audit/index.ts";
import { json } from "../../base/index.ts";
import { withFile } from "../files/file-error.ts";
import { listAuditFiles, walkAuditFile } from "./lines.ts";

/** The end of a log. */
export interface ChainEnd {
  /** Number of the newest file; 0: there is none. */
  readonly number: number;
  /** Its valid length in bytes; undefined: nothing may be appended, and the next block must start a new file. */
  readonly size: number | undefined;
  readonly seal: string;
  /** Number of the oldest file that must exist. */
  readonly oldest: number;
  /** Whole records after the last seal, with line breaks, to be sealed with the next block. */
  readonly unsealed: readonly string[];
  /** Texts of records to add about what happened. */
  readonly notes: readonly string[];
}

const NOTHING: ChainEnd = { number: 0, size: undefined, seal: GENESIS, oldest: 1, unsealed: [], notes: [] };

/** A header and its seal, written together, are shorter. */
const TORN_BIRTH_BYTES = 512;

function isWhole(line: string): boolean {
  try {
    json.parse(line);
    return isRecord(line);
  } catch {
    return false;
  }
}

/** The records after the last seal, up to the first incomplete one. */
async function readUnsealed(path: string, { sealedBytes }: FileReport): Promise<string[]> {
  const text = (await readFile(path)).subarray(sealedBytes).toString("utf8");
  const lines = text.split("\n").slice(0, -1);
  const torn = lines.findIndex((line) => !isWhole(line));
  return lines.slice(0, torn < 0 ? undefined : torn).map((line) => `${line}\n`);
}

async function endOfFile(directory: string, report: FileReport): Promise<ChainEnd> {
  const { number, part, header, seal, sealedBytes, tail, problems } = report;
  const path = join(directory, auditFileName(number, part));
  const notes = problems.map(({ line, what }) => `${auditFileName(number, part)}, line ${line}: ${what}`);
  const end = { number, size: sealedBytes, seal, oldest: header?.oldest ?? 1 };
  if (tail.bytes === 0) return { ...end, unsealed: [], notes };
  const unsealed = await withFile("read", path, () => readUnsealed(path, report));
  const kept = Buffer.byteLength(unsealed.join(""));
  // The whole records stay in place until they are written again at the same position, with their seal.
  await withFile("write", path, () => truncate(path, sealedBytes + kept));
  const cut = tail.bytes - kept;
  return {
    ...end,
    unsealed,
    notes: [
      ...notes,
      `the last writer was cut off: ${unsealed.length} records were not sealed, ${cut} bytes of a torn line are dropped`,
    ],
  };
}

/** The writer crashed while starting this file, so it never had a record. */
async function removeTornBirth(directory: string, { number, part }: FileReport): Promise<void> {
  const path = join(directory, auditFileName(number, part));
  await withFile("remove", path, () => unlink(path));
}

/**
 * Finds the end of a part of a log, and cuts off an incomplete line. The caller must hold the lock.
 * @throws FILE_FAILED
 */
export async function findChainEnd(directory: string, part: AuditPart): Promise<ChainEnd> {
  let end = NOTHING;
  for (const number of (await listAuditFiles(directory, part)).reverse()) {
    const report = await walkAuditFile(directory, part, number);
    if (!report) continue;
    const { sealedBytes, seal, header, tail } = report;
    if (sealedBytes > 0 && end.number > 0) return { ...end, seal, oldest: header?.oldest ?? 1 };
    if (sealedBytes > 0) return endOfFile(directory, report);
    if (end.number > 0) continue;
    if (tail.bytes <= TORN_BIRTH_BYTES) await removeTornBirth(directory, report);
    // This code cannot tell what happened: the file stays for people to examine, and the chain skips it.
    else
      end = {
        ...NOTHING,
        number,
        notes: [`${auditFileName(number, part)} has no seal: it is left as it is`],
      };
  }
  return end;
}
