/** Reads the sealed records of one part of an audit log in order, while it is being written. */
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

/** The first file that can have records since that time: the last one started before it. 0: there are no files. */
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

  /** Reads the records that were not read yet, in batches. @throws FILE_FAILED */
  async *read(): AsyncGenerator<readonly string[]> {
    const [directory, part] = [this.#directory, this.#part];
    let number = this.#number ?? (await firstFile(directory, part, this.#selection.sinceMs));
    for (;;) {
      // Checked before the read: once the next file exists, this one no longer grows.
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
