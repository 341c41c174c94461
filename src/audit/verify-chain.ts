/** The files of a log held against each other: what each holds comes from FileWalk. */
import { GENESIS } from "./chain.ts";
import { auditFileName } from "./file-name.ts";
import type { FileReport } from "./file-walk.ts";

/** Something that is not as it was written. */
export interface AuditProblem {
  readonly file: string;
  /** Counted from 1; null: the whole file. */
  readonly line: number | null;
  readonly what: string;
}

/** What `audit verify` found. */
export interface AuditVerification {
  readonly ok: boolean;
  readonly files: number;
  readonly records: number;
  /** The last seal: kept elsewhere, it shows later that nothing up to here was cut off. */
  readonly seal: string;
  readonly problems: readonly AuditProblem[];
}

function ofFile({ number }: FileReport, line: number | null, what: string): AuditProblem {
  return { file: auditFileName(number), line, what };
}

/** The numbers from `from` up to, and without, `to`. */
function missing(from: number, to: number): AuditProblem[] {
  const count = Math.max(0, to - from);
  if (count > 3)
    return [{ file: auditFileName(from), line: null, what: `missing, with the ${count - 1} after it` }];
  return Array.from({ length: count }, (_, at) => ({
    file: auditFileName(from + at),
    line: null,
    what: "missing",
  }));
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
  const { header, number } = file;
  // What was no longer kept may be half removed.
  if (before.number + 1 < number) return missing(Math.max(oldest, before.number + 1), number);
  if (!header || header.follows === before.seal) return [];
  return [ofFile(file, 1, `does not follow the last seal of ${auditFileName(before.number)}`)];
}

/** @param oldest number of the oldest file that must be there */
function problemsAtStart(first: FileReport, oldest: number): AuditProblem[] {
  const gone = missing(oldest, first.number);
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

/**
 * @param files in the order of their numbers, at least one
 * @param expected a seal that must be among them, and whether it was found
 */
export function verifyChain(
  files: readonly [FileReport, ...FileReport[]],
  expected?: { readonly seal: string; readonly found: boolean },
): AuditVerification {
  const [first] = files;
  const newest = files[files.length - 1] ?? first;
  const oldest = Math.max(...files.map(({ header }) => header?.oldest ?? 1));
  const problems = problemsAtStart(first, oldest);
  for (const [at, file] of files.entries()) {
    const before = files[at - 1];
    if (before) problems.push(...problemsBetween(before, file, oldest));
    problems.push(...problemsOfFile(file, file === newest));
  }
  if (expected && !expected.found)
    problems.push(
      ofFile(
        newest,
        null,
        `the expected seal ${expected.seal.slice(0, 12)}… is in no file: cut off, or no longer kept`,
      ),
    );
  const records = files.reduce((sum, file) => sum + file.records, 0);
  return { ok: problems.length === 0, files: files.length, records, seal: newest.seal, problems };
}
