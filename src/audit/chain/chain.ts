/**
 * The chain. Lines that were written together are a block. The seal after it is the hash of the previous seal and of
 * the block's bytes, so changing, removing or moving a line means making all later seals again. There is one hash for
 * each block, not for each line, because a hash costs as much as all other work for a record.
 */
import { hash } from "node:crypto";

/** Stands for the previous seal where there is none. */
export const GENESIS = "0".repeat(64);

/** The first line of each file: part of the chain, and what ties the files together. */
export interface FileHeader {
  /** The file's own number. */
  readonly file: number;
  /** The last seal of the previous file; GENESIS in the first. */
  readonly follows: string;
  /** Number of the oldest file that was kept when this one was created: older ones may be missing. */
  readonly oldest: number;
  /** Milliseconds since the Unix epoch: no earlier file has a later record. */
  readonly begun: number;
}

/**
 * Seals a block.
 * @param previous the seal before
 * @param block whole lines
 * @param count how many lines
 * @returns the seal, and what goes into the file: the block with the seal's line behind it
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

/** @returns the seal that a line holds; undefined for every other line */
export function parseSeal(line: string): string | undefined {
  return /^\{"seal":"([0-9a-f]{64})","n":\d+\}$/.exec(line)?.[1];
}

/** A header's line, with the line break. A clock may have fractions of a millisecond; a header has none. */
export function formatHeader({ file, follows, oldest, begun }: FileHeader): string {
  return `{"file":${file},"follows":"${follows}","oldest":${oldest},"begun":${Math.ceil(begun)}}\n`;
}

/** @returns undefined for every other line */
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
