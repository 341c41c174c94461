/** Extracts the data of a chunked body, for bodies and answers that the gateway itself reads. */
import { ChunkedBody } from "./chunked.ts";

/** Reads a chunked body that another {@link ChunkedBody} has already validated. @see RFC 9112 §7.1.3 */
export class ChunkedData {
  readonly #body = new ChunkedBody();

  /** @returns the data in these bytes without trailers: views, not copies */
  take(bytes: Buffer): Buffer[] {
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes.length && !this.#body.done; ) {
      const size = this.#body.dataLeft;
      const next = Math.min(bytes.length, size > 0 ? at + size : at + 1);
      this.#body.take(bytes.subarray(at, next), 0);
      if (size > 0) parts.push(bytes.subarray(at, next));
      at = next;
    }
    return parts;
  }
}

/** @param bytes a whole chunked body */
export function dechunk(bytes: Buffer): Buffer {
  return Buffer.concat(new ChunkedData().take(bytes));
}
