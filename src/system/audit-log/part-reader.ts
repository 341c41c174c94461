/** Reads one part of an audit log while it is written: records that are sealed, in order. */
import { type AuditPart, parseHeader, type RecordSelection } from "../../audit/index.ts";
import { listAuditFiles, openAuditLines } from "./lines.ts";
import { AuditRecords } from "./records.ts";

async function beganAt(directory: string, part: AuditPart, number: number): Promise<number> {
  const lines = await openAuditLines(directory, part, number);
  try {
    const first = (await lines?.next())?.[0]?.toString("latin1").trimEnd() ?? "";
    return parseHeader(first)?.begun ?? 0;
  } finally {
    await lines?.close();
  }
}

/** The first file that can hold a record since then: the last of those begun before it. 0: there is none at all. */
async function firstFile(directory: string, part: AuditPart, sinceMs: number | undefined): Promise<number> {
  const numbers = await listAuditFiles(directory, part);
  if (sinceMs === undefined) return numbers[0] ?? 0;
  for (const [at, number] of numbers.entries())
    if ((await beganAt(directory, part, number)) > sinceMs) return numbers[Math.max(0, at - 1)] ?? 0;
  return numbers.at(-1) ?? 0;
}

export class PartReader {
  readonly #directory: string;
  readonly #part: AuditPart;
  readonly #selection: RecordSelection;
  /** Undefined: nothing has been read. */
  #number: number | undefined;
  #records: AuditRecords | undefined;

  constructor(directory: string, part: AuditPart, selection: RecordSelection) {
    this.#directory = directory;
    this.#part = part;
    this.#selection = selection;
  }

  /** What is there and was not read yet, many records at a time. @throws FILE_FAILED */
  async *read(): AsyncGenerator<readonly string[]> {
    const [directory, part] = [this.#directory, this.#part];
    let number = this.#number ?? (await firstFile(directory, part, this.#selection.sinceMs));
    for (;;) {
      // Asked before the read: once the next file is there, this one does not grow.
      const next = (await listAuditFiles(directory, part)).find((other) => other > number);
      this.#records ??= await AuditRecords.open(directory, part, number, this.#selection);
      this.#number = number;
      if (this.#records) yield* this.#records.read();
      if (next === undefined) return;
      await this.close();
      number = next;
    }
  }

  async close(): Promise<void> {
    await this.#records?.close();
    this.#records = undefined;
  }
}
