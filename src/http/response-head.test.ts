import { describe, expect, test } from "vitest";
import { INCOMPLETE, REFUSED } from "./fields.ts";
import { readResponseHead } from "./response-head.ts";

const read = (...lines: string[]) =>
  readResponseHead(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), 0);

describe("readResponseHead()", () => {
  test("reads dockerd's head, and returns where its fields begin and where it ends", () => {
    const text =
      "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
    expect(readResponseHead(Buffer.from(`..${text}{}`), 2)).toMatchObject({
      status: 200,
      length: text.length,
      fieldsAt: "HTTP/1.1 200 OK\r\n".length,
      contentLength: 2,
      hasContentType: true,
      problem: null,
    });
  });

  test.each([
    ["HTTP/1.1 101 UPGRADED", 101],
    ["HTTP/1.1 204 No Content", 204],
    ["HTTP/1.1 404 ", 404],
    ["HTTP/1.1 500", 500],
    ["HTTP/1.1 200 a reason: with (odd) characters!", 200],
  ])("%s", (line, status) => {
    expect(read(line, "X: y")).toMatchObject({ status, problem: null });
  });

  test.each([
    "HTTP/1.0 200 OK",
    "HTTP/2 200",
    "http/1.1 200 OK",
    "HTTP/1.1  200 OK",
    "HTTP/1.1 20 OK",
    "HTTP/1.1 2000 OK",
    "HTTP/1.1 200OK",
    "HTTP/1.1 +20 OK",
    "HTTP/1.1 099 Low",
    "HTTP/1.1 600 High",
    "HTTP/1.1 200 \x07",
    "HTTP/1.1 200 a\nb",
    "HTTP/1.1 200 a\n\nb",
    "HTTP/1.1 200 a\rb",
    "ICY 200 OK and more",
    "GET / HTTP/1.1",
  ])("%j is not a status line", (line) => {
    expect(read(line)).toMatchObject({ length: REFUSED, problem: { code: "status-line" } });
  });

  test("reads fields as strictly as in a request", () => {
    expect(read("HTTP/1.1 200 OK", "Content-Length: 1", "Content-Length: 1").problem?.code).toBe(
      "content-length",
    );
    expect(read("HTTP/1.1 200 OK", "Content-Length: 1", "Transfer-Encoding: chunked").problem?.code).toBe(
      "both-framings",
    );
    expect(read("HTTP/1.1 200 OK", "X : y").length).toBe(REFUSED);
  });

  test("is incomplete until the last byte", () => {
    const bytes = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    for (let end = 0; end < bytes.length; end++)
      expect(readResponseHead(bytes.subarray(0, end), 0).length, `${end} bytes`).toBe(INCOMPLETE);
    expect(readResponseHead(bytes, 0).length).toBe(bytes.length);
  });
});
