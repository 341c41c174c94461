import { Elf } from "./elf.ts";

const LOAD = 1;
/** A section that is in memory when the program runs. */
const ALLOCATED = 2;

/** The file without the parts that only debuggers read: sections that are not loaded. */
export function strip(bytes: Buffer): Buffer {
  const elf = new Elf(bytes);
  const headers = elf.sections();
  const names = headers[bytes.readUInt16LE(62)] as number;
  const kept = headers.filter((at, index) => index === 0 || (elf.word(at + 8) & ALLOCATED) !== 0);
  if (kept.some((at, index) => at !== headers[index])) throw new Error("loaded sections do not come first");
  const end = Math.max(...elf.segments(LOAD).map((at) => elf.word(at + 8) + elf.word(at + 32)));
  const namesAt = elf.word(names + 24);
  const text = bytes.subarray(namesAt, namesAt + elf.word(names + 32));
  const table = Buffer.concat([...kept, names].map((at) => bytes.subarray(at, at + 64)));
  table.writeBigUInt64LE(BigInt(end), kept.length * 64 + 24);
  const padding = Buffer.alloc((8 - ((end + text.length) % 8)) % 8);
  const stripped = new Elf(Buffer.concat([bytes.subarray(0, end), text, padding, table]));
  stripped.setWord(40, end + text.length + padding.length);
  stripped.bytes.writeUInt16LE(kept.length + 1, 60);
  stripped.bytes.writeUInt16LE(kept.length, 62);
  return stripped.bytes;
}
