/** Every vector is read as described, however its bytes are split. */
import { describe, expect, test } from "vitest";
import { PROBLEMS } from "../../src/http/index.ts";
import { readSequence, type Sequence } from "./sequence.ts";
import { VECTORS } from "./vector.ts";

const told = ({ requests, end }: Sequence) => ({ requests, end });

describe.for(VECTORS)("$title", ({ bytes, requests, end }) => {
  test("in one piece", () => {
    expect(told(readSequence(bytes))).toEqual({ requests, end });
  });

  test("in two pieces, cut at every position", () => {
    for (let at = 1; at < bytes.length; at++)
      expect(told(readSequence(bytes, [at])), `cut at ${at}`).toEqual({ requests, end });
  });

  test("byte by byte", () => {
    const splits = Array.from({ length: bytes.length }, (_, at) => at);
    expect(told(readSequence(bytes, splits))).toEqual({ requests, end });
  });
});

test("more than 200 different vectors cover every reason to refuse a request", () => {
  expect(VECTORS.length).toBeGreaterThan(200);
  expect(new Set(VECTORS.map(({ bytes }) => bytes.toString("latin1"))).size).toBe(VECTORS.length);
  expect(new Set(VECTORS.map(({ title }) => title)).size).toBe(VECTORS.length);
  const reasons = new Set(VECTORS.map(({ end }) => end.split(" ")[1]));
  // a status line is a response's, and time runs on connections
  const others = Object.values(PROBLEMS).filter(({ code }) => !reasons.has(code));
  expect(others.map(({ code }) => code)).toEqual(["status-line", "head-timeout", "body-timeout"]);
});
