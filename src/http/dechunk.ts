/** The data of a chunked body that was gathered whole, for the few answers that are read and written anew. */
import { ChunkedBody } from "./chunked.ts";

/**
 * @param bytes a whole chunked body with its last chunk, as {@link ChunkedBody} found it without a problem
 * @returns its data, trailers left out
 * @see RFC 9112 §7.1.3
 */
export function dechunk(bytes: Buffer): Buffer {
  const body = new ChunkedBody();
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length && !body.done; ) {
    const size = body.dataLeft;
    const next = size > 0 ? at + size : at + 1;
    body.take(bytes.subarray(at, next), 0);
    if (size > 0) parts.push(bytes.subarray(at, next));
    at = next;
  }
  return Buffer.concat(parts);
}
