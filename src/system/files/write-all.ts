/** Bytes into a stream, no faster than it takes them. */
import { once } from "node:events";
import type { Writable } from "node:stream";

/**
 * Writes everything there is, or stops where the stream has ended or the signal fires: whoever waits for an answer
 * learns of it there.
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
    // The events module throws for an aborted signal and for "error", which is no news here.
    await Promise.race([
      once(stream, "drain", { signal: ends }),
      once(stream, "close", { signal: ends }),
    ]).catch(() => undefined);
    over.abort();
  }
}
