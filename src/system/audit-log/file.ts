/** The audit log as files: one lock, and a chain of files for each part. */
import {
  AUDIT_PARTS,
  type AuditEvent,
  type AuditPart,
  type AuditSink,
  filesKept,
} from "../../audit/index.ts";
import type { Clock } from "../../base/index.ts";
import { makeDirectory } from "../files/atomic-file.ts";
import { fileError } from "../files/file-error.ts";
import { type Lock, lockAudit } from "./lock.ts";
import { PartFile } from "./part-file.ts";
import { findChainEnd } from "./recovery.ts";

/** How a log is kept. */
export interface AuditFileOptions {
  readonly directory: string;
  /** Size at which the next file is started. */
  readonly rotateBytes: number;
  /** Files of actions to keep, at least 2; the other parts keep a share of this number. */
  readonly keep: number;
  /** Written records are flushed within this time. */
  readonly syncMs: number;
  readonly clock: Clock;
  /** Called with the reason when records cannot be written, and with null when they can again. */
  readonly onFailure: (failure: string | null) => void;
}

type PartFiles = Readonly<Record<AuditPart, PartFile>>;

class AuditFile implements AuditSink {
  readonly #options: AuditFileOptions;
  readonly #lock: Lock;
  #parts: PartFiles | undefined;
  #failure: string | null = null;

  constructor(options: AuditFileOptions, lock: Lock) {
    this.#options = options;
    this.#lock = lock;
  }

  get failure(): string | null {
    return this.#failure;
  }

  async open(): Promise<void> {
    const actions = await this.#open("actions");
    const reads = await this.#open("reads");
    const refusals = await this.#open("refusals");
    this.#parts = { actions, reads, refusals };
    for (const file of this.#files) file.flush();
  }

  record(event: AuditEvent, part: AuditPart = "actions"): void {
    this.#parts?.[part].record(event);
  }

  write(part: AuditPart): void {
    this.#parts?.[part].writeNow();
  }

  async close(): Promise<void> {
    const closed = await Promise.allSettled(this.#files.map((file) => file.close()));
    await this.#lock.release();
    for (const one of closed) if (one.status === "rejected") throw one.reason;
  }

  get #files(): PartFile[] {
    const parts = this.#parts;
    return parts ? AUDIT_PARTS.map((part) => parts[part]) : [];
  }

  async #open(part: AuditPart): Promise<PartFile> {
    const { directory, keep } = this.#options;
    const options = { ...this.#options, part, keep: filesKept(part, keep), onFailure: () => this.#look() };
    return new PartFile(options, await findChainEnd(directory, part));
  }

  /** If one part cannot be written, the log counts as not writable. */
  #look(): void {
    const failure = this.#files.find((file) => file.failure !== null)?.failure ?? null;
    if (failure === this.#failure) return;
    this.#failure = failure;
    this.#options.onFailure(failure);
  }
}

/**
 * Opens a log for writing and continues where the last writer ended, even if it crashed. If the disk is already full,
 * that is a `failure` of the sink, not an error.
 * @throws AUDIT_BUSY when another process is writing it; FILE_FAILED when it cannot be read
 */
export async function openAuditFile(options: AuditFileOptions): Promise<AuditSink> {
  await makeDirectory(options.directory);
  const lock = await lockAudit(options.directory);
  try {
    const sink = new AuditFile(options, lock);
    await sink.open();
    return sink;
  } catch (error) {
    await lock.release();
    throw fileError("open", options.directory, error);
  }
}
