/** Headers of a tar archive, as POSIX and GNU write them. */

/** Bytes: an archive is a sequence of blocks of this size. */
export const BLOCK = 512;

/** Where the fields of a header begin. */
export const MAGIC = 257;
export const CHECKSUM = 148;
export const CHECKSUM_END = 156;

/** The sum of a header's bytes, with its own field as spaces. @see POSIX, ustar */
export function sumOf(header: Buffer): number {
  let sum = (CHECKSUM_END - CHECKSUM) * 0x20;
  for (let at = 0; at < BLOCK; at++) if (at < CHECKSUM || at >= CHECKSUM_END) sum += header[at] ?? 0;
  return sum;
}

export interface Header {
  readonly name: Buffer;
  readonly link: Buffer;
  /** A letter, a digit or NUL. */
  readonly type: string;
  readonly mode: number;
  readonly time: number;
  readonly size: number;
}

/** @returns NaN if it is not octal: numbers in base 256 are for sizes above 8 GiB */
function octal(block: Buffer, from: number, to: number): number {
  const text = /^ *([0-7]*)[ \0]*$/.exec(block.toString("latin1", from, to))?.[1];
  return text === undefined ? Number.NaN : Number.parseInt(text || "0", 8);
}

function field(block: Buffer, from: number, to: number): Buffer {
  const end = block.indexOf(0, from);
  return block.subarray(from, end < 0 || end > to ? to : end);
}

/** @returns null: it is no header */
export function readHeader(block: Buffer): Header | null {
  if (block.length < BLOCK || octal(block, 148, 156) !== sumOf(block)) return null;
  const magic = block.toString("latin1", 257, 265);
  if (magic !== "ustar\x0000" && magic !== "ustar  \0") return null;
  const size = octal(block, 124, 136);
  if (Number.isNaN(size)) return null;
  const prefix = magic === "ustar\x0000" ? field(block, 345, 500) : Buffer.alloc(0);
  const name = field(block, 0, 100);
  return {
    name: prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from("/"), name]),
    link: field(block, 157, 257),
    type: block.toString("latin1", 156, 157),
    mode: octal(block, 100, 108) || 0,
    time: octal(block, 136, 148) || 0,
    size,
  };
}

const digits = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, "0")}\0`;

/** @param name at most 100 bytes, as `link` */
export function writeHeader({ name, link, type, mode, time, size }: Header): Buffer {
  const block = Buffer.alloc(BLOCK);
  name.copy(block, 0);
  block.write(digits(mode & 0o7777, 8) + digits(0, 8) + digits(0, 8), 100, "latin1");
  block.write(digits(size, 12) + digits(time, 12), 124, "latin1");
  block.write(type, 156, "latin1");
  link.copy(block, 157);
  block.write("ustar\x0000", 257, "latin1");
  block.write(`${sumOf(block).toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}
