/** Which answers a viewer sees only in part. */
import { expect, test } from "vitest";
import { type ResponseHead, readResponseHead } from "../../http/index.ts";
import { isRewritable } from "./rewrite-answer.ts";

const head = (status: number): ResponseHead =>
  readResponseHead(Buffer.from(`HTTP/1.1 ${status} x\r\n\r\n`), 0);

test.each([
  [101, false],
  [199, false],
  [200, true],
  [201, true],
  [203, true],
  [204, false],
  [205, true],
  [299, true],
  [300, false],
  [304, false],
  [404, false],
  [500, false],
])("an answer with status %i is rewritten: %s", (status, expected) => {
  expect(isRewritable(head(status))).toBe(expected);
});
