/**
 * The audit log as files. A record is written when the turn of the event loop is over; those of the next milliseconds
 * are gathered into one block: a killed process loses theirs at most. A flush follows within `syncMs`: a power cut
 * loses that time's at most.
 */
import { type AuditEvent, type AuditSink, createRecordFormat, gatewayEvent } from "../audit/index.ts";
import { type Clock, TetherdockError } from "../base/index.ts";
import { makeDirectory } from "./atomic-file.ts";
import { ChainFile } from "./audit-chain-file.ts";
import { type Lock, lockAudit } from "./audit-lock.ts";
import { PendingRecords } from "./audit-pending.ts";
import { type ChainEnd, findChainEnd } from "./audit-recovery.ts";
import { fileError } from "./file-error.ts";

/** How a log is kept. */
export interface AuditFileOptions {
  readonly directory: string;
  /** Size at which the next file is begun. */
  readonly rotateBytes: number;
  /** Files kept, at least 2. */
  readonly keep: number;
  /** What was written is flushed within this time. */
  readonly syncMs: number;
  readonly clock: Clock;
  /** Hears why records cannot be written, and null when they can again. */
  readonly onFailure: (failure: string | null) => void;
}

/** Somebody frees a full disk by hand: more often is of no use, and less often keeps clients waiting. */
const RETRY_MS = 1_000;

/** Milliseconds between two blocks. A write and a hash for each turn would be a tenth of what a request costs under load. */
export const GATHER_MS = 2;

class AuditFile implements AuditSink {
  readonly #options: AuditFileOptions;
  readonly #lock: Lock;
  readonly #chain: ChainFile;
  readonly #format = createRecordFormat();
  readonly #pending: PendingRecords;
  /** A block is about to be written, or has just been. */
  #gathering = false;
  #gathered: NodeJS.Timeout | undefined;
  #closed = false;
  #failure: string | null = null;
  #failedAt = 0;
  /** There was no room left to keep them. */
  #lost = 0;
  /** Written since the last flush that worked. */
  #unflushed = 0;
  /** Written, and then a flush failed. */
  #doubtful = 0;
  #retry: NodeJS.Timeout | undefined;
  #sync: NodeJS.Timeout | undefined;

  constructor(options: AuditFileOptions, lock: Lock, end: ChainEnd) {
    this.#options = options;
    this.#lock = lock;
    this.#chain = new ChainFile(options, end);
    this.#pending = new PendingRecords(end.unsealed);
    for (const note of end.notes) this.record(gatewayEvent(options.clock(), "audit-recovered", note));
  }

  get failure(): string | null {
    return this.#failure;
  }

  record(event: AuditEvent): void {
    // The lock is no longer ours.
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

  /** Writes what is pending. */
  flush(): void {
    this.#gathering = false;
    if (this.#closed || this.#failure !== null || this.#pending.count === 0) return;
    try {
      this.#write();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#gathering = true;
    this.#gathered = setTimeout(() => this.flush(), GATHER_MS);
    this.#sync ??= setTimeout(() => void this.#flushToDisk(), this.#options.syncMs);
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
    } finally {
      await this.#lock.release();
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
    // Nothing else comes from a write; and a bug in here must not pass for a full disk.
    if (!(known instanceof TetherdockError)) throw known;
    if (this.#closed) return;
    const failure = [known.message, ...known.why].join(": ");
    if (this.#failure === null) this.#failedAt = this.#options.clock();
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#tryAgain(), RETRY_MS);
    if (failure === this.#failure) return;
    this.#failure = failure;
    this.#options.onFailure(failure);
  }

  /** What the log has to say of the time when it could not be written. */
  #note(): AuditEvent {
    const now = this.#options.clock();
    const seconds = Math.round((now - this.#failedAt) / 1000);
    const lost = this.#lost === 0 ? "no record was lost" : `${this.#lost} records were lost`;
    const doubtful = this.#doubtful === 0 ? "" : `; ${this.#doubtful} before it were not flushed, and may be`;
    return gatewayEvent(now, "audit-resumed", `${this.#failure}; for ${seconds} s; ${lost}${doubtful}`);
  }

  /** With a real write and flush, for nothing less shows that the disk works. */
  async #tryAgain(): Promise<void> {
    const block = this.#pending.take();
    const lost = this.#lost;
    const note = this.#format(this.#note());
    try {
      await this.#chain.appendFlushed(block.text + note, block.count + 1);
    } catch (error) {
      // Should they be in a file that could not be flushed, they will be there twice: better than not at all.
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

/**
 * Opens a log to be written, and goes on where the last writer ended, however it ended. A disk that is full already is
 * a `failure` of the sink, not an error.
 * @throws AUDIT_BUSY when another process writes it; FILE_FAILED when it cannot be read
 */
export async function openAuditFile(options: AuditFileOptions): Promise<AuditSink> {
  await makeDirectory(options.directory);
  const lock = await lockAudit(options.directory);
  try {
    const sink = new AuditFile(options, lock, await findChainEnd(options.directory));
    sink.flush();
    return sink;
  } catch (error) {
    await lock.release();
    throw fileError("open", options.directory, error);
  }
}
