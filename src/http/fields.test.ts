import { describe, expect, test } from "vitest";
import { cpuMs } from "../../test/support/cpu-ms.ts";
import { FieldFacts, INCOMPLETE, REFUSED, scanFields } from "./fields.ts";

function scan(...lines: string[]) {
  const bytes = Buffer.from(`${lines.map((line) => `${line}\r\n`).join("")}\r\n`, "latin1");
  const facts = new FieldFacts();
  return { after: scanFields(bytes, 0, bytes.length, facts), facts, bytes };
}
const code = (...lines: string[]) => scan(...lines).facts.problem?.code ?? "none";

describe("scanFields()", () => {
  test("tabs and bytes beyond ASCII are allowed, except in fields that are interpreted", () => {
    expect(code("X-Docker-Expose-Session-Name: caf\xc3\xa9\xa0\x85")).toBe("none");
    expect(code("X-Docker-Expose-Session-Name:\ta\tb\t")).toBe("none");
    for (const name of ["Host", "Expect", "Upgrade", "Connection", "Content-Length", "Transfer-Encoding"])
      for (const value of ["5\xa0", "5\t", "\t5", "\t"])
        expect(code(`${name}: ${value}`), `${name}: ${JSON.stringify(value)}`).not.toBe("none");
  });

  test("only the Upgrade field asks for an upgrade, as for dockerd", () => {
    expect(scan("Upgrade: TCP").facts).toMatchObject({ upgrade: "tcp", problem: null });
    expect(scan("Connection: upgrade").facts).toMatchObject({ upgrade: "", problem: null });
    expect(code("Upgrade:")).toBe("upgrade");
    expect(code("Upgrade: tcp", "Upgrade: tcp")).toBe("upgrade");
  });

  test("stops after the empty line", () => {
    const bytes = Buffer.from("..X: y\r\n\r\nmore");
    expect(scanFields(bytes, 2, bytes.length, new FieldFacts())).toBe(10);
    expect(scanFields(Buffer.from("\r\n"), 0, 2, new FieldFacts())).toBe(2);
  });

  test("reads nothing after the given end", () => {
    const bytes = Buffer.from("X: y\r\n\r\n");
    for (let end = 0; end < bytes.length; end++)
      expect(scanFields(bytes, 0, end, new FieldFacts()), `${end} bytes`).toBe(INCOMPLETE);
  });

  test("strips spaces around a value, and none inside", () => {
    expect(scan("Upgrade:   h2c   ").facts.upgrade).toBe("h2c");
    expect(scan("Content-Length:   5   ").facts.contentLength).toBe(5);
    expect(scan("Content-Length:5").facts.contentLength).toBe(5);
  });

  test.each([
    ["Content-Length: 0", 0],
    ["Content-Length: 007", 7],
    ["Content-Length: 999999999999999", 999_999_999_999_999],
  ])("%s is exact", (line, length) => {
    expect(scan(line).facts.contentLength).toBe(length);
  });

  test.each(["", "+1", "-1", "1,1", "1 1", "0x1", "1e3", "1.0", "1_0", "1000000000000000", "one"])(
    "a Content-Length of %j is refused",
    (value) => {
      expect(code(`Content-Length: ${value}`)).toBe("content-length");
    },
  );

  test("accepts one framing, once", () => {
    expect(code("Content-Length: 1", "Content-Length: 1")).toBe("content-length");
    expect(code("Content-Length: 0", "Content-Length: 5")).toBe("content-length");
    expect(code("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")).toBe("transfer-encoding");
    expect(code("Transfer-Encoding: chunked", "Content-Length: 1")).toBe("both-framings");
    expect(code("Content-Length: 0", "Transfer-Encoding: chunked")).toBe("both-framings");
    expect(scan("transfer-ENCODING: CHUNKED").facts.chunked).toBe(true);
  });

  test.each([
    ["keep-alive", { close: false, keepAlive: true }],
    ["Close", { close: true }],
    ["Upgrade", { upgrade: "", close: false }],
    ["keep-alive, Upgrade", { upgrade: "", close: false, keepAlive: true }],
    ["Upgrade, HTTP2-Settings", { upgrade: "", close: false }],
    ["", { close: false }],
    [", close,", { close: true }],
    [",,", { close: false }],
    ["TE, close", { close: true }],
  ])("Connection: %s", (value, facts) => {
    expect(scan(`Connection: ${value}`).facts).toMatchObject({ ...facts, problem: null });
  });

  test.each([
    "x",
    "close, content-length",
    ", host",
    "\tclose",
    "te,\tclose",
    "close; te",
    "close, keep-alive",
    "close\xa0",
    "\xa0close",
    "te, close\xa0",
    "clos\xe9",
  ])("Connection: %j is refused", (value) => {
    expect(code(`Connection: ${value}`)).toBe("connection");
  });

  test("Connection: a long run of spaces is read in linear time", () => {
    const line = `Connection: close, te${" ".repeat(60_000)}x`;
    const start = cpuMs();
    expect(code(line)).toBe("connection");
    expect(cpuMs() - start).toBeLessThan(200); // 2,800 ms with a regular expression
    expect(code("Connection: te  ,   close")).toBe("none");
  });

  test("two Connection fields count as one", () => {
    expect(code("Connection: keep-alive", "Connection: close")).toBe("connection");
    expect(scan("Connection: te", "Connection: close").facts.close).toBe(true);
  });

  test.each([
    ["Proxy-Connection: keep-alive", "proxy-connection"],
    ["Upgrade: a, b", "upgrade"],
    ["Expect: 200-ok", "expect"],
    ["Host: a b", "host"],
    ["Content-Type:", "content-type"],
    [" X: y", "field-name"],
    ["X : y", "field-name"],
    [": y", "field-name"],
    ["X", "field-name"],
    ["Content-Type: a/b\t", "content-type"],
    ["X: \x0b", "field-value"],
    ["X: \x7f", "field-value"],
    ["X: a\nY: b", "field-value"],
    ["X: a\rY: b", "field-value"],
    ["\nX: y", "line-ending"],
    ["\rX: y", "line-ending"],
  ])("%j is refused: %s", (line, expected) => {
    expect(scan(line).after).toBe(REFUSED);
    expect(code(line)).toBe(expected);
  });

  test("a folded line is reported as one; the first line cannot be folded", () => {
    expect(code("X: y", " z")).toBe("obs-fold");
    expect(code("X: y", "\tz")).toBe("obs-fold");
    expect(code(" z")).toBe("field-name");
  });

  test("two Content-Type fields are refused", () => {
    expect(code("Content-Type: a/b", "Content-Type: a/b")).toBe("content-type");
  });

  test("more than 100 fields are refused", () => {
    expect(code(...Array(100).fill("X: y"))).toBe("none");
    expect(code(...Array(101).fill("X: y"))).toBe("field-count");
  });

  test("100 fields whose end has not come yet are not too many", () => {
    const bytes = Buffer.from("X: y\r\n".repeat(100));
    expect(scanFields(bytes, 0, bytes.length, new FieldFacts())).toBe(INCOMPLETE);
  });
});
