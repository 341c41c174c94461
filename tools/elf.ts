/**
 * The parts of an ELF file that tools/stand-alone.ts needs: 64 bit, little-endian, linked to run at a fixed address or
 * not.
 */

export const X86_64 = 62;
export const AARCH64 = 183;
const LOAD = 1;
const DYNAMIC = 2;
const EXECUTABLE = 1;
const SECTION_BYTES = 64;
const SEGMENT_BYTES = 56;

/** The offset of each row of a table in the file. */
const rows = (from: number, bytes: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => from + at * bytes);

/** An ELF file that can be read and changed in place. Offsets refer to the file, addresses to the running program. */
export class Elf {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    if (bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1)
      throw new Error("not an ELF file of 64 bit, little-endian");
  }

  get machine(): number {
    return this.bytes.readUInt16LE(18);
  }

  word(at: number): number {
    return Number(this.bytes.readBigUInt64LE(at));
  }

  setWord(at: number, value: number): void {
    this.bytes.writeBigUInt64LE(BigInt(value), at);
  }

  text(at: number): string {
    return this.bytes.toString("latin1", at, this.bytes.indexOf(0, at));
  }

  /** Where each section header begins. */
  sections(): number[] {
    return rows(this.word(40), SECTION_BYTES, this.bytes.readUInt16LE(60));
  }

  /** Where each program header begins, of one type. */
  segments(type: number): number[] {
    const all = rows(this.word(32), SEGMENT_BYTES, this.bytes.readUInt16LE(56));
    return all.filter((at) => this.bytes.readUInt32LE(at) === type);
  }

  /** The program header of the code. */
  code(): number {
    const found = this.segments(LOAD).filter((at) => (this.bytes.readUInt32LE(at + 4) & EXECUTABLE) !== 0);
    if (found.length !== 1) throw new Error(`one segment of code was expected, not ${found.length}`);
    return found[0] as number;
  }

  /** The offset of an address in the file. */
  at(address: number): number {
    for (const header of this.segments(LOAD)) {
      const [offset, start, size] = [8, 16, 32].map((field) => this.word(header + field)) as [
        number,
        number,
        number,
      ];
      if (address >= start && address < start + size) return offset + address - start;
    }
    throw new Error(`nothing of the file is at 0x${address.toString(16)}`);
  }

  /** The offset of each entry of the dynamic section, without the end. */
  dynamic(): number[] {
    const [header] = this.segments(DYNAMIC);
    if (header === undefined) throw new Error("it is not linked dynamically");
    const entries = rows(this.word(header + 8), 16, this.word(header + 32) / 16);
    return entries.slice(
      0,
      entries.findIndex((at) => this.word(at) === 0),
    );
  }

  /** The offset of the value of the first dynamic entry with this tag. */
  valueAt(tag: number): number {
    const entry = this.dynamic().find((at) => this.word(at) === tag);
    if (entry === undefined) throw new Error(`the dynamic section has no entry 0x${tag.toString(16)}`);
    return entry + 8;
  }

  /** The value of a dynamic entry. */
  value(tag: number): number {
    return this.word(this.valueAt(tag));
  }
}
