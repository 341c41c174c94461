/**
 * All that a Docker client needs in one value without a line break, for a store of secrets that has no files and masks values
 * by line: a tar archive, gzip, base64. `base64 -d | tar -xz` unpacks it; the files belong to whoever unpacks it, mode 0600.
 */
import { gzipSync } from "node:zlib";

const BLOCK = 512;
const SUM_AT = 148;

const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, "0")}\0`;

/** A header of POSIX ustar: mode, owner, group, size, time. */
function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, "latin1");
  block.write(octal(0o600, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(0, 12), 100, "latin1");
  // The sum counts its own field as spaces; "0": a file.
  block.write(`${" ".repeat(8)}0`, SUM_AT, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, SUM_AT, "latin1");
  return block;
}

/** @param files by name, ASCII */
export function oneValue(files: Readonly<Record<string, string>>): string {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const bytes = Buffer.from(text);
    return [header(name, bytes.length), bytes, Buffer.alloc(-bytes.length & (BLOCK - 1))];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)])).toString("base64");
}
