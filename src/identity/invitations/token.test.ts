import fc from "fast-check";
import { expect, test } from "vitest";
import { TetherdockError } from "../../base/index.ts";
import {
  formatNativeToken,
  formatToken,
  type InvitationToken,
  isNativeToken,
  parseNativeToken,
  parseToken,
  secretHash,
} from "./token.ts";

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((all) => Buffer.from(all));
const text = fc
  .array(fc.integer({ min: 33, max: 126 }), { minLength: 1, maxLength: 255 })
  .map((codes) => String.fromCharCode(...codes));
const tokens: fc.Arbitrary<InvitationToken> = fc.record({
  approval: fc.boolean(),
  secret: bytes,
  caFingerprint: bytes.map((all) => all.toString("hex")),
  address: text,
  port: fc.integer({ min: 1, max: 65_535 }),
  line: text,
});

const SAMPLE: InvitationToken = {
  approval: false,
  secret: Buffer.alloc(32, 7),
  caFingerprint: "ab".repeat(32),
  address: "vps.example",
  port: 2376,
  line: "vps",
};

/** @returns the error's message and reasons */
function refusal(pasted: string): string {
  try {
    parseToken(pasted);
  } catch (error) {
    if (error instanceof TetherdockError && error.code === "TOKEN_INVALID")
      return [error.message, ...error.why, ...error.hints].join("\n");
    throw error;
  }
  throw new Error("it was accepted");
}

test("a token holds what was put into it, in one word that needs no quotes", () => {
  fc.assert(
    fc.property(tokens, (token) => {
      const pasted = formatToken(token);
      expect(pasted).toMatch(token.approval ? /^tdj2\.[A-Za-z0-9_-]+$/ : /^tdj1\.[A-Za-z0-9_-]+$/);
      expect(parseToken(`\n  ${pasted} \r\n`)).toEqual(token);
    }),
  );
});

test("a usual token has fewer than 160 characters", () => {
  expect(formatToken(SAMPLE).length).toBeLessThan(160);
});

test("one wrong, missing or added character is noticed, and the message repeats none of the token", () => {
  const pasted = formatToken(SAMPLE);
  fc.assert(
    fc.property(
      fc.nat({ max: pasted.length - 1 }),
      fc.constantFrom("", "A", "Z", "-", "é", " ", "="),
      fc.nat({ max: 1 }),
      (at, put, drop) => {
        const changed = pasted.slice(0, at) + put + pasted.slice(at + drop);
        fc.pre(changed.trim() !== pasted);
        const said = refusal(changed);
        const { length } = pasted;
        for (let from = 5; from + 8 < length; from += 4)
          expect(said).not.toContain(pasted.slice(from, from + 8));
      },
    ),
    { numRuns: 500 },
  );
});

test.each([
  ["", "does not begin with tdj1."],
  ["tdj1.", "a character is missing or wrong"],
  ["tdj2.AAAA", "a character is missing or wrong"],
  ["tdj4.AAAA", "newer version"],
  ["eyJhbGciOi.x.y", "does not begin with tdj1."],
  [`tdj1.${"A".repeat(100_000)}`, "too long"],
])("%.20s is refused", (pasted, why) => {
  expect(refusal(pasted)).toContain(why);
});

test("a token with damaged fields and a correct checksum is refused", () => {
  const rebuild = (address: string, line: string) => formatToken({ ...SAMPLE, address, line });
  expect(() => rebuild("", "vps")).toThrow();
  expect(() => rebuild("a b", "vps")).toThrow();
  expect(() => formatToken({ ...SAMPLE, secret: Buffer.alloc(31) })).toThrow();
  expect(refusal(formatToken({ ...SAMPLE, port: 0 }))).toContain("damaged");
});

test("the host gets the SHA-256 of the secret", () => {
  expect(secretHash(Buffer.from("abc"))).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test("the token of a native line holds the host, and no secret; it is no token of a gateway", () => {
  fc.assert(
    fc.property(tokens, (token) => {
      const { approval: _, secret, ...host } = token;
      const pasted = formatNativeToken(host);
      expect(parseNativeToken(` ${pasted}\n`)).toEqual(host);
      expect([isNativeToken(pasted), isNativeToken(formatToken(token))]).toEqual([true, false]);
      expect(refusal(pasted)).toContain("newer version");
    }),
  );
});
