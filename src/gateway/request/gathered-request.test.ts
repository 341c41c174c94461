import fc from "fast-check";
import { expect, test } from "vitest";
import { readRequestHead } from "../../http/index.ts";
import { Gatherer } from "../stream/gatherer.ts";
import { GatheredRequest } from "./gathered-request.ts";

/** A request whose head arrives in the first piece. @param cuts where the rest is split */
function gathered(fields: string, body: string, cuts: readonly number[], maxBytes: number): GatheredRequest {
  const head = `POST /x HTTP/1.1\r\nHost: d\r\n${fields}\r\n`;
  const edges = [0, ...cuts.map((cut) => cut % (body.length + 1)).toSorted((a, b) => a - b), body.length];
  const pieces = edges.slice(1).map((edge, index) => body.slice(edges[index], edge));
  const first = Buffer.from(head + pieces.shift(), "latin1");
  const request = new GatheredRequest(
    readRequestHead(first, 0),
    first,
    new Gatherer(maxBytes, { gathers: () => {} }),
  );
  first.fill("#"); // the next read goes to the same memory
  for (const piece of pieces) {
    const bytes = Buffer.from(piece, "latin1");
    request.add(bytes);
    bytes.fill("#");
  }
  return request;
}

const chunks = fc.array(fc.string({ minLength: 1, maxLength: 40, unit: "binary-ascii" }), { maxLength: 8 });
const cuts = fc.array(fc.nat(1_000), { maxLength: 10 });
const coded = (parts: readonly string[]) =>
  `${parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join("")}0\r\nX-T: 1\r\n\r\n`;

test("the body is the same however it is split and framed", () => {
  fc.assert(
    fc.property(chunks, cuts, (parts, where) => {
      const data = parts.join("");
      const sized = gathered(`Content-Length: ${data.length}\r\n`, data, where, 1_000);
      expect(sized.takeBody().toString("latin1")).toBe(data);
      const chunked = gathered("Transfer-Encoding: chunked\r\n", coded(parts), where, 1_000);
      expect(chunked.takeBody().toString("latin1")).toBe(data);
    }),
  );
});

test("the limit counts data, not chunk lines", () => {
  fc.assert(
    fc.property(chunks, cuts, fc.nat(200), (parts, where, maxBytes) => {
      const { isTooLarge } = gathered("Transfer-Encoding: chunked\r\n", coded(parts), where, maxBytes);
      expect(isTooLarge).toBe(parts.join("").length > maxBytes);
    }),
  );
});

test("a dropped request holds no memory", () => {
  const request = gathered("Content-Length: 3\r\n", "123", [], 10);
  request.drop();
  expect(request.takeBody()).toHaveLength(0);
});

test("a body that was too large holds no memory", () => {
  const request = gathered("Content-Length: 9\r\n", "123456789", [5, 7], 4);
  expect(request.isTooLarge).toBe(true);
  expect(request.takeBody()).toHaveLength(0);
});

test("the request is sent with the length of the body, without the old framing, and otherwise unchanged", () => {
  const fields =
    "Expect: 100-continue\r\nX-A:  b\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\nX-Expect: c\r\n";
  const request = gathered(fields, coded(["{}"]), [], 100);
  expect(`${request.judged({ body: Buffer.from("[1]") })}`).toBe(
    "POST /x HTTP/1.1\r\nHost: d\r\nX-A:  b\r\nX-Expect: c\r\nContent-Length: 3\r\n\r\n[1]",
  );
});
