import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeRecordLength, describeRecordLength } from "./record-length.ts";

const lengthOf = (opening: string): number => (opening.charCodeAt(3) << 8) | opening.charCodeAt(4);

describe("decodeRecordLength()", () => {
  test("20527 is the P/ of HTTP/, as in the bug of 2015", () => {
    expect(decodeRecordLength(20527)).toEqual({
      length: 20527,
      bytes: [0x50, 0x2f],
      text: "P/",
      possible: true,
      openings: [{ text: "HTTP/", what: "a plain HTTP answer" }],
    });
  });

  test.each([
    ["HTTP/1.1 400", "a plain HTTP answer", true],
    ["CONNECT vps:443", "a client asking for a proxy (CONNECT)", true],
    ["POST /v1.41/build", "a client's plain HTTP request (POST)", true],
    ["<html>", "an HTML page without an HTTP head", true],
    ["<!DOCTYPE html>", "an HTML page without an HTTP head", true],
    ["* OK IMAP4", "an IMAP server", true],
    ["-ERR unknown command", "a Redis server", true],
    ["SSH-2.0-OpenSSH_9.2", "an SSH server", false],
    ["220 mail.example ESMTP", "a mail or FTP server whose name begins with m", false],
    ["PRI * HTTP/2.0", "a client's HTTP/2 preface without TLS", false],
    ["\x00\x00\x12\x04\x00\x00", "an HTTP/2 server's settings without TLS", false],
    ["\x15\x03\x01\x00\x02\x02", "a TLS alert", false],
  ])("%j", (opening, what, possible) => {
    const decoded = decodeRecordLength(lengthOf(opening));
    expect(decoded?.openings.map((one) => one.what)).toContain(what);
    expect(decoded?.possible).toBe(possible);
  });

  test("is the inverse of reading a record header, for any header", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 5, maxLength: 5 }), (header) => {
        const [, , , high = 0, low = 0] = header;
        expect(decodeRecordLength((high << 8) | low)?.bytes).toEqual([high, low]);
      }),
    );
  });

  test.each([-1, 65_536, 1.5, Number.NaN])("%j does not fit a record header", (length) => {
    expect(decodeRecordLength(length)).toBeUndefined();
  });
});

describe("describeRecordLength()", () => {
  test("says so if a number has no known meaning", () => {
    expect(describeRecordLength(24932)).toEqual([
      '24932 = 0x6164 = "ad": text, so not TLS; no known protocol has it as its fourth and fifth bytes',
    ]);
    expect(describeRecordLength(65_535)).toEqual([
      "65535 = 0xFFFF: not text, and not a known beginning: the number does not show what the peer speaks",
    ]);
    expect(describeRecordLength(99_999)).toEqual([
      "99999 does not fit into the two bytes of a record's length, so it shows nothing",
    ]);
    expect(describeRecordLength(11_570).at(-1)).toBe(
      "Go reports no length below 16641: the number was changed on its way here",
    );
    expect(describeRecordLength(17_440).at(-1)).toBe("only a TLS 1.3 connection reports a length this small");
  });

  test("describes any number in printable text", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 70_000 }), (length) => {
        const lines = describeRecordLength(length);
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) expect(line).toMatch(/^[\x20-\x7e]+$/);
      }),
    );
  });
});
