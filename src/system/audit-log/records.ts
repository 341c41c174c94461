/** Reads the sealed records of one file. A crash or a full disk may still cut off the others. */
import {
  type AuditPart,
  createRecordFilter,
  isRecord,
  parseSeal,
  type RecordSelection,
} from "../../audit/index.ts";
import { type AuditLines, openAuditLines } from "./lines.ts";

/** One open file, which may still grow. */
export class AuditRecords {
  readonly #lines: AuditLines;
  readonly #wanted: (line: string) => boolean;
  #sealedBytes = 0;

  constructor(lines: AuditLines, selection: RecordSelection) {
    this.#lines = lines;
    this.#wanted = createRecordFilter(selection);
  }

  /** @returns undefined when the file is gone. @throws FILE_FAILED */
  static async open(
    directory: string,
    part: AuditPart,
    number: number,
    selection: RecordSelection,
  ): Promise<AuditRecords | undefined> {
    const lines = await openAuditLines(directory, part, number);
    return lines && new AuditRecords(lines, selection);
  }

  /** Reads the selected records that were sealed since the last call, in batches, without line breaks. */
  async *read(): AsyncGenerator<string[]> {
    let block: string[] = [];
    let unsealed = 0;
    for (let some = await this.#lines.next(); some; some = await this.#lines.next()) {
      const sealed: string[] = [];
      for (const bytes of some) {
        const line = bytes.toString("utf8", 0, bytes.length - 1);
        unsealed += bytes.length;
        if (parseSeal(line) !== undefined) {
          sealed.push(...block);
          block = [];
          this.#sealedBytes += unsealed;
          unsealed = 0;
        } else if (isRecord(line) && this.#wanted(line)) block.push(line);
      }
      yield sealed;
    }
    this.#lines.seek(this.#sealedBytes);
  }

  close(): Promise<void> {
    return this.#lines.close();
  }
}
