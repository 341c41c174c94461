import { describe, expect, test } from "vitest";
import { isEndless, NO_BODY, requestBody, responseBody } from "./framing.ts";
import { readRequestHead } from "./request-head.ts";
import { readResponseHead } from "./response-head.ts";

const request = (...fields: string[]) =>
  requestBody(
    readRequestHead(Buffer.from(["POST / HTTP/1.1", "Host: a", ...fields, "", ""].join("\r\n")), 0),
  );
const response = (status: number, method: string, ...fields: string[]) =>
  responseBody(
    readResponseHead(Buffer.from([`HTTP/1.1 ${status} X`, ...fields, "", ""].join("\r\n")), 0),
    method,
  );

describe("requestBody()", () => {
  test("no body without framing", () => {
    expect(request()).toBe(NO_BODY);
    expect(request("Content-Length: 0")).toBe(NO_BODY);
  });

  test("a body has exactly its Content-Length, however it is split", () => {
    const body = request("Content-Length: 5");
    expect(body.take(Buffer.from("..hel"), 2)).toBe(5);
    expect(body.done).toBe(false);
    expect(body.take(Buffer.alloc(0), 0)).toBe(0);
    expect(body.take(Buffer.from("loGET"), 0)).toBe(2);
    expect(body.done).toBe(true);
    expect(body.take(Buffer.from("GET"), 0)).toBe(0);
  });

  test("a chunked body ends with its last chunk", () => {
    const body = request("Transfer-Encoding: chunked");
    expect(body.take(Buffer.from("1\r\nx\r\n0\r\n\r\nGET"), 0)).toBe(11);
    expect(body).toMatchObject({ done: true, problem: null });
  });
});

describe("responseBody()", () => {
  test.each([
    [200, "HEAD"],
    [100, "POST"],
    [101, "POST"],
    [204, "DELETE"],
    [304, "GET"],
  ])("no body with %i to %s, whatever the fields say", (status, method) => {
    for (const framing of ["Content-Length: 5", "Transfer-Encoding: chunked"])
      expect(response(status, method, framing)).toBe(NO_BODY);
    expect(response(status, method)).toBe(NO_BODY);
  });

  test("a length, chunks, or until the connection's end", () => {
    const sized = response(200, "GET", "Content-Length: 2");
    expect([sized.take(Buffer.from("{}+"), 0), sized.done]).toEqual([2, true]);
    expect(response(200, "GET", "Content-Length: 0")).toBe(NO_BODY);
    const chunked = response(200, "GET", "Transfer-Encoding: chunked");
    expect([chunked.take(Buffer.from("0\r\n\r\n+"), 0), chunked.done]).toEqual([5, true]);
    const endless = response(200, "GET");
    expect([endless.take(Buffer.from("abc"), 1), endless.done]).toEqual([3, false]);
    expect([sized, chunked, NO_BODY, endless].map(isEndless)).toEqual([false, false, false, true]);
  });
});
