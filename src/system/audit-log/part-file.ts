/**
 * One part of the audit log as files. The first record is written at the end of the event loop's turn; records of the
 * next milliseconds are collected into one block. A killed process loses at most those. A flush follows within
 * `syncMs`, so a power cut loses at most the records of that time.
 */
import {
  type AuditEvent,
  type AuditPart,
  createRecordFormat,
  gatewayEvent,
  longestText,
} from "../../audit/index.ts";
import { type Clock, inOneLine, TetherdockError } from "../../base/index.ts";
import { fileError } from "../files/file-error.ts";
import { ChainFile } from "./chain-file.ts";
import { PendingRecords } from "./pending.ts";
import type { ChainEnd } from "./recovery.ts";

/** How a part is kept. */
export interface PartFileOptions {
  readonly directory: string;
  readonly part: AuditPart;
  /** Size at which the next file is started. */
  readonly rotateBytes: number;
  /** Files to keep, at least 2. */
  readonly keep: number;
  /** Written records are flushed within this time. */
  readonly syncMs: number;
  readonly clock: Clock;
  /** Called with the reason when records cannot be written, and with null when they can again. */
  readonly onFailure: (failure: string | null) => void;
}

/** A full disk is freed by hand: trying more often does not help, and less often keeps clients waiting. */
const RETRY_MS = 1_000;

/**
 * Milliseconds between two blocks. A write and a hash in every turn would be a tenth of the cost of a request under
 * load.
 */
export const GATHER_MS = 2;

export class PartFile {
  readonly #options: PartFileOptions;
  readonly #chain: ChainFile;
  readonly #format: (event: AuditEvent) => string;
  readonly #pending: PendingRecords;
  /** A block is about to be written, or was just written. */
  #gathering = false;
  #gathered: NodeJS.Timeout | undefined;
  #closed = false;
  #failure: string | null = null;
  #failedAt = 0;
  /** Records dropped because there was no room to keep them. */
  #lost = 0;
  /** Records written since the last successful flush. */
  #unflushed = 0;
  /** Records written before a flush that failed. */
  #doubtful = 0;
  #retry: NodeJS.Timeout | undefined;
  #sync: NodeJS.Timeout | undefined;

  /** The caller must hold the log's lock. */
  constructor(options: PartFileOptions, end: ChainEnd) {
    this.#options = options;
    this.#format = createRecordFormat(longestText(options.part));
    this.#chain = new ChainFile(options, end);
    this.#pending = new PendingRecords(end.unsealed);
    for (const note of end.notes) this.record(gatewayEvent(options.clock(), "audit-recovered", note));
  }

  /** Why records cannot be written now. */
  get failure(): string | null {
    return this.#failure;
  }

  record(event: AuditEvent): void {
    // The log's lock is released.
    if (this.#closed) return;
    if (this.#failure !== null && this.#pending.isFull) {
      this.#lost += 1;
      return;
    }
    this.#pending.add(this.#format(event));
    if (this.#gathering || this.#failure !== null) return;
    this.#gathering = true;
    setImmediate(() => this.flush());
  }

  /** Writes the pending records, and collects the next ones for a while. */
  flush(): void {
    this.#gathering = false;
    if (!this.writeNow()) return;
    this.#gathering = true;
    this.#gathered = setTimeout(() => this.flush(), GATHER_MS);
  }

  /** Writes the pending records. @returns whether there were any and they were written */
  writeNow(): boolean {
    if (this.#closed || this.#failure !== null || this.#pending.count === 0) return false;
    try {
      this.#write();
    } catch (error) {
      this.#fail(error);
      return false;
    }
    this.#sync ??= setTimeout(() => void this.#flushToDisk(), this.#options.syncMs);
    return true;
  }

  async close(): Promise<void> {
    if (this.#failure !== null) this.#pending.add(this.#format(this.#note()));
    this.#closed = true;
    for (const timer of [this.#retry, this.#sync, this.#gathered]) clearTimeout(timer);
    try {
      if (this.#pending.count > 0) this.#write();
      await this.#chain.close();
    } catch (error) {
      throw fileError("write", this.#options.directory, error);
    }
  }

  #write(): void {
    const block = this.#pending.take();
    try {
      this.#chain.append(block.text, block.count);
    } catch (error) {
      this.#pending.giveBack(block);
      throw error;
    }
    this.#unflushed += block.count;
  }

  async #flushToDisk(): Promise<void> {
    this.#sync = undefined;
    const written = this.#unflushed;
    try {
      await this.#chain.sync();
      this.#unflushed -= written;
    } catch (error) {
      this.#doubtful += this.#unflushed;
      this.#unflushed = 0;
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const known = fileError("write", this.#options.directory, error);
    // A write throws nothing else; a bug in this code must not look like a full disk.
    if (!(known instanceof TetherdockError)) throw known;
    if (this.#closed) return;
    const failure = inOneLine(known);
    if (this.#failure === null) this.#failedAt = this.#options.clock();
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#tryAgain(), RETRY_MS);
    if (failure === this.#failure) return;
    this.#failure = failure;
    this.#options.onFailure(failure);
  }

  /** A record about the time when the log could not be written. */
  #note(): AuditEvent {
    const now = this.#options.clock();
    const seconds = Math.round((now - this.#failedAt) / 1000);
    const lost = this.#lost === 0 ? "no record was lost" : `${this.#lost} records were lost`;
    const doubtful = this.#doubtful === 0 ? "" : `; ${this.#doubtful} before it were not flushed, and may be`;
    return gatewayEvent(now, "audit-resumed", `${this.#failure}; for ${seconds} s; ${lost}${doubtful}`);
  }

  /** Writes and flushes real records: nothing less shows that the disk works. */
  async #tryAgain(): Promise<void> {
    const block = this.#pending.take();
    const lost = this.#lost;
    const note = this.#format(this.#note());
    try {
      await this.#chain.appendFlushed(block.text + note, block.count + 1);
    } catch (error) {
      // If they are in a file that could not be flushed, they will appear twice, which is better than never.
      this.#pending.giveBack(block);
      this.#fail(error);
      return;
    }
    if (this.#closed) return;
    this.#lost -= lost;
    this.#doubtful = 0;
    this.#failure = null;
    this.#options.onFailure(null);
    this.flush();
  }
}
