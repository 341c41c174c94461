/** Writes bytes into a stream, no faster than it accepts them. */
import { once } from "node:events";
import type { Writable } from "node:stream";

/**
 * Writes all bytes, or stops when the stream has ended or the signal is aborted. It reports neither: the code that
 * waits for the answer notices.
 */
export async function writeAll(
  stream: Writable,
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of bytes) {
    if (!stream.writable || signal.aborted) return;
    if (stream.write(chunk)) continue;
    const over = new AbortController();
    const ends = AbortSignal.any([over.signal, signal]);
    // `once` throws for an aborted signal and for "error", which the loop checks anyway.
    await Promise.race([
      once(stream, "drain", { signal: ends }),
      once(stream, "close", { signal: ends }),
    ]).catch(() => undefined);
    over.abort();
  }
}
