/** Reads text of any length, from a file or stdin, in bounded memory. */
import { open } from "node:fs/promises";
import { EXCERPT_BYTES, Excerpt, type ExcerptText } from "../../explain/index.ts";
import { withFile } from "./file-error.ts";

/** A pipe can be endless; no log that somebody wants explained is longer than this. */
const MAX_STREAM_BYTES = 1024 ** 3;

async function drain(stream: AsyncIterable<Uint8Array>): Promise<ExcerptText> {
  const excerpt = new Excerpt();
  let read = 0;
  for await (const chunk of stream) {
    excerpt.add(chunk);
    read += chunk.length;
    if (read > MAX_STREAM_BYTES) break;
  }
  return excerpt.read();
}

/** Reads stdin to its end, at most 1 GiB of it. */
export function readStdin(): Promise<ExcerptText> {
  return drain(process.stdin);
}

/**
 * Reads a file; if it is long, only its beginning and end.
 * @throws FILE_FAILED
 */
export function readFileExcerpt(path: string): Promise<ExcerptText> {
  return withFile("read", path, async () => {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      // Pipes and files in /proc have size 0, so they are read as streams.
      if (size <= 2 * EXCERPT_BYTES) return await drain(file.createReadStream({ autoClose: false }));
      const excerpt = new Excerpt();
      const part = new Uint8Array(EXCERPT_BYTES);
      const head = await file.read(part, 0, EXCERPT_BYTES, 0);
      excerpt.add(part.subarray(0, head.bytesRead));
      excerpt.skip(size - 2 * EXCERPT_BYTES);
      const tail = await file.read(part, 0, EXCERPT_BYTES, size - EXCERPT_BYTES);
      excerpt.add(part.subarray(0, tail.bytesRead));
      return excerpt.read();
    } finally {
      await file.close();
    }
  });
}

/**
 * Reads the beginning of a text.
 * @param path `-`: stdin
 * @param maxBytes a little more may be read; nothing beyond
 * @throws FILE_FAILED
 */
export function readBeginning(path: string, maxBytes: number): Promise<string> {
  return withFile("read", path, async () => {
    const file = path === "-" ? undefined : await open(path);
    try {
      const chunks: Uint8Array[] = [];
      let read = 0;
      for await (const chunk of (file?.createReadStream({ autoClose: false }) ??
        process.stdin) as AsyncIterable<Uint8Array>) {
        chunks.push(chunk);
        read += chunk.length;
        if (read > maxBytes) break;
      }
      return Buffer.concat(chunks).toString("utf8");
    } finally {
      await file?.close();
    }
  });
}

/**
 * Reads one short line from stdin, such as a secret that is not to be an argument.
 * @param maxBytes more is not read
 * @returns the first line that is not blank, or what there is of it
 */
export async function readLineFromStdin(maxBytes: number): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("latin1") as AsyncIterable<string>) {
    text = (text + chunk).trimStart();
    if (text.includes("\n") || text.length > maxBytes) break;
  }
  return text.slice(0, maxBytes).split("\n")[0] ?? "";
}

/**
 * Reads the first line from stdin as it is, spaces too; UTF-8.
 * @param maxBytes about how much is read
 */
export async function readPasswordFromStdin(maxBytes: number): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8") as AsyncIterable<string>) {
    text += chunk;
    if (text.includes("\n") || text.length > maxBytes) break;
  }
  return text;
}
