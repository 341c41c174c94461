import { describe, expect, test } from "vitest";
import { digitAt, HEX, HOST, sameName, TARGET, TOKEN, VALUE } from "./byte-classes.ts";

const members = (table: Uint8Array) =>
  String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => table[byte] === 1));

test("the tables are those of the RFCs, without what is refused on purpose", () => {
  const visible = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => 0x21 + index));
  expect(members(TOKEN)).toBe(visible.replace(/["(),/:;<=>?@[\\\]{}]/g, ""));
  const high = String.fromCharCode(...Array.from({ length: 128 }, (_, index) => 0x80 + index));
  expect(members(VALUE)).toBe(`\t ${visible}${high}`);
  expect(members(TARGET)).toBe(visible.replace(/[#%\\]/g, ""));
  expect(members(HOST)).toBe(visible.replace(/[^A-Za-z0-9.:_%~[\]-]/g, ""));
});

test("only hexadecimal digits have a value", () => {
  for (let byte = 0; byte < 256; byte++) {
    const text = String.fromCharCode(byte);
    expect(HEX[byte]).toBe(/^[0-9a-fA-F]$/.test(text) ? Number.parseInt(text, 16) : 255);
  }
});

test("only decimal digits have a value, and nothing after the end", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  for (let byte = 0; byte <= 256; byte++)
    expect(digitAt(all, byte)).toBe(byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : -1);
});

describe("sameName()", () => {
  const same = (text: string, name: string) => sameName(Buffer.from(text, "latin1"), 0, name);

  test("ignores case and nothing else", () => {
    for (const name of ["content-length", "transfer-encoding", "te"]) {
      expect(same(name.toUpperCase(), name)).toBe(true);
      for (let index = 0; index < name.length; index++)
        for (const other of members(TOKEN)) {
          const text = name.slice(0, index) + other + name.slice(index + 1);
          expect(same(text, name), text).toBe(text.toLowerCase() === name);
        }
    }
  });

  test("compares from the given position", () => {
    expect(sameName(Buffer.from("xxHost"), 2, "host")).toBe(true);
    expect(sameName(Buffer.from("xxHost"), 1, "host")).toBe(false);
  });
});
