/** What a machine keeps of its invitations, in memory. */
import type { ApprovalRecords } from "../../../src/app/approve/index.ts";

export class MemoryRecords implements ApprovalRecords {
  /** By line and client. */
  readonly texts = new Map<string, string>();
  /** Called before each write with the line's name; may throw like a disk. */
  onWrite: (line: string) => void = () => {};

  async read(line: string, client: string): Promise<string | undefined> {
    return this.texts.get(`${line} ${client}`);
  }

  async list(line: string): Promise<string[]> {
    return [...this.texts].filter(([key]) => key.startsWith(`${line} `)).map(([, text]) => text);
  }

  async write(line: string, client: string, text: string | undefined): Promise<void> {
    this.onWrite(line);
    if (text === undefined) this.texts.delete(`${line} ${client}`);
    else this.texts.set(`${line} ${client}`, text);
  }
}
