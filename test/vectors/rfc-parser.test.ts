/** The slow parser itself: it takes what is lawful, also where the gateway does not, and nothing else. */
import { describe, expect, test } from "vitest";
import { readLawfully } from "./rfc-parser.ts";
import { VECTORS } from "./vector.ts";

const HEAD = "POST /x HTTP/1.1\r\nHost: docker\r\n";
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;

describe("readLawfully()", () => {
  test.each([
    ["GET * HTTP/1.1\r\nHost: docker\r\n\r\n", ["GET *"]],
    ["FROB http://docker/ HTTP/1.1\r\nHost:\r\n\r\n", ["FROB http://docker/"]],
    [`${HEAD}X:\t\ty\t\r\n\r\n`, ["POST /x"]],
    [`${HEAD}Content-Length: 2, 2\r\nContent-Length: 2\r\n\r\nhi`, ["POST /x hi"]],
    [`${HEAD}Transfer-Encoding:\tgzip, Chunked\r\n\r\n0\r\n\r\n`, ["POST /x"]],
    [`${CHUNKED}2;a;b=c ; d="\\""\r\nhi\r\n00;e\r\nContent-Length: 5\r\n\r\n`, ["POST /x hi"]],
  ])("%j", (text, requests) => {
    expect(readLawfully(text).requests).toEqual(requests);
  });

  test.each([
    "GET / HTTP/1.0\r\nHost: docker\r\n\r\n",
    "GET  / HTTP/1.1\r\nHost: docker\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    `${HEAD}X : y\r\n\r\n`,
    `${HEAD}X: y\r\n z\r\n\r\n`,
    `${HEAD}X: a\nb\r\n\r\n`,
    `${HEAD}Content-Length: 1, 2\r\n\r\nhi`,
    `${HEAD}Content-Length: 0x2\r\n\r\nhi`,
    `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${HEAD}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
    `${CHUNKED}2 \r\nhi\r\n0\r\n\r\n`,
    `${CHUNKED}2\nhi\r\n0\r\n\r\n`,
    `${CHUNKED}2\r\nhi!\r\n0\r\n\r\n`,
  ])("%j is not legal", (text) => {
    expect(readLawfully(text)).toEqual({ requests: [], end: "unlawful" });
  });

  test.for(VECTORS.filter(({ end }) => !end.startsWith("refused")))(
    "reads $title as it is meant",
    (vector) => {
      const { requests, end } = readLawfully(vector.bytes.toString("latin1"));
      expect(requests).toEqual(vector.requests);
      expect(end).toBe(vector.end.replace(/ in .*/, ""));
    },
  );
});

test("an illegal line is read in time proportional to its length", () => {
  const line = `X: ${"y z".repeat(20_000)}\0`;
  expect(readLawfully(`${HEAD}${line}\r\n\r\n`).end).toBe("unlawful");
});
