import fc from "fast-check";
import { expect, test } from "vitest";
import { alertMeaning } from "../../engine/index.ts";
import { describeFirstBytes } from "./first-bytes.ts";
import { unquoteBytes } from "./quoted-bytes.ts";

const told = (quoted: string): string => describeFirstBytes(unquoteBytes(quoted)).join("\n");

test("an alert without its last byte, which ended the line: 0x0A is unexpected_message", () => {
  expect(told(String.raw`\x15\x03\x01\x00\x02\x02`)).toBe(
    [
      'the peer sent "\\x15\\x03\\x01\\x00\\x02\\x02": it speaks TLS',
      "a TLS record of type 21, alert, fatal",
      "the last byte is missing because an HTTP line ends at 0x0A: alert 10 is unexpected_message: the peer got bytes that are not a TLS handshake",
    ].join("\n"),
  );
});

test.each([
  [String.raw`\x15\x03\x01\x00\x02\x02\x16`, "alert 22 is record_overflow"],
  [String.raw`\x15\x03\x01\x00\x02\x02F`, "alert 70 is protocol_version"],
  [String.raw`\x15\x03\x01\x00\x02\x02\n`, "alert 10 is unexpected_message"],
  [String.raw`\x15\x03\x03\x00\x02\x01\x00`, "alert, warning\nalert 0 is close_notify"],
  [String.raw`\x15\x03\x03\x00\x02\x02\xfe`, "alert 254 is not one that RFC 8446 names"],
  [String.raw`\x16\x03\x03\x00z`, "a TLS record of type 22, handshake"],
  [String.raw`\x15\x03\x01`, "a TLS record of type 21, alert"],
  ["SSH-2.0-OpenSSH_9.2", "an SSH server"],
  [String.raw`220 mail.example\r`, "neither HTTP nor TLS"],
])("%s", (quoted, says) => {
  expect(told(quoted)).toContain(says);
});

/** Go's %q, for bytes. */
const goQuote = (bytes: Uint8Array): string =>
  [...bytes]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, "0")}`,
    )
    .join("");

test("unquoteBytes() is the inverse of quoting", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(unquoteBytes(goQuote(bytes))).toEqual(bytes);
    }),
  );
});

test("unquoteBytes() reads short escapes, runes and stray backslashes", () => {
  expect([...unquoteBytes(String.raw`\a\b\t\n\v\f\r\0\"\\é`)]).toEqual([
    7, 8, 9, 10, 11, 12, 13, 0, 0x22, 0x5c, 0xc3, 0xa9,
  ]);
  expect([...unquoteBytes(String.raw`é\q`)]).toEqual([0xc3, 0xa9, 0x71]);
  expect(unquoteBytes("x".repeat(10_000)).length).toBe(4096);
});

test("any bytes get a printable description, and every named alert a meaning", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      for (const line of describeFirstBytes(bytes)) expect(line).toMatch(/^[\x20-\x7e]+$/);
    }),
  );
  const named = Array.from({ length: 256 }, (_, number) => alertMeaning(number)).filter(Boolean);
  expect(new Set(named.map((one) => one?.name)).size).toBe(named.length);
  expect(alertMeaning(42)?.name).toBe("bad_certificate");
});
