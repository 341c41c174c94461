/** What a machine keeps of its invitations, in memory. */
import type { InvitationRecords } from "../../../src/app/approve/index.ts";

export class MemoryRecords implements InvitationRecords {
  /** By line and client. */
  readonly texts = new Map<string, string>();

  async read(line: string, client: string): Promise<string | undefined> {
    return this.texts.get(`${line} ${client}`);
  }

  async write(line: string, client: string, text: string | undefined): Promise<void> {
    if (text === undefined) this.texts.delete(`${line} ${client}`);
    else this.texts.set(`${line} ${client}`, text);
  }
}
