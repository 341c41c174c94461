/** Verifies that the files of a log belong together; FileWalk checks each file. */

import { auditFileName } from "../file-name.ts";
import type { AuditPart } from "../part.ts";
import { GENESIS } from "./chain.ts";
import type { FileReport } from "./file-walk.ts";

/** A difference from what was written. */
export interface AuditProblem {
  readonly file: string;
  /** Counted from 1; null: the whole file. */
  readonly line: number | null;
  readonly what: string;
}

/** The content of one part of the log. */
export interface ChainVerification {
  readonly part: AuditPart;
  readonly files: number;
  /** Name of the newest file, which is being written. */
  readonly newest: string;
  readonly records: number;
  /** The last seal. Kept elsewhere, it shows later that nothing before it was cut off. */
  readonly seal: string;
  /**
   * When its oldest file was created, ms since the Unix epoch; null if unknown. The part has no records from before
   * that.
   */
  readonly begins: number | null;
  /** Files that were removed to make room, according to the newer ones. */
  readonly rotated: number;
  readonly problems: readonly AuditProblem[];
}

/** What `audit verify` found. */
export interface AuditVerification {
  /** Whether the existing records are unchanged. */
  readonly ok: boolean;
  /** Whether no records are missing: nothing was rotated away. */
  readonly complete: boolean;
  readonly files: number;
  readonly records: number;
  /** The last seal of the actions. */
  readonly seal: string;
  readonly problems: readonly AuditProblem[];
  readonly parts: readonly Omit<ChainVerification, "problems">[];
}

function ofFile({ number, part }: FileReport, line: number | null, what: string): AuditProblem {
  return { file: auditFileName(number, part), line, what };
}

/** Reports the numbers from `from` to `to`, without `to`, as missing. */
function missing(part: AuditPart, from: number, to: number): AuditProblem[] {
  const count = Math.max(0, to - from);
  const problem = (number: number, what: string) => ({ file: auditFileName(number, part), line: null, what });
  if (count > 3) return [problem(from, `missing, with the ${count - 1} after it`)];
  return Array.from({ length: count }, (_, at) => problem(from + at, "missing"));
}

function problemsOfFile(file: FileReport, isNewest: boolean): AuditProblem[] {
  const { tail, problems } = file;
  const found = problems.map(({ line, what }) => ofFile(file, line, what));
  if (tail.bytes === 0) return found;
  const where = isNewest ? ": the writer was killed and has not come back, or the seal was cut off" : "";
  return [
    ...found,
    ofFile(file, null, `its last ${tail.bytes} bytes (${tail.lines} lines) have no seal${where}`),
  ];
}

function problemsBetween(before: FileReport, file: FileReport, oldest: number): AuditProblem[] {
  const { header, number, part } = file;
  // A crash may have interrupted the removal of old files.
  if (before.number + 1 < number) return missing(part, Math.max(oldest, before.number + 1), number);
  if (!header || header.follows === before.seal) return [];
  return [ofFile(file, 1, `does not follow the last seal of ${auditFileName(before.number, part)}`)];
}

/** @param oldest number of the oldest file that must be there */
function problemsAtStart(first: FileReport, oldest: number): AuditProblem[] {
  const gone = missing(first.part, oldest, first.number);
  const { header } = first;
  const isGenesis = header === undefined || header.follows === GENESIS;
  if (header === undefined || (first.number === 1) === isGenesis) return gone;
  return [
    ...gone,
    ofFile(
      first,
      1,
      isGenesis ? "follows nothing, and is not the first" : "follows something, and is the first",
    ),
  ];
}

/** @param oldest number of the oldest file that must be there */
function rotatedAway(files: readonly FileReport[], oldest: number): number {
  const left = files.filter(({ number }) => number < oldest).length;
  return Math.max(0, oldest - 1 - left);
}

/** @param files of one part in the order of their numbers, at least one */
export function verifyChain(files: readonly [FileReport, ...FileReport[]]): ChainVerification {
  const [first] = files;
  const newest = files[files.length - 1] ?? first;
  const oldest = Math.max(...files.map(({ header }) => header?.oldest ?? 1));
  const problems = problemsAtStart(first, oldest);
  for (const [at, file] of files.entries()) {
    const before = files[at - 1];
    if (before) problems.push(...problemsBetween(before, file, oldest));
    problems.push(...problemsOfFile(file, file === newest));
  }
  return {
    part: first.part,
    files: files.length,
    newest: auditFileName(newest.number, newest.part),
    records: files.reduce((sum, file) => sum + file.records, 0),
    seal: newest.seal,
    begins: first.header?.begun ?? null,
    rotated: rotatedAway(files, oldest),
    problems,
  };
}
