/**
 * Makes a Node that runs on every Linux with glibc, without running programs of that machine; replaces strip and
 * patchelf. Node is linked against libatomic for one function, `__atomic_compare_exchange` on 8 bytes, and a minimal
 * Debian does not have libatomic. The function is written to the free space on the code's last page, the only reference
 * to it is set to its address, and the library is removed from the list. Anything unexpected stops the build: a newer
 * Node may need more.
 */
import { AARCH64, Elf, X86_64 } from "./elf.ts";
import { strip } from "./strip.ts";

const LIBRARY = "libatomic.so.1";
const FUNCTION = "__atomic_compare_exchange";

const NEEDED = 1;
const PLTRELSZ = 2;
const STRTAB = 5;
const SYMTAB = 6;
const JMPREL = 23;
const VERNEED = 0x6ffffffe;
const VERNEEDNUM = 0x6fffffff;
const VERSYM = 0x6ffffff0;
const DYNSYM = 11;

interface Machine {
  /** The relocation type for: the program's address plus the addend. */
  readonly relative: number;
  /** bool (size, object, expected, desired, …): with another size than 8 it ends the process. */
  readonly code: string;
}

const MACHINES: Readonly<Record<number, Machine>> = {
  [X86_64]: {
    relative: 8,
    code: [
      "4883ff08 7517", //     cmp  $8, %rdi;  jne 3f
      "488b02 488b09", //     mov  (%rdx), %rax;  mov (%rcx), %rcx
      "f0480fb10e 0f94c1", // lock cmpxchg %rcx, (%rsi);  sete %cl
      "7403 488902", //       je   2f;  mov %rax, (%rdx)
      "0fb6c1 c3", //      2: movzbl %cl, %eax;  ret
      "0f0b", //           3: ud2
    ].join(""),
  },
  [AARCH64]: {
    relative: 1027,
    code: [
      "1f2000f1 c1010054", //          cmp x0, #8;  b.ne 3f
      "440040f9 650040f9", //          ldr x4, [x2];  ldr x5, [x3]
      "26fc5fc8 df0004eb a1000054", // 1: ldaxr x6, [x1];  cmp x6, x4;  b.ne 2f
      "25fc07c8 87ffff35", //          stlxr w7, x5, [x1];  cbnz w7, 1b
      "20008052 c0035fd6", //          mov w0, #1;  ret
      "5f3f03d5 460000f9", //          2: clrex;  str x6, [x2]
      "00008052 c0035fd6", //          mov w0, #0;  ret
      "200020d4", //                   3: brk #1
    ].join(""),
  },
};

/** Appends code to the existing code, on its last page. */
function addCode(elf: Elf, code: Buffer): number {
  const header = elf.code();
  const [offset, start, size] = [8, 16, 32].map((field) => elf.word(header + field)) as [
    number,
    number,
    number,
  ];
  const from = Math.ceil(size / 16) * 16;
  const room = elf.bytes.subarray(offset + size, offset + from + code.length);
  const page = Math.ceil(size / 4096) * 4096;
  if (from + code.length > page || room.some((byte) => byte !== 0)) throw new Error("no room for more code");
  code.copy(elf.bytes, offset + from);
  for (const field of [32, 40]) elf.setWord(header + field, from + code.length);
  return start + from;
}

/** Removes the library from the list of those to load. */
function dropNeeded(elf: Elf): void {
  const strings = elf.at(elf.value(STRTAB));
  const entries = elf.dynamic();
  const entry = entries.find(
    (at) => elf.word(at) === NEEDED && elf.text(strings + elf.word(at + 8)) === LIBRARY,
  );
  const last = entries.at(-1);
  if (entry === undefined || last === undefined) throw new Error(`it does not need ${LIBRARY}`);
  elf.bytes.copy(elf.bytes, entry, entry + 16, last + 16);
  elf.bytes.fill(0, last, last + 16);
}

/** The start of each library's versions, in the order of the list. */
function versionLists(elf: Elf): number[] {
  const lists = [elf.at(elf.value(VERNEED))];
  while (lists.length < elf.value(VERNEEDNUM)) {
    const last = lists.at(-1) as number;
    lists.push(last + elf.bytes.readUInt32LE(last + 12));
  }
  return lists;
}

/** Removes the library's versions from the list of those to find. */
function dropVersions(elf: Elf): Set<number> {
  const strings = elf.at(elf.value(STRTAB));
  const lists = versionLists(elf);
  const index = lists.findIndex((at) => elf.text(strings + elf.bytes.readUInt32LE(at + 4)) === LIBRARY);
  const at = lists[index];
  if (at === undefined) throw new Error(`it asks for no version of ${LIBRARY}`);
  const next = elf.bytes.readUInt32LE(at + 12);
  const before = lists[index - 1];
  if (before === undefined) elf.setWord(elf.valueAt(VERNEED), elf.value(VERNEED) + next);
  else elf.bytes.writeUInt32LE(next === 0 ? 0 : at + next - before, before + 12);
  elf.setWord(elf.valueAt(VERNEEDNUM), lists.length - 1);
  const numbers = new Set<number>();
  let version = at + elf.bytes.readUInt32LE(at + 8);
  for (let left = elf.bytes.readUInt16LE(at + 2); left > 0; left--) {
    numbers.add(elf.bytes.readUInt16LE(version + 6));
    version += elf.bytes.readUInt32LE(version + 12);
  }
  return numbers;
}

/** @returns the number of the only symbol that has one of these versions. */
function onlySymbol(elf: Elf, versions: ReadonlySet<number>): number {
  const table = elf.sections().find((at) => elf.bytes.readUInt32LE(at + 4) === DYNSYM) as number;
  const count = elf.word(table + 32) / 24;
  const numbers = elf.at(elf.value(VERSYM));
  const found = Array.from({ length: count }, (_, symbol) => symbol).filter((symbol) =>
    versions.has(elf.bytes.readUInt16LE(numbers + symbol * 2)),
  );
  const name = (symbol: number) =>
    elf.text(elf.at(elf.value(STRTAB)) + elf.bytes.readUInt32LE(elf.at(elf.value(SYMTAB)) + symbol * 24));
  if (found.map(name).join() !== FUNCTION)
    throw new Error(
      `of ${LIBRARY} it needs ${found.map(name).join(", ") || "nothing"}, not just ${FUNCTION}`,
    );
  // No version: nothing searches for it any more.
  for (const symbol of found) elf.bytes.writeUInt16LE(1, numbers + symbol * 2);
  return found[0] as number;
}

/** Sets the only reference to the function's address. */
function pointTo(elf: Elf, symbol: number, address: number, relative: number): void {
  const from = elf.at(elf.value(JMPREL));
  const count = elf.value(PLTRELSZ) / 24;
  const all = Array.from({ length: count }, (_, at) => from + at * 24);
  const ours = all.filter((at) => elf.bytes.readUInt32LE(at + 12) === symbol);
  if (ours.length !== 1) throw new Error(`${FUNCTION} is asked for in ${ours.length} places, not one`);
  for (const at of ours) {
    elf.setWord(at + 8, relative);
    elf.setWord(at + 16, address);
  }
}

/** @returns a Node that needs only what every Linux with glibc has, without the parts that do not run. */
export function standAlone(node: Buffer): Buffer {
  const elf = new Elf(strip(node));
  const machine = MACHINES[elf.machine];
  if (!machine) throw new Error(`a machine that is not known here: ${elf.machine}`);
  const symbol = onlySymbol(elf, dropVersions(elf));
  dropNeeded(elf);
  pointTo(elf, symbol, addCode(elf, Buffer.from(machine.code.replaceAll(" ", ""), "hex")), machine.relative);
  return elf.bytes;
}
