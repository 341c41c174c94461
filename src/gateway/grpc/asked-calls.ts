/** The calls that the engine makes on a session, read from its HTTP/2 frames as they pass: what a client may answer depends on them. */
import { FieldBlocks } from "./fields/field-blocks.ts";
import { FieldError } from "./fields/hpack.ts";

/** `PRI * HTTP/2.0`, and two empty lines around `SM`. */
const PREFACE = 24;
const FRAME_HEAD = 9;
const HEADERS = 1;
const RST_STREAM = 3;
const END_HEADERS = 4;
const PADDED = 8;
const MOST_CALLS = 4096;

export class AskedCalls {
  /** Paths of calls that nobody has ended. */
  readonly #open = new Map<number, string>();
  /** Of those that the engine has ended: what the client has sent meanwhile is still on its way. */
  readonly #cancelled = new Map<number, string>();
  /** The newest call: their numbers grow. */
  #last = 0;
  #path: string | null = null;
  readonly #head = Buffer.alloc(FRAME_HEAD);
  #headLength = 0;
  #due = PREFACE;
  #hasFields = false;
  readonly #blocks: FieldBlocks;

  readonly #onCancelled: (id: number) => void;

  constructor(onCancelled: (id: number) => void) {
    this.#onCancelled = onCancelled;
    const seen = (name: string, value: string) => {
      if (name === ":path") this.#path = value;
    };
    this.#blocks = new FieldBlocks(seen, seen);
  }

  /** @throws FieldError */
  read(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) at += this.#step(bytes.subarray(at));
  }

  /** @returns null: the engine has not made this call, or the client has ended it */
  pathOf(id: number): string | null {
    return this.#open.get(id) ?? this.#cancelled.get(id) ?? null;
  }

  /** The client has ended it: it sends no more of it. */
  ended(id: number): void {
    this.#open.delete(id);
    this.#cancelled.delete(id);
  }

  #cancels(id: number): void {
    const path = this.#open.get(id);
    if (path === undefined) return;
    this.#open.delete(id);
    this.#cancelled.set(id, path);
    this.#onCancelled(id);
    const [oldest] = this.#cancelled.keys();
    if (oldest !== undefined && this.#cancelled.size > MOST_CALLS) this.#cancelled.delete(oldest);
  }

  /** @returns how many bytes it has used */
  #step(bytes: Buffer): number {
    if (this.#due > 0) {
      const used = Math.min(bytes.length, this.#due);
      if (this.#hasFields) this.#blocks.add(bytes.subarray(0, used));
      this.#due -= used;
      if (this.#due === 0) this.#endFrame();
      return used;
    }
    const used = bytes.copy(this.#head, this.#headLength);
    this.#headLength += used;
    if (this.#headLength === FRAME_HEAD) this.#beginFrame();
    return used;
  }

  get #type(): number {
    return this.#head[3] ?? 0;
  }

  get #flags(): number {
    return this.#head[4] ?? 0;
  }

  get #id(): number {
    return this.#head.readUInt32BE(5) & 0x7fffffff;
  }

  #beginFrame(): void {
    this.#headLength = 0;
    this.#due = this.#head.readUIntBE(0, 3);
    if (this.#type === HEADERS && (this.#flags & PADDED) !== 0)
      throw new FieldError("the engine pads its header fields");
    this.#hasFields = this.#blocks.begin(this.#type, this.#flags, this.#id);
    if (this.#due === 0) this.#endFrame();
  }

  #endFrame(): void {
    if (this.#hasFields) {
      this.#hasFields = false;
      this.#blocks.end(this.#flags);
      if ((this.#flags & END_HEADERS) !== 0) this.#asked(this.#id);
    } else if (this.#type === RST_STREAM) this.#cancels(this.#id);
  }

  #asked(id: number): void {
    const path = this.#path;
    this.#path = null;
    if (id <= this.#last) return;
    this.#last = id;
    if (this.#open.size >= MOST_CALLS) throw new FieldError("too many calls have not ended");
    this.#open.set(id, path ?? "");
  }
}
