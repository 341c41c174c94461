/** One of tetherdock's own executables, as it lies on this laptop, made ready for a host. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { GATEWAY_PROGRAM, type Payload } from "../../facts/index.ts";
import type { ProgramFile } from "../../host/index.ts";

/** A third of the time that the best level takes, for a tenth more to send. */
const LEVEL = 2;
const CHUNK_BYTES = 65_536;

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

/**
 * @param held sums of what the host has already: that will not be sent, so it is not packed either
 */
export async function packProgram(
  path: string,
  held: ReadonlySet<string>,
): Promise<{ file: ProgramFile; payload: Payload }> {
  const bytes = await readFile(path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const packed = held.has(sha256) ? Buffer.alloc(0) : await promisify(gzip)(bytes, { level: LEVEL });
  return {
    file: { path: GATEWAY_PROGRAM, sha256, bytes: bytes.length, packedBytes: packed.length },
    payload: { bytes: packed.length, read: () => inChunks(packed) },
  };
}
