/** Splits what one side of an HTTP/2 connection sends into its frames (RFC 9113, section 4.1), whatever pieces it comes in. */

export const HEAD_BYTES = 9;

export const FRAME = { data: 0, headers: 1, resetStream: 3 } as const;
export const FLAG = { endStream: 1, endHeaders: 4, padded: 8 } as const;

export interface FrameHead {
  readonly type: number;
  readonly flags: number;
  /** Of the stream. */
  readonly id: number;
  /** Bytes of the payload. */
  readonly length: number;
}

export interface FrameParts {
  readonly begin: (head: FrameHead) => void;
  /** @param bytes of the payload, never none */
  readonly payload: (bytes: Buffer, head: FrameHead) => void;
  readonly end: (head: FrameHead) => void;
}

export class Frames {
  readonly #parts: FrameParts;
  readonly #bytes = Buffer.alloc(HEAD_BYTES);
  #length = 0;
  #head: FrameHead | null = null;
  /** Bytes of the payload that are still to come. */
  #due = 0;
  /** Bytes before the first frame that are still to come. */
  #skips: number;
  #startsAt: number | null = null;

  /** @param skips bytes before the first frame */
  constructor(parts: FrameParts, skips = 0) {
    this.#parts = parts;
    this.#skips = skips;
  }

  /** Where the frame that is read begins in the bytes that are read; null: in earlier ones. */
  get startsAt(): number | null {
    return this.#startsAt;
  }

  /** @throws what the parts throw */
  read(bytes: Buffer): void {
    let at = Math.min(this.#skips, bytes.length);
    this.#skips -= at;
    this.#startsAt = null;
    while (at < bytes.length) {
      if (this.#head === null && this.#length === 0) this.#startsAt = at;
      at += this.#step(bytes.subarray(at));
    }
  }

  /** @returns how many bytes it has used */
  #step(bytes: Buffer): number {
    if (this.#head !== null) return this.#payload(bytes, this.#head);
    const used = bytes.copy(this.#bytes, this.#length);
    this.#length += used;
    if (this.#length === HEAD_BYTES) this.#begin();
    return used;
  }

  #begin(): void {
    this.#length = 0;
    const [type = 0, flags = 0] = [this.#bytes[3], this.#bytes[4]];
    const id = this.#bytes.readUInt32BE(5) & 0x7fffffff;
    const head = { type, flags, id, length: this.#bytes.readUIntBE(0, 3) };
    this.#head = head;
    this.#due = head.length;
    this.#parts.begin(head);
    this.#endIfDone(head);
  }

  #payload(bytes: Buffer, head: FrameHead): number {
    const used = Math.min(bytes.length, this.#due);
    this.#parts.payload(bytes.subarray(0, used), head);
    this.#due -= used;
    this.#endIfDone(head);
    return used;
  }

  #endIfDone(head: FrameHead): void {
    if (this.#due > 0) return;
    this.#head = null;
    this.#parts.end(head);
  }
}
