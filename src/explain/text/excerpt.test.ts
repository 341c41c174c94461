import fc from "fast-check";
import { expect, test } from "vitest";
import { EXCERPT_BYTES, Excerpt } from "./excerpt.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(chunks: readonly Uint8Array[]) {
  const excerpt = new Excerpt();
  for (const chunk of chunks) excerpt.add(chunk);
  return excerpt.read();
}

test("a text within the limit is kept whole, in chunks of any size", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "\n", "\0", "é", "–", "🐳", "\u202e"), maxLength: 40 }),
      fc.integer({ min: 1, max: 7 }),
      (text, size) => {
        const bytes = encode(text.replace(/^\ufeff+/, ""));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.slice(at * size, (at + 1) * size),
        );
        expect(read(chunks)).toEqual({ text: new TextDecoder().decode(bytes), skipped: 0 });
      },
    ),
  );
});

test.each([1_000, 65_536, 3 * EXCERPT_BYTES])(
  "keeps the beginning and end of 10 MiB in chunks of %i",
  (size) => {
    const bytes = new Uint8Array(10 * 1024 * 1024).fill(0x2e);
    bytes.set(encode("BEGIN"), 0);
    bytes.set(encode("END"), bytes.length - 3);
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    const { text, skipped } = read(chunks);
    expect(skipped).toBe(bytes.length - 2 * EXCERPT_BYTES);
    expect(text.length).toBe(2 * EXCERPT_BYTES + 2);
    expect(text.slice(0, 6)).toBe("BEGIN.");
    expect(text.slice(-4)).toBe(".END");
  },
);

test("copies chunks, so that their buffer can be reused", () => {
  const excerpt = new Excerpt();
  const buffer = encode("first");
  excerpt.add(buffer);
  buffer.fill(0x78);
  expect(excerpt.read().text).toBe("first");
});

test("reads the UTF-16 that PowerShell's > writes", () => {
  const utf16 = new Uint8Array(
    new Uint16Array([0xfeff, ...[..."x509: é"].map((c) => c.charCodeAt(0))]).buffer,
  );
  expect(read([utf16]).text).toBe("x509: é");
});
