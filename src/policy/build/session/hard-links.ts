/**
 * Another name of a file (a hard link): the engine's receiver sets its mode on the file, which keeps the digest that it has with its own
 * mode. Docker's clients list the same for both.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Message } from "../wire.ts";
import { latin } from "./xattrs.ts";

/** Two paths cannot be made to have the same part of a digest by who does not know it. */
const KEY = randomBytes(16);
/** Never 0. */
const tagOf = (path: string): bigint =>
  BigInt(createHash("sha256").update(KEY).update(path, "latin1").digest().readUIntLE(0, 5) || 1);

/** A file's permissions, setuid, setgid and sticky have so many bits in Go. A slot has 40 more, of the path's digest. */
const MODE_BITS = 24;
const modeOf = (stat: Message): bigint =>
  BigInt.asUintN(MODE_BITS, (stat["mode"] as bigint | undefined) ?? 0n);

/** Modes of files by their paths, in 8 bytes for each. */
class Modes {
  /** 0: free. */
  #slots = new BigUint64Array(64);
  #count = 0;

  /** Of memory. */
  get bytes(): number {
    return this.#slots.byteLength;
  }

  set(path: string, mode: bigint): void {
    if (4 * this.#count >= 3 * this.#slots.length) this.#grow();
    this.#count += 1;
    this.#put((tagOf(path) << BigInt(MODE_BITS)) | mode);
  }

  get(path: string): bigint | null {
    const slot = this.#slots[this.#placeOf(tagOf(path))] ?? 0n;
    return slot === 0n ? null : BigInt.asUintN(MODE_BITS, slot);
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new BigUint64Array(2 * before.length);
    for (const slot of before) if (slot !== 0n) this.#put(slot);
  }

  #put(slot: bigint): void {
    this.#slots[this.#placeOf(slot >> BigInt(MODE_BITS))] = slot;
  }

  /** Where the path is, or where there is room for it. */
  #placeOf(tag: bigint): number {
    const { length } = this.#slots;
    for (let place = Number(tag) % length; ; place = (place + 1) % length) {
      const slot = this.#slots[place] ?? 0n;
      if (slot === 0n || slot >> BigInt(MODE_BITS) === tag) return place;
    }
  }
}

/** Of so many files each is kept; of later ones only those that have not the mode that most of these have. */
const SAMPLE = 1024;
const ANOTHER =
  "the build's files have a hard link with another mode than its file; build again, or leave it out with .dockerignore";

export class HardLinks {
  readonly #kept = new Modes();
  /** How many files of the sample have this mode. */
  readonly #sample = new Map<bigint, number>();
  #sampled = 0;
  /** Of each later file that is not kept. */
  #usual: bigint | null = null;

  /** Of memory. */
  get bytes(): number {
    return this.#kept.bytes;
  }

  /** A file that a link may name. */
  lists(path: string, stat: Message): void {
    const mode = modeOf(stat);
    if (mode === this.#usual) return;
    this.#kept.set(path, mode);
    if (this.#sampled < SAMPLE) this.#count(mode);
  }

  /**
   * What names no file that was listed, the engine refuses itself (fsutil's `Hardlinks`).
   * @returns why it is refused; null: it may be another name of the file that it names
   */
  refuses(stat: Message): string | null {
    const mode = this.#kept.get(latin(stat["linkname"])) ?? this.#usual;
    return mode === modeOf(stat) ? null : ANOTHER;
  }

  #count(mode: bigint): void {
    this.#sample.set(mode, 1 + (this.#sample.get(mode) ?? 0));
    this.#sampled += 1;
    if (this.#sampled < SAMPLE) return;
    const [most] = [...this.#sample].sort(([, one], [, other]) => other - one);
    this.#usual = most?.[0] ?? null;
    this.#sample.clear();
  }
}
