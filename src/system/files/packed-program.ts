/** Packs one of tetherdock's executables on this laptop for a host. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { GATEWAY_PROGRAM, type Payload } from "../../facts/index.ts";
import type { ProgramFile } from "../../host/index.ts";

/** Takes a third of the time of the best level, and sends a tenth more. */
const LEVEL = 2;
const CHUNK_BYTES = 65_536;

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

/** @param held SHA-256 sums of the programs that the host already has: they are not sent, so they are not packed */
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
