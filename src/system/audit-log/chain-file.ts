/** The file that is being written: blocks go in whole or not at all, and when it is full the next one is begun. */
import { close, closeSync, fsync, ftruncateSync, openSync, unlink, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type AuditPart, auditFileName, formatHeader, sealBlock } from "../../audit/index.ts";
import type { Clock } from "../../base/index.ts";
import { syncDirectory } from "../files/atomic-file.ts";
import { listAuditFiles } from "./lines.ts";
import type { ChainEnd } from "./recovery.ts";

/** How files follow each other. */
export interface ChainFileOptions {
  readonly directory: string;
  readonly part: AuditPart;
  /** A file that has reached it is the last but one. */
  readonly rotateBytes: number;
  /** Files kept, the one that is written among them. */
  readonly keep: number;
  readonly clock: Clock;
}

const flush = promisify(fsync);
const closeFile = promisify(close);

/** Writes all of it at a place, or throws. */
function writeWhole(fd: number, bytes: Buffer, position: number): void {
  // A disk that fills up takes a part first, and says why only to who tries again.
  for (let done = 0; done < bytes.length; )
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}

/** One writer's end of a log. Methods throw system errors: what they mean for the gateway is said elsewhere. */
export class ChainFile {
  readonly #options: ChainFileOptions;
  #number: number;
  #oldest: number;
  #seal: string;
  #size: number;
  /** Undefined: the next block begins a file. */
  #fd: number | undefined;
  /** Full, but not yet flushed. */
  #retired: number[] = [];
  #isNew = false;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: ChainFileOptions, { number, size, seal, oldest }: ChainEnd) {
    this.#options = options;
    this.#number = number;
    this.#oldest = oldest;
    this.#seal = seal;
    this.#size = size ?? 0;
    if (size !== undefined) this.#fd = openSync(this.#pathOf(number), "r+");
  }

  /**
   * Seals a block and writes it, with one write.
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

  /** Like append, and flushed; a file that was begun for it is gone again when that fails. */
  async appendFlushed(block: string, count: number): Promise<void> {
    const [number, oldest, seal] = [this.#number, this.#oldest, this.#seal];
    this.append(block, count);
    const begun = this.#number === number ? undefined : this.#pathOf(this.#number);
    try {
      await this.sync();
    } catch (error) {
      // Or each attempt would leave a file behind, and the log would be removed to make room for them.
      if (begun !== undefined) {
        unlinkSync(begun);
        [this.#number, this.#oldest, this.#seal] = [number, oldest, seal];
      }
      throw error;
    }
  }

  /** Flushes what was appended before the call, names of new files included; one flush at a time. */
  sync(): Promise<void> {
    const flushed = this.#flushing.then(() => this.#flushAll());
    this.#flushing = flushed.catch(() => {});
    return flushed;
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

  /** Begins the next file. Throws, and leaves everything as it was, when there is no room for it. */
  #begin(): number {
    const { keep, clock } = this.#options;
    const number = this.#number + 1;
    const oldest = Math.max(this.#oldest, number - keep + 1);
    // Up: no record of an earlier file may be later, and clocks may know parts of a millisecond.
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
      // Linux tells of lost pages once, and takes them for clean from then on: nothing more goes into this file.
      this.#abandon();
      throw error;
    } finally {
      for (const fd of retired) await closeFile(fd);
    }
    // What cannot be removed is tried again with the next file; if it fills the disk, that is told.
    if (isNew) await this.#removeOld().catch(() => {});
  }

  #abandon(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** After the new header is on the disk, which says that they may be missing. */
  async #removeOld(): Promise<void> {
    const { directory, part } = this.#options;
    const numbers = await listAuditFiles(directory, part);
    const old = numbers.filter((number) => number < this.#oldest);
    await Promise.all(old.map((number) => promisify(unlink)(this.#pathOf(number))));
  }
}
