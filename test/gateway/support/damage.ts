/** Damages text as broken clients and attackers do, by choices that a seed repeats. */
import type { Random } from "../../support/random.ts";

const ODD: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER, "", "\u0000", "\ud800", "x".repeat(3_000)],
  ...[
    [],
    {},
    [[[]]],
    { toString: 1 },
    "../../etc/passwd",
    "constructor",
    "__proto__",
    "9999-99-99T99:99:99Z",
  ],
  ...["+275760-09-13T00:00:00.001Z", "a".repeat(64), "🂡".repeat(100), "A".repeat(43)],
];

/** One place of the value is another, gone, twice, or new. @returns JSON, or nearly */
export function oddJson(random: Random, value: unknown): string {
  if (random.chance(20)) return JSON.stringify(value);
  if (typeof value !== "object" || value === null || random.chance(10))
    return JSON.stringify(random.pick(ODD));
  const entries = Object.entries(value);
  const at = random.below(Math.max(1, entries.length));
  const texts = entries.map(([name, one], index) => {
    const text = index === at ? oddJson(random, one) : JSON.stringify(one);
    return Array.isArray(value) ? text : `${JSON.stringify(name)}:${text}`;
  });
  const more = [`"__proto__":{}`, `"x\\u0000":1`, '"a":1e999', '"refused":1', '"value":[]'];
  if (random.chance(15)) texts.push(random.pick(texts.length === 0 ? more : texts));
  if (random.chance(15) && !Array.isArray(value)) texts.push(random.pick(more));
  if (random.chance(15)) texts.splice(at, 1);
  return Array.isArray(value) ? `[${texts.join()}]` : `{${texts.join()}}`;
}

function broken(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  const noise = Buffer.from(Array.from({ length: random.below(40) }, () => random.below(256)));
  switch (random.below(6)) {
    case 0:
      return head;
    case 1:
      return Buffer.concat([head, noise, tail]);
    case 2:
      return Buffer.concat([head, noise, tail.subarray(Math.min(tail.length, noise.length))]);
    case 3:
      return Buffer.concat([bytes, bytes]);
    case 4:
      return Buffer.concat([
        head,
        Buffer.alloc(random.below(70_000), random.pick(["x", "\n", "[", '{"a":', "\0"])),
        tail,
      ]);
    default: {
      const flipped = Buffer.from(bytes);
      if (at < bytes.length) flipped.writeUInt8(bytes.readUInt8(at) ^ (1 << random.below(8)), at);
      return flipped;
    }
  }
}

/** @param text of bytes (latin1) @returns the pieces to send: half of the texts are whole */
export function damaged(random: Random, text: string): Buffer[] {
  let bytes: Buffer = Buffer.from(text, "latin1");
  while (random.chance(50)) bytes = broken(random, bytes);
  const pieces: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const size = random.chance(80) ? bytes.length : 1 + random.below(64);
    pieces.push(bytes.subarray(from, from + size));
    from += size;
  }
  return pieces;
}
