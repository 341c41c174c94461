/** The header fields that a client sends, gathered from their frames. */
import { ByteBuffer } from "../../../http/index.ts";
import { FieldError, FieldReader } from "./hpack.ts";

const HEADERS = 1;
const PUSH_PROMISE = 5;
const CONTINUATION = 9;
const END_HEADERS = 4;
const PRIORITY = 32;
const PRIORITY_BYTES = 5;
/** Some hundred bytes, or the details of an error, which name the functions that it went through. */
const BLOCK_BYTES = 256 * 1024;

export class FieldBlocks {
  readonly #reader: FieldReader;
  readonly #block = new ByteBuffer();
  /** The stream whose fields have not ended. */
  #open: number | null = null;
  /** Bytes of the frame that come before its fields. */
  #skips = 0;

  /** @see FieldReader */
  constructor(...seen: ConstructorParameters<typeof FieldReader>) {
    this.#reader = new FieldReader(...seen);
  }

  get length(): number {
    return this.#block.length;
  }

  /** @returns whether the frame has header fields @throws FieldError: it must not come now */
  begin(type: number, flags: number, id: number): boolean {
    if (type === PUSH_PROMISE) throw new FieldError("a client promises a call");
    if ((type === CONTINUATION ? id : null) !== this.#open)
      throw new FieldError("a frame is in the middle of header fields, or fields are without a beginning");
    if (type !== HEADERS && type !== CONTINUATION) return false;
    this.#open = id;
    this.#skips = type === HEADERS && (flags & PRIORITY) !== 0 ? PRIORITY_BYTES : 0;
    return true;
  }

  /** @throws FieldError */
  add(bytes: Buffer): void {
    const skipped = Math.min(this.#skips, bytes.length);
    this.#skips -= skipped;
    this.#block.add(bytes.subarray(skipped));
    if (this.#block.length > BLOCK_BYTES) throw new FieldError("header fields are too large");
  }

  /** At the end of a frame with fields. @throws FieldError */
  end(flags: number): void {
    if (this.#skips > 0) throw new FieldError("a frame has no room for its priority");
    if ((flags & END_HEADERS) === 0) return;
    this.#open = null;
    this.#reader.read(this.#block.take());
  }
}
