/**
 * The chain. Lines that were written together are a block. The seal after it is the hash of the previous seal and of
 * the block's bytes, so whoever changes, removes or moves a line has to recompute all later seals. There is one hash
 * for each block, not for each line, because a hash costs as much as all other work for a record.
 */
import { hash } from "node:crypto";

/** Used as the previous seal at the beginning of the chain. */
export const GENESIS = "0".repeat(64);

/** The first line of each file. It is part of the chain and links the files. */
export interface FileHeader {
  /** The file's own number. */
  readonly file: number;
  /** The last seal of the previous file; GENESIS in the first. */
  readonly follows: string;
  /** Number of the oldest file that was kept when this one was created: older ones may be missing. */
  readonly oldest: number;
  /** When the file was started, in milliseconds since the Unix epoch. No earlier file has a later record. */
  readonly begun: number;
}

/**
 * Seals a block.
 * @param previous the seal before
 * @param block whole lines
 * @param count how many lines
 * @returns the seal, and the bytes for the file: the block followed by the seal's line
 */
export function sealBlock(
  previous: string,
  block: string,
  count: number,
): { readonly seal: string; readonly bytes: Buffer } {
  // One text and one copy: a block consists of a hundred pieces.
  const hashed = Buffer.from(previous + block);
  const seal = hash("sha256", hashed, "hex");
  const bytes = Buffer.concat([hashed.subarray(previous.length), Buffer.from(formatSeal(seal, count))]);
  return { seal, bytes };
}

/** A seal's line, with the line break. */
export function formatSeal(seal: string, count: number): string {
  return `{"seal":"${seal}","n":${count}}\n`;
}

/** @returns the seal in a line; undefined for any other line */
export function parseSeal(line: string): string | undefined {
  return /^\{"seal":"([0-9a-f]{64})","n":\d+\}$/.exec(line)?.[1];
}

/** A header's line, with the line break. Fractions of a millisecond are rounded up. */
export function formatHeader({ file, follows, oldest, begun }: FileHeader): string {
  return `{"file":${file},"follows":"${follows}","oldest":${oldest},"begun":${Math.ceil(begun)}}\n`;
}

/** @returns undefined for any other line */
export function parseHeader(line: string): FileHeader | undefined {
  const match = /^\{"file":(\d+),"follows":"([0-9a-f]{64})","oldest":(\d+),"begun":(\d+)\}$/.exec(line);
  if (!match) return undefined;
  const [, file, follows = "", oldest, begun] = match;
  return { file: Number(file), follows, oldest: Number(oldest), begun: Number(begun) };
}

/** Whether a line, without its break, is a record. */
export function isRecord(line: string): boolean {
  return line.startsWith('{"time":');
}
