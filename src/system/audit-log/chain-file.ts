/** Writes blocks to the newest file, each whole or not at all, and starts the next file when it is full. */
import { close, closeSync, fsync, ftruncateSync, openSync, unlink, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type AuditPart, auditFileName, formatHeader, sealBlock } from "../../audit/index.ts";
import { type Clock, OneAtATime } from "../../base/index.ts";
import { syncDirectory } from "../files/atomic-file.ts";
import { listAuditFiles } from "./lines.ts";
import type { ChainEnd } from "./recovery.ts";

/** How files follow each other. */
export interface ChainFileOptions {
  readonly directory: string;
  readonly part: AuditPart;
  /** When the file has reached this size, the next block starts a new one. */
  readonly rotateBytes: number;
  /** Files to keep, including the newest. */
  readonly keep: number;
  readonly clock: Clock;
}

const flush = promisify(fsync);
const closeFile = promisify(close);

/** Writes all bytes at a position, or throws. */
function writeWhole(fd: number, bytes: Buffer, position: number): void {
  // When a disk fills up, the first write is short, and only the next one fails with the reason.
  for (let done = 0; done < bytes.length; )
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}

/** The end of a part of a log, for its one writer. Methods throw system errors, which the caller translates. */
export class ChainFile {
  readonly #options: ChainFileOptions;
  #number: number;
  #oldest: number;
  #seal: string;
  #size: number;
  /** Undefined: the next block starts a new file. */
  #fd: number | undefined;
  /** Full, but not yet flushed. */
  #retired: number[] = [];
  #isNew = false;
  readonly #flushes = new OneAtATime();

  constructor(options: ChainFileOptions, { number, size, seal, oldest }: ChainEnd) {
    this.#options = options;
    this.#number = number;
    this.#oldest = oldest;
    this.#seal = seal;
    this.#size = size ?? 0;
    if (size !== undefined) this.#fd = openSync(this.#pathOf(number), "r+");
  }

  /**
   * Seals a block and writes it together with the seal.
   * @param block whole lines
   * @param count how many
   */
  append(block: string, count: number): void {
    const fd = this.#fd === undefined || this.#size >= this.#options.rotateBytes ? this.#begin() : this.#fd;
    const { seal, bytes } = sealBlock(this.#seal, block, count);
    try {
      writeWhole(fd, bytes, this.#size);
    } catch (error) {
      ftruncateSync(fd, this.#size);
      throw error;
    }
    this.#size += bytes.length;
    this.#seal = seal;
  }

  /** Like append, but also flushes. If that fails, a file that was started for the block is removed. */
  async appendFlushed(block: string, count: number): Promise<void> {
    const [number, oldest, seal] = [this.#number, this.#oldest, this.#seal];
    this.append(block, count);
    const begun = this.#number === number ? undefined : this.#pathOf(this.#number);
    try {
      await this.sync();
    } catch (error) {
      // Otherwise each attempt would leave a file behind, and rotation would remove the log to make room for them.
      if (begun !== undefined) {
        unlinkSync(begun);
        [this.#number, this.#oldest, this.#seal] = [number, oldest, seal];
      }
      throw error;
    }
  }

  /** Flushes everything appended before the call, including the names of new files; one flush at a time. */
  sync(): Promise<void> {
    return this.#flushes.run(() => this.#flushAll());
  }

  async close(): Promise<void> {
    try {
      await this.sync();
    } finally {
      if (this.#fd !== undefined) closeSync(this.#fd);
      this.#fd = undefined;
    }
  }

  #pathOf(number: number): string {
    return join(this.#options.directory, auditFileName(number, this.#options.part));
  }

  /** Starts the next file. If there is no room for it, throws and leaves everything unchanged. */
  #begin(): number {
    const { keep, clock } = this.#options;
    const number = this.#number + 1;
    const oldest = Math.max(this.#oldest, number - keep + 1);
    // Rounded up: no earlier file may have a later record, and clocks may have fractions of a millisecond.
    const header = formatHeader({ file: number, follows: this.#seal, oldest, begun: Math.ceil(clock()) });
    const { seal, bytes } = sealBlock(this.#seal, header, 1);
    const fd = openSync(this.#pathOf(number), "w", 0o600);
    try {
      writeWhole(fd, bytes, 0);
    } catch (error) {
      closeSync(fd);
      unlinkSync(this.#pathOf(number));
      throw error;
    }
    if (this.#fd !== undefined) this.#retired.push(this.#fd);
    this.#number = number;
    this.#oldest = oldest;
    this.#seal = seal;
    this.#size = bytes.length;
    this.#fd = fd;
    this.#isNew = true;
    return fd;
  }

  async #flushAll(): Promise<void> {
    const retired = this.#retired;
    const isNew = this.#isNew;
    this.#retired = [];
    this.#isNew = false;
    try {
      for (const fd of retired) await flush(fd);
      if (this.#fd !== undefined) await flush(this.#fd);
      if (isNew) await syncDirectory(this.#options.directory);
    } catch (error) {
      // Linux reports lost pages once, then considers them clean: nothing more is written to this file.
      this.#abandon();
      throw error;
    } finally {
      for (const fd of retired) await closeFile(fd);
    }
    // If a removal fails, the next file tries again; if the disk fills up, the write reports it.
    if (isNew) await this.#removeOld().catch(() => {});
  }

  #abandon(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** Runs after the new header is on disk, because the header says that these files may be missing. */
  async #removeOld(): Promise<void> {
    const { directory, part } = this.#options;
    const numbers = await listAuditFiles(directory, part);
    const old = numbers.filter((number) => number < this.#oldest);
    await Promise.all(old.map((number) => promisify(unlink)(this.#pathOf(number))));
  }
}
