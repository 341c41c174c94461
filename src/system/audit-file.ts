/**
 * The audit log as files. Records of one turn of the event loop are one block, written when the turn is over: a killed
 * process loses that turn's at most. A flush follows within `syncMs`: a power cut loses that time's at most.
 */
import { type AuditEvent, type AuditSink, createRecordFormat, gatewayEvent } from "../audit/index.ts";
import { type Clock, TetherdockError } from "../base/index.ts";
import { makeDirectory } from "./atomic-file.ts";
import { ChainFile } from "./audit-chain-file.ts";
import { type Lock, lockAudit } from "./audit-lock.ts";
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

/** Kept while nothing can be written: 20,000 records; new requests are refused by then, or the gateway told not to care. */
const MAX_PENDING_CHARACTERS = 8 * 1024 * 1024;

class AuditFile implements AuditSink {
  readonly #options: AuditFileOptions;
  readonly #lock: Lock;
  readonly #chain: ChainFile;
  readonly #format = createRecordFormat();
  #pending = "";
  #count = 0;
  #scheduled = false;
  #failure: string | null = null;
  #failedAt = 0;
  #lost = 0;
  #retry: NodeJS.Timeout | undefined;
  #sync: NodeJS.Timeout | undefined;

  constructor(options: AuditFileOptions, lock: Lock, end: ChainEnd) {
    this.#options = options;
    this.#lock = lock;
    this.#chain = new ChainFile(options, end);
    this.#pending = end.unsealed.join("");
    this.#count = end.unsealed.length;
    for (const note of end.notes) this.record(gatewayEvent(options.clock(), "audit-recovered", note));
  }

  get failure(): string | null {
    return this.#failure;
  }

  record(event: AuditEvent): void {
    if (this.#pending.length >= MAX_PENDING_CHARACTERS && this.#failure !== null) {
      this.#lost += 1;
      return;
    }
    this.#pending += this.#format(event);
    this.#count += 1;
    if (this.#scheduled || this.#failure !== null) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }

  /** Writes what is pending. */
  flush(): void {
    this.#scheduled = false;
    if (this.#failure !== null || this.#count === 0) return;
    try {
      this.#write();
    } catch (error) {
      this.#fail(error);
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#retry);
    clearTimeout(this.#sync);
    try {
      if (this.#failure !== null) this.record(this.#note());
      if (this.#count > 0) this.#write();
      clearTimeout(this.#sync);
      await this.#chain.close();
    } catch (error) {
      throw fileError("write", this.#options.directory, error);
    } finally {
      await this.#lock.release();
    }
  }

  #write(): void {
    this.#chain.append(this.#pending, this.#count);
    this.#pending = "";
    this.#count = 0;
    this.#sync ??= setTimeout(() => {
      this.#sync = undefined;
      this.#chain.sync().catch((error: unknown) => this.#fail(error));
    }, this.#options.syncMs);
  }

  #fail(error: unknown): void {
    const known = fileError("write", this.#options.directory, error);
    // Nothing else comes from a write; and a bug in here must not pass for a full disk.
    if (!(known instanceof TetherdockError)) throw known;
    const failure = [known.message, ...known.why].join(": ");
    if (this.#failure === null) this.#failedAt = this.#options.clock();
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#tryAgain(), RETRY_MS);
    if (failure === this.#failure) return;
    this.#failure = failure;
    this.#options.onFailure(failure);
  }

  /** What the log has to say of the time when it could not be written. */
  #note(): AuditEvent {
    const now = this.#options.clock();
    const seconds = Math.round((now - this.#failedAt) / 1000);
    const lost = this.#lost === 0 ? "no record was lost" : `${this.#lost} records were lost`;
    return gatewayEvent(now, "audit-resumed", `${this.#failure}; for ${seconds} s; ${lost}`);
  }

  /** With a real write and flush, for nothing less shows that the disk works. */
  async #tryAgain(): Promise<void> {
    const note = this.#format(this.#note());
    try {
      this.#chain.append(this.#pending + note, this.#count + 1);
      this.#pending = "";
      this.#count = 0;
      this.#lost = 0;
      await this.#chain.sync();
    } catch (error) {
      this.#fail(error);
      return;
    }
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
