/**
 * The archive of a build's files, of which compose sends each compressed by gzip. The engine gets it uncompressed: it would
 * decompress it with the host's own programs, as root.
 */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ARCHIVE_BYTES } from "../body/tar.ts";
import { CallProblem } from "../refusal.ts";
import { CHECK } from "./archive.ts";

const GZIP = Buffer.from("1f8b08", "hex");

/** What a client may make of nothing: many small bodies are judged at the same time. */
const FREE_BYTES = 256 * 1024;
/** Source code becomes four to eight times its compressed size, and the zeros between small files add to that. */
const MOST_TIMES = 16;

/** @returns the bytes themselves if they are not compressed by gzip @throws CallProblem */
export async function inflated(bytes: Buffer): Promise<Buffer> {
  if (!bytes.subarray(0, GZIP.length).equals(GZIP)) return bytes;
  const maxOutputLength = Math.min(ARCHIVE_BYTES, Math.max(FREE_BYTES, MOST_TIMES * bytes.length));
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE"
      ? new CallProblem(
          CHECK,
          `the build's files: they are compressed, and larger than ${maxOutputLength >> 10} KiB; build with buildx, or leave files out with .dockerignore`,
        )
      : new CallProblem(CHECK, "the build's files: the archive is damaged");
  }
}
